"""The file `entries.sqlite`: how it is made, opened, recognised and looked at.

The laws of the file:

1. Only `create` makes one, and never in the place of another.
2. `connect` opens nothing whose ids and schema text are not exactly ours.
3. Whatever was committed is on the disk: journal_mode=DELETE and synchronous=EXTRA, set and read back each time.
4. Entries are never changed, removed or replaced: triggers stop the accidents (only signed checkpoints stop people).

Questions start here, so only the standard library is imported. While a ledger is open, nothing in the same process
may open its file in another way (to copy or to hash it, say): closing that would drop SQLite's POSIX locks.
"""

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence, Sized
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

from ledger import locks
from ledger.disk import forbidden, sync
from ledger.store.errors import Busy, Damaged, Forbidden, Full, NotALedger, StoreError, Unavailable

Row: TypeAlias = tuple[int, str, bytes]
"""An entry as it lies there: position (from 1), name on disk, data."""

APPLICATION_ID = 0x43495643  # "CIVC"
USER_VERSION = 1
_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""The last bytes of a journal that names another one (https://www.sqlite.org/fileformat.html, the rollback journal)."""
_LEAST_JOURNAL = 16
"""Bytes: a journal that is shorter names none."""

SCHEMA = {
    "entries": """\
CREATE TABLE entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    tags TEXT NOT NULL, -- joined by line feeds, in the event's order
    data BLOB NOT NULL
) STRICT""",
    "tags": """\
CREATE TABLE tags (
    tag TEXT NOT NULL,
    type TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tag, type, position)
) STRICT, WITHOUT ROWID""",
    "entries_never_change": """\
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END""",
    "entries_never_go": """\
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END""",
    # INSERT OR REPLACE deletes without asking the triggers above; it cannot pass the next two.
    "entries_are_new": """\
CREATE TRIGGER entries_are_new BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'this position is taken'); END""",
    "tags_name_an_entry_once": """\
CREATE TRIGGER tags_name_an_entry_once BEFORE INSERT ON tags
WHEN NEW.tag GLOB 'entry:*' AND EXISTS (SELECT 1 FROM tags WHERE tag = NEW.tag)
BEGIN SELECT RAISE(ABORT, 'an entry with this id is recorded already'); END""",
    "tags_never_change": """\
CREATE TRIGGER tags_never_change BEFORE UPDATE ON tags
BEGIN SELECT RAISE(ABORT, 'a tag is never changed'); END""",
    "tags_never_go": """\
CREATE TRIGGER tags_never_go BEFORE DELETE ON tags
BEGIN SELECT RAISE(ABORT, 'a tag is never removed'); END""",
}
_FOUND = {
    name: ("table", name, sql) if sql.startswith("CREATE TABLE") else ("trigger", sql.split()[6], sql)
    for name, sql in (SCHEMA | {"sqlite_sequence": "CREATE TABLE sqlite_sequence(name,seq)"}).items()  # AUTOINCREMENT's
}
"""By name: what kind of thing it is, of which table, and its text."""
_SETTINGS = {"journal_mode": "delete", "synchronous": 3, "cache_size": -65536}  # 3 is EXTRA, -65536 is 64 MiB
_REASONS = {
    sqlite3.SQLITE_CANTOPEN: "the file, or the journal beside it, cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_PERM: "the file may not be used",
    sqlite3.SQLITE_PROTOCOL: "the locks of the file cannot be had",
    sqlite3.SQLITE_READONLY: "the file, or the folder around it, can only be read",
}


def create(path: Path) -> None:
    """Make an empty ledger that survives a power cut.

    Raises:
        FileExistsError: something lies there, or a journal that belongs to a file which lay there.
        Unavailable: the disk does not let us; nothing is left behind.
    """
    for taken in (path, path.with_name(f"{path.name}-journal"), path.with_name(f"{path.name}-wal")):
        if os.path.lexists(taken):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(taken))
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    # A crash between here and COMMIT leaves an empty file, which `connect` refuses and `create` does not touch.
    try:
        with explained(path), closing(locks.connect(path, "rw")) as connection:
            _configure(connection, path)
            connection.execute("BEGIN EXCLUSIVE")
            for statement in SCHEMA.values():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {USER_VERSION}")
            connection.execute("COMMIT")
        sync([path.parent])  # or a power cut leaves the file and forgets where it lay
    except BaseException:
        path.unlink()
        raise


