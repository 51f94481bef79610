"""Tables of the evidence: rows with one source, gaps, assumptions, and the sources themselves."""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT

from tradeviz.data import Dataset, split_list
from tradeviz.frames import records
from tradeviz.tables.layout import Cite, cited, great_table
from tradeviz.vocabulary import GENERAL, SOURCE_KINDS, TABLE_NAMES
from tradeviz.wording import capital, listing, percent, short_day, signed, span

MOST_ROWS = 25
"""How many single-sourced rows are shown; the data behind the table hold all."""

MOST_PUBLISHERS = 15
"""How many publishers are shown; the data behind the table hold all."""


def single_source_counts(counts: pd.DataFrame) -> GT:
    """How many rows of each table rest on one source, by the kind of that source."""
    return great_table(
        {
            "Table": capital(TABLE_NAMES[row["table"]]),
            "Rows": f"{row['rows']:,}",
            "With one source": f"{row['single_source']:,}",
            "Share": percent(row["single_source"] / row["rows"]),
            **{capital(kind): f"{row[kind]:,}" for kind in SOURCE_KINDS},
        }
        for row in records(counts)
    )


def single_sourced(ds: Dataset, rows_of: pd.DataFrame, cite: Cite | None = None) -> GT:
    """The newest rows that rest on one source, at most 25, newest first."""
    newest = rows_of.sort_values("day", ascending=False, kind="stable").head(MOST_ROWS)
    return great_table(
        {
            "Known since": short_day(row["day"]),
            "Table": TABLE_NAMES[row["table"]],
            "Who": _who(ds, row["partner"]),
            "Row": row["key"],
            "Its one source": row["publisher"],
            "Kind": row["kind"],
            **cited({"source_ids": row["source_id"]}, cite),
        }
        for row in records(newest)
    )


def benchmark(ds: Dataset, rows_of: pd.DataFrame) -> GT:
    """Our effective rates beside published ones: means by 2024 imports, and where they lie furthest apart.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    rows_of : pandas.DataFrame
        From `evidence.benchmark`.
    """
    imports = ds.import_groups.groupby("partner")["imports_2024_usd_mn"].sum()
    rows = []
    for _, group in rows_of.groupby(["publisher", "on"], sort=False):
        weight = group["partner"].map(imports)
        means = group[["published_pct", "effective_pct"]].mul(weight, axis=0).sum() / weight.sum()
        theirs, ours = means["published_pct"], means["effective_pct"]
        furthest = group.iloc[int(group["difference_pp"].abs().to_numpy().argmax())]
        rows.append(
            {
                "Day": short_day(group["on"].iloc[0]),
                "By": str(group["publisher"].iloc[0]),
                "Published": f"{theirs:.1f}%",
                "Ours": f"{ours:.1f}%",
                "Ours less theirs": f"{signed(ours - theirs)} pp",
                "Furthest apart": f"{ds.name(furthest['partner'])} ({signed(furthest['difference_pp'])})",
                "What is known to lie behind it": group["reason"].iloc[0],
            }
        )
    return great_table(rows)


def evidence_gaps(ds: Dataset, spells: pd.DataFrame) -> GT:
    """The spells without a fact about the talks, summed up by partner."""
    rows = [_gap_row(ds, str(code), group) for code, group in spells.groupby("partner", sort=False)]
    return great_table(rows)


def record_ends(ds: Dataset, ends: pd.DataFrame) -> GT:
    """To which day each table was searched for each partner, and why it ends there.

    Tables of a partner that end on the same day for the same reason share a row.
    """
    alike = ends.groupby(["partner", "through", "reason"], sort=False, as_index=False).agg({"table": list})
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "Record of": listing([TABLE_NAMES[name] for name in row["table"]]),
            "Searched to": short_day(row["through"]),
            "Why it ends there": row["reason"],
        }
        for row in records(alike)
    )


def known_gaps(ds: Dataset, cite: Cite | None = None) -> GT:
    """The contacts that are known or were announced, but not found, in partner order."""
    places = {code: i for i, code in enumerate(ds.partners["partner"])}
    ordered = ds.known_gaps.sort_values(["partner", "first_day"], key=lambda cells: cells.replace(places))
    return great_table(
        {
            "Partner": ds.name(row["partner"]),
            "When": span(short_day(row["first_day"]), short_day(row["last_day"])),
            "What is missing": row["what"],
            **cited(row, cite),
        }
        for row in records(ordered)
    )


def assumptions(rows_of: pd.DataFrame) -> GT:
    """The assumptions and the bias that each would cause."""
    return great_table(
        {
            "Assumption": capital(row["assumption"]),
            "What it means": row["what"],
            "Bias it would cause": row["bias"],
        }
        for row in records(rows_of)
    )


def source_kinds(counts: pd.DataFrame) -> GT:
    """The sources by kind, and how many rows cite them."""
    return great_table([{"Kind": capital(row["kind"]), **_uses(row)} for row in records(counts)])


def publishers(counts: pd.DataFrame) -> GT:
    """The 15 publishers that most rows cite."""
    rows = [{"Publisher": row["publisher"], **_uses(row)} for row in records(counts.head(MOST_PUBLISHERS))]
    return great_table(rows)


def _uses(row: dict[str, Any]) -> dict[str, str]:
    return {"Sources": f"{row['sources']:,}", "Rows that cite them": f"{row['rows']:,}"}


def _gap_row(ds: Dataset, code: str, spells: pd.DataFrame) -> dict[str, str]:
    longest = spells.iloc[int(spells["months"].argmax())]
    during = span(f"{longest['first_month']:%B %Y}", f"{longest['last_month']:%B %Y}")
    open_ = spells[spells["still_open"]]
    return {
        "Partner": ds.name(code),
        "Spells": str(len(spells)),
        "Months in all": str(spells["months"].sum()),
        "Longest": f"{longest['months']} ({during})",
        "Open since": "" if open_.empty else f"{open_['first_month'].iloc[0]:%B %Y}",
    }


def _who(ds: Dataset, codes: str) -> str:
    if codes == GENERAL:
        return "all partners"
    known = set(ds.partners["partner"])
    return ", ".join(ds.name(code) if code in known else code for code in split_list(codes))
