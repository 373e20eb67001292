"""One act told by several lines of one batch, or by a line and by what is on record."""

from __future__ import annotations

from domain.catalogue import AnyEvent
from tests.domain.story import body, given, link

formed = link("link-formed", "1944", kind="twinning")


def announced(on: str, wording: str) -> AnyEvent:
    """Coventry announces a suspension; it may do so more than once."""
    return link("suspension-announced", on, "coventry", wording=wording)


def test_two_lines_tell_one_act() -> None:
    """One of them goes in; the other is another source for it."""
    outcome = given(formed).when(announced("2022-02-26", "to freeze"), announced("2022-02", "to pause"))
    assert len(outcome.refusals) == 1
    (number,) = outcome.refusals
    outcome.refused("link/transition", "line", number=number)


def test_two_lines_tell_two_acts() -> None:
    """On days that exclude each other, both go in; and each is measured against what is on record."""
    given(formed).when(announced("2022-02-26", "to freeze"), announced("2022-03", "to pause")).accepted()
    story = given(formed, announced("2022-02-26", "to freeze"))
    outcome = story.when(announced("2022-03", "to pause"), announced("2022-02", "to stop"), body("leeds"))
    outcome.refused("link/transition", "(entry 5)", number=2)
    assert set(outcome.refusals) == {2}


def test_what_is_on_record_twice_hinders_nobody() -> None:
    """An older release let it in; another line on the link is judged by itself."""
    story = given(formed, announced("2022-02-26", "to freeze"), announced("2022-02-26", "to pause"))
    story.when(link("link-suspended", "2022-03-22", "coventry")).accepted()
    story.when(announced("2022-02-26", "to stop")).refused("link/transition", "already recorded")
