"""What an entry bears on: the acts it adds to histories, the names it needs, the entry that it is about."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, assert_never

from domain.agreements import AgreementSigned
from domain.bodies import BodyRegistered, BodyRenamed, BodySucceeded
from domain.catalogue import RANKS, AnyEvent
from domain.custody import CustodyEvent
from domain.dates import OPEN, Date, written
from domain.decisions import DecisionEvent
from domain.entry import Entry, UnknownEvent, best_grade, known_from
from domain.event import Dated, names_in
from domain.faults import faults_of
from domain.happenings import AnyHappening
from domain.history import Act
from domain.letters import LetterReceived, LetterSent
from domain.lifecycle import ROWS
from domain.links import LinkEvent, LinkListed
from domain.meetings import MeetingEvent
from domain.motions import MotionEvent
from domain.papers import AGREEMENT, BODY, CYCLES, DECISION, LETTER, MEETING, MOTION, PLEDGE, PaperCycle
from domain.pledges import PledgeEvent
from domain.records import (
    DetailRedacted,
    DisputeSettled,
    EntryCorrected,
    EntryCorroborated,
    EntryDisputed,
    EntryRetracted,
    Instead,
    NoteAdded,
)
from domain.rules import Query, Refusal
from domain.statements import RequestReceived, StatementMade
from domain.values import Announced, BodyName, EntryId, LinkName, Name, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.values import Evidence, Override


class Need(NamedTuple):
    """A name that must be on record."""

    tag: str
    field: str


class Revision(NamedTuple):
    """What an entry says of another one."""

    entry: str
    """The id of the entry it is about; of the dispute, when it settles one."""
    type: str
    acts: tuple[Act, ...] = ()
    """Those of the event that it puts instead."""
    slip: bool = False
    """Whether it holds at every date."""
    prefers: str = ""
    """Which account a settlement prefers: entry or instead."""
    on: Date | None = None
    """The date that a corroboration gives, or that of the event put instead."""
    latest: int = OPEN
    """The last day of that date."""
    field: str = ""
    """The detail that is no longer shown."""
    particulars: str = ""
    """What it puts instead, as canonical JSON; empty for a denial."""
    event: str = ""
    """The name of the event that it puts instead; empty for a denial."""
    said: tuple[Act, ...] = ()
    """What that event says of a body, where it adds to no history."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What one entry bears on; light enough to hold a hundred thousand."""

    id: str
    position: int
    """Its place in the ledger; for what is only proposed, its number in the batch, negative."""
    type: str
    rank: int
    """Its place in the order in which a batch is judged."""
    acts: tuple[Act, ...]
    needs: tuple[Need, ...]
    faults: tuple[Refusal, ...] = ()
    """What is wrong with it, whatever else is on record; queries that were overridden are left out."""
    revision: Revision | None = None
    """What it says of another entry."""
    overridden: frozenset[str] = frozenset()
    """The rules that it goes ahead against."""
    known: int = -OPEN
    """The day from which the public could know it."""
    grade: str = ""
    """The best grade of its evidence."""
    fields: frozenset[str] = frozenset()
    """The fields that were given, as they are called in JSON."""
    on: Date | None = None
    """When it happened, where it adds no act that tells it."""
    said: tuple[Act, ...] = ()
    """What it says of a body as an act, where it adds to no history."""

    @property
    def told(self) -> tuple[Act, ...]:
        """Its own acts, or those that it puts instead of another entry's."""
        return self.revision.acts if self.revision else self.acts

    @property
    def turn(self) -> int:
        """Its place in the order of recording, in which what is proposed follows what is on record."""
        return self.position if self.position > 0 else OPEN - self.position


class Recording(NamedTuple):
    """The marks of recording that a bearing depends on."""

    day: int
    """The UTC day of recording."""
    evidence: Sequence[Evidence]
    overrides: Sequence[Override] = ()
    position: int = 0
    id: str = ""


def bearing(event: AnyEvent, recording: Recording) -> Bearing:
    """Tell what a proposed `event` bears on, and what is wrong with it."""
    overridden = frozenset(override.rule for override in recording.overrides)
    told = faults_of(event, recording.evidence, recording.day)
    faults = tuple(fault for fault in told if not (isinstance(fault, Query) and fault.rule.id in overridden))
    found = _bearing(event, recording, overridden)
    return replace(found, faults=faults, acts=() if faults else found.acts)


def bearing_of_entry(entry: Entry) -> Bearing:
    """What an entry on record bears on; nothing for an event that this release does not know."""
    if isinstance(entry.event, UnknownEvent):
        return Bearing(entry.id, entry.position, entry.event.name, 0, (), ())
    marks = Recording(entry.recorded_day, entry.evidence, entry.overrides, entry.position, entry.id)
    return _bearing(entry.event, marks, frozenset(override.rule for override in entry.overrides))


def _bearing(event: AnyEvent, recording: Recording, overridden: frozenset[str]) -> Bearing:
    acts = acts_of(event, recording)
    return Bearing(
        recording.id,
        recording.position,
        event.type,
        RANKS[event.type],
        acts,
        tuple(_needs(event)),
        (),
        revision_of(event, recording),
        overridden,
        known_from(recording.evidence, recording.day),
        best_grade(recording.evidence) or "",
        frozenset(type(event).model_fields[name].alias or name for name in event.model_fields_set),
        None if acts or not isinstance(event, Dated) else event.on,
        _sayings(event, recording),
    )


def acts_of(event: AnyEvent, recording: Recording) -> tuple[Act, ...]:
    """The acts that `event` adds to histories, each with what an override says of the doubtful dates there."""
    overridden = {override.rule for override in recording.overrides}
    return tuple(act._replace(opens=int(rule_of(act) in overridden)) for act in _acts(event, recording))


