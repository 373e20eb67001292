"""The fields of answers: those that the help names, and the same columns whatever is found."""

import csv
import io
import re

import pytest

from tests.cli.visitor import LINK, Visitor

ANSWERS = {
    "links": ["links"],
    "bodies": ["bodies"],
    "decisions": ["decisions"],
    "letters": ["letters"],
    "pledges": ["pledges"],
    "sources": ["sources"],
    "search": ["search", "pause"],
    "history": ["history", LINK, "--all"],
    "replay": ["replay", LINK],
    "due": ["due", "--all"],
    "overrides": ["overrides"],
    "diff": ["diff", LINK, "2022-03-01", "2022-03-25"],
    "doctor": ["doctor", "-f", "jsonl"],
    "import": ["import", "nothing.jsonl", "--dry-run"],
    "export": ["export", "jsonl"],
    "schema": ["schema"],
    "verify": ["verify"],
}
"""By command: a question that it answers."""

NOTHING = {
    "links": ["--kind", "zzz"],
    "bodies": ["--kind", "zzz"],
    "decisions": ["--kind", "zzz"],
    "letters": ["--by", "zzz"],
    "pledges": ["--by", "zzz"],
    "sources": ["--grade", "zzz"],
    "history": ["--type", "link-expired"],
    "replay": ["--as-of", "1900-01-01"],
    "due": ["--state", "dropped"],
}
"""By command: what makes its question one to which there is no answer."""


@pytest.fixture
def asked(town: Visitor) -> Visitor:
    """A town with something corrected, something recorded against a rule, and an empty file to import."""
    town.done("record", "entry-corrected", "8", "--set", "wording=pausing", "--reason", "typed wrongly", "--yes")
    against = ["--override", "record/relied-on:it is told again in another report"]
    town.done("record", "entry-retracted", "5", "--reason", "another meeting", *against, "--yes")
    town.file("nothing.jsonl", [])
    return town


@pytest.mark.parametrize("command", ANSWERS)
def test_the_help_names_every_field(command: str, asked: Visitor) -> None:
    """What JSON holds is told where the command explains itself, each field as a word of its own."""
    paragraphs = [" ".join(one.split()) for one in asked.done(command, "--help").out.split("\n\n")]
    (told,) = (one for one in paragraphs if one.startswith("Fields (JSON): ") or " Fields (JSON): " in one)
    named = set(re.findall(r"[a-z_0-9]+", re.sub(r"\([^)]*\)", "", told.partition("Fields (JSON): ")[2])))
    rows = asked.civic(*ANSWERS[command]).rows
    assert rows
    assert {field for row in rows for field in row} <= named


@pytest.mark.parametrize("command", NOTHING)
def test_the_columns_are_the_same_whatever_is_found(command: str, asked: Visitor) -> None:
    """A spreadsheet learns them even from an empty answer, and loses no field of a full one."""
    full, empty = (
        csv.DictReader(io.StringIO(asked.done(*ANSWERS[command], *more, "-f", "csv").out))
        for more in ([], NOTHING[command])
    )
    assert full.fieldnames == empty.fieldnames
    assert list(empty) == []
    fields = {field for row in asked.done(*ANSWERS[command], "-f", "jsonl").rows for field in row}
    assert fields <= set(full.fieldnames or ())


def test_a_corrected_line_is_no_line_that_stands_in_a_spreadsheet(asked: Visitor) -> None:
    """It tells what struck it."""
    rows = list(csv.DictReader(io.StringIO(asked.done("history", LINK, "--all", "-f", "csv").out)))
    assert [row["struck"] for row in rows if row["entry"] == "8"] == ["24", ""]


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "json"])
def test_what_was_recorded_is_told_in_the_form_asked_for(town: Visitor, form: str) -> None:
    """The same fields as those of an exported line."""
    said = town.done("record", "note-added", "8", "--text", "Seen.", "--yes", "-f", form)
    assert said.out.startswith({"csv": "id,", "tsv": "id\t", "md": "| id |", "json": "[\n"}[form])
    refused = town.civic("schema", "note-added", "-f", form)
    assert refused.code == (0 if form == "json" else 2)
