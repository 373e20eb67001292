"""Ledgers for tests, and the stories that are recorded in them."""

from __future__ import annotations

import atexit
import itertools
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from eventsourcing.dcb.popo import InMemoryDCBRecorder

from domain.entry import Draft, Entry
from ledger.application import Ledger
from ledger.interchange import jsonl
from ledger.store import file
from ledger.store.dcb import DCBRecorder
from ledger.store.personal import PersonalStore
from ledger.store.sqlite import SQLiteRecorder
from projections import projection, views

ROOT = Path(__file__).parents[1]
_SCRATCH = TemporaryDirectory()
"""Where ledgers in memory keep the details of people; gone with the process."""
atexit.register(_SCRATCH.cleanup)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def in_memory() -> Ledger:
    """A ledger that is gone when the test is."""
    recorder = InMemoryDCBRecorder()
    return book(lambda: recorder, scratch())


def scratch() -> Path:
    """A folder of its own for a ledger in memory."""
    return Path(mkdtemp(dir=_SCRATCH.name))


def on_disk(folder: Path) -> Ledger:
    """A ledger in a file."""
    path = folder / "entries.sqlite"
    if not path.exists():
        file.create(path)
    return book(lambda: SQLiteRecorder(path), folder)


def book(open_recorder: Callable[[], DCBRecorder], folder: Path) -> Ledger:
    """A ledger over a recorder, at a fixed moment, with salts that count."""
    salts = itertools.count()
    return Ledger(
        open_recorder,
        clerk="clerk-7",
        clock=lambda: NOW,
        salt=lambda: f"{next(salts):032x}",
        personal=PersonalStore(folder / "personal.sqlite", nullcontext),
    )


def story(name: str) -> list[Draft]:
    """A founding story, as the examples tell it."""
    lines = (ROOT / "examples" / f"{name}.jsonl").read_bytes().splitlines()
    return [jsonl.read(line) for line in lines]


class Pages:
    """A ledger's entries as projections read them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def read(self, after: int, limit: int) -> Iterable[Entry]:
        """At most `limit` entries behind a position."""
        return self._ledger.read(after, limit)

    def tagged(self, tag: str) -> Iterable[Entry]:
        """The entries that bear a tag."""
        return self._ledger.tagged(tag)


def dump(ledger: Ledger) -> list[str]:
    """The views of a ledger, rebuilt in memory."""
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), views.Mark("test"))
        return list(views.dump(connection))


def without_recording(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a dump without what depends on the order of recording: positions of entries."""
    dropped = {"id", "entry", "position", "entries", "rests_on", "recorded_at"}
    rows = [{field: value for field, value in row.items() if field not in dropped} for row in lines]
    return sorted(rows, key=repr)
