"""The file: made once, opened only when it is exactly ours, and proof against accidents."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store import file
from ledger.store.errors import Busy, Damaged, NotALedger, Unavailable
from tests.house import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger in a folder whose name a careless URI would misread."""
    folder = tmp_path / "a 100% odd?name#1"
    folder.mkdir()
    made = folder / "entries.sqlite"
    file.create(made)
    return made


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """The ledger, opened, with two entries in it."""
    with closing(file.connect(path)) as opened:
        opened.execute("INSERT INTO entries VALUES (1, 'noted/1', 'entry:a' || char(10) || 'body:x', x'01')")
        opened.execute("INSERT INTO entries VALUES (2, 'moved/1', '', x'02')")
        opened.execute("INSERT INTO tags VALUES ('entry:a', 'noted/1', 1), ('body:x', 'noted/1', 1)")
        yield opened


def bare(path: Path) -> sqlite3.Connection:
    """A connection that checks nothing: what another program, or a careless hand, would use."""
    return sqlite3.connect(path, isolation_level=None)


def test_a_new_ledger_has_no_problems(path: Path) -> None:
    """What `create` makes, `connect` recognises, and it is empty."""
    with closing(file.connect(path)) as opened:
        assert file.schema_problems(opened) == []
        assert (file.head(opened), file.first_and_last(opened), file.scan(opened, 0, 10)) == (0, None, [])


