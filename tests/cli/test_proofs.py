"""What is proved to an outsider who has a checkpoint: that an entry is under it, that it continues an older one."""

import shutil

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.transparency import merkle, note, proofs
from tests.cli.test_light_questions import imported
from tests.cli.visitor import Visitor


def test_an_entry_is_proved_to_an_outsider(sealing: Visitor) -> None:
    """Position, id: the same proof; with the leaf and the content it convinces whoever has the checkpoint."""
    said = sealing.done("prove", "inclusion", "3", "--leaf", "3.leaf", "--content", "3.json")
    index, hashes, checkpoint = proofs.parse_inclusion(said.out.encode())
    leaf, content = ((sealing.folder / name).read_bytes() for name in ("3.leaf", "3.json"))
    assert merkle.proves_inclusion(index, checkpoint.size, merkle.leaf_hash(leaf), hashes, checkpoint.root)
    id_ = leaf.decode().splitlines()[2].removeprefix("id ")
    assert id_.encode() in content
    assert sealing.done("prove", "inclusion", id_).out == said.out
    sealing.done("prove", "inclusion", "3", "-o", "3.tlog-proof")
    assert (sealing.folder / "3.tlog-proof").read_text(encoding="utf-8") == said.out
    for option in ("-o", "--leaf", "--content"):
        assert sealing.civic("prove", "inclusion", "3", option, "3.leaf").code == 5
    assert (sealing.folder / "3.leaf").read_bytes() == leaf


def test_a_proof_is_light(sealing: Visitor) -> None:
    """Both kinds come without the heavy libraries."""
    assert imported(sealing, "prove", "inclusion", "3") == "0"
    assert imported(sealing, "prove", "consistency", "1") == "0"


def test_a_key_names_an_entry(town: Visitor) -> None:
    """The caller's own name for an entry leads to its proof."""
    town.done("record", "note-added", "1", "--text", "Looked at again", "--key", "again", "-y")
    town.done("key", "init", "-y")
    town.done("checkpoint")
    position = town.done("views", "status").rows[0]["head"] - 1
    assert town.done("prove", "inclusion", "key:again").out == town.done("prove", "inclusion", str(position)).out


def test_an_entry_that_was_recorded_since_is_not_proved_yet(sealing: Visitor) -> None:
    """Not found, and how to have it signed."""
    sealing.done("record", "note-added", "1", "--text", "Looked at again", "-y")
    last = sealing.done("views", "status").rows[0]["head"]
    said = sealing.civic("prove", "inclusion", str(last))
    assert (said.code, said.err.splitlines()[0]) == (
        3, f"error: entry {last} is not under a checkpoint yet  [not-found]",
    )  # fmt: skip
    assert said.err.splitlines()[-1] == "  mend: sign the ledger as it is: civic checkpoint"
    assert sealing.civic("prove", "inclusion", "99999").code == 3
    assert sealing.civic("prove", "inclusion", "coventry").code == 3


def test_a_checkpoint_is_proved_to_continue_an_older_one(sealing: Visitor) -> None:
    """By its size or its file, to the newest or a named one; a witness takes the proof and signs."""
    first = sealing.ledger / "log" / "checkpoint"
    shutil.copy(first, sealing.folder / "old")
    old = note.parse_checkpoint(first.read_bytes())
    sealing.done("record", "note-added", "1", "--text", "Looked at again", "-y")
    sealing.done("checkpoint", "-o", "new")
    new = note.parse_checkpoint((sealing.folder / "new").read_bytes())
    said = sealing.done("prove", "consistency", "old")
    size, hashes, checkpoint = proofs.parse_consistency(said.out.encode())
    assert (size, checkpoint.root) == (old.size, new.root)
    assert merkle.proves_consistency(size, new.size, old.root, new.root, hashes)
    sealing.done("prove", "consistency", str(old.size), str(new.size), "-o", "proof")
    assert (sealing.folder / "proof").read_text(encoding="utf-8") == said.out
    (key,) = sealing.done("key", "show").rows
    sealing.done("key", "init", "--as", "witness.example/w")
    words = ("--as", "witness.example/w", "--vkey", key["vkey"])
    sealing.done("cosign", "old", *words)
    assert sealing.civic("cosign", "new", *words).code == 2
    sealing.done("cosign", "new", *words, "--consistency", "proof")
    assert sealing.civic("prove", "consistency", "nowhere").code == 2
    assert sealing.civic("prove", "consistency", "new", str(old.size)).code == 2
    assert sealing.civic("prove", "consistency", "1", "2").code == 3


def test_whoever_gets_a_proof_can_judge_it(sealing: Visitor) -> None:
    """Without the ledger; shown and signed is 0, shown alone 11, not shown or forged 10, asked in a wrong way 2."""
    shutil.copy(sealing.ledger / "log" / "checkpoint", sealing.folder / "old")
    sealing.done("prove", "inclusion", "3", "-o", "proof", "--leaf", "leaf")
    (sealing.folder / "other").write_bytes((sealing.folder / "leaf").read_bytes().replace(b"position 3", b"position 4"))
    sealing.done("record", "note-added", "1", "--text", "Looked at again", "-y")
    sealing.done("checkpoint")
    sealing.done("prove", "consistency", "old", "-o", "grown")
    (key,) = sealing.done("key", "show").rows
    stranger = str(note.verifier_of(Ed25519PrivateKey.generate(), "somebody.example"))
    visitor = Visitor(sealing.folder)
    for proof, about, word in (("proof", "--leaf=leaf", "number 3 of"), ("grown", "--old=old", "continues that of")):
        said = visitor.done("prove", "check", proof, about, "--vkey", key["vkey"])
        assert word in said.rows[0]["shown"]
        assert said.rows[0]["signed_by"] == [key["vkey"]]
        assert visitor.civic("prove", "check", proof, about).code == 11
        assert visitor.civic("prove", "check", proof, about, "--vkey", stranger).code == 11
        assert visitor.civic("prove", "check", proof).code == 2
        assert visitor.civic("prove", "check", "leaf", about).code == 2
        assert visitor.civic("prove", "check", "nowhere", about).code == 2
        path = visitor.folder / proof
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        forged = "".join(lines[:-1]) + lines[-1][:-20] + ("B" if lines[-1][-20] == "A" else "A") + lines[-1][-19:]
        path.with_name("forged").write_text(forged, encoding="utf-8")
        assert visitor.civic("prove", "check", "forged", about, "--vkey", key["vkey"]).code == 10
        without = "".join([lines[0], *lines[2:]]) if proof == "grown" else "".join([*lines[:2], *lines[3:]])
        path.with_name("shorter").write_text(without, encoding="utf-8")
        assert visitor.civic("prove", "check", "shorter", about, "--vkey", key["vkey"]).code == 10
    assert visitor.civic("prove", "check", "proof", "--leaf", "other", "--vkey", key["vkey"]).code == 10
    sealing.done("prove", "consistency", "1", "-o", "elsewhere")
    assert visitor.civic("prove", "check", "elsewhere", "--old", "old", "--vkey", key["vkey"]).code == 10
    path = visitor.folder / "old"
    head, line = path.read_text(encoding="utf-8").rsplit(" ", 1)
    path.write_text(f"{head} {line[:20]}{'B' if line[20] == 'A' else 'A'}{line[21:]}", encoding="utf-8")
    said = visitor.civic("prove", "check", "grown", "--old", "old", "--vkey", key["vkey"])
    assert (said.code, "signature" in said.err) == (10, True), said.err
