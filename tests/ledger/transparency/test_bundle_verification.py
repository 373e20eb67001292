"""A bundle is believed as far as it goes; one that was tampered with is named; a hostile one does no harm."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.transparency import note
from ledger.transparency.bundle_archive import Limits, Malformed, opened
from ledger.transparency.bundle_verification import BundleVerification
from ledger.transparency.finding import KINDS, Finding, Report
from ledger.transparency.hearing import OUTSIDE, Witness
from tests.ledger.transparency.handed_over import (
    CONTENTS,
    HEADS,
    ORIGIN,
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

EXPECTED = {
    "what an entry says": {"ALTERED"},
    "what an entry says, and its leaf": {"ALTERED"},
    "a salt": {"ALTERED"},
    "a byte moved from salt to content": {"ALTERED"},
    "who recorded it, in a leaf": {"ALTERED"},
    "a leaf without its last line": {"UNREADABLE"},
    "an empty leaf": {"UNREADABLE"},
    "two entries swapped": {"ALTERED"},
    "two entries swapped and renumbered": {"ALTERED"},
    "the last entry dropped": {"TRUNCATED"},
    "an entry dropped amid others": {"TRUNCATED"},
    "an entry inserted": {"INSERTED"},
    "a tile of hashes": {"TILE-ALTERED"},
    "a tile of leaves": {"TILE-ALTERED"},
    "another origin": {"CHECKPOINT-FORGED", "KEY-UNKNOWN"},
    "another size": {"INSERTED"},
    "a size with a zero before it": {"CHECKPOINT-MALFORMED"},
    "another root": {"REWRITTEN", "CHECKPOINT-FORGED"},
    "another signature": {"CHECKPOINT-FORGED"},
    "no signature": {"KEY-UNKNOWN"},
    "another key, and its signature with the old id": {"KEY-UNKNOWN"},
    "no key": {"KEY-UNKNOWN"},
    "another key, and its signature": {"KEY-UNKNOWN"},
    "another key, its signature, and an entry silenced": {"KEY-UNKNOWN"},
    "a key of another name": {"KEY-UNKNOWN"},
    "an origin with an escape": {"CHECKPOINT-MALFORMED"},
    "an origin with a control of eight bits": {"CHECKPOINT-MALFORMED"},
    "an origin that is written backwards": {"CHECKPOINT-MALFORMED"},
    "an origin with a space that is none": {"CHECKPOINT-MALFORMED"},
    "too many signatures": {"CHECKPOINT-MALFORMED"},
    "a signature cut short": {"CHECKPOINT-MALFORMED"},
    "a signature with two spaces": {"CHECKPOINT-MALFORMED"},
    "a signature too many that is none": {"CHECKPOINT-MALFORMED"},
    "a signature too many of two lines": {"CHECKPOINT-MALFORMED"},
    "a position skipped": {"GAP"},
    "a position that another name has": {"GAP"},
    "an endless position": {"UNREADABLE"},
    "a position with a zero before it": {"UNREADABLE"},
    "a leaf that is too long": {"UNREADABLE"},
    "a leaf with a line that does not end": {"UNREADABLE"},
    "a leaf with a blank behind it": {"UNREADABLE"},
    "a leaf with a NUL behind it": {"UNREADABLE"},
    "a leaf of another clerk than what is stored": {"ALTERED"},
    "a leaf with a detail that is not in what is stored": {"ALTERED"},
    "a key that stands amid more": {"KEY-UNKNOWN"},
    "a leaf with two spaces": {"UNREADABLE"},
    "a leaf of a clerk with a capital": {"UNREADABLE"},
}
"""By what was tampered with: the kinds of which one at least is found; for the others BUNDLE-MALFORMED."""

BASE = "town-1"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A ledger that was signed three times."""
    return signed(tmp_path_factory.mktemp("town"), (3, 7, 9))


@pytest.fixture(scope="module")
def files(town: Signed) -> Files:
    """What lies in a bundle of its first seven entries."""
    return unpacked(town.bundled(7))


