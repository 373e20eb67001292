"""A slow, obvious reference for what stood when dates are in doubt: it enumerates real days.

It shares no code with `domain.lifecycle` and `domain.history`: the table is written down a second time, a state is
a plain dictionary, and every way in which the acts can fall on days (and follow each other within a day) is tried.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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


State = dict[str, Any]


def nothing() -> State:
    """A link that nobody has heard of."""
    return {"a": fresh("none", ""), "b": fresh("none", ""), "link flags": set(), "before proposal": None}


def fresh(standing: str, kind: str) -> State:
    """One side, without a past."""
    return {"standing": standing, "kind": kind, "flags": set(), "suspended from": None, "ending from": None}


def copied(state: State) -> State:
    """The same, to be changed freely."""
    return {
        "a": {**state["a"], "flags": set(state["a"]["flags"])},
        "b": {**state["b"], "flags": set(state["b"]["flags"])},
        "link flags": set(state["link flags"]),
        "before proposal": state["before proposal"],
    }


def worst(state: State) -> str:
    """The standing of the link."""
    return str(max((state["a"]["standing"], state["b"]["standing"]), key=ORDER.index))


def shown(state: State) -> tuple[object, ...]:
    """Standing, kind, suspending sides, flags."""
    suspended = tuple(side for side in "ab" if state[side]["standing"] == "suspended")
    flags = tuple(sorted(state["link flags"] | state["a"]["flags"] | state["b"]["flags"]))
    return worst(state), state["a"]["kind"] or state["b"]["kind"], suspended, flags


def after(state: State, act: Told) -> State | None:
    """The state after an act; None where the vocabulary does not allow it."""
    state = copied(state)
    return _by_side(state, act) if act.event in SIDE_ACTS else _joint(state, act)


SIDE_ACTS = {
    "review-opened", "suspension-announced", "ending-announced", "link-retained", "link-suspended", "link-resumed",
    "ending-decided", "notice-given", "link-ended", "ending-rescinded",
}  # fmt: skip
JOINT_ACTS = {
    "link-proposed", "link-agreed", "proposal-dropped", "link-formed", "link-renewed", "link-kind-changed",
    "link-lapsed",
    "link-expired",
}  # fmt: skip


def _by_side(state: State, act: Told) -> State | None:
    side = state[act.side]
    standing = side["standing"]
    side["flags"].discard("retained")
    flags = {
        "review-opened": "under-review",
        "suspension-announced": "suspension-announced",
        "ending-announced": "ending-announced",
    }
    if act.event in flags:
        side["flags"].add(flags[act.event])
        return state if standing in LIVE else None
    if act.event == "link-retained":
        side["flags"] = (side["flags"] - {"under-review", "suspension-announced", "ending-announced"}) | {"retained"}
        return state if standing in {"active", "dormant"} else None
    if act.event == "link-suspended":
        side["flags"] -= {"under-review", "suspension-announced"}
        side.update({"suspended from": standing, "standing": "suspended"})
        return state if standing in {"active", "dormant"} else None
    if act.event == "link-resumed":
        side.update({"standing": side["suspended from"], "suspended from": None})
        return state if standing == "suspended" else None
    if act.event == "ending-rescinded":
        side.update({"standing": side["ending from"], "ending from": None})
        return state if standing in {"ending", "ended"} else None
    if standing not in {"ending", "ended"}:
        side["ending from"] = standing
    if act.event == "link-ended":
        side["flags"] -= {"under-review", "ending-announced"}
        side["standing"] = "ended"
        return state if standing in LIVE | {"expired"} else None
    side["standing"] = "ending"
    return state if standing in LIVE - ({"ending"} if act.event == "ending-decided" else set()) else None


def _joint(state: State, act: Told) -> State | None:
    standing = worst(state)
    kinds = {state["a"]["kind"], state["b"]["kind"]} - {""}
    for side in "ab":
        state[side]["flags"].discard("retained")
    if act.event in {"link-proposed", "link-agreed"} and standing in LIVE:
        state["link flags"].add("kind-proposed" if act.event == "link-proposed" else "kind-agreed")
        return state if act.kind and act.kind not in kinds else None
    if act.event == "proposal-dropped":
        before = state["before proposal"]
        return copied(before) if standing in {"proposed", "agreed"} and before else None
    if act.event in {"link-proposed", "link-agreed", "link-formed", "link-expired"}:
        return _anew(state, act, standing)
    for side in "ab":
        if act.kind and act.side in {"", side}:
            state[side]["kind"] = act.kind
    if act.event == "link-kind-changed":
        state["link flags"] -= {"kind-proposed", "kind-agreed"}
        return state if standing in LIVE else None
    wanted = {"link-renewed": {"active", "dormant", "expired"}, "link-lapsed": {"active"}}[act.event]
    for side in "ab":
        state[side]["standing"] = "active" if act.event == "link-renewed" else "dormant"
    return state if standing in wanted else None


def _anew(state: State, act: Told, standing: str) -> State | None:
    to, wanted = {
        "link-proposed": ("proposed", GONE),
        "link-agreed": ("agreed", GONE | {"proposed"}),
        "link-formed": ("active", GONE | {"proposed", "agreed"}),
        "link-expired": ("expired", {"active", "dormant", "suspended"}),
    }[act.event]
    if standing not in wanted:
        return None
    keeps = standing not in GONE
    before = state["before proposal"]
    if standing not in {"proposed", "agreed"}:
        before = {**copied(state), "link flags": set(), "before proposal": None}
    sides = {}
    for side in "ab":
        kind = state[side]["kind"] if keeps else ""
        sides[side] = fresh(to, act.kind if act.kind and act.side in {"", side} else kind)
    return {**sides, "link flags": set(), "before proposal": before}


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
        start = {**nothing(), "a": fresh("active", giver.kind), "b": fresh("active", giver.kind)}
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
