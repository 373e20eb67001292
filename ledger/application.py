"""Keeping the book: load the boundary, decide, append on condition. One decision is a batch of one."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final, overload

from domain.bearing import Bearing, Recording, acts_of, bearing
from domain.bodies import BodyRegistered, near_duplicate
from domain.catalogue import EVENTS
from domain.entry import Draft, Entry, UnknownEvent
from domain.judging import Book, judge
from domain.rules import Refusal, Taken
from ledger import codec
from ledger.errors import OutcomeUnknown, Refused, Unavailable
from ledger.store import errors as store_errors
from ledger.store.dcb import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem, DCBRecorder, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTEMPTS: Final = 200
"""How often a decision is taken again because somebody wrote into its boundary."""

IN_MEMORY: Final = 4 * 2**20
"""Bytes of encoded entries that are spooled in memory; more go to a temporary file."""

_BODY_EVENTS = ("body-registered", "body-renamed", "body-succeeded")
_PAPER_EVENTS = tuple(
    name for name in EVENTS if name.startswith(("meeting-", "motion-", "decision-", "agreement-", "letter-", "pledge-"))
)
_LINK_EVENTS = tuple(
    name for name in EVENTS if name not in (*_BODY_EVENTS, *_PAPER_EVENTS, "statement-made", "request-received")
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft."""

    number: int
    """The caller's number for it."""
    id: str
    position: int
    """Where it stands; 0 while nothing was written."""
    already: bool
    """Whether it was on record before."""


@dataclass(slots=True)
class _Case:
    """A draft under judgement; what it says is in the spool."""

    number: int
    id: str
    digest: str
    bearing: Bearing
    start: int
    size: int
    tags: list[str]
    name: str


