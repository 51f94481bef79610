"""The commands and their parameters, as the application itself knows them: a new one is found by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

import click
from click.types import FuncParamType

from tradeviz.cli import app

DAY = "2025-04-25"
_GIVEN = {"feed": "federal-register", "keys": "x", "reason": "x"}
"""What is given for parameters that are required and are no days or paths, by name."""
_A_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")


@dataclass(frozen=True)
class Parameter:
    """One option or argument of a command.

    Attributes
    ----------
    command, name : str
        Names of the command and of the parameter.
    kind : type
        What it takes: str, Path, int and so on, also where it may be repeated or left out.
    option : str
        What is written before its value, --as-of; "" for an argument.
    required : bool
        Whether the command needs it.
    is_day : bool
        Whether it takes a day: its help writes one down.
    """

    command: str
    name: str
    kind: type
    option: str
    required: bool
    is_day: bool

    def __str__(self) -> str:
        return f"{self.command} {self.option or self.name}"


def commands() -> dict[str, list[Parameter]]:
    """The parameters of all commands, by the command's name."""
    return {name: [_parameter(name, one) for one in made.params] for name, made in app.commands.items()}


def line(command: str, given: dict[str, str] | None = None) -> list[str]:
    """A command with all that it requires, and with values for some of its parameters."""
    words = [command]
    for one in commands()[command]:
        value = (given or {}).get(one.name)
        if value is None and one.required:
            value = DAY if one.is_day else "none" if one.kind is Path else _GIVEN[one.name]
        if value is not None:
            words.append(f"{one.option}={value}" if one.option else value)
    return words


def _parameter(command: str, one: click.Parameter) -> Parameter:
    kind = _kind(one.type)
    is_day = kind is str and (one.metavar == "DAY" or bool(_A_DAY.search(one.help or "")))
    option = one.opts[0] if isinstance(one, click.Option) else ""
    return Parameter(command, one.name, kind, option, one.required, is_day)


def _kind(given: click.ParamType) -> type:
    """What a value is made into: by the function that reads it, or as one of the choices."""
    if isinstance(given, FuncParamType):
        return get_type_hints(given.func)["return"]
    if isinstance(given, click.Choice):
        return type(given.choices[0])
    return {click.STRING: str, click.BOOL: bool}.get(given, float)
