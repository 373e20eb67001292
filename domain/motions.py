"""Motions: what was put to a meeting, and what became of it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import ValidationInfo, model_validator

from domain.event import Dated
from domain.values import BodyName, Line, MeetingOrDay, Reference, Text, Thing, Vote, on_record

# Events


class MotionEvent(Dated):
    """Something that happened to a motion."""

    cycle = "motion"
    subject_field = "motion"
    motion: Reference
    """Its reference: coventry/2022-03-22/ukraine."""


class MotionMoved(MotionEvent):
    """A motion is put to a meeting; nothing is decided."""

    type = "motion-moved"
    meeting: Reference | None = None
    """The meeting it was put to."""
    title: Line | None = None
    """Its title."""
    summary: Text | None = None
    """What it asks for, in our own words."""
    mover: Line | None = None
    """Who moved it."""
    seconder: Line | None = None
    """Who seconded it."""
    cross_party: bool | None = None
    """Whether several groups put it together."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""

    @model_validator(mode="after")
    def _says_something(self, info: ValidationInfo) -> Self:
        if self.title is None and self.summary is None and not on_record(info):
            msg = "a motion needs a title or a summary"
            raise ValueError(msg)
        return self


class MotionAmended(MotionEvent):
    """An amendment changes the text of a motion before it is decided, or is lost."""

    type = "motion-amended"
    summary: Text
    """What was changed."""
    vote: Vote | None = None
    """The vote on the amendment."""
    outcome: Literal["carried", "lost"] | None = None
    """What became of the amendment; left out, it is carried."""


class Decided(MotionEvent):
    """A meeting decides a motion."""

    meeting: Reference | None = None
    """The meeting that decided it."""
    vote: Vote | None = None
    """What is known of the vote."""
    resolutions: tuple[Text, ...] = ()
    """What it resolves, limb by limb; #2 names the second."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""


class MotionCarried(Decided):
    """The motion is carried: it is now the council's resolution."""

    type = "motion-carried"


class MotionLost(Decided):
    """The motion is put to the vote and lost."""

    type = "motion-lost"


class MotionLapsed(MotionEvent):
    """The motion falls without a vote: time ran out, or nobody seconded it."""

    type = "motion-lapsed"
    reason: Text | None = None
    """Why it fell."""


class MotionWithdrawn(MotionEvent):
    """The mover takes the motion back."""

    type = "motion-withdrawn"
    reason: Text | None = None
    """Why it was withdrawn."""


class MotionReferred(MotionEvent):
    """The motion is sent to another body of the council before it is decided."""

    type = "motion-referred"
    to: Line
    """The committee, panel or officer it is sent to."""
    vote: Vote | None = None
    """The vote on sending it there."""


class MotionDeferred(MotionEvent):
    """The motion is put off, to another meeting or day."""

    type = "motion-deferred"
    to: MeetingOrDay | None = None
    """The meeting or the day it is put off to; may lie ahead."""
    reason: Text | None = None
    """Why."""


class MotionVetoed(MotionEvent):
    """What was carried is stopped by an office that may: it does not stand."""

    type = "motion-vetoed"
    by: BodyName
    """The body whose office it is."""
    office: Line | None = None
    """The office: Mayor, Governor."""
    reason: Text | None = None
    """Why."""


class VetoOverridden(MotionEvent):
    """A veto is overridden: what was carried stands again."""

    type = "veto-overridden"
    meeting: Reference | None = None
    """The meeting that overrode it."""
    vote: Vote | None = None
    """The vote on overriding it."""


class MotionRescinded(MotionEvent):
    """A resolution is taken back; what was done under it stays done."""

    type = "motion-rescinded"
    by_motion: Reference | None = None
    """The motion that rescinds it."""
    vote: Vote | None = None
    """The vote on rescinding it."""
