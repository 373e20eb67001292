"""Bodies that are abolished, and those who act in their place."""

from __future__ import annotations

import itertools

import pytest

from domain.catalogue import AnyEvent
from tests.domain.story import (
    Given,
    Told,
    body,
    by_source,
    corrected,
    corroborated,
    disputed,
    given,
    link,
    retracted,
    settled,
    told,
)

HEIRS = (body("cheshire-east"), body("cheshire-west"), body("greater-north"))
formed = link("link-formed", "1944", kind="twinning")


def succeeded(slug: str, on: str, *heirs: str) -> AnyEvent:
    """A body is abolished, and others take its place."""
    return told("body-succeeded", slug=slug, on=on, successors=list(heirs))


abolished = succeeded("coventry", "2009-04-01", "cheshire-east")
retained = link("link-retained", "2010", "cheshire-east")


def story(*events: Told) -> Given:
    """With bodies that may succeed; what is told stands from position 7 on."""
    return given(*HEIRS, *events)


def test_a_succession_moves_no_link() -> None:
    """The link stays as it is; a flag says that one side is gone, from that day on."""
    gone = story(formed).and_then(abolished)
    assert (gone.standing("2009-03-31"), gone.flags("2009-03-31")) == ("active", ())
    assert (gone.standing("2009-04-01"), gone.flags("2009-04-01")) == ("active", ("side-abolished",))
    assert gone.stands("2026").stand.since == "1944"


def test_any_successor_acts_for_that_side() -> None:
    """Each of them, from that day on; their acts are those of the side."""
    two = story(formed, succeeded("coventry", "2009-04-01", "cheshire-east", "cheshire-west"))
    for heir in ("cheshire-east", "cheshire-west"):
        two.when(link("link-suspended", "2009-04-01", heir)).accepted()
        two.when(link("link-suspended", "2009-03-31", heir)).refused("link/side", "only from 2009-04-01 on")
    two.when(link("link-suspended", "2010", "greater-north")).refused("link/side", "nor the successor of one")


def test_a_successor_undoes_what_its_predecessor_did() -> None:
    """And not what the other side did."""
    own = story(formed, link("link-suspended", "2008", "coventry"), abolished)
    own.when(link("link-resumed", "2010", "cheshire-east")).accepted()
    other = story(formed, link("link-suspended", "2008", "volgograd"), abolished)
    other.when(link("link-resumed", "2010", "cheshire-east")).refused("link/transition")


def test_one_successor_undoes_what_another_did() -> None:
    """They act for one side."""
    two = story(formed, succeeded("coventry", "2009-04-01", "cheshire-east", "cheshire-west"))
    suspended = two.and_then(link("link-suspended", "2010", "cheshire-east"))
    suspended.when(link("link-suspended", "2011", "cheshire-west")).refused("link/transition")
    assert suspended.and_then(link("link-resumed", "2011", "cheshire-west")).standing("2012") == "active"


@pytest.mark.parametrize(
    "clearing", [retained, link("link-renewed", "2010"), link("link-ended", "2010", "cheshire-east")]
)
def test_to_retain_renew_or_end_clears_the_flag(clearing: AnyEvent) -> None:
    """The link has somebody of its own again."""
    assert "side-abolished" not in story(formed, abolished).and_then(clearing).flags("2011")


@pytest.mark.parametrize(
    "other",
    [
        link("link-suspended", "2010", "cheshire-east"),
        link("review-opened", "2010", "cheshire-east"),
        link("link-retained", "2010", "volgograd"),
        link("link-kind-changed", "2010", kind="friendship"),
        link("link-renewed", "2010", "volgograd"),
    ],
)
def test_nothing_else_clears_the_flag(other: AnyEvent) -> None:
    """Nor what the other side does for itself."""
    assert "side-abolished" in story(formed, abolished).and_then(other).flags("2011")


def test_a_renewal_by_the_successor_clears_the_flag() -> None:
    """It speaks for itself."""
    assert story(formed, abolished, link("link-renewed", "2010", "cheshire-east")).flags("2011") == ()


def test_a_successor_may_be_succeeded() -> None:
    """The last of the line acts; before its day, it does not."""
    line = story(formed, abolished, succeeded("cheshire-east", "2015-04-01", "greater-north"))
    line.when(link("link-ended", "2015-04-01", "greater-north")).accepted()
    line.when(link("link-ended", "2015-03-31", "greater-north")).refused("link/side", "only from 2015-04-01 on")
    line.when(link("link-ended", "2012", "cheshire-east")).accepted()
    cleared = story(formed, abolished, retained, succeeded("cheshire-east", "2015-04-01", "greater-north"))
    assert (cleared.flags("2014"), cleared.flags("2016")) == (("retained",), ("retained", "side-abolished"))


def test_both_sides_may_be_succeeded() -> None:
    """Each by its own."""
    both = story(formed, abolished, succeeded("volgograd", "2012", "greater-north"))
    ended = both.and_then(
        link("link-ended", "2013-01-01", "cheshire-east"), link("link-ended", "2014", "greater-north")
    )
    assert (ended.standing("2013-06"), ended.flags("2015")) == ("ended", ())


def test_the_order_of_recording_does_not_matter() -> None:
    """The four acts are accepted in whatever order the rules allow, and come to the same."""
    events = (formed, abolished, retained, link("link-suspended", "2011", "cheshire-east"))
    for order in itertools.permutations(events):
        whole = story(*order)
        assert [(whole.standing(day), whole.flags(day)) for day in ("2009-06", "2010", "2012")] == [
            ("active", ("side-abolished",)),
            ("active", ("retained",)),
            ("suspended", ()),
        ]
    story(formed).when(retained).refused("link/side", "cheshire-east")
    story(formed).when(retained, abolished).accepted()


