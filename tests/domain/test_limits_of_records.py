"""What a record about an entry may say: up to where, and no further."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from tests.domain.story import (
    LINK,
    MOTION,
    body,
    by_source,
    corrected,
    corroborated,
    disputed,
    given,
    link,
    redacted,
    retracted,
    told,
    unsourced,
)

formed = link("link-formed", "1944", "coventry", kind="twinning", wording="Bond", summary="A bond of friendship.")
listed = told("link-listed", link=LINK, where="A page", on="2008-05", listed=True, since="1944", kind="twinning")
carried = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True}, resolutions=["To pause."])
said = told("statement-made", by="coventry", on="2022-03", speaker="A. Nother", summary="We pause.")


def letter(number: int) -> AnyEvent:
    """A letter that encloses the motion."""
    return told(
        "letter-sent", letter=f"coventry/2022/{number}l", by="coventry", to="volgograd", on="2022", encloses=[MOTION],
        recipient="The Mayor",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (formed, "wording"),
        (formed, "summary"),
        (said, "speaker"),
        (carried, "vote"),
        (carried, "resolutions"),
        (letter(1), "recipient"),
    ],
)
def test_a_detail_can_be_hidden(event: AnyEvent, field: str) -> None:
    """What an entry has and can do without."""
    before = [carried] if event == letter(1) else []
    given(*before, event).when(unsourced(redacted(4 + len(before), field))).accepted()


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (formed, "link"), (formed, "on"), (formed, "by"), (formed, "kind"), (listed, "since"), (listed, "kind"),
        (listed, "listed"), (listed, "where"), (said, "by"), (said, "summary"), (carried, "motion"),
        (letter(1), "encloses"), (letter(1), "to"), (body("york"), "name"),
    ],
)  # fmt: skip
def test_what_was_done_by_whom_and_when_cannot(event: AnyEvent, field: str) -> None:
    """Nor what moves a history, also where it might have been left out."""
    before = [carried] if event == letter(1) else []
    given(*before, event).when(unsourced(redacted(4 + len(before), field))).refused(
        "redaction/detail", f"a {event.type} cannot do without its {field}"
    )


@pytest.mark.parametrize("field", ["Wording", "for_", "type", "model_config", "authority"])
def test_what_an_entry_does_not_say_cannot_be_hidden(field: str) -> None:
    """Fields are called as in JSON."""
    given(formed).when(unsourced(redacted(4, field))).refused(
        "redaction/detail", f"entry 4 says nothing in a field {field!r}"
    )


@pytest.mark.parametrize("on", ["1944-12-31", "1944-01-01", "[1940..1944-01-01]", "[1944-12-31..]", "1945~", "1943?"])
def test_another_source_may_have_any_day_that_can_be_the_same(on: str) -> None:
    """At either end of what is recorded."""
    given(formed).when(corroborated(4, on)).accepted()


@pytest.mark.parametrize("on", ["1945-01-01", "1943-12-31", "[..1943-12-31]", "[1945..1950]", "1946~"])
def test_another_day_is_another_claim(on: str) -> None:
    """A day before, or a day after."""
    given(formed).when(corroborated(4, on)).refused("dates/possible", f"{on} cannot be 1944, as entry 4 has it")


def test_the_day_of_a_page_is_corroborated_and_not_the_beginning_that_it_gives() -> None:
    """Another copy of the page may be dated more narrowly."""
    given(listed).when(corroborated(4, "2008-05-12")).accepted()
    given(listed).when(corroborated(4, "1944")).refused("dates/possible", "1944 cannot be 2008-05")
    given(said).when(corroborated(4, "2022-03-31")).accepted()
    given(said).when(corroborated(4, "2022-04-01")).refused("dates/possible", "2022-04-01 cannot be 2022-03")


@pytest.mark.parametrize(
    ("many", "told_so"), [(1, "5 (letter-sent)"), (5, "9 (letter-sent)"), (6, "9 (letter-sent) and 1 more")]
)
def test_who_relies_on_an_entry_is_named(many: int, told_so: str) -> None:
    """Five at most; how many more there are."""
    outcome = given(carried, *(letter(number) for number in range(many))).when(retracted(4))
    refusal = outcome.refusals[1]
    assert refusal.what.startswith("others refer to what entry 4 puts on record: 5 (letter-sent)")
    assert refusal.what.endswith(told_so)


def test_a_line_of_the_batch_that_relies_on_what_it_takes_back_leads_nowhere() -> None:
    """The motion may be taken back; the letter that encloses it may not go in."""
    outcome = given(carried).when(letter(1), retracted(4))
    outcome.refused("record/known", MOTION, number=1)
    assert set(outcome.refusals) == {1}


def test_somebody_about_somebody_else_does_not_overrule_a_better_source() -> None:
    """What is no better, or no correction by a source, is another matter."""
    again = link("link-formed", "1943", kind="twinning")
    for grade, queried in (("official", True), ("council", True), ("press", True), ("third-party", False)):
        event = link("link-formed", "1944", authority={"power": "resolution"}, kind="twinning")
        story = given(by_source(event, grade))
        outcome = story.when(by_source(corrected(4, again, "source"), "third-party"))
        assert ([one.rule.id for one in outcome.refusals.values()] == ["evidence/weak"]) == queried
        story.when(by_source(corrected(4, again, "source"), "third-party"), overriding="evidence/weak").accepted()
        story.when(by_source(corrected(4, again, "source"), "press")).accepted()
        story.when(by_source(corrected(4, again), "third-party")).accepted()
        story.when(by_source(disputed(4, again), "third-party")).accepted()
