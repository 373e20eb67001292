"""The register of links: how each stands, for whom, since when, on what grade of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.history import Act, Answer, History
from domain.lifecycle import LinkCycle, LinkState, giver_of, history_as_known, listing, sides_of
from projections.register import DISPUTED, Register, Row, packed

COLUMNS: Final = (
    "kind", "standing", "flags", "suspended_by", "suspended_since", "since", "grade", "wording", "entry",
    "rests_on", "certainty", "possible", "assumed", "partner_kind", "unexplained",
)  # fmt: skip


def tell(name: str, acts: Sequence[Act], days: Sequence[int]) -> list[Row | None]:
    """How the link stood at the end of each day; None where no world gives it a standing."""
    history = history_as_known(sides_of(name), acts)
    if not history.acts and not history.start.assumed:
        reported = listing(acts)
        return [_reported(reported) if reported else None for _ in days]
    cycle = LinkCycle(sides_of(name))
    return [_row(cycle, history, answer) for answer in history.over(days)]


def _row(cycle: LinkCycle, history: History[LinkState], answer: Answer[LinkState]) -> Row | None:
    if answer.possible == ("none",):
        return None
    state = answer.stand.state
    standing = cycle.standing(state)
    giver = giver_of(cycle, history, answer.stand)
    return (
        packed(cycle.kind(state)),
        standing,
        packed(cycle.flags(state)),
        packed(cycle.suspended_by(state)),
        packed(cycle.suspended_since(answer.stand)),
        packed(answer.stand.since),
        packed(giver.grade if giver else None),
        packed(giver.wording if giver else None),
        giver.position if giver else None,
        giver.sources if giver else None,
        answer.certainty,
        packed(answer.possible),
        int(history.start.assumed),
        packed(cycle.partner_kind(state)),
        int(answer.unexplained),
    )


def _reported(listed: Act) -> Row:
    """A link that is known only because somebody who is no side of it lists it."""
    return (
        packed(listed.kind),
        "none",
        packed(("reported-only",)),
        packed(()),
        packed(()),
        None,
        packed(listed.grade),
        None,
        listed.position,
        listed.sources,
        "possibly",
        packed(("active", "none")),
        0,
        None,
        0,
    )


REGISTER: Final = Register("links", "link", (*COLUMNS, DISPUTED), ("link",), tell)
