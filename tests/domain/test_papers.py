"""Motions, decisions, letters, pledges, meetings and bodies: what may be told of them."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from domain.likeness import within_one_edit
from tests.domain.story import LINK, MOTION, body, given, link, told

moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine")
carried = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True})
lapsed = told("motion-lapsed", motion=MOTION, on="2022-03-20")


def motion(name: str, on: str, **more: object) -> AnyEvent:
    """Something happens to the motion."""
    return told(name, motion=MOTION, on=on, **more)


def letter(on: str, name: str = "coventry/2022/volgograd", **more: object) -> AnyEvent:
    """Coventry writes to Volgograd."""
    return told("letter-sent", **{"letter": name, "by": "coventry", "to": "volgograd", "on": on, **more})


def test_a_motion_may_first_be_heard_of_when_it_is_carried() -> None:
    """Press reports seldom tell who moved it."""
    given().when(carried).accepted()
    assert given(carried).paper(f"ref:{MOTION}", "2022-03-22").possible == ("carried",)


def test_moved_and_carried_on_one_day_come_in_that_order() -> None:
    """Ties are broken by what the table allows."""
    given(carried).when(moved).accepted()


def test_a_lapsed_motion_is_not_carried() -> None:
    """Nor is one that was withdrawn."""
    given(lapsed).when(carried).refused("motion/order", "motion-lapsed on 2022-03-20 (entry 4)")
    given(carried).when(lapsed).refused("motion/order", "motion-carried")
    given(told("motion-withdrawn", motion=MOTION, on="2022-03-01")).when(carried).refused("motion/order")


def test_a_motion_is_amended_before_it_is_decided() -> None:
    """An amendment after the vote is refused."""
    given(carried).when(told("motion-amended", motion=MOTION, on="2022-03-23", summary="x")).refused("motion/order")
    given(carried).when(told("motion-amended", motion=MOTION, on="2022-03-22", summary="x")).accepted()


def test_a_motion_has_one_outcome() -> None:
    """Carried and lost exclude each other; told twice is told twice."""
    given(carried).when(told("motion-lost", motion=MOTION, on="2022-03-22")).refused("motion/one-outcome")
    given(carried).when(told("motion-carried", motion=MOTION, on="2022-03-22")).refused(
        "motion/one-outcome", "corroborated"
    )


def test_a_rescinded_motion_may_be_decided_again() -> None:
    """Rescission makes room for another outcome."""
    rescinded = told("motion-rescinded", motion=MOTION, on="2022-10-01")
    given(carried, rescinded).when(told("motion-carried", motion=MOTION, on="2023-01-01")).accepted()


def test_only_what_was_carried_can_be_rescinded() -> None:
    """There must be something to rescind."""
    rescinded = told("motion-rescinded", motion=MOTION, on="2022-10-01")
    given(moved).when(rescinded).refused("rescission/of-something")
    given(told("motion-lost", motion=MOTION, on="2022-03-22")).when(rescinded).refused("rescission/of-something")


def test_unanimous_means_that_nobody_was_against() -> None:
    """Without figures it is legal; with votes against it is not."""
    contradiction = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True, "against": 1})
    given().when(contradiction).refused("vote/unanimous", "with 1 against")
    named = {"unanimous": True, "names": [{"person": "A. Nother", "vote": "against"}]}
    given().when(told("motion-carried", motion=MOTION, on="2022-03-22", vote=named)).refused(
        "vote/unanimous", "A. Nother"
    )
    given().when(told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True, "for": 54})).accepted()


def test_a_letter_encloses_what_was_carried_by_then() -> None:
    """The letter belongs to the motion's history."""
    given(moved).when(letter("2022-03-25", encloses=[MOTION])).refused(
        "letter/encloses-carried", "not carried by 2022-03-25"
    )
    given(carried).when(letter("2022-03-21", encloses=[MOTION])).refused("letter/encloses-carried")
    given(carried).when(letter("[2022-03-20..2022-04-04]", encloses=[MOTION])).accepted()
    given(told("motion-lost", motion=MOTION, on="2022-03-22")).when(letter("2022-03-25", encloses=[MOTION])).refused(
        "letter/encloses-carried"
    )


def test_a_doubtful_date_of_a_letter_can_be_overridden() -> None:
    """Only the doubt stands against it."""
    early = letter("2022-03-20?", encloses=[MOTION])
    given(carried).when(early).queried("letter/encloses-carried")
    given(carried).when(early, overriding="letter/encloses-carried").accepted()


def test_what_makes_an_enclosed_motion_uncarried_is_refused() -> None:
    """A letter on record holds the motion to its outcome."""
    enclosing = letter("2022-03-25", encloses=[MOTION])
    given(carried, enclosing).when(told("motion-rescinded", motion=MOTION, on="2022-10-01")).accepted()
    given(carried, enclosing).when(lapsed).refused("motion/order")


