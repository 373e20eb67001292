"""The register of pledges: made, kept or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act
from domain.papers import PLEDGE
from projections.register import DISPUTED, STOOD, Register, Row, given, told_of_paper

FIELDS: Final = ("by", "summary", "about", "due", "authority")


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """How the pledge stood at the end of each day."""
    return told_of_paper(PLEDGE, acts, days, FIELDS, {"pledge-made": given(*FIELDS)})


REGISTER: Final = Register("pledges", "reference", (*STOOD, *FIELDS, DISPUTED), ("pledge",), tell)