def verified(
    path: Path,
    data: bytes,
    *outside: note.Checkpoint,
    vkeys: tuple[note.VerifierKey, ...] = (),
    limits: Limits | None = None,
) -> tuple[list[Finding], Report]:
    """What is found in a bundle."""
    path.write_bytes(data)
    witnesses = [Witness(f"yours of {one.size}", OUTSIDE, one) for one in outside]
    verification = BundleVerification(path, witnesses, vkeys, limits)
    return list(verification.findings()), verification.report


def altered(found: list[Finding]) -> bool:
    """Whether anything is not what it was."""
    return any(one.gravity == "altered" for one in found)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a bundle is put."""
    return tmp_path / "a.zip"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_bundle_alone_proves_nothing_but_that_it_agrees_with_itself(
    *, sealed: bool, town: Signed, path: Path
) -> None:
    """Nothing is found, and what was not proved is told."""
    found, report = verified(path, town.bundled(7, sealed=sealed))
    assert (found, report.proved, report.size, report.root) == ([], False, 7, town.checkpoint(7).root)
    assert any("that history was not rewritten as a whole" in one for one in report.unproved)
    assert any("what 7 of the entries say" in one for one in report.unproved) is sealed


def test_a_key_that_is_known_vouches_for_a_bundle(town: Signed, path: Path) -> None:
    """With the signer's key nothing is left unproved."""
    found, report = verified(path, town.bundled(7), vkeys=(town.vkey,))
    assert (found, report.proved, report.unproved) == ([], True, [])


@pytest.mark.parametrize("size", [3, 7])
def test_a_checkpoint_that_was_kept_vouches_for_a_bundle(size: int, town: Signed, path: Path) -> None:
    """As far as it reaches; the entries behind it, and whose key it is, are told as not proved."""
    found, report = verified(path, town.bundled(7), town.checkpoint(size))
    assert (found, report.proved) == ([], True)
    assert any("entries 4 to 7" in one for one in report.unproved) is (size == 3)
    assert any("who signed" in one for one in report.unproved)


def test_three_lines_out_of_the_minutes_vouch_for_a_bundle(town: Signed, path: Path) -> None:
    """Whoever copied them vouches for them."""
    copied = note.parse_checkpoint(town.checkpoint(7).note.text.encode())
    found, report = verified(path, town.bundled(7), copied)
    assert (found, report.proved) == ([], True)
    assert "yours of 7: 7 entries, signed by nobody: you vouch for it" in report.against


def test_a_newer_checkpoint_cannot_be_held_against_an_older_bundle(town: Signed, path: Path) -> None:
    """It is told, with the proof that is to be asked for; nothing is proved by it."""
    found, report = verified(path, town.bundled(7), town.checkpoint(9))
    assert (found, report.proved) == ([], False)
    assert any("civic prove consistency 7 9" in one for one in report.unproved)


def test_a_key_that_did_not_sign_proves_nothing(town: Signed, path: Path) -> None:
    """Somebody names a key, and the bundle is signed with another: that is told."""
    stranger = note.verifier_of(Ed25519PrivateKey.generate(), ORIGIN)
    found, report = verified(path, town.bundled(7), vkeys=(stranger,))
    assert ([one.kind for one in found], report.proved) == (["SIGNER-UNKNOWN"], False)


def test_checkpoints_that_do_not_belong_to_a_bundle_are_named(town: Signed, path: Path) -> None:
    """Another ledger's, a forged one, a stranger's, and another history by the same key."""
    key, text = Ed25519PrivateKey.generate(), town.checkpoint(3).note.text
    foreign = note.parse_checkpoint(note.checkpoint_text("other", 3, bytes(32)).encode())
    forged = note.parse_checkpoint(str(note.Note(text, (note.Signature(ORIGIN, town.vkey.id, bytes(64)),))).encode())
    strange = note.parse_checkpoint(str(note.Note(text, (note.sign(text, key, ORIGIN),))).encode())
    forked = note.checkpoint_text(ORIGIN, 3, bytes(32))
    split = note.parse_checkpoint(str(note.Note(forked, (note.sign(forked, town.keyring.load(), ORIGIN),))).encode())
    for checkpoint, kinds in (
        (foreign, ["CHECKPOINT-FOREIGN"]),
        (forged, ["CHECKPOINT-FORGED"]),
        (strange, ["SIGNER-UNKNOWN"]),
        (split, ["REWRITTEN", "SPLIT-VIEW"]),
    ):
        found, report = verified(path, town.bundled(7), checkpoint)
        assert ([one.kind for one in found], report.proved) == (kinds, False)


