"""What a name can be on record for: a body, or a paper - a meeting, motion, decision, letter, pledge, agreement.

Each kind has a small table of its own; `domain.history` finds what stood when the dates are in doubt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.history import Act, History, Start, TooDoubtful, explore, folded, widened
from domain.lifecycle import sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a table: the event, the standings it may come after, and what it leads to."""

    event: str
    origins: frozenset[str]
    to: str
    """A standing, or `same`."""
    rule: str = "dates/possible"
    """The rule that refuses it elsewhere."""
    names: bool = True
    """Whether it puts the paper on record; a letter does not so for what it encloses."""


@dataclass(frozen=True, slots=True)
class PaperCycle:
    """The life of one kind of paper: a single side, whose state is its standing."""

    kind: str
    steps: tuple[Step, ...]

    @property
    def initial(self) -> str:
        """Nothing on record."""
        return "none"

    def row(self, event: str) -> int:
        """The place of an event in the table."""
        return next(place for place, step in enumerate(self.steps) if step.event == event)

    def allowed(self, state: str, act: Act) -> bool:
        """Whether the table lets `act` happen in `state`."""
        return state in self.steps[act.row].origins

    def evolve(self, state: str, act: Act) -> str:
        """The standing after `act`; what is told of a paper that nothing is known of presupposes that it began."""
        to = self.steps[act.row].to
        if to != "same":
            return to
        return self.steps[0].to if state == self.initial else state

    def standings(self, state: str) -> tuple[str, ...]:
        """The one standing."""
        return (state,)

    def standing(self, state: str) -> str:
        """The one standing."""
        return state

    def shows(self, state: str) -> tuple[str, ...]:
        """The standing."""
        return (state,)

    def rule(self, act: Act) -> str:
        """The rule that refuses `act` where the table does not allow it."""
        return self.steps[act.row].rule

    def history(self, acts: Sequence[Act]) -> History[str] | None:
        """Every world of the acts; None when no order that respects their dates is allowed.

        Raises:
            TooDoubtful: the dates leave too many orders open.
        """
        return explore(self, widened(acts), Start(self.initial))

    def history_as_known(self, acts: Sequence[Act]) -> History[str]:
        """As `history`, for the acts that were known at some day: always an answer."""
        try:
            return self.history(acts) or folded(self, acts, Start(self.initial))
        except TooDoubtful:
            return folded(self, acts, Start(self.initial))


def _from(*standings: str) -> frozenset[str]:
    return frozenset(standings)


_UNDECIDED = ("none", "moved", "referred", "deferred")

BODY: Final = PaperCycle("body", (
    Step("body-registered", _from("none"), "registered"),
    Step("body-renamed", _from("registered"), "same"),
    Step("body-succeeded", _from("registered"), "same"),
))  # fmt: skip

_HELD = ("none", "held", "adjourned")
_MINUTES = (*_HELD, "minutes-published")

MEETING: Final = PaperCycle("meeting", (
    Step("meeting-held", _from("none", "called", "adjourned"), "held", "minutes/order"),
    Step("meeting-called", _from("none"), "called", "minutes/order"),
    Step("meeting-adjourned", _from("none", "called", "held"), "adjourned", "minutes/order"),
    Step("meeting-cancelled", _from("none", "called", "adjourned"), "cancelled", "minutes/order"),
    Step("minutes-published", _from(*_HELD), "minutes-published", "minutes/order"),
    Step("minutes-replaced", _from(*_MINUTES), "minutes-published", "minutes/order"),
    Step("minutes-approved", _from(*_MINUTES), "minutes-approved", "minutes/order"),
    Step("minutes-corrected", _from(*_MINUTES, "minutes-approved"), "same", "minutes/order"),
))  # fmt: skip

MOTION: Final = PaperCycle("motion", (
    Step("motion-moved", _from("none"), "moved", "motion/order"),
    Step("motion-amended", _from(*_UNDECIDED), "moved", "motion/order"),
    Step("motion-referred", _from(*_UNDECIDED), "referred", "motion/order"),
    Step("motion-deferred", _from(*_UNDECIDED), "deferred", "motion/order"),
    Step("motion-lapsed", _from(*_UNDECIDED), "lapsed", "motion/order"),
    Step("motion-withdrawn", _from(*_UNDECIDED), "withdrawn", "motion/order"),
    Step("motion-carried", _from(*_UNDECIDED, "rescinded"), "carried", "motion/order"),
    Step("motion-lost", _from(*_UNDECIDED, "rescinded"), "lost", "motion/order"),
    Step("motion-vetoed", _from("none", "carried"), "vetoed", "motion/order"),
    Step("veto-overridden", _from("none", "vetoed"), "carried", "motion/order"),
    Step("motion-rescinded", _from("carried"), "rescinded", "rescission/of-something"),
    Step("letter-sent", _from("carried", "rescinded"), "same", "letter/encloses-carried", names=False),
    Step("letter-received", _from("carried", "rescinded"), "same", "letter/encloses-carried", names=False),
))  # fmt: skip
"""A letter that encloses a motion is part of the motion's history: it was carried by then."""

DECISION: Final = PaperCycle("decision", (
    Step("decision-taken", _from("none"), "taken"),
    Step("decision-called-in", _from("none", "taken", "ratified", "disapproved", "revoked"), "called-in"),
    Step("decision-ratified", _from("none", "taken", "called-in", "disapproved", "revoked"), "ratified"),
    Step("decision-disapproved", _from("none", "taken", "called-in", "ratified", "revoked"), "disapproved"),
    Step("decision-revoked", _from("none", "taken", "called-in", "ratified", "disapproved"), "revoked"),
))  # fmt: skip

AGREEMENT: Final = PaperCycle("agreement", (Step("agreement-signed", _from("none"), "signed"),))

LETTER: Final = PaperCycle("letter", (
    Step("letter-sent", _from("none"), "sent"),
    Step("letter-received", _from("none", "sent"), "received"),
))  # fmt: skip

PLEDGE: Final = PaperCycle("pledge", (
    Step("pledge-made", _from("none"), "made"),
    Step("pledge-kept", _from("none", "made", "dropped"), "kept"),
    Step("pledge-dropped", _from("none", "made", "kept"), "dropped"),
))  # fmt: skip

CYCLES: Final = {cycle.kind: cycle for cycle in (BODY, MEETING, MOTION, DECISION, AGREEMENT, LETTER, PLEDGE)}

PAPERS: Final = tuple(kind for kind in CYCLES if kind != "body")
"""The kinds of paper; so is called the field of an event that names the paper."""


def names(act: Act) -> bool:
    """Whether `act` puts the name of its subject on record."""
    return act.cycle == "link" or CYCLES[act.cycle].steps[act.row].names


def links_agreed(act: Act) -> list[str]:
    """The tags of the links on which an agreement was signed; none for any other act."""
    if act.type != "agreement-signed" or not act.happens:
        return []
    return ["link:" + "--".join(sorted(sides_of(link))) for link in json.loads(act.detail)["links"]]
