"""The tree of a verifier: made from the hashes of all leaves at once, in a way that the writer does not use."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASH: Final = 32
_BLOCK: Final = 256 * _HASH


class WholeTree:
    """A tree over leaves whose hashes stand one after the other; also every level of tiles above them."""

    def __init__(self, leaves: bytes | bytearray) -> None:
        """Take the hashes as they are, uncopied: they must not change any more."""
        self.levels: list[bytes | bytearray] = [leaves]
        while len(self.levels[-1]) >= _BLOCK:
            row = self.levels[-1]
            above = b"".join(_reduced(row[at : at + _BLOCK]) for at in range(0, len(row) - _BLOCK + 1, _BLOCK))
            self.levels.append(above)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self.levels[0]) // _HASH

    def tile(self, level: int, number: int, width: int) -> bytes:
        """The hashes of a tile, as far as the tree reaches."""
        if level >= len(self.levels):
            return b""
        start = number * _BLOCK
        return bytes(self.levels[level][start : start + width * _HASH])

    def edge(self, size: int) -> bytes:
        """The hashes of the tiles that are not full in the tree over the first leaves, from the lowest level up."""
        counts = [size >> 8 * level for level in range(len(self.levels))]
        return b"".join(self.tile(level, count >> 8, count & 255) for level, count in enumerate(counts))

    def peaks(self, size: int) -> bytes:
        """A hash for each bit of a size, highest first: of the full subtree it stands for, zeros for a bit of 0."""
        heights = reversed(range(size.bit_length()))
        return b"".join(
            self.node(height, (size >> height) - 1) if size >> height & 1 else bytes(_HASH) for height in heights
        )

    def node(self, height: int, place: int) -> bytes:
        """The hash of a full subtree: its height, and how many of that height stand before it."""
        level, above = divmod(height, 8)
        start = (place << above) * _HASH
        return bytes(_reduced(self.levels[level][start : start + (_HASH << above)]))

    def root(self, size: int) -> bytes:
        """The root over the first leaves."""
        found: bytes | bytearray = b""
        for level in range(len(self.levels)):
            count = size >> 8 * level
            row = self.levels[level][(count >> 8) * _BLOCK : count * _HASH]
            if row:
                found = _folded(row, found)
        return bytes(found) or sha256().digest()


def leaf_hashes(leaves: Iterable[bytes]) -> bytes:
    """The hashes of leaves, one after the other."""
    return b"".join([sha256(b"\x00" + leaf).digest() for leaf in leaves])


def _reduced(row: bytes | bytearray) -> bytes | bytearray:
    """The root over a full block."""
    while len(row) > _HASH:
        row = b"".join([sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, len(row), 64)])
    return row


def _folded(row: bytes | bytearray, right: bytes | bytearray) -> bytes | bytearray:
    """The root over at most 255 hashes of one level, and what stands to the right of them."""
    count = len(row) // _HASH
    if count == 0:
        return right
    width = 1 << count.bit_length() - 1
    left, rest = _reduced(row[: width * _HASH]), _folded(row[width * _HASH :], right)
    return sha256(b"\x01" + left + rest).digest() if rest else left
