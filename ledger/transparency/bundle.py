"""A bundle: everything under one checkpoint in one ZIP file, for an auditor who has neither the ledger nor our code.

    <ledger>-<size>/VERIFY.txt                            what it is, and how to check it by hand
    <ledger>-<size>/verify.py                             a program that verifies all of it
    <ledger>-<size>/bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt
    <ledger>-<size>/data/checkpoint                       the signed checkpoint
    <ledger>-<size>/data/key.txt                          the keys that the entries name, one a line
    <ledger>-<size>/data/entries/<position>.leaf          the leaf of each entry, its position in 8 digits
    <ledger>-<size>/data/entries/<position>.json, .salt   what is stored of it, unless the bundle is sealed
    <ledger>-<size>/data/detached/<commitment>.value, .salt   personal details that are handed over
    <ledger>-<size>/data/tile/...                         the tiles of exactly that tree, and of its leaves

The same ledger and checkpoint give the same bytes: members stand in the order of their names, as they are, dated 1980.

Source: RFC 8493 (BagIt), C2SP tlog-tiles.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from ledger.errors import Damage, UsageError
from ledger.transparency import merkle, note
from ledger.transparency.envelope import leaf_of, parse_leaf, salt_of
from ledger.transparency.merkle import HASH
from ledger.transparency.tiles import WIDTH, bundled, tile_path, tiles_of
from ledger.transparency.tree import WholeTree, leaf_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.transparency.envelope import Source
    from ledger.transparency.note import Checkpoint, VerifierKey

DATA: Final = "data/"
CHECKPOINT: Final = "data/checkpoint"
KEYS: Final = "data/key.txt"
GUIDE: Final = "VERIFY.txt"
PROGRAM: Final = "verify.py"
FORMER: Final = "verify.sh"
"""A second program, in bundles made before release 0.4."""
BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAGMANIFEST: Final = "tagmanifest-sha256.txt"
TAGS: Final = (GUIDE, PROGRAM, "bag-info.txt", "bagit.txt", MANIFEST)
"""The files beside the payload; the last manifest names all of them but itself."""

MOST_MEMBERS: Final = 1_000_000
MOST_KEYS: Final = 100
LONGEST_KEYS: Final = 2**16
"""Bytes of the file of keys."""

UNSEEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000]")
"""What a terminal obeys or hides, and spaces of other kinds; neither checkpoint nor keys hold any."""
SALT: Final = 16
DETAIL_SALT: Final = 32

_CONTENT: Final = """The hash behind `content-sha256` in its leaf is that of its salt and what is stored:
       sum=$(cat data/entries/00000001.salt data/entries/00000001.json | sha256sum | cut -d ' ' -f 1)
       grep "^content-sha256 $sum" data/entries/00000001.leaf"""
_SEALED: Final = """What it says is left out of this bundle; its leaf holds the hash of it:
       grep '^content-sha256 ' data/entries/00000001.leaf"""
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644 << 16
"""A plain file, in the attributes of a member."""


@dataclass(slots=True)
class Bundle:
    """What lies under a checkpoint, read back from the store and held against it when this is made.

    Raises:
        Damage: the entries are not those that the checkpoint vouches for.
        UsageError: they are too many for one bundle.
    """

    checkpoint: Checkpoint
    entries: Source
    sealed: bool = False
    """Whether what the entries say is left out."""
    details: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    """By commitment: the value and the salt of each personal detail; those that a leaf names are handed over."""
    _leaves: list[bytes] = field(init=False, default_factory=list)
    _keys: dict[str, None] = field(init=False, default_factory=dict)
    _content: int = field(init=False, default=0)
    _tree: WholeTree = field(init=False)

    def __post_init__(self) -> None:
        for one in islice(self.entries.stored(), self.checkpoint.size):
            self._leaves.append(leaf_of(one))
            self._content += len(one.data) + SALT
            if one.type.startswith(("key-introduced/", "key-rotated/")):
                self._keys[json.loads(one.data)["event"]["vkey"]] = None
        named = (
            {commitment for leaf in self._leaves for commitment in parse_leaf(leaf).detached} if self.details else set()
        )
        self.details = {commitment: self.details[commitment] for commitment in named & self.details.keys()}
        self._tree = WholeTree(leaf_hashes(self._leaves))
        if (self._tree.size, self._tree.root(self._tree.size)) != (self.checkpoint.size, self.checkpoint.root):
            raise Damage(
                f"the entries are not those that the checkpoint of {self.checkpoint.size} vouches for",
                why="an auditor would find the same",
                mend="keep the folder as it is: civic verify names what differs",
            )
        if len(self._keys) > MOST_KEYS or len(self._key_file()) > LONGEST_KEYS:
            raise UsageError(
                f"a bundle names at most {MOST_KEYS} keys, in {LONGEST_KEYS:,} bytes; here are {len(self._keys)}",
                mend="--size N takes an older checkpoint",
            )
        if len(self) > MOST_MEMBERS:
            raise UsageError(
                f"a bundle of {len(self):,} files is more than anybody unpacks",
                mend="--sealed leaves out what the entries say; --size N takes an older checkpoint",
            )

    def __len__(self) -> int:
        """The number of files in it."""
        return len(TAGS) + 1 + self._counted()[1]

    def write(self, target: BinaryIO) -> None:
        """Write the ZIP file."""
        sums: list[str] = []
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:

            def put(name: str, data: bytes) -> None:
                member = zipfile.ZipInfo(f"{self.base}/{name}", _DATE)
                member.create_system, member.external_attr = 3, _FILE
                archive.writestr(member, data)

            tags = {
                GUIDE: guide(self.checkpoint, list(self._keys), self._tree, sealed=self.sealed),
                PROGRAM: read_script(PROGRAM),
                "bag-info.txt": self._told(),
                "bagit.txt": BAGIT,
            }
            before = sorted(name for name in tags if name < DATA)
            for name in before:
                put(name, tags[name])
            for name, data in self._payload():
                sums.append(f"{sha256(data).hexdigest()}  {name}\n")
                put(name, data)
            tags[MANIFEST] = "".join(sums).encode()
            tags[TAGMANIFEST] = "".join(f"{sha256(tags[name]).hexdigest()}  {name}\n" for name in sorted(tags)).encode()
            for name in sorted(tags.keys() - before):
                put(name, tags[name])

    @property
    def base(self) -> str:
        """The one folder that unpacking makes."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", self.checkpoint.origin).strip("-.")[:80] or "ledger"
        return f"{name}-{self.checkpoint.size}"

    def _payload(self) -> Iterator[tuple[str, bytes]]:
        """The files below `data/`, in the order of their names."""
        yield CHECKPOINT, str(self.checkpoint).encode()
        for commitment, (value, salt) in sorted(self.details.items()):
            yield f"data/detached/{commitment}.salt", salt
            yield f"data/detached/{commitment}.value", value
        for leaf, one in zip(self._leaves, self.entries.stored(), strict=False):
            if leaf_of(one) != leaf:
                raise Damage(f"entry {one.position} changed while it was read", mend="make the bundle again")
            if not self.sealed:
                yield entry_name(one.position, "json"), one.data
            yield entry_name(one.position, "leaf"), leaf
            if not self.sealed:
                yield entry_name(one.position, "salt"), salt_of(one.data)
        yield KEYS, self._key_file()
        yield from sorted(tile_files(self._tree, self._leaves))

    def _key_file(self) -> bytes:
        return "".join(f"{key}\n" for key in self._keys).encode()

    def _told(self) -> bytes:
        octets, count = self._counted()
        content = "is left out (sealed)" if self.sealed else "is there"
        return (
            f"External-Identifier: {self.checkpoint.origin}\n"
            f"External-Description: {self.checkpoint.size} entries of a civic ledger; what they say {content}\n"
            f"Bag-Software-Agent: civic bundle\nPayload-Oxum: {octets}.{count}\n"
        ).encode()

    def _counted(self) -> tuple[int, int]:
        """The bytes and the number of the files below `data/`."""
        tiles = list(tiles_of(self._tree.size))
        leaves = sum(map(len, self._leaves))
        octets = len(str(self.checkpoint).encode()) + len(self._key_file())
        octets += sum(len(value) + len(salt) for value, salt in self.details.values())
        octets += leaves + (0 if self.sealed else self._content)
        octets += sum(width for _, _, width in tiles) * HASH + leaves + 2 * len(self._leaves)
        count = 2 + 2 * len(self.details) + len(self._leaves) * (1 if self.sealed else 3)
        return octets, count + len(tiles) + sum(level == 0 for level, _, _ in tiles)


