"""Weaving what several sources tell of one link into one history: acts, and what supports or disputes them.

The pieces are taken in the order of their dates, whatever the order of the rows. What the domain refuses because it is
told already becomes another source for it, or a dispute of it; where the one that came first stands less near than
the one that it contradicts, it is taken up again after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.dates import OPEN
from domain.lifecycle import ROWS
from ledger.interchange.claims.beside import Beside, one_decision, unsaid_by

if TYPE_CHECKING:
    from domain.bearing import Bearing
    from domain.rules import Refusal
    from ledger.interchange.claims.loom import Loom
    from ledger.interchange.claims.pieces import Piece


def weave(loom: Loom, pieces: Sequence[Piece]) -> dict[int, Refusal]:
    """Place the pieces of one link, row by row whole; returns the rows that cannot be expressed, by line."""
    refused: dict[int, Refusal] = {}
    late: set[str] = set()
    before = len(loom.placed)
    while True:
        run = _Run(loom, [piece for piece in pieces if piece.claim.row.line not in refused], late)
        fresh = run.finish()
        if run.overtaken:
            late.add(run.overtaken)
        elif fresh:
            refused |= fresh
        else:
            break
        loom.undo(before)
    while any(_added(loom, pieces, line, refused) for line in list(refused)):
        pass
    return refused


def _added(loom: Loom, pieces: Sequence[Piece], line: int, refused: dict[int, Refusal]) -> bool:
    """Try a row that was refused once more, after all that was placed without it."""
    before = len(loom.placed)
    own = [piece for piece in pieces if piece.claim.row.line == line]
    if _Run(loom, own, {piece.key for piece in pieces}).finish():
        loom.undo(before)
        return False
    del refused[line]
    return True


@dataclass(slots=True)
class _Run:
    """One attempt at a link."""

    loom: Loom
    pieces: Sequence[Piece]
    late: set[str]
    """The keys of pieces that come after all others."""
    overtaken: str = ""
    """The key of a piece that turned out to be one of these."""

    def finish(self) -> dict[int, Refusal]:
        """Place every piece; returns the rows that cannot be, by line. Stops where one was overtaken."""
        waiting = sorted(self.pieces, key=lambda piece: (piece.key in self.late, *_turn(piece, self.loom.today)))
        refusals: dict[str, Refusal] = {}
        for disputing in (False, True):
            if disputing:
                waiting.sort(key=lambda piece: piece.rank)
            moved = True
            while moved:
                moved = False
                for piece in list(waiting):
                    refusal = self._tell(piece, disputing=disputing)
                    if self.overtaken:
                        return {}
                    if refusal:
                        refusals[piece.key] = refusal
                    else:
                        waiting.remove(piece)
                        moved = True
        return {piece.claim.row.line: refusals[piece.key] for piece in reversed(waiting)}

    def _tell(self, piece: Piece, *, disputing: bool) -> Refusal | None:
        """Place a piece as itself, or as what it is beside all that is told; why it cannot be, if it cannot."""
        if piece.event.type == "link-listed":
            return self.loom.place(piece, piece.event)
        beside = Beside(self.loom, piece, self.loom.act(piece))
        if beside.adds_nothing():
            return None
        dispute = beside.dispute_told()
        if dispute:
            return beside.notes(dispute)
        rival = beside.other_decision() or beside.overstatement()
        if rival is None and (beside.repeats() or beside.followed() or beside.repeats(anyhow=True)):
            return None
        later = None if rival else beside.unsaid()
        if later:
            return unsaid_by(piece, later)
        refusal = one_decision(piece, rival) if rival else self.loom.place(piece, piece.event)
        if refusal is None:
            return None
        rival = rival or self.loom.entry(refusal.rival)
        if rival is None:
            return None if beside.foretold() else refusal
        return self._met(beside, rival, refusal, disputing=disputing)

    def _met(self, beside: Beside, rival: Bearing, refusal: Refusal, *, disputing: bool) -> Refusal | None:
        """What becomes of a piece that the domain refuses beside a rival."""
        agrees = refusal.agrees and not beside.another_power(rival)
        if agrees and beside.supports(rival) is None:
            return None
        if not refusal.agrees and beside.goes_with(rival):
            return None
        if not disputing or not (refusal.agrees or beside.contradicts(rival)):
            return _of_one_row(beside.piece, self.loom.piece(rival), refusal)
        other = self.loom.piece(rival)
        if other and beside.piece.rank < other.rank and other.key not in self.late:
            self.overtaken = other.key
            return refusal
        no = beside.disputes(rival)
        if no is None:
            return None
        dispute = beside.dispute_told(to_the_letter=False)
        if refusal.agrees:
            return beside.supports(rival)
        return beside.notes(dispute) if dispute else no


def _of_one_row(piece: Piece, other: Piece | None, refusal: Refusal) -> Refusal:
    """A refusal; where a row tells two things that do not go together, with what can be done about it."""
    if other and other.claim is piece.claim:
        refusal.mend = "the row tells both: look at its status, its kind and from_edtf again"
    return refusal


def _turn(piece: Piece, today: int) -> tuple[object, ...]:
    """A piece's place among all those of a link: by its date, then as the life cycle has it, then the nearer source."""
    on = piece.on
    latest = today if on.latest == OPEN else on.latest
    return latest, -on.earliest, ROWS.get(piece.event.type, len(ROWS)), piece.rank, piece.key
