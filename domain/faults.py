"""What is wrong with an event in itself, whatever else is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.bodies import BodyRegistered
from domain.catalogue import AnyEvent
from domain.dates import Date, Interval, precedes, written
from domain.event import Dated, names_in
from domain.links import LinkListed, side_faults
from domain.motions import MotionAmended, MotionCarried, MotionLost, MotionRescinded, vote_faults
from domain.records import DetailRedacted, EntryCorrected, EntryDisputed
from domain.rules import Query, Refusal
from domain.values import Announced, Evidence, LinkName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def faults_of(event: AnyEvent, evidence: Sequence[Evidence], day: int) -> Iterator[Refusal]:
    """What is wrong with an event on this evidence, recorded on `day`, whatever else is on record."""
    if isinstance(event, EntryCorrected | EntryDisputed):
        if event.instead:
            yield from faults_of(event.instead.event, evidence, day)
        return
    if isinstance(event, Dated):
        yield from date_faults(event, day)
    yield from interval_faults(event)
    for name in names_in(event):
        if isinstance(name, LinkName):
            yield from side_faults(name)
        elif isinstance(name, Announced):
            yield from side_faults(name.link)
    if isinstance(event, MotionAmended | MotionCarried | MotionLost | MotionRescinded):
        yield from vote_faults(event.vote)
    if isinstance(event, DetailRedacted) and event.authority.power == "not-stated":
        yield Refusal(
            "redaction/basis",
            "the authority for the redaction is not stated",
            field="authority",
            mend="name the power and the paper or office that ordered it",
        )


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
