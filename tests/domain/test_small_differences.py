"""Small differences in what the rules do, which no other test tells apart."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain import comparing, telling
from domain.amending import fault_of
from domain.bearing import Recording, acts_of, revision_of
from domain.book import Book
from domain.catalogue import AnyEvent
from domain.dates import OPEN, Date, DateError, Interval
from domain.history import Act, periods, widened
from domain.lifecycle import LIFE_CYCLE, UNDOES, history, sides_of, spelled
from domain.links import LinkFormed
from domain.papers import CYCLES, PAPERS
from domain.records import Instead, NoteAdded
from domain.revising import versions
from domain.rules import Query, Refusal
from domain.values import Vote
from tests.domain.story import (
    LINK,
    TODAY,
    Given,
    body,
    by_source,
    corrected,
    corroborated,
    disputed,
    entry_id,
    given,
    link,
    on_record,
    redacted,
    retracted,
    settled,
    told,
    unsourced,
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
    by_then = by_source(corroborated(4, "2021"), "press", "2022-04-01")
    story.when(by_then).refused("dates/possible", "2021 cannot be 2022-03")


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
    assert (str(refusal), refusal.missing, refusal.rival) == ("it is not on record", "", 0)
    assert (refusal.field, refusal.why) == ("", refusal.rule.sentence)
    assert refusal.mend == ("" if kind is Refusal else "; or go ahead with --override record/known:REASON")


def test_an_act_of_which_nobody_says_when_it_was_known_was_always_known() -> None:
    """Nor was it ever known otherwise."""
    act = Act(1, 2, 0, "", "{}", TAG, "link", "link-formed", "1944")
    assert (act.known, act.until) == (-OPEN, OPEN)
    assert (act.kind, act.grade, act.wording) == ("", "", "")
    assert (act.position, act.recorded, act.opens, act.option, act.dispute) == (0, OPEN, 0, 0, 0)


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


def denials(story: Given, tag: str) -> list[Act]:
    """The accounts by which nothing of the kind happened."""
    return [act for act in story.book().acts(tag) if not act.happens]


def test_a_denial_tells_who_denies_and_nothing_else() -> None:
    """Neither the words nor the side nor the kind of what is denied."""
    suspended = link("link-suspended", "2022-03", "coventry", kind="twinning", wording="paused")
    denying = by_source(disputed(5, None), "council", "2022-03-11")
    (denial,) = denials(given(formed, suspended, denying), TAG)
    assert (denial.type, denial.grade, denial.position, denial.dispute) == ("entry-disputed", "council", 5, 6)
    assert (denial.side, denial.detail, denial.kind, denial.wording) == ("", "{}", "", "")


def test_who_tells_of_another_link_denies_what_is_told_of_this_one() -> None:
    """Each with the grade of those who say so; what a better source supports has that one's."""
    elsewhere = told("link-suspended", link="glasgow--volgograd", on="2022-03", by="volgograd")
    suspended = by_source(link("link-suspended", "2022-03", "volgograd"), "third-party", "2022-03-10")
    disputing = by_source(disputed(4, elsewhere), "press", "2022-03-11")
    story = given(suspended, disputing, by_source(corroborated(4), "official", "2022-03-11"))
    assert [act.grade for act in denials(story, TAG)] == ["press"]
    assert [act.grade for act in denials(story, "link:glasgow--volgograd")] == ["official"]


def test_what_has_no_source_stands_behind_what_has_one() -> None:
    """Whatever the grade of that one."""
    bare, disputing = unsourced(formed), by_source(disputed(4, link("link-formed", "1990")), "third-party")
    told_by = {act.option: act.on for act in given(bare, disputing).book().acts(TAG)}
    assert told_by == {0: "1990", 1: "1991-05-06"}


def test_what_supports_an_entry_does_not_bring_the_day_of_its_dispute_nearer() -> None:
    """Of what is only said, as of what moves a history."""
    story = given(said("2022"), corroborated(4, "2022-03"), disputed(4, said("[2021..2022]", "It is not paused.")))
    book = story.book()
    original, dispute = (book.entries[entry_id(position)] for position in (4, 6))
    (version,) = versions(original, book.records(original))
    assert version.on(original) == "2022-03"
    assert version.on(dispute) == "[2021..2022]"