def entry_name(position: int, ending: str) -> str:
    """What a file about an entry is called; `ending` is leaf, json or salt."""
    return f"data/entries/{position:08d}.{ending}"


def parse_keys(data: bytes) -> list[VerifierKey]:
    """Read the file of keys: one of Ed25519 a line, none twice.

    Raises:
        note.Malformed: it is not written as one.
    """
    if len(data) > LONGEST_KEYS:
        raise note.Malformed(f"it is longer than {LONGEST_KEYS:,} bytes")
    try:
        *lines, rest = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise note.Malformed("it is not UTF-8") from error
    if rest:
        raise note.Malformed("it is cut short: its last line does not end")
    if len(lines) > MOST_KEYS:
        raise note.Malformed(f"it names more than {MOST_KEYS} keys")
    keys = list(map(note.parse_key, lines))
    for line, key in zip(lines, keys, strict=True):
        if str(key) != line or key.kind != note.ED25519 or UNSEEN.search(line):
            raise note.Malformed(f"{line[:200]!r} is not written as a key of Ed25519 is")
    if len(set(lines)) < len(lines):
        raise note.Malformed("it names a key twice")
    return keys


def tile_files(tree: WholeTree, leaves: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """The tiles of a tree, and of its leaves."""
    for level, number, width in tiles_of(tree.size):
        yield DATA + tile_path(level, number, width), tree.tile(level, number, width)
        if level == 0:
            start = number * WIDTH
            yield DATA + tile_path("entries", number, width), bundled(leaves[start : start + width])


def guide(checkpoint: Checkpoint, keys: Sequence[str], tree: WholeTree, *, sealed: bool) -> bytes:
    """VERIFY.txt: with the commands for the signature, the first entry and its proof.

    Args:
        checkpoint: of at least one entry.
        keys: the lines of the file of keys.
        tree: the tree under the checkpoint.
        sealed: whether what the first entry says is left out.
    """
    lines = [
        (line, number)
        for number, key in enumerate(keys, 1)
        for line, one in enumerate(checkpoint.note.signatures, 5)
        if key.startswith(f"{one.name}+{one.key_id.hex()}+")
    ]
    line, number = lines[-1] if lines else (5, 1)
    proof = merkle.inclusion(0, tree.size, tree.node)
    filled = {
        "signature": str(line),
        "key": str(number),
        "content": _SEALED if sealed else _CONTENT,
        "proof": "".join(f"       found=$(node $found {one.hex()})\n" for one in proof),
    }
    return re.sub("@([a-z]+)@", lambda found: filled[found[1]], read_script(GUIDE).decode()).encode()


def read_script(name: str) -> bytes:
    """A file of the package that goes into every bundle beside the data; the guide with places to fill in."""
    return (resources.files("ledger.transparency.bundled") / name).read_bytes()
