"""What must come first: a power, a source, a decision, a call-in, a notice, half a year."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.catalogue import AnyEvent
from domain.links import AnyLinkEvent, LinkEvent
from domain.samples import PARTICULARS
from tests.domain.story import LINK, MOTION, Outcome, by_source, corrected, disputed, given, link, retracted, told

DECISION = "coventry/2022/leave"
AGREEMENT = "coventry/1991/bond"

formed = link("link-formed", "1944")


def letter(on: str, announces: str = f"link-suspended:{LINK}", /, by: str = "coventry", **more: object) -> AnyEvent:
    """A side of the link writes to the other."""
    name = "letter-received" if "received_by" in more else "letter-sent"
    return told(name, letter=f"{by}/2022/l", by=by, to="glasgow", on=on, announces=[announces], **more)


def power(name: str, reference: str = "") -> dict[str, str]:
    """An authority."""
    return {"power": name, **({"reference": reference} if reference else {})}


def suspended(on: str, name: str = "", /, by: str = "coventry") -> AnyEvent:
    """A side suspends the link, under a power."""
    return link("link-suspended", on, by, **({"authority": power(name)} if name else {}))


def in_both_orders(*on_record: AnyEvent, first: AnyEvent, then: AnyEvent) -> list[Outcome]:
    """Two entries, recorded one after the other and the other way round."""
    return [given(*on_record, first).when(then), given(*on_record, then).when(first)]


# A power, and a source


def test_an_official_record_tells_the_power() -> None:
    """A report in a paper need not; not-stated is no power."""
    rule, act = "authority/missing", link("link-suspended", "2022-03-22", "coventry")
    given(formed).when(by_source(act, "official")).queried(rule, "link-suspended")
    given(formed).when(by_source(act, "council")).accepted()
    given(formed).when(by_source(suspended("2022-03-22", "not-stated"), "official")).queried(rule)
    given(formed).when(by_source(suspended("2022-03-22", "executive"), "official")).accepted()
    given(formed).when(by_source(act, "official"), overriding=rule).accepted()


DECIDING = {event.type for event in get_args(AnyLinkEvent) if issubclass(event, LinkEvent)} - {
    "link-lapsed",
    "link-expired",
}


@pytest.mark.parametrize("name", PARTICULARS)
def test_the_power_is_asked_for_where_somebody_decides(name: str) -> None:
    """Nobody decides that contact ceased or a term ran out; a carried motion is a power itself."""
    particulars = {field: value for field, value in PARTICULARS[name].items() if field != "authority"}
    if name in ("decision-taken", "detail-redacted"):
        particulars["authority"] = power("not-stated")
    if name in ("entry-corrected", "entry-disputed"):
        return
    found = {one.rule.id for one in given().when(by_source(told(name, **particulars), "official")).refusals.values()}
    assert ("authority/missing" in found) == (name in DECIDING | {"decision-taken", "pledge-made"})


def test_what_stands_instead_is_asked_for_its_power_too() -> None:
    """A correction or a dispute tells a whole event, on evidence of its own."""
    act = link("link-suspended", "2022-03-23", "coventry")
    on_record = given(formed, suspended("2022-03-22"))
    on_record.when(by_source(corrected(5, act, "source"), "official")).queried("authority/missing")
    on_record.when(by_source(disputed(5, act), "official")).queried("authority/missing")
    on_record.when(by_source(disputed(5, None), "official")).accepted()


@pytest.mark.parametrize(
    ("published", "on", "right"),
    [
        ("2022-02-26", "2022-03-04", False),
        ("2022-03-04", "2022-03-04", True),
        ("2022-03", "2022-03-04", True),
        ("2022-02", "[2022-03-01..2022-03-04]", False),
        ("2022-02-28", "2022-02", True),
        ("2022-03-03?", "2022-03-04", True),
        ("2022-03-02?", "2022-03-05?", False),
        ("[2022-02-26..]", "2022-03-04", True),
        ("", "2022-03-04", True),
    ],
)
def test_a_source_that_came_before_the_act_is_queried(published: str, on: str, *, right: bool) -> None:
    """Only where its latest day lies before the first that the act can have."""
    outcome = given(formed).when(by_source(suspended(on), "press", published))
    if right:
        outcome.accepted()
    else:
        outcome.queried("evidence/before-act", f"published by {published}")


def test_one_source_that_can_witness_is_enough() -> None:
    """Dated later, or not at all."""
    early, late = (by_source(suspended("2022-03-04"), "press", day) for day in ("2022-02-26", "2022-03-05"))
    undated = by_source(suspended("2022-03-04"), "press")
    for other in (late, undated):
        both = by_source(early.event, "press")._replace(evidence=(*early.evidence, *other.evidence))
        given(formed).when(both).accepted()
    given(formed).when(early, overriding="evidence/before-act").accepted()


def test_what_is_said_about_the_record_has_no_day_to_come_before() -> None:
    """A body is not dated; a note is our own word."""
    given().when(by_source(told("note-added", about=[LINK], text="x"), "press", "1990")).accepted()
    given(formed).when(by_source(retracted(4), "press", "1890")).accepted()


def test_a_page_lists_no_beginning_that_lies_ahead_of_it() -> None:
    """It may give the very day of the page."""
    for since, right in (("2008-05-02", False), ("2008-05-01", True), ("2008", True), ("2009?", True)):
        listed = link("link-listed", "2008-05-01", where="a page", listed=True, since=since)
        if right:
            given().when(listed).accepted()
        else:
            given().when(listed).refused("dates/possible", f"since {since} lies after 2008-05-01")
    given().when(link("link-listed", "2008-05-01", where="a page", listed=True, since="2010?")).queried(
        "dates/possible"
    )


# A letter, and what it announces


def test_a_letter_announces_what_was_decided() -> None:
    """Whichever is recorded first; what may have been decided by then is not asked about."""
    rule = "letter/before-decision"
    given(formed).when(letter("2022-03-10")).queried(rule, "which is not on record")
    given(formed, suspended("2022-03-22")).when(letter("2022-03-10")).queried(
        rule, "on record for 2022-03-22 only (entry 5)"
    )
    given(formed, suspended("2022-03-10")).when(letter("2022-03-10")).accepted()
    given(formed, suspended("2022-03")).when(letter("2022-03-10")).accepted()
    given(formed, suspended("2022-03-22")).when(letter("[..2022-04-04]")).accepted()
    given(formed, suspended("2022-03-22")).when(letter("2022-03-21?")).accepted()
    given(formed).when(letter("2022-03-10"), overriding=rule).accepted()


def test_a_letter_that_arrives_is_asked_too() -> None:
    """It was written before it came."""
    arrived = letter("2022-03-10", received_by="Duma")
    given(formed, suspended("2022-03-22")).when(arrived).queried("letter/before-decision")


def test_another_act_than_the_one_announced_does_not_do() -> None:
    """Nor that of the other side; without a name, any act does, but no announcement."""
    rule = "letter/before-decision"
    given(formed, suspended("2022-03-01")).when(letter("2022-03-10", f"link-ended:{LINK}")).queried(rule, "link-ended")
    given(formed, suspended("2022-03-01", by="volgograd")).when(letter("2022-03-10")).queried(rule)
    given(formed, suspended("2022-03-01", by="volgograd")).when(letter("2022-03-10", by="volgograd")).accepted()
    announced = link("suspension-announced", "2022-03-01", "coventry")
    given(announced, link("review-opened", "2022-03-01", "coventry")).when(letter("2022-03-10", LINK)).queried(rule)
    given(link("ending-announced", "2022-03-01", "coventry")).when(letter("2022-03-10", LINK)).queried(rule)
    given(link("link-listed", "2020", where="a page", listed=True)).when(letter("2022-03-10", LINK)).queried(rule)
    given(link("link-retained", "2022-03-09", "coventry")).when(letter("2022-03-10", LINK)).accepted()
    given(link("link-formed", "1944", "volgograd")).when(letter("2022-03-10", LINK)).accepted()


def test_who_is_no_side_may_write_of_either() -> None:
    """An office for several councils announces what one of them did."""
    given(formed, suspended("2022-03-01", by="volgograd")).when(
        told("letter-sent", letter="glasgow/2022/l", by="glasgow", to="volgograd", on="2022-03-10",
             announces=[f"link-suspended:{LINK}"])
    ).accepted()  # fmt: skip


def test_a_successor_writes_of_what_its_predecessor_did() -> None:
    """One side, whoever acts for it."""
    succeeded = told("body-succeeded", slug="coventry", on="2022-03-05", successors=["glasgow"])
    story = given(formed, suspended("2022-03-01"), succeeded)
    story.when(letter("2022-03-10", by="glasgow")).accepted()
    given(formed, suspended("2022-03-01", by="volgograd"), succeeded).when(letter("2022-03-10", by="glasgow")).queried(
        "letter/before-decision"
    )


@pytest.mark.parametrize("name", ["urgent", "delegated", "civic-office", "decree"])
def test_some_may_write_before_the_council_decides(name: str) -> None:
    """By the power of the act, where it is told; else by that of the letter."""
    rule, before = "letter/before-decision", letter("2022-03-10", authority=power(name))
    given(formed).when(before).accepted()
    for one in in_both_orders(formed, first=before, then=suspended("2022-03-22")):
        one.accepted()
    for one in in_both_orders(formed, first=before, then=suspended("2022-03-22", "not-stated")):
        one.accepted()
    for one in in_both_orders(formed, first=before, then=suspended("2022-03-22", "resolution")):
        one.queried(rule, "on record for 2022-03-22 only")
    by_the_act = suspended("2022-03-22", name)
    given(formed, by_the_act).when(letter("2022-03-10")).accepted()
    given(formed, by_the_act).when(letter("2022-03-10", authority=power("resolution"))).accepted()


@pytest.mark.parametrize("name", ["resolution", "committee", "executive", "statute", "association", "not-stated"])
def test_others_wait_for_the_decision(name: str) -> None:
    """The power is no other one's."""
    given(formed).when(letter("2022-03-10", authority=power(name))).queried("letter/before-decision")


