"""The examination of a ledger: what can be found wrong without anything from outside. It proves no history intact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.entry import Entry, UnknownEvent
from ledger import codec
from ledger.errors import Damage
from ledger.store import file
from ledger.store.errors import Damaged, NotALedger, StoreError, Unavailable

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

PAGE: Final = 1_000
"""Entries examined at a time."""

SHOWN: Final = 5
"""Of what is wrong, how much is named."""


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
        try:
            with file.explained(path):
                answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            yield Finding("pages", answers == ["ok"], "; ".join(answers[:3]))
            with file.explained(path):
                yield from _entries(connection, path)
        except Unavailable:  # it cannot be examined now, and that is no damage
            raise
        except StoreError as error:
            yield Finding("bytes", ok=False, found=str(error))


def _entries(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    unreadable, rewritten, mistagged, gaps, backwards, unknown = [], [], [], [], [], []
    position = 0
    clock: datetime | None = None
    while rows := _page(connection, position):
        for found, name, tags, data in rows:
            if found <= position:  # who went on from there would go round for ever
                raise Damaged(str(path), f"behind entry {position} it has entry {found}")
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
            if name == entry.event.name_on_disk() and codec.written(entry) != data:
                rewritten.append(str(found))
            expected = codec.tags_of(entry.id, entry.event, entry.evidence)
            stored = tags.split("\n")
            own = _own_or_inherited(connection, entry, stored, expected)
            if not own or _indexed(connection, found, name, stored) != sorted(stored):
                mistagged.append(str(found))
            if clock and entry.recorded_at < clock:
                backwards.append(str(found))
            clock = entry.recorded_at
    yield _finding("entries", unreadable, f"{position} entries can be read")
    written = "written as this ledger writes"
    yield _finding("bytes", rewritten, f"every entry is {written}", f"entries not {written}: ")
    yield _finding("tags", mistagged, "the tags are those of the entries", "entries whose tags are not theirs: ")
    strays = _strays(connection, position)
    yield _finding("strays", strays, "no tag points to nowhere", "tags that point to no entry: ")
    yield _finding("positions", gaps, "positions have no gaps", "missing: ")
    yield Finding(
        "clock", ok=True, found=f"went back before entries {', '.join(backwards)}" if backwards else "never went back"
    )
    if unknown:
        yield Finding("types", ok=True, found=f"of a newer release: {', '.join(unknown)}")


def _finding(check: str, wrong: list[str], right: str, words: str = "") -> Finding:
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return Finding(check, not wrong, words + ", ".join(wrong[:SHOWN]) + more if wrong else right)


def _page(connection: sqlite3.Connection, after: int) -> list[tuple[int, str, str, bytes]]:
    sql = "SELECT position, type, tags, data FROM entries WHERE position > ? ORDER BY position LIMIT ?"
    return connection.execute(sql, (after, PAGE)).fetchall()


def _own_or_inherited(connection: sqlite3.Connection, entry: Entry, stored: list[str], expected: list[str]) -> bool:
    """Whether the stored tags are those of the entry; for a record, with all those of the entry that it is about."""
    about = {f"entry:{tag.removeprefix('about:')}" for tag in expected if tag.startswith("about:")}
    if not about:
        return stored == expected
    found = [_tags_of(connection, tag) for tag in sorted(about)]
    inherited = codec.inheritable(tag for tags in found for tag in tags)
    extra = set(stored) - set(expected)
    known = "SELECT 1 FROM tags WHERE tag = ? AND position <> ?"
    borne = all(connection.execute(known, (tag, entry.position)).fetchone() for tag in extra)
    return (
        stored[:1] == expected[:1]
        and {*expected, *inherited} <= set(stored)
        and codec.inheritable(extra) == extra
        and borne
    )


def _tags_of(connection: sqlite3.Connection, tag: str) -> list[str]:
    """The tags of the entry that bears a tag of its own."""
    sql = "SELECT entries.tags FROM entries JOIN tags USING (position) WHERE tag = ?"
    return [one for (tags,) in connection.execute(sql, (tag,)) for one in tags.split("\n")]


def _indexed(connection: sqlite3.Connection, position: int, name: str, expected: list[str]) -> list[str]:
    """Those of the expected tags under which the entry can be found."""
    sql = "SELECT 1 FROM tags WHERE tag = ? AND type = ? AND position = ?"
    return sorted(tag for tag in expected if connection.execute(sql, (tag, name, position)).fetchone())


def _strays(connection: sqlite3.Connection, last: int) -> list[str]:
    """Rows of the tag table that no entry accounts for; counted in one transaction, for others may be recording."""
    connection.execute("BEGIN")
    try:
        (rows,) = connection.execute("SELECT count(*) FROM tags").fetchone()
        (owned,) = connection.execute(
            "SELECT coalesce(sum(length(tags) - length(replace(tags, char(10), '')) + 1), 0) FROM entries"
            " WHERE tags <> ''"
        ).fetchone()
        beyond = connection.execute(
            "SELECT tag, position FROM tags"
            " WHERE position > ? AND position NOT IN (SELECT position FROM entries) LIMIT ?",
            (last, SHOWN),
        ).fetchall()
    finally:
        connection.execute("ROLLBACK")
    strays = [f"{tag} at {position}" for tag, position in beyond]
    return strays or ([f"{rows} rows, {owned} are accounted for"] if rows != owned else [])
