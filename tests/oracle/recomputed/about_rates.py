"""The summaries about rates: the tariff timeline and exposure."""

from __future__ import annotations

from tests.oracle.recomputed import orders, totals, trade
from tests.oracle.recomputed.words import be, count, listing, number, rate, upper, whom
from tests.oracle.tables import days_between, known, name_of, partners, words


def timeline(as_of: str) -> list[str]:
    """Orders counted, whom rates reach, the highest ones, the next change."""
    ordered = [row for row in known("tariffs", as_of) if row["force"] == "order"]
    layers: dict[str, set[str]] = {}
    for row in ordered:
        layers.setdefault(row["order_id"], set()).add(row["layer"])
    if not layers:
        return [f"By {words(as_of)} no tariff order"]
    theirs = sum(own == {"retaliation"} for own in layers.values())
    answer = f" and {count(theirs, 'order')} of partners in answer" if theirs else ""
    found = [
        f"As of {words(as_of)}, {count(len(layers) - theirs, 'order')} of the United States{answer}",
        f"the latest announced on {words(max(row['announced'] for row in ordered))}",
    ]
    there, highest = totals.in_force(as_of), totals.highest_ordered(as_of)
    threatened = sum(totals.threatened(code, as_of) for code in partners())
    found.append(f"threatened for {threatened or 'none'} of the {len(partners())} partners")
    found += [
        f"ordered for {len(highest) or 'none'};",
        f"one {be(as_of)} in force for {len(there) or 'none'}.",
    ]
    for said, totals_of in (("the highest total ever ordered", highest), ("the highest in force", there)):
        if totals_of:
            top = max(total.pct for total in totals_of.values())
            codes = [code for code, total in totals_of.items() if total.pct == top]
            names = (
                listing([name_of(code) for code in codes]) if len(codes) < 4 else count(len(codes), "partner")
            )
            text = f"{said} {be(as_of)} {rate(top, totals_of[codes[0]].basis)}, for {names}"
            found.append(text if highest and said == "the highest in force" else upper(text))
    return [*found, *_next_due(as_of)]


def _next_due(as_of: str) -> list[str]:
    calendar = [one for one in orders.gathered(as_of) if one.layer != "retaliation"]
    if not calendar:
        return ["No change of United States rates"]
    whole = [one for one in calendar if orders.is_whole(one.layer, one.product)]
    due = [one for one in whole or calendar if one.day == (whole or calendar)[0].day]
    codes = list(dict.fromkeys(code for one in due for code in one.partners))
    layers = listing(list(dict.fromkeys(one.name for one in due)))
    ahead = count(days_between(as_of, due[0].day), "day")
    found = [] if whole else ["No change of rates on all goods"]
    return [*found, f"on {words(due[0].day)}, {ahead} after this page's day: {layers}, for {whom(codes)}."]


def exposure(as_of: str) -> list[str]:
    """What trade is covered, the three rates of the last month, duties."""
    found = [f"As of {words(as_of)}"]
    covered = trade.covered(as_of)
    if not trade.year_is_out(as_of):
        found.append("the imports of the whole year 2024")
    elif not any(covered.values()):
        found.append(f"none of the {len(partners('reciprocal'))} partners")
    else:
        share = trade.weights(as_of)
        found.append(f"of the 2024 imports from the {len(share)}")
        for kind, codes in covered.items():
            named = {"framework": "a framework", "text": "a text", "order": "an implementing order"}[kind]
            pct = _near(100 * sum(share[code] for code in codes))
            found.append(f"{pct} from {count(len(codes), 'partner')} with {named}")
    return [*found, *_three(as_of), *_duties(as_of)]


def _near(pct: float) -> str:
    return rate(round(pct, 1))


def _points(gap: float) -> str:
    return f"{round(abs(gap), 1):g} percentage points"


def _three(as_of: str) -> list[str]:
    last = trade.last_month(as_of)
    if last < "2025":
        return [f"No month of 2025 {be(as_of)} published yet, so no rate"]
    headline, modelled, charged, added = trade.three_rates(as_of)
    side = "above" if added >= 0 else "below"
    found = [
        f"In {words(last + '-01')[2:]}, the last month published",
        f"headline was {_near(headline)}",
        f"(computed in hindsight) {_near(modelled)}",
        f"the rate charged {_near(charged)}, {_points(added)} {side} its level of 2024.",
    ]
    gap = headline - added
    if abs(gap) >= 0.5:
        side = "above" if gap > 0 else "below"
        found.append(f"The headline lay {_points(gap)} {side} what was charged")
        found.append("on top of the level of 2024")
    return found


def _duties(as_of: str) -> list[str]:
    last = trade.last_month(as_of)
    own = {code: duty for code, duty in trade.traded(trade.DUTIES, last, as_of).items() if last}
    if not own:
        return []
    total = number(round(sum(own.values()) / 1000, 1))
    return [f"of the {len(own)} partners came to ${total} billion in {words(last + '-01')[2:]}."]
