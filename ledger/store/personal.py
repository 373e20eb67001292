"""The file `personal.sqlite`: personal details, apart from the entries, so that they can be erased.

An entry holds only a commitment to each: SHA-256 over `civic-ledger-personal/1`, a line feed, 32 random bytes of salt
and the detail in UTF-8. Without the salt nobody can try out what the detail may have been. The laws of the file:

1. A detail is on the disk before the entry that commits to it. Killed in between, it is announced and no entry names
   it: the next write removes it.
2. A redaction is announced before it is recorded, and the detail erased after. Killed in between, the next write
   erases.
3. What is erased is overwritten with zeros (secure_delete), and the file written anew (VACUUM): what pages held before
   they were split or joined is overwritten too. No journal outlives its transaction, nothing waits in another file.
4. Where a group shares the entries to write in them, it shares this file; nobody else may read it but its owner.
5. All writing goes under one lock, so that nobody removes what somebody else has just announced.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import stat
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ledger.disk import make_file, sync
from ledger.store import file
from ledger.store.errors import Damaged, NotALedger, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

APPLICATION_ID: Final = 0x43495650  # "CIVP"
USER_VERSION: Final = 1
SALT: Final = 32
"""Bytes."""

_SCHEMA: Final = {
    "details": """\
CREATE TABLE details (
    commitment TEXT PRIMARY KEY,
    salt BLOB NOT NULL,
    value TEXT NOT NULL,
    entry TEXT NOT NULL, -- its id
    digest TEXT NOT NULL, -- of what the whole entry says, so that asking twice records once
    sum TEXT NOT NULL -- SHA-256 over the others: an accident that changes any of them is noticed
) STRICT, WITHOUT ROWID""",
    "by_digest": "CREATE INDEX by_digest ON details (digest)",
    "announced": """\
CREATE TABLE announced (
    entry TEXT NOT NULL, -- the id of the entry that is about to be recorded
    commitment TEXT NOT NULL,
    erase INTEGER NOT NULL, -- whether the entry orders the detail to be erased
    PRIMARY KEY (entry, commitment)
) STRICT, WITHOUT ROWID""",
}

_EXPECTED: Final = [
    ("index" if name == "by_digest" else "table", name, "details" if name == "by_digest" else name, sql)
    for name, sql in _SCHEMA.items()
]
"""The rows of SQLite's own table of tables."""


class Detail(NamedTuple):
    """A personal detail, and what its entry holds in its place."""

    commitment: str
    salt: bytes
    value: str
    entry: str
    digest: str
    sum: str

    def is_whole(self) -> bool:
        """Whether nothing of it changed by accident."""
        return self.sum == _sum(self.commitment, self.salt, self.value, self.entry, self.digest)


def committed(value: str, entry: str, digest: str) -> Detail:
    """Commit to a detail, with a fresh salt."""
    salt = secrets.token_bytes(SALT)
    told = (commitment(salt, value), salt, value, entry, digest)
    return Detail(*told, _sum(*told))


def _sum(commitment: str, salt: bytes, value: str, entry: str, digest: str) -> str:
    told = f"{commitment}\n{salt.hex()}\n{entry}\n{digest}\n{value}"
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def commitment(salt: bytes, value: str) -> str:
    """The commitment (hex) to a detail."""
    return sha256(b"civic-ledger-personal/1\n" + salt + value.encode()).hexdigest()


class Record(Protocol):
    """What is on record, as far as details go."""

    def holds(self, entry: str) -> bool:
        """Whether an entry of this id is on record."""

    def orders(self, entry: str, commitment: str) -> bool:
        """Whether an entry of this id is on record that orders this detail to be erased."""


