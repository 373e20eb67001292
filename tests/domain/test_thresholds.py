"""Thresholds: a share or a number of votes is judged exactly; words are kept, and said not to be judged."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.tallies import Tally, in_words, threshold_in_words
from domain.values import Vote
from tests.domain.sitting import MEETING, carried, casting, held, lost, minutes
from tests.domain.story import given

TWO_THIRDS_CAST = {"share": "2/3", "of": "cast"}
MAJORITY_OF_SEATS = {"share": "1/2", "of": "seats", "more_than": True}
MISSED = "vote/outcome-follows"


@pytest.mark.parametrize(
    ("threshold", "votes", "against", "right"),
    [
        (TWO_THIRDS_CAST, 20, 10, True),
        (TWO_THIRDS_CAST, 19, 10, False),
        ({"share": "3/5", "of": "cast"}, 18, 12, True),
        ({"share": "3/5", "of": "cast", "more_than": True}, 18, 12, False),
        ({"share": "2/3", "of": "cast", "words": "two thirds"}, 19, 10, False),
        ({"share": "1/1", "of": "cast"}, 20, 1, False),
        ({"share": "1/3", "of": "cast"}, 10, 20, True),
        ({"share": "1/3", "of": "cast"}, 9, 20, False),
        ({"votes": 8}, 8, 2, True),
        ({"votes": 8}, 7, 3, False),
        ({"votes": 8, "more_than": True}, 8, 2, False),
        ({"share": "3333/9999", "of": "cast"}, 333_333, 666_666, True),
        ({"share": "3334/9999", "of": "cast"}, 333_333, 666_666, False),
    ],
)
def test_a_motion_carries_as_its_threshold_asks(threshold: object, votes: int, against: int, *, right: bool) -> None:
    """Compared as fractions: a third of 999,999 is 333,333, and not a vote less."""
    outcome = given().when(carried(for_=votes, against=against, threshold=threshold))
    if right:
        outcome.accepted()
    else:
        outcome.refused(MISSED, f"recorded as carried with {votes} for")


@pytest.mark.parametrize(
    ("threshold", "known", "right"),
    [
        (MAJORITY_OF_SEATS, {"seats": 54}, False),
        (MAJORITY_OF_SEATS, {"seats": 53}, True),
        (MAJORITY_OF_SEATS, {}, True),
        ({"share": "2/3", "of": "seats"}, {"seats": 41}, False),
        ({"share": "2/3", "of": "seats"}, {"seats": 40}, True),
        ({"share": "2/3", "of": "present"}, {"present": 41}, False),
        ({"share": "2/3", "of": "present"}, {"seats": 54, "present": 40}, True),
        ("two thirds of all members", {"seats": 54}, True),
    ],
)
def test_a_share_of_the_seats_or_of_those_present_needs_the_meeting(
    threshold: object, known: dict[str, int], *, right: bool
) -> None:
    """27 for and 10 against: whether that suffices depends on the seats, or on who was there."""
    vote = carried(MEETING, for_=27, against=10, threshold=threshold)
    for outcome in (given(held(**known)).when(vote), given(minutes, vote).when(held(**known))):
        if right:
            outcome.accepted()
        else:
            outcome.refused(MISSED, threshold_in_words(threshold))


def test_more_cannot_have_voted_for_than_voted() -> None:
    """Also where the figures for and against are not known, and where the meeting says how many seats there are."""
    given().when(carried(cast=7, threshold={"votes": 8})).refused(MISSED, "carried with at most 7 for, and")
    given().when(carried(cast=7, unanimous=True, threshold={"votes": 8})).refused(MISSED)
    given().when(carried(cast=8, unanimous=True, threshold={"votes": 8})).accepted()
    vote = carried(MEETING, cast=27, threshold=MAJORITY_OF_SEATS)
    given(held(seats=54)).when(vote).refused(MISSED, "carried with at most 27 for of 54 seats")
    given(held(seats=53)).when(vote).accepted()


def test_the_votes_cast_count_before_the_figures() -> None:
    """Where the source says how many were cast, the share is one of these."""
    share = {"share": "2/3", "of": "cast"}
    given().when(carried(for_=20, against=8, cast=31, threshold=share)).refused(MISSED, "of 31 votes cast")
    given().when(carried(for_=20, against=8, cast=30, threshold=share)).accepted()


def test_those_present_may_be_counted_in_the_vote() -> None:
    """The vote's own figure counts before the meeting's: members come and go."""
    share = {"share": "2/3", "of": "present"}
    given(held(present=41)).when(carried(MEETING, for_=27, against=10, present=40, threshold=share)).accepted()
    given().when(carried(for_=27, against=10, present=41, threshold=share)).refused(MISSED, "of 41 members present")


def test_a_casting_vote_helps_over_a_threshold() -> None:
    """It is a vote for the motion, where it was not counted among them."""
    vote: dict[str, Any] = {"for": 27, "against": 27, "casting_vote": casting("for")}
    given().when(carried(**vote, threshold={"votes": 28})).accepted()
    given().when(carried(**vote, threshold={"votes": 29})).refused(MISSED)


def test_what_is_lost_with_a_majority_missed_its_threshold() -> None:
    """A threshold that the votes surely reached does not explain why the motion is lost."""
    rule, majority = "vote/lost-with-majority", {"for": 27, "against": 10}
    given().when(lost(**majority)).queried(rule)
    given().when(lost(**majority, threshold={"votes": 28})).accepted()
    given().when(lost(**majority, threshold={"votes": 27})).queried(rule, "the threshold is 27 votes")
    given().when(lost(**majority, abstained=0, threshold=TWO_THIRDS_CAST)).queried(rule, "2/3 of the votes cast")
    given().when(lost(**majority, abstained=9, threshold=TWO_THIRDS_CAST)).accepted()
    given().when(lost(**majority, threshold=TWO_THIRDS_CAST)).accepted()
    given(held(seats=54)).when(lost(MEETING, **majority, threshold=MAJORITY_OF_SEATS)).accepted()
    given(held(seats=53)).when(lost(MEETING, **majority, threshold=MAJORITY_OF_SEATS)).queried(rule)


@pytest.mark.parametrize("words", ["8", "eight votes", "absolute majority", "two thirds", "2/3", "a third", "28 votes"])
def test_words_are_never_judged(words: str) -> None:
    """They refuse nothing for good, excuse nothing, and every summary says that they were not judged."""
    for vote in (carried(for_=7, against=3, threshold=words), lost(for_=7, against=3, threshold=words)):
        given().when(vote).accepted()
        assert f'7 for, 3 against, threshold "{words}" (not judged: it is given in words only)' in in_words(
            vote.particulars()["vote"]
        )
    given().when(carried(for_=3, against=7, threshold=words)).queried(
        MISSED, f'the threshold in words is not judged: "{words}"'
    )


@pytest.mark.parametrize(
    ("vote", "result"),
    [
        ({"for": 20, "against": 10, "threshold": {"votes": 20}}, "reached"),
        ({"for": 20, "against": 10, "threshold": {"votes": 21}}, "missed"),
        ({"for": 20, "against": 10, "abstained": 0, "threshold": TWO_THIRDS_CAST}, "reached"),
        ({"for": 20, "against": 10, "threshold": TWO_THIRDS_CAST}, "the number of abstentions is not known"),
        ({"for": 20, "against": 10, "abstained": 1, "threshold": TWO_THIRDS_CAST}, "abstentions may or may not be"),
        ({"for": 20, "threshold": TWO_THIRDS_CAST}, "the number of votes cast is not known"),
        ({"threshold": {"votes": 8}}, "the number of votes for is not known"),
        ({"for": 20, "threshold": {"share": "2/3", "of": "seats"}}, "the number of seats is not in the vote"),
        ({"for": 20, "threshold": {"share": "2/3", "of": "present"}}, "the number present is not in the vote"),
        ({"for": 20, "present": 30, "threshold": {"share": "2/3", "of": "present"}}, "reached"),
        (
            {"for": 7, "against": 7, "casting_vote": {"by": "Chair", "way": "for"}, "threshold": {"votes": 8}},
            "the source may or may not count the casting vote",
        ),
        (
            {"for": 7, "names": [{"person": "A", "vote": "for", "weight": 7}], "present": 9,
             "threshold": {"share": "1/2", "of": "present"}},
            "the votes are weighted",
        ),
        ({"cast": 7, "threshold": {"votes": 8}}, "missed"),
        ({"cast": 7, "unanimous": True, "threshold": {"votes": 8}}, "missed"),
        ({"cast": 9, "against": 2, "threshold": {"votes": 8}}, "missed"),
        ({"cast": 9, "against": 4, "threshold": TWO_THIRDS_CAST}, "missed"),
        ({"cast": 8, "threshold": {"votes": 8}}, "the number of votes for is not known"),
        ({"threshold": "unanimity"}, "it is given in words only"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_says_so(vote: dict[str, Any], result: str) -> None:
    """Why, in the words of the vote itself; what can be judged says what came of it."""
    judgement = Tally.of(vote).judge()
    assert judgement
    assert judgement.result == result or (judgement.result == "open" and result in judgement.why)
    assert result in in_words(vote)


def test_a_threshold_in_words() -> None:
    """What it asks, and the source's own words."""
    assert threshold_in_words(MAJORITY_OF_SEATS) == "more than 1/2 of the seats"
    assert threshold_in_words({"votes": 1}) == "1 vote"
    assert threshold_in_words({"votes": 8, "words": "8 Votes Required"}) == '8 votes "8 Votes Required"'
    assert threshold_in_words({"share": "2/3", "of": "present"}) == "2/3 of those present"


