"""Agreements: the papers that links are signed on; one paper may form several links."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.dates import Interval
from domain.event import Dated
from domain.values import BodyName, Kind, Line, LinkName, Reference


class AgreementSigned(Dated):
    """An agreement is signed; whether it forms a link is an event of that link."""

    type = "agreement-signed"
    cycle = "agreement"
    subject_field = "agreement"
    agreement: Reference
    """Its reference: coventry/1963/four-towns."""
    links: Annotated[tuple[LinkName, ...], Field(min_length=1)]
    """The links it concerns."""
    parties: Annotated[tuple[BodyName, ...], Field(min_length=1)]
    """The bodies that are party to it."""
    signed_by: tuple[Line, ...] = ()
    """Who signed it."""
    kind: Kind | None = None
    """What it is, in our words."""
    term: Interval | None = None
    """How long it is to last: 2007/2012."""
    notice: Line | None = None
    """The notice it asks for, as it puts it."""
