"""The summary of the overview: where the talks stand, what is due, what is threatened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tradeviz import rates, talks
from tradeviz.data import Dataset, split_list
from tradeviz.frames import once_per_dataset, records
from tradeviz.summaries.facts import DEAL_FORMS, Facts, all_goods_first, named_terms, seen, terms_in_force
from tradeviz.vocabulary import STAGES, layer_name
from tradeviz.wording import count, day, listing, rate, with_article


class NextChange(NamedTuple):
    """A change of rates already ordered: its day, layer, range of rates in percent, and whom it reaches.

    agreed: those of them with an agreed rate, not yet ordered, beside it.
    """

    day: date
    layer: str
    lowest_pct: float
    highest_pct: float
    basis: str
    partners: tuple[str, ...]
    agreed: tuple[str, ...]


@dataclass(frozen=True)
class OverviewFacts(Facts):
    """Where the talks with the partners of the reciprocal track stand.

    Attributes
    ----------
    partners, opened : int
        Number of these partners, and of those that have opened talks or gone further.
    forms : mapping of str to int
        Number of partners at each stage from a framework on; stages without one are left out.
    in_force : tuple of (str, str)
        Partners whose terms are in force, each with the document in short and its last day.
    suspended, broken_off : tuple of str
        Partners whose talks are suspended, or broken off.
    term_ended : tuple of (str, datetime.date)
        Partners whose stage rests on a document that has passed its last day, with that day; they do
        not count in `forms`.
    next_change : NextChange or None
        The next change ordered that reaches any of them: on all goods, or else in a sector.
    threats, agreed : int
        Threats still open, and agreed rates not yet ordered, of all partners.
    """

    partners: int
    opened: int
    forms: Mapping[str, int]
    in_force: tuple[tuple[str, str], ...]
    suspended: tuple[str, ...]
    broken_off: tuple[str, ...]
    term_ended: tuple[tuple[str, date], ...]
    next_change: NextChange | None
    threats: int
    agreed: int

    def sentences(self) -> list[str]:
        """Stages, flags, the next change, what is threatened and agreed."""
        return [self._stages(), *self._flags(), self._next(), *self._proposed()]

    def _stages(self) -> str:
        had = self.have(2)
        reached = [f"{n} {self.have(n)} {DEAL_FORMS[stage]}" for stage, n in self.forms.items()]
        return (
            f"As of {day(self.as_of)}, {self.opened or 'none'} of {self.partners} partners {had} opened talks"
            f" or gone further; {listing(reached) or f'none {had} a framework'}{named_terms(self.in_force)}."
        )

    def _flags(self) -> list[str]:
        flags = ((self.suspended, "suspended"), (self.broken_off, "broken off"))
        named = [(listing([with_article(name) for name in names]), words) for names, words in flags if names]
        said = [f"Talks with {names} {self.be(2)} {words}." for names, words in named]
        ended = [f"with {with_article(name)} ended on {day(last)}" for name, last in self.term_ended]
        return [*said, f"The term of the deal {listing(ended)}."] if ended else said

    def _next(self) -> str:
        change = self.next_change
        if change is None:
            return f"No change of rates {self.be()} ordered for a later day."
        single = len(change.partners) == 1
        who = with_article(change.partners[0]) if single else count(len(change.partners), "partner")
        low, high = (rate(pct, change.basis) for pct in (change.lowest_pct, change.highest_pct))
        to = high if low == high else f"between {low} and {high}"
        start = f"The next change ordered {self.be()} due on {day(change.day)}"
        beside = "; an agreed rate, not yet ordered, stands beside it" if change.agreed else ""
        return f"{start}: {change.layer} to {to} for {who}{beside}."

    def _proposed(self) -> list[str]:
        said = [f"{count(self.threats, 'threat').capitalize()} {self.be(self.threats)} open."]
        if self.agreed:
            agreed = count(self.agreed, "agreed rate").capitalize()
            said.append(f"{agreed} {self.be(self.agreed)} not yet ordered.")
        return said


@once_per_dataset
def overview(ds: Dataset) -> OverviewFacts:
    """Say where the talks stand, what is due next and what is threatened.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    OverviewFacts
        The facts; `.text` is the paragraph.

    Examples
    --------
    >>> facts = summaries.overview(ds)
    >>> facts.opened, facts.partners, facts.threats
    (12, 18, 0)
    >>> facts.sentences()[0]
    'As of 25 April 2025, 12 of 18 partners had opened talks or gone further; none had a framework.'
    """
    stages = talks.stages(ds)
    stages = stages[stages["track"] == "reciprocal"]
    running, ended = stages[~stages["term_ended"]], stages[stages["term_ended"]]
    forms = {stage: int((running["stage"] == stage).sum()) for stage in DEAL_FORMS}
    alive = {force: rates.proposals(ds, force).query("alive") for force in ("threat", "deal")}
    return OverviewFacts(
        **seen(ds),
        partners=len(stages),
        opened=int((stages["rung"] >= STAGES.index("talks_opened")).sum()),
        forms={stage: n for stage, n in forms.items() if n},
        in_force=terms_in_force(running),
        suspended=tuple(stages.loc[stages["suspended"], "name"]),
        broken_off=tuple(stages.loc[stages["broken_off"], "name"]),
        term_ended=tuple((row["name"], row["ends"].date()) for row in records(ended)),
        next_change=_next_change(ds),
        threats=alive["threat"]["order_id"].nunique(),
        agreed=alive["deal"]["order_id"].nunique(),
    )


def _next_change(ds: Dataset) -> NextChange | None:
    calendar = rates.cliff_calendar(ds)
    reached = calendar["partners"].map(lambda codes: not set(ds.reciprocal).isdisjoint(codes.split(";")))
    if not reached.any():
        return None
    first = all_goods_first(calendar[reached]).iloc[0]
    return NextChange(
        day=first["effective"].date(),
        layer=layer_name(first["layer"], first["product"]),
        lowest_pct=float(first["lowest_pct"]),
        highest_pct=float(first["highest_pct"]),
        basis=first["basis"],
        partners=tuple(ds.name(code) for code in first["partners"].split(";")),
        agreed=tuple(ds.name(code) for code in split_list(first["deal_partners"])),
    )
