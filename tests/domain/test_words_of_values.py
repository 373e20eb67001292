"""Every word that a vote, a power, a source or a link can be told in, and what is known of one that says no more."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from domain.values import Authority, Ballot, CastingVote, Evidence, Override, Vote
from tests.domain.sitting import MEETING, carried, held
from tests.domain.story import given, link

LEAST: dict[type[BaseModel], dict[str, Any]] = {
    Ballot: {"person": "A. Nother", "vote": "for"},
    CastingVote: {"by": "The Lord Mayor", "way": "for"},
    Vote: {},
    Authority: {"power": "resolution"},
    Evidence: {"title": "A report", "grade": "press"},
    Override: {"rule": "vote/unanimous", "reason": "So the minutes have it."},
}
WORDS = [
    (Ballot, "vote", ("for", "against", "abstained", "no-vote-cast", "absent")),
    (CastingVote, "way", ("for", "against")),
    (Vote, "method", ("show-of-hands", "roll-call", "ballot", "voice", "electronic", "not-stated")),
    (
        Authority,
        "power",
        (
            "resolution", "committee", "executive", "delegated", "urgent",
            "civic-office", "decree", "statute", "association", "not-stated",
        ),
    ),
    (Evidence, "grade", ("official", "council", "press", "third-party")),
]  # fmt: skip


@pytest.mark.parametrize("kind", LEAST, ids=lambda kind: kind.__name__)
def test_what_is_not_said_is_not_known(kind: type[BaseModel]) -> None:
    """Neither empty nor none at all: it is not there."""
    found = kind.model_validate(LEAST[kind])
    assert found.model_dump(exclude_defaults=True, by_alias=True) == LEAST[kind]
    silent = {name: getattr(found, name) for name in kind.model_fields if name not in LEAST[kind]}
    assert {value for value in silent.values() if value is not None} <= {()}


@pytest.mark.parametrize("kind", LEAST, ids=lambda kind: kind.__name__)
def test_what_is_needed_must_be_said(kind: type[BaseModel]) -> None:
    """Each part of the least that can be told."""
    for left_out in LEAST[kind]:
        with pytest.raises(ValidationError, match="Field required"):
            kind.model_validate({name: value for name, value in LEAST[kind].items() if name != left_out})


@pytest.mark.parametrize(("kind", "field", "words"), WORDS, ids=lambda part: getattr(part, "__name__", None))
def test_each_word_can_be_told(kind: type[BaseModel], field: str, words: tuple[str, ...]) -> None:
    """And no other one."""
    for word in words:
        assert getattr(kind.model_validate({**LEAST[kind], field: word}), field) == word
    with pytest.raises(ValidationError):
        kind.model_validate({**LEAST[kind], field: "other"})


@pytest.mark.parametrize(
    "kind",
    [
        "twinning", "friendship", "partnership", "project-partnership", "sister-city",
        "sister-state", "cooperation", "memorandum", "letter-of-intent", "civic-link",
    ],
)  # fmt: skip
def test_each_kind_of_link_can_be_formed(kind: str) -> None:
    """By its own name."""
    given().when(link("link-formed", "1944", kind=kind)).accepted()


def other_presided(by: str, chair: str) -> bool:
    """Whether a casting vote is refused for who gave it."""
    vote = carried(MEETING, for_=20, against=20, casting_vote={"by": by, "way": "for"})
    outcome = given(held(chair=chair)).when(vote)
    if outcome.refusals:
        outcome.refused("vote/outcome-follows", f"the casting vote is recorded as that of {by}, and {chair} presided")
    return bool(outcome.refusals)


@pytest.mark.parametrize(
    "title",
    [
        "Alderman", "Cllr", "Councillor", "Councilor", "Dr", "Hon", "Lady", "Lord", "Madam", "Miss", "Mr", "Mrs", "Ms",
        "Right", "Rt", "Sir", "The", "Worshipful",
    ],
)  # fmt: skip
def test_a_title_makes_nobody_the_same_person(title: str) -> None:
    """Two may have it, and one person need not."""
    assert other_presided(f"{title} Smith", f"{title} Jones")
    assert not other_presided(f"{title} Smith", "Smith")


@pytest.mark.parametrize(
    "office",
    [
        "Chair", "Chairman", "Chairperson", "Chairwoman", "Convener", "Mayor", "Mayoress", "President", "Presiding",
        "Provost", "Speaker",
    ],
)  # fmt: skip
def test_whoever_presides_may_be_anybody(office: str) -> None:
    """A person that is named, or another office."""
    assert not other_presided(f"The {office}", "Jane Smith")
    assert not other_presided(f"The {office}", "The Clerk")


@pytest.mark.parametrize("office", ["Chief", "Clerk", "Deputy", "Executive", "Leader", "Officer", "Secretary", "Vice"])
def test_another_office_may_be_that_of_anybody_but_who_presides(office: str) -> None:
    """A person that is named."""
    assert not other_presided(f"The {office}", "Jane Smith")
    assert other_presided(f"The {office}", "The Mayor")


def test_who_abstained_and_who_cast_no_vote_are_both_accounted_for() -> None:
    """Besides the votes cast, among which abstentions are, and those who declared an interest."""
    vote = {"for_": 20, "against": 10, "cast": 33, "abstained": 3, "no_vote_cast": 2, "declared_interest": 1}
    given().when(carried(**vote, present=36)).accepted()
    given().when(carried(**vote, present=37)).queried("vote/fewer-than-present", "36 of 37")


@pytest.mark.parametrize("kind", LEAST, ids=lambda kind: kind.__name__)
def test_nothing_is_added_changed_or_made_of_anything_else(kind: type[BaseModel]) -> None:
    """Whatever is told."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        kind.model_validate({**LEAST[kind], "other": "x"})
    found = kind.model_validate(LEAST[kind])
    with pytest.raises(ValidationError, match="frozen"):
        setattr(found, next(iter(kind.model_fields)), None)
    for name in kind.model_fields:
        if name not in LEAST[kind]:
            with pytest.raises(ValidationError):
                kind.model_validate({**LEAST[kind], kind.model_fields[name].alias or name: b"1"})


def test_a_share_of_those_voting_is_not_asked_where_the_others_are_not_known() -> None:
    """Unknown is never 0."""
    given().when(carried(for_=20, threshold={"share": "2/3", "of": "cast"})).accepted()


@pytest.mark.parametrize(("by", "chair"), [("Mr", "The Clerk"), ("A. B.", "Jane Smith"), ("Jane Smith", "A. B.")])
def test_who_is_told_of_in_no_word_may_be_anybody(by: str, chair: str) -> None:
    """A title alone, or initials."""
    assert not other_presided(by, chair)


def test_who_cast_no_vote_is_accounted_for_where_nobody_says_who_abstained() -> None:
    """Beside the votes cast."""
    vote = {"for_": 20, "against": 10, "cast": 30, "no_vote_cast": 2}
    given().when(carried(**vote, present=32)).accepted()
    given().when(carried(**vote, present=33)).queried("vote/fewer-than-present", "32 of 33")
