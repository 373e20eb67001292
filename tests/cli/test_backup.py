"""Backups: copies that were verified, and the way back that never lets signed entries vanish under the same name."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

from ledger import backup
from ledger.errors import Conflict
from ledger.folder import open_folder
from ledger.transparency.finding import Report
from tests.cli.visitor import PATIENCE, Visitor, body


@pytest.fixture
def keeper(town: Visitor) -> Visitor:
    """Somebody whose ledger has a key, a checkpoint, and a backup from then."""
    town.done("key", "init", "--yes")
    town.done("checkpoint", "-o", "first.txt")
    town.done("backup", "copy")
    return town


def later(keeper: Visitor, slug: str = "barnsley") -> None:
    """One more entry is recorded."""
    keeper.done("import", keeper.file(f"{slug}.jsonl", [body(slug)]), "--yes")


def origin_of(ledger: Path) -> str:
    """The origin that ledger.toml names."""
    return next(line for line in (ledger / "ledger.toml").read_text().splitlines() if line.startswith("origin"))


def test_a_backup_is_a_ledger_with_a_list_of_its_files(keeper: Visitor) -> None:
    """sha256sum checks it, and every question can be asked of it."""
    listed = ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"]
    assert subprocess.run(listed, cwd=keeper.folder / "copy", check=False).returncode == 0
    assert keeper.done("export", "jsonl", "-L", "copy").out == keeper.done("export", "jsonl").out
    assert keeper.civic("verify", "-L", "copy", "--checkpoint", "first.txt").code == 0
    assert (keeper.folder / "copy/personal.sqlite").stat().st_mode & 0o077 == 0


def test_a_backup_says_what_it_holds(keeper: Visitor) -> None:
    """Origin, size and root, as the checkpoint of the same moment has them."""
    (row,) = keeper.done("backup", "again").rows
    origin, size, root = (keeper.folder / "first.txt").read_text().splitlines()[:3]
    assert (row["origin"], str(row["size"]), row["root"]) == (origin, size, root)


def test_nothing_is_overwritten(keeper: Visitor) -> None:
    """Neither by a backup nor by a restoration: exit 5, and all stays as it was."""
    before = {path: path.read_bytes() for path in (keeper.folder / "copy").rglob("*") if path.is_file()}
    assert keeper.civic("backup", "copy").code == 5
    assert keeper.civic("restore", "copy", "town.ledger").code == 5
    assert before == {path: path.read_bytes() for path in (keeper.folder / "copy").rglob("*") if path.is_file()}
    assert not list(keeper.folder.glob("*~"))


def test_a_damaged_ledger_is_not_backed_up(keeper: Visitor) -> None:
    """What does not verify is no backup: exit 10, and nothing is left."""
    tile = next(path for path in (keeper.ledger / "log/tile/0").rglob("*") if path.is_file())
    tile.write_bytes(tile.read_bytes()[:-1] + b"?")
    said = keeper.civic("backup", "second")
    assert (said.code, "TILE-ALTERED" in said.err) == (10, True)
    assert not [path for path in keeper.folder.iterdir() if path.name.startswith("second")]


def test_what_was_restored_is_the_ledger_again(keeper: Visitor) -> None:
    """It verifies, it can be written on, and its checkpoints go on."""
    keeper.done("restore", "copy", "new.ledger")
    assert keeper.civic("verify", "-L", "new.ledger", "--checkpoint", "first.txt").code == 0
    keeper.done("import", keeper.file("b.jsonl", [body("barnsley")]), "--yes", "-L", "new.ledger")
    keeper.done("checkpoint", "-L", "new.ledger")
    assert keeper.civic("verify", "-L", "new.ledger", "--checkpoint", "first.txt").code == 0


@pytest.mark.parametrize("damage", ["altered", "missing", "added"])
def test_a_backup_that_is_not_as_it_was_made_is_refused(keeper: Visitor, damage: str) -> None:
    """Exit 10, and nothing is made of it."""
    file = keeper.folder / "copy" / ("more.txt" if damage == "added" else "entries.sqlite")
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes((file.read_bytes() if file.exists() else b"") + b"x")
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, file.name in said.err) == (10, True)
    assert not (keeper.folder / "new.ledger").exists()


def test_whoever_looks_into_a_backup_does_it_no_harm(keeper: Visitor) -> None:
    """The read models and the lock that come to lie there are passed over; recording there is refused: exit 5."""
    keeper.done("links", "-L", "copy")
    (keeper.folder / "copy/log/lock").touch()
    before = {path: path.read_bytes() for path in (keeper.folder / "copy").rglob("*") if path.is_file()}
    assert keeper.folder / "copy/views.sqlite" in before
    for words in (("record", "note-added", "--text", "Oops", "-y"), ("checkpoint",), ("key", "rotate", "-y")):
        said = keeper.civic(*words, "-L", "copy")
        assert (said.code, "copy is a backup: nothing is recorded in it" in said.err) == (5, True), words
    assert before == {path: path.read_bytes() for path in (keeper.folder / "copy").rglob("*") if path.is_file()}
    keeper.done("restore", "copy", "new.ledger")
    keeper.done("record", "note-added", "--text", "Here it belongs", "-y", "-L", "new.ledger")


def test_the_old_name_is_no_new_one(keeper: Visitor) -> None:
    """Two histories under one name could not be told apart: exit 2."""
    name = origin_of(keeper.ledger).split('"')[1]
    said = keeper.civic("restore", "copy", "new.ledger", "--new-origin", name, "--reason", "The disk failed")
    assert (said.code, "is what the ledger in the backup is called" in said.err) == (2, True)
    assert not (keeper.folder / "new.ledger").exists()


def test_what_is_no_backup_is_not_restored(keeper: Visitor) -> None:
    """A ledger that was merely copied has no list of its files: exit 3."""
    copytree(keeper.ledger, keeper.folder / "plain")
    assert keeper.civic("restore", "plain", "new.ledger").code == 3


def test_a_backup_older_than_what_this_machine_signed_is_refused(keeper: Visitor) -> None:
    """Entries that were signed would be missing: exit 5."""
    later(keeper)
    keeper.done("checkpoint")
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, "were signed since" in said.err) == (5, True)


def test_a_backup_older_than_a_checkpoint_given_is_refused(keeper: Visitor) -> None:
    """Also on a machine that never signed anything."""
    later(keeper)
    keeper.done("checkpoint", "-o", "second.txt")
    for folder in (keeper.folder / ".local/share/civic-ledger/keys").iterdir():
        (folder / "last-signed").unlink()
    assert keeper.civic("restore", "copy", "new.ledger", "--checkpoint", "second.txt").code == 5
    assert keeper.civic("restore", "copy", "other.ledger", "--checkpoint", "first.txt").code == 0


def test_under_a_new_origin_it_goes_on_and_says_so(keeper: Visitor) -> None:
    """The first new entry names the former origin, size and root; what was lost is told by the checkpoint of it."""
    later(keeper)
    keeper.done("checkpoint", "-o", "second.txt")
    keeper.done("restore", "copy", "new.ledger", "--new-origin", "ledger.example/two", "--reason", "The disk failed")
    assert origin_of(keeper.folder / "new.ledger") == 'origin = "ledger.example/two"'
    last = keeper.done("export", "jsonl", "-L", "new.ledger").rows[-1]
    first = (keeper.folder / "first.txt").read_text().splitlines()
    assert (last["type"], last["event"]["former"]) == ("ledger-restored/1", first[0])
    assert (str(last["event"]["size"]), last["event"]["root"]) == (first[1], first[2])
    found = keeper.civic("verify", "-L", "new.ledger", "--checkpoint", "first.txt")
    assert (found.code, [row["kind"] for row in found.rows]) == (0, ["RESTORED", "CONCLUSION"])
    found = keeper.civic("verify", "-L", "new.ledger", "--checkpoint", "second.txt")
    assert (found.code, "TRUNCATED" in found.out) == (10, True)


def test_a_new_origin_needs_a_reason_and_a_name(keeper: Visitor) -> None:
    """Half of it is exit 2, and nothing is made."""
    assert keeper.civic("restore", "copy", "new.ledger", "--new-origin", "ledger.example/two").code == 2
    assert keeper.civic("restore", "copy", "new.ledger", "--reason", "So").code == 2
    assert keeper.civic("restore", "copy", "new.ledger", "--new-origin", "two towns", "--reason", "So").code == 2
    assert not (keeper.folder / "new.ledger").exists()


def test_a_copy_can_be_made_while_others_write(keeper: Visitor) -> None:
    """What it holds is one moment of the ledger."""
    writers = [
        keeper.start(
            "import", keeper.file(f"w{number}.jsonl", [body(f"w{number}-a"), body(f"w{number}-b")]), "--yes", "--new"
        )
        for number in range(4)
    ]
    keeper.done("backup", "amid")
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    size = len(keeper.done("export", "jsonl", "-L", "amid").rows)
    assert keeper.civic("verify", "-L", "amid", "--checkpoint", "first.txt").code == 0
    assert len(keeper.done("export", "jsonl").rows) - size in range(0, 9, 2)


KILLED = """
import os, signal
from {module} import {owner}
{owner}.{name} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from ledger.cli.main import main
main()
"""


def killed_at(keeper: Visitor, module: str, owner: str, name: str, *words: str) -> int:
    """Run a command that is killed when it calls something; returns the exit code."""
    program = [sys.executable, "-c", KILLED.format(module=module, owner=owner, name=name), *words]
    return subprocess.run(program, cwd=keeper.folder, env=keeper.environment, check=False, timeout=PATIENCE).returncode


NEW_ORIGIN = ("--new-origin", "ledger.example/two", "--reason", "The disk failed")


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [
        ("ledger.application", "Ledger", "record"),
        ("ledger.transparency", "sealing", "seal"),
        ("ledger", "folder", "settings_text"),
    ],
)
def test_killed_amid_going_on_under_a_new_origin_nothing_bears_the_name(
    keeper: Visitor, module: str, owner: str, name: str
) -> None:
    """Neither before the entry that says so nor before the log; asked again, all of it is there."""
    assert killed_at(keeper, module, owner, name, "restore", "copy", "new.ledger", *NEW_ORIGIN) == -9
    assert not (keeper.folder / "new.ledger").exists()
    (left,) = keeper.folder.glob("*~")
    assert left.name.startswith("new.ledger-")
    said = keeper.done("restore", "copy", "new.ledger", *NEW_ORIGIN)
    assert f"{left} is half a copy, personal details and all: remove it, if none is being made now\n" in said.err
    assert keeper.done("export", "jsonl", "-L", "new.ledger").rows[-1]["type"] == "ledger-restored/1"
    head = (keeper.folder / "new.ledger/log/head").read_text().splitlines()
    size = (keeper.folder / "first.txt").read_text().splitlines()[1]
    assert head[:2] == ["ledger.example/two", str(int(size) + 1)]


def test_what_a_killed_backup_left_is_named(keeper: Visitor) -> None:
    """By the next one of that name, and by no other."""
    assert killed_at(keeper, "ledger", "backup", "digest", "backup", "[b]") == -9
    (left,) = keeper.folder.glob("*~")
    assert keeper.done("backup", "b").err == ""
    assert keeper.done("backup", "[b]").err.startswith(f"{left} is half a copy")


def test_what_cannot_be_recorded_leaves_no_ledger_behind(keeper: Visitor) -> None:
    """A clerk of no possible name: exit 2."""
    said = keeper.civic("restore", "copy", "new.ledger", *NEW_ORIGIN, "--clerk", "Not A Slug")
    assert (said.code, (keeper.folder / "new.ledger").exists(), [*keeper.folder.glob("*~")]) == (2, False, [])


def list_anew(backup: Path) -> None:
    """Have the manifest list what lies in a backup now, as somebody does who alters it on purpose."""
    manifest = backup / "manifest-sha256.txt"
    files = sorted(path for path in backup.rglob("*") if path.is_file() and path != manifest)
    digests = ((sha256(path.read_bytes()).hexdigest(), path.relative_to(backup)) for path in files)
    manifest.write_text("".join(f"{digest}  {name}\n" for digest, name in digests))


def test_what_is_restored_is_what_was_verified(keeper: Visitor) -> None:
    """An honest write-ahead log beside a forged database: SQLite reads through it, and a copy of the one forgets it."""
    entries = keeper.folder / "copy/entries.sqlite"
    with closing(sqlite3.connect(entries, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        honest = entries.read_bytes()
        connection.execute("VACUUM")  # every page goes through the write-ahead log
        log = entries.with_name("entries.sqlite-wal").read_bytes()
    entries.with_name("entries.sqlite-wal").write_bytes(log)
    slug = b'"coventry"'
    assert honest.count(slug)
    entries.write_bytes(honest.replace(slug, b'"coventri"'))
    list_anew(entries.parent)
    entries.with_name("entries.sqlite-shm").unlink(missing_ok=True)
    list_anew(entries.parent)
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, "not what was recorded" in said.err) == (10, True)
    assert not (keeper.folder / "new.ledger").exists()


@pytest.mark.parametrize("suffix", ["wal", "shm", "journal"])
def test_what_sqlite_would_read_with_a_database_is_refused(keeper: Visitor, suffix: str) -> None:
    """A journal beside the entries that nobody listed: exit 10."""
    (keeper.folder / f"copy/entries.sqlite-{suffix}").write_bytes(b"")
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, f"entries.sqlite-{suffix}" in said.err) == (10, True)


def test_a_ledger_with_a_write_ahead_log_is_backed_up_without(keeper: Visitor) -> None:
    """Another program may have set it so: the backup holds no journals, and is restored."""
    with closing(sqlite3.connect(keeper.ledger / "entries.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    keeper.done("backup", "second")
    keeper.done("restore", "second", "new.ledger")
    for name in ("second", "new.ledger"):
        assert [path.name for path in (keeper.folder / name).glob("entries.sqlite*")] == ["entries.sqlite"]


def test_a_backup_whose_database_has_a_write_ahead_log_is_refused(keeper: Visitor) -> None:
    """No ledger's has one: what its pages are depends on a file that whoever copies it may forget."""
    entries = keeper.folder / "copy/entries.sqlite"
    with closing(sqlite3.connect(entries)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    for suffix in ("wal", "shm"):
        entries.with_name(f"entries.sqlite-{suffix}").touch()
    list_anew(entries.parent)
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, "PAGES-DAMAGED" in said.err) == (10, True)
    assert not (keeper.folder / "new.ledger").exists()


