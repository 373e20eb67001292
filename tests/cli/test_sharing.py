"""Two clerks of one group keep one ledger, whatever the umask of either.

Where the tests run as root, they are two users of the system who share one group and nothing else. Elsewhere nobody can
become another user, and both are the user who runs the tests: modes, groups and refusals are still those of the system.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from stat import S_IMODE
from tempfile import mkdtemp

import pytest

from tests.cli.visitor import PATIENCE, Said, Visitor, body, line
from tests.house import ROOT

GROUP = 61_000
USERS = (61_001, 61_002)
"""Numbers that no user of a system has by chance."""

UMASKS = (0o002, 0o077)


OTHERS = os.geteuid() == 0
"""Whether the clerks can be two other users."""


@dataclass(frozen=True)
class Clerk(Visitor):
    """One of two clerks, at a shell of their own."""

    user: int
    umask: int
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """All that the commands see of the world."""
        return {**super().environment, "HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def civic(self, *words: str | Path, stdin: str | bytes = b"", **environment: str) -> Said:
        """Run a command in the folder, as this user."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.cli.as_user", str(self.user), str(GROUP), str(self.umask), *words],
            cwd=self.folder, env={**self.environment, **environment}, check=False,
            input=stdin.encode() if isinstance(stdin, str) else stdin, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def clerks() -> Iterator[tuple[Clerk, Clerk]]:
    """Two clerks, and a folder of their group that holds an empty ledger; the second one's umask shares nothing."""
    folder = Path(mkdtemp(prefix="sharing-"))
    made = [Clerk(folder / "town", user, umask, folder / f"{umask}") for user, umask in zip(USERS, UMASKS, strict=True)]
    try:
        for path, mode in ((folder, 0o755), (folder / "town", 0o2775), *((clerk.home, 0o700) for clerk in made)):
            path.mkdir(exist_ok=True)
            path.chmod(mode)
        for clerk in made:
            if OTHERS:
                os.chown(clerk.home, clerk.user, GROUP)
                os.chown(clerk.folder, 0, GROUP)
                clerk.folder.chmod(0o2775)
        made[0].done("init", "town.ledger", "--body", "mariupol")
        yield made[0], made[1]
    finally:
        rmtree(folder)


def asked(summary: str) -> str:
    """A request of somebody whose name is a personal detail, as a line to import."""
    return json.dumps(line("request-received", by="mariupol", from_="Ann Other", on="2022-03-20", summary=summary))


def everything(clerk: Clerk, summary: str) -> None:
    """Do what makes files in the ledger: record, with personal details, ask, and make the views again."""
    clerk.done("import", "-", "-y", stdin=asked(summary))
    assert [row["slug"] for row in clerk.done("bodies").rows] == ["mariupol"]
    clerk.done("views", "rebuild")
    assert clerk.done("show", "2").out.count("Ann Other")


@pytest.mark.parametrize("first", [0, 1])
def test_each_of_two_clerks_can_do_everything(first: int, clerks: tuple[Clerk, Clerk]) -> None:
    """Whoever makes a file first, the other one can use it: its mode and group are those of the entries."""
    one, other = clerks[first], clerks[1 - first]
    one.done("import", "-", "-y", stdin=json.dumps(body("mariupol", country="UA")))
    for number, clerk in enumerate((one, other, one)):
        everything(clerk, f"Request {number}")
    one.done("key", "init", "-y")
    one.done("checkpoint")
    other.done("import", "-", "-y", stdin=asked("After the checkpoint"))
    one.done("checkpoint")
    group = (other.ledger / "entries.sqlite").stat().st_gid
    found = {path.relative_to(one.ledger).as_posix(): path.stat() for path in one.ledger.rglob("*")}
    modes = {name: S_IMODE(of.st_mode) & 0o777 for name, of in found.items()}
    assert {name: of.st_gid for name, of in found.items() if of.st_gid != group} == {}
    assert modes.pop("personal.sqlite") == 0o660
    assert {"views.sqlite", "log/lock", "log/head", "log/checkpoint"} < modes.keys()
    expected = {name: 0o775 if (one.ledger / name).is_dir() else 0o664 for name in modes}
    assert modes == expected


