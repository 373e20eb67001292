"""What is to be waited for: a notice that runs out, and half a year before a resolution is rescinded."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from tests.domain.story import LINK, MOTION, body, corrected, given, link, retracted, told

RULE = "notice/period"
AGREEMENT = "coventry/1991/bond"

formed = link("link-formed", "1991-05-06")


def notice(on: str, effective: str, by: str = "coventry") -> AnyEvent:
    """A side gives notice."""
    return link("notice-given", on, by, effective=effective)


def ended(on: str, by: str = "coventry") -> AnyEvent:
    """A side ends the link."""
    return link("link-ended", on, by)


def signed(on: str = "1991-05-06", asks: str = "three months", links: tuple[str, ...] = (LINK,)) -> AnyEvent:
    """An agreement is signed that may ask for notice."""
    clause = {"notice": asks} if asks else {}
    return told(
        "agreement-signed", agreement=AGREEMENT, on=on, links=links, parties=["coventry", "volgograd"], **clause
    )


# Notice that was given


def test_a_link_does_not_end_before_its_notice_ran_out() -> None:
    """Whichever is recorded first; where the dates leave room, nothing is asked."""
    for on, right in (
        ("2012-08-31", False),
        ("2012-08", False),
        ("2012-09-01", True),
        ("2012", True),
        ("2012-08?", True),
    ):
        pair = notice("2011-11", "2012-09"), ended(on)
        for outcome in (given(formed, pair[0]).when(pair[1]), given(formed, pair[1]).when(pair[0])):
            if right:
                outcome.accepted()
            else:
                outcome.queried(RULE, "before 2012-09, for which notice-given on 2011-11")
    given(formed, notice("2011-11", "2012-09")).when(ended("2012-08"), overriding=RULE).accepted()
    given(formed, notice("2012-08-01", "2012-09")).when(ended("2012-08-01")).queried(RULE)


def test_a_decision_to_end_later_counts_where_no_notice_was_given() -> None:
    """Where notice was given, it is the notice that counts."""
    decided = link("ending-decided", "2011-09-19", "coventry", effective="2012-09")
    given(formed, decided).when(ended("2012-08")).queried(RULE, "ending-decided on 2011-09-19")
    given(formed, ended("2012-08")).when(decided).queried(RULE, "ending-decided on 2011-09-19")
    given(formed, decided, notice("2011-11", "2012-06")).when(ended("2012-08")).accepted()
    given(formed, decided, notice("2011-11", "2012-09")).when(ended("2012-08")).queried(RULE, "notice-given on 2011-11")


def test_the_notice_of_the_other_side_binds_that_side() -> None:
    """Each side ends the link for itself."""
    given(formed, notice("2011-11", "2012-09", "volgograd")).when(ended("2012-08")).accepted()


def test_a_successor_keeps_the_notice_of_its_predecessor() -> None:
    """One side, whoever acts for it."""
    succeeded = told("body-succeeded", slug="coventry", on="2012-01", successors=["glasgow"])
    given(formed, notice("2011-11", "2012-09"), succeeded).when(ended("2012-08", "glasgow")).queried(RULE)


def test_a_notice_taken_back_no_longer_counts() -> None:
    """Nor one of an earlier time."""
    back = link("ending-rescinded", "2011-12", "coventry")
    given(formed, notice("2011-11", "2012-09"), back).when(ended("2012-08")).accepted()
    same_day = link("ending-rescinded", "2011-11-05", "coventry")
    given(formed, notice("2011-11-05", "2012-09"), same_day).when(ended("2012-08")).accepted()
    given(formed, notice("2011-11", "2012-09"), link("ending-rescinded", "2012-08-01", "coventry")).when(
        ended("2012-08-01")
    ).accepted()
    again = link("link-formed", "2014")
    earlier = (formed, notice("2011-11", "2019-09"), link("link-ended", "2012", "volgograd"), again)
    given(*earlier).when(ended("2018")).accepted()


def test_one_of_two_notices_that_has_run_out_is_enough() -> None:
    """The second may have moved the day."""
    two = (formed, notice("2011-11", "2012-09"), notice("2012-01", "2012-07"))
    given(*two).when(ended("2012-08")).accepted()
    given(*two).when(ended("2012-06")).queried(RULE)


# Notice that is asked for


def test_where_notice_is_asked_for_it_is_given_first() -> None:
    """By the link's own terms, whichever is recorded first."""
    asking = link("link-formed", "1991-05-06", notice="three months")
    for outcome in (given(asking).when(ended("2022")), given(ended("2022")).when(asking)):
        outcome.queried(RULE, "asks for it: three months")
    given(asking, ended("2022", "volgograd")).when(ended("2022-05")).queried(RULE)
    given(asking).when(ended("2022"), overriding=RULE).accepted()
    given(asking, notice("2022-01", "2022-04")).when(ended("2022-05")).accepted()
    given(asking, notice("2022", "2022-04")).when(ended("2022-05")).accepted()
    given(asking, notice("2022-01", "2022-04", "volgograd")).when(ended("2022-05")).queried(RULE)
    given(formed).when(ended("2022")).accepted()
    given(link("link-formed", "1991-05-06", notice="a day")).when(ended("1991-05-06")).queried(RULE)


