"""Sealing: the hash of every committed entry is laid into the log's tiles, at the end of every command that writes.

What is written here is derived, so nothing waits for the disk: the next write checks the right edge of the tree, and
derives everything anew where it does not fit. The laws of sealing:

1. Only what the store holds is sealed, read back from it after the commit.
2. Order of writing: tiles, then `head`. Killed between any two, the head that is there finds its tiles. Partial tiles
   stay until the full one is there.
3. Entries that are not those under a signed checkpoint are not sealed: what is there is evidence, and stays.
"""

from __future__ import annotations

import os
import re
from base64 import b64decode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.disk import read
from ledger.errors import Damage
from ledger.transparency.envelope import leaf_of
from ledger.transparency.log_writing import lay, log_locked, overwrite
from ledger.transparency.merkle import HASH, Range, leaf_hash, peaks_of
from ledger.transparency.note import Malformed, checkpoint_text, parse_checkpoint, to_base64
from ledger.transparency.tiles import (
    WIDTH,
    TileLost,
    by_number,
    edge_of,
    full_root,
    is_full,
    levels_of,
    read_tile,
    tile_path,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.transparency.envelope import Source, Stored
    from ledger.transparency.note import Checkpoint

HEAD: Final = "head"
CHECKPOINT: Final = "checkpoint"
CHECKPOINTS: Final = "checkpoints"
_HEAD: Final = re.compile(
    r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]{44})\nposition (0|[1-9][0-9]{0,18})\nsettings ([0-9a-f]{64})\n"
    r"edge ([0-9a-f]{64})\npeaks ([A-Za-z0-9+/=]*)\n"
)


class Head(NamedTuple):
    """How far the log has come. It is derived, and proves nothing by itself."""

    origin: str
    size: int
    root: bytes
    position: int
    """Of the last entry sealed; 0 when there is none."""
    settings: str
    """The SHA-256 (hex) of ledger.toml at that time."""
    edge: str
    """The SHA-256 (hex) of the tiles that are not full, from the lowest level up."""
    peaks: bytes
    """A hash for each bit of the size, highest first: of the full subtree that it stands for, zeros for a bit of 0."""

    def __str__(self) -> str:
        return (
            f"{checkpoint_text(self.origin, self.size, self.root)}position {self.position}\nsettings {self.settings}\n"
            f"edge {self.edge}\npeaks {to_base64(self.peaks)}\n"
        )


