"""Tiles on the disk, and the sealing that writes them: one tree, however often and amid what it was interrupted."""

from __future__ import annotations

import shutil
import uuid
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.disk import put, rewrite
from ledger.errors import Damage
from ledger.transparency import log_writing, note, sealing
from ledger.transparency.envelope import Stored, leaf_of
from ledger.transparency.log_files import LogFiles
from ledger.transparency.merkle import HASH, leaf_hash
from ledger.transparency.sealing import read_head, seal
from ledger.transparency.tiles import (
    TileLost,
    bundled,
    edge_of,
    levels_of,
    read_tile,
    tile_path,
    tiles_of,
    unbundled,
)
from ledger.transparency.tree import WholeTree, leaf_hashes
from tests.ledger.transparency.shelf import Shelf, bodies
from tests.ledger.transparency.trees import root_of

ORIGIN = "ledger.example.org/tiles"
SETTINGS = sha256(b"settings").hexdigest()
Files = dict[str, bytes]


class Book:
    """A store of entries, each of them the smallest that there can be."""

    def __init__(self, positions: Sequence[int], note: str = "") -> None:
        self._positions = list(positions)
        self._entries = [entry(position, note) for position in positions]

    def stored(self, after: int = 0, limit: int | None = None) -> Iterator[Stored]:
        """The entries behind a position."""
        first = bisect_right(self._positions, after)
        yield from self._entries[first : None if limit is None else first + limit]


def entry(position: int, told: str = "") -> Stored:
    """An entry as it is stored."""
    id_ = uuid.UUID(int=position)
    salt = sha256(b"%d" % position).hexdigest()[:32]
    data = (
        f'{{"id":"{id_}","salt":"{salt}","recorded_at":"2026-01-01T00:00:00.000000Z","recorded_by":"clerk",'
        f'"evidence":[],"event":{{"told":"{told}"}}}}'
    )
    return Stored(position, "note-made/1", (f"entry:{id_}",), data.encode())


def files(log: Path) -> Files:
    """All that lies in a log, but for the lock and what a killed writer left half done."""
    found = (path for path in log.rglob("*") if path.is_file() and path.name != "lock" and not path.name.endswith("~"))
    return {path.relative_to(log).as_posix(): path.read_bytes() for path in found}


def sealed(log: Path, book: Book) -> Files:
    """The files of a log after sealing."""
    seal(log, ORIGIN, SETTINGS, book)
    return files(log)


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (0, "000"),
        (67, "067"),
        (999, "999"),
        (1000, "x001/000"),
        (1234067, "x001/x234/067"),  # Source: C2SP tlog-tiles
        (10**9, "x001/x000/x000/000"),
    ],
)
def test_numbers_become_paths(number: int, path: str) -> None:
    """A number is written in groups of three digits, all but the last behind an x; a width below 256 comes last."""
    assert tile_path(0, number) == f"tile/0/{path}"
    assert tile_path(63, number, 1) == f"tile/63/{path}.p/1"
    assert tile_path("entries", number, 255) == f"tile/entries/{path}.p/255"


