"""The closed list of events: their names on disk, and the union that every reader must answer for."""

from __future__ import annotations

from typing import Final, get_args

from domain.agreements import AgreementSigned
from domain.bodies import BodyRegistered, BodyRenamed, BodySucceeded
from domain.decisions import (
    DecisionCalledIn,
    DecisionDisapproved,
    DecisionRatified,
    DecisionRevoked,
    DecisionTaken,
)
from domain.letters import LetterReceived, LetterSent
from domain.links import AnyLinkEvent, LinkEvent, LinkListed
from domain.meetings import MeetingHeld
from domain.motions import (
    MotionAmended,
    MotionCarried,
    MotionLapsed,
    MotionLost,
    MotionMoved,
    MotionReferred,
    MotionRescinded,
    MotionWithdrawn,
)
from domain.pledges import PledgeDropped, PledgeKept, PledgeMade
from domain.statements import RequestReceived, StatementMade

AnyBodyEvent = BodyRegistered | BodyRenamed | BodySucceeded
AnyMotionEvent = (
    MotionMoved | MotionAmended | MotionCarried | MotionLost
    | MotionLapsed | MotionWithdrawn | MotionReferred | MotionRescinded
)  # fmt: skip
AnyDecisionEvent = DecisionTaken | DecisionCalledIn | DecisionRatified | DecisionDisapproved | DecisionRevoked
AnyLetterEvent = LetterSent | LetterReceived
AnyPledgeEvent = PledgeMade | PledgeKept | PledgeDropped
AnySaying = StatementMade | RequestReceived

AnyEvent = (
    AnyBodyEvent | MeetingHeld | AnyMotionEvent | AnyDecisionEvent | AgreementSigned
    | AnyLinkEvent | AnyLetterEvent | AnySaying | AnyPledgeEvent
)  # fmt: skip

EVENTS: Final[dict[str, type[AnyEvent]]] = {event.type: event for event in get_args(AnyEvent)}
"""By name without version, in the order of the vocabulary."""

_IN_TURN: Final = ("body", "meeting", "motion", "decision", "agreement", "link", "letter", "saying", "pledge")


def _subject(event: type[AnyEvent]) -> str:
    if issubclass(event, LinkEvent | LinkListed):
        return "link"
    return next((subject for subject in _IN_TURN if event.type.startswith(subject)), "saying")


SUBJECTS: Final = {name: _subject(event) for name, event in EVENTS.items()}
"""What each event is about: a body, a link, a kind of paper, or nothing but a saying."""

RANKS: Final = {name: _IN_TURN.index(subject) for name, subject in SUBJECTS.items()}
"""The order in which the entries of a batch are tried, by subject."""
