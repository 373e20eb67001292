"""Marks: what an entry or a page holds in place of a personal detail."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "(no longer shown)"
"""Stands where a detail that cannot be left out was redacted."""

UNREPORTED: Final = "(not known by then)"
"""Stands where those who confirmed an act by the day asked for did not report a detail of it."""

APART: Final = "(kept apart)"
"""Stands, for people, where a detail is not in this copy."""

_MARK: Final = re.compile(r"detached:([0-9a-f]{64})")


def mark(commitment: str) -> str:
    """What an entry holds in place of a detail."""
    return f"detached:{commitment}"


def commitment_of(value: object) -> str | None:
    """The commitment that a mark names; None for anything else."""
    found = _MARK.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None
