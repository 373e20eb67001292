"""Trees: their roots, the proofs that are made of them, and how proofs are judged."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.disk import put
from ledger.transparency import merkle
from ledger.transparency.merkle import EMPTY, Range, leaf_hash, proves_consistency, proves_inclusion
from ledger.transparency.sealing import Edge
from ledger.transparency.tiles import TiledTree, TileLost, edge_of, tile_path
from ledger.transparency.tree import WholeTree, leaf_hashes
from tests.ledger.transparency.trees import root_of

LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""Source: transparency-dev/merkle, testonly/constants.go (Apache-2.0), as the roots below."""

ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = ["6e340b9c", "96a296d2", "0298d122", "07506a85", "bc1a0643", "4271a26b", "b08693ec", "46f6ffad"]
INCLUDED = {
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ],
    (2, 3): [ROOTS[2]],
    (0, 1): [],
}
CONTINUED = {
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (4, 4): [],
    (0, 8): [],
}


# A second implementation, word for word from RFC 6962, section 2.1: slow, recursive, on the data of the leaves.


def split(size: int) -> int:
    """The largest power of two smaller than the size."""
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(data: Sequence[bytes]) -> bytes:
    """MTH(D[n])."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = split(len(data))
    return sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def path(m: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(data) == 1:
        return []
    k = split(len(data))
    return [*path(m, data[:k]), mth(data[k:])] if m < k else [*path(m - k, data[k:]), mth(data[:k])]


def proof(m: int, data: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n])."""

    def subproof(m: int, data: Sequence[bytes], *, b: bool) -> list[bytes]:
        if m == len(data):
            return [] if b else [mth(data)]
        k = split(len(data))
        if m <= k:
            return [*subproof(m, data[:k], b=b), mth(data[k:])]
        return [*subproof(m - k, data[k:], b=False), mth(data[:k])]

    return subproof(m, data, b=True)


