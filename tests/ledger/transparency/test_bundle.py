"""A bundle holds everything under one checkpoint, and nothing else; the same ledger gives the same bytes."""

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import Damage, UsageError
from ledger.transparency import bundle, note
from ledger.transparency.bundle import Bundle, read_script
from ledger.transparency.envelope import NoEntry, agrees, envelope, leaf_of, parse_leaf
from ledger.transparency.tiles import unbundled
from ledger.transparency.tree import WholeTree, leaf_hashes
from tests.ledger.transparency.handed_over import Files, Signed, listed, signed, unpacked

SEVEN = 7


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A ledger that was signed twice."""
    return signed(tmp_path_factory.mktemp("town"), (SEVEN, 300))


@pytest.fixture(scope="module")
def files(town: Signed) -> Files:
    """What lies in a bundle of its first seven entries."""
    return unpacked(town.bundled(SEVEN))


def test_the_same_ledger_and_checkpoint_give_the_same_bytes(town: Signed) -> None:
    """Whoever makes the bundle again can compare it by its hash."""
    assert town.bundled() == town.bundled()
    assert town.bundled(SEVEN) != town.bundled()


def test_a_bundle_holds_what_lies_under_the_checkpoint(files: Files) -> None:
    """Seven entries, three files each; their tiles, the checkpoint, the keys; no more."""
    entries = [f"data/entries/{n:08d}.{ending}" for n in range(1, SEVEN + 1) for ending in ("json", "leaf", "salt")]
    tiles = ["data/tile/0/000.p/7", "data/tile/entries/000.p/7"]
    assert [name for name in files if name.startswith("data/")] == ["data/checkpoint", *entries, "data/key.txt", *tiles]
    beside = {*bundle.TAGS, bundle.TAGMANIFEST}
    assert {name for name in files if not name.startswith("data/")} == beside


def test_the_entries_of_a_bundle_are_those_of_the_store(town: Signed, files: Files) -> None:
    """Byte for byte, with leaves and salts that belong to them."""
    with town.ledger() as ledger:
        for one in ledger.stored(0, SEVEN):
            name = f"data/entries/{one.position:08d}"
            leaf = envelope(one.position, one.type, one.tags, one.data)
            assert (files[f"{name}.json"], files[f"{name}.leaf"]) == (one.data, leaf)
            assert sha256(files[f"{name}.salt"] + one.data).hexdigest() == parse_leaf(leaf).content
            assert agrees(leaf, one.data)


def test_the_tiles_of_a_bundle_are_those_of_the_log(town: Signed) -> None:
    """File by file, at every level."""
    whole = unpacked(town.bundled())
    inside = {name.removeprefix("data/"): data for name, data in whole.items() if name.startswith("data/tile/")}
    log = {path.relative_to(town.log).as_posix(): path for path in (town.log / "tile").rglob("*") if path.is_file()}
    assert {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"} <= inside.keys() <= log.keys()
    assert all(data == log[name].read_bytes() for name, data in inside.items())
    assert len(unbundled(inside["tile/entries/001.p/44"])) == 44


def test_a_sealed_bundle_tells_nothing_of_the_entries(town: Signed, files: Files) -> None:
    """It holds their leaves, and neither content nor salt, from which the content could be guessed."""
    sealed = unpacked(town.bundled(SEVEN, sealed=True))
    assert set(files) - set(sealed) == {name for name in files if name.endswith((".json", ".salt"))}
    assert b"Town 2" not in b"".join(sealed.values())


def test_the_manifests_and_the_count_are_those_of_the_files(files: Files) -> None:
    """BagIt: every file with its sum, and how many bytes and files the payload has."""
    assert listed(dict(files)) == files
    payload = [data for name, data in files.items() if name.startswith("data/")]
    assert f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}\n".encode() in files["bag-info.txt"]
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_bundle_knows_how_many_files_it_has(*, sealed: bool, town: Signed) -> None:
    """The number is told before anything is written."""
    with town.ledger() as ledger:
        made = Bundle(town.checkpoint(), ledger, sealed=sealed, details={"0" * 64: (b"", bytes(32))})
        whole = io.BytesIO()
        made.write(whole)
    assert len(made) == len(unpacked(whole.getvalue()))


def test_members_are_plain_files_in_the_order_of_their_names(town: Signed) -> None:
    """Stored as they are, dated 1980, in one folder that is named after the ledger and the checkpoint."""
    with zipfile.ZipFile(io.BytesIO(town.bundled(SEVEN))) as archive:
        members = archive.infolist()
    assert [one.filename for one in members] == sorted(one.filename for one in members)
    assert {one.filename.partition("/")[0] for one in members} == {"town.example-ledger-7"}
    shapes = {(one.compress_type, one.date_time, one.external_attr, one.extra, one.flag_bits) for one in members}
    assert shapes == {(zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0o100644 << 16, b"", 0)}


def test_a_detail_that_no_entry_names_is_not_handed_over(town: Signed) -> None:
    """It may be of an entry behind the checkpoint."""
    made = unpacked(town.bundled(SEVEN, details={"ab" * 32: (b"value", bytes(32))}))
    assert made == unpacked(town.bundled(SEVEN))


def test_no_bundle_is_made_of_entries_that_are_not_those_signed_for(town: Signed) -> None:
    """An auditor would find it; the keeper is told first."""
    forged = note.parse_checkpoint(note.checkpoint_text("town", SEVEN, bytes(32)).encode())
    beyond = note.parse_checkpoint(note.checkpoint_text("town", 301, town.checkpoint().root).encode())
    with town.ledger() as ledger:
        for checkpoint in (forged, beyond):
            with pytest.raises(Damage, match="are not those that the checkpoint"):
                Bundle(checkpoint, ledger)


def test_no_bundle_is_made_that_no_verifier_reads(town: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files are refused with two ways out."""
    monkeypatch.setattr(bundle, "MOST_MEMBERS", 900)
    with town.ledger() as ledger:
        assert len(Bundle(town.checkpoint(), ledger, sealed=True)) < 900
        with pytest.raises(UsageError, match="more than anybody unpacks") as told:
            Bundle(town.checkpoint(), ledger)
    assert "--sealed" in told.value.mend


