"""What stands around the briefings of a day: the index with its board, and what can be subscribed to.

Joins the analysis to the site, which knows nothing of it.
"""

from __future__ import annotations

import base64
import html
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pandas as pd

from tradeviz import charts, exhibits, export, news, rates, summaries, tables, talks
from tradeviz.briefing.site import Front, SourceTable
from tradeviz.charts import style
from tradeviz.columns import sentences
from tradeviz.data import Dataset, Tables, load_tables, notebooks_dir
from tradeviz.data.seen import partner_hashes
from tradeviz.errors import TradevizError
from tradeviz.frames import records
from tradeviz.stamp import of_scenario, titled
from tradeviz.summaries.brief import share_words
from tradeviz.talks.recorded import corrected_entries
from tradeviz.terminal import visible
from tradeviz.vocabulary import layer_name
from tradeviz.wording import change, day, listing, rate, rounded_rate

_TITLE = "United States tariff talks"


def front(
    ds: Dataset, folder: Path, order: str = "stage", notebooks: Path | None = None, orders: Path | None = None
) -> Front:
    """Compute what the index, the feeds and the calendars of an edition say.

    Parameters
    ----------
    ds : Dataset
        Facts as known at the day of the edition.
    folder : Path
        The folder of the tables, from which other days are read to compare.
    order : {"stage", "effective", "date"}
        What comes first on the board: the furthest stage, the highest effective rate, the next date.
    notebooks : Path, optional
        The folder of the notebooks, whose exhibits go into the files of `--files`; the package's own when
        not given.
    orders : Path, optional
        The file of the scenario that `ds` tells. Nobody can subscribe to one: in a feed reader or a calendar
        its orders would stand among those of the record.
    """
    words = _rows(ds, order)
    with charts.page_style():
        pictures = _staircases(ds)
    pages = {code: of_scenario(f"partner-{code}", ds.scenario) for code in ds.partners["partner"]}
    words = words.assign(page=words["partner"].map(pages), staircase=words["partner"].map(pictures))
    apart = words["track"] == "border"
    heading = f"{listing(list(words.loc[apart, 'name']))}, beside the {int((~apart).sum())}"
    whole = load_tables(folder)
    supposed = replace(ds) if ds.scenario else None
    cut = partial(_cut, whole, ds.as_of, supposed)
    return Front(
        title=titled(f"{_TITLE}: all partners", ds.scenario),
        as_of=day(ds.as_of),
        reach=day(min(ds.as_of, ds.coverage_end)),
        staircase_span=f"{_start(ds):%B %Y} to {day(ds.as_of)}",
        lead=summaries.overview(ds).text,
        note=summaries.reach_note(ds),
        groups=[("", records(words[~apart])), (heading, records(words[apart]))],
        series=[(pages[row["partner"]], row["name"]) for row in records(ds.partners)],
        subscriptions={} if ds.scenario else news.subscriptions(ds, _TITLE, corrected_entries(whole)),
        hash_of=_hashes(supposed, folder),
        tables=lambda: _tables(cut()),
        files=lambda pages: _files(cut(), folder, notebooks or notebooks_dir(), pages, orders),
    )


def _cut(whole: Tables, as_of: pd.Timestamp, scenario: Dataset | None) -> Dataset:
    """Cut the tables at a day, anew at each call: a build must not keep the data of all days in memory."""
    return scenario or whole.at(as_of)


def _rows(ds: Dataset, order: str) -> pd.DataFrame:
    """The board in words: `tables.board_words`, and effective (rate, change since 2024), moved, ahead."""
    stages = talks.stages(ds)
    words = tables.board_words(ds, stages).set_index("partner", drop=False)
    now = rates.effective(ds).set_index("partner")
    before = rates.effective(ds, ds.as_of - summaries.NEWS_SPAN).set_index("partner")
    moved = now["effective_pct"] - before["effective_pct"]
    ahead = rates.ahead(ds)
    weighty = ahead[(ahead["share_of_partner"] >= summaries.LEAST_SHARE) & ahead["effective"].notna()]
    dated = weighty.sort_values("effective", kind="stable").drop_duplicates("partner").set_index("partner")
    rungs = stages.set_index("partner").assign(
        effective=-now["effective_pct"],
        date=dated["effective"].reindex(stages["partner"]),
        rung=lambda rows: -rows["rung"],
    )
    keys = {"stage": ["rung", "since"], "effective": ["effective"], "date": ["date", "rung"]}[order]
    in_order = rungs.sort_values(keys, kind="stable").index
    words = words.assign(
        effective=[_rate_words(now.loc[code]) for code in words.index],
        moved=[_arrow(moved[code]) for code in words.index],
        ahead=[
            _date_words(dated.loc[code]) if code in dated.index else "none of weight" for code in words.index
        ],
    )
    return words.loc[in_order].reset_index(drop=True)


