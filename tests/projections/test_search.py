"""Searching: what stands is found, what was taken back is not, and the index follows whatever is recorded."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.bearing import bearing_of_entry
from domain.catalogue import EVENTS
from domain.dates import OPEN, Date
from domain.entry import Draft, Entry
from domain.samples import PARTICULARS, sample
from domain.values import Evidence, Override
from projections import overrides, projection, search, views, words
from projections.search import Sought
from projections.views import Mark
from tests.books import NOW, Pages, dump, in_memory, on_disk
from tests.domain.story import LINK, body, link, told

if TYPE_CHECKING:
    import sqlite3

    from domain.catalogue import AnyEvent
    from ledger.application import Ledger

TODAY = Date.parse("2026-11-22").latest


def source(title: str, *, grade: str = "council", published: str = "2022-04-04", **more: str) -> Evidence:
    """A document."""
    return Evidence.model_validate_json(json.dumps({"title": title, "grade": grade, "published": published, **more}))


NEWS = source("News of the council")


class Desk:
    """A ledger, and views that follow it live after each entry."""

    def __init__(self) -> None:
        self.ledger = in_memory()
        self.live = views.connect(":memory:")
        views.make(self.live, "test")
        self.tell(body("coventry"), body("volgograd"))

    def tell(self, *events: AnyEvent, evidence: Evidence = NEWS, overriding: str = "") -> str:
        """Record events on a source; returns the id of the last."""
        override = (Override(rule=overriding, reason="The clerk looked it up."),) if overriding else ()
        drafts = [Draft(event, (evidence,) if event.needs_evidence else (), override) for event in events]
        recorded = self.ledger.record(drafts)
        projection.catch_up(self.live, Pages(self.ledger), Mark("test", 10**6))
        return recorded[-1].id

    def about(self, name: str, entry: str, *, evidence: Evidence = NEWS, **more: object) -> str:
        """Record something about an entry."""
        field = "dispute" if name == "dispute-settled" else "entry"
        return self.tell(told(name, **{field: entry}, **more), evidence=evidence)

    def find(self, text: str, as_of: int = TODAY, known_by: int = OPEN - 1, **more: Any) -> list[int]:  # noqa: ANN401 - as sought
        """The positions of the entries found, the best first; live and rebuilt views find the same."""
        sought = Sought(text, as_of, known_by, **more)
        found = [row["entry"] for row in search.found(self.live, sought)]
        with rebuilt(self.ledger) as fresh:
            assert [row["entry"] for row in search.found(fresh, sought)] == found
        return found


@contextmanager
def rebuilt(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """The views made anew."""
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), Mark("test"))
        yield connection


def instead(event: AnyEvent) -> dict[str, object]:
    """An event as it stands in place of another."""
    return {"type": event.type, "event": event.particulars()}


def test_words_are_found_without_case_or_marks() -> None:
    """All words must occur; capitals and marks on letters do not matter."""
    desk = Desk()
    desk.tell(told("body-registered", slug="pribram", name="Příbram", kind="city", country="CZ"))
    desk.tell(link("link-formed", "1944", wording="Jumelage de Saint-Étienne"))
    assert desk.find("PRIBRAM") == [3]
    assert desk.find("etienne jumelage") == [4]
    assert desk.find("etienne suspended") == []


def test_phrases_and_beginnings_are_found() -> None:
    """A phrase in quotation marks is found side by side only; a star finds what begins so."""
    desk = Desk()
    desk.tell(link("link-formed", "1944", summary="Two cities put to the sword"))
    assert desk.find('"to the sword"') == [3]
    assert desk.find('"the cities"') == []
    assert desk.find("citi*") == [3]
    assert desk.find("citi") == []


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '""',
        "AND",
        "OR NOT",
        "NEAR(a b)",
        "title:x",
        "a-b",
        "(",
        "*",
        "^a",
        "it's",
        'he said "no',
        "{x}",
        "+",
        "\\",
    ],
)
def test_nothing_a_clerk_types_is_an_error(typed: str) -> None:
    """What the index would take for its own language is looked for as words; what holds none finds nothing."""
    desk = Desk()
    desk.tell(link("link-formed", "1944", summary="He said: no and not near title x; it's an or"))
    found = desk.find(typed)
    assert found == ([3] if typed in ("AND", "OR NOT", "title:x", "it's", 'he said "no', "{x}") else [])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
@settings(max_examples=200)
def test_no_text_at_all_is_an_error(typed: str) -> None:
    """Whatever is typed, the index is asked something that it understands."""
    if search.understood(typed):
        with rebuilt(in_memory()) as connection:
            assert list(search.found(connection, Sought(typed, TODAY))) == []


@pytest.mark.parametrize("name", EVENTS)
def test_every_text_of_every_event_is_found(name: str) -> None:
    """Whatever prose an event holds is searched, and whatever it names."""
    entry = Entry(1, "id", f"{name}/1", sample(name), (NEWS,), (), None, "", NOW, "clerk-7")
    row = words.rows(bearing_of_entry(entry), (), {"id": entry})[0]
    column = dict(zip(("id", *search.COLUMNS), row, strict=True))
    prose = {"summary", "wording", "title", "text", "condition", "name", "where", "speaker", "office", "reason", "from"}
    said = [text for field, text in PARTICULARS[name].items() if field in prose]
    assert [text for text in said if text not in str(column["words"])] == []
    named = [text for field, text in PARTICULARS[name].items() if field in {"link", "motion", "by", "slug", "meeting"}]
    assert [text for text in named if text not in str(column["named"])] == []
    assert column["sources"] == "News of the council"


def test_quotes_and_titles_of_sources_are_found_but_weigh_less() -> None:
    """What an entry says itself comes before what its source is called."""
    desk = Desk()
    desk.tell(link("link-formed", "1944"), evidence=source("On pauses", quote="we pause for thought"))
    desk.tell(link("link-suspended", "2022-03-22", "coventry", wording="pause"))
    assert desk.find("pause") == [4, 3]
    assert desk.find("pauses") == [3]


def test_equally_good_entries_come_in_the_order_of_recording() -> None:
    """Ties are broken by the entry."""
    desk = Desk()
    for day in range(1, 6):
        desk.tell(told("statement-made", by="coventry", on=f"2022-03-0{day}", summary="The same words"))
    assert desk.find("same words") == [3, 4, 5, 6, 7]


def test_a_corrected_entry_is_found_by_what_stands() -> None:
    """The words that were wrong find nothing any more; the reason for correcting is found in the correction."""
    desk = Desk()
    formed = desk.tell(link("link-formed", "1944", wording="sisterhoood"))
    right = instead(link("link-formed", "1944", wording="sisterhood"))
    desk.about("entry-corrected", formed, cause="slip", instead=right, reason="Typed one o too many.")
    assert desk.find("sisterhoood") == []
    assert desk.find("sisterhood") == [3]
    assert desk.find("typed") == [4]


def test_what_a_source_corrected_is_found_by_when_it_was_known() -> None:
    """By an earlier day the former words are found, by a later one those that stand."""
    desk = Desk()
    formed = desk.tell(link("link-formed", "1944", wording="hearsay"))
    desk.about("entry-corrected", formed, cause="source", reason="The deed was found.",
               instead=instead(link("link-formed", "1944", wording="deed")),
               evidence=source("Deed", published="2024-01-01"))  # fmt: skip
    before, after = Date.parse("2023-01-01").latest, Date.parse("2024-06-01").latest
    assert (desk.find("hearsay", known_by=before), desk.find("hearsay", known_by=after)) == ([3], [])
    assert desk.find("deed", known_by=before) == []
    assert set(desk.find("deed", known_by=after)) == {3, 4}
    assert search.unknown(desk.live, Sought("deed", TODAY, before)) == 2


def test_what_was_taken_back_is_found_only_when_asked_for() -> None:
    """A retracted entry is found with --all, marked; when the retraction is taken back, as before."""
    desk = Desk()
    formed = desk.tell(link("link-formed", "1944", wording="wrong ledger"))
    retraction = desk.about("entry-retracted", formed, reason="Another town.")
    assert desk.find('"wrong ledger"') == []
    struck = list(search.found(desk.live, Sought('"wrong ledger"', TODAY, struck=True)))
    assert [(row["entry"], row["struck"]) for row in struck] == [(3, True)]
    assert desk.find("another") == [4]
    desk.about("entry-retracted", retraction, reason="It was right.")
    assert desk.find('"wrong ledger"') == [3]
    assert desk.find("another") == []


def test_what_is_redacted_is_not_found() -> None:
    """Not in the entry, nor in what was corrected or disputed before or after, nor in the summary shown."""
    desk = Desk()
    motion = {"motion": "coventry/2022-03-22/ukraine", "on": "2022-03-22", "title": "Ukraine"}
    moved = desk.tell(told("motion-moved", **motion, mover="Jane Roe"))
    desk.about(
        "entry-disputed", moved, instead=instead(told("motion-moved", **motion, mover="Jane Roe", seconder="X Y"))
    )
    assert desk.find("roe") != []
    desk.about("detail-redacted", moved, field="mover", basis="GDPR 17", authority={"power": "delegated"})
    assert desk.find("roe", struck=True) == []
    assert 3 in desk.find("ukraine")
    corrected = instead(told("motion-moved", **motion, mover="Jane Roe", summary="To pause."))
    desk.about("entry-corrected", moved, cause="slip", instead=corrected, reason="A summary.")
    assert desk.find("roe", struck=True) == []
    assert 3 in desk.find("pause")
    assert not any("Roe" in line for line in dump(desk.ledger) if '"table":"entries"' in line)


def test_what_is_redacted_is_not_told_of_a_dispute_either() -> None:
    """Neither its words nor its summary say what the entry says no longer."""
    desk = Desk()
    formed = desk.tell(link("link-formed", "1944", wording="secret"))
    desk.about("entry-disputed", formed, instead=instead(link("link-formed", "1941", wording="secret too")), reason="r")
    desk.about("detail-redacted", formed, field="wording", basis="GDPR 17", authority={"power": "delegated"})
    assert desk.find("secret", struck=True) == []
    assert not any("secret" in line for line in dump(desk.ledger) if '"table":"entries"' in line)


def test_what_an_open_dispute_tells_is_found_until_it_is_settled() -> None:
    """Both accounts stand side by side; a settlement leaves one."""
    desk = Desk()
    desk.tell(link("link-formed", "1944"))
    suspended = desk.tell(link("link-suspended", "2022-03-22", "coventry", wording="suspended"))
    dispute = desk.about(
        "entry-disputed", suspended, instead=instead(link("link-ended", "2022", "coventry", wording="struck off"))
    )
    assert desk.find('"struck off"') == [5]
    desk.about("dispute-settled", dispute, prefer="instead", reason="The register says so.")
    assert desk.find('"struck off"') == [4]
    assert desk.find("register") == [6]


def test_a_dispute_settled_by_a_denial_leaves_nothing_to_be_found() -> None:
    """What did not happen is found only when asked for."""
    desk = Desk()
    formed = desk.tell(link("link-formed", "1944", wording="alleged"))
    dispute = desk.about("entry-disputed", formed, instead=None, reason="Nobody signed.")
    assert desk.find("alleged") == [3]
    desk.about("dispute-settled", dispute, prefer="instead", reason="No deed.")
    assert desk.find("alleged") == []
    assert [row["entry"] for row in search.found(desk.live, Sought("alleged", TODAY, struck=True))] == [3]


def test_filters_narrow_what_is_found() -> None:
    """By event, subject, what is named, grade and day; a note about an entry is found under what that names."""
    desk = Desk()
    desk.tell(body("glasgow"))
    formed = desk.tell(link("link-formed", "1944", wording="bond"))
    desk.tell(
        told("link-formed", link="coventry--glasgow", on="1990", wording="bond"), evidence=source("x", grade="press")
    )
    desk.tell(told("statement-made", by="coventry", on="2022", summary="A bond", about=[LINK]))
    desk.about("note-added", formed, text="On the bond")
    assert set(desk.find("bond")) == {4, 5, 6, 7}
    assert set(desk.find("bond", types=["link-formed"])) == {4, 5}
    assert set(desk.find("bond", about=f"link:{LINK}")) == {4, 7}
    assert set(desk.find("bond", tags=[f"link:{LINK}"])) == {4, 6, 7}
    assert set(desk.find("bond", tags=["body:glasgow", "body:coventry"])) == {5}
    assert set(desk.find("bond", grades=["press", "official"])) == {5}
    assert set(desk.find("bond", since=Date.parse("1990").earliest, until=Date.parse("1991").latest)) == {5}
    assert set(desk.find("bond", as_of=Date.parse("1980").latest)) == {4, 7}


def test_the_index_agrees_with_the_entries_after_anything(tmp_path: Path) -> None:
    """Followed live or rebuilt in the file, and rebuilt twice, it holds what the table holds: SQLite's own check."""
    ledger = on_disk(tmp_path)
    path = tmp_path / "views.sqlite"
    ledger.record([Draft(one, (NEWS,)) for one in (body("coventry"), body("volgograd"), link("link-formed", "1944"))])
    for number in range(3):
        projection.rebuild(path, Pages(ledger), Mark("test"))
        ledger.record([Draft(told("note-added", about=[LINK], text=f"Note {number}"), ())])
        with closing(views.connect(path)) as connection:
            projection.catch_up(connection, Pages(ledger), Mark("test", 10**6))
            connection.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
            assert len(list(search.found(connection, Sought("note", TODAY)))) == number + 1
            assert list(views.dump(connection)) == dump(ledger)
    ledger.close()


