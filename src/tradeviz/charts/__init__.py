"""Charts: frames in, matplotlib Axes out, each with a text alternative from the same frames."""

from tradeviz.charts.board import board, board_order, board_text
from tradeviz.charts.cliffs import cliff_calendar, cliff_calendar_text
from tradeviz.charts.issues import issue_matrix, issue_matrix_text
from tradeviz.charts.meetings import meetings, meetings_text
from tradeviz.charts.staircase import staircase, staircase_frame, staircase_text

__all__ = [
    "board",
    "board_order",
    "board_text",
    "cliff_calendar",
    "cliff_calendar_text",
    "issue_matrix",
    "issue_matrix_text",
    "meetings",
    "meetings_text",
    "staircase",
    "staircase_frame",
    "staircase_text",
]
