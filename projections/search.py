"""Searching: every entry in words, as it stands, and an index over them.

The table `entries` has one row for each entry and the days from which and until which it was known so; the index
`search` follows it by itself. Text is compared without case and without marks on letters.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.dates import OPEN

COLUMNS: Final = (
    "entry", "known_from", "known_to", "type", "about", "subject", "on", "earliest", "latest", "summary", "grade",
    "struck", "tags", "words", "named", "sources",
)  # fmt: skip
"""Behind the id. `struck` is 1 for what was taken back; the last three are what is searched."""

VERSIONS: Final = 1_000_000
"""More than an entry can have: its rows are numbered from that many times its position."""

_COLUMNS: Final = ", ".join(f'"{column}"' for column in COLUMNS)

TABLE: Final = f"CREATE TABLE entries (id INTEGER PRIMARY KEY, {_COLUMNS})"

_INDEXED: Final = ("words", "named", "sources")
_WEIGHTS: Final = (4.0, 1.0, 0.5)
"""What an entry says weighs more than what it names, and that more than where it comes from."""

_INTO: Final = ", ".join(_INDEXED)
_OLD: Final = ", ".join(f"old.{column}" for column in _INDEXED)
_NEW: Final = ", ".join(f"new.{column}" for column in _INDEXED)

INDEX: Final = (
    f"""CREATE VIRTUAL TABLE search USING fts5({_INTO}, content = 'entries', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2')""",
    "INSERT INTO search(search) VALUES ('rebuild')",
    f"""CREATE TRIGGER entries_told AFTER INSERT ON entries BEGIN
        INSERT INTO search(rowid, {_INTO}) VALUES (new.id, {_NEW}); END""",
    f"""CREATE TRIGGER entries_untold AFTER DELETE ON entries BEGIN
        INSERT INTO search(search, rowid, {_INTO}) VALUES ('delete', old.id, {_OLD}); END""",
)
"""The statements that make the index of what is there, and let it follow what comes and goes."""

FIELDS: Final = ("entry", "type", "subject", "on", "summary", "grade", "snippet")
BEGIN, END, BETWEEN = "«", "»", "…"
"""Around what was found, and where a text is cut."""
_LONG: Final = 16
"""Words of a snippet."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the words, and what else must hold of an entry."""

    text: str
    as_of: int
    known_by: int = OPEN - 1
    since: int = -OPEN
    until: int = OPEN
    types: Sequence[str] = ()
    grades: Sequence[str] = ()
    about: str = ""
    """The tag of its subject."""
    tags: Sequence[str] = ()
    """All that it must name."""
    struck: bool = False
    """Whether what was taken back is found too."""


def ids(position: int) -> tuple[int, int]:
    """The first and the last id that a row of the entry at a position can have."""
    return position * VERSIONS, (position + 1) * VERSIONS - 1


def understood(text: str) -> str:
    """What was typed, as the index is asked for it: every word, each "phrase", each beginn*; empty when it has none."""
    terms = []
    for place, part in enumerate(text.split('"')):
        phrase = place % 2 == 1
        terms += [_term(word) for word in ([part] if phrase else part.split()) if _has_word(word)]
    return " ".join(terms)


def _term(word: str) -> str:
    return f'"{word.rstrip("*")}"{" *" if word.endswith("*") else ""}'


def _has_word(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def found(connection: sqlite3.Connection, sought: Sought) -> Iterator[Row]:
    """The entries in which everything looked for occurs, the best first; of two equally good ones the earlier entry."""
    if not understood(sought.text):
        return
    where, values = _conditions(sought)
    weights = ", ".join(map(str, _WEIGHTS))
    sql = (
        'SELECT entry, type, subject, "on", summary, grade, struck, '
        f"snippet(search, -1, '{BEGIN}', '{END}', '{BETWEEN}', {_LONG}) "
        f"FROM search JOIN entries ON entries.id = search.rowid WHERE {where} "
        f"ORDER BY bm25(search, {weights}), entry"
    )
    for *row, struck, snippet in connection.execute(sql, values):
        told = dict(zip(FIELDS, (*row, snippet), strict=True))
        yield {**told, "struck": True} if struck else told


def unknown(connection: sqlite3.Connection, sought: Sought) -> int:
    """How many entries say it that were not known by the day asked for."""
    if not understood(sought.text):
        return 0
    count = "SELECT count(DISTINCT entry) FROM search JOIN entries ON entries.id = search.rowid WHERE"
    where, values = _conditions(sought)
    ever, ever_values = _conditions(sought, ever=True)
    known = connection.execute(f"{count} {where}", values).fetchone()
    every = connection.execute(f"{count} {ever}", ever_values).fetchone()
    return max(0, int(every[0]) - int(known[0]))


def learned(connection: sqlite3.Connection, tag: str, after: int, by: int, as_of: int) -> Iterator[Row]:
    """The entries under a tag that became known, or known so, behind day `after` and by day `by`; begun by `as_of`."""
    sql = (
        'SELECT entry, type, subject, "on", summary, grade FROM entries '
        "WHERE known_from > ? AND known_from <= ? AND known_to > ? AND earliest <= ? AND NOT struck AND "
        f"{_NAMES} ORDER BY entry"
    )
    for row in connection.execute(sql, (after, by, by, as_of, tag)):
        yield dict(zip(FIELDS[:-1], row, strict=True))


_NAMES: Final = "instr(tags, '\"' || ? || '\"') > 0"
"""Whether an entry bears a tag."""


def _conditions(sought: Sought, *, ever: bool = False) -> tuple[str, list[object]]:
    known_by = OPEN - 1 if ever else sought.known_by
    conditions: list[tuple[str, list[object]]] = [
        ("search MATCH ?", [understood(sought.text)]),
        ("known_from <= ? AND known_to > ?", [known_by, known_by]),
        ("earliest <= ? AND latest >= ?", [min(sought.as_of, sought.until), sought.since]),
    ]
    if not sought.struck:
        conditions.append(("NOT struck", []))
    for column, values in (("type", sought.types), ("grade", sought.grades)):
        if values:
            conditions.append((f"{column} IN ({', '.join('?' * len(values))})", [*values]))
    if sought.about:
        conditions.append(("about = ?", [sought.about]))
    conditions += [(_NAMES, [tag]) for tag in sought.tags]
    return " AND ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]
