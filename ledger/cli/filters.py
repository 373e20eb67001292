"""Filters of lists that name something: a link, a paper, an act or a body, in any spelling that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.dates import OPEN
from domain.history import Act
from domain.lifecycle import SUCCESSION, heirs_of, sides_of
from ledger.cli import things
from projections import questions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.cli.when import When
    from projections.questions import Row

NAMING: Final = frozenset(
    {
        "about", "announces", "by", "encloses", "in_answer_to", "link", "meeting", "place", "reference", "slug",
        "successors", "suspended_by", "suspended_since", "to",
    }
)  # fmt: skip
"""The fields of registers that name a link, a body, a paper or an announced act."""


def spelled_as_on_record(
    connection: sqlite3.Connection, rows: Sequence[Row], asked: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """The filters, each value replaced by the spellings in `rows` that name the same thing.

    Raises:
        UsageError: a value may name several things.
    """
    return {
        field: [same for value in values for same in _spellings(connection, rows, field, value)]
        if field in NAMING
        else values
        for field, values in asked.items()
    }


def _spellings(connection: sqlite3.Connection, rows: Sequence[Row], field: str, value: str) -> list[str]:
    act, _, name = value.rpartition(":")
    tag = things.tag_named(connection, name)
    held = dict.fromkeys(cell for row in rows for cell in questions.cells(row.get(field)))
    return [cell for cell in held if _names(cell, act, tag)] or [value]


def _names(cell: str, act: str, tag: str) -> bool:
    """Whether a cell names the thing under a tag and, where an act on it was asked for, that act."""
    own_act, _, name = cell.rpartition(":")
    return things.tag_of(name) == tag and act in ("", own_act)


def of_bodies(
    connection: sqlite3.Connection, when: When, links: Iterable[Row], bodies: Sequence[str], countries: Sequence[str]
) -> Iterator[Row]:
    """The links that one of the bodies is a side of, or acts for, and that have a body in one of the countries."""
    registered = questions.rows(connection, questions.BY_NAME["bodies"], when.as_of, OPEN - 1) if countries else ()
    named = [things.tag_named(connection, body).removeprefix("body:") for body in bodies]
    wanted = _acted_for(connection, when, (there for body in named for there in questions.at_place(connection, body)))
    codes = {country.upper() for country in countries}
    within = {body["slug"] for body in registered if body["country"] in codes}
    for row in links:
        sides = {*sides_of(row["link"])}
        if (not bodies or sides & wanted) and (not countries or sides & within):
            yield row


def _acted_for(connection: sqlite3.Connection, when: When, bodies: Iterable[str]) -> set[str]:
    """The bodies, and those that they had succeeded by the day asked about, directly or after others."""
    sql = "SELECT * FROM acts WHERE type = ? AND option = 0 AND known <= ? AND until > ? AND earliest <= ?"
    values = (SUCCESSION, when.known_by, when.known_by, when.as_of)
    pairs = [pair for row in connection.execute(sql, values) for pair in heirs_of(Act(*row))]
    found = fresh = {*bodies}
    while fresh:
        fresh = {gone for gone, heir in pairs if heir in fresh} - found
        found = found | fresh
    return found
