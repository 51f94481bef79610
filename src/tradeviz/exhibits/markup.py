"""HTML around charts and tables: what stands above them, what scrolls, what folds."""

from __future__ import annotations

import html
import re

from great_tables import GT

from tradeviz.exhibits.mark import line

_ROWS = re.compile(r"<tr.*?</tr>", re.DOTALL)


def heading(title: str, subtitle: str) -> str:
    """What stands above a chart or table: title, subtitle, and the mark of a scenario."""
    shown = f'<h3 class="tv-title">{html.escape(title)}</h3>'
    shown += f'<p class="tv-subtitle">{html.escape(subtitle)}</p>' if subtitle else ""
    return shown + line()


def scrolled(inner: str, label: str) -> str:
    """A box that scrolls sideways, by keys too, where its content is wider than the screen."""
    return f'<div class="tv-scroll" tabindex="0" role="group" aria-label="{html.escape(label)}">{inner}</div>'


def captioned(made: GT, name: str, caption: str) -> tuple[str, str]:
    """A table as HTML in two parts: up to the end of its caption, and what follows."""
    head, bracket, rest = made.with_id(name).as_raw_html(inline_css=False).partition("<table")
    opening, end, body = rest.partition(">")
    titled = f'<caption class="tv-caption">{html.escape(caption)}</caption>'
    return f"{head}{bracket}{opening}{end}{titled}", body


def folded(inner: str, label: str) -> str:
    """A `details` element, closed at first, that shows its label."""
    summary = f"<summary>{html.escape(label)}</summary>"
    return f'<details class="tv-folded">{summary}{scrolled(inner, label)}</details>'


def rows_folded(made: GT, name: str, caption: str, rows_open: int | None) -> str:
    """A table whose first rows stand open, the others folded below them; all open for None."""
    start, body = captioned(made, name, caption)
    before, bracket, after = body.partition("<tbody")
    rows = list(_ROWS.finditer(after))
    if rows_open is None or len(rows) <= rows_open:
        return scrolled(f"{start}{body}", caption)
    first, cut, end = rows[0].start(), rows[rows_open].start(), rows[-1].end()
    shown = f"{start}{before}{bracket}{after[:cut]}{after[end:]}"
    others = f"{start}{before}{bracket}{after[:first]}{after[cut:]}"
    others = re.sub(rf'(?<=["#]){name}\b', f"{name}-more", others)
    n = len(rows) - rows_open
    return scrolled(shown, caption) + folded(others, f"{n} more row{'' if n == 1 else 's'}")
