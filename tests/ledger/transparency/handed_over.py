"""Ledgers that were signed now and then, what is handed to outsiders of them, and ways to tamper with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.bodies import BodyRegistered
from domain.custody import KeyIntroduced
from domain.entry import Draft
from domain.values import BodyName
from ledger.application import Ledger
from ledger.transparency import bundle, checkpointing, note
from ledger.transparency.bundle import Bundle
from ledger.transparency.keys import Keyring
from ledger.transparency.note import Checkpoint, VerifierKey
from ledger.transparency.proving import checkpoint_of
from ledger.transparency.tree import WholeTree, leaf_hashes
from tests.books import on_disk, story

ORIGIN: Final = "town.example/ledger"
SETTINGS: Final = "0" * 64

Files = dict[str, bytes]
"""The files of a bundle by name, without the folder at their top."""


@dataclass(frozen=True)
class Signed:
    """A folder with entries and a log; signed when it had so many entries."""

    folder: Path
    keyring: Keyring
    sizes: Sequence[int]

    @property
    def log(self) -> Path:
        """The folder of the log."""
        return self.folder / "log"

    @property
    def entries(self) -> Path:
        """The file of entries."""
        return self.folder / "entries.sqlite"

    @property
    def vkey(self) -> VerifierKey:
        """The key that signed."""
        return note.verifier_of(self.keyring.load(), self.keyring.name)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """A checkpoint that was taken."""
        return checkpoint_of(self.log, size)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The book, opened."""
        with closing(on_disk(self.folder)) as ledger:
            yield ledger

    def bundled(
        self,
        size: int | None = None,
        *,
        sealed: bool = False,
        details: Mapping[str, tuple[bytes, bytes]] | None = None,
    ) -> bytes:
        """The bytes of a bundle."""
        whole = io.BytesIO()
        with self.ledger() as ledger:
            Bundle(self.checkpoint(size), ledger, sealed=sealed, details=details or {}).write(whole)
        return whole.getvalue()


def signed(folder: Path, sizes: Sequence[int]) -> Signed:
    """Record bodies, and sign whenever there are as many entries as one of the sizes; the first entry is the key's."""
    ledger_folder = folder / "town.ledger"
    ledger_folder.mkdir()
    keyring = Keyring(folder / "keys", ORIGIN, lambda _: b"")
    made = Signed(ledger_folder, keyring, sizes)
    drafts = [Draft(KeyIntroduced(vkey=str(keyring.make())), ())]
    evidence = story("coventry")[0].evidence
    drafts += [
        Draft(BodyRegistered(slug=BodyName(f"town-{n}"), name=f"Town {n}", kind="council", country="GB"), evidence)
        for n in range(1, max(sizes))
    ]
    with made.ledger() as ledger:
        done = 0
        for size in sizes:
            ledger.record(drafts[done:size], new_bodies=True)
            done = size
            checkpointing.take(made.log, ORIGIN, SETTINGS, ledger, keyring, lambda _, __: None)
    return made


def unpacked(whole: bytes) -> Files:
    """The files of a bundle."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = (name for name in archive.namelist() if not name.endswith("/"))
        return {name.partition("/")[2]: archive.read(name) for name in files}


def packed(files: Files) -> bytes:
    """A bundle of files, as one is made."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(f"town-1/{name}", (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o100644 << 16
            archive.writestr(member, files[name])
    return whole.getvalue()


def listed(files: Files) -> Files:
    """The files with manifests that fit them, as somebody makes them who covers up what they did."""

    def sums(names: Iterator[str]) -> bytes:
        return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(names)).encode()

    files[bundle.MANIFEST] = sums(name for name in files if name.startswith("data/"))
    tags = (name for name in files if not name.startswith("data/") and name != bundle.TAGMANIFEST)
    files[bundle.TAGMANIFEST] = sums(tags)
    return files


def resigned(files: Files, key: Ed25519PrivateKey, text: str | None = None) -> None:
    """Put another signature under the checkpoint, or under another text."""
    own = note.parse_checkpoint(files["data/checkpoint"])
    text = own.note.text if text is None else text
    files["data/checkpoint"] = str(note.Note(text, (note.sign(text, key, own.origin),))).encode()


