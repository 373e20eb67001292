"""The register of decisions: motions and what became of them, and decisions taken otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act
from domain.papers import DECISION, MOTION
from projections.register import DISPUTED, STOOD, Register, Row, given, told_of_paper

FIELDS: Final = (
    "title", "summary", "meeting", "mover", "seconder", "cross_party", "vote", "resolutions",
    "office", "authority", "about", "effective", "call_in_ends",
)  # fmt: skip


_OUTCOME: Final = given("meeting", "vote", "resolutions", "about")

GIVES: Final = {
    "motion-moved": given("title", "summary", "meeting", "mover", "seconder", "cross_party", "about"),
    "motion-carried": _OUTCOME,
    "motion-lost": _OUTCOME,
    "decision-taken": given("summary", "office", "authority", "about", "effective", "call_in_ends"),
}
"""The vote shown is the one that decided the motion, not one on an amendment or on rescinding it."""


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """How the motion or decision stood at the end of each day."""
    cycle = DECISION if any(act.cycle == "decision" for act in acts) else MOTION
    return [row and (cycle.kind, *row) for row in told_of_paper(cycle, acts, days, FIELDS, GIVES)]


REGISTER: Final = Register("decisions", "reference", ("kind", *STOOD, *FIELDS, DISPUTED), ("motion", "decision"), tell)