def test_the_settings_are_in_force(path: Path) -> None:
    """Every connection keeps its commits through a power cut."""
    with closing(file.connect(path)) as opened:
        names = ("journal_mode", "synchronous", "cache_size")
        found = [opened.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert found == ["delete", 3, -65536]


@pytest.mark.parametrize("name", ["entries.sqlite", "entries.sqlite-journal", "entries.sqlite-wal"])
def test_create_never_overwrites(tmp_path: Path, name: str) -> None:
    """Neither a file nor the journal of a lost one gives way to a new ledger."""
    (tmp_path / name).write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        file.create(tmp_path / "entries.sqlite")
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [(name, b"precious")]


def test_create_gives_way_to_whoever_was_a_moment_earlier(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that appears after `create` has looked is not touched either."""
    before = path.read_bytes()
    monkeypatch.setattr("os.path.lexists", lambda _: False)
    with pytest.raises(FileExistsError):
        file.create(path)
    assert path.read_bytes() == before


def test_create_leaves_nothing_behind_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger is made as a whole or not at all."""
    monkeypatch.setitem(file.SCHEMA, "nonsense", "CREATE NONSENSE")
    with pytest.raises(sqlite3.OperationalError):
        file.create(tmp_path / "entries.sqlite")
    assert list(tmp_path.iterdir()) == []


def make_nothing(_: Path) -> None:
    """Leave the place empty."""


def make_folder(path: Path) -> None:
    """A folder in the place of the file."""
    path.mkdir()


def make_foreign(path: Path) -> None:
    """A database of another program, in its own mode."""
    with closing(bare(path)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("CREATE TABLE songs (title)")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_nothing, "no such file"),
        (make_folder, "not a file"),
        (Path.touch, "empty"),
        (lambda path: path.write_text("Minutes of the council\n" * 99), "not a database"),
        (make_foreign, "another program's file"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_ledger_is_refused(
    tmp_path: Path, make: Callable[[Path], object], why: str, *, read_only: bool
) -> None:
    """Opening makes no ledger, and the reason is told."""
    path = tmp_path / "entries.sqlite"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(NotALedger, match=why):
        file.connect(path, read_only=read_only)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize(
    ("accident", "why"),
    [
        ("PRAGMA application_id = 1", "another program's file"),
        ("PRAGMA user_version = 2", "format 2"),
        ("DROP TRIGGER entries_never_go", "entries_never_go is missing"),
        ("DROP TABLE tags", "tags is missing; tags_name_an_entry_once is missing"),
        ("CREATE TABLE notes (note)", "a table notes that is not ours"),
        ("CREATE INDEX faster ON entries (type)", "an? index faster that is not ours"),
        ("ALTER TABLE entries ADD COLUMN note TEXT", "the table entries was altered"),
        (
            "DROP TRIGGER tags_never_go; CREATE TRIGGER tags_never_go BEFORE DELETE ON tags BEGIN SELECT 1; END",
            "the trigger tags_never_go was altered",
        ),
    ],
)
def test_an_altered_ledger_is_refused(path: Path, accident: str, why: str) -> None:
    """Ids and schema text are compared to the letter."""
    with closing(bare(path)) as opened:
        opened.executescript(accident)
        assert file.schema_problems(opened)
    with pytest.raises(NotALedger, match=why):
        file.connect(path)


@pytest.mark.parametrize("lost", [1, 4096, 3 * 4096, -100])
def test_a_truncated_ledger_is_damaged(path: Path, lost: int) -> None:
    """A file that lost its end (all but 100 bytes in the last case) is told from a ledger, down to a byte."""
    kept = path.read_bytes()[:-lost]
    path.write_bytes(kept)
    with pytest.raises(Damaged):
        file.connect(path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "accident",
    [
        "UPDATE entries SET data = x'00'",
        "UPDATE OR REPLACE entries SET position = 2 WHERE position = 1",
        "DELETE FROM entries WHERE position = 2",
        "INSERT INTO entries VALUES (1, 'noted/1', '', x'00')",
        "INSERT OR REPLACE INTO entries VALUES (1, 'noted/1', '', x'00')",
        "INSERT INTO entries VALUES (1, 'n/1', '', x'00') ON CONFLICT DO UPDATE SET data = excluded.data",
        "UPDATE tags SET position = 2",
        "DELETE FROM tags",
        "INSERT INTO tags VALUES ('entry:a', 'moved/1', 2)",
        "INSERT OR REPLACE INTO tags VALUES ('entry:a', 'noted/1', 1)",
    ],
)
def test_entries_are_proof_against_accidents(connection: sqlite3.Connection, accident: str) -> None:
    """Nothing that is recorded is changed, removed or replaced, and no id is given twice."""
    tables = ("entries", "tags")
    before = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608  # our tables
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(accident)
    assert before == [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608  # again


def test_the_ends_and_a_scan_tell_what_lies_there(connection: sqlite3.Connection) -> None:
    """Plain rows come in order, of all types or of some, as many as asked for."""
    first, last = (1, "noted/1", b"\x01"), (2, "moved/1", b"\x02")
    assert (file.head(connection), file.first_and_last(connection)) == (2, (first, last))
    assert file.scan(connection, 0, 10) == [first, last]
    assert file.scan(connection, 0, 1) == file.scan(connection, 0, 10, ["noted/1"]) == [first]
    assert file.scan(connection, 1, 10, ["noted/1"]) == file.scan(connection, 0, 10, []) == []


@pytest.mark.usefixtures("connection")
def test_a_folder_that_can_only_be_read_is_enough_to_read(path: Path) -> None:
    """An auditor reads a ledger from a medium that nobody can write."""
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with closing(file.connect(path, read_only=True)) as opened:
            assert file.head(opened) == 2
            with pytest.raises(sqlite3.OperationalError), file.explained(path):
                opened.execute("CREATE TABLE")  # our bug passes as it is
            with pytest.raises(Unavailable, match="can only be read"), file.explained(path):
                opened.execute("INSERT INTO entries VALUES (3, 'noted/1', '', x'03')")
    finally:
        path.parent.chmod(0o755)


def test_a_ledger_in_use_is_busy(path: Path) -> None:
    """Whoever waits long enough for another program is told so."""
    with closing(bare(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy, match="another process has it locked"):
            file.connect(path, patience=0.01)


def test_questions_start_without_the_libraries() -> None:
    """Opening a ledger loads neither the library of events nor pydantic nor click."""
    code = "import sys, ledger.store.file; print({'eventsourcing', 'pydantic', 'click'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
