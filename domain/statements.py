"""Statements and requests: what was said, by whom, in which capacity. They move nothing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.event import Dated
from domain.personal import PersonalLine, PersonalText
from domain.values import BodyName, Line, Text, Thing


class StatementMade(Dated):
    """Somebody says something about a body's affairs: a claim, a view, a wish."""

    type = "statement-made"
    version = 2
    by: BodyName
    """The body concerned."""
    speaker: PersonalLine | None = None
    """Who spoke; without an office, a personal detail: it is kept apart, and can be erased."""
    office: Line | None = None
    """In which capacity."""
    summary: Text
    """What was said, in our own words."""
    stance: Literal["for", "against", "neither"] | None = None
    """For or against what was at issue."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""
    personal_note: PersonalText | None = None
    """Anything personal that those in charge should know; it is kept apart, and can be erased."""

    def personal(self) -> dict[str, str]:
        """Whoever speaks for an office does so in public."""
        return {field: value for field, value in super().personal().items() if field != "speaker" or not self.office}


class RequestReceived(Dated):
    """A body is asked to do something; nothing is decided."""

    type = "request-received"
    version = 2
    by: BodyName
    """The body that is asked."""
    from_: PersonalLine = Field(alias="from")
    """Who asks; a personal detail: it is kept apart, and can be erased."""
    summary: Text
    """What is asked for, in our own words."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""
    personal_note: PersonalText | None = None
    """Anything personal that those in charge should know; it is kept apart, and can be erased."""
