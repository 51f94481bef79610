"""How far each partner has come: the ladder, its flags, and the acts that carry a deal out.

A partner's stage is the furthest rung reached by milestones of scope `deal`. `collapsed` takes it
back to talks opened (or leaves it below), clears a suspension and marks the talks as broken
off until `resumed` or a new rung; `suspended` and `resumed` set and clear a flag only.
Milestones of scope `sector` never move anything. A rung that was skipped is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import by_partner, once_per_dataset, records, with_days
from tradeviz.rates import schedules
from tradeviz.vocabulary import ACTS, LAYER_NAMES, STAGES
from tradeviz.wording import day, listing, rate

_TALKS_OPENED = STAGES.index("talks_opened")
_RESTS_ON = {
    "contact": "contact",
    "talks_opened": "talks",
    "framework_announced": "framework",
    "text_published": "text",
    "agreement_signed": "signed",
    "entered_into_force": "in force",
}
_PROLONGED_BY = {
    "contact": "a statement",
    "talks_opened": "a statement",
    "framework_announced": "a statement",
    "text_published": "a text",
    "agreement_signed": "a signed agreement",
}
_STAGE_COLUMNS = ["stage", "rung", "since", "document", "suspended", "suspended_since"]
_STAGE_COLUMNS += [
    "broken_off",
    "broken_off_on",
    "lost_stage",
    "ends",
    "prolonged_to",
    "term_ended",
    "rests_on",
    "source_ids",
]


@dataclass(frozen=True)
class _Standing:
    """Where one partner stands after some of its milestones."""

    rung: int = -1
    since: pd.Timestamp | None = None
    last: dict[str, Any] = field(default_factory=dict)
    prolonged: dict[str, Any] = field(default_factory=dict)
    suspended_since: pd.Timestamp | None = None
    broken_off_on: pd.Timestamp | None = None
    opened: pd.Timestamp | None = None
    lost_stage: str = ""

    @property
    def ends(self) -> pd.Timestamp:
        """The last day of the document that the stage rests on; NaT where it names none."""
        return self.last.get("expires", pd.NaT)

    @property
    def prolonged_to(self) -> pd.Timestamp:
        """The later last day that a lesser document named since; NaT where none did."""
        return self.prolonged.get("expires", pd.NaT)

    @property
    def stage(self) -> str:
        return STAGES[self.rung] if self.rung >= 0 else ""

    @property
    def flags(self) -> tuple[bool, bool]:
        return self.suspended_since is not None, self.broken_off_on is not None

    def after(self, row: dict[str, Any]) -> _Standing:
        """Where the partner stands after one more milestone of scope deal."""
        stage, when = row["stage"], row["date"]
        if stage in STAGES:
            rung = STAGES.index(stage)
            if rung > self.rung:
                opened = self.opened or (when if rung >= _TALKS_OPENED else None)
                higher = replace(self, rung=rung, since=when, last=row, prolonged={}, opened=opened)
                return replace(higher, broken_off_on=None, lost_stage="")
            if rung == self.rung and (row["document"] or not self.last.get("document")):
                return replace(self, last=row, prolonged={}, broken_off_on=None)
            longer = pd.notna(self.ends) and row["expires"] > self.ends
            return replace(self, prolonged=row if longer else self.prolonged, broken_off_on=None)
        if stage == "suspended":
            return self if self.flags[0] else replace(self, suspended_since=when)
        if stage == "resumed":
            return replace(self, suspended_since=None, broken_off_on=None)
        if stage == "collapsed":
            broken_off = replace(self, suspended_since=None, broken_off_on=when)
            if self.rung <= _TALKS_OPENED:
                return broken_off
            fallen = replace(broken_off, rung=_TALKS_OPENED, since=self.opened, lost_stage=self.stage)
            return replace(fallen, last={"source_ids": row["source_ids"]}, prolonged={})
        return self


@once_per_dataset
def stages(ds: Dataset) -> pd.DataFrame:
    """Where every partner stands at `ds.as_of`.

    Returns
    -------
    pandas.DataFrame
        One row per partner, in partner order: partner, name, track, stage ("" where none is on
        record), rung (-1 to 5), since (day the stage was first reached), document (the latest that the
        stage rests on), suspended, suspended_since (day), broken_off, broken_off_on (day),
        lost_stage (the further stage that the last break-off took back, "" for none), ends
        (last day of the document, or NaT), prolonged_to (the later day that a lesser document named
        since, such as a statement, or NaT), term_ended (True where `ends` has passed), rests_on
        (the same document in short, with these days), source_ids (of the milestone that it rests
        on; of the break-off that took a further one back).

    Examples
    --------
    >>> stage = talks.stages(ds).set_index("partner").loc["KOR"]
    >>> stage["stage"], stage["since"].date().isoformat()
    ('talks_opened', '2025-04-24')
    """
    milestones = _deal_milestones(ds)
    rows = []
    for partner in records(ds.partners):
        standing = _Standing()
        for row in milestones[partner["partner"]]:
            standing = standing.after(row)
        suspended, broken_off = standing.flags
        rows.append(
            {
                "partner": partner["partner"],
                "name": partner["name"],
                "track": partner["track"],
                "stage": standing.stage,
                "rung": standing.rung,
                "since": standing.since,
                "document": standing.last.get("document", ""),
                "suspended": suspended,
                "suspended_since": standing.suspended_since,
                "broken_off": broken_off,
                "broken_off_on": standing.broken_off_on,
                "lost_stage": standing.lost_stage,
                "ends": standing.ends,
                "prolonged_to": standing.prolonged_to,
                "term_ended": bool(standing.ends < ds.as_of),
                "rests_on": _rests_on(standing, ds.as_of),
                "source_ids": standing.last.get("source_ids", ""),
            }
        )
    frame = pd.DataFrame(rows, columns=["partner", "name", "track", *_STAGE_COLUMNS])
    return with_days(frame, ["since", "suspended_since", "broken_off_on", "ends", "prolonged_to"])


@once_per_dataset
def stage_history(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The spans of time that each partner spent at a stage, flags included.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Partner code to keep; all when not given.

    Returns
    -------
    pandas.DataFrame
        partner, start (day), end (day the next span starts, or as_of), stage, rung, suspended,
        broken_off; in partner order, then by start. Days before the first milestone have no span.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> talks.stage_history(ds, "KOR")[["stage", "start"]]
              stage      start
    0       contact 2025-02-27
    1  talks_opened 2025-04-24
    """
    codes = list(ds.partners["partner"]) if partner is None else [ds.partner(partner)["partner"]]
    milestones = _deal_milestones(ds)
    rows = []
    for code in codes:
        standing = _Standing()
        spans: dict[pd.Timestamp, _Standing] = {}
        for row in milestones[code]:
            later = standing.after(row)
            if (later.rung, later.flags) != (standing.rung, standing.flags):
                spans[row["date"]] = later
            standing = later
        starts = list(spans)
        for start, end in zip(starts, [*starts, ds.as_of][1:], strict=True):
            at = spans[start]
            suspended, broken_off = at.flags
            rows.append((code, start, end, at.stage, at.rung, suspended, broken_off))
    columns = ["partner", "start", "end", "stage", "rung", "suspended", "broken_off"]
    return with_days(pd.DataFrame(rows, columns=columns), ["start", "end"])


