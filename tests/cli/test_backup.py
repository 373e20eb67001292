"""Backups: copies that were verified, and the way back that never lets signed entries vanish under the same name."""

import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.visitor import Visitor, body


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
