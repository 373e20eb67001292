"""Following the entries: catch-up in batches, rows and position in one transaction; rebuilding beside the live file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Protocol

from domain.bearing import bearing_of_entry
from domain.book import Book
from domain.entry import Entry, UnknownEvent
from domain.history import Act
from domain.lifecycle import SUCCESSION, spelled, with_successions
from domain.revising import revised
from projections import evidence, overrides, search, views, words
from projections.views import REGISTERS, Mark

BATCH: Final = 1_000
"""Entries that are followed in one transaction."""


class Source(Protocol):
    """Where entries come from."""

    def read(self, after: int, limit: int) -> Iterable[Entry]:
        """At most `limit` entries behind a position, in order."""

    def tagged(self, tag: str) -> Iterable[Entry]:
        """The entries that bear a tag, in order."""


class UnknownType(Exception):
    """An entry is of a type that these projections do not know, and must not pass over."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"entry {entry.position} is of type {entry.type}, which this release does not know")


def catch_up(connection: sqlite3.Connection, source: Source, to: Mark) -> None:
    """Follow the entries up to `to`, a batch and its position in each transaction.

    Raises:
        UnknownType: an entry cannot be followed; the views stay where they were.
    """
    while _advance(connection, source, to):
        pass


def _advance(connection: sqlite3.Connection, source: Source, to: Mark) -> bool:
    """Follow one batch; False when nothing was left to follow."""
    # Another reader may be catching up: whoever has the lock reads the position again before it follows.
    connection.execute("BEGIN IMMEDIATE")
    try:
        reached = views.mark(connection)
        entries = list(source.read(reached.position, BATCH)) if reached and reached.position < to.position else []
        if entries:
            _settle(connection, _take_in(connection, source, entries))
            last = entries[-1]
            views.set_mark(connection, Mark(to.origin, last.position, to.first, last.id))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return bool(entries)


def rebuild(
    path: Path,
    source: Source,
    to: Mark,
    create: Callable[[Path], object] = Path.touch,
    opener: views.Opener = views.open_file,
) -> None:
    """Make the views anew in a file beside the live one, then put its tables in place of the old in one transaction.

    `create` makes an empty file, which those who use the entries can use too.

    Raises:
        UnknownType: an entry cannot be followed; the live views stay as they are.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    for file in (beside, *_left_behind(path)):
        file.unlink(missing_ok=True)
    try:
        create(beside)
        with closing(views.connect(beside)) as fresh:
            fill(fresh, source, to, searched=False)
        # Not by renaming: a journal that a killed reader left would be rolled into the new file.
        with closing(views.connect_anew(path, create, opener)) as live:
            live.execute("ATTACH ? AS fresh", (beside.absolute().as_uri(),))
            live.execute("PRAGMA fresh.journal_mode = off")  # it is only read; so no journal names that of another file
            live.execute("BEGIN IMMEDIATE")
            for (table,) in live.execute(_TO_BE_DROPPED).fetchall():
                live.execute(f"DROP TABLE IF EXISTS main.{views.quoted(table)}")
            for table, statement in views.TABLES.items():
                live.execute(statement)
                live.execute(f'INSERT INTO main."{table}" SELECT * FROM fresh."{table}"')
            for statement in (*views.INDEXES, *search.INDEX):
                live.execute(statement)
            live.execute("COMMIT")
    finally:
        for file in (beside, beside.with_name(f"{beside.name}-journal")):
            file.unlink(missing_ok=True)


def _left_behind(path: Path) -> Iterator[Path]:
    """What processes that were killed had begun beside the live file."""
    for file in path.parent.glob(f"{path.name}.*.new"):
        process = file.name.split(".")[-2]
        if process.isdecimal():
            try:
                os.kill(int(process), 0)
            except (ProcessLookupError, OverflowError):
                yield file
            except PermissionError:  # it runs, and is somebody else's
                continue


_TO_BE_DROPPED: Final = """
    SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY sql LIKE 'CREATE VIRTUAL TABLE%' DESC
