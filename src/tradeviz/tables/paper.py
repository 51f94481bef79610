"""Words of tables for a paper: status, rates, proposals, two days side by side; exemptions are notes."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

import pandas as pd

from tradeviz import rates
from tradeviz.data import Dataset
from tradeviz.frames import records
from tradeviz.tables.board import BOARD_LABELS, board_words
from tradeviz.tables.rates import goods_words, rate_with_exemption, scope_words
from tradeviz.vocabulary import LAYER_NAMES, USMCA_CONTENT, USMCA_EXEMPT, layer_name
from tradeviz.wording import iso, rate, signed

Paper = tuple[pd.DataFrame, list[str]]
"""A frame of texts, and the notes under it."""

_PROPOSALS_NOTE = (
    "Threats by the day announced, orders by the day they apply. A threat and the next rate are those of one"
    " layer; the highest rate ordered and the rate in force add the layers up."
)
_POINTS_NOTE = (
    "Points: by how much the difference moves the partner's average duty on its first day, percentage points"
    " at the imports of 2024; blank where it is not known or the row is no rate."
)
_ENDS = {"applied": "", "scheduled": ", to come", "replaced": ", replaced before its day"}


def status_paper(ds: Dataset, stages: pd.DataFrame) -> Paper:
    """The board for a paper: partner, stage, rates, next deadline, last meeting.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    stages : pandas.DataFrame
        Rows of `talks.stages`.
    """
    words = board_words(ds, stages)[["name", "stage", "rate", "deadline", "last_met"]]
    return _with_notes(ds, words.rename(columns=BOARD_LABELS))


def rates_paper(ds: Dataset, rates_now: pd.DataFrame) -> Paper:
    """Rates for a paper: a row for each partner, layer and product with a rate above zero.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rates_now : pandas.DataFrame
        From `rates.in_force`.
    """
    charged, scopes = rates_now[rates_now["rate_pct"] != 0], scope_words(ds)
    words = [
        {
            "Partner": ds.names[row["partner"]],
            "Layer": LAYER_NAMES[row["layer"]],
            "Goods": goods_words(row, scopes),
            "Rate": rate_with_exemption(row, usmca),
            "Since": iso(row["effective"]),
        }
        for row, usmca in zip(records(charged), rates.usmca_words(ds, charged), strict=True)
    ]
    frame = pd.DataFrame(words, columns=["Partner", "Layer", "Goods", "Rate", "Since"])
    return _with_notes(ds, frame, tuple(dict.fromkeys(scopes.values())))


def proposals_paper(ds: Dataset) -> Paper:
    """What was threatened, ordered and is in force on all goods of each partner, for a paper.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    """
    now = rates.in_force(ds)
    exempt = now[(now["rate_pct"] != 0) & now["layer"].isin(rates.whole_economy_rows(now)["layer"])]
    marks = {
        row["partner"]: f" ({words})"
        for row, words in zip(records(exempt), rates.usmca_words(ds, exempt), strict=True)
        if words
    }
    due = rates.whole_economy_rows(rates.cliffs(ds))
    coming = {row["partner"]: _coming(row) for row in reversed(records(due))}
    words = [
        {
            "Partner": ds.names[row["partner"]] + marks.get(row["partner"], ""),
            "Highest threat": _highest(row, "threatened", ", open" if row["threatened_open"] else ""),
            "Highest rate ordered": _highest(row, "ordered", _ENDS.get(row["ordered_state"], "")),
            "Next rate ordered": coming.get(row["partner"], "none"),
            "In force": _percent(row, "in_force"),
        }
        for row in records(rates.highest_rates(ds))
    ]
    columns = ["Partner", "Highest threat", "Highest rate ordered", "Next rate ordered", "In force"]
    frame, notes = _with_notes(ds, pd.DataFrame(words, columns=columns))
    return frame, [*notes, _PROPOSALS_NOTE]


def compare_paper(first: Dataset, second: Dataset, rows: pd.DataFrame) -> Paper:
    """What two days of knowledge say differently, for a paper.

    Parameters
    ----------
    first, second : Dataset
        Facts as known on the two days.
    rows : pandas.DataFrame
        partner, kind, layer and product ("" where it is no step), effective and until (days, may be
        missing), from, to and text (words), points (percentage points, may be missing).
    """
    steps = rows["kind"] == "step"
    exempt = dict(zip(rows.index[steps], rates.usmca_words(second, rows[steps]), strict=True))
    sides = {name: f"Known on {iso(ds.as_of)}" for name, ds in (("from", first), ("to", second))}
    words = [
        {
            "Partner": {**first.names, **second.names}.get(row["partner"], row["partner"]),
            "What": row["kind"],
            "Of": layer_name(row["layer"], row["product"]) if row["layer"] else row["text"],
            "Day": iso(row["effective"]) + (f" to {iso(row['until'])}" if pd.notna(row["until"]) else ""),
            **{
                heading: row[side]
                + (f" ({exempt[index]})" if exempt.get(index) and row[side] != "none" else "")
                for side, heading in sides.items()
            },
            "Points": "" if pd.isna(row["points"]) else signed(row["points"]),
        }
        for index, row in zip(rows.index, records(rows), strict=True)
    ]
    columns = ["Partner", "What", "Of", "Day", *sides.values(), "Points"]
    frame, notes = _with_notes(second, pd.DataFrame(words, columns=columns))
    return frame, [*notes, _POINTS_NOTE]


def _percent(row: dict[str, Any], kind: str) -> str:
    if not row[f"{kind}_pct"] > 0:
        return "none"
    return rate(row[f"{kind}_pct"], row[f"{kind}_basis"])


def _highest(row: dict[str, Any], kind: str, ends: str) -> str:
    words = _percent(row, kind)
    return words if words == "none" else f"{words} ({iso(row[f'{kind}_day'])}{ends})"


def _coming(row: dict[str, Any]) -> str:
    words = f"{rate(row['rate_pct'], row['basis'])} {layer_name(row['layer'], row['product'])}"
    return f"{words} ({iso(row['effective'])})"


def _with_notes(ds: Dataset, frame: pd.DataFrame, limits: Sequence[str] = ()) -> Paper:
    """Turn what is exempt, and what else limits the goods, into marks, and tell each once under the table."""
    notes: list[str] = []
    for words in (USMCA_EXEMPT, USMCA_CONTENT, *limits):
        said = f" ({words})"
        if any(said in cell for name in frame.columns for cell in frame[name]):
            mark = ascii_lowercase[len(notes)]
            frame = frame.apply(lambda cells, s=said, m=mark: [cell.replace(s, f" [{m}]") for cell in cells])
            notes.append(f"[{mark}] {words[:1].upper()}{words[1:]}.")
    if any("all-in" in cell for name in frame.columns for cell in frame[name]):
        notes.append("All-in rates contain the normal duty; the others are charged on top of it.")
    notes.append(f"Source: tradeviz, as of {iso(ds.as_of)}. Statutory rates, percent of customs value.")
    return frame, notes
