"""Stories for tests, in the domain's own words: given what is on record, when something is told, then ..."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from domain.bearing import Bearing, Recording, bearing
from domain.book import Book
from domain.catalogue import EVENTS, AnyEvent
from domain.dates import OPEN, Date
from domain.history import Act, Answer
from domain.judging import judge
from domain.lifecycle import LinkCycle, LinkState, history_as_known, sides_of
from domain.rules import Query, Refusal
from domain.subjects import history_of, shown
from domain.values import Evidence, Override

TODAY = date(2026, 11, 22).toordinal()
LINK = "coventry--volgograd"
MOTION = "coventry/2022-03-22/ukraine"
PRESS = (Evidence.model_validate_json('{"title": "A report", "grade": "press"}'),)


def told(name: str, /, **particulars: object) -> AnyEvent:
    """An event, with the particulars given in JSON's words; `for_` and `from_` for the reserved ones."""
    given = {field.removesuffix("_"): value for field, value in particulars.items()}
    return EVENTS[name].model_validate_json(json.dumps(given))


def body(slug: str) -> AnyEvent:
    """A body is registered."""
    return told("body-registered", slug=slug, name=slug.title(), kind="city", country="GB")


def entry_id(position: int) -> str:
    """The id of the entry at a position; of what is proposed, by its negative number."""
    return f"{abs(position):08x}-0000-5000-{'9' if position < 0 else '8'}000-000000000000"


class Sourced(NamedTuple):
    """An event, and the sources that tell of it."""

    event: AnyEvent
    evidence: tuple[Evidence, ...]


Told = AnyEvent | Sourced
"""Without sources of its own, an event rests on an undated report in a paper."""


def source(grade: str = "press", published: str = "", title: str = "A report") -> Evidence:
    """A source of a grade, published on a day."""
    dated = {"published": published} if published else {}
    return Evidence.model_validate_json(json.dumps({"title": title, "grade": grade, **dated}))


def by_source(event: AnyEvent, grade: str, published: str = "") -> Sourced:
    """An event as one source tells it."""
    return Sourced(event, (source(grade, published, f"What the {grade} published"),))


def unsourced(event: AnyEvent) -> Sourced:
    """An event for which no source is given."""
    return Sourced(event, ())


def sourced(event: Told) -> Sourced:
    """An event with its sources."""
    return event if isinstance(event, Sourced) else Sourced(event, PRESS)


def on_record(event: Told, position: int, today: int = TODAY) -> Bearing:
    """An event as the entry at a position."""
    happened, evidence = sourced(event)
    return replace(bearing(happened, Recording(today, evidence, (), position, entry_id(position))), faults=())


BODIES = tuple(body(slug) for slug in ("coventry", "volgograd", "glasgow"))


def link(name: str, on: str, by: str | None = None, /, **more: object) -> AnyEvent:
    """Something happens to Coventry--Volgograd."""
    return told(name, link=LINK, on=on, **({"by": by} if by else {}), **more)


def entry_of(entry: int | str) -> str:
    """The id of an entry that is named by position, or by id."""
    return entry if isinstance(entry, str) else entry_id(entry)


def instead(event: AnyEvent) -> dict[str, object]:
    """An event as what should stand in place of another."""
    return {"type": event.type, "event": event.particulars()}


def corrected(entry: int | str, event: AnyEvent, cause: str = "slip") -> AnyEvent:
    """An entry is corrected."""
    reason = "We wrote it down wrongly." if cause == "slip" else "The record of the council tells it so."
    return told("entry-corrected", entry=entry_of(entry), cause=cause, instead=instead(event), reason=reason)


def retracted(entry: int | str, reason: str = "It should not have been made.") -> AnyEvent:
    """An entry is taken back."""
    return told("entry-retracted", entry=entry_of(entry), reason=reason)


def corroborated(entry: int | str, on: str = "") -> AnyEvent:
    """Another source tells the same."""
    return told("entry-corroborated", entry=entry_of(entry), **({"on": on} if on else {}))


def disputed(entry: int | str, event: AnyEvent | None, reason: str = "Another source tells it otherwise.") -> AnyEvent:
    """Another source tells another event in place of an entry, or that nothing of the kind happened."""
    account = instead(event) if event else None
    return told("entry-disputed", entry=entry_of(entry), instead=account, reason=reason)


