"""Reconciling a file with the record: a line on an act that is on record becomes another source for it, or a dispute.

The rules name the entry that a line repeats or contradicts. A line whose fields fit that entry becomes a corroboration
of it; any other becomes a dispute, with its own account whole. Wordings and summaries are each source's own and never
contradict. A line from the very document that the entry rests on stays refused: a document is no second source for
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from domain.dates import OPEN
from domain.differences import flat
from domain.entry import Draft, UnknownEvent
from domain.event import Dated
from domain.records import EntryCorroborated, EntryDisputed
from domain.values import GRADES
from ledger.reading import Horizon, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.catalogue import AnyEvent
    from domain.rules import Refusal
    from domain.values import Evidence
    from ledger.application import Ledger
    from ledger.batch import Batch
    from ledger.deciding import Verdict

_OWN_WORDS: Final = frozenset({"summary", "title", "wording"})
"""Fields in which two sources on one act may differ: each has its own words."""

_RECORD: Final = "record"
"""The cycle of what is recorded about an entry."""

_OUTCOMES: Final = frozenset({"motion-carried", "motion-lost"})


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What becomes of a line."""

    draft: Draft
    """A corroboration or a dispute."""
    rival: str
    """The entry that it is about, as people call it: entry 3, line 5."""
    left_out: tuple[str, ...] = ()
    """The fields of the line that a corroboration does not hold."""

    @property
    def supports(self) -> bool:
        """Whether it corroborates, and does not dispute."""
        return self.draft.event.type == EntryCorroborated.type


@dataclass(frozen=True, slots=True)
class _Rival:
    id: str
    event: AnyEvent
    evidence: tuple[Evidence, ...]
    place: str


@dataclass(slots=True)
class Reconciliation:
    """What becomes of the lines of one part of a file, learned round by round."""

    ledger: Ledger
    lines: dict[int, Reconciled] = field(default_factory=dict)
    """By number: what becomes of the line."""
    _rivals: dict[str, str] = field(default_factory=dict)
    """By the id that a reconciled line would have had: that of the entry it is about."""

    def applied(self, number: int, draft: Draft) -> Draft:
        """A line as it is to be judged; one about a reconciled line is about the entry in its place."""
        known = self.lines.get(number)
        if known:
            return known.draft
        event = draft.event
        field_ = event.subject_field or ""
        about = getattr(event, field_, None) if event.cycle == _RECORD else None
        return (
            replace(draft, event=event.model_copy(update={field_: self._rivals[about]}))
            if about in self._rivals
            else draft
        )

    def learn(self, batch: Batch, verdict: Verdict, read: Callable[[int], Draft]) -> bool:
        """Reconcile the refused lines that name a rival; False where there are none, so that nothing is left to judge.

        A line whose rival is being reconciled itself waits for the next round.
        """
        ids = {case.number: case.id for case in batch.cases}
        open_ = {number: one for number, one in verdict.refused.items() if one.rival and number not in self.lines}
        fresh: dict[int, Reconciled] = {}
        for number, refusal in open_.items():
            if -refusal.rival not in open_ and -refusal.rival not in fresh:
                line, rival = self._in_order(number, refusal, open_, ids, read)
                draft = read(line)
                found = reconciled(draft, rival.id, rival.event, rival.evidence, rival.place) if rival else None
                if found and rival:
                    fresh[line] = found
                    self._rivals[ids[line]] = rival.id
        self.lines |= fresh
        return bool(fresh)

    def _in_order(
        self,
        number: int,
        refusal: Refusal,
        refused: Mapping[int, Refusal],
        ids: Mapping[int, str],
        read: Callable[[int], Draft],
    ) -> tuple[int, _Rival | None]:
        """A line to reconcile, and with what.

        Of several lines of one file on one act, the act is the one of the best grade, then the first of the file.
        Where the judge took another of them for it, that one is reconciled, and the others wait.
        """
        first = -refusal.rival
        if first < 0 or ids[first] in self._rivals.values():
            return number, self._rival(refusal, ids, read)
        same = [one for one, other in refused.items() if other.rival == refusal.rival]
        best = min([first, *same], key=lambda line: (_grade(read(line)), line))
        draft, other = read(best), read(first)
        if best != first and draft.event.type == other.event.type:
            rival = _Rival(ids[best], draft.event, draft.evidence, f"line {best}")
            if reconciled(other, rival.id, rival.event, rival.evidence, rival.place):
                return first, rival
        return number, self._rival(refusal, ids, read)

    def _rival(self, refusal: Refusal, ids: Mapping[int, str], read: Callable[[int], Draft]) -> _Rival | None:
        if refusal.rival < 0:
            draft = read(-refusal.rival)
            return _Rival(ids[-refusal.rival], draft.event, draft.evidence, f"line {-refusal.rival}")
        (entry,) = self.ledger.read(refusal.rival - 1, 1)
        account = Reading(self.ledger, Horizon(OPEN - 1)).as_recorded(entry).account
        if isinstance(account, UnknownEvent):
            return None
        return _Rival(entry.id, account, entry.evidence, f"entry {entry.position}")


def reconciled(
    draft: Draft, entry: str, event: AnyEvent, evidence: Iterable[Evidence], place: str
) -> Reconciled | None:
    """A line as a corroboration or dispute of an entry; None where it is neither."""
    known = {_document(source) for source in evidence}
    if draft.event.cycle == _RECORD or all(_document(source) in known for source in draft.evidence):
        return None
    own, other = draft.event.particulars(), event.particulars()
    dated = isinstance(draft.event, Dated) and isinstance(event, Dated)
    overlapping = not dated or _overlap(cast("Dated", draft.event), cast("Dated", event))
    if draft.event.type != event.type:
        same_side = overlapping and own.get("by") == other.get("by")
        if not same_side and {draft.event.type, event.type} != _OUTCOMES:
            return None
    elif overlapping and not _contradicted(own, other):
        narrows = dated and own["on"] != other["on"] and _narrows(cast("Dated", draft.event), cast("Dated", event))
        support = EntryCorroborated.model_validate({"entry": entry, **({"on": own["on"]} if narrows else {})})
        left_out = tuple(name for name in own if own[name] != other.get(name) and name != "on")
        return Reconciled(Draft(support, draft.evidence), place, left_out)
    instead = {"type": draft.event.type, "event": own}
    dispute = EntryDisputed.model_validate({"entry": entry, "instead": instead})
    return Reconciled(Draft(dispute, draft.evidence), place)


def _grade(draft: Draft) -> int:
    """The place of the best grade of its evidence, the best first; without evidence last."""
    return min((GRADES.index(source.grade) for source in draft.evidence), default=len(GRADES))


def _document(source: Evidence) -> tuple[str, ...]:
    """What tells one document from another: its address, else its short name, else its title and publisher."""
    if source.url or source.source:
        return (str(source.url or source.source),)
    return (str(source.title), str(source.publisher))


def _contradicted(own: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether a value that both give differs, beside the date and the words of each source."""
    one, two = flat(own), flat(other)
    return any(
        one[path] != two[path] and "not-stated" not in (one[path], two[path])
        for path in one.keys() & two.keys()
        if path.split(".", 1)[0] not in {"on", *_OWN_WORDS}
    )


def _overlap(one: Dated, other: Dated) -> bool:
    return one.on.earliest <= other.on.latest and other.on.earliest <= one.on.latest


def _narrows(one: Dated, other: Dated) -> bool:
    return one.on.earliest > other.on.earliest or one.on.latest < other.on.latest
