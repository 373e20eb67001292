"""Sealing: the hash of every committed entry is laid into the log's tiles, at the end of every command that writes.

What is written here is derived, so nothing waits for the disk: the next write checks the right edge of the tree, and
derives everything anew where it does not fit. The laws of sealing:

1. Only what the store holds is sealed, read back from it after the commit.
2. Order of writing: tiles, then `head`, then the tiles that are no longer needed go. Killed between any two, the head
   that is there finds its tiles.
3. Entries that are not those under a signed checkpoint are not sealed: what is there is evidence, and stays.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.disk import locked, put, read
from ledger.errors import Damage
from ledger.transparency.envelope import leaf_of
from ledger.transparency.merkle import HASH, Range, leaf_hash
from ledger.transparency.note import Malformed, checkpoint_text, parse_checkpoint
from ledger.transparency.tiles import (
    ROWS,
    WIDTH,
    TileLost,
    by_number,
    edge_of,
    full_root,
    levels_of,
    peaks_over,
    read_tile,
    tile_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ledger.transparency.envelope import Source
    from ledger.transparency.note import Checkpoint

HEAD: Final = "head"
CHECKPOINT: Final = "checkpoint"
_LAST: Final = re.compile(r"position ([1-9][0-9]{0,18}|0)\nsettings ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log has come. It is derived, and proves nothing by itself."""

    origin: str
    size: int
    root: bytes
    position: int
    """Of the last entry sealed; 0 when there is none."""
    settings: str
    """The SHA-256 (hex) of ledger.toml at that time."""

    def __str__(self) -> str:
        return (
            f"{checkpoint_text(self.origin, self.size, self.root)}position {self.position}\nsettings {self.settings}\n"
        )


class Edge:
    """The right edge of a tree: by level, the hashes of the tile that is not full yet."""

    __slots__ = ("levels", "tree")

    def __init__(self, size: int = 0, rows: Iterable[tuple[int, bytes]] = ()) -> None:
        """Take up a tree where it was left; `rows` has, by level, the hashes of its partial tiles."""
        self.levels: list[list[bytes]] = [[] for _ in range(levels_of(size))]
        peaks: list[bytes] = []
        for level, hashes in rows:
            self.levels[level] = [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
            peaks = [*peaks_over(hashes), *peaks]
        self.tree = Range(size, peaks)

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take in the hash of a leaf; yields the tiles that became full: level, number and hashes of each."""
        level, number, found = 0, self.tree.size // WIDTH, leaf
        self.tree.append(leaf)
        while True:
            if level == len(self.levels):
                self.levels.append([])
            row = self.levels[level]
            row.append(found)
            if len(row) < WIDTH:
                return
            hashes = b"".join(row)
            row.clear()
            yield level, number, hashes
            level, number, found = level + 1, number // WIDTH, full_root(hashes)

    def partial(self) -> Iterator[tuple[int, int, bytes]]:
        """The tiles that are not full: level, number and hashes of each."""
        for level, number, _ in edge_of(self.tree.size):
            yield level, number, b"".join(self.levels[level])


def seal(log: Path, origin: str, settings: str, entries: Source) -> Head:
    """Bring the log up to the last entry that the store holds.

    Raises:
        Damage: the entries are not those under the signed checkpoint; the log is left as it is.
        OSError: the log cannot be written; the next write does it.
    """
    with locked(log):
        head = read_head(log)
        edge = _edge(log, head, origin, entries)
        if edge is None:
            return _derived_anew(log, origin, settings, entries)
        position = head.position if head else 0
        for one in entries.stored(position):
            for level, number, hashes in edge.append(leaf_hash(leaf_of(one))):
                put(log / tile_path(level, number), hashes)
            position = one.position
        return _finish(log, head, Head(origin, edge.tree.size, edge.tree.root(), position, settings), edge)


def read_head(log: Path) -> Head | None:
    """The head of the log; None when there is none that can be read."""
    try:
        whole = read(log / HEAD)
        found = parse_checkpoint(whole)
        last = _LAST.fullmatch("\n".join(found.note.text.split("\n")[3:-1]))
    except (OSError, Malformed):
        return None
    head = last and Head(found.origin, found.size, found.root, int(last[1]), last[2])
    return head if head and str(head).encode() == whole else None


def signed(log: Path) -> Checkpoint | None:
    """The newest checkpoint in the log; None when there is none that can be read."""
    try:
        return parse_checkpoint(read(log / CHECKPOINT))
    except (OSError, Malformed):
        return None


def _edge(log: Path, head: Head | None, origin: str, entries: Source) -> Edge | None:
    """The right edge as the tiles have it; None when it does not fit the head, or the last entry sealed."""
    if head is None or head.origin != origin:
        return None
    try:
        edge = Edge(
            head.size, [(level, read_tile(log, level, number, width)) for level, number, width in edge_of(head.size)]
        )
        last = head.size - 1
        tile = read_tile(log, 0, last // WIDTH, last % WIDTH + 1) if head.size else b""
    except TileLost:
        return None
    stored = next(iter(entries.stored(head.position - 1, 1)), None) if head.size else None
    if head.size and (stored is None or stored.position != head.position or leaf_hash(leaf_of(stored)) != tile[-HASH:]):
        return None
    return edge if edge.tree.root() == head.root else None


def _derived_anew(log: Path, origin: str, settings: str, entries: Source) -> Head:
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
        put(log / tile_path(level, number), hashes)
    return _finish(log, None, Head(origin, edge.tree.size, edge.tree.root(), position, settings), edge)


def _finish(log: Path, before: Head | None, head: Head, edge: Edge) -> Head:
    """Write the partial tiles and the head, and let go of the partial tiles that no tree needs."""
    if head == before:
        return head
    there = set(edge_of(before.size)) if before else set()
    for level, number, hashes in edge.partial():
        if (level, number, len(hashes) // HASH) not in there:
            put(log / tile_path(level, number, len(hashes) // HASH), hashes)
    put(log / HEAD, str(head).encode())
    gone = there - set(edge_of(head.size))
    checkpoint = signed(log) if gone else None
    for tile in gone - set(edge_of(checkpoint.size) if checkpoint else ()):
        path = log / tile_path(*tile)
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()  # it stays while it holds the tile of a tree
    return head


def prune(log: Path, signed_sizes: Iterable[int], size: int) -> None:
    """Let go of the partial tiles that no signed tree needs, or that the full one took the place of, and of leftovers.

    A signed tree needs its partial tiles until the full ones are there (C2SP tlog-tiles).
    """
    kept: dict[tuple[int, int], set[int]] = {}
    for tree in (*signed_sizes, size):
        for level, number, width in edge_of(tree):
            full = number < size >> ROWS * (level + 1)
            kept.setdefault((level, number), set()).update(() if full else (width,))
    for (level, number), widths in kept.items():
        for row in (level, "entries") if level == 0 else (level,):
            folder = (log / tile_path(row, number, 1)).parent
            for width, path in by_number(folder).items():
                if width not in widths:
                    path.unlink(missing_ok=True)
            for path in folder.glob("*~"):
                path.unlink(missing_ok=True)
            with suppress(OSError):
                folder.rmdir()  # it stays while it holds the tile of a tree
