"""The static files of the log as a verifier reads them, held against the tree that the entries give."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.disk import read
from ledger.transparency import note
from ledger.transparency.finding import Finding
from ledger.transparency.merkle import HASH
from ledger.transparency.tiles import (
    WIDTH,
    TileLost,
    bundle_sizes,
    by_number,
    edge_of,
    is_full,
    read_tile,
    tile_path,
    tiles_of,
    unbundled,
)
from ledger.transparency.tree import WholeTree, leaf_hashes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.transparency.note import Checkpoint

_HEAD: Final = re.compile(
    r"position (0|[1-9][0-9]{0,18})\nsettings ([0-9a-f]{64})(?:\nedge ([0-9a-f]{64})\npeaks ([A-Za-z0-9+/=]*))?"
)
_NO_HASH: Final = bytes(HASH)
_TILE: Final = re.compile(r"tile/([0-9]|[1-5][0-9]|6[0-3]|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class LogFiles:
    """The folder `log`."""

    def __init__(self, folder: Path, origin: str, settings: str) -> None:
        self._folder = folder
        self._origin = origin
        self._settings = settings
        self._sealed = WholeTree(b"")
        self._head: Checkpoint | None = None
        self._edge: tuple[str, str] | None = None
        self._headless = False
        self.lost: list[str] = []
        """The files that lie there empty or cut short; known once the findings were read."""
        self.unkept: dict[int, str] = {}
        """By size: leaves that are laid when a checkpoint is signed, where it is not kept; known like `lost`."""
        self.checkpoints: list[tuple[str, Checkpoint]] = []
        """Those that lie in it, each with what it is called; known once the findings were read."""

    def root(self, size: int) -> bytes:
        """The root that the tiles give over the first leaves; nothing where they do not reach so far."""
        return self._sealed.root(size) if self._sealed.size >= size else b""

    def findings(
        self, tree: WholeTree, absent: Collection[int], held: Collection[str], *, begun: bool = False
    ) -> Iterator[Finding]:
        """What differs between the log and the entries.

        `absent` holds the indices of leaves that are not there, `held` the files known to hold the entries' own.
        `begun`: entries were recorded before the newest, so that there was a log.
        """
        yield from self._strange()
        yield from self._read_checkpoints()
        yield from self._read_head(tree, begun=begun)
        size = self._head.size if self._head else self._reach(tree.size)
        if not self._head and self._holds_more(tree.size):
            yield Finding("TRUNCATED", tree.size + 1, f"tiles hold hashes of more than the {tree.size} entries there")
        if size:
            yield from self._read_tiles(tree, size)
            yield from self._differing(tree, absent)
        signed = self._vouching(tree)
        yield from self._files(tree, held, set(tiles_of(signed[-1] if signed else 0)))
        yield from self._missing(size, signed)
        fresh = [index for index in range(size, tree.size) if index not in absent]
        if fresh and not self._headless:
            count = "the newest entry is" if len(fresh) == 1 else f"the newest {len(fresh)} are"
            lost = "" if self._head else ": it was removed, or no write came to its end yet"
            yield Finding("UNSEALED", fresh[0] + 1, f"{count} not in the log{lost}")

    def _strange(self) -> Iterator[Finding]:
        """What lies in the log and is no file or folder of it: through a link a write could reach other files."""
        if self._folder.is_symlink():
            yield Finding("TILE-ALTERED", None, "log is a link to another folder")
        for entry in _walked(self._folder):
            name = Path(entry.path).relative_to(self._folder).as_posix()
            if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                yield Finding("TILE-ALTERED", None, f"log/{name} is no file or folder, but a link or the like")
            elif entry.is_dir() and _TILE.fullmatch(name):
                yield Finding("TILE-ALTERED", None, f"log/{name} is a folder in the place of a tile")

    def _reach(self, most: int) -> int:
        """How many leaves have their hashes in tiles, where no head says so."""
        full = 0
        with suppress(TileLost):
            while full * WIDTH < most:
                read_tile(self._folder, 0, full, WIDTH)
                full += 1
        return full * WIDTH + max(by_number((self._folder / tile_path(0, full, 1)).parent), default=0)

    def _holds_more(self, size: int) -> bool:
        """Whether a tile holds the hash of an entry behind the last: a tile is written when its entries are stored."""
        number, at = size // WIDTH, size % WIDTH * HASH
        folder = (self._folder / tile_path(0, number, 1)).parent
        for path in (self._folder / tile_path(0, number), *by_number(folder).values()):
            with suppress(OSError):
                if read(path)[at : at + HASH].strip(b"\x00"):
                    return True
        return False

    def _vouching(self, tree: WholeTree) -> list[int]:
        """The sizes of the checkpoints in the log that vouch for these entries, or for what was sealed; in order."""

        def roots(size: int) -> tuple[bytes, bytes]:
            return self.root(size), tree.root(size) if size <= tree.size else b""

        return sorted({one.size for _, one in self.checkpoints if one.root in roots(one.size)})

    def _read_checkpoints(self) -> Iterator[Finding]:
        folder = self._folder / "checkpoints"
        paths = sorted(
            (path for path in _inside(folder) if not path.name.endswith("~")), key=lambda path: path.name.zfill(20)
        )
        for path in (*paths, self._folder / "checkpoint"):
            name = f"log/{path.relative_to(self._folder).as_posix()}"
            try:
                found = note.parse_checkpoint(read(path))
            except FileNotFoundError:
                if paths:
                    yield Finding("CHECKPOINT-MISSING", None, f"{name} is gone")
                continue
            except (OSError, note.Malformed) as error:
                yield Finding(_kind(error, "CHECKPOINT-MALFORMED"), None, f"{name}: {error}")
                continue
            if path.parent == folder and path.name != str(found.size):
                yield Finding("CHECKPOINT-MALFORMED", None, f"{name} is of {found.size} entries")
            self.checkpoints.append((name, found))
        kept = {path.name for path in paths} | {str(one.size) for _, one in self.checkpoints}
        self.unkept = {size: name for size, name in bundle_sizes(self._folder).items() if str(size) not in kept}

    def _read_head(self, tree: WholeTree, *, begun: bool) -> Iterator[Finding]:
        made, self._headless = bool(self.checkpoints) or (self._folder / "tile").exists(), True
        try:
            found = note.parse_checkpoint(read(self._folder / "head"))
            more = _HEAD.fullmatch("\n".join(found.note.text.split("\n")[3:-1]))
        except FileNotFoundError:
            self._headless = made or begun
            if self._headless:
                yield Finding("HEAD-LOST", None, f"log/head is gone{'' if made else ', and all of the log with it'}")
            return
        except note.Malformed as error:
            if _is_cut_short(self._folder / "head"):
                self.lost.append("head")
                yield Finding("HEAD-LOST", None, "log/head is empty, or cut short")
                return
            yield Finding("HEAD-ALTERED", None, f"log/head: {error}")
            return
        except OSError as error:
            yield Finding(_kind(error, "HEAD-ALTERED"), None, f"log/head: {error}")
            return
        if more is None and _is_cut_short(self._folder / "head"):
            self.lost.append("head")
            yield Finding("HEAD-LOST", None, "log/head is cut short")
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
            self._head, self._headless = found, False
            self._edge = (more[3], more[4]) if more[3] else None  # release 0.3.0 had none
        else:
            yield Finding("HEAD-ALTERED", None, f"log/head speaks of {found.size} entries")

    def _read_tiles(self, tree: WholeTree, size: int) -> Iterator[Finding]:
        differing: dict[int, bytes] = {}
        numbers = [(number, min(WIDTH, size - number * WIDTH)) for number in range((size + WIDTH - 1) // WIDTH)]
        for number, width in numbers:
            with suppress(TileLost):  # told with all that are lost
                tile = _filled(read_tile(self._folder, 0, number, width), tree.tile(0, number, width))
                if tile != tree.tile(0, number, width):
                    differing[number] = tile
        self._sealed = tree
        if differing or size > tree.size:
            sealed = (differing.get(n) or tree.tile(0, n, width).ljust(width * HASH, b"\x00") for n, width in numbers)
            self._sealed = WholeTree(b"".join(sealed))
        head = self._head
        if head and head.root not in (self._sealed.root(head.size), head.size <= tree.size and tree.root(head.size)):
            yield Finding("HEAD-ALTERED", None, "log/head names a root that neither the tiles nor the entries give")
        elif head and self._edge not in (None, *(_edge(one, head.size) for one in (self._sealed, tree))):
            yield Finding("HEAD-ALTERED", None, "log/head tells of an edge that neither the tiles nor the entries give")

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
        runs: list[tuple[str, int, int]] = []
        for start in range(0, length, WIDTH * HASH):
            if own[start : start + WIDTH * HASH] == sealed[start : start + WIDTH * HASH]:
                continue
            for at in range(start, min(start + WIDTH * HASH, length), HASH):
                index = at // HASH
                if own[at : at + HASH] == sealed[at : at + HASH] or index in absent:
                    continue
                kind = "TILE-ALTERED" if index < right else "ALTERED"
                if runs and runs[-1][0] == kind and runs[-1][2] == index:
                    runs[-1] = (kind, runs[-1][1], index + 1)
                else:
                    runs.append((kind, index, index + 1))
        for kind, first, behind in runs:
            many = f"entries {first + 1} to {behind} are" if behind > first + 1 else ""
            if kind == "ALTERED":
                yield Finding(kind, first + 1, f"{many or 'it is'} not what was sealed")
            else:
                which = f"the hashes of entries {first + 1} to {behind}" if many else "its hash"
                yield Finding(
                    kind, first + 1, f"{which} in the log changed: the roots vouched for have the entry's own"
                )

    def _files(
        self, tree: WholeTree, held: Collection[str], signed: Collection[tuple[int, int, int]]
    ) -> Iterator[Finding]:
        """Hold each file of tiles and leaves against the hashes below it; `signed` are those of a signed tree."""
        for path in sorted(_below(self._folder / "tile")):
            name = path.relative_to(self._folder).as_posix()
            matched = _TILE.fullmatch(name)
            if matched is None or name in held:
                continue  # nobody reads it by that name; or it was read
            row = 0 if matched[1] == "entries" else int(matched[1])
            number, width = int(matched[2].replace("x", "").replace("/", "")), int(matched[3] or WIDTH)
            # Beyond the head lies what a seal left that was cut short; and where one differs from the other, that was
            # told of the entry: a file above or beside it is as it was if it fits either.
            expected = (self._sealed.tile(row, number, width), tree.tile(row, number, width))
            try:
                data = read(path)
                found = leaf_hashes(unbundled(data)) if matched[1] == "entries" else data
            except PermissionError as error:
                yield Finding("UNAVAILABLE", None, f"log/{name}: {error}")
                continue
            except (OSError, ValueError):
                found = b""
            if found not in expected or len(found) != width * HASH:
                lost = any(map(partial(_is_lost, path, found), expected)) and (row, number, width) not in signed
                self.lost += [name] * lost
                yield Finding(
                    "TILE-LOST" if lost else "TILE-ALTERED",
                    None,
                    f"log/{name} is empty, or cut short" if lost else f"log/{name} is not what the entries gave",
                )

    def _missing(self, size: int, signed: list[int]) -> Iterator[Finding]:
        """The tiles of a tree that are gone; under a signature also leaves, and the very tiles of each such tree."""
        newest = signed[-1] if signed else 0
        lost, covered, derived = dict[str, str](), set(tiles_of(newest)), dict[str, str]()
        for tile in (*tiles_of(size), *covered):
            try:
                read_tile(self._folder, *tile)
            except TileLost as error:
                (lost if tile in covered else derived)[str(error)] = "is gone, or not as long as it should be"
        reach = max(size, newest)
        edges = {tile for earlier in signed for tile in edge_of(earlier)}
        partial = [tile for tile in edges if not is_full(*tile[:2], reach)]  # no full one took their place
        for level, number, width in (*tiles_of(newest), *sorted(partial)):
            for row in ("entries", level) if level == 0 else (level,):
                full, name = tile_path(row, number), tile_path(row, number, width)
                if not (self._folder / full).exists() and not (self._folder / name).exists():
                    lost.setdefault(name, "is gone")
        for name, how in lost.items():
            yield Finding("TILE-MISSING", None, f"log/{name} {how}")
        for name, how in derived.items():
            if name not in lost and name not in self.lost:
                yield Finding("TILE-LOST", None, f"log/{name} {how}")


def _edge(tree: WholeTree, size: int) -> tuple[str, str]:
    """What a head tells of the right edge, as far as the tree reaches."""
    if tree.size < size:
        return "", ""
    return sha256(tree.edge(size)).hexdigest(), note.to_base64(tree.peaks(size))


def _filled(tile: bytes, own: bytes) -> bytes:
    """The hashes of a tile, those that are zeros as the entries give them: a disk gives zeros for what it lost."""
    if len(tile) != len(own) or _NO_HASH not in tile:
        return tile
    pairs = ((tile[at : at + HASH], own[at : at + HASH]) for at in range(0, len(tile), HASH))
    return b"".join(other if one == _NO_HASH else one for one, other in pairs)


def _is_lost(path: Path, found: bytes, expected: bytes) -> bool:
    """Whether a tile is what the entries give as far as it is there: what is missing of it is zeros, or cut off."""
    if "entries" in path.parts:
        return _is_cut_short(path)
    if len(found) % HASH:
        found = found[: -(len(found) % HASH)]
    pairs = ((found[at : at + HASH], expected[at : at + HASH]) for at in range(0, len(found), HASH))
    return len(found) <= len(expected) and all(one in (other, _NO_HASH) for one, other in pairs)


def _is_cut_short(path: Path) -> bool:
    """Whether a text of ours is empty, ends in zeros, or breaks off within a line: so a power cut leaves it."""
    try:
        data = read(path)
    except OSError:
        return False
    return not data.endswith(b"\n")


def _kind(error: Exception, otherwise: str) -> str:
    """What may not be read by whoever asks may be as it was."""
    return "UNAVAILABLE" if isinstance(error, PermissionError) else otherwise


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _below(folder: Path) -> list[Path]:
    found = (one for one in _walked(folder) if one.is_file(follow_symlinks=False) and not one.name.endswith("~"))
    return [Path(one.path) for one in found]


def _walked(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """All that lies in a folder, and below it; no link is followed."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(entry.path)
