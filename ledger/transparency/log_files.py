"""The static files of the log as a verifier reads them, held against the tree that the entries give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.transparency import note
from ledger.transparency.finding import Finding
from ledger.transparency.merkle import HASH
from ledger.transparency.tiles import WIDTH, TileLost, edge_of, read_tile, tiles_of, unbundled
from ledger.transparency.tree import WholeTree, leaf_hashes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from ledger.transparency.note import Checkpoint

_HEAD: Final = re.compile(r"position (0|[1-9][0-9]{0,18})\nsettings ([0-9a-f]{64})")
_TILE: Final = re.compile(r"tile/([0-9]|[1-5][0-9]|6[0-3]|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class LogFiles:
    """The folder `log`."""

    def __init__(self, folder: Path, origin: str, settings: str) -> None:
        self._folder = folder
        self._origin = origin
        self._settings = settings
        self._sealed = WholeTree(b"")
        self._head: Checkpoint | None = None
        self.checkpoints: list[tuple[str, Checkpoint]] = []
        """Those that lie in it, each with what it is called; known once the findings were read."""

    def root(self, size: int) -> bytes:
        """The root that the tiles give over the first leaves; nothing where they do not reach so far."""
        return self._sealed.root(size) if self._sealed.size >= size else b""

    def findings(self, tree: WholeTree, absent: Collection[int]) -> Iterator[Finding]:
        """What differs between the log and the entries; `absent` holds the indices of leaves that are not there."""
        yield from self._read_checkpoints()
        yield from self._read_head(tree)
        signed = max((one.size for _, one in self.checkpoints), default=0)
        size = self._head.size if self._head else signed
        if size:
            yield from self._read_tiles(tree, size)
            yield from self._differing(tree, absent)
            yield from self._files(tree)
            for level, number, width in {*edge_of(signed), *tiles_of(size)}:
                yield from self._lost(level, number, width)
        if size < tree.size:
            count = tree.size - size
            yield Finding(
                "UNSEALED", size + 1, f"{'the newest entry is' if count == 1 else f'the newest {count} are'} not in it"
            )

    def _read_checkpoints(self) -> Iterator[Finding]:
        folder = self._folder / "checkpoints"
        paths = sorted(
            (path for path in _inside(folder) if not path.name.endswith("~")), key=lambda path: path.name.zfill(20)
        )
        texts = []
        for path in (*paths, self._folder / "checkpoint"):
            name = f"log/{path.relative_to(self._folder).as_posix()}"
            try:
                found = note.parse_checkpoint(path.read_bytes())
            except FileNotFoundError:
                if paths:
                    yield Finding("CHECKPOINT-MISSING", None, f"{name} is gone")
                continue
            except (OSError, note.Malformed) as error:
                yield Finding("CHECKPOINT-MALFORMED", None, f"{name}: {error}")
                continue
            if path.parent == folder and path.name != str(found.size):
                yield Finding("CHECKPOINT-MALFORMED", None, f"{name} is of {found.size} entries")
            if path.parent != folder and found.note.text not in texts:
                yield Finding("CHECKPOINT-MISSING", None, f"{name} is not among those of log/checkpoints")
            texts.append(found.note.text)
            self.checkpoints.append((name, found))

    def _read_head(self, tree: WholeTree) -> Iterator[Finding]:
        made = bool(self.checkpoints) or (self._folder / "tile").exists()
        try:
            found = note.parse_checkpoint((self._folder / "head").read_bytes())
            more = _HEAD.fullmatch("\n".join(found.note.text.split("\n")[3:-1]))
        except FileNotFoundError:
            if made:
                yield Finding("HEAD-ALTERED", None, "log/head is gone")
            return
        except (OSError, note.Malformed) as error:
            yield Finding("HEAD-ALTERED", None, f"log/head: {error}")
            return
        if more is None or found.note.signatures or int(more[1]) != found.size:
            yield Finding("HEAD-ALTERED", None, "log/head is not written as it was")
            return
        if found.origin != self._origin:
            yield Finding("SETTINGS-CHANGED", None, f"the log is of {found.origin}, ledger.toml says {self._origin}")
        elif more[2] != self._settings:
            mend = "if you changed it, the next entry recorded takes that over"
            yield Finding(
                "SETTINGS-CHANGED", None, f"ledger.toml is not as it was when the newest entry was sealed; {mend}"
            )
        if found.size > tree.size:
            yield Finding("TRUNCATED", tree.size + 1, f"{found.size} entries were sealed, {tree.size} are there")
        if found.size <= tree.size + WIDTH * WIDTH:  # further than that it cannot have been lost, only altered
            self._head = found
        else:
            yield Finding("HEAD-ALTERED", None, f"log/head speaks of {found.size} entries")

    def _read_tiles(self, tree: WholeTree, size: int) -> Iterator[Finding]:
        sealed = bytearray()
        for number in range((size + WIDTH - 1) // WIDTH):
            width = min(WIDTH, size - number * WIDTH)
            try:
                sealed += read_tile(self._folder, 0, number, width)
            except TileLost:  # told with all that are lost
                sealed += tree.tile(0, number, width).ljust(width * HASH, b"\x00")
        self._sealed = WholeTree(sealed)
        head = self._head
        if head and head.root not in (self._sealed.root(head.size), head.size <= tree.size and tree.root(head.size)):
            yield Finding("HEAD-ALTERED", None, "log/head names a root that neither the tiles nor the entries give")

    def _differing(self, tree: WholeTree, absent: Collection[int]) -> Iterator[Finding]:
        """Name each entry that is not what was sealed; or its hash, where a root vouched for has the entry's."""
        own, sealed = tree.levels[0], self._sealed.levels[0]
        length = min(len(own), len(sealed))
        if own[:length] == sealed[:length]:
            return
        vouching = [one for _, one in self.checkpoints] + ([self._head] if self._head else [])
        right = max(
            (one.size for one in vouching if one.size <= tree.size and tree.root(one.size) == one.root), default=0
        )
        for start in range(0, length, WIDTH * HASH):
            if own[start : start + WIDTH * HASH] == sealed[start : start + WIDTH * HASH]:
                continue
            for at in range(start, min(start + WIDTH * HASH, length), HASH):
                index = at // HASH
                if own[at : at + HASH] == sealed[at : at + HASH] or index in absent:
                    continue
                if index < right:
                    yield Finding("TILE-ALTERED", index + 1, "its hash in the log is not that of the entry signed for")
                else:
                    yield Finding("ALTERED", index + 1, "it is not what was sealed")

    def _files(self, tree: WholeTree) -> Iterator[Finding]:
        """Hold each file of tiles and leaves against the hashes below it."""
        for path in sorted(_below(self._folder / "tile")):
            name = path.relative_to(self._folder).as_posix()
            matched = _TILE.fullmatch(name)
            if matched is None:
                continue  # nobody reads it by that name
            row = 0 if matched[1] == "entries" else int(matched[1])
            number, width = int(matched[2].replace("x", "").replace("/", "")), int(matched[3] or WIDTH)
            expected = self._sealed.tile(row, number, width) or tree.tile(row, number, width)
            if len(expected) < width * HASH:  # beyond the head: a seal was cut short
                expected = tree.tile(row, number, width)
            try:
                data = path.read_bytes()
                found = leaf_hashes(unbundled(data)) if matched[1] == "entries" else data
            except (OSError, ValueError):
                found = b""
            if found != expected:
                yield Finding("TILE-ALTERED", None, f"log/{name} is not what the entries gave")

    def _lost(self, level: int, number: int, width: int) -> Iterator[Finding]:
        try:
            read_tile(self._folder, level, number, width)
        except TileLost as error:
            yield Finding("TILE-MISSING", None, f"log/{error} is gone, or not as long as it should be")


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("~")]
