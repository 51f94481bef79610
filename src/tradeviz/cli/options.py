"""Options that several commands have, and kinds of options."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import click

from tradeviz.cli.paths import read_path
from tradeviz.terminal import Format

F = TypeVar("F", bound=Callable[..., Any])

path = partial(click.option, type=read_path)
"""An option that takes a path."""


def choice(*names: str, default: StrEnum, help: str) -> Callable[[F], F]:  # noqa: A002
    """An option that takes one of the values of the enumeration that its default is of."""
    kind = click.Choice(type(default))
    return click.option(*names, type=kind, default=default, show_default=True, help=help)


def number(name: str, default: float, help: str, **limits: Any) -> Callable[[F], F]:  # noqa: A002
    """An option that takes a number from `min` to `max`, a whole one where its default is whole."""
    kind = click.IntRange if isinstance(default, int) else click.FloatRange
    return click.option(name, type=kind(**limits), default=default, show_default=True, help=help)


as_of = click.option("--as-of", default="", help="Day of knowledge, 2025-04-25; else the last one.")
data = path("--data", metavar="DIR", help="Folder of the tables; else TRADEVIZ_DATA.")
format = choice(  # noqa: A001
    "--format",
    "form",
    default=Format.table,
    help="A table for people, csv or json for machines, latex, docx or md for a paper.",
)
partner = click.option("--partner", help="Partner code, KOR; else all.")
partners = click.option("--partners", default="", help="Codes with commas between, KOR,JPN; else all.")
scenario = path(
    "--scenario",
    metavar="FILE",
    help="CSV of orders never given (partner,layer,effective,rate_pct), to see what would follow.",
)
