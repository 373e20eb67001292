"""The forms of a file: what is typed in short, a row of CSV and an entry of YAML say what a line of JSON says."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import EVENTS
from domain.characters import is_blank
from domain.dates import Date
from domain.entry import Draft, Entry, UnknownEvent
from domain.records import Instead
from domain.samples import EVIDENCE, PARTICULARS, sample
from domain.values import Authority, Evidence, Override, SourceName, Vote
from ledger import codec
from ledger.errors import LinesRefused, UsageError
from ledger.interchange import csv_export, csv_rows, jsonl, short, strict_yaml
from ledger.interchange.csv_form import CSVForm
from ledger.interchange.forms import FileFault, Form
from ledger.interchange.jsonl import LineFault
from ledger.interchange.sources import Sources
from ledger.interchange.yaml_form import YAMLForm
from tests.books import ROOT

KNOWN: dict[str, dict[str, Any]] = {
    "minutes": {"source": "minutes", "title": "Minutes", "grade": "official", "published": "2022-03-30"}
}
"""The sources of which the ledger knows."""
SOURCE = "source,source_title,source_grade"
TOLD = "bbc,Twin town,press"


def csv_form(event: str) -> CSVForm:
    """The form of a file of one event, beside a ledger that knows some sources."""
    return CSVForm(EVENTS[event], Sources(KNOWN.get))


def yaml_form() -> YAMLForm:
    """The form of a file of YAML, beside the same ledger."""
    return YAMLForm(Sources(KNOWN.get))


def drafts(form: Form, text: str | bytes) -> list[Draft]:
    """What a file says."""
    content = text if isinstance(text, bytes) else text.encode()
    return [form.read(piece) for piece in form.pieces(jsonl.bounded(io.BytesIO(content)))]


def told(form: Form, text: str | bytes) -> list[str]:
    """What is said against a file, `LINE: FIELD: MESSAGE` each."""
    content = text if isinstance(text, bytes) else text.encode()
    found = []
    try:
        for piece in form.pieces(jsonl.bounded(io.BytesIO(content))):
            try:
                form.read(piece)
            except LineFault as fault:
                found += [(one.line or piece.number, one) for one in fault.faults]
    except FileFault as fault:
        found += fault.faults
    return [f"{line}: {one.field}: {one.message}" for line, one in found]


def particulars(draft: Draft) -> dict[str, Any]:
    """The fields that a draft gives."""
    return draft.event.particulars()


# Short forms


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Vote, "unanimous", {"unanimous": True}),
        (Vote, "for=33, against=20, no-vote-cast=1", {"for": 33, "against": 20, "no_vote_cast": 1}),
        (Vote, "for=33,method=roll-call,note=a=b", {"for": 33, "method": "roll-call", "note": "a=b"}),
        (Vote, '{"for": 33, "names": []}', {"for": 33, "names": []}),
        (Vote, 'for=33,"note=One left, late"', {"for": 33, "note": "One left, late"}),
        (Vote, "casting-vote=for:The Lord Mayor", {"casting_vote": {"by": "The Lord Mayor", "way": "for"}}),
        (
            Vote,
            '"casting_vote=against:Bo, chair: ad interim"',
            {"casting_vote": {"by": "Bo, chair: ad interim", "way": "against"}},
        ),
        (Vote, "threshold=2/3-of-cast", {"threshold": {"share": "2/3", "of": "cast"}}),
        (
            Vote,
            "threshold=2/3 of present:two thirds",
            {"threshold": {"share": "2/3", "of": "present", "words": "two thirds"}},
        ),
        (Vote, "threshold=more-than-3/5-of-seats", {"threshold": {"share": "3/5", "of": "seats", "more_than": True}}),
        (Vote, "threshold=majority-of-seats", {"threshold": {"share": "1/2", "of": "seats", "more_than": True}}),
        (Vote, "threshold=8-votes", {"threshold": {"votes": 8}}),
        (Vote, "threshold=8 votes:8 Votes Required", {"threshold": {"votes": 8, "words": "8 Votes Required"}}),
        (Vote, "threshold=eight votes", {"threshold": "eight votes"}),
        (Vote, "threshold=absolute majority", {"threshold": "absolute majority"}),
        (Authority, "executive", {"power": "executive"}),
        (Authority, "resolution:x/2022/y", {"power": "resolution", "reference": "x/2022/y"}),
        (Date, "2022-03-23..2022-04-04", "[2022-03-23..2022-04-04]"),
        (bool, "TRUE", True),
        (bool, "no", False),
        (int, "54", 54),
        (Instead, "nothing", None),
    ],
)
def test_a_short_form_is_read(kind: object, text: str, value: object) -> None:
    """What a person writes is what JSON has in full."""
    assert short.read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Vote, "33-20"), (Vote, "for=33,for=34"), (Vote, "for="), (Vote, "for=-1"), (Vote, "for=33.0"),
        (Vote, "for=12345678"), (Vote, "casting_vote=1"), (Vote, "casting_vote=for"), (Vote, "casting_vote=yes:Chair"),
        (Vote, "threshold=8"), (Vote, "threshold=2/3"), (Vote, "threshold=66 %"), (Vote, '"note=x'),
        (Vote, "motion=CA-1"),
        (Vote, "for=٣"), (Vote, "{for: 33}"), (Vote, ""),
        (Authority, "resolution:ukraine"), (Date, "03/04/2022"), (bool, "maybe"), (bool, ""), (Instead, "on=1944"),
    ],
)  # fmt: skip
def test_what_is_no_short_form_is_refused(kind: object, text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"."):
        short.read(kind, text)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Vote, {"unanimous": True}),
        (Vote, {"unanimous": False, "for": 3}),
        (Vote, {"for": 3, "note": "one, two"}),
        (Vote, {"note": " blanks "}),
        (Vote, {"threshold": "8 votes"}),
        (Vote, {"threshold": {"share": "1/2", "of": "seats", "more_than": True, "words": "half, and more"}}),
        (Vote, {"casting_vote": {"by": "The Lord Mayor", "way": "for"}, "threshold": {"votes": 8}, "unanimous": True}),
        (Vote, {"for": 3, "names_complete": True, "names": [{"person": "A", "vote": "for"}]}),
        (Authority, {"power": "civic-office", "office": "Lord Mayor"}),
        (short.kind_of(EVENTS["body-registered"].model_fields["names"].annotation).of, {"name": "A: B"}),
    ],
)
def test_what_has_no_short_form_is_written_in_full(kind: object, value: Mapping[str, Any]) -> None:
    """Whatever is written is read as the same."""
    assert short.read(kind, short.written(kind, value)) == value


# A roll call


def roll(folder: Path, *lines: str) -> str:
    """A file of votes; returns its name."""
    path = folder / "votes.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_a_roll_call_gives_names_and_figures(tmp_path: Path) -> None:
    """A roll call names all who voted, so the figures follow; nobody listed as absent says nothing of the absent."""
    path = roll(tmp_path, "person,vote,party,proxy_for", "A Ash,for,Green,", "B Birch,abstained,,", "A Ash,for,,C Cole")
    assert short.read(Vote, f"present=3,@{path}", files=True) == {
        "for": 2,
        "against": 0,
        "abstained": 1,
        "present": 3,
        "names": [
            {"person": "A Ash", "vote": "for", "party": "Green"},
            {"person": "B Birch", "vote": "abstained"},
            {"person": "A Ash", "vote": "for", "proxy_for": "C Cole"},
        ],
        "names_complete": True,
    }


def test_figures_that_were_typed_stand_beside_a_roll_call(tmp_path: Path) -> None:
    """What the clerk says of the figures is not overruled by a file: if they differ, the rules ask why."""
    path = roll(tmp_path, "person,vote,weight", "A,for,3", "B,against,")
    assert short.vote(f"for=33,@{path}", files=True)["for"] == 33
    assert short.vote(f"@{path}", files=True)["for"] == 3
    partial = short.vote(f"names_complete=no,for=33,@{path}", files=True)
    assert (partial["for"], partial["names_complete"], "against" in partial) == (33, False, False)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["person,vote", "A,for", "B,maybe"], "3: vote: 'maybe' is not a word for a vote"),
        (["person,vote", "A Ash,for", "a  ash,against"], "3: person: 'a ash' has voted above"),
        (["person,vote", "A,"], "2: vote: is missing"),
        (["person,vote", "A"], "2: vote: is missing"),
        (["person,vote,vote", "A,for,for"], "two columns hold the same as vote"),
        (["person,vot", "A,fir"], "2: vot: 'fir' is not a word for a vote"),
        (["persons,vote", "A,for"], "the headings show no roll call: persons, vote"),
        (["person,vote,wieght", "A,for,2"], "these columns are not known: wieght; leave them out with ignore=wieght"),
        (["person,vote,weight", "A,for,x"], "2: weight: 'x' is not a number"),
        (["person,vote"], "names nobody"),
        ([""], "is empty"),
    ],
)
def test_a_faulty_roll_call_is_told_by_line(lines: Sequence[str], message: str, tmp_path: Path) -> None:
    """Whatever is wrong with a row is told with its line, and no name is taken."""
    with pytest.raises(UsageError) as refused:
        short.vote(f"@{roll(tmp_path, *lines)}", files=True)
    assert message in refused.value.what


def test_a_roll_call_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A name that no file has is a slip of the clerk, not a bug."""
    with pytest.raises(UsageError, match=r"gone\.csv cannot be read"):
        short.vote(f"@{tmp_path}/gone.csv", files=True)


