"""The desk at which a visitor sits: the one place that wires the rooms together, for one command."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ledger import folder
from ledger.errors import Damage, UsageError
from ledger.store import file
from projections import views

if TYPE_CHECKING:
    from domain.entry import Entry
    from ledger.application import Ledger


@dataclass(slots=True)
class Desk:
    """What was asked for beside the command, and the ledger it is about."""

    named: str | None = None
    color: str = "auto"
    errors: str = "text"
    no_input: bool = False
    quiet: bool = False
    verbose: bool = False
    _folder: folder.Folder | None = field(default=None, repr=False)

    @property
    def folder(self) -> folder.Folder:
        """The ledger that is meant."""
        if self._folder is None:
            self._folder = folder.find(self.named, os.environ, Path())
        return self._folder

    @property
    def terminal(self) -> bool:
        """Whether somebody is there to be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def clerk(self, named: str | None) -> str:
        """Who records: as named, else CIVIC_CLERK, else as ledger.toml says."""
        from domain.values import SourceName

        clerk = named or os.environ.get("CIVIC_CLERK") or self.folder.clerk
        if not SourceName.pattern.fullmatch(clerk):
            raise UsageError(
                f"the clerk {clerk!r} is not a short name", mend="write lower-case letters, digits, hyphens"
            )
        return clerk

    @contextmanager
    def ledger(self, clerk: str | None = None, *, read_only: bool = False) -> Iterator[Ledger]:
        """The book, opened; the machine's clock is read here and nowhere else."""
        import secrets
        from datetime import UTC, datetime

        from ledger.application import Ledger
        from ledger.store.sqlite import SQLiteRecorder

        path = self.folder.entries
        opened = Ledger(
            lambda: SQLiteRecorder(path, read_only=read_only),
            clerk="reader" if read_only else self.clerk(clerk),
            clock=lambda: datetime.now(UTC),
            salt=lambda: secrets.token_hex(16),
        )
        with closing(opened):
            yield opened

    @contextmanager
    def views(self, recorded_by: int | None = None) -> Iterator[sqlite3.Connection]:
        """The read models, caught up with the entries; in memory where they cannot be stored.

        With `recorded_by`, as they were when the ledger ended at that position.

        Raises:
            Damage: their file cannot be read.
        """
        try:
            with self._views(recorded_by) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise Damage(
                f"{self.folder.views} cannot be read: {error}",
                why="it holds nothing but what the entries tell, and can be made anew",
                mend="civic views rebuild",
            ) from error

    @contextmanager
    def _views(self, recorded_by: int | None) -> Iterator[sqlite3.Connection]:
        with closing(file.connect(self.folder.entries, read_only=True)) as entries:
            target = _mark(self.folder.origin, entries)
            if recorded_by is None and self.folder.views.exists():
                with closing(views.connect(self.folder.views)) as connection:
                    if views.mark(connection) == target:
                        yield connection
                        return
            followed = _follows(views_mark(self.folder.views), entries, self.folder.origin)
        with self._caught_up(target, recorded_by, followed=followed) as connection:
            yield connection

    @contextmanager
    def _caught_up(
        self, target: views.Mark, recorded_by: int | None, *, followed: bool
    ) -> Iterator[sqlite3.Connection]:
        from projections import projection

        path = self.folder.views
        with self.ledger(read_only=True) as ledger:
            source = Until(ledger, recorded_by)
            if recorded_by is not None or not folder.may_write(self.folder.path):
                with closing(views.connect(":memory:")) as connection:
                    projection.fill(connection, source, target)
                    yield connection
                return
            if not followed:
                projection.rebuild(path, source, target)
            with closing(views.connect(path)) as connection:
                projection.catch_up(connection, source, target)
                yield connection

    def rebuild(self) -> int:
        """Make the views anew; returns the position that they follow."""
        from projections import projection

        with closing(file.connect(self.folder.entries, read_only=True)) as entries:
            target = _mark(self.folder.origin, entries)
        with self.ledger(read_only=True) as ledger:
            projection.rebuild(self.folder.views, Until(ledger, None), target)
        return target.position


@dataclass(frozen=True, slots=True)
class Until:
    """The entries of a ledger, up to a position."""

    ledger: Ledger
    last: int | None

    def read(self, after: int, limit: int) -> Iterable[Entry]:
        """At most `limit` entries behind a position, in order."""
        for entry in self.ledger.read(after, limit):
            if self.last is not None and entry.position > self.last:
                return
            yield entry


def views_mark(path: Path) -> views.Mark | None:
    """How far the stored views have come; None when there are none of this release."""
    if not path.exists():
        return None
    with closing(views.connect(path)) as connection:
        return views.mark(connection)


def _mark(origin: str, entries: sqlite3.Connection) -> views.Mark:
    ends = file.first_and_last(entries)
    if ends is None:
        return views.Mark(origin)
    return views.Mark(origin, ends[1][0], _id(ends[0]), _id(ends[1]))


def _follows(mark: views.Mark | None, entries: sqlite3.Connection, origin: str) -> bool:
    """Whether the views follow these very entries, and need only catch up."""
    if mark is None or mark.origin != origin:
        return False
    if mark.position == 0:
        return True
    ends = file.first_and_last(entries)
    reached = file.scan(entries, mark.position - 1, 1)
    return bool(ends and reached) and (mark.first, mark.last) == (_id(ends[0]) if ends else "", _id(reached[0]))


def _id(row: file.Row) -> str:
    import json

    try:
        return str(json.loads(row[2])["id"])
    except (ValueError, KeyError, TypeError):
        return ""  # unreadable: the views then match nothing, and reading the entry says what is wrong