@pytest.mark.parametrize("what", [*TAMPERED, *UNCOVERED])
def test_what_was_tampered_with_is_named(what: str, town: Signed, files: Files, path: Path) -> None:
    """Whether or not the manifests were made to fit; a known key and checkpoint do not help."""
    found, _report = verified(path, packed(tampered(files, what)), town.checkpoint(7), vkeys=(town.vkey,))
    assert altered(found)
    assert {one.kind for one in found} & EXPECTED.get(what, {"BUNDLE-MALFORMED"})
    assert {one.kind for one in found} <= KINDS.keys()


def test_nothing_is_found_in_a_sealed_bundle_that_a_stranger_signed(files: Files, path: Path) -> None:
    """It agrees with itself, under a name that is not written in Latin letters too; so it proves nothing."""
    for origin in (ORIGIN, "місто.example/книга"):
        made = dict(files)
        by_a_stranger(made, origin=origin)
        found, report = verified(path, packed(listed(made)))
        assert (found, report.proved) == ([], False)


@pytest.mark.parametrize("what", HEADS)
def test_what_does_not_begin_as_an_entry_is_named(what: str, files: Files, path: Path) -> None:
    """Whatever its leaf commits to."""
    found, _ = verified(path, packed(with_content(files, HEADS[what])))
    assert [(one.kind, one.entry) for one in found] == [("ALTERED", 3)]


@pytest.mark.parametrize("what", CONTENTS)
def test_what_is_signed_and_no_entry_is_named(what: str, files: Files, path: Path) -> None:
    """Whatever its leaf commits to."""
    found, _ = verified(path, packed(with_content(files, CONTENTS[what])))
    assert [(one.kind, one.entry) for one in found] == [("ALTERED" if "second" in what else "UNREADABLE", 3)]


def test_an_entry_that_was_altered_is_named_by_its_position(files: Files, path: Path) -> None:
    """And it alone, where the tiles vouch for the others."""
    found, _ = verified(path, packed(tampered(files, "what an entry says, and its leaf")))
    assert [(one.kind, one.entry) for one in found] == [("ALTERED", 3)]


def test_a_history_that_was_rewritten_as_a_whole_is_seen_only_from_outside(
    town: Signed, path: Path, tmp_path: Path
) -> None:
    """A keeper with another key makes a perfect bundle of other entries; what was kept elsewhere contradicts it."""
    (tmp_path / "other").mkdir()
    other = signed(tmp_path / "other", (7,))
    whole = other.bundled(7)
    assert verified(path, whole)[0] == []
    found, _ = verified(path, whole, town.checkpoint(3), vkeys=(town.vkey,))
    assert {one.kind for one in found} == {"SIGNER-UNKNOWN", "REWRITTEN"}


def test_details_are_held_against_their_commitments(town: Signed, files: Files, path: Path) -> None:
    """A leaf that names it is needed, a salt of 32 bytes, and the value that was committed to."""
    value, salt = b"a name", bytes(range(32))
    commitment = sha256(b"civic-ledger-personal/1\n" + salt + value).hexdigest()
    made = with_detail(town, files, commitment)
    good = {f"data/detached/{commitment}.value": value, f"data/detached/{commitment}.salt": salt}
    assert verified(path, packed(listed(made | good)))[0] == []
    for name, data in good.items():
        found, _ = verified(path, packed(listed(made | good | {name: data + b"."})))
        assert [one.kind for one in found] == ["DETACHED-ALTERED"]
    found, _ = verified(path, packed(listed(dict(files) | good)))
    assert [one.kind for one in found] == ["BUNDLE-MALFORMED"]


@pytest.mark.parametrize("name", ["VERIFY.txt", "verify.py", "verify.sh"])
def test_programs_that_are_not_ours_are_reported(name: str, files: Files, path: Path) -> None:
    """They are no fault of the entries, but are not to be run unread; releases before 0.4 made a verify.sh."""
    own = listed(files | {name: b"echo all is well\n"})
    found, report = verified(path, packed(own))
    assert found == []
    assert f"{name}: not as this release makes them; read them before you run them" in report.unproved