def included(m: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof of inclusion leads to; None if a tree of that size has no proof of this shape."""
    if not 0 <= m < size:
        return None
    if size == 1:
        return None if proof else leaf
    if not proof:
        return None
    k, top = split(size), proof[-1]
    below = included(m, k, leaf, proof[:-1]) if m < k else included(m - k, size - k, leaf, proof[:-1])
    if below is None:
        return None
    return sha256(b"\x01" + (below + top if m < k else top + below)).digest()


def continued(m: int, size: int, known: bytes, proof: Sequence[bytes], *, b: bool) -> tuple[bytes, bytes] | None:
    """Both roots that a proof of consistency leads to; None if it is not of the shape that the sizes ask for."""
    if m == size:
        if b:
            return None if proof else (known, known)
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    k, top = split(size), proof[-1]
    if m <= k:
        found = continued(m, k, known, proof[:-1], b=b)
        return found and (found[0], sha256(b"\x01" + found[1] + top).digest())
    found = continued(m - k, size - k, known, proof[:-1], b=False)
    return found and (sha256(b"\x01" + top + found[0]).digest(), sha256(b"\x01" + top + found[1]).digest())


def nodes(data: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """The full subtrees over some leaves, by height and place."""
    return lambda height, place: mth(data[place << height : (place + 1) << height])


def numbered(count: int) -> list[bytes]:
    """Leaves that all differ."""
    return [b"leaf %d" % number for number in range(count)]


def changed(hash_: bytes) -> Iterator[bytes]:
    """A hash with each of its bytes changed, shortened and lengthened."""
    for place in range(len(hash_)):
        yield hash_[:place] + bytes([hash_[place] ^ 1]) + hash_[place + 1 :]
    yield hash_[:-1]
    yield hash_ + b"\x00"
    yield b""


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    """The roots are those of the reference trees, however they are made."""
    hashes = [leaf_hash(one) for one in LEAVES[:size]]
    made = [root_of(hashes), WholeTree(b"".join(hashes)).root(size), WholeTree(leaf_hashes(LEAVES)).root(size)]
    assert [one.hex() for one in (*made, mth(LEAVES[:size]))] == [ROOTS[size]] * 4


def test_known_leaves() -> None:
    """The hash of a leaf is that of the reference trees."""
    assert [leaf_hash(one).hex()[:8] for one in LEAVES] == HASHES
    assert leaf_hash(b"").hex() == ROOTS[1]
    assert EMPTY.hex() == ROOTS[0]


@pytest.mark.parametrize(("index", "size"), INCLUDED)
def test_known_inclusions(index: int, size: int) -> None:
    """The proofs of inclusion are those of the reference trees, and hold."""
    found = merkle.inclusion(index, size, nodes(LEAVES))
    assert [one.hex() for one in found] == INCLUDED[index, size]
    assert proves_inclusion(index, size, leaf_hash(LEAVES[index]), found, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONTINUED)
def test_known_consistencies(old: int, new: int) -> None:
    """The proofs of consistency are those of the reference trees, and hold."""
    found = merkle.consistency(old, new, nodes(LEAVES))
    assert [one.hex() for one in found] == CONTINUED[old, new]
    assert proves_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), found)


@given(st.data(), st.integers(1, 200))
def test_inclusion_is_proved(data: st.DataObject, size: int) -> None:
    """Every proof of inclusion made is that of RFC 6962, and is judged right by both implementations."""
    index, leaves = data.draw(st.integers(0, size - 1)), numbered(size)
    found = merkle.inclusion(index, size, nodes(leaves))
    assert found == path(index, leaves)
    assert included(index, size, leaf_hash(leaves[index]), found) == mth(leaves)
    assert proves_inclusion(index, size, leaf_hash(leaves[index]), found, mth(leaves))


@given(st.data(), st.integers(1, 200))
def test_consistency_is_proved(data: st.DataObject, new: int) -> None:
    """Every proof of consistency made is that of RFC 6962, and is judged right by both implementations."""
    old, leaves = data.draw(st.integers(1, new)), numbered(new)
    found, before = merkle.consistency(old, new, nodes(leaves)), mth(leaves[:old])
    assert found == proof(old, leaves)
    assert continued(old, new, before, found, b=True) == (before, mth(leaves))
    assert proves_consistency(old, new, before, mth(leaves), found)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_a_changed_inclusion_is_refused(size: int) -> None:
    """No byte of a proof, a leaf or a root can be changed, no hash added, left out or moved, no index shifted."""
    leaves = numbered(size)
    root = mth(leaves)
    for index in range(size):
        leaf, found = leaf_hash(leaves[index]), path(index, leaves)
        assert not any(proves_inclusion(index, size, one, found, root) for one in changed(leaf))
        assert not any(proves_inclusion(index, size, leaf, found, one) for one in changed(root))
        for place, hash_ in enumerate(found):
            others = [[*found[:place], one, *found[place + 1 :]] for one in changed(hash_)]
            others += [found[:place] + found[place + 1 :], [*found[:place], hash_, *found[place:]]]
            assert not any(proves_inclusion(index, size, leaf, one, root) for one in others)
        for one in ([*found, root], [root, *found], [*found, bytes(32)], *([found[::-1]] if len(found) > 1 else [])):
            assert not proves_inclusion(index, size, leaf, one, root)
        for other in {*range(-2, size + 3), index + 2**63, 2**64 + index} - {index}:
            assert not proves_inclusion(other, size, leaf, found, root)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_another_size_is_judged_as_the_shape_of_its_tree_says(size: int) -> None:
    """A proof holds under another size only where the way up is the same there, by the naive reading too."""
    leaves = numbered(size)
    for index, other in itertools.product(range(size), (-1, 0, *range(1, 20), 2**63)):
        leaf, found = leaf_hash(leaves[index]), path(index, leaves)
        naive = included(index, other, leaf, found) == mth(leaves) if other < 20 else False
        assert proves_inclusion(index, other, leaf, found, mth(leaves)) == naive


@pytest.mark.parametrize("new", [2, 3, 7, 8, 13])
def test_a_changed_consistency_is_refused(new: int) -> None:
    """No byte of a proof or of either root can be changed, no hash added, left out or moved."""
    leaves = numbered(new)
    after = mth(leaves)
    for old in range(1, new):
        found, before = proof(old, leaves), mth(leaves[:old])
        assert not any(proves_consistency(old, new, one, after, found) for one in changed(before))
        assert not any(proves_consistency(old, new, before, one, found) for one in changed(after))
        for place, hash_ in enumerate(found):
            others = [[*found[:place], one, *found[place + 1 :]] for one in changed(hash_)]
            others += [found[:place] + found[place + 1 :], [*found[:place], hash_, *found[place:]]]
            assert not any(proves_consistency(old, new, before, after, one) for one in others)
        for one in ([*found, after], [before, *found], [after, *found], []):
            assert not proves_consistency(old, new, before, after, one)
        assert not proves_consistency(new, old, after, before, found)


@pytest.mark.parametrize("new", [2, 3, 7, 8, 13])
def test_other_sizes_of_consistency_are_judged_as_the_shape_of_their_trees_says(new: int) -> None:
    """A proof holds under other sizes only where the way up is the same there, by the naive reading too."""
    leaves = numbered(new)
    for old in range(1, new):
        found, before, after = proof(old, leaves), mth(leaves[:old]), mth(leaves)
        for first, second in itertools.product(range(-1, 18), repeat=2):
            naive = 0 < first < second and continued(first, second, before, found, b=True) == (before, after)
            assert proves_consistency(first, second, before, after, found) == naive, (old, first, second)


def test_a_hash_has_32_bytes() -> None:
    """What is no hash is refused, be it as leaf, as root, or within a proof; also where it would fit."""
    assert not proves_inclusion(0, 1, b"", [], b"")
    assert not proves_inclusion(0, 1, bytes(31), [], bytes(31))
    joined = sha256(b"\x01" + bytes(64)).digest()
    assert proves_inclusion(0, 2, bytes(32), [bytes(32)], joined)
    assert not proves_inclusion(0, 2, bytes(33), [bytes(31)], joined)
    assert not proves_consistency(1, 1, b"", b"", [])
    assert not proves_consistency(1, 2, bytes(33), joined, [bytes(31)])
    with pytest.raises(ValueError, match="32 bytes"):
        Range(1, [bytes(31)])
    with pytest.raises(ValueError, match="3 leaves has 2"):
        Range(3, [bytes(32)])


def test_the_empty_tree_is_continued_by_every_tree() -> None:
    """From size 0 an empty proof holds, any other does not, and the root must be that of no leaves."""
    root = mth(LEAVES)
    assert proves_consistency(0, 8, EMPTY, root, [])
    assert proves_consistency(0, 0, EMPTY, EMPTY, [])
    assert not proves_consistency(0, 8, root, root, [])
    assert not proves_consistency(0, 8, EMPTY, root, [root])
    assert not proves_consistency(0, 0, EMPTY, EMPTY, [EMPTY])
    assert not proves_consistency(0, 0, root, root, [])
    assert not proves_consistency(0, 0, EMPTY, root, [])
    assert not proves_consistency(-1, 0, EMPTY, EMPTY, [])


def test_a_tree_continues_itself() -> None:
    """At one size an empty proof holds if the roots are the same, and no other proof."""
    root, other = mth(LEAVES), mth(LEAVES[:7])
    assert proves_consistency(8, 8, root, root, [])
    assert not proves_consistency(8, 8, root, other, [])
    assert not proves_consistency(8, 8, root, root, [root])


def edge_root(edge: Edge, hashes: Sequence[bytes]) -> bytes:
    """The root by the writer's own way, after so many more leaves."""
    for one in hashes:
        for _ in edge.append(one):
            pass
    return edge.tree.root()


def test_all_trees_agree() -> None:
    """The writer's tree, the signer's and the verifier's have one root, at every size up to 70 and at the seams."""
    sizes = [*range(71), 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 66_000]
    hashes = [leaf_hash(one) for one in numbered(sizes[-1])]
    whole, tree, edge = WholeTree(b"".join(hashes)), Range(), Edge()
    assert whole.size == len(hashes)
    for size in sizes:
        fresh = hashes[edge.tree.size : size]
        for one in fresh:
            tree.append(one)
        root = edge_root(edge, fresh)
        assert edge.tree.size == tree.size == size
        assert root == tree.root() == whole.root(size) == WholeTree(b"".join(hashes[:size])).root(size)
        assert size > 1000 or root == mth(numbered(size))


@given(st.integers(71, 3_000))
def test_all_trees_agree_at_bigger_sizes(size: int) -> None:
    """As above, at sizes that nobody chose."""
    hashes = [leaf_hash(one) for one in numbered(size)]
    assert edge_root(Edge(), hashes) == root_of(hashes) == WholeTree(b"".join(hashes)).root(size)


def test_a_range_is_continued_from_its_peaks() -> None:
    """A tree that is put down and taken up again is the same tree."""
    hashes = [leaf_hash(one) for one in numbered(70)]
    for size in range(70):
        former = Range()
        for one in hashes[:size]:
            former.append(one)
        found = Range(size, former.peaks)
        assert [nodes(numbered(70))(height, place) for height, place in merkle.peaks_of(size)] == found.peaks
        for one in hashes[size:]:
            found.append(one)
        assert found.root() == mth(numbered(70))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700, 66_000])
def test_tiles_give_the_nodes_of_the_tree(size: int, tmp_path: Path) -> None:
    """Proofs made of tiles on the disk hold, and a lost tile is said to be lost."""
    edge, hashes = Edge(), [leaf_hash(one) for one in numbered(size)]
    for hash_ in hashes:
        for level, number, row in edge.append(hash_):
            put(tmp_path / tile_path(level, number), row)
    for tile in edge_of(size):
        put(tmp_path / tile_path(*tile), bytes(edge.levels[tile[0]]))
    tree, root = TiledTree(tmp_path, size), edge.tree.root()
    for index in {0, size // 3, size - 1}:
        found = merkle.inclusion(index, size, tree.node)
        assert proves_inclusion(index, size, hashes[index], found, root)
        found = merkle.consistency(index + 1, size, tree.node)
        assert proves_consistency(index + 1, size, root_of(hashes[: index + 1]), root, found)
    last = (size - 1) // 256
    (tmp_path / tile_path(0, last, (size - 1) % 256 + 1)).unlink()
    with pytest.raises(TileLost, match="tile/0/"):
        TiledTree(tmp_path, size).node(0, size - 1)