def test_a_letter_and_its_act_may_come_in_one_batch() -> None:
    """In any order; and where they do not agree, the letter is named."""
    for batch in ((letter("2022-04-01"), suspended("2022-03-22")), (suspended("2022-03-22"), letter("2022-04-01"))):
        given(formed).when(*batch).accepted()
    outcome = given(formed).when(letter("2022-03-10"), suspended("2022-03-22"))
    outcome.queried("letter/before-decision", "(line 2 of the same batch)", number=1)
    assert len(outcome.refusals) == 1


def test_what_puts_an_act_behind_its_letter_is_queried() -> None:
    """A correction, a retraction, a settlement: the letter would announce what was not decided."""
    rule = "letter/before-decision"
    on_record = given(formed, suspended("2022-03-22"), letter("2022-04-01"))
    on_record.when(corrected(5, suspended("2022-04-02"))).queried(rule, "on record for 2022-04-02 only (entry 5)")
    on_record.when(corrected(5, suspended("2022-04-02")), overriding=rule).accepted()
    on_record.when(corrected(5, suspended("2022-03-23"))).accepted()
    on_record.when(corrected(6, letter("2022-03-01"))).queried(rule)
    on_record.when(retracted(5)).queried(rule, "not on record")
    on_record.when(retracted(5), retracted(6)).accepted()


