"""What a piece is beside one that is told already: another source for it, an act that goes with it, or a dispute."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.dates import OPEN, Date
from domain.entry import Draft
from domain.lifecycle import LIFE_CYCLE
from domain.rules import Refusal
from domain.values import GRADES
from ledger.interchange.claims.pieces import label, made
from ledger.interchange.claims.saying import repeated, since, unsays
from ledger.interchange.claims.words import REPORTED

if TYPE_CHECKING:
    from domain.bearing import Bearing
    from domain.catalogue import AnyEvent
    from domain.history import Act
    from ledger.interchange.claims.loom import Loom
    from ledger.interchange.claims.pieces import Piece

REFUTABLE: Final = frozenset({
    "review-opened", "suspension-announced", "ending-announced", "link-retained", "link-suspended",
    "ending-decided", "notice-given", "link-ended", "link-lapsed", "link-expired",
})  # fmt: skip
"""The acts of which one can be told in place of another: a link was suspended, or ended, or kept."""

ONE_DECISION: Final = frozenset({"link-retained", "link-suspended", "link-ended"})
"""What one decision can have been: one of these, and not two."""

A_MONTH: Final = 31
"""Days within which two decisions that are told by the same date are one."""

_SAID: Final = frozenset({"review-opened", "suspension-announced", "ending-announced", "notice-given"})
_OVERSTATES: Final = {
    "link-suspended": frozenset({"review-opened", "suspension-announced"}),
    "ending-decided": frozenset({"review-opened", "suspension-announced", "ending-announced"}),
    "link-ended": _SAID | {"ending-decided", "link-suspended"},
}
"""By what somebody further off may say was done: what the side itself says of that day, and may be mistaken for it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece, and what is told already of the same link."""

    loom: Loom
    piece: Piece
    act: Act

    def adds_nothing(self) -> bool:
        """Whether a beginning is told already, to the letter, by the same document."""
        return self.piece.part == "began" and self.loom.tells(Draft(self.piece.event, self.piece.evidence))

    def dispute_told(self, *, to_the_letter: bool = True) -> Bearing | None:
        """The open dispute that tells the same; or, if not to the letter, one that can mean the same."""
        told = [act for act in self.loom.book.acts(self.act.subject) if act.dispute and act.type == self.act.type]
        if to_the_letter:
            same = [act for act in told if _particulars(act) == _particulars(self.act)]
        else:
            same = [act for act in told if act.side == self.act.side and _agree(self.act, act)]
        return next((found for act in same if (found := self.loom.entry(act.dispute))), None)

    def other_decision(self) -> Bearing | None:
        """The entry that tells the decision of the same side and date otherwise: suspended, and not ended."""
        if self.act.type not in ONE_DECISION or self.act.latest - self.act.earliest >= A_MONTH:
            return None
        for act in self.loom.book.acts(self.act.subject):
            other = act.type in ONE_DECISION and act.type != self.act.type and act.side == self.act.side
            if other and not act.dispute and (act.earliest, act.latest) == (self.act.earliest, self.act.latest):
                return self.loom.entry(act.position)
        return None

    def repeats(self, *, anyhow: bool = False) -> bool:
        """Place what is said to stand as another source for the act that it repeats, if one is told.

        With `anyhow`, also for one that was taken back before that day.
        """
        told = self.loom.book.acts(self.act.subject)
        undated = self.act.earliest == -OPEN and not self.piece.claim.on
        if not self.piece.stood and not undated:
            return False
        day = Date.parse(self.act.on) if anyhow or not self.piece.stood else self.piece.stood
        act = repeated(self.act, day, told)
        entry = self.loom.entry(act.position) if act else None
        if act is None or entry is None or not _agree(self.act, act) or self.another_power(entry):
            return False
        return self._corroborates(entry, act) is None

    def followed(self) -> bool:
        """Place what is said to stand as an act since the last one after which it had to be done again."""
        if not self.piece.stood:
            return False
        on = since(self.act, self.piece.stood, self.loom.book.acts(self.act.subject))
        told = {**self.piece.event.particulars(), "on": on}
        return on is not None and self.loom.place(self.piece, made(self.piece.event.type, told)) is None

    def unsaid(self) -> Bearing | None:
        """The entry that is said to stand on a later day, and could not if this had happened after it."""
        told = self.loom.book.acts(self.act.subject)
        for act in told:
            entry = self.loom.entry(act.position)
            piece = self.loom.piece(entry) if entry and not act.dispute else None
            if piece and piece.stood and piece is not self.piece and unsays(self.act, act, piece.stood, told):
                return entry
        return None

    def overstatement(self) -> Bearing | None:
        """The entry of which this tells more, from further off, or that tells more of this: decided, and not ended."""
        for act in self.loom.book.acts(self.act.subject):
            if act.happens and not act.dispute and not act.option and act.side == self.act.side:
                entry = self.loom.entry(act.position)
                if entry and (self._overstated_by(act, entry) or self._overstates(act, entry)):
                    return entry
        return None

    def _overstates(self, told: Act, entry: Bearing) -> bool:
        reported = self.piece.claim.how.distance == REPORTED or told.type not in _SAID
        return reported and self.nearness > self._nearness(told, entry) and _as_one(self.act, told)

    def _overstated_by(self, told: Act, entry: Bearing) -> bool:
        nearness = self._nearness(told, entry)
        reported = nearness[1] == REPORTED or self.act.type not in _SAID
        return reported and self.nearness < nearness and _as_one(told, self.act)

    @property
    def nearness(self) -> tuple[int, int]:
        """How near the source of the piece stands."""
        return self.piece.claim.nearness

    def _nearness(self, told: Act, entry: Bearing) -> tuple[int, int]:
        """How near the source of an entry stands; of one on record, only its grade is known, and who acted."""
        piece = self.loom.piece(entry)
        if piece:
            return piece.claim.nearness
        return GRADES.index(told.grade), REPORTED - 1 if "authority" in json.loads(told.detail) else REPORTED

    def supports(self, rival: Bearing) -> Refusal | None:
        """Place the piece as another source for an entry, or for the dispute of it that tells the same."""
        own = [act for act in self.loom.book.told(rival) if act.happens and act.type == self.act.type]
        meant = next((act for act in own if not act.dispute and _agree(self.act, act)), None)
        disputed = next((act for act in own if act.dispute and _agree(self.act, act)), None)
        dispute = self.loom.entry(disputed.dispute) if disputed and not meant else None
        return self.notes(dispute) if dispute else self._corroborates(rival, meant)

    def notes(self, dispute: Bearing) -> Refusal | None:
        """Place the piece as a note on a dispute: a dispute has no second source but so."""
        note = made("note-added", {"entry": dispute.id, "text": "Another source tells what this dispute tells."})
        return self.loom.place(self.piece, note)

    def goes_with(self, rival: Bearing) -> bool:
        """Place the piece as what it can be without contradicting its rival, if it can be."""
        told = next((act for act in self.loom.book.told(rival) if act.happens and not act.dispute), None)
        if told is None:
            return False
        if self._follows(told):
            return self._corroborates(rival, None) is None
        if self._gives_notice(told):
            return not self._overrules(told, rival) and self.loom.place(self.piece, self._letter(told)) is None
        if told.type == self.act.type == "link-formed" and told.kind != self.act.kind:
            return self._is_another_kind(rival, told)
        return False

    def foretold(self) -> bool:
        """Place the day of an effect, told before it came, as another source for the decision or notice of it."""
        if not self.piece.claim.how.takes_effect:
            return False
        for act in self.loom.book.acts(self.act.subject):
            effective = json.loads(act.detail).get("effective")
            own = effective and act.side == self.act.side and not act.dispute
            if own and _overlap(Date.parse(effective), self.act):
                entry = self.loom.entry(act.position)
                return entry is not None and self._corroborates(entry, None) is None
        return False

    def contradicts(self, rival: Bearing) -> bool:
        """Whether both cannot be right, and what one tells can stand in place of the other."""
        other = self.loom.piece(rival)
        if other and other.claim is self.piece.claim:
            return False
        for act in self.loom.book.told(rival):
            joint = any(LIFE_CYCLE[one.row].moves == "joint" for one in (act, self.act) if one.cycle == "link")
            sides = {self.piece.claim.by, act.side} if joint else {self.act.side, act.side}
            same_side = len(sides - {""}) <= 1 or (joint and act.type == self.act.type)
            if same_side and (act.type == self.act.type or {act.type, self.act.type} <= REFUTABLE):
                return True
        return False

    def another_power(self, rival: Bearing) -> bool:
        """Whether two powers are named for one act."""
        powers = {_power(self.act), *(_power(act) for act in self.loom.book.told(rival) if not act.dispute)}
        return len(powers - {"", "not-stated"}) > 1

    def disputes(self, rival: Bearing) -> Refusal | None:
        """Place the piece as a dispute of its rival."""
        event = self.piece.event
        told = {"entry": rival.id, "instead": {"type": event.type, "event": event.particulars()}}
        return self.loom.place(self.piece, made("entry-disputed", told))

    def _corroborates(self, rival: Bearing, meant: Act | None, part: str = "") -> Refusal | None:
        told: dict[str, Any] = {"entry": rival.id}
        if meant and (self.act.earliest > meant.earliest or self.act.latest < meant.latest):
            told["on"] = self.act.on
        event = made("entry-corroborated", told)
        if self.piece.part == "began" and self.loom.tells(Draft(event, self.piece.evidence)):
            return None
        return self.loom.place(self.piece, event, part)

    def _follows(self, told: Act) -> bool:
        """Whether a letter or an announcement tells of what was decided before it."""
        same = (told.type, told.side) == (self.act.type, self.act.side)
        return self.piece.claim.how.announces and same and told.latest < self.act.earliest and _decided(told)

    def _gives_notice(self, told: Act) -> bool:
        """Whether a letter gives notice of an ending that has come already."""
        letter = self.act.type == "notice-given" and self.piece.claim.how.announces
        return letter and (told.type, told.side) == ("link-ended", self.act.side) and told.earliest <= self.act.latest

    def _overrules(self, told: Act, entry: Bearing) -> bool:
        """Whether the entry is a report of others, and the piece stands nearer."""
        nearness = self._nearness(told, entry)
        return nearness[1] == REPORTED and self.nearness < nearness

    def _letter(self, told: Act) -> AnyEvent:
        by = self.act.side
        to = next(side for side in self.piece.claim.sides if side != by)
        letter = f"{by}/{label(self.piece.claim)}/{to}"
        link = json.loads(told.detail)["link"]
        particulars = {"letter": letter, "on": self.act.on, "by": by, "to": to, "announces": [f"link-ended:{link}"]}
        return made("letter-sent", particulars)

    def _is_another_kind(self, rival: Bearing, told: Act) -> bool:
        """Place a beginning of another kind than the one told: of that kind for a side, or from a later day."""
        by = {"by": self.piece.claim.council.slug} if self._speaks_for_the_other(rival) else {}
        if not _overlap(told, self.act):
            later = told.latest < self.act.earliest
            return later and self._changes_kind(self.act.on, {}, known_only=not self.piece.firm)
        if not by:
            return False
        before = len(self.loom.placed)
        on = min(told, self.act, key=lambda act: act.latest - act.earliest).on
        if self._corroborates(rival, told) is None and self._changes_kind(on, by, part=":kind"):
            return True
        self.loom.undo(before)
        return False

    def _changes_kind(self, on: str, by: dict[str, str], *, part: str = "", known_only: bool = False) -> bool:
        """Place a change of kind, or another source for it; with `known_only`, no change that is not told already."""
        fields = {key: value for key, value in self.piece.event.particulars().items() if key in _OF_A_LINK}
        changed = made("link-kind-changed", {**fields, "on": on, **by})
        for act in self.loom.book.acts(self.act.subject):
            same = act.type == changed.type and act.kind == self.act.kind and act.side in ("", by.get("by", ""))
            entry = self.loom.entry(act.position)
            if same and entry and not act.dispute and _overlap(act, self.act):
                return self._corroborates(entry, act, part) is None
        return not known_only and self.loom.place(self.piece, changed, part) is None

    def _speaks_for_the_other(self, rival: Bearing) -> bool:
        """Whether the two sides tell of one beginning, each for itself."""
        other = self.loom.piece(rival)
        side = other.claim.council.slug if other else next(act.side for act in rival.told)
        return side not in ("", self.piece.claim.council.slug)


_OF_A_LINK: Final = frozenset({"link", "on", "by", "kind", "authority"})


def one_decision(piece: Piece, rival: Bearing) -> Refusal:
    """One decision is told in two ways."""
    told = piece.event.particulars()
    what = f"{told['link']}: {piece.event.type} on {told['on']} is told as {rival.type} by another source"
    return Refusal("link/transition", what, field="status", mend="look at both sources again")


def unsaid_by(piece: Piece, entry: Bearing) -> Refusal:
    """One act cannot have come after another that is said to stand on a later day."""
    told = piece.event.particulars()
    what = f"{told['link']}: {piece.event.type} on {told['on']} does not go with {entry.type}, said to stand after it"
    return Refusal("link/transition", what, field="status", mend="add the row that tells what was before it")


def _as_one(more: Act, said: Act) -> bool:
    """Whether one tells more of what the other tells, at a time that leaves no room for both.

    What was said, or what takes effect later, can come to more on a later day, but not by the day of saying. Two
    decisions that the less precise source puts into one month are one.
    """
    if said.type not in _OVERSTATES.get(more.type, ()) or not _overlap(more, said):
        return False
    if said.type in _SAID or more.latest <= said.latest:
        return more.latest <= said.latest
    effective = json.loads(said.detail).get("effective", "")
    reached = effective and not effective.endswith("..]") and _overlap(Date.parse(effective), more)
    return not reached and more.latest - more.earliest < A_MONTH


def _agree(one: Act, other: Act) -> bool:
    return _overlap(one, other) and (one.kind == other.kind or not (one.kind and other.kind))


def _overlap(one: Act | Date, other: Act | Date) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _particulars(act: Act) -> tuple[str, ...]:
    return act.type, act.side, act.on, act.kind, _power(act)


def _power(act: Act) -> str:
    return str(json.loads(act.detail).get("authority", {}).get("power", ""))


def _decided(act: Act) -> bool:
    return _power(act) not in ("", "not-stated")
