"""The talks: stages and their history, meetings, issues, pledges, and what changed."""

from tradeviz.talks.agenda import commitments, issue_matrix
from tradeviz.talks.changes import changes
from tradeviz.talks.meetings import last_meetings, meetings, next_steps
from tradeviz.talks.stages import acts, marks, stage_history, stages

__all__ = [
    "acts",
    "changes",
    "commitments",
    "issue_matrix",
    "last_meetings",
    "marks",
    "meetings",
    "next_steps",
    "stage_history",
    "stages",
]
