"""Every entry in words, as it stands: corrected, and without what is no longer shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from domain import telling
from domain.dates import OPEN
from domain.event import Dated, names_in
from domain.revising import about, standing, versions
from domain.records import EntryDisputed, Instead
from domain.standing_event import event_of, evidence_of, standing_event, without
from domain.values import BodyName, EntryId, LinkName, Name, Reference
from projections.register import packed
from projections.search import VERSIONS

if TYPE_CHECKING:
    from domain.bearing import Bearing
    from domain.catalogue import AnyEvent
    from domain.entry import Entry, UnknownEvent
    from domain.revising import Version
    from domain.values import Evidence

Row = tuple[object, ...]

_CODED: Final = frozenset({"country", "field", "cause", "prefer", "stance", "method", "power", "way", "vote", "standing"})
"""Fields whose text is a choice from a list."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What an entry tells, from the day on which it was known so."""

    known: int
    event: AnyEvent
    evidence: Sequence[Evidence]
    grade: str
    struck: bool = False
    beside: AnyEvent | None = None
    """What an open dispute puts beside the entry that it is about."""


def rows(original: Bearing, records: Sequence[Bearing], entries: Mapping[str, Entry]) -> list[Row]:
    """The rows of an entry, and those of every record about it; `entries` holds them by id."""
    event = entries[original.id].event
    subject = _Subject.of(event)
    found = _numbered(original, _versions(original, records, entries), subject)
    beneath = replace(subject, name=f"entry {original.position}")
    live = {record.id for record in standing(records)}
    for record in records:
        told = _record(record, original, records, entries, struck=record.id not in live)
        found += _numbered(record, told, beneath)
    return found
