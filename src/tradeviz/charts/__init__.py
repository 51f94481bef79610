"""Charts: frames in, matplotlib Axes out, each with a text alternative from the same frames.

Every chart draws in the axes that it is given (`ax=`; `axes=` where it has several panels), else in a figure
of its own, with the rcParams of the user, the colours of `palette` and the words of `words`. What `__all__`
leaves out shapes the frames of some charts.
"""

from tradeviz.charts.board import board, board_text
from tradeviz.charts.board import board_order as board_order
from tradeviz.charts.clauses import clause_matrix, clause_matrix_text
from tradeviz.charts.cliffs import cliff_calendar, cliff_calendar_text
from tradeviz.charts.covered import covered, covered_text
from tradeviz.charts.covered import covered_frame as covered_frame
from tradeviz.charts.dumbbells import dumbbells, dumbbells_text
from tradeviz.charts.duties import duties, duties_text
from tradeviz.charts.effective_rate import effective_rate, effective_rate_text
from tradeviz.charts.expectations import expected, expected_text, surprise, surprise_text
from tradeviz.charts.exposed import exposed, exposed_text
from tradeviz.charts.exposed import exposed_frame as exposed_frame
from tradeviz.charts.freshness import freshness, freshness_text
from tradeviz.charts.gaps import gaps, gaps_text
from tradeviz.charts.goods import goods, goods_text
from tradeviz.charts.implementation import implementation, implementation_text
from tradeviz.charts.issues import issue_matrix, issue_matrix_text
from tradeviz.charts.meetings import meetings, meetings_text
from tradeviz.charts.months import months, months_text
from tradeviz.charts.palette import Palette, palette, words
from tradeviz.charts.paths import paths_frame as paths_frame
from tradeviz.charts.paths import rate_paths, rate_paths_text
from tradeviz.charts.pledges import pledges, pledges_text
from tradeviz.charts.rate_change import rate_change, rate_change_text
from tradeviz.charts.readings import (
    partner_frame as partner_frame,
)
from tradeviz.charts.readings import (
    partner_rates,
    partner_rates_text,
    weighted_rates,
    weighted_rates_text,
)
from tradeviz.charts.readings import (
    weighted_frame as weighted_frame,
)
from tradeviz.charts.rows import table_rows, table_rows_text, talks_rows, talks_rows_text
from tradeviz.charts.sectors import sectors, sectors_text
from tradeviz.charts.silence import silence, silence_text
from tradeviz.charts.silence import unknown_silence as unknown_silence
from tradeviz.charts.sourced import sourced, sourced_text
from tradeviz.charts.sparkline import small_staircase, small_staircase_text
from tradeviz.charts.staircase import staircase, staircase_text
from tradeviz.charts.staircase import staircase_frame as staircase_frame
from tradeviz.charts.statuses import statuses, statuses_text
from tradeviz.charts.strip import strip, strip_text
from tradeviz.charts.style import page_style
from tradeviz.charts.survival import survival, survival_text
from tradeviz.charts.timeline import timeline, timeline_text
from tradeviz.charts.vintages import drawn_sectors as drawn_sectors
from tradeviz.charts.vintages import drawn_vintages as drawn_vintages
from tradeviz.charts.vintages import vintages, vintages_text
from tradeviz.charts.waterfall import waterfall, waterfall_text
from tradeviz.charts.what_if import what_if, what_if_text
from tradeviz.charts.what_if import what_if_frame as what_if_frame

__all__ = [
    "Palette",
    "board",
    "board_text",
    "clause_matrix",
    "clause_matrix_text",
    "cliff_calendar",
    "cliff_calendar_text",
    "covered",
    "covered_text",
    "dumbbells",
    "dumbbells_text",
    "duties",
    "duties_text",
    "effective_rate",
    "effective_rate_text",
    "expected",
    "expected_text",
    "exposed",
    "exposed_text",
    "freshness",
    "freshness_text",
    "gaps",
    "gaps_text",
    "goods",
    "goods_text",
    "implementation",
    "implementation_text",
    "issue_matrix",
    "issue_matrix_text",
    "meetings",
    "meetings_text",
    "months",
    "months_text",
    "page_style",
    "palette",
    "partner_rates",
    "partner_rates_text",
    "pledges",
    "pledges_text",
    "rate_change",
    "rate_change_text",
    "rate_paths",
    "rate_paths_text",
    "sectors",
    "sectors_text",
    "silence",
    "silence_text",
    "small_staircase",
    "small_staircase_text",
    "sourced",
    "sourced_text",
    "staircase",
    "staircase_text",
    "statuses",
    "statuses_text",
    "strip",
    "strip_text",
    "surprise",
    "surprise_text",
    "survival",
    "survival_text",
    "table_rows",
    "table_rows_text",
    "talks_rows",
    "talks_rows_text",
    "timeline",
    "timeline_text",
    "vintages",
    "vintages_text",
    "waterfall",
    "waterfall_text",
    "weighted_rates",
    "weighted_rates_text",
    "what_if",
    "what_if_text",
    "words",
]
