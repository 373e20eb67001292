"""The rectangles of days known and days valid in which an answer is the same."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from domain.dates import OPEN
from domain.history import Act, Period, periods

KNOWN = (-OPEN, *range(-1, 8))
VALID = (-OPEN, *range(-1, 8), OPEN - 1)


def act(
    earliest: int, latest: int, kind: str = "", known: int = -OPEN, until: int = OPEN, on: str = "", opens: int = 0
) -> Act:
    """An act whose kind is all that a register tells of it."""
    return Act(
        earliest, latest, 0, "", "{}", "link:a--b", "link", "link-formed", on, kind, known=known, until=until,
        recorded=latest, opens=opens,
    )  # fmt: skip


def tell(acts: Sequence[Act], days: Sequence[int]) -> list[tuple[object, ...] | None]:
    """What has surely and what has perhaps begun by the end of each day; not listed before anything has."""
    rows: list[tuple[object, ...] | None] = []
    for day in days:
        sure = sorted(one.kind for one in acts if one.latest <= day)
        perhaps = sorted(one.kind for one in acts if one.earliest <= day)
        rows.append((*sure, "/", *perhaps) if perhaps else None)
    return rows


def answers(found: Sequence[Period], known: int, valid: int) -> list[tuple[object, ...]]:
    """The answers of the rectangles that hold a point."""
    return [
        one.columns
        for one in found
        if one.known_from <= known < one.known_to and one.valid_from <= valid < one.valid_to
    ]


small = st.integers(0, 6)
spans = st.tuples(small, small).map(lambda pair: (min(pair), max(pair)))
tellings = st.builds(
    lambda on, known, kind, ever: act(
        -OPEN if ever == "before" else on[0], on[1], kind, -OPEN if ever == "known" else known[0], known[1] + 1
    ),
    spans,
    spans,
    st.sampled_from("ab"),
    st.sampled_from(["", "before", "known"]),
)


@given(st.lists(tellings, min_size=1, max_size=4))
def test_every_point_has_the_answer_of_what_was_known_then(acts: list[Act]) -> None:
    """On each day of knowing and each day asked about; no two rectangles overlap."""
    found = periods(acts, tell)
    for known in KNOWN:
        visible = [one for one in acts if one.known <= known < one.until]
        for valid in VALID:
            expected = tell(visible, [valid])[0] if visible else None
            assert answers(found, known, valid) == ([expected] if expected else [])


@given(st.lists(tellings, min_size=1, max_size=4))
def test_no_two_neighbours_say_the_same(acts: list[Act]) -> None:
    """Rectangles that touch along a whole side differ; they are told by the day of knowing, then of holding."""
    found = periods(acts, tell)
    for one in found:
        assert one.known_from < one.known_to
        assert one.valid_from < one.valid_to
        for other in found:
            beside = (one.known_from, one.known_to, one.valid_to) == (
                other.known_from,
                other.known_to,
                other.valid_from,
            )
            above = (one.valid_from, one.valid_to, one.known_to) == (other.valid_from, other.valid_to, other.known_from)
            assert not ((beside or above) and one.columns == other.columns)
    assert [one[:4] for one in found] == sorted(one[:4] for one in found)


def test_what_was_known_otherwise_later_ends_a_rectangle() -> None:
    """Told to be an a until day 5, then a b; what does not change is one rectangle."""
    found = periods([act(1, 1, "a", 3, 5), act(1, 1, "b", 5)], tell)
    assert found == [
        Period(3, 5, 1, OPEN, ("a", "/", "a")),
        Period(5, OPEN, 1, OPEN, ("b", "/", "b")),
    ]
    same = periods([act(1, 1, "a", 3, 5), act(1, 1, "a", 5)], tell)
    assert same == [Period(3, OPEN, 1, OPEN, ("a", "/", "a"))]


def test_more_days_may_bring_another_answer() -> None:
    """Days that no act names, if they are asked for."""

    def parity(_: Sequence[Act], days: Sequence[int]) -> list[tuple[object, ...] | None]:
        return [("late" if day >= 9 else "early",) for day in days]

    assert periods([act(1, 1)], parity, lambda known: [8 + len(known)]) == [
        Period(-OPEN, OPEN, -OPEN, 9, ("early",)),
        Period(-OPEN, OPEN, 9, OPEN, ("late",)),
    ]
    assert periods([act(1, 1)], parity) == [Period(-OPEN, OPEN, -OPEN, OPEN, ("early",))]


def test_a_doubt_that_was_overridden_has_edges_of_both_readings() -> None:
    """What is shown goes by the dates as written; what is possible, by dates that say nothing."""
    asked: list[Sequence[int]] = []

    def noting(_: Sequence[Act], days: Sequence[int]) -> list[tuple[object, ...] | None]:
        asked.append(days)
        return [None for _ in days]

    periods([act(3, 5, on="2022-02-26?")._replace(recorded=9, opens=1), act(2, 2)], noting)
    assert asked == [[-OPEN, 2, 3, 5, 9]]