def test_what_was_there_beside_the_target_stays(keeper: Visitor) -> None:
    """Somebody's own folder `notes~`, whether all goes well or not."""
    for name in ("notes~", "new.ledger~"):
        (keeper.folder / name).mkdir()
        (keeper.folder / name / "diary.txt").write_text("precious")
    keeper.done("backup", "notes")
    keeper.done("restore", "notes", "new.ledger")
    keeper.civic("restore", "town.ledger", "other")
    for name in ("notes~", "new.ledger~"):
        assert (keeper.folder / name / "diary.txt").read_text() == "precious"
    assert len([*keeper.folder.glob("*~")]) == 2
    assert (keeper.folder / "notes").stat().st_mode == keeper.ledger.stat().st_mode


def test_of_two_backups_at_once_to_one_place_one_is_made(keeper: Visitor) -> None:
    """The other is refused (exit 5), and what was made is whole."""
    for round_ in range(3):
        target = f"both-{round_}"
        started = [keeper.start("backup", target) for _ in range(2)]
        said = [one.communicate()[1].decode() for one in started]
        assert sorted(one.returncode for one in started) == [0, 5], said
        listed = ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"]
        assert subprocess.run(listed, cwd=keeper.folder / target, check=False).returncode == 0
    assert not [*keeper.folder.glob("*~")]


