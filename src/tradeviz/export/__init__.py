"""Data to take away: the tables and the frames behind the pages, in the formats of other tools.

Frames in, the bytes of files out; whoever calls writes them.
"""

from tradeviz.export.contents import (
    Sheet,
    all_sheets,
    exhibit_sheets,
    panel_sheets,
    sheet_of,
    stamped,
    table_sheets,
)
from tradeviz.export.files import FORMATS, check_formats, data_version, export_files, installed
from tradeviz.export.pages import PageExhibit, gather_exhibits

__all__ = [
    "FORMATS",
    "PageExhibit",
    "Sheet",
    "all_sheets",
    "check_formats",
    "data_version",
    "exhibit_sheets",
    "export_files",
    "gather_exhibits",
    "installed",
    "panel_sheets",
    "sheet_of",
    "stamped",
    "table_sheets",
]
