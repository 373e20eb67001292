"""What happens in the world: every event but those about the record itself."""

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
from domain.links import AnyLinkEvent
from domain.meetings import (
    MeetingAdjourned,
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MinutesApproved,
    MinutesCorrected,
    MinutesPublished,
    MinutesReplaced,
)
from domain.motions import (
    MotionAmended,
    MotionCarried,
    MotionDeferred,
    MotionLapsed,
    MotionLost,
    MotionMoved,
    MotionReferred,
    MotionRescinded,
    MotionVetoed,
    MotionWithdrawn,
    VetoOverridden,
)
from domain.pledges import PledgeDropped, PledgeKept, PledgeMade
from domain.statements import RequestReceived, StatementMade

AnyBodyEvent = BodyRegistered | BodyRenamed | BodySucceeded
AnyMeetingEvent = (
    MeetingCalled | MeetingHeld | MeetingAdjourned | MeetingCancelled
    | MinutesPublished | MinutesReplaced | MinutesApproved | MinutesCorrected
)  # fmt: skip
AnyMotionEvent = (
    MotionMoved | MotionAmended | MotionCarried | MotionLost
    | MotionLapsed | MotionWithdrawn | MotionReferred | MotionDeferred
    | MotionVetoed | VetoOverridden | MotionRescinded
)  # fmt: skip
AnyDecisionEvent = DecisionTaken | DecisionCalledIn | DecisionRatified | DecisionDisapproved | DecisionRevoked
AnyLetterEvent = LetterSent | LetterReceived
AnyPledgeEvent = PledgeMade | PledgeKept | PledgeDropped
AnySaying = StatementMade | RequestReceived

AnyHappening = (
    AnyBodyEvent | AnyMeetingEvent | AnyMotionEvent | AnyDecisionEvent | AgreementSigned
    | AnyLinkEvent | AnyLetterEvent | AnySaying | AnyPledgeEvent
)  # fmt: skip

HAPPENINGS: Final[dict[str, type[AnyHappening]]] = {event.type: event for event in get_args(AnyHappening)}
"""By name without version, in the order of the vocabulary."""
