"""The file of entries as a verifier reads it: every byte of it, whatever it holds, through no code that wrote it.

Reading goes in pages of short transactions, so that nobody who records has to wait, and ends where the ledger ended
when it began.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from operator import lt
from pathlib import Path
from typing import Any, Final

from ledger.store import file
from ledger.store.errors import Busy, Damaged, NotALedger, StoreError
from ledger.transparency.finding import Finding

PAGE: Final = 250
"""Entries that are read at a time: few enough to stay in the caches of a processor."""

_INDEX_PAGE: Final = 2_000
_LEAST: Final = 256
"""Bytes that an entry takes at least, with its tags: its id alone is there three times."""

_SHOWN: Final = 5

SPECIAL: Final = ("key-", "ledger-restored/", "detail-redacted/")
"""How the types of entries begin that say how others are to be judged."""

UNREADABLE: Final = (sqlite3.Error, OverflowError, UnicodeDecodeError, MemoryError)
"""What a damaged database has Python raise; the third when SQLite quotes in its message what it cannot read."""

_ENTRIES: Final = "SELECT position, type, tags, data FROM entries"
_TYPES: Final = [int, bytes, bytes, bytes]

Row = tuple[int, bytes, bytes, bytes]
"""An entry: position, type, tags joined by line feeds, data; all but the first as the bytes that lie there."""


@dataclass(slots=True)
class IndexSum:
    """How many rows (tag, type, position) an index of tags has, and the sum of their hashes, in whatever order."""

    rows: int = 0
    hashes: int = 0
    strays: int = 0
    """Rows that name no entry: their hashes could be those of others, as 2**61 hashes as 1 does."""

    def add(self, rows: int, hashes: int) -> None:
        """Add some rows, given the sum of their hashes."""
        self.rows += rows
        self.hashes += hashes


class RawBook:
    """An opened file of entries."""

    def __init__(self, connection: sqlite3.Connection, as_bytes: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._as_bytes = as_bytes
        self._path = path
        self._refuse_other_tables()
        self.head = 0
        """The position of the last entry up to which it is read."""
        self.catch_up()

    def catch_up(self) -> None:
        """Take the last entry as it is now.

        A position beyond what the file could hold is none: entries that were there would have to be missed one by one.
        """
        self._most = self._one("PRAGMA page_count") * self._one("PRAGMA page_size") // _LEAST
        found = self._one("SELECT coalesce(max(position), 0) FROM entries WHERE position <= ?", self._most)
        if not isinstance(found, int):
            raise Damaged(str(self._path), "positions are no numbers")
        self.head = max(found, 0)

    def _refuse_other_tables(self) -> None:
        """What would be computed while it is read could take for ever."""
        for name in ("entries", "tags"):
            found = self._connection.execute("SELECT type FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            columns = self._connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
            if found != ("table",) or any(hidden for *_, hidden in columns):
                raise Damaged(str(self._path), f"{name} is no table of stored columns")

    def schema(self) -> Iterator[Finding]:
        """What differs from the tables and triggers of a ledger, and what the database says of itself."""
        for problem in file.schema_problems(self._connection):
            yield Finding(_kind_of(problem), None, f"{self._path.name}: {problem}")
        for row in self._connection.execute("PRAGMA integrity_check(5)"):
            if row[0] != "ok":
                yield Finding("PAGES-DAMAGED", None, f"{self._path.name}: {row[0]}")
        yield from self._counted()
        early = "SELECT position FROM entries WHERE position < 1 ORDER BY position LIMIT ?"
        for (position,) in self._connection.execute(early, (_SHOWN,)).fetchall():
            yield Finding("INSERTED", position, "positions count from 1")
        late = "SELECT position FROM entries WHERE position > ? ORDER BY position LIMIT ?"
        for (position,) in self._connection.execute(late, (self._most, _SHOWN)).fetchall():
            yield Finding("INSERTED", position, "positions count from 1 without a gap; the file cannot hold so many")

    def _counted(self) -> Iterator[Finding]:
        """Whether the counter of positions, and nothing beside it, stands at the last entry."""
        self._connection.execute("BEGIN")  # somebody may be recording
        try:
            counters = self._connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
            last = self._one("SELECT coalesce(max(position), 0) FROM entries")
        finally:
            self._connection.execute("ROLLBACK")
        if counters != [("entries", last)] and (counters or last):
            told = ", ".join(f"{name} {seq}" for name, seq in counters[:_SHOWN]) or "nothing"
            yield Finding("COUNTER-ALTERED", None, f"{self._path.name}: it says {told}; the last entry is {last}")

    def rows(self, after: int, found: Callable[[Finding], None]) -> Iterator[Row]:
        """The entries behind a position, in order; what cannot be read is told to `found`."""
        while after < self.head:
            try:
                page = self._page(after, PAGE)
            except Busy:
                raise
            except (*UNREADABLE, StoreError) as error:
                yield from self._one_by_one(after, error, found)
                after += PAGE
                continue
            if not page:
                return
            positions = [row[0] for row in page]
            dense = positions == [*range(after + 1, after + 1 + len(page))]
            if not dense and not all(map(lt, [after, *positions], positions)):  # as a damaged page has it
                yield from self._one_by_one(after, ValueError("its entries are not in order"), found)
                after += PAGE
                continue
            if [*map(type, chain.from_iterable(page))] == _TYPES * len(page):
                yield from page
            else:
                yield from self._whole(page, found)
            after = positions[-1]

    def _whole(self, page: list[Row], found: Callable[[Finding], None]) -> Iterator[Row]:
        for row in page:
            if _is_row(row):
                yield row
            else:
                found(Finding("UNREADABLE", _number(row[0]), "its columns are not of their types"))

    def special(self, last: int) -> Iterator[Row]:
        """The entries up to a position that say how others are to be judged: keys, and redactions."""
        begins = " OR ".join(["type GLOB ?"] * len(SPECIAL))
        sql = f"{_ENTRIES} WHERE position <= ? AND ({begins}) ORDER BY position"
        found = self._as_bytes.execute(sql, (last, *(f"{start}*" for start in SPECIAL))).fetchall()
        yield from filter(_is_row, found)

    def indexed(self, after: int) -> IndexSum:
        """The sum of the rows that the index of tags has behind a position."""
        found = IndexSum()
        last: tuple[Any, ...] = (b"", b"", 0)
        sql = (
            "SELECT tag, type, position FROM tags"
            " WHERE (tag, type, position) > (CAST(? AS TEXT), CAST(? AS TEXT), ?)"
            " ORDER BY tag, type, position LIMIT ?"
        )
        while page := self._as_bytes.execute(sql, (*last, _INDEX_PAGE)).fetchall():
            if not _ascends(last, page[-1]):  # who went on from there would go round for ever
                found.strays += 1
                break
            last = page[-1]
            positions = [row[2] for row in page]
            if {*map(type, positions)} != {int} or min(positions) <= after or max(positions) > self.head:
                found.strays += sum(self._is_stray(row[2]) for row in page)
                page = [row for row in page if isinstance(row[2], int) and after < row[2] <= self.head]
            found.add(len(page), sum(map(hash, page)))
        return found

    def _is_stray(self, position: object) -> bool:
        """Whether a row of the index is of no entry."""
        if isinstance(position, int) and 1 <= position <= self.head:
            return False  # whether that entry is there is found when entries are read
        sql = "SELECT 1 FROM entries WHERE position = ?"  # it may have been recorded since
        return self._connection.execute(sql, (position,)).fetchone() is None

    def mistagged(self, after: int) -> Iterator[Finding]:
        """The entries whose tags differ from the index; slow, for when `indexed` differs."""
        shown = 0
        for position, type_, tags, _ in self.rows(after, lambda _: None):
            sql = "SELECT tag, type FROM tags WHERE position = ?"
            indexed = self._as_bytes.execute(sql, (position,)).fetchall()
            if sorted(indexed, key=repr) != sorted(((tag, type_) for tag in {*tags.split(b"\n")}), key=repr):
                yield Finding("TAGS-ALTERED", position, "the index of tags does not find it under its own")
                shown += 1
            if shown == _SHOWN:
                return
        strays = self._connection.execute(
            "SELECT tag, position FROM tags WHERE position NOT IN (SELECT position FROM entries) LIMIT ?", (_SHOWN,)
        )
        for tag, position in strays:
            yield Finding(
                "TAGS-ALTERED", None, f"the index of tags names an entry {position} that is not there ({tag})"
            )

    def _page(self, after: int, limit: int) -> list[Row]:
        sql = f"{_ENTRIES} WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"
        return self._as_bytes.execute(sql, (after, self.head, limit)).fetchall()

    def _one_by_one(self, after: int, error: Exception, found: Callable[[Finding], None]) -> Iterator[Row]:
        told = False
        for position in range(after + 1, min(after + PAGE, self.head) + 1):
            try:
                page = self._page(position - 1, 1)
            except UNREADABLE as again:
                found(Finding("UNREADABLE", position, str(again)))
                told = True
                continue
            if page and page[0][0] == position and _is_row(page[0]):
                yield page[0]
        if not told:
            found(Finding("UNREADABLE", None, f"behind entry {after}: {error}"))

    def _one(self, sql: str, *values: int) -> Any:  # noqa: ANN401 - whatever stands there
        row = self._connection.execute(sql, values).fetchone()
        return row[0] if row else None


@contextmanager
def opened(path: Path) -> Iterator[RawBook]:
    """Open a file of entries, whatever its schema.

    Raises:
        StoreError: it cannot be opened as a database now, or is none, or not one as ledgers are.
    """
    _refuse_write_ahead(path)
    with file.explained(path), closing(file.connect_raw(path)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        with closing(file.connect_raw(path)) as as_bytes:
            as_bytes.text_factory = bytes
            try:
                book = RawBook(connection, as_bytes, path)
            except (sqlite3.OperationalError, OverflowError, TypeError) as error:  # there is no such table
                raise Damaged(str(path), str(error)) from error
            yield book


def _refuse_write_ahead(path: Path) -> None:
    """A ledger has no log of pages beside it; SQLite would read through one, and make one as it reads.

    Raises:
        Damaged: this file has one, or says that it has.
    """
    for ending in ("-wal", "-shm"):
        if os.path.lexists(f"{path}{ending}"):
            raise Damaged(str(path), f"beside it lies {path.name}{ending}, which is none of a ledger's files")
    if not path.is_file():
        return  # what it is, is told when it is opened
    with suppress(OSError), path.open("rb") as opened_file:
        if opened_file.read(20)[18:] not in (b"\x01\x01", b""):
            raise Damaged(str(path), "its header says that pages are kept in a write-ahead log; no ledger's are")


def explained_kind(error: Exception) -> str:
    """The kind of finding that an error of opening is."""
    match error:
        case Damaged() | sqlite3.Error():  # what SQLite itself says of a file that is there and is nobody else's now
            return "PAGES-DAMAGED"
        case NotALedger():
            return "FOREIGN"
        case _:
            return "UNAVAILABLE"


def _kind_of(problem: str) -> str:
    if "application_id" in problem or problem.startswith("format "):
        return "FOREIGN"
    for name, sql in file.SCHEMA.items():
        if sql.startswith("CREATE TRIGGER"):
            if problem == f"{name} is missing":
                return "GUARD-MISSING"
            if problem == f"the trigger {name} was altered":
                return "GUARD-CHANGED"
    return "SCHEMA-CHANGED"


def _is_row(row: tuple[Any, ...]) -> bool:
    return (
        isinstance(row[0], int)
        and isinstance(row[1], bytes)
        and isinstance(row[2], bytes)
        and isinstance(row[3], bytes)
    )


def _ascends(row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether a row of the index of tags comes before another; not where their columns cannot be compared."""
    try:
        return row < other
    except TypeError:
        return False


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
