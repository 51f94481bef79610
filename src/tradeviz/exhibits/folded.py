"""Long tables folded: one `details` for each group of rows, without a script."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset
from tradeviz.exhibits.citations import Citations
from tradeviz.exhibits.figures import Exhibit, table
from tradeviz.exhibits.markup import captioned, folded, heading
from tradeviz.wording import count


def folded_tables(
    make: Callable[..., GT],
    ds: Dataset,
    frame: pd.DataFrame,
    cited: Citations | None = None,
    *,
    by: str,
    groups: Mapping[str, str],
    name: str,
    title: str,
    source: str,
    empty: str,
    noun: str = "row",
    subtitle: str = "",
) -> Exhibit:
    """A frame as one folded table for each group of its rows.

    Parameters
    ----------
    make : callable
        A function of `tradeviz.tables` that takes a data set, rows and citations.
    ds : Dataset
        Facts as known at its `as_of`.
    frame : pandas.DataFrame
        The rows.
    cited : Citations, optional
        The sources of the page.
    by : str
        The column that groups them.
    groups : mapping of str to str
        Values of that column in their order, and the names printed for them; one without a row is left out.
    name, title, subtitle, source, empty
        As for `exhibits.table`; the data of all groups stand in one file.
    noun : str
        What a row is, for the count beside a group's name.

    Returns
    -------
    Exhibit
        A section with the title, and a `details` for each group.

    Examples
    --------
    >>> ds = tradeviz.load("2025-05-12")
    >>> exhibit = exhibits.folded_tables(
    ...     tables.partner_clauses, ds, talks.clauses(ds, "CHN"), by="heading", noun="clause",
    ...     groups={"tariffs_quotas": "Tariffs and quotas", "currency": "Currency"},
    ...     name="clauses", title="Clauses", source="table clauses", empty="None.",
    ... )
    >>> exhibit.markup.count("<details")
    1
    """
    first = (ds, frame.head(1), cited)
    whole = table(
        make, *first, name=name, frame=frame, title=title, subtitle=subtitle, source=source, empty=empty
    )
    if frame.empty or not whole.markup:
        return whole
    foot = f'<div class="tv-source">Source: {html.escape(source)}<!--tradeviz:data {name}--></div>'
    parts = []
    for i, (value, words) in enumerate(groups.items()):
        rows = frame[frame[by] == value]
        if len(rows):
            made = captioned(make(ds, rows, cited), f"{name[0]}{i}", f"{title}: {words}")
            parts.append(folded("".join(made), f"{words} ({count(len(rows), noun)})"))
    inner = f"{heading(title, subtitle)}{''.join(parts)}{foot}"
    markup = f'<section class="tv-exhibit" id="ex-{name}">{inner}</section>'
    return replace(whole, markup=markup)