def test_references_must_be_on_record_or_in_the_batch() -> None:
    """Forward references inside one batch are legal."""
    under = link("link-suspended", "2022-03-22", "coventry", authority={"power": "resolution", "reference": MOTION})
    given().when(under).refused("record/known", MOTION)
    given().when(under, carried).accepted()
    given().when(letter("2022", to="glasgow")).accepted()
    given().when(told("letter-sent", letter="coventry/2022/x", by="coventry", to="minsk", on="2022")).refused(
        "record/known", "minsk"
    )


def test_what_rests_on_a_refused_entry_is_refused_too() -> None:
    """A reference to a line of the batch that is itself refused leads nowhere."""
    bad = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True, "against": 3})
    outcome = given().when(bad, letter("2022-03-25", encloses=[MOTION]))
    outcome.refused("vote/unanimous", number=1)
    outcome.refused("record/known", number=2)


def test_a_letter_may_announce_a_link_on_record_only() -> None:
    """An announced act is an act on a link that is known."""
    announcing = letter("2022-03-25", announces=[f"link-suspended:{LINK}"])
    given().when(announcing).refused("record/known", "coventry--volgograd")
    given(link("link-formed", "1944"), link("link-suspended", "2022-03-22", "coventry")).when(announcing).accepted()


def test_one_namespace_of_references() -> None:
    """A reference names one paper."""
    given(carried).when(letter("2022-03-25", name=MOTION)).refused("record/once", "is a motion (entry 4)")


@pytest.mark.parametrize(
    "event",
    [
        body("coventry"),
        told("meeting-held", meeting="coventry/2022-03-22/council", on="2022-03-22"),
        told("decision-taken", decision="coventry/2022/d", on="2022", authority={"power": "executive"}, summary="x"),
        told("agreement-signed", agreement="coventry/1944/a", on="1944", links=[LINK], parties=["coventry"]),
        letter("2022-03-25"),
        told("pledge-made", pledge="coventry/2022/p", by="coventry", on="2022", summary="x"),
    ],
)
def test_one_event_is_told_once(event: AnyEvent) -> None:
    """A second telling is another source, not another event."""
    story = given() if event == body("coventry") else given(event)
    story.when(event).refused("record/once", "entry-corroborated")


def test_dates_that_prove_the_impossible_are_refused() -> None:
    """Nothing takes effect before it is decided, or ends before it starts."""
    given(link("link-formed", "1944")).when(link("ending-decided", "2011-09", "coventry", effective="2011-08")).refused(
        "dates/possible", "effective"
    )
    given().when(link("link-formed", "1962", term="1991/1962")).refused("dates/possible", "1991/1962")
    given(told("pledge-made", pledge="coventry/2022/p", by="coventry", on="2022", summary="x")).when(
        told("pledge-kept", pledge="coventry/2022/p", on="2021")
    ).refused("dates/possible")
    given(link("link-formed", "1944")).when(link("ending-decided", "2011-09", "coventry", effective="2011")).accepted()


def test_an_impossible_doubtful_date_can_be_overridden() -> None:
    """`2011-08?` may have been September."""
    early = link("ending-decided", "2011-10", "coventry", effective="2011-08?")
    given(link("link-formed", "1944")).when(early).queried("dates/possible")
    given(link("link-formed", "1944")).when(early, overriding="dates/possible").accepted()


def test_what_has_not_come_yet_is_not_recorded() -> None:
    """`effective` and `due` may lie ahead; `on` may not."""
    given().when(link("link-formed", "2026-11-23")).refused("dates/not-yet", "2026-11-22")
    given().when(link("link-formed", "2026")).accepted()
    given().when(link("link-formed", "2026-11-22")).accepted()
    given(link("link-formed", "1944")).when(link("notice-given", "2026-11-22", "coventry", effective="2027")).accepted()
    given().when(link("link-formed", "2027-01?")).queried("dates/not-yet")


def test_a_pledge_is_kept_or_dropped_once() -> None:
    """Made, then kept; kept twice is told twice."""
    made = told("pledge-made", pledge="coventry/2022/p", by="coventry", on="2022", summary="x")
    kept = told("pledge-kept", pledge="coventry/2022/p", on="2024")
    assert given(made, kept).paper("ref:coventry/2022/p", "2025").possible == ("kept",)
    given(made, kept).when(told("pledge-kept", pledge="coventry/2022/p", on="2024-05")).refused("record/once")


def test_a_letter_is_sent_before_it_is_received() -> None:
    """Where the dates prove otherwise, it is refused."""
    received = told("letter-received", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022-03-01")
    given(letter("2022-03-25", name="coventry/2022/l")).when(received).refused("dates/possible")


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("volgograd", "volgograd", True),
        ("volgograd", "volgagrad", True),
        ("volgograd", "volgogrd", True),
        ("volgograd", "volgogradd", True),
        ("volgograd", "vlogograd", False),
        ("volgograd", "volga", False),
        ("a", "b", True),
        ("ab", "ba", False),
        ("abc", "abcde", False),
        ("york", "cork", True),
        ("leeds", "leed", True),
    ],
)
def test_one_edit_is_one_letter(one: str, other: str, *, near: bool) -> None:
    """Inserted, left out or changed; two letters are two edits."""
    assert within_one_edit(one, other) is near
    assert within_one_edit(other, one) is near
