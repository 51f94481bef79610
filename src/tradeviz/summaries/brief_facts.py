"""Where the facts of a partner's brief come from: the ranking of duties, changes, dates and news."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from tradeviz import rates, talks, wording
from tradeviz.data import Dataset
from tradeviz.data.scenario import on_record
from tradeviz.frames import once_per_dataset, records
from tradeviz.rates.schedules import without_overtaken
from tradeviz.summaries.brief import BriefFacts, Change, Contact, DateAhead, Duty, News, Pledge
from tradeviz.summaries.facts import plain_day, plain_number, seen
from tradeviz.vocabulary import COMMITMENT_KINDS, GENERAL, duty_name, layer_name
from tradeviz.wording import capital, day, rate, with_article

LEAST_SHARE = 0.001
"""Share of a partner's trade from which on a change can head a page."""

NEWS_SPAN = pd.Timedelta(days=30)
"""How far back news count."""
_MOST_DATES, _MOST_PLEDGES, _MOST_NEWS, _MOST_SOURCES = 3, 3, 3, 5
_WITHIN = pd.Timedelta(days=730)
_LONGEST_TEXT = 120
_SENTENCE_END = re.compile(r"(?<!\bU\.S)(?<!\bNo)\. (?=[A-Z])")
_KINDS_OF_NEWS = ("milestone", "order", "threat", "rate agreed", "meeting", "commitment", "issue")


@once_per_dataset
def brief(ds: Dataset, code: str) -> BriefFacts:
    """Find what matters most about a partner, first what weighs most.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    code : str
        ISO 3166 alpha-3 code of the partner, EUU for the European Union.

    Returns
    -------
    BriefFacts
        The facts; `.text` is the headline.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> facts = summaries.brief(ds, "KOR")
    >>> facts.duty.layer, facts.coming.kind, facts.coming.effective.isoformat()
    ('the Section 232 duty on cars', 'scheduled', '2025-07-09')
    """
    stages = talks.stages(ds)
    stage = stages[stages["partner"] == code].iloc[0]
    in_force = rates.in_force_at_stake(ds, partner=code)
    ahead = rates.ahead(ds, code)
    heavy = ahead[ahead["share_of_partner"] >= LEAST_SHARE]
    pledges, others = _pledges(ds, code)
    since = ds.as_of - NEWS_SPAN
    news, more_news = _news(ds, code, since)
    charged = records(rates.charged(ds, code).tail(1))
    return BriefFacts(
        **seen(ds),
        name=stage["name"],
        long_name=with_article(stage["name"]),
        on_record=on_record(ds, code),
        stage=stage["stage"],
        since=plain_day(stage["since"]),
        lost_stage=stage["lost_stage"],
        rests_on=stage["rests_on"],
        suspended_since=plain_day(stage["suspended_since"]),
        broken_off_on=plain_day(stage["broken_off_on"]),
        term_ended=plain_day(stage["ends"]) if stage["term_ended"] else None,
        **_effective(ds, code, since),
        charged_month=plain_day(charged[0]["month"]) if charged else None,
        charged_pct=plain_number(charged[0]["charged_pct"]) if charged else None,
        duty=_heaviest(in_force),
        coming=_change(records(heavy)[0], in_force) if len(heavy) else None,
        unweighed=int((ahead["known"] == "no").sum()),
        dates=_dates(ds, code, ahead, stage),
        contact=_contact(ds, code),
        pledges=pledges,
        other_pledges=others,
        news_since=since.date(),
        news=news,
        other_news=more_news,
        rates_through=min(ds.as_of, ds.coverage_end).date(),
        source_ids=_carriers(ds, code, stage, in_force, heavy),
    )


def _effective(ds: Dataset, code: str, since: pd.Timestamp) -> dict[str, Any]:
    now = rates.effective(ds).set_index("partner")
    row = now.loc[code]
    if pd.isna(row["effective_pct"]):
        nothing = dict.fromkeys(("effective_pct", "base_pct", "added_pct", "moved_points"))
        return nothing | {"rank": 0, "partners": len(now)}
    before = rates.effective(ds, since, code)["effective_pct"].iloc[0]
    return {
        "effective_pct": float(row["effective_pct"]),
        "base_pct": float(row["base_pct"]),
        "added_pct": float(row["added_pct"]),
        "rank": int((now["effective_pct"] > row["effective_pct"]).sum()) + 1,
        "partners": len(now),
        "moved_points": float(row["effective_pct"] - before),
    }


