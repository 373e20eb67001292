"""A fork of the process that has imported `civic` is as good as a new process."""

import os

import pytest

from tests.cli.visitor import COVENTRY, Visitor

NEW = {"PYTHONDONTWRITEBYTECODE": "1"}
"""What configures the interpreter is for a new one."""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("links", 0),
        ("--version", 0),
        ("export jsonl", 0),
        ("schema rules", 0),
        ("import - --yes", 0),
        ("import - --yes --errors json --type nothing", 2),
        ("frobnicate", 2),
        ("show nobody", 3),
    ],
)
def test_a_fork_answers_as_a_new_process(words: str, code: int, town: Visitor) -> None:
    """The same output, words for people and exit code, also of what is read from standard input."""
    story = COVENTRY.read_bytes()
    forked = town.civic(*words.split(), stdin=story)
    assert forked.code == code
    assert forked == town.civic(*words.split(), stdin=story, **NEW)


def test_a_fork_keeps_nothing_of_the_one_before(town: Visitor) -> None:
    """Environment, folder and mask of new files are those of its own caller."""
    elsewhere = Visitor(town.folder / "elsewhere")
    elsewhere.folder.mkdir()
    assert town.done("links", CIVIC_LEDGER=str(town.ledger)).out
    assert elsewhere.civic("links").code == 3
    before = os.umask(0o077)
    try:
        elsewhere.done("init", "private.ledger")
    finally:
        os.umask(before)
    town.done("init", "other.ledger")
    modes = [(where / "ledger.toml").stat().st_mode & 0o077 for where in (elsewhere.folder / "private.ledger",
                                                                         town.folder / "other.ledger")]  # fmt: skip
    assert (modes[0], modes[1] != 0) == (0, True)
