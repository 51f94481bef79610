"""Footnotes: which documents a page rests on, numbered as they are first cited."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import pandas as pd

from tradeviz.data import Dataset, split_list
from tradeviz.exhibits.figures import Exhibit
from tradeviz.frames import records
from tradeviz.wording import day

_COLUMNS = ("source_ids", "status_source_ids")


class Citations:
    """The numbered sources of one page.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`, with the sources that they name.
    """

    def __init__(self, ds: Dataset) -> None:
        self._known = {row["source_id"]: row for row in records(ds.sources)}
        self._numbers: dict[str, int] = {}

    def __call__(self, source_ids: str) -> str:
        """Cite documents: links to their numbers in the list of sources, as HTML.

        Parameters
        ----------
        source_ids : str
            Identifiers of sources, `;`-separated.
        """
        return " ".join(
            self._link(cited) for cited in dict.fromkeys(split_list(source_ids)) if cited in self._known
        )

    def listing(self, frames: Iterable[pd.DataFrame] = ()) -> Exhibit:
        """List and link the documents cited so far, and those that the frames name.

        A source published after as_of is linked by publisher and day alone: its title could tell
        what nobody knew yet. So is one whose day of publication is not known, on a page that looks
        back.

        Parameters
        ----------
        frames : iterable of pandas.DataFrame
            Frames with a column source_ids or status_source_ids, such as those behind charts.
        """
        for frame in frames:
            for name in _COLUMNS:
                for cell in frame.get(name, ()):
                    self(cell)
        numbered = [(n, _document(self._known[source_id])) for source_id, n in self._numbers.items()]
        items = [f'<li id="source-{n}">{document}</li>' for n, document in numbered]
        if not items:
            return Exhibit('<p class="tv-empty">No fact on this page has a source by this day.</p>')
        label = f"{len(items)} document{'' if len(items) == 1 else 's'}"
        listed = f'<ol class="tv-sources">{"".join(items)}</ol>'
        return Exhibit(f'<details class="tv-cited"><summary>{label}</summary>{listed}</details>')

    def documents(self, source_ids: Iterable[str]) -> list[str]:
        """Publisher, title and day of documents as links to them, as HTML."""
        return [_document(self._known[source_id]) for source_id in source_ids if source_id in self._known]

    def _link(self, source_id: str) -> str:
        number = self._numbers.setdefault(source_id, len(self._numbers) + 1)
        title = html.escape(_whence(self._known[source_id]))
        return f'<a class="tv-ref" href="#source-{number}" title="{title}">{number}</a>'


def _whence(row: dict[str, Any]) -> str:
    return f"{row['publisher']}{_dated(row)}"


def _dated(row: dict[str, Any]) -> str:
    return "" if pd.isna(row["published"]) else f", {day(row['published'])}"


def _document(row: dict[str, Any]) -> str:
    if not row["published_later"]:
        words = f"{row['publisher']}: {row['title']}{_dated(row)}"
    elif pd.isna(row["published"]):
        words = f"{row['publisher']}, day of publication not known, title withheld"
    else:
        words = f"{_whence(row)}, published later"
    return f'<a href="{html.escape(row["url"])}" rel="noopener">{html.escape(words)}</a>'
