"""Transcripts: what a visitor types and reads, as plain text that is both the specification and the test.

`$ ` starts a command, which may go on after a backslash, and take its input from lines up to `END`. Then follow its
output, its words for people behind `! `, and an exit code other than 0 as `[4]`. `# ` starts a remark. What differs
from day to day is written `<id>`, `<instant>`, `<today>`, `<origin>`, `<tmp>`. To write the expected output anew:
UPDATE_TRANSCRIPTS=1 pytest tests/cli/test_transcripts.py - and then read every line of it as a clerk would.
"""

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from ledger.cli.nouns import NOUNS
from tests.cli.visitor import Said, Visitor
from tests.house import ROOT

FOLDER = Path(__file__).parent / "transcripts"
ALL = sorted(path.name for path in FOLDER.glob("*.txt"))
UPDATE = bool(os.environ.get("UPDATE_TRANSCRIPTS"))

VOLATILE = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<instant>"),
    (re.compile(r"\b(town|other)-[0-9a-f]{12}\b"), "<origin>"),
)


@dataclass
class Step:
    """A command of a transcript, the remarks before it, and what it is expected to say."""

    remarks: list[str]
    typed: list[str]
    stdin: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The command as a shell takes it apart."""
        text = "\n".join(self.typed).removeprefix("$ ").replace("\\\n", " ")
        return shlex.split(text.partition(" <<")[0])


def steps(path: Path) -> Iterator[Step]:
    """The commands of a transcript, in order."""
    remarks: list[str] = []
    step: Step | None = None
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith("$ "):
            if step:
                yield step
            step = Step(remarks, [line])
            remarks = []
            while step.typed[-1].endswith("\\"):
                step.typed.append(next(lines))
            if step.typed[-1].endswith("<<'END'"):
                step.stdin = list(iter(lines.__next__, "END"))
        elif line.startswith("# "):
            remarks.append(line)
        elif step and not remarks:
            step.expected.append(line)
    assert step, f"{path.name} holds no command"
    yield step


def told(said: Said, home: Path) -> list[str]:
    """What a command said, as it stands in a transcript."""
    out, err = said.out, said.err
    for pattern, word in VOLATILE:
        out, err = pattern.sub(word, out), pattern.sub(word, err)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    out, err = (text.replace(str(home), "<tmp>").replace(today, "<today>") for text in (out, err))
    return [
        *(line.rstrip() for line in out.splitlines()),
        *(f"! {line}".rstrip() for line in err.splitlines()),
        *([f"[{said.code}]"] if said.code else []),
    ]


def run(path: Path, visitor: Visitor) -> Iterator[tuple[Step, list[str]]]:
    """Type every command of a transcript; yields what was said to each."""
    copytree(ROOT / "examples", visitor.folder / "examples")
    environment: dict[str, str] = {}
    for step in steps(path):
        command, *words = step.words
        if command == "export":
            for word in words:
                name, _, value = word.partition("=")
                environment[name] = value
            yield step, []
        else:
            assert command == "civic", f"{path.name}: only civic and export are typed here, not {command}"
            stdin = "".join(f"{line}\n" for line in step.stdin)
            yield step, told(visitor.civic(*words, stdin=stdin, **environment), visitor.folder)


@pytest.mark.parametrize("name", ALL)
def test_what_is_typed_is_answered_as_written(name: str, visitor: Visitor) -> None:
    """Every command of a transcript says what stands below it, word for word, and ends with its exit code."""
    written: list[str] = []
    differing: list[str] = []
    for step, said in run(FOLDER / name, visitor):
        expected = "\n".join(step.expected).rstrip().splitlines()
        typed = [*step.remarks, *step.typed, *([*step.stdin, "END"] if step.typed[-1].endswith("<<'END'") else [])]
        written += [*typed, *said, ""]
        if expected != said:
            differing += [*typed, "expected:", *expected, "but it said:", *said, ""]
    if UPDATE:
        (FOLDER / name).write_text("\n".join(written).rstrip() + "\n", encoding="utf-8")
        return
    assert not differing, f"{name}\n" + "\n".join(differing)


def test_every_event_is_recorded_in_some_transcript() -> None:
    """Nothing can be recorded whose command no transcript shows at work."""
    recorded = {
        step.words[2]
        for name in ALL
        for step in steps(FOLDER / name)
        if step.words[:2] == ["civic", "record"] and {"-y", "--yes"} & set(step.words) and step.expected[-1:] != ["[4]"]
        and not any(re.fullmatch(r"\[\d+\]", line) for line in step.expected)
    }  # fmt: skip
    assert [noun for noun in NOUNS if noun not in recorded] == ["ledger-restored"]  # civic restore alone records it


def test_a_transcript_that_is_wrong_is_noticed(visitor: Visitor, tmp_path: Path) -> None:
    """The reader of transcripts tells commands, input, output, words for people and exit codes apart."""
    path = tmp_path / "wrong.txt"
    path.write_text("# one\n$ civic show \\\n    it <<'END'\nline\nEND\nshown\n! told\n[3]\n\n$ export A='b c'\n")
    first, second = steps(path)
    assert (first.remarks, first.words, first.stdin) == (["# one"], ["civic", "show", "it"], ["line"])
    assert (first.expected, second.words) == (["shown", "! told", "[3]", ""], ["export", "A=b c"])
    said = [line for _, lines in run(path, visitor) for line in lines]
    assert said[0].startswith("! error: there is no ledger here")
    assert said[-1] == "[3]"