def _rate_words(row: pd.Series) -> str:
    if pd.isna(row["effective_pct"]):
        return "not known"
    return f"{rounded_rate(row['effective_pct'])} ({change(float(row['added_pct']))} since 2024)"


def _arrow(points: float) -> str:
    """Which way the effective rate went in 30 days, and by how many points."""
    if pd.isna(points):
        return ""
    shown = round(float(points), 1) + 0.0
    return "→ unmoved" if shown == 0 else f"{'▲' if shown > 0 else '▼'} {abs(shown):g} points"


def _date_words(row: pd.Series) -> str:
    share = share_words(float(row["share_of_partner"]))
    said = {"threatened": ", threatened", "agreed": ", agreed"}.get(row["kind"], "")
    to = f"{layer_name(row['layer'], row['product'])} to {rate(row['rate_pct'], row['basis'])}"
    return f"{day(row['effective'])}: {to}{said} ({share} of trade)"


def _tables(ds: Dataset) -> dict[str, SourceTable]:
    return {
        of_scenario(sheet.name, ds.scenario): _table(export.stamped(sheet, ds.scenario))
        for sheet in export.table_sheets(ds, weights=False)
    }


def _table(sheet: export.Sheet) -> SourceTable:
    """A source table as CSV, with what its columns mean."""
    kinds = exhibits.field_types(sheet.frame)
    fields = [
        {
            "name": column.name,
            "type": kinds[column.name],
            "title": column.title,
            "description": column.description,
        }
        | ({"unit": column.unit} if column.unit else {})
        for column in sheet.columns
    ]
    metadata = {
        "title": sheet.title,
        "description": sentences(sheet.unit, f"Source: {sheet.source}"),
        "fields": fields,
    }
    return SourceTable(exhibits.as_csv(sheet.frame), metadata)


def _files(
    ds: Dataset, folder: Path, notebooks: Path, pages: Collection[str], orders: Path | None
) -> dict[str, bytes]:
    """What `--files` writes beside a day: what `tradeviz export` writes of its pages, and charts to print."""
    shown = export.gather_exhibits(
        ds,
        notebooks,
        folder,
        pages,
        lambda why: print(f"tradeviz: left out of files/: {visible(why)}", file=sys.stderr),
        orders,
    )
    sheets = [*export.table_sheets(ds), *export.panel_sheets(ds), *export.exhibit_sheets(ds, shown)]
    pictures = {
        f"{exhibit.page}-{exhibit.shown.name}.png": exhibits.printed(exhibit.shown, ds.as_of, ds.scenario)
        for exhibit in shown
        if exhibit.shown.draw is not None and len(exhibit.shown.frame)
    }
    return export.export_files(ds, sheets, export.installed()[0], pictures)


def _start(ds: Dataset) -> pd.Timestamp:
    return min(rates.FIRST_DAY, ds.as_of - pd.Timedelta(days=30))


def _staircases(ds: Dataset) -> dict[str, str]:
    panel = rates.headline_panel(ds, _start(ds), ds.as_of)
    return {code: _picture(panel[code], ds.name(code)) for code in ds.partners["partner"]}


def _picture(daily: pd.Series[float], name: str) -> str:
    figure = charts.small_staircase(daily).get_figure(root=True)
    assert figure is not None
    drawing = base64.b64encode(style.svg(figure).encode()).decode()
    style.close(figure)
    alt = html.escape(charts.small_staircase_text(daily, name))
    return f'<img class="tv-small" alt="{alt}" src="data:image/svg+xml;base64,{drawing}">'


def _hashes(scenario: Dataset | None, folder: Path) -> Callable[[str, str], str]:
    @cache
    def hashes(as_of: str) -> dict[str, str]:
        ds = scenario or load_tables(folder).at(as_of)  # a scenario tells one day
        return {"": ds.data_hash(), **partner_hashes(ds)}

    def hash_of(as_of: str, partner: str) -> str:
        try:
            return hashes(as_of).get(partner, "")
        except TradevizError:  # a day before the first fact of other tables
            return ""

    return hash_of
