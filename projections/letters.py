"""The register of letters: sent or received, or possibly so while their dates are in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act
from domain.papers import LETTER
from projections.register import DISPUTED, STOOD, Register, Row, given, told_of_paper

FIELDS: Final = (
    "on", "by", "sender", "to", "recipient", "encloses", "announces", "authority", "in_answer_to", "summary",
    "received_on",
    "received_by",
)  # fmt: skip


_LETTER: Final = given(
    "by", "sender", "to", "recipient", "encloses", "announces", "authority", "in_answer_to", "summary"
)

GIVES: Final = {
    "letter-sent": {**_LETTER, **given("on")},
    "letter-received": {**_LETTER, **given("received_by", received_on="on")},
}


def tell(_name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """How the letter stood at the end of each day."""
    return told_of_paper(LETTER, acts, days, FIELDS, GIVES)


REGISTER: Final = Register("letters", "reference", (*STOOD, *FIELDS, DISPUTED), ("letter",), tell)
