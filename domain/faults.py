"""What is wrong with an event in itself, whatever else is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.bodies import BodyRegistered
from domain.catalogue import AnyEvent
from domain.dates import Date, Interval, precedes, written
from domain.decisions import DecisionTaken
from domain.entry import best_grade
from domain.event import Dated, names_in
from domain.links import LinkEvent, LinkExpired, LinkLapsed, LinkListed, side_faults
from domain.meetings import MinutesApproved
from domain.motions import (
    MotionAmended,
    MotionCarried,
    MotionLost,
    MotionReferred,
    MotionRescinded,
    VetoOverridden,
)
from domain.pledges import PledgeMade
from domain.records import DetailRedacted, EntryCorrected, EntryCorroborated, EntryDisputed
from domain.rules import Query, Refusal
from domain.values import Announced, Evidence, LinkName, Vote
from domain.votes import vote_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def faults_of(event: AnyEvent, evidence: Sequence[Evidence], day: int) -> Iterator[Refusal]:
    """What is wrong with an event on this evidence, recorded on `day`, whatever else is on record.

    What is final comes before what can be overridden.
    """
    if isinstance(event, EntryCorrected | EntryDisputed):
        if event.instead:
            yield from faults_of(event.instead.event, evidence, day)
        return
    yield from sorted(_faults(event, evidence, day), key=lambda fault: isinstance(fault, Query))


def _faults(event: AnyEvent, evidence: Sequence[Evidence], day: int) -> Iterator[Refusal]:
    if isinstance(event, Dated):
        yield from date_faults(event, day)
        yield from witness_faults(event, evidence)
    if isinstance(event, EntryCorroborated) and event.on:
        yield from not_yet(event.on, day)
    yield from interval_faults(event)
    for name in names_in(event):
        if isinstance(name, LinkName):
            yield from side_faults(name)
        elif isinstance(name, Announced):
            yield from side_faults(name.link)
    if isinstance(event, _VOTED) and event.vote:
        yield from _faults_of_vote(event, event.vote)
    yield from authority_faults(event, evidence)


_VOTED: Final = (
    MotionAmended, MotionCarried, MotionLost, MotionReferred, MotionRescinded, VetoOverridden, MinutesApproved,
)  # fmt: skip
"""The events that a vote may be recorded with."""


def _faults_of_vote(event: AnyEvent, vote: Vote) -> Iterator[Refusal]:
    """Refuse a vote that cannot have had the outcome of its event; an amendment can be lost too."""
    amended = event if isinstance(event, MotionAmended) else None
    lost = isinstance(event, MotionLost) or (amended is not None and amended.outcome == "lost")
    for fault in vote_faults(vote, "lost" if lost else "carried"):
        if amended and amended.outcome is None and fault.rule.id == "vote/outcome-follows":
            fault.mend = f"if the amendment was lost, set outcome to lost; else {fault.mend}"
        yield fault


def not_yet(on: Date, day: int) -> Iterator[Refusal]:
    """Refuse what has not happened by `day`; a `Query` when only a doubtful date says so."""
    if on.earliest > day:
        yield _refusal(on)(
            "dates/not-yet",
            f"{on} has not come yet: today is {written(day)} (UTC)",
            field="on",
            mend="record it when it has happened; what is decided now and takes effect later has the field effective",
        )


def date_faults(event: Dated, day: int) -> Iterator[Refusal]:
    """Refuse what has not happened by `day`, and what ends before it starts.

    A `Query`, which can be overridden, when only a doubtful date says so.
    """
    yield from not_yet(event.on, day)
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


def witness_faults(event: Dated, evidence: Sequence[Evidence]) -> Iterator[Query]:
    """Ask how sources can witness what they were published before."""
    published = [source.published for source in evidence if source.published]
    last = max(published, key=lambda day: day.latest, default=None)
    if last and len(published) == len(evidence) and last.latest < event.on.earliest:
        yield Query(
            "evidence/before-act",
            f"every source was published by {last}, before {event.on}",
            field="evidence",
            mend="record what the source does tell: what was said, announced or decided by then",
        )


def authority_faults(event: AnyEvent, evidence: Sequence[Evidence]) -> Iterator[Refusal]:
    """Ask under which power something was done, when the official record is at hand and would tell it.

    A detail is hidden under a power that is named, whatever the evidence.
    """
    if isinstance(event, DetailRedacted) and event.authority.power == "not-stated":
        yield Refusal(
            "redaction/basis",
            "the authority for the redaction is not stated",
            field="authority",
            mend="name the power and the paper or office that ordered it",
        )
    if not isinstance(event, LinkEvent | DecisionTaken | PledgeMade) or isinstance(event, LinkLapsed | LinkExpired):
        return
    stated = event.authority is not None and event.authority.power != "not-stated"
    if best_grade(evidence) == "official" and not stated:
        yield Query(
            "authority/missing",
            f"an official source tells of {event.type}, and no power is named",
            field="authority",
            mend="name the power, and the motion or decision that gave it: --authority resolution:REFERENCE",
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