def test_a_day_that_was_brought_nearer_is_told_as_any_other() -> None:
    """In the one way in which particulars are written."""
    story = given(link("link-formed", "1944", kind="twinning"), corroborated(4, "1944-05"))
    (act,) = story.book().acts(TAG)
    assert (act.on, act.detail) == ("1944-05", f'{{"kind":"twinning","link":"{LINK}","on":"1944-05"}}')


def test_what_stands_in_the_way_is_named_before_the_side_that_could_undo() -> None:
    """The side that suspended ended the link; that the other side suspended it too does not matter."""
    story = given(
        formed,
        link("link-suspended", "2021", "volgograd"),
        link("link-suspended", "2022-03", "coventry"),
        link("link-ended", "2022-05", "volgograd"),
    )
    story.when(link("link-resumed", "2023", "volgograd")).refused("link/transition", "is not possible with link-ended")
    story.when(link("link-resumed", "2022-04", "glasgow")).refused("link/side")


def test_two_pages_may_list_a_link_on_one_day() -> None:
    """Each is an observation of its own."""
    pages = [told("link-listed", link=LINK, where=f"Page {n}", on="2008", listed=True, kind="twinning") for n in (1, 2)]
    given(pages[0]).when(pages[1]).accepted()
    given(formed, pages[0]).when(pages[1]).accepted()


def test_what_a_batch_tells_and_takes_back_leaves_nothing_to_rest_on() -> None:
    """What was taken away has no number yet."""
    suspended, resumed = link("link-suspended", "2022", "coventry"), link("link-resumed", "2023", "coventry")
    outcome = given(formed).when(suspended, resumed, retracted(entry_id(-1)))
    outcome.refused("link/transition", "is not possible without what is taken away", number=3)


def test_a_note_is_about_an_entry() -> None:
    """Where it is about one at all."""
    assert telling.subject(told("note-added", entry=entry_id(4), text="Out of print.")) == entry_id(4)
    assert telling.subject(told("note-added", text="Out of print.")) == ""


@pytest.mark.parametrize("figure", ["33", 33.0, True, b"33"])
def test_no_figure_is_made_of_anything_else(figure: object) -> None:
    """A number is given as one."""
    with pytest.raises(ValidationError):
        Vote.model_validate({"for": figure})


def test_what_was_told_cannot_be_changed() -> None:
    """Nor can anything be added."""
    vote = Vote.model_validate({"for": 33})
    with pytest.raises(ValidationError, match="frozen"):
        vote.for_ = 34
    with pytest.raises(ValidationError, match="Extra inputs"):
        Vote.model_validate({"for": 33, "aye": 33})


def test_a_day_that_is_disputed_is_not_that_of_the_entry() -> None:
    """Who gives it supports the dispute."""
    story = given(link("link-formed", "1944"), disputed(4, link("link-formed", "1941")))
    story.when(corroborated(4, "1941")).refused("dates/possible", "1941 cannot be 1944, as entry 4 has it")


def test_records_about_each_other_are_about_no_entry() -> None:
    """No ledger holds them, but a book does not search for ever."""
    book = Book()
    first, second = on_record(retracted(2), 1), on_record(retracted(1), 2)
    for entry in (first, second):
        book.include(entry)
    assert (book.original(first), book.original(second)) == (None, None)
    assert (book.records(first), book.records(second)) == ([second], [first])
    assert [book.kind(f"entry:{entry_id(position)}") for position in (1, 3)] == ["entry", None]


def test_a_succession_begins_no_link() -> None:
    """Where nothing is told of the link itself, nothing is told of it; else it is told of under the link's name."""
    succeeded = told("body-succeeded", slug="coventry", on="2010", successors=["glasgow"])
    assert given(succeeded).acts(TAG) == []
    acts = given(succeeded, formed).acts(TAG)
    assert sorted((act.type, act.subject, act.side) for act in acts) == [
        ("body-succeeded", TAG, "coventry"),
        ("link-formed", TAG, ""),
    ]


def test_a_power_without_a_paper_names_none() -> None:
    """Nor does an act without a power."""
    council = {"power": "resolution", "reference": "coventry/2022-03-22/pause"}
    for authority, tag in (({"power": "urgent"}, ""), (council, "ref:coventry/2022-03-22/pause"), (None, "")):
        more = {"authority": authority} if authority else {}
        (act,) = given(link("link-suspended", "2022-03-23", "coventry", **more)).acts(TAG)
        assert comparing.authority_of(act) == tag


