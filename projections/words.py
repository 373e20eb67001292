"""Every entry in words, as it stands: corrected, and without what is no longer shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from domain import telling
from domain.dates import OPEN
from domain.entry import UnknownEvent
from domain.event import Dated, names_in
from domain.marks import commitment_of
from domain.records import Instead
from domain.revising import hidden, standing, versions
from domain.standing_event import evidence_of, revisions, standing_event, veiled, without
from domain.values import EntryId, Name
from projections.register import packed
from projections.search import VERSIONS

if TYPE_CHECKING:
    from domain.bearing import Bearing
    from domain.catalogue import AnyEvent
    from domain.entry import Entry
    from domain.values import Evidence

Row = tuple[object, ...]

_CODED: Final = frozenset({
    "cause", "country", "field", "grade", "method", "of", "power", "prefer", "sha256", "share", "stance", "standing",
    "url", "vote", "way",
})  # fmt: skip
"""Fields whose text is a choice from a list."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What an entry tells from one day until another."""

    known: int
    until: int
    event: AnyEvent
    evidence: Sequence[Evidence]
    grade: str
    struck: bool = False
    beside: AnyEvent | None = None
    """What it puts beside the entry that it disputes."""
    before: AnyEvent | None = None
    """Of a record: what the entry that it is about said before."""


@dataclass(frozen=True, slots=True)
class _Above:
    """The entry that a record is about."""

    subject: str
    about: str
    """The tag of its subject."""
    tags: frozenset[str]


def rows(original: Bearing, records: Sequence[Bearing], entries: Mapping[str, Entry]) -> list[Row]:
    """The rows of an entry, and of every record about it; `entries` holds them all by id."""
    told = _joined(_original(original, records, entries))
    if not records:
        return list(_rows(original, told))
    last = told[-1].event
    tags = frozenset(tag for one in told for tag in one.event.tags)
    above = _Above(telling.subject(last), last.subject_tag, tags)
    found = list(_rows(original, told))
    for record in records:
        found += _rows(record, _joined(_record(record, original, records, entries)), above)
    return found


def _original(original: Bearing, records: Sequence[Bearing], entries: Mapping[str, Entry]) -> Iterator[_Told]:
    """What an entry tells by itself, whatever disputes it; what was taken back is told as it was recorded."""
    raw = entries[original.id]
    recorded = _event(raw)
    known = versions(original, records) if records else []
    for version in known:
        event = standing_event(version, version.account, entries)
        sources = evidence_of(version, version.account, entries)
        told = _Told(version.known, version.until, recorded, sources, version.grade, struck=True)
        yield replace(told, event=event, struck=False) if event else told
    if not known:
        shown = without(recorded, hidden(original, standing(records))) if records else recorded
        yield _Told(original.known, OPEN, shown, raw.evidence, original.grade, struck=bool(records))


def _record(
    record: Bearing, original: Bearing, records: Sequence[Bearing], entries: Mapping[str, Entry]
) -> Iterator[_Told]:
    """What a record tells: its reasons, and while it disputes the entry, its account."""
    raw = entries[record.id]
    live = standing(records)
    event = veiled(without(_event(raw), hidden(record, live)), hidden(original, live))
    told = _Told(record.known, OPEN, event, raw.evidence, record.grade, struck=record not in live)
    told = replace(told, before=_before(record, original, records, entries))
    disputed = [one for one in versions(original, records) if record in one.disputes and one.until > record.known]
    if not disputed:
        yield told
        return
    opened, settled = max(disputed[0].known, record.known), disputed[-1].until
    if opened > record.known:
        yield replace(told, until=opened)
    yield replace(told, known=opened, until=settled, beside=standing_event(disputed[0], record, entries))
    if settled < OPEN:
        yield replace(told, known=settled)


def _before(
    record: Bearing, original: Bearing, records: Sequence[Bearing], entries: Mapping[str, Entry]
) -> AnyEvent | None:
    """What an entry said before a record about it, as far as that was known when the record was."""
    if original.known > record.known:
        return None
    live = standing(records)
    known = [entries[one.id] for one in sorted(records, key=lambda one: one.turn) if one.known <= record.known]
    steps = revisions(entries[original.id], known, {one.position for one in live})
    before = next((step.before for step in steps if step.record.id == record.id), None)
    return before and without(before, hidden(original, live))


def _event(entry: Entry) -> AnyEvent:
    """The event of an entry; whatever follows the entries has refused what it does not know."""
    if isinstance(entry.event, UnknownEvent):
        raise TypeError(entry.type)
    return entry.event


def _joined(told: Iterable[_Told]) -> list[_Told]:
    """The same in a row said once, for all the days together."""
    found: list[_Told] = []
    for one in told:
        if found and replace(one, known=found[-1].known, until=found[-1].until) == found[-1]:
            found[-1] = replace(found[-1], until=one.until)
        else:
            found.append(one)
    return found


def _rows(entry: Bearing, told: Iterable[_Told], above: _Above | None = None) -> Iterator[Row]:
    for number, one in enumerate(told):
        event = one.event
        days = (event.on.earliest, event.on.latest) if isinstance(event, Dated) else (-OPEN, -OPEN)
        said = [event, *([one.beside] if one.beside else [])]
        names = [name for each in said for name in names_in(each)]
        tags = {tag for name in names for tag in name.tags}
        yield (
            entry.position * VERSIONS + number,
            entry.position,
            one.known,
            one.until,
            event.type,
            above.about if above else event.subject_tag,
            packed(above.subject if above else telling.subject(event)),
            telling.on(event) or None,
            *days,
            packed(telling.summary(event, one.before)),
            packed(one.grade),
            int(one.struck),
            packed(sorted(tags | above.tags if above else tags)),
            _BETWEEN.join(dict.fromkeys(text for each in said for text in _words(each))),
            " ".join(dict.fromkeys(name for name in names if not isinstance(name, EntryId))),
            _BETWEEN.join(dict.fromkeys(text for source in one.evidence for text in _words(source))),
        )


_BETWEEN: Final = " · "


def _words(told: object, field: str = "") -> Iterator[str]:
    """Every text inside an event or a source that is no name, no date and no choice from a list."""
    match told:
        case Name() | Instead():
            return
        case str():
            if field not in _CODED and not commitment_of(told):
                yield told
        case BaseModel():
            for name in type(told).model_fields:
                yield from _words(getattr(told, name), name)
        case tuple():
            for member in told:
                yield from _words(member, field)
        case dict():
            for member in told.values():
                yield from _words(member, field)
        case _:
            return
