"""Pledges: what a body said it would do, and whether it did."""

from __future__ import annotations

from domain.dates import Date
from domain.event import Dated
from domain.values import Authority, BodyName, Reference, Text, Thing


class PledgeEvent(Dated):
    """Something that happened to a pledge."""

    cycle = "pledge"
    subject_field = "pledge"
    pledge: Reference
    """Its reference: coventry/2022-03-22/mariupol."""


class PledgeMade(PledgeEvent):
    """A body pledges to do something; nothing is done yet."""

    type = "pledge-made"
    by: BodyName
    """The body that pledges."""
    summary: Text
    """What it pledges, in our own words."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""
    due: Date | None = None
    """When it is to be done; may lie ahead."""
    authority: Authority | None = None
    """The power under which it pledges."""


class PledgeEnded(PledgeEvent):
    """What became of a pledge."""

    reference: Reference | None = None
    """The paper in which it is found."""


class PledgeKept(PledgeEnded):
    """What was pledged is done."""

    type = "pledge-kept"


class PledgeDropped(PledgeEnded):
    """What was pledged is given up."""

    type = "pledge-dropped"