def test_the_first_entry_of_all_is_named_as_any_other() -> None:
    """By its number, and what is only proposed by its line."""
    decided = told(
        "decision-taken",
        decision=MOTION,
        on="2022",
        call_in_ends="2022-04",
        authority={"power": "executive"},
        summary="To pause the link.",
    )
    (taken,) = given(decided).acts(f"ref:{MOTION}")
    carrying = link("link-suspended", "2022-03", "coventry", authority={"power": "delegated", "reference": MOTION})
    (act,) = given(carrying).acts(TAG)
    for position, name in ((1, "(entry 1)"), (-1, "(line 1 of the same batch)")):
        (doubt,) = comparing.before_call_in_ended([taken._replace(position=position), act], f"ref:{MOTION}")
        assert f"{MOTION} {name}, which can be called in" in doubt.refusal.what


def test_a_correction_that_mends_one_doubt_and_makes_another_is_asked_about_that_one() -> None:
    """A meeting is moved from the day of one vote to that of another."""
    meeting = "coventry/2022-03-22/council"
    day, next_day = (told("meeting-held", meeting=meeting, on=on) for on in ("2022-03-22", "2022-03-23"))
    votes = [
        told("motion-carried", motion=f"coventry/2022/{name}", on=on, meeting=meeting)
        for name, on in (("a", "2022-03-22"), ("b", "2022-03-23"))
    ]
    outcome = given(day, *votes).when(corrected(4, next_day))
    outcome.queried("date/other-day", "coventry/2022/a (entry 5): the vote is dated 2022-03-22")


def test_what_began_as_told_began_so_whatever_contradicts_what_follows() -> None:
    """No earlier beginning is assumed for it."""
    answer = given(formed, *(link("link-resumed", on, "coventry") for on in ("1992", "1993"))).stands("1990")
    assert (answer.unexplained, answer.possible, answer.stand.giver) == (True, ("none",), None)


def test_what_is_given_no_place_is_only_proposed() -> None:
    """Its acts have none either."""
    (act,) = acts_of(formed, Recording(TODAY, ()))
    assert (act.position, act.dispute, act.option) == (0, 0, 0)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (retracted(4), {}),
        (told("note-added", entry=entry_id(4), text="Out of print."), {}),
        (disputed(4, None), {}),
        (corroborated(4), {}),
        (settled(4, "instead"), {"prefers": "instead"}),
        (redacted(4, "wording"), {"field": "wording"}),
    ],
)
def test_a_record_says_what_it_says_and_no_more(event: AnyEvent, said: dict[str, object]) -> None:
    """What it does not say is empty, or open."""
    silent = {
        "acts": (),
        "slip": False,
        "prefers": "",
        "on": None,
        "latest": OPEN,
        "field": "",
        "particulars": "",
        "said": (),
    }
    found = revision_of(event, Recording(TODAY, ()))
    assert found
    assert found._asdict() == {"entry": entry_id(4), "type": event.type, **silent, "event": "", **said}


def test_an_account_put_instead_is_that_of_its_record() -> None:
    """A dispute's, or a correction's."""
    for record in (disputed(4, formed), corrected(4, formed)):
        found = revision_of(record, Recording(TODAY, ()))
        assert found
        assert (found.type, found.event) == (record.type, "link-formed")


def test_a_note_takes_nothing_away_from_those_who_refer_to_an_entry() -> None:
    """Also where the entry was taken back by then."""
    carried = told("motion-carried", motion=MOTION, on="2022-03-22")
    resting = link("link-suspended", "2022-03-23", "coventry", authority={"power": "resolution", "reference": MOTION})
    given(carried, resting).when(retracted(4)).queried("record/relied-on")
    story = given(carried, resting, retracted(4))
    story.when(told("note-added", entry=entry_id(4), text="It was another motion.")).accepted()


def test_nobody_is_known_to_refer_to_what_is_not_at_hand() -> None:
    """A record of a record of it takes nothing from them."""
    mended, back = on_record(corrected(4, formed), 5), on_record(retracted(5), 6)
    book = Book()
    for entry in (mended, back):
        book.include(entry)
    assert fault_of(book, back) is None


