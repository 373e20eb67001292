"""Reading the entries as they stand: corrected, supported, disputed or taken back, as far as a question looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from domain.bearing import Bearing, bearing_of_entry
from domain.book import Book
from domain.catalogue import EVENTS
from domain.dates import OPEN, Date
from domain.entry import Entry, UnknownEvent
from domain.event import Dated
from domain.history import Act
from domain.lifecycle import SUCCESSION
from domain.records import EntryCorrected, EntryDisputed
from domain.revising import Version, versions
from domain.subjects import shown

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from ledger.application import Ledger


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far a question looks."""

    as_of: int
    """The day at whose end things stand."""
    known_by: int = OPEN - 1
    """The day by which the public could know."""
    recorded_by: int | None = None
    """The position at which the ledger ends; None for all of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it stands, with the record about it."""

    entry: Entry
    """With the event, the date and the evidence that stand."""
    raw: Entry
    """As it was recorded."""
    account: AnyEvent | UnknownEvent
    """What it tells itself, as corrected, whatever disputes it."""
    records: tuple[Entry, ...] = ()
    """What is recorded about it, in order."""
    disputes: tuple[Entry, ...] = ()
    """The disputes that are open; of one that is shown first, the entry itself is disputed."""
    shown: Entry | None = None
    """The dispute whose account is shown, where it has the better grade."""
    stands: bool = True
    """Whether it was not taken back, and was known."""

    @property
    def struck(self) -> list[int]:
        """The positions of the records that put something in place of what was recorded, or took it away."""
        if self.stands and self.account == self.raw.event:
            return []
        return [*self.by("entry-corrected"), *self.by("entry-retracted"), *self.by("dispute-settled")]

    def by(self, name: str) -> list[int]:
        """The positions of the records of one type."""
        return [record.position for record in self.records if record.type.startswith(f"{name}/")]


