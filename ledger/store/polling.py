"""A subscription that asks again and again: for conformance with the library; projections catch up by themselves."""

import threading
from collections.abc import Iterator

from eventsourcing.dcb.api import DCBQuery, DCBSequencedEvent, DCBSubscription, TDCBRecorder_co

PAUSE = 0.05
"""Seconds between two questions when nothing is new."""
PAGE = 500


class PollingSubscription(DCBSubscription[TDCBRecorder_co]):
    """Events in order, waiting for new ones at the end; `stop` from another thread ends the wait."""

    def __init__(self, recorder: TDCBRecorder_co, query: DCBQuery | None = None, after: int | None = None) -> None:
        super().__init__(recorder, query, after)
        self._stopped = threading.Event()
        self._page: Iterator[DCBSequencedEvent] = iter(())

    def stop(self) -> None:
        """End the iteration, here and in any thread that waits in it."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> DCBSequencedEvent:
        """Return the next event, once there is one."""
        while not self._stopped.is_set():
            event = next(self._page, None)
            if event is not None:
                self._last_position = event.position
                return event
            page = list(self._recorder.read(self._query, after=self._last_position, limit=PAGE))
            self._page = iter(page)
            if not page:
                self._stopped.wait(PAUSE)
        raise StopIteration
