"""The register of decisions: motions and what became of them, and decisions taken otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act
from domain.papers import DECISION, MOTION
from projections.register import STOOD, Register, Row, told_of_paper

FIELDS: Final = (
    "title", "summary", "meeting", "mover", "seconder", "cross_party", "vote", "resolutions",
    "office", "authority", "about", "effective", "call_in_ends",
)  # fmt: skip


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """How the motion or decision stood at the end of each day."""
    cycle = DECISION if any(act.cycle == "decision" for act in acts) else MOTION
    return [row and (cycle.kind, *row) for row in told_of_paper(cycle, acts, days, FIELDS)]


REGISTER: Final = Register("decisions", "reference", ("kind", *STOOD, *FIELDS), ("motion", "decision"), tell)
