"""Links: twinnings, friendships and the like between two bodies, and the life they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.dates import Date, Interval
from domain.event import Dated
from domain.lifecycle import Standing
from domain.rules import Refusal
from domain.values import Authority, BodyName, Kind, Line, LinkName, Reference, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

# Events


class LinkEvent(Dated):
    """Something that happened to a link."""

    cycle = "link"
    subject_field = "link"
    defining = frozenset({"by", "kind"})
    link: LinkName
    """The two bodies, joined by two hyphens: coventry--volgograd."""
    by: BodyName | None = None
    """The side that acted."""
    authority: Authority | None = None
    """The power it acted under, and the paper that gave it."""
    kind: Kind | None = None
    """What the link is, in our words."""
    wording: Line | None = None
    """The source's own word: paused, put on ice."""
    summary: Text | None = None
    """What happened, in a sentence or two."""


class SideEvent(LinkEvent):
    """Something that one side of a link did for itself."""

    by: BodyName
    """The side that acted."""


class LinkProposed(LinkEvent):
    """Two bodies explore a link, or another kind of link than they have; nothing is agreed."""

    type = "link-proposed"


class LinkAgreed(LinkEvent):
    """The link is agreed in principle; nothing is signed."""

    type = "link-agreed"


class ProposalDropped(LinkEvent):
    """A link proposed or agreed in principle is not pursued."""

    type = "proposal-dropped"


class LinkFormed(LinkEvent):
    """The link is formed: signed, sealed or begun."""

    type = "link-formed"
    agreement: Reference | None = None
    """The agreement that formed it."""
    term: Interval | None = None
    """How long it is to last: 1962/1991."""
    notice: Line | None = None
    """The notice it asks for, as the agreement puts it."""


class LinkRenewed(LinkEvent):
    """The link is renewed, or its agreement signed anew."""

    type = "link-renewed"
    agreement: Reference | None = None
    """The agreement that renewed it."""
    term: Interval | None = None
    """How long it is to last: 2007/2012."""
    notice: Line | None = None
    """The notice it asks for, as the agreement puts it."""


class LinkKindChanged(LinkEvent):
    """The link becomes one of another kind, for both sides or for one."""

    type = "link-kind-changed"
    kind: Kind
    """What the link is from now on."""


class LinkLapsed(LinkEvent):
    """Contact has ceased; nobody decided anything."""

    type = "link-lapsed"


class ReviewOpened(SideEvent):
    """A side reviews whether to keep the link."""

    type = "review-opened"


class SuspensionAnnounced(SideEvent):
    """A side says that it will suspend the link, or is advised to; it has not suspended it."""

    type = "suspension-announced"


class EndingAnnounced(SideEvent):
    """A side says that it will end the link, or is advised to; it has not ended it."""

    type = "ending-announced"


class LinkRetained(SideEvent):
    """A side says or decides that it keeps the link."""

    type = "link-retained"


class LinkSuspended(SideEvent):
    """A side suspends the link; only that side can resume it."""

    type = "link-suspended"
    condition: Text | None = None
    """What must come about before it can be resumed."""
    exceptions: Text | None = None
    """What goes on all the same."""


class LinkResumed(SideEvent):
    """The side that suspended the link resumes it."""

    type = "link-resumed"


class EndingDecided(SideEvent):
    """A side decides to end the link, at once or at a later day."""

    type = "ending-decided"
    effective: Date
    """When the ending is to take effect; may lie ahead."""


class NoticeGiven(SideEvent):
    """A side gives the other notice that it ends the link."""

    type = "notice-given"
    effective: Date
    """When the notice runs out; may lie ahead."""


class LinkEnded(SideEvent):
    """The link ends for a side."""

    type = "link-ended"


class EndingRescinded(SideEvent):
    """The side that was ending the link, or had ended it, takes that back."""

    type = "ending-rescinded"


class LinkExpired(LinkEvent):
    """The term of the link ran out."""

    type = "link-expired"


class LinkListed(Dated):
    """A page or a speaker lists the link, or no longer does: an observation, never an act."""

    type = "link-listed"
    cycle = "link"
    subject_field = "link"
    defining = frozenset({"kind", "since", "standing"})
    link: LinkName
    """The two bodies, joined by two hyphens."""
    where: Line
    """The page, document or speaker."""
    listed: bool
    """Whether the link is among those named."""
    standing: Standing | None = None
    """The standing that it is given there, if any."""
    kind: Kind | None = None
    """What it is called there, in our words."""
    since: Date | None = None
    """The beginning that it is given there."""


AnyLinkEvent = (
    LinkProposed | LinkAgreed | ProposalDropped | LinkFormed | LinkRenewed | LinkKindChanged | LinkLapsed
    | ReviewOpened | SuspensionAnnounced | EndingAnnounced | LinkRetained | LinkSuspended | LinkResumed
    | EndingDecided | NoticeGiven | LinkEnded | EndingRescinded | LinkExpired | LinkListed
)  # fmt: skip

# Decisions

UNNAMED: Final = frozenset({"", "unnamed", "unknown", "tbc", "tbd", "nobody", "anyone", "to-be-named", "not-named"})


def side_faults(link: LinkName) -> Iterator[Refusal]:
    """Refuse a link without two named bodies."""
    first, second = link.sides
    if UNNAMED & {first, second}:
        yield Refusal(
            "link/partner-named",
            f"{link} has no named partner",
            field="link",
            mend="record the decision or the pledge itself; the link can follow when the partner is named",
        )
    elif first == second:
        yield Refusal(
            "link/partner-named", f"{link} joins {first} with itself", field="link", mend="name the other body"
        )
