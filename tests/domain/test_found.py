"""Stories that a random clerk found, told as briefly as they can be."""

from __future__ import annotations

from domain.catalogue import AnyEvent
from tests.domain.story import body, given, link, told

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
