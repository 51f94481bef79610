"""The stamp of a scenario: what names, titles and words say of it, so that nobody takes it for the record.

Each function gives what it was given where there is no scenario.
"""

from __future__ import annotations


def of_scenario(name: str, scenario: str) -> str:
    """Name a page or file so that it tells of which scenario it is: `partner-KOR-scenario-korea-30`."""
    return f"{name}-scenario-{scenario}" if scenario else name


def titled(title: str, scenario: str) -> str:
    """A title with the scenario behind it."""
    return f"{title} (scenario {scenario}: not the record)" if scenario else title


def notice(scenario: str) -> str:
    """What stands over a page, chart or table: "Scenario korea-30: not the record"; "" for the record."""
    return f"Scenario {scenario}: not the record" if scenario else ""