@dataclass(slots=True)
class Batch:
    """Drafts to be recorded together, encoded and spooled, so that memory stays flat."""

    recorded_at: datetime
    recorded_by: str
    salt: Callable[[], str]
    new_bodies: bool = False
    """Whether names that are almost those of known bodies are meant."""
    cases: list[_Case] = field(default_factory=list)
    bodies: list[tuple[int, BodyRegistered]] = field(default_factory=list)
    spool: IO[bytes] = field(default_factory=lambda: tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - closed by `closing`

    def add(self, number: int, draft: Draft) -> None:
        """Take in one more draft."""
        stored = codec.encode(draft, salt=self.salt(), recorded_at=self.recorded_at, recorded_by=self.recorded_by)
        marks = Recording(self.recorded_at.toordinal(), draft.evidence, draft.overrides)
        start = self.spool.tell()
        self.spool.write(stored.data)
        if isinstance(draft.event, BodyRegistered):
            self.bodies.append((number, draft.event))
        self.cases.append(
            _Case(
                number, codec.entry_id(draft), codec.digest(draft), bearing(draft.event, marks),
                start, len(stored.data), stored.tags, stored.type,
            )
        )  # fmt: skip

    def stored(self, cases: Sequence[_Case]) -> Spooled:
        """The encoded entries of `cases`."""
        return Spooled(self.spool, cases)

    def close(self) -> None:
        """Let go of the spool."""
        self.spool.close()


class Spooled(Sequence[DCBEvent]):
    """Encoded entries that are read from the spool one at a time."""

    def __init__(self, spool: IO[bytes], cases: Sequence[_Case]) -> None:
        self._spool = spool
        self._cases = cases

    def __len__(self) -> int:
        return len(self._cases)

    @overload
    def __getitem__(self, place: int) -> DCBEvent: ...
    @overload
    def __getitem__(self, place: slice) -> Spooled: ...
    def __getitem__(self, place: int | slice) -> DCBEvent | Spooled:
        if isinstance(place, slice):
            return Spooled(self._spool, self._cases[place])
        case = self._cases[place]
        self._spool.seek(case.start)
        return DCBEvent(case.name, self._spool.read(case.size), case.tags)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was decided about a batch, as the ledger stood at `head`."""

    head: int
    boundary: DCBQuery
    already: dict[int, tuple[str, int]]
    """By number: the id and position under which it is on record."""
    accepted: list[_Case]
    refused: dict[int, Refusal]


class Ledger:
    """A book of entries, kept in a recorder."""

    def __init__(
        self,
        open_recorder: Callable[[], DCBRecorder],
        *,
        clerk: str,
        clock: Callable[[], datetime],
        salt: Callable[[], str],
    ) -> None:
        self._open = open_recorder
        self._recorder = open_recorder()
        self._clerk = clerk
        self._clock = clock
        self._salt = salt

    def batch(self, *, new_bodies: bool = False) -> Batch:
        """An empty batch, stamped with this moment."""
        return Batch(self._clock().astimezone(UTC), self._clerk, self._salt, new_bodies)

    def record(self, drafts: Iterable[Draft], *, new_bodies: bool = False) -> list[Outcome]:
        """Record all drafts or none; those on record already stay as they are. Numbers count from 1.

        Raises:
            Refused: rules said no.
            Unavailable: the store cannot be used; nothing was written.
            OutcomeUnknown: the store did not say whether it wrote.
        """
        with closing(self.batch(new_bodies=new_bodies)) as batch:
            for number, draft in enumerate(drafts, 1):
                batch.add(number, draft)
            return self.commit(batch)

    def commit(self, batch: Batch, *, without_refused: bool = False, dry_run: bool = False) -> list[Outcome]:
        """Decide a batch and append it on condition that nothing it rests on has changed.

        Raises:
            Refused: rules said no, and `without_refused` does not leave those drafts out.
            Unavailable, OutcomeUnknown: as `record`.
        """
        for attempt in range(ATTEMPTS):
            verdict = self._decide(batch)
            if verdict.refused and not without_refused:
                raise Refused(sorted(verdict.refused.items()))
            if dry_run or not verdict.accepted:
                return _outcomes(verdict, None)
            try:
                last = self._append(batch, verdict)
            except IntegrityError:
                time.sleep(random.uniform(0, 0.005 * min(attempt + 1, 20)))  # noqa: S311 - writers who met should part
                continue
            return _outcomes(verdict, last)
        raise Unavailable(
            "others keep writing about the same things", why=f"{ATTEMPTS} attempts met another writer", mend="try again"
        )

    def refusals(self, batch: Batch) -> dict[int, Refusal]:
        """The drafts that rules say no to, by number; nothing is written."""
        return self._decide(batch).refused

    def close(self) -> None:
        """Let go of the store."""
        close = getattr(self._recorder, "close", None)
        if close:
            close()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """The entries behind a position, in order."""
        for recorded in self._recorder.read(after=after, limit=limit):
            yield codec.decode(recorded.position, recorded.event.type, recorded.event.data)

    def tagged(self, tag: str, types: tuple[str, ...] = ()) -> list[Entry]:
        """The entries that bear a tag, in order."""
        items = [DCBQueryItem(types=codec.names_on_disk(types) if types else [], tags=[tag])]
        found = self._recorder.read(DCBQuery(items=items))
        return [codec.decode(one.position, one.event.type, one.event.data) for one in found]

    def _decide(self, batch: Batch) -> _Verdict:
        boundary = _boundary(batch.cases)
        read = self._recorder.read(boundary)
        entries = [codec.decode(one.position, one.event.type, one.event.data) for one in read]
        head = read.head or 0
        book = Book()
        by_id, by_digest = {}, {}
        for entry in entries:
            by_id[entry.id] = entry
            by_digest[codec.digest(entry)] = entry
            if not isinstance(entry.event, UnknownEvent):
                marks = Recording(entry.recorded_day, entry.evidence, entry.overrides, entry.position)
                book.include(acts_of(entry.event, marks))
        already, refused, open_cases = _known(batch.cases, by_id, by_digest)
        refused |= judge(book, {case.number: case.bearing for case in open_cases})
        if not batch.new_bodies:
            refused |= self._near_duplicates(batch, {case.number for case in open_cases} - set(refused))
        accepted = [case for case in open_cases if case.number not in refused]
        return _Verdict(head, boundary, already, accepted, refused)

    def _near_duplicates(self, batch: Batch, numbers: set[int]) -> dict[int, Refusal]:
        fresh = [(number, body) for number, body in batch.bodies if number in numbers]
        if not fresh:
            return {}
        query = DCBQuery(items=[DCBQueryItem(types=codec.names_on_disk(("body-registered",)))])
        known = (codec.decode(one.position, one.event.type, one.event.data).event for one in self._recorder.read(query))
        return near_duplicate([body for body in known if isinstance(body, BodyRegistered)], fresh)

    def _append(self, batch: Batch, verdict: _Verdict) -> int:
        condition = DCBAppendCondition(fail_if_events_match=verdict.boundary, after=verdict.head)
        try:
            return self._recorder.append(batch.stored(verdict.accepted), condition)
        except store_errors.OutcomeUnknown as error:
            return self._found_after_all(verdict, error)
        except store_errors.Unavailable as error:
            raise Unavailable(error.what, why=error.why, mend="nothing was written; try again") from error

    def _found_after_all(self, verdict: _Verdict, error: store_errors.OutcomeUnknown) -> int:
        """Resolve an unknown outcome by looking the ids up through a new connection."""
        ids = [case.id for case in verdict.accepted]
        try:
            self.close()
            self._recorder = self._open()
            found = [self._position(entry_id) for entry_id in ids]
        except store_errors.StoreError as second:
            raise OutcomeUnknown(
                "the store did not say whether it wrote", why=f"{error}; then {second}",
                mend="when the disk is well again, run the same command once more: what is on record stays as it is",
            ) from second  # fmt: skip
        if found[-1]:
            return found[-1]
        raise Unavailable(
            "the store failed while writing", why=str(error), mend="nothing was written; try again"
        ) from error

    def _position(self, entry_id: str) -> int:
        return next((one.position for one in self._recorder.read(_items([(f"entry:{entry_id}", [])]))), 0)


def _boundary(cases: Iterable[_Case]) -> DCBQuery:
    """Everything whose change could change the decision: tags, and the types that can matter."""
    items: dict[tuple[str, tuple[str, ...]], None] = {}
    for case in cases:
        items[f"entry:{case.id}", ()] = None
        for tag in {need.tag for need in case.bearing.needs} | {act.subject for act in case.bearing.acts}:
            items[tag, _types(tag)] = None
    return _items((tag, list(types)) for tag, types in items)


def _items(items: Iterable[tuple[str, list[str]]]) -> DCBQuery:
    return DCBQuery(items=[DCBQueryItem(types=codec.names_on_disk(tuple(types)), tags=[tag]) for tag, types in items])


def _types(tag: str) -> tuple[str, ...]:
    kind = tag.split(":", 1)[0]
    return {"body": _BODY_EVENTS, "ref": _PAPER_EVENTS, "link": _LINK_EVENTS}[kind]


def _known(
    cases: Iterable[_Case], by_id: Mapping[str, Entry], by_digest: Mapping[str, Entry]
) -> tuple[dict[int, tuple[str, int]], dict[int, Refusal], list[_Case]]:
    """Sort a batch into what is on record, what another entry's id stands for, and what is to be decided."""
    already: dict[int, tuple[str, int]] = {}
    refused: dict[int, Refusal] = {}
    fresh: list[_Case] = []
    batched: dict[str, _Case] = {}
    for case in cases:
        entry = by_id.get(case.id)
        twin = batched.get(case.id)
        if (entry and codec.digest(entry) != case.digest) or (twin and twin.digest != case.digest):
            where = f"entry {entry.position}" if entry else f"line {twin.number if twin else 0}"
            refused[case.number] = Taken(
                "record/once", f"its key or id already stands for something else ({where})", field="key",
                mend="give it a key of its own",
            )  # fmt: skip
        elif entry or case.digest in by_digest:
            on_record = entry or by_digest[case.digest]
            already[case.number] = (on_record.id, on_record.position)
        elif twin:
            already[case.number] = (case.id, 0)
        else:
            batched[case.id] = case
            fresh.append(case)
    return already, refused, fresh


def _outcomes(verdict: _Verdict, last: int | None) -> list[Outcome]:
    """What became of each draft, in the order of their numbers; `last` is the last position written."""
    first = 0 if last is None else last - len(verdict.accepted) + 1
    written = {case.number: (case.id, first + i if last else 0) for i, case in enumerate(verdict.accepted)}
    outcomes = [Outcome(number, id_, position, already=False) for number, (id_, position) in written.items()]
    at = {id_: position for id_, position in written.values()}
    outcomes += [
        Outcome(number, id_, position or at[id_], already=True) for number, (id_, position) in verdict.already.items()
    ]
    return sorted(outcomes, key=lambda outcome: outcome.number)