def test_what_a_letter_encloses_announces_nothing() -> None:
    """The letter does."""
    letter = told(
        "letter-sent", letter=LETTER, by="coventry", to="volgograd", on="2022", encloses=[MOTION], announces=[LINK]
    )
    acts = acts_of(letter, Recording(TODAY, ()))
    assert [(act.cycle, comparing.links_announced(act)) for act in acts] == [("letter", [TAG]), ("motion", [])]


def test_of_two_agreements_on_a_link_the_later_says_which_notice_is_asked_for() -> None:
    """Where no beginning of the link is on record."""
    asking, silent = (
        told("agreement-signed", agreement=f"coventry/{on}/bond", on=on, links=[LINK], parties=["coventry"], **clause)
        for on, clause in (("1991", {"notice": "a year"}), ("2007", {}))
    )
    ended = link("link-ended", "2022", "coventry")
    given(asking, silent).when(ended).accepted()
    later = told(
        "agreement-signed",
        agreement="coventry/2010/bond",
        on="2010",
        links=[LINK],
        parties=["coventry"],
        notice="a day",
    )
    given(asking, silent, later).when(ended).queried("notice/period", "asks for it: a day")


def test_a_side_keeps_its_own_notice_though_the_other_was_succeeded() -> None:
    """Whoever came in the place of that one."""
    succeeded = told("body-succeeded", slug="volgograd", on="2012-01", successors=["glasgow"])
    notice = link("notice-given", "2011-11", "coventry", effective="2012-09")
    given(formed, notice, succeeded).when(link("link-ended", "2012-08", "coventry")).queried("notice/period")


@pytest.mark.parametrize(("term", "doubtful"), [("2012/2001", False), ("2012~/2001", True), ("2012/2001~", True)])
def test_a_term_that_ends_before_it_starts_may_be_right_where_one_of_its_dates_is_in_doubt(
    term: str,
    doubtful: bool,  # noqa: FBT001 - a column
) -> None:
    """Whichever it is."""
    outcome = given().when(link("link-formed", "1991", term=term))
    if doubtful:
        outcome.queried("dates/possible", "ends before it starts")
    else:
        outcome.refused("dates/possible", "ends before it starts")


def test_a_register_answers_for_each_day_asked() -> None:
    """Neither for fewer nor for more."""
    act = Act(1, 2, 0, "", "{}", TAG, "link", "link-formed", "1944")
    assert len(periods([act], lambda _, days: [(day,) for day in days])) == 3
    for more in (-1, 1):
        with pytest.raises(ValueError, match="argument"):
            periods([act], lambda _, days, more=more: [("x",)] * (len(days) + more))


def test_what_rests_on_an_entry_that_is_asked_about_waits_with_it() -> None:
    """It would be the only one of the two on record."""
    asking = link("link-formed", "1991-05-06", notice="three months")
    outcome = given(asking).when(link("link-ended", "2022", "coventry"), link("ending-rescinded", "2023", "coventry"))
    outcome.queried("notice/period", number=1)
    outcome.refused("link/transition", number=2)


def test_what_goes_in_as_a_whole_goes_in_beside_what_does_not() -> None:
    """Two retractions that are possible together, and an act on another link that is not possible."""
    suspended, resumed = link("link-suspended", "2022", "coventry"), link("link-resumed", "2023", "coventry")
    wrong = told("link-resumed", link="glasgow--volgograd", on="2022", by="glasgow")
    outcome = given(formed, suspended, resumed).when(retracted(5), retracted(6), wrong)
    assert set(outcome.refusals) == {3}


def test_what_presupposes_a_beginning_has_one_whatever_contradicts_what_follows() -> None:
    """It lies before the first act, on a day that nobody knows."""
    answer = given(*(link("link-resumed", on, "coventry") for on in ("1992", "1993"))).stands("1990")
    assert (answer.unexplained, answer.possible) == (True, ("active", "none"))


def test_what_was_ended_twice_and_taken_back_is_as_before_the_first_end() -> None:
    """By its effect alone."""
    twice = (link("link-ended", on, "coventry") for on in ("2010", "2012"))
    answer = given(formed, *twice, link("ending-rescinded", "2013", "coventry")).stands("2014")
    assert (answer.unexplained, answer.possible) == (True, ("active",))


