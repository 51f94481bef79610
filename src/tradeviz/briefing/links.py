"""The links of a page: the one part of it that changes with other pages, and with the address of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

_NAVIGATION = re.compile(r"(<!--tradeviz:nav-->).*?(<!--/tradeviz:nav-->)", re.DOTALL)
_HEAD = re.compile(r"(<!--tradeviz:head-->).*?(<!--/tradeviz:head-->)", re.DOTALL)
_FILE = re.compile(r'(<a href=")[^"]*?((?:data|files|notebooks)/[\w.-]+" download>)')
_PLACE = re.compile(r'(<a class="tv-place" href="(#[\w-]+)">)[^<]*(</a>)')
_MENTION = re.compile(
    r"(<!--tradeviz:to ([A-Za-z0-9-]+)(#[a-z0-9-]+)?-->)(?:<a [^>]*>)?([^<]*)(?:</a>)?(<!--/tradeviz:to-->)"
)


def linked_page(
    content: str,
    navigation: str,
    there: Collection[str] = (),
    base_url: str = "",
    name: str = "",
    head: str = "",
) -> str:
    """A page with its links replaced: to other pages, to the files beside it and to itself.

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
    name : str
        Its own name, for the address by which its figures are cited.
    head : str
        What its head links to.
    """

    def mentioned(mark: re.Match[str]) -> str:
        start, page, anchor, words, end = mark.groups()
        address = html.escape(f"{base_url}{page}.html{anchor or ''}")
        return f'{start}<a href="{address}">{words}</a>{end}' if page in there else f"{start}{words}{end}"

    base = html.escape(base_url)
    own = f"{base}{html.escape(name)}.html" if base else ""
    content = _HEAD.sub(lambda mark: f"{mark[1]}\n{head}\n{mark[2]}", content)
    content = _NAVIGATION.sub(lambda mark: f"{mark[1]}\n{navigation}\n{mark[2]}", content)
    content = _FILE.sub(lambda mark: f"{mark[1]}{base}{mark[2]}", content)
    content = _PLACE.sub(lambda mark: f"{mark[1]}{own}{mark[2]}{mark[3]}", content)
    return _MENTION.sub(mentioned, content)


def own_address(base_url: str, name: str) -> str:
    """What the head of a page says of its address, where the site has one."""
    if not base_url:
        return ""
    address = html.escape(f"{base_url}{name}.html")
    return f'<link rel="canonical" href="{address}">\n<meta property="og:url" content="{address}">\n'


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
