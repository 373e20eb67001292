"""No field of an event is shown only as JSON: people find each in the views that a terminal has."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain import telling
from domain.catalogue import EVENTS, AnyEvent
from domain.entry import Draft
from domain.links import LinkEnded
from domain.samples import EVIDENCE
from ledger import codec
from ledger.store.sqlite import SQLiteRecorder
from tests.cli.visitor import Visitor
from tests.house.full_events import full, leaves

LINK_EVENTS = [name for name, event in EVENTS.items() if event.cycle == "link"]
MEANING = frozenset({
    "condition", "exceptions", "wording", "summary", "term", "notice", "effective", "where", "standing", "since",
})  # fmt: skip
"""Fields that say what a standing of a link means: the page of the link, its history and `why` have each."""

NOTHING_STANDS = frozenset({"proposal-dropped"})
"""Events after which, alone, a link has no page."""

WHOLE_ENTRY_ONLY = frozenset({
    "about", "agreement", "apologies", "authority", "by", "by_motion", "country", "former", "identifiers",
    "in_answer_to", "links", "meeting", "names", "parties", "personal_note", "place", "quorum", "recipient",
    "reference", "root", "seats", "sender", "signed_by_former", "signed_by_new", "size", "vkey",
})  # fmt: skip
"""Fields that a summary of one line leaves to the page of the entry, most because the tree of `why` follows them."""

IN_OTHER_WORDS = frozenset({"cross_party", "listed", "prefer", "vote"})
"""Fields that a summary has in words of its own, which other tests check."""


class Book:
    """A ledger that holds every event with every field; the links stand each for itself."""

    def __init__(self, folder: Path) -> None:
        self.visitor = Visitor(folder)
        self.visitor.done("init", "town.ledger", "--body", "coventry")
        self.events = {name: full(event) for name, event in EVENTS.items()}
        self.events["link-listed"] = full(EVENTS["link-listed"], standing="active")
        recorder = SQLiteRecorder(self.visitor.ledger / "entries.sqlite")
        recorder.append(
            [
                codec.encode(
                    Draft(event, (EVIDENCE,)),
                    id_=f"0190f7c2-a5b8-5c0d-9e0a-{number:012}",
                    salt=f"{number:032}",
                    recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
                    recorded_by="clerk-7",
                )
                for number, event in enumerate(self.events.values(), 1)
            ]
        )
        entries = [("show", str(number)) for number, _ in enumerate(self.events, 1)]
        links = [self.events[name].particulars()["link"] for name in LINK_EVENTS]
        asked = [*entries, *((question, link) for link in links for question in ("show", "history", "why"))]
        self.pages = self.visitor.pages([[*words, "-f", "table"] for words in asked])

    def page(self, question: str, thing: object) -> str:
        """A page of an entry, by its position, or of a link: its own, its history, or why it stands so."""
        return self.pages[f"{question} {thing} -f table"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The ledger, and its pages."""
    return Book(tmp_path_factory.mktemp("full"))


def unshown(event: AnyEvent, page: str) -> set[str]:
    """The fields of an event, nested ones by their own name, that no line of a page has with their value."""
    lines = page.splitlines()
    return {
        field for field, value in leaves(event.particulars()) if not any(_has(line, field, value) for line in lines)
    }


def _has(line: str, field: str, value: str) -> bool:
    """Whether a line has a value: under its label, unless the value is found in this field alone."""
    alone = any(character.isdigit() for character in value)
    return value in line and (alone or field.replace("_", " ") in line)


def unsaid(event: AnyEvent) -> set[str]:
    """The fields of an event that its summary of one line has not, and need not leave to other views."""
    given, summary = event.particulars(), telling.summary(event)
    elsewhere = {event.subject_field, "on", *WHOLE_ENTRY_ONLY, *IN_OTHER_WORDS}
    return {
        field for field in given.keys() - elsewhere if not all(value in summary for _, value in leaves(given[field]))
    }


@pytest.mark.parametrize("name", EVENTS)
def test_the_page_of_an_entry_has_every_field(name: str, book: Book) -> None:
    """With its label and its value, however deep it lies, and never as JSON."""
    event = book.events[name]
    assert {info.alias or field for field, info in type(event).model_fields.items()} == {*event.particulars()}
    page = book.page("show", [*EVENTS].index(name) + 1)
    assert unshown(event, page) == set()
    assert "{" not in page


@pytest.mark.parametrize("name", EVENTS)
def test_a_summary_has_every_field_that_is_not_left_to_the_page_of_the_entry(name: str) -> None:
    """Lists, histories and `why` show the summary: what happened, on which terms, for which reason."""
    assert unsaid(full(EVENTS[name])) == set()


@pytest.mark.parametrize("name", LINK_EVENTS)
def test_what_a_standing_means_is_shown_wherever_it_is(name: str, book: Book) -> None:
    """Condition, exceptions, wording, terms and notices are on the page of the link, in its history and in why."""
    given = book.events[name].particulars()
    for question in ("history", "why", *(() if name in NOTHING_STANDS else ("show",))):
        page = " ".join(book.page(question, given["link"]).split())
        assert {field for field in MEANING & given.keys() if given[field] not in page} == set(), question


def test_a_field_that_no_view_shows_is_noticed(book: Book) -> None:
    """A field planted in an event, and a line lost from a page, are reported by name."""

    class Planted(LinkEnded):
        """An ending with a field that nothing answers for."""

        type = "link-ended"
        planted: str

    event = Planted.model_validate_json(json.dumps({**book.events["link-ended"].particulars(), "planted": "Word9"}))
    assert unsaid(event) == {"planted"}
    page = book.page("show", [*EVENTS].index("link-suspended") + 1)
    lost = "\n".join(_without(page, "exceptions"))
    assert unshown(book.events["link-suspended"], lost) == {"exceptions"}
    assert unshown(event, book.page("show", [*EVENTS].index("link-ended") + 1)) == {"planted"}


def _without(page: str, word: str) -> Iterator[str]:
    yield from (line for line in page.splitlines() if word not in line)
