"""The desk at which a visitor sits: the one place that wires the rooms together, for one command."""

from __future__ import annotations

import errno
import os
import shlex
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger import folder, locks
from ledger.cli import output
from ledger.disk import forbidden, reason
from ledger.errors import Conflict, Damage, Unavailable, UsageError
from ledger.seeing import REDACTION, seen_by
from ledger.store import file
from ledger.store.errors import Busy, StoreError
from projections import views
from projections.views import Mark

if TYPE_CHECKING:
    from domain.entry import Entry
    from domain.rules import Refusal
    from ledger.application import Ledger
    from ledger.batch import Batch
    from ledger.transparency.keys import Keyring


def now() -> datetime:
    """This moment (UTC); the machine's clock is read here and nowhere else."""
    return datetime.now(UTC)


_FOR_A_REBUILD: Final = 10.0
"""Seconds to wait for another process that makes the views; afterwards they are made in memory."""

_PASSING: Final = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
})  # fmt: skip


def is_passing(error: Exception) -> bool:
    """Whether the file of the views cannot be used now, and is not at fault itself."""
    return not isinstance(error, sqlite3.Error) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING


def _open_views(path: Path, mode: str) -> locks.PatientConnection:
    """Open the file of the views for a question, which is answered from memory before it waits for long."""
    return locks.connect(path, mode, min(locks.limit(), views.PATIENCE))


