"""What keys, signatures and roots look like in an entry, and what of a person is marked to be kept apart."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError

from domain.custody import KeyIntroduced, KeyRotated, LedgerRestored
from domain.marks import APART, HIDDEN
from domain.personal import PersonalLine, personal_fields

NAME = "ledger.example.org/kat"
VKEY = f"{NAME}+2458f237+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


@pytest.mark.parametrize("text", ["", NAME, f"{NAME}+2458f237", f"{NAME}+2458F237+AQ==", f"a b+2458f237+{VKEY[-44:]}"])
def test_what_is_no_key_is_not_introduced(text: str) -> None:
    """The message says how a key reads, and names at most two hundred letters of what was given."""
    with pytest.raises(ValidationError, match=r"is not a verifier key, which reads NAME\+ID\+KEY; civic key show"):
        KeyIntroduced(vkey=text)


def test_what_was_given_is_not_told_without_end() -> None:
    """Of three hundred letters two hundred."""
    with pytest.raises(ValidationError) as raised:
        KeyIntroduced(vkey="n" * 300)
    assert raised.value.errors()[0]["msg"].count("n" * 200) == 1
    assert "n" * 201 not in raised.value.errors()[0]["msg"]


def test_a_key_takes_four_hundred_letters() -> None:
    """So many, and not one more."""
    KeyIntroduced(vkey="n" * (400 - len(VKEY)) + VKEY)
    with pytest.raises(ValidationError):
        KeyIntroduced(vkey="n" * (401 - len(VKEY)) + VKEY)


@pytest.mark.parametrize(
    ("signature", "right"),
    [("A" * 96, True), ("A" * 95 + "=", True), ("A" * 200, True), ("A" * 201, False), ("", False), ("A-_A", False),
     ("AAA A", False), ("AA===", False)],
)  # fmt: skip
def test_a_signature_is_base64(signature: str, right: bool) -> None:  # noqa: FBT001 - as the table has it
    """Of at most two hundred letters."""
    given = {"former": VKEY, "vkey": VKEY, "signed_by_former": signature, "signed_by_new": "A" * 96}
    if right:
        KeyRotated.model_validate(given)
        return
    with pytest.raises(ValidationError):
        KeyRotated.model_validate(given)


@pytest.mark.parametrize("root", ["", "A" * 43, "A" * 44, "A" * 42 + "==", "A" * 43 + "= ", "-" * 43 + "="])
def test_a_root_is_thirty_two_bytes_in_base64(root: str) -> None:
    """Nothing else is one."""
    given = {"former": "a", "origin": "b", "size": 3, "reason": "the disk failed"}
    LedgerRestored.model_validate({**given, "root": "A" * 43 + "="})
    with pytest.raises(ValidationError):
        LedgerRestored.model_validate({**given, "root": root})


def test_fields_that_tell_of_a_person_are_found_however_deep_the_mark_lies() -> None:
    """On the field, on its type, or on a part of its type; under the name that it has in JSON."""

    class Told(BaseModel):
        summary: Annotated[str, Field(max_length=3, json_schema_extra={"personal": False})]
        by: PersonalLine
        from_: PersonalLine | None = Field(None, alias="from")
        others: tuple[PersonalLine, ...] = ()
        deeper: dict[str, list[PersonalLine] | None] | None = None

    assert personal_fields(Told) == {"by": "by", "from_": "from", "others": "others", "deeper": "deeper"}


def test_what_stands_for_a_detail() -> None:
    """In the words that people read."""
    assert (HIDDEN, APART) == ("(no longer shown)", "(kept apart)")
