"""The file `views.sqlite`: its tables, and how far they have come. Delete it, and the next question rebuilds it.

Questions start here, so only the standard library and the plain parts of `domain` are imported.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from domain.history import Act
from domain.lifecycle import SUCCESSION
from projections import bodies, decisions, evidence, letters, links, overrides, pledges, search

REVISION: Final = 6
"""Raised when other rows come from the same entries."""

REGISTERS: Final = (links.REGISTER, decisions.REGISTER, letters.REGISTER, pledges.REGISTER, bodies.REGISTER)

_ACT_COLUMNS: Final = ", ".join(f'"{column}"' for column in Act._fields)

TABLES: Final = {
    "acts": f"CREATE TABLE acts ({_ACT_COLUMNS}, PRIMARY KEY (subject, position, cycle, known, option)) WITHOUT ROWID",
    "evidence": evidence.TABLE,
    "entries": search.TABLE,
    "overrides": overrides.TABLE,
    **{register.name: register.table for register in REGISTERS},
    "mark": "CREATE TABLE mark (fingerprint, origin, position, first, last)",
}
INDEXES: Final = (
    "CREATE INDEX acts_by_entry ON acts (position)",
    f"CREATE INDEX successions ON acts (position) WHERE type = '{SUCCESSION}'",
)
_MADE: Final = json.dumps([REVISION, *TABLES.values(), *INDEXES, *search.INDEX])
_FINGERPRINT: Final = hashlib.sha256(_MADE.encode()).hexdigest()


PATIENCE: Final = 2.0
"""Seconds to wait for another reader; whoever asked is then answered from memory."""


class Mark(NamedTuple):
    """How far a ledger's entries go, or how far the views have followed them."""

    origin: str
    """The ledger's own name."""
    position: int = 0
    """Of the last entry; 0 for none."""
    first: str = ""
    last: str = ""
    """The ids of the first and the last entry."""


Opener: TypeAlias = Callable[[Path, str], sqlite3.Connection]
"""Opens a file in a mode of SQLite, and waits for the locks of other processes as its user does."""


def open_file(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file; another process that has it locked is waited for in silence."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)


def connect(path: Path | str, *, read_only: bool = False, opener: Opener = open_file) -> sqlite3.Connection:
    """Open the file; to write also an empty one. Transactions are the caller's to begin and to end."""
    if isinstance(path, Path):
        connection = opener(path, "ro" if read_only else "rwc")
    else:
        connection = sqlite3.connect(path, uri=True, isolation_level=None)
    if path == ":memory:":
        connection.execute("PRAGMA temp_store = memory")  # the disk may be full
    with suppress(sqlite3.DatabaseError):  # what is no database says so when it is asked for its mark
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def quoted(name: str) -> str:
    """A name that is not ours, as SQL writes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def connect_anew(path: Path, create: Callable[[Path], object], opener: Opener = open_file) -> sqlite3.Connection:
    """Open the file to fill it anew; what cannot be read as views is thrown away, with the journal beside it."""
    if not path.exists():
        create(path)
    connection = connect(path, opener=opener)
    try:
        (views,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").fetchone()
        whole = not views and connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError as error:
        whole = False
        if isinstance(error, sqlite3.OperationalError):
            connection.close()
            raise
    except BaseException:
        connection.close()
        raise
    if whole:
        return connection
    connection.close()
    for file in (path.with_name(f"{path.name}-journal"), path):
        file.unlink(missing_ok=True)
    create(path)
    return connect(path, opener=opener)


def make(connection: sqlite3.Connection, origin: str, *, searched: bool = True) -> None:
    """Make the tables, which follow nothing yet; unless they are `searched`, without the index over the words."""
    for statement in (*TABLES.values(), *INDEXES, *(search.INDEX if searched else ())):
        connection.execute(statement)
    connection.execute("INSERT INTO mark VALUES (?, ?, 0, '', '')", (_FINGERPRINT, origin))


def mark(connection: sqlite3.Connection) -> Mark | None:
    """How far the views have come; None when they are not of this release, or not views at all.

    Raises:
        sqlite3.OperationalError: another process has them locked.
    """
    try:
        if not _is_ours(connection):
            return None
        row = connection.execute("SELECT fingerprint, origin, position, first, last FROM mark").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise
        return None
    return Mark(*row[1:]) if row and row[0] == _FINGERPRINT else None


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the tables are those that are made here: what would be computed while it is read could take for ever."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
    tables = {name: sql for type_, name, sql in rows if type_ == "table"}
    computed = {sql for type_, _, sql in rows if type_ in ("view", "trigger")}
    return all(tables.get(name) == sql for name, sql in TABLES.items()) and computed <= {*search.INDEX}


def words(connection: sqlite3.Connection) -> list[tuple[str, str, int, int]]:
    """What the index over words holds: each word, in which column, in how many entries, how often."""
    connection.execute("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, search, col)")
    try:
        return connection.execute("SELECT term, col, doc, cnt FROM temp.indexed ORDER BY term, col").fetchall()
    finally:
        connection.execute("DROP TABLE temp.indexed")


def set_mark(connection: sqlite3.Connection, reached: Mark) -> None:
    """Note how far the views have come."""
    connection.execute("UPDATE mark SET origin = ?, position = ?, first = ?, last = ?", reached)


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """Every table but the mark, sorted by its primary key, as canonical JSON Lines."""
    for table in TABLES:
        if table == "mark":
            continue
        columns = connection.execute(f'SELECT name, pk FROM pragma_table_info("{table}")').fetchall()
        key = ", ".join(f'"{name}"' for name, _ in sorted((c for c in columns if c[1]), key=lambda column: column[1]))
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY {key}'):
            named = dict(zip((name for name, _ in columns), row, strict=True))
            yield json.dumps({"table": table, **named}, ensure_ascii=False, separators=(",", ":"))
