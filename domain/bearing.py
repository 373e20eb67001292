"""What an event bears on: the acts it adds to histories, the names it needs, and the faults of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, assert_never

from domain.agreements import AgreementSigned
from domain.bodies import BodyRegistered, BodyRenamed, BodySucceeded
from domain.catalogue import RANKS, AnyEvent
from domain.dates import OPEN, Date, Interval, precedes, written
from domain.decisions import (
    DecisionCalledIn,
    DecisionDisapproved,
    DecisionRatified,
    DecisionRevoked,
    DecisionTaken,
)
from domain.entry import Entry, UnknownEvent, best_grade, known_from
from domain.event import Dated, names_in
from domain.history import Act
from domain.letters import LetterReceived, LetterSent
from domain.lifecycle import ROWS
from domain.links import (
    EndingAnnounced,
    EndingDecided,
    EndingRescinded,
    LinkAgreed,
    LinkEnded,
    LinkEvent,
    LinkExpired,
    LinkFormed,
    LinkKindChanged,
    LinkLapsed,
    LinkListed,
    LinkProposed,
    LinkRenewed,
    LinkResumed,
    LinkRetained,
    LinkSuspended,
    NoticeGiven,
    ProposalDropped,
    ReviewOpened,
    SuspensionAnnounced,
    side_faults,
)
from domain.meetings import MeetingHeld
from domain.motions import (
    MotionAmended,
    MotionCarried,
    MotionLapsed,
    MotionLost,
    MotionMoved,
    MotionReferred,
    MotionRescinded,
    MotionWithdrawn,
    vote_faults,
)
from domain.papers import AGREEMENT, BODY, CYCLES, DECISION, LETTER, MEETING, MOTION, PAPERS, PLEDGE, PaperCycle
from domain.pledges import PledgeDropped, PledgeKept, PledgeMade
from domain.rules import Query, Refusal
from domain.statements import RequestReceived, StatementMade
from domain.values import Announced, BodyName, LinkName, Name, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.values import Evidence, Override


class Need(NamedTuple):
    """A name that must be on record."""

    tag: str
    field: str


@dataclass(frozen=True, slots=True)
class Bearing:
    """What one event bears on; light enough to hold a hundred thousand."""

    rank: int
    """Its place in the order in which a batch is judged."""
    acts: tuple[Act, ...]
    needs: tuple[Need, ...]
    faults: tuple[Refusal, ...]
    """What is wrong with it, whatever else is on record; queries that were overridden are left out."""


class Recording(NamedTuple):
    """The marks of recording that a bearing depends on."""

    day: int
    """The UTC day of recording."""
    evidence: Sequence[Evidence]
    overrides: Sequence[Override] = ()
    position: int = 0


def bearing(event: AnyEvent, recording: Recording) -> Bearing:
    """Tell what `event` bears on."""
    overridden = {override.rule for override in recording.overrides}
    faults = [f for f in _faults(event, recording.day) if not (isinstance(f, Query) and f.rule.id in overridden)]
    acts = () if faults else acts_of(event, recording)
    return Bearing(RANKS[event.type], acts, tuple(_needs(event)), tuple(faults))


def acts_of(event: AnyEvent, recording: Recording) -> tuple[Act, ...]:
    """The acts that `event` adds to histories, each with what an override says of the doubtful dates there."""
    overridden = {override.rule for override in recording.overrides}
    return tuple(act._replace(opens=int(rule_of(act) in overridden)) for act in _acts(event, recording))


def acts_of_entry(entry: Entry) -> tuple[Act, ...]:
    """The acts that an entry on record adds to histories; none for an event that this release does not know."""
    if isinstance(entry.event, UnknownEvent):
        return ()
    return acts_of(entry.event, Recording(entry.recorded_day, entry.evidence, entry.overrides, entry.position))


def _acts(event: AnyEvent, recording: Recording) -> Iterator[Act]:
    act = _act(event, recording)
    match event:
        case BodyRegistered():
            always = act._replace(earliest=-OPEN, latest=-OPEN)
            yield _on_paper(always, BODY, event.slug.tags[0])
        case BodyRenamed() | BodySucceeded():
            yield _on_paper(act, BODY, event.slug.tags[0])
        case MeetingHeld():
            yield _on_paper(act, MEETING, event.meeting.tag)
        case (
            MotionMoved() | MotionAmended() | MotionCarried() | MotionLost()
            | MotionLapsed() | MotionWithdrawn() | MotionReferred() | MotionRescinded()
        ):  # fmt: skip
            yield _on_paper(act, MOTION, event.motion.tag)
        case DecisionTaken() | DecisionCalledIn() | DecisionRatified() | DecisionDisapproved() | DecisionRevoked():
            yield _on_paper(act, DECISION, event.decision.tag)
        case AgreementSigned():
            yield _on_paper(act, AGREEMENT, event.agreement.tag)
        case LetterSent() | LetterReceived():
            yield _on_paper(act, LETTER, event.letter.tag)
            for enclosed in dict.fromkeys(event.encloses):
                yield _on_paper(act, MOTION, enclosed.tag)
        case PledgeMade() | PledgeKept() | PledgeDropped():
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
        case (
            LinkProposed() | LinkAgreed() | ProposalDropped() | LinkFormed() | LinkRenewed() | LinkKindChanged()
            | LinkLapsed() | ReviewOpened() | SuspensionAnnounced() | EndingAnnounced() | LinkRetained()
            | LinkSuspended() | LinkResumed() | EndingDecided() | NoticeGiven() | LinkEnded() | EndingRescinded()
            | LinkExpired()
        ):  # fmt: skip
            yield act._replace(
                row=ROWS[event.type],
                subject=event.link.tag,
                side=event.by or "",
                kind=event.kind or "",
                wording=event.wording or "",
            )
        case StatementMade() | RequestReceived():
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
        detail=json.dumps(event.particulars(), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        subject="",
        cycle="link",
        type=event.type,
        on=on.text if on else "",
        grade=best_grade(recording.evidence) or "",
        position=recording.position,
        known=known_from(recording.evidence, recording.day),
        recorded=recording.day,
    )


def _on_paper(act: Act, cycle: PaperCycle, subject: str) -> Act:
    return act._replace(row=cycle.row(act.type), subject=subject, cycle=cycle.kind)


def rule_of(act: Act) -> str:
    """The rule that refuses `act` where its table does not allow it."""
    return "link/transition" if act.cycle == "link" else CYCLES[act.cycle].steps[act.row].rule


def _needs(event: AnyEvent) -> Iterator[Need]:
    told = {value.tag for value in _own_reference(event)}
    if isinstance(event, BodyRegistered):
        told.add(event.slug.tags[0])
    for field, info in type(event).model_fields.items():
        for name in names_in(getattr(event, field)):
            for tag in _needed(name):
                if tag not in told:
                    told.add(tag)
                    yield Need(tag, info.alias or field)


def _own_reference(event: AnyEvent) -> Iterator[Reference]:
    """The reference that the event itself puts on record."""
    for kind in PAPERS:
        value = getattr(event, kind, None)
        if isinstance(value, Reference) and event.type.startswith(kind):
            yield value


def _needed(name: Name) -> tuple[str, ...]:
    if isinstance(name, LinkName):
        return tuple(BodyName(side).tags[0] for side in name.sides if side)
    if isinstance(name, Announced):
        return name.link.tags
    return name.tags


def _faults(event: AnyEvent, day: int) -> Iterator[Refusal]:
    if isinstance(event, Dated):
        yield from date_faults(event, day)
    yield from interval_faults(event)
    by = event.by if isinstance(event, LinkEvent) else None
    for name in names_in(event):
        if isinstance(name, LinkName):
            yield from side_faults(name, by)
        elif isinstance(name, Announced):
            yield from side_faults(name.link)
    if isinstance(event, MotionAmended | MotionCarried | MotionLost | MotionRescinded):
        yield from vote_faults(event.vote)


def date_faults(event: Dated, day: int) -> Iterator[Refusal]:
    """Refuse what has not happened by `day`, and what ends before it starts.

    A `Query`, which can be overridden, when only a doubtful date says so.
    """
    if event.on.earliest > day:
        yield _refusal(event.on)(
            "dates/not-yet",
            f"{event.on} has not come yet: today is {written(day)} (UTC)",
            field="on",
            mend="record it when it has happened; a decision that takes effect later has a field for that day",
        )
    for field in ("effective", "due", "call_in_ends"):
        later = getattr(event, field, None)
        if isinstance(later, Date) and precedes(later, event.on) == "yes":
            yield _refusal(later, event.on)(
                "dates/possible",
                f"{field} {later} lies before {event.on}",
                field=field,
                mend="look at both dates in the source again",
            )
    since = event.since if isinstance(event, LinkListed) else None
    if since and precedes(event.on, since) == "yes":
        yield _refusal(since, event.on)(
            "dates/possible",
            f"since {since} lies after {event.on}, when the link was listed",
            field="since",
            mend="look at both dates in the source again",
        )


def interval_faults(event: AnyEvent) -> Iterator[Refusal]:
    """Refuse a term, or the time of a name, that ends before it starts."""
    names = [("names", name.during) for name in event.names] if isinstance(event, BodyRegistered) else []
    for field, span in [("term", getattr(event, "term", None)), *names]:
        if isinstance(span, Interval) and span.start and span.end and precedes(span.end, span.start) == "yes":
            yield _refusal(span.start, span.end)(
                "dates/possible", f"{span} ends before it starts", field=field, mend="write the earlier date first"
            )


def _refusal(*dates: Date) -> type[Refusal]:
    """What to say no with: a no that rests on a date in doubt can be overridden."""
    return Query if any(date.qualified for date in dates) else Refusal
