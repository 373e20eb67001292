"""Importing what a spreadsheet or an editor holds: CSV and YAML are judged, told and left out as lines of JSON are."""

import json
import os
import pty
import subprocess
import sys

import pytest

from ledger.cli import importing
from ledger.cli.main import run
from ledger.interchange import strict_yaml
from tests.cli.visitor import CIVIC, LINK, PATIENCE, Visitor

SOURCE = "source,source_title,source_grade,source_published"
TOLD = "register,Register of towns,council,2026"
TOWNS = f"""\
slug,name,kind,country,names,{SOURCE}
minsk,Minsk,city,BY,,{TOLD}
volzhsky,"Volzhsky
",city,RU,,register,,,
kyiv,Kyiv,city,UA,Kiev:../1991,register,,,
"""
RESUMED = f"""\
sources:
  may: {{title: Minutes of May, grade: official, published: 2024-06}}
entries:
- type: motion-carried
  source: may:item 3
  event:
    motion: coventry/2024-05-01/resume
    on: 2024-05-01
    vote: for=33,against=20
- type: link-resumed
  source: may
  event:
    link: {LINK}
    on: 01/05/2024
    by: coventry
    authority: resolution:coventry/2024-05-01/resume
"""
NOTHING = {"appended": 0, "already": 0, "rejected": 0, "position": 0}


def write(town: Visitor, name: str, text: str) -> str:
    """Write a file into the folder of a visitor; returns its name."""
    (town.folder / name).write_bytes(text.encode())
    return name


def whole(text: str) -> str:
    """The file without its mistake."""
    return text.replace('"Volzhsky\n"', "Volzhsky").replace("01/05/2024", "2024-05-01")


# All or nothing


def test_one_bad_row_keeps_all_out(town: Visitor) -> None:
    """A file of which one row is bad leaves the ledger as it was, and tells the line on which the row begins."""
    before = town.entries
    said = town.civic("import", write(town, "towns.csv", TOWNS), "--type", "body-registered", "--yes")
    assert (said.code, said.out) == (4, "")
    assert said.err.splitlines()[0] == "towns.csv:3: name: holds a line break or a tab: write it on one line"
    assert "error: 1 row is bad, of 3 in towns.csv; nothing was written" in said.err
    assert town.entries == before


def test_one_bad_entry_keeps_all_out(town: Visitor) -> None:
    """Of YAML, the line of the very field is told."""
    before = town.entries
    said = town.civic("import", write(town, "resumed.yaml", RESUMED), "--yes")
    assert (said.code, said.out) == (4, "")
    assert said.err.splitlines()[0].startswith("resumed.yaml:14: on: '01/05/2024' is not one date")
    assert "error: 1 entry is bad, of 2 in resumed.yaml; nothing was written" in said.err
    assert town.entries == before


def test_what_cannot_be_read_at_all_is_told(town: Visitor) -> None:
    """A heading or a syntax that stops the reading is told with its line, also as JSON, and also with --rejects."""
    file = write(town, "towns.csv", TOWNS.replace("kind,", "colour,"))
    said = town.civic("import", file, "--type", "body-registered", "--yes", "--rejects", "bad.csv")
    assert [one.split(" ")[0] for one in said.err.splitlines()[:2]] == ["towns.csv:1:", "towns.csv:1:"]
    assert (said.code, "towns.csv cannot be read; nothing was written" in said.err) == (4, True)
    said = town.civic("import", write(town, "x.yml", RESUMED + "\t- a"), "--yes", "--errors", "json")
    first = json.loads(said.err.splitlines()[0])
    assert (said.code, first["file"], first["line"], first["field"]) == (4, "x.yml", 17, "yaml")
    assert not (town.folder / "bad.csv").exists()


def test_good_files_are_recorded_and_again_change_nothing(town: Visitor) -> None:
    """What was imported is on record: the same files again write nothing, though the ledger knows more by then."""
    write(town, "towns.csv", whole(TOWNS))
    write(town, "resumed.yml", whole(RESUMED))
    csv = ["import", "towns.csv", "--type", "body-registered", "--yes"]
    assert town.done(*csv).rows == [{"appended": 3, "already": 0, "rejected": 0, "position": 26}]
    assert town.done("import", "resumed.yml", "--yes").rows[0]["appended"] == 2
    known = ["-s", "register", "--source-publisher", "The Register Office", "-y"]
    town.done("record", "body-renamed", "minsk", "--on", "1939", "--name", "Minsk", *known)
    before = town.entries
    assert town.done(*csv).rows[0]["already"] == 3
    assert town.done("import", "resumed.yml", "--yes").rows[0]["already"] == 2
    assert town.entries == before
    assert town.done("show", "kyiv").rows[0]["name"] == "Kyiv"
    assert town.done("show", LINK).rows[0]["standing"] == "active"


