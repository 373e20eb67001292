"""Meetings: who was present, who made a quorum, and on which day a vote was taken."""

from __future__ import annotations

import pytest

from tests.domain.sitting import MEETING, carried, held, minutes
from tests.domain.story import MOTION, given, told


def test_fewer_than_present_are_queried() -> None:
    """By what was cast, or by all four figures; in the vote, or in the meeting."""
    rule = "vote/fewer-than-present"
    given().when(carried(cast=20, present=33)).queried(rule, "20 of 33 members present")
    given().when(carried(cast=33, present=33)).accepted()
    full = {"for": 20, "against": 10, "abstained": 2, "no_vote_cast": 0}
    given().when(carried(**full, present=33)).queried(rule, "32 of 33")
    given().when(carried(**full, present=32)).accepted()
    given(held(present=33)).when(carried(MEETING, **full)).queried(rule, "at coventry/2022-03-22/council (entry 4)")
    given(minutes, carried(MEETING, **full)).when(held(present=33)).queried(rule)
    given(held(present=54)).when(carried(MEETING, **full, present=32)).accepted()
    given().when(carried(cast=20, present=33), overriding=rule).accepted()
    given(held(present=33)).when(carried(MEETING, **full), overriding=rule).accepted()


@pytest.mark.parametrize("missing", ["for", "against", "abstained", "no_vote_cast"])
def test_one_unknown_figure_is_enough_not_to_ask(missing: str) -> None:
    """Unknown is never 0."""
    full = {"for": 20, "against": 10, "abstained": 1, "no_vote_cast": 0}
    known = {way: number for way, number in full.items() if way != missing}
    given().when(carried(**known, present=54)).accepted()


def test_who_is_known_to_have_cast_no_vote_is_not_missing() -> None:
    """Votes cast, and apart from them those who abstained or sat still."""
    given().when(carried(cast=30, no_vote_cast=3, present=33)).accepted()
    given().when(carried(cast=30, for_=20, against=10, abstained=3, present=33)).accepted()
    given().when(carried(cast=30, for_=20, against=7, abstained=3, present=33)).queried("vote/fewer-than-present")


def test_a_meeting_without_its_quorum_is_queried() -> None:
    """When both figures are given."""
    given().when(held(present=13, quorum=14)).queried("meeting/quorum", "13 present, where 14 make a quorum")
    given().when(held(present=14, quorum=14)).accepted()
    given().when(held(present=13)).accepted()
    given().when(held(quorum=14)).accepted()
    given().when(held(present=13, quorum=14), overriding="meeting/quorum").accepted()


@pytest.mark.parametrize(
    ("on", "met", "right"),
    [
        ("2022-03-23", "2022-03-22", False),
        ("2022-03-21", "2022-03-22", False),
        ("2022-03", "2022-03-22", True),
        ("2022-03-22", "2022", True),
        ("2022-03-23?", "2022-03-22", True),
        ("2022-04", "2022-03-22", False),
        ("[..2022-04-04]", "2022-03-22", True),
    ],
)
def test_a_vote_on_another_day_than_its_meeting_is_queried(on: str, met: str, *, right: bool) -> None:
    """Only where the two cannot be one day."""
    meeting = told("meeting-held", meeting=MEETING, on=met)
    for name in ("motion-carried", "motion-lost"):
        vote = told(name, motion=MOTION, on=on, meeting=MEETING)
        for outcome in (given(meeting).when(vote), given(minutes, vote).when(meeting)):
            if right:
                outcome.accepted()
            else:
                outcome.queried("date/other-day", f"the vote is dated {on}")
    given().when(
        meeting, told("motion-carried", motion=MOTION, on=on, meeting=MEETING), overriding="date/other-day"
    ).accepted()


def test_what_is_final_comes_before_what_can_be_overridden() -> None:
    """Nobody overrides one rule only to hear of another that stands for good."""
    both = told("motion-carried", motion=MOTION, on="2022-03-23", meeting=MEETING, vote={"for": 60, "against": 1})
    given(held(seats=54)).when(both).refused("vote/names-match-counts")
    given().when(carried(for_=1, against=3, cast=4, present=9)).refused("vote/outcome-follows")
