"""Worlds: what stood when the dates of a history are in doubt. It knows no event by name.

The acts of a subject are a set; the order of recording decides nothing. Act a precedes b for sure
only if a's latest day is before b's earliest. A *world* is an order of all the acts that respects
this and that the life cycle allows step by step. A history is possible if it has a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar

from domain.dates import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from domain.dates import Certainty

BOUND: Final = 5_000
"""Pairs of (set of acts done, state) that a search may reach: 12 freely overlapping acts pass, 14 do not."""


DENIAL: Final = -1
"""In place of a row of a table: an account by which nothing happened."""


class Act(NamedTuple):
    """One event's part in the history of one subject. Acts sort in the shown order."""

    earliest: int
    latest: int
    row: int
    """The event's row in its table of transitions."""
    side: str
    """The body that acted; empty when the act moves the whole."""
    detail: str
    """Canonical JSON of the event: the last tie-breaker."""
    subject: str
    """The tag of what it moves."""
    cycle: str
    """The kind of that thing, which says by which table it moves."""
    type: str
    on: str
    """The date as written."""
    kind: str = ""
    """The kind of link that the event names, if any."""
    grade: str = ""
    """The best grade of its evidence."""
    wording: str = ""
    """The source's own word."""
    position: int = 0
    """Of its entry; 0 while it is only proposed."""
    known: int = -OPEN
    """The day from which the public could know it so."""
    until: int = OPEN
    """The day from which it was known otherwise; open while nothing was."""
    recorded: int = OPEN
    """The day on which it was recorded: by then it had happened."""
    opens: int = 0
    """1 where an override says that the doubtful dates of its subject lie further off than they are written."""
    option: int = 0
    """0 in the account that is shown; higher in those that dispute it, in the order in which they are shown."""
    dispute: int = 0
    """The position of the entry whose disputing account it is; 0 for the account recorded."""
    rests_on: str = ""
    """The positions of the entries whose sources it rests on, as a JSON list; empty for its own entry alone."""

    @property
    def happens(self) -> bool:
        """Whether it tells that something happened; a denial does not."""
        return self.row >= 0

    @property
    def sources(self) -> str:
        """The positions of the entries whose sources it rests on, as a JSON list."""
        return self.rests_on or f"[{self.position}]"

    @property
    def place(self) -> str:
        """Where its entry is found, in words that follow its name."""
        return f" (entry {self.position})" if self.position > 0 else in_batch(-self.position)


def in_batch(number: int) -> str:
    """Where something is found that is proposed together with others."""
    return f" (line {number} of the same batch)"


def widened(acts: Sequence[Act]) -> Sequence[Act]:
    """The acts, with every doubtful date taken to say nothing where an override of one of them asks for it."""
    if not any(act.opens for act in acts):
        return acts
    return [
        act._replace(earliest=-OPEN, latest=max(act.latest, act.recorded)) if act.on.endswith(("?", "~", "%")) else act
        for act in acts
    ]


class Choice(NamedTuple):
    """One account of everything that is disputed."""

    options: tuple[tuple[int, int], ...]
    """The position of each disputed entry, and which account of it; in the shown order of their acts."""
    acts: list[Act]


def choices(acts: Sequence[Act]) -> list[Choice]:
    """Every choice among the accounts of what is disputed: the one to be shown first, then by number of others."""
    disputed = {act.position for act in acts if act.option or act.dispute or not act.happens}
    if not disputed:
        return [Choice((), list(acts))]
    in_order = sorted((not act.happens, act) for act in acts if act.position in disputed)
    accounts: dict[int, dict[int, list[Act]]] = {act.position: {} for _, act in in_order}
    for act in acts:
        if act.position in disputed:
            accounts[act.position].setdefault(act.option, []).append(act)
    undisputed = [act for act in acts if act.position not in disputed]
    found = []
    for chosen in product(*([(position, option) for option in sorted(own)] for position, own in accounts.items())):
        happened = [act for position, option in chosen for act in accounts[position][option] if act.happens]
        found.append(Choice(chosen, [*undisputed, *happened]))
    return sorted(found, key=lambda choice: (sum(option > 0 for _, option in choice.options), choice.options))


class TooDoubtful(Exception):
    """The dates leave more orders open than can be told apart."""


S = TypeVar("S", bound="Hashable")