def test_the_tiles_of_the_specifications_example(tmp_path: Path) -> None:
    """A log of 70,000 entries has 273 full tiles and the partial ones that C2SP tlog-tiles names, and no others."""
    book = Book(range(1, 70_001))
    found = sealed(tmp_path, book)
    expected = {f"tile/0/{number:03d}" for number in range(273)} | {"tile/1/000"}
    assert set(found) == {*expected, "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "head"}
    assert {len(found[name]) for name in expected} == {8_192}
    assert [len(found[name]) // HASH for name in ("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1")] == [
        112,
        17,
        1,
    ]
    leaves = [leaf_hash(leaf_of(one)) for one in book.stored()]
    tree = WholeTree(b"".join(leaves))
    assert found["tile/2/000.p/1"] == tree.root(65_536)
    edge = sha256(b"".join(found[name] for name in ("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1")))
    ends = [(bit, 70_000 >> bit << bit) for bit in reversed(range(17))]  # of the subtree that a bit stands for
    peaks = [root_of(leaves[end - 2**bit : end]) if 70_000 >> bit & 1 else bytes(HASH) for bit, end in ends]
    assert found["head"].decode() == (
        f"{note.checkpoint_text(ORIGIN, 70_000, tree.root(70_000))}position 70000\nsettings {SETTINGS}\n"
        f"edge {edge.hexdigest()}\npeaks {b64encode(b''.join(peaks)).decode()}\n"
    )
    assert {tile_path(*one) for one in tiles_of(70_000)} == set(found) - {"head"}
    assert list(LogFiles(tmp_path, ORIGIN, SETTINGS).findings(tree, (), ())) == []


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above() -> None:
    """The example of C2SP tlog-tiles; and a tree without leaves has no tile."""
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(edge_of(256)) == [(1, 0, 1)]
    assert (list(tiles_of(0)), levels_of(0)) == ([], 0)


@given(st.integers(1, 2**40))
def test_partial_tiles_are_as_wide_as_specified(size: int) -> None:
    """At level l a tree of size s has a partial tile of floor(s / 256**l) mod 256 hashes, or none if that is 0."""
    widths = {level: size // 256**level % 256 for level in range(levels_of(size) + 1)}
    assert {level: width for level, _, width in edge_of(size)} == {l: w for l, w in widths.items() if w}  # noqa: E741


@settings(max_examples=30)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=6), st.integers(1, 3))
def test_sealing_in_steps_is_sealing_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], stride: int
) -> None:
    """All that is left of the steps are their partial tiles, until the full ones are there; leaves have no gaps."""
    log, size, former = tmp_path_factory.mktemp("steps") / "log", 0, set[tuple[int, int, int]]()
    for step in steps:
        size += step
        seal(log, ORIGIN, SETTINGS, Book(range(1, 1 + size * stride, stride)))
        former |= set(edge_of(size))
    book = Book(range(1, 1 + size * stride, stride))
    once = sealed(tmp_path_factory.mktemp("once") / "log", book)
    assert without_former_edges(files(log), size) == once
    left = {tile for tile in former if tile[1] == size >> 8 * (tile[0] + 1)}
    assert set(files(log)) == set(once) | {tile_path(*tile) for tile in left}
    head = read_head(log)
    assert head is not None
    assert (head.size, head.position) == (size, 1 + (size - 1) * stride if size else 0)
    tree = WholeTree(leaf_hashes(leaf_of(one) for one in book.stored()))
    assert head.root == tree.root(size)
    assert stride > 1 or list(LogFiles(log, ORIGIN, SETTINGS).findings(tree, (), ())) == []


class Killed(Exception):
    """The process ended here."""