# CSV


def test_a_row_says_what_a_line_says() -> None:
    """A column is called like its field, takes its short form, and a list takes a column for each member."""
    (draft,) = drafts(
        csv_form("motion-carried"),
        f"motion,on,vote,resolutions,resolutions_2,about,key,override,{SOURCE},source_published\r\n"
        'x/2022/m,..2022-03-22,"for=33,against=20","Pause\r\nthe link; or end it","=SUM(A1)",x--y,k,'
        f"link/transition:Why: so,{TOLD},2022-03\r\n",
    )
    assert particulars(draft) == {
        "motion": "x/2022/m",
        "on": "[..2022-03-22]",
        "vote": {"for": 33, "against": 20},
        "resolutions": ["Pause\nthe link; or end it", "=SUM(A1)"],
        "about": ["x--y"],
    }
    assert draft.key == "k"
    assert [(one.rule, one.reason) for one in draft.overrides] == [("link/transition", "Why: so")]
    assert codec.as_json(draft.evidence) == [
        {"title": "Twin town", "grade": "press", "source": "bbc", "published": "2022-03"}
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff", "\n\n"])
def test_files_are_read_as_spreadsheets_save_them(mark: str, end: str, begin: str) -> None:
    """With a byte order mark or without, in any country's commas, with empty rows at the end."""
    lines = [mark.join(row.split(",")) for row in (f"slug,on,name,{SOURCE}", f"x,2022,A. Town,{TOLD}", ",,,,,", "")]
    (draft,) = drafts(csv_form("body-renamed"), begin + end.join(lines))
    assert particulars(draft) == {"slug": "x", "on": "2022", "name": "A. Town"}


def test_a_source_is_told_once() -> None:
    """A source that the ledger or an earlier row tells of needs its name alone; what belongs to a row stays there."""
    rows = [
        f"slug,on,name,{SOURCE},source_published,source_locator,source_quote",
        "x,2020,A,bbc,Twin town,press,2021,page 3,So named.",
        "x,2021,B,bbc,,,,,",
        "x,2022,C,minutes:item 4,,,,,",
        "x,2023,D,bbc,Twin town,press,,,",
    ]
    found = [codec.as_json(draft.evidence)[0] for draft in drafts(csv_form("body-renamed"), "\n".join(rows))]
    bbc = {"title": "Twin town", "grade": "press", "source": "bbc", "published": "2021"}
    assert found == [
        {**bbc, "locator": "page 3", "quote": "So named."},
        bbc,
        {"title": "Minutes", "grade": "official", "source": "minutes", "published": "2022-03-30", "locator": "item 4"},
        bbc,
    ]


def test_several_sources_stand_side_by_side() -> None:
    """A second source has columns of its own, with the number behind."""
    (draft,) = drafts(
        csv_form("body-renamed"),
        f"slug,on,name,{SOURCE},source_2,source_title_3,source_grade_3\nx,2022,A,{TOLD},minutes,Page,council",
    )
    assert [source.title for source in draft.evidence] == ["Twin town", "Minutes", "Page"]


def test_what_a_file_tells_in_full_is_not_mended_from_the_ledger() -> None:
    """The same file says the same when it is imported again, though the ledger has learned more since."""
    (draft,) = drafts(csv_form("body-renamed"), f"slug,on,name,{SOURCE}\nx,2022,A,minutes,Minutes,official")
    assert codec.as_json(draft.evidence) == [{"title": "Minutes", "grade": "official", "source": "minutes"}]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["1: heading: is missing: the first line names the columns"]),
        ("\ufeff", ["1: heading: is missing: "]),
        ("slug,on,name,colour", ["1: heading: 'colour' is not a column of body-renamed; they are id, key, slug, on"]),
        ("slug,on,name,name", ["1: heading: the column name stands twice"]),
        ("slug,on,name,name_2", ["1: heading: there is no 'name_2': an entry has but one name"]),
        ("slug,on,name,source_1", ["1: heading: 'source_1' is not a column"]),
        ("slug,on,,name", ["1: heading: column 3 has no name"]),
        ("slug,name", ["1: heading: the column on is missing: no body-renamed is without it"]),
        ('slug,on,"na', ["1: heading: a quotation mark is opened in this row and never closed"]),
        ("slug,on,name\rx,2022,A", ["1: heading: the lines end in CR alone"]),
        (b"\xff\xfes\0l\0u\0g\0", ["1: heading: the file is in UTF-16"]),
        (b"s\0l\0u\0g\0", ["1: heading: there is a NUL byte"]),
        (b"slug,on,n\xe4me", ["1: heading: byte 10 of the row is not UTF-8"]),
    ],
)
def test_a_heading_that_cannot_be_read_is_told(text: str | bytes, faults: list[str]) -> None:
    """Without its heading, no row of a file can be understood."""
    found = told(csv_form("body-renamed"), text)
    assert len(found) == len(faults), found
    assert all(one.startswith(fault) for one, fault in zip(found, faults, strict=True)), found


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("x,2022", ["2: row: has 2 cells under 6 columns"]),
        (f"x,2022,A,{TOLD},9", ["2: row: has 7 cells under 6 columns: name column 7 in the heading, or empty it"]),
        (f'x,2022,"A"B,{TOLD}', ["2: row: cell 3 has a quotation mark too few or too many"]),
        (f'x,2022,A 5" gun,{TOLD}', ["2: row: a quotation mark is opened in this row and never closed"]),
        (f'x,2022,A "B" C,{TOLD}', ["2: row: cell 3 has a quotation mark too few"]),
        (f"x,2022,A\0,{TOLD}", ["2: row: there is a NUL byte"]),
        (f"x,2022,A\a,{TOLD}", ["2: name: holds the control character \\x07"]),
        (f'x,2022,"A\nB",{TOLD}', ["2: name: holds a line break"]),
        (f"x,2022, ,{TOLD}", ["2: name: is empty"]),
        (f"x,,A,{TOLD}", ["2: on: is missing"]),
        (f"x y,03/04/2022,A,{TOLD}", ["2: on: '03/04/2022' is not one date", "2: slug: 'x y' is not a body's"]),
        ("x,2022,A,,,", ["2: source: is empty: give at least one source"]),
        ("x,2022,A,bbc,,", ["2: source_title: is missing: the source bbc is new here"]),
        ("x,2022,A,bbc,Twin town,good", ["2: source_grade: 'good' is not one of official"]),
        ("x,2022,A,b c,Twin town,press", ["2: source: 'b c' is not a source's short name"]),
        ("x,2022,A,minutes,Other,", ["2: source_title: the source minutes is known with title 'Minutes', not 'Other'"]),
    ],
)
def test_a_bad_row_is_told_by_line_and_column(row: str, faults: list[str]) -> None:
    """What is wrong is told where the clerk finds it, and once."""
    found = told(csv_form("body-renamed"), f"slug,on,name,{SOURCE}\n{row}\n")
    assert len(found) == len(faults), found
    assert all(one.startswith(fault) for one, fault in zip(found, faults, strict=True)), found


