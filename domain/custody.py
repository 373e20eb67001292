"""The keeping of the ledger itself: by whose key its checkpoints are signed, and where it was restored."""

from __future__ import annotations

import re
from typing import Annotated

from domain.event import Event
from domain.values import Count, Line, NewText

# Events


def _like_a_key(text: str) -> None:
    if not re.fullmatch(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}", text):
        msg = f"{text[:200]!r} is not a verifier key, which reads NAME+ID+KEY; civic key show prints it"
        raise ValueError(msg)


VerifierKey = Annotated[str, NewText(400, rules=(_like_a_key,))]
"""The public half of a key: NAME+ID+KEY, as C2SP signed-note writes it."""

KeySignature = Annotated[str, NewText(200, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]
"""A signature in base64: the four bytes of the key's id, then the signature itself (C2SP signed-note)."""

Root = Annotated[str, NewText(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""The root of a tree in base64."""


class CustodyEvent(Event):
    """Something that concerns the ledger as a whole, and no entry of it."""

    cycle = "record"

    @property
    def needs_evidence(self) -> bool:
        """The ledger tells it of itself."""
        return False


class KeyIntroduced(CustodyEvent):
    """From now on the ledger's checkpoints are signed with this key."""

    type = "key-introduced"
    vkey: VerifierKey
    """The public half of the key, as civic key show prints it."""


class KeyRotated(CustodyEvent):
    """Another key takes the place of the former one; both sign that it does."""

    type = "key-rotated"
    former: VerifierKey
    """The public half of the key that was used so far."""
    vkey: VerifierKey
    """The public half of the key that is used from now on."""
    signed_by_former: KeySignature
    """The former key's signature of what civic help keys spells out."""
    signed_by_new: KeySignature
    """The new key's signature of the same."""


class LedgerRestored(CustodyEvent):
    """The ledger was restored from a backup that is older than a checkpoint, and goes on as another one."""

    type = "ledger-restored"
    former: Line
    """The origin of the ledger that was backed up."""
    origin: Line
    """The origin under which it goes on."""
    size: Count
    """How many entries the backup held."""
    root: Root
    """The root of the log over these entries, in base64."""
    reason: Line
    """Why it was restored, and what is known to be missing."""


AnyCustody = KeyIntroduced | KeyRotated | LedgerRestored
