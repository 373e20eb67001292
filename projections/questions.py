"""Questions to the registers: what stood on a day, as far as could be known by a day.

They read `views.sqlite` and nothing else, and import neither pydantic nor the library of events.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain.dates import OPEN, Date, written
from domain.history import Act
from projections.register import DATES, Register, value_of
from projections.views import REGISTERS

Row = dict[str, Any]
"""What stood, as JSON values by the name of the column."""

BY_NAME: Final[Mapping[str, Register]] = {register.name: register for register in REGISTERS}

SOURCE_COLUMNS: Final = (
    "source", "title", "publisher", "url", "published", "retrieved", "grade", "sha256", "entries", "weak",
)  # fmt: skip

DOCUMENTS: Final = ("source", "url")
"""Columns of a list: the documents behind what is shown, best grade first; a document without a name by its title."""
BOUNDS: Final = ("earliest", "latest")
"""Of each date: by which name behind that of its column the first and the last possible day are shown."""


def columns_of(name: str) -> tuple[str, ...]:
    """The columns of a list: those of the register, the documents, and the bounds of each date."""
    register = BY_NAME.get(name)
    own = (register.subject, *register.columns, *DOCUMENTS) if register else SOURCE_COLUMNS
    return (*own, *(f"{column}_{end}" for column in own if column in DATES for end in BOUNDS))


def with_bounds(row: Row) -> Row:
    """A row with the first and the last possible day of each date (`YYYY-MM-DD`); None where there is no bound."""
    found = dict(row)
    for column in row:
        if column in DATES:
            date = Date.parse(row[column]) if row[column] else None
            ends = (date.earliest, date.latest) if date else (-OPEN, OPEN)
            days = (written(day) if abs(day) < OPEN else None for day in ends)
            found |= zip((f"{column}_{end}" for end in BOUNDS), days, strict=True)
    return found


def with_documents(connection: sqlite3.Connection, rows_: Iterable[Row]) -> Iterator[Row]:
    """The rows with the documents that each rests on."""
    sql = """
        SELECT entry, coalesce(source, title), url FROM evidence
        ORDER BY instr('official council press third-party', grade), known_from, title, url, entry, number
    """
    documents: defaultdict[int, list[tuple[int, str, str | None]]] = defaultdict(list)
    for place, (entry, source, url) in enumerate(connection.execute(sql)):
        documents[entry].append((place, source, url))
    for row in rows_:
        behind = sorted(document for entry in row["rests_on"] for document in documents[entry])
        named = dict.fromkeys(source for _, source, _ in behind)
        found = dict.fromkeys(url for _, _, url in behind if url is not None)
        yield {**row, **dict(zip(DOCUMENTS, ([*named], [*found]), strict=True))}


def rows(
    connection: sqlite3.Connection, register: Register, as_of: int, known_by: int, tag: str | None = None
) -> Iterator[Row]:
    """The register at the end of day `as_of`, as could be known by day `known_by`; sorted by subject."""
    columns = ", ".join(f'"{column}"' for column in (register.subject, *register.columns))
    within = "known_from <= ? AND known_to > ? AND valid_from <= ? AND valid_to > ?"
    only = "" if tag is None else " AND tag = ?"
    sql = f'SELECT {columns} FROM "{register.name}" WHERE {within}{only} ORDER BY "{register.subject}"'
    found = connection.execute(sql, (known_by, known_by, as_of, as_of, *(() if tag is None else (tag,))))
    for row in found:
        yield unpacked(dict(zip((register.subject, *register.columns), row, strict=True)))


def unknown(connection: sqlite3.Connection, register: Register, as_of: int, known_by: int) -> int:
    """How many subjects stood at the end of day `as_of` that were not known by day `known_by`."""
    stood = f'SELECT DISTINCT tag FROM "{register.name}" WHERE valid_from <= ? AND valid_to > ? AND known_to = ?'
    known = (
        f'SELECT tag FROM "{register.name}" WHERE valid_from <= ? AND valid_to > ? AND known_from <= ? AND known_to > ?'
    )
    sql = f"SELECT count(*) FROM ({stood} EXCEPT {known})"
    found = connection.execute(sql, (as_of, as_of, OPEN, as_of, as_of, known_by, known_by)).fetchone()
    return int(found[0])


def sources(connection: sqlite3.Connection, known_by: int) -> Iterator[Row]:
    """The documents that entries rest on, each with the positions of those entries.

    `weak` are those of them that rest on what somebody says about somebody else, and on nothing better.
    """
    weak = _weak(connection, known_by)
    document = ", ".join(SOURCE_COLUMNS[:-2])
    sql = (
        f"SELECT {document}, json_group_array(DISTINCT entry) FROM evidence WHERE known_from <= ? "
        f"GROUP BY {document} ORDER BY source IS NULL, source, title, url, published"
    )
    for row in connection.execute(sql, (known_by,)):
        named = dict(zip(SOURCE_COLUMNS[:-1], row, strict=True))
        entries = sorted(json.loads(str(named["entries"])))
        yield {**named, "entries": entries, "weak": [entry for entry in entries if entry in weak]}


def _weak(connection: sqlite3.Connection, known_by: int) -> set[int]:
    """The entries for which all evidence, with that of corrections and corroborations of them, is third-party."""
    sql = """
        SELECT entry FROM entries WHERE known_from <= ? AND known_to > ? AND grade = 'third-party'
        AND type NOT IN ('entry-corrected', 'entry-corroborated')
    """
    return {int(entry) for (entry,) in connection.execute(sql, (known_by, known_by))}


def first_known(connection: sqlite3.Connection, tag: str) -> tuple[int, int] | None:
    """The first day on which anything about a subject could be known, and the entry; None if nothing is recorded."""
    sql = "SELECT known, position FROM acts WHERE subject = ? ORDER BY known, position LIMIT 1"
    found: tuple[int, int] | None = connection.execute(sql, (tag,)).fetchone()
    return found


def acts(connection: sqlite3.Connection, column: str, value: str) -> list[Act]:
    """The acts of every account with a value in a column, in order of recording."""
    return [
        Act(*row) for row in connection.execute(f"SELECT * FROM acts WHERE {column} = ? ORDER BY position", (value,))
    ]


def at_place(connection: sqlite3.Connection, slug: str) -> list[str]:
    """A body and the associations of the place that it is: asking for the place shows all."""
    rows_ = connection.execute("SELECT DISTINCT slug FROM bodies WHERE place = ? ORDER BY slug", (slug,))
    return [slug, *(str(found) for (found,) in rows_)]


def subjects(connection: sqlite3.Connection) -> list[str]:
    """The tags of everything that has a history."""
    return [tag for (tag,) in connection.execute("SELECT DISTINCT subject FROM acts ORDER BY subject")]


def unpacked(row: Row) -> Row:
    """A row with its lists, objects and truths as JSON values."""
    return {column: value_of(column, value) for column, value in row.items()}


def filtered(rows_: Iterable[Row], filters: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """The rows that hold, for every field asked for, one of the values given."""
    for row in rows_:
        if all(set(values) & set(cells(row.get(field))) for field, values in filters.items()):
            yield row


def cells(found: object) -> list[str]:
    """The values of a field, as a filter names them."""
    if isinstance(found, list):
        return [str(one) for one in found]
    if isinstance(found, bool):
        return [str(found).lower()]
    if isinstance(found, dict):
        return [name for name, holds in found.items() if holds is True]
    return [] if found is None else [str(found)]
