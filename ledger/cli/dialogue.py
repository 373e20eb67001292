"""Questions to a clerk at a terminal, one answer at a time."""

from __future__ import annotations

from collections.abc import Callable

import click

from ledger.cli import output
from ledger.errors import LedgerError, Refused, UsageError

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
    """One answer; asked again until it can be taken. Empty when nothing is known, also in place of a default.

    Raises:
        Back: the clerk typed `<`.
    """
    while True:
        answer = _prompt(f"{question} [{default}]" if default else question, default)
        if len(answer) > 1 and answer[0] == answer[-1] == "'":
            answer = answer[1:-1]  # as a shell wants it
        if answer == "?":
            output.prose(explanation, indent="  ")
        elif answer == "<":
            raise Back
        elif default and answer == "-":
            if not needed:
                return ""
            output.note("  this one is needed; ? explains")
        elif not answer and needed:
            output.note("  this one is needed; ? explains")
        elif not answer or check is None:
            return answer
        else:
            try:
                return check(answer)
            except LedgerError as error:
                output.prose(reason(error), indent="  ")


def agreed(question: str, *, usually: bool = False) -> bool:
    """Whether the clerk says yes; an empty answer is what they `usually` say, anything else a no."""
    answer = _prompt(f"{question} {'[Y/n]' if usually else '[y/N]'}", "").lower()
    return answer in ("y", "yes") or (usually and not answer)


def reason(error: LedgerError) -> str:
    """What is wrong with an answer, in one sentence."""
    return error.refusals[0][1].what if isinstance(error, Refused) else error.what


def _prompt(question: str, default: str) -> str:
    """Print a question, at most one line of it behind the cursor, and wait for the answer."""
    *above, last = output.wrapped(output.safe(question), room=len(": "))
    for line in above:
        output.note(line)
    return str(click.prompt(last, default=default, show_default=False, err=True)).strip()


def one_of(words: tuple[str, ...]) -> Check:
    """A check that takes one of the words, or the beginning of one alone."""

    def check(answer: str) -> str:
        if answer in words:
            return answer
        started = [word for word in words if word.startswith(answer.lower())]
        if len(started) == 1:
            return started[0]
        raise UsageError(f"{answer!r} is not one of {', '.join(words)}")

    return check
