"""What a row tells: a beginning, an act, a listing - each as the event that it would be if nobody else told of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from domain.catalogue import EVENTS, AnyEvent
from domain.dates import OPEN, Date, precedes, written
from domain.event import Dated
from domain.values import GRADES, Evidence
from ledger.interchange.claims.sources import evidence
from ledger.interchange.claims.table import bad_cell
from ledger.interchange.claims.words import BY_LETTER, DEEDS, SAYINGS, SIDE, plain

if TYPE_CHECKING:
    from ledger.interchange.claims.table import Row
    from ledger.interchange.claims.understanding import Claim


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One event that a row supports."""

    claim: Claim
    part: str
    """Which of the events of its row: `began` or `act`."""
    event: AnyEvent
    evidence: tuple[Evidence, ...]
    rank: tuple[int, int, int]
    """How near its source stands: by grade, by what it saw, by how many tell the same."""
    firm: bool = False
    """Whether it tells of a beginning by the day of its signing or vote."""
    stood: Date | None = None
    """The day on which, as its source says, it stood so; None where the date is that of the act."""

    @property
    def key(self) -> str:
        """Under which it is recorded."""
        return key_of(self.claim.row, self.part)

    @property
    def on(self) -> Date:
        """When it happened."""
        assert isinstance(self.event, Dated)  # noqa: S101 - so is every event that is made here
        return self.event.on


Deed = tuple[str, str]
"""A side, and its act."""

A_YEAR: Final = 366
"""Days within which a suspension or resumption takes effect, and what was decided is signed."""


