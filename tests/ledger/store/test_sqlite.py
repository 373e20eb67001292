"""The SQLite recorder beyond the contract: what it refuses, what it survives and what it says of a failure."""

import resource
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError, ProgrammingError

from ledger.doctor import examine
from ledger.store import file
from ledger.store.errors import Busy, Damaged, OutcomeUnknown, Unavailable
from ledger.store.sqlite import SQLiteRecorder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty ledger."""
    made = tmp_path / "entries.sqlite"
    file.create(made)
    return made


@pytest.fixture
def recorder(path: Path) -> Iterator[SQLiteRecorder]:
    """A recorder that holds one entry and waits for nobody."""
    with closing(SQLiteRecorder(path, patience=0.05)) as made:
        made.append([note("entry:a", "body:x")])
        yield made


class Unlucky:
    """A connection whose next COMMIT raises, before or after it is done."""

    def __init__(self, connection: sqlite3.Connection, *, recorded: bool) -> None:
        self.connection = connection
        self.recorded = recorded

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """Do as asked, except at the end."""
        if sql != "COMMIT":
            return self.connection.execute(sql, values)
        if self.recorded:
            self.connection.execute(sql)
        why = "disk I/O error"
        raise sqlite3.OperationalError(why)


def note(*tags: str, data: bytes = b"{}") -> DCBEvent:
    """An event that bears these tags."""
    return DCBEvent("noted/1", data, list(tags))


def positions(recorder: SQLiteRecorder, *tags: str) -> list[int]:
    """Where the events that bear these tags stand."""
    return [event.position for event in recorder.read(DCBQuery([DCBQueryItem(tags=list(tags))]))]


@pytest.mark.parametrize("tag", ["", "two\nlines"])
def test_a_tag_is_a_line_of_text(recorder: SQLiteRecorder, tag: str) -> None:
    """A tag that could not be told from two is refused, and the whole batch with it."""
    with pytest.raises(ValueError, match="a line of text"):
        recorder.append([note("body:y"), note(tag)])
    assert positions(recorder) == [1]


def test_an_id_is_recorded_once(recorder: SQLiteRecorder) -> None:
    """A second entry of the same id is refused even without a condition."""
    with pytest.raises(IntegrityError, match="recorded already"):
        recorder.append([note("body:y"), note("entry:a")])
    assert positions(recorder) == [1]
    assert recorder.append([note("entry:b")]) == 2


def test_data_is_bytes(recorder: SQLiteRecorder) -> None:
    """What is not an event's data is our bug, and shows as one."""
    with pytest.raises(sqlite3.IntegrityError, match="TEXT"):
        recorder.append([note(data=cast("bytes", "text"))])


def test_an_item_has_a_limit(recorder: SQLiteRecorder) -> None:
    """More tags than a statement can compare are refused in words."""
    with pytest.raises(ValueError, match="501 tags"):
        positions(recorder, *(f"body:{number}" for number in range(501)))


def test_a_generator_is_never_all_in_memory(recorder: SQLiteRecorder) -> None:
    """Twenty megabytes are appended, and read again, in a few; positions have no gaps."""
    tracemalloc.start()
    try:
        assert recorder.append(note("body:y", data=b"%2000d" % number) for number in range(10_000)) == 10_001
        assert [event.position for event in recorder.read()] == list(range(1, 10_002))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_generator_that_fails_leaves_nothing(recorder: SQLiteRecorder) -> None:
    """An import that breaks off after many batches has recorded none of them."""

    def broken() -> Iterator[DCBEvent]:
        yield from [note("body:y")] * 3_000
        raise LookupError

    with pytest.raises(LookupError):
        recorder.append(broken())
    assert positions(recorder) == [1]
    assert recorder.append([note()]) == 2


def test_a_projection_scans_plain_rows(recorder: SQLiteRecorder) -> None:
    """Rows come in order and no more than asked for."""
    recorder.append([DCBEvent("moved/1", b"2"), DCBEvent("noted/1", b"3")])
    assert recorder.scan(0, 2) == [(1, "noted/1", b"{}"), (2, "moved/1", b"2")]
    assert recorder.scan(1, 2, ["noted/1"]) == [(3, "noted/1", b"3")]


def test_what_was_recorded_is_there_when_opened_to_be_read(path: Path, recorder: SQLiteRecorder) -> None:
    """A reader sees all entries and cannot add to them."""
    with closing(SQLiteRecorder(path, read_only=True)) as reader:
        assert positions(reader, "body:x") == positions(recorder) == [1]
        with pytest.raises(Unavailable, match="can only be read"):
            reader.append([note()])
        recorder.append([note("body:x")])
        assert positions(reader, "body:x") == [1, 2]


def test_a_closed_recorder_stays_closed(recorder: SQLiteRecorder) -> None:
    """Using it again is our bug."""
    recorder.close()
    recorder.close()
    with pytest.raises(ProgrammingError, match="closed"):
        recorder.read()


