"""What the texts of the deals oblige: clauses, who owes them, how firmly, and by when.

Strength is read from the verb of the text (CONTRIBUTING.md has the rule); it says what a text
says, not what is in force. A clause of both sides counts on each.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import records, with_days
from tradeviz.topics import HEADING_OF, STRENGTHS, TOPICS

SIDES: tuple[str, ...] = ("partner", "US")
"""The two sides of a text, in the order of columns."""

SILENT = ""
"""Strength of a topic on which a text, or one side of it, is silent."""

RANK = {SILENT: 0, **{strength: rank for rank, strength in enumerate(STRENGTHS, 1)}}
"""Firmness of each strength, from 0 for silence."""


def clauses(
    ds: Dataset, partner: str | None = None, topic: str | None = None, role: str | None = "clause"
) -> pd.DataFrame:
    """The clauses known at `ds.as_of`.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner, topic : str, optional
        Partner code, and topic of `tradeviz.topics.TOPICS`, to keep; all when not given.
    role : str, optional
        "clause" (undertakings in texts of both sides), "act" (what carries a text out), "account"
        (one side's telling, or a statement beside a text); None keeps all.

    Returns
    -------
    pandas.DataFrame
        The columns of the table `clauses` (data/README.md) after heading, which groups topics;
        in partner and topic order, then as the texts came out.

    Raises
    ------
    UsageError
        If the partner or the topic is unknown.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> ds = tradeviz.load("2025-10-26")
    >>> talks.clauses(ds, "KHM", "quotas")[["article", "bound", "strength"]].values.tolist()
    [['1.2', 'partner', 'shall']]
    """
    rows = ds.clauses
    if role is not None:
        rows = rows[rows["role"] == role]
    if partner is not None:
        rows = rows[rows["partner"] == ds.partner(partner)["partner"]]
    if topic is not None:
        if topic not in TOPICS:
            raise UsageError(f'topic "{topic}" is unknown; use one of {", ".join(TOPICS)}')
        rows = rows[rows["topic"] == topic]
    positions = {code: position for position, code in enumerate(ds.partners["partner"])}
    order = pd.DataFrame(
        {
            "partner": rows["partner"].map(positions),
            "topic": rows["topic"].map(TOPICS.index),
            "published": rows["published"],
        }
    ).sort_values(["partner", "topic", "published"], kind="stable")
    rows = rows.loc[order.index].reset_index(drop=True)
    rows.insert(0, "heading", rows["topic"].map(HEADING_OF).astype("str"))
    return rows


def clause_matrix(ds: Dataset) -> pd.DataFrame:
    """What each side owes on each topic in the texts known at `ds.as_of`, all texts of a partner together.

    Returns
    -------
    pandas.DataFrame
        One row per partner and topic with a clause, in partner and topic order: partner, heading,
        topic, partner_strength and us_strength (the strongest of each side; "" where it owes
        nothing), partner_clauses and us_clauses (numbers; a clause of both counts on each),
        clauses (number), read_in ("text" where one was read in a text, else "summary" or "report").

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> talks.clause_matrix(tradeviz.load("2025-04-25")).empty
    True
    """
    known = clauses(ds)
    rows = []
    for (code, topic), on_topic in known.groupby(["partner", "topic"], sort=False):
        row: dict[str, Any] = {"partner": code, "heading": HEADING_OF[str(topic)], "topic": topic}
        for side in SIDES:
            owed = on_topic[on_topic["bound"].isin([side, "both"])]
            row[f"{side.lower()}_strength"] = strongest(owed["strength"])
            row[f"{side.lower()}_clauses"] = len(owed)
        best = next((kind for kind in ("text", "summary") if (on_topic["read_in"] == kind).any()), "report")
        rows.append(row | {"clauses": len(on_topic), "read_in": best})
    columns = ["partner", "heading", "topic", "partner_strength", "us_strength"]
    columns += ["partner_clauses", "us_clauses", "clauses", "read_in"]
    numbers = dict.fromkeys(["partner_clauses", "us_clauses", "clauses"], "int64")
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def peculiar_clauses(
    ds: Dataset, partner: str | None = None, firmest: int | None = None, shared: int | None = 0
) -> pd.DataFrame:
    """What a partner alone owes that no other partner owes as firmly, or few do.

    Compared by topic, against what others owe alone or together with the United States. The
    rarest come first, then the firmest, one for each topic.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str, optional
        Partner code to keep; all, in partner order, when not given.
    firmest : int, optional
        How many to keep of each partner; all when not given.
    shared : int, optional
        How many other partners may owe something as firmly on the topic; any number for None.

    Returns
    -------
    pandas.DataFrame
        The columns of `clauses`, then others (number of other partners that owe anything on the
        topic) and as_firm (codes of those that owe it as firmly, `;`-separated).

    Raises
    ------
    UsageError
        If the partner is unknown.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> rare = talks.peculiar_clauses(tradeviz.load(), "IDN", firmest=1, shared=1)
    >>> rare[["topic", "as_firm"]].values.tolist()
    [['biotech_food', '']]
    """
    known = clauses(ds)
    owed = known[(known["bound"] != "US") & ~known["heading"].isin(["deal_itself", "other"])]
    firm: dict[str, dict[str, int]] = {}
    for row in records(owed):
        most = firm.setdefault(row["topic"], {})
        most[row["partner"]] = max(most.get(row["partner"], 0), RANK[row["strength"]])
    codes = list(ds.partners["partner"]) if partner is None else [ds.partner(partner)["partner"]]
    found = [_rarest(owed, code, firm, shared) for code in codes]
    return pd.concat(
        [rows.head(len(rows) if firmest is None else firmest) for rows in found], ignore_index=True
    )


def clause_deadlines(ds: Dataset) -> pd.DataFrame:
    """What is due under which article, as far as the day from which a term runs is known.

    A day that the text names is taken as it stands. A term runs from the day the text came out or
    from the partner's entry into force after it; before that has come there is no day.

    Returns
    -------
    pandas.DataFrame
        Clauses and acts with a day or a term, those with a day first, in its order: partner,
        clause_id, document, article, topic, bound, obligation, strength, deadline (words of the
        text), starts (the day from which the term runs; NaT without one), due (day, or NaT where
        the term does not run yet), state ("passed", "ahead" or "not running"), source_ids.

    Notes
    -----
    That a day has passed does not say that the clause was broken: whether it was kept is told, where
    it is known, by the status of the pledge.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> due = talks.clause_deadlines(tradeviz.load("2025-05-12"))
    >>> due["due"].min().strftime("%Y-%m-%d")
    '2025-05-14'
    """
    rows = clauses(ds, role=None)
    rows = rows[(rows["role"] != "account") & (rows["due"].notna() | (rows["due_after"] != ""))]
    started = _entries_into_force(ds)
    found = []
    for row in records(rows):
        starts: Any = pd.NaT
        if row["due_from"] == "published":
            starts = row["published"]
        elif row["due_from"]:
            starts = next((day for day in started.get(row["partner"], []) if day >= row["published"]), pd.NaT)
        due = row["due"] if not row["due_after"] else _after(starts, row["due_after"])
        state = "not running" if due is pd.NaT else "passed" if due < ds.as_of else "ahead"
        found.append(row | {"starts": starts, "due": due, "state": state})
    columns = ["partner", "clause_id", "document", "article", "topic", "bound", "obligation", "strength"]
    columns += ["deadline", "starts", "due", "state", "source_ids"]
    frame = with_days(pd.DataFrame(found, columns=columns), ["starts", "due"])
    return frame.sort_values("due", kind="stable").reset_index(drop=True)


def untraced_issues(ds: Dataset) -> pd.DataFrame:
    """Issues said to be in a text, or done, that neither a clause nor a reason stands behind.

    Returns
    -------
    pandas.DataFrame
        Rows of the table `issues` with status in_text or implemented, whose partner has no clause,
        act or account under the issue by then and no row in issues_without_clause, in file order.

    Examples
    --------
    >>> import tradeviz
    >>> from tradeviz import talks
    >>> talks.untraced_issues(tradeviz.load()).empty
    True
    """
    known, excused = clauses(ds, role=None), ds.issues_without_clause
    traced = {*zip(known["partner"], known["heading"], strict=True)}
    reasons = {*zip(excused["partner"], excused["date"], excused["issue"], strict=True)}
    rows = ds.issues[ds.issues["status"].isin(["in_text", "implemented"])]
    untraced = [
        (row["partner"], row["issue"]) not in traced
        and (row["partner"], row["date"], row["issue"]) not in reasons
        for row in records(rows)
    ]
    return rows[pd.array(untraced, dtype="bool")].reset_index(drop=True)


def _rarest(
    owed: pd.DataFrame, code: str, firm: dict[str, dict[str, int]], shared: int | None
) -> pd.DataFrame:
    rows = owed[(owed["partner"] == code) & (owed["bound"] == "partner")]
    rank = rows["strength"].map(RANK).astype("int64")
    as_firm = [
        [other for other, most in firm[topic].items() if other != code and most >= mine]
        for topic, mine in zip(rows["topic"], rank, strict=True)
    ]
    rows = rows.assign(
        others=pd.array([len(firm[topic]) - 1 for topic in rows["topic"]], dtype="int64"),
        as_firm=pd.array([";".join(codes) for codes in as_firm], dtype="str"),
        number=pd.array([len(codes) for codes in as_firm], dtype="int64"),
        rank=-rank,
    )
    rows = rows[rows["number"] <= (len(owed) if shared is None else shared)]
    rows = rows.sort_values(["number", "others", "rank"], kind="stable")
    return rows.drop_duplicates("topic").drop(columns=["number", "rank"])


def strongest(strengths: pd.Series) -> str:
    """Return the firmest of some strengths; silent where there are none."""
    return max(strengths, key=lambda strength: RANK[strength], default=SILENT)


def _entries_into_force(ds: Dataset) -> dict[str, list[pd.Timestamp]]:
    rows = ds.milestones
    rows = rows[(rows["stage"] == "entered_into_force") & (rows["scope"] == "deal")]
    return {str(code): sorted(entries["date"]) for code, entries in rows.groupby("partner")}


def _after(starts: Any, term: str) -> Any:
    if starts is pd.NaT:
        return pd.NaT
    number = int(term[1:-1])
    terms = {"D": pd.DateOffset(days=number), "M": pd.DateOffset(months=number)}
    return starts + (terms | {"Y": pd.DateOffset(years=number)})[term[-1]]
