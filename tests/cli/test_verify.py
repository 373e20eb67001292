"""Keys, checkpoints, witnesses and verification, end to end through the installed command."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from stat import S_IMODE

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ledger.transparency import merkle, note, proofs
from ledger.transparency.tiles import TiledTree
from tests.cli.test_exit_codes import unguarded
from tests.cli.visitor import Said, Visitor, body


@dataclass(frozen=True)
class Signed:
    """A town whose ledger has a key and was signed once."""

    visitor: Visitor

    @property
    def keys(self) -> Path:
        """Where the key lies."""
        (found,) = (self.visitor.folder / ".local/share/civic-ledger/keys").glob("town-*")
        return found

    @property
    def vkey(self) -> str:
        """The public half of the key that is in use."""
        return str(next(row["vkey"] for row in self.visitor.done("key", "show").rows if row["here"]))

    @property
    def log(self) -> Path:
        """The folder of the log."""
        return self.visitor.ledger / "log"

    def record(self, *slugs: str) -> None:
        """Register bodies."""
        self.visitor.file("more.jsonl", [body(slug) for slug in slugs])
        self.visitor.done("import", "more.jsonl", "--yes", "--new")


@pytest.fixture(scope="module")
def _signed(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    made = Visitor(tmp_path_factory.mktemp("signed"))
    made.done("init", "town.ledger")
    made.done("key", "init", "--yes")
    Signed(made).record("alpha", "beta", "gamma")
    made.done("checkpoint", "-o", "kept.txt")
    return made


@pytest.fixture
def signed(_signed: Visitor, tmp_path: Path) -> Signed:
    """The same, to be changed."""
    copytree(_signed.folder, tmp_path, dirs_exist_ok=True)
    return Signed(Visitor(tmp_path))


def signer(vkey: str) -> str:
    """A key as signatures name it: without the key itself, whose base64 may hold a plus of its own."""
    return "+".join(vkey.split("+")[:2])


def kinds(said: Said) -> list[str]:
    """The findings of a verification, and its conclusion."""
    return [row["kind"] if row.get("entry") is None else f"{row['kind']} {row['entry']}" for row in said.rows]


def state(signed: Signed) -> dict[str, bytes]:
    """All that was ever signed, in the folder and on the machine."""
    files = [signed.keys / "last-signed", signed.log / "checkpoint", *(signed.log / "checkpoints").iterdir()]
    return {path.name: path.read_bytes() for path in files}


# Keys


def test_a_key_is_its_owners_alone(signed: Signed) -> None:
    """The key lies outside the folder of the ledger, its file is 0600 in a folder 0700."""
    assert S_IMODE((signed.keys / "key.pem").stat().st_mode) == 0o600
    assert S_IMODE(signed.keys.stat().st_mode) == 0o700
    assert not list(signed.visitor.ledger.rglob("*.pem"))
    assert b"ENCRYPTED" not in (signed.keys / "key.pem").read_bytes()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_key_that_others_can_read_is_not_used(mode: int, signed: Signed) -> None:
    """It is refused with exit 2 and the way to mend it; nothing is signed."""
    before = state(signed)
    signed.record("delta")
    (signed.keys / "key.pem").chmod(mode)
    said = signed.visitor.civic("checkpoint")
    assert (said.code, said.out) == (2, "")
    assert f"chmod 600 {signed.keys / 'key.pem'}" in said.err
    assert state(signed) == before
    (signed.keys / "key.pem").chmod(0o600)
    signed.visitor.done("checkpoint")


def test_a_key_is_made_once(signed: Signed) -> None:
    """Asked again, init refuses with exit 5, and key and entries stay as they are."""
    key, entries = (signed.keys / "key.pem").read_bytes(), signed.visitor.entries
    said = signed.visitor.civic("key", "init", "--yes")
    assert (said.code, said.out) == (5, "")
    assert "civic key rotate" in said.err
    assert ((signed.keys / "key.pem").read_bytes(), signed.visitor.entries) == (key, entries)
    signed.visitor.done("key", "init", "--as", "w")
    assert signed.visitor.civic("key", "init", "--as", "w").code == 5


def test_a_key_of_which_no_entry_tells_is_recorded(visitor: Visitor) -> None:
    """Killed between the key and its entry, init goes on with that key."""
    visitor.done("init", "town.ledger")
    visitor.done("key", "init", "--yes")
    key = visitor.done("key", "show").rows[0]["vkey"]
    rmtree(visitor.ledger)
    origin = key.split("+")[0]
    visitor.done("init", "town.ledger", "--origin", origin)
    shown = visitor.done("key", "show").rows
    assert [(row["vkey"], row["introduced"], row["here"]) for row in shown] == [(key, None, True)]
    assert visitor.done("key", "init", "--yes").out == f"{key}\n"
    assert visitor.done("key", "show").rows[0]["introduced"] == 1


def test_a_key_is_shown_with_its_fingerprint(signed: Signed) -> None:
    """The public half, a fingerprint to read aloud, the entry that introduced it; exit 3 where there is none."""
    (row,) = signed.visitor.done("key", "show").rows
    assert (row["introduced"], row["here"]) == (1, True)
    assert row["fingerprint"] == note.parse_key(row["vkey"]).fingerprint
    table = signed.visitor.done("key", "show", "-f", "table").out
    assert table == (
        f"{row['vkey']}\n  {row['fingerprint']}\n  introduced by entry 1; the private half is on this machine\n"
    )
    signed.visitor.done("init", "other.ledger")
    assert signed.visitor.civic("key", "show", "--ledger", "other.ledger").code == 3
    said = signed.visitor.civic("checkpoint", "--ledger", "other.ledger")
    assert (said.code, "civic key init" in said.err) == (3, True)


def test_nobody_is_asked_where_nobody_is(visitor: Visitor) -> None:
    """Without --yes and without a terminal, making a key ends in exit 2, and no key is made."""
    visitor.done("init", "town.ledger")
    assert visitor.civic("key", "init").code == 2
    assert not list((visitor.folder / ".local").rglob("*.pem"))


def test_a_passphrase_locks_the_key(visitor: Visitor) -> None:
    """With it the key signs; with another, or with none and nobody to ask, it does not; an empty one is refused."""
    right, wrong = "open sesame", "open barley"
    visitor.done("init", "town.ledger")
    assert visitor.civic("key", "init", "--yes", "--passphrase", CIVIC_PASSPHRASE="").code == 2
    assert visitor.civic("key", "init", "--yes", "--passphrase").code == 2
    visitor.done("key", "init", "--yes", "--passphrase", CIVIC_PASSPHRASE=right)
    key = next((visitor.folder / ".local").rglob("key.pem"))
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in key.read_bytes()
    said = visitor.civic("checkpoint", CIVIC_PASSPHRASE=wrong)
    assert (said.code, said.out, "passphrase is wrong" in said.err) == (2, "", True)
    said = visitor.civic("checkpoint")
    assert (said.code, "CIVIC_PASSPHRASE" in said.err) == (2, True)
    assert not (visitor.ledger / "log/checkpoint").exists()
    visitor.done("checkpoint", CIVIC_PASSPHRASE=right)
    assert visitor.civic("verify").code == 11


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_damage(content: bytes, signed: Signed) -> None:
    """A key that cannot be read ends in exit 10, and nothing is signed."""
    signed.record("delta")
    before = state(signed)
    (signed.keys / "key.pem").write_bytes(content)
    assert signed.visitor.civic("checkpoint").code == 10
    assert state(signed) == before


def test_a_key_is_rotated(signed: Signed) -> None:
    """Both keys sign the change; the new one signs from then on, the old one is kept for what it signed."""
    former = signed.vkey
    new = signed.visitor.done("key", "rotate", "--yes").out.strip()
    assert signed.vkey == new != former
    assert (signed.keys / f"retired-{former.split('+')[1]}.pem").exists()
    assert S_IMODE((signed.keys / "key.pem").stat().st_mode) == 0o600
    signed.visitor.done("checkpoint")
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", former, "--vkey", new)
    assert (said.code, kinds(said)) == (0, ["CONCLUSION"])
    against = said.rows[-1]["against"]
    assert any(signer(former) in one for one in against)
    assert any(new.split("+")[1] in one for one in against)


def test_a_rotation_that_was_killed_is_finished(signed: Signed) -> None:
    """Killed before the entry, behind it, or between the two files, rotate goes on, and one entry tells of it."""
    former = signed.vkey
    new = signed.visitor.done("key", "rotate", "--yes").out.strip()
    (signed.keys / "key.pem").rename(signed.keys / "next.pem")
    said = signed.visitor.civic("checkpoint")
    assert said.code == 3
    assert signed.visitor.done("key", "rotate", "--yes").out.strip() == new
    (signed.keys / "key.pem").rename(signed.keys / "next.pem")
    (signed.keys / f"retired-{former.split('+')[1]}.pem").rename(signed.keys / "key.pem")
    assert signed.visitor.done("key", "rotate", "--yes").out.strip() == new
    shown = signed.visitor.done("key", "show").rows
    assert [(row["vkey"], row["introduced"], row["here"]) for row in shown] == [(former, 1, False), (new, 5, True)]
    signed.visitor.done("checkpoint")
    assert signed.visitor.civic("verify").code == 11


# Checkpoints


def test_a_checkpoint_is_a_slip_of_four_lines(signed: Signed) -> None:
    """For the minutes: origin, size, root; who signed, and when. With -o the checkpoint is handed out as a file."""
    said = signed.visitor.done("checkpoint", "-f", "table", "-o", "out.txt")
    lines = said.out.splitlines()
    assert len(lines) == 4
    handed = (signed.visitor.folder / "out.txt").read_text()
    assert handed == (signed.log / "checkpoint").read_text() == (signed.log / "checkpoints/4").read_text()
    assert handed == (signed.keys / "last-signed").read_text()
    found = note.parse_checkpoint(handed.encode())
    assert lines[:3] == found.note.text.splitlines() == [found.origin, "4", note.to_base64(found.root)]
    assert lines[3].startswith(f"signed {signer(signed.vkey)}; last entry 20")
    assert lines[3].endswith(" UTC")
    (row,) = signed.visitor.done("checkpoint").rows
    assert row == {
        "origin": found.origin,
        "size": 4,
        "root": lines[2],
        "signed_by": [signer(signed.vkey)],
        "checkpoint": handed,
    }


def test_a_file_is_not_written_over(signed: Signed) -> None:
    """A checkpoint goes into a new file; where one is, exit 5, and nothing is signed."""
    signed.record("delta")
    before = state(signed)
    assert signed.visitor.civic("checkpoint", "-o", "kept.txt").code == 5
    assert state(signed) == before


def test_an_empty_ledger_is_not_signed(visitor: Visitor) -> None:
    """There is nothing to sign: exit 3."""
    visitor.done("init", "town.ledger", "--origin", "o")
    visitor.done("init", "other.ledger", "--origin", "o")
    visitor.done("key", "init", "--yes", "--ledger", "other.ledger")
    said = visitor.civic("checkpoint", "--ledger", "town.ledger")
    assert (said.code, "nothing to sign" in said.err) == (3, True)


def copied(signed: Signed) -> Path:
    """A copy of the folder, as a backup."""
    backup = signed.visitor.folder / "backup"
    copytree(signed.visitor.ledger, backup)
    return backup


def restored(signed: Signed, backup: Path) -> None:
    """Put the backup in the place of the ledger."""
    rmtree(signed.visitor.ledger)
    copytree(backup, signed.visitor.ledger)


@pytest.mark.parametrize("more", [(), ("zeta",), ("zeta", "eta"), ("zeta", "eta", "theta", "iota")])
def test_a_restored_copy_does_not_fork_history(more: tuple[str, ...], signed: Signed) -> None:
    """An old copy, written on or not, is not signed by the machine that signed more: exit 10, and nothing is signed."""
    backup = copied(signed)
    signed.record("delta", "epsilon")
    signed.visitor.done("checkpoint", "-o", "newer.txt")
    last = (signed.keys / "last-signed").read_bytes()
    restored(signed, backup)
    if more:
        signed.record(*more)
    before = state(signed)
    said = signed.visitor.civic("checkpoint")
    assert (said.code, said.out) == (10, "")
    assert "signed before" in said.err
    assert state(signed) == before
    assert (signed.keys / "last-signed").read_bytes() == last
    told = signed.visitor.civic("verify")
    assert told.code == 10
    assert kinds(told) == (
        ["REWRITTEN", "CONCLUSION"] if len(more) > 1 else [f"TRUNCATED {5 + len(more)}", "CONCLUSION"]
    )
    assert kinds(signed.visitor.civic("verify", "--checkpoint", "newer.txt")) == kinds(told)


def test_an_altered_entry_is_not_signed(signed: Signed) -> None:
    """Whoever signs has read every entry again: one that is not what was sealed ends in exit 10, and is named."""
    signed.record("delta")
    before = state(signed)
    with unguarded(signed.visitor.ledger / "entries.sqlite") as other:
        other.execute("UPDATE entries SET data = CAST(replace(data, 'Beta', 'Bete') AS BLOB) WHERE position = 3")
    said = signed.visitor.civic("checkpoint")
    assert (said.code, said.out, "entry 3" in said.err) == (10, "", True)
    assert state(signed) == before


def test_a_key_of_another_machine_signs_on(signed: Signed) -> None:
    """What lies in the folder binds too: without a memory on this machine, only what continues it is signed."""
    (signed.keys / "last-signed").unlink()
    signed.record("delta")
    signed.visitor.done("checkpoint")
    assert sorted(path.name for path in (signed.log / "checkpoints").iterdir()) == ["4", "5"]
    (signed.keys / "last-signed").write_text("junk")
    before = (signed.log / "checkpoint").read_bytes()
    assert signed.visitor.civic("checkpoint").code == 10
    assert (signed.log / "checkpoint").read_bytes() == before


# Witnesses


def consistency(signed: Signed, old: int) -> str:
    """A file that proves that the newest checkpoint continues the tree of an older size."""
    found = note.parse_checkpoint((signed.log / "checkpoint").read_bytes())
    hashes = merkle.consistency(old, found.size, TiledTree(signed.log, found.size).node)
    (signed.visitor.folder / "proof.txt").write_text(proofs.written_consistency(old, hashes, found))
    return "proof.txt"


@pytest.fixture
def witness(tmp_path: Path) -> Visitor:
    """Somebody elsewhere with a key of their own."""
    (tmp_path / "elsewhere").mkdir()
    made = Visitor(tmp_path / "elsewhere")
    made.done("key", "init", "--as", "witness.example/w1")
    return made


def test_a_witness_signs_and_is_taken_in(signed: Signed, witness: Visitor) -> None:
    """The signature of a witness stands under the checkpoint for whoever knows them, and stays there; not alone."""
    (shown,) = witness.done("key", "show", "--as", "witness.example/w1").rows
    cosign = ("cosign", signed.visitor.folder / "kept.txt", "--as", "witness.example/w1", "--vkey", signed.vkey)
    said = witness.done(*cosign, "-o", signed.visitor.folder / "cosigned.txt")
    assert said.out == ""
    assert witness.done(*cosign).out.startswith((signed.visitor.folder / "kept.txt").read_text())
    taken = signed.visitor.done("checkpoint", "--cosigned", "cosigned.txt", "--vkey", shown["vkey"])
    again = signed.visitor.done("checkpoint", "--cosigned", "cosigned.txt", "--vkey", shown["vkey"])
    assert (taken.err, again.err) == ("", "already signed so: no signature was added\n")
    assert again.rows == taken.rows
    assert taken.rows[0]["signed_by"] == [signer(one) for one in (signed.vkey, shown["vkey"])]
    whole = (signed.log / "checkpoint").read_text()
    assert whole == (signed.log / "checkpoints/4").read_text() == (signed.visitor.folder / "cosigned.txt").read_text()
    signed.visitor.done("checkpoint")
    assert (signed.log / "checkpoint").read_text() == whole
    said = signed.visitor.civic("verify", "--checkpoint", "cosigned.txt", "--vkey", shown["vkey"])
    assert said.code == 0
    assert any("witness.example/w1" in one for one in said.rows[-1]["against"])
    assert signed.visitor.civic("verify", "--checkpoint", "cosigned.txt").code == 0
    theirs = "".join(line for line in whole.splitlines(keepends=True) if not line.startswith(f"— {signed.vkey[:9]}"))
    for name in ("checkpoint", "checkpoints/4"):
        (signed.log / name).write_text(theirs)
    keys = ("--vkey", shown["vkey"], "--vkey", signed.vkey)
    said = signed.visitor.civic("verify", "--checkpoint", "cosigned.txt", *keys)
    assert (said.code, {one["kind"] for one in said.rows[:-1]}) == (10, {"KEY-UNKNOWN"})
    signed.visitor.done("bundle", "theirs.zip")
    said = signed.visitor.civic("verify-bundle", "theirs.zip", *keys)
    assert (said.code, {one["kind"] for one in said.rows[:-1]}) == (10, {"KEY-UNKNOWN"})


@pytest.mark.parametrize(
    "left",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: "\n" + text.replace("\n", "\n   ") + "\n\n",
    ],
    ids=["a mark of the bytes' order", "line ends of Windows", "no last line end", "blanks", "an indentation"],
)
@pytest.mark.parametrize("lines", [3, 6])
def test_a_checkpoint_is_read_as_editors_leave_it(signed: Signed, lines: int, left: Callable[[str], str]) -> None:
    """Typed from a newspaper, or sent by mail: what it says is what counts."""
    text = "".join((signed.visitor.folder / "kept.txt").read_text().splitlines(keepends=True)[:lines])
    (signed.visitor.folder / "typed.txt").write_bytes(left(text).encode())
    said = signed.visitor.civic("verify", "--checkpoint", "typed.txt")
    assert (said.code, {one["kind"] for one in said.rows}) == (0, {"CONCLUSION"})


def test_a_checkpoint_that_leads_to_itself_is_told(signed: Signed) -> None:
    """As any file that cannot be read."""
    (signed.visitor.folder / "loop").symlink_to("loop")
    said = signed.visitor.civic("verify", "--checkpoint", "loop")
    assert (said.code, "loop cannot be read" in said.err) == (2, True)


def test_many_lines_beneath_a_checkpoint_stop_no_witness(signed: Signed, witness: Visitor) -> None:
    """Lines by nobody may fill it: what the witness remembers, and what the ledger takes in, can be read again."""
    whole = (signed.visitor.folder / "kept.txt").read_text()
    (witness.folder / "full.txt").write_text(whole + "".join(f"— w{number} AAAAAAAA\n" for number in range(99)))
    cosign = ("--as", "witness.example/w1", "--vkey", signed.vkey)
    said = witness.done("cosign", "full.txt", *cosign)
    assert said.out.startswith(whole)
    assert len(note.parse_note(said.out.encode()).signatures) == 2
    witness.done("cosign", signed.visitor.folder / "kept.txt", *cosign)
    (shown,) = witness.done("key", "show", "--as", "witness.example/w1").rows
    path = next((witness.folder / ".local").rglob("key.pem"))
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    text = note.parse_checkpoint(whole.encode()).note.text
    lines = [str(note.cosign(text, key, "witness.example/w1", moment)) for moment in range(1, 101)]
    (signed.visitor.folder / "answer").write_text("".join(lines))
    taken = signed.visitor.done("checkpoint", "--cosigned", "answer", "--vkey", shown["vkey"])
    assert taken.rows[0]["checkpoint"] == whole + lines[-1]
    assert (signed.log / "checkpoint").read_text() == whole + lines[-1]


def test_two_rotations_at_once_follow_each_other(signed: Signed) -> None:
    """Each replaces the key that the other made: no key is lost, and each is introduced by the one before."""
    racing = [signed.visitor.start("key", "rotate", "--yes") for _ in range(2)]
    for one in racing:
        one.communicate()
    assert [one.returncode for one in racing] == [0, 0]
    assert len([*signed.keys.glob("retired-*.pem")]) == 2
    signed.visitor.done("checkpoint")
    assert signed.visitor.civic("verify", "--checkpoint", "kept.txt").code == 0


def test_a_witness_is_not_taken_in_unknown(signed: Signed, witness: Visitor) -> None:
    """Without the key of the witness, with a changed signature or for another checkpoint nothing is taken in."""
    folder, before = signed.visitor.folder, state(signed)
    (shown,) = witness.done("key", "show", "--as", "witness.example/w1").rows
    witness.done("cosign", folder / "kept.txt", "--as", "witness.example/w1", "--vkey", signed.vkey, "-o", "c.txt")
    text = (witness.folder / "c.txt").read_text()
    (folder / "c.txt").write_text(text)
    take = ("checkpoint", "--cosigned", "c.txt", "--vkey")
    assert signed.visitor.civic(*take[:-1]).code == 2
    assert signed.visitor.civic(*take, signed.vkey.replace("town", "down")).code == 2
    lines = note.parse_note(text.encode())
    line = lines.signatures[-1]
    forged = note.Signature(line.name, line.key_id, bytes(72))
    (folder / "c.txt").write_text(str(note.Note(lines.text, (*lines.signatures[:-1], forged))))
    assert signed.visitor.civic(*take, shown["vkey"]).code == 5
    (folder / "c.txt").write_text(text.replace("\n4\n", "\n3\n", 1))
    assert signed.visitor.civic(*take, shown["vkey"]).code == 3
    other = note.checkpoint_text(lines.text.split("\n")[0], 4, bytes(32))
    (folder / "c.txt").write_text(text.replace(lines.text, other))
    assert signed.visitor.civic(*take, shown["vkey"]).code == 5
    (folder / "c.txt").write_text("junk")
    assert signed.visitor.civic(*take, shown["vkey"]).code == 2
    assert state(signed) == before


def test_a_witness_wants_history_continued(signed: Signed, witness: Visitor) -> None:
    """The second time a proof is wanted; another history of that size, a smaller one or a wrong proof is not signed."""
    folder = signed.visitor.folder
    backup = copied(signed)

    def cosign(name: str, *more: str | Path) -> int:
        words = ("cosign", folder / name, "--as", "witness.example/w1", "--vkey", signed.vkey, *more)
        return witness.civic(*words).code

    signed.record("delta", "epsilon")
    signed.visitor.done("checkpoint", "-o", "six.txt")
    assert cosign("kept.txt") == 0
    assert cosign("kept.txt") == 0
    assert cosign("six.txt") == 2
    assert cosign("six.txt", "--consistency", folder / "kept.txt") == 2
    assert cosign("six.txt", "--consistency", folder / consistency(signed, 3)) == 5
    assert cosign("six.txt", "--consistency", folder / consistency(signed, 4)) == 0
    assert cosign("kept.txt") == 5
    restored(signed, backup)
    (signed.keys / "last-signed").unlink()
    signed.record("zeta", "eta")
    signed.visitor.done("checkpoint", "-o", "fork.txt")
    assert cosign("fork.txt") == 5
    signed.record("theta")
    signed.visitor.done("checkpoint", "-o", "longer.txt")
    assert cosign("longer.txt", "--consistency", folder / consistency(signed, 6)) == 5
    (folder / "forged.txt").write_text((folder / "six.txt").read_text().replace("\n6\n", "\n7\n", 1))
    assert cosign("forged.txt") == 5
    assert witness.civic("cosign", "none", "--as", "witness.example/w1", "--vkey", signed.vkey).code == 2
    assert witness.civic("cosign", folder / "six.txt", "--as", "nobody", "--vkey", signed.vkey).code == 3


def test_the_answer_of_a_witness_is_taken_in(signed: Signed, witness: Visitor) -> None:
    """A witness that is asked over the network answers with signatures alone, be it of an older checkpoint."""
    folder = signed.visitor.folder
    (shown,) = witness.done("key", "show", "--as", "witness.example/w1").rows
    said = witness.done("cosign", folder / "kept.txt", "--as", "witness.example/w1", "--vkey", signed.vkey)
    signed.record("delta")
    signed.visitor.done("checkpoint")
    (folder / "answer").write_text(said.out.splitlines(keepends=True)[-1])
    take = ("checkpoint", "--cosigned", "answer", "--vkey")
    taken = signed.visitor.done(*take, shown["vkey"]).rows[0]
    assert (taken["size"], taken["signed_by"]) == (4, [signer(one) for one in (signed.vkey, shown["vkey"])])
    assert (signed.log / "checkpoints/4").read_text() == taken["checkpoint"]
    before = state(signed)
    assert signed.visitor.civic(*take, signed.vkey).code == 2
    for answer in ("— w\n", "— witness.example/w1 AAAAAAAA\n"):
        (folder / "answer").write_text(answer)
        assert signed.visitor.civic(*take, shown["vkey"]).code == 2
    assert state(signed) == before


def test_two_witnessings_at_once_see_each_other(signed: Signed, witness: Visitor) -> None:
    """Of two checkpoints that nobody saw before, the first is signed; the other wants a proof, or comes too late."""
    folder = signed.visitor.folder
    signed.record("delta")
    signed.visitor.done("checkpoint", "-o", "five.txt")
    for number in range(4):
        for seen in (witness.folder / ".local").rglob("*.seen"):
            seen.unlink()
        words = ("--as", "witness.example/w1", "--vkey", signed.vkey, "-o")
        racing = [
            witness.start("cosign", folder / name, *words, f"{number}-{name}") for name in ("kept.txt", "five.txt")
        ]
        codes = [one.wait(60) for one in racing]
        for one in racing:
            one.communicate()
        assert codes in ([0, 2], [5, 0])


def test_lines_behind_the_third_are_no_other_history(signed: Signed, witness: Visitor) -> None:
    """C2SP tlog-witness compares roots: a checkpoint of the same tree with other lines of its own is signed."""
    key = load_pem_private_key((signed.keys / "key.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    kept = note.parse_checkpoint((signed.visitor.folder / "kept.txt").read_bytes())
    for moment in (1, 2):
        text = f"{kept.note.text}Timestamp: {moment}\n"
        (witness.folder / "seen.txt").write_text(str(note.Note(text, (note.sign(text, key, kept.origin),))))
        witness.done("cosign", "seen.txt", "--as", "witness.example/w1", "--vkey", signed.vkey)


def test_only_the_ledgers_own_key_signs_for_it(signed: Signed, witness: Visitor) -> None:
    """Neither the key of a witness nor that of another ledger stands for it, to a witness or to who judges a proof."""
    folder = signed.visitor.folder
    (shown,) = witness.done("key", "show", "--as", "witness.example/w1").rows
    key = load_pem_private_key((signed.keys / "key.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    other = str(note.verifier_of(key, "other.example"))
    witness.done("cosign", folder / "kept.txt", "--as", "witness.example/w1", "--vkey", signed.vkey, "-o", "c.txt")
    assert witness.civic("cosign", "c.txt", "--as", "witness.example/w1", "--vkey", shown["vkey"]).code == 2
    (folder / "c.txt").write_bytes((witness.folder / "c.txt").read_bytes())
    signed.visitor.done("checkpoint", "--cosigned", "c.txt", "--vkey", shown["vkey"])
    signed.visitor.done("prove", "inclusion", "3", "-o", "proof", "--leaf", "leaf")
    judge = ("prove", "check", "proof", "--leaf", "leaf", "--vkey")
    assert [signed.visitor.civic(*judge, one).code for one in (signed.vkey, shown["vkey"], other)] == [0, 11, 11]
    whole = note.parse_checkpoint((folder / "kept.txt").read_bytes())
    lent = note.Note(whole.note.text, (note.sign(whole.note.text, key, "other.example"),))
    (folder / "lent.txt").write_text(str(lent))
    said = signed.visitor.civic("verify", "--checkpoint", "lent.txt", "--vkey", other)
    assert (said.code, kinds(said)) == (11, ["SIGNER-UNKNOWN", "CONCLUSION"])


@pytest.mark.parametrize("name", [".", "..", "ü" * 60, "a" * 300])
def test_a_name_of_a_key_leads_nowhere_else(name: str, witness: Visitor) -> None:
    """Whatever it is, the key lies in a folder of its own below the others."""
    keys = witness.folder / ".local/share/civic-ledger/keys"
    before = {*keys.rglob("key.pem")}
    witness.done("key", "init", "--as", name)
    (made,) = {*witness.folder.rglob("key.pem")} - before
    assert made.parent.parent == keys
    assert witness.done("key", "show", "--as", name).rows[0]["here"]
    assert witness.civic("key", "init", "--as", name).code == 5


def test_a_witness_remembers_each_ledger_by_itself(visitor: Visitor) -> None:
    """Ledgers whose names differ at their ends alone are not taken for one another."""
    visitor.done("key", "init", "--as", "w")
    for name, size in (("a", 3), ("b", 1), ("c.d", 2)):
        ledger = f"{name}.ledger"
        visitor.done("init", ledger, "--origin", f"ledger.example.org/{name}")
        visitor.done("key", "init", "--yes", "--ledger", ledger)
        visitor.file("more.jsonl", [body(f"town-{number}") for number in range(size)])
        visitor.done("import", "more.jsonl", "--yes", "--new", "--ledger", ledger)
        visitor.done("checkpoint", "--ledger", ledger, "-o", f"{name}.txt")
        vkey = visitor.done("key", "show", "--ledger", ledger).rows[0]["vkey"]
        visitor.done("cosign", f"{name}.txt", "--as", "w", "--vkey", vkey)
    assert len(list((visitor.folder / ".local").rglob("*.seen"))) == 3


# Verification


def test_0_is_proved(signed: Signed) -> None:
    """With a checkpoint from outside, or its first three lines: the entries are those that it vouches for."""
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", signed.vkey)
    assert (said.code, kinds(said)) == (0, ["CONCLUSION"])
    conclusion = said.rows[-1]
    assert (conclusion["size"], conclusion["proved"], conclusion["unproved"]) == (4, True, [])
    whole = (signed.visitor.folder / "kept.txt").read_text()
    (signed.visitor.folder / "paper.txt").write_text("\n".join(whole.split("\n")[:3]) + "\n")
    assert signed.visitor.civic("verify", "--checkpoint", "paper.txt").code == 0
    signed.visitor.done("bodies")
    table = signed.visitor.done("verify", "--checkpoint", "kept.txt", "--deep", "-f", "table").out
    assert table.startswith("4 entries read: they are those that the checkpoint given vouches for.\n")
    assert "a replay gives the same rows" in table
    signed.record("delta")
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", signed.vkey)
    assert (said.code, said.rows[-1]["unproved"]) == (0, ["entry 5: it came after the checkpoint given"])


def test_who_signs_is_whom_the_auditor_named(signed: Signed) -> None:
    """With --vkey the checkpoint given has to bear that signature: another history may be signed with another key."""
    stranger = str(note.verifier_of(Ed25519PrivateKey.generate(), signed.vkey.split("+", maxsplit=1)[0]))
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", stranger)
    assert (said.code, kinds(said), said.rows[-1]["proved"]) == (11, ["SIGNER-UNKNOWN", "CONCLUSION"], False)
    assert signed.visitor.done("verify", "--checkpoint", "kept.txt", "--vkey", stranger, "--vkey", signed.vkey)


def test_a_checkpoint_out_of_the_folder_proves_nothing(signed: Signed) -> None:
    """Whoever has the folder could have written it."""
    said = signed.visitor.civic("verify", "--checkpoint", signed.log / "checkpoint", "--vkey", signed.vkey)
    assert (said.code, kinds(said)) == (11, ["CONCLUSION"])
    assert "no checkpoint from outside" in said.rows[-1]["unproved"][0]


def test_a_key_that_was_put_out_of_use_signs_no_more(signed: Signed) -> None:
    """Neither on the machine that still has it, nor in what was signed with it elsewhere."""
    old, retired = signed.vkey, (signed.keys / "key.pem").read_bytes()
    signed.visitor.done("key", "rotate", "--yes")
    signed.record("delta")
    newer = (signed.keys / "key.pem").read_bytes()
    (signed.keys / "key.pem").write_bytes(retired)
    assert signed.visitor.civic("checkpoint").code == 5
    (signed.keys / "key.pem").write_bytes(newer)
    signed.visitor.done("checkpoint", "-o", "new.txt")
    whole = note.parse_checkpoint((signed.visitor.folder / "new.txt").read_bytes())
    key = load_pem_private_key(retired, None)
    assert isinstance(key, Ed25519PrivateKey)
    stolen = note.Note(whole.note.text, (note.sign(whole.note.text, key, whole.origin),))
    (signed.visitor.folder / "stolen.txt").write_text(str(stolen))
    for words in ((), ("--vkey", old)):
        said = signed.visitor.civic("verify", "--checkpoint", "stolen.txt", *words)
        assert (said.code, kinds(said)) == (11, ["SIGNER-UNKNOWN", "CONCLUSION"])
        assert "put out of use" in said.rows[0]["found"]
    assert signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", old).code == 0


def test_a_slip_with_the_line_ends_of_windows_is_read(signed: Signed) -> None:
    """A mail program may have changed them; what was signed is the same."""
    whole = (signed.visitor.folder / "kept.txt").read_bytes()
    (signed.visitor.folder / "mailed.txt").write_bytes(whole.replace(b"\n", b"\r\n"))
    assert signed.visitor.civic("verify", "--checkpoint", "mailed.txt", "--vkey", signed.vkey).code == 0


def test_a_letter_mistyped_is_not_blamed_on_the_entries_alone(signed: Signed) -> None:
    """Nobody signed what was typed: whoever typed it is told to look again."""
    origin, size, root, *_ = (signed.visitor.folder / "kept.txt").read_text().split("\n")
    wrong = f"{'A' if root[0] != 'A' else 'B'}{root[1:]}"
    (signed.visitor.folder / "typed.txt").write_text(f"{origin}\n{size}\n{wrong}\n")
    said = signed.visitor.civic("verify", "--checkpoint", "typed.txt")
    assert (said.code, kinds(said)) == (10, ["REWRITTEN", "CONCLUSION"])
    assert "typed.txt (nobody signed it: if it was typed, look at each letter of it)" in said.rows[0]["found"]


def test_a_log_that_was_removed_is_reported(signed: Signed) -> None:
    """The entries are those that a checkpoint from outside vouches for; what was signed here last is missing."""
    rmtree(signed.log)
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", signed.vkey)
    assert (said.code, kinds(said)) == (10, ["HEAD-LOST", "CHECKPOINT-MISSING", "CONCLUSION"])
    assert said.rows[0]["found"] == "log/head is gone, and all of the log with it"
    assert signed.visitor.civic("repair").code == 0
    signed.record("delta")
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--vkey", signed.vkey)
    assert (said.code, kinds(said)) == (0, ["CONCLUSION"])


def test_keys_are_not_kept_in_the_ledger(signed: Signed) -> None:
    """Whoever got the folder would have them."""
    said = signed.visitor.civic("key", "init", "--yes", CIVIC_KEYS=str(signed.visitor.ledger / "keys"))
    assert (said.code, "inside the ledger" in said.err) == (2, True)


def test_views_are_looked_at_as_they_lie_there(signed: Signed) -> None:
    """A deep verification writes nothing: what it finds is still there to be found."""
    views = signed.visitor.ledger / "views.sqlite"
    views.write_bytes(b"junk")
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "--deep")
    assert (said.code, kinds(said)) == (10, ["VIEWS-UNREADABLE", "CONCLUSION"])
    assert views.read_bytes() == b"junk"


def test_what_is_recorded_meanwhile_is_no_finding(signed: Signed) -> None:
    """Entries that come while it is read are at most not sealed yet; nothing is taken for cut off or removed."""
    signed.record(*(f"town-{number}" for number in range(300)))
    verifying = [signed.visitor.start("verify", "--checkpoint", "kept.txt") for _ in range(2)]
    for round_ in range(6):
        signed.visitor.done("record", "note-added", "3", "--text", f"Looked at: {round_}", "-y")
        verifying.append(signed.visitor.start("verify", "--checkpoint", "kept.txt"))
    for one in verifying:
        out, _ = one.communicate(timeout=60)
        found = [json.loads(line)["kind"] for line in out.splitlines()]
        assert (one.returncode, found[-1], {*found} - {"UNSEALED"}) == (0, "CONCLUSION", {"CONCLUSION"})


def test_11_is_not_proved(signed: Signed) -> None:
    """Without a checkpoint from outside nobody says that history is intact; what was not proved is said."""
    said = signed.visitor.civic("verify")
    assert (said.code, kinds(said), said.rows[-1]["proved"]) == (11, ["CONCLUSION"], False)
    assert "no checkpoint from outside" in said.rows[-1]["unproved"][0]
    stranger = note.parse_note((signed.visitor.folder / "kept.txt").read_bytes())
    line = note.Signature("stranger", b"1234", bytes(64))
    (signed.visitor.folder / "strange.txt").write_text(str(note.Note(stranger.text, (line,))))
    said = signed.visitor.civic("verify", "--checkpoint", "strange.txt")
    assert (said.code, kinds(said)) == (11, ["SIGNER-UNKNOWN", "CONCLUSION"])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE entries SET data = CAST(replace(data, 'Beta', 'Bete') AS BLOB) WHERE position = 3", "ALTERED 3"),
        ("DELETE FROM tags WHERE tag = 'body:beta'", "TAGS-ALTERED 3"),
        ("DELETE FROM entries WHERE position = 3", "GAP 3"),
    ],
)
def test_10_is_altered(statement: str, kind: str, signed: Signed) -> None:
    """What was changed with raw SQL is named, in every format, before the conclusion."""
    with unguarded(signed.visitor.ledger / "entries.sqlite") as other:
        other.execute(statement)
    said = signed.visitor.civic("verify", "--checkpoint", "kept.txt")
    assert (said.code, kinds(said)[0], kinds(said)[-1]) == (10, kind, "CONCLUSION")
    assert said.rows[-1]["proved"] is False
    table = signed.visitor.civic("verify", "--checkpoint", "kept.txt", "-f", "table")
    assert (table.code, table.out.startswith(f"{kind.split(maxsplit=1)[0]} entry 3: ")) == (10, True)
    whole = json.loads(signed.visitor.civic("verify", "--checkpoint", "kept.txt", "-f", "json").out)
    assert [row["kind"] for row in whole] == [row["kind"] for row in said.rows]


def test_altered_views_are_found_deep(signed: Signed) -> None:
    """With --deep every row of the read models is compared; a rebuild makes them good."""
    visitor, views = signed.visitor, signed.visitor.ledger / "views.sqlite"
    visitor.done("bodies")
    with closing(sqlite3.connect(views)) as other:
        other.execute("UPDATE bodies SET name = 'Bete' WHERE slug = 'beta'")
        other.commit()
    assert visitor.civic("verify", "--checkpoint", "kept.txt").code == 0
    said = visitor.civic("verify", "--checkpoint", "kept.txt", "--deep")
    assert (said.code, kinds(said)) == (10, ["VIEWS-ALTERED", "CONCLUSION"])
    with closing(sqlite3.connect(views)) as other:
        other.execute("UPDATE bodies SET name = CAST(x'ff' AS TEXT) WHERE slug = 'beta'")
        other.commit()
    said = visitor.civic("verify", "--checkpoint", "kept.txt", "--deep")
    assert (said.code, kinds(said)) == (10, ["VIEWS-UNREADABLE", "CONCLUSION"])
    visitor.done("views", "rebuild")
    assert visitor.civic("verify", "--checkpoint", "kept.txt", "--deep").code == 0


def test_2_is_a_witness_that_cannot_be_read(signed: Signed) -> None:
    """A file that is no checkpoint, or a key that is none, is the asker's to mend; nothing is said to be verified."""
    (signed.visitor.folder / "junk.txt").write_bytes(b"\xff\x00")
    for words in (("--checkpoint", "junk.txt"), ("--checkpoint", "none.txt"), ("--vkey", "junk"), ("--since", "-1")):
        said = signed.visitor.civic("verify", *words)
        assert (said.code, said.out) == (2, ""), words


