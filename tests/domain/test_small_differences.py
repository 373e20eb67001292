"""Small differences in what the rules do, which no other test tells apart."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.amending import fault_of
from domain.book import Book
from domain.catalogue import AnyEvent
from domain.history import Act
from domain.lifecycle import history, sides_of
from domain.links import LinkFormed
from domain.rules import Query, Refusal
from tests.domain.story import (
    LINK,
    TODAY,
    by_source,
    corrected,
    corroborated,
    disputed,
    given,
    link,
    on_record,
    retracted,
    told,
)

MOTION = "coventry/2022/pause"
LETTER = "coventry/2022/letter"
AGREEMENT = "coventry/1991/bond"
TAG = f"link:{LINK}"
formed = link("link-formed", "1991-05-06")


def said(on: str, summary: str = "It is paused.") -> AnyEvent:
    """A body says something: its day is kept, but it moves nothing."""
    return told("statement-made", by="coventry", on=on, summary=summary)


@pytest.mark.parametrize(
    "partner", ["", "unnamed", "unknown", "tbc", "tbd", "nobody", "anyone", "to-be-named", "not-named"]
)
def test_every_way_to_name_nobody_is_known(partner: str) -> None:
    """Whichever word stands where a body should be named."""
    given().when(told("link-proposed", link=f"coventry--{partner}", on="2022")).refused("link/partner-named")


def test_where_the_original_is_not_at_hand_it_is_asked_for_in_words() -> None:
    """Its number cannot be told then."""
    formed_in_1944 = on_record(formed, 4)
    mended, disputing = on_record(corrected(4, formed), 5), on_record(disputed(5, None), 6)
    book = Book()
    for entry in (mended, disputing):
        book.include(entry)
    refusal = fault_of(book, disputing)
    assert refusal
    assert refusal.mend.startswith("name the entry first recorded; ")
    book.include(formed_in_1944)
    refusal = fault_of(book, disputing)
    assert refusal
    assert refusal.mend.startswith("name entry 4 itself; ")


def test_a_second_source_is_compared_with_the_account_that_stands_last() -> None:
    """What was said before a better source became known no longer counts."""
    by_the_press = by_source(said("2021-03"), "press", "2021-04-01")
    by_the_council = by_source(corrected(4, said("2022-03"), "source"), "council", "2022-04-01")
    story = given(by_the_press, by_the_council)
    story.when(corroborated(4, "2022")).accepted()
    story.when(corroborated(4, "2021")).refused("dates/possible", "2021 cannot be 2022-03")


def test_who_refers_to_a_paper_since_a_correction_is_named_by_the_entry_corrected() -> None:
    """Not by the correction."""
    carried = told("motion-carried", motion=MOTION, on="2022-03-22")
    plain = told("letter-sent", letter=LETTER, by="coventry", to="volgograd", on="2022-03-23")
    enclosing = told("letter-sent", letter=LETTER, by="coventry", to="volgograd", on="2022-03-23", encloses=[MOTION])
    story = given(carried, plain).and_then(corrected(5, enclosing))
    story.when(retracted(4)).queried("record/relied-on", "what entry 4 puts on record: 5 (letter-sent)")


def test_half_a_year_is_counted_from_the_first_day_of_all() -> None:
    """There is no day before it."""
    carried = told("motion-carried", motion=MOTION, on="0001-01-01")
    rescinded = told("motion-rescinded", motion=MOTION, on="0001-06-30")
    given(carried).when(rescinded).queried("rescission/six-months", "within six months of 0001-01-01")


def test_notice_that_an_agreement_is_found_to_ask_for_is_looked_for_on_each_link_that_names_it() -> None:
    """Whether or not the agreement names the link."""

    def signed(**clause: str) -> AnyEvent:
        return told(
            "agreement-signed",
            agreement=AGREEMENT,
            on="1991-05-06",
            links=["coventry--glasgow"],
            parties=["coventry"],
            **clause,
        )

    naming = link("link-formed", "1991-05-06", agreement=AGREEMENT)
    story = given(signed(), naming, link("link-ended", "2022", "coventry"))
    story.when(corrected(4, signed(notice="three months"))).queried("notice/period", "asks for it: three months")


def test_a_date_is_given_as_text() -> None:
    """Not as bytes that could be read as one."""
    assert LinkFormed.model_validate({"link": LINK, "on": "1944"}).on.text == "1944"
    with pytest.raises(ValidationError):
        LinkFormed.model_validate({"link": LINK, "on": b"1944"})


def test_an_assumed_beginning_names_from_which_act() -> None:
    """The whole, and each of its sides, rest on it."""
    suspended = link("link-suspended", "2022-03-22", "coventry")
    found = history(sides_of(LINK), given(suspended).acts(TAG))
    assert found
    first = found.stands()[0]
    assert first.giver
    assert (first.giver.position, first.givers) == (4, (first.giver, first.giver))


@pytest.mark.parametrize("kind", [Refusal, Query])
def test_a_refusal_that_blames_no_field_names_none(kind: type[Refusal]) -> None:
    """Its reason is the rule's own; a query, which can be overridden, says how."""
    refusal = kind("record/known", "it is not on record")
    assert (refusal.field, refusal.why) == ("", refusal.rule.sentence)
    assert refusal.mend == ("" if kind is Refusal else "; or go ahead with --override record/known:REASON")


