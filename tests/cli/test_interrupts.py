"""Whoever interrupts a command is told what it has done for good, and never the contrary."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from ledger import application
from ledger.cli.main import run
from ledger.transparency import sealing
from ledger.transparency.keys import Keyring
from tests.cli.visitor import COVENTRY, Visitor

MINSK = (
    "record", "body-registered", "minsk", "--name", "Minsk", "--kind", "city", "--country", "BY",
    "--source-title", "Minutes", "--source-grade", "official", "-y",
)  # fmt: skip


def interrupted_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Have somebody press Ctrl-C just after a function returned."""
    original: Callable[..., object] = getattr(owner, name)

    def stopped(*given: object, **named: object) -> object:
        original(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, name, stopped)


@pytest.fixture
def keeper(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody with a ledger of one body and a key; commands run in this process."""
    monkeypatch.setenv("HOME", str(visitor.folder))
    monkeypatch.chdir(visitor.folder)
    for words in (["init", "town.ledger"], ["key", "init", "-y"]):
        assert run(words) == 0
    return visitor


@pytest.mark.parametrize(
    ("owner", "name", "words", "said"),
    [
        (application.Ledger, "_append", MINSK, "entry 2 is on record"),
        (sealing, "seal", MINSK, "entry 2 is on record"),
        (sealing, "seal", ("import", str(COVENTRY), "-y"), "entries 2 to 14 are on record"),
        (Keyring, "remember", ("checkpoint",), "a checkpoint was signed"),
        ("ledger.copies.sync", "", ("backup", "copy"), "the backup copy was made"),
        ("ledger.cli.signing.record_custody", "", ("key", "rotate", "-y"), "entry 2 is on record"),
        ("ledger.transparency.keys.sync", "", ("key", "init", "--as", "w"), "key.pem was made"),
        (application.Ledger, "still_in_clear", ("export", "jsonl", "-o", "all.jsonl"), "all.jsonl was written"),
        ("ledger.creation.open_folder", "", ("init", "other.ledger"), "other.ledger was made"),
    ],
    ids=str,
)
def test_an_interruption_says_what_was_done(
    keeper: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    owner: object, name: str, words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    """After the commit, the signature or the renaming, Ctrl-C ends with 130 and names what is there."""
    if isinstance(owner, str):
        module, _, name = owner.rpartition(".")
        owner = import_module(module)
    interrupted_after(monkeypatch, owner, name)
    code = run([*words])
    err = capfd.readouterr().err
    assert (code, "nothing was written" in err) == (130, False), err
    assert re.search(f"stopped; .*{said}", err), err
    assert keeper.ledger.exists()


def test_an_interruption_before_the_commit_writes_nothing(
    keeper: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The control: before anything was done, that is what is said."""
    interrupted_after(monkeypatch, application.Ledger, "decide")
    before = keeper.entries
    assert run([*MINSK]) == 130
    assert "stopped; nothing was written" in capfd.readouterr().err
    assert keeper.entries == before


def test_rejects_stay_where_the_rest_is_on_record(
    keeper: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Lines that were left out are kept although the import was interrupted: the others are on record."""
    file = keeper.file("lines.jsonl", [*map(bytes.strip, COVENTRY.read_bytes().splitlines()), b"no line"])
    interrupted_after(monkeypatch, application.Ledger, "_append")
    assert run(["import", file, "-y", "--rejects", "rejects.jsonl"]) == 130
    assert "are on record" in capfd.readouterr().err
    assert Path("rejects.jsonl").read_bytes() == b"no line\n"


def test_parts_before_the_interruption_are_named(
    keeper: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An import in parts that is stopped, or fails, names the parts that are on record."""
    monkeypatch.setattr("ledger.cli.importing.PART", 4)
    decided = application.Ledger.decide
    calls: list[object] = []

    def second_fails(self: application.Ledger, batch: object) -> object:
        calls.append(batch)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return decided(self, batch)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(application.Ledger, "decide", second_fails)
    assert run(["import", str(COVENTRY), "-y", "--in-parts"]) == 130
    err = capfd.readouterr().err
    assert "stopped; entries 2 to 5 are on record" in err, err
    assert keeper.ledger.exists()


LOADING = """\
import os, signal, sys
from ledger.cli.start import main

class Interrupter:
    def find_spec(self, name, *rest):
        if name == "ledger.cli.main":
            os.kill(os.getpid(), getattr(signal, sys.argv.pop()))

sys.meta_path.insert(0, Interrupter())
main()
"""
"""The command line, interrupted while it is loaded by the signal that is named last."""


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interruption_before_all_is_loaded_is_obeyed(visitor: Visitor, sent: str) -> None:
    """Ctrl-C in the first moments: exit 130 and one line, no traceback of Python."""
    default = f"--default-signal={sent.removeprefix('SIG')}"
    words = ["env", default, sys.executable, "-c", LOADING, "init", "town.ledger", sent]
    done = subprocess.run(
        words,
        cwd=visitor.folder, env=visitor.environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "stopped; nothing was written\n")
    assert not visitor.ledger.exists()


SLOW = """\
import sys, time
from ledger import application
from ledger.cli.main import main

def slow(word):
    def wait(*_):
        print(word, file=sys.stderr, flush=True)
        time.sleep(60)
    return wait

application.Ledger.decide = slow("deciding")
application.Ledger.on_record = slow("looking")
main()
"""
"""The command line, which takes its time to decide and to look up what is on record."""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_interruption_ends_at_once(visitor: Visitor, sent: signal.Signals) -> None:
    """Twice Ctrl-C: exit 130 without a traceback, while the first is still looking up what is on record."""
    visitor.done("init", "town.ledger")
    before = visitor.entries
    # `env` has the program obey the signals that the tests may have been started with ignored.
    command = ["env", f"--default-signal={sent.name.removeprefix('SIG')}", sys.executable, "-c", SLOW, *MINSK]
    process = subprocess.Popen(command, cwd=visitor.folder, env=visitor.environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for word in ("deciding\n", "looking\n"):
        assert process.stderr.readline() == word
        process.send_signal(sent)
    _, err = process.communicate()
    assert (process.returncode, "Traceback" in err, "stopped at once" in err) == (130, False, True), err
    assert visitor.entries == before
