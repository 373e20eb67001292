"""What is said of the keeping of the ledger: verification rests on it, so it is judged before it is recorded."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.custody import AnyCustody, KeyIntroduced, KeyRotated, LedgerRestored
from ledger.transparency import custody, keys, note

NAME = "town.example/ledger"
OLD, NEW = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
FORMER, VKEY = (str(note.verifier_of(key, NAME)) for key in (OLD, NEW))


def rotated(**other: Any) -> KeyRotated:  # noqa: ANN401 - fields of any kind
    """A change of keys that both signed, or something else than that."""
    text = keys.rotation(FORMER, VKEY)
    signed = {
        f"signed_by_{word}": str(note.sign(text, key, NAME)).split()[2] for word, key in (("former", OLD), ("new", NEW))
    }
    return KeyRotated.model_validate({"former": FORMER, "vkey": VKEY, **signed, **other})


def mistyped(vkey: str) -> str:
    """A key with another id than its own."""
    name, id_, key = vkey.split("+", 2)
    return f"{name}+{int(id_, 16) ^ 1:08x}+{key}"


RESTORED = LedgerRestored(former="town.example/old", origin=NAME, size=3, root="A" * 43 + "=", reason="The disk failed")


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (KeyIntroduced(vkey=VKEY), None),
        (KeyIntroduced(vkey=mistyped(VKEY)), "a letter may be mistyped"),
        (KeyIntroduced(vkey="town+00000000+AAAA"), "not as long as a key of Ed25519|of a kind"),
        (rotated(), None),
        (rotated(former=mistyped(FORMER)), "not signed by both"),
        (rotated(signed_by_new=rotated().signed_by_former), "not signed by both"),
        (rotated(signed_by_former="AAAAAAAAAAAA"), "not signed by both"),
        (RESTORED, "not told by hand"),
    ],
)
def test_what_could_never_be_verified_is_refused(event: AnyCustody, what: str | None) -> None:
    """Such an entry could not be taken back."""
    refused = custody.refused([(7, event)], restoring=False)
    if what is None:
        assert refused == {}
    else:
        with pytest.raises(Exception, match=what):
            raise refused[7]


def test_who_restores_says_so() -> None:
    """And nobody else."""
    assert custody.refused([(1, RESTORED)], restoring=True) == {}
