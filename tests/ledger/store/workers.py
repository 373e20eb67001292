"""What other processes do to a ledger while a test looks on; started by `spawn`, so importable by name."""

import os
import signal
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from ledger.store import file
from ledger.store.sqlite import SQLiteRecorder

BATCH = 40


def race(path: Path, pipe: Connection) -> None:
    """Look, tell the head, wait for the signal and append if nothing has changed, until the pipe says no more."""
    boundary = DCBQuery([DCBQueryItem(["noted/1"], ["body:x"])])
    with closing(SQLiteRecorder(path)) as recorder:
        while pipe.recv():
            seen = recorder.read(boundary)
            event = DCBEvent("noted/1", str(len(list(seen))).encode(), ["body:x"])
            pipe.send(seen.head)
            pipe.recv()
            try:
                pipe.send(recorder.append([event], DCBAppendCondition(boundary, seen.head)))
            except IntegrityError:
                pipe.send(None)


def append_until_killed(path: Path, pipe: Connection) -> None:
    """Append batch after batch, and tell the last position of each that was acknowledged."""
    with closing(SQLiteRecorder(path)) as recorder:
        while True:
            pipe.send(recorder.append([DCBEvent("noted/1", bytes(4_000), ["body:x", "body:y"])] * BATCH))


def die_amid_a_commit(path: Path) -> None:
    """Leave a file with half a batch in it, and the journal that can undo it."""
    connection = file.connect(path)
    connection.execute("PRAGMA cache_size = 1")  # so that pages reach the disk before the commit
    connection.execute("BEGIN IMMEDIATE")
    rows = ((position, "noted/1", "", bytes(4_000)) for position in range(2, 200))
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
    os.kill(os.getpid(), signal.SIGKILL)
