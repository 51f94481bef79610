"""The one look of all tables."""

from __future__ import annotations

import pandas as pd
from great_tables import GT


def great_table(rows: list[dict[str, str]], name: str) -> GT:
    """Make a table from rows of text; the keys of the rows are its column labels."""
    gt = GT(pd.DataFrame(rows), id=f"tv-{name}")
    return gt.tab_options(table_width="100%", table_font_size="0.9em", data_row_padding="0.35em")
