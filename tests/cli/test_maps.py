"""`import --map`: a clerk's own table, whose columns and words a closed map explains."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.visitor import Visitor, body

MAP = """\
type = "{what happened|events}"
needed = ["date"]
unused = ["remarks"]

[words.events]
paused = "link-suspended"
"to end" = "ending-decided"
begun = "link-formed"
"no news" = ""

[words.bodies]
"Coventry City Council" = "coventry"
"Volgograd (RU)" = "volgograd"
Kyiv = "kyiv"

[columns]
link = "{council|bodies}--{partner|bodies}"
by = "{council|bodies}"
on = "{date}"
wording = "{what happened}"
source_title = "{report}, {{report}}"
source_grade = "press"
source_published = "2023-01-01"

[columns-of.ending-decided]
effective = "{date}/"
summary = "To end in {date}."
wording = "ending"
"""
HEADING = "council,partner,what happened,date,report,remarks"
ROW = "Coventry City Council,Volgograd (RU),{},{},Report,seen"


@pytest.fixture
def ledger(visitor: Visitor) -> Visitor:
    """Three bodies and the map."""
    visitor.done("init", "town.ledger", "--body", "coventry")
    visitor.file("bodies.jsonl", [body("coventry"), body("volgograd", country="RU"), body("kyiv", country="UA")])
    visitor.done("import", "bodies.jsonl", "--yes")
    written(visitor, MAP)
    return visitor


def written(visitor: Visitor, text: str) -> Path:
    """The map as a file."""
    path = visitor.folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def table(visitor: Visitor, *rows: str, heading: str = HEADING) -> None:
    """The clerk's table as a file."""
    visitor.file("table.csv", [line.encode() for line in (heading, *rows)])


def refused(visitor: Visitor, *more: str) -> str:
    """What an import of the table is refused with."""
    said = visitor.civic("import", "table.csv", "--map", "map.toml", "--yes", *more)
    assert said.code in (2, 4), said
    assert len(visitor.done("history").rows) == 3
    return said.err


def test_columns_and_words_become_events_and_fields(ledger: Visitor) -> None:
    """Constants, renamed columns, words by table, text around them; an event has columns of its own."""
    effective = ROW.replace("seen", "").format("to end", "2023")
    table(ledger, ROW.format("begun", "1944"), ROW.format("paused", "2022-03-22"), effective)
    written(ledger, MAP.replace('effective = "{date}/"', 'effective = "{date}-12-31"'))
    ledger.done("import", "table.csv", "--map", "map.toml", "--yes")
    entries: list[dict[str, Any]] = [ledger.done("show", str(place)).rows[0] for place in (4, 5, 6)]
    link = {"link": "coventry--volgograd", "by": "coventry"}
    assert [entry["event"] for entry in entries] == [
        {**link, "on": "1944", "wording": "begun"},
        {**link, "on": "2022-03-22", "wording": "paused"},
        {**link, "on": "2023", "wording": "ending", "summary": "To end in 2023.", "effective": "2023-12-31"},
    ]
    assert entries[0]["evidence"] == [{"title": "Report, {report}", "grade": "press", "published": "2023-01-01"}]


def test_rows_that_the_map_leaves_out_are_counted(ledger: Visitor) -> None:
    """Where a needed cell is empty, and where the words stand for nothing."""
    table(ledger, ROW.format("begun", "1944"), ROW.format("paused", ""), ROW.format("no news", "2022"))
    said = ledger.done("import", "table.csv", "--map", "map.toml", "--yes")
    assert "2 rows are no entry, as map.toml says" in said.err
    assert len(ledger.done("history").rows) == 4


def test_a_word_that_no_table_holds_is_refused_by_line(ledger: Visitor) -> None:
    """Also one that differs in case; nothing is written."""
    kiev = ROW.replace("Volgograd (RU)", "Kiev").format("begun", "1944")
    table(ledger, ROW.format("begun", "1944"), ROW.format("Paused", "2022"), kiev)
    said = refused(ledger)
    assert "table.csv:3: what happened: 'Paused' is not in [words.events] of the map" in said
    assert "table.csv:4: partner: 'Kiev' is not in [words.bodies] of the map" in said
    table(ledger, ROW.format("begun", "1944"), kiev)
    ledger.done("import", "table.csv", "--map", "map.toml", "--rejects", "left.csv", "--yes")
    assert (ledger.folder / "left.csv").read_text(encoding="utf-8").splitlines() == [HEADING, kiev]


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        (f"{HEADING},more", "the column 'more' is not in the map: name it under unused"),
        (HEADING.replace("report", "source"), "the column 'report' is missing: the map reads it"),
        (HEADING.replace("remarks", "date"), "the column 'date' stands twice"),
    ],
)
def test_the_columns_of_a_table_are_those_of_its_map(heading: str, message: str, ledger: Visitor) -> None:
    """None more, none less, none twice."""
    table(ledger, ROW.format("begun", "1944"), heading=heading)
    assert f"table.csv:1: heading: {message}" in refused(ledger)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("type =", "typ =", "type: field required"),
        ('type = "', 'type = "{', "type: a brace without its partner"),
        ("|events}", "|acts}", "type: there is no table [words.acts]"),
        ("by =", "buy =", "columns.buy: no event has this column"),
        ("effective =", "condition =", "columns-of.ending-decided.condition: is not a column of ending-decided"),
        ("columns-of.ending-decided", "columns-of.ending", "columns-of.ending: there is no event 'ending'"),
        ("begun =", "begun", "not written as TOML"),
        ('begun = "link-formed"', "begun = 1", "words.events.begun: input should be a valid string"),
    ],
)
def test_a_map_with_a_fault_says_where(old: str, new: str, message: str, ledger: Visitor) -> None:
    """Before the table is read."""
    table(ledger, ROW.format("begun", "1944"))
    written(ledger, MAP.replace(old, new))
    assert f"map.toml is not a map: {message}" in refused(ledger)


def test_an_event_that_there_is_not_is_refused_by_line(ledger: Visitor) -> None:
    """Where a table of words names it."""
    written(ledger, MAP.replace('"link-formed"', '"link-begun"'))
    table(ledger, ROW.format("begun", "1944"))
    assert "table.csv:2: type: there is no event 'link-begun'; civic schema lists them" in refused(ledger)


def test_a_map_is_for_tables_alone(ledger: Visitor) -> None:
    """It names the events, so `--type` is refused, and so are the other forms; a map that is not there is named."""
    table(ledger, ROW.format("begun", "1944"))
    assert "--map takes a table in CSV" in refused(ledger, "--type", "link-formed")
    assert "--map takes a table in CSV" in refused(ledger, "--input", "yaml")
    (ledger.folder / "map.toml").unlink()
    assert "map.toml cannot be read" in refused(ledger)


def test_mapped_rows_are_reconciled(ledger: Visitor) -> None:
    """Another report of the same act becomes another source for it."""
    table(ledger, ROW.format("begun", "1944"), ROW.replace("Report", "Other report").format("begun", "1944"))
    said = ledger.done("import", "table.csv", "--map", "map.toml", "--reconcile", "--yes")
    assert "table.csv:3: another source for line 2" in said.err
