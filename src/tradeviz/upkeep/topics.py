"""Which partners and layers a document seems to touch, by the words of its title and summary.

A guess for whoever reads the queue: a word can stand there for another reason.
"""

from __future__ import annotations

import re

import pandas as pd

from tradeviz.data import split_list

_LAYER_WORDS: dict[str, str] = {
    "reciprocal": r"reciprocal (?:tariff|trade|rate)|agreement on reciprocal|trade deficits?",
    "fentanyl": r"fentanyl|synthetic opioid|illicit drugs? across|flow of illicit",
    "country_special": r"threats? to the united states by the government of",
    "s122": r"section 122|international payments problems?|balance[- ]of[- ]payments",
    "s301": r"section 301|unreasonable acts, policies|acts, policies, and practices",
    "s232_autos": r"\b(?:automobiles?|passenger vehicles?)\b",
    "s232_auto_parts": r"\b(?:automobile|auto|vehicle) parts\b",
    "s232_trucks": r"\b(?:heavy-duty|medium-duty) (?:vehicles?|trucks?)|\bbuses\b",
    "s232_steel_aluminum": r"\b(?:steel|alumin(?:i)?um)\b",
    "s232_copper": r"\bcopper\b",
    "s232_drones": r"\b(?:drones?|unmanned aircraft)\b",
    "s232_polysilicon": r"\bpolysilicon\b",
    "s232_lumber_furniture": r"\b(?:lumber|timber|furniture|cabinets|vanities)\b",
    "s232_semiconductors": r"\bsemiconductors?\b",
    "s232_pharma": r"\bpharmaceuticals?\b",
    "retaliation": r"\bretaliat\w+|countermeasures?\b",
}
"""Words by layer, as patterns; the layers are those of the vocabulary."""

_TRADE = re.compile(r"\b(?:tariffs?|dut(?:y|ies)|imports?|imported|tariff schedule|section 232)\b", re.I)
_LAYERS = {layer: re.compile(words, re.I) for layer, words in _LAYER_WORDS.items()}


def partner_words(partners: pd.DataFrame) -> dict[str, re.Pattern[str]]:
    """Make the pattern of the names of each partner.

    Parameters
    ----------
    partners : pandas.DataFrame
        The table `partners`.

    Returns
    -------
    dict of str to re.Pattern
        By code, in the table's order.
    """
    patterns = {}
    for code, name, others in zip(
        partners["partner"], partners["name"], partners["also_called"], strict=True
    ):
        names = "|".join(re.escape(word) for word in [name, *split_list(others)])
        patterns[code] = re.compile(rf"\b(?:{names})\b")
    return patterns


def partners_in(text: str, patterns: dict[str, re.Pattern[str]]) -> list[str]:
    """The codes of the partners that a text names."""
    return [code for code, names in patterns.items() if names.search(text)]


def layers_in(text: str) -> list[str]:
    """The layers that a text seems to touch; none where it says nothing of trade."""
    return [layer for layer, words in _LAYERS.items() if words.search(text)]


def is_about_trade(text: str) -> bool:
    """Whether a text speaks of tariffs, duties or imports."""
    return bool(_TRADE.search(text))
