"""Meetings: where and when a council met."""

from __future__ import annotations

from domain.event import Dated
from domain.values import Count, Line, Reference


class MeetingHeld(Dated):
    """A council, or a committee of it, met."""

    type = "meeting-held"
    meeting: Reference
    """Its reference: coventry/2022-03-22/council."""
    committee: Line | None = None
    """Which committee, if it was not the council itself."""
    kind: Line | None = None
    """Ordinary, extraordinary, annual, budget."""
    chair: Line | None = None
    """Who presided."""
    present: Count | None = None
    """How many members were there."""
    apologies: tuple[Line, ...] = ()
    """Members who sent apologies, by name."""
    seats: Count | None = None
    """How many seats the council has."""
    quorum: Count | None = None
    """How many members make a quorum."""
