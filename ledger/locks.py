"""Waiting for a lock: reported after two seconds, with the process that holds it, and given up at a limit.

Two kinds of locks are waited for here: those on a folder (`locked`, `unchanged`), which end with the process that holds
them, and those that SQLite takes on a database (`PatientConnection`). No other code waits for a lock.
"""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from ledger.disk import open_lock, open_ours
from ledger.errors import UsageError
from ledger.store.errors import Busy

LIMIT: Final = 60.0
"""Seconds that anybody waits for a lock, unless CIVIC_WAIT asks for fewer."""

NOTICE: Final = 2.0
"""Seconds after which a wait is reported."""

STEP: Final = 0.25
"""Seconds that SQLite waits by itself, deaf to Ctrl-C, before it is asked again."""

_PAUSES: Final = (0.001, 0.02)
"""Seconds, at least and at most, between two attempts: two processes that wait should not wake together."""

_SQLITE: Final = "POSIX"
_FOLDER: Final = "FLOCK"
"""The kinds of locks, as /proc/locks names them."""


class Reporter:
    """Where a wait is reported; the command line sets it."""

    write: Callable[[str], None] = staticmethod(lambda sentence: None)  # noqa: ARG005 - nobody reads it


def limit() -> float:
    """Seconds to wait for a lock: CIVIC_WAIT, of at most 60, which is also the default.

    Raises:
        UsageError: CIVIC_WAIT is not such a number.
    """
    asked = os.environ.get("CIVIC_WAIT", "")
    if not asked:
        return LIMIT
    try:
        seconds = float(asked)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LIMIT:
        raise UsageError(
            f"CIVIC_WAIT is {asked!r}",
            why="it is the number of seconds to wait for a lock",
            mend=f"set it to a number from 0 to {LIMIT:.0f}, or not at all",
        )
    return seconds


class Wait:
    """One wait for one lock."""

    def __init__(self, path: Path | str, kind: str, patience: float, waited: float = 0.0) -> None:
        self._path = path
        self._kind = kind
        self._patience = patience
        self._began = time.monotonic() - waited
        self._reported = False

    def pause(self) -> None:
        """Sleep a moment; report the wait once it takes long.

        Raises:
            Busy: the limit is reached.
        """
        waited = time.monotonic() - self._began
        if waited >= self._patience:
            raise Busy(
                str(self._path), f"{holder(self._path, self._kind)} has it locked, and it was waited for in vain"
            )
        if waited >= NOTICE and not self._reported:
            self._reported = True
            Reporter.write(
                f"waiting for {self._path}: {holder(self._path, self._kind)} has it locked;"
                f" giving up after {self._patience:.0f} seconds"
            )
        time.sleep(random.uniform(*_PAUSES))  # noqa: S311 - no secret


@contextmanager
def locked(folder: Path, *, like: Path | None = None) -> Iterator[None]:
    """Keep other processes that ask from writing into the folder; the lock ends with the process that holds it.

    `like`: the file whose mode and group a new folder and lock get.

    Raises:
        Busy: another process held the lock up to the limit.
    """
    lock = f"{folder}/lock"
    descriptor = open_lock(folder, like)
    try:
        _take(descriptor, fcntl.LOCK_EX, lock)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path, patience: float) -> Iterator[None]:
    """Keep other processes that ask for the same from what is derived in a folder; nothing is laid there for it.

    Raises:
        Busy: another process held the lock for too long.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems do not lock folders: then two may do the same work
            _take(descriptor, fcntl.LOCK_EX, folder, patience)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Keep processes that ask by `locked` from writing into the folder; where there is no lock, it is only read.

    Raises:
        Busy: another process held the lock up to the limit.
    """
    lock = folder / "lock"
    try:
        descriptor = open_ours(lock, os.O_RDONLY)
    except OSError:  # nobody wrote here yet, or nobody can
        yield
        return
    try:
        _take(descriptor, fcntl.LOCK_SH, lock)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, how: int, lock: Path | str, patience: float | None = None) -> None:
    wait = None
    while True:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            wait = wait or Wait(lock, _FOLDER, limit() if patience is None else patience)
            wait.pause()
        else:
            return


class PatientConnection(sqlite3.Connection):
    """A connection to a database that waits for the locks of other processes as `locked` does."""

    path: Path
    patience: float

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 - what SQLite can store
        """Execute a statement, again and again while another process has the database locked.

        Raises:
            Busy: it was locked up to the limit; the statement did nothing.
        """
        wait = None
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise
            wait = wait or Wait(self.path, _SQLITE, self.patience, STEP)
            wait.pause()


def connect(path: Path, mode: str, patience: float | None = None) -> PatientConnection:
    """Open a database, whose transactions are the caller's to begin and to end; `mode` is SQLite's."""
    patience = limit() if patience is None else patience
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=min(STEP, patience),
        isolation_level=None,
        check_same_thread=False,
        factory=PatientConnection,
    )
    connection.path, connection.patience = path, patience
    return connection


def is_busy(error: BaseException) -> bool:
    """Whether SQLite gave up waiting for another process."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def holder(path: Path | str, kind: str = _SQLITE) -> str:
    """The process that has a file locked, in words; as Linux names it, else 'another process'."""
    try:
        found = Path(path).stat()
        rows = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:  # another system, or the file is gone
        return "another process"
    inode = str(found.st_ino)
    held = [row for row in rows if row[1] == kind and row[5].rpartition(":")[2] == inode and row[4] != str(os.getpid())]
    device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{inode}"
    # Who writes comes first; some file systems give another number of the device than `stat` does.
    held.sort(key=lambda row: (row[5] != device, row[3] != "WRITE"))
    process = held[0][4] if held else ""
    return f"process {process}" if process.isdecimal() and int(process) else "another process"
