"""Rules between entries, when what they compare must first be found in the store: one entry at a time, in any order."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from domain.bearing import bearing_of_entry
from domain.catalogue import AnyEvent
from domain.entry import Draft
from domain.values import Override
from ledger.application import Ledger
from ledger.errors import Refused
from tests.books import in_memory
from tests.domain.story import LINK, MOTION, PRESS, body, link, told

MEETING = "coventry/2022-03-22/council"
DECISION = "coventry/2022/leave"
AGREEMENT = "coventry/1991/bond"
BODIES = tuple(body(slug) for slug in ("coventry", "volgograd", "granby", "glasgow"))

formed = link("link-formed", "1944")
formed_on_paper = link("link-formed", "1991", agreement=AGREEMENT)
asking = link("link-formed", "1991", notice="a year")
ended = link("link-ended", "2022-05", "coventry")
notice = link("notice-given", "2021", "coventry", effective="2022-12")
suspended = link("link-suspended", "2022-03-22", "coventry")
resolved = link("link-suspended", "2022-03-22", "coventry", authority={"power": "resolution"})
minutes = told("minutes-published", meeting=MEETING, on="2022-04-01")
held = told("meeting-held", meeting=MEETING, on="2022-03-22", present=33, seats=54, chair="Kevin Maton")
called_in = told("decision-called-in", decision=DECISION, on="2022-03-09")
taken = told("decision-taken", decision=DECISION, on="2022-03-08", authority={"power": "executive"}, summary="x",
             call_in_ends="2022-03-31")  # fmt: skip
implementing = link("link-suspended", "2022-03-22", "coventry", authority={"power": "executive", "reference": DECISION})
rescinded = told("motion-rescinded", motion=MOTION, on="2022-06-01")
succeeded = told("body-succeeded", slug="coventry", on="2012", successors=["glasgow"])


def carried(on: str = "2022-03-22", **more: object) -> AnyEvent:
    """The motion is carried at the meeting."""
    return told("motion-carried", motion=MOTION, on=on, meeting=MEETING, **more)


def letter(on: str, **more: object) -> AnyEvent:
    """Coventry writes to Glasgow of what it did."""
    announces = [f"link-suspended:{LINK}"]
    return told(
        "letter-sent", letter="coventry/2022/l", by="coventry", to="glasgow", on=on, announces=announces, **more
    )


def signed(*links: str, **more: object) -> AnyEvent:
    """An agreement is signed."""
    return told("agreement-signed", agreement=AGREEMENT, on="1991", links=links, parties=["coventry"], **more)


def instead(event: AnyEvent) -> dict[str, object]:
    """What a correction or a dispute puts instead."""
    return {"type": event.type, "event": event.particulars()}


def record(ledger: Ledger, event: AnyEvent, overriding: str = "") -> str:
    """Record one event by itself; the id of its entry."""
    overrides = (Override(rule=overriding, reason="The source says so."),) if overriding else ()
    (outcome,) = ledger.record([Draft(event, PRESS, overrides)])
    return outcome.id


def told_before(*events: AnyEvent) -> Ledger:
    """A ledger in which these are recorded, one by one."""
    ledger = in_memory()
    for event in (*BODIES, *events):
        record(ledger, event)
    return ledger


def stopped(ledger: Ledger, event: AnyEvent) -> str:
    """The rule that stops an event."""
    with pytest.raises(Refused) as refused:
        record(ledger, event)
    ((_, refusal),) = refused.value.refusals
    return refusal.rule.id


few = carried(vote={"for": 20, "against": 10, "abstained": 1, "no_vote_cast": 0})
many = carried(vote={"for": 50, "against": 10})
cast_by_another = carried(vote={"casting_vote": {"by": "Abdul Khan", "way": "for"}})
urgent = letter("2022-03-10", authority={"power": "urgent"})

PAIRS = {
    "fewer than present": ("vote/fewer-than-present", (minutes,), few, held),
    "more than seats": ("vote/names-match-counts", (minutes,), many, held),
    "a casting vote of another": ("vote/outcome-follows", (minutes,), cast_by_another, held),
    "more than present": ("vote/more-than-present", (minutes,), carried(vote={"for": 34}), held),
    "another day": ("date/other-day", (minutes,), carried("2022-03-23"), held),
    "a letter and the act it announces": ("letter/before-decision", (formed,), urgent, resolved),
    "call-in": ("decision/call-in", (formed, called_in), implementing, taken),
    "a notice and an end": ("notice/period", (formed,), notice, ended),
    "a clause and an end": ("notice/period", (), asking, ended),
    "an agreement on the link and an end": ("notice/period", (formed,), signed(LINK, notice="a year"), ended),
    "a beginning by an agreement and an end": (
        "notice/period", (signed("coventry--granby", notice="a year"),), formed_on_paper, ended,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_whichever_of_two_comes_last_is_stopped(name: str) -> None:
    """The boundary leads from either to the other."""
    rule, before, one, other = PAIRS[name]
    assert stopped(told_before(*before, one), other) == rule
    assert stopped(told_before(*before, other), one) == rule


@pytest.mark.parametrize("name", [name for name, (rule, *_) in PAIRS.items() if rule not in (
    "vote/names-match-counts", "vote/outcome-follows",
)])  # fmt: skip
def test_an_override_of_either_holds_for_both(name: str) -> None:
    """Whoever went ahead said why: the other need not say it again, and nor need a correction of either."""
    rule, before, one, other = PAIRS[name]
    for first, then in ((one, other), (other, one)):
        ledger = told_before(*before, first)
        record(ledger, then, rule)
        ledger = told_before(*before)
        id_ = record(ledger, first, rule)
        second = record(ledger, then)
        reason = "Typed in haste."
        for entry, event in ((id_, first), (second, then)):
            noted = event.model_copy(update={"note": "As the source has it."})
            record(ledger, told("entry-corrected", entry=entry, cause="slip", instead=instead(noted), reason=reason))


def test_an_announced_act_must_be_found_whoever_the_side_was() -> None:
    """The successions of a side are read with the link."""
    by_heir = told("letter-sent", letter="glasgow/2022/l", by="glasgow", to="volgograd", on="2022-04-01",
                   announces=[f"link-suspended:{LINK}"])  # fmt: skip
    old = link("link-suspended", "2011", "coventry")
    record(told_before(formed, old, succeeded), by_heir)
    other = link("link-suspended", "2011", "volgograd")
    assert stopped(told_before(formed, other, succeeded), by_heir) == "letter/before-decision"


def test_the_country_of_a_motion_is_that_of_its_body() -> None:
    """Read from the body's own entry, in whatever order motion and rescission are corrected."""
    assert (
        stopped(told_before(told("motion-carried", motion=MOTION, on="2022-03-22")), rescinded)
        == "rescission/six-months"
    )


