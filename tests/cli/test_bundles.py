"""Two verifiers of a bundle agree, one of them without our code; and commands check it by hand."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.transparency import note
from tests.cli.visitor import PATIENCE, Visitor
from tests.ledger.transparency.handed_over import (
    CONTENTS,
    HEADS,
    TAMPERED,
    UNCOVERED,
    Files,
    Signed,
    by_a_stranger,
    listed,
    packed,
    signed,
    tampered,
    unpacked,
    with_content,
    with_detail,
)

PROGRAM = (sys.executable, "-I", "-S", "verify.py")
TYPED = re.compile(r"^ {7}(.+)\n", re.MULTILINE)
"""A command in VERIFY.txt."""


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A small ledger, signed."""
    return signed(tmp_path_factory.mktemp("seven"), (3, 7))


@pytest.fixture(scope="module")
def files(seven: Signed) -> Files:
    """What lies in its bundle."""
    return unpacked(seven.bundled())


def laid_out(files: Files, folder: Path) -> Path:
    """A bundle as an auditor unpacks it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def run(
    folder: Path, *words: str, program: Sequence[str] = PROGRAM, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program that came with a bundle, as somebody who has nothing else."""
    whole = {"PATH": "/usr/bin:/bin"} | dict(env or {})
    return subprocess.run(
        [*program, *words], cwd=folder, env=whole, check=False, capture_output=True, text=True,
        timeout=PATIENCE,
    )  # fmt: skip


def by_hand(folder: Path, shell: str = "sh") -> list[bool]:
    """Whether each step of VERIFY.txt succeeds, its commands typed as they are printed."""
    _, *steps = re.split(r"(?m)^(?=\d\. )", (folder / "VERIFY.txt").read_text())
    typed = ["\n".join(TYPED.findall(step)) for step in steps]
    assert all(typed)
    return [run(folder, program=(shell, "-c", lines)).returncode == 0 for lines in typed]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_good_bundle_is_accepted_without_our_code(*, sealed: bool, seven: Signed, tmp_path: Path) -> None:
    """The programs in it say what they proved and what not; with the key that is known they say so."""
    folder = laid_out(unpacked(seven.bundled(sealed=sealed)), tmp_path)
    alone = run(folder)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert (
        f"the 7 entries here are those, in this order, that the checkpoint of {seven.vkey.name} vouches" in alone.stdout
    )
    assert f"of {0 if sealed else 7} of them" in alone.stdout
    assert seven.vkey.fingerprint.replace(" ", "") in alone.stdout
    assert "Not proved: whose key that is." in alone.stdout
    assert ("Not proved: what 7 of the entries say" in alone.stdout) is sealed
    known = run(folder, str(seven.vkey))
    assert known.returncode == 0
    assert "You named that key." in known.stdout


@pytest.mark.parametrize("what", [*TAMPERED, *UNCOVERED])
def test_what_was_tampered_with_is_refused_without_our_code(what: str, files: Files, tmp_path: Path) -> None:
    """Whether or not the manifests were made to fit, the program names something, and ends with 1."""
    done = run(laid_out(tampered(files, what), tmp_path))
    if what == "a program, and not the manifest":
        assert done.stdout == "all is well\n"  # who runs the program of a stranger is told what the stranger likes
        return
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.startswith("REFUSED: ")


