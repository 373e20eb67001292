"""The history of any subject - a link, a body, a paper - whatever its table, and whatever is disputed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.history import TooDoubtful, choices
from domain.lifecycle import history, sides_of
from domain.papers import CYCLES, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.history import Act, Choice, History
    from domain.lifecycle import LinkState


def name_of(subject: str) -> str:
    """The name behind a subject's tag."""
    return subject.split(":", 1)[1]


def kinds_of(acts: Sequence[Act]) -> list[str]:
    """What the name of a subject is on record for; more than one where a name was used twice."""
    return list(dict.fromkeys(act.cycle for act in acts if act.happens and names(act)))


def history_of(subject: str, acts: Sequence[Act]) -> History[LinkState] | History[str] | None:
    """The worlds of a subject's acts, none of them disputed; None when there is none.

    Raises:
        TooDoubtful: the dates leave too many orders open.
    """
    if subject.startswith("link:"):
        return history(sides_of(name_of(subject)), acts)
    kinds = kinds_of(acts)
    if len(kinds) > 1:
        return None
    cycle = CYCLES[kinds[0] if kinds else acts[0].cycle]
    return cycle.history([act for act in acts if act.cycle == cycle.kind])


def fits(subject: str, acts: Sequence[Act]) -> bool:
    """Whether undisputed acts have a world that can be found within bounds."""
    try:
        return not acts or history_of(subject, acts) is not None
    except TooDoubtful:
        return False


def choice(subject: str, acts: Sequence[Act]) -> Choice:
    """The accounts that are shown of what is disputed: the first choice that has a world, else the first."""
    found = choices(acts)
    return found[0] if len(found) == 1 else next((one for one in found if fits(subject, one.acts)), found[0])


def shown(subject: str, acts: Sequence[Act]) -> list[Act]:
    """The acts of the accounts that are shown."""
    return choice(subject, acts).acts


def possible(subject: str, acts: Sequence[Act]) -> bool:
    """Whether some choice among the accounts of what is disputed has a world."""
    return any(fits(subject, one.acts) for one in choices(acts))
