"""Meetings that are called, adjourned and cancelled; motions that are put off, vetoed, and carried over a veto."""

import pytest
from pydantic import ValidationError

from domain.catalogue import EVENTS, AnyEvent
from tests.domain.story import MOTION, given, told

MEETING = "coventry/2022-03-22/council"
NEXT = "coventry/2022-04-05/council"


def at(name: str, on: str, **more: object) -> AnyEvent:
    """Something that happens to the meeting."""
    return told(name, meeting=MEETING, on=on, **more)


def of(name: str, on: str, **more: object) -> AnyEvent:
    """Something that happens to the motion."""
    return told(name, motion=MOTION, on=on, **more)


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ([at("meeting-called", "2022-03-14")], "called"),
        ([at("meeting-called", "2022-03-14"), at("meeting-held", "2022-03-22")], "held"),
        ([at("meeting-called", "2022-03-14"), at("meeting-cancelled", "2022-03-21")], "cancelled"),
        ([at("meeting-held", "2022-03-22"), at("meeting-adjourned", "2022-03-23", until="2022-03-29")], "adjourned"),
        (
            [
                at("meeting-held", "2022-03-22"),
                at("meeting-adjourned", "2022-03-22"),
                at("meeting-held", "2022-03-29"),
                at("minutes-published", "2022-04-01"),
                at("minutes-replaced", "2022-04-08", reason="A page was missing."),
            ],
            "minutes-published",
        ),
        ([of("motion-moved", "2022-03-22", title="x"), of("motion-deferred", "2022-03-22")], "deferred"),
        ([of("motion-deferred", "2022-03-22", to="2022-04-05"), of("motion-carried", "2022-04-05")], "carried"),
        ([of("motion-carried", "2022-03-22"), of("motion-vetoed", "2022-03-25", by="coventry")], "vetoed"),
        (
            [
                of("motion-carried", "2022-03-22"),
                of("motion-vetoed", "2022-03-25", by="coventry", office="Mayor"),
                of("veto-overridden", "2022-04-05", vote={"for": 40, "against": 12}),
            ],
            "carried",
        ),
        ([of("motion-vetoed", "2022-03-25", by="coventry")], "vetoed"),
    ],
)
def test_what_became_of_a_meeting_or_motion(events: list[AnyEvent], standing: str) -> None:
    """As the last of the events says, in whatever order they are recorded."""
    name = MEETING if events[0].cycle == "meeting" else MOTION
    for order in (events, events[::-1]):
        assert given(*order).paper(f"ref:{name}", "2022-12-31").possible == (standing,)


def test_a_meeting_held_and_adjourned_on_one_day_may_have_been_either_first() -> None:
    """It broke off, or it was put off before it began, and was held later that day: the day does not say."""
    both = given(at("meeting-held", "2022-03-22"), at("meeting-adjourned", "2022-03-22"))
    assert set(both.paper(f"ref:{MEETING}", "2022-12-31").possible) == {"adjourned", "held"}


@pytest.mark.parametrize(
    ("before", "event", "rule"),
    [
        ([at("meeting-cancelled", "2022-03-21")], at("meeting-held", "2022-03-22"), "minutes/order"),
        ([at("meeting-held", "2022-03-22")], at("meeting-called", "2022-03-23"), "minutes/order"),
        ([at("meeting-held", "2022-03-22")], at("meeting-cancelled", "2022-03-23"), "minutes/order"),
        ([of("motion-lost", "2022-03-22")], of("motion-vetoed", "2022-03-25", by="coventry"), "motion/order"),
        ([of("motion-carried", "2022-03-22")], of("veto-overridden", "2022-03-25"), "motion/order"),
        ([of("motion-carried", "2022-03-22")], of("motion-deferred", "2022-03-25"), "motion/order"),
        (
            [of("motion-carried", "2022-03-22"), of("motion-vetoed", "2022-03-25", by="coventry")],
            of("motion-rescinded", "2022-04-05"),
            "rescission/of-something",
        ),
    ],
)
def test_what_cannot_come_after_it_is_refused(before: list[AnyEvent], event: AnyEvent, rule: str) -> None:
    """A meeting that was cancelled is not held; a veto stops what was carried, and can be overridden then."""
    given(*before).when(event).refused(rule)


@pytest.mark.parametrize("name", ["veto-overridden", "motion-referred"])
def test_a_vote_on_it_carries_it(name: str) -> None:
    """More against than for, and it was not done."""
    more = {"to": "Cabinet"} if name == "motion-referred" else {}
    given(of("motion-vetoed", "2022-03-25", by="coventry") if not more else at("meeting-held", "2022-03-22")).when(
        of(name, "2022-04-05", vote={"for": 12, "against": 40}, **more)
    ).refused("vote/outcome-follows")


def test_a_decision_is_compared_with_the_sitting_of_its_day() -> None:
    """A meeting that was adjourned sits twice: the second day has its own presence and quorum."""
    days = [
        at("meeting-held", "2022-03-22", present=54, quorum=14),
        at("meeting-adjourned", "2022-03-22", until="2022-03-29"),
        at("meeting-held", "2022-03-29", present=12, quorum=14),
    ]
    given(*days).when(of("motion-carried", "2022-03-22", meeting=MEETING)).accepted()
    given(*days).when(of("motion-carried", "2022-03-29", meeting=MEETING)).queried("meeting/quorum")
    given(*days).when(of("motion-carried", "2022-03-25", meeting=MEETING)).queried("date/other-day")


@pytest.mark.parametrize("to", ["2023-01", "[2022-04-01..2022-04-30]", NEXT])
def test_a_motion_is_put_off_to_a_day_or_a_meeting(to: str) -> None:
    """The day may lie ahead; a meeting is on record."""
    called = told("meeting-called", meeting=NEXT, on="2022-03-22")
    given(called).when(of("motion-deferred", "2022-03-22", to=to)).accepted()
    if to == NEXT:
        given().when(of("motion-deferred", "2022-03-22", to=to)).refused("record/known")


@pytest.mark.parametrize("to", ["next month", "coventry", "22/04/2022", "2022-13", ""])
def test_what_is_neither_day_nor_meeting_is_refused(to: str) -> None:
    """Nothing is read out of words."""
    with pytest.raises(ValidationError):
        EVENTS["motion-deferred"].model_validate({"motion": MOTION, "on": "2022-03-22", "to": to})