def marks(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """Milestones drawn as marks on the band: acts, break-offs, and all of scope sector.

    Returns
    -------
    pandas.DataFrame
        partner, date (day), stage, scope, document, summary, source_ids; in partner order.

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> talks.marks(tradeviz.load("2025-08-07"), "CHE")["stage"].tolist()
    ['collapsed']
    """
    rows = _of_partner(ds, partner)
    marked = rows["stage"].isin([*ACTS, "collapsed"]) | (rows["scope"] == "sector")
    columns = ["partner", "date", "stage", "scope", "document", "summary", "source_ids"]
    return rows.loc[marked, columns].reset_index(drop=True)


@once_per_dataset
def acts(ds: Dataset, partner: str | None = None) -> pd.DataFrame:
    """The acts by which each side carried the deal out, and what became of the orders.

    An act is matched with the partner's orders announced on its day; what became of them follows
    from the schedule: a rate still in force, replaced by a later order, or lapsed (set to zero).

    Returns
    -------
    pandas.DataFrame
        partner, date (day), stage (us_implemented or partner_ratified), scope, document,
        summary, source_ids, outcome (text; "" where no order of that day is on record).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> talks.acts(tradeviz.load("2025-09-30"), "JPN")["date"].min().date().isoformat()
    '2025-07-31'
    """
    rows = marks(ds, partner)
    rows = rows[rows["stage"].isin(ACTS)].reset_index(drop=True)
    steps = schedules(ds, partner)
    orders = ds.tariffs[ds.tariffs["force"] == "order"]
    return rows.assign(outcome=[_outcome(row, orders, steps) for row in records(rows)])


def _deal_milestones(ds: Dataset) -> dict[str, list[dict[str, Any]]]:
    """The milestones of scope deal by partner, each partner's by date."""
    rows = ds.milestones[ds.milestones["scope"] == "deal"]
    return by_partner(rows.sort_values("date", kind="stable"))


def _of_partner(ds: Dataset, partner: str | None) -> pd.DataFrame:
    order = {code: i for i, code in enumerate(ds.partners["partner"])}
    rows = ds.milestones
    if partner is not None:
        rows = rows[rows["partner"] == ds.partner(partner)["partner"]]
    position = rows["partner"].map(order)
    return (
        rows.assign(position=position)
        .sort_values(["position", "date"], kind="stable")
        .drop(columns="position")
    )


def _rests_on(standing: _Standing, as_of: pd.Timestamp) -> str:
    if not standing.stage:
        return "no contact on record"
    form = _RESTS_ON[standing.stage]
    last = standing.last
    document = last.get("document_short") or last.get("document")
    if not document:
        return f"{form} {'since' if standing.rung <= _TALKS_OPENED else 'of'} {day(_dated(standing))}"
    if pd.isna(standing.ends):
        return f"{form}: {document}"
    ended = standing.ends < as_of
    text = f"{'term ended' if ended else form}: {document}, to {day(standing.ends)}"
    if standing.prolonged:
        text += f"; by {_PROLONGED_BY[standing.prolonged['stage']]} to {day(standing.prolonged_to)}"
    return f"{text}; outcome not on record" if ended else text


def _dated(standing: _Standing) -> pd.Timestamp | None:
    return standing.since if standing.rung <= _TALKS_OPENED else standing.last["date"]


def _outcome(act: dict[str, Any], orders: pd.DataFrame, steps: pd.DataFrame) -> str:
    act_orders = orders[(orders["partner"] == act["partner"]) & (orders["announced"] == act["date"])]
    retaliation = act["stage"] == "partner_ratified"
    act_orders = act_orders[(act_orders["layer"] == "retaliation") == retaliation]
    fates: dict[str, list[str]] = {}
    for (layer, product), _ in act_orders.groupby(["layer", "product"], sort=False):
        series = steps[
            (steps["partner"] == act["partner"]) & (steps["layer"] == layer) & (steps["product"] == product)
        ]
        names = fates.setdefault(_fate(series, set(act_orders["order_id"])), [])
        name = LAYER_NAMES[str(layer)] + (f" ({product})" if product and retaliation else "")
        if name not in names:
            names.append(name)
    return "; ".join(f"{listing(names)}: {fate}" for fate, names in fates.items())


def _fate(series: pd.DataFrame, order_ids: set[str]) -> str:
    steps = series[series["order_id"].isin(order_ids)]
    if steps.empty:
        return "replaced before its first day"
    current = steps[steps["state"] == "in_force"]
    if len(current):
        row = current.iloc[-1]
        return f"{rate(row['rate_pct'], row['basis'])} in force"
    last = steps.iloc[-1]
    if last["state"] in ("scheduled", "unconfirmed"):
        confirmed = "" if last["state"] == "scheduled" else "; not confirmed"
        return f"{rate(last['rate_pct'], last['basis'])} scheduled for {day(last['effective'])}{confirmed}"
    after = series[series["effective"] == last["until"]].iloc[-1]
    if after["rate_pct"] == 0:
        return f"lapsed on {day(last['until'])}"
    if (after["rate_pct"], after["basis"]) == (last["rate_pct"], last["basis"]):
        return f"continued from {day(last['until'])} by a later order"
    return f"replaced on {day(last['until'])} by {rate(after['rate_pct'], after['basis'])}"
