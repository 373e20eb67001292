"""Waiting for another process: reported with its number, limited, and never called damage."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.cli.main import run
from ledger.errors import UsageError
from ledger.locks import limit
from tests.cli.test_exit_codes import MINSK
from tests.cli.visitor import Said, Visitor

HOLD = """\
import fcntl, os, sqlite3, sys
if sys.argv[1].endswith("lock"):
    descriptor = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
else:
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
"""A program that locks a file, and keeps it locked until its input ends."""


def request(citizen: str) -> tuple[str, ...]:
    """Record what a citizen asked for; their name is kept apart from the entry."""
    return (
        "record", "request-received", "--by", "coventry", "--from", citizen, "--on", "2022-03-01",
        "--summary", f"{citizen} asks to end it", "--source", "coventry-news", "-y",
    )  # fmt: skip


@contextmanager
def held(path: Path) -> Iterator[str]:
    """Another process has a file locked; how a message names that process."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "locked\n"
        yield f"process {holder.pid}"
        holder.communicate()


@pytest.fixture
def keeper(sealing: Visitor) -> Visitor:
    """Somebody with a signed ledger in which personal details are kept, and a key of a witness."""
    sealing.done(*request("A citizen"))
    sealing.done("checkpoint", "-o", "old.note")
    sealing.done("key", "init", "--as", "witness")
    return sealing


COMMANDS = {
    "town.ledger/log/lock": (
        "checkpoint", "checkpoint --cosigned old.note --vkey {vkey}", "verify", "backup copy", "{request}",
    ),
    "town.ledger/entries.sqlite": (
        "{request}", "checkpoint", "verify", "verify --deep", "doctor", "backup copy", "links",
        "show 1", "history", "export jsonl", "views rebuild", "bundle b.zip", "prove inclusion 1", "key rotate -y",
    ),
    "town.ledger/personal.sqlite": (
        "{request}", "show {position}", "verify", "backup copy", "export jsonl -o out.jsonl",
    ),
    "keys/lock": ("key rotate -y",),
    "witness/lock": ("cosign old.note --as witness --vkey {vkey}",),
}  # fmt: skip


@pytest.mark.parametrize("lock", COMMANDS)
def test_a_lock_has_a_limit(
    keeper: Visitor, lock: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A command that meets the lock of another process ends with 6, names that process, and writes nothing."""
    keys = keeper.folder / ".local/share/civic-ledger/keys"
    for name, value in {"HOME": keeper.folder, "CIVIC_WAIT": 0.1, "CIVIC_LEDGER": keeper.ledger}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(keeper.folder)
    (vkey,) = (json.loads(line)["vkey"] for line in answered(["key", "show"], capfd).out.splitlines())
    position = len(answered(["export", "jsonl"], capfd).out.splitlines())
    path = next(keys.iterdir()) / "lock" if lock == "keys/lock" else keys / "lock" if lock == "witness/lock" else None
    for command in COMMANDS[lock]:
        words = command.format(vkey=vkey, position=position, request="record").split()
        words = [*request("Another")] if words == ["record"] else words
        before, there = keeper.entries, {*keeper.folder.iterdir()}
        with held(path or keeper.folder / lock) as holder:
            said = answered(words, capfd)
        assert (said.code, said.out) == (6, ""), (command, said)
        assert holder in said.err, (command, said)
        assert "try again" in said.err
        assert (keeper.entries, {*keeper.folder.iterdir()}) == (before, there)
        assert answered(words, capfd).code != 6, "the control: the same command without the lock"


def answered(words: list[str], capfd: pytest.CaptureFixture[str]) -> Said:
    """Run a command in this process."""
    capfd.readouterr()
    code = run(words)
    return Said(code, *capfd.readouterr())


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_lock_is_told_alike_wherever_it_is_met(sealing: Visitor, how: str) -> None:
    """When the entries are opened or when they are written: who has them locked, why nothing is done, what to do."""
    with closing(sqlite3.connect(sealing.ledger / "entries.sqlite", isolation_level=None)) as other:
        other.execute(f"BEGIN {how}")
        said = sealing.civic(*MINSK, "-y", CIVIC_WAIT="0.1")
    assert said.code == 6
    for words in (
        "town.ledger/entries.sqlite: process ", "civic help locks",
        "let that process finish, or end it if it hangs, and try again",
    ):  # fmt: skip
        assert words in said.err, said.err


@pytest.mark.parametrize("file", ["log/lock", "entries.sqlite"])
def test_a_wait_is_reported_while_it_lasts(sealing: Visitor, file: str) -> None:
    """After two seconds a command says what it waits for and who has it; then the lock is gone, and it goes on."""
    with held(sealing.ledger / file) as holder:
        waiting = sealing.start("verify")
        assert waiting.stderr
        line = waiting.stderr.readline().decode()
    assert line.startswith(f"waiting for town.ledger/{file}: {holder} has it locked"), line
    out, _ = waiting.communicate()
    assert (waiting.returncode, b"CONCLUSION" in out) == (11, True)


def test_the_limit_is_a_number_of_seconds_up_to_60(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be a limit is refused."""
    for seconds in ("-1", "61", "nan", "soon"):
        monkeypatch.setenv("CIVIC_WAIT", seconds)
        with pytest.raises(UsageError, match="CIVIC_WAIT"):
            limit()
    monkeypatch.delenv("CIVIC_WAIT")
    assert limit() == 60


def test_what_was_recorded_before_a_lock_was_met_is_not_denied(visitor: Visitor) -> None:
    """An entry is on record although the log cannot be brought up to date; the next write does that."""
    visitor.done("init", "town.ledger")
    (visitor.ledger / "log").mkdir()
    with held(visitor.ledger / "log/lock") as holder:
        said = visitor.civic(
            "record", "body-registered", "minsk", "--name", "Minsk", "--kind", "city", "--country", "BY",
            "--source-title", "Minutes", "--source-grade", "official", "-y", CIVIC_WAIT="0.1",
        )  # fmt: skip
    assert (said.code, holder in said.err) == (0, True)
    assert "recorded, but the log cannot be brought up to date" in said.err
    assert visitor.civic("show", "minsk").code == 0
