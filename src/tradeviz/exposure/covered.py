"""What each partner sells and faces, and what part of the trade is under a deal."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.exposure.trade import IMPORTS, year_2024
from tradeviz.frames import once_per_dataset, records, with_days
from tradeviz.rates import headline, import_weights
from tradeviz.rates.schedules import folded_steps
from tradeviz.talks import acts, stage_history, stages
from tradeviz.vocabulary import STAGES

_FRAMEWORK = STAGES.index("framework_announced")
_TEXT = STAGES.index("text_published")


@once_per_dataset
def imports_and_rates(ds: Dataset) -> pd.DataFrame:
    """2024 imports of each partner beside its headline rate and stage at `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, name, track, imports_2024_usd_bn (U.S.
        imports for consumption, billions of dollars, customs value; NaN until the whole year is
        published), headline_pct (percent, see `rates.headline`), converted, stage, rung.

    Examples
    --------
    >>> rows = exposure.imports_and_rates(ds).set_index("partner")
    >>> rows.loc[["CHN", "KOR"], ["imports_2024_usd_bn", "headline_pct"]].round(1)
             imports_2024_usd_bn  headline_pct
    partner
    CHN                    431.0         145.0
    KOR                    130.4          10.0
    """
    frame = stages(ds)[["partner", "name", "track", "stage", "rung"]]
    frame["imports_2024_usd_bn"] = frame["partner"].map(year_2024(ds)[IMPORTS]).astype("float64") / 1000
    frame = frame.merge(headline(ds)[["partner", "headline_pct", "converted"]], on="partner")
    columns = ["partner", "name", "track", "imports_2024_usd_bn", "headline_pct", "converted"]
    return frame[[*columns, "stage", "rung"]]


@once_per_dataset
def covered_share(ds: Dataset) -> pd.DataFrame:
    """Share of the 2024 imports from the 18 that come from partners with a deal, over time.

    Counts all imports from a partner, whether or not the deal reaches the goods. Framework and
    text follow the stages (broken-off talks fall back). An implementing order of a partner is an
    order announced on the day of a `us_implemented` act of scope deal; it counts on the days when,
    by the orders announced until then, one of its confirmed steps is the current one of its layer
    and product (also a part that outlives the rest, as Section 232 rates do).

    Returns
    -------
    pandas.DataFrame
        Step frame: one row per day with a change, from the first milestone on, and one for
        as_of; values hold until the next row: day, framework_share, text_share, order_share (0
        to 1; NaN while the 2024 imports are not published), framework_n, text_n, order_n (number
        of partners).

    Examples
    --------
    >>> shares = exposure.covered_share(tradeviz.load("2025-08-07")).iloc[-1]
    >>> int(shares["framework_n"]), float(round(shares["framework_share"], 2))
    (12, 0.83)
    """
    columns = [f"{name}_{kind}" for kind in ("share", "n") for name in ("framework", "text", "order")]
    spans = stage_history(ds)
    spans = spans[spans["partner"].isin(ds.reciprocal)]
    series = _implementing(ds)
    orders_met = [row for orders, _ in series.values() for row in orders]
    moves = {row[clock] for row in orders_met for clock in ("effective", "announced")}
    days = sorted({*spans["start"], *moves, ds.as_of})
    days = [day for day in days if len(spans) and spans["start"].min() <= day <= ds.as_of]
    weights = import_weights(ds)
    rows: list[dict[str, Any]] = []
    for day in days:
        on = spans[(spans["start"] <= day) & ((day < spans["end"]) | (spans["end"] == ds.as_of))]
        on = on.drop_duplicates("partner", keep="last")
        covered = {
            "framework": set(on.loc[on["rung"] >= _FRAMEWORK, "partner"]),
            "text": set(on.loc[on["rung"] >= _TEXT, "partner"]),
            "order": {key[0] for key, (orders, ids) in series.items() if _current(orders, day) in ids},
        }
        row: dict[str, Any] = {"day": day}
        for name, codes in covered.items():
            share = weights[sorted(codes)].sum(skipna=False) / weights.sum(skipna=False)
            row |= {f"{name}_share": share, f"{name}_n": len(codes)}
        if not rows or day == ds.as_of or any(row[f"{n}_n"] != rows[-1][f"{n}_n"] for n in covered):
            rows.append(row)
    frame = with_days(pd.DataFrame(rows, columns=["day", *columns]), ["day"])
    return frame.astype(dict.fromkeys(columns[:3], "float64") | dict.fromkeys(columns[3:], "int64"))


def implementing_orders(ds: Dataset, partner: str) -> set[str]:
    """Identifiers of the U.S. orders that carry out the deal with one of the 18."""
    return {
        order_id for (code, *_), (_, ids) in _implementing(ds).items() if code == partner for order_id in ids
    }


def _implementing(ds: Dataset) -> dict[tuple[str, str, str], tuple[list[dict[str, Any]], set[str]]]:
    """Orders of each series that an act of the United States wrote, and the ids of those orders."""
    orders = ds.tariffs[(ds.tariffs["force"] == "order") & (ds.tariffs["confidence"] != "unconfirmed")]
    orders = orders[orders["layer"] != "retaliation"]
    known = acts(ds)
    known = known[(known["stage"] == "us_implemented") & (known["scope"] == "deal")]
    series: dict[tuple[str, str, str], tuple[list[dict[str, Any]], set[str]]] = {}
    for act in records(known[known["partner"].isin(ds.reciprocal)]):
        ordered = orders[orders["partner"] == act["partner"]]
        for row in records(ordered[ordered["announced"] == act["date"]]):
            key = (row["partner"], row["layer"], row["product"])
            beside = ordered[(ordered["layer"] == row["layer"]) & (ordered["product"] == row["product"])]
            series.setdefault(key, (records(beside), set()))[1].add(row["order_id"])
    return series


def _current(orders: list[dict[str, Any]], day: pd.Timestamp) -> str:
    steps = folded_steps(row for row in orders if row["announced"] <= day)
    begun = [step["order_id"] for step in steps if step["effective"] <= day]
    return begun[-1] if begun else ""
