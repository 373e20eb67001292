"""Meetings: who was present, who made a quorum, and on which day a vote was taken."""

from __future__ import annotations

import pytest

from domain.bearing import Recording, bearing
from domain.judging import judge
from domain.values import Override
from tests.domain.sitting import MEETING, carried, casting, held, lost, minutes, names
from tests.domain.story import BODIES, MOTION, PRESS, TODAY, entry_id, given, told


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
    """Apart from the votes cast, who sat still or declared an interest."""
    given().when(carried(cast=30, no_vote_cast=3, present=33)).accepted()
    given().when(carried(cast=30, no_vote_cast=2, declared_interest=1, present=33)).accepted()
    given().when(carried(cast=30, for_=20, against=7, abstained=3, present=33)).queried("vote/fewer-than-present")


QUORUM = "meeting/quorum"
approved = told("minutes-approved", meeting="coventry/2022-02-22/council", on="2022-03-22", at=MEETING)
earlier = told("meeting-held", meeting="coventry/2022-02-22/council", on="2022-02-22")


def test_a_meeting_without_its_quorum_is_a_fact() -> None:
    """It was held, and adjourned: nobody asks about that."""
    given().when(held(present=13, quorum=14)).accepted()


def test_a_decision_without_a_quorum_is_queried() -> None:
    """A motion carried, a motion lost, minutes approved: in any order of recording, or in one batch."""
    for decision in (carried(MEETING), carried(MEETING, for_=9, against=4), lost(MEETING), approved):
        given(earlier, held(present=13, quorum=14)).when(decision).queried(QUORUM, "13 present")
        given(earlier, held(present=13, quorum=14)).when(decision, overriding=QUORUM).accepted()
        given(earlier, minutes, decision).when(held(present=13, quorum=14)).queried(QUORUM, "14 make a quorum")
        given(earlier).when(held(present=13, quorum=14), decision).queried(QUORUM, number=2)
        given(earlier, held(present=14, quorum=14)).when(decision).accepted()
        for known in ({"present": 13}, {"quorum": 14}):
            given(earlier, held(**known)).when(decision).accepted()


def test_those_present_at_the_vote_make_the_quorum() -> None:
    """Members come and go: the vote's own figure counts before the meeting's."""
    given(held(present=20, quorum=14)).when(carried(MEETING, present=13)).queried(QUORUM, "13 present")
    given(held(quorum=14)).when(carried(MEETING, present=13)).queried(QUORUM, "13 present")
    given(held(present=13, quorum=14)).when(carried(MEETING, present=14)).accepted()


def test_a_reason_given_for_the_meeting_is_none_for_a_later_decision() -> None:
    """Older releases asked about the meeting itself: that override stays readable, and answers nothing else."""
    overridden = Override(rule=QUORUM, reason="The minutes say so.")
    book = given(minutes).book()
    position = len(BODIES) + 2
    meeting = bearing(held(present=13, quorum=14), Recording(TODAY, PRESS, (overridden,), position, entry_id(position)))
    book.include(meeting)
    later = bearing(carried(MEETING), Recording(TODAY, PRESS, (), -1, entry_id(-1)))
    assert judge(book, {1: later})[1].rule.id == QUORUM
    same_day = bearing(carried(MEETING), Recording(TODAY, PRESS, (overridden,), -1, entry_id(-1)))
    assert not judge(book, {1: same_day})


def test_a_reason_given_after_a_decision_answers_for_it() -> None:
    """Whichever of the two entries was recorded last, it holds the reason."""
    given(minutes, carried(MEETING)).when(held(present=13, quorum=14), overriding=QUORUM).accepted()
    day = "date/other-day"
    other_day = told("motion-carried", motion=MOTION, on="2022-03-23", meeting=MEETING)
    given(minutes, other_day).when(held(), overriding=day).accepted()


# More than there can be


def test_more_votes_than_were_cast_are_refused() -> None:
    """As far as they are known: an unknown figure adds none."""
    rule = "vote/more-than-cast"
    given().when(carried(for_=60, against=2, cast=11)).refused(rule, "60 for and 2 against make 62 votes, and 11 were")
    given().when(carried(for_=30, cast=29)).refused(rule)
    given().when(carried(for_=20, against=10, abstained=3, cast=32)).refused(rule)
    given().when(carried(for_=20, against=10, abstained=3, cast=33)).accepted()
    given().when(carried(cast=11, names=names(*((f"Member {n}", "for") for n in range(12))))).refused(rule)
    given().when(carried(for_=20, against=19, cast=39)).accepted()
    given().when(carried(for_=21, against=20, cast=40, casting_vote=casting("for"))).accepted()
    given().when(carried(for_=22, against=21, cast=40, casting_vote=casting("for"))).refused(rule)


def test_more_votes_or_names_than_present_are_queried() -> None:
    """In the vote, or at its meeting; proxies and a casting vote are allowed for, the absent and the paired too."""
    rule = "vote/more-than-present"
    given().when(carried(for_=60, against=2, present=54)).queried(rule, "62 votes, with 54 members present")
    given().when(carried(cast=55, present=54)).queried(rule)
    given().when(carried(for_=50, no_vote_cast=5, present=54)).queried(rule, "50 votes and 5 present without voting")
    sixty = names(*((f"Member {n}", "for") for n in range(60)))
    given().when(carried(names=sixty, present=11)).queried(rule, "60 votes, with 11 members present")
    given(held(present=11)).when(carried(MEETING, names=sixty)).queried(rule, "at coventry/2022-03-22/council")
    given(minutes, carried(MEETING, names=sixty)).when(held(present=11)).queried(rule)
    given(held(present=11)).when(carried(MEETING, names=sixty, present=60)).accepted()
    given().when(carried(names=sixty, present=11), overriding=rule).accepted()
    given().when(carried(for_=54, present=54)).accepted()
    proxy = [{"person": "A. Nother", "vote": "for", "proxy_for": "B. Other"}]
    given().when(carried(for_=55, present=54, names=proxy)).accepted()
    given().when(carried(for_=56, present=54, names=proxy)).queried(rule, "54 members present and 1 proxy")
    given().when(carried(for_=28, against=27, present=54, casting_vote=casting("for"))).accepted()
    gone = names(("A", "for"), ("B", "absent"), ("C", "paired"), ("D", "recused"))
    given().when(carried(names=gone, present=1)).accepted()


# On which day


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
