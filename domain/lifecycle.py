"""The life cycle of a link: the table, the state of its two sides, and what each act does to it.

Source: one council's decision suffices to suspend or end a link (Council of European Municipalities
and Regions, on agreements), and only that side can undo it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from domain.dates import OPEN, written
from domain.history import DENIAL, Act, History, Stand, Start, TooDoubtful, explore, folded, widened

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

# State

Standing = Literal["none", "proposed", "agreed", "active", "dormant", "suspended", "ending", "expired", "ended"]
WORSE: Final[tuple[Standing, ...]] = get_args(Standing)
"""The standings, each worse than the one before; a link's is that of its worst side."""


class Side(NamedTuple):
    """How a link stands for one of its sides."""

    standing: Standing = "none"
    kind: str = ""
    flags: frozenset[str] = frozenset()
    before_suspension: Standing = "active"
    """What a resumption goes back to."""
    before_ending: Standing = "active"
    """What a rescinded ending goes back to."""


class LinkState(NamedTuple):
    """How a link stands."""

    sides: tuple[Side, Side] = (Side(), Side())
    flags: frozenset[str] = frozenset()
    """Those of the link as a whole."""
    before_proposal: tuple[Side, Side] = (Side(), Side())
    """What a dropped proposal goes back to."""
    heirs: frozenset[tuple[str, str]] = frozenset()
    """Each body that was abolished by now, with each of those that act for it from then on."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the life cycle: what an event moves, from where, to where."""

    event: str
    moves: Literal["joint", "side", "nothing"]
    origins: tuple[Standing, ...]
    to: Standing | Literal["same", "as before"]
    sets: str = ""
    clears: frozenset[str] = frozenset()
    afresh: bool = False
    """Clears both sides' acts and flags."""
    another_kind: str = ""
    """The flag it sets instead on a live link, when it names another kind."""


_NOT_IN_FORCE: Final[tuple[Standing, ...]] = ("none", "ended", "expired")
_IN_FORCE: Final[tuple[Standing, ...]] = ("active", "dormant", "suspended", "ending")
_DOUBTS: Final = frozenset({"under-review", "suspension-announced", "ending-announced"})

LIFE_CYCLE: Final = (
    Row("link-proposed", "joint", _NOT_IN_FORCE, "proposed", afresh=True, another_kind="kind-proposed"),
    Row("link-agreed", "joint", ("proposed", *_NOT_IN_FORCE), "agreed", afresh=True, another_kind="kind-agreed"),
    Row("proposal-dropped", "joint", ("proposed", "agreed"), "as before"),
    Row("link-formed", "joint", ("proposed", "agreed", *_NOT_IN_FORCE), "active", afresh=True),
    Row("agreement-signed", "nothing", WORSE, "same"),
    Row("link-renewed", "joint", ("active", "dormant", "expired"), "active"),
    Row("link-kind-changed", "joint", _IN_FORCE, "same", clears=frozenset({"kind-proposed", "kind-agreed"})),
    Row("link-lapsed", "joint", ("active",), "dormant"),
    Row("review-opened", "side", _IN_FORCE, "same", sets="under-review"),
    Row("suspension-announced", "side", _IN_FORCE, "same", sets="suspension-announced"),
    Row("ending-announced", "side", _IN_FORCE, "same", sets="ending-announced"),
    Row("link-retained", "side", ("active", "dormant"), "same", sets="retained", clears=_DOUBTS),
    Row("link-suspended", "side", ("active", "dormant"), "suspended", clears=_DOUBTS - {"ending-announced"}),
    Row("link-resumed", "side", ("suspended",), "as before"),
    Row("ending-decided", "side", ("active", "dormant", "suspended"), "ending"),
    Row("notice-given", "side", _IN_FORCE, "ending"),
    Row("link-ended", "side", ("expired", *_IN_FORCE), "ended", clears=_DOUBTS - {"suspension-announced"}),
    Row("ending-rescinded", "side", ("ending", "ended"), "as before"),
    Row("link-expired", "joint", ("active", "dormant", "suspended"), "expired", afresh=True),
    Row("link-listed", "nothing", WORSE, "same"),
    Row("body-succeeded", "side", WORSE, "same", sets="side-abolished"),
)
"""The table used by the decider and printed by `civic schema lifecycle`; its order breaks ties."""