@pytest.mark.parametrize("asks", ["none", "No notice is needed", "without notice"])
def test_an_agreement_may_say_that_no_notice_is_needed(asks: str) -> None:
    """Then none is asked for."""
    given(link("link-formed", "1991", notice=asks)).when(ended("2022")).accepted()


def test_the_clause_may_stand_in_the_agreement() -> None:
    """Which the link names, or which names the link; whatever is recorded last."""
    naming = link("link-formed", "1991-05-06", agreement=AGREEMENT)
    elsewhere = signed(links=("coventry--glasgow",))
    given(elsewhere, naming).when(ended("2022")).queried(RULE, "agreement-signed on 1991-05-06")
    given(elsewhere, ended("2022")).when(naming).queried(RULE)
    given(formed, signed()).when(ended("2022")).queried(RULE)
    given(formed, ended("2022")).when(signed()).queried(RULE)
    given(signed()).when(ended("2022")).queried(RULE)
    given(link("link-formed", "1944"), signed()).when(ended("2022")).queried(RULE)
    given(formed, elsewhere).when(ended("2022")).accepted()
    given(formed, signed("1990")).when(ended("2022")).accepted()
    given(formed, signed(asks="")).when(ended("2022")).accepted()
    given(formed, signed("2023")).when(ended("2022")).accepted()
    given(formed, signed("2022-05-06")).when(ended("2022-05-06")).queried(RULE)
    other = told("agreement-signed", agreement="coventry/1991/other", on="1991", links=[LINK], parties=["coventry"])
    by_another = link("link-formed", "1991-05-06", agreement="coventry/1991/other")
    given(signed("1990"), other, by_another).when(ended("2022")).accepted()


def test_what_was_renewed_ends_by_its_new_terms() -> None:
    """Only what surely was in force counts, and only where all that may have been asks for notice."""
    asking, renewed = link("link-formed", "1991", notice="a year"), link("link-renewed", "2007")
    given(asking, renewed).when(ended("2022")).accepted()
    strict = link("link-renewed", "2007", notice="a year")
    given(formed, strict).when(ended("2022")).queried(RULE, "link-renewed on 2007")
    given(formed, ended("2022")).when(strict).queried(RULE, "link-renewed on 2007")
    given(formed, link("link-renewed", "[2007..2023]", notice="a year")).when(ended("2022")).accepted()
    given(asking, ended("2022")).when(renewed).accepted()


def test_one_batch_names_the_end_and_not_the_terms() -> None:
    """The act that is tried last."""
    asking = link("link-formed", "1991-05-06", notice="three months")
    outcome = given().when(ended("2022"), asking)
    outcome.queried(RULE, number=1)
    assert len(outcome.refusals) == 1
    given().when(ended("2022"), asking, notice("2021", "2022")).accepted()


def test_what_takes_a_notice_away_is_queried() -> None:
    """A retraction or a correction, when the link has ended."""
    asking = link("link-formed", "1991-05-06", notice="three months")
    on_record = given(asking, notice("2022-01", "2022-04"), ended("2022-05"))
    on_record.when(retracted(5)).queried(RULE, "no notice on record")
    on_record.when(corrected(5, notice("2022-01", "2022-06"))).queried(RULE, "before 2022-06")
    on_record.when(corrected(5, notice("2022-01", "2022-05"))).accepted()
    plain = given(formed, ended("2022-05"))
    plain.when(corrected(4, asking)).queried(RULE)
    plain.when(corrected(4, asking), overriding=RULE).accepted()
    given(formed, signed(asks=""), ended("2022-05")).when(corrected(5, signed())).queried(RULE)
    back = link("ending-rescinded", "2022-02", "coventry")
    taken_back = given(formed, notice("2022-01", "2022-06"), back, ended("2022-05"))
    taken_back.when(retracted(6)).queried(RULE, "before 2022-06")


