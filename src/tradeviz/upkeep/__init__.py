"""Keeping the record up to date: what is due, and what was published elsewhere.

Noticing is done here, knowing is not: a poll gives a queue for a person to read, never a row of facts.
"""

from tradeviz.upkeep.due import AHEAD_DAYS, due

__all__ = ["AHEAD_DAYS", "due"]
