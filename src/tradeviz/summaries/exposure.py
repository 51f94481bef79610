"""The lead and notes of the page on exposure: coverage, the three rates, duties."""

from __future__ import annotations

import pandas as pd

from tradeviz import exposure as measures
from tradeviz.caveats import wedges
from tradeviz.data import Dataset
from tradeviz.summaries.notes import looks_back, tense
from tradeviz.wording import count, day, listing, money_bn, rate

_COVERED = {
    "framework": "a framework or further",
    "text": "a text or further",
    "order": "an implementing order in force",
}
_TAKEN_OFF = "duties of before"
"""The wedge that the charged rate above its level of 2024 no longer has."""


def exposure(ds: Dataset) -> str:
    """What share of the trade is under a deal, where the three rates lie, what was charged: one paragraph."""
    return " ".join(filter(None, [_covered(ds), _rates(ds), _duties(ds)]))


def vintage_note(ds: Dataset) -> str:
    """Say that trade figures are of one vintage, on a page that looks back; else an empty text."""
    if not looks_back(ds):
        return ""
    return (
        f"Months of trade are shown as published by {day(ds.as_of)}, but their values are of one vintage, "
        f"that of {ds.coverage_end:%B %Y}, with all revisions since."
    )


def month_title(ds: Dataset) -> str:
    """The title of the table of the last month published."""
    last = measures.last_month_rates(ds)["month"].max()
    when = "" if pd.isna(last) else f" in {last:%B %Y}, the last month published"
    return f"The three rates{when}"


def change_title(ds: Dataset) -> str:
    """The title of the split of the change of the rate charged."""
    question = "Did rates or purchases change what is charged?"
    months = [f"{month:%B %Y}" for month in measures.months_compared(ds)]
    return f"{question} {months[0]} to {months[1]}" if months else question


def _covered(ds: Dataset) -> str:
    shares = measures.covered_share(ds).dropna()
    start = f"As of {day(ds.as_of)}"
    if measures.imports_and_rates(ds)["imports_2024_usd_bn"].isna().any():
        return f"{start}, the imports of the whole year 2024 {tense(ds, 'are', 'were')} not yet published."
    if shares.empty or shares.iloc[-1][[f"{kind}_n" for kind in _COVERED]].sum() == 0:
        return f"{start}, none of the 18 partners {tense(ds, 'has', 'had')} a framework."
    last = shares.iloc[-1]
    parts = [
        f"{_near(100 * last[f'{kind}_share'])} from {count(int(last[f'{kind}_n']), 'partner')} with {words}"
        for kind, words in _COVERED.items()
    ]
    return f"{start}, of the 2024 imports from the 18 {tense(ds, 'come', 'came')} {listing(parts)}."


def _rates(ds: Dataset) -> str:
    frame = measures.last_month_rates(ds)
    row = frame[frame["partner"] == measures.WEIGHTED]
    if row.empty:
        be = tense(ds, "is", "was")
        return f"No month of 2025 {be} published yet, so no rate charged since {be} known."
    last = row.iloc[0]
    added = float(last["charged_added_pct"])
    text = (
        f"In {last['month']:%B %Y}, the last month published, the import-weighted statutory headline was"
        f" {_near(last['headline_pct'])}, the modelled rate (computed in hindsight)"
        f" {_near(last['modelled_pct'])} and the rate charged {_near(last['charged_pct'])},"
        f" {_points(abs(added))} {'above' if added >= 0 else 'below'} its level of 2024."
    )
    gap = float(last["gap_pp"])
    if abs(gap) < 0.5:
        return text
    side, reasons = ("above", _reasons("lower")) if gap > 0 else ("below", _reasons("higher"))
    return (
        f"{text} The headline lay {_points(abs(gap))} {side} what was charged on top of the level of 2024;"
        f" what pulls this way is named, not estimated: {reasons}."
    )


def _reasons(effect: str) -> str:
    """The wedges between the statutory and the charged rate that pull the latter one way."""
    rows = wedges()
    between = rows["between"].str.startswith("statutory") & rows["between"].str.endswith("charged")
    named = rows[between & rows["effect"].str.startswith(effect) & (rows["wedge"] != _TAKEN_OFF)]
    qualified = named["effect"].str.split(",").str[0].str.removeprefix(effect)
    return listing(list(named["wedge"] + qualified))


def _duties(ds: Dataset) -> str:
    frame = measures.duties(ds)
    if frame.empty:
        return ""
    last = frame["month"].max()
    own = frame[frame["month"] == last]["duties_usd_bn"]
    total = money_bn(round(float(own.sum()), 1))
    return f"Calculated duties on goods of the {len(own)} partners came to {total} in {last:%B %Y}."


def _near(rate_pct: float) -> str:
    return "not known" if pd.isna(rate_pct) else rate(round(float(rate_pct), 1))


def _points(value: float) -> str:
    return f"{round(float(value), 1):g} percentage points"
