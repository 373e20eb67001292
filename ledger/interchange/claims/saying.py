"""What stood on the day of saying: the act on record that a source repeats, or since when the act must have followed.

Who says on some day that a link is suspended tells of a suspension by that day that nothing had taken back. One that
is told already, and stood then, is the one that is meant. If all that are told had been taken back, it came after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.dates import OPEN, Date, written
from domain.lifecycle import LIFE_CYCLE, UNDOES, WORSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.history import Act


def repeated(said: Act, day: Date, told: Sequence[Act]) -> Act | None:
    """The act that a source of that day says again: the last one of its type that stood then, as far as is told."""
    same = [act for act in told if _same(said, act) and act.earliest <= day.latest]
    last = max(same, key=_when, default=None)
    if last and not any(_when(act) > _when(last) for act in _back(said, day, told)):
        return last
    return None


def since(said: Act, day: Date, told: Sequence[Act]) -> str | None:
    """The date of an act that stood on that day, since the last one that had taken such an act back; None for none."""
    last = max(_back(said, day, told), key=_when, default=None)
    if last is None or last.earliest == -OPEN:
        return None
    return f"[{_plain(last.on) or written(last.earliest)}..{_plain(day.text) or written(day.latest)}]"


def unsays(act: Act, said: Act, day: Date, told: Sequence[Act]) -> bool:
    """Whether an act that comes before that day, and can come after what was said to stand then, takes it back."""
    return act in _back(said, day, [*told, act]) and said.earliest <= act.latest


def _back(said: Act, day: Date, told: Sequence[Act]) -> list[Act]:
    """The acts surely before that day that take back what was said to stand on it; a first beginning does not."""
    first = min((act for act in told if act.happens and act is not said), key=_when, default=None)
    before = [act for act in told if act.latest < day.earliest and _takes_back(act, said)]
    return [act for act in before if act is not first or "none" not in LIFE_CYCLE[act.row].origins]


def _takes_back(act: Act, said: Act) -> bool:
    """Whether `act` can follow upon `said`, for the same side, and leaves nothing of it."""
    if not act.happens or (act.side and said.side and act.side != said.side):
        return False
    row, claimed = LIFE_CYCLE[act.row], LIFE_CYCLE[said.row]
    if claimed.to == "same":
        return bool(claimed.sets) and act.type != said.type and (claimed.sets in row.clears or row.afresh)
    if claimed.to not in WORSE:
        return said.type in _undone(act)
    return claimed.to in row.origins and row.to not in ("same", claimed.to)


def _undone(act: Act) -> frozenset[str]:
    """What an act repeats after it was taken back: a suspension undoes the resumption before it."""
    return frozenset(undo for undo, undone in UNDOES.items() if act.type in undone)


def _same(said: Act, act: Act) -> bool:
    return act.happens and not act.dispute and (act.type, act.side) == (said.type, said.side)


def _when(act: Act) -> tuple[int, int]:
    return act.earliest, act.latest


def _plain(text: str) -> str:
    """A date that may stand inside a set of days; empty where it may not."""
    return text if text.replace("-", "").isdigit() else ""
