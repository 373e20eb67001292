"""Registers: one table each, in which a row is a rectangle of days known and days valid.

A register tells of each subject what stood at the end of a day, as far as could be known by a day.
Table and column names are part of the interface.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.history import Act, Answer, Choice, choices, periods
from domain.papers import PaperCycle, names
from domain.subjects import choice

Row = tuple[object, ...]
Given = Mapping[str, str]
"""By column: the field of an event that gives it."""

PERIOD: Final = ("known_from", "known_to", "valid_from", "valid_to")
"""Day numbers (1 = 0001-01-01), half-open; open ends are +-2^40."""

LISTS: Final = frozenset({
    "flags", "suspended_by", "suspended_since", "possible", "about", "resolutions", "encloses", "announces", "names",
    "successors", "rests_on", "disputed",
})  # fmt: skip
OBJECTS: Final = frozenset({"vote", "authority", "identifiers"})
TRUTHS: Final = frozenset({"assumed", "unexplained", "cross_party"})
"""Columns that hold JSON lists, JSON objects, and 0 or 1."""
DATES: Final = frozenset({
    "since", "on", "received_on", "due", "effective", "call_in_ends", "published", "retrieved",
})  # fmt: skip
"""Columns that hold a date as its source gives it."""


@dataclass(frozen=True, slots=True)
class Register:
    """A table of what stood, and how its rows are told from the acts of one subject."""

    name: str
    subject: str
    """The column that names the subject."""
    columns: tuple[str, ...]
    """Those behind the period; the last tells what is disputed."""
    cycles: tuple[str, ...]
    """The cycles of the acts that it tells of."""
    tell: Callable[[str, Sequence[Act], Sequence[int]], Sequence[Row | None]]
    """From the subject's name and the acts known: the columns at the end of each day, None when not listed."""
    edges: Callable[[Sequence[Act]], Iterable[int]] = lambda _: ()
    """The days, beside those of the acts themselves, from which something else may hold."""

    def rows(self, tag: str, name: str, acts: Sequence[Act]) -> list[Row]:
        """Every row about the subject under `tag`, which is shown as `name`."""
        found = periods(acts, lambda known, days: self._told(tag, name, known, days), self.edges)
        return [(tag, name, *period[:4], *period.columns) for period in found]

    def _told(self, tag: str, name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
        """The columns at the end of each day, with what other accounts of the disputed would tell."""
        shown = choice(tag, acts)
        rows = self.tell(name, shown.acts, days) if shown.acts else [None for _ in days]
        others = [other for other in choices(acts) if _apart(shown, other) == 1]
        told = [self.tell(name, other.acts, days) if other.acts else [None for _ in days] for other in others]
        return [
            self._beside(
                row, [(_account(acts, shown, other), said[place]) for other, said in zip(others, told, strict=True)]
            )
            for place, row in enumerate(rows)
        ]

    def _beside(self, row: Row | None, others: Sequence[tuple[dict[str, object], Row | None]]) -> Row | None:
        """A row, with the accounts beside it that would make another one of it."""
        if row is None and all(other is None for _, other in others):
            return None
        own = self._nothing if row is None else row
        disputed = []
        for account, other in others:
            said = zip(self.columns, own, self._nothing if other is None else other, strict=False)
            apart = ((column, there) for column, here, there in said if here != there and column not in _MARKS)
            differs = {column: value_of(column, there) for column, there in apart}
            if differs:
                disputed.append({**account, **differs})
        return (*own, packed(disputed or None))

    @property
    def _nothing(self) -> Row:
        """The columns of what did not happen."""
        empty = packed([])
        told = {
            "standing": "none",
            "certainty": "yes",
            "possible": packed(["none"]),
            "flags": empty,
            "suspended_by": empty,
            "suspended_since": empty,
        }
        told |= {"assumed": 0, "unexplained": 0}
        return tuple(told.get(column) for column in self.columns[:-1])

    @property
    def table(self) -> str:
        """The statement that makes the table."""
        columns = ", ".join(f'"{column}"' for column in ("tag", self.subject, *PERIOD, *self.columns))
        return f'CREATE TABLE "{self.name}" ({columns}, PRIMARY KEY (tag, known_from, valid_from)) WITHOUT ROWID'


DISPUTED: Final = "disputed"
"""The last column of every register: the accounts beside the one shown, each with the columns that it changes."""

_MARKS: Final = frozenset({"entry", "rests_on", "grade", "certainty", "possible", DISPUTED})
"""Columns that do not tell what stood."""


def _apart(one: Choice, other: Choice) -> int:
    """In how many disputes two choices differ."""
    return sum(a != b for a, b in zip(one.options, other.options, strict=True))


def _account(acts: Sequence[Act], shown: Choice, other: Choice) -> dict[str, object]:
    """Whose account a choice takes that is not shown: the entry, the dispute, and its grade."""
    (position, option) = next(b for a, b in zip(shown.options, other.options, strict=True) if a != b)
    told = [act for act in acts if (act.position, act.option) == (position, option)]
    grade = next((act.grade for act in told if act.grade), None)
    return {"entry": position, "dispute": told[0].dispute or None, "grade": grade}


def packed(value: object) -> object:
    """A value as SQLite holds it: lists and objects as canonical JSON, nothing as NULL."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return value if value not in ("", None) else None


def value_of(column: str, value: object) -> object:
    """What a column holds, as a JSON value."""
    if column in LISTS:
        return json.loads(str(value)) if value else []
    if column in OBJECTS:
        return json.loads(str(value)) if value else None
    return bool(value) if column in TRUTHS and value is not None else value


STOOD: Final = ("standing", "since", "grade", "entry", "rests_on", "certainty", "possible")
"""The columns that every register of papers begins with."""


def told_of_paper(
    cycle: PaperCycle, acts: Sequence[Act], days: Sequence[int], fields: Sequence[str], gives: Mapping[str, Given]
) -> list[Row | None]:
    """What stood of a paper at the end of each day, with the `fields` that its events give by then.

    `gives` says by event which columns it gives, and from which of its fields: one event's vote is not another's.
    """
    own = [act for act in acts if act.cycle == cycle.kind and names(act)]
    if not own:
        return [None for _ in days]
    history = cycle.history_as_known([act for act in acts if act.cycle == cycle.kind])
    answers = zip(days, history.over(days), strict=True)
    return [_paper_row(answer, own, day, fields, gives) for day, answer in answers]


def _paper_row(
    answer: Answer[str], own: Sequence[Act], day: int, fields: Sequence[str], gives: Mapping[str, Given]
) -> Row | None:
    begun = [act for act in own if act.earliest <= day]
    if not begun or answer.possible == ("none",):
        return None
    giver = answer.stand.giver or min(begun)
    given = _given(begun, gives)
    done = [act for act in begun if act.latest <= day]
    if done:
        surely = _given(done, gives)
        answer = answer if surely == given else replace(answer, certainty="possibly")
        given = surely
    return (
        answer.stand.state,
        packed(answer.stand.since),
        packed(giver.grade),
        giver.position,
        giver.sources,
        answer.certainty,
        packed(answer.possible),
        *(packed(given.get(field)) for field in fields),
    )


def _given(acts: Sequence[Act], gives: Mapping[str, Given]) -> dict[str, object]:
    """The columns that the events give, a later event's before an earlier one's."""
    found: dict[str, object] = {}
    for act in sorted(acts):
        told = json.loads(act.detail)
        found |= {column: told[field] for column, field in gives.get(act.type, {}).items() if field in told}
    return found


def given(*columns: str, **renamed: str) -> Given:
    """The columns that an event gives: from fields of the same name, or `column=field`."""
    return {**{column: column for column in columns}, **renamed}
