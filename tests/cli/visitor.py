"""A visitor: somebody at a shell, with a home and a folder of their own, who runs the installed command."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli import prefork
from tests.house import ROOT

CIVIC = Path(sys.executable).with_name("civic")
COVENTRY = ROOT / "examples/coventry.jsonl"
MANCHESTER = ROOT / "examples/manchester.jsonl"
LINK = "coventry--volgograd"
EVIDENCE = [{"title": "Draft minutes", "grade": "council", "published": "[2022-03-23..]"}]
PATIENCE = 900
"""Seconds after which a command that does not end is given up; many, since others may use the machine too."""


_PAGES = """\
import contextlib, io, json, sys
from ledger.cli.main import run
pages = []
for words in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as page:
        run(words)
    pages.append(page.getvalue())
json.dump(pages, sys.stdout)
"""


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its data, a JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Visitor:
    """Somebody with a folder; nothing of the real home or environment reaches their commands."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """The ledger of this visitor, if one was made."""
        return self.folder / "town.ledger"

    @property
    def entries(self) -> bytes:
        """The file of entries, byte for byte; only to be read while nobody writes."""
        return (self.ledger / "entries.sqlite").read_bytes()

    @property
    def environment(self) -> dict[str, str]:
        """All that the commands see of the world."""
        return {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm"}

    def start(self, *words: str | Path, **environment: str) -> "subprocess.Popen[bytes]":
        """Begin a command; its output is for the caller to read."""
        return subprocess.Popen(
            [CIVIC, *words], cwd=self.folder, env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def civic(self, *words: str | Path, stdin: str | bytes = b"", **environment: str) -> Said:
        """Run a command in the folder."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        all_of_it = {**self.environment, **environment}
        if asked := prefork.request([str(word) for word in words], self.folder, all_of_it):
            code, out, err = prefork.run(asked, given, PATIENCE)
            return Said(code, out.decode(), err.decode())
        done = subprocess.run(
            [CIVIC, *words], cwd=self.folder, env=all_of_it, check=False, input=given, capture_output=True,
            timeout=PATIENCE,
        )  # fmt: skip
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def shell(self, line: str) -> Said:
        """Run a line of a shell in the folder, in which `civic` is the command."""
        done = subprocess.run(
            ["/bin/sh", "-c", f'civic() {{ "{CIVIC}" "$@"; }}; {line}'], cwd=self.folder, env=self.environment,
            check=False, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def done(self, *words: str | Path, stdin: str | bytes = b"", **environment: str) -> Said:
        """Run a command that must succeed."""
        said = self.civic(*words, stdin=stdin, **environment)
        assert said.code == 0, f"civic {' '.join(map(str, words))}: {said}"
        return said

    def pages(self, asked: Sequence[Sequence[str]]) -> dict[str, str]:
        """What each of many commands prints, by its words; they run in one process, which saves starting them."""
        done = subprocess.run(
            [sys.executable, "-c", _PAGES], cwd=self.folder, env=self.environment, input=json.dumps(asked),
            capture_output=True, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
        return dict(zip((" ".join(words) for words in asked), json.loads(done.stdout), strict=True))

    def file(self, name: str, lines: Iterable[bytes | dict[str, object]]) -> str:
        """Write a file of lines into the folder; returns its name."""
        whole = b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines)
        (self.folder / name).write_bytes(whole)
        return name

    def dump(self) -> list[dict[str, object]]:
        """The views, without what depends on the order and the time of recording; sorted."""
        rows = self.done("views", "dump").rows
        dropped = ("id", "entry", "rests_on", "position", "recorded_at")
        kept = [{name: row[name] for name in row if name not in dropped} for row in rows]
        return sorted(kept, key=json.dumps)

    def export(self) -> list[dict[str, object]]:
        """The entries, without what depends on the order and the time of recording; sorted by id."""
        rows = self.done("export", "jsonl").rows
        kept = [{name: row[name] for name in row if name not in ("position", "recorded_at", "salt")} for row in rows]
        return sorted(kept, key=lambda row: str(row["id"]))


def line(type_: str, *, evidence: object = EVIDENCE, **event: object) -> dict[str, object]:
    """An import line; a field that is a word of Python is given with an underscore behind it."""
    return {"type": type_, "evidence": evidence, "event": {name.rstrip("_"): event[name] for name in event}}


def body(slug: str, name: str = "", *, country: str = "GB") -> dict[str, object]:
    """An import line that registers a body."""
    return line("body-registered", slug=slug, name=name or slug.title(), kind="council", country=country)
