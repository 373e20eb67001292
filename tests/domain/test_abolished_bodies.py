"""Bodies that act after they were abolished, and circles of successors; recorded in whatever order."""

from __future__ import annotations

import itertools

import pytest

from domain.bearing import Recording, bearing
from domain.catalogue import AnyEvent
from domain.judging import judge
from domain.values import Override
from tests.domain.story import (
    MOTION,
    PRESS,
    TODAY,
    Given,
    body,
    corrected,
    disputed,
    entry_id,
    given,
    link,
    retracted,
    settled,
    told,
)

HEIRS = (body("warwickshire"), body("midlands"))
FORMED = link("link-formed", "1944", kind="twinning")
ENDED = told("body-succeeded", slug="coventry", on="2009-04-01", successors=["warwickshire"])
AGAIN = told("body-succeeded", slug="warwickshire", on="2015-04-01", successors=["midlands"])
RULE = "body/abolished"


def story(*events: AnyEvent) -> Given:
    """With bodies that may succeed; what is told stands from position 6 on."""
    return given(*HEIRS, *events)


def acts(on: str) -> dict[str, AnyEvent]:
    """An act of Coventry of every kind on a day."""
    paper = f"coventry/{on[:4]}"
    return {
        "link": link("link-suspended", on, "coventry"),
        "joint act": link("link-renewed", on, "coventry"),
        "letter": told("letter-sent", letter=f"{paper}/l", by="coventry", to="volgograd", on=on),
        "statement": told("statement-made", by="coventry", on=on, summary="x"),
        "request": told("request-received", by="coventry", on=on, summary="x", **{"from": "x"}),
        "meeting": told("meeting-held", meeting=f"{paper}/m", on=on),
        "motion": told("motion-moved", motion=f"{paper}/n", on=on, title="x"),
        "vote": told("motion-carried", motion=f"{paper}/n", on=on),
        "decision": told("decision-taken", decision=f"{paper}/d", on=on, summary="x", authority={"power": "executive"}),
        "pledge": told("pledge-made", pledge=f"{paper}/p", by="coventry", on=on, summary="x"),
        "agreement": told(
            "agreement-signed", agreement="volgograd/2009/a", links=["coventry--volgograd"],
            parties=["volgograd", "coventry"], on=on,
        ),
        "name": told("body-renamed", slug="coventry", on=on, name="New Coventry"),
    }  # fmt: skip


