"""What others say of our log: two libraries that nobody here wrote read it, and refuse it when it was tampered with.

tlog-scales reads the tiles, the checkpoint and the leaves of C2SP; sigstore judges checkpoints and inclusions (the code
with which it judges Rekor's, for which there is no public name). Neither asks the network anything here.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import CheckpointSigner, MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey, VkeySet
from tlog_scales.tlog import (
    Checkpoint,
    ConsistencyProof,
    ConsistencyProofInvalid,
    InclusionProof,
    InclusionProofInvalid,
)
from tlog_scales.writer import TilesWriter

from ledger.transparency import merkle, note, proofs
from ledger.transparency.envelope import leaf_of
from ledger.transparency.merkle import leaf_hash, proves_consistency, proves_inclusion
from ledger.transparency.sealing import read_head
from ledger.transparency.tiles import TiledTree, unbundled
from tests.ledger.transparency.shelf import Shelf
from tests.ledger.transparency.test_note import KEY, OTHER
from tests.ledger.transparency.trees import root_of


def reader(log: Path) -> tuple[TilesReader, Checkpoint]:
    """The log as tlog-scales reads it, and its newest checkpoint."""
    found = TilesReader(LocalBackend(log))
    return found, found.get_checkpoint()


def theirs(vkey: note.VerifierKey) -> Vkey:
    """A key as tlog-scales reads it."""
    return Vkey.from_string(str(vkey))


def inclusion_file(shelf: Shelf, index: int) -> str:
    """A tlog-proof for an entry under the newest checkpoint."""
    checkpoint = note.parse_checkpoint((shelf.log / "checkpoint").read_bytes())
    hashes = merkle.inclusion(index, checkpoint.size, TiledTree(shelf.log, checkpoint.size).node)
    return proofs.written_inclusion(index, hashes, checkpoint)


def consistency_file(shelf: Shelf, old: int) -> str:
    """A proof that the newest checkpoint continues an older tree."""
    checkpoint = note.parse_checkpoint((shelf.log / "checkpoint").read_bytes())
    hashes = merkle.consistency(old, checkpoint.size, TiledTree(shelf.log, checkpoint.size).node)
    return proofs.written_consistency(old, hashes, checkpoint)


def lines_of(proof: str) -> tuple[str, list[bytes], str]:
    """A proof taken apart with nothing of ours: its number, its hashes, its checkpoint."""
    head, checkpoint = proof.split("\n\n", 1)
    lines = head.removeprefix("c2sp.org/tlog-proof@v1\n").split("\n")
    return lines[0].split(" ")[1], [base64.b64decode(one) for one in lines[1:]], checkpoint


def test_tlog_scales_reads_the_log(standing: Shelf) -> None:
    """It finds our checkpoint signed, its root in our tiles, and every leaf below it included."""
    log, checkpoint = reader(standing.log)
    checkpoint.verify(theirs(standing.vkey))
    assert (checkpoint.origin, checkpoint.size) == (standing.where.origin, 290)
    assert log.calculate_root_hash() == checkpoint.root_hash
    for index, one in enumerate(standing.stored()[:290]):
        leaf = log.get_entry(index)
        assert leaf == leaf_of(one)
        log.get_inclusion_proof(index, 290).check(leaf_hash(leaf), checkpoint.root_hash)
    head = read_head(standing.log)
    assert head is not None
    log.set_size(300)
    assert log.calculate_root_hash() == head.root


def test_tlog_scales_believes_our_proofs(standing: Shelf) -> None:
    """Our files of proofs hold for it, and are the proofs that it makes itself."""
    log, checkpoint = reader(standing.log)
    older = Checkpoint.from_text((standing.log / "checkpoints/120").read_text())
    older.verify(theirs(standing.vkey))
    for index in (0, 1, 119, 255, 256, 289):
        number, hashes, signed = lines_of(inclusion_file(standing, index))
        InclusionProof(int(number), 290, hashes).check(leaf_hash(log.get_entry(index)), checkpoint.root_hash)
        assert hashes == log.get_inclusion_proof(index, 290).node_hashes
        Checkpoint.from_text(signed).verify(theirs(standing.vkey))
    number, hashes, _ = lines_of(consistency_file(standing, 120))
    ConsistencyProof(int(number), 290, hashes).check(older.root_hash, checkpoint.root_hash)
    assert hashes == log.get_consistency_proof(120, 290).node_hashes
    for old in (1, 2, 255, 256, 257, 289):
        assert lines_of(consistency_file(standing, old))[1] == log.get_consistency_proof(old, 290).node_hashes


def test_tlog_scales_refuses_changed_proofs(standing: Shelf) -> None:
    """A bit of a proof, of a leaf, of a root, of a checkpoint or of its signature, and it refuses."""
    log, checkpoint = reader(standing.log)
    older = Checkpoint.from_text((standing.log / "checkpoints/120").read_text())
    root, leaf = checkpoint.root_hash, leaf_hash(log.get_entry(7))
    _, hashes, _ = lines_of(inclusion_file(standing, 7))
    flipped = bytes([root[0] ^ 1]) + root[1:]
    for index, proof, hash_, against in (
        (8, hashes, leaf, root),
        (7, hashes[::-1], leaf, root),
        (7, hashes[1:], leaf, root),
        (7, hashes, flipped, root),
        (7, hashes, leaf, flipped),
    ):
        with pytest.raises(InclusionProofInvalid):
            InclusionProof(index, 290, proof).check(hash_, against)
        assert not proves_inclusion(index, 290, hash_, proof, against)
    _, hashes, _ = lines_of(consistency_file(standing, 120))
    for old, proof, before, after in (
        (121, hashes, older.root_hash, root),
        (120, hashes[1:], older.root_hash, root),
        (120, hashes, flipped, root),
        (120, hashes, older.root_hash, flipped),
    ):
        with pytest.raises(ConsistencyProofInvalid):
            ConsistencyProof(old, 290, proof).check(before, after)
        assert not proves_consistency(old, 290, before, after, proof)


def change(path: Path, at: int) -> None:
    """Flip a bit of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/001.p/34", "tile/1/000.p/1", "tile/entries/000"])