@pytest.mark.parametrize("what", HEADS)
def test_what_does_not_begin_as_an_entry_is_refused_without_our_code(what: str, files: Files, tmp_path: Path) -> None:
    """Whatever its leaf commits to."""
    done = run(laid_out(with_content(files, HEADS[what]), tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("REFUSED: ")


@pytest.mark.parametrize("what", CONTENTS)
def test_what_is_signed_and_no_entry_is_refused_without_our_code(what: str, files: Files, tmp_path: Path) -> None:
    """Whatever its leaf commits to."""
    done = run(laid_out(with_content(files, CONTENTS[what]), tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("REFUSED: entry 3: ")


@pytest.mark.parametrize("what", [*TAMPERED, *UNCOVERED])
def test_what_was_tampered_with_is_refused_by_our_own(what: str, files: Files, visitor: Visitor) -> None:
    """With the exit code of an altered ledger."""
    (visitor.folder / "a.zip").write_bytes(packed(tampered(files, what)))
    said = visitor.civic("verify-bundle", "a.zip")
    assert said.code == 10
    assert said.rows[-1]["kind"] == "CONCLUSION"
    assert not said.rows[-1]["proved"]


def test_a_link_in_an_unpacked_bundle_is_refused(files: Files, tmp_path: Path) -> None:
    """Even where it leads to the very bytes."""
    folder = laid_out(files, tmp_path / "bundle")
    path = folder / "data/entries/00000003.json"
    (tmp_path / "elsewhere").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert run(folder).returncode == 1


def test_a_bundle_that_somebody_else_signed_is_refused_with_the_key_that_is_known(
    seven: Signed, files: Files, tmp_path: Path
) -> None:
    """Sealed, nothing in it contradicts another key; so whose key it is must be asked elsewhere."""
    forged = dict(files)
    by_a_stranger(forged)
    folder = laid_out(listed(forged), tmp_path)
    assert run(folder).returncode == 0
    refused = run(folder, str(seven.vkey))
    assert refused.returncode == 1
    assert "not signed with the key that you named" in refused.stderr


def test_a_ledger_whose_name_is_not_in_latin_letters_is_named_as_it_is(files: Files, tmp_path: Path) -> None:
    """What is harmless is shown; a terminal of another alphabet gets it escaped, and nothing breaks over it."""
    origin = "місто.example/книга"
    made = dict(files)
    by_a_stranger(made, origin=origin)
    folder = laid_out(listed(made), tmp_path)
    done = run(folder, env={"LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done
    assert f"the checkpoint of {origin} vouches for" in done.stdout


@pytest.mark.parametrize("name", ["a\x1b]0;pwn\x07b", "a\u009b2Jb", "a\u202eb", "a\nREFUSED", "data/entries/\x1b[2J"])
@pytest.mark.parametrize("link", [False, True])
def test_no_name_of_a_file_reaches_a_terminal_that_obeys_it(
    *, link: bool, name: str, files: Files, tmp_path: Path
) -> None:
    """Whoever packs a bundle also names what lies in it."""
    folder = laid_out(files, tmp_path)
    if link:
        (folder / name).symlink_to("/etc/passwd")
    else:
        (folder / name).write_bytes(b"x")
    done = run(folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert all(line.startswith("REFUSED: ") for line in done.stderr.split("\n")[:-1])
    assert all(one == "\n" or " " <= one <= "~" for one in done.stderr)


def test_a_mistyped_key_is_noticed(seven: Signed, files: Files, tmp_path: Path) -> None:
    """A key bears its own id, so that a letter too much is not taken for somebody else's key."""
    vkey = str(seven.vkey)
    mistyped = vkey[:-3] + ("A" if vkey[-3] != "A" else "B") + vkey[-2:]
    for wrong in (mistyped, "town", "a+b+c", vkey[:-5]):
        done = run(laid_out(files, tmp_path), wrong)
        assert done.returncode == 1
        assert "key" in done.stderr


def test_details_are_held_against_their_commitments_without_our_code(
    seven: Signed, files: Files, tmp_path: Path
) -> None:
    """The value and the salt that were handed over, and no other."""
    value, salt = b"a name", bytes(range(32))
    commitment = sha256(b"civic-ledger-personal/1\n" + salt + value).hexdigest()
    name = f"data/detached/{commitment}"
    made = with_detail(seven, files, commitment) | {f"{name}.value": value, f"{name}.salt": salt}
    good = run(laid_out(listed(made), tmp_path / "good"))
    assert (good.returncode, good.stderr) == (0, "")
    assert "1 personal details" in good.stdout
    shorter = {f"{name}.value": salt[-1:] + value, f"{name}.salt": salt[:-1]}  # the same bytes, parted elsewhere
    for number, altered in enumerate(({f"{name}.value": b"another"}, {f"{name}.salt": bytes(32)}, shorter)):
        folder = laid_out(listed(made | altered), tmp_path / str(number))
        assert run(folder).returncode == 1


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 515])
def test_trees_of_any_shape_are_verified_without_our_code(size: int, wide: Signed, tmp_path: Path) -> None:
    """Around the width of a tile too, and where there is a second level of tiles."""
    folder = laid_out(unpacked(wide.bundled(size, sealed=size > 2)), tmp_path / "bundle")
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert by_hand(folder) == [True] * 4


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_good_bundle_is_accepted_by_hand(*, shell: str, sealed: bool, seven: Signed, tmp_path: Path) -> None:
    """The commands in VERIFY.txt work as they are printed, and leave nothing in the bundle."""
    folder = laid_out(unpacked(seven.bundled(sealed=sealed)), tmp_path / "bundle")
    assert by_hand(folder, shell) == [True] * 4
    assert run(folder).returncode == 0


@pytest.mark.parametrize(("what", "steps"), {
    "an entry, and not the manifest": {1},
    "another signature": {2},
    "another origin": {2},
    "no key": {2},
    "another root": {2, 4},
}.items())  # fmt: skip
def test_what_was_tampered_with_is_refused_by_hand(what: str, steps: set[int], files: Files, tmp_path: Path) -> None:
    """By the step that looks at it, and by no other."""
    folder = laid_out(tampered(files, what), tmp_path / "bundle")
    assert by_hand(folder) == [number not in steps for number in range(1, 5)]


@pytest.mark.parametrize(("ending", "place", "steps"), [
    ("json", b'"event":{"', {3}), ("salt", b"", {3}), ("leaf", b"\nactor ", {4}), ("leaf", b"content-sha256 ", {3, 4}),
])  # fmt: skip
def test_an_entry_that_was_altered_is_refused_by_hand(
    ending: str, place: bytes, steps: set[int], files: Files, tmp_path: Path
) -> None:
    """Its content by the third step, its leaf by the fourth, though the manifests were made to fit."""
    name = f"data/entries/00000001.{ending}"
    before, found, (first, *rest) = files[name].partition(place) if place else (b"", b"", files[name])
    folder = laid_out(listed(files | {name: before + found + bytes([first ^ 1, *rest])}), tmp_path / "bundle")
    assert by_hand(folder) == [number not in steps for number in range(1, 5)]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A ledger signed at sizes around the width of a tile."""
    return signed(tmp_path_factory.mktemp("wide"), (1, 2, 255, 256, 257, 515))


def test_the_tools_of_an_auditor_are_here() -> None:
    """What the programs need is on this machine: a test that ran none of them would also pass."""
    assert [name for name in ("sh", "bash", "openssl", "sha256sum", "basenc") if not shutil.which(name)] == []


def test_a_keeper_makes_a_bundle_and_an_auditor_verifies_it(sealing: Visitor) -> None:
    """From the ledger to two answers; nothing is written in the place of something else."""
    said = sealing.done("bundle", "town.zip")
    assert said.out == ""
    assert said.err.startswith("town.zip: ")
    again = sealing.civic("bundle", "town.zip")
    assert (again.code, again.err.splitlines()[0]) == (5, "error: town.zip is there already  [conflict]")
    sealing.done("bundle", "again.zip")
    whole = (sealing.folder / "town.zip").read_bytes()
    assert whole == (sealing.folder / "again.zip").read_bytes()
    (key,) = sealing.done("key", "show").rows
    assert sealing.civic("verify-bundle", "town.zip").code == 11
    assert sealing.civic("verify-bundle", "town.zip", "--vkey", key["vkey"]).code == 0
    assert sealing.civic("verify-bundle", "town.zip", "--checkpoint", "town.ledger/log/checkpoint").code == 0
    folder = laid_out(unpacked(whole), sealing.folder / "unpacked")
    assert run(folder, key["vkey"]).returncode == 0


def test_personal_details_are_handed_over_when_asked_for(sealing: Visitor) -> None:
    """With their salts, so that both verifiers hold them against the entries; without asking, none is there."""
    sealing.done("bundle", "plain.zip")
    sealing.done("bundle", "whole.zip", "--personal")
    plain, whole = (unpacked((sealing.folder / name).read_bytes()) for name in ("plain.zip", "whole.zip"))
    details = {name: data for name, data in whole.items() if name.startswith("data/detached/")}
    assert [data for name, data in details.items() if name.endswith(".value")] == [
        b"Association of Ukrainians in Great Britain"
    ]
    assert not [name for name in plain if name.startswith("data/detached/")]
    assert b"Association of Ukrainians in Great Britain" not in b"".join(plain.values())
    (key,) = sealing.done("key", "show").rows
    assert sealing.civic("verify-bundle", "whole.zip", "--vkey", key["vkey"]).code == 0
    folder = laid_out(whole, sealing.folder / "unpacked")
    assert run(folder, key["vkey"]).returncode == 0
    assert by_hand(folder) == [True] * 4


def test_the_words_of_a_verified_bundle(sealing: Visitor) -> None:
    """What was read, held against what, and what was not proved."""
    sealing.done("bundle", "town.zip", "--sealed")
    said = sealing.civic("verify-bundle", "town.zip", "-f", "table")
    first, against, *unproved = said.out.splitlines()
    assert first.endswith("entries read: nothing is wrong with them as far as this bundle tells.")
    assert against.startswith("  held against: the checkpoint of the bundle: ")
    assert unproved[0].startswith("  not proved:   what ")
    assert unproved[0].endswith("of the entries say: the bundle holds their hashes alone")
    assert unproved[1].endswith("the bundle speaks for itself alone; give --checkpoint or --vkey")
    (key,) = sealing.done("key", "show").rows
    said = sealing.done("verify-bundle", "town.zip", "-f", "table", "--vkey", key["vkey"])
    assert said.out.splitlines()[0].endswith("that the checkpoint or the key given vouches for.")


def test_a_bundle_is_verified_far_from_any_ledger(seven: Signed, visitor: Visitor) -> None:
    """The auditor has a folder with nothing but the file in it; a file that is not there is not found."""
    (visitor.folder / "a.zip").write_bytes(seven.bundled())
    assert visitor.civic("verify-bundle", "a.zip").code == 11
    assert visitor.civic("verify-bundle", "b.zip").code == 3
    assert visitor.civic("verify-bundle", "a.zip", "--vkey", "nonsense").code == 2
    (visitor.folder / "a.zip").write_bytes(b"nonsense")
    said = visitor.civic("verify-bundle", "a.zip")
    assert (said.code, said.rows[0]["kind"]) == (10, "BUNDLE-MALFORMED")


def test_no_bundle_and_no_proof_without_a_checkpoint(town: Visitor) -> None:
    """What was never signed vouches for nothing; how to sign is said."""
    for words in (("bundle", "a.zip"), ("prove", "inclusion", "1"), ("prove", "consistency", "1")):
        said = town.civic(*words)
        assert said.code == 3
        assert "civic checkpoint" in said.err
    assert not (town.folder / "a.zip").exists()


def test_an_altered_entry_is_not_bundled(sealing: Visitor) -> None:
    """The keeper is told before the auditor is, and no half bundle is left."""
    path = sealing.ledger / "log" / "checkpoints"
    (size,) = (int(one.name) for one in path.iterdir())
    own = note.parse_checkpoint((path / str(size)).read_bytes())
    (path / str(size)).write_text(note.checkpoint_text(own.origin, size, bytes(32)))
    assert sealing.civic("bundle", "a.zip").code == 10
    assert not (sealing.folder / "a.zip").exists()


def test_a_bundle_names_every_key_that_the_entries_name(sealing: Visitor) -> None:
    """After a change of keys the new one signs, and both are in the bundle; the old checkpoint is still bundled."""
    (old,) = (int(one.name) for one in (sealing.ledger / "log" / "checkpoints").iterdir())
    sealing.done("key", "rotate", "-y")
    sealing.done("checkpoint")
    sealing.done("bundle", "new.zip")
    sealing.done("bundle", "old.zip", "--size", str(old))
    former, current = (row["vkey"] for row in sealing.done("key", "show").rows)
    for name, keys, signer in (("new.zip", [former, current], current), ("old.zip", [former], former)):
        files = unpacked((sealing.folder / name).read_bytes())
        assert files["data/key.txt"].decode().splitlines() == keys
        assert sealing.civic("verify-bundle", name, "--vkey", signer).code == 0
        folder = laid_out(files, sealing.folder / f"{name} unpacked")
        assert run(folder, signer).returncode == 0
        assert by_hand(folder) == [True] * 4
    assert sealing.civic("verify-bundle", "new.zip", "--vkey", former).code == 11


def test_what_is_no_longer_shown_and_handed_over_all_the_same_is_told(sealing: Visitor) -> None:
    """A field that was not kept apart stands in the bytes that are signed; only a sealed bundle leaves it out."""
    sealing.done("record", "detail-redacted", "9", "--detail", "summary", "--basis", "a court order",
                 "--authority", "executive", "-y")  # fmt: skip
    sealing.done("checkpoint")
    assert "in clear in entry 9; --sealed" in sealing.done("bundle", "clear.zip").err
    assert "in clear" not in sealing.done("bundle", "sealed.zip", "--sealed").err
    still = "what is no longer shown still stands in clear in entry 9\n"
    (nine,) = (one for one in sealing.done("export", "jsonl").rows if one["position"] == 9)
    assert nine["event"]["summary"]
    assert sealing.done("export", "jsonl", "-o", "all.jsonl").err == still
    assert sealing.done("export", "csv", "--type", "letter-sent").err == still
    assert sealing.done("export", "csv", "--type", "meeting-held").err == ""
    prove = ("prove", "inclusion", "-o")
    assert sealing.done(*prove, "eight", "8", "--content", "8.json").err == ""
    assert sealing.done(*prove, "nine", "9", "--content", "9.json").err == still
    assert sealing.done(*prove, "again", "9", "--leaf", "9.leaf").err == ""
