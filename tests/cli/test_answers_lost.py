"""When the answer cannot be given, what was written is not denied."""

from __future__ import annotations

import pytest

from ledger import application
from ledger.cli.main import run
from tests.cli.visitor import Visitor


def test_an_interruption_after_the_commit_is_no_denial(
    town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C between the commit and the answer: exit 130 with the entry, and never that nothing was written."""
    append = application.Ledger._append  # noqa: SLF001 - the moment after the commit

    def interrupted(self: application.Ledger, *rest: object) -> int:
        append(self, *rest)  # type: ignore[arg-type]  # as it was called
        raise KeyboardInterrupt

    monkeypatch.setattr(application.Ledger, "_append", interrupted)
    given = {"--name": "Minsk", "--kind": "city", "--country": "BY", "--source": "coventry-news"}
    words = ["record", "body-registered", "minsk", "--yes", *(word for pair in given.items() for word in pair)]
    code = run(["-L", str(town.ledger), *words])
    told = capfd.readouterr().err
    assert (code, "nothing was written" in told, "entry 24 is on record" in told) == (130, False, True), told
    monkeypatch.undo()
    assert run(["-L", str(town.ledger), "show", "minsk"]) == 0


@pytest.mark.parametrize("command", ["links", "export jsonl", "schema"])
def test_a_full_disk_behind_standard_output_is_told(town: Visitor, command: str) -> None:
    """Nothing is lost silently: exit 6 and a sentence."""
    done = town.shell(f"civic {command} > /dev/full")
    assert (done.code, "Traceback" in done.err) == (6, False)
    assert "No space left" in done.err


def test_what_was_recorded_before_the_disk_was_full_is_not_denied(town: Visitor) -> None:
    """The entry is on record, and the clerk is told how to make sure."""
    words = "record body-registered minsk --name Minsk --kind city --country BY -s coventry-news -y"
    done = town.shell(f"civic {words} > /dev/full")
    assert (done.code, "run the same command again" in done.err) == (7, True)
    assert town.civic("show", "minsk").code == 0


@pytest.mark.parametrize(
    ("room", "length", "code", "said"), [(-8, 4, 7, "may have been recorded or not"), (0, 16_000, 6, "nothing was")]
)
def test_a_disk_that_is_full_amid_a_commit_is_told(town: Visitor, room: int, length: int, code: int, said: str) -> None:
    """Exit 6 where nothing was written, 7 where nobody can look it up before there is room; both say what to do.

    With less room than the file of entries has already, not even the half that was written can be undone.
    """
    note = f"civic record note-added 3 --text {'F' * length} --personal-note Ann --source coventry-news --yes"
    town.shell(note.replace("Ann", "Bob"))
    before, blocks = town.export(), len(town.entries) // 512 + room
    done = town.shell(f"(ulimit -f {blocks}; trap '' XFSZ; {note})")
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    assert said in done.err
    assert "the disk is full" in done.err
    assert "make room on the disk, and try again" in done.err
    assert town.export() == before
    assert town.shell(note).code == 0, "the control: with room it is recorded"


def test_an_argument_in_another_encoding_is_told(town: Visitor) -> None:
    """Bytes that are no text are refused as such."""
    done = town.shell("civic show \"$(printf '\\377')\"")
    assert (done.code, "Traceback" in done.err) == (2, False)
