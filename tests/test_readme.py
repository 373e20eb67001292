"""The README tells the truth: its sessions are run, and its picture is of a real one."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pexpect

from tests.books import ROOT

README = ROOT / "README.md"
CIVIC = Path(sys.executable).with_name("civic")


def sessions() -> list[tuple[str, str]]:
    """Every civic command of the README with the answer that is printed there."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = []
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            if command.startswith("civic "):
                found.append((command, answer))
    return found


def answered(folder: Path) -> list[tuple[str, str]]:
    """The same commands with the answers that a terminal shows today."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    environment = {
        "PATH": f"{CIVIC.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "NO_COLOR": "1",
        "TERM": "xterm",
        "COLUMNS": "118",
    }
    found = []
    for command, _ in sessions():
        shown = pexpect.run(f"sh -c {shell_quoted(command)}", cwd=str(folder), env=environment, encoding="utf-8")
        found.append((command, str(shown).replace("\r\n", "\n")))
    return found


def shell_quoted(command: str) -> str:
    """A command as one word of pexpect's own command line."""
    return '"' + command.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_every_session_of_the_readme_is_real(tmp_path: Path) -> None:
    """Each command printed there gives the answer printed there."""
    real = answered(tmp_path)
    if os.environ.get("UPDATE_README"):
        text = README.read_text(encoding="utf-8")
        for (command, old), (_, new) in zip(sessions(), real, strict=True):
            text = text.replace(f"$ {command}\n{old}", f"$ {command}\n{new}", 1)
        README.write_text(text, encoding="utf-8")
    assert len(real) >= 12
    for (command, printed), (_, answer) in zip(sessions(), real, strict=True):
        assert answer == printed, command


def test_the_picture_is_of_a_real_session() -> None:
    """It was drawn from today's answers, and needs nothing from elsewhere."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import picture  # type: ignore[import-not-found]  # a script of the docs, not of a package
    finally:
        sys.path.pop(0)
    drawn = (ROOT / "docs" / "session.svg").read_text(encoding="utf-8")
    assert drawn == picture.svg(picture.lines())
    without_namespace = drawn.replace('xmlns="http://www.w3.org/2000/svg"', "")
    shown_urls = re.sub(r"&lt;https?://[^<]*", "", without_namespace)
    assert not re.search(r"href|url\(|@import|@font-face|<image|<script", shown_urls)
