"""Stories for tests, in the domain's own words: given what is on record, when something is told, then ..."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from domain.bearing import Bearing, Recording, bearing
from domain.catalogue import EVENTS, AnyEvent
from domain.dates import Date
from domain.history import Answer
from domain.book import Book
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


def on_record(event: AnyEvent, position: int, today: int = TODAY) -> Bearing:
    """An event as the entry at a position."""
    return replace(bearing(event, Recording(today, PRESS, (), position, entry_id(position))), faults=())


BODIES = tuple(body(slug) for slug in ("coventry", "volgograd", "glasgow"))


def link(name: str, on: str, by: str | None = None, /, **more: object) -> AnyEvent:
    """Something happens to Coventry--Volgograd."""
    return told(name, link=LINK, on=on, **({"by": by} if by else {}), **more)


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

    def __init__(self, *events: AnyEvent) -> None:
        self.events = (*BODIES, *events)

    def when(self, *events: AnyEvent, overriding: str = "", today: int = TODAY) -> Outcome:
        """These are told together; they are numbered from 1."""
        overrides = [Override(rule=overriding, reason="The source says so.")] if overriding else []
        batch = {
            number: bearing(event, Recording(today, PRESS, overrides, -number, entry_id(-number)))
            for number, event in enumerate(events, 1)
        }
        return Outcome(judge(self.book(today), batch))

    def book(self, today: int = TODAY) -> Book:
        """What is on record, ready to be judged with more."""
        book = Book()
        for position, event in enumerate(self.events, 1):
            book.include(on_record(event, position, today))
        return book

    def stands(self, on: str) -> Answer[LinkState]:
        """How Coventry--Volgograd stands at the end of a day."""
        tag = f"link:{LINK}"
        return history_as_known(sides_of(LINK), shown(tag, self.book().acts(tag))).at(Date.parse(on).latest)

    def standing(self, on: str) -> str:
        """Its standing, when that is certain."""
        answer = self.stands(on)
        assert answer.certainty == "yes"
        return LinkCycle(sides_of(LINK)).standing(answer.stand.state)

    def flags(self, on: str) -> tuple[str, ...]:
        """Its flags."""
        return LinkCycle(sides_of(LINK)).flags(self.stands(on).stand.state)

    def paper(self, tag: str, on: str) -> Answer[str]:
        """How a paper stands at the end of a day."""
        found = history_of(tag, shown(tag, self.book().acts(tag)))
        assert found is not None
        return found.at(Date.parse(on).latest)  # type: ignore[return-value]  # the caller names a paper


def given(*events: AnyEvent) -> Given:
    """The story so far."""
    return Given(*events)
