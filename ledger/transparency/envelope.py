"""The leaf of an entry: the few lines of text that the transparency log commits to.

They name the entry and bind its bytes and tags without telling what it says: the salt inside the bytes makes the
hash unguessable, so the content of an entry can be withheld while everything still verifies.

    civic-ledger-entry/1
    position 200000
    id 0190f7c2-a5b8-7c0d-9e0a-1b2c3d4e5f60
    type link-suspended/1
    recorded 2026-01-01T00:00:00.000000Z
    actor clerk-7
    tags-sha256 <hex SHA-256 of the sorted tags, joined by LF>
    content-sha256 <hex SHA-256 of the 16 bytes of the salt, then the bytes of the entry>
    detached <hex commitment>          (a line for each personal detail kept apart; most entries have none)

Every line ends in LF. The bytes of an entry begin with the members id, key (if any), salt, recorded_at, recorded_by and
detached (if any), in this order and in the shape that the pattern below reads.
"""

from __future__ import annotations

import re
from binascii import hexlify, unhexlify
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ledger.errors import Damage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEAD: Final = re.compile(
    rb'\{"id":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",'
    rb'(?:"key":"(?:[^"\\\x00-\x1f]|\\["\\/bfnrtu])*",)?'
    rb'"salt":"([0-9a-f]{32})",'
    rb'"recorded_at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)",'
    rb'"recorded_by":"([a-z0-9]+(?:-[a-z0-9]+)*)",'
    rb'(?:"detached":\[((?:"[0-9a-f]{64}",?)+)\],)?'
    rb'"evidence":'
)
_TYPE: Final = re.compile(rb"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]*")
_WRITTEN: Final = (
    b"civic-ledger-entry/1\nposition %d\nid %b\ntype %b\nrecorded %b\nactor %b\ntags-sha256 %b\ncontent-sha256 %b\n"
)
_LEAF: Final = re.compile(
    rb"civic-ledger-entry/1\nposition ([1-9][0-9]{0,18})\n"
    rb"id [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\n"
    rb"type ([a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]*)\n"
    rb"recorded \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\nactor [a-z0-9]+(?:-[a-z0-9]+)*\n"
    rb"tags-sha256 [0-9a-f]{64}\ncontent-sha256 ([0-9a-f]{64})\n((?:detached [0-9a-f]{64}\n)*)"
)


class Stored(NamedTuple):
    """An entry as a store gives it back."""

    position: int
    type: str
    """Its name on disk."""
    tags: Sequence[str]
    data: bytes


class Leaf(NamedTuple):
    """What a leaf says of its entry."""

    position: int
    type: str
    content: str
    """The SHA-256 (hex) of the salt and the bytes of the entry."""
    detached: tuple[str, ...]
    """The commitments to its personal details."""


class Head(NamedTuple):
    """What an entry begins with, by the names of its members."""

    id: str
    salt: str
    """In hex."""
    recorded_at: str
    recorded_by: str


class Source(Protocol):
    """Where entries are read from: a store, after its commit."""

    def stored(self, after: int = 0, limit: int | None = None) -> Iterable[Stored]:
        """The entries behind a position, in order."""


class NoEntry(ValueError):
    """What is stored is not an entry: its bytes do not begin as those of an entry do."""


def envelope(position: int, type_: str, tags: Iterable[str], data: bytes) -> bytes:
    """The leaf of a stored entry.

    Raises:
        NoEntry: the bytes do not begin as an entry does, or its type is not a name on disk.
    """
    return leaf(position, type_.encode(), "\n".join(sorted(tags)).encode(), data)


def leaf_of(stored: Stored) -> bytes:
    """The leaf of a stored entry.

    Raises:
        Damage: it is not an entry.
    """
    try:
        return envelope(stored.position, stored.type, stored.tags, stored.data)
    except NoEntry as error:
        raise Damage(str(error), why="only entries are sealed", mend="civic verify says more") from error


def leaf(position: int, type_: bytes, tags: bytes, data: bytes) -> bytes:
    """The leaf of a stored entry, given its tags sorted and joined by line feeds.

    Raises:
        NoEntry: as `envelope`.
    """
    return leaf_and_moment(position, type_, tags, data)[0]


def leaf_and_moment(position: int, type_: bytes, tags: bytes, data: bytes) -> tuple[bytes, bytes, bool]:
    """The leaf of a stored entry, the moment of recording in it, and whether it keeps personal details apart.

    Moments are in the order of their bytes.

    Raises:
        NoEntry: as `envelope`.
    """
    head = _HEAD.match(data)
    if head is None or not _is_type(type_):
        msg = f"entry {position} does not begin as an entry does"
        raise NoEntry(msg)
    id_, salt, recorded, actor, detached = head.groups()
    content = sha256(unhexlify(salt) + data).digest()
    text = _WRITTEN % (position, id_, type_, recorded, actor, hexlify(sha256(tags).digest()), hexlify(content))
    if detached is None:
        return text, recorded, False
    text += b"".join([b"detached %b\n" % one for one in detached.replace(b'"', b"").split(b",")])
    return text, recorded, True


@lru_cache(maxsize=256)
def _is_type(type_: bytes) -> bool:
    return _TYPE.fullmatch(type_) is not None


def parse_leaf(leaf: bytes) -> Leaf:
    """Read a leaf.

    Raises:
        NoEntry: it is not written as one.
    """
    lines = _LEAF.fullmatch(leaf)
    if lines is None:
        msg = "it is not written as a leaf is"
        raise NoEntry(msg)
    position, type_, content, detached = (group.decode() for group in lines.groups())
    return Leaf(int(position), type_, content, tuple(line.split()[1] for line in detached.splitlines()))


def agrees(leaf: bytes, data: bytes) -> bool:
    """Whether the bytes of an entry bear the id, time, clerk and salt that its leaf tells of.

    The tags are left out: they follow from what the event says, and the bytes do not hold them.
    """
    try:
        own = parse_leaf(leaf)
        made = envelope(own.position, own.type, (), data)
    except NoEntry:
        return False
    return _without_tags(made) == _without_tags(leaf)


def _without_tags(leaf: bytes) -> list[bytes]:
    return [line for line in leaf.split(b"\n") if not line.startswith(b"tags-sha256 ")]


def head_of(data: bytes) -> Head:
    """What the bytes of an entry begin with.

    Raises:
        NoEntry: they do not begin as an entry does.
    """
    head = _HEAD.match(data)
    if head is None:
        msg = "the bytes do not begin as an entry does"
        raise NoEntry(msg)
    return Head(*(group.decode() for group in head.groups()[:4]))


def salt_of(data: bytes) -> bytes:
    """The 16 bytes of an entry's salt.

    Raises:
        NoEntry: the bytes do not begin as an entry does.
    """
    return bytes.fromhex(head_of(data).salt)