def is_new(path: Path) -> bool:
    """Whether this is a whole ledger in which nothing was ever recorded."""
    try:
        with closing(connect(path, read_only=True)) as connection:
            return not connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_sequence)").fetchone()[0]
    except (StoreError, sqlite3.Error):
        return False


def connect(path: Path, *, read_only: bool = False, patience: float | None = None) -> sqlite3.Connection:
    """Open a ledger that exists; transactions are the caller's to begin and to end.

    `patience`: the seconds to wait for the lock of another process, where that is not left to `locks.limit`.

    Raises:
        Busy: another process has the file locked.
        NotALedger: nothing, an empty file, something foreign or something altered lies there.
        Damaged: the file contradicts itself.
        Unavailable: the file cannot be used at present.
    """
    _refuse_what_is_no_file(path)
    with explained(path):
        try:
            return _recognised(path, "ro" if read_only else "rw", patience)
        except sqlite3.OperationalError as error:
            if not read_only or _code(error) != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        # A writer died amid its commit. Whoever opens the file for writing undoes the half that it left.
        _recognised(path, "rw", patience).close()
        return _recognised(path, "ro", patience)


def connect_raw(path: Path, *, read_only: bool = True) -> sqlite3.Connection:
    """Open a database whatever it holds; for whoever examines what may be damaged, or judges it by rules of its own.

    Raises:
        NotALedger: nothing or an empty file lies there.
        sqlite3.Error: it cannot be opened at all.
    """
    _refuse_what_is_no_file(path)
    connection = locks.connect(path, "ro" if read_only else "rw")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError as error:
        connection.close()
        if _code(error) != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
        with closing(locks.connect(path, "rw")) as writing:  # undoes the half that a dead writer left
            writing.execute("SELECT count(*) FROM sqlite_schema")
        return locks.connect(path, "ro")
    except BaseException:
        connection.close()
        raise
    return connection


def schema_problems(connection: sqlite3.Connection) -> list[str]:
    """Every way in which the file differs from what `create` makes; none for a ledger."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        return [f"another program's file (its application_id is {application_id}, not {APPLICATION_ID})"]
    (user_version,) = connection.execute("PRAGMA user_version").fetchone()
    if user_version != USER_VERSION:
        return [f"format {user_version} of the file is not known here, only {USER_VERSION}"]
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    problems = [f"{name} is missing" for name in _FOUND if name not in {row[1] for row in rows}]
    for kind, name, table, sql in rows:
        if name not in _FOUND:
            problems.append(f"there is a {kind} {name} that is not ours")
        elif (kind, table, sql) != _FOUND[name]:
            problems.append(f"the {_FOUND[name][0]} {name} was altered")
    return problems


def head(connection: sqlite3.Connection) -> int:
    """The position of the last entry, 0 when there is none."""
    (position,) = connection.execute("SELECT coalesce(max(position), 0) FROM entries").fetchone()
    return int(position)


def first_and_last(connection: sqlite3.Connection) -> tuple[Row, Row] | None:
    """The entries at both ends (the same one twice if it is alone), None when there is none."""
    rows = connection.execute(
        "SELECT position, type, data FROM entries WHERE position"
        " IN ((SELECT min(position) FROM entries), (SELECT max(position) FROM entries)) ORDER BY position"
    ).fetchall()
    return (rows[0], rows[-1]) if rows else None


def scan(connection: sqlite3.Connection, after: int, limit: int, types: Sequence[str] | None = None) -> list[Row]:
    """At most `limit` entries behind the position `after`, in order; of every type, or of those named."""
    wanted = () if types is None else types
    narrowed = among(types)
    sql = f"SELECT position, type, data FROM entries WHERE position > ?{narrowed} ORDER BY position LIMIT ?"  # noqa: S608  # no values, only marks
    return connection.execute(sql, (after, *wanted, limit)).fetchall()


def among(types: Sized | None) -> str:
    """The SQL, with one mark a type, that narrows a search to `types`; nothing for None."""
    return "" if types is None else f" AND type IN ({','.join('?' * len(types))})"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into the errors of the house; the one place that does.

    Misuse of SQL and refusals of the schema pass unchanged: the first are our bugs, the second the caller's to judge.
    """
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if told := explain(path, error):
            raise told from error
        raise