def member(name: str = f"{BASE}/data/x", **fields: Any) -> zipfile.ZipInfo:  # noqa: ANN401 - as ZipInfo has them
    """A member of a ZIP file."""
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.create_system, made.external_attr = 3, 0o100644 << 16
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def archive(*members: zipfile.ZipInfo, data: bytes = b"data") -> bytes:
    """A ZIP file of such members."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", allowZip64=True) as made:
        for one in members:
            made.writestr(one, data)
    return whole.getvalue()


def named(name: bytes) -> bytes:
    """A ZIP file with a member whose name Python would not write."""
    return archive(member("x" * len(name))).replace(b"x" * len(name), name)


def patched(whole: bytes, field: int, new: bytes, *, local: int | None = None) -> bytes:
    """A ZIP file whose first member is told of otherwise: in the directory, and at `local` in its own head."""
    at = whole.index(b"PK\1\2") + field
    whole = whole[:at] + new + whole[at + len(new) :]
    return whole if local is None else whole[:local] + new + whole[local + len(new) :]


LINK = (stat.S_IFLNK | 0o777) << 16
ONE = archive(member())
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a few bytes": lambda: b"PK\5\6",
    "no ZIP": lambda: b"hello, world\n" * 50,
    "an empty ZIP": archive,
    "cut short": lambda: ONE[:-5],
    "cut in the middle": lambda: ONE[: len(ONE) // 2] + ONE[-22:],
    "a path upwards": lambda: archive(member(f"{BASE}/../../etc/cron.d/x")),
    "two dots as the folder": lambda: archive(member("../x")),
    "an absolute path": lambda: archive(member("/etc/passwd")),
    "a drive": lambda: archive(member("C:/windows/x")),
    "a backslash": lambda: archive(member(f"{BASE}\\..\\x")),
    "no folder": lambda: archive(member("x")),
    "two folders": lambda: archive(member("one/x"), member("two/x")),
    "a folder upwards": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/../"), data=b""),
    "a folder with bytes of its own": lambda: archive(member(f"{BASE}/data/", external_attr=0)),
    "a member without a name": lambda: archive(member("")),
    "a hidden name": lambda: archive(member(f"{BASE}/.ssh")),
    "an empty part of a name": lambda: archive(member(f"{BASE}//x")),
    "a name with a NUL": lambda: named(b"town/a\0b"),
    "a name that is not ASCII": lambda: archive(member(f"{BASE}/dàta")),
    "a name with an escape": lambda: archive(member(f"{BASE}/\x1b[2J")),
    "an endless name": lambda: archive(member(f"{BASE}/{'x' * 5000}")),
    "a name twice": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/y")).replace(b"/y", b"/x"),
    "a name of a file and of a folder": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/x/"), data=b""),
    "names that differ by capitals": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/X")),
    "a symbolic link": lambda: archive(member(external_attr=LINK), data=b"/etc/passwd"),
    "a device": lambda: archive(member(external_attr=(stat.S_IFBLK | 0o666) << 16)),
    "a bomb that cannot be unpacked in parts": lambda: archive(
        member(compress_type=zipfile.ZIP_LZMA), data=bytes(10_000_000)
    ),
    "an unknown way": lambda: patched(ONE, 10, struct.pack("<H", 97), local=8),
    "a size beyond all limits": lambda: patched(ONE, 24, struct.pack("<L", 4_000_000_000)),
    "a place outside of the file": lambda: patched(ONE, 42, struct.pack("<L", 4_000_000_000)),
    "a directory said to be longer": lambda: ONE[:-10] + struct.pack("<L", 4_000_000_000) + ONE[-6:],
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused(what: str, path: Path) -> None:
    """Each is named as malformed; nothing is raised, unpacked, or written."""
    found, report = verified(path, HOSTILE[what]())
    assert {one.kind for one in found} == {"BUNDLE-MALFORMED"}
    assert (altered(found), report.proved) == (True, False)
    assert report.unproved == ["anything: the file is not made as a bundle is, and was read no further"]
    assert [one.name for one in path.parent.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(members=5), "more than the 5 that"),
        (Limits(member=99), "a part of it is"),
        (Limits(whole=999), "the 999"),
    ],
)
def test_what_is_too_large_is_not_read(limits: Limits, said: str, town: Signed, path: Path) -> None:
    """A bundle has limits: its members, each of them, and the whole."""
    found, _ = verified(path, town.bundled(7), limits=limits)
    assert all(said in one.found for one in found)
    assert found


def test_what_cannot_be_read_now_is_not_judged(tmp_path: Path) -> None:
    """A folder, say, is no altered bundle, but none either."""
    found = list(BundleVerification(tmp_path).findings())
    assert [one.kind for one in found] == ["UNAVAILABLE"]
    assert not altered(found)


def test_a_bundle_of_very_many_files_is_read(town: Signed, path: Path, files: Files) -> None:
    """Beyond 65,535 members the end of a ZIP file has another form."""
    many = files | {f"data/more/{n:05d}": b"" for n in range(65_536)}
    found, _ = verified(path, packed(listed(many)), vkeys=(town.vkey,))
    assert len(found) == 65_536
    assert {one.found.split(" ", 1)[1] for one in found} == {"is no part of a bundle"}


LIES = {
    "encrypted": (8, b"\1\0", 6),
    "a checksum": (16, bytes(4), 14),
    "both sizes": (20, struct.pack("<2L", 9999, 9999), None),
    "another place": (42, struct.pack("<L", 1), None),
    "a name": (46, b"X", None),
}


@pytest.mark.parametrize("what", LIES)
def test_a_member_that_is_not_as_the_directory_says_is_named(what: str, town: Signed, path: Path) -> None:
    """The first one, VERIFY.txt; the others are read and judged all the same."""
    place, new, local = LIES[what]
    found, report = verified(path, patched(town.bundled(3), place, new, local=local), vkeys=(town.vkey,))
    assert {one.kind for one in found} == {"BUNDLE-MALFORMED"}
    assert report.size == (0 if what == "a name" else 3)


def zipped_again(whole: bytes) -> bytes:
    """Compressed, with folders and a comment, in another order, behind other bytes: the members are the same."""
    again = io.BytesIO(b"#!/bin/unzip\n")
    files = unpacked(whole)
    with zipfile.ZipFile(again, "a", zipfile.ZIP_DEFLATED) as made:
        made.comment = b"zipped again"
        for folder in ("", "data/", "data/entries/"):
            made.mkdir(f"{BASE}/{folder}")
        for name in sorted(files, reverse=True):
            made.writestr(f"{BASE}/{name}", files[name])
    return again.getvalue()


def test_a_bundle_that_was_zipped_again_is_accepted(town: Signed, path: Path) -> None:
    """It is judged by its members, not by the bytes of the ZIP file."""
    found, report = verified(path, zipped_again(town.bundled(7)), vkeys=(town.vkey,))
    assert (found, report.proved, report.unproved) == ([], True, [])


def test_a_bomb_is_unpacked_no_further_than_its_size(path: Path) -> None:
    """Whatever lies behind the bytes that the directory speaks of takes no memory."""
    bomb = archive(member(compress_type=zipfile.ZIP_DEFLATED), data=bytes(100_000_000))
    path.write_bytes(patched(bomb, 24, struct.pack("<L", 10)))
    tracemalloc.start()
    with opened(path) as read, pytest.raises(Malformed, match="data/x cannot be read"):
        read.read("data/x")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("again", [False, True])
def test_a_byte_that_is_changed_is_found_or_tells_nothing(*, again: bool, town: Signed, path: Path) -> None:
    """In 1,000 places, half of them in the directory: the bundle is refused, or all its files are what they were."""
    whole, chance = town.bundled(3, sealed=True), Random(6962)  # noqa: S311 - the same places each time
    whole = zipped_again(whole) if again else whole
    directory = whole.index(b"PK\1\2")
    for place in chance.choices(range(directory, len(whole)), k=500) + chance.choices(range(len(whole)), k=500):
        changed = bytearray(whole)
        changed[place] ^= chance.randrange(1, 256)
        found, _report = verified(path, bytes(changed), vkeys=(town.vkey,))
        assert altered(found) or unpacked(bytes(changed)) == unpacked(whole), place
        assert all(one.kind in KINDS for one in found)