def test_a_dispute_that_leaves_one_account_possible_stands() -> None:
    """Only if every account of the act comes too late is the letter asked about."""
    on_record = given(formed, suspended("2022-03-22"), letter("2022-04-01"))
    on_record.when(disputed(5, suspended("2022-04-02"))).accepted()
    late = given(formed, suspended("2022-04-10")).and_then(disputed(5, suspended("2022-04-12")))
    late.when(letter("2022-04-01")).queried("letter/before-decision")
    late.when(letter("2022-04-11")).accepted()


# A decision, and its call-in


def decided(ends: str = "2022-03-11") -> AnyEvent:
    """A decision that can be called in until a day."""
    until = {"call_in_ends": ends} if ends else {}
    return told(
        "decision-taken", decision=DECISION, on="2022-03-08", authority=power("executive"), summary="x", **until
    )


@pytest.mark.parametrize("name", [
    "link-formed", "link-renewed", "link-suspended", "link-resumed", "link-ended", "link-kind-changed",
    "ending-rescinded", "notice-given",
])  # fmt: skip
def test_a_decision_is_carried_out_when_call_in_has_ended(name: str) -> None:
    """Every act that carries one out, in whatever order the two are told."""
    rule, more = "decision/call-in", {"kind": "friendship"} if name == "link-kind-changed" else {}
    more |= {"effective": "2022-09"} if name == "notice-given" else {}
    before = {"link-resumed": "link-suspended", "ending-rescinded": "link-ended"}.get(name)
    already = [told("decision-called-in", decision=DECISION, on="2022-03-09")]
    already += [link(before, "2022-03-01", "coventry")] if before else []
    for on, right in (("2022-03-11", False), ("2022-03-12", True), ("2022-03", True), ("2022-03-12?", True)):
        act = link(name, on, "coventry", authority=power("executive", DECISION), **more)
        for outcome in in_both_orders(*already, first=decided(), then=act):
            if right:
                outcome.accepted()
            else:
                outcome.queried(rule, f"{name} on {on} carries out {DECISION}")
    undated = link(name, "2022-03-09", "coventry", authority=power("executive", DECISION), **more)
    given(*already, decided("")).when(undated).accepted()