def settled(dispute: int | str, prefer: str, reason: str = "The agreement is dated so.") -> AnyEvent:
    """A dispute is settled."""
    return told("dispute-settled", dispute=entry_of(dispute), prefer=prefer, reason=reason)


def redacted(entry: int | str, field: str, power: str = "delegated") -> AnyEvent:
    """A detail of an entry is no longer shown."""
    ordered = {"power": power, "office": "Data protection officer"}
    return told("detail-redacted", entry=entry_of(entry), field=field, basis="UK GDPR, article 17", authority=ordered)


@dataclass(frozen=True)
class Outcome:
    """What became of what was told."""

    refusals: dict[int, Refusal]

    def accepted(self) -> None:
        """Nothing stands against it."""
        assert not self.refusals, [(one.rule.id, one.what) for one in self.refusals.values()]

    def refused(self, rule: str, words: str = "", *, number: int = 1) -> Refusal:
        """A rule says no for good, in these words."""
        refusal = self._refusal(rule, words, number)
        assert not isinstance(refusal, Query)
        return refusal

    def queried(self, rule: str, words: str = "", *, number: int = 1) -> None:
        """A rule says no, and can be overridden."""
        assert isinstance(self._refusal(rule, words, number), Query)

    def _refusal(self, rule: str, words: str, number: int) -> Refusal:
        assert number in self.refusals, "it was accepted"
        refusal = self.refusals[number]
        said = f"{refusal.what} {refusal.why} {refusal.mend}"
        assert refusal.rule.id == rule, (refusal.rule.id, said)
        assert words in said
        return refusal


class Given:
    """What is on record: each event at the next position."""

    def __init__(self, *events: Told) -> None:
        self.events: tuple[Told, ...] = (*BODIES, *events)

    def when(self, *events: Told, overriding: str = "", today: int = TODAY) -> Outcome:
        """These are told together; they are numbered from 1."""
        overrides = [Override(rule=overriding, reason="The source says so.")] if overriding else []
        batch = {
            number: bearing(event, Recording(today, evidence, overrides, -number, entry_id(-number)))
            for number, (event, evidence) in enumerate(map(sourced, events), 1)
        }
        return Outcome(judge(self.book(today), batch))

    def and_then(self, *events: Told, overriding: str = "") -> Given:
        """The story goes on: more is accepted, and on record."""
        self.when(*events, overriding=overriding).accepted()
        return Given(*self.events[len(BODIES) :], *events)

    def book(self, today: int = TODAY, known_by: int = OPEN - 1) -> Book:
        """What is on record, ready to be judged with more; of that, what was known by a day."""
        book = Book(known_by)
        for position, event in enumerate(self.events, 1):
            book.include(on_record(event, position, today))
        return book

    def stands(self, on: str, link: str = LINK, known_by: str = "") -> Answer[LinkState]:
        """How a link stands at the end of a day, as far as could be known by another."""
        tag = f"link:{link}"
        return history_as_known(sides_of(link), self.acts(tag, known_by)).at(Date.parse(on).latest)

    def standing(self, on: str, link: str = LINK, known_by: str = "") -> str:
        """Its standing, when that is certain."""
        answer = self.stands(on, link, known_by)
        assert answer.certainty == "yes", answer.possible
        return LinkCycle(sides_of(link)).standing(answer.stand.state)

    def flags(self, on: str, link: str = LINK, known_by: str = "") -> tuple[str, ...]:
        """Its flags."""
        return LinkCycle(sides_of(link)).flags(self.stands(on, link, known_by).stand.state)

    def acts(self, tag: str, known_by: str = "") -> list[Act]:
        """The acts on a subject that are shown, as far as could be known by a day."""
        known = Date.parse(known_by).latest if known_by else OPEN - 1
        return shown(tag, self.book(known_by=known).acts(tag))

    def dates(self, link: str = LINK, known_by: str = "") -> list[tuple[str, str]]:
        """What is shown of a link: each act, and when, in the order in which they happened."""
        return [(act.type, act.on) for act in sorted(self.acts(f"link:{link}", known_by))]

    def paper(self, tag: str, on: str) -> Answer[str]:
        """How a paper stands at the end of a day."""
        found = history_of(tag, self.acts(tag))
        assert found is not None
        return found.at(Date.parse(on).latest)  # type: ignore[return-value]  # the caller names a paper


def given(*events: Told) -> Given:
    """The story so far."""
    return Given(*events)