def test_a_backup_can_be_read_by_those_who_may_read_the_ledger(clerks: tuple[Clerk, Clerk]) -> None:
    """The files of a copy have the modes and groups of those that were copied."""
    one, other = clerks
    one.done("import", "-", "-y", stdin=json.dumps(body("mariupol", country="UA")))
    one.done("import", "-", "-y", stdin=asked("End it"))
    other.done("backup", "copy")
    for name in ("entries.sqlite", "personal.sqlite", "ledger.toml", "log/head"):
        found, copied = (one.ledger / name).stat(), (one.folder / "copy" / name).stat()
        assert (copied.st_mode, copied.st_gid) == (found.st_mode, found.st_gid), name


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o600])
def test_personal_details_are_not_shared_with_those_who_may_only_read(mode: int, clerks: tuple[Clerk, Clerk]) -> None:
    """Those of the group who may not record see no personal details; the read models are as the entries."""
    one, _ = clerks
    (one.ledger / "entries.sqlite").chmod(mode)
    one.done("import", "-", "-y", stdin=json.dumps(body("mariupol", country="UA")))
    everything(one, "End it")
    found = {
        name: S_IMODE((one.ledger / name).stat().st_mode) for name in ("personal.sqlite", "views.sqlite", "log/lock")
    }
    assert found == {"personal.sqlite": 0o600, "views.sqlite": mode, "log/lock": mode}


def closed(path: Path) -> str:
    """Take from everybody but its owner what they may do with a file (from its owner too, if there are no others)."""
    mode = 0o600 if OTHERS else 0
    path.chmod(mode)
    return f"mode {mode:04o}"


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_question_is_answered_where_the_views_cannot_be_written(mode: int, clerks: tuple[Clerk, Clerk]) -> None:
    """From memory, with the newest entry; asked to make them again, the owner and the mode are named: exit 6."""
    one, other = clerks
    one.done("import", "-", "-y", stdin=json.dumps(body("mariupol", country="UA")))
    one.done("bodies")
    one.done("import", "-", "-y", stdin=json.dumps(body("minsk", country="BY")))
    (one.ledger / "views.sqlite").chmod(mode)
    assert [row["slug"] for row in other.done("bodies").rows] == ["mariupol", "minsk"]
    said = other.civic("views", "rebuild")
    assert (said.code, f"mode {mode:04o}" in said.err, "belongs to" in said.err) == (6, True, True)


@pytest.mark.parametrize("name", ["personal.sqlite", "entries.sqlite"])
def test_who_may_not_record_is_referred_to_the_owner(name: str, clerks: tuple[Clerk, Clerk]) -> None:
    """As releases before left personal.sqlite: whose file it is, its mode, and how to share it; not to try again."""
    one, other = clerks
    one.done("import", "-", "-y", stdin=json.dumps(body("mariupol", country="UA")))
    one.done("import", "-", "-y", stdin=asked("End it"))
    before = one.entries
    mode = closed(one.ledger / name)
    said = other.civic("import", "-", "-y", stdin=asked("Or keep it"))
    assert (said.code, "belongs to" in said.err, mode in said.err, "chmod g+rw" in said.err) == (6, True, True, True)
    assert "try again" not in said.err
    (one.ledger / name).chmod(0o660)
    assert one.entries == before


def test_a_second_key_is_not_made_in_silence(clerks: tuple[Clerk, Clerk]) -> None:
    """The key in use is named, and that it signs no more; without a yes nothing is made."""
    one, other = clerks
    one.done("key", "init", "-y")
    key = "+".join(one.done("key", "show").rows[0]["vkey"].split("+")[:2])
    entries = one.entries
    said = other.civic("key", "init")
    assert (said.code, key in said.err, one.entries) == (2, True, entries)
    said = other.civic("key", "init", "-y")
    assert (said.code, key in said.err, "--replace" in said.err, one.entries) == (5, True, True, entries)
    said = other.done("key", "init", "-y", "--replace")
    assert (key in said.err, "can be signed with that one any more" in said.err) == (True, True)
    said = one.done("key", "show")
    assert len(said.rows) == 2
    assert one.civic("checkpoint").code == 5
