"""What an entry bears on: the histories that it joins, the names that it needs, and the entry that it is about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.bearing import Bearing, Recording, bearing, bearing_of_entry, rule_of
from domain.catalogue import EVENTS, AnyEvent
from domain.dates import OPEN, Date, written
from domain.entry import Entry, UnknownEvent, best_grade, known_from
from domain.history import Act
from domain.samples import EVIDENCE, sample
from domain.values import Evidence, Override
from tests.domain.story import (
    LINK,
    TODAY,
    body,
    corrected,
    corroborated,
    disputed,
    entry_id,
    link,
    redacted,
    retracted,
    settled,
    source,
    told,
)

PAGE = Path(__file__).with_name("bearings.txt")
NOW = date(2026, 11, 22).toordinal()


def on_record(event: AnyEvent | UnknownEvent, *evidence: Evidence, overriding: str = "") -> Entry:
    """An event as the seventh entry, recorded on 22 November 2026."""
    overrides = (Override(rule=overriding, reason="The source says so."),) if overriding else ()
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    name = event.name if isinstance(event, UnknownEvent) else event.name_on_disk()
    return Entry(7, entry_id(7), name, event, evidence or (EVIDENCE,), overrides, None, "", at, "clerk-7")


def bears(event: AnyEvent, *evidence: Evidence, overriding: str = "") -> Bearing:
    """What an event bears on as the seventh entry."""
    return bearing_of_entry(on_record(event, *evidence, overriding=overriding))


def page() -> Iterator[str]:
    """What each sample bears on."""
    for name in EVENTS:
        found = bears(sample(name))
        yield name
        yield from (f"  needs {need.tag} for {need.field}" for need in found.needs)
        yield from (f"  tells {act_in_words(act)}" for act in found.acts)
        if found.revision:
            yield f"  is about entry:{found.revision.entry}"
            yield from (f"  tells instead {act_in_words(act)}" for act in found.revision.acts)


def act_in_words(act: Act) -> str:
    """The history that it joins, and as what."""
    said = [act.side and f"by {act.side}", act.kind and f"as {act.kind}", act.wording and f'"{act.wording}"']
    days = f"{day(act.earliest)}..{day(act.latest)}"
    return ", ".join([f"{act.subject}: {act.type} ({act.cycle})", days, *(one for one in said if one)])


def day(number: int) -> str:
    """A day, or nothing where none is known."""
    return written(number) if abs(number) < OPEN else ""


def test_what_each_event_bears_on() -> None:
    """As the page has it. To write it anew: UPDATE_DOCS=1 pytest with this file."""
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text("\n".join(page()) + "\n", encoding="utf-8")
    assert list(page()) == PAGE.read_text(encoding="utf-8").splitlines()


def only(found: Bearing) -> Act:
    """The one act that an entry tells."""
    (act,) = found.acts
    return act


def test_an_act_bears_the_marks_of_its_entry() -> None:
    """Where it stands, when it was recorded, from when it could be known, on what grade, and in which words."""
    found = bears(
        link("link-suspended", "2022-03", "coventry", wording="Ausgesetzt: für jetzt"),
        source("press", "2022-04"),
        source("council", "2022-05"),
    )
    act = only(found)
    known = date(2022, 4, 30).toordinal()
    assert (act.position, act.recorded, act.known, act.until) == (7, NOW, known, OPEN)
    assert (act.grade, act.wording, act.on, act.option, act.dispute) == (
        "council",
        "Ausgesetzt: für jetzt",
        "2022-03",
        0,
        0,
    )
    assert (
        act.detail == '{"by":"coventry","link":"coventry--volgograd","on":"2022-03","wording":"Ausgesetzt: für jetzt"}'
    )
    assert (found.known, found.grade, found.id, found.position, found.type) == (
        known, "council", entry_id(7), 7, "link-suspended",
    )  # fmt: skip
    assert found.fields == {"link", "on", "by", "wording"}
    assert (found.faults, found.overridden, found.on) == ((), frozenset(), None)


def test_an_open_end_means_at_the_latest_the_day_of_recording() -> None:
    """By then it had happened; of a date that a corroboration gives, likewise."""
    act = only(bears(link("link-formed", "[1944..]")))
    assert (act.earliest, act.latest) == (date(1944, 1, 1).toordinal(), NOW)
    opened = bears(corroborated(4, "[1944..]")).revision
    assert opened
    assert (opened.on, opened.latest) == (Date.parse("[1944..]"), NOW)
    closed = bears(corroborated(4, "1944")).revision
    assert closed
    assert closed.latest == date(1944, 12, 31).toordinal()


def test_an_override_opens_the_dates_of_what_its_rule_refuses() -> None:
    """Of a letter that encloses a motion, there the rule is another one."""
    letter = told(
        "letter-sent",
        letter="coventry/2022/l",
        by="coventry",
        to="volgograd",
        on="2022",
        encloses=["coventry/2022/m"] * 2,
    )
    assert [(act.cycle, act.opens) for act in bears(letter).acts] == [("letter", 0), ("motion", 0)]
    found = bears(letter, overriding="letter/encloses-carried")
    assert [(act.cycle, act.opens) for act in found.acts] == [("letter", 0), ("motion", 1)]
    assert found.overridden == {"letter/encloses-carried"}
    assert [rule_of(act) for act in found.acts] == ["dates/possible", "letter/encloses-carried"]
    assert only(bears(link("link-formed", "1944~"), overriding="link/transition")).opens == 1


@pytest.mark.parametrize(
    ("particulars", "earliest", "latest", "text"),
    [
        ({"on": "2008-05"}, -OPEN, date(2008, 5, 31).toordinal(), "[..2008-05-31]"),
        ({"on": "2008", "since": "1944"}, date(1944, 1, 1).toordinal(), date(1944, 12, 31).toordinal(), "1944"),
        ({"on": "[2008..]"}, -OPEN, NOW, "[..2026-11-22]"),
        ({"on": "2027~"}, -OPEN, NOW, "[..2026-11-22]"),
        ({"on": "2008", "since": "[1944..]"}, date(1944, 1, 1).toordinal(), NOW, "[1944..]"),
    ],
)
def test_a_listing_says_that_the_link_was_in_force_by_then(
    particulars: dict[str, object], earliest: int, latest: int, text: str
) -> None:
    """Since the day that it gives, else since some day up to its own; never later than it was recorded."""
    act = only(bears(told("link-listed", link=LINK, where="A page", listed=True, kind="twinning", **particulars)))
    assert (act.earliest, act.latest, act.on, act.kind, act.side) == (earliest, latest, text, "twinning", "")
    assert (act.type, act.subject, act.cycle) == ("link-listed", f"link:{LINK}", "link")


@pytest.mark.parametrize(
    "more", [{"listed": False}, {"listed": True, "standing": "suspended"}, {"listed": False, "standing": "active"}]
)
def test_other_listings_say_nothing_of_a_beginning(more: dict[str, object]) -> None:
    """A page that no longer lists the link, or lists it as suspended; its day is kept."""
    found = bears(told("link-listed", link=LINK, where="A page", on="2008", **more))
    assert (found.acts, found.on) == ((), Date.parse("2008"))
    assert (
        len(bears(told("link-listed", link=LINK, where="A page", on="2008", listed=True, standing="active")).acts) == 1
    )


def test_a_body_is_known_from_ever() -> None:
    """When it was registered says nothing of when it began."""
    act = only(bears(body("coventry")))
    assert (act.earliest, act.latest, act.on, act.subject) == (-OPEN, -OPEN, "", "body:coventry")


def test_what_is_only_said_joins_no_history() -> None:
    """Its day is kept all the same; a name that is needed twice is needed once."""
    said = told("statement-made", by="coventry", on="2022", summary="We pause.", about=[LINK, "coventry--volgograd"])
    found = bears(said)
    assert (found.acts, found.on, found.revision) == ((), Date.parse("2022"), None)
    assert [(need.tag, need.field) for need in found.needs] == [("body:coventry", "by"), ("body:volgograd", "about")]


def test_what_a_record_says_of_an_entry() -> None:
    """Which entry, and what: an event instead, a date, a preference, a field."""
    formed = link("link-formed", "1944", kind="twinning")
    slip, from_source = bears(corrected(4, formed)).revision, bears(corrected(4, formed, "source")).revision
    assert slip
    assert from_source
    assert (slip.slip, from_source.slip) == (True, False)
    assert [act.subject for act in slip.acts] == [f"link:{LINK}"]
    assert (slip.event, slip.on) == ("link-formed", Date.parse("1944"))
    assert slip.particulars == '{"kind":"twinning","link":"coventry--volgograd","on":"1944"}'
    denial = bears(disputed(4, None)).revision
    assert denial
    assert (denial.acts, denial.event, denial.particulars, denial.on, denial.latest) == ((), "", "", None, OPEN)
    assert denial.type == "entry-disputed"
    for event, field, value in (
        (settled(4, "instead"), "prefers", "instead"),
        (redacted(4, "mover"), "field", "mover"),
        (corroborated(4, "1944"), "on", Date.parse("1944")),
        (corroborated(4), "on", None),
        (retracted(4), "acts", ()),
        (told("note-added", entry=entry_id(4), text="x"), "slip", False),
    ):
        revision = bears(event).revision
        assert revision
        assert (revision.entry, revision.type, getattr(revision, field)) == (entry_id(4), event.type, value)
    assert bears(told("note-added", text="Of the ledger.")).revision is None
    sayings = bears(disputed(4, told("statement-made", by="coventry", on="2022", summary="x"))).revision
    assert sayings
    assert (sayings.acts, sayings.on) == ((), Date.parse("2022"))
    bodies = bears(disputed(1, body("coventry"))).revision
    assert bodies
    assert (bodies.on, bodies.latest) == (None, OPEN)


def test_what_is_wrong_with_a_proposal_keeps_it_from_every_history() -> None:
    """Unless the rule was overridden; on record it is what it is."""
    unknown_power = link("link-formed", "1944")
    official = (source("official"),)
    doubted = bearing(unknown_power, Recording(TODAY, official, (), -1, entry_id(-1)))
    assert ([fault.rule.id for fault in doubted.faults], doubted.acts) == (["authority/missing"], ())
    override = (Override(rule="authority/missing", reason="Nobody knows."),)
    overridden = bearing(unknown_power, Recording(TODAY, official, override, -1, entry_id(-1)))
    assert (overridden.faults, len(overridden.acts)) == ((), 1)
    assert (bears(unknown_power, *official).faults, len(bears(unknown_power, *official).acts)) == ((), 1)
    early = bearing(link("link-formed", "2027"), Recording(TODAY, (), override, -1, entry_id(-1)))
    assert [fault.rule.id for fault in early.faults] == ["dates/not-yet"]


def test_what_is_proposed_comes_after_what_is_on_record() -> None:
    """In the order of the batch."""
    turns = [bearing(body("york"), Recording(TODAY, (), (), position)).turn for position in (1, 9, -1, -2)]
    assert turns == sorted(turns)
    assert turns == [1, 9, OPEN + 1, OPEN + 2]


def test_an_event_that_this_release_does_not_know_bears_on_nothing() -> None:
    """It is on record, under its id and in its place."""
    found = bearing_of_entry(on_record(UnknownEvent("pact-sworn/1", {})))
    assert found == Bearing(entry_id(7), 7, "pact-sworn/1", 0, (), ())
    assert (found.known, found.grade, found.on, found.told, found.fields) == (-OPEN, "", None, (), frozenset())


@pytest.mark.parametrize(
    ("grades", "best"),
    [
        ((), None),
        (("press",), "press"),
        (("third-party", "official", "council"), "official"),
        (("third-party", "press"), "press"),
        (("press", "council"), "council"),
    ],
)
def test_the_best_grade_counts(grades: tuple[str, ...], best: str | None) -> None:
    """Of several sources."""
    evidence = [source(grade) for grade in grades]
    assert best_grade(evidence) == best
    assert not evidence or on_record(body("york"), *evidence).grade == best


def dated(published: str = "", retrieved: str = "") -> Evidence:
    """A source that was published on a day, or found on one."""
    days = {field: Date.parse(on) for field, on in (("published", published), ("retrieved", retrieved)) if on}
    return source().model_copy(update=days)


@pytest.mark.parametrize(
    ("evidence", "known"),
    [
        ([], "2026-11-22"),
        ([dated()], "2026-11-22"),
        ([dated("2022-03")], "2022-03-31"),
        ([dated("2022-03"), dated("2022-02-27")], "2022-02-27"),
        ([dated("2022-03"), dated("", "2021")], "2022-03-31"),
        ([dated("", "2021"), dated("", "2020-05-01")], "2020-05-01"),
        ([dated("2030")], "2026-11-22"),
        ([dated("", "[2020..]")], "2026-11-22"),
    ],
)
def test_from_when_the_public_could_know(evidence: list[Evidence], known: str) -> None:
    """From the earliest publication, else from the earliest finding; from its recording at the latest."""
    assert written(known_from(evidence, NOW)) == known
    if evidence:
        assert written(on_record(body("york"), *evidence).known) == known