def test_what_comes_to_be_there_meanwhile_is_not_overwritten(keeper: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's file or folder, made while the copy was: exit 5."""
    for there in ("file", "folder"):
        target = keeper.folder / there

        def made(target: Path = target) -> None:
            if target.name == "file":
                target.write_text("precious")
            else:
                target.mkdir()
                (target / "diary.txt").write_text("precious")

        monkeypatch.setattr(backup, "_sound", lambda *_, made=made: made() or Report())
        with pytest.raises(Conflict, match="is there already"):
            backup.back_up(open_folder(keeper.ledger), target, (), "2026-01-01")
    assert (keeper.folder / "file").read_text() == (keeper.folder / "folder/diary.txt").read_text() == "precious"


def test_into_an_empty_folder_it_is_made(keeper: Visitor) -> None:
    """As a new ledger is; also through a link, and by a way around."""
    (keeper.folder / "empty").mkdir()
    (keeper.folder / "place").mkdir()
    (keeper.folder / "link").symlink_to("place")
    keeper.done("backup", "empty")
    keeper.done("restore", "copy", "link")
    keeper.done("restore", "copy", "copy/../other")
    for name in ("empty", "place", "other"):
        assert keeper.civic("verify", "-L", name, "--checkpoint", "first.txt").code == 0


@pytest.mark.parametrize("target", [".", "", "../here", "../here/.", "x/.."])
def test_the_folder_one_is_in_is_not_replaced(keeper: Visitor, target: str) -> None:
    """The shell would be left in a folder that is no more: exit 2; exit 5 where something is in it."""
    here = keeper.folder / "here"
    here.mkdir()
    for command in (["backup", target, "-L", "../town.ledger"], ["restore", "../copy", target]):
        said = Visitor(here).civic(*command)
        assert (said.code, "Traceback" in said.err) == (2, False)
    (here / "diary.txt").write_text("precious")
    assert Visitor(here).civic("restore", "../copy", target).code == 5
    assert [path.name for path in here.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("kind", ["link to a folder", "link to a file", "dangling link", "pipe", "file"])
@pytest.mark.parametrize("place", ["evil\x1b[2J", "log/evil\x1b[2J", "log/head", "manifest-sha256.txt"])
def test_what_is_no_listed_file_is_refused(keeper: Visitor, kind: str, place: str) -> None:
    """Named, as a terminal may show it; nothing is read through it, and nobody waits for it: exit 10."""
    (keeper.folder / "secret").mkdir()
    (keeper.folder / "secret/key").write_text("private")
    evil = keeper.folder / "copy" / place
    kept = evil.rename(keeper.folder / "kept") if evil.exists() else keeper.folder / "secret/key"
    if kind == "pipe":
        os.mkfifo(evil)
    elif kind == "file":
        evil.write_text("private")
    else:
        evil.symlink_to({"link to a folder": keeper.folder / "secret", "link to a file": kept}.get(kind, "missing"))
    said = keeper.civic("restore", "copy", "new.ledger")
    dangling = (kind, place) == ("dangling link", "manifest-sha256.txt")
    assert (said.code, place.replace("\x1b", "\\x1b") in said.err) == (3 if dangling else 10, True)
    assert "\x1b" not in said.err
    assert not (keeper.folder / "new.ledger").exists()
    assert not [*keeper.folder.glob("*~")]


def test_an_empty_folder_in_a_backup_is_nothing(keeper: Visitor) -> None:
    """It is neither refused nor copied."""
    (keeper.folder / "copy/log/more").mkdir()
    keeper.done("restore", "copy", "new.ledger")
    assert not (keeper.folder / "new.ledger/log/more").exists()


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_is_no_file_in_a_log_is_not_backed_up(keeper: Visitor, kind: str) -> None:
    """Nothing outside of the ledger comes into a backup: exit 10."""
    evil = keeper.ledger / "log/evil"
    if kind == "pipe":
        os.mkfifo(evil)
    else:
        evil.symlink_to(keeper.folder / ".local")
    said = keeper.civic("backup", "second")
    assert (said.code, "log/evil is neither a file nor a folder" in said.err) == (10, True)
    assert not (keeper.folder / "second").exists()


def test_nothing_is_made_inside_a_ledger_or_a_backup(keeper: Visitor) -> None:
    """It would spoil them: exit 2, and they stay as they were."""
    before = sorted(keeper.folder.rglob("*"))
    (keeper.folder / "link").symlink_to("copy/log")
    for command in (
        ["restore", "copy", "copy/inside"],
        ["restore", "copy", "copy/log/deep/inside"],
        ["restore", "copy", "link/inside"],
        ["restore", "copy", "town.ledger/inside"],
        ["backup", "town.ledger/inside"],
        ["backup", "copy/inside"],
        ["init", "town.ledger/inside"],
        ["init", "copy/log/../inside"],
    ):
        said = keeper.civic(*command)
        assert (said.code, "is inside" in said.err) == (2, True)
    (keeper.folder / "link").unlink()
    assert sorted(keeper.folder.rglob("*")) == before
    keeper.done("restore", "copy", "new.ledger")


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (b"", "is not of the backup"),
        (b"\n" * 1000, "line 1"),
        (b"0" * 64 + b"  a\n" + b"0" * 64 + b"  a\n", "line 2"),
        (b"\xff\xfe", "line 1"),
    ],
)
def test_a_manifest_that_is_not_one_is_refused(keeper: Visitor, manifest: bytes, said: str) -> None:
    """Exit 10."""
    (keeper.folder / "copy/manifest-sha256.txt").write_bytes(manifest)
    found = keeper.civic("restore", "copy", "new.ledger")
    assert (found.code, said in found.err) == (10, True)


