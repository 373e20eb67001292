"""The root of a tree that grows leaf by leaf."""

from collections.abc import Iterable

from ledger.transparency.merkle import Range


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree, given the hashes of its leaves."""
    tree = Range()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()
