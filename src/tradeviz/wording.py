"""Days, rates, money, counts and lists as they are written in prose, in one place.

Knows nothing of the data: numbers and dates in, English out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_WITH_ARTICLE = ("Kingdom", "Philippines", "States", "Union")


def day(when: Any) -> str:
    """Write a day as "24 April 2025"; a missing day as "no day named"."""
    if when is None or when is pd.NaT or when == "":
        return "no day named"
    stamp = pd.Timestamp(when)
    return f"{stamp.day} {stamp:%B %Y}"


def short_day(when: date | pd.Timestamp) -> str:
    """Write a day as "9 Jul 2025", for labels in charts."""
    stamp = pd.Timestamp(when)
    return f"{stamp.day} {stamp:%b %Y}"


def day_of_year(when: date | pd.Timestamp) -> str:
    """Write a day as "9 Jul", where the axis says the year."""
    stamp = pd.Timestamp(when)
    return f"{stamp.day} {stamp:%b}"


def span(first: str, last: str) -> str:
    """Write two days or months as "a to b"; once where they are the same."""
    return first if first == last else f"{first} to {last}"


def iso(when: Any) -> str:
    """Write a day as "2025-04-24"; a missing day as an empty text."""
    return "" if when is None or when is pd.NaT or when == "" else f"{pd.Timestamp(when):%Y-%m-%d}"


def number(value: float) -> str:
    """Write a number without needless zeros, with at most two decimals: 15, 12.5, 1,250, −0.4."""
    return true_minus(f"{value:z,.2f}".rstrip("0").rstrip("."))


def true_minus(figure: str) -> str:
    """Write the minus sign of a number in figures as readers know it, not as a hyphen: "−2.0"."""
    return figure.replace("-", "−")


def rate(rate_pct: float, basis: str = "additional") -> str:
    """Write a rate in percent with its basis: "25%", "15% all-in"; a missing rate as "none"."""
    if math.isnan(rate_pct):
        return "none"
    return f"{number(rate_pct)}%" + (" all-in" if basis == "all_in" else "")


def rounded_rate(rate_pct: float) -> str:
    """Write a computed rate with one decimal at most: "13.6%"; a missing one as "not known"."""
    return "not known" if math.isnan(rate_pct) else rate(round(float(rate_pct), 1))


def bare_rate(rate_pct: float, basis: str = "additional") -> str:
    """Write a rate for a label in a chart whose axis has the percent sign: "25", "15 all-in"."""
    return number(rate_pct) + (" all-in" if basis == "all_in" else "")


def money_bn(usd_bn: float) -> str:
    """Write an amount given in billions of U.S. dollars: "$350 billion", "$400 million"."""
    if abs(usd_bn) < 1:
        return f"${number(usd_bn * 1000)} million"
    return f"${number(usd_bn)} billion"


def amount_bn(bn: float, per: str = "total", currency: str = "USD") -> str:
    """Write a pledged amount: "$350 billion", "$8 billion a year", "CAD 30 billion"."""
    amount = money_bn(bn) if currency == "USD" else f"{currency} {number(bn)} billion"
    return amount + (" a year" if per == "year" else "")


def listing(parts: Sequence[str], word: str = "and") -> str:
    """Join parts as "a, b and c"."""
    parts = list(parts)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def count(n: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun: "no meetings", "one meeting", "12 meetings"."""
    noun = singular if n == 1 else plural or f"{singular}s"
    return f"{_SMALL[n] if 0 <= n < len(_SMALL) else f'{n:,}'} {noun}"


def count_days(n: float) -> str:
    """Write a number of days in figures: "1 day", "97 days"."""
    return f"{number(n)} day{'' if n == 1 else 's'}"


def interval_words(lower: float, upper: float) -> str:
    """Write the 95% interval of a number of days; a limit that its band does not give (NaN), in words."""
    if math.isnan(lower):
        return "not reached"
    if math.isnan(upper):
        return f"from {count_days(lower)}, upper limit not reached"
    return f"{number(lower)} to {count_days(upper)}"


def median_words(middle: float, lower: float, upper: float) -> str:
    """Write a median of days with its interval: "median of 97 days (95% interval 70 to 107 days)"."""
    if math.isnan(middle):
        return "median not reached"
    return f"median of {count_days(middle)} (95% interval {interval_words(lower, upper)})"


def change(value: float) -> str:
    """Write a change with its sign, to one decimal and without needless zeros: "+5.1", "−3", "+0"."""
    return true_minus(f"{round(value, 1) + 0.0:+g}")


def signed(value: float, digits: int = 1) -> str:
    """Write a change with its sign: "+0.3", "−2.0"; one that rounds to nothing as "0", NaN as "not known"."""
    if math.isnan(value):
        return "not known"
    shown = f"{abs(value):.{digits}f}"
    return f"{'+' if value > 0 else '−'}{shown}" if float(shown) else "0"


def tenths(points: float, sign: bool = False) -> str:
    """Write points to one decimal: "6.4", with their sign "+6.4"; fewer than 0.05 as "under 0.1"."""
    if 0 < abs(points) < 0.05:
        return "under 0.1"
    return signed(points) if sign else true_minus(f"{points:z.1f}")


def percent(share: float) -> str:
    """Write a share as whole percent; a few of many are not told as none, nor all but a few as all."""
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def capital(text: str) -> str:
    """Give a text a capital first letter and leave the rest alone."""
    return text[:1].upper() + text[1:]


def shortened(text: str, longest: int = 110) -> str:
    """Cut a text after a word, and say so by an ellipsis."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rpartition(' ')[0].rstrip(',;:')} …"


def sentence(text: str) -> str:
    """Give a text a capital first letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return capital(text) + ("" if text.endswith((".", "?", "!", "…")) else ".")


def with_article(name: str) -> str:
    """Write the name of a union, a kingdom or a plural as in a sentence: "the Philippines"."""
    return f"the {name}" if name.split()[-1] in _WITH_ARTICLE else name
