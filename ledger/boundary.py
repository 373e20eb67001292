"""What a decision rests on: the entries that could change it, read from the store as far as they lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.bearing import Bearing, bearing_of_entry
from domain.book import Book
from domain.catalogue import EVENTS
from domain.crossing import leads_to
from domain.entry import Entry
from domain.lifecycle import SUCCESSION
from ledger import codec
from ledger.store.dcb import DCBQuery, DCBQueryItem, DCBRecorder, DCBSequencedEvent


def _events_about(*cycles: str) -> tuple[str, ...]:
    return tuple(name for name, event in EVENTS.items() if event.cycle in (*cycles, "record"))


_THAT_MATTER: Final[dict[str, tuple[str, ...]]] = {
    "body": _events_about("body"),
    "link": _events_about("link", "letter", "agreement"),
}
"""By what comes before the colon of a tag: the events that move what it names; for others, all."""


@dataclass(slots=True)
class Boundary:
    """The entries that a decision rests on, and the question to the store that finds them."""

    recorder: DCBRecorder
    values: codec.Values | None = None
    """Gives personal details that are kept apart."""
    head: int = 0
    """Where the ledger ended when the first of them was read."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """By id."""
    _items: dict[tuple[str, bool], DCBQueryItem] = field(default_factory=dict)
    _bearings: dict[str, Bearing] = field(default_factory=dict)

    @property
    def query(self) -> DCBQuery:
        """What must not have changed when the decision is written down."""
        return DCBQuery(items=list(self._items.values()))

    def book(self) -> Book:
        """The entries, ready to be judged with others."""
        book = Book()
        for bearing in sorted(self._bearings.values(), key=lambda one: one.position):
            book.include(bearing)
        return book

    def follow(self, proposed: Iterable[Bearing]) -> None:
        """Read all that `proposed` entries rest on, and whatever that leads to."""
        proposed = list(proposed)
        by_id = {bearing.id: bearing for bearing in proposed}
        wanted = dict.fromkeys(item for bearing in proposed for item in _wanted(bearing))
        while fresh := [item for item in wanted if item not in self._items]:
            found = self._read(fresh)
            revised = list(_revised(proposed, by_id | self._bearings))
            wanted = dict.fromkeys(item for bearing in found for item in _led_to(bearing))
            wanted |= dict.fromkeys(item for bearing in revised for item in _moved(bearing))
            if any(_succeeds(bearing) for bearing in (*proposed, *revised)):
                wanted |= dict.fromkeys(item for bearing in (*proposed, *found) for item in _felt(bearing))

    def _read(self, wanted: Iterable[tuple[str, bool]]) -> list[Bearing]:
        first = not self._items
        items = {(tag, whole): _item(tag, whole=whole) for tag, whole in wanted}
        self._items |= items
        found = []
        read = self.recorder.read(DCBQuery(items=list(items.values())))
        self.head = read.head or 0 if first else self.head
        for recorded in read:
            entry = decoded(recorded, self.values)
            if entry.id not in self.entries:
                self.entries[entry.id] = entry
                self._bearings[entry.id] = bearing_of_entry(entry)
                found.append(self._bearings[entry.id])
        return found


def _item(tag: str, *, whole: bool) -> DCBQueryItem:
    types = () if whole else _THAT_MATTER.get(tag.split(":", 1)[0], ())
    return DCBQueryItem(types=codec.names_on_disk(types), tags=[tag])


def _wanted(bearing: Bearing) -> Iterator[tuple[str, bool]]:
    """What a proposed entry rests on: whatever bears its id, the names it needs, and what moves its subjects."""
    yield f"entry:{bearing.id}", False
    for tag in {need.tag for need in bearing.needs} | {act.subject for act in bearing.told} | {*leads_to(bearing)}:
        yield tag, False
    yield from _led_to(bearing)


def _led_to(bearing: Bearing) -> Iterator[tuple[str, bool]]:
    """What an entry leads to: the one it is about with all that is recorded about that, heirs, and shared papers."""
    if bearing.revision:
        yield f"entry:{bearing.revision.entry}", False
        yield f"about:{bearing.revision.entry}", False
        yield f"about:{bearing.id}", False
    if _succeeds(bearing):
        for need in bearing.needs:
            yield need.tag, False
    for need in bearing.needs:
        if need.field == "agreement":
            yield need.tag, False
            yield from ((act.subject, False) for act in bearing.told)


def _succeeds(bearing: Bearing) -> bool:
    return any(act.type == SUCCESSION for act in bearing.told)


def _felt(bearing: Bearing) -> Iterator[tuple[str, bool]]:
    """What feels a succession: all about the bodies of it, and on each link of those who succeeded its other side."""
    whole = _succeeds(bearing)
    for need in bearing.needs:
        if need.tag.startswith("body:") and (whole or any(act.cycle == "link" for act in bearing.told)):
            yield need.tag, whole


def _revised(proposed: Iterable[Bearing], known: Mapping[str, Bearing]) -> Iterator[Bearing]:
    """The entries that proposed ones are about, step by step down to the original, and all that is told of those."""
    about = {found.id for bearing in proposed for found in _below(bearing, known)}
    for bearing in known.values() if about else ():
        if bearing.id in about or any(found.id in about for found in _below(bearing, known)):
            yield bearing


def _below(bearing: Bearing, known: Mapping[str, Bearing]) -> Iterator[Bearing]:
    """The entry that a record is about, and the one which that is about, down to the original."""
    found = known.get(bearing.revision.entry) if bearing.revision else None
    while found:
        yield found
        found = known.get(found.revision.entry) if found.revision else None


def _moved(bearing: Bearing) -> Iterator[tuple[str, bool]]:
    """What an entry that is revised rests on: its names and subjects, and all that refers to a body or paper of it."""
    for act in bearing.told:
        yield act.subject, not act.subject.startswith("link:")
    for tag in {need.tag for need in bearing.needs} | {*leads_to(bearing)}:
        yield tag, False


def tagged(tag: str, types: Iterable[str] = ()) -> DCBQuery:
    """The entries that bear a tag: those of the events named, or all of them."""
    return DCBQuery(items=[DCBQueryItem(types=codec.names_on_disk(types), tags=[tag])])


def decoded(recorded: DCBSequencedEvent, values: codec.Values | None) -> Entry:
    """An entry as the store holds it; with `values`, also the personal details that are kept apart from it."""
    return codec.decode(recorded.position, recorded.event.type, recorded.event.data, values)