def test_tlog_scales_refuses_changed_tiles(name: str, shelf: Shelf) -> None:
    """A bit of a tile or of a leaf, and what it reads no longer has the root that was signed."""
    change(shelf.log / name, 40 if "entries" in name else 5)
    log, checkpoint = reader(shelf.log)
    if name.endswith("/000"):  # the tile above still has the root of this one: it shows in the proof of a leaf
        index = 0 if "entries" in name else 1
        with pytest.raises(InclusionProofInvalid):
            log.get_inclusion_proof(index, 290).check(leaf_hash(log.get_entry(index)), checkpoint.root_hash)
    else:
        assert log.calculate_root_hash() != checkpoint.root_hash


@pytest.mark.parametrize("at", [3, 30, 60, -5])
def test_both_refuse_a_changed_checkpoint(at: int, shelf: Shelf) -> None:
    """A bit of its origin, its size, its root or its signature, and neither finds it signed."""
    change(shelf.log / "checkpoint", at)
    text = (shelf.log / "checkpoint").read_text()
    with pytest.raises(Exception):  # noqa: B017, PT011 - theirs have no common kind
        Checkpoint.from_text(text).verify(theirs(shelf.vkey))
    with pytest.raises((VerificationError, ValueError)):  # the latter: no base64 any more
        SignedCheckpoint.from_text(text).signed_note.verify(keyring(shelf.vkey), key_id(shelf.vkey))


def keyring(vkey: note.VerifierKey) -> RekorKeyring:
    """Our key where sigstore keeps Rekor's."""
    der = Ed25519PublicKey.from_public_bytes(vkey.public).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public = common.PublicKey(
        raw_bytes=base64.b64encode(der),
        key_details=common.PublicKeyDetails.PKIX_ED25519,
    )
    return RekorKeyring(Keyring([public]))


def key_id(vkey: note.VerifierKey) -> Any:  # noqa: ANN401 - sigstore's own kind of bytes
    """The id of our key, as sigstore compares it: by its first four bytes."""
    return vkey.id


def rekor_entry(shelf: Shelf, index: int, leaf: bytes, *, at: Callable[[str], str] = str) -> Any:  # noqa: ANN401
    """An entry as sigstore has it from Rekor, with our leaf and our proof, `at` having changed the file."""
    number, hashes, checkpoint = lines_of(at(inclusion_file(shelf, index)))
    _, size, root = checkpoint.split("\n")[:3]
    proof = SimpleNamespace(
        log_index=int(number),
        tree_size=int(size),
        root_hash=base64.b64decode(root),
        hashes=hashes,
        checkpoint=SimpleNamespace(envelope=checkpoint),
    )
    id_ = SimpleNamespace(key_id=shelf.vkey.id)
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=leaf, log_id=id_))


