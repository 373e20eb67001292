"""What was decided at a meeting, for stories about votes."""

from __future__ import annotations

from domain.catalogue import AnyEvent
from tests.domain.story import MOTION, told

MEETING = "coventry/2022-03-22/council"


def carried(meeting: str = "", /, **vote: object) -> AnyEvent:
    """The motion is carried, by such a vote; `for_` for the reserved word."""
    return _decided("motion-carried", meeting, vote)


def lost(meeting: str = "", /, **vote: object) -> AnyEvent:
    """The motion is lost, by such a vote."""
    return _decided("motion-lost", meeting, vote)


def held(**more: object) -> AnyEvent:
    """The council meets."""
    return told("meeting-held", meeting=MEETING, on="2022-03-22", **more)


def casting(way: str, by: str = "The Lord Mayor") -> dict[str, str]:
    """A casting vote."""
    return {"by": by, "way": way}


def names(*ballots: tuple[str, str]) -> list[dict[str, str]]:
    """Who voted which way."""
    return [{"person": person, "vote": vote} for person, vote in ballots]


minutes = told("minutes-published", meeting=MEETING, on="2022-04-01")
"""What puts the meeting on record before anybody tells that it was held."""


def _decided(name: str, meeting: str, vote: dict[str, object]) -> AnyEvent:
    at = {"meeting": meeting} if meeting else {}
    given = {field.removesuffix("_"): value for field, value in vote.items()}
    return told(name, motion=MOTION, on="2022-03-22", vote=given, **at)