def with_detail(town: Signed, files: Files, commitment: str) -> Files:
    """A sealed bundle of one entry whose leaf commits to a detail, signed by the town."""
    leaf = files["data/entries/00000001.leaf"] + f"detached {commitment}\n".encode()
    root = sha256(b"\x00" + leaf).digest()
    made = {name: data for name, data in files.items() if not name.startswith(("data/entries/", "data/tile/"))}
    made["data/entries/00000001.leaf"] = leaf
    made["data/tile/0/000.p/1"] = root
    made["data/tile/entries/000.p/1"] = len(leaf).to_bytes(2, "big") + leaf
    resigned(made, town.keyring.load(), note.checkpoint_text(ORIGIN, 1, root))
    return made


def _replaced(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return tamper


def _another_content(files: Files) -> None:
    """What an entry says and what its leaf commits to, both changed to fit each other."""
    name = "data/entries/00000003"
    before = sha256(files[f"{name}.salt"] + files[f"{name}.json"]).hexdigest()
    files[f"{name}.json"] = files[f"{name}.json"].replace(b"Town 2", b"Town X")
    after = sha256(files[f"{name}.salt"] + files[f"{name}.json"]).hexdigest()
    files[f"{name}.leaf"] = files[f"{name}.leaf"].replace(before.encode(), after.encode())


def _moved_byte(files: Files) -> None:
    """The last byte of the salt moved to the front of the content: together they have the same hash."""
    name = "data/entries/00000003"
    files[f"{name}.json"] = files[f"{name}.salt"][-1:] + files[f"{name}.json"]
    files[f"{name}.salt"] = files[f"{name}.salt"][:-1]


def _swapped(files: Files) -> None:
    for ending in ("leaf", "json", "salt"):
        one, other = f"data/entries/00000003.{ending}", f"data/entries/00000004.{ending}"
        files[one], files[other] = files[other], files[one]


def _swapped_and_renumbered(files: Files) -> None:
    _swapped(files)
    for number, other in ((3, 4), (4, 3)):
        _replaced(f"data/entries/0000000{number}.leaf", b"position %d\n" % other, b"position %d\n" % number)(files)


def _dropped(position: int) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        for ending in ("leaf", "json", "salt"):
            del files[f"data/entries/{position:08d}.{ending}"]

    return tamper


def _inserted(files: Files) -> None:
    for ending in ("leaf", "json", "salt"):
        files[f"data/entries/00000008.{ending}"] = files[f"data/entries/00000007.{ending}"]
    _replaced("data/entries/00000008.leaf", b"position 7", b"position 8")(files)


def _gone(name: str) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        del files[name]

    return tamper


def _added(name: str, data: bytes = b"x") -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        files[name] = data

    return tamper


def _flipped(name: str) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        files[name] = bytes([files[name][0] ^ 1]) + files[name][1:]

    return tamper


def _stray_detail(files: Files) -> None:
    commitment = sha256(b"civic-ledger-personal/1\n" + bytes(32)).hexdigest()
    files[f"data/detached/{commitment}.salt"], files[f"data/detached/{commitment}.value"] = bytes(32), b""


def _unsigned(files: Files) -> None:
    files["data/checkpoint"] = files["data/checkpoint"].partition(b"\n\n")[0] + b"\n"


def _another_signature(files: Files) -> None:
    """Signed with another key, to which the line gives the id of the right one."""
    own = note.parse_checkpoint(files["data/checkpoint"])
    made = note.sign(own.note.text, Ed25519PrivateKey.generate(), own.origin)
    line = note.Signature(own.origin, own.note.signatures[0].key_id, made.signature)
    files["data/checkpoint"] = str(note.Note(own.note.text, (line,))).encode()


def _another_key(files: Files) -> None:
    """Signed with another key, which the file of keys names."""
    key = Ed25519PrivateKey.generate()
    files["data/key.txt"] = f"{note.verifier_of(key, ORIGIN)}\n".encode()
    _another_signature(files)


def _another_root(files: Files) -> None:
    own = note.parse_checkpoint(files["data/checkpoint"])
    text = note.checkpoint_text(own.origin, own.size, sha256(b"another").digest())
    files["data/checkpoint"] = str(note.Note(text, own.note.signatures)).encode()


def by_a_stranger(
    files: Files, *, origin: str = ORIGIN, name: str | None = None, last: tuple[int, bytes] | None = None
) -> None:
    """Seal a bundle and sign it with another key, which nothing in it contradicts; `last` is put for its last leaf.

    The key bears the name of the origin, or another one; the last leaf stands under a position of its own.
    """
    leaves = [data for path, data in sorted(files.items()) if path.endswith(".leaf")]
    if last:
        leaves[-1] = last[1]
    for path in [path for path in files if path.startswith(("data/entries/", "data/tile/"))]:
        del files[path]
    for number, leaf in enumerate(leaves, 1):
        files[bundle.entry_name(last[0] if last and number == len(leaves) else number, "leaf")] = leaf
    tree = WholeTree(leaf_hashes(leaves))
    files.update(bundle.tile_files(tree, [leaf[:65_535] for leaf in leaves]))
    key, name = Ed25519PrivateKey.generate(), name or origin
    text = note.checkpoint_text(origin, len(leaves), tree.root(len(leaves)))
    files["data/checkpoint"] = str(note.Note(text, (note.sign(text, key, name),))).encode()
    files["data/key.txt"] = f"{note.verifier_of(key, name)}\n".encode()


def _strangers(**told: Any) -> Callable[[Files], None]:  # noqa: ANN401 - as `by_a_stranger` has them
    return lambda files: by_a_stranger(files, **told)


def _last_leaf(alter: Callable[[bytes], bytes], position: int = 7) -> Callable[[Files], None]:
    """The last leaf altered, and everything made to fit by a stranger."""
    return lambda files: by_a_stranger(files, last=(position, alter(files["data/entries/00000007.leaf"])))


def _signed_in_clear(files: Files) -> None:
    key = Ed25519PrivateKey.generate()
    resigned(files, key)
    files["data/key.txt"] = f"{note.verifier_of(key, ORIGIN)}\n".encode()


def _without_the_word_of(files: Files) -> None:
    """Signed by a stranger, and an entry silenced that is not the one which introduces the key."""
    _signed_in_clear(files)
    del files["data/entries/00000003.json"], files["data/entries/00000003.salt"]


def _in_clear(files: Files) -> None:
    """Sealed and signed by a stranger, with all that is stored left in it but the key's entry."""
    stored = {path: data for path, data in files.items() if path.endswith((".json", ".salt")) and "0001." not in path}
    by_a_stranger(files)
    files.update(stored)


def _of_another_clerk(files: Files) -> None:
    """A leaf tells of another clerk than what is stored, and everything else fits; the key's entry is silenced."""
    name = "data/entries/00000003.leaf"
    files[name] = files[name].replace(b"actor clerk-7", b"actor clerk-8")
    _in_clear(files)


def with_content(files: Files, alter: Callable[[bytes], bytes]) -> Files:
    """What an entry says altered, and everything else made to fit it; the key's entry is silenced."""
    made, name = dict(files), "data/entries/00000003"
    salt, before = made[f"{name}.salt"], made[f"{name}.json"]
    after = alter(before)
    assert after != before
    old, new = (sha256(salt + content).hexdigest().encode() for content in (before, after))
    made[f"{name}.leaf"] = made[f"{name}.leaf"].replace(old, new)
    made[f"{name}.json"] = after
    _in_clear(made)
    return listed(made)


HEADS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "a member between": lambda content: content.replace(b',"evidence":', b',"more":1,"evidence":', 1),
    "no evidence": lambda content: content.replace(b'"evidence":', b'"ecnedive":', 1),
    "a blank before all": lambda content: b" " + content,
    "details that the leaf does not tell of": lambda content: content.replace(
        b',"evidence":', b',"detached":["%s"],"evidence":' % (b"a" * 64), 1
    ),
    "the clerk ahead of the id": lambda content: (
        b'{"recorded_by":"clerk-7",' + content[1:].replace(b'"recorded_by":"clerk-7",', b"", 1)
    ),
}
"""By what an entry begins with that none begins with: how it comes to be."""