@pytest.mark.parametrize(
    "threshold",
    [
        {}, {"words": "two thirds"}, {"share": "2/3"}, {"of": "cast"}, {"votes": 8, "of": "cast"},
        {"share": "2/3", "of": "cast", "votes": 8}, {"share": "2/3", "of": "members"}, {"share": "0/3", "of": "cast"},
        {"share": "2/0", "of": "cast"}, {"share": "4/3", "of": "cast"}, {"share": "0.66", "of": "cast"},
        {"share": 0.66, "of": "cast"}, {"share": "66%", "of": "cast"}, {"votes": -1}, {"votes": 8.0}, {"votes": "8"},
        {"votes": 8, "by": "x"}, 8, "", ["2/3"],
    ],
)  # fmt: skip
def test_what_is_no_threshold_is_refused(threshold: object) -> None:
    """A share is a fraction of a named whole, up to all of it; a number of votes stands alone."""
    with pytest.raises(ValidationError) as refused:
        Vote.model_validate({"threshold": threshold})
    assert refused.value.errors()[0]["loc"][:2] == ("threshold", "text" if isinstance(threshold, str) else "object")


@pytest.mark.parametrize("threshold", ['"two thirds"', '{"share":"2/3","of":"cast"}', '{"votes":8,"words":"eight"}'])
def test_a_threshold_is_written_as_it_was_read(threshold: str) -> None:
    """Byte by byte, whether it is a text of an older release or not."""
    text = f'{{"for":20,"threshold":{threshold}}}'
    assert Vote.model_validate_json(text).model_dump_json(exclude_defaults=True) == text
