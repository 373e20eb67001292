"""Questions about a day that has not come yet: answered from what is on record, and never as sure."""

import pytest

from tests.cli.visitor import LINK, Visitor

SAID = "2999-12-31 has not come yet: this is what is on record"


@pytest.mark.parametrize(
    "question",
    [
        ("links", "--as-of", "2999"),
        ("links", "--known-by", "2999"),
        ("pledges", "--as-of", "2999"),
        ("show", LINK, "--as-of", "2999"),
        ("why", LINK, "--as-of", "2999"),
        ("due", "--as-of", "2999"),
    ],
)
def test_what_is_on_record_may_have_changed_by_then(question: tuple[str, ...], town: Visitor) -> None:
    """An answer in JSON with a certainty of possibly, and a sentence on standard error."""
    said = town.done(*question)
    assert said.rows
    assert {row["certainty"] for row in said.rows} == {"possibly"}
    assert said.err.startswith(SAID)


@pytest.mark.parametrize(
    "question",
    [
        ("history", LINK, "--as-of", "2999"),
        ("replay", LINK, "--as-of", "2999"),
        ("diff", LINK, "2022-01-01", "2999"),
        ("links", "--as-of", "2999", "--standing", "suspended", "-f", "table"),
    ],
)
def test_every_question_says_that_the_day_has_not_come(question: tuple[str, ...], town: Visitor) -> None:
    """Also where the answer has no certainty of its own; no row is marked as doubtful beside the sentence."""
    said = town.done(*question)
    assert said.err.startswith(SAID)
    assert said.out != ""
    assert "details in doubt" not in said.out


def test_a_day_that_has_come_is_answered_as_before(town: Visitor) -> None:
    """With its own certainty, and without the sentence."""
    said = town.done("links", "--link", LINK, "--as-of", "2026-01-01")
    assert ([row["certainty"] for row in said.rows], said.err) == (["yes"], "")


def test_a_quiet_question_is_answered_without_the_sentence(town: Visitor) -> None:
    """The certainty still says it."""
    said = town.done("-q", "links", "--link", LINK, "--as-of", "2999")
    assert ([row["certainty"] for row in said.rows], said.err) == (["possibly"], "")
