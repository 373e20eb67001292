"""A slow, obvious reference for what stood when dates are in doubt: it enumerates real days.

It shares no code with `domain.lifecycle` and `domain.history`: the table is written down a second time, and every way
in which the acts can fall on days (and follow each other within a day) is tried.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NEVER = -(10**9)
"""The first day of an act that may have happened at any time before its last."""
LONG_AGO = -4
"""Before every day that is asked about; what happened in it may have happened at any time."""
ORDER = ["none", "proposed", "agreed", "active", "dormant", "suspended", "ending", "expired", "ended"]
LIVE = {"active", "dormant", "suspended", "ending"}
GONE = {"none", "ended", "expired"}


@dataclass(frozen=True)
class Told:
    """An act as the reference sees it."""

    event: str
    first: int
    last: int
    side: str = ""
    kind: str = ""
    successors: tuple[str, ...] = ()
    """Of a body that was succeeded."""


class Side(NamedTuple):
    """A link as one of its two bodies has it."""

    name: str
    standing: str = "none"
    kind: str = ""
    flags: frozenset[str] = frozenset()
    suspended_from: str = "active"
    """What a resumption goes back to: in force, where nobody told."""
    ending_from: str = "active"
    """What a rescinded ending goes back to."""


class State(NamedTuple):
    """A link."""

    sides: tuple[Side, Side]
    flags: frozenset[str] = frozenset()
    before_proposal: tuple[Side, Side] | None = None
    heirs: frozenset[tuple[str, str]] = frozenset()
    """Each body succeeded by now, with each of its successors."""


def nothing(names: tuple[str, str] = ("a", "b")) -> State:
    """A link that nobody has heard of."""
    return State((Side(names[0]), Side(names[1])))


def in_force(kind: str, names: tuple[str, str] = ("a", "b")) -> State:
    """A link of which nobody told how it began."""
    return State((Side(names[0], "active", kind), Side(names[1], "active", kind)))


def worst(state: State) -> str:
    """The standing of the link."""
    return max((side.standing for side in state.sides), key=ORDER.index)


def shown(state: State) -> tuple[object, ...]:
    """Standing, kind, suspending sides, flags."""
    suspended = tuple(side.name for side in state.sides if side.standing == "suspended")
    flags = tuple(sorted(state.flags | state.sides[0].flags | state.sides[1].flags))
    return worst(state), state.sides[0].kind or state.sides[1].kind, suspended, flags


def after(state: State, act: Told) -> State | None:
    """The state after an act; None where the vocabulary does not allow it."""
    return effect(state, act) if allows(state, act) else None


MAY_FOLLOW = {
    "review-opened": LIVE,
    "suspension-announced": LIVE,
    "ending-announced": LIVE,
    "link-retained": {"active", "dormant"},
    "link-suspended": {"active", "dormant"},
    "link-resumed": {"suspended"},
    "ending-decided": {"active", "dormant", "suspended"},
    "notice-given": {"active", "dormant", "suspended", "ending"},
    "link-ended": LIVE | {"expired"},
    "ending-rescinded": {"ending", "ended"},
    "link-proposed": GONE,
    "link-agreed": GONE | {"proposed"},
    "proposal-dropped": {"proposed", "agreed"},
    "link-formed": GONE | {"proposed", "agreed"},
    "link-renewed": {"active", "dormant", "expired"},
    "link-kind-changed": LIVE,
    "link-lapsed": {"active"},
    "link-expired": {"active", "dormant", "suspended"},
}
"""The standings that an act can follow: of a side act, those of the side; of a joint act, those of the link."""

SIDE_ACTS = {
    "review-opened", "suspension-announced", "ending-announced", "link-retained", "link-suspended", "link-resumed",
    "ending-decided", "notice-given", "link-ended", "ending-rescinded",
}  # fmt: skip
JOINT_ACTS = set(MAY_FOLLOW) - SIDE_ACTS

SETS = {
    "review-opened": "under-review",
    "suspension-announced": "suspension-announced",
    "ending-announced": "ending-announced",
    "link-retained": "retained",
}
CLEARS = {
    "link-retained": {"under-review", "suspension-announced", "ending-announced"},
    "link-suspended": {"under-review", "suspension-announced"},
    "link-ended": {"under-review", "ending-announced"},
}


def side_of(state: State, body: str) -> str | None:
    """The side that a body acts for: its own, or that of a body that it succeeded by now."""
    for side in state.sides:
        if side.name == body:
            return side.name
    for side in state.sides:
        bodies = {side.name}
        for _ in state.heirs:
            bodies |= {heir for gone, heir in state.heirs if gone in bodies}
        if body in bodies:
            return side.name
    return None


def allows(state: State, act: Told) -> bool:
    """Whether an act can follow."""
    if act.event == "body-succeeded":
        return True
    acting = side_of(state, act.side)
    if act.event in SIDE_ACTS:
        return any(side.name == acting and side.standing in MAY_FOLLOW[act.event] for side in state.sides)
    if act.side and acting is None:
        return False
    return worst(state) in MAY_FOLLOW[act.event] or _asks_for_another_kind(state, act)


def effect(state: State, act: Told) -> State:
    """The state after an act, also where it could not follow."""
    acting = side_of(state, act.side)
    if act.event == "body-succeeded":
        sides = [
            side._replace(flags=side.flags | {"side-abolished"})
            if side.name == acting and side.standing not in GONE
            else side
            for side in state.sides
        ]
        heirs = state.heirs | {(act.side, heir) for heir in act.successors}
        return state._replace(sides=(sides[0], sides[1]), heirs=heirs)
    if act.event in SIDE_ACTS:
        sides = [_by_side(side, act) if side.name == acting else side for side in state.sides]
        return state._replace(sides=(sides[0], sides[1]))
    return _joint(state, act, acting)


def _by_side(side: Side, act: Told) -> Side:
    flags = side.flags - {"retained"} - CLEARS.get(act.event, set())
    if act.event in SETS:
        flags |= {SETS[act.event]}
    if act.event in {"link-retained", "link-ended"} and act.side != side.name:
        flags -= {"side-abolished"}
    side = side._replace(flags=flags)
    if act.event == "link-suspended":
        return side._replace(standing="suspended", suspended_from=side.standing)
    if act.event == "link-resumed":
        return side._replace(standing=side.suspended_from, suspended_from="active")
    if act.event == "ending-rescinded":
        return side._replace(standing=side.ending_from, ending_from="active")
    if act.event in {"ending-decided", "notice-given", "link-ended"}:
        before = side.ending_from if side.standing in {"ending", "ended"} else side.standing
        return side._replace(standing="ended" if act.event == "link-ended" else "ending", ending_from=before)
    return side


def _asks_for_another_kind(state: State, act: Told) -> bool:
    kinds = {side.kind for side in state.sides} - {""}
    asks = act.event in {"link-proposed", "link-agreed"} and act.kind != ""
    return asks and worst(state) in LIVE and act.kind not in kinds


def _joint(state: State, act: Told, acting: str | None) -> State:
    sides = [side._replace(flags=side.flags - {"retained"}) for side in state.sides]
    if _asks_for_another_kind(state, act):
        flag = "kind-proposed" if act.event == "link-proposed" else "kind-agreed"
        return state._replace(sides=(sides[0], sides[1]), flags=state.flags | {flag})
    if act.event == "proposal-dropped":
        before = state.before_proposal or nothing((sides[0].name, sides[1].name)).sides
        return State(before, heirs=state.heirs)
    if act.event in {"link-proposed", "link-agreed", "link-formed", "link-expired"}:
        return _anew(state, act, acting)
    sides = [side._replace(kind=act.kind) if _speaks_for(side, act, acting) else side for side in sides]
    if act.event == "link-kind-changed":
        return state._replace(sides=(sides[0], sides[1]), flags=state.flags - {"kind-proposed", "kind-agreed"})
    if act.event == "link-lapsed":
        sides = [side._replace(standing="dormant") for side in sides]
        return state._replace(sides=(sides[0], sides[1]))
    sides = [
        side._replace(
            standing="active",
            flags=side.flags - {"side-abolished"} if act.side == "" or acting == side.name != act.side else side.flags,
        )
        for side in sides
    ]
    return state._replace(sides=(sides[0], sides[1]))


def _speaks_for(side: Side, act: Told, acting: str | None) -> bool:
    return act.kind != "" and (act.side == "" or acting == side.name)


def _anew(state: State, act: Told, acting: str | None) -> State:
    standing = worst(state)
    to = {"link-proposed": "proposed", "link-agreed": "agreed", "link-formed": "active", "link-expired": "expired"}
    keeps = standing not in GONE or act.event == "link-expired"
    before = state.before_proposal if standing in {"proposed", "agreed"} else state.sides
    sides = [
        Side(side.name, to[act.event], act.kind if _speaks_for(side, act, acting) else side.kind if keeps else "")
        for side in state.sides
    ]
    return State((sides[0], sides[1]), before_proposal=before, heirs=state.heirs)


def worlds(acts: Sequence[Told], start: State) -> Iterator[list[tuple[int, Told]]]:
    """Every way in which the acts can fall on days and follow each other, that the vocabulary allows."""
    spans = [range(act.first if act.first > NEVER else LONG_AGO, act.last + 1) for act in acts]
    for days in itertools.product(*spans):
        by_day = sorted(set(days))
        groups = [[act for act, on in zip(acts, days, strict=True) if on == day] for day in by_day]
        for arrangement in itertools.product(*(itertools.permutations(group) for group in groups)):
            story = [(day, act) for day, group in zip(by_day, arrangement, strict=True) for act in group]
            if _told(story, start) is not None:
                yield story


def _told(story: Sequence[tuple[int, Told]], start: State) -> State | None:
    state: State | None = start
    for _, act in story:
        state = after(state, act) if state is not None else None
    return state


def stood(acts: Sequence[Told], days: Sequence[int]) -> dict[int, set[tuple[object, ...]]] | None:
    """What may have stood at the end of each day, over all worlds; None when the acts are impossible.

    When nothing explains them from the beginning, a link in force is assumed from some day up to the earliest of the
    acts' latest days.
    """
    found = [(NEVER, story) for story in worlds(acts, nothing())]
    start = nothing()
    if not found:
        latest = min(act.last for act in acts)
        giver = min(acts, key=lambda act: (act.last, act.first, ROWS.index(act.event), act.side))
        start = in_force(giver.kind)
        begins = range(LONG_AGO, latest + 1)
        stories = list(worlds(acts, start))
        found = [(begin, story) for story in stories for begin in begins if all(day >= begin for day, _ in story)]
    if not found:
        return None
    answers: dict[int, set[tuple[object, ...]]] = {}
    for day in days:
        seen = set()
        for begin, story in found:
            state = _told([told for told in story if told[0] <= day], start if begin <= day else nothing())
            assert state is not None, "a beginning of an allowed story is allowed"
            seen.add(shown(state))
        answers[day] = seen
    return answers


ROWS = [
    "link-proposed", "link-agreed", "proposal-dropped", "link-formed", "agreement-signed", "link-renewed",
    "link-kind-changed", "link-lapsed", "review-opened", "suspension-announced", "ending-announced", "link-retained",
    "link-suspended", "link-resumed", "ending-decided", "notice-given", "link-ended", "ending-rescinded",
    "link-expired",
]  # fmt: skip