def test_an_act_of_which_nobody_says_when_it_was_known_was_always_known() -> None:
    """Nor was it ever known otherwise."""
    act = Act(1, 2, 0, "", "{}", TAG, "link", "link-formed", "1944")
    assert act.known < TODAY < act.until
    assert act.known == -act.until


def test_of_two_that_cannot_both_go_in_the_earlier_goes_in() -> None:
    """In whatever order they are told."""
    formed_in_1991 = given(formed)
    suspensions = [link("link-suspended", on, "coventry") for on in ("2023-03", "2022-03")]
    assert set(formed_in_1991.when(*suspensions).refusals) == {1}
    assert set(formed_in_1991.when(*reversed(suspensions)).refusals) == {2}


def test_what_takes_an_act_away_is_tried_with_what_brings_one() -> None:
    """Of two records in one batch only that one is refused which leaves no order of the acts."""
    story = given(formed, link("link-suspended", "2022-03-22", "coventry"))
    outcome = story.when(retracted(5), corrected(4, link("link-resumed", "2022-05-06", "coventry")))
    outcome.refused("link/transition", number=2)
    assert set(outcome.refusals) == {2}


def test_a_proposal_that_is_dropped_leaves_the_successor_in_its_place() -> None:
    """Whoever acted for an abolished side before the proposal acts for it after it."""
    succeeded = told("body-succeeded", slug="coventry", on="2010", successors=["glasgow"])
    ended, proposed, dropped = (
        link(name, on, "glasgow")
        for name, on in (("link-ended", "2012"), ("link-proposed", "2015"), ("proposal-dropped", "2016"))
    )
    given(formed, succeeded, ended, proposed, dropped).when(link("link-formed", "2018", "glasgow")).accepted()


def test_what_was_agreed_twice_and_dropped_is_as_before_the_first() -> None:
    """Though the acts known contradict the table, and are folded by their effect alone."""
    agreed = [link("link-agreed", on) for on in ("2015", "2016")]
    answer = given(*agreed, link("proposal-dropped", "2017")).stands("2018")
    assert (answer.unexplained, answer.possible) == (True, ("none",))


@pytest.mark.parametrize(("first", "back"), [("link-suspended", "link-resumed"), ("link-ended", "ending-rescinded")])
def test_what_was_taken_back_twice_is_in_force(first: str, back: str) -> None:
    """Also where the link was at rest before; the second time nobody told what was taken back."""
    lapsed = link("link-lapsed", "2000")
    story = given(formed, lapsed, *(link(name, on, "coventry") for name, on in ((first, "2010"), (back, "2011"))))
    assert story.standing("2012") == "dormant"
    twice = given(*story.events[3:], link(back, "2012", "coventry")).stands("2013")
    assert (twice.unexplained, twice.possible) == (True, ("dormant",))
    assert [side.standing for side in twice.stand.state.sides] == ["active", "dormant"]
