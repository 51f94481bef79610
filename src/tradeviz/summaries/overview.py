"""The lead of the overview: where the talks stand, what is due, what is threatened."""

from __future__ import annotations

import pandas as pd

from tradeviz import rates, talks
from tradeviz.data import Dataset
from tradeviz.summaries.notes import tense
from tradeviz.vocabulary import STAGES, layer_name
from tradeviz.wording import count, day, listing, rate

_STANDING = {
    "framework_announced": "a framework",
    "text_published": "a published text",
    "agreement_signed": "a signed agreement",
    "entered_into_force": "terms in force",
}


def overview(ds: Dataset) -> str:
    """Where the talks with the 18 stand, what is due next, what is threatened: one paragraph."""
    stages = talks.stages(ds)
    stages = stages[stages["track"] == "reciprocal"]
    total = len(stages)
    opened = int((stages["rung"] >= STAGES.index("talks_opened")).sum())
    had = tense(ds, "have", "had")
    sentences = [
        f"As of {day(ds.as_of)}, {opened or 'none'} of {total} partners {had} opened talks or gone further"
    ]
    standing = [f"{n} {had if n > 1 else tense(ds, 'has', 'had')} {words}" for n, words in _standing(stages)]
    sentences[0] += f"; {listing(standing)}." if standing else f"; none {had} a framework."
    for flag, words in (("suspended", "suspended"), ("broken_off", "broken off")):
        names = list(stages.loc[stages[flag], "name"])
        if names:
            were = tense(ds, "are", "were")
            sentences.append(f"Talks with {listing(names)} {were} {words}.")
    sentences += [_next_cliff(ds), _open_proposals(ds)]
    return " ".join(filter(None, sentences))


def _standing(stages: pd.DataFrame) -> list[tuple[int, str]]:
    counts = [(int((stages["stage"] == stage).sum()), words) for stage, words in _STANDING.items()]
    return [(n, words) for n, words in counts if n]


def _next_cliff(ds: Dataset) -> str:
    calendar = rates.cliff_calendar(ds)
    of_the_18 = calendar["partners"].map(lambda codes: not set(ds.reciprocal).isdisjoint(codes.split(";")))
    calendar = calendar[of_the_18]
    is_due = tense(ds, "is", "was")
    if calendar.empty:
        return f"No change of rates {is_due} ordered for a later day."
    whole = rates.whole_economy_rows(calendar)
    first = (whole if len(whole) else calendar).iloc[0]
    single = first["n_partners"] == 1
    who = ds.name(first["partners"]) if single else count(int(first["n_partners"]), "partner")
    low, high = rate(first["lowest_pct"], first["basis"]), rate(first["highest_pct"], first["basis"])
    to = high if low == high else f"between {low} and {high}"
    layer = layer_name(first["layer"], first["product"])
    return f"The next change ordered {is_due} due on {day(first['effective'])}: {layer} to {to} for {who}."


def _open_proposals(ds: Dataset) -> str:
    sentences = []
    for force, noun, waiting in (("threat", "threat", "open"), ("deal", "agreed rate", "not yet ordered")):
        rows = rates.proposals(ds, force)
        n = rows.loc[rows["alive"], "order_id"].nunique()
        if n or force == "threat":
            be = tense(ds, "is", "was") if n == 1 else tense(ds, "are", "were")
            sentences.append(f"{count(n, noun).capitalize()} {be} {waiting}.")
    return " ".join(sentences)
