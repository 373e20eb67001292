"""A ledger in memory, with a clock of its own."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time
from pathlib import Path

from eventsourcing.dcb.popo import InMemoryDCBRecorder

from ledger.application import Ledger
from ledger.store import file
from ledger.store.sqlite import SQLiteRecorder

BEGUN = date(2024, 1, 1).toordinal()


class Kept:
    """A ledger, and the day on which it is kept."""

    def __init__(self) -> None:
        self.day = BEGUN
        self._recorder = InMemoryDCBRecorder()
        salts = itertools.count()
        self.ledger = Ledger(
            lambda: self._recorder, clerk="clerk-7", clock=self._now, salt=lambda: f"{next(salts):032x}"
        )

    def _now(self) -> datetime:
        return datetime.combine(date.fromordinal(self.day), time(12), tzinfo=UTC)

    def copied(self, path: Path) -> None:
        """Write the entries into a file, byte for byte."""
        file.create(path)
        recorder = SQLiteRecorder(path)
        recorder.append([recorded.event for recorded in self._recorder.events])
        recorder.close()
