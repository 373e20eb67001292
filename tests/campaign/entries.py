"""What stands of each entry: corrected, corroborated, disputed and settled, or taken back - worked out from scratch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from domain.dates import OPEN, Date
from tests.domain.reference import NEVER

FOREVER = -NEVER
"""A day by which everything is known."""
GRADES = ("official", "council", "press", "third-party")

Event = dict[str, Any]
"""The particulars of an event, as JSON has them."""


class Days(NamedTuple):
    """The first and the last day on which something may have happened."""

    first: int
    last: int


def days_of(on: str, recorded: int) -> Days:
    """The days of a date; with an open end it is the day of recording at the latest."""
    found = Date.parse(on)
    first = NEVER if found.earliest == -OPEN else found.earliest
    return Days(first, recorded if found.latest == OPEN else found.latest)


def canonical(event: Any) -> str:  # noqa: ANN401 - any value of JSON
    """An event, or any other value, as canonical JSON."""
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, eq=False)
class Entry:
    """An entry as it was recorded."""

    position: int
    id: str
    type: str
    event: Event
    day: int
    """The day of recording."""
    evidence: Sequence[dict[str, str]] = ()
    overrides: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> int:
        """The latest day of its earliest `published`, else of `retrieved`, else the day of recording."""
        for field in ("published", "retrieved"):
            dates = [days_of(source[field], self.day).last for source in self.evidence if field in source]
            if dates:
                return min(*dates, self.day)
        return self.day

    @cached_property
    def grade(self) -> str:
        """The best grade of its evidence."""
        return best(source["grade"] for source in self.evidence)

    @cached_property
    def about(self) -> str | None:
        """The id of the entry that it is about; None where something happened."""
        if self.type in RECORDS:
            found: str | None = self.event.get("dispute" if self.type == "dispute-settled" else "entry")
            return found
        return None

    @cached_property
    def said(self) -> str:
        """All that it says, word for word."""
        return canonical([self.type, self.event, list(self.evidence), sorted(self.overrides)])

    @property
    def told(self) -> tuple[str, Event] | None:
        """What happened, by its own account; None where it denies that anything did, or tells of none."""
        if self.type in ("entry-corrected", "entry-disputed"):
            instead = self.event["instead"]
            return instead and (instead["type"], instead["event"])
        return None if self.type in RECORDS else (self.type, self.event)


RECORDS = {
    "entry-corrected", "entry-retracted", "entry-corroborated", "entry-disputed", "dispute-settled", "detail-redacted",
    "note-added",
}  # fmt: skip


def best(grades: Any) -> str:  # noqa: ANN401 - any iterable
    """The best of some grades; empty for none."""
    return min((grade for grade in grades if grade), key=GRADES.index, default="")


@dataclass(frozen=True, eq=False)
class Account:
    """One account of an entry: what it tells, and how good it is."""

    teller: Entry
    grade: str
    dispute: int = 0
    """The position of the entry that disputes so; 0 for the account that is disputed."""
    told: tuple[str, Event] | None = None
    days: Days | None = None
    """When it happened, as near as all that support it bring it."""


def original_of(entry: Entry, entries: Sequence[Entry]) -> Entry:
    """The entry itself, or for a record the one first recorded."""
    by_id = {one.id: one for one in entries}
    while entry.about:
        entry = by_id[entry.about]
    return entry


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """What was not taken back: from the last word to the first, for a retraction can be taken back too."""
    gone: set[str] = set()
    for entry in reversed(entries):
        if entry.type == "entry-retracted" and entry.id not in gone:
            gone.add(entry.event["entry"])
    return [entry for entry in entries if entry.id not in gone]


def accounts(original: Entry, records: tuple[Entry, ...], by: int) -> list[Account]:
    """The accounts of an entry that could be known by a day, the one to be shown first; none when there is nothing.

    `records` is all that was ever recorded about it, and about that, in the order of recording.
    """
    edges = [one.known for one in (original, *records) if one.known <= by]
    return _accounts(original, records, max(edges)) if edges else []


@lru_cache(maxsize=100_000)
def _accounts(original: Entry, records: tuple[Entry, ...], by: int) -> list[Account]:
    live = standing(records)
    hidden = frozenset(one.event["field"] for one in live if one.type == "detail-redacted" and one.about == original.id)
    known = [one for one in live if one.known <= by]
    settled = {one.about for one in known if one.type == "dispute-settled"}
    open_ = [one for one in known if one.type == "entry-disputed" and one.id not in settled]
    others = [_account(one, one.grade, (), hidden, one.position) for one in sorted(open_, key=_content)]
    own = _own_account(original, records, by, hidden)
    if own is None:
        others.sort(key=lambda one: _place(one.grade))
        return [replace(one, dispute=0) for one in others[:1]] + others[1:]
    return sorted([own, *others], key=lambda one: (_place(one.grade), one is not own))


def _own_account(original: Entry, records: tuple[Entry, ...], by: int, hidden: frozenset[str]) -> Account | None:
    """The account that is not in dispute, or disputed by others; None where only disputes of it were known."""
    live = standing(records)
    known = [(day, source) for day, source in _successive(original, live) if day <= by]
    agreeing = [one for one in live if one.type == "entry-corroborated" and one.known <= by]
    day, source = known[-1] if known else (original.known, original)
    teller = _mended(source, original, records)
    since = NEVER if source is original else day
    support = sorted((one for one in agreeing if _agrees(one, teller, since)), key=_content)
    if known:
        return _account(teller, best(one.grade for one in (source, *support)), support, hidden)
    if not support:
        return None
    return _account(teller, best(one.grade for one in support), support, hidden | DETAILS, reported=support)


def _successive(original: Entry, live: Sequence[Entry]) -> list[tuple[int, Entry]]:
    """The entry, and what took its place since: each with the day from which it was known to be right."""
    later: list[tuple[tuple[Any, ...], int, Entry]] = []
    for one in live:
        if one.type == "entry-corrected" and one.event["cause"] == "source":
            later.append(((one.known, 0, -_place(one.grade), _content(one)), one.known, one))
        for dispute in live if one.type == "dispute-settled" and one.event["prefer"] == "instead" else ():
            if dispute.id == one.about:
                day = max(one.known, dispute.known)
                later.append(((day, 1, one.position), day, dispute))
    later.sort(key=lambda found: found[0])
    return [(original.known, original), *((day, source) for _, day, source in later)]


def _mended(source: Entry, original: Entry, records: Sequence[Entry]) -> Entry:
    """What mends an account: the last slip that was recorded while it was the account in effect."""
    for slip in reversed(standing(records)):
        if slip.type == "entry-corrected" and slip.event["cause"] == "slip":
            before = standing([one for one in records if one.position < slip.position])
            if _successive(original, before)[-1][1] is source:
                return slip
    return source


def _agrees(other: Entry, teller: Entry, since: int) -> bool:
    """Whether a source agrees with an account: its days overlap; without days, it came once that was the account."""
    if "on" not in other.event or not teller.told or "on" not in teller.told[1]:
        return other.known >= since
    own, theirs = Date.parse(teller.told[1]["on"]), days_of(other.event["on"], other.day)
    if teller.told[0] != "link-listed":
        latest = teller.day if own.latest == OPEN and not teller.about else own.latest
    else:
        latest = own.latest
    return max(own.earliest, Date.parse(other.event["on"]).earliest) <= min(latest, theirs.last)


DETAILS = frozenset({"title", "wording", "agreement", "resolutions", "announces", "summary", "authority"})
"""The fields that the clerk fills in which do not say who did what."""


def _content(one: Entry) -> tuple[Any, ...]:
    """An order of records about one entry that does not depend on the order of recording."""
    told = one.told or ("", None)
    on = one.event.get("on") or (told[1] or {}).get("on")
    found = Date.parse(on) if on else None
    days = (found.earliest, found.latest, found.text) if found else ()
    return one.known, _place(one.grade), days, told[0], canonical(told[1]) if told[1] else "", one.position


def _place(grade: str) -> int:
    return GRADES.index(grade) if grade else len(GRADES)


def _account(
    teller: Entry,
    grade: str,
    support: Sequence[Entry],
    hidden: frozenset[str],
    dispute: int = 0,
    reported: Sequence[Entry] = (),
) -> Account:
    """What an entry tells; `reported` are those from whom alone it is known, by the first date that one of them has."""
    if teller.told is None:
        return Account(teller, grade, dispute)
    type_, event = teller.told
    days = days_of(event["on"], teller.day) if "on" in event else None
    for other in [one for one in reported if "on" in one.event][:1]:
        if days and type_ != "link-listed":
            event, days = {**event, "on": other.event["on"]}, days_of(other.event["on"], other.day)
    for other in support:
        if days and "on" in other.event and type_ != "link-listed":
            event, days = _narrowed(event, days, other)
    if type_ == "agreement-signed":
        hidden = hidden - {"agreement"}
    event = {name: value for name, value in event.items() if name not in hidden}
    return Account(teller, grade, dispute, (type_, event), days)


def _narrowed(event: Event, days: Days, other: Entry) -> tuple[Event, Days]:
    """The event on the days on which it may have happened by both sources, if there are any.

    An open end is written out: it is the day on which the other source was recorded.
    """
    theirs = days_of(other.event["on"], other.day)
    both = Days(max(days.first, theirs.first), min(days.last, theirs.last))
    if both.first > both.last or both == days:
        return event, days
    said = both == days_of(other.event["on"], FOREVER)
    on = other.event["on"] if said else f"[{_written(both.first)}..{_written(both.last)}]"
    return {**event, "on": on}, both


def _written(day: int) -> str:
    return "" if day == NEVER else date.fromordinal(day).isoformat()
