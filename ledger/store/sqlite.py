"""The SQLite recorder: one sequence of tagged events in one file, appended to on condition.

The laws of the recorder:

1. The write lock is taken before the condition is checked, so nothing comes between the check and the append.
2. A statement is sent again only where SQLite did nothing because of a lock; a commit that failed otherwise never is.
3. No read transaction is long: whole histories are read in pages, up to the head that stood when the reading began.
4. A query may hold a hundred thousand items: each is looked up by itself with a statement that SQLite has prepared.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
)
from eventsourcing.dcb.popo import SimpleDCBReadResponse
from eventsourcing.persistence import IntegrityError, ProgrammingError

from ledger.store.errors import Busy, Damaged, OutcomeUnknown, Unavailable
from ledger.store.file import Row, connect, explain, explained, head, scan
from ledger.store.polling import PollingSubscription
from ledger.store.search import PAGE, end_of_scan, fetch, lookup, pieces, scan_page


class SQLiteRecorder(DCBRecorder):
    """A recorder over `entries.sqlite`, for one process at a time or for several, and for all threads of each.

    Beside the errors documented below, every method may raise `Unavailable`, `Busy` or `Damaged`.
    """

    def __init__(self, path: Path, *, read_only: bool = False, patience: float | None = None) -> None:
        self._path = path
        self._read_only = read_only
        self._patience = patience
        self._lock = threading.RLock()
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._connected()

    def close(self) -> None:
        """Let go of the file, for good."""
        with self._lock:
            self._closed = True
            self._disconnect()

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """Return the matching events in order, as they stood at this moment, fetched a page at a time.

        `head` is the last position of the store, or with a limit that of the last event returned; None without one.
        In an item with several tags the first is searched and the others are compared: put the rarest first.
        """
        parts = pieces(query)
        after = after or 0
        limit = None if limit is None else max(limit, 0)
        # What is recorded stays: pages fetched later, up to the head seen here, belong to the same moment.
        with self._reading() as connection:
            last = head(connection)
            if len(parts) == 1 and not parts[0].tags:
                types = parts[0].types
                last = last if limit is None else end_of_scan(connection, types, after, limit)
                page = scan_page(connection, self._path, types, after, last)
                pages = chain([page], self._further_scan(types, page, last))
            else:
                positions = sorted({found for part in parts for found in lookup(connection, part, after)})[:limit]
                last = last if limit is None else positions[-1] if positions else 0
                pages = chain([fetch(connection, self._path, positions[:PAGE])], self._further_fetch(positions))
        return SimpleDCBReadResponse(chain.from_iterable(pages), last or None)

    def scan(self, after: int, limit: int, types: Sequence[str] | None = None) -> list[Row]:
        """Return at most `limit` plain rows behind `after`, in order; for projections, which need no tags."""
        with self._reading() as connection:
            return scan(connection, after, limit, types)

    def append(self, events: Iterable[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        """Append all events or none, and return the position of the last; positions have no gaps.

        The events may come from a generator: they are never all in memory, and the store is locked while they come.

        Raises:
            IntegrityError: an event matches the condition, or an id is recorded already; nothing was written.
            OutcomeUnknown: the commit failed; look before you send again.
            ValueError: a tag is empty or holds a line feed; nothing was written.
        """
        rest = iter(events)
        batch = list(islice(rest, PAGE))
        if not batch:
            why = "there is no event to append"
            raise ProgrammingError(why)
        with self._writing() as connection:
            position = _last_written(connection, self._path)
            if condition is not None:
                _check(connection, condition, position)
            while batch:
                position = _insert(connection, batch, position)
                batch = list(islice(rest, PAGE))
        return position

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> PollingSubscription["SQLiteRecorder"]:
        """Return the matching events and then the new ones as they come."""
        return PollingSubscription(self, query, after)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One short transaction that sees one moment."""
        with self._lock, explained(self._path):
            connection = self._connected()
            try:
                connection.execute("BEGIN")
                yield connection
            except sqlite3.Error:
                self._disconnect()  # the next question opens anew, and so undoes what a dead writer left
                raise
            finally:
                self._undo(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that is written as a whole, or not at all."""
        with self._lock, explained(self._path):
            connection = self._connected()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
            except sqlite3.IntegrityError as error:
                self._undo(connection)
                if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_TRIGGER:
                    raise
                raise IntegrityError(str(error)) from error
            except BaseException:
                self._undo(connection)
                raise
            # Killed before this line, or in it before the journal is gone: the next to open the file undoes it all.
            self._commit(connection)

    def _commit(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("COMMIT")
        except BaseException as error:
            if isinstance(error, (Busy, KeyboardInterrupt)) and connection.in_transaction:
                self._undo(connection)  # readers never left, or somebody stopped the wait for them: nothing was written
                raise
            # Only a new connection sees what the disk holds: this one may believe what was never written.
            self._disconnect()
            told = explain(self._path, error) or Unavailable(str(self._path), repr(error))
            raise OutcomeUnknown(told.what, told.why, told.mend) from error

    def _undo(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:  # SQLite itself ends it after some errors
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._disconnect()  # whatever is half-written is undone by the next to open the file

    def _connected(self) -> sqlite3.Connection:
        if self._closed:
            why = "this recorder is closed"
            raise ProgrammingError(why)
        if self._connection is None:
            self._connection = connect(self._path, read_only=self._read_only, patience=self._patience)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _further_scan(
        self, types: tuple[str, ...] | None, page: list[DCBSequencedEvent], last: int
    ) -> Iterator[list[DCBSequencedEvent]]:
        while len(page) == PAGE:
            with self._reading() as connection:
                page = scan_page(connection, self._path, types, page[-1].position, last)
            yield page

    def _further_fetch(self, positions: list[int]) -> Iterator[list[DCBSequencedEvent]]:
        for start in range(PAGE, len(positions), PAGE):
            with self._reading() as connection:
                page = fetch(connection, self._path, positions[start : start + PAGE])
            yield page


def _check(connection: sqlite3.Connection, condition: DCBAppendCondition, last: int) -> None:
    after = condition.after or 0
    if after >= last:
        return  # nothing was appended since the caller looked, so nothing can match
    for piece in pieces(condition.fail_if_events_match):
        for position in lookup(connection, piece, after, limit=1):
            why = f"entry {position} was appended after {after} and matters here"
            raise IntegrityError(why)


def _last_written(connection: sqlite3.Connection, path: Path) -> int:
    """The position of the last entry, which is also the last that was ever given out."""
    last = head(connection)
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
    if (row[0] if row else 0) != last:
        raise Damaged(str(path), f"the last entry is {last} and the counter stands at {row and row[0]}")
    return last


def _insert(connection: sqlite3.Connection, events: Sequence[DCBEvent], position: int) -> int:
    """Insert behind `position`, and return the last position given."""
    entries: list[tuple[int, str, str, bytes]] = []
    tags: list[tuple[str, str, int]] = []
    for number, event in enumerate(events, position + 1):
        for tag in event.tags:
            if not tag or "\n" in tag:
                why = f"a tag is a line of text, not {tag!r}"
                raise ValueError(why)
        entries.append((number, event.type, "\n".join(event.tags), event.data))
        tags.extend((tag, event.type, number) for tag in dict.fromkeys(event.tags))
    connection.executemany("INSERT INTO entries (position, type, tags, data) VALUES (?, ?, ?, ?)", entries)
    connection.executemany("INSERT INTO tags (tag, type, position) VALUES (?, ?, ?)", tags)
    return position + len(events)