"""
"""The indexes over words first: each takes along the tables that it keeps itself."""


def fill(connection: sqlite3.Connection, source: Source, to: Mark, *, searched: bool = True) -> None:
    """Follow all entries into an empty file: take everything in, then tell every subject, and index the words, once."""
    connection.execute("BEGIN")
    views.make(connection, to.origin, searched=False)
    reached = Mark(to.origin)
    while entries := list(source.read(reached.position, BATCH)):
        _take_in(connection, source, entries)
        first = reached.first or entries[0].id
        reached = Mark(to.origin, entries[-1].position, first, entries[-1].id)
    _tell(connection, connection.execute("SELECT * FROM acts ORDER BY subject, position"))
    for statement in search.INDEX if searched else ():
        connection.execute(statement)
    views.set_mark(connection, reached)
    connection.execute("COMMIT")


def _take_in(connection: sqlite3.Connection, source: Source, entries: Sequence[Entry]) -> set[str]:
    """Store what the entries add to histories and to the sources; return the subjects that they move."""
    acts: list[Act] = []
    succeeded = _succeeded(connection)
    rows: dict[str, list[tuple[object, ...]]] = {"evidence": [], "overrides": [], "entries": []}
    about: dict[str, None] = {}
    for entry in entries:
        if isinstance(entry.event, UnknownEvent):
            raise UnknownType(entry)
        bearing = bearing_of_entry(entry)
        acts.extend(bearing.acts)
        rows["evidence"] += evidence.rows(entry)
        rows["overrides"] += overrides.rows(entry)
        if bearing.revision:
            about[bearing.revision.entry] = None
        else:
            rows["entries"] += words.rows(bearing, (), {entry.id: entry})
    _insert(connection, "acts", acts)
    for table, fresh in rows.items():
        _insert(connection, table, fresh)
    moved = {act.subject for act in acts}
    for entry_id in about:
        moved |= _revise(connection, source, entry_id, entries[-1].position)
    return moved | _feeling(connection, moved & (succeeded | _succeeded(connection)))


def _revise(connection: sqlite3.Connection, source: Source, entry_id: str, last: int) -> set[str]:
    """Store an entry anew, in acts and words, as it stands after all recorded about it up to the position `last`."""
    book = Book()
    entries: dict[str, Entry] = {}
    wanted = [f"entry:{entry_id}", f"about:{entry_id}"]
    seen: set[str] = set()
    while wanted:
        tag = wanted.pop()
        seen.add(tag)
        told = {entry.id: entry for entry in source.tagged(tag) if entry.position <= last}
        entries |= told
        found = [bearing_of_entry(entry) for entry in told.values()]
        for bearing in found:
            book.include(bearing)
            near = [f"about:{bearing.id}", *([f"entry:{bearing.revision.entry}"] if bearing.revision else [])]
            wanted += [tag for tag in near if tag not in seen]
    target = book.entries.get(entry_id)
    original = book.original(target) if target else None
    if original is None:
        return set()
    before = {
        subject
        for (subject,) in connection.execute("SELECT subject FROM acts WHERE position = ?", (original.position,))
    }
    connection.execute("DELETE FROM acts WHERE position = ?", (original.position,))
    records = book.records(original)
    acts = revised(original, records)
    _insert(connection, "acts", acts)
    for one in (original, *records):
        connection.execute("DELETE FROM entries WHERE id BETWEEN ? AND ?", search.ids(one.position))
    _insert(connection, "entries", words.rows(original, records, entries))
    return before | {act.subject for act in acts}


def _feeling(connection: sqlite3.Connection, bodies: set[str]) -> set[str]:
    """The links that feel it when something else is told of who succeeded these bodies."""
    if not bodies:
        return set()
    return {subject for (subject,) in connection.execute("SELECT DISTINCT subject FROM acts WHERE cycle = 'link'")}


def _succeeded(connection: sqlite3.Connection) -> set[str]:
    """The bodies of which it is told that they were succeeded."""
    return {act.subject for act in _successions(connection)}


def _successions(connection: sqlite3.Connection) -> list[Act]:
    """Every act of the entries by which a body was succeeded, whatever their other accounts tell."""
    entries = f"SELECT position FROM acts WHERE type = '{SUCCESSION}'"
    sql = f"SELECT * FROM acts WHERE position IN ({entries}) ORDER BY position, option, subject"
    return [Act(*row) for row in connection.execute(sql)]


def _settle(connection: sqlite3.Connection, subjects: set[str]) -> None:
    """Tell the subjects anew."""
    for subject in sorted(subjects):
        for register in REGISTERS:
            connection.execute(f'DELETE FROM "{register.name}" WHERE tag = ?', (subject,))
        _tell(connection, connection.execute("SELECT * FROM acts WHERE subject = ? ORDER BY position", (subject,)))


def _tell(connection: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write what the registers tell of each subject; `rows` are acts, those of a subject together."""
    successions = _successions(connection)
    for subject, group in groupby((Act(*row) for row in rows), key=lambda act: act.subject):
        acts = list(group)
        name = _shown_name(subject, acts)
        if subject.startswith("link:"):
            acts = with_successions(name, acts, successions)
        for register in REGISTERS:
            if any(act.cycle in register.cycles for act in acts):
                _insert(connection, register.name, register.rows(subject, name, acts))


def _shown_name(subject: str, acts: Sequence[Act]) -> str:
    if subject.startswith("link:"):
        return spelled(acts)
    return subject.split(":", 1)[1]


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    rows = list(rows)
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
