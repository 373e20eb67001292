"""The closed list of events: their names on disk, and the union that every reader must answer for."""

from __future__ import annotations

from typing import Final, get_args

from domain.custody import AnyCustody
from domain.happenings import HAPPENINGS, AnyHappening
from domain.records import AnyRecord

AnyEvent = AnyHappening | AnyRecord | AnyCustody

EVENTS: Final[dict[str, type[AnyEvent]]] = {
    **HAPPENINGS,
    **{event.type: event for event in (*get_args(AnyRecord), *get_args(AnyCustody))},
}
"""By name without version, in the order of the vocabulary."""

_IN_TURN: Final = ("body", "meeting", "motion", "decision", "agreement", "link", "letter", "saying", "pledge", "record")

RANKS: Final = {name: _IN_TURN.index(event.cycle) for name, event in EVENTS.items()}
"""The order in which the entries of a batch are tried, by what they are about."""
