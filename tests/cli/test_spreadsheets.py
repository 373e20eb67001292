"""Answers for a spreadsheet, and files that come out of one."""

import csv
import io

import pytest

from tests.cli.visitor import EVIDENCE, LINK, Visitor, line

NEWS = "https://www.newsanyway.com/2022/04/04/council-sends-letter-to-russian-twin-coventry-city-council/"
SOURCE = "source,source_title,source_grade"
TOLD = "register,Register of towns,council"


def cells(text: str, form: str) -> list[dict[str, str]]:
    """The rows of an answer, by column."""
    if form == "md":
        lines = [row[2:-2].split(" | ") for row in text.splitlines()]
        return [dict(zip(lines[0], row, strict=True)) for row in lines[2:]]
    return list(csv.DictReader(io.StringIO(text), delimiter="\t" if form == "tsv" else ","))


# Out


@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("register", ["links", "decisions", "letters", "pledges", "bodies"])
def test_every_row_of_a_list_names_its_documents(register: str, form: str, town: Visitor) -> None:
    """A reader of a spreadsheet can look up each row: the short name of its source, and the address."""
    rows = cells(town.done(register, "-f", form).out, form)
    assert rows
    assert [row for row in rows if not row["source"]] == []
    assert NEWS in {row["url"] for row in rows}


def test_the_best_document_comes_first(town: Visitor) -> None:
    """Of the documents behind a row, those of later records about its entry are named too, if known by then."""
    better = ["-s", "minutes", "--source-title", "Minutes", "--source-grade", "official", "--source-published", "2023"]
    town.done("record", "entry-corroborated", "8", *better, "--yes")
    question = ["links", "--link", LINK, "--columns", "source", "-f", "csv"]
    assert town.done(*question).out.splitlines() == ["source", '"minutes, coventry-news"']
    assert town.done(*question, "--known-by", "2022-12").out.splitlines() == ["source", "coventry-news"]


@pytest.mark.parametrize("form", ["csv", "tsv", "md"])
def test_every_date_of_a_list_has_its_bounds_as_days(form: str, town: Visitor) -> None:
    """A spreadsheet can sort and count by the first and the last possible day; no bound is an empty cell."""
    (letter,) = cells(town.done("letters", "-f", form).out, form)
    assert (letter["on"], letter["on_earliest"], letter["on_latest"]) == (
        "[2022-03-23..2022-04-04]", "2022-03-23", "2022-04-04",
    )  # fmt: skip
    links = {row["link"]: row for row in cells(town.done("links", "-f", form).out, form)}
    bounds = {name: (row["since"], row["since_earliest"], row["since_latest"]) for name, row in links.items()}
    assert bounds[LINK] == ("2022-03-22", "2022-03-22", "2022-03-22")
    assert bounds["manchester--st-petersburg"] == ("1962", "1962-01-01", "1962-12-31")
    assert bounds["glasgow--rostov-on-don"] == ("2022-02-25?", "2022-02-24", "2022-02-26")
    open_ended = line("pledge-made", pledge="coventry/2022/p", by="coventry", on="2022", summary="x", due="[2023..]")
    town.done("import", town.file("f.jsonl", [open_ended]), "--yes")
    (row,) = (row for row in cells(town.done("pledges", "-f", form).out, form) if row["due"])
    assert (row["due_earliest"], row["due_latest"]) == ("2023-01-01", "")


@pytest.mark.parametrize("form", ["csv", "tsv", "md"])
def test_no_is_not_the_same_as_not_known(form: str, town: Visitor) -> None:
    """A motion that was not put by several groups, next to one of which nobody says so."""
    motions = [
        line("motion-moved", motion=f"coventry/2024/{name}", on="2024", title=name, **given)
        for name, given in (("yes", {"cross_party": True}), ("no", {"cross_party": False}), ("unknown", {}))
    ]
    town.done("import", town.file("f.jsonl", motions), "--yes")
    rows = {row["title"]: row for row in cells(town.done("decisions", "-f", form).out, form)}
    assert [rows[name]["cross_party"] for name in ("yes", "no", "unknown")] == ["yes", "no", ""]
    shown = {name: town.done("show", f"coventry/2024/{name}", "-f", "table").out for name in ("no", "unknown")}
    assert ("cross party:    no" in shown["no"], "cross party" in shown["unknown"]) == (True, False)
    assert "assumed" not in town.done("show", LINK, "-f", "table").out


# In


def test_one_fault_of_many_rows_is_reported_once(town: Visitor) -> None:
    """With every line that has it; as JSON, each line for itself."""
    rows = [f"town-{n * 37},{n}. Town,city,GB,{TOLD},remark {n}" for n in range(1, 500)]
    text = "\n".join([f"slug,name,kind,country,{SOURCE}", *rows])
    said = town.civic("import", "-", "--input", "csv", "--type", "body-registered", "-y", stdin=text)
    first, *others = said.err.splitlines()
    assert first == (
        "-:2: row: has 8 cells under 7 columns: name column 8 in the heading, or empty it; a cell with a separator in "
        "it is put between quotation marks (and so lines 3-500)"
    )
    assert (said.code, [one for one in others if one.startswith("-:")]) == (4, [])
    words = ["import", "-", "--input", "csv", "--type", "body-registered", "-y", "--errors", "json"]
    assert len(town.civic(*words, stdin=text).err.splitlines()) == 500


def test_faults_that_differ_are_reported_apart(town: Visitor) -> None:
    """And those of a few lines, each with its own."""
    faulty = [line("note-added", text="x", colour="red"), line("note-added", text=1), line("note-added", colour="red")]
    file = town.file("f.jsonl", [*faulty, line("note-added", text="x", colour="red", evidence=EVIDENCE)])
    said = town.civic("import", file, "--yes").err.splitlines()
    assert [one.split(" ")[0] for one in said if one.startswith("f.jsonl")] == [
        "f.jsonl:1:", "f.jsonl:2:", "f.jsonl:3:", "f.jsonl:3:", "f.jsonl:4:",
    ]  # fmt: skip
