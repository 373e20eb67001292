"""Links: what may happen to them, and how they then stand."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from tests.domain.story import LINK, body, given, link, told

formed = link("link-formed", "1944", kind="twinning")
suspended = link("link-suspended", "2022-03-22", "coventry")
IN_FORCE = (
    "link-suspended",
    "link-retained",
    "review-opened",
    "suspension-announced",
    "link-ended",
    "ending-announced",
)


def test_a_formed_link_is_active() -> None:
    """Formation makes a link active from its day on."""
    assert given(formed).standing("2022-03-01") == "active"
    assert given(formed).stands("1944-06").certainty == "possibly"
    assert given(formed).stands("1943").possible == ("none",)


def test_one_side_s_suspension_suspends_the_link() -> None:
    """One council's decision suffices."""
    assert given(formed, suspended).standing("2022-03-22") == "suspended"
    assert given(formed, suspended).standing("2022-03-21") == "active"


def test_only_the_side_that_suspended_can_resume() -> None:
    """What one side suspended the other cannot resume."""
    refusal = given(formed, suspended).when(link("link-resumed", "2023", "volgograd")).refused("link/side")
    assert "suspended by coventry" in refusal.what
    given(formed, suspended).when(link("link-resumed", "2023", "coventry")).accepted()


def test_a_stranger_acts_for_nobody() -> None:
    """Only a side acts for a link."""
    given(formed).when(link("link-suspended", "2022", "glasgow")).refused("link/side", "glasgow is not a side")


def test_suspending_twice_is_the_same_act_told_twice() -> None:
    """The same date corroborates, another date disputes."""
    story = given(formed, suspended)
    story.when(link("link-suspended", "2022-03-22", "coventry", wording="frozen")).refused(
        "link/transition", "entry-corroborated"
    )
    story.when(link("link-suspended", "2022-03", "coventry")).refused("link/transition", "entry-corroborated 5")
    story.when(link("link-suspended", "2022-03-24", "coventry")).refused("link/transition", "entry-disputed 5")


def test_another_kind_or_beginning_is_a_dispute() -> None:
    """Two sources on one beginning are not two beginnings."""
    given(formed).when(link("link-formed", "1941")).refused("link/transition", "entry-disputed 4")
    given(formed).when(link("link-formed", "1944", kind="friendship")).refused("link/transition", "entry-disputed 4")
    given(formed).when(link("link-formed", "1944-03", kind="twinning")).refused(
        "link/transition", "entry-corroborated 4"
    )


def test_announcing_twice_on_overlapping_days_is_one_announcement() -> None:
    """Two papers on one announcement tell one act; a later announcement is another."""
    announced = link("suspension-announced", "2022-02-26?", "coventry")
    given(formed, announced).when(link("suspension-announced", "2022-02-26", "coventry")).refused(
        "link/transition", "corroborated"
    )
    given(formed, announced).when(link("suspension-announced", "2022-03-10", "coventry")).accepted()
    given(formed, announced).when(link("suspension-announced", "2022-02-26", "volgograd")).accepted()


def test_a_joint_act_between_two_makes_room_whoever_is_named_for_it() -> None:
    """Agreed, dropped and agreed again within a year: dropping it is both sides' act, also where one is named."""
    agreed, dropped = link("link-agreed", "2020-03-02"), ("proposal-dropped", "2020-03-31")
    for by in (None, "coventry"):
        given(agreed, link(*dropped, by)).when(link("link-agreed", "2020")).accepted()
    given(agreed).when(link("link-agreed", "2020")).refused("link/transition", "already recorded")


def test_both_sides_may_end_one_link() -> None:
    """Each side has its own state."""
    ended = link("link-ended", "2022-11-15", "coventry")
    story = given(formed, ended, link("link-ended", "2022-12-15", "volgograd"))
    assert story.standing("2022-12-31") == "ended"
    given(formed, ended).when(link("link-ended", "2022-12-15", "volgograd")).accepted()


def test_a_link_suspended_by_both_stays_suspended_until_both_resume() -> None:
    """The worst side decides, and the standing holds unbroken."""
    story = given(
        formed,
        suspended,
        link("link-suspended", "2022-04-01", "volgograd"),
        link("link-resumed", "2023-01-01", "coventry"),
    )
    answer = story.stands("2023-06")
    assert (story.standing("2023-06"), answer.stand.since) == ("suspended", "2022-03-22")


def test_a_resumption_goes_back_to_what_was_before() -> None:
    """A dormant link that was suspended is dormant again."""
    lapsed = link("link-lapsed", "2010")
    story = given(formed, lapsed, suspended, link("link-resumed", "2024-01-01", "coventry"))
    assert story.standing("2024-01-01") == "dormant"