def revisions(ledger: Ledger, event: AnyEvent, better: AnyEvent) -> list[AnyEvent]:
    """The two ways in which an entry can come to tell something else."""
    entry = next(found.id for found in ledger.read() if found.event == event)
    told_otherwise = told("entry-disputed", entry=entry, instead=instead(better), reason="Another source.")
    (dispute,) = ledger.record([Draft(told_otherwise, PRESS)])
    return [
        told("dispute-settled", dispute=dispute.id, prefer="instead", reason="The minutes say so."),
        told("entry-corrected", entry=entry, cause="slip", instead=instead(better), reason="Typed in haste."),
    ]


class Change(NamedTuple):
    """An entry that comes to tell something else, after another was recorded with which that does not go."""

    rule: str
    before: tuple[AnyEvent, ...]
    event: AnyEvent
    better: AnyEvent
    after: tuple[AnyEvent, ...] = ()


def decided(on: str) -> AnyEvent:
    """The motion is carried, at a meeting that nobody names."""
    return told("motion-carried", motion=MOTION, on=on)


CHANGES = {
    "a motion, to another meeting": Change(
        "date/other-day", (minutes, held), decided("2022-03-23"), carried("2022-03-23")
    ),
    "a meeting, to another day": Change(
        "date/other-day", (minutes,), held, told("meeting-held", meeting=MEETING, on="2022-03-21"), (carried(),)
    ),
    "an act, to a later day": Change(
        "letter/before-decision", (formed,), suspended, link("link-suspended", "2022-05", "coventry"),
        (letter("2022-04-01"),),
    ),
    "a decision, with call-in": Change(
        "decision/call-in", (formed,), taken.model_copy(update={"call_in_ends": None}), taken, (implementing,)
    ),
    "an agreement, with a clause": Change(
        "notice/period", (formed,), signed(LINK), signed(LINK, notice="a year"), (ended,)
    ),
    "an agreement on another link, with a clause": Change(
        "notice/period", (), signed("coventry--granby"), signed("coventry--granby", notice="a year"),
        (formed_on_paper, ended),
    ),
    "a beginning, by an agreement": Change(
        "notice/period", (signed("coventry--granby", notice="a year"),), link("link-formed", "1991"), formed_on_paper,
        (ended,),
    ),
    "a motion, to a later day": Change(
        "rescission/six-months", (), decided("2021-11"), decided("2022-01"), (rescinded,)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_an_entry_comes_to_tell_is_compared_as_well(name: str) -> None:
    """Settled or corrected, with only the names of the entry that is corrected."""
    rule, before, event, better, after = CHANGES[name]
    for number in range(2):
        ledger = told_before(*before, event, *after)
        assert stopped(ledger, revisions(ledger, event, better)[number]) == rule


def test_a_correction_taken_back_is_compared_too() -> None:
    """The entry tells what it told at first, and that no longer goes with what came after."""
    ledger = told_before(minutes)
    motion = record(ledger, carried("2022-03-23"))
    better = told("entry-corrected", entry=motion, cause="slip", instead=instead(carried("2022-03-22")), reason="x")
    correction = record(ledger, better)
    record(ledger, held)
    assert stopped(ledger, told("entry-retracted", entry=correction, reason="x")) == "date/other-day"


def test_entries_that_contradict_a_rule_can_still_be_read() -> None:
    """Rules are for the clerk's table: what stands on record is read as it is."""
    ledger = told_before(minutes, held)
    record(ledger, few, "vote/fewer-than-present")
    (entry,) = ledger.tagged(f"ref:{MOTION}")
    assert bearing_of_entry(entry).faults == ()
    assert [override.rule for override in entry.overrides] == ["vote/fewer-than-present"]
