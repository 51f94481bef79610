"""Covered imports, the readings of the rate and duties, computed again from the tables of trade."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from tests.oracle.recomputed import effective, ladder, orders, totals
from tests.oracle.tables import Row, cache, known, partners

IMPORTS, DUTIES = "imports_for_consumption_usd_mn", "calculated_duties_usd_mn"


@cache
def traded(column: str, months: str, as_of: str) -> dict[str, float]:
    """A column of trade_monthly added up by partner, over the months that begin with a text."""
    found: dict[str, float] = defaultdict(float)
    for row in known("trade_monthly", as_of):
        if row["month"].startswith(months) and row["partner"] != "WLD":
            found[row["partner"]] += float(row[column])
    return found


def year_is_out(as_of: str) -> bool:
    """Whether all months of 2024 were published by a day."""
    return last_month(as_of) >= "2024-12"


def last_month(as_of: str) -> str:
    """The last month published by a day, as 2025-08; "" where there is none."""
    return max((row["month"][:7] for row in known("trade_monthly", as_of)), default="")


def weights(as_of: str) -> dict[str, float]:
    """The share of each of the 18 in what they supplied in 2024."""
    supplied = {code: traded(IMPORTS, "2024", as_of)[code] for code in partners("reciprocal")}
    return {code: value / sum(supplied.values()) for code, value in supplied.items()}


def us_share(as_of: str) -> float:
    """The share of the 18 in what the United States imported in 2024."""
    months = [row for row in known("trade_monthly", as_of) if row["month"].startswith("2024")]
    world = sum(float(row[IMPORTS]) for row in months if row["partner"] == "WLD")
    groups = [row for row in known("import_groups", as_of) if row["partner"] in partners("reciprocal")]
    return sum(float(row["imports_2024_usd_mn"]) for row in groups) / world


def covered(as_of: str) -> dict[str, set[str]]:
    """Partners of the 18 with a framework, with a text, and with an implementing order in force."""
    the_18 = partners("reciprocal")
    return {
        "framework": {code for code in the_18 if ladder.standing(code, as_of).rung >= 2},
        "text": {code for code in the_18 if ladder.standing(code, as_of).rung >= 3},
        "order": {code for code in the_18 if _implemented(code, as_of)},
    }


def _implemented(code: str, as_of: str) -> bool:
    """Whether a confirmed step that an act of the United States wrote is the current one somewhere."""
    acts = {row["date"] for row in ladder.milestones(code, as_of) if row["stage"] == "us_implemented"}
    by_series: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in known("tariffs", as_of):
        counts = row["confidence"] != "unconfirmed" and row["layer"] != "retaliation"
        if row["force"] == "order" and row["partner"] == code and counts:
            by_series[row["layer"], row["product"]].append(row)
    for rows in by_series.values():
        step = orders.current(orders.folded(rows), as_of)
        if step and step["announced"] in acts:
            return True
    return False


def days_of(month: str, as_of: str) -> list[str]:
    """The days of a month up to as_of."""
    first = date.fromisoformat(f"{month}-01")
    days = [(first + timedelta(days=n)).isoformat() for n in range(31)]
    return [day for day in days if day.startswith(month) and day <= as_of]


def readings(as_of: str) -> tuple[float, float, float, float]:
    """Headline, effective, modelled and charged rate of the last month, all above 2024: percentage points.

    Weighted with 2024 imports; the first three are means of the month's days.
    """
    month, share = last_month(as_of), weights(as_of)
    days = days_of(month, as_of)
    headline = ours = modelled = charged = 0.0
    for code, weight in share.items():
        rates = [totals.headline(code, day, as_of) for day in days]
        headline += weight * sum(float("nan") if rate is None else rate for rate in rates) / len(days)
        ours += weight * sum(effective.added(code, day, as_of) for day in days) / len(days)
        modelled += weight * sum(_modelled(code, day, as_of) for day in days) / len(days)
        duty, value = traded(DUTIES, month, as_of)[code], traded(IMPORTS, month, as_of)[code]
        charged += weight * 100 * duty / value
    before = [sum(traded(name, "2024", as_of)[code] for code in share) for name in (DUTIES, IMPORTS)]
    return headline, ours, modelled, charged - 100 * before[0] / before[1]


def _modelled(code: str, on: str, as_of: str) -> float:
    levels = [row for row in known("effective_rates_model", as_of) if row["partner"] == code]
    begun = sorted((row["date"], float(row["added_rate_pct"])) for row in levels if row["date"] <= on)
    return begun[-1][1] if begun else 0.0