def test_a_rescinded_ending_goes_back_to_what_was_before_the_ending() -> None:
    """Decided, ended, and taken back: as if it had not been decided."""
    story = given(
        formed,
        suspended,
        link("ending-decided", "2023-01-01", "coventry", effective="2023-06"),
        link("link-ended", "2023-06-01", "coventry"),
        link("ending-rescinded", "2024-01-01", "coventry"),
    )
    assert story.standing("2023-02-01") == "ending"
    assert story.standing("2023-07") == "ended"
    assert story.standing("2024-01-01") == "suspended"


def test_the_other_side_cannot_rescind_an_ending() -> None:
    """Only the side that ended can take it back."""
    story = given(formed, link("link-ended", "2023-06-01", "coventry"))
    story.when(link("ending-rescinded", "2024", "volgograd")).refused("link/side", "ended by coventry")


def test_an_announcement_is_no_suspension() -> None:
    """Manchester, 26 February 2022: said, not done."""
    story = given(formed, link("suspension-announced", "2022-02-26?", "coventry"))
    assert (story.standing("2022-03-01"), story.flags("2022-03-01")) == ("active", ("suspension-announced",))


def test_suspending_clears_the_announcement_and_retaining_clears_all_doubts() -> None:
    """Flags last until the table clears them."""
    announced = link("suspension-announced", "2022-02-26", "coventry")
    reviewed = link("review-opened", "2022-02-27", "coventry")
    ending = link("ending-announced", "2022-02-28", "coventry")
    assert given(formed, announced, reviewed, ending, suspended).flags("2022-03-22") == ("ending-announced",)
    retained = link("link-retained", "2022-03-09", "coventry")
    assert given(formed, announced, reviewed, ending, retained).flags("2022-03-09") == ("retained",)
    assert given(formed, retained, suspended).flags("2022-03-22") == ()


def test_a_proposal_is_not_a_link_and_can_be_dropped() -> None:
    """Proposed, agreed, dropped: as before."""
    proposed = link("link-proposed", "2022-03-22", kind="twinning")
    agreed = link("link-agreed", "2022-06")
    assert given(proposed).standing("2022-04-01") == "proposed"
    assert given(proposed, agreed).standing("2022-07") == "agreed"
    assert given(proposed, agreed, link("proposal-dropped", "2023")).stands("2024").possible == ("none",)
    given(proposed).when(suspended).refused("link/transition")


def test_a_live_link_may_be_proposed_as_another_kind_only() -> None:
    """The standing stays, and a flag tells of the proposal."""
    story = given(formed, link("link-proposed", "2020", kind="friendship"))
    assert (story.standing("2021"), story.flags("2021")) == ("active", ("kind-proposed",))
    given(formed).when(link("link-proposed", "2020", kind="twinning")).refused("link/transition")
    given(formed).when(link("link-proposed", "2020")).refused("link/transition")
    changed = given(
        formed, link("link-proposed", "2020", kind="friendship"), link("link-kind-changed", "2021", kind="friendship")
    )
    assert changed.flags("2022") == ()


@pytest.mark.parametrize("name", IN_FORCE)
def test_a_first_act_that_needs_a_link_in_force_assumes_a_beginning(name: str) -> None:
    """Glasgow, 2022: nobody recorded when it began, so a beginning is assumed, up to the act's latest day."""
    story = given(link(name, "2022-02-25?", "coventry", kind="twinning"))
    answer = story.stands("2022-02-20")
    assert answer.certainty == "possibly"
    assert set(answer.possible) >= {"active", "none"}
    assert story.stands("2022-02-26").certainty == "yes"


def test_an_assumed_beginning_vanishes_when_one_is_recorded() -> None:
    """The assumption is computed, never stored."""
    assert given(suspended).stands("1950").possible == ("active", "none")
    assert given(suspended, formed).standing("1950") == "active"


def test_a_resumption_needs_a_suspension_on_record() -> None:
    """Nothing suspends by assumption."""
    given().when(link("link-resumed", "2023", "coventry")).refused("link/transition")
    given(formed).when(link("link-resumed", "2023", "coventry")).refused("link/transition", "active")


def test_the_act_that_stands_in_the_way_is_named() -> None:
    """A refusal names the act whose absence alone would let the entry in."""
    story = given(formed, link("link-ended", "2020", "coventry"))
    story.when(link("link-suspended", "2021", "coventry")).refused("link/transition", "link-ended on 2020 (entry 5)")


def test_an_entry_that_makes_another_impossible_is_refused_by_naming_it() -> None:
    """An expiry between suspension and resumption leaves nothing to resume."""
    story = given(formed, suspended, link("link-resumed", "2024", "coventry"))
    story.when(link("link-expired", "2023")).refused("link/transition", "link-resumed on 2024 (entry 6)")