@pytest.mark.parametrize("begin", ["", "sep=;\n", '"sep=;"\r\n', "\ufeffsep=;\n", "sep=;;;;;;;\n\n"])
@pytest.mark.parametrize("padding", ["", ";", ";;;", "; ;"])
def test_what_spreadsheets_add_is_read_past(begin: str, padding: str) -> None:
    """A line that names the separator, blanks around the names, and empty cells at the end of each row."""
    heading = " slug;on ; name;source;source_title;source_grade"
    for above in (padding, ""):
        rows = f"{begin}{heading}{above}\nx;2022;A. Town;bbc;Twin town;press{padding}\n"
        (draft,) = drafts(csv_form("body-renamed"), rows)
        assert particulars(draft) == {"slug": "x", "on": "2022", "name": "A. Town"}


@pytest.mark.parametrize("preamble", ["Springfield Town Council\n", "Bodies,,\nas of,2026-01-01,\n\n", "name,a,b,c\n"])
def test_a_preamble_is_refused_once_with_the_line_of_the_heading(preamble: str) -> None:
    """One message says where the heading is, instead of one for each of its columns that is missing."""
    number = preamble.count("\n") + 1
    (fault,) = told(csv_form("body-renamed"), f"{preamble}slug,on,name,{SOURCE}\nx,2022,A,{TOLD}\n")
    assert fault == (
        f"1: heading: line 1 does not name the columns, and line {number} does: delete the lines above line {number}"
    )


