"""The command that tells what changed, for a mail or a chat."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path

import click

from tradeviz import clock
from tradeviz.cli import options
from tradeviz.cli.common import app, known, names
from tradeviz.cli.paths import keep_off_tables
from tradeviz.errors import NothingChangedError, UsageError
from tradeviz.terminal import write_for_machines

LAST = "last"


class DigestFormat(StrEnum):
    """How a digest is written."""

    html = "html"
    eml = "eml"
    md = "md"


@app.command(
    epilog="Exit codes: 0 something changed; 1 the data are wrong; 2 a parameter is wrong; 5 what was told"
    " could not be written down; 10 nothing changed, and nothing is printed."
)
@click.option(
    "--since",
    required=True,
    help="Tell what became known after this day, 2025-04-18; or last: what no digest of --out told.",
)
@options.partners
@options.choice("--format", "form", default=DigestFormat.md, help="A page, a mail, or Markdown.")
@options.path("--out", metavar="DIR", help="Folder in which --since last keeps what it has told.")
@click.option(
    "--from", "sender", default="", help="Address that a mail comes from; without it, a mail is a draft."
)
@click.option("--to", "recipients", default="", help="Addresses that a mail goes to, with commas between.")
@options.as_of
@options.data
def digest(
    since: str,
    partners: str,
    form: DigestFormat,
    out: Path | None,
    sender: str,
    recipients: str,
    as_of: str,
    data: Path | None,
) -> None:
    """What changed, what moves an average duty most first: on stdout, below 100 kB, with nothing to fetch."""
    from tradeviz import digest as digests
    from tradeviz import mail
    from tradeviz.briefing import files
    from tradeviz.data import data_dir, load_tables
    from tradeviz.days import read_day
    from tradeviz.talks.recorded import corrected_entries

    if (since == LAST) != (out is not None):
        raise UsageError(
            "--since last and --out belong together: --out names the folder that keeps what was told"
        )
    if form is not DigestFormat.eml and (sender or recipients):
        raise UsageError("--from and --to are of a mail: add --format eml")
    head = {"From": mail.addresses(sender, "--from", 1), "To": mail.addresses(recipients, "--to")}
    ds = known(as_of, data)
    codes = [ds.partner(code)["partner"] for code in names(partners)]
    state = None
    if out is not None:
        keep_off_tables(out, "--out", data_dir(data))
        files.make_folder(out)
        path = out / f"digest-{'-'.join(sorted(codes)) or 'all'}.json"
        state = digests.read_told(path)
    start = state[0] if state else f"{ds.as_of - digests.FIRST_SPAN:%Y-%m-%d}"
    first = read_day(since, "--since", ds.coverage_end) if out is None else read_day(start, "--since")
    if first > ds.as_of:
        raise UsageError(
            f"--since {first:%Y-%m-%d} lies after as-of {ds.as_of:%Y-%m-%d}; choose an earlier day"
        )
    tables = load_tables(data)
    before = tables.at(max(first, tables.first_fact))
    corrected = corrected_entries(tables)
    found = digests.digest(ds, before, codes, state[1] if state else None, first, corrected)
    if found is None:
        raise NothingChangedError(f"nothing changed since {first:%Y-%m-%d}")
    writers: dict[DigestFormat, Callable[..., str]] = {
        DigestFormat.html: digests.as_html,
        DigestFormat.eml: partial(digests.as_mail, head=head, sent=clock.today()),
        DigestFormat.md: digests.as_markdown,
    }
    write_for_machines(writers[form](found))
    if out is not None:
        sys.stdout.flush()  # fails where nobody reads it; then the state stays as it was
        files.write(path, digests.told_text(ds, codes, corrected))