CONTENTS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "cut short": lambda content: content[:-1],
    "not UTF-8": lambda content: content.replace(b"Town", b"T\xffwn"),
    "without an event": lambda content: content.replace(b'"event":', b'"tneve":'),
    "with an event that is none": lambda content: content[:-1] + b',"event":[]}',
    "with a second id": lambda content: content[:-1] + b',"id":"00000000-0000-4000-8000-000000000000"}',
    "with a second clerk": lambda content: content[:-1] + b',"recorded_by":"clerk-8"}',
    "with a second salt": lambda content: content[:-1] + b',"salt":"00000000000000000000000000000000"}',
    "of endless depth": lambda content: content[:-1] + b',"more":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
}
"""By what an entry says that is none: how it comes to be."""


def _detail_in_leaf(files: Files) -> None:
    files["data/entries/00000003.leaf"] += b"detached %s\n" % (b"a" * 64)
    _in_clear(files)


def _key_amid_more(files: Files) -> None:
    """The entry that introduces a key has another one; the stranger's stands where a careless reader looks."""
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    leaf, name = files["data/entries/00000001.leaf"], "data/entries/00000001"
    before = sha256(files[f"{name}.salt"] + files[f"{name}.json"]).hexdigest().encode()
    vkey, own = note.verifier_of(key, ORIGIN), note.verifier_of(other, ORIGIN)
    told = b'"event":{"vkey":"%s","x":{"vkey":"%s"}}}' % (str(own).encode(), str(vkey).encode())
    files[f"{name}.json"] = files[f"{name}.json"].partition(b'"event":')[0] + told
    after = sha256(files[f"{name}.salt"] + files[f"{name}.json"]).hexdigest().encode()
    files[f"{name}.leaf"] = leaf.replace(before, after)
    stored = {path: data for path, data in files.items() if path.endswith((".json", ".salt"))}
    by_a_stranger(files)
    files.update(stored)
    resigned(files, key)
    files["data/key.txt"] = f"{vkey}\n".encode()


