"""Rules on bodies that were abolished: no circle of successors, and no act of a body after its own end.

Only dates that prove it count: a body acts after its end if the last possible day of its end is before the first
possible day of the act. On the day itself, its own records are still in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.comparing import Doubt, particulars
from domain.lifecycle import SUCCESSION, heirs_of
from domain.rules import Query, Refusal
from domain.values import LinkName, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.history import Act

_NAMED: Final = {
    "letter-sent": "by",
    "motion-vetoed": "by",
    "pledge-made": "by",
    "statement-made": "by",
    "request-received": "by",
    "body-renamed": "slug",
}
"""By event: the field that names the body that acts, or whose affairs it is about."""

_OF_PAPERS: Final = {
    "meeting-called": ("meeting",),
    "meeting-held": ("meeting",),
    "meeting-adjourned": ("meeting",),
    "minutes-approved": ("at",),
    "minutes-corrected": ("at",),
    "motion-moved": ("meeting", "motion"),
    "motion-amended": ("motion",),
    "motion-carried": ("meeting", "motion"),
    "motion-lost": ("meeting", "motion"),
    "motion-referred": ("motion",),
    "motion-deferred": ("motion",),
    "veto-overridden": ("meeting", "motion"),
    "motion-withdrawn": ("motion",),
    "motion-rescinded": ("by_motion",),
    "decision-taken": ("decision",),
    "decision-called-in": ("decision",),
}
"""By event: the fields that may name a paper of the body that acts; the first that is given says whose act it is.

What may become of a paper without its body is not in the list: minutes are published, motions lapse, letters arrive,
and a successor ratifies, revokes, keeps or drops what its predecessor left.
"""


_NEW_LINKS: Final = frozenset({"link-proposed", "link-agreed", "link-formed"})
"""Events by which both sides of a link act where none is named; for a link that stands, a successor may act."""


def acting(act: Act) -> dict[str, str]:
    """The bodies whose act it is, each with the field that names it; none for a denial."""
    if not act.happens:
        return {}
    given = particulars(act)
    if act.type == "agreement-signed":
        return dict.fromkeys(given["parties"], "parties")
    if act.type in _NEW_LINKS and "by" not in given:
        return dict.fromkeys(LinkName(act.subject.removeprefix("link:")).sides, "link")
    if act.type in _OF_PAPERS:
        field = next((field for field in _OF_PAPERS[act.type] if field in given), "")
        return {Reference(given[field]).body: field} if field else {}
    field = "by" if act.cycle == "link" else _NAMED.get(act.type, "")
    return {given[field]: field} if field in given else {}


def after_its_end(acts: Sequence[Act], body: str) -> Iterator[Doubt]:
    """An act of a body that had surely been abolished by then."""
    name = body.removeprefix("body:")
    ends = [act for act in acts if act.type == SUCCESSION and act.subject == body]
    for act in acts:
        before = [end for end in ends if end is not act and end.latest < act.earliest]
        field = acting(act).get(name) if before else None
        if field:
            end = min(before, key=lambda one: (one.latest, one))
            heirs = sorted(_successors(acts, name, act.earliest) - {name})
            later = f"{act.type} on {act.on}{act.place}"
            query = Query(
                "body/abolished",
                f"{name} was abolished on {end.on}{end.place}, and {later} is an act of its own",
                field=field,
                mend=f"write {' or '.join(heirs)}, which had taken its place by then; or look at both dates again",
            )
            yield Doubt(query, act, (end,))


def _successors(acts: Sequence[Act], name: str, day: int) -> set[str]:
    """The bodies that surely stood in the place of a body on a day."""
    pairs = [pair for act in acts if act.type == SUCCESSION and act.latest <= day for pair in heirs_of(act)]
    found, fresh = {name}, {name}
    while fresh:
        fresh = {heir for gone, heir in pairs if gone in fresh} - found
        found |= fresh
    return found - {gone for gone, _ in pairs}


def in_a_circle(acts: Sequence[Act], body: str) -> Iterator[Doubt]:
    """A body that, directly or through others, is succeeded by itself."""
    name = body.removeprefix("body:")
    successions = [act for act in acts if act.type == SUCCESSION and act.happens]
    for act in (act for act in successions if act.subject == body):
        way = _way_back(successions, act, name)
        if way:
            others = tuple(one for one in way if one is not act)
            through = "".join(f", and then {_heirs(one)}{one.place}" for one in others)
            refusal = Refusal(
                "body/circle",
                f"{name} would be succeeded by itself: by {_heirs(act)} on {act.on}{act.place}{through}",
                field="successors",
                mend="look at the successions again; a body that is founded again is a new one with its own short name",
            )
            yield Doubt(refusal, act, others)


def _heirs(act: Act) -> str:
    return ", ".join(heir for _, heir in heirs_of(act))


def _way_back(successions: Sequence[Act], first: Act, name: str) -> list[Act]:
    """The successions that lead from one of a body back to that body; empty where none does."""
    ways = [[first]]
    seen = {first}
    while ways:
        way = ways.pop(0)
        heirs = {heir for _, heir in heirs_of(way[-1])}
        if name in heirs:
            return way
        following = [act for act in successions if act not in seen and any(gone in heirs for gone, _ in heirs_of(act))]
        seen |= {*following}
        ways += [[*way, act] for act in following]
    return []