@pytest.mark.parametrize("index", [0, 1, 119, 255, 256, 289])
def test_sigstore_believes_our_proofs(index: int, standing: Shelf) -> None:
    """It finds our leaf included, under a root that our key signed."""
    leaf = leaf_of(standing.stored()[index])
    entry = rekor_entry(standing, index, leaf)
    verify_merkle_inclusion(entry)
    verify_checkpoint(keyring(standing.vkey), entry)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("index 7", "index 6"),
        ("\n290\n", "\n289\n"),
        ("ledger.example.org/shelf\n290", "ledger.example.org/shelg\n290"),
        ("index 7\n", "index 7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
    ],
)
def test_sigstore_refuses_changed_proofs(old: str, new: str, standing: Shelf) -> None:
    """Another index, another size, another origin or one hash more, and it refuses."""
    leaf = leaf_of(standing.stored()[7])
    entry = rekor_entry(standing, 7, leaf, at=lambda proof: proof.replace(old, new))

    def judge() -> None:
        verify_merkle_inclusion(entry)
        verify_checkpoint(keyring(standing.vkey), entry)

    with pytest.raises(VerificationError):
        judge()
    with pytest.raises(VerificationError):
        verify_merkle_inclusion(rekor_entry(standing, 7, leaf + b"\n"))
    other = note.verifier_of(OTHER, standing.vkey.name)
    with pytest.raises(VerificationError):
        verify_checkpoint(keyring(other), rekor_entry(standing, 7, leaf))


def test_tlog_scales_knows_our_witnesses(standing: Shelf) -> None:
    """A cosignature of ours is one for it, and the log's own signature still stands beside it."""
    checkpoint = note.parse_checkpoint((standing.log / "checkpoint").read_bytes())
    line = note.cosign(checkpoint.note.text, OTHER, "witness.example/w1", 1_700_000_000)
    witness = note.verifier_of(OTHER, "witness.example/w1", note.COSIGNATURE)
    found = Checkpoint.from_text(str(checkpoint.note.with_signatures([line])))
    signers = VkeySet(theirs(standing.vkey), theirs(witness)).verify(found.signatures, found)
    assert {(vkey.name, vkey.pubkey) for vkey, _ in signers} == {
        (known.name, known.public) for known in (standing.vkey, witness)
    }


@pytest.mark.parametrize("steps", [(1,), (5, 250, 1, 44), (256, 256), (700,)])
def test_we_read_the_log_of_another(steps: tuple[int, ...], tmp_path: Path) -> None:
    """A log that tlog-scales wrote and signed, with a key after quanta beside, verifies by our code."""
    ours = PlainEd25519Signer("other.example", KEY)
    signers: list[CheckpointSigner] = [ours, MLDSA44CosignatureSigner("other.example", bytes(range(32)))]
    writer, leaves = TilesWriter.create(tmp_path / "log", "other.example"), list[bytes]()
    for step in steps:
        for _ in range(step):
            leaves.append(b"leaf %d" % len(leaves))
            writer.add_leaf(leaves[-1])
        writer.commit(signers)
    found = note.parse_checkpoint((tmp_path / "log/checkpoint").read_bytes())
    key = note.verifier_of(KEY, "other.example")
    assert (key.public, int.from_bytes(key.id, "big")) == (ours.vkey.pubkey, ours.vkey.key_id)
    assert found.note.verified([key]) == {key: None}
    assert (found.size, found.root) == (len(leaves), root_of(map(leaf_hash, leaves)))
    tree = TiledTree(tmp_path / "log", found.size)
    for index in {0, found.size // 2, found.size - 1}:
        proof = merkle.inclusion(index, found.size, tree.node)
        assert proves_inclusion(index, found.size, leaf_hash(leaves[index]), proof, found.root)
    bundle = tmp_path / "log/tile/entries" / ("000" if found.size >= 256 else f"000.p/{found.size}")
    assert unbundled(bundle.read_bytes()) == leaves[:256]
