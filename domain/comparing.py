"""What acts that several entries tell say against each other: a vote and its meeting, a letter and what it announces.

Each rule speaks only where the bounds of the dates prove it: a doubtful date that could be right says nothing.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain import votes
from domain.dates import Date
from domain.lifecycle import LIFE_CYCLE, SUCCESSION
from domain.papers import links_agreed
from domain.rules import Query, Refusal
from domain.values import ON_RECORD, Announced, Reference, Vote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.history import Act

IMPLEMENTS: Final = frozenset(
    {"link-formed", "link-renewed", "link-suspended", "link-resumed", "link-ended", "link-kind-changed",
     "ending-rescinded", "notice-given", "letter-sent", "letter-received"}
)  # fmt: skip
"""What carries a decision out."""

DECIDES: Final = frozenset({"motion-carried", "decision-taken"})
"""What gives power for an act."""

_AHEAD_OF_OTHERS: Final = frozenset({"urgent", "delegated", "civic-office", "decree"})
"""The powers under which somebody may act before the council has decided."""

_NO_ACTS: Final = frozenset({"suspension-announced", "ending-announced", "review-opened", "link-listed", SUCCESSION})
"""What a letter does not mean that announces an act without naming it."""

_BEGINS: Final = frozenset({"link-formed", "link-renewed"})
"""What may say which notice is asked for, and makes an earlier one void."""


class Doubt(NamedTuple):
    """What acts say against each other."""

    refusal: Refusal
    act: Act
    """The one that would not be in doubt without the others."""
    others: tuple[Act, ...]


def particulars(act: Act) -> Mapping[str, Any]:
    """The fields that were given of the event that an act is part of."""
    return _parsed(act.detail)


@lru_cache(maxsize=4096)
def _parsed(detail: str) -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads(detail)
    return told


_SITTINGS: Final = {
    "motion-carried": "meeting",
    "motion-lost": "meeting",
    "veto-overridden": "meeting",
    "minutes-approved": "at",
}
"""By event: the field that names the meeting whose vote it was."""


def sitting_of(act: Act) -> str:
    """The tag of the meeting that took the vote which an act tells of; empty where none is named."""
    field = _SITTINGS.get(act.type, "")
    meeting = particulars(act).get(field) if act.happens else None
    return Reference(meeting).tag if meeting else ""


def authority_of(act: Act) -> str:
    """The tag of the paper that gave the power for an act; empty where none is named."""
    reference = (particulars(act).get("authority") or {}).get("reference") if act.happens else None
    return Reference(reference).tag if reference else ""


def links_announced(act: Act) -> list[str]:
    """The tags of the links on which a letter announces acts; none for any other act."""
    if act.cycle != "letter" or not act.happens:
        return []
    return [Announced(announced).link.tag for announced in particulars(act).get("announces", ())]


def at_the_meeting(acts: Sequence[Act], meeting: str) -> Iterator[Doubt]:
    """Compare each decision with its meeting: the day, the quorum, those present, the seats and the chair."""
    sittings = [act for act in acts if act.type == "meeting-held" and act.subject == meeting]
    for act in (act for act in acts if sitting_of(act) == meeting):
        of_that_day = [held for held in sittings if act.earliest <= held.latest and held.earliest <= act.latest]
        for held in of_that_day or sittings:  # a meeting that was adjourned sits again on another day
            for refusal in (*_vote_at_the_meeting(act, held), *_at_the_meeting(act, held)):
                yield Doubt(refusal, act, (held,))


def _vote_at_the_meeting(act: Act, held: Act) -> Iterator[Refusal]:
    given, met, where = particulars(act).get("vote"), particulars(held), f" at {_name(held)}"
    if not given:
        return
    vote = Vote.model_validate_json(json.dumps(given), context=ON_RECORD)
    tally = votes.tally_of(vote)
    present = met.get("present") if vote.present is None else None
    if met.get("seats") is not None:
        yield from votes.more_than_seats(tally, met["seats"], where)
    if met.get("chair"):
        yield from votes.casting_vote_of_another(vote, met["chair"], where)
    outcome: votes.Outcome = "lost" if act.type == "motion-lost" else "carried"
    alone = tally.judge()
    if alone and alone.result == "open":
        yield from votes.against_threshold(tally, outcome, present=present, seats=met.get("seats"))
    if present is not None:
        yield from votes.compared_with_present(tally, present, where)


def _at_the_meeting(act: Act, held: Act) -> Iterator[Refusal]:
    met = particulars(held)
    own = (particulars(act).get("vote") or {}).get("present")
    present = met.get("present") if own is None else own
    if present is not None and met.get("quorum") is not None:
        yield from votes.short_of_quorum(present, met["quorum"], f" at {_name(held)}")
    if act.latest < held.earliest or held.latest < act.earliest:
        yield Query(
            "date/other-day",
            f"{_name(act)}: the vote is dated {act.on}, and {_name(held)} met on {held.on}",
            field="on",
            mend="look at both dates again, and at which meeting it was",
        )


def before_call_in_ended(acts: Sequence[Act], decision: str) -> Iterator[Doubt]:
    """What carries a decision out while it can still be called in."""
    carried_out = [act for act in acts if act.cycle in ("link", "letter") and act.type in IMPLEMENTS]
    for taken in (act for act in acts if act.type == "decision-taken" and act.subject == decision):
        last = str(particulars(taken).get("call_in_ends", ""))
        for act in carried_out if last else ():
            if authority_of(act) == decision and act.latest <= Date.parse(last).earliest:
                query = Query(
                    "decision/call-in",
                    f"{act.type} on {act.on} carries out {_name(taken)}, which can be called in until {last}",
                    field="on",
                    mend="look at both dates again",
                )
                yield Doubt(query, act, (taken,))


def before_it_was_decided(acts: Sequence[Act], paper: str) -> Iterator[Doubt]:
    """An act on a link that takes effect before that was decided, for the first time, on which it rests."""
    deciding = [act for act in acts if act.type in DECIDES and act.subject == paper]
    if not deciding:
        return
    decided = min(deciding, key=lambda act: act.earliest)
    for act in acts:
        resting = act.cycle == "link" and authority_of(act) == paper
        if resting and act.latest < decided.earliest and _power(act) not in _AHEAD_OF_OTHERS:
            refusal = Refusal(
                "dates/possible",
                f"{act.type} on {act.on} rests on {_name(decided)}, which was decided on {decided.on}",
                field="on",
                mend="look at both dates again; what was done ahead of it has another authority",
            )
            yield Doubt(refusal, act, (decided,))


def before_the_decision(acts: Sequence[Act], link: str) -> Iterator[Doubt]:
    """A letter that announces what nobody had decided by then, and what nobody could do without a decision."""
    for letter in (act for act in acts if link in links_announced(act)):
        for announced in map(Announced, particulars(letter)["announces"]):
            meant = [act for act in acts if announced.link.tag == link and _is_meant(acts, act, letter, announced)]
            if announced.link.tag != link or any(act.earliest <= letter.latest for act in meant):
                continue
            stated = [power for act in meant if (power := _power(act))] or [_power(letter)]
            if _AHEAD_OF_OTHERS.isdisjoint(stated):
                later = f"is on record for {min(meant).on} only{min(meant).place}" if meant else "is not on record"
                query = Query(
                    "letter/before-decision",
                    f"{_name(letter)} of {letter.on} announces {announced}, which {later}",
                    field="announces",
                    mend="record the act first, or look at both dates again; an urgent, delegated or civic-office "
                    "power is told by the authority of the act, or else of the letter",
                )
                yield Doubt(query, letter, tuple(meant))


def _is_meant(acts: Sequence[Act], act: Act, letter: Act, announced: Announced) -> bool:
    name = announced.rpartition(":")[0]
    if act.cycle != "link" or (act.type != name if name else act.type in _NO_ACTS):
        return False
    writer = particulars(letter)["by"]
    of_a_side = any(_one_side(acts, writer, side) for side in announced.link.sides)
    return not act.side or LIFE_CYCLE[act.row].moves == "joint" or not of_a_side or _one_side(acts, writer, act.side)


def before_notice_ran_out(acts: Sequence[Act], link: str) -> Iterator[Doubt]:
    """A link that ends before the notice that was given, or that its agreement asks for, has run out."""
    on_link = [act for act in acts if act.cycle == "link" and act.subject == link]
    for ended in (act for act in on_link if act.type == "link-ended"):
        own = [act for act in on_link if act.earliest <= ended.latest and _one_side(acts, act.side, ended.side)]
        own = [act for act in own if not _is_void(act, ended, [*own, *(one for one in on_link if one.type in _BEGINS)])]
        given = [act for act in own if act.type == "notice-given"]
        announced = given or [act for act in own if act.type == "ending-decided"]
        until = {act: Date.parse(particulars(act)["effective"]) for act in announced}
        what = f"{_name(ended)}: ended by {ended.side} on {ended.on}"
        if until and all(ended.latest < effective.earliest for effective in until.values()):
            last = max(until, key=lambda notice: until[notice].earliest)
            query = Query(
                "notice/period",
                f"{what}, before {until[last]}, for which {last.type} on {last.on}{last.place} had it",
                field="on",
                mend="look at both dates again",
            )
            yield Doubt(query, ended, tuple(until))
        asking = () if given else _asking_for_notice(acts, on_link, ended, link)
        if asking:
            query = Query(
                "notice/period",
                f"{what}, with no notice on record, and {asking[-1].type} on {asking[-1].on}{asking[-1].place} "
                f"asks for it: {particulars(asking[-1])['notice']}",
                field="on",
                mend="record notice-given first, where a source tells of it",
            )
            yield Doubt(query, ended, asking)


def _is_void(notice: Act, ended: Act, others: Sequence[Act]) -> bool:
    """Whether a notice may have been taken back, or the link surely began anew, before it ended."""
    return any(
        (act.type == "ending-rescinded" and act.latest >= notice.earliest and act.earliest <= ended.latest)
        or (act.type in _BEGINS and _surely_between(notice, ended, [act]))
        for act in others
    )


def _asking_for_notice(acts: Sequence[Act], on_link: Sequence[Act], ended: Act, link: str) -> tuple[Act, ...]:
    """What was in force when the link ended and asks for notice, however the dates are read; else nothing."""
    begun = [act for act in on_link if act.type in _BEGINS and act.earliest <= ended.latest]
    signed = [act for act in acts if act.type == "agreement-signed" and act.earliest <= ended.latest]
    in_force = _last_of(begun, ended) or _last_of([act for act in signed if link in links_agreed(act)], ended)
    asking: list[Act] = []
    for act in in_force:
        own = particulars(act).get("agreement")
        papers = [paper for paper in signed if own and paper.subject == Reference(own).tag]
        papers += [paper for paper in signed if paper.latest >= act.earliest and link in links_agreed(paper)]
        clause = next((one for one in (act, *papers) if _asks(one)), None)
        if clause is None:
            return ()
        asking += dict.fromkeys((act, clause))
    return tuple(asking)


def _last_of(begun: Sequence[Act], ended: Act) -> list[Act]:
    """Those of several beginnings that no other one surely followed before the end."""
    return [act for act in begun if not _surely_between(act, ended, begun)]


def _surely_between(first: Act, last: Act, others: Sequence[Act]) -> bool:
    return any(first.latest < act.earliest and act.latest < last.earliest for act in others)


def _asks(act: Act) -> bool:
    notice = str(particulars(act).get("notice", "")).casefold()
    return bool(notice) and not notice.startswith(("no ", "none", "not ", "without"))


def within_six_months(acts: Sequence[Act], motion: str) -> Iterator[Doubt]:
    """A resolution of a British body that is rescinded before it has stood for six months."""
    if not any(act.type == "body-registered" and particulars(act)["country"] == "GB" for act in acts):
        return
    own = [act for act in acts if act.subject == motion]
    rescinded = [act for act in own if act.type == "motion-rescinded"]
    for act in rescinded:
        before = [one for one in own if one.type == "motion-carried" and one.earliest <= act.latest]
        last = [one for one in before if not _surely_between(one, act, rescinded)]
        if last and all(act.latest < _six_months_after(one.earliest) for one in last):
            query = Query(
                "rescission/six-months",
                f"{_name(act)} is rescinded on {act.on}, within six months of {last[-1].on}, when it was carried",
                field="on",
                mend="look at both dates again; where standing orders or a special motion allowed it, say so",
            )
            yield Doubt(query, act, tuple(last))


def _six_months_after(day: int) -> int:
    if day < 1:
        return day
    first = date.fromordinal(day)
    year, month = first.year + (first.month > 6), (first.month + 5) % 12 + 1  # noqa: PLR2004 - half of the months
    return date(year, month, min(first.day, monthrange(year, month)[1])).toordinal()


def _one_side(acts: Sequence[Act], one: str, other: str) -> bool:
    """Whether two bodies are the same, or one took the other's place, directly or after others."""
    successions = (act for act in acts if act.type == SUCCESSION and act.cycle == "link")
    heirs = [(act.side, set(particulars(act)["successors"])) for act in successions]
    return other in _line(heirs, one) or one in _line(heirs, other)


def _line(heirs: Sequence[tuple[str, set[str]]], body: str) -> set[str]:
    line = {body}
    for _ in heirs:
        line |= {heir for gone, successors in heirs if gone in line for heir in successors}
    return line


def _power(act: Act) -> str:
    power = str((particulars(act).get("authority") or {}).get("power", ""))
    return "" if power == "not-stated" else power


def _name(act: Act) -> str:
    return f"{act.subject.split(':', 1)[1]}{act.place}"
