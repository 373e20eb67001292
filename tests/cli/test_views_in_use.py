"""Questions are answered whatever happens to the file of the read models: it is only derived."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from ledger.cli.desk import Desk
from ledger.cli.main import run
from projections import projection, views
from tests.cli.visitor import CIVIC, LINK, Visitor

HOLD = """\
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement).fetchone()
print("locked", flush=True)
sys.stdin.read()
"""
"""A program that uses a database, and does not come to an end until its input does."""

READING = ("BEGIN", "SELECT * FROM acts")
WRITING = ("BEGIN IMMEDIATE",)
COMMITTING = ("BEGIN EXCLUSIVE",)
QUESTIONS = (
    "links", f"show {LINK}", f"why {LINK}", f"history {LINK}", "bodies", "decisions", "search link", "due",
    f"diff {LINK} 2022-01-01 2023-01-01", "overrides", "views dump", f"replay {LINK}",
)  # fmt: skip


@contextmanager
def in_use(path: Path, *statements: str) -> Iterator[None]:
    """Another process uses a database meanwhile, as a paused `civic views dump | less` does."""
    command = [sys.executable, "-c", HOLD, str(path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout
        assert user.stdout.readline() == "locked\n"
        yield
        user.communicate()


@pytest.mark.parametrize("what", ["link", "folder"])
def test_questions_are_answered_whatever_lies_in_the_place_of_the_views(what: str, town: Visitor) -> None:
    """From memory, and they say why; doctor and rebuild name it as what is not as it was, and how to mend that."""
    before = town.done("links").out
    path = town.ledger / "views.sqlite"
    path.rename(town.folder / "away")
    path.symlink_to(town.folder / "away") if what == "link" else path.mkdir()
    said = town.done("links")
    assert said.out == before
    for command in ("doctor", "views rebuild"):
        told = town.civic(*command.split())
        assert (told.code, "move it away" in told.out + told.err) == (10, True), told
    assert "answered from memory" in said.err
    path.unlink() if what == "link" else path.rmdir()
    assert town.civic("doctor").code == 0


def test_views_are_waited_for_like_any_file(town: Visitor) -> None:
    """A rebuild waits as long as CIVIC_WAIT says, names who has the views locked, and says so after two seconds."""
    with in_use(town.ledger / "views.sqlite", *COMMITTING):
        began = time.monotonic()
        at_once = town.civic("views", "rebuild", CIVIC_WAIT="0.1")
        took = time.monotonic() - began
        later = town.civic("views", "rebuild", CIVIC_WAIT="3")
    assert (at_once.code, later.code, took < views.PATIENCE) == (6, 6, True), (at_once, later)
    assert "views.sqlite: process " in at_once.err
    assert "waiting for town.ledger/views.sqlite: process " in later.err
    assert town.civic("views", "rebuild").code == 0


@pytest.fixture
def behind(town: Visitor) -> Visitor:
    """Somebody with a ledger whose views do not follow the newest entry yet."""
    town.done(
        "record", "body-registered", "minsk", "--name", "Minsk", "--kind", "city", "--country", "BY",
        "-s", "coventry-news", "-y",
    )  # fmt: skip
    return town


@pytest.mark.parametrize("use", [READING, WRITING, COMMITTING], ids=["reading", "writing", "committing"])
@pytest.mark.parametrize("made", [True, False], ids=["behind", "not made"])
def test_a_reader_that_does_not_end_stops_no_question(
    behind: Visitor, use: tuple[str, ...], capfd: pytest.CaptureFixture[str], *, made: bool
) -> None:
    """While another process uses the views, a question is answered as of the newest entry, and the file stays."""
    views = behind.ledger / "views.sqlite"
    if not made:
        with closing(sqlite3.connect(views)) as emptied:
            emptied.execute("DELETE FROM mark")
            emptied.commit()
    before = views.read_bytes()
    with in_use(views, *use):
        with (
            closing(sqlite3.connect(views, timeout=0, isolation_level=None)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),  # the control: it cannot be caught up now
        ):
            other.execute("BEGIN EXCLUSIVE")
        assert run(["-L", str(behind.ledger), "bodies"]) == 0
        said = capfd.readouterr()
    assert '"minsk"' in said.out
    assert said.err == ""
    assert views.read_bytes() == before


def test_views_are_not_rebuilt_under_a_reader(behind: Visitor) -> None:
    """To rebuild them is refused while somebody reads: exit 6, with the process, and no traceback."""
    with in_use(behind.ledger / "views.sqlite", *READING):
        said = behind.civic("views", "rebuild", CIVIC_WAIT="0.1")
    assert (said.code, "Traceback" in said.err, "has it locked" in said.err) == (6, False, True), said
    behind.done("views", "rebuild")


@pytest.mark.parametrize("state", ["behind", "not made"])
def test_a_full_disk_stops_no_question(behind: Visitor, state: str) -> None:
    """No file may grow: every question has the same answer as with room, and only recording is refused."""
    if state == "not made":
        (behind.ledger / "views.sqlite").unlink()
    without_room = [_without_room(behind, *question.split()) for question in QUESTIONS]
    refused = _without_room(behind, "record", "body-registered", "kyiv", "--name", "Kyiv", "--kind", "city",
                            "--country", "UA", "-s", "coventry-news", "-y")  # fmt: skip
    assert refused.returncode == 6, "the control: there is no room"
    with_room = [behind.done(*question.split()) for question in QUESTIONS]
    assert [(one.returncode, one.stdout) for one in without_room] == [(0, said.out) for said in with_room]


def _without_room(visitor: Visitor, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", CIVIC, *words], cwd=visitor.folder, text=True,
        env=visitor.environment, capture_output=True, check=False,
    )  # fmt: skip


def test_many_first_readers_build_the_views_once(town: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of eight who ask a ledger without views at once, one makes them; the others wait, and use them."""
    (town.ledger / "views.sqlite").unlink()
    together, made = Barrier(8), list[int]()
    rebuild = projection.rebuild

    def counted(*given: object, **named: object) -> None:
        made.append(1)
        rebuild(*given, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(projection, "rebuild", counted)

    def ask(_: int) -> int:
        together.wait()
        with Desk(named=str(town.ledger)).views() as connection:
            return len(connection.execute("SELECT * FROM links").fetchall())

    with ThreadPoolExecutor(8) as readers:
        (rows,) = set(readers.map(ask, range(8)))
    assert rows
    assert len(made) == 1


def test_a_rebuild_that_does_not_end_stops_no_question(town: Visitor) -> None:
    """Who has waited in vain for another process to make the views has them made in memory."""
    (town.ledger / "views.sqlite").unlink()
    folder = os.open(town.ledger, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        assert len(town.done("links", CIVIC_WAIT="0.1").rows) == 4
        assert not (town.ledger / "views.sqlite").exists()
    finally:
        os.close(folder)
    town.done("links")
    assert (town.ledger / "views.sqlite").exists()
