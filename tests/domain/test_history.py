"""What stood when dates are in doubt, against a reference that enumerates real days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.dates import OPEN
from domain.history import BOUND, Act, History, Start, TooDoubtful, explore
from domain.lifecycle import LIFE_CYCLE, ROWS, SUCCESSION, LinkCycle, LinkState, history, history_as_known
from tests.domain import reference
from tests.domain.reference import Told

DAYS = range(-2, 10)
CALENDAR = 700_000
"""Added to the reference's small days to make days of the calendar."""
ON_DAYS = [day + CALENDAR for day in DAYS]
SIDES = ("a", "b")


def act_of(told: Told, number: int = 0) -> Act:
    """The act that the reference's act stands for."""
    return Act(
        earliest=-OPEN if told.first == reference.NEVER else told.first + CALENDAR,
        latest=told.last + CALENDAR,
        row=ROWS[told.event],
        side=told.side,
        detail=f"{number:02}",
        subject="link:a--b",
        cycle="link",
        type=told.event,
        on=f"{told.first}..{told.last}",
        kind=told.kind,
        position=number,
    )


@st.composite
def tellings(draw: st.DrawFn, most: int = 4) -> list[Told]:
    """Random acts of one link, on overlapping days, mostly after a formation."""
    acts = []
    if draw(st.integers(0, 3)):
        first = draw(st.integers(0, 1))
        acts.append(
            Told("link-formed", first, first + draw(st.integers(0, 1)), kind=draw(st.sampled_from(["", "twinning"])))
        )
    events = st.sampled_from(sorted(reference.SIDE_ACTS) * 2 + sorted(reference.JOINT_ACTS))
    for _ in range(draw(st.integers(1, most))):
        event = draw(events)
        first = draw(
            st.one_of(st.integers(0, 5), st.just(reference.NEVER)) if draw(st.booleans()) else st.integers(0, 5)
        )
        last = draw(st.integers(0, 5)) if first == reference.NEVER else first + draw(st.integers(0, 2))
        side = draw(st.sampled_from(SIDES)) if event in reference.SIDE_ACTS else ""
        acts.append(Told(event, first, last, side, draw(st.sampled_from(["", "", "twinning", "friendship"]))))
    return acts


def agree(tellings: Sequence[Told]) -> None:
    """The engine and the reference give the same answers on every day."""
    found = history(SIDES, [act_of(told, number) for number, told in enumerate(tellings)])
    expected = reference.stood(tellings, list(DAYS))
    assert (found is None) == (expected is None)
    if found is None or expected is None:
        return
    for day, answer in zip(DAYS, found.over(ON_DAYS), strict=True):
        assert answer.certainty == ("yes" if len(expected[day]) == 1 else "possibly")
        assert answer.possible == tuple(sorted({str(shown[0]) for shown in expected[day]}))
        if answer.certainty == "yes":
            assert {LinkCycle(SIDES).shows(answer.stand.state)} == expected[day]


@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(tellings())
def test_answers_are_those_of_a_reference_that_enumerates_real_days(tellings: list[Told]) -> None:
    """For a thousand random histories, every answer of every day is the reference's."""
    agree(tellings)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(tellings(most=5))
def test_answers_are_those_of_the_reference_in_a_long_campaign(tellings: list[Told]) -> None:
    """For twenty thousand longer histories too."""
    agree(tellings)


@settings(max_examples=300, deadline=None)
@given(tellings(), st.randoms(use_true_random=False))
def test_the_order_of_recording_decides_nothing(tellings: list[Told], random: object) -> None:
    """The same acts in another order give the same history."""
    acts = [act_of(told, number) for number, told in enumerate(tellings)]
    shuffled = list(acts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = history(SIDES, acts), history(SIDES, shuffled)
    assert (one is None) == (other is None)
    if one and other:
        assert one.acts == other.acts
        assert one.over(ON_DAYS) == other.over(ON_DAYS)


@settings(max_examples=300, deadline=None)
@given(tellings(most=3))
def test_the_shown_order_is_the_first_world(tellings: list[Told]) -> None:
    """Of all allowed orders that respect the dates, the one shown comes first by the documented key."""
    acts = [act_of(told, number) for number, told in enumerate(tellings)]
    found = history(SIDES, acts)
    if found is None:
        return
    allowed = [order for order in permutations(sorted(acts)) if _respects(order) and _allowed(found, order)]
    assert found.acts == min(allowed)


def _respects(order: Sequence[Act]) -> bool:
    return not any(later.latest < earlier.earliest for i, earlier in enumerate(order) for later in order[i + 1 :])


def _allowed(found: History[LinkState], order: Sequence[Act]) -> bool:
    state = found.start.state
    for act in order:
        if not found.cycle.allowed(state, act):
            return False
        state = found.cycle.evolve(state, act)
    return True


@settings(max_examples=300, deadline=None)
@given(tellings())
def test_what_is_known_always_has_an_answer(tellings: list[Told]) -> None:
    """Acts that contradict each other are folded by their effect, and say that they are unexplained."""
    acts = [act_of(told, number) for number, told in enumerate(tellings)]
    found = history_as_known(SIDES, acts)
    assert found.unexplained == (history(SIDES, acts) is None)
    for answer in found.over(ON_DAYS):
        assert answer.unexplained == found.unexplained
        assert not answer.unexplained or answer.certainty == "possibly"


@settings(max_examples=300, deadline=None)
@given(tellings())
def test_evolve_is_total(tellings: list[Told]) -> None:
    """Every act has an effect in every state, also where the table does not allow it."""
    cycle = LinkCycle(SIDES)
    state = cycle.initial
    for number, told in enumerate(tellings):
        state = cycle.evolve(state, act_of(told, number))
        assert cycle.standing(state) in cycle.standings(state)


def test_the_table_is_the_vocabulary_s() -> None:
    """The rows of the table and those of the reference are the same, in the same order."""
    assert [row.event for row in LIFE_CYCLE] == [*reference.ROWS, "link-listed", SUCCESSION]
    assert {row.event for row in LIFE_CYCLE if row.moves == "side"} == reference.SIDE_ACTS | {SUCCESSION}
    assert {row.event for row in LIFE_CYCLE if row.moves == "joint"} == reference.JOINT_ACTS


def test_freely_overlapping_acts_are_bounded() -> None:
    """Twelve acts in any order can be told apart; fourteen are too doubtful."""
    cycle = LinkCycle(SIDES)
    formed = act_of(Told("link-formed", 0, 0))

    def reviews(count: int) -> list[Act]:
        return [formed, *(act_of(Told("review-opened", 1, 2, SIDES[i % 2]), i) for i in range(count))]

    assert explore(cycle, reviews(11), history_start(cycle)) is not None
    with pytest.raises(TooDoubtful):
        explore(cycle, reviews(14), history_start(cycle))
    assert BOUND == 5_000


def history_start(cycle: LinkCycle) -> Start[LinkState]:
    """Nothing on record."""
    return Start(cycle.initial)