def test_a_random_clerk_leaves_live_and_rebuilt_words_alike() -> None:
    """Corrections, disputes, retractions, redactions and notes in any mixture: the same dump, a sound index."""
    from ledger.errors import Refused

    chance = random.Random(5)  # noqa: S311 - a fixed story
    desk = Desk()
    ids = [desk.tell(link("link-formed", "1944", wording="begun"))]
    for step in range(80):
        entry = chance.choice(ids)
        wording = f"word{chance.randint(1, 9)}"
        event = link("link-formed", str(chance.randint(1940, 1950)), wording=wording)
        published = source("s", published=f"20{chance.randint(10, 25)}-01-01")
        choices: list[tuple[str, dict[str, object]]] = [
            (
                "entry-corrected",
                {"cause": chance.choice(["slip", "source"]), "instead": instead(event), "reason": f"r{step}"},
            ),
            ("entry-disputed", {"instead": chance.choice([None, instead(event)]), "reason": f"r{step}"}),
            ("dispute-settled", {"prefer": chance.choice(["entry", "instead"]), "reason": f"r{step}"}),
            ("entry-retracted", {"reason": f"r{step}"}),
            ("entry-corroborated", {}),
            ("detail-redacted", {"field": "wording", "basis": "b", "authority": {"power": "delegated"}}),
            ("note-added", {"text": f"note{step}"}),
        ]
        name, more = chance.choice(choices)
        try:
            ids.append(desk.about(name, entry, evidence=published, **more))
        except Refused:
            continue
        desk.live.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
    assert list(views.dump(desk.live)) == dump(desk.ledger)
    assert len(ids) > 20


def test_every_override_is_listed_with_its_entry() -> None:
    """Which rule, why, by whom, on what; those of an entry taken back too."""
    desk = Desk()
    sworn = link("link-formed", "1944", authority={"power": "resolution"})
    desk.tell(sworn, evidence=source("a", grade="official"))
    formed = next(entry.id for entry in desk.ledger.read() if entry.position == 3)
    correction = told("entry-corrected", entry=formed, cause="source", reason="They say so.",
                      instead=instead(link("link-formed", "1944", wording="x")))  # fmt: skip
    desk.tell(correction, evidence=source("b", grade="third-party"), overriding="evidence/weak")
    (row,) = overrides.listed(desk.live, TODAY, OPEN - 1)
    assert (row["entry"], row["type"], row["subject"], row["rule"]) == (4, "entry-corrected", LINK, "evidence/weak")
    assert (row["reason"], row["recorded_by"], row["recorded_at"][:10]) == (
        "The clerk looked it up.",
        "clerk-7",
        "2026-11-22",
    )
    assert list(overrides.listed(desk.live, TODAY, OPEN - 1, ["record/relied-on"])) == []
    assert list(overrides.listed(desk.live, TODAY, Date.parse("2020").latest)) == []