# What can be asked for


def test_rejects_are_written_in_the_form_they_came_in(town: Visitor) -> None:
    """The rows that were left out stand in a new file under their heading, and go in once they are mended."""
    file = write(town, "towns.csv", "\ufeff" + TOWNS.replace("\n", "\r\n"))
    words = ["--type", "body-registered", "--yes"]
    said = town.done("import", file, *words, "--rejects", "bad.csv")
    assert (said.rows[0]["appended"], said.rows[0]["rejected"]) == (2, 1)
    rejects = (town.folder / "bad.csv").read_bytes().decode()
    assert rejects.split("\n") == [
        "\ufeffslug,name,kind,country,names," + SOURCE, 'volzhsky,"Volzhsky\r', '",city,RU,,register,,,', "",
    ]  # fmt: skip
    assert town.civic("import", "bad.csv", *words).code == 4
    write(town, "bad.csv", rejects.replace('"Volzhsky\r\n"', "Volzhsky"))
    assert town.done("import", "bad.csv", *words).rows[0]["appended"] == 1


def test_rejected_entries_keep_their_sources(town: Visitor) -> None:
    """The entries that were left out stand under the sources that they name, and go in once they are mended."""
    file = write(town, "resumed.yaml", RESUMED)
    assert town.done("import", file, "--yes", "--rejects", "bad.yaml").rows[0]["rejected"] == 1
    rejects = (town.folder / "bad.yaml").read_text()
    given, left_out = (strict_yaml.loads(text.encode()).value for text in (RESUMED, rejects))
    assert isinstance(given, dict)
    assert left_out == {"sources": given["sources"], "entries": given["entries"][1:]}
    write(town, "bad.yaml", whole(rejects))
    assert town.done("import", "bad.yaml", "--yes").rows[0]["appended"] == 1


def test_a_dry_run_writes_nothing(town: Visitor) -> None:
    """Every row is judged, also by the rules, and no file is made."""
    before = town.entries
    unknown = f"link,on,by,{SOURCE}\ncoventry--nowhere,2024,coventry,{TOLD}"
    said = town.civic("import", write(town, "x.csv", unknown), "--type", "link-ended", "-n", "--rejects", "bad.csv")
    assert (said.rows[0]["rejected"], said.rows[0]["dry_run"]) == (1, True)
    assert "[record/known]" in said.err
    assert said.err.startswith("x.csv:2: ")
    assert town.done("import", write(town, "x.yaml", whole(RESUMED)), "-n").rows[0]["appended"] == 2
    assert not (town.folder / "bad.csv").exists()
    assert town.entries == before


def test_standard_input_has_no_ending(town: Visitor) -> None:
    """What comes by standard input is JSON Lines, unless --input says otherwise."""
    rows = whole(TOWNS)
    assert town.civic("import", "-", "--type", "body-registered", "--yes", stdin=rows).code == 2
    said = town.done("import", "-", "--input", "csv", "--type", "body-registered", "--yes", stdin=rows)
    assert said.rows[0]["appended"] == 3
    assert town.done("import", "-", "--input", "yaml", "--yes", stdin=whole(RESUMED)).rows[0]["appended"] == 2
    said = town.civic("import", "-", "--input", "yaml", "--yes", stdin=RESUMED)
    assert (said.code, said.err[:8]) == (4, "-:14: on")


def test_the_form_is_as_the_name_ends(town: Visitor) -> None:
    """In capitals too; --input wins; a name that says nothing holds JSON Lines."""
    words = ["--type", "body-registered", "--yes"]
    assert town.done("import", write(town, "TOWNS.CSV", whole(TOWNS)), *words).rows[0]["appended"] == 3
    assert town.done("import", write(town, "towns.txt", whole(TOWNS)), *words, "--input", "csv").rows[0]["already"] == 3
    assert "--type goes with csv, and this is jsonl" in town.civic("import", "towns.txt", *words).err
    assert town.civic("import", write(town, "t.YML", whole(RESUMED)), "-n").code == 0


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        ("import towns.csv --yes", "name it: --type link-suspended"),
        ("import towns.csv --yes --type twinning", "did you mean link-formed?"),
        ("import resumed.yaml --yes --type link-formed", "each entry names its own type"),
        ("export csv", "name it: --type link-suspended"),
        ("export csv --type suspend", "did you mean link-suspended?"),
        ("export jsonl --type link-formed", "leave it out"),
    ],
)
def test_a_wrong_word_is_answered(words: str, mend: str, town: Visitor) -> None:
    """What is missing or too much is said, with the way to mend it."""
    write(town, "towns.csv", TOWNS)
    write(town, "resumed.yaml", RESUMED)
    said = town.civic(*words.split())
    assert (said.code, mend in said.err) == (2, True), said


