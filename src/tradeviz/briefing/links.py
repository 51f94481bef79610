"""The links from page to page: the one part of a page that changes when other pages come or go."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

_NAVIGATION = re.compile(r"(<!--tradeviz:nav-->).*?(<!--/tradeviz:nav-->)", re.DOTALL)
_MENTION = re.compile(
    r"(<!--tradeviz:to ([a-z-]+)(#[a-z-]+)?-->)(?:<a [^>]*>)?([^<]*)(?:</a>)?(<!--/tradeviz:to-->)"
)


def linked_page(content: str, navigation: str, there: Collection[str] = (), base_url: str = "") -> str:
    """A page with its links to other pages replaced.

    Parameters
    ----------
    content : str
        The page.
    navigation : str
        Its links to the others.
    there : collection of str
        Names of the pages that a mention in its text can lead to; other mentions stay words.
    base_url : str
        What the links start with; "" for relative ones.
    """

    def mentioned(mark: re.Match[str]) -> str:
        start, page, anchor, words, end = mark.groups()
        address = html.escape(f"{base_url}{page}.html{anchor or ''}")
        return f'{start}<a href="{address}">{words}</a>{end}' if page in there else f"{start}{words}{end}"

    content = _NAVIGATION.sub(lambda mark: f"{mark[1]}\n{navigation}\n{mark[2]}", content)
    return _MENTION.sub(mentioned, content)


def navigation(
    name: str, singles: Sequence[tuple[str, str]], series: Sequence[tuple[str, str]], base_url: str = ""
) -> str:
    """The links from one page to the others.

    Parameters
    ----------
    name : str
        The page's own name.
    singles, series : sequence of (str, str)
        Names and labels of the pages that are there: those that stand alone, which every page
        links to, and those that a reader pages through.
    base_url : str
        What the links start with; "" for relative ones.
    """
    links = [_link(base_url, "index", "All partners")]
    for other, label in singles:
        links.append(_link(base_url, other, label, ' aria-current="page"' if other == name else ""))
    names = [other for other, _ in series]
    if name in names:
        at = names.index(name)
        if at > 0:
            links.append(_link(base_url, names[at - 1], f"← {series[at - 1][1]}", ' rel="prev"'))
        if at + 1 < len(names):
            links.append(_link(base_url, names[at + 1], f"{series[at + 1][1]} →", ' rel="next"'))
    return "\n".join(links)


def _link(base_url: str, page: str, label: str, attributes: str = "") -> str:
    return f'<a href="{html.escape(f"{base_url}{page}")}.html"{attributes}>{html.escape(label)}</a>'
