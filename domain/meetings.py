"""Meetings: where and when a council met, and what became of the minutes."""

from __future__ import annotations

from domain.event import Dated
from domain.values import Count, Line, Reference, Text, Vote


class MeetingEvent(Dated):
    """Something that happened to a meeting or its minutes."""

    cycle = "meeting"
    subject_field = "meeting"
    meeting: Reference
    """Its reference: coventry/2022-03-22/council."""


class MeetingHeld(MeetingEvent):
    """A council, or a committee of it, met."""

    type = "meeting-held"
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


class MinutesPublished(MeetingEvent):
    """The minutes of a meeting are published as a draft: the body's own word, not yet approved."""

    type = "minutes-published"


class MinutesApproved(MeetingEvent):
    """A later meeting approves the minutes: from now on they are the record."""

    type = "minutes-approved"
    at: Reference
    """The meeting that approved them."""
    vote: Vote | None = None
    """The vote on approving them."""
    corrections: Text | None = None
    """What was changed before they were approved, in our own words."""


class MinutesCorrected(MeetingEvent):
    """A meeting corrects the minutes of an earlier one."""

    type = "minutes-corrected"
    at: Reference
    """The meeting that corrected them."""
    text: Text
    """What was changed, in our own words."""
