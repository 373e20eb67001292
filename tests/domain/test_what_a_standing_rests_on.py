"""On which act a standing rests, since when it holds, and from what a beginning is assumed that nobody recorded."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from domain.catalogue import AnyEvent
from domain.dates import OPEN, Date
from domain.lifecycle import LinkCycle, giver_of, history, history_as_known, listing, sides_of, spelled
from tests.domain.story import LINK, Given, Told, by_source, given, link, told

TAG = f"link:{LINK}"
SIDES = sides_of(LINK)
formed = link("link-formed", "1944", kind="twinning")


def suspended(on: str, by: str = "coventry") -> AnyEvent:
    """A side suspends."""
    return link("link-suspended", on, by)


def listed(on: str, grade: str, **more: object) -> Told:
    """A page lists the link."""
    event = told("link-listed", link=LINK, where="A page", on=on, listed=True, **more)
    return by_source(event, grade, on)


class Shown(NamedTuple):
    """What is shown of a link at the end of a day."""

    standing: str
    since: str
    entry: int
    """The entry on whose evidence the standing rests; 0 for none."""
    certainty: str


def shown(story: Given, on: str) -> Shown:
    """How a link stands, and why."""
    cycle, found = LinkCycle(SIDES), history_as_known(SIDES, story.acts(TAG))
    answer = found.at(Date.parse(on).latest)
    giver = giver_of(cycle, found, answer.stand)
    return Shown(
        cycle.standing(answer.stand.state), answer.stand.since, giver.position if giver else 0, answer.certainty
    )


def test_a_standing_rests_on_the_act_that_gave_it() -> None:
    """An act that leaves the standing as it is gives nothing; before any act nothing is given."""
    story = given(formed, suspended("2022-03-22"), link("link-suspended", "2022-04-01", "volgograd"))
    assert shown(story, "1943") == ("none", "", 0, "yes")
    assert shown(story, "1944-06") == ("none", "", 0, "possibly")
    assert shown(story, "1944") == ("active", "1944", 4, "yes")
    assert shown(story, "2022-03-22") == ("suspended", "2022-03-22", 5, "yes")
    assert shown(story, "2022-05") == ("suspended", "2022-03-22", 5, "yes")


def test_where_one_side_undid_its_act_the_other_s_keeps_the_standing_up() -> None:
    """It has held unbroken all the same."""
    story = given(
        formed, suspended("2022-03-22"), suspended("2022-04-01", "volgograd"), link("link-resumed", "2023", "coventry")
    )
    assert shown(story, "2023") == ("suspended", "2022-03-22", 6, "yes")
    over = story.and_then(link("link-resumed", "2024", "volgograd"))
    assert shown(over, "2024") == ("active", "2024", 8, "yes")


def test_a_link_formed_again_holds_since_then() -> None:
    """What was before is another life."""
    story = given(
        formed, link("link-ended", "1990", "coventry"), link("link-formed", "2001-05", kind="twinning"),
        link("link-renewed", "2007"), link("review-opened", "2010", "coventry"),
    )  # fmt: skip
    assert shown(story, "2000") == ("ended", "1990", 5, "yes")
    assert shown(story, "2020") == ("active", "2001-05", 6, "yes")


def test_what_comes_first_by_recording_gives_no_standing() -> None:
    """The day counts."""
    story = given(suspended("2022-03-22"), formed)
    assert shown(story, "2022-03-21") == ("active", "1944", 5, "yes")
    assert shown(story, "2022-03-22") == ("suspended", "2022-03-22", 4, "yes")


def test_a_beginning_is_assumed_from_the_first_act_that_needs_one() -> None:
    """Up to that act's last day; of several with the same, from the one that may have been first, whose kind it has."""
    story = given(
        link("link-retained", "2022-03", "coventry"), link("link-suspended", "2022-02?", "coventry", kind="twinning")
    )
    found = history(SIDES, story.acts(TAG))
    assert found
    assert (found.start.assumed, found.start.on, found.start.earliest) == (True, "[..2022-03-31]", -OPEN)
    assert found.start.giver
    assert found.start.giver.position == 5
    assert {side.kind for side in found.start.state.sides} == {"twinning"}
    assert shown(story, "2020") == ("none", "", 0, "possibly")


def test_of_acts_that_end_on_one_day_the_first_to_be_shown_lends_its_kind() -> None:
    """The beginning lies up to that day."""
    story = given(
        link("link-retained", "2022-03-09", "coventry", kind="friendship"),
        link("link-suspended", "2022-03-22", "coventry", kind="twinning"),
    )
    found = history(SIDES, story.acts(TAG))
    assert found
    assert (found.start.on, found.start.latest) == ("[..2022-03-09]", Date.parse("2022-03-09").latest)
    assert {side.kind for side in found.start.state.sides} == {"friendship"}
    assert [side.standing for side in found.start.state.sides] == ["active", "active"]