def test_parts_share_their_sources(
    town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A source that the first part tells of is known in the next; the rejects of all parts have one heading."""
    monkeypatch.setattr(importing, "PART", 2)
    monkeypatch.chdir(town.folder)
    rows = [f"town-{number * 37},{number}. Town,city,GB,,register,,," for number in range(1, 6)]
    rows[2] = rows[2].replace("city", "City")
    rows[4] = rows[4].replace("GB", "UK!")
    write(town, "towns.csv", "\n".join([*whole(TOWNS).splitlines(), *rows]))
    words = ["import", "towns.csv", "--type", "body-registered", "--yes", "--ledger", "town.ledger"]
    assert run(words) == 2
    assert "more than 2 rows" in capfd.readouterr().err
    assert run([*words, "--in-parts", "--rejects", "bad.csv"]) == 0
    said = capfd.readouterr()
    assert json.loads(said.out) == {"appended": 6, "already": 0, "rejected": 2, "position": 29}
    assert [one.split(" ")[0] for one in said.err.splitlines()] == ["towns.csv:7:", "towns.csv:9:"]
    assert (town.folder / "bad.csv").read_text().splitlines() == [TOWNS.splitlines()[0], rows[2], rows[4]]


def test_parts_of_yaml_leave_rejects_under_one_head(
    town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is left out of several parts stands in one file that can be imported again."""
    monkeypatch.setattr(importing, "PART", 1)
    monkeypatch.chdir(town.folder)
    write(town, "resumed.yaml", RESUMED.replace("on: 2024-05-01", "on: 01.05.2024"))
    words = ["--yes", "--ledger", "town.ledger"]
    assert run(["import", "resumed.yaml", *words, "--in-parts", "--rejects", "bad.yaml"]) == 0
    assert json.loads(capfd.readouterr().out)["rejected"] == 2
    write(town, "bad.yaml", whole((town.folder / "bad.yaml").read_text()).replace("01.05.2024", "2024-05-01"))
    monkeypatch.undo()
    assert town.done("import", "bad.yaml", "--yes").rows[0]["appended"] == 2


def test_a_file_of_nothing_but_a_heading_is_no_mistake(town: Visitor) -> None:
    """An export of no entries can be imported; a list of no entries too."""
    heading = town.done("export", "csv", "--type", "body-renamed").out
    assert town.done("import", "-", "--input", "csv", "--type", "body-renamed", "-y", stdin=heading).rows == [NOTHING]
    assert town.done("import", "-", "--input", "yaml", "-y", stdin="entries: []").rows == [NOTHING]


# A roll call


def test_a_vote_is_recorded_from_a_roll_call(town: Visitor) -> None:
    """The names stand in a file beside the command; the figures follow from them, or are typed."""
    write(town, "votes.csv", "person,vote\nA Ash,for\nB Birch,for\nC Cole,against\n")
    words = ["record", "motion-carried", "coventry/2022-03-22/park", "--on", "2022-03-22", "-s", "coventry-news"]
    line = town.done(*words, "--vote", "@votes.csv", "-n").rows[0]
    assert line["event"]["vote"] == {
        "for": 2,
        "against": 1,
        "names": [
            {"person": "A Ash", "vote": "for"},
            {"person": "B Birch", "vote": "for"},
            {"person": "C Cole", "vote": "against"},
        ],
        "names_complete": True,
    }
    line = town.done(*words, "--vote", "present=4,names_complete=no,for=3,@votes.csv", "-n").rows[0]
    assert {name: line["event"]["vote"][name] for name in ("for", "present")} == {"for": 3, "present": 4}
    said = town.civic(*words, "--vote", "@gone.csv", "-n")
    assert (said.code, "gone.csv cannot be read" in said.err) == (2, True)


def test_the_words_of_roll_calls_are_printed_and_obeyed(town: Visitor) -> None:
    """`civic schema vote` lists each word in each format, and a chart in such words is recorded and shown."""
    listed = [json.loads(line) for line in town.done("schema", "vote").out.splitlines()]
    assert {"of": "vote", "means": "recused"} in [{name: one[name] for name in ("of", "means")} for one in listed]
    for form in ("table", "json", "csv", "tsv", "md"):
        assert "conflict of interest" in " ".join(town.done("schema", "vote", "-f", form).out.split())
    write(town, "chart.csv", "Motion,A Ash,B Birch,C Cole\nPark,TRUE,Nay,Recused\nPool,Yes,Yes,?\n")
    words = ["record", "motion-carried", "coventry/2022-03-22/park", "--on", "2022-03-22", "-s", "coventry-news", "-y"]
    said = town.civic(*words, "--vote", "@chart.csv,motion=Pool")
    assert (said.code, "chart.csv:3: C Cole: '?' is not a word for a vote" in said.err) == (2, True)
    vote = "@chart.csv,motion=Park,casting_vote=for:The Lord Mayor,threshold=2-votes"
    town.done(*words, "--vote", vote)
    out = " ".join(town.done("show", "coventry/2022-03-22/park", "-f", "table").out.split())
    assert "1 for, 1 against, 1 declared an interest, casting vote for by The Lord Mayor, 3 named, threshold 2" in out
    assert "recused: C Cole" in out


# Out again


def test_an_export_of_rows_goes_into_another_ledger(town: Visitor) -> None:
    """Event by event, what was exported as CSV and imported elsewhere has the same ids, and answers alike."""
    types = sorted({str(row["type"]).split("/")[0] for row in town.export()})
    other = Visitor(town.folder / "other")
    other.folder.mkdir()
    other.done("init", "town.ledger")
    in_turn = ["body", "meeting", "motion", "link-formed", "link", "suspension", "letter"]
    types.sort(key=lambda name: next((n for n, start in enumerate(in_turn) if name.startswith(start)), len(in_turn)))
    for name in types:
        town.done("export", "csv", "--type", name, "-o", other.folder / f"{name}.csv")
        other.done("import", f"{name}.csv", "--type", name, "--yes")
    assert other.export() == town.export()
    assert other.dump() == town.dump()


def test_an_export_overwrites_nothing_and_leaves_nothing_half_done(town: Visitor) -> None:
    """A file that is there stays; where an entry cannot be told in a row, none is made, and nothing is printed."""
    write(town, "there.csv", "mine")
    assert town.civic("export", "csv", "--type", "link-formed", "-o", "there.csv").code == 5
    about = [f"coventry--{name}" for name in ("volgograd", "mariupol")] * 50
    line: dict[str, object] = {
        "type": "note-added", "evidence": [{"title": "Us", "grade": "council"}],
        "event": {"text": "Of both.", "about": about},
    }  # fmt: skip
    town.done("import", town.file("f.jsonl", [line]), "--yes")
    said = town.civic("export", "csv", "--type", "note-added")
    assert (said.code, said.out) == (4, "")
    assert "entry 24 cannot be told in a row of CSV" in said.err
    assert "civic export jsonl" in said.err
    assert town.civic("export", "csv", "--type", "note-added", "-o", "new.csv").code == 4
    assert not (town.folder / "new.csv").exists()


def test_a_terminal_is_shown_nothing_that_it_would_obey(town: Visitor) -> None:
    """On a terminal, hidden characters of recorded text are shown as such; in a file they are as recorded."""
    hidden = 'slug,name,kind,country,source\nminsk,"Min\u202esk",city,BY,coventry-news\n'
    town.done("import", "-", "--input", "csv", "--type", "body-registered", "-y", stdin=hidden)
    words = ["export", "csv", "--type", "body-registered"]
    assert "Min\u202esk" in town.done(*words).out
    ours, theirs = pty.openpty()
    subprocess.run([CIVIC, *words], cwd=town.folder, env=town.environment, stdout=theirs, check=True, timeout=PATIENCE)
    os.close(theirs)
    shown = os.read(ours, 2**16).decode()
    os.close(ours)
    assert "Min\\u202esk" in shown


# What it costs

PROGRAM = """\
import sys
from ledger.cli.main import run
run(sys.argv[1:])
print(*sorted({"yaml", "lxml", "pypdf"} & sys.modules.keys()), "done", file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "imported"),
    [
        ("import towns.csv --type body-registered -y", "done"),
        ("import lines.jsonl -y", "done"),
        ("export csv --type body-registered", "done"),
        ("record body-renamed minsk --on 1939 --name Minsk -s coventry-news -y", "done"),
        ("import resumed.yaml -n", "yaml done"),
    ],
)
def test_each_form_brings_only_its_own_library(words: str, imported: str, town: Visitor) -> None:
    """Who imports or records otherwise does not wait for the library of YAML, nor for those of documents."""
    write(town, "towns.csv", whole(TOWNS))
    write(town, "resumed.yaml", whole(RESUMED))
    write(town, "lines.jsonl", "")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words.split()], cwd=town.folder, env=town.environment, capture_output=True,
        text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == imported