class LifeCycle(Protocol[S]):
    """The states of a kind of subject, and what each act does to them."""

    @property
    def initial(self) -> S:
        """The state with nothing on record."""

    def allowed(self, state: S, act: Act) -> bool:
        """Whether the table lets `act` happen in `state`."""

    def evolve(self, state: S, act: Act) -> S:
        """The state after `act`; total, also where the table does not allow it."""

    def standings(self, state: S) -> tuple[str, ...]:
        """The standing of each side; one for a subject without sides."""

    def standing(self, state: S) -> str:
        """The standing of the whole: its worst side."""

    def shows(self, state: S) -> tuple[Hashable, ...]:
        """All that an answer tells of `state`, the standing first: equal answers are one answer."""


class Start(NamedTuple, Generic[S]):
    """Where a history begins."""

    state: S
    latest: int = -OPEN
    """The day by which an assumed beginning lies; `-OPEN` when nothing is assumed."""
    on: str = ""
    giver: Act | None = None
    """The act from which the beginning is assumed."""
    earliest: int = -OPEN
    """The day before which it does not lie."""

    @property
    def assumed(self) -> bool:
        """Whether the beginning is computed, not recorded."""
        return self.giver is not None


class Stand(NamedTuple, Generic[S]):
    """Where the shown order has arrived."""

    state: S
    since: str = ""
    """The day from which the standing has held unbroken, as written; empty before any act."""
    givers: tuple[Act | None, ...] = ()
    """For each side, the act that gave its standing."""
    giver: Act | None = None
    """The act by which the whole came to its standing."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[S]):
    """What stood at the end of a day."""

    stand: Stand[S]
    certainty: Certainty
    possible: tuple[str, ...]
    """Every standing that some world gives, sorted."""
    unexplained: bool = False
    """Whether the acts known contradict the table, and were folded by their effect alone."""


@dataclass(frozen=True, slots=True)
class History(Generic[S]):
    """The acts of one subject in their shown order, and every state that some world passes through."""

    cycle: LifeCycle[S]
    start: Start[S]
    acts: tuple[Act, ...]
    """In the shown order."""
    nodes: tuple[tuple[int, S], ...]
    """(acts done, as a bit mask over `acts`; state), each on some world. Empty when unexplained."""

    @property
    def unexplained(self) -> bool:
        """Whether no world was found."""
        return not self.nodes

    def stands(self) -> list[Stand[S]]:
        """The shown order, step by step: the beginning, then one more for each act."""
        cycle, start = self.cycle, self.start
        stand = Stand(start.state, start.on, tuple(start.giver for _ in cycle.standings(start.state)), start.giver)
        steps = [stand]
        for act in self.acts:
            stand = _step(cycle, stand, act)
            steps.append(stand)
        return steps

    def at(self, day: int) -> Answer[S]:
        """What stood at the end of `day`."""
        return self.over([day])[0]

    def over(self, days: Iterable[int]) -> list[Answer[S]]:
        """What stood at the end of each of `days`."""
        steps = self.stands()
        return [self._answer(day, steps) for day in days]

    def _answer(self, day: int, steps: list[Stand[S]]) -> Answer[S]:
        done = sum(1 << i for i, act in enumerate(self.acts) if act.latest <= day)
        begun = sum(1 << i for i, act in enumerate(self.acts) if act.earliest <= day)
        stand = steps[done.bit_length()]
        before_start = self.start.assumed and day < self.start.latest
        if before_start and not done:
            stand = Stand(self.cycle.initial)
        if self.unexplained:
            seen = {self.cycle.shows(steps[mask.bit_length()].state) for mask in (done, begun)}
        else:
            seen = {self.cycle.shows(state) for mask, state in self.nodes if done & ~mask == 0 and mask & ~begun == 0}
        if before_start:
            seen = {*(seen if day >= self.start.earliest else ()), self.cycle.shows(self.cycle.initial)}
        if self.unexplained:
            return Answer(stand, "possibly", _standings(seen), unexplained=True)
        return Answer(stand, "yes" if len(seen) == 1 else "possibly", _standings(seen))


def _standings(seen: Iterable[tuple[Hashable, ...]]) -> tuple[str, ...]:
    return tuple(sorted({str(shown[0]) for shown in seen}))


def _step(cycle: LifeCycle[S], stand: Stand[S], act: Act) -> Stand[S]:
    state = cycle.evolve(stand.state, act)
    sides = zip(cycle.standings(stand.state), cycle.standings(state), stand.givers, strict=True)
    givers = tuple(act if old != new else giver for old, new, giver in sides)
    held = cycle.standing(state) == cycle.standing(stand.state)
    return Stand(state, stand.since if held else act.on, givers, stand.giver if held else act)


def explore(cycle: LifeCycle[S], acts: Sequence[Act], start: Start[S]) -> History[S] | None:
    """Find every world of `acts` that begins at `start`; None when there is none.

    Raises:
        TooDoubtful: the search reaches more than `BOUND` pairs.
    """
    ordered = sorted(acts)
    before = [sum(1 << j for j, other in enumerate(ordered) if other.latest < act.earliest) for act in ordered]
    steps: dict[tuple[int, S], list[tuple[int, tuple[int, S]]]] = {}
    layer = {(0, start.state)}
    for _ in range(len(ordered) + 1):
        if len(steps) + len(layer) > BOUND:
            raise TooDoubtful
        following: set[tuple[int, S]] = set()
        for node in layer:
            steps[node] = list(_next(cycle, ordered, before, node))
            following.update(then for _, then in steps[node])
        layer = following
    return _shown(cycle, ordered, start, steps)


def _next(
    cycle: LifeCycle[S], ordered: list[Act], before: list[int], node: tuple[int, S]
) -> Iterable[tuple[int, tuple[int, S]]]:
    mask, state = node
    for i, act in enumerate(ordered):
        if not mask >> i & 1 and before[i] & ~mask == 0 and cycle.allowed(state, act):
            yield i, (mask | 1 << i, cycle.evolve(state, act))


def _shown(
    cycle: LifeCycle[S],
    ordered: list[Act],
    start: Start[S],
    steps: dict[tuple[int, S], list[tuple[int, tuple[int, S]]]],
) -> History[S] | None:
    """Keep the nodes from which every act can still be done, and walk the first world among them."""
    full = (1 << len(ordered)) - 1
    live: set[tuple[int, S]] = set()
    for node in reversed(steps):
        if node[0] == full or any(then in live for _, then in steps[node]):
            live.add(node)
    node = (0, start.state)
    if node not in live:
        return None
    order: list[int] = []
    while node[0] != full:
        i, node = next(step for step in steps[node] if step[1] in live)
        order.append(i)
    place = {i: 1 << shown for shown, i in enumerate(order)}
    nodes = tuple((sum(bit for i, bit in place.items() if mask >> i & 1), state) for mask, state in live)
    return History(cycle, start, tuple(ordered[i] for i in order), nodes)


def folded(cycle: LifeCycle[S], acts: Iterable[Act], start: Start[S]) -> History[S]:
    """The acts by their effect alone, for what remains when only some of them are known."""
    return History(cycle, start, tuple(sorted(acts)), ())


class Period(NamedTuple):
    """A rectangle of days known and days valid, half-open, and the answer that holds in it."""

    known_from: int
    known_to: int
    valid_from: int
    valid_to: int
    columns: tuple[object, ...]


class Teller(Protocol):
    """What a register tells of a subject whose acts are known: a row of columns for each day asked."""

    def __call__(self, acts: Sequence[Act], days: Sequence[int], /) -> Sequence[tuple[object, ...] | None]:
        """The columns at the end of each of `days`; None where the subject is not listed."""


def periods(
    acts: Sequence[Act], tell: Teller, more: Callable[[Sequence[Act]], Iterable[int]] = lambda _: ()
) -> list[Period]:
    """The rectangles in which a register's answer about one subject is the same, neighbours joined.

    They do not overlap; sorted by known and valid start. `more` days than those of the acts may bring another answer.
    """
    knowns = sorted({OPEN, *(edge for act in acts for edge in (act.known, act.until))})
    finished: list[Period] = []
    growing: list[Period] = []
    for known_from, known_to in pairwise(knowns):
        visible = [act for act in acts if act.known <= known_from < act.until]
        strip = _strip(visible, tell, known_from, known_to, more(visible)) if visible else []
        continued = {(p.valid_from, p.valid_to, p.columns): p for p in growing}
        growing_now = []
        for period in strip:
            old = continued.pop((period.valid_from, period.valid_to, period.columns), None)
            growing_now.append(old._replace(known_to=known_to) if old else period)
        finished.extend(continued.values())
        growing = growing_now
    return sorted([*finished, *growing])


def _strip(acts: Sequence[Act], tell: Teller, known_from: int, known_to: int, more: Iterable[int]) -> list[Period]:
    edges = {*more} | {bound for act in (*acts, *widened(acts)) for bound in act[:2] if abs(bound) < OPEN}
    days = sorted({-OPEN, *edges})
    strip: list[Period] = []
    for day, end, columns in zip(days, [*days[1:], OPEN], tell(acts, days), strict=True):
        if columns is None:
            continue
        if strip and strip[-1].valid_to == day and strip[-1].columns == columns:
            strip[-1] = strip[-1]._replace(valid_to=end)
        else:
            strip.append(Period(known_from, known_to, day, end, columns))
    return strip
