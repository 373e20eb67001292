"""Merkle trees of RFC 6962: roots, and proofs that a leaf is in a tree or that one tree continues another.

A hash is 32 bytes; whatever has another length is refused. Leaves are counted from 0, the size of a tree is the number
of its leaves. Proofs are judged here without any file: the verifier needs nothing else.

Source: RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4 for the judging.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HASH: Final = 32
"""Bytes of a hash."""

EMPTY: Final = sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


class Range:
    """A tree that grows by leaves at its right edge: the full subtrees it consists of, widest first."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count() or any(len(peak) != HASH for peak in self.peaks):
            msg = f"a tree of {size} leaves has {size.bit_count()} full subtrees of {HASH} bytes"
            raise ValueError(msg)

    def append(self, leaf: bytes) -> None:
        """Take in the hash of one more leaf."""
        peaks, size = self.peaks, self.size
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.peaks:
            return EMPTY
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root


def peaks_of(size: int) -> list[tuple[int, int]]:
    """The full subtrees that a tree consists of, widest first: the height and the place of each."""
    return [(height, (size >> height) - 1) for height in reversed(range(size.bit_length())) if size >> height & 1]


def inclusion(index: int, size: int, nodes: Callable[[int, int], bytes]) -> list[bytes]:
    """The proof that leaf `index` is in the tree of that size, nearest to the leaf first."""
    return _path(index, 0, size, nodes)


def consistency(old: int, new: int, nodes: Callable[[int, int], bytes]) -> list[bytes]:
    """The proof that the tree of size `new` continues that of size `old`; nothing to tell where either says nothing."""
    return [] if old in (0, new) else _continuation(old, 0, new, nodes, whole=True)


def proves_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that a leaf of that hash stands at `index` in the tree of that size and root."""
    if not 0 <= index < size or any(len(one) != HASH for one in (leaf, root, *proof)):
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of size `new` continues that of size `old`, given both roots.

    Every tree continues the empty one, and itself: both with an empty proof (C2SP tlog-witness).
    """
    if not 0 <= old <= new or any(len(one) != HASH for one in (old_root, new_root, *proof)):
        return False
    if old in (0, new):
        return not proof and (old != 0 or old_root == EMPTY) and (old != new or old_root == new_root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    """The leaves of the left subtree: the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, start: int, stop: int, nodes: Callable[[int, int], bytes]) -> list[bytes]:
    if stop - start == 1:
        return []
    middle = start + _split(stop - start)
    if index < middle:
        return [*_path(index, start, middle, nodes), _root(middle, stop, nodes)]
    return [*_path(index, middle, stop, nodes), _root(start, middle, nodes)]


def _continuation(old: int, start: int, stop: int, nodes: Callable[[int, int], bytes], *, whole: bool) -> list[bytes]:
    """The proof for the leaves from `start` to `stop`; `whole` while the old tree begins where they begin."""
    if old == stop:
        return [] if whole else [_root(start, stop, nodes)]
    middle = start + _split(stop - start)
    if old <= middle:
        return [*_continuation(old, start, middle, nodes, whole=whole), _root(middle, stop, nodes)]
    return [*_continuation(old, middle, stop, nodes, whole=False), _root(start, middle, nodes)]


def _root(start: int, stop: int, nodes: Callable[[int, int], bytes]) -> bytes:
    """The hash over the leaves from `start` to `stop`, `start` being a multiple of the widest subtree in them."""
    found: bytes | None = None
    for height in range((stop - start).bit_length()):
        if (stop - start) >> height & 1:
            stop -= 1 << height
            peak = nodes(height, stop >> height)
            found = peak if found is None else node_hash(peak, found)
    return EMPTY if found is None else found
