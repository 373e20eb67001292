"""What is allowed, and commonly got wrong."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from tests.domain.councils import bodies, in_any_order, on_link, under
from tests.domain.story import LINK, MOTION, given, link, told


def carried(**vote: object) -> AnyEvent:
    """The motion is carried, by such a vote."""
    return told("motion-carried", motion=MOTION, on="2022-03-22", vote={one.rstrip("_"): vote[one] for one in vote})


@pytest.mark.parametrize("vote", [
    {"unanimous": True},
    {"for": 33, "against": 20, "present": 54},
    {"for": 33, "against": 20, "abstained": 0, "no_vote_cast": 1, "present": 54},
    {"for": 35, "against": 20, "present": 54, "names": [{"person": "A", "vote": "for", "proxy_for": "B"}]},
    {"for": 1200, "against": 300, "present": 2, "names_complete": True, "names": [
        {"person": "A", "vote": "for", "weight": 1200}, {"person": "B", "vote": "against", "weight": 300}]},
    {"for": 14, "present": 17},
    {"cast": 20},
    {"method": "voice"},
    {},
])  # fmt: skip
def test_a_vote_may_be_known_in_part(vote: dict[str, object]) -> None:
    """Without figures; with a chair who does not vote; by proxy; by weight; or hardly at all."""
    told_so = carried(**vote)
    given().when(told_so).accepted()
    assert told_so.particulars().get("vote", {}) == vote


def test_one_motion_may_be_voted_on_several_times() -> None:
    """On each amendment, on the motion itself, on its rescission, and again."""
    amended = told("motion-amended", motion=MOTION, on="2022-03-22", summary="x", vote={"for": 28, "against": 26})
    again = told("motion-amended", motion=MOTION, on="2022-03-22", summary="y", vote={"unanimous": True})
    back = told("motion-rescinded", motion=MOTION, on="2022-10-22", vote={"for": 30, "against": 10})
    anew = told("motion-carried", motion=MOTION, on="2023-05-22", vote={"for": 40, "against": 3})
    in_any_order(amended, again, carried(for_=33, against=20), back, anew)


def test_one_vote_may_move_several_links() -> None:
    """Warsaw suspended five at once, under one resolution."""
    links = [f"{partner}--warsaw" for partner in ("astana", "grozny", "minsk", "moscow", "saint-petersburg")]
    motion = "warsaw/2022-03-03/partners"
    story = in_any_order(
        *bodies("warsaw", *(link.partition("--")[0] for link in links)),
        told("motion-carried", motion=motion, on="2022-03-03", about=links),
        *(on_link("link-suspended", link, "2022-03-03", "warsaw", authority=under("resolution", motion))
          for link in links),
    )  # fmt: skip
    assert {story.standing("2022-03-03", link) for link in links} == {"suspended"}


def test_one_link_may_rest_on_several_agreements() -> None:
    """Signed, renewed and widened: each is a paper of its own."""
    papers = [("coventry/1944/bond", "1944"), ("coventry/1973/bond", "1973"), ("coventry/2008/trade", "2008")]
    story = in_any_order(
        *(told("agreement-signed", agreement=paper, on=on, links=[LINK], parties=["coventry", "volgograd"])
          for paper, on in papers),
        link("link-formed", "1944", agreement=papers[0][0]),
        link("link-renewed", "1973", agreement=papers[1][0]),
    )  # fmt: skip
    assert story.standing("2008") == "active"


def test_the_end_may_be_recorded_before_the_beginning() -> None:
    """With only the years known, in any order of recording."""
    story = given().and_then(link("link-ended", "2022", "coventry"))
    assert story.standing("2023") == "ended"
    told_later = story.and_then(link("link-suspended", "2014", "coventry"), link("link-formed", "1944"))
    assert [told_later.standing(year) for year in ("1944", "2014", "2022")] == ["active", "suspended", "ended"]
