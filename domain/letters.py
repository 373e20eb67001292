"""Letters: what a body wrote to another, and what it enclosed and announced."""

from __future__ import annotations

from domain.event import Dated
from domain.values import Announced, Authority, BodyName, Line, Reference, Text


class Letter(Dated):
    """A letter from one body to another."""

    cycle = "letter"
    subject_field = "letter"
    defining = frozenset({"encloses"})
    letter: Reference
    """Its reference: coventry/2022/volgograd."""
    by: BodyName
    """The body that writes."""
    sender: Line | None = None
    """Who signs it, or in which office."""
    to: BodyName
    """The body written to."""
    recipient: Line | None = None
    """Whom it addresses there."""
    encloses: tuple[Reference, ...] = ()
    """The papers enclosed; a motion must have been carried by then."""
    announces: tuple[Announced, ...] = ()
    """The acts it announces: link-suspended:coventry--volgograd."""
    authority: Authority | None = None
    """The power under which it was written."""
    in_answer_to: Reference | None = None
    """The letter it answers."""
    summary: Text | None = None
    """What it says, in our own words."""


class LetterSent(Letter):
    """A letter is sent; its own date may be known only within bounds."""

    type = "letter-sent"


class LetterReceived(Letter):
    """A letter arrives."""

    type = "letter-received"
    received_by: Line | None = None
    """Who received it."""
