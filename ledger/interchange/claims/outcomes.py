"""What came of it: whether what an action tells of was done, only asked for, put off, voted down or undone.

A status can say that a link was suspended, and the action that the motion was put off. Imports do not guess which of
the two is meant: such a row is refused. Where the action tells of a request, a recommendation or an intention, the
suspension or ending was so far announced, whatever the status calls it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Outcome = Literal["done", "asked", "put-off", "fallen", "undone"]
"""What came of what an action tells; `done` as long as no word of it says otherwise."""

_FALLEN: Final = frozenset({
    "fail", "fails", "failed", "failure", "lost", "rejected", "rejects", "rejection", "defeated", "defeat", "declined",
    "declines", "refused", "refuses", "refusal", "withdrawn", "dismissed", "denied", "inquorate",
})  # fmt: skip
_UNDONE: Final = frozenset({"vetoed", "veto", "overturned", "annulled", "quashed", "blocked", "rescinded"})
_PUT_OFF: Final = frozenset({
    "tabled", "deferred", "defers", "deferral", "postponed", "postponement", "adjourned", "delayed", "referred",
    "referral", "pending",
})  # fmt: skip
_ASKING: Final = frozenset({
    "requesting", "recommending", "proposing", "urging", "urges", "urged", "asking", "asks", "calling", "calls",
    "demanding", "demands", "intends", "intending", "planning", "threatens", "threatening",
})  # fmt: skip
"""Who asks has not done it, though the asking itself was carried."""
_ASKED: Final = frozenset({
    "request", "requested", "requests", "recommendation", "recommended", "recommends", "proposal", "proposed",
    "proposes", "petition", "demand", "demanded", "initiative", "intention", "intent", "intended", "plan", "plans",
    "planned", "draft", "threat", "threatened",
})  # fmt: skip
"""What can still be adopted."""
_BROUGHT: Final = frozenset({"moved", "submitted", "filed", "lodged", "introduced", "brought", "notice"})
"""What is done to a motion before there is a vote."""
_ADOPTED: Final = frozenset({
    "carried", "adopted", "passed", "approved", "accepted", "granted", "agreed", "ratified",
})  # fmt: skip
_NOT: Final = frozenset({"not", "no", "never"})
_VOTE: Final = frozenset({"vote", "votes", "voted", "decided"})
_OF_THE_REPORT: Final = frozenset({
    "stated", "known", "reported", "minuted", "recorded", "named", "dated", "given", "unanimous", "date", "figures",
    "details", "objection", "objections", "debate", "dissent", "abstentions",
})  # fmt: skip
"""What may be wanting without anything having been left undone: a vote not minuted, a decision without debate."""


def outcome(action: Sequence[str]) -> Outcome:
    """What the words of an action, in their order, say came of it."""
    words = set(action)
    if _denied(action) or words & _FALLEN or ("tied" in words and "casting" not in words):
        return "fallen"
    if words & _UNDONE:
        return "undone"
    if words & _ASKING:
        return "asked"
    if words & _ADOPTED:
        return "done"
    if words & _PUT_OFF:
        return "put-off"
    return "asked" if words & _ASKED or ("motion" in words and words & _BROUGHT) else "done"


def _denied(action: Sequence[str]) -> bool:
    """Whether a `not` or `no` denies what follows it, as in `motion_not_carried`; or a vote went against it."""
    return any(
        (word in _NOT and follows not in _OF_THE_REPORT) or (word in _VOTE and follows == "against")
        for word, follows in zip(action, [*action[1:], ""], strict=True)
    )


ANNOUNCED_SO_FAR: Final = {
    "link-suspended": "suspension-announced",
    "link-ended": "ending-announced",
    "ending-decided": "ending-announced",
    "notice-given": "ending-announced",
}
"""By what a status reports: what it comes to where it was only asked for."""

_TAKEN_BACK: Final = frozenset({"link-resumed", "ending-rescinded", "link-renewed"})

_CONTRADICTED: Final[dict[Outcome, frozenset[str]]] = {
    "done": frozenset(),
    "asked": _TAKEN_BACK,
    "put-off": _TAKEN_BACK | ANNOUNCED_SO_FAR.keys() | {"link-agreed"},
    "fallen": _TAKEN_BACK
    | ANNOUNCED_SO_FAR.keys()
    | {"link-agreed", "link-proposed", "suspension-announced", "ending-announced"},
    "undone": frozenset({*ANNOUNCED_SO_FAR, "link-agreed", "link-proposed", "link-renewed"}),
}
"""By outcome: what cannot have come of it. That a link was kept can: the motion to end it failed."""


def contradicts(came: Outcome, event: str) -> bool:
    """Whether an action with this outcome says that the event of the status did not happen."""
    return event in _CONTRADICTED[came]