UNDOES: Final = {
    "proposal-dropped": frozenset({"link-proposed", "link-agreed"}),
    "link-resumed": frozenset({"link-suspended"}),
    "ending-rescinded": frozenset({"ending-decided", "notice-given", "link-ended"}),
}
"""What each act takes back that leads to how it was before."""

SUCCESSION: Final = "body-succeeded"
"""The event of a body that every link of it feels."""

_TAKES_OVER: Final = frozenset({"link-retained", "link-ended"})
"""What a successor does to say that the link is its own now, beside renewing it."""

ROWS: Final = {row.event: place for place, row in enumerate(LIFE_CYCLE)}

# Evolve


@dataclass(frozen=True, slots=True)
class LinkCycle:
    """The life cycle, for the two sides of one link in the order in which they are shown."""

    sides: tuple[str, str]

    @property
    def initial(self) -> LinkState:
        """Nothing on record."""
        return LinkState()

    def allowed(self, state: LinkState, act: Act) -> bool:
        """Whether the table lets `act` happen in `state`."""
        row = LIFE_CYCLE[act.row]
        acting = self.acts_for(state, act.side)
        if act.type == SUCCESSION:
            return True
        if row.moves == "side":
            return acting is not None and state.sides[acting].standing in row.origins
        own = not act.side or acting is not None
        return own and (self.standing(state) in row.origins or self._names_another_kind(state, act))

    def evolve(self, state: LinkState, act: Act) -> LinkState:
        """The state after `act`; total, also where the table does not allow it."""
        if act.type == SUCCESSION:
            return self._succeeded(state, act)
        if LIFE_CYCLE[act.row].moves == "side":
            acting = self.acts_for(state, act.side)
            first, second = (
                _alone(side, act, self.sides[i]) if i == acting else side for i, side in enumerate(state.sides)
            )
            return state._replace(sides=(first, second))
        return self._jointly(state, act)

    def acts_for(self, state: LinkState, body: str) -> int | None:
        """Which side a body acts for: its own, or that of an abolished one that it succeeded; None for neither."""
        if body in self.sides:
            return self.sides.index(body)
        for place, side in enumerate(self.sides):
            acting, fresh = {side}, {side}
            while fresh:
                fresh = {heir for gone, heir in state.heirs if gone in fresh} - acting
                acting |= fresh
            if body in acting:
                return place
        return None

    def standings(self, state: LinkState) -> tuple[str, str]:
        """The standing of each side."""
        return state.sides[0].standing, state.sides[1].standing

    def standing(self, state: LinkState) -> Standing:
        """The standing of the link: its worst side's."""
        return max((side.standing for side in state.sides), key=WORSE.index)

    def kind(self, state: LinkState) -> str:
        """The kind shown: the first side's, or the other's where the first side's is not known."""
        return state.sides[0].kind or state.sides[1].kind

    def partner_kind(self, state: LinkState) -> str:
        """The second side's kind, where it is known to be another."""
        return state.sides[1].kind if state.sides[1].kind != self.kind(state) else ""

    def suspended_by(self, state: LinkState) -> tuple[str, ...]:
        """The sides for which the link is suspended."""
        return tuple(name for name, side in zip(self.sides, state.sides, strict=True) if side.standing == "suspended")

    def suspended_since(self, stand: Stand[LinkState]) -> tuple[str, ...]:
        """The day of each suspension that still holds, as written, in the order of `suspended_by`."""
        sides = zip(stand.givers, stand.state.sides, strict=False)  # before an assumed beginning there are no givers
        return tuple(giver.on for giver, side in sides if giver and side.standing == "suspended")

    def flags(self, state: LinkState) -> tuple[str, ...]:
        """Everything else that holds, sorted."""
        return tuple(sorted(state.flags.union(*(side.flags for side in state.sides))))

    def shows(self, state: LinkState) -> tuple[Hashable, ...]:
        """Standing, kind, suspending sides and flags."""
        return self.standing(state), self.kind(state), self.suspended_by(state), self.flags(state)

    def _succeeded(self, state: LinkState, act: Act) -> LinkState:
        acting = self.acts_for(state, act.side)
        first, second = (
            side._replace(flags=side.flags | {"side-abolished"})
            if i == acting and side.standing not in _NOT_IN_FORCE
            else side
            for i, side in enumerate(state.sides)
        )
        return state._replace(sides=(first, second), heirs=state.heirs.union(heirs_of(act)))

    def _names_another_kind(self, state: LinkState, act: Act) -> bool:
        live = self.standing(state) in _IN_FORCE and LIFE_CYCLE[act.row].another_kind != ""
        return live and act.kind not in ("", *(side.kind for side in state.sides if side.kind))

    def _jointly(self, state: LinkState, act: Act) -> LinkState:
        row = LIFE_CYCLE[act.row]
        if self._names_another_kind(state, act):
            return state._replace(sides=_unretained(state), flags=state.flags | {row.another_kind})
        kinds = self._kinds(state, act)
        first, second = (side._replace(kind=kind) for side, kind in zip(_unretained(state), kinds, strict=True))
        match row.to:
            case "as before":
                return LinkState(state.before_proposal, heirs=state.heirs)
            case "same":
                return state._replace(sides=(first, second), flags=state.flags - row.clears)
            case to if row.afresh:
                going_on = self.standing(state) in ("proposed", "agreed")
                before = state.before_proposal if going_on else state.sides
                return LinkState((Side(to, kinds[0]), Side(to, kinds[1])), before_proposal=before, heirs=state.heirs)
            case to:
                renewed = (
                    side._replace(standing=to, flags=self._taken_over(state, place, side.flags, act))
                    for place, side in enumerate((first, second))
                )
                first, second = renewed
                return state._replace(sides=(first, second))

    def _taken_over(self, state: LinkState, place: int, flags: frozenset[str], act: Act) -> frozenset[str]:
        """The flags of a side after a renewal: it needs nobody to act for it any more, if somebody did."""
        successor = act.side != self.sides[place] and self.acts_for(state, act.side) == place
        renews = act.type == "link-renewed" and (successor or not act.side)
        return flags - {"side-abolished"} if renews else flags

    def _kinds(self, state: LinkState, act: Act) -> tuple[str, str]:
        """What the link is for each side after a joint act: a side that acts speaks for itself alone."""
        begins = LIFE_CYCLE[act.row].afresh and self.standing(state) in ("none", "ended", "expired")
        expires = LIFE_CYCLE[act.row].to == "expired"
        first, second = ("" if begins and not expires else side.kind for side in state.sides)
        if not act.kind:
            return first, second
        acting = self.acts_for(state, act.side)
        speaks = [not act.side or acting == side for side in (0, 1)]
        return act.kind if speaks[0] else first, act.kind if speaks[1] else second