class PersonalStore:
    """The personal details of a ledger; the file is made when the first is recorded."""

    def __init__(self, path: Path, lock: Callable[[], AbstractContextManager[None]]) -> None:
        self._path = path
        self._lock = lock
        self.unsettled: StoreError | None = None
        """Why what was recorded could not be carried out here; the next write does it."""

    def value(self, commitment: str, orders: Callable[[str, str], bool]) -> str | None:
        """A detail; None where it was erased, is ordered to be, or is not in this copy.

        `orders` says whether an entry on record orders a detail to be erased: an announcement that no entry follows,
        as a stopped writer or a stranger leaves it, hides nothing.
        """
        if not self._path.exists():
            return None
        with self._opened(read_only=True) as connection:
            row = connection.execute("SELECT value FROM details WHERE commitment = ?", (commitment,)).fetchone()
            erasing = "SELECT entry FROM announced WHERE commitment = ? AND erase = 1"
            announced = connection.execute(erasing, (commitment,)).fetchall() if row else []
        return str(row[0]) if row and not any(orders(str(entry), commitment) for (entry,) in announced) else None

    def entry_of(self, digest: str) -> str | None:
        """The id of the entry that says just this, if it keeps details apart that are still here."""
        if not self._path.exists():
            return None
        with self._opened(read_only=True) as connection:
            row = connection.execute("SELECT entry FROM details WHERE digest = ?", (digest,)).fetchone()
        return str(row[0]) if row else None

    @contextmanager
    def recording(self, details: Iterable[Detail], erased: Iterable[tuple[str, str]], record: Record) -> Iterator[None]:
        """Keep details while the entries that name them are recorded, and erase what entries order to be erased.

        `erased` has the id of each such entry, with a commitment.
        """
        details, erased = list(details), list(erased)
        if not (details or erased or self._path.exists()):
            yield
            return
        with self._lock():
            if not self._path.exists():
                self._create()
            self._settle(record)
            self._announce(details, erased)
            try:
                yield
            except BaseException:
                with suppress(Exception):  # what went wrong first is told; the next write settles
                    self._settle(record)
                raise
            try:
                self._settle(record)
            except StoreError as error:
                self.unsettled = error
            else:
                self.unsettled = None

    def settle(self, record: Record) -> None:
        """Go on where a writer was stopped."""
        if not self._path.exists():
            return
        with self._lock():
            self._settle(record)

    def _announce(self, details: list[Detail], erased: list[tuple[str, str]]) -> None:
        if not (details or erased):
            return
        with self._opened() as connection, _transaction(connection):
            connection.executemany("INSERT OR REPLACE INTO details VALUES (?, ?, ?, ?, ?, ?)", details)
            connection.executemany(
                "INSERT OR REPLACE INTO announced VALUES (?, ?, ?)",
                [
                    *((one.entry, one.commitment, 0) for one in details),
                    *((entry, commitment, 1) for entry, commitment in erased),
                ],
            )

    def _settle(self, record: Record) -> None:
        """Carry out what was announced and then recorded, and forget what was not recorded."""
        with self._opened() as connection:
            announced = connection.execute("SELECT entry, commitment, erase FROM announced").fetchall()
            if not announced:
                return
            ordered = [
                (commitment,) for entry, commitment, erase in announced if erase and record.orders(entry, commitment)
            ]
            there = {entry: record.holds(entry) for entry in {entry for entry, _, erase in announced if not erase}}
            orphans = [(commitment, entry) for entry, commitment, erase in announced if not erase and not there[entry]]
            if ordered or orphans:
                with _transaction(connection):
                    _forget_digests(connection, ordered)
                    connection.executemany("DELETE FROM details WHERE commitment = ?", ordered)
                    connection.executemany("DELETE FROM details WHERE commitment = ? AND entry = ?", orphans)
                connection.execute("VACUUM")  # killed before, it is still announced, and done again
            with _transaction(connection):
                connection.execute("DELETE FROM announced")

    def _create(self) -> None:
        made = self._path.with_name(f"{self._path.name}~")
        for path in (made, made.with_name(f"{made.name}-journal")):
            path.unlink(missing_ok=True)
        entries = self._path.with_name("entries.sqlite")
        shared = entries.exists() and entries.stat().st_mode & stat.S_IWGRP  # by clerks who record in it together
        os.close(make_file(made, like=entries, most=0o660 if shared else 0o600))
        with file.explained(self._path), closing(sqlite3.connect(made, isolation_level=None)) as connection:
            _configure(connection)
            with _transaction(connection):
                for statement in _SCHEMA.values():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {USER_VERSION}")
        made.replace(self._path)
        sync([self._path.parent])

    @contextmanager
    def _opened(self, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
        with file.explained(self._path), closing(file.connect_raw(self._path, read_only=read_only)) as connection:
            if problem := schema_problem(connection):
                raise NotALedger(str(self._path), problem)
            if not read_only:
                _configure(connection)
            yield connection


def schema_problem(connection: sqlite3.Connection) -> str:
    """In what way the file differs from what is made here; nothing for one that is ours."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (user_version,) = connection.execute("PRAGMA user_version").fetchone()
    if (application_id, user_version) != (APPLICATION_ID, USER_VERSION):
        return "another program's file, or of another release"
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return "" if sorted(found) == sorted(_EXPECTED) else "its tables were altered"


def details_of(path: Path) -> list[Detail]:
    """Every detail in the file.

    Raises:
        StoreError: it cannot be read.
    """
    if not path.exists():
        return []
    with file.explained(path), closing(file.connect_raw(path)) as connection:
        try:
            if problem := schema_problem(connection):
                raise Damaged(str(path), problem)
            (sound,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if sound != "ok":
                raise Damaged(str(path), sound)
            rows = connection.execute("SELECT commitment, salt, value, entry, digest, sum FROM details").fetchall()
            indexed = connection.execute("SELECT digest, commitment FROM details ORDER BY digest").fetchall()
            if sorted(indexed) != sorted((row[4], row[0]) for row in rows):
                raise Damaged(str(path), "its index does not agree with its table")
            return sorted(Detail(*row) for row in rows)
        except (sqlite3.DatabaseError, TypeError) as error:
            raise Damaged(str(path), str(error)) from error


def to_hand_over(path: Path, orders: Callable[[str, str], bool]) -> list[Detail]:
    """Every detail in the file but those that were ordered to be erased, whether or not they are.

    `orders`: as for `PersonalStore.value`.

    Raises:
        StoreError, sqlite3.Error: it cannot be read.
    """
    announced = announced_in(path)
    ordered = {commitment for entry, commitment, erase in announced if erase and orders(entry, commitment)}
    return [one for one in details_of(path) if one.commitment not in ordered]


def announced_in(path: Path) -> list[tuple[str, str, bool]]:
    """What was announced and not yet settled: the id of the entry, a commitment, whether it is to be erased.

    Raises:
        StoreError, sqlite3.Error: it cannot be read.
    """
    if not path.exists():
        return []
    with file.explained(path), closing(file.connect_raw(path)) as connection:
        rows = connection.execute("SELECT entry, commitment, erase FROM announced").fetchall()
    return [(str(entry), str(commitment), bool(erase)) for entry, commitment, erase in rows]


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite itself ends it where the disk is full
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _forget_digests(connection: sqlite3.Connection, ordered: Iterable[tuple[str]]) -> None:
    """What remains of an entry must not tell what was erased of it to whoever tries it out: a digest of all would."""
    entry = "SELECT entry FROM details WHERE commitment = ?"
    for (id_,) in {row for commitment in ordered for row in connection.execute(entry, commitment).fetchall()}:
        rows = connection.execute("SELECT commitment, salt, value, entry FROM details WHERE entry = ?", (id_,))
        for made, salt, value, own in rows.fetchall():
            told = (made, salt, value, own, secrets.token_hex(32))
            connection.execute("INSERT OR REPLACE INTO details VALUES (?, ?, ?, ?, ?, ?)", (*told, _sum(*told)))


def _configure(connection: sqlite3.Connection) -> None:
    for setting in ("journal_mode = delete", "synchronous = extra", "secure_delete = on", "temp_store = memory"):
        connection.execute(f"PRAGMA {setting}")
