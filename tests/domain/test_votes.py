"""Votes: only what is known is compared, and what follows from it must be the outcome."""

from __future__ import annotations

import pytest

from tests.domain.sitting import MEETING, carried, casting, held, lost, minutes, names
from tests.domain.story import MOTION, given, told

WEIGHTED = {"names": [{"person": "A. Nother", "vote": "for", "weight": 7}, {"person": "B. Other", "vote": "against"}]}

# Names and figures


def test_more_names_of_one_way_than_its_figure_are_refused() -> None:
    """Fewer are not: a report may name some."""
    two = names(("A", "for"), ("B", "for"))
    given().when(carried(for_=1, names=two)).refused(
        "vote/names-match-counts", "the names make 2 for, and the figure is 1"
    )
    given().when(carried(for_=2, names=two)).accepted()
    given().when(carried(for_=33, names=two)).accepted()
    given().when(carried(names=two)).accepted()


@pytest.mark.parametrize(
    ("way", "figure"),
    [("for", "for"), ("against", "against"), ("abstained", "abstained"), ("no-vote-cast", "no_vote_cast"),
     ("absent", "absent")],
)  # fmt: skip
def test_complete_names_are_as_many_as_their_figure(way: str, figure: str) -> None:
    """For every way in which somebody votes, or does not."""
    one = {"names": names(("A", way)), "names_complete": True}
    decided = carried if way == "for" else lost
    given().when(decided(**{**one, figure: 2})).refused("vote/names-match-counts", "the names make 1")
    given().when(decided(**{**one, figure: 0})).refused("vote/names-match-counts", f"make 1 {way.replace('-', ' ')}")
    given().when(decided(**{**one, figure: 1})).accepted()
    given().when(decided(**{**one, figure: 2, "names_complete": False})).accepted()


def test_a_person_votes_once_and_once_for_each_who_is_represented() -> None:
    """A proxy is named again, for whom; however the name is spaced or capitalised."""
    own = {"person": "A. Nother", "vote": "for"}
    proxy = {**own, "proxy_for": "B. Other"}
    second = {**own, "proxy_for": "C. Another"}
    given().when(carried(names=[own, own])).refused("vote/names-match-counts", "A. Nother is named twice")
    given().when(carried(names=[own, {**own, "person": "a.  NOTHER"}])).refused("vote/names-match-counts")
    given().when(carried(names=[own, proxy, second], for_=3)).accepted()
    given().when(carried(names=[proxy, proxy])).refused("vote/names-match-counts", "twice for B. Other")


def test_weighted_votes_count_by_their_weight() -> None:
    """Who has no weight given counts once."""
    given().when(carried(**WEIGHTED, for_=7, against=1, names_complete=True)).accepted()
    given().when(carried(**WEIGHTED, for_=6)).refused("vote/names-match-counts", "the names make 7 for")
    given(minutes, carried(MEETING, **WEIGHTED)).when(held(seats=2, present=12)).accepted()


def test_more_votes_than_seats_are_refused_but_for_proxies() -> None:
    """Whichever of the two is recorded first; the casting vote is one more."""
    many = carried(MEETING, for_=30, against=20, abstained=5)
    given(held(seats=54)).when(many).refused(
        "vote/names-match-counts", "55 votes at coventry/2022-03-22/council (entry 4)"
    )
    given(minutes, many).when(held(seats=54)).refused("vote/names-match-counts", "54 seats")
    given(held(seats=55)).when(many).accepted()
    given(held(seats=54)).when(carried(MEETING, cast=55)).refused("vote/names-match-counts")
    proxy = [{"person": "A. Nother", "vote": "for", "proxy_for": "B. Other"}]
    given(held(seats=54)).when(carried(MEETING, for_=30, against=25, names=proxy)).accepted()
    given(held(seats=54)).when(carried(MEETING, for_=30, against=26, names=proxy)).refused(
        "vote/names-match-counts", "54 seats and 1 proxy"
    )
    given(held(seats=54)).when(carried(MEETING, for_=28, against=27, casting_vote=casting("for"))).accepted()
    approved = told(
        "minutes-approved", meeting="coventry/2022-02-22/council", on="2022-03-22", at=MEETING, vote={"for": 55}
    )
    given(told("meeting-held", meeting="coventry/2022-02-22/council", on="2022-02-22"), held(seats=54)).when(
        approved
    ).refused("vote/names-match-counts")


def test_in_one_batch_the_vote_is_named_and_not_the_meeting() -> None:
    """Lines are tried by subject: meetings come before motions."""
    for batch, number in (
        ((held(seats=3), carried(MEETING, for_=4)), 2),
        ((carried(MEETING, for_=4), held(seats=3)), 1),
    ):
        outcome = given().when(*batch)
        outcome.refused("vote/names-match-counts", number=number)
        assert len(outcome.refusals) == 1


# The outcome


