"""The words of a table of claims: what its kinds, statuses and actions mean in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

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

_ACTS: Final = (
    (re.compile(r"(?:^|_)(?:suspen|paus|freez|frozen)"), "suspension-announced"),
    (re.compile(r"(?:^|_)(?:end|terminat|sever|withdraw|revo)"), "ending-announced"),
)

SAYINGS: Final = frozenset({"link-retained", "suspension-announced", "ending-announced"})
"""The acts that consist in saying something: what a side says itself is done on the day of saying."""

DEEDS: Final = frozenset({"link-suspended", "link-resumed", "ending-decided", "notice-given", "link-ended"})
"""The acts of a side that take a power; who announces one has used it."""

SIDE: Final = frozenset({*SAYINGS, *DEEDS, "review-opened", "ending-rescinded"})
"""The acts of one side."""

_OFFICES: Final = ("mayor", "leader", "provost", "governor", "president", "chair", "minister", "prefect")
_EXECUTIVE: Final = frozenset({*_OFFICES, "executive", "cabinet"})
_NOT_DONE: Final = frozenset({"failed", "lost", "rejected", "tabled", "withdrawn", "proposed", "deferred", "referred"})
_VOTED_DOWN: Final = frozenset({"failed", "lost", "rejected"})
_CARRIED: Final = frozenset({"vote", "voted", "carried", "adopted", "passed", "amended"})
_DECIDED: Final = frozenset({"decision", "decided", "directive", "order", "decree", "resolution"})
_SIGNED: Final = frozenset({"signed", "signing", "signature", "sealed"})
_COMPILED: Final = frozenset({"page", "history", "roundup", "survey", "list", "listing", "website", "wiki", "staff"})
_SPOKEN: Final = frozenset({"statement", "speaker", "speech", "interview"})
_HEARSAY: Final = frozenset({"third", "party", "claim", "hearsay", "rumour", "unreliable"})
_REPORTED: Final = frozenset({"press", "report", "news", *_HEARSAY})


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
    compiled: bool
    """Whether somebody put it together, and the date is that of putting together."""
    hearsay: bool
    """Whether somebody speaks about what others did, wherever it is printed."""
    distance: int
    """0 for what was done, 1 for what a side says of it, 2 for what others do."""


@cache
def manner(action: str) -> Manner:
    """What the words of an action tell."""
    words = set(action.split("_"))
    done = not words & _NOT_DONE
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
        compiled=compiled,
        hearsay=bool(words & _HEARSAY),
        distance=2 if reported else int(not (decides or signs or renews or takes_effect or words & _VOTED_DOWN)),
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


def announced(word: str) -> str | None:
    """The event that says what is announced: a suspension or an ending; None for any other word."""
    return next((event for pattern, event in _ACTS if pattern.search(plain(word).removeprefix("link_"))), None)


def opposed(act: str | None, event: str) -> bool:
    """Whether a status reports a suspension where the act says an ending, or the other way round."""
    ending = event in ("ending-announced", "ending-decided", "notice-given", "link-ended")
    suspending = event in ("suspension-announced", "link-suspended")
    return (act == "suspension-announced" and ending) or (act == "ending-announced" and suspending)


def plain(word: str) -> str:
    """A word of the table as the lists here have it."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())
