"""Questions to a clerk at a terminal, one answer at a time."""

from __future__ import annotations

from collections.abc import Callable

import click

from ledger.cli import output
from ledger.errors import LedgerError, UsageError

Check = Callable[[str], str]
"""Takes an answer, as it is to be kept; raises `LedgerError` when it cannot be taken."""


class Back(Exception):
    """The clerk wants the question before this one."""


def ask(
    question: str,
    explanation: str,
    *,
    default: str = "",
    needed: bool = False,
    check: Check | None = None,
) -> str:
    """One answer; asked again until it can be taken. Empty when nothing is known.

    Raises:
        Back: the clerk typed `<`.
    """
    while True:
        offered = f" [{default}]" if default else ""
        answer = str(click.prompt(f"{question}{offered}", default=default, show_default=False, err=True)).strip()
        if len(answer) > 1 and answer[0] == answer[-1] == "'":
            answer = answer[1:-1]  # as a shell wants it
        if answer == "?":
            output.note(f"  {explanation}")
        elif answer == "<":
            raise Back
        elif not answer and needed:
            output.note("  this one is needed; ? explains")
        elif not answer or check is None:
            return answer
        else:
            try:
                return check(answer)
            except LedgerError as error:
                output.note(output.safe(f"  {error.what}"))


def agreed(question: str) -> bool:
    """Whether the clerk says yes; anything else is a no."""
    answer = click.prompt(f"{question} [y/N]", default="", show_default=False, err=True)
    return str(answer).strip().lower() in ("y", "yes")


def one_of(words: tuple[str, ...]) -> Check:
    """A check that takes one of the words, or the beginning of one alone."""

    def check(answer: str) -> str:
        if answer in words:
            return answer
        started = [word for word in words if word.startswith(answer)]
        if len(started) == 1:
            return started[0]
        raise UsageError(f"one of: {', '.join(words)}")

    return check