def test_a_motion_carries_with_more_for_than_against() -> None:
    """A tie is broken by the chair, or the motion is not carried."""
    given().when(carried(for_=20, against=33)).refused("vote/outcome-follows", "carried with 20 for and 33 against")
    given().when(carried(for_=20, against=20)).refused("vote/outcome-follows")
    given().when(carried(for_=21, against=20)).accepted()
    given().when(carried(for_=0, against=0)).refused("vote/outcome-follows")
    given().when(lost(for_=20, against=20)).accepted()


def test_an_unknown_figure_proves_nothing() -> None:
    """Only with both figures known is there a tie, or a majority."""
    given().when(carried(against=33)).accepted()
    given().when(carried(for_=0)).accepted()
    given().when(lost(for_=33)).accepted()
    given().when(carried()).accepted()


def test_complete_names_are_figures_too() -> None:
    """Where everybody is named, nobody need count."""
    against = names(("A", "against"), ("B", "against"), ("C", "for"))
    given().when(carried(names=against, names_complete=True)).refused("vote/outcome-follows", "1 for and 2 against")
    given().when(carried(names=against)).accepted()


def test_a_casting_vote_breaks_a_tie_counted_or_not() -> None:
    """Both ways of counting it are found in minutes."""
    given().when(carried(for_=20, against=20, casting_vote=casting("for"))).accepted()
    given().when(carried(for_=21, against=20, casting_vote=casting("for"))).accepted()
    given().when(lost(for_=20, against=20, casting_vote=casting("against"))).accepted()
    given().when(lost(for_=20, against=21, casting_vote=casting("against"))).accepted()
    for figures in ((22, 20), (20, 21), (33, 20)):
        vote = {"for": figures[0], "against": figures[1], "casting_vote": casting("for")}
        given().when(carried(**vote)).refused("vote/outcome-follows", "that was no tie")
    given().when(lost(for_=21, against=20, casting_vote=casting("against"))).refused("vote/outcome-follows", "no tie")


def test_a_casting_vote_says_which_way_it_went() -> None:
    """Against, and carried: one of the two is wrong."""
    given().when(carried(casting_vote=casting("against"))).refused("vote/outcome-follows", "casting vote against")
    given().when(lost(casting_vote=casting("for"))).refused("vote/outcome-follows", "casting vote for")
    for known in ({}, {"for": 20}, {"against": 20}):
        given().when(carried(casting_vote=casting("for"), **known)).accepted()


@pytest.mark.parametrize(
    ("chair", "by", "right"),
    [
        ("Kevin Maton", "Kevin Maton", True),
        ("Councillor K. Maton", "Kevin Maton", True),
        ("The Lord Mayor", "Lord Mayor of Coventry", True),
        ("The Lord Mayor", "Kevin Maton", True),
        ("The Lord Mayor", "the Chair", True),
        ("Kevin Maton", "the Chairman", True),
        ("Kevin Maton", "Abdul Khan", False),
        ("J. Smith", "J. Brown", False),
        ("Cllr Kevin Maton", "Cllr Abdul Khan", False),
        ("A. Chair", "B. Member", False),
        ("The Lord Mayor", "Leader of the Council", False),
        ("The Lord Mayor", "Chief Executive", False),
    ],
)
def test_the_casting_vote_is_the_chairs(chair: str, by: str, *, right: bool) -> None:
    """When both are named; an office may stand for a name."""
    vote = carried(MEETING, casting_vote=casting("for", by))
    for outcome in (given(held(chair=chair)).when(vote), given(minutes, vote).when(held(chair=chair))):
        if right:
            outcome.accepted()
        else:
            outcome.refused(
                "vote/outcome-follows", f"the casting vote is recorded as that of {by}, and {chair} presided"
            )
    given(held()).when(vote).accepted()


def test_lost_with_a_majority_is_queried() -> None:
    """Unless a threshold is stated, which may be what was missed."""
    given().when(lost(for_=33, against=20)).queried("vote/lost-with-majority", "lost with 33 for and 20 against")
    given().when(lost(for_=33, against=20), overriding="vote/lost-with-majority").accepted()
    given().when(lost(for_=33, against=20, threshold="two thirds")).accepted()
    given().when(lost(for_=33, against=20, threshold={"votes": 36})).accepted()


@pytest.mark.parametrize("name", ["motion-amended", "motion-rescinded", "minutes-approved"])
def test_what_was_changed_or_approved_was_carried(name: str) -> None:
    """A vote that amends, rescinds or approves follows the same rule."""
    more: dict[str, dict[str, object]] = {
        "motion-amended": {"motion": MOTION, "on": "2022-03-22", "summary": "Adds a wish."},
        "motion-rescinded": {"motion": MOTION, "on": "2023-03-22"},
        "minutes-approved": {"meeting": MEETING, "on": "2022-05-19", "at": MEETING},
    }
    wrong = told(name, **more[name], vote={"for": 1, "against": 2})
    given(carried(), held()).when(wrong).refused("vote/outcome-follows")