class Edge:
    """The right edge of a tree: by level, the hashes of the tile that is not full yet."""

    __slots__ = ("levels", "tree")

    def __init__(self, size: int = 0, rows: Iterable[tuple[int, bytes]] = (), peaks: bytes = b"") -> None:
        """Take up a tree where it was left; `rows` has, by level, the hashes of its partial tiles, a head the peaks."""
        self.levels = [bytearray() for _ in range(levels_of(size))]
        for level, hashes in rows:
            self.levels[level] += hashes
        slots = [peaks[start : start + HASH] for start in range(0, len(peaks), HASH)]
        self.tree = Range(size, [slots[-1 - height] for height, _ in peaks_of(size)])

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take in the hash of a leaf; yields the tiles that became full: level, number and hashes of each."""
        level, number, found = 0, self.tree.size // WIDTH, leaf
        self.tree.append(leaf)
        while True:
            if level == len(self.levels):
                self.levels.append(bytearray())
            row = self.levels[level]
            row += found
            if len(row) < WIDTH * HASH:
                return
            hashes = bytes(row)
            row.clear()
            yield level, number, hashes
            level, number, found = level + 1, number // WIDTH, full_root(hashes)

    def digest(self) -> str:
        """The SHA-256 (hex) of the tiles that are not full, from the lowest level up."""
        return sha256(b"".join(self.levels)).hexdigest()

    def head(self, origin: str, position: int, settings: str) -> Head:
        """The head of a log that ends here."""
        size = self.tree.size
        slots = [bytes(HASH)] * size.bit_length()
        for (height, _), peak in zip(peaks_of(size), self.tree.peaks, strict=True):
            slots[-1 - height] = peak
        return Head(origin, size, self.tree.root(), position, settings, self.digest(), b"".join(slots))


def seal(log: Path, origin: str, settings: str, entries: Source) -> Head:
    """Bring the log up to the last entry that the store holds.

    Raises:
        Damage: the entries are not those under the signed checkpoint; the log is left as it is.
        OSError: the log cannot be written; the next write does it.
    """
    with log_locked(log):
        head = read_head(log)
        edge = _edge(log, head, origin)
        if head is None or edge is None:
            return derived_anew(log, origin, settings, entries)
        found = iter(entries.stored(max(head.position - 1, 0)))
        if head.size and not _ends_with(log, head, edge, next(found, None)):
            return derived_anew(log, origin, settings, entries)
        position = head.position
        for one in found:
            for level, number, hashes in edge.append(leaf_hash(leaf_of(one))):
                lay(log, tile_path(level, number), hashes)
            position = one.position
        return _finish(log, head, edge.head(origin, position, settings), edge)


def read_head(log: Path) -> Head | None:
    """The head of the log; None when there is none that can be read."""
    try:
        found = _HEAD.fullmatch(read(f"{log}/{HEAD}").decode())
        if found is None:
            return None
        origin, size, root, position, settings, edge, peaks = found.groups()
        head = Head(origin, int(size), b64decode(root), int(position), settings, edge, b64decode(peaks))
    except (OSError, ValueError):
        return None
    return head if len(head.peaks) == head.size.bit_length() * HASH else None


def signed(log: Path) -> Checkpoint | None:
    """The newest checkpoint in the log; None when there is none that can be read."""
    try:
        return parse_checkpoint(read(log / CHECKPOINT))
    except (OSError, Malformed):
        return None


def signed_sizes(log: Path) -> list[int]:
    """The sizes of the checkpoints that are kept here, in order."""
    return sorted(by_number(log / CHECKPOINTS))


def _edge(log: Path, head: Head | None, origin: str) -> Edge | None:
    """The right edge as the tiles have it; None when that is not what the head says."""
    if head is None or head.origin != origin:
        return None
    try:
        rows = [(level, read_tile(log, level, number, width)) for level, number, width in edge_of(head.size)]
    except TileLost:
        return None
    edge = Edge(head.size, rows, head.peaks)
    return edge if edge.tree.root() == head.root and edge.digest() == head.edge else None


def _ends_with(log: Path, head: Head, edge: Edge, last: Stored | None) -> bool:
    """Whether an entry is the one that was sealed last."""
    if last is None or last.position != head.position:
        return False
    try:
        tile = edge.levels[0] or read_tile(log, 0, head.size // WIDTH - 1, WIDTH)
    except TileLost:
        return False
    return tile.endswith(leaf_hash(leaf_of(last)))


def derived_anew(log: Path, origin: str, settings: str, entries: Source) -> Head:
    """Derive the log from the entries alone, and write it only if it holds what was signed."""
    edge = Edge()
    fresh: list[tuple[int, int, bytes]] = []
    checkpoint, position, held = signed(log), 0, False
    for one in entries.stored():
        leaf = leaf_hash(leaf_of(one))
        fresh += edge.append(leaf)
        position = one.position
        held = held or bool(checkpoint and checkpoint.size == edge.tree.size and checkpoint.root == edge.tree.root())
    if checkpoint and checkpoint.size and not held:
        raise Damage(
            "the entries are not those under the signed checkpoint",
            why=f"it vouches for {checkpoint.size} entries of another history",
            mend="keep the folder as it is: civic verify names what differs",
        )
    for level, number, hashes in fresh:
        lay(log, tile_path(level, number), hashes)
    return _finish(log, None, edge.head(origin, position, settings), edge)


def _finish(log: Path, before: Head | None, head: Head, edge: Edge) -> Head:
    """Write the partial tiles and the head, and let go of the partial tiles whose full ones are there now."""
    if head == before:
        return head
    there = set(edge_of(before.size)) if before else set()
    for tile in edge_of(head.size):
        if tile not in there:
            lay(log, tile_path(*tile), bytes(edge.levels[tile[0]]))
    overwrite(log, HEAD, str(head).encode())
    full = [(level, number) for level, number, _ in there if is_full(level, number, head.size)]
    kept = _widths(signed_sizes(log)) if full else {}
    for level, number in full:
        _let_go(log, level, number, kept.get((level, number), ()))
    return head


def prune(log: Path, size: int) -> None:
    """Let go of the partial tiles that no signed tree needs, or that the full one took the place of, and of leftovers.

    A signed tree needs its partial tiles until the full ones are there (C2SP tlog-tiles), and on the disk.
    """
    for (level, number), widths in _widths((*signed_sizes(log), size)).items():
        for row in (level, "entries") if level == 0 else (level,):
            _let_go(log, row, number, () if is_full(level, number, size) else widths)


def _widths(sizes: Iterable[int]) -> dict[tuple[int, int], set[int]]:
    """By level and number: how wide trees of some sizes need a partial tile."""
    found: dict[tuple[int, int], set[int]] = {}
    for size in sizes:
        for level, number, width in edge_of(size):
            found.setdefault((level, number), set()).add(width)
    return found


def _let_go(log: Path, row: int | str, number: int, kept: Collection[int]) -> None:
    """Remove partial tiles, but for those of some widths, and what a killed writer left of one."""
    folder = (log / tile_path(row, number, 1)).parent
    if Path(os.path.realpath(folder)) != Path(os.path.realpath(log)) / folder.relative_to(log):
        return  # it is linked to somebody else's; civic verify names it
    for width, path in by_number(folder).items():
        if width not in kept:
            path.unlink(missing_ok=True)
    for path in folder.glob("*~"):
        path.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()  # it stays while it holds the tile of a tree
