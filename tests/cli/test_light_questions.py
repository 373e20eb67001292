"""Questions that find the views up to date are light: they import neither pydantic nor the library of events."""

import subprocess
import sys

import pytest

from tests.cli.visitor import LINK, PATIENCE, Visitor

HEAVY = ("pydantic", "pydantic_core", "eventsourcing", "edtf", "yaml", "lxml", "pypdf")
PROGRAM = f"""\
import sys
from ledger.cli.main import run
code = run(sys.argv[1:])
print(code, *sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}), file=sys.stderr)
"""


def imported(town: Visitor, *words: str) -> str:
    """The exit code of a command, and the heavy libraries that it imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=town.folder, env=town.environment, capture_output=True, text=True,
        timeout=PATIENCE, check=True,
    )  # fmt: skip
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("question", [
    "--help", "--version", "record --help", "links", "links -f json", "links --as-of 2022-03-01 --standing active",
    f"show {LINK}", f"show {LINK} --known-by 2022-03-25", "show coventry/2022/volgograd", "letters", "bodies --limit 1",
    "decisions", "decisions -f table", "pledges", "sources", f"diff {LINK} 2022-03-01 2022-03-25", "views status",
    "completion bash", "help dates", "search suspend* --body manchester", "due --all", "overrides",
    f"diff {LINK} --known-by 2022-03..2022-04 2022-03-25",
])  # fmt: skip
def test_a_question_is_light(question: str, town: Visitor) -> None:
    """The answer comes without the heavy libraries."""
    assert imported(town, *question.split()) == "0"


def test_what_is_heavy_would_be_noticed(town: Visitor) -> None:
    """The measure sees a heavy library where there is one."""
    assert imported(town, "export", "jsonl") == "0 eventsourcing pydantic pydantic_core"
