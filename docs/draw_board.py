"""Draw the picture of the README: `python docs/draw_board.py`."""

from pathlib import Path

import tradeviz
from tradeviz import charts, rates, talks
from tradeviz.charts import style

ds = tradeviz.load()
ax = charts.board(
    talks.stages(ds), talks.stage_history(ds), talks.meetings(ds), talks.marks(ds), rates.cliffs(ds), ds.as_of
)
picture = Path(__file__).with_name("images") / "board.png"
picture.write_bytes(style.png(ax.get_figure(), dpi=140))
