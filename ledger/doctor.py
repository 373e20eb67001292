"""The examination of a ledger: what can be found wrong without anything from outside. It proves no history intact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from domain.entry import UnknownEvent
from ledger import codec
from ledger.errors import Damage
from ledger.store import file
from ledger.store.errors import NotALedger, StoreError

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

PAGE = 1_000


class Finding(NamedTuple):
    """One examination, and what it found."""

    check: str
    ok: bool
    found: str
    """What is wrong, or how much was looked at."""


def examine(path: Path) -> Iterator[Finding]:
    """Examine the file of entries: schema and guards, pages, then every entry."""
    try:
        connection = file.connect(path, read_only=True)
    except NotALedger as error:
        yield Finding("schema", ok=False, found=str(error))
        return
    with closing(connection):
        yield Finding("schema", ok=True, found="the text of every table and trigger is as it was made")
        with file.explained(path):
            answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        yield Finding("pages", answers == ["ok"], "; ".join(answers[:3]))
        try:
            yield from _entries(connection, path)
        except StoreError as error:
            yield Finding("entries", ok=False, found=str(error))


def _entries(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    unreadable, rewritten, gaps, backwards, unknown = [], [], [], [], []
    mistagged: list[int] = []
    position = 0
    clock: datetime | None = None
    while rows := _page(connection, path, position):
        for found, name, tags, data in rows:
            if found != position + 1:
                gaps.append(f"{position + 1} to {found - 1}")
            position = found
            try:
                entry = codec.decode(found, name, data)
            except Damage as error:
                unreadable.append(error.what)
                continue
            if isinstance(entry.event, UnknownEvent):
                unknown.append(f"{found} ({name})")
                continue
            if codec.written(entry) != data:
                rewritten.append(str(found))
            expected = codec.tags_of(entry.id, entry.event, entry.evidence)
            if tags.split("\n") != expected or _indexed(connection, found, name, expected) != sorted(expected):
                mistagged.append(found)
            if clock and entry.recorded_at < clock:
                backwards.append(str(found))
            clock = entry.recorded_at
    yield _finding("entries", unreadable, f"{position} entries can be read")
    yield _finding(
        "bytes",
        rewritten,
        "every entry is written as this ledger writes",
        "entries not written as this ledger writes: ",
    )
    yield _finding(
        "tags",
        [str(one) for one in mistagged],
        "the tags are those of the entries",
        "entries whose tags are not theirs: ",
    )
    strays = _strays(connection, path, position)
    yield _finding("strays", strays, "no tag points to nowhere", "tags that point to no entry: ")
    yield _finding("positions", gaps, "positions have no gaps", "missing: ")
    yield Finding(
        "clock", ok=True, found=f"went back before entries {', '.join(backwards)}" if backwards else "never went back"
    )
    if unknown:
        yield Finding("types", ok=True, found=f"of a newer release: {', '.join(unknown)}")


def _finding(check: str, wrong: list[str], right: str, words: str = "") -> Finding:
    more = f" and {len(wrong) - 5} more" if len(wrong) > len(wrong[:5]) else ""
    return Finding(check, not wrong, words + ", ".join(wrong[:5]) + more if wrong else right)


def _page(connection: sqlite3.Connection, path: Path, after: int) -> list[tuple[int, str, str, bytes]]:
    with file.explained(path):
        sql = "SELECT position, type, tags, data FROM entries WHERE position > ? ORDER BY position LIMIT ?"
        return connection.execute(sql, (after, PAGE)).fetchall()


def _indexed(connection: sqlite3.Connection, position: int, name: str, expected: list[str]) -> list[str]:
    """Those of the expected tags under which the entry can be found."""
    sql = "SELECT 1 FROM tags WHERE tag = ? AND type = ? AND position = ?"
    return sorted(tag for tag in expected if connection.execute(sql, (tag, name, position)).fetchone())


def _strays(connection: sqlite3.Connection, path: Path, last: int) -> list[str]:
    """Rows of the tag table that no entry accounts for."""
    with file.explained(path):
        (rows,) = connection.execute("SELECT count(*) FROM tags").fetchone()
        sql = "SELECT coalesce(sum(length(tags) - length(replace(tags, char(10), '')) + 1), 0) FROM entries WHERE tags <> ''"
        (owned,) = connection.execute(sql).fetchone()
        beyond = connection.execute("SELECT tag, position FROM tags WHERE position > ? LIMIT 5", (last,)).fetchall()
    strays = [f"{tag} at {position}" for tag, position in beyond]
    return strays or ([f"{rows} rows, {owned} are accounted for"] if rows != owned else [])
