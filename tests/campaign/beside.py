"""The real ledger, and the model beside it: both are told the same, and asked the same."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.dates import OPEN
from domain.rules import Query
from ledger.audit import why_link
from ledger.cli.desk import Until
from ledger.doctor import examine
from ledger.errors import Refused
from ledger.reading import Horizon, Reading
from projections import links as links_register
from projections import projection, questions, views
from projections.register import LISTS, Register
from projections.views import Mark
from tests.books import Pages
from tests.campaign import acceptance
from tests.campaign.entries import FOREVER, Entry
from tests.campaign.kept import BEGUN, Kept
from tests.campaign.links import tag_of
from tests.campaign.model import Past, Row
from tests.campaign.retelling import Batch, another_order, told_by
from tests.campaign.telling import Telling
from tests.campaign.worlds import TooMany
from tests.domain.reference import NEVER

JUDGED = {
    "link/transition", "link/side", "dates/possible", "motion/order", "motion/one-outcome", "rescission/of-something",
    "letter/encloses-carried", "minutes/order", "record/once",
}  # fmt: skip
"""Rules about histories, whose queries the model judges; any other query the clerk overrides."""
WHY = (
    "link",
    "standing",
    "kind",
    "flags",
    "suspended_by",
    "suspended_since",
    "since",
    "certainty",
    "assumed",
    "entry",
    "grade",
)
"""What the ledger says with the reasons for it."""


class Beside(Kept):
    """A ledger, and the model beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.past = Past([])
        self.batches: list[Batch] = []
        self.story: list[str] = []
        self.live = views.connect(":memory:")
        views.make(self.live, "test")

    @property
    def entries(self) -> Sequence[Entry]:
        """All that is on record."""
        return self.past.entries

    # Telling

    def tell(self, tellings: Sequence[Telling]) -> None:
        """Record entries as one batch: they go in if, and only if, the model has nothing against them.

        Raises:
            TooMany: more acts would overlap than the model tries the orders of.
        """
        fresh = [one.entry(len(self.entries) + place, self.day) for place, one in enumerate(tellings, 1)]
        known = acceptance.on_record(self.past, fresh)
        objection = acceptance.objection(self.past, fresh)
        try:
            outcomes = self.ledger.record([one.draft for one in tellings], new_bodies=True)
        except Refused as refused:
            queries = _overridable(refused)
            if queries:
                self.tell([one.overriding(queries.get(number)) for number, one in enumerate(tellings, 1)])
                return
            why = "; ".join(f"{one.rule.id}: {one.what}" for _, one in refused.refusals)
            self._note(f"refused: {why}", tellings)
            assert objection, f"the ledger refuses what the model accepts: {why}"
            return
        self._note("recorded", tellings)
        assert not objection, f"the ledger accepts what the model refuses: {objection}"
        assert [outcome.already for outcome in outcomes] == known
        told = {outcome.position: one for outcome, one in zip(outcomes, tellings, strict=True) if not outcome.already}
        fresh = [one.entry(position, self.day) for position, one in sorted(told.items())]
        self.past = Past([*self.entries, *fresh])
        if fresh:
            self.batches.append(Batch(self.day, [told[entry.position] for entry in fresh], fresh))
        assert [entry.position for entry in self.entries] == list(range(1, len(self.entries) + 1))

    def tell_again(self, place: int) -> None:
        """What is on record is told once more, word for word: it stays as it is."""
        outcomes = self.ledger.record([one.draft for one in self.batches[place].tellings])
        assert all(outcome.already for outcome in outcomes)
        newest = self.ledger.newest()
        assert newest is not None
        assert newest.position == len(self.entries)

    # Asking

    def follow(self, size: int) -> None:
        """The views catch up, some entries at a time."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(projection, "BATCH", size)
            projection.catch_up(self.live, Pages(self.ledger), Mark("test", len(self.entries)))

    def stands(self, link: str, day: int) -> Row | None:
        """How a link stands by the model."""
        (row,) = self.past.at().rows(tag_of(link), link, [day])
        return row

    def held(self, last: int) -> Past:
        """What the ledger held at a position, but for what was hidden later: that binds whoever asks."""
        if last == len(self.entries):
            return self.past
        return Past([one for one in self.entries if one.position <= last or one.type == "detail-redacted"])

    def ask(self, link: str, day: int, by: int, last: int) -> None:
        """How a link stood on a day, as could be known by another, by what the ledger held at a position."""
        past = self.held(last)
        name = past.spelled(tag_of(link))
        try:
            (expected,) = past.at(by).rows(tag_of(link), name, [day])
        except TooMany:
            return
        horizon = Horizon(day, min(by, OPEN - 1), None if last == len(self.entries) else last)
        reading = Reading(self.ledger, horizon)
        acts = reading.acts(tag_of(link))
        (row,) = links_register.tell(name, acts, [day]) if acts else [None]
        found = row and questions.unpacked(dict(zip(("link", *links_register.COLUMNS), (name, *row), strict=True)))
        own = expected and {column: value for column, value in expected.items() if column != "disputed"}
        if found:
            del found["rests_on"]
        if own and own["standing"] == "none" and own["possible"] == ["none"]:
            own = None  # the account shown denies it; the disputes of it are told by the views
        asked = f"{name} on {written(day)} known by {written(by)} recorded by {last}"
        assert found == own, f"{asked}:\nreading {found}\nmodel   {own}"
        why = why_link(reading, tag_of(link), name, day) if acts else None
        if own is None or own["entry"] is None:
            silent = why is None or why["standing"] == "none"
            assert silent, f"why {asked}:\nreading {why}\nmodel   {own}"
        else:
            assert why is not None, f"why {asked}:\nmodel   {own}"
            given, told = ({column: row[column] for column in WHY} for row in (why, own))
            assert given == told, f"why {asked}:\nreading {given}\nmodel   {told}"

    def days(self, link: str) -> list[int]:
        """The days around those on which another answer about a link may begin."""
        return edges(self.past, tag_of(link))

    def finish(self) -> None:
        """At the end, everything is asked."""
        self.follow(7)
        with closing(views.connect(":memory:")) as rebuilt:
            projection.fill(rebuilt, Pages(self.ledger), Mark("test"))
            assert list(views.dump(self.live)) == list(views.dump(rebuilt))
        self._compare_views(self.live, self.past)
        last = self.batches[len(self.batches) * 2 // 3].entries[-1].position
        with closing(views.connect(":memory:")) as former:
            projection.fill(former, Until(self.ledger, last), Mark("test"))
            self._compare_views(former, self.held(last))
        with tempfile.TemporaryDirectory() as folder:
            self.copied(Path(folder) / "entries.sqlite")
            faults = [one for one in examine(Path(folder) / "entries.sqlite") if not one.ok]
        assert not faults
        other = another_order(self.batches, random.Random(len(self.entries)))  # noqa: S311 - any order will do
        if other:
            mine, theirs = told_by(self), told_by(other)
            assert theirs == mine, "\n".join(sorted({*mine} ^ {*theirs}))

    def _compare_views(self, connection: sqlite3.Connection, past: Past) -> None:
        tables = {register.name: _rectangles(connection, register) for register in questions.BY_NAME.values()}
        subjects = {tag for table in tables.values() for tag in table}
        subjects |= {subject for by in past.knowns for subject in past.at(by).subjects()}
        for subject in sorted(subjects):
            days = edges(past, subject)
            name = past.spelled(subject)
            for by in (past.knowns[0] - 1, *past.knowns, FOREVER):
                try:
                    expected = past.at(by).rows(subject, name, days)
                except TooMany:
                    continue
                found = _found(tables, subject, by, days)
                for day, mine, theirs in zip(days, expected, found, strict=True):
                    asked = f"{subject} on {written(day)} known by {written(by)}, of {len(past.entries)}"
                    assert theirs == _padded(mine, theirs), f"{asked}:\nviews {theirs}\nmodel {mine}"

    # The story, for whoever reads a failure

    @contextmanager
    def telling_the_story(self) -> Iterator[None]:
        """Tell with a failure how it came to it."""
        try:
            yield
        except BaseException as error:
            error.add_note("\n".join(self.story))
            raise

    def _note(self, outcome: str, tellings: Sequence[Telling]) -> None:
        self.story += [f"-- {written(self.day)} {outcome}", *map(str, tellings)]


def _overridable(refused: Refused) -> dict[int, str]:
    """The rules that a clerk overrides, by the number of the telling that they query."""
    return {
        number: refusal.rule.id
        for number, refusal in refused.refusals
        if isinstance(refusal, Query) and refusal.rule.id not in JUDGED
    }


def written(day: int) -> str:
    """A day, or that it is none of the calendar."""
    return "always" if day >= FOREVER else date.fromordinal(day).isoformat()


def edges(past: Past, subject: str) -> list[int]:
    """The days around those on which another answer may begin."""
    days = {BEGUN}
    for by in past.knowns:
        for options in past.at(by).about(subject).values():
            for deed in (deed for option in options for deed in option.deeds):
                days |= {day + step for day in (deed.first, deed.last) for step in (-1, 0, 1) if day != NEVER}
    return sorted(days)


def _rectangles(connection: sqlite3.Connection, register: Register) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    columns = ("tag", register.subject, "known_from", "known_to", "valid_from", "valid_to", *register.columns)
    names = ", ".join(f'"{column}"' for column in columns)
    for row in connection.execute(f'SELECT {names} FROM "{register.name}"'):  # noqa: S608 - names of its own
        unpacked = questions.unpacked(dict(zip(columns, row, strict=True)))
        found.setdefault(unpacked.pop("tag"), []).append(unpacked)
    return found


def _found(
    tables: dict[str, dict[str, list[dict[str, Any]]]], subject: str, by: int, days: Sequence[int]
) -> list[Row | None]:
    answers: list[Row | None] = []
    for day in days:
        rows = [
            row
            for table in tables.values()
            for row in table.get(subject, ())
            if row["known_from"] <= by < row["known_to"] and row["valid_from"] <= day < row["valid_to"]
        ]
        assert len(rows) <= 1, f"{subject}: rectangles overlap on {day} known by {by}"
        unasked = {"known_from", "known_to", "valid_from", "valid_to", "rests_on"}
        answers.append({column: v for column, v in rows[0].items() if column not in unasked} if rows else None)
    return answers


def _padded(mine: Row | None, theirs: Row | None) -> Row | None:
    """The model's row with the columns that nothing was told of."""
    if mine is None or theirs is None:
        return mine
    blank: Row = {column: [] if column in LISTS else None for column in theirs}
    return {**blank, **mine}
