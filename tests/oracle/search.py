"""Search the files of a built day for what became known only later."""

from __future__ import annotations

import base64
import csv
import email
import email.policy
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

from tests.oracle import exported, later
from tests.oracle.tables import cache, split
from tradeviz.data.models_effective import EFFECTIVE_TABLES
from tradeviz.vocabulary import LAYER_NAMES

_PICTURE = re.compile(r"data:image/(svg\+xml|png);base64,([A-Za-z0-9+/=]+)")
_SOURCES = re.compile(r'(?s)<ol class=\\?"tv-sources\\?">.*?</ol>|<a class=\\?"tv-ref\\?"[^>]*>')
_OTHER_DAYS = re.compile(r"(?s)<h2[^>]*>Other days</h2>.*?</ul>")
_STYLES = re.compile(r"(?s)<style>.*?</style>")
_WORD = re.compile(r"\w+")
_COMPACT_DAY = re.compile(r"(?<=:)(\d{4})(\d\d)(\d\d)(?=T000000Z|\r)")
_CONSTANT_MONTHS = {"2026-07", "2026-10"}
_CONSTANT_DAYS = {"2026-07-23"}
"""When the borrowed model was computed, and of when the trade figures are: the pages have to say so."""

_EXAMPLE = re.compile(r"# (day of knowledge|what changed after this day)[^;]*;")
"""The comment that explains a notebook's parameter, with a day as an example."""

_RATES = ("rate_pct", "from_rate_pct", "lowest_pct", "highest_pct")
_UNITS = ("million", "billion", "trillion")
_HEX = re.compile(r"\b[0-9a-f]{32,}\b|urn:uuid:[0-9a-f-]+")


def leaks(folder: Path, as_of: str) -> list[str]:
    """Everything in the files of one built day that was announced later.

    Looks into pages, the index, feeds and calendars, the executed notebooks, the tables behind the charts,
    their descriptor, the manifest and the files to take away: visible text, attributes, addresses and
    what is written in pictures.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the day, with index.html and manifest.json.
    as_of : str
        The day, as ISO text.

    Returns
    -------
    list of str
        "file: what" for each find; empty where there is none.
    """
    found: list[str] = []
    for path in files(folder):
        raw = read(path)
        name = str(path.relative_to(folder))
        allowed = _days_of_sources(as_of) if path.name == "sources.csv" else set()
        found += [f"{name}: {what}" for what in leaks_in(raw, as_of) if what not in allowed]
        if path.suffix == ".csv":
            owner = path.stem.split("-")[1] if path.name.startswith("partner-") else ""
            found += [f"{name}: {what}" for what in _numbers(raw, owner, as_of)]
        elif path.name.startswith("partner-") and path.suffix != ".ics":  # which tells computed amounts
            code = path.stem.removeprefix("partner-")
            computed = _computed_amounts(folder, path.stem)
            found += [f"{name}: {what}" for what in _said_of_partner(plain(raw), code, as_of, computed)]
    return found + _leaks_to_take_away(folder, as_of)


def _leaks_to_take_away(folder: Path, as_of: str) -> list[str]:
    """The same for the workbook, the database and the other files of `--files`, one text for each format."""
    read: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "files").rglob("*")):
        if path.suffix in exported.READERS:
            read.setdefault(path.suffix, {}).update(exported.tables(path))
    found = []
    for kind, tables in read.items():
        sources = tables.pop("sources", "")
        finds = [*leaks_in("\n".join(tables.values()), as_of)]
        finds += [what for what in leaks_in(sources, as_of) if what not in _days_of_sources(as_of)]
        orders = (table for name, table in tables.items() if name not in EFFECTIVE_TABLES)
        finds += [what for table in orders for what in _numbers(table, "", as_of)]
        found += [f"files/*{kind}: {what}" for what in finds]
    return found