def _many_keys(count: int, *, signatures: int = 1) -> Callable[[Files], None]:
    """So many keys, all of the stranger who signed; the signature so many times."""

    def tamper(files: Files) -> None:
        by_a_stranger(files)
        keys = [note.verifier_of(Ed25519PrivateKey.generate(), ORIGIN) for _ in range(count - 1)]
        files["data/key.txt"] += "".join(f"{key}\n" for key in keys).encode()
        text, _, line = files["data/checkpoint"].partition(b"\n\n")
        files["data/checkpoint"] = text + b"\n\n" + line * signatures

    return tamper


def _repeated_key(count: int, *, signatures: int) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        _many_keys(1, signatures=signatures)(files)
        files["data/key.txt"] *= count

    return tamper


def _keys_of_a_stranger(alter: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        by_a_stranger(files)
        files["data/key.txt"] = alter(files["data/key.txt"])

    return tamper


def _signature_of_a_stranger(alter: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    def tamper(files: Files) -> None:
        by_a_stranger(files)
        text, _, line = files["data/checkpoint"].partition(b"\n\n")
        files["data/checkpoint"] = text + b"\n\n" + alter(line)

    return tamper


def _commitments(count: int) -> bytes:
    return b"".join(b"detached %064x\n" % number for number in range(count))


TAMPERED: Final[dict[str, Callable[[Files], None]]] = {
    "what an entry says": _replaced("data/entries/00000003.json", b"Town 2", b"Town X"),
    "what an entry says, and its leaf": _another_content,
    "a salt": _flipped("data/entries/00000003.salt"),
    "a byte moved from salt to content": _moved_byte,
    "who recorded it, in a leaf": _replaced("data/entries/00000003.leaf", b"actor clerk-7", b"actor clerk-8"),
    "a leaf without its last line": _replaced("data/entries/00000003.leaf", b"content-sha256 ", b"detached "),
    "an empty leaf": lambda files: files.update({"data/entries/00000003.leaf": b""}),
    "two entries swapped": _swapped,
    "two entries swapped and renumbered": _swapped_and_renumbered,
    "the last entry dropped": _dropped(7),
    "an entry dropped amid others": _dropped(4),
    "an entry inserted": _inserted,
    "a content without its salt": _gone("data/entries/00000003.salt"),
    "a content without its leaf": _gone("data/entries/00000003.leaf"),
    "a tile of hashes": _flipped("data/tile/0/000.p/7"),
    "a tile of leaves": _flipped("data/tile/entries/000.p/7"),
    "a tile gone": _gone("data/tile/0/000.p/7"),
    "a tile too many": _added("data/tile/1/000.p/1"),
    "another origin": _replaced("data/checkpoint", b"town.example", b"town.exampel"),
    "another size": _replaced("data/checkpoint", b"\n7\n", b"\n6\n"),
    "a size with a zero before it": _replaced("data/checkpoint", b"\n7\n", b"\n07\n"),
    "another root": _another_root,
    "another signature": _another_signature,
    "no signature": _unsigned,
    "another key, and its signature with the old id": _another_key,
    "no key": lambda files: files.update({"data/key.txt": b""}),
    "a key that is not one": lambda files: files.update({"data/key.txt": b"town+0+AAAA\n"}),
    "a file too many in data": _added("data/more.txt"),
    "a file too many among the entries": _added("data/entries/00000003.txt"),
    "a detail that no entry names": _stray_detail,
    "another bagit.txt": lambda files: files.update({"bagit.txt": b"BagIt-Version: 0.97\n"}),
    "an empty bagit.txt": lambda files: files.update({"bagit.txt": b""}),
    "a leaf with a detail that is not in what is stored": _detail_in_leaf,
    "a key that stands amid more": _key_amid_more,
    "another key, and its signature": _signed_in_clear,
    "another key, its signature, and an entry silenced": _without_the_word_of,
    "a key of another name": _strangers(name="stranger.example"),
    "an origin with an escape": _strangers(origin="good\x1b[2J\x1b]0;pwn\x07\rProved: all is well", name="evil"),
    "an origin with a control of eight bits": _strangers(origin="good\u009b2J"),
    "an origin that is written backwards": _strangers(origin="good\u202edab"),
    "an origin with a space that is none": _strangers(origin="good\u3000", name="good"),
    "too many keys": _many_keys(101),
    "a key twice": _repeated_key(2, signatures=1),
    "a key very often, and its signature": _repeated_key(2_000, signatures=100),
    "too many signatures": _many_keys(1, signatures=101),
    "keys cut short": _keys_of_a_stranger(lambda keys: keys[:-1]),
    "keys with an empty line": _keys_of_a_stranger(lambda keys: keys + b"\n"),
    "keys with a space": _keys_of_a_stranger(lambda keys: keys[:-1] + b" \n"),
    "keys that end as in DOS": _keys_of_a_stranger(lambda keys: keys[:-1] + b"\r\n"),
    "keys that are not UTF-8": _keys_of_a_stranger(lambda keys: b"\xc3" + keys),
    "a signature cut short": _signature_of_a_stranger(lambda line: line[:-1]),
    "a signature with two spaces": _signature_of_a_stranger(lambda line: line.replace(b" ", b"  ")),
    "a signature too many that is none": _signature_of_a_stranger(lambda line: line + "— a A\n".encode()),
    "a signature too many of two lines": _signature_of_a_stranger(lambda line: line + "— a\u0085b AAAAAAAA\n".encode()),
    "a position skipped": _last_leaf(lambda leaf: leaf.replace(b"position 7\n", b"position 99\n"), 99),
    "a position that another name has": _last_leaf(lambda leaf: leaf, 8),
    "an endless position": _last_leaf(lambda leaf: leaf.replace(b"position 7\n", b"position %s7\n" % (b"9" * 5_007))),
    "a position with a zero before it": _last_leaf(lambda leaf: leaf.replace(b"position 7\n", b"position 07\n")),
    "a leaf that is too long": _last_leaf(lambda leaf: leaf + _commitments(1_000)),
    "a leaf with a line that does not end": _last_leaf(lambda leaf: leaf + b"detached " + b"0" * 64),
    "a leaf with a blank behind it": _last_leaf(lambda leaf: leaf + b" "),
    "a leaf with a NUL behind it": _last_leaf(lambda leaf: leaf + b"\0"),
    "a leaf of another clerk than what is stored": _of_another_clerk,
    "a leaf with two spaces": _last_leaf(lambda leaf: leaf.replace(b"type ", b"type  ")),
    "a leaf of a clerk with a capital": _last_leaf(lambda leaf: leaf.replace(b"actor c", b"actor C")),
}
"""By what is altered: how somebody does it who makes the manifests fit again."""


def _listed_beside(name: str) -> Callable[[Files], None]:
    """Another file than before, of which only the manifest of the files beside data knows."""

    def done(files: Files) -> None:
        files[name] = b"{}"
        files.pop(name.replace(".json", ".salt") if name.endswith(".json") else "", None)
        listed(files)
        lines = files[bundle.MANIFEST].splitlines(keepends=True)
        files[bundle.MANIFEST] = b"".join(line for line in lines if name.encode() not in line)
        tags = [bundle.MANIFEST, *(one for one in bundle.TAGS if one in files and one != bundle.MANIFEST), name]
        sums = (f"{sha256(files[one]).hexdigest()}  {one}\n" for one in sorted(set(tags) - {bundle.TAGMANIFEST}))
        files[bundle.TAGMANIFEST] = "".join(sums).encode()

    return done


def _unlisted(name: str) -> Callable[[Files], None]:
    """A file beside data is gone, and no manifest misses it."""

    def done(files: Files) -> None:
        del files[name]
        listed(files)

    return done


def _sums_altered(files: Files, alter: Callable[[bytes], bytes]) -> None:
    """The first line of the manifest written in another way that sha256sum takes, too."""
    first, *lines = files[bundle.MANIFEST].splitlines(keepends=True)
    files[bundle.MANIFEST] = b"".join([alter(first[:66]) + first[66:], *lines])
    tags = [one for one in files if not one.startswith("data/") and one != bundle.TAGMANIFEST]
    sums = (f"{sha256(files[one]).hexdigest()}  {one}\n" for one in sorted(tags))
    files[bundle.TAGMANIFEST] = "".join(sums).encode()


UNCOVERED: Final[dict[str, Callable[[Files], None]]] = {
    "an entry, and not the manifest": _flipped("data/entries/00000003.json"),
    "a program, and not the manifest": _added("verify.py", b"print('all is well')\n"),
    "a line of the manifest gone": lambda files: files.update(
        {bundle.MANIFEST: b"".join(files[bundle.MANIFEST].splitlines(keepends=True)[1:])}
    ),
    "a line of the manifest that is no sum": lambda files: files.update(
        {bundle.MANIFEST: b"z" * 64 + files[bundle.MANIFEST][64:]}
    ),
    "no manifest": _gone(bundle.MANIFEST),
    "a file too many": _added("more.txt"),
    "a hidden file too many": _added(".more"),
    "a file gone": _gone("bagit.txt"),
    "a file too many, listed": _listed_beside("more.txt"),
    "an entry that tells something else, listed beside data": _listed_beside("data/entries/00000003.json"),
    "a file gone, and its line": _unlisted("bag-info.txt"),
    "a manifest in capitals": lambda files: _sums_altered(files, bytes.upper),
    "a manifest in the other form": lambda files: _sums_altered(files, lambda line: line.replace(b"  ", b" *", 1)),
}
"""By what is altered: how somebody does it who leaves the manifests, or alters them too."""


def tampered(files: Files, what: str) -> Files:
    """A copy of a bundle's files in which something is not what it was."""
    altered = dict(files)
    if what in TAMPERED:
        TAMPERED[what](altered)
        return listed(altered)
    UNCOVERED[what](altered)
    return altered
