"""Statements and requests: what was said, by whom, in which capacity. They move nothing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.event import Dated
from domain.values import BodyName, Line, LinkName, Text


class StatementMade(Dated):
    """Somebody says something about a body's affairs: a claim, a view, a wish."""

    type = "statement-made"
    by: BodyName
    """The body concerned."""
    speaker: Line | None = None
    """Who spoke."""
    office: Line | None = None
    """In which capacity."""
    summary: Text
    """What was said, in our own words."""
    stance: Literal["for", "against", "neither"] | None = None
    """For or against what was at issue."""
    about: tuple[LinkName, ...] = ()
    """The links it concerns."""


class RequestReceived(Dated):
    """A body is asked to do something; nothing is decided."""

    type = "request-received"
    by: BodyName
    """The body that is asked."""
    from_: Line = Field(alias="from")
    """Who asks."""
    summary: Text
    """What is asked for, in our own words."""
    about: tuple[LinkName, ...] = ()
    """The links it concerns."""
