"""Entries: events as they stand in the ledger, with their evidence and the marks of their recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.values import GRADES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.catalogue import AnyEvent
    from domain.values import Evidence, Grade, Override


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event of a type that this release does not know: kept, and shown as it is."""

    name: str
    particulars: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants recorded."""

    event: AnyEvent
    evidence: tuple[Evidence, ...]
    overrides: tuple[Override, ...] = ()
    key: str | None = None
    """The caller's own name for the entry, so that asking twice records once."""
    id: str | None = None
    """The id of an entry copied from another ledger."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it was recorded."""

    position: int
    """From 1, without gaps, in the order of recording."""
    id: str
    """A UUID, the same in every copy of the ledger."""
    type: str
    """The name on disk under which it is stored, with its version."""
    event: AnyEvent | UnknownEvent
    evidence: tuple[Evidence, ...]
    overrides: tuple[Override, ...]
    key: str | None
    salt: str
    recorded_at: datetime
    """The instant of recording (UTC), by the machine's clock."""
    recorded_by: str
    detached: tuple[tuple[str, str], ...] = ()
    """The personal details kept apart: the field of each, and the commitment (hex) to it."""

    @property
    def recorded_day(self) -> int:
        """The UTC day of recording."""
        return self.recorded_at.toordinal()

    @property
    def known(self) -> int:
        """The day from which the public could know the entry."""
        return known_from(self.evidence, self.recorded_day)

    @property
    def grade(self) -> Grade | None:
        """The best grade of its evidence."""
        return best_grade(self.evidence)


def best_grade(evidence: Sequence[Evidence]) -> Grade | None:
    """The best grade there is."""
    return min((source.grade for source in evidence), key=GRADES.index, default=None)


def known_from(evidence: Sequence[Evidence], recorded_day: int) -> int:
    """The day from which the public could know what `evidence` witnesses.

    The latest day of the earliest `published`, else of the earliest `retrieved`, else the day of recording.
    """
    published = [source.published.latest for source in evidence if source.published]
    retrieved = [source.retrieved.latest for source in evidence if source.retrieved]
    return min([*(published or retrieved), recorded_day])
