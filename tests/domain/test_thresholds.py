"""Thresholds: read where their words have one reading, and silent elsewhere."""

from __future__ import annotations

import pytest

from domain import thresholds
from tests.domain.sitting import MEETING, carried, casting, held, lost, minutes
from tests.domain.story import given


@pytest.mark.parametrize(
    ("text", "votes", "against", "right"),
    [
        ("two thirds", 20, 10, True),
        ("two thirds", 19, 10, False),
        ("a two-thirds majority", 19, 10, False),
        ("2/3", 20, 10, True),
        ("2/3 of those voting", 19, 10, False),
        ("\u2154 of the votes", 19, 10, False),
        ("not less than two-thirds of those present and voting", 19, 10, False),
        ("three quarters", 30, 10, True),
        ("three fourths", 29, 10, False),
        ("three fifths", 18, 12, True),
        ("three fifths", 17, 12, False),
        ("four fifths", 24, 6, True),
        ("four fifths", 23, 6, False),
        ("100%", 20, 0, True),
        ("100%", 20, 1, False),
        ("3/4", 29, 10, False),
        ("60%", 18, 12, True),
        ("60 per cent", 17, 12, False),
        ("66,6 %", 19, 10, False),
        ("more than 60%", 18, 12, False),
        ("at least 28 votes", 28, 20, True),
        ("28 votes", 27, 20, False),
        ("28 votes", 28, 30, True),
        ("simple majority", 20, 20, False),
        ("one third", 10, 20, True),
        ("one third", 9, 20, False),
        ("a third", 10, 20, True),
        ("absolute majority", 10, 20, False),
        ("two thirds of all members", 10, 20, False),
        ("half", 10, 10, True),
        ("more than half", 10, 10, False),
        ("two thirds, or a simple majority on a second vote", 19, 10, True),
        ("as the constitution asks", 19, 10, True),
        ("as the constitution asks", 10, 19, False),
    ],
)
def test_a_motion_carries_as_its_threshold_asks(text: str, votes: int, against: int, *, right: bool) -> None:
    """Read where its words have one reading; else silent, and the majority counts."""
    outcome = given().when(carried(for_=votes, against=against, threshold=text))
    if right:
        outcome.accepted()
    else:
        outcome.refused("vote/outcome-follows", f"{votes} for")


@pytest.mark.parametrize(
    ("text", "known", "right"),
    [
        ("absolute majority", {"seats": 54}, False),
        ("absolute majority", {"seats": 53}, True),
        ("absolute majority", {}, True),
        ("a majority of all members", {"seats": 54}, False),
        ("two thirds of all members", {"seats": 41}, False),
        ("two thirds of all members", {"seats": 40}, True),
        ("two thirds of those present", {"present": 41}, False),
        ("not less than two thirds of those present", {"present": 41}, False),
        ("not less than two thirds of those present", {"present": 40}, True),
        ("two thirds of all members present", {"seats": 54, "present": 40}, True),
        ("two thirds of all votes cast", {"seats": 54, "present": 54}, True),
    ],
)
def test_a_threshold_of_all_or_of_those_present_asks_the_meeting(
    text: str, known: dict[str, int], *, right: bool
) -> None:
    """27 for and 10 against: whether that is enough depends on the seats, or on who was there."""
    vote = carried(MEETING, for_=27, against=10, threshold=text)
    for outcome in (given(held(**known)).when(vote), given(minutes, vote).when(held(**known))):
        if right:
            outcome.accepted()
        else:
            outcome.refused("vote/outcome-follows", text)


def test_what_is_lost_need_not_reach_a_threshold() -> None:
    """It is lost because it did not."""
    given(held(seats=54)).when(lost(MEETING, for_=27, against=10, threshold="absolute majority")).accepted()


def test_those_present_may_be_counted_in_the_vote() -> None:
    """The vote's own figure counts before the meeting's: members come and go."""
    vote = carried(MEETING, for_=27, against=10, present=40, threshold="two thirds of those present")
    given(held(present=41)).when(vote).accepted()
    given().when(carried(for_=27, against=10, present=41, threshold="2/3 of those present")).refused(
        "vote/outcome-follows"
    )


def test_a_casting_vote_helps_over_a_threshold() -> None:
    """It is a vote for the motion, where it was not counted among them."""
    vote = {"for": 27, "against": 27, "casting_vote": casting("for"), "threshold": "28 votes"}
    given().when(carried(**vote)).accepted()


def test_words_of_two_readings_are_not_read() -> None:
    """Nothing is refused for good on a guess."""
    for text in ("", "unanimity", "two thirds and 30 votes", "2/3 (66%)", "150%", "0%", "majority unless waived"):
        assert thresholds.read(text) is None, text
