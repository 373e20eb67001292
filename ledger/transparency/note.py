"""Signed notes and checkpoints: a text, and who vouches for it.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (the `cosignature/v1` of Ed25519). Only the two kinds of
signature that are made here are judged; a line by any other key is ignored, as the specification says.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from domain.characters import is_visible
from ledger.transparency.merkle import EMPTY, HASH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
"""A witness's signature, which also says when it was given."""

_SIGNED: Final = "— "
_LARGEST: Final = 2**20
_LATEST: Final = 2**63 - 1
"""POSIX seconds; C2SP tlog-cosignature."""

_MOST_SIGNATURES: Final = 100
_NAME: Final = re.compile(r"[^\s+\x00-\x20]+")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class Malformed(ValueError):
    """It is not written as the specification says."""


class UnknownKind(Malformed):
    """A key whose signatures are not judged here."""


class Forged(ValueError):
    """A signature by a known key does not fit the text."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key, and the name under which it signs."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def id(self) -> bytes:
        """The 4 bytes that a signature names its key by."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the key as people read it to each other: sixteen groups of four hex digits."""
        digits = sha256(bytes([self.kind]) + self.public).hexdigest()
        return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))

    def verify(self, signature: bytes, text: bytes) -> int | None:
        """Judge a signature, without the 4 bytes of the key's id; returns the time it states, if it is of that kind.

        Raises:
            Forged: it is not this key's signature of the text.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        moment = None
        if self.kind == COSIGNATURE:
            moment = int.from_bytes(signature[:8], "big")
            signature, text = signature[8:], _cosigned(moment, text)
            if moment > _LATEST:
                msg = f"the signature of {self.name} states a time that no clock tells"
                raise Forged(msg)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError) as error:
            msg = f"the signature of {self.name} does not fit the text"
            raise Forged(msg) from error
        return moment


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_SIGNED}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, and the signatures under it."""

    text: str
    """Ends in a line feed."""
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}" if self.signatures else self.text

    def verified(self, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int | None]:
        """Those of the keys that signed the text, each with the time it stated, if it stated one.

        Raises:
            Forged: a line names one of the keys, and is not its signature.
        """
        found: dict[VerifierKey, int | None] = {}
        for key in keys:
            for line in self.signatures:
                if (line.name, line.key_id) == (key.name, key.id):
                    found[key] = key.verify(line.signature, self.text.encode())
        return found

    def with_signatures(self, others: Iterable[Signature]) -> Note:
        """The note with further lines, each once."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *others))))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree that somebody vouches for: whose it is, how many leaves it has, and its root."""

    origin: str
    size: int
    root: bytes
    note: Note = field(compare=False)

    def __str__(self) -> str:
        return str(self.note)

    def signers(self, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int | None]:
        """Those of the keys that signed it, each with the time it stated: witnesses', and such as bear the log's name.

        Raises:
            Forged: as `Note.verified`.
        """
        return self.note.verified(key for key in keys if key.kind == COSIGNATURE or key.name == self.origin)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines of a checkpoint."""
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def parse_key(vkey: str) -> VerifierKey:
    """Read a verifier key, `NAME+ID+KEY`.

    Raises:
        Malformed: it is not one.
        UnknownKind: it is of a kind that is not judged here.
    """
    parts = vkey.strip().split("+", 2)  # the base64 at the end may hold a + of its own
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):  # noqa: PLR2004 - name, id, key
        msg = f"{vkey[:200]!r} is not a verifier key; it reads NAME+ID+KEY"
        raise Malformed(msg)
    name, id_, encoded = parts
    decoded = from_base64(encoded)
    if decoded[:1] and decoded[0] not in (ED25519, COSIGNATURE):
        msg = f"the key of {name} is of a kind (0x{decoded[0]:02x}) whose signatures are not judged here"
        raise UnknownKind(msg)
    if len(decoded) != 1 + HASH:
        msg = f"the key of {name} is not as long as a key of Ed25519"
        raise Malformed(msg)
    key = VerifierKey(name, decoded[1:], decoded[0])
    if key.id.hex() != id_:
        msg = f"the id of the key is {key.id.hex()}, not {id_[:20]}: a letter may be mistyped"
        raise Malformed(msg)
    return key


def parse_note(whole: bytes) -> Note:
    """Read a note with its signatures; a text without any is a note too.

    Raises:
        Malformed: it is not written as one.
    """
    if len(whole) > _LARGEST:
        msg = f"a note takes at most {_LARGEST:,} bytes"
        raise Malformed(msg)
    try:
        text = whole.decode("utf-8")
    except UnicodeDecodeError as error:
        msg = "a note is UTF-8"
        raise Malformed(msg) from error
    if any(character < " " and character != "\n" for character in text) or not text.endswith("\n"):
        msg = "a note is made of lines, without control characters"
        raise Malformed(msg)
    body, gap, tail = text.rpartition("\n\n")
    if not gap:
        return Note(text)
    lines = tail.split("\n")[:-1]  # by line feeds alone: to Unicode, other characters end lines too
    if len(lines) > _MOST_SIGNATURES or not lines:
        msg = f"a note bears from 1 to {_MOST_SIGNATURES} signatures"
        raise Malformed(msg)
    return Note(f"{body}\n", tuple(map(parse_signature, lines)))


def parse_signature(line: str) -> Signature:
    """Read a line under a note.

    Raises:
        Malformed: it is not a signature.
    """
    name, space, encoded = line.removeprefix(_SIGNED).partition(" ")
    if not line.startswith(_SIGNED) or not space or not _NAME.fullmatch(name):
        msg = f"{line[:80]!r} is not a signature"
        raise Malformed(msg)
    decoded = from_base64(encoded)
    if len(decoded) <= 4:  # noqa: PLR2004 - the key's id, and something behind it
        msg = f"the signature of {name} is too short"
        raise Malformed(msg)
    return Signature(name, decoded[:4], decoded[4:])


def parse_checkpoint(whole: bytes) -> Checkpoint:
    """Read a checkpoint, whether or not anybody signed it; lines behind the third are left to whoever wrote them.

    Raises:
        Malformed: it is not one.
    """
    note = parse_note(whole)
    lines = note.text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):  # noqa: PLR2004 - origin, size, root
        msg = "a checkpoint begins with three lines: origin, size, root; and none of its lines is empty"
        raise Malformed(msg)
    root = from_base64(lines[2])
    if len(root) != HASH:
        msg = f"a root has {HASH} bytes, not {len(root)}"
        raise Malformed(msg)
    if lines[1] == "0" and root != EMPTY:
        msg = "that is not the root of a tree without leaves"
        raise Malformed(msg)
    return Checkpoint(lines[0], int(lines[1]), root, note)


def sign(text: str, key: Ed25519PrivateKey, name: str) -> Signature:
    """Sign a text under a name."""
    return Signature(name, verifier_of(key, name).id, key.sign(text.encode()))


def cosign(text: str, key: Ed25519PrivateKey, name: str, moment: int) -> Signature:
    """Sign a checkpoint as a witness who saw it at a moment (POSIX seconds)."""
    signed = key.sign(_cosigned(moment, text.encode()))
    return Signature(name, verifier_of(key, name, COSIGNATURE).id, moment.to_bytes(8, "big") + signed)


def verifier_of(key: Ed25519PrivateKey, name: str, kind: int = ED25519) -> VerifierKey:
    """The public half of a key, under a name."""
    return VerifierKey(name, key.public_key().public_bytes_raw(), kind)


def is_key_name(text: str) -> bool:
    """Whether a key that is made here, and so a ledger, can bear this name: no spaces, no plus sign, all of it seen."""
    return _NAME.fullmatch(text) is not None and is_visible(text)


def to_base64(data: bytes) -> str:
    """Bytes in the standard alphabet, padded."""
    return base64.standard_b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Read base64 that is written in the one standard way.

    Raises:
        Malformed: it is not.
    """
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        msg = f"{text[:60]!r} is not base64"
        raise Malformed(msg) from error
    if to_base64(decoded) != text:
        msg = f"{text[:60]!r} is not written as base64 is"
        raise Malformed(msg)
    return decoded


def _cosigned(moment: int, text: bytes) -> bytes:
    return f"cosignature/v1\ntime {moment}\n".encode() + text
