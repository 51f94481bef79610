"""Numbers, rates and tense as the summaries write them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.tables import last_day, name_of

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(value: float) -> str:
    """At most two decimals, no needless zeros: 15, 12.5, 1,250."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def rate(rate_pct: str | float, basis: str = "additional") -> str:
    """A rate in percent: "25%", "15% all-in"."""
    return f"{number(float(rate_pct))}%{' all-in' if basis == 'all_in' else ''}"


def count(n: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "no meetings", "one meeting", "12 meetings"."""
    return f"{_WORDS[n] if n <= 10 else f'{n:,}'} {noun if n == 1 else plural or noun + 's'}"


def in_figures(n: float, noun: str) -> str:
    """A count in figures, whatever its size: "1 day", "97 days"."""
    return f"{number(n)} {noun}{'' if n == 1 else 's'}"


def listing(parts: Sequence[str]) -> str:
    """Parts as "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def upper(text: str) -> str:
    """A text with a capital first letter."""
    return text[0].upper() + text[1:]


def have(as_of: str, n: int = 1) -> str:
    """The verb in number and tense: the last covered day is told in the present."""
    if as_of < last_day():
        return "had"
    return "has" if n == 1 else "have"


def be(as_of: str, n: int = 1) -> str:
    """The same of to be."""
    if as_of < last_day():
        return "was" if n == 1 else "were"
    return "is" if n == 1 else "are"


def whom(codes: Sequence[str]) -> str:
    """One partner by its name, several by their number."""
    return name_of(codes[0]) if len(codes) == 1 else count(len(codes), "partner")