def test_recording_in_any_order_is_allowed() -> None:
    """A start may be recorded after an end."""
    given(link("link-ended", "2020", "coventry")).when(formed).accepted()


def test_dates_that_overlap_leave_the_order_open() -> None:
    """A suspension and a resumption of the same month go in, in the order that makes sense."""
    month = link("link-suspended", "2022-03", "coventry")
    story = given(formed, month, link("link-resumed", "2022-03", "coventry"))
    assert story.standing("2022-04-01") == "active"
    assert story.stands("2022-03-15").possible == ("active", "suspended")


def test_a_refusal_that_rests_on_a_doubtful_date_can_be_overridden() -> None:
    """A date marked ? may lie further off than one unit, when the clerk says so."""
    story = given(formed, suspended)
    doubtful = link("link-resumed", "2022-03-20?", "coventry")
    story.when(doubtful).queried("link/transition", "--override link/transition:REASON")
    story.when(doubtful, overriding="link/transition").accepted()
    given(formed, suspended).when(link("link-resumed", "2022-03-19", "coventry"), overriding="link/transition").refused(
        "link/transition"
    )


def test_the_doubt_may_lie_in_what_is_on_record() -> None:
    """A certain date that only a doubtful one on record stands against can be overridden too."""
    doubtful = link("link-suspended", "2022-03-10?", "coventry")
    resumed = link("link-resumed", "2022-03-05", "coventry")
    given(formed, doubtful).when(resumed).queried("link/transition", "--override link/transition:REASON")
    given(formed, doubtful).when(resumed, overriding="link/transition").accepted()


def test_a_batch_is_judged_as_a_whole() -> None:
    """A formation told last makes room for all that came before it in the batch."""
    proposed = link("link-proposed", "1943", kind="twinning")
    resumed = link("link-resumed", "2024", "coventry")
    given().when(resumed, suspended, proposed, formed).accepted()


def test_of_a_batch_only_what_cannot_be_added_is_named() -> None:
    """Good entries of a batch are not blamed for the bad one."""
    outcome = given().when(formed, link("link-resumed", "2024", "coventry"), body("minsk"))
    outcome.refused("link/transition", number=2)
    assert set(outcome.refusals) == {2}


@pytest.mark.parametrize(
    "name", ["coventry--", "--volgograd", "coventry--unnamed", "tbc--coventry", "coventry--coventry"]
)
def test_a_link_has_two_named_bodies(name: str) -> None:
    """With an unnamed partner, the decision or the pledge itself goes in."""
    given().when(told("link-proposed", link=name, on="2022", kind="twinning")).refused("link/partner-named")
    pledge = told(
        "pledge-made", pledge="coventry/2022/partner", by="coventry", on="2022", summary="To find a Ukrainian partner."
    )
    given().when(pledge).accepted()


def test_both_bodies_must_be_on_record() -> None:
    """A link to nowhere is refused."""
    given().when(told("link-formed", link="coventry--atlantis", on="1944")).refused("record/known", "atlantis")


def test_too_many_overlapping_acts_are_refused() -> None:
    """Fourteen reviews in one year cannot be told apart."""

    def notice(number: int) -> AnyEvent:
        side = "coventry" if number % 2 else "volgograd"
        return link("notice-given", f"[2022-01-{number:02}..2023]", side, effective="2024")

    reviews = [notice(number) for number in range(1, 29)]
    outcome = given(formed).when(*reviews)
    assert {one.rule.id for one in outcome.refusals.values()} <= {"link/too-doubtful", "link/transition"}
    assert outcome.refusals


def test_a_listing_of_good_grade_supplies_a_beginning_and_moves_nothing() -> None:
    """A council's own page is taken as evidence that the link was in force by then."""
    from domain.bearing import Recording, acts_of
    from domain.lifecycle import LinkCycle, history_as_known, listing, sides_of
    from domain.values import Evidence

    listed = link("link-listed", "2008", where="page of twin cities", listed=True, kind="twinning")
    council = (Evidence.model_validate_json('{"title": "Twin cities", "grade": "council"}'),)
    cycle = LinkCycle(sides_of(LINK))
    good = acts_of(listed, Recording(739_000, council))
    answer = history_as_known(sides_of(LINK), good).at(739_000)
    assert cycle.shows(answer.stand.state)[:2] == ("active", "twinning")
    weak = given(listed)
    assert weak.stands("2020").possible == ("none",)
    assert listing(good) is not None


def test_a_joint_act_needs_no_side_and_a_side_act_does() -> None:
    """`by` may be left out where both act."""
    given(formed).when(link("link-renewed", "2007")).accepted()
    with pytest.raises(ValueError, match="by"):
        link("link-suspended", "2022")
