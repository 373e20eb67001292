"""The register of bodies: under which name each was known, and what took its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.dates import OPEN, Interval
from domain.history import Act
from domain.papers import BODY
from projections.register import DISPUTED, STOOD, Register, Row, given, told_of_paper

FIELDS: Final = ("name", "kind", "country", "place", "names", "identifiers", "successors")

GIVES: Final = {
    "body-registered": given("name", "kind", "country", "place", "names", "identifiers"),
    "body-renamed": given("name"),
    "body-succeeded": given("successors"),
}

_NAME: Final = len(STOOD) + FIELDS.index("name")
_CERTAINTY: Final = STOOD.index("certainty")


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """Which name the body had at the end of each day, and what was to be told of it."""
    rows = told_of_paper(BODY, acts, days, FIELDS, GIVES)
    former = list(_former(acts))
    return [row and _as_called(row, day, former) for row, day in zip(rows, days, strict=True)]


def edges(acts: Sequence[Act]) -> Iterator[int]:
    """The days on which a former name may have come into use, or gone out of it."""
    for _, during in _former(acts):
        for end, after in ((during.start, 0), (during.end, 1)):
            if end:
                yield from (day + after for day in (end.earliest, end.latest) if abs(day) < OPEN)


def _former(acts: Iterable[Act]) -> Iterator[tuple[str, Interval]]:
    """The names that a body is registered to have had, each with its time."""
    for act in acts:
        for name in json.loads(act.detail).get("names", ()) if act.type == "body-registered" else ():
            if "during" in name:
                yield name["name"], Interval.parse(name["during"])


def _as_called(row: Row, day: int, former: Sequence[tuple[str, Interval]]) -> Row:
    """A row with the name that was in use on a day: a former one where that is sure, else doubtful."""
    for name, during in former:
        if _within(day, during, surely=True):
            return _with(row, _NAME, name)
        if _within(day, during, surely=False):
            row = _with(row, _CERTAINTY, "possibly")
    return row


def _within(day: int, during: Interval, *, surely: bool) -> bool:
    start, end = during.start, during.end
    began = start is None or day >= (start.latest if surely else start.earliest)
    lasts = end is None or day <= (end.earliest if surely else end.latest)
    return began and lasts


def _with(row: Row, place: int, value: object) -> Row:
    return (*row[:place], value, *row[place + 1 :])


REGISTER: Final = Register("bodies", "slug", (*STOOD, *FIELDS, DISPUTED), ("body",), tell, edges)