@pytest.mark.parametrize("on", ["2022-03-21", "2022-02", "2021", "1980"])
def test_nothing_takes_effect_before_it_is_decided(on: str) -> None:
    """A motion carried or a decision taken later gives no power, in whatever order the two are told."""
    carried = told("motion-carried", motion=MOTION, on="2022-03-22")
    taken = told("decision-taken", decision=DECISION, on="2022-03-22", authority=power("executive"), summary="x")
    for paper, reference, name in ((carried, MOTION, "resolution"), (taken, DECISION, "executive")):
        act = link("link-suspended", on, "coventry", authority=power(name, reference))
        for outcome in in_both_orders(formed, first=paper, then=act):
            outcome.refused("dates/possible", f"link-suspended on {on} rests on {reference}")
        ahead = link("link-suspended", on, "coventry", authority=power("urgent", reference))
        given(formed, paper).when(ahead).accepted()


def test_a_motion_that_is_carried_again_gave_power_the_first_time() -> None:
    """What was done under it then stays as it was."""
    first, again = (told("motion-carried", motion=MOTION, on=on) for on in ("2022-03-22", "2024-05-01"))
    act = link("link-suspended", "2022-03-22", "coventry", authority=power("resolution", MOTION))
    between = told("motion-rescinded", motion=MOTION, on="2023")
    given(formed, first, between, again).when(act).accepted()
    given(formed, first, act, between).when(again).accepted()


@pytest.mark.parametrize("on", ["2022-03-22", "2022-03", "2022", "2022-03-21?"])
def test_what_may_have_been_decided_by_then_is_left_alone(on: str) -> None:
    """Only where the bounds of the dates prove it, and in every account of what is disputed."""
    carried = told("motion-carried", motion=MOTION, on="2022-03-22")
    act = link("link-suspended", on, "coventry", authority=power("resolution", MOTION))
    for outcome in in_both_orders(formed, first=carried, then=act):
        outcome.accepted()


def test_a_letter_carries_a_decision_out() -> None:
    """But what only announces, or rests on something else, does not."""
    sent = told("letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022-03-09",
                authority=power("executive", DECISION))  # fmt: skip
    given(decided()).when(sent).queried("decision/call-in", "letter-sent on 2022-03-09")
    given(decided()).when(sent, overriding="decision/call-in").accepted()
    arrived = told("letter-received", **sent.particulars())
    given(decided()).when(arrived).queried("decision/call-in", "letter-received on 2022-03-09")
    given(decided("[2022-03-08..2022-03-11]")).when(sent).accepted()
    announced = link("suspension-announced", "2022-03-09", "coventry", authority=power("executive", DECISION))
    given(decided()).when(announced).accepted()
    given(decided(), told("motion-carried", motion=MOTION, on="2022-03-09")).when(
        link("link-suspended", "2022-03-09", "coventry", authority=power("resolution", MOTION))
    ).accepted()
