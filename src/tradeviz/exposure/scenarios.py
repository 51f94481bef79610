"""What if: orders that the record holds carried out or struck down, and what each would mean for everyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tradeviz.data import Dataset
from tradeviz.data.scenario import supposed
from tradeviz.exposure.covered import implementing_orders
from tradeviz.frames import once_per_dataset, typed
from tradeviz.rates import at_stake, cliffs, effective, headline, proposals
from tradeviz.rates.cases import NO, PARTLY, YES
from tradeviz.rates.effective_charges import charges
from tradeviz.rates.effective_terms import terms
from tradeviz.vocabulary import GENERAL, IMPORT_LAYERS, SECTOR_LAYERS

RECORD = "record"
"""Name of the orders of the day, that each scenario is set against."""

_UNDER_TRUCE = "CHN"
"""The partner whose deal is a truce: without it, the rates return that its orders suspend."""

_LEAST_MOVE = 0.05
"""A change below this is written as none, percentage points."""

_ORDER = ["partner", "layer", "product", "effective", "rate_pct", "basis"]
_PROPOSED = (("threat", "threats"), ("deal", "deals"))
_SETS = ["scenario", *_ORDER, "touched_usd_bn", "share_of_partner", "points", "known"]
_MEASURES = ["headline_pct", "effective_pct", "touched_usd_bn", "share_of_partner", "bill_usd_bn"]
_AGAINST = ["rank", "change_points", "bill_change_usd_bn", "record_rank", "known"]


@dataclass(frozen=True)
class Scenario:
    """A data set that tells what would be, the day to look at, and what is set against it.

    Attributes
    ----------
    name, title : str
        Its identifier, and what it supposes, in words.
    ds : Dataset
        The facts with it supposed.
    on : pandas.Timestamp
        The day whose rates are asked for.
    against : pandas.Timestamp
        The day whose orders of the record it is set against.
    unweighed : frozenset of str
        The partners (ALL for every one) for whom it supposes a rate on goods whose trade is not known.
    """

    name: str
    title: str
    ds: Dataset
    on: pd.Timestamp
    against: pd.Timestamp
    unweighed: frozenset[str] = frozenset()


@once_per_dataset
def scenarios(ds: Dataset, own_scenario: Dataset | None = None) -> pd.DataFrame:
    """What each scenario would mean for every partner, against the orders of the day.

    The built-in ones come from the record as known at `ds.as_of`: every live threat carried out, every agreed
    rate ordered, both at once or on the day that they name, and looked at on the last of these days; every
    scheduled change applied; the duties of Section 301 (those since 2025) struck down; those of Section 232
    struck down, the ones of 2018 too; the U.S. orders that carry out the truce with China never given. One
    that the record gives nothing for is left out. A supposed rate on goods whose trade is not known is in no
    figure; `known` says so.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    own_scenario : Dataset, optional
        A scenario of your own, from `ds.with_orders` or `load(scenario=...)`; it is looked at on the last day
        from which an order of it applies, and set against the record on that day. The record itself counts
        as none.

    Returns
    -------
    pandas.DataFrame
        The record first, then one block per scenario, partners in partner order: scenario, title, on
        (the day asked for), partner, headline_pct (percent, as in `rates.headline`), effective_pct (percent
        of customs value, as in `rates.effective`), touched_usd_bn (imports of 2024 that a duty added since
        reaches, billions of dollars; in each group of goods the widest duty counts), share_of_partner (of
        its imports, 0 to 1), bill_usd_bn (all duties in a year at the imports of 2024, billions of dollars:
        static, purchases do not respond), rank (1 for the highest effective rate), change_points and
        bill_change_usd_bn (against the record on the day it is set against), record_rank, known (yes;
        partly: a rate is supposed on goods whose trade is not known, and is in no figure; no: the imports of
        the partner are not known, and what rests on them is NaN).

    Examples
    --------
    >>> rows = exposure.scenarios(ds).set_index(["scenario", "partner"])
    >>> rows.loc[("scheduled", "KOR"), ["headline_pct", "change_points"]].round(1).to_list()
    [25.0, 6.5]
    """
    record = Scenario(RECORD, "The orders of the day", ds, ds.as_of, ds.as_of)
    cases = (record, *each_scenario(ds, own_scenario))
    return pd.concat([_block(ds, case) for case in cases], ignore_index=True)


def moving(cases: pd.DataFrame) -> pd.DataFrame:
    """Rows of `scenarios` without the built-in ones that would move no effective rate by 0.05 points.

    Examples
    --------
    >>> exposure.moving(exposure.scenarios(ds))["scenario"].unique().tolist()
    ['record', 'scheduled', 'no-section-232']
    """
    still = (cases["change_points"].abs() < _LEAST_MOVE) & (cases["known"] == YES)
    moved = cases.loc[~still, "scenario"].unique()
    return cases[cases["scenario"].isin([RECORD, "own", *moved])].reset_index(drop=True)


def struck_orders(ds: Dataset, name: str) -> pd.DataFrame:
    """The rows of orders that a scenario of `scenarios` supposes never given; none of one that adds some.

    Examples
    --------
    >>> exposure.struck_orders(ds, "no-section-232")["layer"].unique().tolist()
    ['s232_steel_aluminum', 's232_auto_parts', 's232_autos']
    """
    ordered, layer = ds.tariffs["force"] == "order", ds.tariffs["layer"]
    rows = {
        "no-section-301": layer == "s301",
        "no-section-232": layer.isin(SECTOR_LAYERS),
        "no-truce": ds.tariffs["order_id"].isin(implementing_orders(ds, _UNDER_TRUCE)),
    }
    return ds.tariffs[ordered & rows[name]] if name in rows else ds.tariffs.iloc[:0]


def supposed_orders(ds: Dataset, own_scenario: Dataset | None = None) -> pd.DataFrame:
    """The orders that the scenarios of `scenarios` would give, each weighed by itself.

    Parameters
    ----------
    ds, own_scenario
        As for `scenarios`.

    Returns
    -------
    pandas.DataFrame
        Live threats, agreed rates, scheduled changes and the orders of your own scenario: scenario,
        partner (ALL where it was said to all), layer, product, effective (day; as_of for a threat or an
        agreed rate that names none ahead), rate_pct (percent), basis, and the columns of `rates.at_stake`
        but for charged_usd_bn and share_of_us_imports.

    Examples
    --------
    >>> exposure.supposed_orders(ds)["scenario"].unique().tolist()
    ['scheduled']
    """
    rows = [_live(ds, force).assign(scenario=name) for force, name in _PROPOSED]
    rows.append(at_stake(ds, cliffs(ds)).assign(scenario="scheduled"))
    if own_scenario is not None and own_scenario.scenario:
        rows.append(own_orders(own_scenario).assign(scenario="own"))
    return pd.concat([frame for frame in rows if len(frame)] or rows[:1], ignore_index=True)[_SETS]


def each_scenario(ds: Dataset, own_scenario: Dataset | None = None) -> Iterator[Scenario]:
    """Give the scenarios of `scenarios`, one after another."""
    now = ds.as_of
    for force, name, title in (
        ("threat", "threats", "All live threats carried out"),
        ("deal", "deals", "All agreed rates ordered"),
    ):
        orders = _live(ds, force)
        weighed = orders[orders["known"] != NO]
        if len(weighed):
            on = weighed["effective"].max()
            yield Scenario(name, title, ds.with_orders(weighed[_ORDER], name), on, on, _unweighed(orders))
    due = cliffs(ds)
    if len(due):
        yield Scenario("scheduled", "Every scheduled change applied", ds, due["effective"].max(), now)
    unchanged, no_s232 = ds.import_groups, ds.import_groups.assign(old_s232_pct=0.0)  # with the one of 2018
    for name, title, imports in (
        ("no-section-301", "Section 301 duties struck down", unchanged),
        ("no-section-232", "Section 232 duties struck down", no_s232),
        ("no-truce", "No truce with China", unchanged),
    ):
        gone = struck_orders(ds, name)
        if len(gone):
            left = ds.tariffs.drop(gone.index).reset_index(drop=True)
            without = replace(ds, tariffs=left, import_groups=imports, scenario=name)
            yield Scenario(name, title, without, now, now)
    if own_scenario is not None and own_scenario.scenario:
        orders = own_orders(own_scenario)
        on = max([now, *orders["effective"]])
        yield Scenario("own", f"Your own: {own_scenario.scenario}", own_scenario, on, on, _unweighed(orders))


def _live(ds: Dataset, force: str) -> pd.DataFrame:
    """The live threats or deals as orders, weighed: at once, or on the day that they name, if it is ahead."""
    rows = proposals(ds, force)
    rows = rows.loc[rows["alive"], [*_ORDER, "order_id"]]
    ahead = rows["effective"] > ds.as_of  # weighed with the exemptions of its own day
    return at_stake(ds, rows.assign(effective=rows["effective"].where(ahead, ds.as_of)))


def _unweighed(orders: pd.DataFrame) -> frozenset[str]:
    """The partners on whose goods, of unknown trade, rows of `at_stake` suppose a U.S. duty."""
    charged = orders["layer"].isin(IMPORT_LAYERS)
    return frozenset(orders.loc[charged & (orders["known"] == NO), "partner"])


def own_orders(ds: Dataset) -> pd.DataFrame:
    """The orders that a scenario adds to the record, weighed: see `supposed_orders` for the columns.

    Examples
    --------
    >>> import pandas as pd
    >>> order = {"partner": ["KOR"], "layer": ["s122"], "effective": ["2025-05-01"], "rate_pct": [5]}
    >>> exposure.own_orders(ds.with_orders(pd.DataFrame(order), "korea-5"))["known"].tolist()
    ['partly']
    """
    return at_stake(ds, supposed(ds)[[*_ORDER, "order_id"]].reset_index(drop=True))


def _block(ds: Dataset, scenario: Scenario) -> pd.DataFrame:
    now = _measured(ds, scenario.against).reindex(list(scenario.ds.partners["partner"]))
    then = _measured(scenario.ds, scenario.on)
    partly = then.index.isin(scenario.unweighed) | (GENERAL in scenario.unweighed)
    frame = then.assign(
        rank=then["effective_pct"].rank(ascending=False, method="min"),
        change_points=then["effective_pct"] - now["effective_pct"],
        bill_change_usd_bn=then["bill_usd_bn"] - now["bill_usd_bn"],
        record_rank=now["effective_pct"].rank(ascending=False, method="min"),
        known=np.where(then["effective_pct"].isna(), NO, np.where(partly, PARTLY, YES)),
    ).reset_index()
    frame = frame.assign(scenario=scenario.name, title=scenario.title, on=scenario.on)
    frame = frame[["scenario", "title", "on", "partner", *_MEASURES, *_AGAINST]]
    texts = dict.fromkeys(("scenario", "title", "partner", "known"), "str")
    return typed(frame, {**texts, "on": "datetime64[us]"})


def _measured(ds: Dataset, on: pd.Timestamp) -> pd.DataFrame:
    """Headline, effective rate, trade that added duties reach and yearly bill of each partner on a day."""
    known = terms(ds)
    paid = charges(known, known.steps.on(on), on)
    reached = np.zeros(len(known.imports.value))
    for series, reach in paid.reach.items():
        reached = np.maximum(reached, np.where(paid.added[series] > 0, reach.touched, 0.0))
    value = known.imports.summed(known.imports.value) / 1000
    imports = np.where(value > 0, value, np.nan)
    touched = np.where(value > 0, known.imports.summed(known.imports.value * reached) / 1000, np.nan)
    rate = effective(ds, on)["effective_pct"].to_numpy(dtype=float)
    added = headline(ds, on).set_index("partner")["headline_pct"]
    columns = [added.to_numpy(dtype=float), rate, touched, touched / imports, rate / 100 * imports]
    return pd.DataFrame(dict(zip(_MEASURES, columns, strict=True)), index=added.index)
