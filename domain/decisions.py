"""Decisions taken otherwise than by a motion: by an office, a committee, an officer, a decree."""

from __future__ import annotations

from domain.dates import Date
from domain.event import Dated
from domain.values import Authority, Line, Reference, Text, Thing


class DecisionEvent(Dated):
    """Something that happened to a decision."""

    cycle = "decision"
    subject_field = "decision"
    decision: Reference
    """Its reference: manchester/2022-03-04/letter-to-partner."""


class DecisionTaken(DecisionEvent):
    """A decision is taken, under the power it names."""

    type = "decision-taken"
    office: Line | None = None
    """The office that took it: Leader, Lord Mayor, chief executive."""
    authority: Authority
    """The power it was taken under."""
    summary: Text
    """What was decided, in our own words."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""
    effective: Date | None = None
    """When it takes effect, if later; may lie ahead."""
    call_in_ends: Date | None = None
    """The last day on which it can be called in; may lie ahead."""


class DecisionFollowed(DecisionEvent):
    """Something that became of a decision."""

    reference: Reference | None = None
    """The paper in which it is found."""
    reason: Text | None = None
    """Why."""


class DecisionCalledIn(DecisionFollowed):
    """Members call the decision in: it waits until they have looked at it."""

    type = "decision-called-in"


class DecisionRatified(DecisionFollowed):
    """The decision is confirmed by those who had the power."""

    type = "decision-ratified"


class DecisionDisapproved(DecisionFollowed):
    """Those who had the power do not confirm the decision."""

    type = "decision-disapproved"


class DecisionRevoked(DecisionFollowed):
    """The decision is taken back; what was done under it stays done."""

    type = "decision-revoked"
