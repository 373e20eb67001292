"""Several processes at one ledger, and processes that die at it."""

import multiprocessing
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem

from ledger.store import file
from ledger.store.errors import Unavailable
from ledger.store.sqlite import SQLiteRecorder
from tests.ledger.store import workers

SPAWN = multiprocessing.get_context("spawn")
PATIENT = 60
"""Seconds after which a worker that says nothing is given up."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty ledger."""
    made = tmp_path / "entries.sqlite"
    file.create(made)
    return made


def test_of_two_processes_exactly_one_wins(path: Path) -> None:
    """Whoever looked before the other appended is refused, each time, and nothing is lost."""
    rounds = 30
    pipes = [SPAWN.Pipe() for _ in range(2)]
    processes = [SPAWN.Process(target=workers.race, args=(path, theirs), daemon=True) for _, theirs in pipes]
    for process in processes:
        process.start()
    ours = [pipe for pipe, _ in pipes]

    def told() -> list[int | None]:
        assert all(pipe.poll(PATIENT) for pipe in ours)
        return [pipe.recv() for pipe in ours]

    def tell(*, more: bool) -> None:
        for pipe in ours:
            pipe.send(more)

    for number in range(rounds):
        tell(more=True)
        assert told() == [number or None] * 2
        tell(more=True)
        assert sorted(told(), key=str) in ([number + 1, None], [None, number + 1])
    tell(more=False)
    for process in processes:
        process.join(PATIENT)
    with closing(SQLiteRecorder(path)) as recorder:
        assert [int(event.event.data) for event in recorder.read()] == list(range(rounds))


def test_a_killed_process_leaves_no_half_batch(path: Path) -> None:
    """All that was acknowledged is there, and of the rest a whole batch or nothing."""
    head = 0
    for pause in (0, 1, 2, 3, 5, 8, 13, 21):
        ours, theirs = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=workers.append_until_killed, args=(path, theirs), daemon=True)
        process.start()
        theirs.close()
        assert ours.poll(PATIENT)
        time.sleep(pause / 1_000)
        process.kill()
        process.join(PATIENT)
        acknowledged = head
        try:
            while True:
                acknowledged = ours.recv()
        except EOFError:
            ours.close()
        with closing(SQLiteRecorder(path)) as recorder:
            positions = [event.position for event in recorder.read()]
            tagged = [event.position for event in recorder.read(DCBQuery([DCBQueryItem(tags=["body:x", "body:y"])]))]
        head = len(positions)
        assert positions == tagged == list(range(1, head + 1))
        assert head in (acknowledged, acknowledged + workers.BATCH)


@pytest.fixture
def wounded(path: Path) -> Path:
    """A ledger of one entry at which a writer died amid its commit."""
    with closing(SQLiteRecorder(path)) as recorder:
        recorder.append([DCBEvent("noted/1", b"{}")])
    process = SPAWN.Process(target=workers.die_amid_a_commit, args=(path,))
    process.start()
    process.join(PATIENT)
    bare = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(bare), pytest.raises(sqlite3.OperationalError, match="readonly"):
        bare.execute("SELECT * FROM entries")  # or the test below would prove nothing
    return path


@pytest.mark.parametrize("read_only", [False, True])
def test_opening_undoes_what_a_dead_writer_left(wounded: Path, *, read_only: bool) -> None:
    """Even a question, the first to come after the accident, finds the ledger as it was before."""
    with closing(file.connect(wounded, read_only=read_only)) as opened:
        assert file.scan(opened, 0, 999) == [(1, "noted/1", b"{}")]


def test_a_reader_survives_the_death_of_a_writer(path: Path) -> None:
    """A recorder that was open all the while says so once, and then reads on."""
    with closing(SQLiteRecorder(path)) as recorder:
        recorder.append([DCBEvent("noted/1", b"{}")])
    with closing(SQLiteRecorder(path, read_only=True)) as reader:
        assert len(list(reader.read())) == 1
        process = SPAWN.Process(target=workers.die_amid_a_commit, args=(path,))
        process.start()
        process.join(PATIENT)
        with pytest.raises(Unavailable, match="a writer died"):
            reader.read()
        assert [event.position for event in reader.read()] == [1]
