"""What the measures leave open: the wedges between the rates, and the assumptions behind the data.

Constants in words, with the direction in which each would pull a figure. How large the steps between the
rates are is estimated elsewhere: `exposure.waterfall`, and the sensitivity in docs/methods.md.
"""

from __future__ import annotations

import pandas as pd

_WEDGES: tuple[tuple[str, str, str, str], ...] = (
    (
        "exemptions",
        "statutory to modelled and charged",
        "lower",
        "Energy, chips, drugs, electronics and other listed goods are outside the country rates; the"
        " headline counts them as if they paid.",
    ),
    (
        "sector duties",
        "statutory to modelled and charged",
        "higher",
        "Section 232 duties on goods such as metals and cars are not part of the headline.",
    ),
    (
        "ceilings product by product",
        "statutory to modelled and charged",
        "higher",
        "The headline subtracts a partner's mean duty from an all-in rate. Good by good the added part is"
        " never below zero, so its mean is at least as high.",
    ),
    (
        "duties of before",
        "statutory and modelled to charged",
        "higher",
        "The charged rate contains the normal duty and the older Section 301 duties; the charged rate above"
        " 2024 takes off their level of that year.",
    ),
    (
        "preference claims",
        "statutory and modelled to charged",
        "lower",
        "Importers claim more preferences and exemptions (USMCA most of all) when duties rise; shares of"
        " 2024 do not show that.",
    ),
    (
        "domestic content and stacking rules",
        "statutory and modelled to charged",
        "lower",
        "U.S. content is left out of some duties, and one sector duty can take the place of another.",
    ),
    (
        "delayed collection",
        "statutory and modelled to charged",
        "lower while rates rise, higher while they fall",
        "Goods already at sea kept the old rate, goods wait in warehouses and zones, and retroactive cuts"
        " were ordered after the duty was paid.",
    ),
    (
        "shifts in what is bought",
        "modelled to charged",
        "lower",
        "Buyers turn to goods and partners that are taxed less, and bought ahead of duties; weights of"
        " 2024 hold purchases fixed.",
    ),
    (
        "refunds",
        "charged to kept",
        "lower",
        "Calculated duties are not reduced by refunds, those that a court orders included.",
    ),
)

_ASSUMPTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "the record is a sample",
        "Meetings and milestones are those with a usable source; planned meetings without a report and"
        " undated contacts are left out.",
        "Too few meetings, most of all technical ones; quiet spells look longer than they were.",
    ),
    (
        "attention is uneven",
        "Evidence thins out for most partners towards the end of the record, and the larger partners are"
        " reported more.",
        "Tempo seems to fall towards the end; smaller partners seem to talk less.",
    ),
    (
        "readouts are taken as they stand",
        "Outcomes and statuses follow what a side or the press said; where the sides disagree, the row"
        " names the dispute or the more cautious wording is used.",
        "Towards progress: sides report agreement sooner than failure.",
    ),
    (
        "days are local to the place",
        "Asian and Washington dates differ by up to a day; a day inferred from a weekday is noted in the"
        " research.",
        "A day either way in durations.",
    ),
    (
        "a rung is a form, not a weight",
        "A truce, a partial agreement on cars and a full agreement can stand on one rung.",
        "Short durations where the document is light; comparisons across partners favour light deals.",
    ),
    (
        "censoring is not informative",
        "The survival curves treat partners still under way like the others.",
        "Towards speed: those left are the harder cases.",
    ),
    (
        "partners are independent",
        "Confidence bands take the partners as separate draws, though one deadline and one counterpart moved"
        " them all.",
        "Bands too narrow.",
    ),
    (
        "retroactive orders count from their legal day",
        "A cut that reached back changes the schedule of days on which the old rate was collected.",
        "Headline too low for the weeks before the order.",
    ),
    (
        "scheduled steps apply unless something says otherwise",
        "A step set by an order is taken to apply on its day; a few without a source are marked unconfirmed.",
        "Towards the rates on paper, up or down.",
    ),
    (
        "headlines leave out the fine print",
        "No exemptions, sector duties or content rules; Canada and Mexico's goods under USMCA are not"
        " taken out.",
        "Too high where much is exempt, above all for Canada and Mexico.",
    ),
    (
        "weights of 2024",
        "Means and covered shares weigh by 2024 imports for consumption, before any shift of purchases.",
        "Means above what buyers pay once they have turned away.",
    ),
    (
        "coverage counts all of a partner's imports",
        "A partner under a deal counts whole, also for goods that the deal does not reach.",
        "Covered shares too high.",
    ),
    (
        "one vintage of trade figures",
        "Past views show months as published by then, but with the figures of the day on which the"
        " data were put together.",
        "Either way; revisions were small in the months compared.",
    ),
    (
        "the modelled rate is one model's, in hindsight",
        "Its labels are policy dates, not legal days, and can lie weeks off (most of all for China and"
        " India).",
        "Either way in the months of a change.",
    ),
    (
        "pledges as announced",
        "Amounts overlap, differ in kind and horizon, and are partly intentions; delivery is known only"
        " where a source says so.",
        "Pledges look larger and less delivered than they are.",
    ),
    (
        "sources are mostly news",
        "Official texts often come through reprints, some through secondary pages or citations only.",
        "Either way; single-sourced rows are listed so that they can be weighed.",
    ),
)