@pytest.mark.parametrize("grade", ["official", "council"])
def test_a_page_of_good_grade_supplies_a_beginning(grade: str) -> None:
    """Since the day that it gives, or up to its own; it moves nothing, and stands back where one is recorded."""
    story = given(listed("2008-05", grade, kind="twinning"))
    assert shown(story, "2008-05") == ("active", "[..2008-05-31]", 4, "yes")
    assert shown(story, "1990").certainty == "possibly"
    since = given(listed("2008-05", grade, since="1944"))
    assert shown(since, "1943") == ("none", "", 0, "yes")
    assert shown(since, "1944-06") == ("none", "", 0, "possibly")
    assert shown(since, "1944") == ("active", "1944", 4, "yes")
    assert shown(given(listed("2008", grade, since="1941"), formed), "1943") == ("none", "", 0, "yes")


@pytest.mark.parametrize("grade", ["press", "third-party"])
def test_a_page_of_another_grade_is_only_reported(grade: str) -> None:
    """The link is not listed for it."""
    story = given(listed("2008", grade, kind="twinning"))
    assert shown(story, "2020") == ("none", "", 0, "yes")
    reported = listing(story.acts(TAG))
    assert reported
    assert reported.position == 4


def test_a_page_later_than_the_first_act_supplies_no_beginning() -> None:
    """The act is nearer; on the same day the page knows the kind."""
    acting = suspended("2008-05-31")
    later = given(listed("2008-06", "council", kind="twinning"), acting)
    assert shown(later, "2008-05-31").entry == 5
    found = history(SIDES, later.acts(TAG))
    assert found
    assert found.start.on == "[..2008-05-31]"
    assert {side.kind for side in found.start.state.sides} == {""}
    same = history(SIDES, given(listed("2008-05", "council", kind="twinning"), acting).acts(TAG))
    assert same
    assert same.start.giver
    assert (same.start.giver.position, {side.kind for side in same.start.state.sides}) == (4, {"twinning"})
    lent = link("link-suspended", "2009", "coventry", kind="friendship")
    unkind = history(SIDES, given(listed("2008", "council"), lent).acts(TAG))
    assert unkind
    assert {side.kind for side in unkind.start.state.sides} == {"friendship"}


@pytest.mark.parametrize(
    ("pages", "place"),
    [
        ([("2009", "press"), ("2010", "council")], 5),
        ([("2009", "council"), ("2010", "official")], 4),
        ([("2010", "official"), ("2009", "council")], 5),
        ([("2009", "third-party"), ("2010", "press")], 4),
        ([("2009", "official"), ("2008", "press")], 4),
    ],
)
def test_of_several_pages_the_earliest_of_good_grade_counts(pages: list[tuple[str, str]], place: int) -> None:
    """Good is what the body says itself."""
    found = listing(given(*(listed(on, grade) for on, grade in pages)).acts(TAG))
    assert found
    assert found.position == place


def test_a_link_with_pages_alone_that_say_nothing_has_no_beginning() -> None:
    """Nothing is assumed of a link of which nothing is told."""
    assert listing([]) is None
    found = history(SIDES, given(listed("2008", "press")).acts(TAG))
    assert found
    assert (found.start.assumed, found.acts) == (False, ())


def test_a_link_is_spelled_as_it_was_first_recorded() -> None:
    """Whichever side a later entry writes first."""
    reverse = told("link-formed", link="volgograd--coventry", on="1944")
    assert spelled(given(reverse, suspended("2022")).acts(TAG)) == "volgograd--coventry"
    assert spelled(given(suspended("2022"), reverse).acts(TAG)) == LINK


def test_each_side_has_its_own_word_for_the_link() -> None:
    """The first side's is shown; another of the partner beside it, but only where it is known to be another."""
    cycle = LinkCycle(SIDES)

    def kinds(*events: AnyEvent) -> tuple[str, str]:
        state = given(*events).stands("2026").stand.state
        return cycle.kind(state), cycle.partner_kind(state)

    assert kinds(formed) == ("twinning", "")
    assert kinds(link("link-formed", "1944")) == ("", "")
    assert kinds(link("link-formed", "1944", "coventry", kind="memorandum")) == ("memorandum", "")
    assert kinds(link("link-formed", "1944", "volgograd", kind="twinning")) == ("twinning", "")
    both = (formed, link("link-kind-changed", "1990", "volgograd", kind="friendship"))
    assert kinds(*both) == ("twinning", "friendship")
    assert kinds(*both, link("link-kind-changed", "1991", "coventry", kind="friendship")) == ("friendship", "")


def test_who_suspends_a_link_is_told_in_the_order_of_its_sides() -> None:
    """Both, where both did."""
    cycle = LinkCycle(SIDES)
    story = given(formed, suspended("2022-03", "volgograd"), suspended("2022-04"))
    assert cycle.suspended_by(story.stands("2022-03").stand.state) == ("volgograd",)
    assert cycle.suspended_by(story.stands("2022-04").stand.state) == ("coventry", "volgograd")