def test_a_manifest_without_end_is_not_read(keeper: Visitor) -> None:
    """A hole of 20 GB: exit 10."""
    with (keeper.folder / "copy/manifest-sha256.txt").open("r+b") as file:
        file.truncate(20 * 10**9)
    said = keeper.civic("restore", "copy", "new.ledger")
    assert (said.code, "manifest-sha256.txt is too large" in said.err) == (10, True)


def test_a_backup_that_can_only_be_read_is_restored(keeper: Visitor) -> None:
    """From a medium that is written once: the ledger can be written on."""
    for path in (keeper.folder / "copy").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    keeper.done("restore", "copy", "new.ledger")
    for path in (keeper.folder / "copy").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert all(path.stat().st_mode & 0o600 == 0o600 for path in (keeper.folder / "new.ledger").rglob("*"))


@pytest.mark.parametrize("reason", ["", "two\nlines", "\x1b[2J"])
def test_a_reason_that_cannot_be_recorded_is_refused(keeper: Visitor, reason: str) -> None:
    """Exit 2, and nothing is left behind."""
    said = keeper.civic("restore", "copy", "new.ledger", "--new-origin", "x.example", "--reason", reason)
    assert (said.code, "--reason" in said.err) == (2, True)
    assert not [*keeper.folder.glob("new.ledger*")]
