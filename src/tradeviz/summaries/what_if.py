"""The summary of the page on scenarios: which one would change most, and what one's own would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradeviz import exposure, rates
from tradeviz.data import Dataset
from tradeviz.data.scenario import on_record
from tradeviz.summaries.facts import Facts, seen
from tradeviz.vocabulary import GENERAL, IMPORT_LAYERS, duty_name, layer_name
from tradeviz.wording import day, listing, rate, rounded_rate, signed, with_article

STATIC = "at the imports of 2024; static, as if nobody bought otherwise"
"""What every bill of a scenario rests on, in words."""

_SERIES = ["partner", "layer", "product"]


class Overtaken(NamedTuple):
    """Layers whose rate would stay without orders that had set it: that rate in words, its day, its order."""

    layers: tuple[str, ...]
    rate: str
    since: date
    instrument: str


@dataclass(frozen=True)
class ScenariosFacts(Facts):
    """What scenarios would do to the duties of a year.

    Attributes
    ----------
    bill_usd_bn : float or None
        All duties in a year under the orders that the scenario that would change them most is set against,
        billions of dollars; None before the imports of 2024 were published.
    most : str
        What that scenario supposes; "" where there is none.
    against : datetime.date
        The day of these orders.
    change_usd_bn : float
        By how much it would change them.
    partner : str
        The partner whose effective rate it would move most.
    points : float
        By how many percentage points.
    still : mapping of str to sequence of Overtaken
        The cases that would move no rate, and what is in force of what their orders had set.
    own_scenario, own_rates : str, mapping of str to float
        The scenario of one's own ("" for none), and the effective rate of each partner that it moves.
    """

    bill_usd_bn: float | None
    most: str
    against: date
    change_usd_bn: float
    partner: str
    points: float
    still: dict[str, tuple[Overtaken, ...]]
    own_scenario: str
    own_rates: dict[str, float]

    def sentences(self) -> list[str]:
        """The facts in words."""
        return [self._finding(), *map(self._still, self.still), self._own_words()]

    def _finding(self) -> str:
        if self.bill_usd_bn is None:
            return f"The imports of 2024 were not published by {day(self.as_of)}, so no bill can be told."
        if not self.most:
            return f"The record of {day(self.as_of)} {self.have()} nothing to suppose."
        rises = "raise" if self.change_usd_bn > 0 else "lower"
        return (
            f"{self.most}: of the cases on this page this would change most against the orders of"
            f" {day(self.against)}; it would {rises} the duties on goods of all partners together from"
            f" ${self.bill_usd_bn:,.0f} billion a year by ${abs(self.change_usd_bn):,.0f} billion ({STATIC}),"
            f" and move the effective rate of {self.partner} most, by {signed(self.points)} points."
        )

    def _still(self, title: str) -> str:
        why = "; ".join(
            f"{listing(overtaken.layers)} {self.have(len(overtaken.layers))} stood at {overtaken.rate} since"
            f" {day(overtaken.since)}, by {overtaken.instrument}"
            for overtaken in self.still[title]
        )
        return f"{title} would change nothing{': ' if why else ''}{why}."

    def _own_words(self) -> str:
        if not self.own_scenario:
            return ""
        moved = [f"{name} to {rounded_rate(pct)}" for name, pct in self.own_rates.items()]
        said = f"would bring the effective rate of {listing(moved)}" if moved else "would move no known rate"
        return f"The scenario {self.own_scenario} {said}."


def scenario_gaps(ds: Dataset, partner: str | None = None) -> str:
    """What the record lacks to tell a scenario: partners, and trade in goods; "" where it lacks nothing.

    Parameters
    ----------
    ds : Dataset
        The scenario; of the record nothing is said.
    partner : str, optional
        Code of the partner that the page is about; else what is lacking of any.

    Examples
    --------
    >>> import pandas as pd
    >>> order = {"partner": ["AUS"], "layer": ["s122"], "effective": ["2025-05-01"], "rate_pct": [5]}
    >>> summaries.scenario_gaps(ds.with_orders(pd.DataFrame(order), "australia-5"))
    'The record has no partner AUS: its imports, talks and earlier orders are not known.'
    """
    if not ds.scenario:
        return ""
    asked = list(ds.names) if partner is None else [partner]
    new = [code for code in asked if not on_record(ds, code)]
    lacks = f"The record has no partner {listing(new)}: its imports, talks and earlier orders are not known."
    orders = exposure.own_orders(ds)
    charged = orders["layer"].isin(IMPORT_LAYERS)
    sold = orders["partner"].isin({GENERAL, *(set(asked) & set(ds.import_groups["partner"]))})
    unknown = orders[charged & sold & (orders["known"] == "no")] if len(ds.import_groups) else orders[:0]
    unweighed = [
        f"How much trade {duty_name(str(layer), str(product))} would reach is not known for"
        f" {listing([_whom(ds, code) for code in dict.fromkeys(rows['partner'])])}:"
        " that duty is in no effective rate, trade or bill here."
        for (layer, product), rows in unknown.groupby(["layer", "product"], sort=False)
    ]
    return " ".join([lacks, *unweighed] if new else unweighed)


def _whom(ds: Dataset, code: str) -> str:
    return "all partners" if code == GENERAL else with_article(ds.name(code))


def scenarios(ds: Dataset, own_scenario: Dataset | None = None) -> ScenariosFacts:
    """Find the scenario that would change the duties of a year most, and what one's own would do.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    own_scenario : Dataset, optional
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
    rows = exposure.scenarios(ds, own_scenario)
    record = rows[rows["scenario"] == exposure.RECORD]
    built_in = rows[~rows["scenario"].isin([exposure.RECORD, "own"])]
    changes = built_in.groupby("title", sort=False)["bill_change_usd_bn"].sum(min_count=1)
    known = record["bill_usd_bn"].notna().any()
    title = str(changes.abs().idxmax()) if known and len(changes) else ""
    most_of = built_in[built_in["title"] == title] if title else record
    points = most_of.set_index("partner")["change_points"]
    ahead = title and most_of["scenario"].iloc[0] != "scheduled"
    against = most_of["on"].iloc[0] if ahead else ds.as_of
    most = str(points.abs().idxmax()) if title else ""
    mine = rows[rows["scenario"] == "own"].set_index("partner")
    names = ds.names if own_scenario is None else own_scenario.names
    moved = mine[mine["change_points"].abs() >= 0.05]["effective_pct"]
    return ScenariosFacts(
        **seen(ds),
        bill_usd_bn=float((most_of["bill_usd_bn"] - most_of["bill_change_usd_bn"]).sum()) if known else None,
        most=title,
        against=against.date(),
        change_usd_bn=float(changes[title]) if title else 0.0,
        partner=with_article(names[most]) if most else "",
        points=float(points[most]) if most else 0.0,
        still=_still(ds, built_in) if known else {},
        own_scenario=own_scenario.scenario if own_scenario is not None else "",
        own_rates={with_article(names[str(code)]): float(pct) for code, pct in moved.items()},
    )


def _still(ds: Dataset, built_in: pd.DataFrame) -> dict[str, tuple[Overtaken, ...]]:
    """The cases that move nobody's rate, though orders would be struck down, and what stands there now."""
    moved = set(exposure.moving(built_in)["scenario"])
    cases = built_in.drop_duplicates("scenario")
    found = {}
    for name, title in zip(cases["scenario"], cases["title"], strict=True):
        if name not in moved:
            gone = exposure.struck_orders(ds, name)[_SERIES].drop_duplicates()
            now = rates.in_force(ds).merge(gone, on=_SERIES)
            found[str(title)] = tuple(
                Overtaken(
                    tuple(dict.fromkeys(map(layer_name, rows["layer"], rows["product"]))),
                    rate(rows["rate_pct"].iloc[0], rows["basis"].iloc[0]),
                    rows["effective"].iloc[0].date(),
                    rows["instrument"].iloc[0],
                )
                for _, rows in now.groupby(["rate_pct", "basis", "effective", "instrument"], sort=False)
            )
    return found


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
