"""Exhibits that a notebook shows and `tradeviz.explore` too, each written once.

Each takes the data set; those about one partner its code too. With `vector` the drawing stays SVG
however large it is: quicker, for what is looked at and not stored.
"""

from __future__ import annotations

from tradeviz import charts, rates, summaries, talks
from tradeviz.data import Dataset
from tradeviz.exhibits.figures import Exhibit, chart
from tradeviz.wording import with_article

HALF = (4.7, 3.3)
"""Size in inches of a chart that stands beside another one on paper."""


def staircase(
    ds: Dataset, partner: str, vector: bool = False, size: tuple[float, float] | None = None
) -> Exhibit:
    """The duty on goods of a partner: in force, scheduled, threatened and agreed.

    Examples
    --------
    >>> exhibits.staircase(ds, "KOR").name
    'staircase'
    """
    schedule = rates.schedules(ds, partner)
    threats, deals = (rates.proposals(ds, force, partner) for force in ("threat", "deal"))
    return chart(
        charts.staircase,
        schedule,
        threats,
        deals,
        ds.as_of,
        rates.usmca_by_layer(ds, schedule),
        name="staircase",
        title=f"What duty do goods of {with_article(ds.name(partner))} face?",
        subtitle="Percent; solid: in force, dashed: scheduled, triangle: threat, diamond: agreed",
        frame=charts.staircase_frame(schedule, threats, deals),
        alt=charts.staircase_text(schedule, threats, deals, ds.as_of),
        source="tradeviz table tariffs",
        empty=summaries.nothing(ds, "whole-economy rate", partner),
        vector=vector,
        size=size,
    )


def meetings(ds: Dataset, partner: str, vector: bool = False) -> Exhibit:
    """The meetings with a partner, by level.

    Examples
    --------
    >>> "2025-04-24" in exhibits.meetings(ds, "KOR").csv
    True
    """
    met = talks.meetings(ds, partner)
    return chart(
        charts.meetings,
        met,
        ds.as_of,
        name="meetings",
        title="When did the two sides meet, and at which level?",
        subtitle="Meetings, calls and formal letters on tariffs; places where leaders met",
        frame=met,
        alt=charts.meetings_text(met, ds.as_of),
        source="tradeviz table meetings",
        empty=summaries.nothing(ds, "meeting, call or letter", partner),
        vector=vector,
    )


def issues(ds: Dataset, partner: str | None = None, vector: bool = False) -> Exhibit:
    """What is negotiated with a partner, or with all.

    Examples
    --------
    >>> exhibits.issues(ds).fields[0]
    ('partner', 'string')
    """
    title = "What is negotiated with whom, and how far has it come?"
    subtitle = "Latest status; small triangle: it had been further; orange corner: disputed since"
    if partner:
        title = "What is on the table, and how far has it come?"
        subtitle = "Latest status of each issue; black bar: the furthest it had been"
    names = {partner: ds.name(partner)} if partner else ds.names
    matrix = talks.issue_matrix(ds, partner)
    return chart(
        charts.issue_matrix,
        matrix,
        names,
        name="issues",
        title=title,
        subtitle=subtitle,
        frame=matrix,
        alt=charts.issue_matrix_text(matrix, names),
        source="tradeviz table issues",
        empty=summaries.nothing(ds, "issue", partner),
        vector=vector,
    )


def board(ds: Dataset, vector: bool = False) -> Exhibit:
    """How far the talks with all partners have come.

    Examples
    --------
    >>> "How far have the talks come?" in exhibits.board(ds).markup
    True
    """
    stages, history = talks.stages(ds), talks.stage_history(ds)
    met, due = talks.meetings(ds), rates.cliffs(ds)
    return chart(
        charts.board,
        stages,
        history,
        met,
        talks.marks(ds),
        due,
        ds.as_of,
        name="board",
        title="How far have the talks come?",
        subtitle="Band: furthest stage, hatched while suspended; dots: meetings; dashed: deadlines",
        frame=history,
        alt=charts.board_text(stages, met, due, ds.as_of),
        source="tradeviz tables milestones, meetings and tariffs",
        empty=summaries.nothing(ds, "milestone"),
        vector=vector,
    )


def cliffs(ds: Dataset, vector: bool = False) -> Exhibit:
    """The changes of rates already ordered, of all partners.

    Examples
    --------
    >>> "9 July 2025" in exhibits.cliffs(ds).markup
    True
    """
    calendar = rates.at_stake(ds, rates.cliff_calendar(ds))
    return chart(
        charts.cliff_calendar,
        calendar,
        ds.names,
        ds.as_of,
        name="cliffs",
        title="Which changes of rates are already ordered?",
        subtitle="Statutory rate before (ring) and from the day named (arrow), percent; below: the share of "
        "2024 imports touched, and what it moves of the effective rate, percentage points",
        frame=calendar,
        alt=charts.cliff_calendar_text(calendar, ds.names),
        source=f"tradeviz table tariffs; {summaries.WEIGHT_SOURCE}",
        empty=summaries.nothing(ds, "change of rates due later"),
        vector=vector,
    )
