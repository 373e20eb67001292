"""Meetings and their minutes: held, published as a draft, approved, corrected."""

from __future__ import annotations

import itertools

import pytest
from pydantic import ValidationError

from domain.catalogue import AnyEvent
from tests.domain.story import Given, corrected, corroborated, disputed, given, retracted, settled, told

MEETING = "coventry/2022-03-22/council"
LATER = "coventry/2022-05-19/council"


def minutes(what: str, on: str, **more: object) -> AnyEvent:
    """Something becomes of the minutes of the meeting in March."""
    return told(f"minutes-{what}", meeting=MEETING, on=on, **more)


held = told("meeting-held", meeting=MEETING, on="2022-03-22", present=54, seats=54)
in_may = told("meeting-held", meeting=LATER, on="2022-05-19")
published = minutes("published", "2022-04-01")
approved = minutes("approved", "2022-05-19", at=LATER)
mended = minutes("corrected", "2022-07-12", at=LATER, text="Adds a name to the apologies.")


def standing(of: Given, on: str) -> tuple[str, ...]:
    """How the meeting in March stands on a day."""
    return of.paper(f"ref:{MEETING}", on).possible


def test_minutes_go_from_draft_to_record() -> None:
    """Held, published, approved; a correction leaves them approved."""
    story = given(held, in_may, published, approved, mended)
    days = ("2022-03-21", "2022-03-22", "2022-04-01", "2022-05-19", "2022-07-12")
    assert [standing(story, day) for day in days] == [
        ("none",), ("held",), ("minutes-published",), ("minutes-approved",), ("minutes-approved",),
    ]  # fmt: skip


def test_minutes_are_recorded_in_any_order() -> None:
    """Their days put them in order."""
    for order in itertools.permutations((held, published, approved, mended)):
        story = given(in_may)
        for event in order:
            story = story.and_then(event)
        assert standing(story, "2022-05-01") == ("minutes-published",)
        assert standing(story, "2023") == ("minutes-approved",)


def test_a_draft_is_not_published_after_approval() -> None:
    """From then on they are the record; on the same day the draft came first."""
    given(held, in_may, approved).when(minutes("published", "2022-06-01")).refused("minutes/order", "minutes-approved")
    given(held, in_may, minutes("published", "2022-06-01")).when(approved).refused("minutes/order")
    given(held, in_may, approved).when(minutes("published", "2022-05-19")).accepted()
    given(held, in_may, approved).when(minutes("published", "2022-05")).accepted()


def test_minutes_are_not_approved_before_the_meeting_was_held() -> None:
    """Nor published before it."""
    for early in (minutes("approved", "2022-03-21", at=LATER), minutes("published", "2022-03-21")):
        given(held, in_may).when(early).refused("minutes/order", "2022-03-22")
        given(in_may, early).when(held).refused("minutes/order")


def test_a_doubtful_day_is_queried() -> None:
    """Only the doubt stands against it."""
    doubtful = minutes("published", "2022-03-20?")
    given(held, in_may).when(doubtful).queried("minutes/order")
    given(held, in_may).when(doubtful, overriding="minutes/order").accepted()
    given(held, in_may).when(minutes("published", "2022-03-21?")).accepted()


def test_a_meeting_may_be_known_from_its_minutes_alone() -> None:
    """Whatever of them is told first; that it was held may follow."""
    for first in (published, approved, mended):
        story = given(in_may).and_then(first)
        story.when(held).accepted()
        assert standing(story, "2022-03-22") == ("none",)


def test_a_meeting_is_on_record_once_its_minutes_are() -> None:
    """Others may refer to it."""
    carried = told("motion-carried", motion="coventry/2022-03-22/ukraine", on="2022-03-22", meeting=MEETING)
    given(in_may).when(carried).refused("record/known", MEETING)
    given(in_may, published).when(carried).accepted()
    given(in_may, published, carried).when(retracted(5)).queried("record/relied-on", "6 (motion-carried)")


def test_minutes_are_approved_at_a_meeting_that_is_on_record() -> None:
    """Or that is told of in the same batch."""
    given(held).when(approved).refused("record/known", LATER)
    given(held).when(approved, in_may).accepted()
    given(held, in_may, approved).when(retracted(5)).queried("record/relied-on", "6 (minutes-approved)")


def test_minutes_are_approved_once() -> None:
    """A second telling is another source."""
    again = minutes("approved", "2022-05-20", at=LATER)
    given(held, in_may, approved).when(again).refused(
        "record/once", "minutes-approved on 2022-05-19 is already recorded"
    )
    given(held, in_may, published).when(minutes("published", "2022-04-02")).refused("record/once")


def test_minutes_may_be_corrected_more_than_once() -> None:
    """Each correction is an act of its own."""
    other = minutes("corrected", "2022-09-13", at=LATER, text="Strikes out a name.")
    given(held, in_may, approved, mended).when(other).accepted()


def test_a_correction_of_minutes_says_what_and_where() -> None:
    """So does an approval."""
    with pytest.raises(ValidationError, match="text"):
        minutes("corrected", "2022-07-12", at=LATER)
    with pytest.raises(ValidationError, match="at"):
        minutes("approved", "2022-05-19")


def test_the_vote_on_minutes_is_a_vote() -> None:
    """Figures that contradict each other are refused."""
    odd = minutes("approved", "2022-05-19", at=LATER, vote={"unanimous": True, "against": 3})
    given(held, in_may).when(odd).refused("vote/unanimous")
    fine = minutes("approved", "2022-05-19", at=LATER, vote={"for": 24, "against": 10, "abstained": 1})
    given(held, in_may).when(fine).accepted()


def test_what_is_recorded_about_minutes_is_felt() -> None:
    """A corrected day, a narrowed one, a dispute."""
    story = given(held, in_may, published, approved)
    story.when(corrected(7, minutes("approved", "2022-03-25", at=LATER))).refused("minutes/order", "minutes-published")
    assert standing(story.and_then(retracted(7)), "2026") == ("minutes-published",)
    year = given(held, in_may, minutes("approved", "2022", at=LATER)).and_then(corroborated(6, "2022-05-19"))
    assert standing(year, "2022-05-18") == ("held",)
    denied = story.and_then(disputed(7, None)).and_then(settled(8, "instead"))
    assert standing(denied, "2026") == ("minutes-published",)


def test_minutes_are_corrected_after_the_meeting_was_held() -> None:
    """A meeting of which only a correction is known was held by then, and not later."""
    early = minutes("corrected", "2022-03-20", at=LATER, text="Adds a name.")
    given(told("meeting-held", meeting=LATER, on="2022-03-19"), early).when(held).refused("minutes/order")
