"""What is answered rests on files that a power cut cannot take away: content and name of each were synced before."""

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.cli.visitor import COVENTRY, PATIENCE, Visitor, body, line
from tests.house import ROOT

Acts = list[list[str | int]]


def acts_of(visitor: Visitor, *words: str) -> Acts:
    """What a command asks of the disk, in order."""
    report = visitor.folder / "report"
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.power", report, *words],
        cwd=visitor.folder, env={**visitor.environment, "PYTHONPATH": str(ROOT)}, check=False,
        capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode in (0, 4), done.stderr.decode()  # 4: lines were left out, and are in a file
    return [json.loads(line) for line in report.read_text().splitlines()]


def lost(acts: Acts, paths: list[Path]) -> set[str]:
    """What a power cut would take of files: the content of some, the name of some or of a folder on the way."""
    written: set[str | int] = set()
    named: dict[str | int, str | int] = {}
    for what, inode, *folder in acts:
        match what:
            case "written":
                written.add(inode)
            case "named":
                named[inode] = folder[0]
            case _:
                written.discard(inode)
                named = {one: parent for one, parent in named.items() if parent != inode}
    contents = {path.stat().st_ino for path in paths if not path.name.endswith(".sqlite")}  # SQLite syncs its own
    names = {one.stat().st_ino for one in chain(paths, *(path.parents for path in paths))}
    return {*(["content"] if contents & written else []), *(["name"] if names & named.keys() else [])}


KEYS = ".local/share/civic-ledger/keys"


def files_of(visitor: Visitor, command: str) -> list[Path]:
    """The files on which the answer of a command rests."""
    folder, ledger = visitor.folder, visitor.ledger
    match command:
        case "init":
            return [ledger / "ledger.toml", ledger / "entries.sqlite"]
        case "record":
            return [ledger / "personal.sqlite"]
        case "key":
            return [*(folder / KEYS).rglob("key.pem")]
        case "checkpoint":
            return [*_kept(ledger / "log"), *(folder / KEYS).rglob("last-signed"), folder / "out"]
        case "backup":
            return [path for path in (folder / "copy").rglob("*") if path.is_file()]
        case "restore":
            return _kept(folder / "new.ledger")
        case "rejects":
            return [folder / "left.jsonl"]
        case _:
            return [folder / "out"]


def _kept(folder: Path) -> list[Path]:
    """The files of a folder but for the lock and the head of the log, which is derived again where it is lost."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name not in ("lock", "head")]


COMMANDS = {
    "init": ("init", "town.ledger"),
    "record": ("import", "personal.jsonl", "-y"),
    "key": ("key", "init", "-y"),
    "checkpoint": ("checkpoint", "-o", "out"),
    "export": ("export", "jsonl", "-o", "out"),
    "bundle": ("bundle", "out"),
    "inclusion": ("prove", "inclusion", "2", "-o", "out"),
    "backup": ("backup", "copy"),
    "restore": ("restore", "copy", "new.ledger"),
    "rejects": ("import", "lines.jsonl", "--rejects", "left.jsonl", "-y"),
}
BEFORE = {
    "record": ("init",),
    "key": ("init",),
    "checkpoint": ("init", "stories", "key"),
    "export": ("init", "stories"),
    "bundle": ("init", "stories", "key", "checkpoint"),
    "inclusion": ("init", "stories", "key", "checkpoint"),
    "backup": ("init", "stories"),
    "restore": ("init", "stories", "backup"),
    "rejects": ("init",),
}


@pytest.fixture(params=sorted(COMMANDS))
def command(request: pytest.FixtureRequest, visitor: Visitor) -> str:
    """A command whose answer rests on files, and all that comes before it done."""
    for step in BEFORE.get(request.param, ()):
        visitor.done(*(("import", COVENTRY, "-y") if step == "stories" else COMMANDS[step]))
    (visitor.folder / "out").unlink(missing_ok=True)
    visitor.file("lines.jsonl", [b"{}"])
    asked = line("request-received", by="mariupol", from_="Ann Other", on="2022-03-20", summary="To end it.")
    visitor.file("personal.jsonl", [body("mariupol", country="UA"), asked])
    return str(request.param)


def test_what_is_answered_is_on_the_disk(command: str, visitor: Visitor) -> None:
    """Content and name of each file, and the names of the folders that were made for it; in each of the commands."""
    acts = acts_of(visitor, *COMMANDS[command])
    paths = files_of(visitor, command)
    assert paths
    assert lost(acts, paths) == set()
    # The control: had any one sync been forgotten, a content or a name would be lost, and that is noticed.
    forgotten = [lost(acts[:at] + acts[at + 1 :], paths) for at, act in enumerate(acts) if act[0] == "synced"]
    wanted = {"name"} if command == "record" else {"content", "name"}
    assert set().union(*forgotten) == wanted