def explain(path: Path, error: BaseException) -> StoreError | None:
    """What SQLite says, as an error of the house; None for anything else."""
    what, code = str(path), _code(error)
    told = f"({error}, {getattr(error, 'sqlite_errorname', 'no code')})"
    match code & 0xFF:  # the rest of the code is detail
        case _ if isinstance(error, UnicodeDecodeError):  # SQLite quotes in its message what it cannot read
            return Damaged(what, f"the file contradicts itself ({error})")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(what, f"{locks.holder(path)} has it locked {told}")
        case sqlite3.SQLITE_NOTADB:
            return NotALedger(what, f"not a database {told}")
        case sqlite3.SQLITE_CORRUPT:
            return Damaged(what, f"the file contradicts itself {told}")
        case sqlite3.SQLITE_FULL:
            return Full(what, f"the disk is full {told}")
        case sqlite3.SQLITE_IOERR if code == sqlite3.SQLITE_IOERR_WRITE:  # SQLite does not say why
            return Full(what, f"the disk is full, a limit on the size of files is reached, or it fails {told}")
        case sqlite3.SQLITE_READONLY if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return Unavailable(what, f"a writer died amid its commit; open it again {told}")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM if whose := forbidden(path):
            return Forbidden(what, f"you may not use it: {whose} {told}")
        case _ if is_undecodable(error):
            return Damaged(what, "the file contradicts itself (it holds text that is not UTF-8)")
        case primary:
            return Unavailable(what, f"{_REASONS[primary]} {told}") if primary in _REASONS else None


def is_undecodable(error: BaseException) -> bool:
    """Whether text in a database is not UTF-8: Python's own module says so, without a code."""
    return isinstance(error, sqlite3.Error) and not _code(error) and str(error).startswith("Could not decode to UTF-8")


def _code(error: BaseException) -> int:
    """SQLite's extended code; 0 for what Python's own module complains of."""
    return getattr(error, "sqlite_errorcode", 0)


def _refuse_what_is_no_file(path: Path) -> None:
    """Tell apart what SQLite would call by one name, or take for a new database."""
    if not os.path.lexists(path):
        raise NotALedger(str(path), "there is no such file")
    if path.is_symlink():
        raise NotALedger(str(path), "a link, which is not followed: put the file itself in its place")
    if not path.is_file():
        raise NotALedger(str(path), "not a file")
    if problem := misplaced(path):
        raise Damaged(str(path), problem)
    if path.stat().st_size == 0:
        raise NotALedger(str(path), "the file is empty; what was in it is lost")


def misplaced(path: Path) -> str:
    """What lies beside a database that SQLite would wait for, or obey, and that no program of ours lays there.

    A journal can name another one, the journal of several files changed together, which SQLite deletes when it has
    rolled back: whatever file that is. Ours change one file at a time.
    """
    for ending in ("-journal", "-wal"):
        beside = Path(f"{path}{ending}")
        try:
            found = beside.lstat()
            if not stat.S_ISREG(found.st_mode):
                return f"beside it lies {beside.name}, which is no file"
            with beside.open("rb") as opened:
                opened.seek(max(0, found.st_size - len(_MAGIC)))
                tail = opened.read()
        except FileNotFoundError:  # there is none, or its writer is done with it
            continue
        if ending == "-journal" and found.st_size >= _LEAST_JOURNAL and tail == _MAGIC:
            return f"beside it lies {beside.name}, which would have SQLite delete another file: move it away"
    return ""


def _recognised(path: Path, mode: str, patience: float | None) -> sqlite3.Connection:
    """A connection to a file that is ours, set as it should be."""
    connection = locks.connect(path, mode, patience)
    try:
        _refuse_what_is_not_ours(connection, path)
        _configure(connection, path)  # only now: another program's file is not to be changed by our settings
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_what_is_not_ours(connection: sqlite3.Connection, path: Path) -> None:
    if problems := schema_problems(connection):
        raise NotALedger(str(path), "; ".join(problems))
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    if path.stat().st_size < pages * size:  # SQLite notices whole pages only; it would read zeros for the rest
        raise Damaged(str(path), "the end of the file is missing")


def _configure(connection: sqlite3.Connection, path: Path) -> None:
    """Set what keeps entries safe and fast, and read it back: SQLite answers no with silence."""
    for name, wanted in _SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            raise Unavailable(str(path), f"{name} stays {found} where {wanted} is needed")