def test_no_bundle_is_made_of_more_keys_than_a_verifier_reads(town: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps the ledger is told before an auditor is."""
    monkeypatch.setattr(bundle, "MOST_KEYS", 0)
    with town.ledger() as ledger, pytest.raises(UsageError, match="names at most 0 keys"):
        Bundle(town.checkpoint(), ledger)


@pytest.mark.parametrize("name", [bundle.GUIDE, bundle.PROGRAM])
def test_what_goes_into_every_bundle_is_plain(name: str, files: Files) -> None:
    """Lines of at most 120 characters, without tabs or carriage returns."""
    text = files[name].decode()
    assert all(len(line) <= 120 for line in text.splitlines())
    assert not {"\t", "\r"} & set(text)


def test_the_guide_names_the_lines_of_the_signature_and_of_its_key(town: Signed) -> None:
    """Where others signed too, and where the key was rotated."""
    key, stranger = town.keyring.load(), Ed25519PrivateKey.generate()
    own = town.checkpoint(SEVEN)
    names = [note.sign(own.note.text, stranger, name) for name in (own.origin, "witness")]
    signed_by = note.Note(own.note.text, (*names, note.sign(own.note.text, key, own.origin)))
    keys = [str(note.verifier_of(one, own.origin)) for one in (Ed25519PrivateKey.generate(), key)]
    with town.ledger() as ledger:
        tree = WholeTree(leaf_hashes(map(leaf_of, ledger.stored(0, SEVEN))))
    found = bundle.guide(note.parse_checkpoint(str(signed_by).encode()), keys, tree, sealed=False).decode()
    assert ("sed -n 7p data/checkpoint" in found, "sed -n 2p data/key.txt" in found) == (True, True)


def test_verify_py_is_python_3_8_without_packages() -> None:
    """An auditor's machine may be old, and has nothing of ours."""
    import ast

    tree = ast.parse(read_script("verify.py"), feature_version=(3, 8))
    imported = {
        name
        for one in ast.walk(tree)
        if isinstance(one, ast.Import | ast.ImportFrom)
        for name in ([one.module] if isinstance(one, ast.ImportFrom) else [alias.name for alias in one.names])
    }
    assert imported == {"__future__", "base64", "binascii", "hashlib", "json", "os", "pathlib", "re", "sys"}
    called = {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    assert not called & {"removeprefix", "removesuffix", "is_relative_to", "bit_count"}


@pytest.mark.parametrize("leaf", [b"", b"civic-ledger-entry/1\n", b"civic-ledger-entry/2\nposition 1\n"])
def test_what_is_no_leaf_is_not_read_as_one(leaf: bytes) -> None:
    """Nor does any entry agree with it."""
    with pytest.raises(NoEntry, match="not written as a leaf"):
        parse_leaf(leaf)
    assert not agrees(leaf, b"{}")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_small_ledger_has_a_bundle_too(size: int, tmp_path: Path) -> None:
    """Even of the key alone."""
    town = signed(tmp_path, (size,))
    assert f"data/tile/0/000.p/{size}" in unpacked(town.bundled())
