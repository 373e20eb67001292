"""A ledger in memory, with a clock of its own."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from pathlib import Path

from eventsourcing.dcb.api import DCBReadResponse
from eventsourcing.dcb.popo import InMemoryDCBRecorder, SimpleDCBReadResponse

from ledger.application import Ledger
from ledger.store import file
from ledger.store.dcb import DCBEvent, DCBQuery, DCBQueryItem
from ledger.store.personal import PersonalStore
from ledger.store.sqlite import SQLiteRecorder
from tests.books import scratch

BEGUN = date(2024, 1, 1).toordinal()


class Shelf(InMemoryDCBRecorder):
    """A recorder in memory that hands out what it holds, not copies of it: nobody here changes an entry."""

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> DCBReadResponse:
        """The events that match some item of the query; all of them for one without items."""
        items = query.items if query else []
        found = [
            one for one in self.events[after or 0 :] if not items or any(_matches(item, one.event) for item in items)
        ]
        read = found[:limit]
        last = read if limit is not None else self.events
        return SimpleDCBReadResponse(iter(read), last[-1].position if last else None)


def _matches(item: DCBQueryItem, event: DCBEvent) -> bool:
    return {*item.tags} <= {*event.tags} and (not item.types or event.type in item.types)


class Kept:
    """A ledger, and the day on which it is kept."""

    def __init__(self) -> None:
        self.day = BEGUN
        self._recorder = Shelf()
        salts = itertools.count()
        self.ledger = Ledger(
            lambda: self._recorder,
            clerk="clerk-7",
            clock=self._now,
            salt=lambda: f"{next(salts):032x}",
            personal=PersonalStore(scratch() / "personal.sqlite", nullcontext),
        )

    def _now(self) -> datetime:
        return datetime.combine(date.fromordinal(self.day), time(12), tzinfo=UTC)

    def copied(self, path: Path) -> None:
        """Write the entries into a file, byte for byte."""
        file.create(path)
        recorder = SQLiteRecorder(path)
        recorder.append([recorded.event for recorded in self._recorder.events])
        recorder.close()
