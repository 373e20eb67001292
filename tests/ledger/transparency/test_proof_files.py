"""Proofs as files: C2SP tlog-proof, and the body of a request to a witness."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency import note, proofs
from ledger.transparency.note import Malformed
from tests.ledger.transparency.test_note import OWN, SOFA_LINE, SOFA_TEXT

CHECKPOINT = note.parse_checkpoint(OWN.encode())
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63)
NUMBERS = st.integers(0, 10**19 - 1)
ONE = base64.b64encode(bytes(32)).decode()

# Source: C2SP tlog-witness, the example of a request.
REQUEST = f"""old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

{SOFA_TEXT}
{SOFA_LINE}\
— example.com/behind-the-sofa \
opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""

# Source: C2SP tlog-proof, its example; the signatures there are cut short, so one of ours stands under it.
PROOF_HASHES = """gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=
"""
PROOF_TEXT = "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
EXTRA = "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n"


def test_the_example_of_a_request_is_read() -> None:
    """The request that C2SP shows is read, and written again as it was."""
    old, hashes, checkpoint = proofs.parse_consistency(REQUEST.encode())
    assert (old, len(hashes), checkpoint.size, len(checkpoint.note.signatures)) == (20852014, 4, 20852163, 2)
    assert hashes[0].hex().startswith("3e544d0abc07a6a8")
    assert proofs.written_consistency(old, hashes, checkpoint) == REQUEST


@pytest.mark.parametrize("extra", ["", EXTRA])
def test_the_example_of_a_proof_is_read(extra: str) -> None:
    """The proof that C2SP shows is read, with what it says in addition or without."""
    whole = f"c2sp.org/tlog-proof@v1\n{extra}index 73894\n{PROOF_HASHES}\n{PROOF_TEXT}\n{SOFA_LINE}"
    index, hashes, checkpoint = proofs.parse_inclusion(whole.encode())
    assert (index, len(hashes), checkpoint.origin, checkpoint.size) == (73894, 5, "example.com/fancylog", 109482)
    assert proofs.written_inclusion(index, hashes, checkpoint) == whole.replace(extra, "")


@given(NUMBERS, HASHES)
def test_an_inclusion_is_read_as_it_was_written(index: int, hashes: list[bytes]) -> None:
    """Whatever the index, with up to 63 hashes or none."""
    whole = proofs.written_inclusion(index, hashes, CHECKPOINT)
    found = proofs.parse_inclusion(whole.encode())
    assert found == (index, hashes, CHECKPOINT)
    assert found[2].note == CHECKPOINT.note
    assert whole.endswith(f"\n\n{OWN}")


@given(NUMBERS, HASHES)
def test_a_consistency_is_read_as_it_was_written(old: int, hashes: list[bytes]) -> None:
    """Whatever the old size, with up to 63 hashes or none."""
    whole = proofs.written_consistency(old, hashes, CHECKPOINT)
    found = proofs.parse_consistency(whole.encode())
    assert found == (old, hashes, CHECKPOINT)
    assert found[2].note == CHECKPOINT.note


MALFORMED = [
    ("{first}{one}\n", "no empty line"),
    ("\n\n{own}", "missing|begin"),
    ("{first}{one}\n\n", "lines|three"),
    ("{first}{one}\n\n\n{own}", "none of its lines is empty"),
    ("{first}{one}\n\no\n08\nx\n", "three lines"),
    ("{word} 01\n\n{own}", "missing|begin"),
    ("{first}{one}\n{short}\n\n{own}", "32 bytes"),
    ("{first}{one}\n{long}\n\n{own}", "32 bytes"),
    ("{first}{one}\n{bare}\n\n{own}", "not base64"),
    ("{first}{one}\n é\n\n{own}", "plain lines"),
    ("{first}{one}\r\n\n{own}", "not base64|missing"),
    ("{first}{many}\n\n{own}", "more than any tree is high"),
]


@pytest.mark.parametrize(("pattern", "reason"), MALFORMED)
@pytest.mark.parametrize("word", ["index", "old"])
def test_what_is_no_proof_is_refused(word: str, pattern: str, reason: str) -> None:
    """Each with the reason."""
    first = {"index": "c2sp.org/tlog-proof@v1\nindex 3\n", "old": "old 3\n"}[word]
    read = {"index": proofs.parse_inclusion, "old": proofs.parse_consistency}[word]
    short, long = (base64.b64encode(bytes(size)).decode() for size in (31, 33))
    whole = pattern.format(
        first=first, word=word, one=ONE, own=OWN, short=short, long=long, bare=ONE[:-1], many="\n".join([ONE] * 64)
    )
    read(f"{first}{ONE}\n\n{OWN}".encode())
    with pytest.raises(Malformed, match=reason):
        read(whole.encode())


@pytest.mark.parametrize(
    "head",
    [
        "",
        "index 3",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\nextra YQ==",
        "c2sp.org/tlog-proof@v1\nextra",
        "c2sp.org/tlog-proof@v1\nindex  3",
        "c2sp.org/tlog-proof@v1\nindex -3",
        "c2sp.org/tlog-proof@v1\nindex 3 ",
        "c2sp.org/tlog-proof@v1\nindex 3\nextra YQ==",
        "c2sp.org/tlog-proof@v1\nextra YQ==\nextra YQ==\nindex 3",
        "c2sp.org/tlog-proof@v2\nindex 3",
        " c2sp.org/tlog-proof@v1\nindex 3",
    ],
)
def test_the_lines_of_a_proof_have_their_order(head: str) -> None:
    """What is left out, doubled or out of place is refused."""
    with pytest.raises(Malformed):
        proofs.parse_inclusion(f"{head}\n\n{OWN}".encode())


@pytest.mark.parametrize("head", ["", "old", "old ", "old -1", "old 03", "Old 3", "index 3", f"{ONE}\nold 3"])
def test_the_lines_of_a_request_have_their_order(head: str) -> None:
    """What is left out or out of place is refused."""
    with pytest.raises(Malformed):
        proofs.parse_consistency(f"{head}\n\n{OWN}".encode())