def test_the_separator_line_is_kept_with_what_is_left_out() -> None:
    """The file of rejected rows can be imported as the first one was."""
    form = csv_form("body-renamed")
    text = f"sep=;\n{f'slug,on,name,{SOURCE}'.replace(',', ';')}\nx;2022;A;bbc;Twin town;press\n"
    pieces = list(form.pieces(io.BytesIO(text.encode())))
    assert form.written(pieces, headed=True) == text.encode()


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """A cell with line breaks moves the rows behind it; each is told by the line at which it begins."""
    rows = [f"slug,on,name,note,{SOURCE}", f'x,2021,A,"one\ntwo\n\nthree",{TOLD}', "", f"x,2022,,,{TOLD}"]
    assert told(csv_form("body-renamed"), "\n".join(rows)) == ["7: name: is missing"]


def test_the_members_of_a_list_are_told_by_their_columns() -> None:
    """Of several columns for one list, the one that is wrong is named."""
    heading = f"motion,on,about,about_2,override,override_2,{SOURCE},source_2,source_grade_2"
    row = f"x/2022/m,2022,x--y,X,link/transition:Because,Because,{TOLD},minutes,press"
    found = told(csv_form("motion-carried"), f"{heading}\n{row}")
    assert sorted(one.split(": ")[1] for one in found) == ["about_2", "override_2", "source_grade_2"]
    twice = "slug,name,kind,country,identifiers,identifiers_2,source\nx,X,city,GB,gss:1,gss:2,minutes"
    assert told(csv_form("body-registered"), twice) == ["2: identifiers: names one scheme twice"]