def _heaviest(in_force: pd.DataFrame) -> Duty | None:
    weighing = in_force[in_force["points"] > 0]
    if weighing.empty:
        return None
    row = records(weighing)[0]
    layer = duty_name(row["layer"], row["product"])
    return Duty(layer, row["rate_pct"], row["basis"], row["points"], row["share_of_partner"])


def _change(row: dict[str, Any], in_force: pd.DataFrame) -> Change:
    same = (in_force["layer"] == row["layer"]) & (in_force["product"] == row["product"])
    before = float(in_force.loc[same, "rate_pct"].max()) if same.any() else 0.0
    return Change(
        kind=row["kind"],
        layer=duty_name(row["layer"], row["product"]),
        pct=row["rate_pct"],
        basis=row["basis"],
        effective=plain_day(row["effective"]),
        announced=row["announced"].date(),
        points=row["points"],
        share=row["share_of_partner"],
        leaves_higher=bool(row["points"] < 0 and row["rate_pct"] > before),
    )


def _dates(ds: Dataset, code: str, ahead: pd.DataFrame, stage: pd.Series) -> tuple[DateAhead, ...]:
    """The days on which most is at stake, then the end of the term, then the soonest; by day."""
    rows = ahead[ahead["effective"] > ds.as_of]
    found: dict[pd.Timestamp, DateAhead] = {}
    weighty = rows[rows["share_of_partner"] >= LEAST_SHARE]
    for when, same in [*weighty.groupby("effective", sort=False)][:_MOST_DATES]:
        row = records(same)[0]
        others = int((rows["effective"] == when).sum()) - 1
        weight = float(row["points"]), float(row["share_of_partner"])
        found[when] = DateAhead(when.date(), _step(row), *weight, others)
    if pd.notna(stage["ends"]) and ds.as_of < stage["ends"] <= ds.as_of + _WITHIN:
        found.setdefault(stage["ends"], DateAhead(stage["ends"].date(), _term(stage), None, None, 0))
    due = talks.expectations(ds, ds.as_of + pd.Timedelta(days=1), ds.as_of + _WITHIN)
    concerned = due["partner"].str.split(";").map(lambda codes: code in codes).astype("bool")
    expected = due[concerned & ~due["overtaken"] & (due["kind"] != "term ends")]
    for row in [*(_unweighed(change) for change in records(rows)), *records(expected)]:
        if len(found) >= _MOST_DATES:
            break
        same_day = expected[expected["day"] == row["day"]]
        others = max(0, len(same_day) - 1)
        found.setdefault(row["day"], DateAhead(row["day"].date(), _expected(row), None, None, others))
    return tuple(found[when] for when in sorted(found)[:_MOST_DATES])


def _term(stage: pd.Series) -> str:
    document = stage["rests_on"].partition(": ")[2].partition(", to ")[0]
    longer = stage["prolonged_to"]
    then = "" if pd.isna(longer) else f"; by a later statement, on {day(longer)}"
    return f"the term of the {document} ends{then}"


def _unweighed(row: dict[str, Any]) -> dict[str, Any]:
    return {"day": row["effective"], "kind": row["kind"], "text": _step(row)}


def _step(row: dict[str, Any]) -> str:
    said = {"threatened": ", threatened", "agreed": ", agreed"}.get(row["kind"], "")
    return f"{layer_name(row['layer'], row['product'])} to {rate(row['rate_pct'], row['basis'])}{said}"


def _expected(row: dict[str, Any]) -> str:
    before = {"term ends": "end of the ", "pledge ends": "pledge due: ", "clause deadline": "due under "}
    return before.get(row["kind"], "") + shortened(row["text"])


def _contact(ds: Dataset, code: str) -> Contact:
    last = talks.last_meetings(ds).set_index("partner").loc[code]
    record = ds.coverage[(ds.coverage["table"] == "meetings") & (ds.coverage["partner"] == code)]
    through = min(ds.as_of, record["through"].max()) if len(record) else ds.as_of
    gaps = ds.known_gaps[ds.known_gaps["partner"] == code].sort_values("last_day", kind="stable")
    if pd.notna(last["last_date"]):
        gaps = gaps[gaps["last_day"] > last["last_date"]]
    missing = tuple(shortened(text.partition(";")[0].partition(" (")[0]) for text in gaps["what"])
    return Contact(plain_day(last["last_date"]), str(last["level"]), through.date(), missing)


