"""Reading the entries as they stand: corrected, supported, disputed or taken back, as far as a question looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from domain.bearing import Bearing, bearing_of_entry
from domain.book import Book
from domain.catalogue import EVENTS
from domain.dates import OPEN
from domain.entry import Entry, UnknownEvent
from domain.history import Act
from domain.lifecycle import SUCCESSION
from domain.revising import Version, about, hidden, standing, versions
from domain.standing_event import Revision, event_of, evidence_of, revisions, standing_event, veiled, without
from domain.subjects import choice, shown
from ledger.seeing import REDACTION, seen_by

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
    holding: frozenset[int] = frozenset()
    """The positions of the records that were not taken back themselves."""
    revisions: tuple[Revision, ...] = ()
    """What the entry said before and after each record about it, as far as it was known."""

    @property
    def struck(self) -> list[int]:
        """The positions of the records that put something in place of what was recorded, or took it away."""
        if self.stands and self.account == self.raw.event:
            return []
        return [*self.by("entry-corrected"), *self.by("entry-retracted"), *self.by("dispute-settled")]

    def by(self, name: str) -> list[int]:
        """The positions of the records of one type that hold."""
        told = (record for record in self.records if record.position in self.holding)
        return [record.position for record in told if record.type.startswith(f"{name}/")]


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
        told = (self.told(entry, tag) for entry in self.originals(tag))
        return [one for one in told if one and self.names(one, tag)]

    def told(self, entry: Entry, tag: str | None = None) -> Told | None:
        """An entry as it stands; None where it was not known, was taken back, or was settled to be untrue.

        Of accounts in dispute, it is told by the one that is shown of what `tag` stands for. A record about an entry is
        told as it is.
        """
        self._load(f"entry:{entry.id}")
        self._load(f"about:{entry.id}")
        bearing = self._book.entries[entry.id]
        if isinstance(entry.event, UnknownEvent) or EVENTS[bearing.type].cycle == "record":
            stands = bearing.known <= self.horizon.known_by and self._book.stands(bearing)
            return self._as_it_is(entry, stands=True) if stands else None
        records = self._book.records(bearing)
        version = self._seen(bearing, records)
        return self._as_it_stands(entry, version, records, tag) if version else None

    def as_recorded(self, entry: Entry, tag: str | None = None) -> Told:
        """An entry as it stands; one that does not, as it was recorded, with what is recorded about it."""
        return self.told(entry, tag) or self._as_it_is(entry, stands=False)

    def position(self, entry_id: str) -> int | None:
        """The position of an entry that was read; None for any other."""
        return self._entries[entry_id].position if entry_id in self._entries else None

    def before(self, record: Entry) -> AnyEvent | None:
        """What an entry said before a record about it; None where that was not known, or `record` is no record."""
        original = self._book.original(self._book.entries[record.id])
        if original is None or original.id == record.id:
            return None
        told = self.as_recorded(self._entries[original.id])
        return next((step.before for step in told.revisions if step.record.position == record.position), None)

    def as_known(self, entry: Entry, tag: str | None = None) -> Told | None:
        """An entry as `as_recorded`, by what was known of it; None where nothing was known of it by the day asked."""
        told = self.as_recorded(entry, tag)
        if entry.known <= self.horizon.known_by:
            return told
        return replace(told, raw=told.entry) if told.stands else None

    def known_since(self, entry: Entry) -> int:
        """The day from which anything was known of an entry, by its own sources or by others."""
        self._load(f"entry:{entry.id}")
        self._load(f"about:{entry.id}")
        bearing = self._book.entries[entry.id]
        return min([bearing.known, *(version.known for version in versions(bearing, self._book.records(bearing)))])

    def originals(self, tag: str | None) -> list[Entry]:
        """The entries under a tag that are not about others, with notes about none; under no tag, all there are."""
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
        for entry in self._ledger.of_type(REDACTION) if last is not None else ():
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
                return self.as_recorded(entry, tag)
        return next(one for one in self.tagged(tag) if one.entry.position == position)

    def _load(self, tag: str) -> list[str]:
        """Read what bears a tag, and the entries and records that this leads to; the ids of the former."""
        if tag in self._under or self._whole:
            return self._under.get(tag, [])
        last = self.horizon.recorded_by
        found = [entry for entry in self._ledger.tagged(tag) if seen_by(entry, last)]
        self._under[tag] = [entry.id for entry in found]
        for entry in found:
            self._take_in(entry)
        for bearing in [self._book.entries[entry.id] for entry in found]:
            if bearing.revision:
                self._load(f"entry:{bearing.revision.entry}")
                self._load(f"about:{bearing.revision.entry}")
                self._load(f"about:{bearing.id}")
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

    def _seen(self, original: Bearing, records: Sequence[Bearing]) -> Version | None:
        known_by = self.horizon.known_by
        return next((one for one in versions(original, records) if one.known <= known_by < one.until), None)

    def _as_it_is(self, entry: Entry, *, stands: bool) -> Told:
        by = self.horizon.known_by
        records = [
            one
            for one in self._book.records(self._book.entries[entry.id])
            if one.known <= by or one.type == "entry-retracted"
        ]
        shown_ = self._veiled(entry)
        told = Told(shown_, shown_, shown_.event, stands=stands)
        return self._with_records(told, records)

    def _as_it_stands(self, raw: Entry, version: Version, records: list[Bearing], tag: str | None) -> Told | None:
        first = self._shown(version, raw, tag)
        said = standing_event(version, first, self._entries)
        event = said or standing_event(version, version.account, self._entries)
        if event is None:
            return None
        disputes = {one.id: self._veiled(self._entries[one.id]) for one in version.disputes}
        better = disputes.get(first.id)
        evidence = evidence_of(version, first if said else version.account, self._entries)
        own = event_of(version.account, self._entries)
        account = without(own, version.redacted) if own else event
        known = [one for one in records if one.known <= self.horizon.known_by]
        entry = replace(raw, type=event.name_on_disk(), event=event, evidence=evidence)
        told = Told(entry, self._veiled(raw), account, disputes=tuple(disputes.values()), shown=better)
        return self._with_records(told, known)

    def _with_records(self, told: Told, records: Iterable[Bearing]) -> Told:
        """An entry with the records about it; what it said itself is left out while it was not known."""
        raw = told.raw
        about, holding = self._all(records), _holding(raw.id, records)
        steps = revisions(raw, about, holding) if raw.known <= self.horizon.known_by else ()
        return replace(told, records=about, holding=holding, revisions=tuple(steps))

    def _shown(self, version: Version, raw: Entry, tag: str | None) -> Bearing:
        """The account that is shown: the better one, unless it does not go with what else is on record."""
        accounts = version.accounts
        subjects = [act.subject for act in version.acts(raw.position)] if len(accounts) > 1 else []
        subject = tag if tag in subjects else next(iter(subjects), None)
        options = dict(choice(subject, self.all_acts(subject)).options) if subject else {}
        return accounts[options.get(raw.position, 0)]

    def _all(self, records: Iterable[Bearing]) -> tuple[Entry, ...]:
        return tuple(self._veiled(self._entries[one.id]) for one in records)

    def _veiled(self, entry: Entry) -> Entry:
        """An entry without what is no longer shown: of itself, and of the entry instead of which it tells something."""
        if isinstance(entry.event, UnknownEvent):
            return entry
        bearing = self._book.entries[entry.id]
        original = self._book.original(bearing) or bearing
        event = veiled(without(entry.event, self._hidden(bearing)), self._hidden(original))
        return replace(entry, event=event)

    def _hidden(self, bearing: Bearing) -> frozenset[str]:
        return hidden(bearing, standing(self._book.records(bearing)))


def _holding(entry_id: str, records: Iterable[Bearing]) -> frozenset[int]:
    """The positions of the records that hold: they were not taken back, nor was what they are about."""
    live = standing(records)
    there = {entry_id, *(one.id for one in live)}
    return frozenset(one.position for one in live if about(one) in there)


def _names(event: AnyEvent | UnknownEvent, tag: str) -> bool:
    return isinstance(event, UnknownEvent) or tag in event.tags