def test_a_link_is_not_spelled_by_who_was_succeeded_or_denied_it() -> None:
    """By the first entry that tells of the link itself."""
    succeeded = told("body-succeeded", slug="coventry", on="2010", successors=["glasgow"])
    reverse = told("link-formed", link="volgograd--coventry", on="1944")
    elsewhere = told("link-formed", link="glasgow--volgograd", on="1944")
    story = given(succeeded, elsewhere, reverse, disputed(5, formed))
    acts = story.book().acts(TAG)
    assert [act.type for act in acts if act.position < 6] == ["entry-disputed", "link-formed", "body-succeeded"]
    assert spelled([act for act in acts if not act.dispute]) == "volgograd--coventry"


def test_what_an_act_takes_back_is_what_leads_to_where_it_may_happen() -> None:
    """Two tables that say one thing in two ways."""
    back = [row for row in LIFE_CYCLE if row.to == "as before"]
    assert {row.event: {other.event for other in LIFE_CYCLE if other.to in row.origins} for row in back} == UNDOES


def test_each_paper_has_its_rule_for_what_does_not_follow() -> None:
    """Also where everything may follow."""
    rules = {(kind, step.event): step.rule for kind, cycle in CYCLES.items() for step in cycle.steps}
    enclosed = {("motion", f"letter-{way}"): "letter/encloses-carried" for way in ("sent", "received")}
    own = {**enclosed, ("motion", "motion-rescinded"): "rescission/of-something"}
    by_kind = {"meeting": "minutes/order", "motion": "motion/order"}
    assert rules == {key: own.get(key, by_kind.get(key[0], "dates/possible")) for key in rules}


def test_a_paper_of_which_sources_disagree_has_an_answer_all_the_same() -> None:
    """By their effect alone, from nothing on record on."""
    acts = given(*(told(f"motion-{end}", motion=MOTION, on="2022-03-22") for end in ("carried", "lost"))).acts(
        f"ref:{MOTION}"
    )
    found = CYCLES["motion"].history_as_known(acts)
    before, after = (found.at(Date.parse(on).latest) for on in ("2021", "2023"))
    assert (before.unexplained, before.possible, after.possible) == (True, ("none",), ("lost",))


def test_every_kind_of_thing_but_a_body_is_a_paper() -> None:
    """In this order."""
    assert PAPERS == ("meeting", "motion", "decision", "agreement", "letter", "pledge")


def test_what_is_put_instead_is_an_event_and_nothing_more() -> None:
    """Of a type that is known."""
    account = {"type": "link-formed", "event": {"link": LINK, "on": "1944"}}
    assert Instead.model_validate(account).event.type == "link-formed"
    with pytest.raises(ValidationError, match="Extra inputs"):
        Instead.model_validate({**account, "why": "so"})
    with pytest.raises(ValidationError) as caught:
        Instead.model_validate({**account, "type": "pact-sworn"})
    assert [fault["msg"] for fault in caught.value.errors()] == [
        "Value error, 'pact-sworn' is no event that can stand in place of another; civic schema lists them",
        "Value error, its type is not known",
    ]


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (corrected(4, formed), entry_id(4)),
        (retracted(4), entry_id(4)),
        (corroborated(4), entry_id(4)),
        (disputed(4, None), entry_id(4)),
        (settled(4, "entry"), entry_id(4)),
        (redacted(4, "wording"), entry_id(4)),
        (body("coventry"), "coventry"),
        (told("body-renamed", slug="coventry", on="1945", name="Coventry"), "coventry"),
        (told("body-succeeded", slug="coventry", on="2010", successors=["glasgow"]), "coventry"),
        (formed, LINK),
        (said("2022"), "coventry"),
    ],
)
def test_every_event_is_about_something(event: AnyEvent, subject: str) -> None:
    """A saying is about who said it."""
    assert telling.subject(event) == subject


def test_a_note_on_the_ledger_is_about_no_entry() -> None:
    """None is named."""
    note = NoteAdded.model_validate({"text": "Out of print."})
    assert (note.entry, note.about) == (None, ())


def test_a_name_that_is_taken_is_told_by_the_entry_that_took_it() -> None:
    """A letter that encloses a motion does not put its name on record."""
    enclosing = told("letter-sent", letter=LETTER, by="coventry", to="volgograd", on="2022", encloses=[MOTION])
    carried = told("motion-carried", motion=MOTION, on="2021")
    taken = told("decision-taken", decision=MOTION, on="2022", authority={"power": "executive"}, summary="To pause.")
    given(enclosing, carried).when(taken).refused("record/once", f"{MOTION} is a motion (entry 5)")