def _computed_amounts(folder: Path, page: str) -> set[float]:
    """Billions of dollars in the tables beside a page that come from figures of trade, not from pledges."""
    found: set[float] = set()
    for path in (folder / "data").glob(f"{page}-*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                cells = (row[name] for name in row if name.endswith("usd_bn") and name != "amount_usd_bn")
                found |= {float(cell) for cell in cells if cell}
    return found


def read(path: Path) -> str:
    """The text of a file; of a calendar with whole lines and ISO days, of a mail its parts."""
    if path.suffix == ".eml":
        parts = email.message_from_bytes(path.read_bytes(), policy=email.policy.default).walk()
        return "\n".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
    text = path.read_bytes().decode("utf-8")
    if path.suffix != ".ics":
        return text
    text = _COMPACT_DAY.sub(r"\1-\2-\3", text.replace("\r\n ", ""))
    return re.sub(r"\\([,;\\])", r"\1", text)


def _days_of_sources(as_of: str) -> set[str]:
    """What the table of sources may say: the day of publication of a document that a known row cites."""
    return {f"day: {day}" for day in later.than(as_of).published}


def files(folder: Path) -> list[Path]:
    """The files of one built day, without those of other days below it."""
    folders = [folder, folder / "data", folder / "notebooks", folder / "feeds"]
    kinds = {".html", ".xml", ".json", ".csv", ".ipynb", ".svg", ".ics", ".md", ".eml"}
    found = (path for subfolder in folders for path in subfolder.glob("*") if path.suffix in kinds)
    return sorted(path for path in found if path.name != "build-log.json")


def plain(raw: str) -> str:
    """A file as one text: escapes undone, what pictures say in place of them, styles left out."""
    text = _PICTURE.sub(_drawn, _STYLES.sub(" ", _OTHER_DAYS.sub(" ", raw)))
    return " ".join(html.unescape(text.replace('\\"', '"').replace("\\n", " ")).split())


def _drawn(picture: re.Match[str]) -> str:
    """The words in a picture: matplotlib leaves each as a comment beside its outlines."""
    if picture[1] == "png":
        return " "
    drawing = base64.b64decode(picture[2]).decode("utf-8")
    return " | ".join(re.findall(r"<!--(.*?)-->", drawing))


def leaks_in(raw: str, as_of: str) -> Iterator[str]:
    then = later.than(as_of)
    text = _EXAMPLE.sub(" ", plain(raw))
    begun = _beginnings(text)
    yield from (f"text: {part}" for part in sorted(then.texts) if _beginning(part) in begun and part in text)
    yield from (f"person: {name}" for name in sorted(then.names) if name in text)
    tokens = set(re.findall(r"\d+ FR \d+|[\w.-]+", text))
    yield from (f"identifier: {name}" for name in sorted(then.ids & tokens))
    # The list of sources links documents published later, by publisher and day, whatever their address.
    body = _EXAMPLE.sub(" ", _HEX.sub(" ", plain(_SOURCES.sub(" ", raw))))
    yield from (f"act: {act}" for act in sorted(then.acts & later.acts_in(body)))
    for day in sorted(set(later.days_in(body))):
        if day > as_of and day not in then.days | _CONSTANT_DAYS:
            yield f"day: {day}"
    for day in sorted(set(later.days_in(" ".join(_SOURCES.findall(raw))))):
        if day > as_of and day not in then.days | then.published:
            yield f"day among sources: {day}"
    for month in sorted(set(later.months_in(body))):
        if month > as_of[:7] and month not in then.months | _CONSTANT_MONTHS:
            yield f"month: {month}"


@cache
def _beginning(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text)[:3])


def _beginnings(text: str) -> set[tuple[str, ...]]:
    """Every three words that follow each other: what is not among them need not be searched for."""
    found = _WORD.findall(text)
    return {tuple(found[i : i + n]) for n in (1, 2, 3) for i in range(len(found))}


def _numbers(raw: str, owner: str, as_of: str) -> Iterator[str]:
    """Rates, amounts and months of trade in a table behind a chart."""
    rates, amounts, months = later.rates(as_of), later.amounts(as_of), later.months_out(as_of)
    for row in csv.DictReader(io.StringIO(raw)):
        codes = split(row.get("partners") or row.get("partner") or owner)
        layer = row.get("layer", "")
        for column in _RATES if layer and codes else ():
            value = row.get(column)
            if value and not any((code, layer, float(value)) in rates for code in codes):
                yield f"rate: {value} of {layer} for {';'.join(codes)}"
        amount = row.get("amount_usd_bn") if "pledges" not in row else ""
        if amount and float(amount) not in amounts.get(codes[0], set()):
            yield f"amount: {amount} for {codes[0]}"
        if (row.get("charged_pct") or row.get("duties_usd_bn")) and row["month"][:7] not in months:
            yield f"month not out: {row['month']}"


def _said_of_partner(text: str, code: str, as_of: str, computed: set[float]) -> Iterator[str]:
    """Rates beside the name of their layer, and amounts that are neither pledged nor computed, on a page."""
    rates = later.rates(as_of)
    printable = "\n".join(later.printable_texts(as_of))
    for layer, name in LAYER_NAMES.items():
        for value in set(re.findall(rf"\b(\d+(?:\.\d+)?)% (?:all-in )?{re.escape(name)}", text)):
            if (code, layer, float(value)) not in rates:
                yield f"rate: {value}% {name}"
    known = later.amounts(as_of).get(code, set())
    for value, unit in set(re.findall(rf"\$([\d,]+(?:\.\d+)?) ({'|'.join(_UNITS)})", text)):
        usd_bn = float(value.replace(",", "")) * 1000 ** (_UNITS.index(unit) - 1)
        usd_bn = round(usd_bn, 6)
        if any(abs(amount - usd_bn) <= 0.0501 for amount in computed):
            continue
        if usd_bn not in known and f"${value} {unit}" not in printable and f"{value} {unit}" not in printable:
            yield f"amount: ${value} {unit}"
