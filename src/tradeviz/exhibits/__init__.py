"""What a notebook displays: charts and tables with title, text alternative, sources and data.

An exhibit shows itself in JupyterLab and in an exported page by the same HTML. It also carries
its data as CSV in a MIME type of its own, from which the exporter writes the file that the page
links to. All text that comes from the tables is escaped here.
"""

from tradeviz.exhibits.brief import brief, brief_end
from tradeviz.exhibits.citations import Citations
from tradeviz.exhibits.figures import DATA_MIME, Exhibit, as_csv, chart, field_types, table
from tradeviz.exhibits.folded import folded_tables
from tradeviz.exhibits.mark import mark
from tradeviz.exhibits.page import closing, elsewhere, header, pages, text
from tradeviz.exhibits.printed import printed
from tradeviz.exhibits.shared import HALF, board, cliffs, issues, meetings, staircase

__all__ = [
    "DATA_MIME",
    "HALF",
    "Citations",
    "Exhibit",
    "as_csv",
    "board",
    "brief",
    "brief_end",
    "chart",
    "cliffs",
    "closing",
    "elsewhere",
    "field_types",
    "folded_tables",
    "header",
    "issues",
    "mark",
    "meetings",
    "pages",
    "printed",
    "staircase",
    "table",
    "text",
]
