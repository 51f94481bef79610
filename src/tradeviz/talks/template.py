"""How much of USTR's template each text covers, and how the texts differ."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.frames import with_days
from tradeviz.talks.clauses import RANK, clauses, strongest
from tradeviz.topics import READ_IN, TEMPLATE_HEADINGS, TOPICS_BY_HEADING


def template_reach(ds: Dataset) -> pd.DataFrame:
    """How much of the template each text covers, heading by heading.

    Returns
    -------
    pandas.DataFrame
        Five rows (the headings of USTR's template) per text with a clause, in partner order, then
        as the texts came out: partner, document, published, heading, topics (number under the
        heading), covered (number on which the text says something), binding (number on which the
        partner shall, or has done it), share_binding (binding / topics), partner_strength and
        us_strength (the strongest; "" is silent), clauses (number).

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> reach = talks.template_reach(tradeviz.load("2025-10-26"))
    >>> sorted(set(reach["partner"]))[:2]
    ['CHN', 'EUU']
    """
    rows = []
    for (code, document, published), text_rows in _texts(ds):
        for heading in TEMPLATE_HEADINGS:
            under = text_rows[text_rows["heading"] == heading]
            owed = under[under["bound"] != "US"]
            topics = len(TOPICS_BY_HEADING[heading])
            binding = owed.loc[owed["strength"].isin(["shall", "done"]), "topic"].nunique()
            rows.append(
                {
                    "partner": code,
                    "document": document,
                    "published": published,
                    "heading": heading,
                    "topics": topics,
                    "covered": under["topic"].nunique(),
                    "binding": binding,
                    "share_binding": binding / topics,
                    "partner_strength": strongest(owed["strength"]),
                    "us_strength": strongest(under.loc[under["bound"] != "partner", "strength"]),
                    "clauses": len(under),
                }
            )
    columns = ["partner", "document", "published", "heading", "topics", "covered", "binding"]
    columns += ["share_binding", "partner_strength", "us_strength", "clauses"]
    return with_days(pd.DataFrame(rows, columns=columns), ["published"])


def text_differences(ds: Dataset) -> pd.DataFrame:
    """How each pair of texts differs in what the partner owes under the template.

    Each topic of the template is compared by the strongest clause that binds the partner; silent
    is weaker than any verb.

    Returns
    -------
    pandas.DataFrame
        One row per pair of texts of different partners: partner, document, other_partner,
        other_document, topics (number on which at least one of them binds its partner), same
        (number on which both do equally), firmer (number on which the first binds more firmly),
        looser (more loosely), only_first and only_other (number of firmer and of looser topics on
        which the other text is silent), share_same (same / topics; NaN without topics).

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> pairs = talks.text_differences(tradeviz.load("2025-10-26"))
    >>> pairs.sort_values("same")[["document", "other_document"]].iloc[-1].tolist()
    ['Agreement on Reciprocal Trade', 'Agreement on Reciprocal Trade']
    """
    texts = [(code, document, _owed(text_rows)) for (code, document, _), text_rows in _texts(ds)]
    rows = []
    for index, (code, document, first) in enumerate(texts):
        for other_code, other_document, other in texts[index + 1 :]:
            if code == other_code:
                continue
            both = {topic: (first.get(topic, 0), other.get(topic, 0)) for topic in {*first, *other}}
            same = sum(a == b for a, b in both.values())
            rows.append(
                {
                    "partner": code,
                    "document": document,
                    "other_partner": other_code,
                    "other_document": other_document,
                    "topics": len(both),
                    "same": same,
                    "firmer": sum(a > b for a, b in both.values()),
                    "looser": sum(a < b for a, b in both.values()),
                    "only_first": sum(b == 0 for _, b in both.values()),
                    "only_other": sum(a == 0 for a, _ in both.values()),
                    "share_same": same / len(both) if both else float("nan"),
                }
            )
    columns = ["partner", "document", "other_partner", "other_document", "topics", "same", "firmer"]
    return pd.DataFrame(rows, columns=[*columns, "looser", "only_first", "only_other", "share_same"])


def texts_read(ds: Dataset) -> pd.DataFrame:
    """The texts with clauses, and in what their wording was read.

    Returns
    -------
    pandas.DataFrame
        In partner order, then as the texts came out: partner, document, published, clauses
        (number), then of these read_in_text, read_in_summary and read_in_report (numbers by where the
        wording was read).

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> talks.texts_read(tradeviz.load("2025-05-12"))[["partner", "document"]].values.tolist()
    [['CHN', 'Geneva joint statement'], ['GBR', 'General terms']]
    """
    rows = [
        {"partner": code, "document": document, "published": published, "clauses": len(text_rows)}
        | {f"read_in_{kind}": int((text_rows["read_in"] == kind).sum()) for kind in READ_IN}
        for (code, document, published), text_rows in _texts(ds)
    ]
    columns = ["partner", "document", "published", "clauses", *(f"read_in_{kind}" for kind in READ_IN)]
    return with_days(pd.DataFrame(rows, columns=columns), ["published"])


def _texts(ds: Dataset) -> list[tuple[Any, pd.DataFrame]]:
    """Each text with clauses, in partner order, then as they came out: (partner, document, day) and rows."""
    known = clauses(ds).sort_values("published", kind="stable")
    texts = list(known.groupby(["partner", "document", "published"], sort=False))
    codes = list(ds.partners["partner"])
    return sorted(texts, key=lambda text: codes.index(text[0][0]))


def _owed(text_rows: pd.DataFrame) -> dict[str, int]:
    """How firmly the partner is bound on each topic of the template."""
    owed = text_rows[(text_rows["bound"] != "US") & text_rows["heading"].isin(TEMPLATE_HEADINGS)]
    return {str(topic): RANK[strongest(rows["strength"])] for topic, rows in owed.groupby("topic")}