KINDS = tuple(acts("2010"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_abolished_body_does_not_act(kind: str) -> None:
    """Whatever it is said to do from the next day on; the question names who had taken its place by then."""
    act = acts("2009-04-02")[kind]
    story(FORMED, ENDED).when(act).queried(RULE, "write warwickshire, which had taken its place by then")
    story(FORMED, ENDED, AGAIN).when(acts("2016-01-01")[kind]).queried(RULE, "write midlands, which")
    story(FORMED, ENDED).when(act, overriding=RULE).accepted()


@pytest.mark.parametrize("first", ["link-proposed", "link-agreed", "link-formed"])
def test_an_abolished_body_enters_no_new_link(first: str) -> None:
    """Both sides act where none is named; but the renewal of a link that stands may be a successor's."""
    story(ENDED).when(link(first, "2010")).queried(RULE, "write warwickshire")
    story(ENDED).when(link(first, "2010", "volgograd")).accepted()
    story(ENDED).when(link(first, "2009-04-01")).accepted()
    story(FORMED, ENDED).when(link("link-renewed", "2010")).accepted()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on", ["2009-04-01", "2009-04", "2009", "2008-05-01"])
def test_its_own_records_up_to_that_day_are_in_order(kind: str, on: str) -> None:
    """The day itself, and a date that may lie before it, prove nothing."""
    story(FORMED, ENDED).when(acts(on)[kind]).accepted()


@pytest.mark.parametrize("kind", KINDS)
def test_the_entry_that_brings_it_in_is_the_one_that_is_asked(kind: str) -> None:
    """Recorded before the succession or after it, or both in one batch from either end."""
    act = acts("2010-01-01")[kind]
    story(FORMED, act).when(ENDED).queried(RULE, f"{act.type} on 2010-01-01 (entry 7) is an act of its own")
    story(FORMED).when(act, ENDED).queried(RULE, number=1)
    story(FORMED).when(ENDED, act).queried(RULE, number=2)


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_in_any_order_the_one_that_completes_it_is_asked(order: tuple[int, ...]) -> None:
    """A statement and the end of its body, with another succession before, between or after them."""
    events = [told("statement-made", by="coventry", on="2016", summary="x"), ENDED, AGAIN]
    last = max(order.index(0), order.index(1))
    before = [events[place] for place in order[:last]]
    for number in range(len(before)):
        story(FORMED, *before[:number]).when(before[number]).accepted()
    story(FORMED, *before).when(events[order[last]]).queried(RULE, "statement-made on 2016")


def test_a_successor_acts() -> None:
    """Also of a motion of its predecessor, at a meeting of its own."""
    gone = story(FORMED, ENDED, told("motion-moved", motion=MOTION, on="2009-03", title="x"))
    gone.when(link("link-suspended", "2010", "warwickshire")).accepted()
    gone.when(told("motion-carried", motion=MOTION, on="2010")).queried(RULE)
    held = told("meeting-held", meeting="warwickshire/2010/m", on="2010")
    gone.when(held, told("motion-carried", motion=MOTION, on="2010", meeting="warwickshire/2010/m")).accepted()


@pytest.mark.parametrize("name", ["motion-lapsed", "pledge-kept", "decision-revoked", "minutes-published"])
def test_what_becomes_of_its_papers_later_is_no_act_of_its_own(name: str) -> None:
    """A motion falls because its body is gone; a successor keeps a pledge or revokes a decision."""
    field = {"motion": "motion", "pledge": "pledge", "decision": "decision", "minutes": "meeting"}[
        name.split("-", 1)[0]
    ]
    story(ENDED).when(told(name, **{field: "coventry/2008/x", "on": "2010"})).accepted()


def test_a_correction_is_asked_for_what_it_brings_in() -> None:
    """Of the act, of the succession, or of a statement, which adds to no history; and not for what was there before."""
    said = told("statement-made", by="coventry", on="2008", summary="x")
    late = told("statement-made", by="coventry", on="2010", summary="x")
    early = told("body-succeeded", slug="coventry", on="2007-04-01", successors=["warwickshire"])
    both = story(FORMED, ENDED, said)
    both.when(corrected(8, late)).queried(RULE)
    both.when(corrected(7, early)).queried(RULE)
    both.when(corrected(8, told("statement-made", by="warwickshire", on="2010", summary="x"))).accepted()
    wrong = story(FORMED, ENDED, late)
    wrong.when(corrected(8, told("statement-made", by="coventry", on="2010", summary="y"))).accepted()
    wrong.when(retracted(8)).accepted()


def test_an_open_dispute_about_the_end_proves_nothing() -> None:
    """Until it is settled so that the body was gone."""
    late = told("body-succeeded", slug="coventry", on="2012-04-01", successors=["warwickshire"])
    open_ = story(FORMED, ENDED, disputed(7, late))
    open_.when(link("link-suspended", "2010", "coventry")).accepted()
    acted = open_.and_then(link("link-suspended", "2010", "coventry"))
    acted.when(settled(8, "entry")).queried(RULE)


def test_an_override_excuses_what_was_on_record_and_nothing_later() -> None:
    """An override with the succession covers the acts there are; the next act is asked again."""
    acted = story(FORMED, link("link-suspended", "2010", "coventry"))
    acted.when(ENDED, overriding=RULE).accepted()
    book = acted.book()
    override = Override(rule=RULE, reason="The source says so.")
    book.include(bearing(ENDED, Recording(TODAY, PRESS, [override], 8, entry_id(8))))
    later = bearing(acts("2011")["letter"], Recording(TODAY, PRESS, (), -1, entry_id(-1)))
    assert [one.rule.id for one in judge(book, {1: later}).values()] == [RULE]


def circle(*pairs: tuple[str, str]) -> list[AnyEvent]:
    """Successions, a year apart."""
    return [
        told("body-succeeded", slug=gone, on=str(2001 + place), successors=[heir])
        for place, (gone, heir) in enumerate(pairs)
    ]


ROUND = circle(("coventry", "warwickshire"), ("warwickshire", "midlands"), ("midlands", "coventry"))


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_a_circle_of_successors_is_refused(order: tuple[int, ...]) -> None:
    """Whichever succession closes it, recorded one by one or together."""
    first, second, last = (ROUND[place] for place in order)
    story(first, second).when(last).refused("body/circle", "would be succeeded by itself")
    assert [one.rule.id for one in story().when(first, second, last).refusals.values()] == ["body/circle"]


def test_a_body_is_not_its_own_successor() -> None:
    """Alone, or among others."""
    itself = told("body-succeeded", slug="coventry", on="2001", successors=["warwickshire", "coventry"])
    story().when(itself).refused("body/circle", "coventry would be succeeded by itself")


def test_a_circle_is_refused_through_records_about_records() -> None:
    """A correction, the retraction of a retraction, or the settlement of a dispute that closes one."""
    first, second, last = ROUND
    other = told("body-succeeded", slug="midlands", on="2003", successors=["volgograd"])
    line = story(first, second, other)
    line.when(corrected(8, last)).refused("body/circle")
    disputing = story(first, second, other, disputed(8, last))
    disputing.when(settled(9, "instead")).refused("body/circle")
    back = story(first, second, last, retracted(8))
    back.when(retracted(entry_id(9))).refused("body/circle")


def test_two_that_are_merged_into_one_are_no_circle() -> None:
    """Nor is one that is divided and merged again."""
    merged = circle(("coventry", "midlands"), ("warwickshire", "midlands"))
    story().when(*merged).accepted()
    divided = told("body-succeeded", slug="coventry", on="2000", successors=["warwickshire", "midlands"])
    story().when(divided, *circle(("warwickshire", "glasgow"), ("midlands", "glasgow"))).accepted()