def test_a_cell_opens_no_other_file(tmp_path: Path) -> None:
    """Data from outside must not make the ledger read the clerk's files."""
    path = roll(tmp_path, "person,vote", "A,for")
    found = told(csv_form("motion-carried"), f"motion,on,vote,source\nx/2022/m,2022,@{path},minutes")
    assert [one.split(": ")[1] for one in found] == ["vote"]
    assert "a file cannot name another file" in found[0]


def test_a_row_without_end_is_given_up() -> None:
    """A quotation mark that is never closed does not take the whole file into memory, nor does a line without end."""
    head = f"slug,on,name,{SOURCE}\n".encode()
    (fault,) = told(csv_form("body-renamed"), head + b'x,2022,"A\n' + b"x" * 80 + b"\n" * 10)
    assert fault.startswith("2: row: a quotation mark is opened")
    lines = [b'x,2022,"A\n', *[b"y" * 2**20] * 9]
    found = list(csv_rows.rows(lines))
    assert not found[0].whole
    assert all(len(row.raw) <= csv_rows.LONGEST + 2**20 for row in found)
    (fault,) = told(csv_form("body-renamed"), head + b"x" * (2**20 + 1))
    assert fault.startswith("2: row: a line of more than")


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\r\0", codec="utf-8")), min_size=2, max_size=4)))
def test_whatever_a_spreadsheet_writes_is_read(cells: list[list[str]]) -> None:
    """Cells written by another library come back as they were, with the line at which each row begins."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    line, expected = 2, []
    buffer.write("heading\r\n")
    for row in cells:
        writer.writerow(row)
        expected.append((line, row))
        line += 1 + sum(cell.count("\n") for cell in row)
    lines = io.BytesIO(buffer.getvalue().encode())
    assert [(row.number, row.cells(",")) for row in list(csv_rows.rows(lines))[1:]] == expected


# YAML

HEAD = """\
# the minutes of spring
sources:
  may:
    title: Minutes of May
    grade: official
    published: 2024-06
entries:
"""
ENTRY = """\
- type: motion-carried
  source: may:item 3
  event:
    motion: x/2024-05-01/link
    on: 2024-05-01
    vote: for=33,against=20
"""
DISPUTE = """\
- type: entry-disputed
  source: may
  event: {entry: key:k, instead: {type: link-ended, event: {on: x}}}
