"""The summary of the page on scenarios: which one would change most, and what one's own would do."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tradeviz import exposure
from tradeviz.data import Dataset
from tradeviz.summaries.facts import Facts, looks_back
from tradeviz.wording import day, listing, rounded_rate, with_article

STATIC = "at the imports of 2024; static, as if nobody bought otherwise"
"""What every bill of a scenario rests on, in words."""


@dataclass(frozen=True)
class ScenariosFacts(Facts):
    """What scenarios would do to the duties of a year.

    Attributes
    ----------
    bill_usd_bn : float or None
        All duties in a year under the orders of the day, billions of dollars; None before the imports of
        2024 were published.
    most : str
        What the scenario that would change them most supposes; "" where there is none.
    change_usd_bn : float
        By how much it would change them.
    partner : str
        The partner whose effective rate it would move most.
    points : float
        By how many percentage points.
    own, own_rates, own_unknown : str, mapping of str to float, tuple of str
        The scenario of one's own ("" for none), the effective rate of each partner that it moves, and the
        partners whose imports the record does not have.
    """

    bill_usd_bn: float | None
    most: str
    change_usd_bn: float
    partner: str
    points: float
    own: str
    own_rates: dict[str, float]
    own_unknown: tuple[str, ...]

    def sentences(self) -> list[str]:
        """The facts in words."""
        return [self._finding(), self._own()]

    def _finding(self) -> str:
        if self.bill_usd_bn is None:
            return f"The imports of 2024 were not published by {day(self.as_of)}, so no bill can be told."
        if not self.most:
            return f"The record of {day(self.as_of)} {self.have()} nothing to suppose."
        rises = "raise" if self.change_usd_bn > 0 else "lower"
        return (
            f"{self.most}: of the cases on this page this would change most against the orders of"
            f" {day(self.as_of)}; it would {rises} the duties on goods of all partners together from"
            f" ${self.bill_usd_bn:,.0f} billion a year by ${abs(self.change_usd_bn):,.0f} billion ({STATIC}),"
            f" and move the effective rate of {self.partner} most, by {self.points:+.1f} points."
        )

    def _own(self) -> str:
        if not self.own:
            return ""
        moved = [f"{name} to {rounded_rate(pct)}" for name, pct in self.own_rates.items()]
        said = f"would bring the effective rate of {listing(moved)}" if moved else "would move no known rate"
        lacks = ""
        if self.own_unknown:
            lacks = (
                f" The record has no imports of {listing(self.own_unknown)}: the effective rate, the trade"
                " touched and the bill are not known, nor any earlier order, meeting or document."
            )
        return f"The scenario {self.own} {said}.{lacks}"


def scenarios(ds: Dataset, own: Dataset | None = None) -> ScenariosFacts:
    """Find the scenario that would change the duties of a year most, and what one's own would do.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    own : Dataset, optional
        A scenario of one's own.

    Returns
    -------
    ScenariosFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.scenarios(ds)
    >>> facts.most, facts.partner, round(facts.points, 1)
    ('Every scheduled change applied', 'Cambodia', 35.6)
    """
    rows = exposure.scenarios(ds, own)
    record = rows[rows["scenario"] == exposure.RECORD]
    built_in = rows[~rows["scenario"].isin([exposure.RECORD, "own"])]
    changes = built_in.groupby("title", sort=False)["bill_change_usd_bn"].sum(min_count=1)
    known = record["bill_usd_bn"].notna().any()
    title = str(changes.abs().idxmax()) if known and len(changes) else ""
    points = built_in[built_in["title"] == title].set_index("partner")["change_points"]
    most = str(points.abs().idxmax()) if title else ""
    mine = rows[rows["scenario"] == "own"].set_index("partner")
    names = ds.names if own is None else own.names
    moved = mine[mine["change_points"].abs() >= 0.05]["effective_pct"]
    return ScenariosFacts(
        as_of=ds.as_of.date(),
        looks_back=looks_back(ds),
        bill_usd_bn=float(record["bill_usd_bn"].sum()) if known else None,
        most=title,
        change_usd_bn=float(changes[title]) if title else 0.0,
        partner=with_article(names[most]) if most else "",
        points=float(points[most]) if most else 0.0,
        own=own.scenario if own is not None else "",
        own_rates={with_article(names[str(code)]): float(pct) for code, pct in moved.items()},
        own_unknown=tuple(names[str(code)] for code in mine.index[mine["effective_pct"].isna()])
        if known
        else (),
    )


def scenario_titles(rows: pd.DataFrame) -> dict[str, str]:
    """The scenarios of rows of `exposure.scenarios` and their titles, each with its day, in their order.

    Examples
    --------
    >>> list(summaries.scenario_titles(exposure.scenarios(ds)).values())[:2]
    ['The orders of the day, on 25 April 2025', 'Every scheduled change applied, on 14 July 2025']
    """
    first = rows.drop_duplicates("scenario")
    return {
        str(name): f"{title}, on {day(on)}"
        for name, title, on in zip(first["scenario"], first["title"], first["on"], strict=True)
    }
