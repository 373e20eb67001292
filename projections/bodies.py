"""The register of bodies: under which name each was known, and what took its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act
from domain.papers import BODY
from projections.register import DISPUTED, STOOD, Register, Row, given, told_of_paper

FIELDS: Final = ("name", "kind", "country", "place", "names", "identifiers", "successors")


GIVES: Final = {
    "body-registered": given("name", "kind", "country", "place", "names", "identifiers"),
    "body-renamed": given("name"),
    "body-succeeded": given("successors"),
}


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """Which name the body had at the end of each day, and what was to be told of it."""
    return told_of_paper(BODY, acts, days, FIELDS, GIVES)


REGISTER: Final = Register("bodies", "slug", (*STOOD, *FIELDS, DISPUTED), ("body",), tell)