def test_what_went_ahead_once_is_not_asked_about_again() -> None:
    """A note on an entry brings up nothing that was in doubt before."""
    ahead = given(link("link-formed", "1991", notice="a year"), ended("2022"))
    ahead.when(told("note-added", entry="00000005-0000-5000-8000-000000000000", text="x")).accepted()
    ahead.when(corrected(5, link("link-ended", "2022", "coventry", wording="cut"))).accepted()


# Six months


def carried(on: str, motion: str = MOTION) -> AnyEvent:
    """The motion is carried."""
    return told("motion-carried", motion=motion, on=on)


def rescinded(on: str, motion: str = MOTION) -> AnyEvent:
    """It is rescinded."""
    return told("motion-rescinded", motion=motion, on=on)


@pytest.mark.parametrize(
    ("first", "then", "right"),
    [
        ("2022-03-22", "2022-09-21", False),
        ("2022-03-22", "2022-09-22", True),
        ("2022-08-31", "2023-02-27", False),
        ("2022-08-31", "2023-02-28", True),
        ("2022-06-30", "2022-12-29", False),
        ("2022-06-30", "2022-12-30", True),
        ("2022-03-22", "2022-03-22", False),
        ("2022-07-01", "2022-12-31", False),
        ("2022-12-15", "2023-06-14", False),
        ("2022-12-15", "2023-06-15", True),
        ("2022-03", "2022-09", True),
        ("2022-03", "2022-08-31", False),
        ("2022", "2022", True),
        ("[..2022-03-22]", "2022-04", True),
        ("2022-03-22?", "2022-09-21", True),
    ],
)
def test_a_british_resolution_stands_for_six_months(first: str, then: str, *, right: bool) -> None:
    """Only where the dates surely lie nearer."""
    outcome = given(carried(first)).when(rescinded(then))
    if right:
        outcome.accepted()
    else:
        outcome.queried("rescission/six-months", f"within six months of {first}")
    given(carried(first)).when(rescinded(then), overriding="rescission/six-months").accepted()


def test_elsewhere_a_resolution_may_be_rescinded_any_day() -> None:
    """The rule is a British one."""
    abroad = told("body-registered", slug="akureyri", name="Akureyri", kind="council", country="IS")
    motion = "akureyri/2022-11-15/murmansk"
    given(abroad, carried("2022-11-15", motion)).when(rescinded("2022-11-16", motion)).accepted()
    moved = told("body-registered", slug="akureyri", name="Akureyri", kind="council", country="GB")
    on_record = given(abroad, carried("2022-11-15", motion), rescinded("2022-11-16", motion))
    on_record.when(corrected(4, moved)).queried("rescission/six-months")
    given().when(body("leeds"), carried("2022-03-22", "leeds/2022/x"), rescinded("2022-04", "leeds/2022/x")).queried(
        "rescission/six-months", number=3
    )


def test_the_months_are_counted_from_when_it_was_carried_last() -> None:
    """What was rescinded and carried again stands anew."""
    again = (carried("2020-01-10"), rescinded("2021-01-10"), carried("2022-01-10"))
    given(*again).when(rescinded("2022-02-10")).queried("rescission/six-months", "of 2022-01-10")
    given(*again).when(rescinded("2022-08-10")).accepted()
    either = (carried("2020-01-10"), rescinded("[2020-08-01..2022-12-31]"), carried("2022-01-10"))
    given(*either).when(rescinded("2022-03-10")).accepted()


def test_a_date_that_is_corrected_is_counted_anew() -> None:
    """The entry corrected is asked about, whichever it is."""
    on_record = given(carried("2022-03-22"), rescinded("2022-10-01"))
    on_record.when(corrected(4, carried("2022-04-22"))).queried("rescission/six-months")
    on_record.when(corrected(5, rescinded("2022-09-01"))).queried("rescission/six-months")
    on_record.when(corrected(5, rescinded("2022-09-30"))).accepted()
