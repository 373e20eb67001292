"""How a link stood, by the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from tests.campaign.entries import Account, Days, Event, days_of
from tests.campaign.worlds import Deed, Story, by_effect, deed_of, explained, opened
from tests.domain import reference
from tests.domain.reference import NEVER, State

Row = dict[str, Any]
SUCCESSIONS = "successions"
"""In place of a subject: who succeeded whom, which every link of theirs feels."""
TABLE_ROWS = [*reference.ROWS, "link-listed", "body-succeeded"]


def tag_of(link: str) -> str:
    """The same tag, whichever side is written first."""
    return "link:" + "--".join(sorted(link.split("--")))


def _names(link: str) -> tuple[str, str]:
    first, second = link.split("--")
    return first, second


def deeds_of(account: Account, position: int) -> list[tuple[str, Deed]]:
    """What an account tells about links, or of who succeeded whom; each with its subject."""
    if account.told is None:
        return []
    type_, event = account.told
    if type_ not in TABLE_ROWS or type_ == "agreement-signed":
        return []
    days = account.days
    assert days is not None, "every event of a link is dated"
    if type_ == "link-listed":
        if not event["listed"] or event.get("standing", "active") != "active":
            return []
        days, on = _listed(event, days, account.teller.day)
    else:
        on = event["on"]
    deed = deed_of(
        type_,
        event,
        TABLE_ROWS.index(type_),
        on,
        first=days.first,
        last=days.last,
        side=event.get("slug" if type_ == "body-succeeded" else "by", ""),
        kind=event.get("kind", ""),
        successors=tuple(event.get("successors", ())),
        grade=account.grade,
        wording=event.get("wording", "") if type_ != "link-listed" else "",
        entry=position,
        recorded=account.teller.day,
        opens="link/transition" in account.teller.overrides and type_ != "body-succeeded",
    )
    return [(tag_of(event["link"]) if "link" in event else SUCCESSIONS, deed)]


def _listed(event: Event, days: Days, recorded: int) -> tuple[Days, str]:
    """A listing tells of a beginning: as it says itself, or on any day up to that of listing."""
    last = min(days.last, recorded)
    since = event.get("since", f"[..{date.fromordinal(last).isoformat()}]")
    found = days_of(since, recorded)
    return Days(found.first, min(found.last, recorded)), since


ALWAYS = Days(NEVER, NEVER)
"""When that began which always was."""


class LinkTable:
    """The life cycle, as the reference has it."""

    @staticmethod
    @lru_cache(maxsize=100_000)
    def allows(state: State, deed: Deed) -> bool:
        """Whether the deed can follow."""
        return reference.allows(state, deed)

    @staticmethod
    @lru_cache(maxsize=100_000)
    def effect(state: State, deed: Deed) -> Hashable:
        """The state after it, also where it could not follow."""
        return reference.effect(state, deed)

    @staticmethod
    def shown(state: State) -> tuple[object, ...]:
        """Standing, kind, suspending sides, flags."""
        return reference.shown(state)


TABLE = LinkTable()


@dataclass(frozen=True)
class Beginning:
    """Where the story of a link begins: with nothing, or in force since some day that no entry records."""

    state: State
    giver: Deed | None = None
    """That from which it is assumed."""
    days: Days = ALWAYS
    since: str = ""


def _assumed(names: tuple[str, str], acts: Sequence[Deed], listings: Sequence[Deed]) -> Beginning | None:
    """A beginning at the latest when the first act was over, or as a page of good grade lists the link by then."""
    first = min(acts, key=lambda deed: (deed.last, *deed.key), default=None)
    good = [deed for deed in listings if deed.grade in ("official", "council")]
    listed = min(good, key=lambda deed: (deed.last, *deed.key), default=None)
    if listed and (first is None or listed.last <= first.last):
        kind = listed.kind or (first.kind if first else "")
        return Beginning(reference.in_force(kind, names), listed, Days(listed.first, listed.last), listed.on)
    if first is None:
        return None
    since = f"[..{date.fromordinal(first.last).isoformat()}]"
    return Beginning(reference.in_force(first.kind, names), first, Days(NEVER, first.last), since)


@lru_cache(maxsize=20_000)
def _life(link: str, deeds: frozenset[Deed]) -> tuple[Beginning, Story] | None:
    """The story of a link, from nothing or else from a beginning that is assumed; None where there is none."""
    names = _names(link)
    acts = [deed for deed in deeds if deed.event not in ("link-listed", "body-succeeded")]
    listings = [deed for deed in deeds if deed.event == "link-listed"]
    moving = [deed for deed in deeds if deed.event != "link-listed"] if acts else []
    beginnings = [Beginning(reference.nothing(names)) if acts else None, _assumed(names, acts, listings)]
    for beginning in beginnings:
        story = beginning and explained(TABLE, moving, beginning.state)
        if beginning and story:
            return beginning, story
    return None


def possible(link: str, deeds: Sequence[Deed]) -> bool:
    """Whether the acts of a link have a world."""
    return all(deed.event in ("link-listed", "body-succeeded") for deed in deeds) or _told(link, deeds) is not None


def _told(link: str, deeds: Sequence[Deed]) -> tuple[Beginning, Story] | None:
    return _life(link, frozenset(opened(deeds)))


def _by_effect(link: str, deeds: Sequence[Deed]) -> tuple[Beginning, Story]:
    """The story of acts that contradict the table, told by their effect."""
    names = _names(link)
    moving = [deed for deed in deeds if deed.event != "link-listed"]
    acts = [deed for deed in moving if deed.event != "body-succeeded"]
    beginning = Beginning(reference.nothing(names))
    if not reference.allows(beginning.state, min(acts, key=lambda deed: deed.key)):
        listings = [deed for deed in deeds if deed.event == "link-listed"]
        beginning = _assumed(names, acts, listings) or beginning
    return beginning, by_effect(TABLE, moving, beginning.state)


def rows(link: str, deeds: Sequence[Deed], days: Sequence[int]) -> list[Row | None]:
    """How the link stood at the end of each day; None where it is not listed."""
    if all(deed.event == "body-succeeded" for deed in deeds):
        return [None for _ in days]
    told = _told(link, deeds)
    if told is None and all(deed.event in ("link-listed", "body-succeeded") for deed in deeds):
        return [_reported(link, deeds) for _ in days]
    beginning, story = told or _by_effect(link, deeds)
    return [_row(link, beginning, story, day) for day in days]


def _row(link: str, beginning: Beginning, story: Story, day: int) -> Row | None:
    names = _names(link)
    unexplained = story.moments is None
    seen = story.seen(day)
    early = beginning.giver is not None and day < beginning.days.last
    if early:
        seen = {*(seen if day >= beginning.days.first else ()), reference.shown(reference.nothing(names))}
    possible_ = sorted({str(shown[0]) for shown in seen})
    if possible_ == ["none"]:
        return None
    if early and not any(deed.last <= day for deed in story.order):
        state, since, giver = reference.nothing(names), "", None
    else:
        state, since, giver = _arrived(beginning, story, day)
    standing, kind, suspended_by, flags = reference.shown(state)
    partner = state.sides[1].kind
    return {
        "link": link,
        "kind": kind or None,
        "standing": standing,
        "flags": list(flags),
        "suspended_by": list(suspended_by),
        "suspended_since": _suspensions(story, day) if suspended_by else [],
        "since": since or None,
        "grade": (giver and giver.grade) or None,
        "wording": (giver and giver.wording) or None,
        "entry": giver.entry if giver else None,
        "certainty": "yes" if len(seen) == 1 and not unexplained else "possibly",
        "possible": possible_,
        "assumed": beginning.giver is not None,
        "partner_kind": partner if partner and partner != kind else None,
        "unexplained": unexplained,
    }


def _arrived(beginning: Beginning, story: Story, day: int) -> tuple[State, str, Deed | None]:
    """The state that the shown order has come to, since when its standing has held, and the act that gave it.

    Where that act no longer holds the standing up and another side's does, the first of those is named.
    """
    states = story.states()[: story.by(day) + 1]
    deeds: list[Deed | None] = [beginning.giver, *story.order[: story.by(day)]]
    standings = [reference.worst(state) for state in states]
    last = max((place for place in range(1, len(states)) if standings[place] != standings[place - 1]), default=0)
    since = next_on(deeds[last]) if last else beginning.since
    upholding = []
    for side in (0, 1):
        own = [state.sides[side].standing for state in states]
        if own[-1] == standings[-1]:
            upholding.append(max((place for place in range(1, len(own)) if own[place] != own[place - 1]), default=0))
    place = last if last in upholding else min(upholding)
    return states[-1], since, deeds[place]


def _suspensions(story: Story, day: int) -> list[str]:
    """When each side that is suspended was suspended last."""
    states = story.states()[: story.by(day) + 1]
    found = []
    for side in (0, 1):
        own = [state.sides[side].standing for state in states]
        if own[-1] == "suspended":
            place = max(place for place in range(1, len(own)) if own[place] != own[place - 1])
            found.append(story.order[place - 1].on)
    return found


def next_on(deed: Deed | None) -> str:
    """When it happened, as written."""
    return deed.on if deed else ""


def _reported(link: str, deeds: Sequence[Deed]) -> Row:
    """A link that is known only because somebody who is no side of it lists it."""
    listed = min((deed for deed in deeds if deed.event == "link-listed"), key=lambda deed: (deed.last, *deed.key))
    return {
        "link": link,
        "kind": listed.kind or None,
        "standing": "none",
        "flags": ["reported-only"],
        "suspended_by": [],
        "suspended_since": [],
        "since": None,
        "grade": listed.grade or None,
        "wording": None,
        "entry": listed.entry,
        "certainty": "possibly",
        "possible": ["active", "none"],
        "assumed": False,
        "partner_kind": None,
        "unexplained": False,
    }
