"""Meetings: where and when a council met, and what became of the minutes."""

from __future__ import annotations

from domain.dates import Date
from domain.event import Dated
from domain.values import Count, Line, Reference, Text, Vote


class MeetingEvent(Dated):
    """Something that happened to a meeting or its minutes."""

    cycle = "meeting"
    subject_field = "meeting"
    meeting: Reference
    """Its reference: coventry/2022-03-22/council."""


class MeetingCalled(MeetingEvent):
    """A meeting is called; it has not been held."""

    type = "meeting-called"


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


class MeetingAdjourned(MeetingEvent):
    """A meeting breaks off, or is put off before it begins, to go on another day."""

    type = "meeting-adjourned"
    until: Date | None = None
    """The day on which it is to go on; may lie ahead."""
    reason: Text | None = None
    """Why."""


class MeetingCancelled(MeetingEvent):
    """A meeting that was called is not held."""

    type = "meeting-cancelled"
    reason: Text | None = None
    """Why."""


class MinutesPublished(MeetingEvent):
    """The minutes of a meeting are published as a draft: the body's own word, not yet approved."""

    type = "minutes-published"


class MinutesReplaced(MeetingEvent):
    """A later draft of the minutes takes the place of an earlier one."""

    type = "minutes-replaced"
    reason: Text | None = None
    """Why."""


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
