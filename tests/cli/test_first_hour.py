"""docs/first-hour.md is true: each of its sessions is played on a terminal, and its prompts and keystrokes are counted.

To write its screens and numbers again after a change: UPDATE_DOCS=1 pytest tests/cli/test_first_hour.py
"""

import os
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

import pexpect

from tests.cli.test_terminal import at_terminal
from tests.cli.visitor import Visitor
from tests.house import ROOT

PAGE = ROOT / "docs" / "first-hour.md"
SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
COUNT = re.compile(r"(\d+) prompts?, (\d+) keystrokes")
ENTER = "⏎"
PASTING = re.compile(r"\x1b\[\?2004[hl]\r?")


def answers(screen: str) -> list[str]:
    """What is typed in a session: the rest of each line that ends with Enter, after its prompt."""
    lines = [line.removesuffix(ENTER) for line in screen.splitlines() if line.endswith(ENTER)]
    return [line.rpartition(": ")[2] for line in lines]


def play(visitor: Visitor, screen: str) -> str:
    """Type the commands and answers of a session at a terminal of 80 columns; returns the screen."""
    return "".join(_played(visitor, command) for command in re.split(r"^\$ ", screen, flags=re.MULTILINE)[1:])


def _played(visitor: Visitor, command: str) -> str:
    line, _, printed = command.partition("\n")
    terminal = at_terminal(visitor, *shlex.split(line)[1:], NO_COLOR="1")
    terminal.setwinsize(60, 80)
    found = f"$ {line}\n"
    for answer in answers(printed):
        assert terminal.expect([r": $", pexpect.EOF]) == 0, f"{found}{terminal.before}"
        found = _extended(found, f"{terminal.before}{terminal.after}")
        terminal.sendline(answer)
        found += f"{answer}{ENTER}\0"
    terminal.expect(pexpect.EOF)
    found = _extended(found, str(terminal.before))
    terminal.close()
    assert terminal.exitstatus == 0, found
    return re.sub("town-[0-9a-f]{12}", "town-0123456789ab", found)


def _extended(found: str, more: str) -> str:
    """The screen with what was printed since; the terminal's echo of an answer is left out."""
    more = PASTING.sub("", more)
    if found.endswith("\0"):
        found, more = f"{found[:-1]}\n", more.partition("\r\n")[2]
    return found + more.replace("\r\n", "\n")


def counted(screen: str) -> tuple[int, int]:
    """The prompts of a session, and the keys pressed to answer them, Enter included."""
    typed = answers(screen)
    return len(typed), sum(len(answer) + 1 for answer in typed)


def decisions(screen: str) -> Iterator[int]:
    """The number of answers that each decision of a session takes, from the question what happened on."""
    lines = [line for line in screen.splitlines() if line.endswith(ENTER)]
    begins = [number for number, line in enumerate(lines) if line.startswith("What happened")]
    for first, last in pairwise(begins):
        yield last - first


def test_every_session_of_the_page_is_real(visitor: Visitor) -> None:
    """What is typed there prints what is printed there, and the numbers under each session are right."""
    page = PAGE.read_text(encoding="utf-8")
    sessions = SESSION.findall(page)
    real = [play(visitor, session) for session in sessions]
    if os.environ.get("UPDATE_DOCS"):
        for old, new in zip(sessions, real, strict=True):
            page = page.replace(old, new, 1)
        numbers = iter([counted(one) for one in real if answers(one)])
        page = COUNT.sub(lambda _: "{} prompts, {} keystrokes".format(*next(numbers)), page)
        PAGE.write_text(page, encoding="utf-8")
        sessions = SESSION.findall(page)
    assert [*sessions] == real
    stated = [(int(prompts), int(keys)) for prompts, keys in COUNT.findall(page)]
    assert stated == [counted(one) for one in real if answers(one)]


def test_the_first_decision_takes_twenty_prompts_and_every_later_one_five() -> None:
    """Of the same meeting; counted in the sessions of the page, which are real."""
    first_hour, *later = (screen for screen in SESSION.findall(PAGE.read_text(encoding="utf-8")) if answers(screen))
    first, *others = decisions(first_hour)
    last = 2  # nothing more happened; yes
    assert first + last <= 20
    assert others
    assert max(others) <= 5
    assert later
