"""Roll calls as councils publish them: their words, layouts and spreadsheets; what is not clear is refused by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from domain.tallies import FIGURES
from domain.values import Ballot
from ledger.errors import UsageError
from ledger.interchange import short
from ledger.interchange.roll_call_words import HEADINGS, WAYS, column_of, way_of, words
from tests.domain.sitting import carried
from tests.domain.story import given

CHART = (
    'link,Class,Agenda Number,Agenda Item,Mayor Taylor,Disch (Ward 1),"Song, L. (Ward 2)"\r\n'
    'https://x.example/1,consent pass,CA-1,"Street closing, May 1",TRUE,TRUE,absent\r\n'
    "https://x.example/2,ordinance fail,C-1,Parking,FALSE,TRUE,Recused\r\n"
    "https://x.example/3,motion,C-2,No vote was taken,,,\r\n"
    "https://x.example/4,motion,C-3,Half a row,TRUE,,FALSE\r\n"
    "https://x.example/5,amendment,C-4,First,TRUE,FALSE,FALSE\r\n"
    "https://x.example/5,amendment,C-4,Second,FALSE,FALSE,FALSE\r\n"
)  # fmt: skip
LONG = (
    "Motion,Date,Councillor,Vote,Party\n"
    "Budget,2022-03-22,A Ash,Aye,Green\nBudget,2022-03-22,B Birch,NAY,\n"
    "Ukraine,2022-03-22,A Ash,For,Green\nUkraine,2022-03-22,B Birch,Abstain,\n"
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which files are named."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str | bytes, *parts: str) -> dict[str, Any]:
    """The vote that a file of such text gives, with other parts of the short form."""
    Path("votes.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return short.vote(",".join(["@votes.csv", *parts]), files=True)


def ways(vote: dict[str, Any]) -> dict[str, str]:
    """Who voted which way."""
    return {ballot["person"]: ballot["vote"] for ballot in vote["names"]}


def refused(text: str | bytes, *parts: str) -> str:
    """Why a file is refused."""
    with pytest.raises(UsageError) as found:
        read(text, *parts)
    return found.value.what


# Words


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("For", "for"), ("Against", "against"), ("Yea", "for"), ("Nay", "against"), ("Aye", "for"), ("No", "against"),
        ("YES", "for"), ("TRUE", "for"), ("FALSE", "against"), ("In Favour", "for"), ("Present", "no-vote-cast"),
        ("Not Voting", "no-vote-cast"), ("no-vote-cast", "no-vote-cast"), ("Abstain", "abstained"),
        ("Abstaining", "abstained"), ("Absent", "absent"), ("Excused", "absent"), ("Recused", "recused"),
        ("Conflict of Interest", "recused"), ("Paired", "paired"), (" aye ", "for"), ("No.", "against"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_the_words_of_real_roll_calls_are_read(word: str, way: str) -> None:
    """In any case, and with the blanks that a spreadsheet leaves."""
    assert ways(read(f"Name,Vote\nA Ash,{word}\n")) == {"A Ash": way}


def test_each_word_means_one_thing() -> None:
    """The table names every way of a ballot, and no word twice."""
    assert set(WAYS) == set(FIGURES) | {"paired"}
    for table, reader in ((WAYS, way_of), (HEADINGS, column_of)):
        listed = [word for found in table.values() for word in found]
        assert len(listed) == len(set(listed))
        assert all(reader(word.upper()) == meaning for meaning, found in table.items() for word in found)
    assert {row["means"] for row in words()} == {*WAYS, *HEADINGS, "the heading above"}


@pytest.mark.parametrize("word", ["?", "maybe", "A", "1", "0", "X", "Vacant", "Paired for", "Yes/No", "N/A", "-"])
@pytest.mark.usefixtures("folder")
def test_an_unknown_word_is_refused_by_line(word: str) -> None:
    """In each layout, with the heading it is under."""
    assert f"votes.csv:3: Vote: '{word}' is not a word" in refused(f"Name,Vote\nA Ash,yes\nB Birch,{word}\n")
    assert f"votes.csv:2: B Birch: '{word}' is not a word" in refused(f"Motion,A Ash,B Birch\nC-1,yes,{word}\n")
    assert f"votes.csv:3: C-1: '{word}' is not a word" in refused(f"Name,C-1\nA Ash,yes\nB Birch,{word}\n")


@pytest.mark.usefixtures("folder")
def test_the_recused_and_the_paired_are_named() -> None:
    """Recused is a declared interest, and counted as one; the paired are counted nowhere."""
    text = "Name,Vote,Paired with\nA Ash,For,\nB Birch,Recused,\nC Cole,Paired,D Dell\nD Dell,Paired,C Cole\n"
    vote = read(text)
    assert {name: number for name, number in vote.items() if name in FIGURES.values()} == {
        "for": 1, "against": 0, "declared_interest": 1,
    }  # fmt: skip
    assert vote["names"][2] == {"person": "C Cole", "vote": "paired", "paired_with": "D Dell"}
    assert [Ballot.model_validate(ballot).vote for ballot in vote["names"]] == ["for", "recused", "paired", "paired"]
    assert "votes.csv:2: paired_with: the vote is for" in refused("Name,Vote,Paired with\nA Ash,For,B Birch\n")


def test_figures_agree_with_the_names_of_the_recused() -> None:
    """More recused than declared an interest is refused; fewer is not: who declares an interest may vote."""
    one = [{"person": "A Ash", "vote": "for"}, {"person": "B Birch", "vote": "recused"}]
    given().when(carried(names=one, declared_interest=0)).refused("vote/names-match-counts", "the names make 1 recused")
    given().when(carried(names=one, declared_interest=1, names_complete=True)).accepted()
    given().when(carried(names=one, declared_interest=2, names_complete=True)).accepted()
    with pytest.raises(ValueError, match="paired_with needs the vote 'paired'"):
        carried(names=[{"person": "A Ash", "vote": "for", "paired_with": "B Birch"}])


# Layouts


@pytest.mark.usefixtures("folder")
def test_a_long_table_holds_many_votes() -> None:
    """The rows of one motion are chosen by its name; without it, the motions are named."""
    assert ways(read(LONG, "motion=ukraine")) == {"A Ash": "for", "B Birch": "abstained"}
    assert ways(read(LONG, "where=Motion=Budget")) == {"A Ash": "for", "B Birch": "against"}
    assert "differ in Motion, so they may be of several votes: choose one, motion=Budget, motion=Ukraine" in refused(
        LONG
    )
    assert "has no row for Ukr; there is Ukraine, Budget" in refused(LONG, "motion=Ukr")
    assert "there is no column 'Ward'; there is Motion, Date" in refused(LONG, "where=Ward=1")
    again = LONG + "Budget,2023-03-22,A Ash,No,Green\n"
    assert "where=Date=2022-03-22, where=Date=2023-03-22" in refused(again, "motion=Budget")
    assert ways(read(again, "motion=Budget", "where=date=2023-03-22")) == {"A Ash": "against"}


@pytest.mark.usefixtures("folder")
def test_a_person_in_two_columns_is_one_name() -> None:
    """First and last name are one person, and other columns of a register are passed over."""
    text = "_id,Term,First Name,Last Name,Agenda Item #,Vote\n1,2022-2026,Brad,Bradford,FM1.8,Yes\n"
    assert read(text)["names"] == [{"person": "Brad Bradford", "vote": "for"}]
    text = "FirstName,LastName,AgendaItemNum,Vote_Description,Vote\nBrad,Bradford,FM1.8,Adopt,Yes\n"
    assert read(text, "motion=fm1.8")["names"] == [{"person": "Brad Bradford", "vote": "for"}]


@pytest.mark.usefixtures("folder")
def test_a_chart_has_a_column_for_each_person() -> None:
    """One row a motion: every heading that the table does not know is a person."""
    vote = read(CHART, "motion=ca-1")
    assert vote["names"] == [
        {"person": "Mayor Taylor", "vote": "for"},
        {"person": "Disch (Ward 1)", "vote": "for"},
        {"person": "Song, L. (Ward 2)", "vote": "absent"},
    ]
    assert (vote["for"], vote["against"], vote["absent"], vote["names_complete"]) == (2, 0, 1, True)
    assert ways(read(CHART, '"motion=Street closing, May 1"')) == ways(vote)
    assert ways(read(CHART, "line=3")) == {
        "Mayor Taylor": "against", "Disch (Ward 1)": "for", "Song, L. (Ward 2)": "recused",
    }  # fmt: skip


@pytest.mark.usefixtures("folder")
def test_a_chart_is_not_guessed_at() -> None:
    """Several rows, a row without votes, half a row: each is refused, with what can be done."""
    assert "6 rows may be meant: choose one with motion=NAME, where=HEADING=VALUE or line=2" in refused(CHART)
    assert "2 rows may be meant" in refused(CHART, "motion=C-4")
    assert ways(read(CHART, "motion=C-4", "where=Agenda Item=Second"))["Mayor Taylor"] == "against"
    assert "names nobody" in refused(CHART, "motion=C-2")
    assert "votes.csv:5: Disch (Ward 1): is missing; names_complete=no leaves it out" in refused(CHART, "motion=C-3")
    part = read(CHART, "motion=C-3", "names_complete=no")
    assert (len(part["names"]), "for" in part, part["names_complete"]) == (2, False, False)


@pytest.mark.usefixtures("folder")
def test_a_heading_that_may_be_a_person_or_not_is_asked_about() -> None:
    """Nobody called Ward is lost, and no column of yes and no becomes a member."""
    text = "Motion,A Ash,Ward,Theme\nC-1,yes,no,Parks\n"
    assert "the column Ward holds votes, and its heading is not a person's" in refused(text)
    assert ways(read(text, "ignore=Ward")) == {"A Ash": "for"}
    assert "votes.csv:2: Cost: '$5' is not a word" in refused("Motion,A Ash,Cost\nC-1,yes,$5\n")
    assert ways(read("Motion,A Ash,Cost\nC-1,yes,$5\n", "ignore=cost")) == {"A Ash": "for"}
    assert "there is no column 'coast' to ignore" in refused(text, "ignore=coast")
    assert "two columns are called 'a ash'" in refused("Motion,A Ash,a ash\nC-1,yes,no\n")


@pytest.mark.usefixtures("folder")
def test_a_chart_may_have_a_row_for_each_person() -> None:
    """One column a motion; a single one need not be chosen."""
    text = "Councillor,Ward,C-1,C-2\nA Ash,1,Aye,No\nB Birch,2,Absent,Yes\n"
    assert ways(read(text, "motion=c-2")) == {"A Ash": "against", "B Birch": "for"}
    assert "choose one with motion=HEADING, of C-1, C-2" in refused(text)
    assert ways(read("Councillor,Motion\nA Ash,Aye\n")) == {"A Ash": "for"}


@pytest.mark.usefixtures("folder")
def test_a_mark_may_stand_under_the_word() -> None:
    """One row a person, and an x under Ayes, Noes or Abstained; two marks, or none, are refused by line."""
    text = "Councillor,Ward,Ayes,Noes,Abstained\nA Ash,1,X,,\nB Birch,2,,x,\nC Cole,3,,,\u2713\n"
    assert ways(read(text)) == {"A Ash": "for", "B Birch": "against", "C Cole": "abstained"}
    assert "votes.csv:5: vote: 'Ayes and Noes' is not a word" in refused(f"{text}D Dell,4,x,x,\n")
    assert "votes.csv:5: vote: 'Ayes: maybe' is not a word" in refused(f"{text}D Dell,4,maybe,,\n")
    assert "votes.csv:5: vote: is missing" in refused(f"{text}D Dell,4,,,\n")


# Spreadsheets


PLAIN = 'Name,Vote,Party\n"Ash, Ada",Yes,Green\nBo Birch,No,\n'
EXPECTED = {"Ash, Ada": "for", "Bo Birch": "against"}


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace('"Ash, Ada"', "Ash@ Ada").replace(",", ";").replace("@", ",").encode(),
        PLAIN.replace('"Ash, Ada"', "Ash@ Ada").replace(",", "\t").replace("@", ",").encode(),
        b"sep=;\r\n" + PLAIN.replace('"Ash, Ada"', "Ash@ Ada").replace(",", ";").replace("@", ",").encode(),
        b'"sep=,"\n' + PLAIN.encode(),
        PLAIN.replace("\n", ",,,\n").encode(),
        b"\n,,\nRecorded vote\n\n" + PLAIN.replace("\n", "\n\n").encode() + b",,,\n",
        PLAIN.replace("Bo", "Name,Vote,Party\nBo").encode(),
        PLAIN.replace("Bo Birch", " Bo\u00a0 Birch ").upper().replace("ASH, ADA", "Ash, Ada").encode(),
        b'"Name","Vote","Party"\n"Ash, Ada","Yes","Green"\n"Bo Birch","No",""\n',
        PLAIN.replace(",\n", "\n").encode(),
        b'Name,Vote,Party\n"Ash,\nAda",Yes,a;b\nBo Birch,No,c;d\n',
    ],
)  # fmt: skip
@pytest.mark.usefixtures("folder")
def test_what_spreadsheets_write_is_read(text: bytes) -> None:
    """BOM, CRLF, semicolons, tabs, sep=, a title, blank lines, empty columns, repeated headings, line breaks."""
    assert {person.replace("BO BIRCH", "Bo Birch"): way for person, way in ways(read(text)).items()} == EXPECTED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Name,Vote\nA Ash,yes,extra\n", "votes.csv:2: has a cell to the right of the last heading"),
        ("Name,,Vote\nA Ash,x,yes\n", "votes.csv:2: has a cell under an empty heading"),
        ("Name,Vote\n,yes\n", "votes.csv:2: person: is missing"),
        ("Name,Vote\nTotal,2\n", "votes.csv:2: Vote: '2' is not a word"),
        ('Name,Vote\n"A Ash,yes\n', "votes.csv:2: a quotation mark is opened"),
        ("Name,Vote\nA Ash,yes\nA Ash,no\n", "votes.csv:3: person: 'A Ash' has voted above"),
        (b"\xff\xfeN\x00a\x00", "votes.csv:1: the file is in UTF-16"),
        (b"Name,Vote\rA Ash,yes\r", "votes.csv:1: the lines end in CR alone"),
        (b"Name,Vote\nJos\xe9,yes\n", "votes.csv:2: byte 4 of the row is not UTF-8"),
        ("A Ash,yes\nB Birch,no\n", "the headings show no roll call: A Ash, yes"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_a_spreadsheet_broke_is_refused_by_line(text: str | bytes, message: str) -> None:
    """And nothing is taken from the file."""
    assert message in refused(text)


@pytest.mark.parametrize("parts", [("motion=x",), ("for=3", "where=a=b"), ("line=3",), ("ignore=x",)])
def test_rows_are_chosen_of_a_file(parts: Sequence[str]) -> None:
    """What chooses rows needs the file that has them."""
    with pytest.raises(ValueError, match="chooses rows of a file"):
        short.vote(",".join(parts), files=True)
    with pytest.raises(ValueError, match="where= is followed by HEADING=VALUE"):
        short.vote("@votes.csv,where=x", files=True)
    with pytest.raises(ValueError, match="is given twice"):
        short.vote("@votes.csv,motion=x,motion=y", files=True)
