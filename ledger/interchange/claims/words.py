"""The words of a table of claims: what its kinds, statuses and actions mean in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from ledger.interchange.claims.outcomes import Outcome, outcome

KINDS: Final = {
    "mou": "memorandum",
    "memorandum_of_understanding": "memorandum",
    "loi": "letter-of-intent",
    **{
        kind.replace("-", "_"): kind
        for kind in (
            "twinning", "friendship", "partnership", "project-partnership", "sister-city", "sister-state",
            "cooperation", "memorandum", "letter-of-intent", "civic-link",
        )
    },
}  # fmt: skip
"""By a source's word: the kind of link."""

STATUSES: Final = {
    "active": "link-listed",
    "listed": "link-listed",
    "unsupported": "link-listed",
    "not_listed": "link-listed",
    "exploring": "link-proposed",
    "proposed": "link-proposed",
    "agreed_in_principle": "link-agreed",
    "proposal_dropped": "proposal-dropped",
    "renewed": "link-renewed",
    "dormant": "link-lapsed",
    "lapsed": "link-lapsed",
    "under_review": "review-opened",
    "proposed_suspension": "suspension-announced",
    "proposed_termination": "ending-announced",
    "retained": "link-retained",
    "suspended": "link-suspended",
    "resumed": "link-resumed",
    "decided_to_end": "ending-decided",
    "notice_given": "notice-given",
    "terminated": "link-ended",
    "ended": "link-ended",
    "ending_rescinded": "ending-rescinded",
    "expired": "link-expired",
}
"""By status: the act that it reports; an active link is listed, unless the action says that it began or was renewed."""

ANNOUNCED: Final = "announced"
"""The status that needs to say of what."""

_SUSPENSION: Final = frozenset({
    "suspend", "suspends", "suspended", "suspending", "suspension", "pause", "pauses", "paused", "pausing", "freeze",
    "freezes", "freezing", "frozen",
})  # fmt: skip
_ENDING: Final = frozenset({
    "end", "ends", "ended", "ending", "terminate", "terminates", "terminated", "terminating", "termination", "sever",
    "severs", "severed", "severing", "severance", "dissolution", "discontinuation",
})  # fmt: skip
_ENDING_OF_A_LINK: Final = frozenset({"withdraw", "withdrawal", "withdrawing", "revoke", "revocation", "cancellation"})
"""What can be done to a report or a motion as well; an ending only where the table says what was announced."""
_OF_A_LINK: Final = frozenset({
    "the", "a", "an", "of", "to", "from", "with", "its", "their", "our", "all", "any", "this", "link", "links", "twin",
    "twinning", "twinnings", "town", "city", "sister", "state", "friendship", "partnership", "cooperation", "agreement",
    "memorandum", "relations", "relationship", "ties", "contact", "contacts", "temporary", "temporarily", "immediate",
    "immediately", "indefinite", "indefinitely", "formal", "formally", "full", "possible", "planned", "intended",
    "announced", "will", "be", "is",
})  # fmt: skip
"""What may stand beside a word for an act without changing what it says."""
_PARTNER: Final = re.compile(r"\s+(?:with|to)(?:\s+[A-Z]\S*)+$")
"""Whom it concerns, at the end: `suspension of ties with Volgograd`."""

SAYINGS: Final = frozenset({
    "link-retained", "suspension-announced", "ending-announced", "review-opened", "link-proposed", "link-agreed",
    "proposal-dropped",
})  # fmt: skip
"""The acts that consist in saying something: what a side says itself is done on the day of saying."""

DEEDS: Final = frozenset({"link-suspended", "link-resumed", "ending-decided", "notice-given", "link-ended"})
"""The acts of a side that take a power; who announces one has used it."""

BY_LETTER: Final = frozenset({"link-suspended", "link-resumed", "link-ended", "ending-rescinded"})
"""The acts that were done by the day on which a letter about them came."""

SIDE: Final = frozenset({
    *DEEDS, "link-retained", "suspension-announced", "ending-announced", "review-opened", "ending-rescinded",
})  # fmt: skip
"""The acts of one side."""

