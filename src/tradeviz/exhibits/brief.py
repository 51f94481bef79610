"""The brief: what a desk officer prints on one sheet, before everything else of a page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import pandas as pd

from tradeviz import summaries
from tradeviz.data import Dataset
from tradeviz.exhibits.citations import Citations
from tradeviz.exhibits.figures import Exhibit, as_csv, field_types
from tradeviz.exhibits.gathering import Shown, gather
from tradeviz.exhibits.mark import marked_rows
from tradeviz.exhibits.page import about, head
from tradeviz.frames import with_days
from tradeviz.summaries.brief import BriefFacts
from tradeviz.summaries.brief_figures import Figure, figures, reach

_COLUMNS = ["item", "day", "text", "rate_pct", "basis", "points", "share_of_partner", "amount_bn", "number"]


def brief(ds: Dataset, partner: str, notes: Sequence[str] = ()) -> Exhibit:
    """The head of a partner's page: what weighs most, and the figures that a minister is asked for.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    partner : str
        Partner code.
    notes : sequence of str
        What a reader has to know first, such as `summaries.reach_note`.

    Returns
    -------
    Exhibit
        Title, headline and definition list; as data a row for each fact of the sheet, unrounded.

    Examples
    --------
    >>> shown = exhibits.brief(ds, "KOR")
    >>> shown.name, "<dl" in shown.markup
    ('brief', True)
    """
    facts = summaries.brief(ds, partner)
    frame = brief_frame(facts)
    named = f"The brief of {facts.long_name}"
    subtitle = "What weighs most, and the figures beside it, unrounded"
    source = "all tradeviz tables"
    if gather(Shown("brief", named, subtitle, source, frame)):
        return Exhibit("")
    top = head(summaries.partner_title(ds, partner), ds, facts.text, notes, partner)
    entries = "".join(_entry(figure) for figure in figures(facts))
    inner = f'{top}<dl class="tv-figures">{entries}</dl>'
    markup = f'<header class="tv-header tv-brief" id="ex-brief">{inner}</header>'
    frame = marked_rows(frame)
    types = tuple(field_types(frame).items())
    return Exhibit(markup, "brief", as_csv(frame), types, about(ds, facts.text), named, subtitle, source)


def brief_end(ds: Dataset, partner: str, cited: Citations) -> Exhibit:
    """The foot of the sheet: the documents that carry it, and how far the record reaches.

    Examples
    --------
    >>> "How far the record reaches" in exhibits.brief_end(ds, "KOR", exhibits.Citations(ds)).markup
    True
    """
    facts = summaries.brief(ds, partner)
    items = "".join(f"<li>{document}</li>" for document in cited.documents(facts.source_ids))
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in reach(facts))
    parts = [
        f'<h3 class="tv-title">What carries this sheet</h3><ol class="tv-sources">{items}</ol>'
        if items
        else ""
    ]
    parts.append(f'<h3 class="tv-title">How far the record reaches</h3><ul>{lines}</ul>')
    parts.append('<div class="tv-source">Every fact of this sheet<!--tradeviz:data brief--></div>')
    return Exhibit(f'<section class="tv-brief-end">{"".join(parts)}</section><!--tradeviz:contents-->')


def brief_frame(facts: BriefFacts) -> pd.DataFrame:
    """The facts of a brief as rows, unrounded.

    Returns
    -------
    pandas.DataFrame
        item (what the row tells), day, text, rate_pct, basis, points, share_of_partner (0 to 1), amount_bn
        (billions of the currency named in text) and number (what else is counted); missing where it
        does not apply.
    """
    rows = [
        _row("effective rate", facts.as_of, rate_pct=facts.effective_pct, number=facts.rank),
        _row("effective rate of 2024", None, rate_pct=facts.base_pct, number=facts.partners),
        _row("change since 2024", facts.as_of, points=facts.added_pct),
        _row("change in 30 days", facts.as_of, points=facts.moved_points),
        _row("charged by customs", facts.charged_month, rate_pct=facts.charged_pct),
        _row("stage", facts.since, facts.stage),
        _row("last contact", facts.contact.last, facts.contact.level),
        _row("end of the record of meetings", facts.contact.recorded_through),
        _row("end of the record of orders", facts.rates_through),
        _row("contacts known to be missing", None, number=len(facts.contact.missing)),
        _row("changes ahead that cannot be weighed", None, number=facts.unweighed),
        _row("pledges not told", None, number=facts.other_pledges),
        _row("news not told", facts.news_since, number=facts.other_news),
    ]
    if facts.duty:
        of = facts.duty
        weight = {"points": of.points, "share_of_partner": of.share}
        rows.append(_row("duty in force", facts.as_of, of.layer, rate_pct=of.pct, basis=of.basis, **weight))
    if facts.coming:
        to = facts.coming
        weight = {"points": to.points, "share_of_partner": to.share}
        rows.append(_row(to.kind, to.effective, to.layer, rate_pct=to.pct, basis=to.basis, **weight))
    for deadline in facts.dates:
        known = {"points": deadline.points, "share_of_partner": deadline.share}
        rows.append(_row("date ahead", deadline.day, deadline.what, number=deadline.others, **known))
    for pledge in facts.pledges:
        rows.append(_row("pledge", pledge.announced, pledge.what, amount_bn=pledge.amount_bn))
        rows += [_row("part delivered", None, pledge.what, amount_bn=part) for part in pledge.delivered_bn]
    rows += [_row("news", news.day, news.text, points=news.points) for news in facts.news]
    numbers = dict.fromkeys(("rate_pct", "points", "share_of_partner", "amount_bn", "number"), "float64")
    return with_days(pd.DataFrame(rows, columns=_COLUMNS), ["day"]).astype(numbers)


def _row(item: str, when: Any, text: str = "", **measures: Any) -> dict[str, Any]:
    return {"item": item, "day": when, "text": text, "basis": ""} | measures


def _entry(figure: Figure) -> str:
    value = f"<b>{html.escape(figure.value)}</b>" if figure.value else ""
    notes = "".join(f"<span>{html.escape(note)}</span>" for note in figure.notes)
    wide = "" if figure.value else ' class="tv-long"'
    return f"<div{wide}><dt>{html.escape(figure.term)}</dt><dd>{value}{notes}</dd></div>"
