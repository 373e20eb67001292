"""A bundle is believed as far as it goes; one that was tampered with is named; a hostile one does no harm."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency import bundle_archive, note
from ledger.transparency.bundle_archive import Limits, opened
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


def counted(whole: bytes, *, entries: int | None = None, size: int | None = None) -> bytes:
    """A ZIP file whose end says something else."""
    end = bytearray(whole[-22:])
    if entries is not None:
        struct.pack_into("<2H", end, 8, entries, entries)
    if size is not None:
        struct.pack_into("<L", end, 12, size)
    return whole[:-22] + bytes(end)


def overlapping() -> bytes:
    """Two members of the directory, one and the same bytes behind them."""
    whole = archive(member(f"{BASE}/data/x"), member(f"{BASE}/data/y"))
    second = whole.rindex(b"PK\1\2")
    return whole[: second + 42] + struct.pack("<L", 0) + whole[second + 46 :]


LINK = (stat.S_IFLNK | 0o777) << 16
ONE = archive(member())
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "a few bytes": lambda: b"PK\5\6",
    "no ZIP": lambda: b"hello, world\n" * 50,
    "an empty ZIP": archive,
    "cut short": lambda: ONE[:-5],
    "cut in the middle": lambda: ONE[: len(ONE) // 2] + ONE[-22:],
    "something appended": lambda: ONE + b"PK",
    "something put before": lambda: b"#!/bin/sh\n" + ONE,
    "a comment": lambda: ONE[:-2] + b"\2\0hi",
    "a path upwards": lambda: archive(member(f"{BASE}/../../etc/cron.d/x")),
    "two dots as the folder": lambda: archive(member("../x")),
    "an absolute path": lambda: archive(member("/etc/passwd")),
    "a drive": lambda: archive(member("C:/windows/x")),
    "a backslash": lambda: archive(member(f"{BASE}\\..\\x")),
    "no folder": lambda: archive(member("x")),
    "two folders": lambda: archive(member("one/x"), member("two/x")),
    "a folder as a member": lambda: archive(member(f"{BASE}/data/"), data=b""),
    "a hidden name": lambda: archive(member(f"{BASE}/.ssh")),
    "an empty part of a name": lambda: archive(member(f"{BASE}//x")),
    "a name with a NUL": lambda: named(b"town/a\0b"),
    "a name that is not ASCII": lambda: archive(member(f"{BASE}/dàta")),
    "a name with an escape": lambda: archive(member(f"{BASE}/\x1b[2J")),
    "an endless name": lambda: archive(member(f"{BASE}/{'x' * 5000}")),
    "a name twice": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/y")).replace(b"/y", b"/x"),
    "names that differ by capitals": lambda: archive(member(f"{BASE}/x"), member(f"{BASE}/X")),
    "a symbolic link": lambda: archive(member(external_attr=LINK), data=b"/etc/passwd"),
    "a device": lambda: archive(member(external_attr=(stat.S_IFBLK | 0o666) << 16)),
    "a folder by its attributes": lambda: archive(member(external_attr=0x10)),
    "compressed": lambda: archive(member(compress_type=zipfile.ZIP_DEFLATED)),
    "a bomb": lambda: archive(member(compress_type=zipfile.ZIP_DEFLATED), data=bytes(10_000_000)),
    "a bomb in another way": lambda: archive(member(compress_type=zipfile.ZIP_LZMA), data=bytes(10_000_000)),
    "an unknown way": lambda: patched(ONE, 10, struct.pack("<H", 97), local=8),
    "encrypted": lambda: patched(ONE, 8, b"\1\0", local=6),
    "sizes behind the data": lambda: patched(ONE, 8, b"\x08\0", local=6),
    "a size that is a lie": lambda: patched(ONE, 24, struct.pack("<L", 4_000_000_000)),
    "both sizes lies": lambda: patched(ONE, 20, struct.pack("<2L", 9999, 9999)),
    "a checksum that is a lie": lambda: patched(ONE, 16, b"\0\0\0\0", local=14),
    "another name in its own head": lambda: ONE.replace(b"data/x", b"data/y", 1),
    "overlapping members": overlapping,
    "bytes between members": lambda: patched(ONE, 42, struct.pack("<L", 1)),
    "more members told than there are": lambda: counted(ONE, entries=2),
    "very many members told": lambda: counted(ONE, entries=0xFFFE),
    "a ZIP64 end that is missing": lambda: counted(ONE, entries=0xFFFF),
    "a directory said to be longer": lambda: counted(ONE, size=4_000_000_000),
    "nothing of a bundle in it": lambda: ONE,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused(what: str, path: Path) -> None:
    """Each is named as malformed; nothing is raised, unpacked, or written."""
    found, report = verified(path, HOSTILE[what]())
    assert {one.kind for one in found} == {"BUNDLE-MALFORMED"}
    assert (altered(found), report.proved) == (True, False)
    assert report.unproved
    assert [one.name for one in path.parent.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(members=5), "more than the 5 that"), (Limits(member=99), "the 99 that"), (Limits(whole=999), "the 999")],
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


HEAD_FIELDS = {
    "the version": (4, "<H", 45),
    "the flags": (6, "<H", 8),
    "the method": (8, "<H", zipfile.ZIP_DEFLATED),
    "the time": (10, "<H", 1),
    "the date": (12, "<H", 0x22),
    "the checksum": (14, "<L", 0),
    "the size as stored": (18, "<L", 1),
    "the size": (22, "<L", 1),
    "the length of the name": (26, "<H", 3),
    "the length of the extra field": (28, "<H", 2),
}


@pytest.mark.parametrize("what", HEAD_FIELDS)
def test_a_head_that_contradicts_the_directory_is_refused(what: str, town: Signed, path: Path) -> None:
    """Other programs believe the head of a member, and would unpack something else, or nothing."""
    place, shape, value = HEAD_FIELDS[what]
    whole = bytearray(town.bundled(3))
    struct.pack_into(shape, whole, whole.index(b"PK\3\4", 1) + place, value)
    found, _ = verified(path, bytes(whole), vkeys=(town.vkey,))
    assert [one.kind for one in found] == ["BUNDLE-MALFORMED"]
    assert "has a head that says something else" in found[0].found


def test_members_in_another_order_are_refused(files: Files, path: Path) -> None:
    """The same content has the same bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(files, reverse=True):
            made.writestr(member(f"{BASE}/{name}"), files[name])
    found, _ = verified(path, whole.getvalue())
    assert "its members are not in the order of their names" in found[0].found