_OFFICES: Final = ("mayor", "leader", "provost", "governor", "president", "chair", "minister", "prefect")
_EXECUTIVE: Final = frozenset({*_OFFICES, "executive", "cabinet"})
_SAYING: Final = frozenset({
    *_OFFICES, "deputy", "council", "committee", "group", "press", "announcement", "announced", "announces",
    "announcing", "statement", "letter", "intention", "plan", "plans",
})  # fmt: skip
"""What may stand beside a word for an act in an action that tells who announced it."""
_CARRIED: Final = frozenset({"vote", "voted", "carried", "adopted", "passed", "amended"})
_DECIDED: Final = frozenset({"decision", "decided", "directive", "order", "decree", "resolution"})
_SIGNED: Final = frozenset({"signed", "signing", "signature", "sealed"})
_COMPILED: Final = frozenset({"page", "history", "roundup", "survey", "list", "listing", "website", "wiki", "staff"})
_SPOKEN: Final = frozenset({"statement", "speaker", "speech", "interview"})
_HEARSAY: Final = frozenset({"third", "party", "claim", "hearsay", "rumour", "unreliable"})
_REPORTED: Final = frozenset({"press", "report", "news", *_HEARSAY})


REPORTED: Final = 2
"""The distance of somebody who tells what others did."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How something was done, as far as its action says."""

    power: str | None
    """The power that it names; None when it names none."""
    office: str | None
    """The office that acted or spoke."""
    decides: bool
    """Whether somebody with the power decided."""
    announces: bool
    """Whether somebody announces or writes what may have been decided before."""
    signs: bool
    renews: bool
    takes_effect: bool
    """Whether the date is that of the effect, not of the deed."""
    spoken: bool
    """Whether a side says it itself, and the date is that of saying."""
    received: bool
    """Whether a letter came that tells of it, and the date is that of receipt."""
    compiled: bool
    """Whether somebody put it together, and the date is that of putting together."""
    hearsay: bool
    """Whether somebody speaks about what others did, wherever it is printed."""
    came: Outcome
    """What came of it: whether it was done, or only asked for, put off, voted down or undone."""
    distance: int
    """0 for what was done, 1 for what a side says of it, 2 for what others do."""


@cache
def manner(action: str) -> Manner:
    """What the words of an action tell."""
    words, came = set(action.split("_")), outcome(action.split("_"))
    done = came == "done"
    decides = done and bool(words & (_CARRIED | _DECIDED))
    signs, renews = done and bool(words & _SIGNED), done and bool(words & {"renewed", "renewal"})
    announces = bool(words & {"announcement", "announced", "letter"})
    spoken, takes_effect = bool(words & _SPOKEN), "effective" in words
    compiled = not spoken and bool(words & _COMPILED)
    reported = not spoken and (compiled or bool(words & _REPORTED))
    return Manner(
        power=next(_powers(words), None) if decides or announces else None,
        office=next((office.title() for office in _OFFICES if office in words), None),
        decides=decides,
        announces=announces,
        signs=signs,
        renews=renews,
        takes_effect=takes_effect,
        spoken=spoken,
        received={"letter", "received"} <= words,
        compiled=compiled,
        hearsay=bool(words & _HEARSAY),
        came=came,
        distance=REPORTED if reported else int(not (decides or signs or renews or takes_effect or came == "fallen")),
    )


def _powers(words: set[str]) -> Iterator[str]:
    if "committee" in words:
        yield "committee"
    if "association" in words:
        yield "association"
    if words & _CARRIED or "resolution" in words:
        yield "resolution"
    if "letter" not in words and words & _EXECUTIVE:
        yield "executive"
    if "decree" in words:
        yield "decree"


def announced(act: str) -> str | None:
    """The event that says what is announced, a suspension or an ending; None where it is not plainly one of them."""
    act = plain(_PARTNER.sub("", act.strip()))
    return _only_act(act, _ENDING | _ENDING_OF_A_LINK, _OF_A_LINK)


def announced_by(action: str) -> str | None:
    """The same, where an action names it beside who announced it: `suspension_announced`; None where it does not."""
    return _only_act(plain(action), _ENDING, _OF_A_LINK | _SAYING)


def _only_act(text: str, ending: frozenset[str], beside: frozenset[str]) -> str | None:
    """The act that a text names, if it names one, and says nothing else that could turn it into another."""
    words = {word for word in text.split("_") if word}
    named = {
        event for event, names in (("suspension-announced", _SUSPENSION), ("ending-announced", ending)) if words & names
    }
    return named.pop() if len(named) == 1 and words <= _SUSPENSION | ending | beside else None


def opposed(act: str | None, event: str) -> bool:
    """Whether a status reports a suspension where the act says an ending, or the other way round."""
    ending = event in ("ending-announced", "ending-decided", "notice-given", "link-ended")
    suspending = event in ("suspension-announced", "link-suspended")
    return (act == "suspension-announced" and ending) or (act == "ending-announced" and suspending)


def plain(word: str) -> str:
    """A word of the table as the lists here have it."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())