def _pledges(ds: Dataset, code: str) -> tuple[tuple[Pledge, ...], int]:
    rows = talks.commitments(ds, code)
    whole = rows[~rows["part_of"].isin(rows["commitment_id"])]
    whole = whole.assign(amount=whole["amount_usd_bn"].fillna(whole["amount_bn"]))
    named = whole[whole["amount"].notna()].sort_values("amount", ascending=False, kind="stable")
    largest = []
    for row in records(named.head(_MOST_PLEDGES)):
        kind = row["kind"]
        parts = rows[(rows["part_of"] == row["commitment_id"]) & (rows["status"] == "delivered")]
        largest.append(
            Pledge(
                amount_bn=float(row["amount"]),
                per=row["amount_per"],
                currency=row["currency"],
                what=shortened(row["description"]) if kind == "other" else COMMITMENT_KINDS[kind],
                announced=row["announced"].date(),
                status=row["status"],
                status_day=plain_day(row["status_date"]),
                delivered_bn=tuple(float(amount) for amount in parts["amount_usd_bn"].dropna()),
            )
        )
    return tuple(largest), len(whole) - len(largest)


def _news(ds: Dataset, code: str, since: pd.Timestamp) -> tuple[tuple[News, ...], int]:
    """What moves its average most first, then the newest, of each day the one that says most."""
    rows = talks.changes(ds, since)
    moves = _moves(ds, code, since)
    keys = rows["key"].where(rows["table"] == "tariffs", "")
    share = keys.map({order: share for order, (_, share) in moves.items()}).fillna(0.0).astype("float64")
    points = keys.map({order: points for order, (points, _) in moves.items()}).astype("float64")
    heavy = share >= LEAST_SHARE
    kinds = {kind: rank for rank, kind in enumerate(_KINDS_OF_NEWS)}
    rows = rows.assign(
        points=points,
        weight=-points.abs().where(heavy, 0.0),
        kind_order=rows["kind"].map(kinds).fillna(len(kinds)),
        newest=-rows["date"].astype("int64"),
        once=rows["date"].mask(heavy),
    )
    rows = rows[(rows["partner"] == code) | ((rows["partner"] == GENERAL) & heavy)]
    rows = rows.sort_values(["weight", "newest", "kind_order"], kind="stable")
    repeated = rows["once"].notna() & rows["once"].duplicated()
    shown = [
        News(row["date"].date(), row["kind"], shortened(row["text"]), plain_number(row["points"]))
        for row in records(rows[~repeated].head(_MOST_NEWS))
    ]
    return tuple(shown), len(rows) - len(shown)


def _moves(ds: Dataset, code: str, since: pd.Timestamp) -> dict[str, tuple[float | None, float]]:
    """By order: the points of the step that weighs most for a partner, and its share of trade."""
    steps = ds.tariffs[(ds.tariffs["announced"] > since) & ds.tariffs["partner"].isin([code, GENERAL])]
    own_steps = steps.loc[steps["partner"] == code, ["order_id", "layer", "product"]]
    ours = set(map(tuple, own_steps.to_numpy()))
    keys = list(map(tuple, steps[["order_id", "layer", "product"]].to_numpy()))
    reaches = [p == code or key not in ours for p, key in zip(steps["partner"], keys, strict=True)]
    steps = without_overtaken(ds, steps.loc[reaches])
    if steps.empty:
        return {}
    ranks = rates.ranked(rates.at_stake(ds, steps.assign(partner=code))).drop_duplicates("order_id")
    return {
        row["order_id"]: (plain_number(row["points"]), plain_number(row["share_of_partner"]) or 0.0)
        for row in records(ranks)
    }


def _carriers(
    ds: Dataset, code: str, stage: pd.Series, in_force: pd.DataFrame, heavy: pd.DataFrame
) -> tuple[str, ...]:
    """The first document of each fact that heads the sheet, then their others."""
    orders = [*in_force.loc[in_force["points"] > 0, "order_id"].head(1), *heavy["order_id"].head(1)]
    cells = [ds.tariffs.loc[ds.tariffs["order_id"] == order_id, "source_ids"].iloc[0] for order_id in orders]
    met = talks.meetings(ds, code)
    pledged = talks.commitments(ds, code).sort_values("amount_usd_bn", ascending=False, kind="stable")
    cells += [stage["source_ids"], *met["source_ids"].tail(1), *pledged["source_ids"].head(1)]
    lists = [cell.split(";") for cell in cells if cell]
    longest = max(map(len, lists), default=0)
    in_turn = [cited[turn] for turn in range(longest) for cited in lists if turn < len(cited)]
    known = set(ds.sources["source_id"])
    return tuple(dict.fromkeys(source_id for source_id in in_turn if source_id in known))[:_MOST_SOURCES]


def shortened(text: str) -> str:
    """The first sentence of a text, cut at a word where it is long."""
    first = _SENTENCE_END.split(text)[0].removesuffix(".")
    return capital(wording.shortened(first, _LONGEST_TEXT))