def _unretained(state: LinkState) -> tuple[Side, Side]:
    first, second = (side._replace(flags=side.flags - {"retained"}) for side in state.sides)
    return first, second


def _alone(side: Side, act: Act, name: str) -> Side:
    row = LIFE_CYCLE[act.row]
    flags = side.flags - row.clears - {"retained"} | ({row.sets} if row.sets else set())
    if act.side != name and act.type in _TAKES_OVER:
        flags -= {"side-abolished"}
    match row.to:
        case "same":
            return side._replace(flags=flags)
        case "as before":
            if act.type == "link-resumed":
                return side._replace(flags=flags, standing=side.before_suspension, before_suspension="active")
            return side._replace(flags=flags, standing=side.before_ending, before_ending="active")
        case "suspended":
            return side._replace(flags=flags, standing="suspended", before_suspension=side.standing)
        case to:
            before = side.before_ending if side.standing in ("ending", "ended") else side.standing
            return side._replace(flags=flags, standing=to, before_ending=before)


def sides_of(link: str) -> tuple[str, str]:
    """The two bodies of a link, in the order written."""
    first, second = link.split("--")
    return first, second


def spelled(acts: Sequence[Act]) -> str:
    """A link as it was spelled when first recorded."""
    first = min((act for act in acts if act.happens and act.type != SUCCESSION), key=lambda act: act.position)
    return str(json.loads(first.detail)["link"])


def with_successions(link: str, acts: Sequence[Act], successions: Sequence[Act]) -> list[Act]:
    """The acts of a link, and with them the successions of its sides and of whoever succeeded those.

    `successions` are the acts of entries that tell of one; by their other accounts, nobody was succeeded.
    """
    bodies, felt = set(sides_of(link)), list[Act]()
    for _ in successions:
        felt = [act for act in successions if act.subject.split(":", 1)[1] in bodies]
        bodies |= {heir for act in felt for _, heir in heirs_of(act)}
    tag = "link:" + "--".join(sorted(sides_of(link)))
    return [*acts, *(_felt(act, tag) for act in felt)]


