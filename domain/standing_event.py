"""What an account of an entry tells: its event, dated as others narrowed it, without what is no longer shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from domain import differences
from domain.dates import Date
from domain.entry import UnknownEvent
from domain.event import Dated
from domain.marks import HIDDEN, UNREPORTED
from domain.personal import personal_fields
from domain.records import DisputeSettled, EntryCorrected, EntryDisputed
from domain.values import Authority

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from domain.bearing import Bearing
    from domain.catalogue import AnyEvent
    from domain.differences import Changes
    from domain.entry import Entry
    from domain.revising import Version
    from domain.values import Evidence


def standing_event(version: Version, account: Bearing, entries: Mapping[str, Entry]) -> AnyEvent | None:
    """The event of one of the version's accounts as it stands; None where the account denies that anything happened.

    `entries` holds, by id, the entry and all that is recorded about it.
    """
    event = event_of(account, entries)
    if event is None:
        return None
    if version.bare and account is version.account:
        event = confirmed(event)
    on = version.on(account)
    narrowed = on and isinstance(event, Dated) and event.type != "link-listed" and event.on.text != on
    return without(event.model_copy(update={"on": Date.parse(on)}) if narrowed else event, version.redacted)


def event_of(account: Bearing, entries: Mapping[str, Entry]) -> AnyEvent | None:
    """The event that an account tells: the entry's own, or what a correction or a dispute puts in its place."""
    event = entries[account.id].event
    if isinstance(event, EntryCorrected | EntryDisputed):
        instead: AnyEvent | None = event.instead.event if event.instead else None
        return instead
    return None if isinstance(event, UnknownEvent) else event


def without(event: AnyEvent, fields: Collection[str]) -> AnyEvent:
    """An event without what it tells in `fields`, as they are called in JSON."""
    personal = personal_fields(type(event))
    update: dict[str, Any] = {
        name: info.get_default(call_default_factory=True)
        for name, info in type(event).model_fields.items()
        if (info.alias or name) in fields and not info.is_required()
    }
    update |= {name: HIDDEN for name, alias in personal.items() if alias in fields and name not in update}
    return event.model_copy(update=update) if update else event


def confirmed(event: AnyEvent) -> AnyEvent:
    """An event as those report it who merely confirm it: without details, and marked where it cannot do without."""
    required = {name: info for name, info in type(event).model_fields.items() if info.is_required()}
    update = {
        name: Authority(power="not-stated") if info.annotation is Authority else UNREPORTED
        for name, info in required.items()
        if (info.alias or name) in event.details()
    }
    return without(event, event.details()).model_copy(update=update)


def veiled(event: AnyEvent, fields: Collection[str]) -> AnyEvent:
    """A record about an entry, in which what it puts instead is told without `fields`."""
    if not isinstance(event, EntryCorrected | EntryDisputed) or not event.instead:
        return event
    instead = event.instead.model_copy(update={"event": without(event.instead.event, fields)})
    return event.model_copy(update={"instead": instead})


def evidence_of(version: Version, account: Bearing, entries: Mapping[str, Entry]) -> tuple[Evidence, ...]:
    """The sources of one of the version's accounts and of those that support it, each once."""
    told = (source for one in version.sources(account) for source in entries[one.id].evidence)
    return tuple(dict.fromkeys(told))


class Revision(NamedTuple):
    """What an entry said before a record about it, and after; None where it is denied."""

    record: Entry
    before: AnyEvent | None
    after: AnyEvent | None


def revisions(raw: Entry, records: Iterable[Entry], holding: Collection[int]) -> Iterator[Revision]:
    """Each record about an entry in turn; only those that hold, by position, change what the entry says."""
    account = None if isinstance(raw.event, UnknownEvent) else raw.event
    disputes: dict[str, AnyEvent | None] = {}
    for record in records:
        event, before = record.event, account
        if isinstance(event, EntryDisputed):
            disputes[record.id] = event.instead.event if event.instead else None
        elif record.position in holding and isinstance(event, EntryCorrected):
            account = event.instead.event
        elif record.position in holding and isinstance(event, DisputeSettled) and event.prefer == "instead":
            account = disputes.get(event.dispute, account)
        yield Revision(record, before, account)


def changes(before: AnyEvent | UnknownEvent | None, after: AnyEvent | None) -> Changes | None:
    """The fields in which two accounts of an event differ, its type among them; personal details are not shown."""
    personal = {field for event in (before, after) if event for field in _personal(event)}
    said = [None if event is None else _said(event) for event in (before, after)]
    return differences.changes(said[0], said[1], personal)


def _personal(event: AnyEvent | UnknownEvent) -> Collection[str]:
    return () if isinstance(event, UnknownEvent) else event.personal()


def _said(event: AnyEvent | UnknownEvent) -> dict[str, Any]:
    if isinstance(event, UnknownEvent):
        return {"type": event.name, **event.particulars}
    return {"type": event.type, **event.particulars()}
