"""The layers of duty: one record each, from which every list of layers follows.

To add a layer, add its record; its orders are rows of tariffs, what it reaches rows of group_terms
(or of omissions), and where USMCA relieves it, and since when, rows of assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass

ECONOMY, SECTOR, ABROAD = "economy", "sector", "abroad"
"""What a layer reaches: all goods of a partner, goods that it lists, or U.S. goods sold abroad."""


@dataclass(frozen=True)
class Layer:
    """A layer of duty.

    Attributes
    ----------
    code, name : str
        Its code in the tables, and its name in print.
    authority : str
        The law, or who charges it.
    reach : str
        economy, sector or abroad.
    in_headline : bool
        Whether the statutory headline rate adds it up.
    may_be_all_in : bool
        Whether a rate of it can be a ceiling that contains the normal duty.
    programmes : tuple of str
        Products that reach all goods of a partner, exemptions apart.
    duty : str
        What it is called in a sentence where that is not "the NAME duty": "the Section 232 duty on cars".
    """

    code: str
    name: str
    authority: str
    reach: str = ECONOMY
    in_headline: bool = False
    may_be_all_in: bool = False
    programmes: tuple[str, ...] = ()
    duty: str = ""


_IEEPA = "International Emergency Economic Powers Act"


def _sector(code: str, goods: str) -> Layer:
    """A layer of Section 232: goods that a proclamation lists, at a rate that can be all-in."""
    return Layer(
        f"s232_{code}",
        f"Section 232 {goods}",
        "Section 232, Trade Expansion Act of 1962",
        SECTOR,
        may_be_all_in=True,
        duty=f"the Section 232 duty on {goods}",
    )


RECORDS: tuple[Layer, ...] = (
    Layer("reciprocal", "reciprocal", _IEEPA, in_headline=True, may_be_all_in=True),
    Layer("fentanyl", "fentanyl (IEEPA)", _IEEPA, in_headline=True, duty="the fentanyl duty (IEEPA)"),
    Layer(
        "country_special", "country-specific", f"{_IEEPA}; Section 338, Tariff Act of 1930", in_headline=True
    ),
    Layer(
        "s122",
        "Section 122 surcharge",
        "Section 122, Trade Act of 1974",
        in_headline=True,
        duty="the Section 122 surcharge",
    ),
    Layer(
        "s301",
        "Section 301",
        "Section 301, Trade Act of 1974",
        in_headline=True,
        may_be_all_in=True,
        programmes=("forced labor", "Brazil practices"),
    ),
    _sector("autos", "cars"),
    _sector("auto_parts", "car parts"),
    _sector("trucks", "trucks"),
    _sector("steel_aluminum", "steel and aluminum"),
    _sector("copper", "copper"),
    _sector("drones", "drones"),
    _sector("polysilicon", "polysilicon"),
    _sector("lumber_furniture", "wood and furniture"),
    _sector("semiconductors", "semiconductors"),
    _sector("pharma", "drugs"),
    Layer(
        "retaliation",
        "retaliation on U.S. goods",
        "the partner's own law",
        ABROAD,
        duty="the duty in answer on U.S. goods",
    ),
)
"""Every layer, in the order in which tables list them."""