@pytest.mark.parametrize("count", [65_535, 65_536])
def test_a_bundle_of_just_so_many_files_is_read(count: int, path: Path) -> None:
    """Where the end of a ZIP file changes its form, no number is taken for a sign."""
    path.write_bytes(packed({f"{number:05d}": b"" for number in range(count)}))
    with opened(path) as read:
        assert len(read.names) == count


def test_a_bundle_that_is_larger_than_a_number_of_four_bytes_tells_is_read(
    town: Signed, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python writes places in eight bytes from 2 GiB on; here from 32 KiB on, so that it is soon over."""
    for module, name in ((zipfile, "ZIP64_LIMIT"), (bundle_archive, "_LARGE")):
        monkeypatch.setattr(module, name, 2**15)
    whole = town.bundled(7)
    assert b"PK\6\6" in whole
    assert verified(path, whole, vkeys=(town.vkey,))[0] == []
    for place in range(whole.rindex(b"PK\1\2"), len(whole)):
        assert altered(verified(path, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])[0]), place


def test_no_byte_of_a_small_bundle_can_be_changed_unnoticed(town: Signed, path: Path) -> None:
    """In 1,500 places, half of them in what the ZIP file says of its members."""
    whole, chance = town.bundled(3, sealed=True), Random(6962)  # noqa: S311 - the same places each time
    directory = whole.index(b"PK\1\2")
    heads = [place for place in range(directory) if b"PK\3\4" in whole[max(place - 29, 0) : place + 4]]
    told = [*heads, *range(directory, len(whole))]
    for place in chance.sample(told, 750) + chance.sample(range(len(whole)), 750):
        changed = bytearray(whole)
        changed[place] ^= chance.randrange(1, 256)
        found, _report = verified(path, bytes(changed), vkeys=(town.vkey,))
        assert altered(found), place
        assert all(one.kind in KINDS for one in found)


@given(data=st.data())
def test_no_byte_of_what_a_bundle_holds_can_be_changed_unnoticed(
    town: Signed, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A byte that is changed is found, whatever it tells of."""
    whole = bytearray(town.bundled(3))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    found, _report = verified(tmp_path_factory.getbasetemp() / "changed.zip", bytes(whole), vkeys=(town.vkey,))
    assert altered(found)
    assert all(one.kind in KINDS for one in found)