@dataclass(slots=True)
class Background:
    """What all the claims about one link tell together."""

    link: str
    """As it is spelled."""
    begins: bool
    """Whether some claim tells when it began."""
    effects: defaultdict[Deed, list[Date]] = field(default_factory=lambda: defaultdict(list))
    """By side and act: the days on which it takes effect, the best told first."""
    undone: defaultdict[Deed, list[Date]] = field(default_factory=lambda: defaultdict(list))
    """By side and act: the days on which it was taken back, or another one undone again."""
    signings: list[tuple[str, Date]] = field(default_factory=list)
    """The kinds of the papers that were signed, and when."""
    begun: list[tuple[str, Date]] = field(default_factory=list)
    """The kinds of the beginnings that are told as such, and when."""
    tellers: Counter[str] = field(default_factory=Counter)
    """By beginning: how many rows tell it."""

    def effect(self, by: str, event: str, on: Date) -> Date | None:
        """The day on which an act of that day takes effect, where it is told to be later."""
        for effect in self.effects[by, event]:
            again = any(on.latest <= day.earliest < effect.latest for day in self.undone[by, event])
            soon = event == "link-ended" or effect.earliest - on.latest <= A_YEAR
            if precedes(on, effect) == "yes" and soon and not again:
                return effect
        return None

    def signed_after(self, kind: str, on: Date) -> bool:
        """Whether a paper of that kind was signed soon after a day, so that a vote of the day only agreed to it."""
        if any(kind == told and precedes(day, on) == "yes" for told, day in self.begun):
            return False
        return any(
            kind == signed and precedes(on, day) == "yes" and day.earliest - on.latest <= A_YEAR
            for signed, day in self.signings
        )


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells each claim as events, given all the others and the day on which they are imported."""

    links: Mapping[tuple[str, str], Background]
    today: int

    def pieces(self, claim: Claim) -> Iterator[Piece]:
        """The events that a claim supports: first the beginning, then the act.

        Raises:
            Refusal: one of them cannot be expressed.
        """
        background = self.links[claim.sides]
        signed = claim.forms and (claim.began is None or _overlap(claim.began, self._on(claim)))
        if claim.began and claim.status != "unsupported" and not signed:
            yield self._piece(claim, "began", "link-formed", {"on": claim.began.text, "kind": claim.kind})
        yield self._act(claim, background, signed=signed)

    def _act(self, claim: Claim, background: Background, *, signed: bool) -> Piece:
        on = self._on(claim)
        if signed:
            day = min([one for one in (on, claim.began) if one], key=lambda one: one.latest - one.earliest)
            told = {"on": day.text, "kind": claim.kind, **self._decided(claim)}
            if not claim.how.signs and not claim.began and background.signed_after(claim.kind, day):
                return self._piece(claim, "act", "link-agreed", told)
            return self._piece(claim, "act", "link-formed", told, firm=True)
        if claim.forms and claim.how.signs:
            parties = [claim.council.slug, claim.partner.slug]
            told = {"on": on.text, "links": [background.link], "parties": parties, "kind": claim.kind}
            return self._piece(claim, "act", "agreement-signed", told)
        if claim.event == "link-listed":
            return self._piece(claim, "act", "link-listed", _listing(claim, on))
        event = self._deed(claim, background, on)
        if event == "link-resumed" and claim.how.decides and not claim.how.takes_effect:
            on = background.effect(claim.by, event, on) or on
        told = {"on": on.text, **self._decided(claim)}
        if event in SIDE:
            told |= {"by": claim.by}
        if event in ("ending-decided", "notice-given"):
            told |= {"effective": self._effective(claim, background, on)}
        if event in _NEEDS_KIND or (event in _TAKES_KIND and not background.begins) or event in SIDE:
            told |= {"kind": claim.kind}
        return self._piece(claim, "act", event, told)

    def _deed(self, claim: Claim, background: Background, on: Date) -> str:
        """The act; one that takes effect later, as others tell, is so far decided, announced or given notice of."""
        effect = background.effect(claim.by, claim.event, on)
        if effect is None or claim.how.takes_effect or not (claim.how.decides or claim.how.announces):
            return claim.event
        if claim.event == "link-suspended":
            return "suspension-announced"
        if claim.event == "link-ended":
            return "notice-given" if "letter" in plain(claim.row["action"]) else "ending-decided"
        return claim.event

    def _effective(self, claim: Claim, background: Background, on: Date) -> str:
        told = [effect for effect in background.effects[claim.by, "link-ended"] if precedes(effect, on) != "yes"]
        if told:
            return told[0].text
        if on.earliest > -OPEN:
            return f"[{written(on.earliest)}..]"
        raise bad_cell(
            "status_date_edtf",
            "neither the day of the decision is told, nor that of its effect",
            "give one of them: the effect is told by a row with the action effective_date",
        )

    def _on(self, claim: Claim) -> Date:
        """When it happened: on the day told; by that day, when it is that of saying; else by the day of the source."""
        if claim.on is None:
            day = _of_source(claim)
            return Date.parse(f"[..{written(min(day.latest if day else self.today, self.today))}]")
        return _until(claim.on) if self._is_said(claim) else claim.on

    def _is_said(self, claim: Claim) -> bool:
        """Whether the date of a claim is that of saying what stood then, and not that of an act."""
        how = claim.how
        if claim.event == "link-listed":
            return claim.forms and how.compiled
        said = how.compiled or (how.spoken and claim.event not in SAYINGS)
        if how.received and claim.event in BY_LETTER:
            return True
        observed = claim.event == "link-expired" or (claim.event == "link-lapsed" and not how.decides)
        return said or (observed and not how.takes_effect)

    def _stood(self, claim: Claim) -> Date | None:
        """The day on which the claim says that it stood so; a page or a speaker without a date, that of the source."""
        day = claim.on or (_of_source(claim) if claim.how.compiled or claim.how.spoken else None)
        return day if day and day.latest < OPEN and self._is_said(claim) else None

    def _decided(self, claim: Claim) -> dict[str, Any]:
        """Who decided, under which power, as far as the action says."""
        how = claim.how
        power = how.power if how.decides or claim.event in DEEDS else None
        told: dict[str, Any] = {}
        if power or how.office:
            told["authority"] = {"power": power or "not-stated", **({"office": how.office} if how.office else {})}
        return told | ({"by": claim.by} if power or claim.row["by"] else {})

    def _piece(self, claim: Claim, part: str, event: str, told: dict[str, Any], *, firm: bool = False) -> Piece:
        background = self.links[claim.sides]
        if event == "agreement-signed":
            told = {"agreement": f"{claim.council.slug}/{label(claim)}/{claim.partner.slug}", **told}
        else:
            told = {"link": background.link, **told}
        noted = part == "act" and claim.row["note"]
        source = _noted(claim.evidence, claim.row["note"]) if noted else claim.evidence
        tellers = background.tellers[_beginning(claim)] if event == "link-formed" else 0
        stood = self._stood(claim) if part == "act" and claim.event != "link-listed" else None
        return Piece(claim, part, made(event, told), (source,), (*claim.nearness, -tellers), firm, stood)


_NEEDS_KIND: Final = frozenset({"link-proposed", "link-agreed"})
_TAKES_KIND: Final = frozenset({"link-renewed", "link-lapsed", "link-expired"})
"""The acts whose kind tells what the link is, when nothing else does."""


def backgrounds(claims: Iterable[Claim], spelled: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Background]:
    """What the claims about each link tell together; `spelled` has the links on record, as they are written."""
    by_link: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    councils: Counter[str] = Counter()
    for one in claims:
        by_link[one.sides].append(one)
        councils[one.council.slug] += 1
    found = {}
    for sides, told in by_link.items():
        own = Counter(one.council.slug for one in told)
        first, second = sorted(sides, key=lambda side: (-own[side], -councils[side], side))
        background = Background(spelled.get(sides, f"{first}--{second}"), any(one.began or one.forms for one in told))
        for one in sorted(told, key=lambda one: (GRADES.index(one.evidence.grade), one.row.digest)):
            if one.on and one.how.takes_effect:
                background.effects[one.by, one.event].append(one.on)
            if one.on and one.forms and one.how.signs:
                background.signings.append((one.kind, one.on))
            if one.began:
                background.begun.append((one.kind, one.began))
            if one.on and one.event in _UNDONE:
                background.undone[one.by, _UNDONE[one.event]].append(one.on)
        background.tellers.update(_beginning(one) for one in told)
        found[sides] = background
    return found


_UNDONE: Final = {
    "link-resumed": "link-suspended",
    "link-suspended": "link-resumed",
    "ending-rescinded": "link-ended",
}
"""By act: what it takes back."""


def _beginning(claim: Claim) -> str:
    return claim.began.text if claim.began else claim.on.text if claim.on and claim.forms else ""


def key_of(row: Row, part: str) -> str:
    """The key of what a row tells: made of what it claims, so that asking twice records once."""
    return f"claims:{row.digest}:{part}"


def label(claim: Claim) -> str:
    """The label of a paper of the day told: day, month or year, where it is one."""
    text = claim.on.text.rstrip("?~%") if claim.on else ""
    return text if text.replace("-", "").isdigit() else "undated"


def made(event: str, told: Mapping[str, Any]) -> AnyEvent:
    """An event with these particulars.

    Raises:
        Refusal: it cannot have them.
    """
    try:
        return EVENTS[event].model_validate_json(json.dumps(told))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise bad_cell("row", str(fault.get("ctx", {}).get("error", fault["msg"]))) from None


def _noted(source: Evidence, note: str) -> Evidence:
    return evidence({**source.model_dump(mode="json", exclude_defaults=True), "note": note})


def _listing(claim: Claim, on: Date) -> dict[str, Any]:
    listed = claim.status != "not_listed"
    since = {"since": claim.began.text} if claim.began and claim.status == "unsupported" else {}
    return {"on": on.text, "where": claim.row["source_title"], "listed": listed, "kind": claim.kind, **since}


def _of_source(claim: Claim) -> Date | None:
    """The day of the source of a claim: of publication, else of retrieval."""
    dates = (claim.evidence.published, claim.evidence.retrieved)
    return next((date for date in dates if date and date.latest < OPEN), None)


def _until(day: Date) -> Date:
    """Some day up to this one."""
    if day.latest == OPEN:
        return day
    plain_ = day.text.replace("-", "").isdigit()
    return Date.parse(f"[..{day.text if plain_ else written(day.latest)}]")


def _overlap(one: Date, other: Date) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest
