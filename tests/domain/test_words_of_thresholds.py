"""Every word by which a threshold is read, and what it makes of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from domain.thresholds import Base, Threshold, read

TWO_THIRDS = Fraction(2, 3)


def base(text: str) -> Base:
    """Of whom a threshold asks its share."""
    found = read(text)
    assert found
    assert (found.share, found.votes, found.passed) == (TWO_THIRDS, 0, False)
    return found.base


@pytest.mark.parametrize("word", ["simple", "voting", "cast", "votes", "voters", "ballots"])
def test_whoever_votes_is_asked_before_all_others(word: str) -> None:
    """Though all members are named beside them."""
    assert base(f"two thirds, {word}, of all members present") == "voting"


def test_whoever_is_present_is_asked_before_all_members() -> None:
    """Unless they must be voting, too."""
    assert base("two thirds of all members present") == "present"
    assert base("two thirds of all members present and voting") == "voting"


@pytest.mark.parametrize("part", ["all", "total", "whole", "entire", "elected", "statutory"])
@pytest.mark.parametrize("body", ["member", "members", "membership", "councillors", "council"])
def test_all_members_may_be_called_otherwise(part: str, body: str) -> None:
    """Whatever the body is called of which all are meant."""
    assert base(f"two thirds of the {part} city {body}") == "all"


@pytest.mark.parametrize("word", ["absolute", "seats"])
def test_one_word_may_mean_all_members(word: str) -> None:
    """No other need stand beside it."""
    assert base(f"two thirds, {word}") == "all"


@pytest.mark.parametrize("words", ["", "of members", "of the council", "all"])
def test_who_is_not_told_of_is_taken_to_be_voting(words: str) -> None:
    """Whoever misses that misses every other."""
    assert base(f"two thirds {words}") == "voting"


@pytest.mark.parametrize(
    "word", ["no", "not", "nor", "unless", "without", "except", "if", "or", "and", "waived", "one more", "+"]
)
def test_a_word_that_changes_the_meaning_is_not_passed_over(word: str) -> None:
    """A guess would refuse for good."""
    assert read(f"two thirds {word} half the wards") is None
    assert read(f"two thirds {word} the wards") is None


@pytest.mark.parametrize(
    "words",
    [
        "two thirds or more",
        "two thirds or greater",
        "no less than two thirds",
        "no fewer than two thirds",
        "not less than two thirds",
        "not fewer than two thirds",
        "Two\u2013Thirds",
        "2 / 3",
        "2\u20443",
        "\u2154",
    ],
)
def test_a_threshold_may_be_written_otherwise(words: str) -> None:
    """It is the same one."""
    assert read(words) == Threshold(TWO_THIRDS)


@pytest.mark.parametrize("words", ["more than", "over", "above", "exceeding", ">"])
def test_some_thresholds_must_be_passed(words: str) -> None:
    """It is not enough to reach them."""
    assert read(f"{words} two thirds") == Threshold(TWO_THIRDS, passed=True)
    assert read(f"{words} 28 votes") == Threshold(None, 28, passed=True)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("one third", (1, 3)),
        ("a third", (1, 3)),
        ("half", (1, 2)),
        ("three fifths", (3, 5)),
        ("three quarters", (3, 4)),
        ("three fourths", (3, 4)),
        ("four fifths", (4, 5)),
        ("100/100", (1, 1)),
        ("1/200", (1, 200)),
        ("0.5%", (1, 200)),
        ("66,6 percent", (333, 500)),
        ("100 per cent", (1, 1)),
    ],
)
def test_every_share_is_read(text: str, share: tuple[int, int]) -> None:
    """In words, as a ratio, or of a hundred; it is no number of votes."""
    assert read(text) == Threshold(Fraction(*share))


@pytest.mark.parametrize(("text", "votes"), [("1 vote", 1), ("at least 28 votes", 28), ("123456 votes", 123_456)])
def test_a_number_of_votes_is_no_share(text: str, votes: int) -> None:
    """Of whomever they come."""
    assert read(text) == Threshold(None, votes)


@pytest.mark.parametrize(
    "text",
    ["1234/5 of it", "1/1234", "0/3", "4/3", "101%", "half, 2 votes", "half, 1/2", "1 vote, 2 votes", "majorities"],
)
def test_what_is_no_share_is_not_read(text: str) -> None:
    """Nor what is two of them."""
    assert read(text) is None


def test_a_majority_is_more_than_half() -> None:
    """Where no share stands beside it, nor a number of votes."""
    half = Fraction(1, 2)
    assert read("a majority") == Threshold(half, passed=True)
    assert read("absolute majority") == Threshold(half, base="all", passed=True)
    assert read("a two thirds majority") == Threshold(TWO_THIRDS)
    assert read("a majority of 28 votes") == Threshold(None, 28)


def test_fewer_than_are_against_may_reach_half_but_not_more_than_half() -> None:
    """Nor any higher share."""
    under = {
        text: found.under_half for text in ("28 votes", "a third", "half", "over half", "60%") if (found := read(text))
    }
    assert under == {"28 votes": True, "a third": True, "half": True, "over half": False, "60%": False}
    assert Threshold(Fraction(1, 3), passed=True).under_half