class Reading:
    """Entries about some subjects, and those they lead to."""

    def __init__(self, ledger: Ledger, horizon: Horizon) -> None:
        self._ledger = ledger
        self.horizon = horizon
        self._book = Book(horizon.known_by)
        self._entries: dict[str, Entry] = {}
        self._under: dict[str, list[str]] = {}
        self._whole = False

    def tagged(self, tag: str) -> list[Told]:
        """The entries that name what a tag stands for, as they stand, in order of recording."""
        told = (self.told(entry) for entry in self.originals(tag))
        return [one for one in told if one and self.names(one, tag)]

    def told(self, entry: Entry) -> Told | None:
        """An original as it stands; None where it was not known, was taken back, or is denied by a better source.

        A record about an entry is told as it is.
        """
        self._load(f"entry:{entry.id}")
        self._load(f"about:{entry.id}")
        original = self._book.entries[entry.id]
        if isinstance(entry.event, UnknownEvent) or EVENTS[original.type].cycle == "record":
            return Told(entry, entry, entry.event) if original.known <= self.horizon.known_by else None
        records = self._book.records(original)
        version = self._seen(original, records)
        return self._as_it_stands(entry, version, records) if version else None

    def as_recorded(self, entry: Entry) -> Told:
        """An entry as it stands; one that does not, as it was recorded, with what is recorded about it."""
        found = self.told(entry)
        if found:
            return found
        records = self._book.records(self._book.entries[entry.id])
        return Told(entry, entry, entry.event, tuple(self._entries[one.id] for one in records), stands=False)

    def originals(self, tag: str | None) -> list[Entry]:
        """The entries under a tag that are not about others, and notes that are about none; under none, all there are."""
        ids = self._load(tag) if tag else list(self._entries)
        found = {
            original.id: self._entries[original.id]
            for id_ in ids
            if (original := self._book.original(self._book.entries[id_]))
        }
        return sorted(found.values(), key=lambda entry: entry.position)

    def names(self, told: Told, tag: str) -> bool:
        """Whether an entry, as it stands, names what a tag stands for."""
        return _names(told.entry.event, tag)

    def load_all(self) -> None:
        """Read the whole ledger at once, where everything is asked for."""
        last = self.horizon.recorded_by
        for entry in self._ledger.read(0, last):
            self._take_in(entry)
        self._whole = True

    def acts(self, tag: str) -> list[Act]:
        """The acts on a subject as they stand, in the accounts that are shown."""
        acts = self.all_acts(tag)
        return shown(tag, acts) if acts else []

    def all_acts(self, tag: str) -> list[Act]:
        """The acts on a subject as they stand, those of every account."""
        for id_ in self._load(tag):
            self._load_successors(self._book.entries[id_])
        return self._book.acts(tag)

    def entry(self, tag: str, position: int) -> Told:
        """The entry at a position, which bears on the tag."""
        for entry in self._entries.values():
            if entry.position == position:
                return self.as_recorded(entry)
        return next(one for one in self.tagged(tag) if one.entry.position == position)

    def _load(self, tag: str) -> list[str]:
        """Read what bears a tag, and the entries and records that this leads to; the ids of the former."""
        if tag in self._under or self._whole:
            return self._under.get(tag, [])
        last = self.horizon.recorded_by
        found = [entry for entry in self._ledger.tagged(tag) if last is None or entry.position <= last]
        self._under[tag] = [entry.id for entry in found]
        for entry in found:
            self._take_in(entry)
        for bearing in [self._book.entries[entry.id] for entry in found]:
            if bearing.revision:
                self._load(f"entry:{bearing.revision.entry}")
                self._load(f"about:{bearing.revision.entry}")
        return self._under[tag]

    def _take_in(self, entry: Entry) -> None:
        if entry.id not in self._entries:
            self._entries[entry.id] = entry
            self._book.include(bearing_of_entry(entry))

    def _load_successors(self, bearing: Bearing) -> None:
        for need in bearing.needs:
            if need.tag.startswith("body:") and need.tag not in self._under:
                for id_ in self._load(need.tag):
                    if any(act.type == SUCCESSION for act in self._book.entries[id_].told):
                        self._load_successors(self._book.entries[id_])

    def _seen(self, original: Bearing, records: Iterable[Bearing]) -> Version | None:
        known_by = self.horizon.known_by
        return next((one for one in versions(original, records) if one.known <= known_by < one.until), None)

    def _as_it_stands(self, raw: Entry, version: Version, records: list[Bearing]) -> Told | None:
        accounts = version.accounts
        event = self._event_of(accounts[0])
        known = [self._entries[one.id] for one in records if one.known <= self.horizon.known_by]
        disputed = tuple(self._entries[one.id] for one in version.disputes)
        better = self._entries[accounts[0].id] if accounts[0] in version.disputes else None
        if event is None:
            return None
        on = next((act.on for act in version.acts(raw.position) if not act.option and act.on), "")
        evidence = better.evidence if better else self._evidence(version)
        entry = replace(raw, event=_changed(event, on, version.redacted), evidence=evidence)
        account = _changed(self._event_of(version.account) or event, "", version.redacted)
        if version.redacted and not isinstance(raw.event, UnknownEvent):
            raw = replace(raw, event=_changed(raw.event, "", version.redacted))
        return Told(entry, raw, account, tuple(known), disputed, better)

    def _event_of(self, account: Bearing) -> AnyEvent | None:
        event = self._entries[account.id].event
        if isinstance(event, EntryCorrected | EntryDisputed):
            return event.instead.event if event.instead else None
        return None if isinstance(event, UnknownEvent) else event

    def _evidence(self, version: Version) -> tuple[Any, ...]:
        """The sources of the account and of those that support it, each once."""
        told = (source for one in (*version.bases, *version.support) for source in self._entries[one.id].evidence)
        return tuple(dict.fromkeys(told))


def _changed(event: AnyEvent, on: str, redacted: frozenset[str]) -> AnyEvent:
    """An event with the date as narrowed, and without what is no longer shown."""
    update: dict[str, Any] = {}
    if on and isinstance(event, Dated) and event.type != "link-listed" and event.on.text != on:
        update["on"] = Date.parse(on)
    for name, info in type(event).model_fields.items():
        if (info.alias or name) in redacted:
            update[name] = info.get_default(call_default_factory=True)
    return event.model_copy(update=update) if update else event


def _names(event: AnyEvent | UnknownEvent, tag: str) -> bool:
    return isinstance(event, UnknownEvent) or tag in event.tags