@pytest.mark.parametrize(("on", "standing"), [("2012", "rescinded"), ("[2012..2014]", "carried, possibly rescinded")])
def test_where_no_one_act_stands_in_the_way_the_standing_is_named(on: str, standing: str) -> None:
    """Whatever it may have been then."""
    carried, rescinded = (
        told(f"motion-{end}", motion=MOTION, on=when) for end, when in (("carried", "2011"), ("rescinded", on))
    )
    amended = told("motion-amended", motion=MOTION, on="2013", summary="Adds a wish.")
    words = f"{MOTION}: motion-amended on 2013 is not possible while it is {standing}"
    given(carried, rescinded).when(amended).refused("motion/order", words)


def test_a_link_has_an_answer_however_many_acts_overlap() -> None:
    """By their effect alone, where they are too many."""
    notices = [
        link("notice-given", f"[2022-01-{n:02}..2023]", "coventry" if n % 2 else "volgograd", effective="2024")
        for n in range(1, 29)
    ]
    answer = given(formed, *notices).stands("2024")
    assert (answer.unexplained, answer.possible) == (True, ("ending",))


def test_an_event_that_is_at_hand_can_be_put_instead() -> None:
    """As it is."""
    assert Instead(type="link-formed", event=formed).event is formed
    with pytest.raises(ValidationError):
        Instead(type="link-ended", event=formed)


def test_a_record_is_not_held_against_an_entry_that_is_not_at_hand() -> None:
    """That it is not known is said elsewhere."""
    book = Book()
    record = on_record(disputed(4, None), 5)
    book.include(record)
    assert fault_of(book, record) is None


def test_where_no_account_is_possible_the_first_is_shown() -> None:
    """The entry's own, where the grades are equal."""
    wrong, other = (link("link-resumed", on, "coventry") for on in ("2022", "2023"))
    story = given(formed, wrong, disputed(5, other), link("link-resumed", "2024", "coventry"))
    assert story.dates() == [("link-formed", "1991-05-06"), ("link-resumed", "2022"), ("link-resumed", "2024")]


def test_an_account_of_an_entry_that_is_not_at_hand_is_shown_whole() -> None:
    """Every field of it is named, since nothing is there to compare it with."""
    other = link("link-renewed", "1946", "coventry", kind="twinning", wording="Bond", summary="It goes on.")
    words = f'link {LINK}, on 1946, by coventry, kind twinning, wording Bond, summary "It goes on."'
    assert telling.summary(disputed(4, other)).split("; ", 1)[0] == f"instead link-renewed: {words}"


def test_of_several_acts_that_stand_in_the_way_the_last_is_named() -> None:
    """Without any one of them the new one could be true."""
    story = given(
        link("review-opened", "[2001..2002]", "volgograd"),
        link("link-expired", "[2001..2007]"),
        link("review-opened", "[2007..2009]", "coventry"),
    )
    words = "is not possible with review-opened on [2007..2009] (entry 6)"
    story.when(link("link-ended", "2001", "volgograd")).refused("link/transition", words)
    story = given(
        link("link-ended", "[2005..2006]", "coventry"),
        link("link-expired", "[2002..2008]"),
        link("link-kind-changed", "[2003..2004]", kind="friendship"),
    )
    words = "is not possible with link-expired on [2002..2008] (entry 5)"
    story.when(link("review-opened", "[2007..2009]", "volgograd")).refused("link/transition", words)


@pytest.mark.parametrize("mark", ["?", "~", "%"])
def test_an_override_opens_a_date_that_is_in_doubt(mark: str) -> None:
    """In whichever of three ways it is so; and no other date."""
    act = Act(1, 2, 0, "", "{}", TAG, "link", "link-formed", f"1944{mark}", recorded=9, opens=1)
    sure = act._replace(on="1944", opens=0)
    assert widened([act, sure]) == [act._replace(earliest=-OPEN, latest=9), sure]
    assert widened([act._replace(opens=0), sure]) == [act._replace(opens=0), sure]


def test_an_interval_has_two_ends() -> None:
    """The first of them comes before the first stroke."""
    with pytest.raises(DateError, match="'1991/2000' is not one moment"):
        Interval.parse("1962/1991/2000")