def _felt(act: Act, link: str) -> Act:
    body = act.subject.split(":", 1)[1]
    row = ROWS[SUCCESSION] if act.type == SUCCESSION else DENIAL
    return act._replace(row=row, subject=link, cycle="link", side=body)


def heirs_of(act: Act) -> list[tuple[str, str]]:
    """The body that was succeeded by an act, with each of its successors; none by any other act."""
    body = act.subject.split(":", 1)[1] if act.cycle == "body" else act.side
    return [(body, heir) for heir in json.loads(act.detail)["successors"]] if act.type == SUCCESSION else []


def _moving(sides: tuple[str, str], acts: Sequence[Act]) -> list[Act]:
    """The acts that can move the link; who succeeded whom matters only to a link that something happened to.

    Of a body that, by these acts, never came to act for a side, it does not matter who succeeded it.
    """
    moving = [act for act in acts if LIFE_CYCLE[act.row].moves != "nothing"]
    successions = [act for act in moving if act.type == SUCCESSION]
    if len(successions) == len(moving):
        return []
    bodies = set(sides)
    for _ in successions:
        bodies |= {heir for act in successions if act.side in bodies for _, heir in heirs_of(act)}
    return [act for act in moving if act.type != SUCCESSION or act.side in bodies]


def history(sides: tuple[str, str], acts: Sequence[Act]) -> History[LinkState] | None:
    """Every world of a link's acts, from nothing on record or else from an assumed beginning.

    None when no order of the acts that respects their dates is allowed.

    Raises:
        TooDoubtful: the dates leave too many orders open.
    """
    cycle, acts = LinkCycle(sides), widened(acts)
    moving = _moving(sides, acts)
    recorded = explore(cycle, moving, Start(cycle.initial)) if moving else None
    if recorded:
        return recorded
    assumed = _assumed(moving, acts)
    return explore(cycle, moving, assumed or Start(cycle.initial))


def history_as_known(sides: tuple[str, str], acts: Sequence[Act]) -> History[LinkState]:
    """As `history`, for the acts that were known at some day: always an answer, if an unexplained one."""
    try:
        found = history(sides, acts)
    except TooDoubtful:
        found = None
    if found:
        return found
    cycle = LinkCycle(sides)
    moving = sorted(_moving(sides, acts))
    begun = cycle.allowed(cycle.initial, next(act for act in moving if act.type != SUCCESSION))
    return folded(cycle, moving, Start(cycle.initial) if begun else _assumed(moving, acts) or Start(cycle.initial))


def giver_of(cycle: LinkCycle, history: History[LinkState], stand: Stand[LinkState]) -> Act | None:
    """The act that gave the link its standing, on whose evidence it rests.

    Where that act was undone and another side's keeps the standing up, the first of those in the shown order.
    """
    standing = cycle.standing(stand.state)
    sides = zip(stand.givers, stand.state.sides, strict=False)
    upheld = [giver for giver, side in sides if giver and side.standing == standing]
    if stand.giver in upheld:
        return stand.giver
    return next((act for act in history.acts if act in upheld), None)


def listing(acts: Sequence[Act]) -> Act | None:
    """The observation by which a link is taken to be in force: the best graded, then the earliest."""
    listings = [act for act in acts if act.type == "link-listed"]
    return min(listings, key=lambda act: (act.grade not in ("official", "council"), act.latest, act), default=None)


def _assumed(moving: Sequence[Act], acts: Sequence[Act]) -> Start[LinkState] | None:
    """The beginning that no entry records but the acts, or a listing of good grade, presuppose."""
    own = (act for act in moving if act.type != SUCCESSION)
    act = min(own, key=lambda act: (act.latest, act), default=None)
    listed = listing(acts)
    if listed and listed.grade in ("official", "council") and (act is None or listed.latest <= act.latest):
        side = Side("active", listed.kind or (act.kind if act else ""))
        return Start(LinkState((side, side)), listed.latest, listed.on, listed, listed.earliest)
    if act is None:
        return None
    side = Side("active", act.kind)
    on = f"[..{written(act.latest)}]" if act.latest < OPEN else ""
    return Start(LinkState((side, side)), act.latest, on, act)
