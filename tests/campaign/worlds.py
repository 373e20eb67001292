"""Every order of some acts that their dates and a table allow, tried one by one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from tests.campaign.entries import Event, canonical
from tests.domain.reference import NEVER, Told

MOST = 6
"""Acts that may overlap; six can follow each other in 720 ways."""


class TooMany(Exception):
    """More acts overlap than the model tries the orders of."""


@dataclass(frozen=True)
class Deed(Told):
    """What an account of an entry tells about one subject."""

    row: int = 0
    """The place of its event in the table."""
    detail: str = ""
    """The event, as canonical JSON."""
    on: str = ""
    grade: str = ""
    wording: str = ""
    entry: int = 0
    """The position of the entry; of the original, where another account is told."""
    recorded: int = 0
    """The day of recording."""
    opens: bool = False
    """Whether an override says that doubtful dates lie further off."""

    @property
    def key(self) -> tuple[object, ...]:
        """The order in which acts are taken: earliest, latest, row of the table, side, canonical JSON."""
        return self.first, self.last, self.row, self.side, self.detail, self.grade, self.entry


def deed_of(type_: str, event: Event, row: int, on: str, **more: Any) -> Deed:  # noqa: ANN401 - fields of a deed
    """The deed that an event tells of."""
    return Deed(event=type_, row=row, detail=canonical(event), on=on, **more)


class Table(Hashable, Protocol):
    """What acts can follow, and what they do."""

    def allows(self, state: Any, deed: Deed, /) -> bool:  # noqa: ANN401 - each table has states of its own
        """Whether the deed can follow."""

    def effect(self, state: Any, deed: Deed, /) -> Hashable:  # noqa: ANN401 - as above
        """The state after it, also where it could not follow."""

    def shown(self, state: Any, /) -> tuple[object, ...]:  # noqa: ANN401 - as above
        """What an answer tells, the standing first."""


class Moment(NamedTuple):
    """Somewhere on the way through an order."""

    done: frozenset[Deed]
    state: Any


@dataclass(frozen=True)
class Story:
    """Some acts, explained - or not."""

    table: Table
    start: Any
    order: tuple[Deed, ...]
    """The order that is shown."""
    moments: frozenset[Moment] | None
    """All moments of all orders; None where no order is allowed, and the acts are told by their effect alone."""

    def states(self) -> list[Any]:
        """The states that the shown order passes through: before its first act, and after each."""
        found = [self.start]
        for deed in self.order:
            found.append(self.table.effect(found[-1], deed))
        return found

    def by(self, day: int) -> int:
        """How many acts of the shown order are told by a day: up to the last that was surely done."""
        return max((place for place, deed in enumerate(self.order, 1) if deed.last <= day), default=0)

    def seen(self, day: int) -> set[tuple[object, ...]]:
        """Everything that may be shown at the end of a day."""
        done = {deed for deed in self.order if deed.last <= day}
        begun = {deed for deed in self.order if deed.first <= day}
        if self.moments is None:
            last = max((place for place, deed in enumerate(self.order, 1) if deed in begun), default=0)
            states = self.states()
            return {self.table.shown(states[place]) for place in (self.by(day), last)}
        return {self.table.shown(moment.state) for moment in self.moments if done <= moment.done <= begun}


def explained(table: Table, deeds: Iterable[Deed], start: Hashable) -> Story | None:
    """The acts in every order that is allowed; None when there is none.

    Raises:
        TooMany: more acts overlap than can be tried.
    """
    return _explained(table, tuple(sorted(deeds, key=lambda deed: deed.key)), start)


def by_effect(table: Table, deeds: Iterable[Deed], start: Hashable) -> Story:
    """The acts by their effect alone, in the order in which acts are taken."""
    return Story(table, start, tuple(sorted(deeds, key=lambda deed: deed.key)), None)


@lru_cache(maxsize=20_000)
def _explained(table: Table, deeds: tuple[Deed, ...], start: Hashable) -> Story | None:
    found = _worlds(table, _stretches(deeds), Moment(frozenset(), start))
    return found and Story(table, start, found[0], frozenset(found[1]))


def _stretches(deeds: Sequence[Deed]) -> list[list[Deed]]:
    """The acts in stretches, each of which was over for sure before the next one began."""
    stretches: list[list[Deed]] = []
    for deed in deeds:
        if stretches and deed.first <= max(other.last for other in stretches[-1]):
            stretches[-1].append(deed)
        else:
            stretches.append([deed])
    if any(len(stretch) > MOST for stretch in stretches):
        raise TooMany
    return stretches


def _worlds(table: Table, stretches: list[list[Deed]], start: Moment) -> tuple[tuple[Deed, ...], set[Moment]] | None:
    """The first order that leads through all stretches, and the moments of all such orders."""
    if not stretches:
        return (), {start}
    first: tuple[Deed, ...] | None = None
    moments: set[Moment] = set()
    onward: dict[Moment, tuple[tuple[Deed, ...], set[Moment]] | None] = {}
    for order, path in _orders(table, stretches[0], start):
        end = path[-1]
        if end not in onward:
            onward[end] = _worlds(table, stretches[1:], end)
        rest = onward[end]
        if rest is not None:
            first = first or (*order, *rest[0])
            moments |= {*path, *rest[1]}
    return None if first is None else (first, moments)


def _orders(table: Table, deeds: list[Deed], at: Moment) -> Iterator[tuple[tuple[Deed, ...], tuple[Moment, ...]]]:
    """The orders that respect the dates and that the table allows step by step, each with its moments."""
    if not deeds:
        yield (), (at,)
    for deed in deeds:
        others = [other for other in deeds if other is not deed]
        if not any(other.last < deed.first for other in others) and table.allows(at.state, deed):
            then = Moment(at.done | {deed}, table.effect(at.state, deed))
            for order, path in _orders(table, others, then):
                yield (deed, *order), (at, *path)


def opened(deeds: Sequence[Deed]) -> Sequence[Deed]:
    """The acts; where an override asks for it, every doubtful date may lie anywhere up to the day of recording."""
    if not any(deed.opens for deed in deeds):
        return deeds
    return [
        replace(deed, first=NEVER, last=max(deed.last, deed.recorded)) if deed.on.endswith(("?", "~", "%")) else deed
        for deed in deeds
    ]