_REASONS: tuple[tuple[str, str, str], ...] = (
    ("M. E. Waugh", "2025-01-01", "Its days are those of policies and can lie off the legal ones."),
    (
        "M. E. Waugh",
        "2025-04-05",
        "Its list of goods exempt from the reciprocal rates misses lines whose ten-digit code does not end"
        " in 00.",
    ),
    (
        "M. E. Waugh",
        "2025-11-14",
        "Its list of exempt goods is whole from here on; ceilings come on top of the duty of 2024, UK cars"
        " pay 25% until February 2026, and USMCA claims do not rise.",
    ),
    (
        "The Budget Lab at Yale",
        "2025-03-01",
        "Its metal content and USMCA shares differ by line; ours are means of groups.",
    ),
    (
        "The Budget Lab at Yale",
        "2025-04-05",
        "It knows the exemption of electronics from 5 April, which was published on 11 April.",
    ),
    (
        "The Budget Lab at Yale",
        "2025-04-12",
        "Its metal content and USMCA shares differ by line; ours are means of groups.",
    ),
    (
        "The Budget Lab at Yale",
        "2025-11-14",
        "It charges a duty on aluminum on medicines; most of all for Switzerland.",
    ),
    (
        "The Budget Lab at Yale",
        "2026-02-24",
        "Its metal content and USMCA shares differ by line; ours are means of groups.",
    ),
)
"""Who published, from which day on, and what is known to lie behind differences to ours."""


def benchmark_reason(publisher: str, on: pd.Timestamp) -> str:
    """What is known to lie behind a difference between a published rate and ours; "" for nothing."""
    found = [why for who, first, why in _REASONS if who == publisher and pd.Timestamp(first) <= on]
    return found[-1] if found else ""


def wedges() -> pd.DataFrame:
    """The named wedges between the statutory, the modelled and the charged rate.

    Returns
    -------
    pandas.DataFrame
        wedge, between (from which reading to which), effect (how the second lies to the first
        because of it), why.
    """
    return pd.DataFrame(_WEDGES, columns=["wedge", "between", "effect", "why"]).astype("str")


def assumptions() -> pd.DataFrame:
    """The assumptions that the data and the measures rest on.

    Returns
    -------
    pandas.DataFrame
        assumption (its name), what (what is assumed and why), bias (the direction in which it
        would pull the figures).
    """
    return pd.DataFrame(_ASSUMPTIONS, columns=["assumption", "what", "bias"]).astype("str")