def test_a_ledger_without_a_checkpoint_is_unproved(town: Visitor) -> None:
    """Where nothing was signed, that is said: exit 11."""
    said = town.civic("verify")
    assert (said.code, kinds(said)) == (11, ["CONCLUSION"])
    assert said.rows[-1]["unproved"][0] == "nothing was signed yet: civic checkpoint"


def test_whoever_reads_can_verify(signed: Signed) -> None:
    """Verifying writes nothing into the folder."""
    before = {path: path.read_bytes() for path in signed.visitor.ledger.rglob("*") if path.is_file()}
    signed.visitor.civic("verify", "--checkpoint", "kept.txt")
    assert {path: path.read_bytes() for path in signed.visitor.ledger.rglob("*") if path.is_file()} == before


def test_a_slip_of_another_ledger_is_not_blamed_on_this_one(signed: Signed) -> None:
    """The file is the wrong one, or was copied wrong: that is said, and exit 10 as what was asked for does not hold."""
    visitor = signed.visitor
    whole = (visitor.folder / "kept.txt").read_text()
    (visitor.folder / "foreign.txt").write_text(whole.replace("town", "down", 1))
    (visitor.folder / "mistyped.txt").write_text(whole.replace("\n4\n", "\n5\n", 1))
    for name in ("foreign.txt", "mistyped.txt"):
        said = visitor.civic("verify", "--checkpoint", name, "-f", "table")
        assert (said.code, "Look at it." in said.out, "Keep the folder" in said.out) == (10, True, False)