def test_a_writer_elsewhere_makes_it_busy(path: Path, recorder: SQLiteRecorder) -> None:
    """Nothing is written while another program writes, and all is well afterwards."""
    with closing(file.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            recorder.append([note()])
        other.execute("ROLLBACK")
    assert recorder.append([note()]) == 2


def test_a_reader_that_never_leaves_makes_it_busy(path: Path, recorder: SQLiteRecorder) -> None:
    """A commit that waited for readers in vain is known not to be recorded."""
    with closing(file.connect(path)) as other:
        other.execute("BEGIN")
        assert file.head(other) == 1
        with pytest.raises(Busy):
            recorder.append([note()])
        assert positions(recorder) == [1]
        other.execute("ROLLBACK")
    assert recorder.append([note()]) == 2


def test_a_refusal_lets_go_of_every_lock(path: Path, recorder: SQLiteRecorder) -> None:
    """A failed condition, even while its error is still held, keeps no other program waiting."""
    recorder.append([note("body:x")] * 5)
    with pytest.raises(IntegrityError) as held:
        recorder.append([note()], DCBAppendCondition(DCBQuery([DCBQueryItem(tags=["body:x"])])))
    with closing(SQLiteRecorder(path, patience=0.05)) as other:
        assert other.append([note()]) == 7
    assert "matters here" in str(held.value)


@pytest.mark.parametrize("recorded", [False, True])
def test_a_failing_commit_is_of_unknown_outcome(path: Path, monkeypatch: pytest.MonkeyPatch, *, recorded: bool) -> None:
    """It is not sent again, and looking afterwards tells what became of it."""
    real, opened = file.connect, list[Unlucky]()

    def connect(path: Path, *, read_only: bool, patience: float) -> sqlite3.Connection:
        connection = real(path, read_only=read_only, patience=patience)
        if opened:
            return connection
        opened.append(Unlucky(connection, recorded=recorded))
        return cast("sqlite3.Connection", opened[0])

    monkeypatch.setattr("ledger.store.sqlite.connect", connect)
    with closing(SQLiteRecorder(path)) as recorder:
        with pytest.raises(OutcomeUnknown, match="may have been recorded or not"):
            recorder.append([note("entry:a")])
        assert positions(recorder, "entry:a") == ([1] if recorded else [])
        assert recorder.append([note("entry:b")]) == (2 if recorded else 1)


def test_a_disk_that_fills_up_leaves_the_ledger_whole(path: Path, recorder: SQLiteRecorder) -> None:
    """A batch that finds no room is not recorded, and the next one is."""
    _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 8_192, hard))
    try:
        with pytest.raises((Unavailable, OutcomeUnknown)):
            recorder.append([note("body:y", data=bytes(100_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert positions(recorder) == [1]
    assert recorder.append([note()]) == 2


def test_entries_missing_at_the_end_are_damage(path: Path, recorder: SQLiteRecorder) -> None:
    """A position that was given out once is never given to another entry."""
    recorder.append([note("body:x")])
    lose(path, 2)
    with pytest.raises(Damaged, match="the last entry is 1"):
        recorder.append([note()])
    with pytest.raises(Damaged, match="entry 2"):
        positions(recorder, "body:x")


def test_a_damaged_page_is_damage(path: Path, recorder: SQLiteRecorder) -> None:
    """What SQLite calls malformed is told as damage, in a sentence."""
    recorder.append([note("body:x", data=bytes(100_000))])
    recorder.close()
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    path.write_bytes(content)
    with closing(SQLiteRecorder(path)) as again, pytest.raises(Damaged, match="contradicts itself"):
        list(again.read())


def test_a_page_that_leads_back_is_damage(path: Path, recorder: SQLiteRecorder) -> None:
    """Whoever went on from its last entry would read the same page for ever; the doctor finds it too."""
    recorder.append([note(data=b"one of many") for _ in range(998)])
    recorder.append([note(data=b"the thousandth"), note()])
    recorder.close()
    content = path.read_bytes()
    at = content.rfind(b"\x87\x68", 0, content.index(b"the thousandth"))  # its number, as SQLite writes it
    path.write_bytes(content[:at] + b"\x80\x00" + content[at + 2 :])
    with closing(SQLiteRecorder(path)) as again, pytest.raises(Damaged, match="behind entry 0 it has entry 0"):
        list(again.read())
    (told,) = (one for one in examine(path) if one.check == "bytes")
    assert (told.ok, told.found) == (False, f"{path}: behind entry 999 it has entry 0")


def lose(path: Path, position: int) -> None:
    """Remove an entry as only ill will can: the trigger is taken off and put back."""
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("DROP TRIGGER entries_never_go")
        opened.execute("DELETE FROM entries WHERE position = ?", (position,))
        opened.execute(file.SCHEMA["entries_never_go"])
        opened.commit()