def test_a_succession_in_doubt_leaves_the_acts_of_the_successor_in_doubt() -> None:
    """It may have come in time."""
    some_day = story(formed, succeeded("coventry", "[2009..2011]", "cheshire-east"))
    assert some_day.stands("2010").certainty == "possibly"
    pinned = some_day.and_then(link("link-suspended", "2010-06-01", "cheshire-east"))
    assert pinned.stands("2010-06-01").certainty == "yes"
    some_day.when(link("link-suspended", "2008", "cheshire-east")).refused("link/side", "only from 2009-01-01 on")


def test_a_link_that_was_over_needs_nobody() -> None:
    """No flag where there is nothing to keep."""
    over = story(formed, link("link-ended", "2001", "coventry"), abolished)
    assert (over.standing("2026"), over.flags("2026")) == ("ended", ())


def test_a_link_begins_by_itself() -> None:
    """A body that is gone has no links by having been succeeded."""
    assert story(abolished).stands("2026").possible == ("none",)
    assert story(abolished, retained).standing("2010-12-31") == "active"


def test_a_correction_of_the_succession_is_felt() -> None:
    """Its day, or who succeeded: what the successor did must still be possible."""
    whole = story(formed, abolished, link("link-suspended", "2010", "cheshire-east"))
    whole.when(corrected(8, succeeded("coventry", "2011", "cheshire-east"))).refused(
        "link/transition", "link-suspended on 2010 (entry 9)"
    )
    whole.when(corrected(8, succeeded("coventry", "2009-04-01", "cheshire-west"))).refused("link/transition")
    whole.when(corrected(8, succeeded("volgograd", "2009-04-01", "cheshire-east"))).accepted()
    earlier = whole.and_then(corrected(8, succeeded("coventry", "2008", "cheshire-east")))
    assert earlier.flags("2009-01") == ("side-abolished",)


def test_a_retraction_of_the_succession_is_felt() -> None:
    """The flag goes; an act of the successor stands in the way."""
    assert story(formed, abolished).and_then(retracted(8)).flags("2026") == ()
    whole = story(formed, abolished, link("link-suspended", "2010", "cheshire-east"))
    whole.when(retracted(8)).refused("link/transition", "link-suspended on 2010 (entry 9)")
    whole.when(retracted(8), retracted(9)).accepted()


def test_taking_back_a_link_in_the_line_is_felt() -> None:
    """The last of the line acted for the first."""
    line = story(
        formed,
        abolished,
        succeeded("cheshire-east", "2015", "greater-north"),
        link("link-ended", "2020", "greater-north"),
    )
    line.when(retracted(9)).refused("link/transition", "link-ended on 2020 (entry 10)")
    line.when(retracted(8)).refused("link/transition", "link-ended on 2020 (entry 10)")


def test_a_corroboration_of_the_succession_narrows_its_day() -> None:
    """For the link too."""
    year = story(formed, succeeded("coventry", "2009", "cheshire-east"))
    assert year.stands("2009-02").certainty == "possibly"
    narrowed = year.and_then(corroborated(8, "2009-04-01"))
    assert (narrowed.stands("2009-03-31").certainty, narrowed.flags("2009-04-01")) == ("yes", ("side-abolished",))


def test_a_succession_may_be_disputed() -> None:
    """The better account is shown; the other leaves room for what its successor did."""
    denied = story(formed, abolished, by_source(disputed(8, None), "council"))
    assert denied.flags("2026") == ()
    doubted = story(formed, abolished, by_source(disputed(8, None), "third-party"))
    assert doubted.flags("2026") == ("side-abolished",)
    doubted.when(retained).accepted()
    acted = story(formed, abolished, by_source(disputed(8, None), "council"), retained)
    assert acted.flags("2026") == ("retained",)
    acted.when(settled(9, "instead")).refused("link/transition", "link-retained on 2010 (entry 10)")


def test_what_disputes_a_succession_may_be_another_one() -> None:
    """Each account has its own heirs."""
    other = disputed(8, succeeded("coventry", "2009-04-01", "cheshire-west"))
    either = story(formed, abolished, other)
    either.when(link("link-suspended", "2010", "cheshire-west")).accepted()
    either.when(link("link-suspended", "2010", "cheshire-east")).accepted()
    both = either.when(link("link-suspended", "2010", "cheshire-east"), link("link-resumed", "2011", "cheshire-west"))
    both.refused("link/side", "cheshire-west", number=2)
    renamed = disputed(8, told("body-renamed", slug="coventry", on="2009-04-01", name="Coventry City"))
    assert story(formed, abolished, by_source(renamed, "council")).flags("2026") == ()


def test_a_succession_is_known_from_its_own_sources() -> None:
    """Before that, nobody knew that the side was gone."""
    later = given(*HEIRS, by_source(formed, "council", "2001-01-01"), by_source(abolished, "council", "2010-01-01"))
    assert later.flags("2009-06", known_by="2009-12-31") == ()
    assert later.flags("2009-06", known_by="2010-01-01") == ("side-abolished",)


def test_a_succession_needs_those_who_succeed() -> None:
    """They are on record, or in the same batch."""
    given(formed).when(abolished).refused("record/known", "cheshire-east")
    given(formed).when(abolished, body("cheshire-east")).accepted()
    story(formed, abolished, retained).when(retracted(4)).queried("record/relied-on", "8 (body-succeeded)")


def test_other_links_do_not_feel_it() -> None:
    """Only those of the body that is gone."""
    elsewhere = told("link-formed", link="glasgow--volgograd", on="1990")
    assert story(elsewhere, formed, abolished).flags("2026", "glasgow--volgograd") == ()
