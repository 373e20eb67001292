"""The loom on which histories are woven: a book to judge in, and what was placed in it so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.bearing import Bearing, Recording, acts_of, bearing
from domain.entry import Draft
from domain.judging import judge
from domain.links import LinkEvent, LinkExpired, LinkLapsed
from domain.records import EntryDisputed
from domain.values import Override
from ledger import codec

if TYPE_CHECKING:
    from domain.book import Book
    from domain.catalogue import AnyEvent
    from domain.history import Act
    from domain.rules import Refusal
    from ledger.interchange.claims.pieces import Piece

NO_POWER: Final = "The table of claims does not tell under which power."
"""Why an official source may leave it open: a table has no column for it."""


class Placed(NamedTuple):
    """A draft that the domain accepts, and the piece it was made of."""

    piece: Piece
    draft: Draft
    bearing: Bearing


@dataclass(slots=True)
class Loom:
    """What is on record about some links, and what is placed beside it."""

    book: Book
    today: int
    known: frozenset[str] = frozenset()
    """Digests of what is on record."""
    placed: list[Placed] = field(default_factory=list)
    _lines: dict[int, int] = field(default_factory=dict)
    _ids: dict[int, str] = field(default_factory=dict)
    _pieces: dict[str, Piece] = field(default_factory=dict)
    _digests: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._ids = {entry.position: entry.id for entry in self.book.entries.values()}

    def place(self, piece: Piece, event: AnyEvent, part: str = "") -> Refusal | None:
        """Take an event that a piece supports into the book; why the domain refuses it, if it does."""
        number = len(self._ids) + 1
        draft = Draft(event, piece.evidence, _overrides(event, piece), f"{piece.key}{part}")
        told = bearing(event, self._marks(piece, event, -number, codec.id_of_key(f"{piece.key}{part}")))
        self._lines[number], self._ids[-number] = piece.claim.row.line, told.id
        refusal = judge(self.book, {number: told}).get(number)
        if refusal:
            refusal.what = by_line(refusal.what, self._lines)
            return refusal
        self.placed.append(Placed(piece, draft, told))
        self._pieces[told.id] = piece
        self._digests.add(codec.digest(draft))
        return None

    def undo(self, down_to: int = 0) -> None:
        """Take out of the book what was placed since then."""
        for _, draft, told in self.placed[down_to:]:
            self.book.exclude(told)
            del self._pieces[told.id]
            self._digests.discard(codec.digest(draft))
        del self.placed[down_to:]

    def tells(self, draft: Draft) -> bool:
        """Whether the same is told already, on the same evidence."""
        digest = codec.digest(draft)
        return digest in self.known or digest in self._digests

    def act(self, piece: Piece) -> Act:
        """What a piece would do to its subject."""
        return acts_of(piece.event, self._marks(piece, piece.event, 0, ""))[0]

    def entry(self, position: int) -> Bearing | None:
        """What stands at a position: an entry on record, or what was placed."""
        return self.book.entries.get(self._ids.get(position, ""))

    def piece(self, entry: Bearing) -> Piece | None:
        """The piece that was placed as this entry; None for one on record."""
        return self._pieces.get(entry.id)

    def _marks(self, piece: Piece, event: AnyEvent, position: int, id_: str) -> Recording:
        return Recording(self.today, piece.evidence, _overrides(event, piece), position, id_)


def by_line(told: str, lines: Mapping[int, int]) -> str:
    """A message that names what is proposed by the line of its row, and not by its number."""
    return _IN_BATCH.sub(lambda found: f"(line {lines[int(found[1])]})" if lines.get(int(found[1])) else "", told)


_IN_BATCH: Final = re.compile(r"\(line ([0-9]+) of the same batch\)")


def _overrides(event: AnyEvent, piece: Piece) -> tuple[Override, ...]:
    told = event.instead.event if isinstance(event, EntryDisputed) and event.instead else event
    if not isinstance(told, LinkEvent) or isinstance(told, LinkLapsed | LinkExpired):
        return ()
    stated = told.authority is not None and told.authority.power != "not-stated"
    if stated or piece.evidence[0].grade != "official":
        return ()
    return (Override(rule="authority/missing", reason=NO_POWER),)
