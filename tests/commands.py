"""The commands and their parameters, as the application itself knows them: a new one is found by itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.models import OptionInfo

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
    found = {}
    for registered in app.registered_commands:
        assert registered.callback is not None
        name = registered.name or registered.callback.__name__.replace("_", "-")
        found[name] = _parameters(name, registered.callback)
    return found


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


def _parameters(command: str, callback: Callable[..., Any]) -> list[Parameter]:
    hints = get_type_hints(callback, include_extras=True)
    found = []
    for name, written in inspect.signature(callback).parameters.items():
        annotation, info = get_args(hints[name])
        names = (info.default, *(info.param_decls or ()))  # Typer keeps the first name as a default
        declared = [words for words in names if isinstance(words, str) and words.startswith("--")]
        option = f"--{name.replace('_', '-')}" if isinstance(info, OptionInfo) else ""
        told = f"{info.metavar} {info.help}"
        kind = _kind(annotation)
        found.append(
            Parameter(
                command,
                name,
                kind,
                (declared or [option])[0],
                written.default is inspect.Parameter.empty,
                kind is str and (info.metavar == "DAY" or bool(_A_DAY.search(told))),
            )
        )
    return found


def _kind(annotation: Any) -> type:
    """The innermost type of `list[Path] | None` and the like."""
    inner = [one for one in get_args(annotation) if one is not type(None)]
    return _kind(inner[0]) if inner else annotation
