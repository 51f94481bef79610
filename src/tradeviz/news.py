"""What became known and what is due, in words for feeds and calendars.

Joins the analysis to the files of `briefing.subscriptions`, which know nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tradeviz import summaries, talks
from tradeviz.briefing.subscriptions import Deadline, News, Subscription
from tradeviz.data import Dataset
from tradeviz.frames import alike, once_per_dataset, records
from tradeviz.talks.deadlines import OFF, PROPOSED
from tradeviz.talks.recorded import Correction, Entry, entry_of
from tradeviz.vocabulary import GENERAL, WORLD, layer_name
from tradeviz.wording import capital, change, count, day, listing, money_bn, rate, shortened

MOST_NEWS = 100
"""How many entries a feed has at most; all of them from the year before as_of."""

WITHIN = pd.Timedelta(days=365)
"""How far back feeds and calendars reach."""

LEAST_POINTS = 0.05
"""A move of the average duty that is told: 0.1 points when rounded."""

_MOST_NAMES = 3
_CHANGES = {
    "order": ", order",
    "threat": ", threat",
    "rate agreed": ", agreed and not ordered",
    "commitment": ", pledge",
    "status of a commitment": ", pledge",
}
_DEADLINES = {
    "rate step": "",
    "agreed rate": ", agreed and not ordered",
    "threat": ", threatened",
    "term ends": ", last day",
    "pledge ends": ", end of a pledge",
    "clause deadline": ", due by a text",
    "next step": ", next step",
}
"""Kinds in titles, after the name of the partner."""

_Row = dict[str, Any]


def subscriptions(
    ds: Dataset, title: str, corrected: Mapping[Entry, Correction] | None = None
) -> dict[str, Subscription]:
    """Give what can be followed, by page: "" is all partners, the others are those of a partner.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    title : str
        The title of all of it.
    corrected : mapping, optional
        From `talks.recorded.corrected_entries`.
    """
    changed, dates = talks.changes(ds, ds.as_of - WITHIN), talks.deadlines(ds, ds.as_of - WITHIN)
    note = summaries.reach_note(ds)
    entries = news(ds, changed, corrected)
    found = {"": Subscription(title, note, entries[:MOST_NEWS], deadlines(ds, dates, "", corrected))}
    for code, name in ds.names.items():
        of_all = (code, GENERAL, WORLD)
        partner_news = [entry for entry, of in zip(entries, changed["partner"], strict=True) if of in of_all]
        due = deadlines(ds, dates[dates["partner"].isin(of_all)], code, corrected)
        found[f"partner-{code}"] = Subscription(f"{title}: {name}", note, partner_news[:MOST_NEWS], due)
    return found


def news(
    ds: Dataset, changed: pd.DataFrame, corrected: Mapping[Entry, Correction] | None = None
) -> list[News]:
    """Tell rows of `talks.changes`, with the day on which each was corrected last."""
    known = corrected or {}
    return [
        News(
            key=key,
            day=f"{row['date']:%Y-%m-%d}",
            title=shortened(": ".join(describe(ds, row))),
            text=row["text"],
            page=f"partner-{row['partner']}" if row["partner"] in ds.names else "overview",
            corrected=known[entry_of(row)].day if entry_of(row) in known else "",
        )
        for key, row in zip(keys_of(changed, known), records(changed), strict=True)
    ]


def keys_of(changed: pd.DataFrame, corrected: Mapping[Entry, Correction] | None = None) -> list[str]:
    """What tells each row of `talks.changes` from all others, the same after a correction of any cell."""
    found = []
    for row in records(changed):
        first = row | _first(row, corrected)
        found.append(f"{first['table']}:{first['kind']}:{first['key']}:{first['partner']}")
    return found


def _first(row: _Row, corrected: Mapping[Entry, Correction] | None) -> dict[str, str]:
    """Key, kind and partner of a row before all corrections, where these can be corrected."""
    correction = (corrected or {}).get(entry_of(row))
    return correction.first if correction else {}


def describe(ds: Dataset, row: _Row) -> tuple[str, str]:
    """Whom a row of `talks.changes` concerns, and what happened; of an order its rates come first."""
    text = row["text"].rstrip(".")
    if row["table"] == "tariffs":
        instrument = _instruments(ds)[row["key"]]
        text = f"{text[len(instrument) + 2 :]} ({instrument})"
    return f"{_who(ds, [row['partner']])}{_CHANGES.get(row['kind'], '')}", text


@once_per_dataset
def _instruments(ds: Dataset) -> dict[str, str]:
    """The document of each order, threat and agreed rate; the first one where several set it."""
    first = ds.tariffs.drop_duplicates("order_id")
    return dict(zip(first["order_id"], first["instrument"], strict=True))


def deadlines(
    ds: Dataset, rows: pd.DataFrame, partner: str = "", corrected: Mapping[Entry, Correction] | None = None
) -> list[Deadline]:
    """Tell rows of `talks.deadlines`; what one document says of several partners is one deadline.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rows : pandas.DataFrame
        Rows of `talks.deadlines`.
    partner : str
        Whose calendar it is; "" for that of all.
    corrected : mapping, optional
        From `talks.recorded.corrected_entries`: a deadline keeps its key when that of its row is corrected.
    """
    same = ["day", "kind", "table", "key", "layer", "product", "step"]
    return [_deadline(ds, group, partner, corrected) for group in alike(rows, same)]


def _deadline(
    ds: Dataset, rows: list[_Row], partner: str, corrected: Mapping[Entry, Correction] | None
) -> Deadline:
    standing = [row for row in rows if row["state"] != OFF]
    shown, first = standing or rows, rows[0]
    codes = [row["partner"] for row in shown]
    tentative = shown[0]["state"] == PROPOSED or _unconfirmed(ds, shown[0])
    changed = max(row["changed"] for row in rows)
    named = first | {"key": _first(first, corrected).get("key", first["key"])}
    parts = [named[name] for name in ("kind", "table", "key", "layer", "product", "step")]
    return Deadline(
        key=":".join(map(str, [partner or GENERAL, *parts])),
        day=f"{first['day']:%Y-%m-%d}",
        title=f"{_who(ds, codes)}{_DEADLINES[first['kind']]}: {_what(shown)}{_weight(shown)}",
        text=" ".join(_sentences(ds, shown, bool(standing), changed)),
        status="CANCELLED" if not standing else "TENTATIVE" if tentative else "CONFIRMED",
        revision=len({row["changed"] for row in rows if row["state"] == OFF}),
        changed=f"{changed:%Y-%m-%d}",
        kind=first["kind"],
        page=f"partner-{codes[0]}" if len(codes) == 1 and codes[0] in ds.names else "overview",
    )


def _who(ds: Dataset, codes: list[str]) -> str:
    names = [ds.names.get(code, "All partners") for code in codes]
    return listing(names) if len(names) <= _MOST_NAMES else count(len(names), "partner").capitalize()


def _what(rows: list[_Row]) -> str:
    first = rows[0]
    if not first["layer"]:
        return shortened(first["text"].rstrip("."))
    return f"{layer_name(first['layer'], first['product'])} to {_rates(rows)}"


def _rates(rows: list[_Row]) -> str:
    found = sorted({(row["rate_pct"], row["basis"]) for row in rows})
    lowest, highest = rate(*found[0]), rate(*found[-1])
    return lowest if lowest == highest else f"between {lowest} and {highest}"


def _weight(rows: list[_Row]) -> str:
    """Points and trade at stake in brackets; nothing where they are not known, or do not count."""
    moves = [row["points"] for row in rows if abs(row["points"]) >= LEAST_POINTS]
    touched = sum(row["touched_usd_bn"] for row in rows if row["touched_usd_bn"] > 0)
    parts = []
    if moves:
        most = max(moves, key=abs)
        parts.append(f"{'up to ' if len(rows) > 1 else ''}{points(most)}")
    if touched >= LEAST_POINTS:
        parts.append(f"{money_bn(round(touched, 1))} of imports")
    return f" ({', '.join(parts)})" if parts else ""


def points(value: float) -> str:
    """Write a move of an average duty with its sign: "+5.1 points"."""
    return f"{change(value)} points"


def _sentences(ds: Dataset, rows: list[_Row], stands: bool, changed: pd.Timestamp) -> list[str]:
    first = rows[0]
    found = [f"{capital(first['text'].rstrip('.'))}."]
    if len(rows) > _MOST_NAMES:
        found.append(f"Concerns {listing([ds.names.get(row['partner'], 'all others') for row in rows])}.")
    if not stands:
        found.append(f"No longer to come: replaced, withdrawn or done, as known on {day(changed)}.")
    elif first["state"] == PROPOSED:
        found.append("No order sets this rate.")
    elif first["kind"] == "rate step" and _unconfirmed(ds, first):
        found.append("No source on record says that it applied.")
    if any(row["known"] == "partly" for row in rows):
        found.append("Its weight is an upper bound or rests on an assumed share.")
    if _weight(rows):
        found.append("Points: the move of the average duty on the imports of 2024, all else as it is; ours.")
    return [*found, f"Known since {day(changed)}."] if stands else found


def _unconfirmed(ds: Dataset, row: _Row) -> bool:
    return bool(row["confidence"] == "unconfirmed" and row["day"] <= ds.as_of)