@dataclass(slots=True)
class Desk:
    """What was asked for beside the command, and the ledger it is about."""

    named: str | None = None
    color: str = "auto"
    errors: str = "text"
    no_input: bool = False
    quiet: bool = False
    verbose: bool = False
    writing: bool = False
    """Whether entries have been handed to the store, and nothing was told of them yet."""
    unsure: bool = False
    """Whether the command was interrupted, and what is on record could not be looked up."""
    done: list[str] = field(default_factory=list)
    """What this command has done for good, in words, for whoever interrupts it."""
    restoring: bool = False
    """Whether the ledger is just being restored, and may say so of itself."""
    _folder: folder.Folder | None = field(default=None, repr=False)

    @property
    def folder(self) -> folder.Folder:
        """The ledger that is meant."""
        if self._folder is None:
            self._folder = folder.find(self.named, os.environ, Path())
            if self.verbose:
                output.note(output.safe(f"ledger: {self._folder.path} ({self._folder.origin})"))
        return self._folder

    @property
    def terminal(self) -> bool:
        """Whether somebody is there to be asked."""
        return not self.no_input and output.is_terminal(sys.stdin) and output.is_terminal(sys.stderr)

    def clerk(self, named: str | None) -> str:
        """Who records: as named, else CIVIC_CLERK, else as ledger.toml says."""
        clerk = named or os.environ.get("CIVIC_CLERK") or self.folder.clerk
        if not folder.is_slug(clerk):
            raise UsageError(
                f"the clerk {clerk!r} is not a short name", mend="write lower-case letters, digits, hyphens"
            )
        return clerk

    @property
    def keyring(self) -> Keyring:
        """The keys of the ledger that is meant."""
        return self.keys_of(self.folder.origin)

    def keys_of(self, name: str) -> Keyring:
        """The keys under a name."""
        from ledger.transparency.keys import Keyring, home

        keys = home(os.environ)
        if self._folder and Path(os.path.realpath(keys)).is_relative_to(os.path.realpath(self._folder.path)):
            raise UsageError(
                f"CIVIC_KEYS is {keys}, inside the ledger",
                why="whoever has the folder would have the key, and could sign another history",
                mend="set it to a folder of your own, elsewhere",
            )
        return Keyring(keys, name, self._passphrase)

    def _passphrase(self, name: str) -> bytes:
        if "CIVIC_PASSPHRASE" in os.environ:
            return os.fsencode(os.environ["CIVIC_PASSPHRASE"])
        if not self.terminal:
            raise UsageError(
                f"the key of {name} has a passphrase, and nobody can be asked here", mend="set CIVIC_PASSPHRASE"
            )
        import click

        return str(click.prompt(f"Passphrase of the key of {name}", hide_input=True, err=True)).encode()

    @contextmanager
    def ledger(self, clerk: str | None = None, *, read_only: bool = False, personal: bool = True) -> Iterator[Ledger]:
        """The book, opened; `personal`: with the details of people that are kept apart from it."""
        import secrets

        from ledger.application import Ledger
        from ledger.store.personal import PersonalStore
        from ledger.store.sqlite import SQLiteRecorder
        from ledger.transparency.log_writing import log_locked

        path, log = self.folder.entries, self.folder.log
        if not read_only:
            self._refuse_a_backup()
        opened = Ledger(
            lambda: SQLiteRecorder(path, read_only=read_only),
            clerk="reader" if read_only else self.clerk(clerk),
            clock=now,
            salt=lambda: secrets.token_hex(16),
            personal=PersonalStore(self.folder.personal, lambda: log_locked(log)) if personal else None,
            judge=self._custody_refused,
        )
        with closing(opened):
            if personal and not read_only:
                opened.settle()
            try:
                yield opened
            except BaseException as error:
                self._account(opened)
                if opened.appended and isinstance(error, Exception):  # nobody who interrupts waits for this
                    with suppress(OSError, Damage, StoreError):  # else the next write seals it
                        self._seal(opened)
                raise
            if opened.appended:
                self._account(opened)
                try:
                    self._seal(opened)
                except (OSError, StoreError) as error:
                    why = reason(error) if isinstance(error, OSError) else error
                    output.note(f"recorded, but the log cannot be brought up to date: {why}; the next write does it")
            if opened.unsettled:
                output.note(f"recorded, but no detail is erased yet: {opened.unsettled}; the next write does it")

    def _account(self, ledger: Ledger) -> None:
        """Note what is on record of what was handed to the store."""
        try:
            found = ledger.on_record()
        except StoreError:
            self.unsure = True
            return
        for first, last in found:
            entries = f"entry {last} is" if first == last else f"entries {first} to {last} are"
            self.done.append(f"{entries} on record")

    @contextmanager
    def lasting(self, sentence: str, is_done: Callable[[], bool]) -> Iterator[None]:
        """Note that something was done for good, also where the doing is interrupted."""
        try:
            yield
        finally:
            if is_done():
                self.done.append(sentence)

    def _custody_refused(self, batch: Batch) -> dict[int, Refusal]:
        if not batch.custody:
            return {}
        from ledger.transparency.custody import refused

        return refused(batch.custody, restoring=self.restoring)

    def _refuse_a_backup(self) -> None:
        """What is recorded in a backup is missing in the ledger, and the backup can be restored no more.

        Raises:
            Conflict: the folder is one.
        """
        if (self.folder.path / folder.BACKUP).exists():
            quoted = shlex.quote(str(self.folder.path))
            raise Conflict(
                f"{self.folder.path} is a backup: nothing is recorded in it",
                why="it would be missing in the ledger itself, and the backup could be restored no more",
                mend=f"name the ledger: --ledger DIR; or make one of the backup: civic restore {quoted} DIR",
            )

    def _seal(self, ledger: Ledger) -> None:
        """Bring the log up to the last entry.

        Raises:
            OSError, Busy: it cannot be written now; the next write makes up for it.
        """
        from ledger.transparency.sealing import seal

        where = self.folder
        seal(where.log, where.origin, where.settings_digest, ledger)

    @property
    def stored_views(self) -> Path:
        """The file of the read models.

        Raises:
            Damage: something else lies there, or beside it, that SQLite would wait for, follow or obey.
        """
        path = self.folder.views
        found = (
            "it is a link, or no file" if os.path.lexists(path) and (path.is_symlink() or not path.is_file()) else ""
        )
        if problem := found or file.misplaced(path):
            raise Damage(
                f"{path} cannot be used: {problem}",
                why="the read models are kept there",
                mend="move it away: they are made anew",
            )
        return path

    @contextmanager
    def views(self, recorded_by: int | None = None) -> Iterator[sqlite3.Connection]:
        """The read models, caught up with the entries; in memory where they cannot be stored.

        With `recorded_by`, as they were when the ledger ended at that position.

        Raises:
            Damage: their file cannot be read.
        """
        with self._guarded(), self._views(recorded_by) as connection:
            yield connection

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Tell what SQLite says of the views in the words of the house."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if file.is_undecodable(error):
                raise self._unreadable(error) from error
            if not is_passing(error):
                raise
            busy = locks.is_busy(error)
            whose = forbidden(self.folder.views)
            raise Unavailable(
                f"{self.folder.views} cannot be used: {error}",
                why=f"{locks.holder(self.folder.views)} has it locked"
                if busy
                else whose or "the read models are kept there",
                mend="let that process finish, or end it, and try again"
                if busy
                else "make room and make the folder writable; what lies there may be moved away, it is made anew",
            ) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite quotes what it cannot read as it is
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> Damage:
        return Damage(
            f"{self.folder.views} cannot be read: {error}",
            why="it holds nothing but what the entries tell, and can be made anew",
            mend="civic views rebuild",
        )

    @contextmanager
    def _views(self, recorded_by: int | None) -> Iterator[sqlite3.Connection]:
        target = self.target()
        connection = self._stored(target) if recorded_by is None else None
        if connection is None:
            with self.rebuilt(target, recorded_by) as made:
                yield made
            return
        with closing(connection):
            yield connection

    def _stored(self, target: Mark) -> sqlite3.Connection | None:
        """The read models of the file, or else a copy of them in memory, caught up; None where neither can be had now.

        Neither a full disk nor another reader that does not come to an end keeps anybody from an answer, nor what lies
        in the place of the file: that is said.
        """
        try:
            path = self.stored_views
        except Damage as error:
            output.note(output.safe(f"answered from memory: {error.what}; {error.mend}"))
            return None
        for attempt in (self._caught_up_file, self._caught_up_copy):
            try:
                return attempt(path, target)
            except (sqlite3.OperationalError, OSError, Busy) as error:
                if not is_passing(error):
                    raise
        return None

    def _caught_up_file(self, path: Path, target: Mark) -> sqlite3.Connection:
        """The file, caught up, and in a transaction: an answer is of one moment, and waits for nobody from then on."""
        mark = None
        with ExitStack() as stack:
            if path.exists():
                connection = stack.enter_context(closing(views.connect(path, opener=_open_views)))
                connection.execute("BEGIN")
                mark = views.mark(connection)
                if mark == target:
                    stack.pop_all()
                    return connection
        if not folder.may_write(self.folder.path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        if not self.follows(mark, target):
            self._rebuild(min(locks.limit(), _FOR_A_REBUILD), only_if_needed=True)
        with ExitStack() as stack:
            connection = stack.enter_context(closing(views.connect(path, opener=_open_views)))
            self.catch_up(connection, target)
            connection.execute("BEGIN")
            views.mark(connection)
            stack.pop_all()
        return connection

    def _caught_up_copy(self, path: Path, target: Mark) -> sqlite3.Connection | None:
        """A copy of the file in memory, caught up; None where it does not follow these entries."""
        with ExitStack() as stack:
            memory, mark = self.copied(path)
            stack.enter_context(closing(memory))
            if not self.follows(mark, target):
                return None
            self.catch_up(memory, target)
            stack.pop_all()
        return memory

    def copied(self, path: Path) -> tuple[sqlite3.Connection, Mark | None]:
        """A copy of the file in memory, as it is at one moment, and how far it has come.

        Raises:
            sqlite3.Error: it cannot be read now.
        """
        with closing(views.connect(path, read_only=True, opener=_open_views)) as stored:
            stored.execute("BEGIN")
            mark = views.mark(stored)
            memory = views.connect(":memory:")
            stored.backup(memory)
        return memory, mark

    def catch_up(self, connection: sqlite3.Connection, target: Mark, last: int | None = None) -> None:
        """Let read models follow the entries as far as these go, or to the position `last` and no further."""
        from projections import projection

        with self._followed(last, later_redactions=False) as source:
            projection.catch_up(connection, source, target)

    @contextmanager
    def rebuilt(self, target: Mark, last: int | None, *, later_redactions: bool = True) -> Iterator[sqlite3.Connection]:
        """The read models made anew in memory, from the entries up to the position `last`."""
        from projections import projection

        with closing(views.connect(":memory:")) as connection:
            with self._followed(last, later_redactions=later_redactions) as source:
                projection.fill(connection, source, target)
            yield connection

    def rebuild(self) -> int:
        """Make the views anew; returns the position that they follow.

        Raises:
            Busy: another process makes them, and was waited for in vain.
        """
        with self._guarded():
            return self._rebuild(locks.limit())

    def _rebuild(self, patience: float, *, only_if_needed: bool = False) -> int:
        """Make the views anew, one process at a time: others that need them wait, and use what it made."""
        from projections import projection

        with locks.alone(self.folder.path, patience):
            target = self.target()
            if not only_if_needed or not self.follows(self._reached(), target):
                with self._followed(None) as source:
                    opener = _open_views if only_if_needed else locks.connect
                    projection.rebuild(self.stored_views, source, target, self._create_shared, opener=opener)
        return target.position

    def _create_shared(self, path: Path) -> None:
        """Create an empty file with the mode and the group of the entries."""
        from ledger.disk import make_file

        with suppress(FileExistsError):  # another process was first
            os.close(make_file(path, like=self.folder.entries))

    def target(self) -> Mark:
        """How far the entries go."""
        with self._entries() as entries:
            ends = file.first_and_last(entries)
        if ends is None:
            return Mark(self.folder.origin)
        return Mark(self.folder.origin, ends[1][0], _id(ends[0]), _id(ends[1]))

    def mark(self) -> Mark | None:
        """How far the stored views have come; None when there are none of this release."""
        with self._guarded():
            return self._reached()

    def _reached(self) -> Mark | None:
        path = self.stored_views
        if not path.exists():
            return None
        with closing(views.connect(path, opener=_open_views)) as connection:
            return views.mark(connection)

    def follows(self, mark: Mark | None, target: Mark) -> bool:
        """Whether the views at `mark` follow these very entries, and need only catch up."""
        if mark is None or mark.origin != target.origin:
            return False
        if mark.position == 0:
            return True
        with self._entries() as entries:
            reached = file.scan(entries, mark.position - 1, 1)
        return bool(reached) and (mark.first, mark.last) == (target.first, _id(reached[0]))

    def recorded(self, tag: str) -> bool:
        """Whether any entry bears a tag."""
        with self._entries() as entries:
            return entries.execute("SELECT 1 FROM tags WHERE tag = ? LIMIT 1", (tag,)).fetchone() is not None

    @contextmanager
    def _entries(self) -> Iterator[sqlite3.Connection]:
        """The file of entries, to be looked at without the library of events."""
        path = self.folder.entries
        with closing(file.connect(path, read_only=True)) as connection, file.explained(path):
            yield connection

    @contextmanager
    def _followed(self, last: int | None, *, later_redactions: bool = True) -> Iterator[Until]:
        """The entries up to the position `last`, for a projection that follows them.

        Raises:
            Damage: an entry cannot be followed.
        """
        from projections.projection import UnknownType

        with self.ledger(read_only=True, personal=False) as ledger:  # the read models hold nothing personal
            try:
                yield Until(ledger, last, later_redactions=later_redactions)
            except UnknownType as error:
                raise Damage(
                    str(error),
                    why="a newer release recorded it",
                    mend="use that release, or civic history to read it as it is",
                ) from error


@dataclass(frozen=True, slots=True)
class Until:
    """The entries of a ledger, up to a position; and every redaction, which binds whoever asks."""

    ledger: Ledger
    last: int | None
    later_redactions: bool = True
    """Whether redactions that were recorded behind the position bind as well."""

    def read(self, after: int, limit: int) -> Iterable[Entry]:
        """At most `limit` entries behind a position, in order."""
        for entry in self.ledger.read(after, limit) if self.last is None or after < self.last else ():
            if self.last is not None and entry.position > self.last:
                return
            yield entry
        if self.last is not None and after >= self.last and self.later_redactions:
            yield from (entry for entry in self.ledger.of_type(REDACTION) if entry.position > after)

    def tagged(self, tag: str) -> Iterable[Entry]:
        """The entries that bear a tag, in order."""
        return (
            entry
            for entry in self.ledger.tagged(tag)
            if seen_by(entry, self.last) and (self.later_redactions or entry.position <= (self.last or entry.position))
        )


def _id(row: file.Row) -> str:
    import json

    try:
        return str(json.loads(row[2])["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""  # unreadable: the views then match nothing, and reading the entry says what is wrong
