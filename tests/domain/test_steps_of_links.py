"""Each step in the life of a link, against a reference that has the table written down a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import lifecycle
from domain.history import Act
from domain.lifecycle import LIFE_CYCLE, ROWS, SUCCESSION, WORSE, LinkCycle, LinkState, Row, Side, Standing
from tests.domain import reference
from tests.domain.reference import JOINT_ACTS, SIDE_ACTS, State, Told

SIDES = ("a", "b")
EVENTS = sorted(SIDE_ACTS | JOINT_ACTS)
DOUBTS = ("under-review", "suspension-announced", "ending-announced")
PLANS = ("kind-proposed", "kind-agreed")


@cache
def act_of(told: Told) -> Act:
    """The act that the reference's act stands for."""
    return Act(
        earliest=0,
        latest=0,
        row=ROWS[told.event],
        side=told.side,
        detail=json.dumps({"successors": told.successors}),
        subject="link:a--b",
        cycle="link",
        type=told.event,
        on="",
        kind=told.kind,
    )


def tellings() -> Iterator[Told]:
    """Every act that a link of two sides can see, with or without a kind, by either side or by nobody named."""
    for event in EVENTS:
        for side in SIDES if event in SIDE_ACTS else ("", *SIDES):
            yield from (Told(event, 0, 0, side, kind) for kind in ("", "twinning", "friendship"))


def differs(expected: State, state: LinkState, told: Told) -> bool:
    """Whether an act is allowed in one of the two books only, or leads to something else there."""
    cycle, act = LinkCycle(SIDES), act_of(told)
    if cycle.allowed(state, act) != reference.allows(expected, told):
        return True
    return ours(cycle.evolve(state, act)) != theirs(reference.effect(expected, told))


def ours(state: LinkState) -> object:
    """All that an answer tells, and how each side stands."""
    cycle = LinkCycle(SIDES)
    return cycle.shows(state), cycle.standings(state), [(side.kind, side.flags) for side in state.sides]


def theirs(state: State) -> object:
    """The same, of the reference."""
    standings = tuple(side.standing for side in state.sides)
    return reference.shown(state), standings, [(side.kind, side.flags) for side in state.sides]


Pair = tuple[State, LinkState]


@cache
def pairs() -> tuple[Pair, ...]:
    """The state that three acts at most lead to, by both books; each state of the reference once."""
    found: dict[State, LinkState] = {reference.nothing(): LinkCycle(SIDES).initial}
    in_force = Side("active", "twinning")
    found[reference.in_force("twinning")] = LinkState((in_force, in_force))
    fresh = dict(found)
    for _ in range(2):
        following = {
            reference.effect(expected, told): LinkCycle(SIDES).evolve(state, act_of(told))
            for expected, state in fresh.items()
            for told in tellings()
            if told.kind != "friendship" and reference.allows(expected, told)
        }
        fresh = {expected: state for expected, state in following.items() if expected not in found}
        found |= fresh
    return tuple(found.items())


def first_difference(*events: str) -> Told | None:
    """An act on which the two books differ, in a state that few acts lead to."""
    acts = [told for told in tellings() if told.event in events]
    return next((told for told in acts for pair in pairs() if differs(*pair, told)), None)


def test_every_step_near_the_beginning_is_that_of_the_reference() -> None:
    """Whatever can happen after two acts or fewer: allowed or not, and what it leads to."""
    assert first_difference(*EVENTS) is None


def slips_in(row: Row) -> Iterator[Row]:
    """The row with one slip of the pen in it; only in columns that count for such an act."""
    for standing in WORSE:
        kept = tuple(one for one in row.origins if one != standing)
        yield replace(row, origins=kept if standing in row.origins else (*row.origins, standing))
    outcomes: tuple[Standing | Literal["same", "as before"], ...] = (*WORSE, "same", "as before")
    yield from (replace(row, to=to) for to in outcomes if to != row.to)
    if row.moves == "side":
        yield replace(row, moves="joint")
        yield from (replace(row, sets=flag) for flag in ("", *DOUBTS, "retained") if flag != row.sets)
        yield from (replace(row, clears=row.clears ^ {flag}) for flag in DOUBTS if flag != row.sets)
    else:
        yield replace(row, moves="side")
        yield from (replace(row, another_kind=flag) for flag in ("", *PLANS) if flag != row.another_kind)
        if row.to == "same":
            yield from (replace(row, clears=row.clears ^ {flag}) for flag in PLANS)
        elif row.to != "as before":
            yield replace(row, afresh=not row.afresh)


@pytest.mark.parametrize("event", EVENTS)
def test_a_slip_in_the_table_is_noticed(event: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An origin more or less, another outcome, a flag set or cleared: some step differs from the reference."""
    place, reached = ROWS[event], pairs()
    row, unnoticed = LIFE_CYCLE[place], []
    for slip in slips_in(row):
        monkeypatch.setattr(lifecycle, "LIFE_CYCLE", (*LIFE_CYCLE[:place], slip, *LIFE_CYCLE[place + 1 :]))
        if first_difference(event) is None:
            unnoticed.append(slip)
    assert (len(reached) > 100, unnoticed) == (True, [])


bodies = st.sampled_from(["a", "b", "c", "d"])
kinds = st.sampled_from(["", "twinning", "friendship"])
now = st.just(0)
acts = st.one_of(
    st.builds(Told, st.sampled_from(sorted(SIDE_ACTS)), now, now, bodies, kinds),
    st.builds(Told, st.sampled_from(sorted(JOINT_ACTS)), now, now, st.one_of(st.just(""), bodies), kinds),
    st.builds(Told, st.just(SUCCESSION), now, now, bodies, st.just(""), st.tuples(bodies)),
)


@given(st.lists(acts, max_size=12), st.booleans())
def test_every_step_of_a_long_life_is_that_of_the_reference(lived: list[Told], begun: bool) -> None:  # noqa: FBT001 - drawn
    """Successors, acts that could not follow, and whatever comes after them."""
    side = Side("active", "twinning") if begun else Side()
    state = LinkState((side, side))
    expected = reference.in_force("twinning") if begun else reference.nothing()
    for told in lived:
        assert not differs(expected, state, told), told
        state, expected = LinkCycle(SIDES).evolve(state, act_of(told)), reference.effect(expected, told)
