"""`about` names anything on record: a motion on a library or on an older decision is part of their history."""

import pytest

from tests.cli.visitor import LINK, Visitor, body, line

PAPER = "coventry/2022-05-01/library"
EVENTS: dict[str, dict[str, object]] = {
    "motion-moved": {"motion": PAPER, "title": "Library"},
    "motion-carried": {"motion": PAPER},
    "decision-taken": {"decision": PAPER, "summary": "To close.", "authority": {"power": "executive"}},
    "pledge-made": {"pledge": PAPER, "by": "coventry", "summary": "Books."},
    "statement-made": {"by": "coventry", "summary": "It stays."},
    "request-received": {"by": "coventry", "from": "Friends of the Library", "summary": "Keep it."},
    "note-added": {"text": "The archive has a photograph."},
}
OLDER = "coventry/2022-03-22/ukraine"
THINGS = {"link": LINK, "body": "library", "paper": OLDER}


@pytest.fixture
def ledger(town: Visitor) -> Visitor:
    """The story of Coventry, and a library."""
    town.file("library.jsonl", [body("library", "Central Library")])
    town.done("import", "library.jsonl", "--yes")
    return town


@pytest.mark.parametrize("type_", EVENTS)
@pytest.mark.parametrize("thing", THINGS)
def test_an_event_is_in_the_history_of_all_it_is_about(type_: str, thing: str, ledger: Visitor) -> None:
    """A link, a body and a paper alike; and `export` gives it back as it was."""
    dated: dict[str, object] = {} if type_ == "note-added" else {"on": "2022-05-01"}
    ledger.file("more.jsonl", [line(type_, about=[THINGS[thing]], **EVENTS[type_], **dated)])
    ledger.done("import", "more.jsonl", "--yes")
    assert type_ in [row["type"] for row in ledger.done("history", THINGS[thing]).rows]
    (exported,) = [row for row in ledger.done("export", "jsonl").rows if "2022-05" in str(row) or "photo" in str(row)]
    assert exported["event"]["about"] == [THINGS[thing]]


def test_what_becomes_of_a_paper_is_in_the_history_of_what_it_is_about(ledger: Visitor) -> None:
    """The motion on the library is rescinded later, by an event that does not name the library."""
    moved = line("motion-carried", motion=PAPER, on="2022-05-01", about=["library", OLDER])
    ledger.file("more.jsonl", [moved, line("motion-rescinded", motion=PAPER, on="2023-05-01")])
    ledger.done("import", "more.jsonl", "--yes")
    for thing in ("library", OLDER):
        assert [row["type"] for row in ledger.done("history", thing).rows][-2:] == [
            "motion-carried",
            "motion-rescinded",
        ]


def test_a_list_is_filtered_by_anything_it_is_about(ledger: Visitor) -> None:
    """In any spelling that `show` takes."""
    ledger.file("more.jsonl", [line("motion-carried", motion=PAPER, on="2022-05-01", about=["library", OLDER])])
    ledger.done("import", "more.jsonl", "--yes")
    for thing in ("library", OLDER, "ukraine", "Central Library"):
        assert [row["reference"] for row in ledger.done("decisions", "--about", thing).rows] == [PAPER]


@pytest.mark.parametrize("thing", ["museum", "coventry/2022-05-01/museum", "coventry--museum"])
def test_what_is_not_on_record_is_refused(thing: str, ledger: Visitor) -> None:
    """A history would never be led to it."""
    ledger.file("more.jsonl", [line("motion-carried", motion=PAPER, on="2022-05-01", about=[thing])])
    said = ledger.civic("import", "more.jsonl", "--yes")
    assert said.code == 4
    assert "about: " in said.err
    assert "is not in the ledger" in said.err


def test_a_clerk_names_it_as_she_does_elsewhere(ledger: Visitor) -> None:
    """A link in either order, a body, and a paper in full; in short where she sees the whole before it is written."""
    words = ("record", "motion-carried", PAPER, "--on", "2022-04-01", "--source", "coventry-news")
    about = ("--about", "volgograd--coventry", "--about", "library", "--about", "ukraine")
    shown = ledger.done(*words, *about, "--dry-run", "-f", "json").out
    assert all(f'"{name}"' in shown for name in (LINK, "library", OLDER))
    assert "ukraine is short for" in ledger.civic(*words, *about, "--yes").err
    ledger.done(*words, *about[:4], "--about", OLDER, "--yes")
    assert ledger.done("show", PAPER).rows[0]["about"] == [LINK, "library", OLDER]


def test_an_older_ledger_differs_in_nothing(ledger: Visitor) -> None:
    """The links that entries are about are written and read as before."""
    (row,) = ledger.done("show", OLDER).rows
    assert row["about"] == [LINK, "coventry--mariupol"]
