"""Searching, what is due, overrides and what was learned, from the command line."""

from pathlib import Path

import pytest

from ledger import folder
from ledger.cli.main import run
from tests.cli.visitor import LINK, Visitor, line

QUESTIONS = [
    ["search", "pause"],
    ["due", "--all"],
    ["overrides"],
    ["diff", LINK, "--known-by", "2022-03-31..2022-04-30", "2022-03"],
    ["diff", LINK, "2022-03-01", "2022-03-25"],
]
PRESS = {"title": "A report", "grade": "press", "published": "2023-01-01"}


def later(name: str, **event: object) -> dict[str, object]:
    """An import line told by a report of 2023."""
    return line(name, evidence=[PRESS], **event)


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_folder_that_cannot_be_written_answers_alike(
    question: list[str], town: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the views cannot be kept they are made in memory, the index over the words with them."""
    told = town.done(*question, "-f", "jsonl").out
    (town.ledger / "views.sqlite").unlink()
    monkeypatch.setattr(folder, "may_write", lambda _: False)
    assert run(["-L", str(town.ledger), *question, "-f", "jsonl"]) == 0
    assert capsys.readouterr().out == told
    assert not (town.ledger / "views.sqlite").exists()


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_what_the_ledger_held_is_asked_by_position(question: list[str], town: Visitor) -> None:
    """By its last entry it answers as it does now; by the first it has nothing to tell."""
    told = town.done(*question).out
    assert town.done(*question, "--recorded-by", "23").out == told
    if LINK not in question:
        assert town.done(*question, "--recorded-by", "1").out == ""


def test_a_search_follows_what_is_recorded(town: Visitor) -> None:
    """What was recorded a moment ago is found, and the table of the views that was made anew finds it too."""
    assert town.done("search", "frost").rows == []
    town.file("more.jsonl", [later("statement-made", by="coventry", on="2022-12-01", summary="There is a frost.")])
    town.done("import", "more.jsonl", "-y")
    found = town.done("search", "frost").rows
    assert [row["snippet"] for row in found] == ["There is a «frost»."]
    town.done("views", "rebuild")
    assert town.done("search", "frost").rows == found


def test_text_that_a_terminal_would_obey_is_shown_as_text(town: Visitor) -> None:
    """A snippet is recorded text: what turns a line around is escaped in every format."""
    town.file("more.jsonl", [later("statement-made", by="coventry", on="2022", summary="turned \u202e around")])
    town.done("import", "more.jsonl", "-y")
    for form in ("table", "jsonl", "json", "csv", "md"):
        said = town.done("search", "turned", "-f", form).out
        assert "\u202e" not in said
        assert "202e" in said


def test_a_search_names_what_it_cannot_find(town: Visitor) -> None:
    """A body that is not in the ledger is not found; a day that is none is not understood."""
    assert town.civic("search", "pause", "--body", "leeds").code == 3
    assert town.civic("search", "pause", "--since", "03/04/2022").code == 2
    assert town.civic("search", "pause", "--grade", "gossip").code == 2
    assert town.civic("search").code == 2


def test_an_ending_is_followed_up_until_it_is_recorded(town: Visitor) -> None:
    """The day passes, the standing stays, and the list says what to record."""
    ending = later("ending-decided", link=LINK, on="2022-06-01", by="coventry", effective="2022-12-31")
    town.file("more.jsonl", [ending])
    town.done("import", "more.jsonl", "-y")
    (row,) = (row for row in town.done("due").rows if row["what"] == "ending")
    assert (row["state"], row["due"], row["follow_up"]) == (
        "passed",
        "2022-12-31",
        "record link-ended when a source tells it",
    )
    assert town.done("links", "--standing", "ending").rows[0]["link"] == LINK
    town.file("ended.jsonl", [later("link-ended", link=LINK, on="2022-12-31", by="coventry")])
    town.done("import", "ended.jsonl", "-y")
    assert [row for row in town.done("due", "--all").rows if row["what"] == "ending"] == []


def test_an_exit_code_tells_whether_anything_was_learned(town: Visitor) -> None:
    """1 when something was, 0 when nothing was; the register compares as a link does."""
    for words in ([LINK], []):
        assert town.civic("diff", *words, "--known-by", "2022-03-01..2022-04-30", "--exit-code").code == 1
        assert town.civic("diff", *words, "--known-by", "2020-01-01..2020-12-31", "--exit-code").code == 0


def test_what_was_learned_is_nothing_that_was_known(town: Visitor) -> None:
    """Only what became known between the two days is listed, and nothing that happened after the day asked about."""
    learned = town.done("diff", LINK, "--known-by", "2022-03-31..2022-04-30", "2022-03-22").rows
    entries = [row["entry"] for row in learned if "entry" in row]
    assert entries == [6, 7, 8, 10, 11]  # not the letter, which was sent later; the beginning has no dated source
    assert town.done("diff", LINK, "--known-by", "2022-04-30..2022-05-31", "2022-03-22").rows == []


def test_the_doctor_names_a_fallen_authority_and_finds_no_damage(town: Visitor) -> None:
    """It is no damage: the exit code is 0, and every finding is in order."""
    assert town.done("doctor", "-f", "jsonl").rows[-1]["found"] == "no act rests on an authority that has fallen"
    motion = "coventry/2022-03-22/ukraine"
    town.file("more.jsonl", [later("motion-rescinded", motion=motion, on="2022-12-01")])
    town.done("import", "more.jsonl", "-y")
    (finding,) = (row for row in town.done("doctor", "-f", "jsonl").rows if row["check"] == "authority")
    assert finding["ok"] is True
    assert f"entry 8 (link-suspended {LINK}): {motion}, rescinded" in finding["found"]


def test_views_of_the_release_before_are_made_anew(town: Visitor, tmp_path: Path) -> None:
    """Tables of another shape, an index of their own among them, give way to those of this release."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "town.ledger/views.sqlite")) as connection, connection:
        connection.execute("UPDATE mark SET fingerprint = 'another release'")
        connection.execute("CREATE VIRTUAL TABLE other USING fts5(words)")
    assert town.done("search", "pause").rows != []
    with closing(sqlite3.connect(tmp_path / "town.ledger/views.sqlite")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert not {name for name in names if name.startswith("other")}