def revision_of(event: AnyEvent, recording: Recording) -> Revision | None:
    """What `event` says of another entry, if it does."""
    match event:
        case EntryCorrected():
            found = _instead(event.entry, event.type, event.instead.event, recording)
            return found._replace(slip=event.cause == "slip")
        case EntryDisputed(instead=Instead() as instead):
            return _instead(event.entry, event.type, instead.event, recording)
        case EntryCorroborated(on=Date() as on):
            return Revision(event.entry, event.type, on=on, latest=recording.day if on.latest == OPEN else on.latest)
        case EntryDisputed() | EntryRetracted() | EntryCorroborated():
            return Revision(event.entry, event.type)
        case DetailRedacted():
            return Revision(event.entry, event.type, field=event.field)
        case DisputeSettled():
            return Revision(event.dispute, event.type, prefers=event.prefer)
        case NoteAdded(entry=EntryId() as entry):
            return Revision(entry, event.type)
        case _:
            return None


def _instead(entry: str, name: str, event: AnyHappening, recording: Recording) -> Revision:
    on = event.on if isinstance(event, Dated) else None
    acts, said = acts_of(event, recording), _sayings(event, recording)
    return Revision(entry, name, acts, on=on, particulars=_detail(event), event=event.type, said=said)


def _sayings(event: AnyEvent, recording: Recording) -> tuple[Act, ...]:
    """A statement or request as an act of the body that it concerns: no history holds it, but rules look at it."""
    if not isinstance(event, StatementMade | RequestReceived):
        return ()
    return (_act(event, recording)._replace(subject=event.by.tags[0], cycle="saying"),)


def _acts(event: AnyEvent, recording: Recording) -> Iterator[Act]:
    act = _act(event, recording)
    match event:
        case BodyRegistered():
            always = act._replace(latest=-OPEN)
            yield _on_paper(always, BODY, event.slug.tags[0])
        case BodyRenamed() | BodySucceeded():
            yield _on_paper(act, BODY, event.slug.tags[0])
        case MeetingEvent():
            yield _on_paper(act, MEETING, event.meeting.tag)
        case MotionEvent():
            yield _on_paper(act, MOTION, event.motion.tag)
        case DecisionEvent():
            yield _on_paper(act, DECISION, event.decision.tag)
        case AgreementSigned():
            yield _on_paper(act, AGREEMENT, event.agreement.tag)
        case LetterSent() | LetterReceived():
            yield _on_paper(act, LETTER, event.letter.tag)
            for enclosed in dict.fromkeys(event.encloses):
                yield _on_paper(act, MOTION, enclosed.tag)
        case PledgeEvent():
            yield _on_paper(act, PLEDGE, event.pledge.tag)
        case LinkListed():
            if event.listed and event.standing in (None, "active"):
                since = event.since or Date.parse(f"[..{written(min(act.latest, recording.day))}]")
                yield act._replace(
                    earliest=since.earliest,
                    latest=min(since.latest, recording.day),
                    on=since.text,
                    row=ROWS[event.type],
                    subject=event.link.tag,
                    kind=event.kind or "",
                )
        case LinkEvent():
            yield act._replace(
                row=ROWS[event.type],
                subject=event.link.tag,
                side=event.by or "",
                kind=event.kind or "",
                wording=event.wording or "",
            )
        case StatementMade() | RequestReceived():
            return
        case (
            EntryCorrected() | EntryRetracted() | EntryCorroborated() | EntryDisputed()
            | DisputeSettled() | DetailRedacted() | NoteAdded() | CustodyEvent()
        ):  # fmt: skip
            return
        case _:
            assert_never(event)


def _act(event: AnyEvent, recording: Recording) -> Act:
    on = event.on if isinstance(event, Dated) else None
    latest = on.latest if on else OPEN
    return Act(
        earliest=on.earliest if on else -OPEN,
        latest=recording.day if latest == OPEN else latest,
        row=0,
        side="",
        detail=_detail(event),
        subject="",
        cycle="link",
        type=event.type,
        on=on.text if on else "",
        grade=best_grade(recording.evidence) or "",
        position=recording.position,
        known=known_from(recording.evidence, recording.day),
        recorded=recording.day,
    )


def _detail(event: AnyEvent) -> str:
    return json.dumps(event.particulars(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _on_paper(act: Act, cycle: PaperCycle, subject: str) -> Act:
    return act._replace(row=cycle.row(act.type), subject=subject, cycle=cycle.kind)


def rule_of(act: Act) -> str:
    """The rule that refuses `act` where its table does not allow it."""
    return "link/transition" if act.cycle == "link" else CYCLES[act.cycle].rule(act)


def _needs(event: AnyEvent) -> Iterator[Need]:
    if isinstance(event, EntryCorrected | EntryDisputed) and event.instead:
        yield Need(f"entry:{event.entry}", "entry")
        yield from _needs(event.instead.event)
        return
    own = getattr(event, event.subject_field or "", None)
    told = {own.tag} if isinstance(own, Reference) else set[str]()
    if isinstance(event, BodyRegistered):
        told |= {*event.slug.tags}
    for field, info in type(event).model_fields.items():
        for name in names_in(getattr(event, field)):
            for tag in _needed(name):
                if tag not in told:
                    told.add(tag)
                    yield Need(tag, info.alias or field)


def _needed(name: Name) -> tuple[str, ...]:
    if isinstance(name, LinkName):
        return tuple(BodyName(side).tags[0] for side in name.sides if side)
    if isinstance(name, Announced):
        return name.link.tags
    if isinstance(name, EntryId):
        return (f"entry:{name}",)
    return name.tags
