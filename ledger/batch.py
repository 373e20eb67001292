"""Drafts that are to be recorded together: encoded, spooled, and light enough to be judged by the hundred thousand."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final, overload

from domain.bearing import Bearing, Recording, bearing
from domain.bodies import BodyRegistered
from domain.custody import AnyCustody, CustodyEvent
from domain.entry import Draft
from domain.records import EntryCorrected
from ledger import codec
from ledger.store.dcb import DCBEvent
from ledger.store.personal import Detail, committed

IN_MEMORY: Final = 4 * 2**20
"""Bytes of encoded entries that are spooled in memory; more go to a temporary file."""


@dataclass(slots=True)
class Case:
    """A draft under judgement; what it says is in the spool."""

    number: int
    id: str
    digest: str
    bearing: Bearing
    start: int
    size: int
    tags: list[str]
    name: str
    details: Mapping[str, Detail] = field(default_factory=dict)
    """By field: the personal details that are kept apart from it."""


@dataclass(slots=True)
class Batch:
    """Drafts to be recorded together, encoded and spooled, so that memory stays flat."""

    recorded_at: datetime
    recorded_by: str
    salt: Callable[[], str]
    known: Callable[[str], str | None] = lambda _: None
    """Gives, by digest, the id of an entry on record that keeps details apart; asked only about such."""
    new_bodies: bool = False
    """Whether names that are almost those of known bodies are meant."""
    cases: list[Case] = field(default_factory=list)
    _apart: dict[str, str] = field(default_factory=dict)
    """By digest: the ids of the entries in the batch that keep details apart."""
    bodies: list[tuple[int, BodyRegistered]] = field(default_factory=list)
    """By number: the bodies that are registered."""
    corrected: list[tuple[int, BodyRegistered]] = field(default_factory=list)
    """By number: what stands in place of the registration of a body."""
    custody: list[tuple[int, AnyCustody]] = field(default_factory=list)
    spool: IO[bytes] = field(
        default_factory=lambda: tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
    )

    def add(self, number: int, draft: Draft) -> None:
        """Take in one more draft.

        Raises:
            UsageError: it is too large, or holds a mark in the place of a detail.
        """
        digest = codec.digest(draft)
        told = codec.personal(draft.event)
        # A digest of what is told of a person could be tried out by whoever sees the id: such an id is random.
        apart = told and draft.id is None and draft.key is None
        id_ = self._id_of(digest) if apart else codec.entry_id(draft, digest)
        details = {field: committed(value, id_, digest) for field, value in told.items()}
        commitments = {field: detail.commitment for field, detail in details.items()}
        moment, clerk = self.recorded_at, self.recorded_by
        stored = codec.encode(
            draft, id_=id_, salt=self.salt(), recorded_at=moment, recorded_by=clerk, commitments=commitments
        )
        marks = Recording(moment.toordinal(), draft.evidence, draft.overrides, position=-number, id=id_)
        start = self.spool.tell()
        self.spool.write(stored.data)
        if isinstance(draft.event, BodyRegistered):
            self.bodies.append((number, draft.event))
        elif isinstance(draft.event, EntryCorrected) and isinstance(draft.event.instead.event, BodyRegistered):
            self.corrected.append((number, draft.event.instead.event))
        elif isinstance(draft.event, CustodyEvent):
            self.custody.append((number, draft.event))
        self.cases.append(
            Case(
                number,
                id_,
                digest,
                bearing(draft.event, marks),
                start,
                len(stored.data),
                stored.tags,
                stored.type,
                details,
            )
        )

    def _id_of(self, digest: str) -> str:
        """The id of an entry that keeps details apart: that of the same content, or a new one."""
        if digest not in self._apart:
            self._apart[digest] = self.known(digest) or self._random_id()
        return self._apart[digest]

    def _random_id(self) -> str:
        """A UUIDv7 of this moment (RFC 9562, section 5.7)."""
        milliseconds = int(self.recorded_at.timestamp() * 1000)
        random = int(self.salt(), 16) & (2**74 - 1)
        low = random & (2**62 - 1)
        return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | random >> 62 << 64 | 0b10 << 62 | low))

    def stored(self, cases: Sequence[Case]) -> Spooled:
        """The encoded entries of `cases`."""
        return Spooled(self.spool, cases)

    def emptied(self) -> Batch:
        """An empty batch in place of this one, in which the same content gets the same id."""
        new = Batch(self.recorded_at, self.recorded_by, self.salt, self.known, new_bodies=self.new_bodies)
        new._apart = self._apart
        return new

    def close(self) -> None:
        """Let go of the spool."""
        self.spool.close()


class Spooled(Sequence[DCBEvent]):
    """Encoded entries that are read from the spool one at a time."""

    def __init__(self, spool: IO[bytes], cases: Sequence[Case]) -> None:
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
