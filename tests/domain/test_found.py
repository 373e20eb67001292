"""Stories that a random clerk found, told as briefly as they can be."""

from __future__ import annotations

from domain.catalogue import AnyEvent
from domain.lifecycle import history_as_known, sides_of
from tests.domain.story import LINK, body, by_source, corroborated, disputed, entry_id, given, link, retracted, told

formed = link("link-formed", "1944", kind="twinning")


def succeeded(slug: str, on: str, heir: str) -> AnyEvent:
    """A body is abolished, and another takes its place."""
    return told("body-succeeded", slug=slug, on=on, successors=[heir])


def test_each_successor_acts_from_its_own_day() -> None:
    """Succeeded twice: the second successor is none before it succeeded."""
    twice = given(
        body("rugby"), formed, succeeded("coventry", "2009", "glasgow"), succeeded("coventry", "2015", "rugby")
    )
    twice.when(link("link-suspended", "2012", "glasgow")).accepted()
    twice.when(link("link-suspended", "2016", "rugby")).accepted()
    twice.when(link("link-suspended", "2012", "rugby")).refused("link/side", "only from 2015-01-01 on")


def test_a_side_acts_for_itself_also_where_it_succeeded_the_other() -> None:
    """What it did before is not the other's act."""
    merged = given(formed, link("link-suspended", "2005", "volgograd"), succeeded("coventry", "2009", "volgograd"))
    merged.when(link("link-resumed", "2010", "volgograd")).accepted()


def test_a_succession_never_makes_a_link_impossible() -> None:
    """A body that was succeeded before it succeeded a side is no concern of the link until then."""
    given(formed, succeeded("coventry", "2015", "glasgow")).when(succeeded("glasgow", "2009", "volgograd")).accepted()


def test_what_a_batch_tells_twice_at_its_end_is_refused_in_whatever_order() -> None:
    """The second review would be another one if the link had been retained between; the batch takes that back."""
    story = given(
        formed,
        link("review-opened", "2022-03-02", "coventry"),
        link("link-retained", "2022-03-31", "coventry"),
    )
    again = link("review-opened", "2022-03", "coventry")
    story.when(again).accepted()
    for batch in ((again, retracted(6)), (retracted(6), again)):
        refusals = story.when(*batch).refusals
        assert {one.rule.id for one in refusals.values()} == {"link/transition"}
    story.and_then(again).when(told("note-added", entry=entry_id(7), text="So it was.")).accepted()


def test_a_succession_is_judged_on_the_links_that_feel_it() -> None:
    """Of another link, a part may be at hand because something is recorded about it."""
    part = given(told("proposal-dropped", link="glasgow--volgograd", on="2020-03-02"), formed)
    part.when(succeeded("coventry", "2009", "glasgow")).accepted()
    part.when(succeeded("volgograd", "2009", "coventry")).refused("link/transition", "proposal-dropped")


def test_what_an_abolished_body_did_itself_gives_the_link_nobody() -> None:
    """Renewing, as keeping or ending, clears the flag where a successor does it, or where nobody is named."""
    for name in ("link-renewed", "link-retained"):
        events = formed, succeeded("coventry", "2009", "glasgow")
        assert "side-abolished" in given(*events, link(name, "2010", "coventry")).flags("2011")
        assert "side-abolished" not in given(*events).and_then(link(name, "2010", "glasgow")).flags("2011")


def test_who_succeeded_a_stranger_is_no_part_of_a_link_s_history() -> None:
    """While it was not known that it took a side's place, its own end could not be felt."""
    line = given(
        body("rugby"),
        by_source(succeeded("coventry", "2001", "rugby"), "council", "2022"),
        by_source(succeeded("rugby", "2009", "glasgow"), "council", "2010"),
        by_source(link("link-renewed", "2015"), "press", "2016"),
    )
    acts = line.acts(f"link:{LINK}")
    assert len(history_as_known(sides_of(LINK), acts).acts) == 3
    known_by_2018 = [act for act in acts if act.position != 5]
    assert [act.type for act in history_as_known(sides_of(LINK), known_by_2018).acts] == ["link-renewed"]


def test_what_stands_told_twice_can_still_be_supported_and_disputed() -> None:
    """Two reviews with the link retained between; when that is taken back, the two are left alone."""
    days = ("2022-03-02", "2022-03")
    reviews = [by_source(link("review-opened", on, "coventry"), "press", "2022-04") for on in days]
    story = given(formed, link("link-retained", "2022-03-31", "coventry"), *reviews).and_then(retracted(5))
    other_day = link("review-opened", "2022-05", "coventry")
    for record in (corroborated(6), disputed(6, None), disputed(6, other_day)):
        story.when(by_source(record, "third-party")).accepted()
    story.when(corroborated(7, "2022-03-02")).refused("link/transition", "already recorded")


def test_what_supports_a_listing_names_the_day_of_the_listing() -> None:
    """Not the beginning that the page gives the link."""
    for since in ({}, {"since": "2019-05-08"}):
        story = given(told("link-listed", link=LINK, on="2020-03", where="A page", listed=True, **since))
        story.when(corroborated(4, "2020-03-02")).accepted()
        story.when(corroborated(4, "2019")).refused("dates/possible", "2019 cannot be 2020-03")
