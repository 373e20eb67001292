"""Why things stand: grounds are what gave authority then, and nothing is mixed up or left out."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Any

import pytest

from domain import tallies
from domain.catalogue import AnyEvent
from domain.entry import Draft
from domain.samples import EVIDENCE
from ledger.application import Ledger
from ledger.audit import why_link, why_paper
from ledger.cli.phrases import phrase
from ledger.reading import Horizon, Reading
from projections import projection, questions, views
from tests.books import Pages, in_memory
from tests.domain.story import LINK, MOTION, body, given, link, told

BODIES = (body("coventry"), body("volgograd"))
TAG = f"link:{LINK}"
carried = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"for": 33, "against": 20})
rescinded = told("motion-rescinded", motion=MOTION, on="2023-01-17", vote={"for": 5, "against": 1})
under = {"power": "resolution", "reference": MOTION}
suspended = link("link-suspended", "2022-03-22", "coventry", authority=under)
letter = told(
    "letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022-04-01", encloses=[MOTION]
)  # fmt: skip


def recorded(*events: AnyEvent) -> Ledger:
    """A ledger with these events, on one source."""
    ledger = in_memory()
    ledger.record([Draft(event, (EVIDENCE,)) for event in (*BODIES, *events)])
    return ledger


def reading(ledger: Ledger, as_of: str) -> Reading:
    """The ledger as read on a day."""
    return Reading(ledger, Horizon(date.fromisoformat(as_of).toordinal()))


def why(ledger: Ledger, as_of: str) -> dict[str, Any]:
    """Why the link stands as it does on a day."""
    found = why_link(reading(ledger, as_of), TAG, LINK, date.fromisoformat(as_of).toordinal())
    assert found is not None
    return found


def row(ledger: Ledger, register: str, as_of: str) -> dict[str, Any]:
    """The only row of a register that is about coventry or its papers, on a day."""
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), views.Mark("test"))
        day = date.fromisoformat(as_of).toordinal()
        (found,) = [
            one
            for one in questions.rows(connection, questions.BY_NAME[register], day, 2**40 - 1)
            if register != "bodies" or one["slug"] == "coventry"
        ]
        return found


def test_what_was_done_under_a_motion_rests_on_its_being_carried() -> None:
    """A later rescission is no ground; it is told as what became of the ground, and not before its day."""
    ledger = recorded(carried, suspended, rescinded)
    before = why(ledger, "2022-06-01")
    assert [ground["type"] for ground in before["because"]] == ["motion-carried"]
    assert before["because"][0]["followed_by"] == []
    after = why(ledger, "2024-01-01")["because"][0]
    assert (after["type"], [one["type"] for one in after["followed_by"]]) == ("motion-carried", ["motion-rescinded"])


def test_a_letter_follows_only_from_its_day_on() -> None:
    """What was not sent yet did not follow yet."""
    ledger = recorded(carried, suspended, letter)
    assert why(ledger, "2022-03-25")["followed_by"] == []
    assert [one["type"] for one in why(ledger, "2022-04-01")["followed_by"]] == ["letter-sent"]


def test_a_resumption_leads_to_what_it_resumed() -> None:
    """And through it to the motion."""
    ledger = recorded(carried, suspended, link("link-resumed", "2024-05-01", "coventry"))
    (ground,) = why(ledger, "2025-01-01")["because"]
    assert ground["type"] == "link-suspended"
    assert [one["type"] for one in ground["because"]] == ["motion-carried"]


def test_one_event_s_vote_is_not_another_s() -> None:
    """The vote on an amendment, or on rescinding, is never shown as that which carried the motion."""
    moved = told("motion-moved", motion=MOTION, on="2022-03-22", summary="To pause the link.")
    amended = told("motion-amended", motion=MOTION, on="2022-03-22", summary="A word.", vote={"for": 30, "against": 20})
    silent = told("motion-carried", motion=MOTION, on="2022-03-22")
    found = row(recorded(moved, amended, silent), "decisions", "2022-04-01")
    assert (found["standing"], found["vote"], found["summary"]) == ("carried", None, "To pause the link.")
    found = row(recorded(carried, rescinded), "decisions", "2024-01-01")
    assert (found["standing"], found["vote"]) == ("rescinded", {"for": 33, "against": 20})


def test_a_doubtful_renaming_is_doubtful() -> None:
    """Until it surely happened the old name is shown, and that it may have another."""
    ledger = recorded(told("body-renamed", slug="coventry", on="[2010..2012]", name="New Coventry"))
    assert [row(ledger, "bodies", f"{year}-06-01")["name"] for year in (2009, 2011, 2013)] == [
        "Coventry", "Coventry", "New Coventry",
    ]  # fmt: skip
    assert [row(ledger, "bodies", f"{year}-06-01")["certainty"] for year in (2009, 2011, 2013)] == [
        "yes",
        "possibly",
        "yes",
    ]
    tree = why_paper(reading(ledger, "2013-06-01"), "body:coventry", date(2013, 6, 1).toordinal())
    assert tree is not None
    assert [one["type"] for one in tree["followed_by"]] == ["body-renamed"]


def test_a_letter_keeps_the_day_it_was_sent() -> None:
    """Its arrival has a day of its own."""
    received = told("letter-received", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022-04-20")
    found = row(recorded(carried, letter, received), "letters", "2022-05-01")
    assert (found["on"], found["received_on"], found["standing"]) == ("2022-04-01", "2022-04-20", "received")


def test_a_link_that_is_only_listed_leads_to_the_listing() -> None:
    """By somebody who is no side of it: reported, never standing."""
    ledger = in_memory()
    press = EVIDENCE.model_copy(update={"grade": "press"})
    listed = told("link-listed", link=LINK, on="2008", where="a page", listed=True)
    ledger.record([Draft(event, (press,)) for event in (*BODIES, listed)])
    found = why(ledger, "2020-01-01")
    assert (found["standing"], found["flags"], found["type"]) == ("none", ["reported-only"], "link-listed")


def test_a_council_s_listing_keeps_what_is_known_of_the_kind() -> None:
    """And does not put the beginning before the year it names."""
    ledger = recorded(
        link("link-suspended", "2022-03-01", "coventry", kind="twinning"),
        told("link-listed", link=LINK, on="2015", where="the council's page", listed=True, since="1990"),
    )
    assert (row(ledger, "links", "2023-01-01")["kind"], row(ledger, "links", "2000-01-01")["standing"]) == (
        "twinning",
        "active",
    )
    with pytest.raises(ValueError, match="unpack"):
        row(ledger, "links", "1900-01-01")


def test_another_flag_between_makes_no_room_for_the_same_announcement() -> None:
    """Only what takes the flag away, or moves the standing, allows a second."""
    formed = link("link-formed", "1990")
    announced = link("suspension-announced", "2022-02-26", "coventry")
    other = link("ending-announced", "2022-02-26", "coventry")
    again = link("suspension-announced", "2022-02-26", "coventry", wording="told by another paper")
    given(formed, announced, other).when(again).refused("link/transition", "entry-corroborated")
    given(formed, announced, link("link-retained", "2022-02-26", "coventry")).when(again).accepted()


@pytest.mark.parametrize(
    ("vote", "words"),
    [
        ({"unanimous": True}, "unanimous (figures not reported)"),
        ({"present": 33, "cast": 20}, "33 present, 20 votes cast"),
        ({"present": 17, "for": 14}, "14 for, 17 present"),
        (
            {"for": 10, "against": 10, "casting_vote": {"by": "Mayor", "way": "for"}},
            "10 for, 10 against, casting vote for by Mayor",
        ),
        ({}, "vote reported without figures"),
    ],
)
def test_a_vote_is_told_with_all_that_is_known(vote: dict[str, Any], words: str) -> None:
    """Nothing known is denied, nothing unknown is made up."""
    assert tallies.in_words(vote) == words


def test_a_name_s_time_does_not_end_before_it_starts() -> None:
    """Nor does a listing name a beginning after its own day."""
    names = [{"name": "x", "during": "1961/1925"}]
    backwards = told("body-registered", slug="minsk", name="Minsk", kind="city", country="BY", names=names)
    given().when(backwards).refused("dates/possible", "1961/1925")
    listed = told("link-listed", link=LINK, on="2015", where="a page", listed=True, since="2018")
    given().when(listed).refused("dates/possible", "2018")


DECISION = "coventry/2022-03-01/officer"
TAKEN = told(
    "decision-taken", decision=DECISION, on="2022-03-01", summary="To pause.", authority={"power": "delegated"}
)  # fmt: skip


def papers(ledger: Ledger, paper: str, as_of: str) -> dict[str, Any]:
    """Why a paper stands as it does on a day."""
    found = why_paper(reading(ledger, as_of), f"ref:{paper}", date.fromisoformat(as_of).toordinal())
    assert found is not None
    return found


def around(node: dict[str, Any], relation: str) -> list[tuple[str, str]]:
    """What a node is related to: events and their days, in the order given."""
    return [(one["type"], one["on"]) for one in node.get(relation, ())]


def test_no_effect_comes_before_its_cause() -> None:
    """A decision is disapproved because it was taken, not because it was ratified later; and that follows."""
    ratified = told("decision-ratified", decision=DECISION, on="2022-05-01")
    disapproved = told("decision-disapproved", decision=DECISION, on="2022-04-01")
    ledger = recorded(TAKEN, disapproved, ratified)
    then, now = papers(ledger, DECISION, "2022-04-15"), papers(ledger, DECISION, "2022-06-01")
    assert (then["type"], around(then, "because")) == ("decision-disapproved", [("decision-taken", "2022-03-01")])
    assert (now["type"], around(now, "because")) == ("decision-ratified", [("decision-taken", "2022-03-01")])
    taken = now["because"][0]
    assert around(taken, "followed_by") == [("decision-disapproved", "2022-04-01")]


def test_what_rescinded_an_earlier_vote_does_not_follow_a_later_one() -> None:
    """One reference, carried and rescinded in 2021, and carried again in 2022."""
    first = told("motion-carried", motion=MOTION, on="2021-03-22")
    back = told("motion-rescinded", motion=MOTION, on="2021-11-01")
    ledger = recorded(first, back, carried, suspended)
    (ground,) = why(ledger, "2024-01-01")["because"]
    assert (ground["type"], ground["on"]) == ("motion-carried", "2022-03-22")
    assert around(ground, "followed_by") == []


def test_an_act_rests_on_the_vote_of_its_time() -> None:
    """Not on one by which the same motion was carried again after it."""
    first = told("motion-carried", motion=MOTION, on="2021-03-22")
    back = told("motion-rescinded", motion=MOTION, on="2021-11-01")
    early = link("link-suspended", "2021-04-01", "coventry", authority=under)
    (ground,) = why(recorded(first, back, carried, early), "2024-01-01")["because"]
    assert (ground["type"], ground["on"]) == ("motion-carried", "2021-03-22")
    assert around(ground, "followed_by") == [("motion-rescinded", "2021-11-01")]


def test_what_followed_is_in_the_order_of_time() -> None:
    """Letters among the acts; one that surely came before is said to."""
    announced = {
        "letter": "coventry/2022/a",
        "by": "coventry",
        "to": "volgograd",
        "announces": [f"link-suspended:{LINK}"],
    }
    before = told("letter-sent", **announced, on="2022-03-01", authority={"power": "urgent"})
    after = told("letter-sent", **{**announced, "letter": "coventry/2022/b"}, on="2022-05-01")
    retained = link("review-opened", "2022-06-01", "coventry")
    urgent = link("link-suspended", "2022-03-22", "coventry", authority={"power": "urgent"})
    tree = why(recorded(retained, after, before, urgent), "2024-01-01")
    assert around(tree, "preceded_by") == [("letter-sent", "2022-03-01")]
    assert around(tree, "followed_by") == [("letter-sent", "2022-05-01"), ("review-opened", "2022-06-01")]


def test_each_side_has_the_day_of_its_own_suspension() -> None:
    """One side suspended and resumed, the other suspended meanwhile: the entry that began it is in the tree."""
    ledger = recorded(
        link("link-suspended", "2022-03-01", "coventry"),
        link("link-suspended", "2022-05-01", "volgograd"),
        link("link-resumed", "2022-07-01", "coventry"),
    )
    tree = why(ledger, "2024-01-01")
    assert (tree["since"], tree["suspended_by"], tree["suspended_since"]) == (
        "2022-03-01", ["volgograd"], ["2022-05-01"],
    )  # fmt: skip
    assert tree["on"] == "2022-05-01"
    assert around(tree, "preceded_by") == [("link-suspended", "2022-03-01")]
    assert phrase({**tree, "possible": ["suspended"], "on": None}) == (
        "suspended since 2022-03-01 (by volgograd since 2022-05-01)"
    )
    both = why(ledger, "2022-06-01")
    assert (both["suspended_by"], both["suspended_since"]) == (["coventry", "volgograd"], ["2022-03-01", "2022-05-01"])
    found = row(ledger, "links", "2024-01-01")
    assert (found["suspended_by"], found["suspended_since"]) == (["volgograd"], ["2022-05-01"])


def test_what_was_done_under_a_motion_is_on_its_own_page() -> None:
    """The suspension, the pledge and the letter that encloses it, in the order of time; also under a decision."""
    pledge = told(
        "pledge-made", pledge="coventry/2022/p", by="coventry", on="2022-03-25", summary="To help.", authority=under
    )
    tree = papers(recorded(letter, pledge, carried, suspended), MOTION, "2024-01-01")
    assert around(tree, "followed_by") == [
        ("link-suspended", "2022-03-22"), ("pledge-made", "2022-03-25"), ("letter-sent", "2022-04-01"),
    ]  # fmt: skip
    by_officer = link(
        "link-suspended", "2022-03-22", "coventry", authority={"power": "delegated", "reference": DECISION}
    )
    assert around(papers(recorded(TAKEN, by_officer), DECISION, "2024-01-01"), "followed_by") == [
        ("link-suspended", "2022-03-22")
    ]
