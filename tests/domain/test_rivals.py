"""Which entry a refusal names as the one that tells the same act, where the same happened more than once."""

import pytest

from tests.domain.story import BODIES, Given, link

AGAIN = (
    link("link-formed", "1990", kind="twinning"),
    link("link-suspended", "2015-05", "coventry"),
    link("link-resumed", "2016", "coventry"),
    link("link-suspended", "2022-03-10", "coventry"),
)
FIRST = len(BODIES) + 1


@pytest.mark.parametrize(
    ("on", "rival", "agrees"),
    [("2015", 2, True), ("2022-03", 4, True), ("2022-04-01", 4, False), ("2022-05~", 4, False)],
)
def test_a_second_suspension_is_another_source_for_the_one_that_it_can_be(on: str, rival: int, agrees: bool) -> None:  # noqa: FBT001 - a column
    """Suspended twice, with a resumption between: the date says which of the two a third source tells of."""
    refusals = Given(*AGAIN).when(link("link-suspended", on, "coventry")).refusals
    assert (refusals[1].rival, "entry-corroborated" in refusals[1].mend) == (FIRST + rival - 1, agrees)


def test_what_may_be_said_again_names_the_saying_of_that_day() -> None:
    """A side may keep a link twice: the third source tells of the day it names."""
    kept = [link("link-retained", on, "coventry") for on in ("2014", "2021-06", "2022-03-09")]
    refusal = Given(*kept).when(link("link-retained", "2021", "coventry")).refusals[1]
    assert (refusal.rival, "entry-corroborated" in refusal.mend) == (FIRST + 1, True)


@pytest.mark.parametrize(
    ("known", "told", "agrees"),
    [
        ({}, {"kind": "twinning"}, True),
        ({"kind": "twinning"}, {}, True),
        ({"kind": "twinning"}, {"kind": "twinning"}, True),
        ({"kind": "twinning"}, {"kind": "friendship"}, False),
    ],
)
def test_who_does_not_say_of_what_kind_a_link_is_contradicts_nobody(
    known: dict[str, str],
    told: dict[str, str],
    agrees: bool,  # noqa: FBT001 - a column
) -> None:
    """Two sources disagree on the kind when both name one."""
    suspended = link("link-suspended", "2022-03-10", "coventry", **known)
    refusal = Given(suspended).when(link("link-suspended", "2022-03-10", "coventry", **told)).refusals[1]
    assert (refusal.rival, "entry-corroborated" in refusal.mend) == (FIRST, agrees)
