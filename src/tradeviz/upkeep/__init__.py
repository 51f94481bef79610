"""Keeping the record up to date: what is due, and what was published elsewhere.

Noticing is done here, knowing is not: a poll gives a queue for a person to read, never a row of facts.
Only `watch` reaches a network, and only when somebody runs it.
"""

from tradeviz.upkeep.due import AHEAD_DAYS, due
from tradeviz.upkeep.review import accept, refuse
from tradeviz.upkeep.watch import ADDRESSES, Poll, watch

__all__ = ["ADDRESSES", "AHEAD_DAYS", "Poll", "accept", "due", "refuse", "watch"]