"""


def test_an_entry_says_what_a_line_says() -> None:
    """Values are text and read by their field, in short or in full; a source is named, or told in place."""
    first, second, third = drafts(
        yaml_form(),
        f"""{HEAD}{ENTRY}    resolutions:
    - >
      Resume the links
      with Volgograd
    - 'no: not yet'
    about: [x--y, x--z]
- type: motion-lost
  key: k
  sources:
  - minutes
  - title: Page
    grade: council
    retrieved: ..2024-06-30
    quote: yes
  overrides:
  - link/transition:Why
  - {{rule: dates/possible, reason: So}}
  event:
    motion: x/2024-05-01/other
    on: ..2024-05-01
    vote:
      for: 0033
      unanimous: no
      names: [{{person: 'null', vote: against, weight: 2}}]
- type: entry-disputed
  source: minutes
  event:
    entry: key:k
    instead: {{type: link-listed, event: {{link: x--y, on: 1944, where: page, listed: no}}}}
""",
    )
    assert particulars(first) == {
        "motion": "x/2024-05-01/link",
        "on": "2024-05-01",
        "vote": {"for": 33, "against": 20},
        "resolutions": ["Resume the links with Volgograd", "no: not yet"],
        "about": ["x--y", "x--z"],
    }
    assert codec.as_json(first.evidence) == [
        {"title": "Minutes of May", "grade": "official", "source": "may", "published": "2024-06", "locator": "item 3"}
    ]
    names = [{"person": "null", "vote": "against", "weight": 2}]
    assert particulars(second)["vote"] == {"for": 33, "unanimous": False, "names": names}
    assert codec.as_json(second.evidence)[1] == {
        "title": "Page", "grade": "council", "retrieved": "[..2024-06-30]", "quote": "yes",
    }  # fmt: skip
    assert [one.rule for one in second.overrides] == ["link/transition", "dates/possible"]
    assert particulars(third) == {
        "entry": codec.id_of_key("k"),
        "instead": {"type": "link-listed", "event": {"link": "x--y", "on": "1944", "where": "page", "listed": False}},
    }


def test_every_sample_can_be_told_in_yaml() -> None:
    """Every event in full, all of its values written as text."""
    for name, given_ in PARTICULARS.items():
        evidence = json.loads(EVIDENCE.model_dump_json(exclude_defaults=True))
        entry = {"type": name, "source": evidence, "event": given_}
        (draft,) = drafts(yaml_form(), yaml.dump({"entries": [entry]}, Dumper=AsText))
        assert draft == Draft(sample(name), (EVIDENCE,)), name


class AsText(yaml.SafeDumper):
    """Writes everything as text."""


AsText.add_representer(bool, lambda dumper, value: dumper.represent_str("yes" if value else "no"))
AsText.add_representer(int, lambda dumper, value: dumper.represent_str(str(value)))
AsText.add_representer(type(None), lambda dumper, _: dumper.represent_str("nothing"))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["1: entries: is not here as a list"]),
        ("- a", ["1: entries: is not here as a list"]),
        ("entries: x", ["1: entries: is not here as a list"]),
        ("entries: []\nevents: []", ["2: events: is not known"]),
        ("sources: x\nentries: []", ["1: sources: is not a mapping"]),
        ("sources:\n  a: x\nentries: []", ["2: sources.a: is not a mapping"]),
        ("sources:\n  a:\n    title: A\nentries: []", ["2: sources.a.grade: is missing: the source a is new here"]),
        ("sources:\n  a:\n    grade: x\n    title: A\nentries: []", ["3: sources.a.grade: 'x' is not one of"]),
        (f"{HEAD.replace('2024-06', '06/2024')}  []", ["6: sources.may.published: '06/2024' is not"]),
        (f"{HEAD.replace('published', 'locator')}  []", ["6: sources.may.locator: belongs to an entry"]),
        (f"{HEAD.replace('published', 'colour')}  []", ["6: sources.may.colour: is no particular of a source"]),
        (f"{HEAD}  [{{type: x}}, {{type: y}}]", ["8: entries: begins where another does"]),
        ("entries: [\na: &x b\n]", ["2: yaml: &x names a value"]),
        ("entries: *x", ["1: yaml: *x stands for something"]),
        ("entries:\n- !!python/object/apply:os.system [x]", ["2: yaml: tag:yaml.org,2002:python/object/apply:os.sys"]),
        ("entries: []\nentries: []", ["2: yaml: 'entries' stands twice"]),
        ("entries: []\n---\nentries: []", ["2: yaml: a second document begins"]),
        ("entries:\n\t- a", ["2: yaml: not YAML: found character that cannot start any token"]),
        ("entries:\n- a: b: c", ["2: yaml: not YAML: mapping values are not allowed"]),
        ("entries:\n- ? [a]\n  : b", ["2: yaml: a list or mapping stands where a name should"]),
        ("entries: " + "[" * 20000, ["1: yaml: nested too deep"]),
        ("a: " * 20000, ["1: yaml: not YAML"]),
        (b"entries: []\nn: \xe4", ["2: yaml: is not UTF-8"]),
        ("entries: []\nn: \a", ["2: yaml: holds the control character \\x07"]),
        ("x" * (2**20 + 1), ["1: yaml: the line takes more than"]),
    ],
)
def test_yaml_that_could_be_read_two_ways_is_refused(text: str | bytes, faults: list[str]) -> None:
    """Nothing is taken of a file that holds more than text, lists and mappings; the line is told."""
    found = told(yaml_form(), text)
    assert len(found) == len(faults), found
    assert all(one.startswith(fault) for one, fault in zip(found, faults, strict=True)), found


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        ("- x", ["8: entries: is not an entry"]),
        ("- source: may", ["8: type: is missing"]),
        ("- type: link-frozen\n  event: {}", ["8: type: there is no event 'link-frozen'"]),
        ("- type: link-ended", ["8: event: is missing: write its fields under it"]),
        (ENTRY.replace("source", "evidence"), ["9: evidence: is not known here", "8: source: is empty"]),
        (f"{ENTRY}    colour: red", ["14: colour: is not a field of motion-carried"]),
        (ENTRY.replace(" on:", " at:"), ["12: at: is not a field of motion-carried", "8: on: is missing"]),
        (ENTRY.replace("2024-05-01\n", "01.05.2024\n"), ["12: on: '01.05.2024' is not one date"]),
        (f"{ENTRY}    about: x--y", ["14: about: is a list"]),
        (f"{ENTRY}    about:\n    - x--y\n    - X", ["16: about.1: 'X' is not a link"]),
        (f"{ENTRY}    meeting: [a]", ["14: meeting: is one value"]),
        (ENTRY.replace("for=33,against=20", "\n      for: many"), ["14: vote.for: 'many' is not a number"]),
        (ENTRY.replace("may:item 3", "june"), ["9: source: is missing: the source june is new here"]),
        (ENTRY.replace("may:item 3", "\n    source: may\n    grade: press"), ["11: source.grade: the source may is"]),
        (ENTRY.replace("source: may:item 3", "sources: may"), ["9: sources: is a list", "8: source: is empty"]),
        (f"{ENTRY}  sources: [may]", ["9: source: stands beside sources"]),
        (f"{ENTRY}  overrides: link/transition:x", ["14: overrides: is a list"]),
        (DISPUTE, ["10: instead.event.on: 'x' is not a date"]),
        (f"{ENTRY}  overrides: [x]", ["14: overrides.0: 'x' is not RULE:REASON"]),
    ],
)
def test_a_bad_entry_is_told_by_line_and_field(entry: str, faults: list[str]) -> None:
    """What is wrong is told with the line at which it stands, and once."""
    found = told(yaml_form(), HEAD + entry)
    assert sorted(one.split(": ")[0] for one in found) == sorted(one.split(": ")[0] for one in faults), found
    assert all(any(one.startswith(fault) for one in found) for fault in faults), found


@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.BaseLoader])
def test_both_parsers_of_yaml_are_bound_alike(loader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """With libyaml or without, the same is read and the same refused; what grows without end is given up."""
    monkeypatch.setattr(strict_yaml, "LOADER", loader)
    monkeypatch.setattr(strict_yaml, "MOST", 100)
    assert strict_yaml.loads(b"a: 1\nb:\n- yes\n- |\n  x\n  y\n").value == {"a": "1", "b": ["yes", "x\ny"]}
    for bomb in (b"- a\n" * 101, b"[[" * 1000, b"a: &a [b]\nc: *a", b"<<: &x y"):
        with pytest.raises(strict_yaml.YAMLFault):
            strict_yaml.loads(bomb)
    monkeypatch.setattr(strict_yaml, "LARGEST", 10)
    with pytest.raises(strict_yaml.YAMLFault, match="more than 10 bytes"):
        strict_yaml.loads(b"a: aaaaaaaa")


# CSV out, and in again


def entry(
    name: str,
    given_: Mapping[str, Any] | None = None,
    evidence: Sequence[Evidence] = (EVIDENCE,),
    *,
    key: str | None = None,
    overrides: tuple[Override, ...] = (),
) -> Entry:
    """An entry as it stands in a ledger."""
    event = sample(name) if given_ is None else EVENTS[name].model_validate_json(json.dumps(given_))
    return Entry(
        position=7,
        id="0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f99",
        type=event.name_on_disk(),
        event=event,
        evidence=tuple(evidence),
        overrides=overrides,
        key=key,
        salt="",
        recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
        recorded_by="clerk-7",
    )


def back(name: str, entries: Sequence[Entry]) -> list[Draft]:
    """What is imported of the rows that are exported."""
    text = "".join(f"{row}\n" for row in csv_export.rows(EVENTS[name], entries))
    return drafts(csv_form(name), text)


def same(drafted: Draft, recorded: Entry) -> bool:
    """Whether a draft is what an entry was made of."""
    return (drafted.id, drafted.key, codec.digest(drafted)) == (recorded.id, recorded.key, codec.digest(recorded))


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_comes_back_from_a_row(name: str) -> None:
    """A sample of every event is exported and imported again, with id, key, overrides and all of its sources."""
    full = Evidence.model_validate_json(
        json.dumps(
            {
                "title": "=1+1", "grade": "press", "source": "bbc", "publisher": "A, B", "url": "https://x.example",
                "published": "[..2022-04-04]", "retrieved": "2022~", "sha256": "0" * 64, "locator": "p. 3: b",
                "quote": 'He said: "so"\nand left', "note": " blanks ",
            }
        )
    )  # fmt: skip
    told_ = Override(rule="dates/possible", reason="as told: so")
    entries = [entry(name), entry(name, evidence=(EVIDENCE, full), key="my key, 1", overrides=(told_, told_))]
    assert all(map(same, back(name, entries), entries))


def test_the_stories_come_back_event_by_event() -> None:
    """Every entry of the founding stories is told in rows and read as it was."""
    for story in ("coventry", "manchester"):
        for line in (ROOT / "examples" / f"{story}.jsonl").read_bytes().splitlines():
            draft = jsonl.read(line)
            recorded = entry(draft.event.type, draft.event.particulars(), draft.evidence, key=draft.key)
            assert same(back(draft.event.type, [recorded])[0], recorded)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t,;\"'=+-@{}:[]"), min_size=1
).filter(lambda text: not is_blank(text))


@given(TEXT, st.lists(TEXT, max_size=3), st.lists(TEXT, max_size=3))
def test_whatever_a_text_holds_comes_back(summary: str, resolutions: list[str], reasons: list[str]) -> None:
    """Commas, quotation marks, line breaks and what a spreadsheet takes for a formula: text is text."""
    overrides = tuple(Override(rule="dates/possible", reason=reason) for reason in reasons)
    given_ = {"motion": "x/2022/m", "on": "2022", "resolutions": resolutions, "note": summary}
    recorded = entry("motion-carried", given_, overrides=overrides)
    (drafted,) = back("motion-carried", [recorded])
    assert same(drafted, recorded)


def test_of_no_entries_there_is_the_heading() -> None:
    """The heading alone is a form to fill in."""
    (heading,) = csv_export.rows(EVENTS["body-renamed"], [])
    assert heading.startswith("id,key,slug,on,name,note,override,source,source_title,source_grade,")


def test_what_no_row_can_tell_is_refused() -> None:
    """Rather than lose something: an event of a newer release, and a list longer than there are columns."""
    newer = replace(entry("body-renamed"), event=UnknownEvent("body-renamed/9", {}), type="body-renamed/9")
    many = entry("motion-carried", {"motion": "x/2022/m", "on": "2022", "about": [f"x--y{n}" for n in range(100)]})
    for recorded in (newer, many):
        told_ = csv_export.rows(EVENTS[recorded.type.split("/")[0]], [recorded])
        with pytest.raises(LinesRefused, match="entry 7 cannot be told in a row of CSV"):
            next(told_)


def test_a_copy_keeps_the_evidence_of_its_day() -> None:
    """Two entries that tell a source otherwise were so recorded, and so they are copied."""
    other = EVIDENCE.model_copy(update={"title": "Draft minutes", "source": SourceName("minutes-0322")})
    entries = [entry("body-renamed"), entry("body-renamed", evidence=(other,))]
    assert all(map(same, back("body-renamed", entries), entries))
