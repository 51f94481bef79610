"""Models of the tables about the record itself: documents, how far it reaches, people, what is to be done."""

from __future__ import annotations

import pandas as pd
from pandera.typing.pandas import Series

from tradeviz import vocabulary as v
from tradeviz.data import fields as f
from tradeviz.data.table import SOURCES, Recorded, Table


class Sources(Table):
    """A document."""

    source_id: Series[str] = f.identifier("publisher, day, subject", pattern=f.SOURCE_ID)
    publisher: Series[str] = f.text("who published it")
    title: Series[str] = f.text("its title, or what it is where it has none")
    published: Series[pd.Timestamp] = f.day(
        "the day of publication; blank where the page shows none", required=False
    )
    accessed: Series[pd.Timestamp] = f.day(
        "the day on which it was read; blank where unknown", required=False
    )
    url: Series[str] = f.url("its address")
    archived_url: Series[str] = f.url(
        "address of a copy in an archive; blank where none is known", required=False
    )
    kind: Series[str] = f.code("primary: the act itself or the page with its text", v.SOURCE_KINDS)


class Coverage(Table):
    """The last day that a table covers for a partner."""

    table: Series[str] = f.identifier("name of the table", pattern=r"^[a-z_]+$")
    partner: Series[str] = f.partner(
        "partner code; ALL or WLD where the table is general", also=f"{v.GENERAL};{v.WORLD}"
    )
    through: Series[pd.Timestamp] = f.day(
        "the last day covered; the earliest among tariffs and events is coverage_end of the package"
    )
    look_again_by: Series[pd.Timestamp] = f.day("the day by which somebody has to look again")
    reason: Series[str] = f.text("why it ends long before the others", required=False)


class KnownGaps(Recorded):
    """A contact known or announced of which too little could be found for a row."""

    partner: Series[str] = f.partner()
    first_day: Series[pd.Timestamp] = f.day("first day on which it may have been")
    last_day: Series[pd.Timestamp] = f.day("last day on which it may have been")
    what: Series[str] = f.text("what is missing")
    source_ids: Series[str] = f.list_of("documents that mention it", SOURCES, required=False)


class People(Table):
    """A person who led talks, in the office then held."""

    name: Series[str] = f.text("the one way in which the tables write the name")
    side: Series[str] = f.partner("USA, or the partner's code", also=v.UNITED_STATES)
    office: Series[str] = f.text("office held at the first meeting in the tables")
    source_ids: Series[str] = f.list_of("documents of that meeting", SOURCES)


class Releases(Table):
    """The day on which a month of U.S. trade figures is to be published, by the announced calendar."""

    month: Series[pd.Timestamp] = f.month("month of entry")
    due: Series[pd.Timestamp] = f.day("the day announced for its release")
    confidence: Series[str] = f.code(
        "confirmed: read in the calendar; unconfirmed: the usual day, not seen there", v.CONFIDENCES[::2]
    )
    source_ids: Series[str] = f.list_of("documents", SOURCES)


class Refused(Table):
    """What a feed offered and a curator turned down, so that it is not offered again."""

    feed: Series[str] = f.code("where it came from", v.FEEDS)
    key: Series[str] = f.text(
        "what the feed calls it: a document number or 89 FR 76581, a month, a revision of the HTS"
    )
    refused_on: Series[pd.Timestamp] = f.day("the day on which it was turned down")
    reason: Series[str] = f.text("why")


class Reviewed(Table):
    """A later day that a printed text names, and why it may: what `check` asked is answered here."""

    table: Series[str] = f.identifier("name of the table", pattern=r"^[a-z_]+$")
    key: Series[str] = f.text("the cells that identify the row, with colons between")
    day: Series[pd.Timestamp] = f.day("the day that its text names")
    reason: Series[str] = f.text("why the text could name it then")


class Corrections(Table):
    """A cell of the tables that was put right, or a row that was taken out, since 29 November 2026."""

    recorded: Series[pd.Timestamp] = f.day("the day on which it entered the record: that of its release")
    table: Series[str] = f.identifier("name of the table", pattern=r"^[a-z_]+$")
    row: Series[str] = f.text(
        "the cells that identify the row from that day on, `column=value` with `&` between"
    )
    column: Series[str] = f.text("the column; blank where the row was taken out", required=False)
    before: Series[str] = f.text(
        "what stood there before; of a row that was taken out all its cells, as a JSON object",
        required=False,
        longest=f.LONGEST_ROW,
    )
    after: Series[str] = f.text("what stands there since; blank where the row was taken out", required=False)
    reason: Series[str] = f.text("what shows it, in short", required=False)


RECORD_TABLES: dict[str, tuple[type[Table], list[str]]] = {
    "sources": (Sources, ["source_id"]),
    "coverage": (Coverage, ["table", "partner"]),
    "known_gaps": (KnownGaps, ["partner", "first_day", "what"]),
    "people": (People, ["name", "side"]),
    "releases": (Releases, ["month"]),
    "refused": (Refused, ["feed", "key"]),
    "reviewed": (Reviewed, ["table", "key", "day"]),
    "corrections": (Corrections, ["recorded", "table", "row", "column"]),
}
"""The tables about the record itself: the model of each, and the columns that identify a row."""

UPKEEP_TABLES = ("releases", "refused", "reviewed", "corrections")
"""Those of them that are for whoever keeps the record up to date; a Dataset has no part in them."""
