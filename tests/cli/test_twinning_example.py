"""The example of 237 claims: the commands of its README lead to the answers that were written down before."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from domain.dates import Date
from tests.cli.visitor import Visitor
from tests.house import ROOT

EXAMPLE = ROOT / "examples/twinning"
README = (EXAMPLE / "README.md").read_text(encoding="utf-8")
ROWS = "237"

ASKED: dict[str, Callable[[dict[str, Any]], object]] = {
    "standing": lambda row: row["standing"],
    "suspended_by": lambda row: " ".join(row["suspended_by"]),
    "flags": lambda row: " ".join(row["flags"]),
    "kind": lambda row: row["kind"],
}
"""The columns of the expected answers that are compared as words, each with what a link holds there."""


def table(name: str) -> list[dict[str, str]]:
    """A table of the example."""
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def commands() -> list[str]:
    """The commands of the README, in order."""
    return re.findall(r"^\$ (.*)$", README, re.MULTILINE)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Visitor, list[dict[str, Any]]]:
    """Somebody who ran the commands of the README in an empty folder, and what the commands answered."""
    visitor = Visitor(tmp_path_factory.mktemp("twinning"))
    copytree(EXAMPLE, visitor.folder / "examples/twinning")
    said = visitor.shell("set -e; " + "; ".join(commands()))
    assert said.code == 0, said
    return visitor, said.rows


def differences(expected: list[dict[str, str]], answers: dict[str, dict[str, Any]], disputed: set[str]) -> list[str]:
    """Every expected answer that is not the one given, with both."""
    found = []
    for row in expected:
        link = row["link"]
        if link not in answers:
            found.append(f"{link}: is not listed")
            continue
        answer, since = answers[link], Date.parse(row["since"])
        pairs = {name: (row[name], value(answer)) for name, value in ASKED.items()}
        pairs["disputed"] = (row["disputed"], "yes" if link in disputed else "no")
        bounds = Date.parse(answer["since"]) if answer["since"] else None
        same = bounds is not None and (since.earliest, since.latest) == (bounds.earliest, bounds.latest)
        pairs["since"] = ("", "") if same else (row["since"], answer["since"])
        found += [f"{link}: {name}: {want!r}, not {got!r}" for name, (want, got) in pairs.items() if want != got]
    return found


def test_every_link_stands_as_was_expected(example: tuple[Visitor, list[dict[str, Any]]]) -> None:
    """All that was expected, and no link beside."""
    visitor, rows = example
    answers = {row["link"]: row for row in rows if "link" in row}
    entries = visitor.done("export", "jsonl", "-L", "twinning.ledger").rows
    disputed = {
        entry["event"]["instead"]["event"]["link"] for entry in entries if entry["type"].startswith("entry-disputed/")
    }
    expected = table("expected.csv")
    assert differences(expected, answers, disputed) == []
    assert answers.keys() == {row["link"] for row in expected}


def test_a_difference_is_shown() -> None:
    """With the link, the column, what was expected, and what is answered."""
    row = {"link": "a--b", "standing": "active", "since": "1944", "suspended_by": "", "flags": "", "kind": "twinning"}
    answer = {"standing": "ended", "since": "1945", "suspended_by": [], "flags": ["retained"], "kind": "twinning"}
    expected = [{**row, "disputed": "yes"}, {**row, "link": "a--c", "disputed": "no"}]
    assert differences(expected, {"a--b": answer}, set()) == [
        "a--b: standing: 'active', not 'ended'",
        "a--b: flags: '', not 'retained'",
        "a--b: disputed: 'yes', not 'no'",
        "a--b: since: '1944', not '1945'",
        "a--c: is not listed",
    ]


def test_every_row_is_recorded_or_has_its_reason() -> None:
    """Whole rows, and the acts and beginnings of others; none is both recorded and left out."""
    left_out: dict[str, set[str]] = {}
    for row in table("not-recorded.csv"):
        assert row["reason"]
        left_out.setdefault(row["row"], set()).add(row["part"])
    claims = table("claims.csv")
    assert [row["row"] for row in claims] == [str(number) for number in range(1, int(ROWS) + 1)]
    for row in claims:
        parts = set()
        if not row["event"] and not row["begun"]:
            parts = {"row"}
        elif not row["event"] and row["status"] != "active":
            parts = {"act"}
        elif row["from_edtf"] and not row["begun"]:
            parts = {"beginning"}
        assert left_out.get(row["row"], set()) == parts, row


def test_the_expected_answers_name_rows_on_their_link() -> None:
    """So that each can be looked up."""
    claims = {row["row"]: row for row in table("claims.csv")}
    for row in table("expected.csv"):
        for number in row["rows"].split():
            assert claims[number]["link"] in (row["link"], ""), row


def test_the_counts_of_the_readme_are_true(example: tuple[Visitor, list[dict[str, Any]]]) -> None:
    """Of entries, of what they became, and of rows that are left out."""
    (_, formed, acts) = [row for row in example[1] if "appended" in row]
    parts = Counter(row["part"] for row in table("not-recorded.csv"))
    for words in [
        f"`formed.toml` makes {_made(formed, 'beginnings')}, {{}} further sources for them, and {{}} disputes",
        f"Of {ROWS} rows, {int(ROWS) - parts['row']} are recorded in whole or in part and {parts['row']} not at all",
        f"{parts['act']} give a beginning but no act",
        f"{parts['beginning']} an act but no beginning",
        f"the {len(table('bodies.csv'))} councils",
        f"how {len(table('expected.csv'))} links stand",
    ]:
        assert words.format(formed["corroborations"], formed["disputes"]) in " ".join(README.split())
    made = f"`acts.toml` makes {_made(acts, 'acts')}, {acts['corroborations']} further sources, and {acts['disputes']}"
    assert made in " ".join(README.split())


def _made(counts: dict[str, int], noun: str) -> str:
    """How many entries an import made, and how many of them are new acts."""
    new = counts["appended"] - counts["corroborations"] - counts["disputes"]
    return f"{counts['appended']} entries: {new} {noun}"


def test_the_example_stands_where_the_readme_says() -> None:
    """Every file that it names is there, and every file is named."""
    named = set(re.findall(r"^\| `([a-z.-]+)`", README, re.MULTILINE))
    assert {path.name for path in Path(EXAMPLE).iterdir()} == {*named, "README.md"}
