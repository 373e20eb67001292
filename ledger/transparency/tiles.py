"""Tiles: the hashes of a tree as static files, 256 to a tile, that anybody can serve and anybody can check.

`tile/<level>/<number>` holds the hashes of a row, eight rows apart, `.p/<width>` behind it those of a tile that is not
full yet. `tile/entries/<number>` holds the leaves themselves, each behind its length in two bytes.

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.disk import read
from ledger.transparency.merkle import HASH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WIDTH: Final = 256
"""Hashes in a full tile."""

ROWS: Final = 8
"""Rows of the tree from one level of tiles to the next."""

LONGEST_LEAF: Final = 65_535
"""Bytes: a leaf's length is written in two."""


_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")
_BUNDLE: Final = re.compile(r"tile/entries/((?:x[0-9]{3}/)*[0-9]{3})\.p/([1-9][0-9]{0,2})")


class TileLost(Exception):
    """A tile that is needed is not there, or is not as long as it should be."""


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Where a tile lies, below the folder of the log; `level` may be `entries`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    partial = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"


def levels_of(size: int) -> int:
    """How many levels of tiles a tree has."""
    return (size.bit_length() + ROWS - 1) // ROWS


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """The tiles of a tree: level, number and width of each, full and partial, level by level."""
    for level in range(levels_of(size)):
        count = size >> ROWS * level
        for number in range((count + WIDTH - 1) // WIDTH):
            yield level, number, min(WIDTH, count - number * WIDTH)


def edge_of(size: int) -> Iterator[tuple[int, int, int]]:
    """The partial tiles of a tree, at most one a level: level, number and width."""
    for level in range(levels_of(size)):
        number, width = divmod(size >> ROWS * level, WIDTH)
        if width:
            yield level, number, width


def is_full(level: int, number: int, size: int) -> bool:
    """Whether a tree of that size has a tile in full."""
    return number < size >> ROWS * (level + 1)


def by_number(folder: Path) -> dict[int, Path]:
    """What lies in a folder under a number; whatever else is there is not ours."""
    return {int(path.name): path for path in folder.glob("*") if _NUMBER.fullmatch(path.name)}


def bundle_sizes(log: Path) -> dict[int, str]:
    """The sizes of trees whose last leaves, in a bundle that is not full, lie in the log; each with the file's name.

    They are written when a checkpoint was signed, and for its size only.
    """
    found = {}
    for path in (log / "tile" / "entries").rglob("*.p/*"):
        name = path.relative_to(log).as_posix()
        if matched := _BUNDLE.fullmatch(name):
            number = int(matched[1].replace("x", "").replace("/", ""))
            found[number * WIDTH + int(matched[2])] = name
    return found


def read_tile(log: Path, level: int, number: int, width: int) -> bytes:
    """The first `width` hashes of a tile: from it, or from a wider one that took its place.

    Raises:
        TileLost: neither is there as it should be.
    """
    with suppress(OSError):
        data = read(f"{log}/{tile_path(level, number, width)}")
        if len(data) == width * HASH:
            return data
    full = log / tile_path(level, number)
    partial = by_number(full.with_name(f"{full.name}.p"))
    for held, path in sorted({WIDTH: full, **partial}.items()):
        if held > width:
            with suppress(OSError):
                data = read(path)
                if len(data) == held * HASH:
                    return data[: width * HASH]
    raise TileLost(tile_path(level, number, width))


class TiledTree:
    """A tree of some size whose hashes are read from tiles."""

    def __init__(self, log: Path, size: int) -> None:
        self._log = log
        self._size = size
        self._read: dict[tuple[int, int], bytes] = {}

    def node(self, height: int, place: int) -> bytes:
        """The hash of a full subtree, by its height and its place in that row.

        Raises:
            TileLost: the tile that holds it, or what it is made of, is not there.
        """
        level, above = divmod(height, ROWS)
        first = place << above
        tile = self._tile(level, first // WIDTH)
        start = first % WIDTH * HASH
        hashes = tile[start : start + (HASH << above)]
        return hashes if above == 0 else full_root(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._read:
            width = min(WIDTH, (self._size >> ROWS * level) - number * WIDTH)
            self._read[level, number] = read_tile(self._log, level, number, width)
        return self._read[level, number]


def full_root(hashes: bytes) -> bytes:
    """The root over a full subtree, given the hashes of its lowest row one after the other."""
    while len(hashes) > HASH:
        pairs = range(0, len(hashes), 2 * HASH)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 2 * HASH]).digest() for at in pairs])
    return hashes


def bundled(leaves: Iterable[bytes]) -> bytes:
    """An entry bundle: the leaves one after the other, each behind its length."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundled(data: bytes) -> list[bytes]:
    """The leaves of an entry bundle.

    Raises:
        ValueError: it is cut short.
    """
    leaves, at = [], 0
    try:
        while at < len(data):
            end = at + 2 + (data[at] << 8 | data[at + 1])
            leaves.append(data[at + 2 : end])
            at = end
    except IndexError:
        at = -1
    if at != len(data):
        msg = "the bundle is cut short"
        raise ValueError(msg)
    return leaves
