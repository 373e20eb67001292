"""Which entries a question sees that asks what this ledger held at some position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from domain.entry import Entry

REDACTION: Final = "detail-redacted"
"""The event that binds every reader, also one who asks what was held before it."""


def seen_by(entry: Entry, last: int | None) -> bool:
    """Whether an entry is seen when the ledger is taken to end at the position `last`; None for all of it."""
    return last is None or entry.position <= last or entry.type.startswith(f"{REDACTION}/")
