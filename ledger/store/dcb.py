"""The library's words for a Dynamic Consistency Boundary, as the rest of `ledger` uses them.

Source: the DCB specification, dcb.events; `eventsourcing.dcb`.
"""

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBQueryItem,
    DCBRecorder,
    DCBSequencedEvent,
)
from eventsourcing.persistence import IntegrityError

__all__ = [
    "DCBAppendCondition",
    "DCBEvent",
    "DCBQuery",
    "DCBQueryItem",
    "DCBRecorder",
    "DCBSequencedEvent",
    "IntegrityError",
]
