"""The links of a page: the one part of it that changes with other pages, and with the address of the site."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

_MARKED = re.compile(
    r"<!--tradeviz:(?:(head|nav)-->.*?<!--/tradeviz:\1-->"
    r"|to ([A-Za-z0-9-]+)(#[a-z0-9-]+)?-->(?:<a [^>]*>)?([^<]*)(?:</a>)?<!--/tradeviz:to-->)",
    re.DOTALL,
)
"""Where links to other pages stand: in the head, above and below all else, where a page is mentioned."""

_OWN = re.compile(
    r'<a (?:href="[^"]*?((?:data|files|notebooks)/[\w.-]+" download>)'
    r'|class="tv-place" href="(#[\w-]+)">[^<]*</a>)'
)
"""Links to the files beside a page, and those that a figure is cited by."""


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
    parts = {"head": head, "nav": navigation}
    base = html.escape(base_url)
    address = f"{base}{html.escape(name)}.html" if base else ""

    def marked(mark: re.Match[str]) -> str:
        part, page, anchor, words = mark.groups()
        if part:
            return f"<!--tradeviz:{part}-->\n{parts[part]}\n<!--/tradeviz:{part}-->"
        target = f"{page}.html{anchor or ''}"
        link = f'<a href="{base}{html.escape(target)}">{words}</a>' if page in there else words
        return f"<!--tradeviz:to {page}{anchor or ''}-->{link}<!--/tradeviz:to-->"

    def own_link(mark: re.Match[str]) -> str:
        file, anchor = mark.groups()
        return (
            f'<a href="{base}{file}' if file else f'<a class="tv-place" href="{anchor}">{address}{anchor}</a>'
        )

    return _OWN.sub(own_link, _MARKED.sub(marked, content))


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
