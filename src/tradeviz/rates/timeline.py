"""What each partner faced, when and by which order: the timeline, the orders, the sectors."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from tradeviz.data import Dataset
from tradeviz.errors import UsageError
from tradeviz.frames import records, with_days
from tradeviz.rates.measures import whole_economy_rows
from tradeviz.rates.proposals import proposals
from tradeviz.rates.schedules import SeriesKey, Step, folded_steps, schedules, states, typed_frame
from tradeviz.rates.usmca import usmca_words
from tradeviz.vocabulary import GENERAL, HEADLINE_LAYERS, SECTOR_LAYERS

_TIMELINE_COLUMNS = ["partner", "kind", "layer", "product", "announced", "day", "until", "rate_pct"]
_TIMELINE_COLUMNS += ["basis", "state", "order_id", "source_ids"]
_SECTOR_COLUMNS = ["layer", "product", "partner", "effective", "until", "rate_pct", "basis", "state"]
_SECTOR_COLUMNS += ["usmca", "order_id", "announced", "source_ids"]


def timeline(ds: Dataset, layers: str = "") -> pd.DataFrame:
    """Lay out the whole-economy rates ordered, threatened and agreed, partner by partner.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    layers : str
        Layers of the headline to keep, comma-separated; all of them when not given.

    Returns
    -------
    pandas.DataFrame
        In partner order, then orders, threats, deals, each by layer (as in `HEADLINE_LAYERS`),
        product and day: partner, kind (order, threat or deal), layer, product, announced (day),
        day (effective for an order, announced for the others), until (first day of the next step,
        or the end of a threat or deal, or NaT), rate_pct (percent), basis, state (of an order as
        in `schedules`; open or ended for the others), order_id, source_ids. Empty where no layer
        kept has a rate above zero or a proposal.

    Raises
    ------
    UsageError
        If a layer is not one of the headline, or none is named.

    Examples
    --------
    >>> steps = rates.timeline(ds)
    >>> steps.loc[steps["partner"] == "KOR", "kind"].unique().tolist()
    ['order']
    """
    chosen = _known_layers(layers)
    steps = schedules(ds).assign(kind="order")
    steps["day"] = steps["effective"]
    parts = [steps]
    for kind in ("threat", "deal"):
        said = proposals(ds, kind)
        said = said.assign(kind=kind, day=said["announced"], until=said["ended"])
        parts.append(said.assign(state=said["alive"].map({True: "open", False: "ended"})))
    shown = [whole_economy_rows(part[part["layer"].isin(chosen)])[_TIMELINE_COLUMNS] for part in parts]
    if not (shown[0]["rate_pct"] != 0).any() and not any(len(part) for part in shown[1:]):
        return typed_frame([], _TIMELINE_COLUMNS).astype({"day": "datetime64[us]"})
    frame = pd.concat([part for part in shown if len(part)], ignore_index=True)
    positions = {code: i for i, code in enumerate(ds.partners["partner"])}
    keys = pd.DataFrame(
        {
            "partner": frame["partner"].map(positions),
            "kind": frame["kind"].map({"order": 0, "threat": 1, "deal": 2}),
            "layer": frame["layer"].map(HEADLINE_LAYERS.index),
            "product": frame["product"],
            "day": frame["day"],
        }
    )
    order = keys.sort_values(list(keys.columns), kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def general_events(ds: Dataset, layers: str = "") -> pd.DataFrame:
    """The court rulings, and the orders that changed these layers for at least half of the partners.

    An event of kind order counts when its day is that on which orders for so many were announced,
    or one on which they applied.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.
    layers : str
        Layers of the headline, comma-separated.

    Returns
    -------
    pandas.DataFrame
        Rows of the table events by date: date, kind (court or order), title, source_ids.

    Raises
    ------
    UsageError
        If a layer is not one of the headline, or none is named.

    Examples
    --------
    >>> events = rates.general_events(ds)
    >>> bool((events["date"] <= ds.as_of).all())
    True
    """
    rows = ds.tariffs[(ds.tariffs["force"] == "order") & ds.tariffs["layer"].isin(_known_layers(layers))]
    rows = whole_economy_rows(rows)
    wide: set[pd.Timestamp] = set()
    for clock in ("announced", "effective"):
        reach = rows.groupby(clock)["partner"].nunique()
        wide |= set(reach.index[reach >= len(ds.partners) / 2])
    general = (ds.events["kind"] == "order") & ds.events["date"].isin(wide)
    events = ds.events[(ds.events["scope"] == GENERAL) & (general | (ds.events["kind"] == "court"))]
    columns = ["date", "kind", "title", "source_ids"]
    return events.sort_values("date", kind="stable")[columns].reset_index(drop=True)


def orders(ds: Dataset) -> pd.DataFrame:
    """Every order known, newest first: what it is, where it is published, what it sets for whom.

    Orders of the partners (layer retaliation) are among them; threats and deals are left out.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    pandas.DataFrame
        announced, first_effective, last_effective (days of its first and last step), order_id,
        instruments (`;`-separated), fr_citations (Federal Register, `;`-separated, "" for none on
        record), layers (`;`-separated, as in `LAYERS`), partners (codes, `;`-separated, in partner
        order; ALL stands for every country), n_partners (number of partners named, ALL not
        counted), source_ids. An order may set a rate from a day before it was announced.

    Examples
    --------
    >>> rates.orders(ds)["layers"].iloc[0]
    'retaliation'
    """
    rows = ds.tariffs[ds.tariffs["force"] == "order"].sort_values("announced", kind="stable")
    positions = {code: i for i, code in enumerate([GENERAL, *ds.partners["partner"]])}
    result = []
    for order_id, order_rows in rows.groupby("order_id", sort=False):
        codes = sorted(set(order_rows["partner"]), key=positions.__getitem__)
        result.append(
            {
                "announced": order_rows["announced"].iloc[0],
                "first_effective": order_rows["effective"].min(),
                "last_effective": order_rows["effective"].max(),
                "order_id": order_id,
                "instruments": _joined(order_rows["instrument"]),
                "fr_citations": _joined(order_rows["fr_citation"]),
                "layers": _joined(order_rows["layer"]),
                "partners": ";".join(codes),
                "n_partners": len([code for code in codes if code != GENERAL]),
                "source_ids": _joined(order_rows["source_ids"].str.split(";").explode()),
            }
        )
    columns = ["announced", "first_effective", "last_effective", "order_id", "instruments", "fr_citations"]
    columns += ["layers", "partners", "n_partners", "source_ids"]
    frame = with_days(pd.DataFrame(result[::-1], columns=columns), columns[:3])
    texts = [name for name in columns[3:] if name != "n_partners"]
    return frame.astype({"n_partners": "int64"} | dict.fromkeys(texts, "str"))


def sector_calendar(ds: Dataset) -> pd.DataFrame:
    """The schedules of the Section 232 layers, product by product: the general one, then the partners' own.

    Parameters
    ----------
    ds : Dataset
        Facts as known at its `as_of`.

    Returns
    -------
    pandas.DataFrame
        By layer (as in `SECTOR_LAYERS`) and product in the sequence first ordered, the general
        schedule (partner ALL) first, then the partners with one of their own in partner order, by
        day: layer, product, partner, effective (day), until (first day of the next step, or NaT),
        rate_pct (percent), basis, state (as in `schedules`), usmca (as `usmca_words`), order_id,
        announced (day), source_ids. A partner's own schedule stands in place of the general one from
        its first day on; it can set the same rate and differ in exemptions.

    Examples
    --------
    >>> calendar = rates.sector_calendar(ds)
    >>> calendar.loc[calendar["layer"] == "s232_autos", ["effective", "rate_pct"]].head(1)
       effective  rate_pct
    0 2025-04-03      25.0
    """
    rows = ds.tariffs[(ds.tariffs["force"] == "order") & ds.tariffs["layer"].isin(SECTOR_LAYERS)]
    written: dict[SeriesKey, list[Step]] = defaultdict(list)
    for row in records(rows.sort_values("announced", kind="stable")):
        written[row["layer"], row["product"], row["partner"]].append(row)
    products = list(dict.fromkeys(key[:2] for key in written))
    products.sort(key=lambda key: SECTOR_LAYERS.index(key[0]))
    result = []
    for layer, product in products:
        for code in (GENERAL, *ds.partners["partner"]):
            steps = folded_steps(written.get((layer, product, code), []))
            ends = [step["effective"] for step in steps[1:]] + [pd.NaT] if steps else []
            for step, until, state in zip(steps, ends, states(steps, ds.as_of), strict=True):
                result.append(step | {"until": until, "state": state})
    usmca = usmca_words(ds, pd.DataFrame(result))
    return typed_frame(
        [row | {"usmca": words} for row, words in zip(result, usmca, strict=True)], _SECTOR_COLUMNS
    )


def _known_layers(layers: str) -> list[str]:
    if layers == "":
        return list(HEADLINE_LAYERS)
    if not isinstance(layers, str):
        raise UsageError(f"layers {layers!r} is no text; write it as {', '.join(HEADLINE_LAYERS[:2])}")
    named = [name.strip() for name in layers.split(",") if name.strip()]
    wrong = [name for name in named if name not in HEADLINE_LAYERS]
    if wrong or not named:
        what = f'layer "{wrong[0]}" is not drawn here' if wrong else "no layer is named"
        raise UsageError(f"{what}; use one or more of {', '.join(HEADLINE_LAYERS)}")
    return named


def _joined(values: pd.Series) -> str:
    return ";".join(dict.fromkeys(value for value in values if value))
