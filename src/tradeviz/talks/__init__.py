"""The talks: stages and their history, meetings, issues, pledges, and what changed."""

from tradeviz.talks.agenda import commitments, issue_matrix
from tradeviz.talks.changes import changes
from tradeviz.talks.clauses import (
    clause_deadlines,
    clause_matrix,
    clauses,
    peculiar_clauses,
    untraced_issues,
)
from tradeviz.talks.comparison import compare
from tradeviz.talks.deadlines import deadlines
from tradeviz.talks.expectations import expectations
from tradeviz.talks.meetings import last_meetings, meetings, next_steps, record_through
from tradeviz.talks.recorded import newly_recorded
from tradeviz.talks.stages import acts, marks, stage_history, stages
from tradeviz.talks.template import template_reach, text_differences, texts_read
from tradeviz.talks.weighed import weighed, weighed_changes

__all__ = [
    "acts",
    "changes",
    "clause_deadlines",
    "clause_matrix",
    "clauses",
    "commitments",
    "compare",
    "deadlines",
    "expectations",
    "issue_matrix",
    "last_meetings",
    "marks",
    "meetings",
    "newly_recorded",
    "next_steps",
    "peculiar_clauses",
    "record_through",
    "stage_history",
    "stages",
    "template_reach",
    "text_differences",
    "texts_read",
    "untraced_issues",
    "weighed",
    "weighed_changes",
]
