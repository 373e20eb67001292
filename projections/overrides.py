"""The rules that entries went ahead against, and why: one row for each entry and rule, for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from projections.search import VERSIONS

if TYPE_CHECKING:
    from domain.entry import Entry

COLUMNS: Final = ("entry", "number", "rule", "reason", "recorded_at", "recorded_by")

TABLE: Final = f"CREATE TABLE overrides ({', '.join(COLUMNS)}, PRIMARY KEY (entry, number)) WITHOUT ROWID"

FIELDS: Final = ("entry", "recorded_at", "type", "subject", "on", "rule", "reason", "recorded_by")

Row = dict[str, Any]


def rows(entry: Entry) -> list[tuple[object, ...]]:
    """One row for each rule that the entry went ahead against, numbered from 1."""
    at = f"{entry.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return [
        (entry.position, number, override.rule, override.reason, at, entry.recorded_by)
        for number, override in enumerate(entry.overrides, 1)
    ]


def listed(connection: sqlite3.Connection, as_of: int, known_by: int, rules: Sequence[str] = ()) -> Iterator[Row]:
    """The overrides of what had begun by day `as_of` and was known by day `known_by`, in the order of recording."""
    only = f"AND rule IN ({', '.join('?' * len(rules))})" if rules else ""
    columns = ", ".join(f'"{column}"' for column in FIELDS)
    sql = (
        f"SELECT {columns} FROM overrides JOIN entries USING (entry) "
        f"WHERE id BETWEEN entry * {VERSIONS} AND (entry + 1) * {VERSIONS} - 1 "
        f"AND known_from <= ? AND known_to > ? AND earliest <= ? {only} ORDER BY entry, number"
    )
    for row in connection.execute(sql, (known_by, known_by, as_of, *rules)):
        yield dict(zip(FIELDS, row, strict=True))
