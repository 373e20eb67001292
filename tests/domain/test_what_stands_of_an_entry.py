"""What stands of an entry: its event as it is told now, on which sources, and whether it stands at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from domain import comparing
from domain.bearing import Bearing
from domain.bodies import BodyRegistered
from domain.book import Book
from domain.catalogue import AnyEvent
from domain.dates import Date
from domain.entry import Entry, UnknownEvent
from domain.marks import HIDDEN
from domain.papers import CYCLES
from domain.revising import Version, about, versions
from domain.standing_event import event_of, evidence_of, standing_event, veiled, without
from tests.domain.story import (
    LINK,
    MOTION,
    Given,
    Told,
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
    sourced,
    told,
    unsourced,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)
formed = link("link-formed", "1944", "coventry", kind="twinning", wording="Bond", summary="A bond.")


def entries(*events: Told) -> dict[str, Entry]:
    """The entries as they were recorded after the bodies, by id."""
    found = [(place, *sourced(event)) for place, event in enumerate(events, 4)]
    return {
        entry_id(place): Entry(place, entry_id(place), event.name_on_disk(), event, evidence, (), None, "", AT, "clerk")
        for place, event, evidence in found
    }


def last(*events: Told) -> Version:
    """What stands of the first entry after the bodies, when all is known."""
    book = given(*events).book()
    original = book.entries[entry_id(4)]
    return versions(original, book.records(original))[-1]


def standing(*events: Told) -> AnyEvent | None:
    """Its event as it stands."""
    version = last(*events)
    return standing_event(version, version.account, entries(*events))


def test_an_entry_of_which_nothing_more_is_told_stands_as_it_is() -> None:
    """Word for word."""
    assert standing(formed) == formed


def test_a_correction_puts_another_event_in_its_place() -> None:
    """So does a dispute that is settled for it; a denial puts none."""
    other = link("link-formed", "1945")
    assert standing(formed, corrected(4, other)) == other
    assert standing(formed, disputed(4, other)) == formed
    assert standing(formed, disputed(4, other), settled(5, "instead")) == other
    assert standing(formed, disputed(4, None), settled(5, "instead")) is None


def test_a_day_that_another_source_brings_nearer_is_that_of_the_event() -> None:
    """The day of a page stays; a body has none."""
    nearer = standing(formed, corroborated(4, "1944-05"))
    assert nearer == link("link-formed", "1944-05", "coventry", kind="twinning", wording="Bond", summary="A bond.")
    page = told("link-listed", link=LINK, where="A page", on="2008", listed=True)
    assert standing(page, corroborated(4, "2008-05")) == page
    assert standing(body("york"), corroborated(4)) == body("york")
    assert last(body("york"), corroborated(4)).on(on_record(body("york"), 4)) == ""


def test_what_is_hidden_is_not_told() -> None:
    """Of the account that stands, whichever it is."""
    hidden = standing(formed, redacted(4, "wording"))
    assert hidden == link("link-formed", "1944", "coventry", kind="twinning", summary="A bond.")
    other = link("link-formed", "1945", wording="Pact")
    assert standing(formed, corrected(4, other), redacted(4, "wording")) == link("link-formed", "1945")


def test_an_event_can_do_without_what_it_need_not_tell() -> None:
    """Fields are called as in JSON; what it cannot do without stays, but for who it was, which is told to be hidden."""
    vote = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True}, resolutions=["To pause."])
    bare = told("motion-carried", motion=MOTION, on="2022-03-22")
    assert without(vote, {"vote", "resolutions", "motion", "on"}) == bare
    assert without(vote, ()) is vote
    asked = told("request-received", by="coventry", from_="An embassy", on="2022", summary="To pause.")
    assert without(asked, {"from_", "summary"}) == asked
    assert without(asked, {"from"}) == asked.model_copy(update={"from_": HIDDEN})
    known = told(
        "body-registered", slug="york", name="York", kind="city", country="GB", identifiers={"gss": "E06000014"}
    )
    bare = told("body-registered", slug="york", name="York", kind="city", country="GB")
    assert without(known, {"identifiers", "names"}) == bare


def test_a_record_does_not_tell_what_is_hidden_of_what_it_puts_instead() -> None:
    """Whatever it says else is told."""
    other = link("link-formed", "1945", wording="Pact")
    for record in (corrected, disputed):
        assert veiled(record(4, other), {"wording", "reason"}) == record(4, link("link-formed", "1945"))
    for untouched in (disputed(4, None), formed, retracted(4)):
        assert veiled(untouched, {"wording", "reason"}) is untouched


def test_each_source_of_what_stands_is_named_once() -> None:
    """Those of the entry, or of the record by which it stands, and of who supports it; not of who disputes it."""
    sources = {grade: by_source(corroborated(4), grade) for grade in ("council", "press")}
    other = by_source(disputed(4, link("link-formed", "1945")), "third-party")

    def titles(*events: Told) -> list[str]:
        version = last(*events)
        return [one.title for one in evidence_of(version, version.account, entries(*events))]

    assert titles(by_source(formed, "press")) == ["What the press published"]
    told_by = (by_source(formed, "press"), sources["council"], sources["press"], other)
    assert titles(*told_by) == ["What the press published", "What the council published"]
    assert titles(by_source(formed, "press"), other, settled(5, "instead")) == ["What the third-party published"]


def test_an_unknown_event_has_no_account() -> None:
    """It is kept as it is."""
    (entry,) = entries(formed).values()
    unknown = Entry(4, entry.id, "pact-sworn/1", UnknownEvent("pact-sworn/1", {}), (), (), None, "", AT, "clerk")
    by_id: Mapping[str, Entry] = {entry.id: unknown}
    assert event_of(on_record(formed, 4), by_id) is None
    assert event_of(on_record(formed, 4), {entry.id: entry}) == formed


def stand(story: Given) -> list[int]:
    """The entries after the bodies that stand."""
    book: Book = story.book()
    found: list[Bearing] = list(book.entries.values())[3:]
    return [entry.position for entry in found if book.stands(entry)]


def test_what_was_taken_back_does_not_stand() -> None:
    """An entry or a record; until that is taken back, too. What is said about it otherwise changes nothing."""
    assert stand(given(formed)) == [4]
    assert stand(given(formed, retracted(4))) == [5]
    assert stand(given(formed, retracted(4), retracted(5))) == [4, 6]
    assert stand(given(formed, corrected(4, formed), corroborated(4))) == [4, 5, 6]
    assert stand(given(formed, corrected(4, formed), retracted(5), corroborated(4))) == [4, 6, 7]
    assert stand(given(formed, disputed(4, None), settled(5, "entry"), retracted(6))) == [4, 5, 7]


def test_what_cannot_stand_without_an_entry_may_be_more_than_one_act() -> None:
    """Then none is named."""
    story = given(
        link("link-formed", "1991"),
        link("link-ended", "2010", "coventry"),
        link("link-renewed", "2000"),
        link("link-proposed", "2011"),
        link("link-agreed", "2012"),
    )
    words = f"{LINK}: what is on record is not possible without what entry 5 tells"
    assert story.when(retracted(5)).refused("link/transition", words).field == "entry"
    letters = [
        told("letter-sent", letter=f"coventry/2022/{n}", by="coventry", to="volgograd", on="2022", encloses=[MOTION])
        for n in ("a", "b")
    ]
    enclosed = given(told("motion-carried", motion=MOTION, on="2022-03-22"), *letters)
    words = f"{MOTION}: what is on record is not possible without what entry 4 tells"
    enclosed.when(retracted(4), overriding="record/relied-on").refused("dates/possible", words)


@pytest.mark.parametrize("many", [3, 14])
def test_a_paper_has_an_answer_however_many_acts_overlap(many: int) -> None:
    """By their effect alone, where they are too many."""
    names = ("decision-called-in", "decision-ratified", "decision-disapproved", "decision-revoked")
    days = [f"[2022-01-{number:02}..2023]" for number in range(1, many + 1)]
    acts = given(*(told(names[n % 4], decision=MOTION, on=on) for n, on in enumerate(days))).acts(f"ref:{MOTION}")
    found = CYCLES["decision"].history_as_known(acts)
    assert found.unexplained == (many == 14)
    assert found.at(Date.parse("2021").latest).possible == ("none",)
    assert len(found.acts) == many


def test_without_sources_there_is_no_grade() -> None:
    """Nor is what an entry is about told where it is about none."""
    assert last(unsourced(formed)).grade == ""
    assert last(unsourced(formed), unsourced(corroborated(4))).grade == ""
    assert about(on_record(formed, 4)) == ""
    assert about(on_record(retracted(4), 5)) == entry_id(4)


def test_particulars_are_written_in_one_way_whatever_became_of_them() -> None:
    """Letters of any alphabet as they are, fields in the order of the alphabet, no blanks."""
    named = link("link-formed", "1944", wording="Städtepartnerschaft", summary="Дружба", kind="twinning")
    (nearer,) = given(named, corroborated(4, "1944-05")).acts(f"link:{LINK}")
    assert nearer.detail == (
        '{"kind":"twinning","link":"coventry--volgograd","on":"1944-05","summary":"Дружба",'
        '"wording":"Städtepartnerschaft"}'
    )
    (hidden,) = given(named, redacted(4, "wording")).acts(f"link:{LINK}")
    assert hidden.detail == '{"kind":"twinning","link":"coventry--volgograd","on":"1944","summary":"Дружба"}'
    assert (hidden.wording, nearer.wording) == ("", "Städtepartnerschaft")


def test_what_was_taken_back_can_still_lose_a_detail() -> None:
    """Nor is how a page lists a link a detail."""
    given(formed, retracted(4)).when(unsourced(redacted(4, "wording"))).accepted()
    page = told("link-listed", link=LINK, where="A page", on="2008", listed=True, standing="active")
    given(page).when(unsourced(redacted(4, "standing"))).refused("redaction/detail", "cannot do without its standing")


def test_a_vote_that_names_no_meeting_was_taken_at_none() -> None:
    """At none that is known."""
    (act,) = given(told("motion-carried", motion=MOTION, on="2022-03-22")).acts(f"ref:{MOTION}")
    assert comparing.sitting_of(act) == ""


def test_only_what_carries_a_decision_out_waits_for_its_call_in() -> None:
    """A side may decide to end a link, and say so, before."""
    decision = "coventry/2022/decision"
    taken = told(
        "decision-taken",
        decision=decision,
        on="2022-03-01",
        call_in_ends="2022-03-08",
        authority={"power": "executive"},
        summary="To end the link.",
    )
    authority = {"power": "executive", "reference": decision}
    decided = link("ending-decided", "2022-03-02", "coventry", effective="2022-06", authority=authority)
    given(formed, taken).when(decided).accepted()
    given(formed, decided).when(taken).accepted()
    ended = link("link-ended", "2022-03-02", "coventry", authority=authority)
    given(formed, taken).when(ended).queried("decision/call-in")


def test_each_act_that_a_letter_announces_is_asked_about() -> None:
    """Whether or not it is the first one."""
    other = told("link-suspended", link="coventry--glasgow", on="2022-03-01", by="coventry")
    letter = told(
        "letter-sent",
        letter="coventry/2022/letter",
        by="coventry",
        to="volgograd",
        on="2022-03-23",
        announces=["link-suspended:coventry--glasgow", f"link-suspended:{LINK}"],
    )
    given(formed, other).when(letter).queried("letter/before-decision", LINK)
    given(formed, other, link("link-suspended", "2022-03-22", "coventry")).when(letter).accepted()


def test_of_two_notices_the_one_that_runs_out_last_is_named() -> None:
    """Whichever was given last."""
    notices = (
        link("notice-given", given_on, "coventry", effective=effective)
        for given_on, effective in (("2011-11", "2012-09"), ("2012-01", "2012-07"))
    )
    words = "before 2012-09, for which notice-given on 2011-11 (entry 5) had it"
    given(formed, *notices).when(link("link-ended", "2012-06", "coventry")).queried("notice/period", words)


def test_a_clause_may_say_in_several_ways_that_no_notice_is_needed() -> None:
    """Whatever its first word."""
    for clause in ("Not needed", "no notice", "None", "Without notice"):
        given(link("link-formed", "1991", notice=clause)).when(link("link-ended", "2022", "coventry")).accepted()
    for clause in ("Notice of a year", "nothing less than a year"):
        asked = given(link("link-formed", "1991", notice=clause)).when(link("link-ended", "2022", "coventry"))
        asked.queried("notice/period", f"asks for it: {clause}")


def test_a_name_of_which_no_time_is_told_has_none() -> None:
    """It may be that of any time."""
    known = told("body-registered", slug="york", name="York", kind="city", country="GB", names=[{"name": "Eboracum"}])
    assert isinstance(known, BodyRegistered)
    assert [(one.name, one.during) for one in known.names] == [("Eboracum", None)]