def dying(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """Have sealing end at one of the files it writes, and leave the half of it where it would."""
    calls = iter(range(place + 1))

    def ending(write: Callable[..., None], half: Callable[[str], Path] | None) -> Callable[..., None]:
        def write_or_end(path: str, data: bytes, **options: object) -> None:
            if next(calls) < place:
                write(path, data, **options)
                return
            if half:
                half(path).parent.mkdir(parents=True, exist_ok=True)
                half(path).write_bytes(data[: len(data) // 2])
            raise Killed

        return write_or_end

    monkeypatch.setattr(log_writing, "put", ending(put, lambda path: Path(f"{path}~")))
    monkeypatch.setattr(log_writing, "rewrite", ending(rewrite, None))


def without_former_edges(found: Files, size: int) -> Files:
    """The files without partial tiles that wider ones replaced: who is killed before letting go of them leaves them."""
    wanted = {tile_path(*one) for one in tiles_of(size)}
    return {name: data for name, data in found.items() if ".p/" not in name or name in wanted}


@pytest.mark.parametrize(("before", "after"), [(0, 1), (0, 300), (100, 130), (250, 520), (300, 300), (255, 256)])
def test_whoever_is_killed_goes_on(before: int, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any file, sealing leaves a log whose head finds its tiles; sealing again gives what it would have."""
    older, newer = Book(range(1, before + 1)), Book(range(1, after + 1))
    whole = sealed(tmp_path / "whole", newer)
    newest = Book(range(1, after + 3))  # what was left half done is not needed, and is no fault
    tree, tree_behind = (WholeTree(leaf_hashes(leaf_of(one) for one in book.stored())) for book in (newer, newest))
    place, ended = 0, True
    while ended:
        log = tmp_path / f"log-{place}"
        former = sealed(log, older)
        try:
            with monkeypatch.context() as patched:
                dying(patched, place)
                seal(log, ORIGIN, SETTINGS, newer)
            ended = False
        except Killed:
            assert files(log)["head"] == former["head"]
            assert {one.kind for one in LogFiles(log, ORIGIN, SETTINGS).findings(tree, (), ())} == {"UNSEALED"}
            assert sealing._edge(log, read_head(log), ORIGIN) is not None  # noqa: SLF001 - all it finds
        shutil.copytree(log, tmp_path / f"behind-{place}")
        assert without_former_edges(sealed(log, newer), after) == whole
        seal(tmp_path / f"behind-{place}", ORIGIN, SETTINGS, newest)
        assert list(LogFiles(tmp_path / f"behind-{place}", ORIGIN, SETTINGS).findings(tree_behind, (), ())) == []
        place += 1
    assert place > (before != after)


def test_whoever_is_killed_before_letting_go_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed behind the head, sealing leaves at most partial tiles of its former edge, which are right."""
    log, older, newer = tmp_path / "log", Book(range(1, 201)), Book(range(1, 301))
    seal(log, ORIGIN, SETTINGS, older)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "signed_sizes", die)
        with pytest.raises(Killed):
            seal(log, ORIGIN, SETTINGS, newer)
    found = sealed(log, newer)
    assert set(found) - set(sealed(tmp_path / "once", newer)) == {"tile/0/000.p/200"}
    tree = WholeTree(leaf_hashes(leaf_of(one) for one in newer.stored()))
    assert list(LogFiles(log, ORIGIN, SETTINGS).findings(tree, (), ())) == []


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "its last bit": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "shortened": lambda data: data[:-1],
    "lengthened": lambda data: data + b"\n",
    "emptied": lambda _: b"",
    "something else": lambda _: b"x\n1\nAAAA\n",
}


@pytest.mark.parametrize("how", [*DAMAGE, "gone"])
@pytest.mark.parametrize("name", ["head", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_damaged_edge_is_derived_anew(name: str, how: str, tmp_path: Path) -> None:
    """Whatever happens to the head or to a tile at the right edge, the next write makes it good."""
    log, newer = tmp_path / "log", Book(range(1, 302))
    found = sealed(log, Book(range(1, 301)))
    if how == "gone":
        (log / name).unlink()
    else:
        (log / name).write_bytes(DAMAGE[how](found[name]))
    assert without_former_edges(sealed(log, newer), 301) == sealed(tmp_path / "once", newer)


@pytest.mark.parametrize("line", range(7))
def test_no_line_of_a_head_is_believed(line: int, tmp_path: Path) -> None:
    """One that tells of another origin, size, root, position or edge is derived anew; settings are as they are now."""
    log, newer = tmp_path / "log", Book(range(1, 302))
    lines = sealed(log, Book(range(1, 301)))["head"].decode().split("\n")
    at = lines[line].index(" ") + 1 if line > 2 else 0
    lines[line] = lines[line][:at] + ("1" if lines[line][at] != "1" else "2") + lines[line][at + 1 :]
    (log / "head").write_text("\n".join(lines))
    assert without_former_edges(sealed(log, newer), 301) == sealed(tmp_path / "once", newer)


def test_a_head_of_an_earlier_release_is_derived_anew(tmp_path: Path) -> None:
    """Release 0.3.0 told nothing of the edge: that is no fault, and the next write tells of it."""
    log, book = tmp_path / "log", Book(range(1, 301))
    whole = sealed(log, book)
    (log / "head").write_bytes(b"".join(whole["head"].splitlines(keepends=True)[:5]))
    tree = WholeTree(leaf_hashes(leaf_of(one) for one in book.stored()))
    assert list(LogFiles(log, ORIGIN, SETTINGS).findings(tree, (), ())) == []
    assert sealed(log, book) == whole


@pytest.mark.parametrize("size", [1, 44, 256, 280, 299])
def test_a_stale_head_is_no_harm(size: int, tmp_path: Path) -> None:
    """A head that was put back from a copy is brought up to date."""
    older, newer = tmp_path / "older", Book(range(1, 301))
    found = sealed(older, Book(range(1, size + 1)))
    log = tmp_path / "log"
    whole = sealed(log, newer)
    (log / "head").write_bytes(found["head"])
    assert without_former_edges(sealed(log, newer), 300) == whole


def test_a_log_of_another_ledger_is_derived_anew(tmp_path: Path) -> None:
    """A head of another origin, or of other entries, does not count."""
    other = Book(range(1, 301), "other")
    seal(tmp_path / "log", "other.example", SETTINGS, Book(range(1, 301)))
    seal(tmp_path / "log", ORIGIN, SETTINGS, Book(range(1, 301)))
    once = sealed(tmp_path / "once", other)
    assert sealed(tmp_path / "log", other) == once


def test_settings_are_taken_over(tmp_path: Path) -> None:
    """Sealing without new entries keeps the tiles and notes the settings as they are now."""
    book, other = Book(range(1, 31)), sha256(b"other").hexdigest()
    before = sealed(tmp_path, book)
    seal(tmp_path, ORIGIN, other, book)
    after = files(tmp_path)
    assert after.pop("head").decode() == before.pop("head").decode().replace(SETTINGS, other)
    assert after == before


def test_only_entries_are_sealed(tmp_path: Path) -> None:
    """What does not begin as an entry does stops the sealing, and is named."""

    class Broken(Book):
        def stored(self, after: int = 0, limit: int | None = None) -> Iterator[Stored]:
            for one in super().stored(after, limit):
                yield one._replace(data=b"{}") if one.position == 7 else one

    with pytest.raises(Damage, match="entry 7"):
        seal(tmp_path, ORIGIN, SETTINGS, Broken(range(1, 10)))
    assert files(tmp_path) == {}


@pytest.mark.parametrize("lost", ["nothing", "head", "edge"])
def test_another_history_is_not_sealed_under_a_checkpoint(shelf: Shelf, lost: str) -> None:
    """Entries that are not those signed for stop the sealing, and no file of the log changes."""
    edge = shelf.log / "tile/0/001.p/44"
    if lost == "nothing":
        before = Book(range(1, 301), "other")
    elif lost == "head":
        (shelf.log / "head").unlink()
        before = Book(range(1, 400), "other")
    else:
        edge.write_bytes(edge.read_bytes()[:-1])
        before = Book(range(1, 280))
    found = files(shelf.log)
    with pytest.raises(Damage, match="not those under the signed checkpoint"):
        seal(shelf.log, shelf.where.origin, SETTINGS, before)
    assert files(shelf.log) == found


def test_a_tile_under_a_checkpoint_stays_until_the_full_one_is_there(shelf: Shelf) -> None:
    """So whoever holds an older checkpoint can still read its tree, as C2SP tlog-tiles says."""
    first = shelf.log / "tile/0/001.p/34"
    kept, leaves = first.read_bytes(), (shelf.log / "tile/entries/001.p/34").read_bytes()
    for day, number in enumerate((310, 311, 500), 10):
        shelf.record(bodies(1000 + number, 1000 + number), day=day, salts=number)
    shelf.sign()
    assert sealing.signed_sizes(shelf.log) == [120, 290, 303]
    assert (first.read_bytes(), (shelf.log / "tile/entries/001.p/34").read_bytes()) == (kept, leaves)
    assert {name for name in files(shelf.log) if ".p/" in name} == {
        "tile/0/001.p/34",
        "tile/0/001.p/47",
        "tile/1/000.p/1",
        "tile/entries/001.p/34",
        "tile/entries/001.p/47",
    }
    shelf.record(bodies(2000, 2209), day=13, salts=2000)  # 513 entries
    shelf.sign()
    assert {name for name in files(shelf.log) if ".p/" in name} == {
        "tile/0/002.p/1",
        "tile/1/000.p/1",
        "tile/1/000.p/2",
        "tile/entries/002.p/1",
    }
    assert shelf.verified(machine=True)[0] == []


@pytest.mark.parametrize("name", ["tile/0/001.p/34", "tile/entries/001.p/34"])
def test_a_tile_that_an_older_checkpoint_needs_is_missed_and_laid_again(name: str, shelf: Shelf) -> None:
    """Its hashes and leaves are all in a wider one; the next signature puts it back."""
    shelf.sign()
    held = (shelf.log / name).read_bytes()
    (shelf.log / name).unlink()
    found, _ = shelf.verified(machine=True)
    assert [(one.kind, one.found) for one in found] == [("TILE-MISSING", f"log/{name} is gone")]
    shelf.sign()
    assert (shelf.log / name).read_bytes() == held
    assert shelf.verified(machine=True)[0] == []


def test_what_is_signed_holds_every_leaf(shelf: Shelf) -> None:
    """The bundles under a checkpoint hold the leaves whose hashes the tiles hold."""
    shelf.sign()
    leaves = unbundled((shelf.log / "tile/entries/000").read_bytes())
    leaves += unbundled((shelf.log / "tile/entries/001.p/44").read_bytes())
    assert leaves == [leaf_of(one) for one in shelf.stored()]
    assert bundled(leaves[:256]) == (shelf.log / "tile/entries/000").read_bytes()
    assert [leaf_hash(one) for one in leaves[:1]] == [(shelf.log / "tile/0/000").read_bytes()[:32]]
    assert leaves[1].decode().splitlines()[:2] == ["civic-ledger-entry/1", "position 2"]


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x01", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_that_is_cut_short_is_none(data: bytes) -> None:
    """A length without its leaf, or half a length."""
    with pytest.raises(ValueError, match="cut short"):
        unbundled(data)


def test_a_tile_is_read_from_a_wider_one(tmp_path: Path) -> None:
    """A partial tile that is gone is read from the next that reaches as far; one of the wrong length does not count."""
    for width in (10, 20, 256):
        put(tmp_path / tile_path(0, 0, width), bytes(width * HASH))
    assert len(read_tile(tmp_path, 0, 0, 11)) == 11 * HASH
    (tmp_path / tile_path(0, 0, 20)).write_bytes(b"short")
    assert len(read_tile(tmp_path, 0, 0, 11)) == 11 * HASH
    (tmp_path / tile_path(0, 0)).unlink()
    assert len(read_tile(tmp_path, 0, 0, 10)) == 10 * HASH
    with pytest.raises(TileLost, match=r"tile/0/000\.p/11"):
        read_tile(tmp_path, 0, 0, 11)


def test_nothing_is_let_go_of_elsewhere(tmp_path: Path) -> None:
    """Where a folder of the log is a link, what lies behind it is somebody else's."""
    log, theirs = tmp_path / "log", tmp_path / "theirs"
    seal(log, ORIGIN, SETTINGS, Book(range(1, 11)))
    (log / "tile/0/000.p").rename(theirs)
    (log / "tile/0/000.p").symlink_to(theirs)
    for name in ("5", "letter.txt~", "letter.txt"):
        (theirs / name).write_bytes(b"theirs")
    sealing.prune(log, 10)
    assert {"5", "letter.txt~", "letter.txt"} <= {path.name for path in theirs.iterdir()}


@pytest.mark.parametrize("name", ["²", "x", "10~", "٣", "-1", "1e1"])
def test_a_stray_file_among_partial_tiles_is_no_tile(name: str, tmp_path: Path) -> None:
    """Whatever lies beside the tiles is passed over by who reads them and by who lets go of them."""
    log = tmp_path / "log"
    seal(log, ORIGIN, SETTINGS, Book(range(1, 11)))
    (log / "tile/0/000.p" / name).write_bytes(bytes(320))
    (log / "checkpoints").mkdir()
    (log / "checkpoints" / name).write_bytes(b"stray")
    assert sealing.signed_sizes(log) == []
    assert read_tile(log, 0, 0, 10) != bytes(320)
    seal(log, ORIGIN, SETTINGS, Book(range(1, 21)))
    assert len(read_tile(log, 0, 0, 20)) == 640
