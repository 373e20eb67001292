"""Files of the ledger that were damaged by one bit, replaced by links, or given tables with odd names."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from ledger.cli.main import run
from tests.cli.visitor import Visitor, body, line

COMMANDS = ("bodies", "export jsonl", "show 2", "import lines.jsonl -y", "verify", "doctor")


@pytest.fixture
def town(visitor: Visitor) -> Visitor:
    """Somebody with a ledger of two entries, one of which keeps a personal detail."""
    visitor.done("init", "town.ledger")
    asked = line("request-received", by="mariupol", from_="Ann Other", on="2022-03-20", summary="To end it.")
    visitor.done("import", visitor.file("lines.jsonl", [body("mariupol", country="UA"), asked]), "-y")
    visitor.done("bodies")
    return visitor


def places(page: bytes) -> list[int]:
    """Some of the bytes of the first page that hold the text of the tables, and what SQLite keeps with it."""
    return [at for at in range(100, len(page)) if page[at]][::97]


@pytest.mark.parametrize("bit", [0, 7])
@pytest.mark.parametrize("name", ["entries.sqlite", "personal.sqlite"])
def test_one_bit_of_the_text_of_the_tables(
    name: str, bit: int, town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every command that reads the file says that this file is damaged: exit 10; no advice to make the views again."""
    monkeypatch.chdir(town.folder)
    whole = (town.ledger / name).read_bytes()
    noticed = set()
    for at in places(whole[:4096]):
        (town.ledger / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        for command in COMMANDS:
            code = run(command.split())
            said = capfd.readouterr()
            assert code in (0, 10), (at, command, said)
            assert "views rebuild" not in said.err, (at, command)
            if code:
                noticed.add(command)
                assert name in said.err + said.out or command == "doctor", (at, command, said)
    assert noticed >= {"export jsonl", "show 2", "import lines.jsonl -y", "verify"}


@pytest.mark.parametrize("table", ['a"b', "a'b", "[a]", '"'])
def test_a_table_of_any_name_is_removed_from_the_views(table: str, town: Visitor) -> None:
    """Views that are made again hold the tables that are ours, and no others."""
    quoted = '"' + table.replace('"', '""') + '"'
    with closing(sqlite3.connect(town.ledger / "views.sqlite")) as connection:
        connection.execute(f"CREATE TABLE {quoted} (x)")
        connection.commit()
    town.done("views", "rebuild")
    with closing(sqlite3.connect(town.ledger / "views.sqlite")) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone() is None
    assert [row["slug"] for row in town.done("bodies").rows] == ["mariupol"]


def bytes_below(path: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ledger.toml", 10), ("entries.sqlite", 10), ("personal.sqlite", 10),
        ("log", 10), ("log/lock", 10), ("log/tile", 0), ("log/tile/0", 0), ("views.sqlite", 0),
    ],
)  # fmt: skip
def test_no_link_is_followed_to_what_is_written(name: str, code: int, town: Visitor) -> None:
    """In the place of any file or folder of ours; what it points to is left as it is, and there is no traceback."""
    copytree(town.ledger, town.folder / "elsewhere")
    path, target = town.ledger / name, town.folder / "elsewhere" / name
    path.rename(town.folder / "away")
    path.symlink_to(target)
    before = bytes_below(town.folder / "elsewhere")
    said = town.civic("import", town.file("more.jsonl", [body("minsk", country="BY")]), "-y")
    town.civic("bodies")
    town.civic("views", "rebuild")
    assert (said.code, "Traceback" in said.err, bytes_below(town.folder / "elsewhere")) == (code, False, before)
    assert path.is_symlink()
    if name != "views.sqlite":
        assert "link" in said.err
