"""What a row tells: a beginning, an act, a listing - each as the event that it would be if nobody else told of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from domain.catalogue import EVENTS, AnyEvent
from domain.dates import OPEN, Date, DateError, precedes, written
from domain.rules import Refusal
from domain.values import GRADES, Evidence
from ledger.interchange.claims.table import bad_cell
from ledger.interchange.claims.words import (
    ANNOUNCED,
    DEEDS,
    KINDS,
    SAYINGS,
    SIDE,
    STATUSES,
    Manner,
    announced,
    manner,
    plain,
)

if TYPE_CHECKING:
    from ledger.interchange.claims.names import Names, Party
    from ledger.interchange.claims.sources import Sources
    from ledger.interchange.claims.table import Row


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A row that was understood: whom it is about, and what it says."""

    row: Row
    council: Party
    partner: Party
    status: str
    by: str
    """The side that acted."""
    kind: str
    began: Date | None
    event: str
    """The act that its status reports."""
    on: Date | None
    how: Manner
    evidence: Evidence

    @property
    def nearness(self) -> tuple[int, int]:
        """How near its source stands: by its grade, then by what it saw; the nearest is the least."""
        return GRADES.index(self.evidence.grade), self.how.distance

    @property
    def sides(self) -> tuple[str, str]:
        """The pair, whichever side is written first."""
        first, second = sorted((self.council.slug, self.partner.slug))
        return first, second

    @property
    def forms(self) -> bool:
        """Whether it tells that an active link was signed or decided."""
        return self.status == "active" and self.event == "link-listed" and (self.how.signs or self.how.decides)


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

    @property
    def key(self) -> str:
        """Under which it is recorded."""
        return key_of(self.claim.row, self.part)

    @property
    def on(self) -> Date:
        """When it happened."""
        on: Date = self.event.on  # type: ignore[union-attr]  # every event made here is dated
        return on


def claim(row: Row, names: Names, sources: Sources) -> Claim:
    """Understand a row.

    Raises:
        Refusal: it cannot be; or what it tells cannot be expressed.
    """
    council = names.party("council", *_with_country(row["council"]))
    partner = names.party("partner", row["partner"], row["country"])
    status, how = plain(row["status"]), manner(plain(row["action"]))
    kind = KINDS.get(plain(row["kind"]))
    if kind is None:
        raise bad_cell("kind", f"{row['kind']!r} is not a kind of link", f"it is one of {', '.join(KINDS)}")
    return Claim(
        row,
        council,
        partner,
        status,
        _side(row["by"], council, partner, names),
        kind,
        _date(row, "from_edtf"),
        _event(row, status, how),
        _date(row, "status_date_edtf"),
        how,
        sources.evidence(row, weakest=status == "unsupported"),
    )


def _with_country(cell: str) -> tuple[str, str]:
    """A council's cell without its country, and the country."""
    name, bracket, country = cell.rpartition("[")
    return (name.strip(), country.rstrip("] ").strip()) if bracket and country.rstrip().endswith("]") else (cell, "")


def _side(cell: str, council: Party, partner: Party, names: Names) -> str:
    if plain(cell) in ("", "council"):
        return council.slug
    if plain(cell) == "partner":
        return partner.slug
    for side in (council, partner):
        if cell in (side.slug, side.name) or names.party("by", *_as_side(cell, side)).slug == side.slug:
            return side.slug
    raise Refusal(
        "link/side",
        f"{cell!r} is neither {council.name} nor {partner.name}",
        field="by",
        mend="write council, partner, or the name of one of them",
    )


def _as_side(cell: str, side: Party) -> tuple[str, str]:
    name, country = _with_country(cell)
    return name, country or side.country


def _date(row: Row, column: str) -> Date | None:
    try:
        return Date.from_short(row[column]) if row[column] else None
    except DateError as error:
        raise bad_cell(column, str(error)) from None


def _event(row: Row, status: str, how: Manner) -> str:
    if status == ANNOUNCED:
        found = announced(row["act"]) or announced(row["action"])
        if found is None:
            raise Refusal(
                "claims/act-named",
                f"act {row['act']!r} is neither suspension nor ending" if row["act"] else "what was announced is not told",
                field="act",
                mend="add a column act that says suspension or ending; or write the status that was reached",
            )
        return found
    event = STATUSES.get(status)
    if event is None:
        raise bad_cell(
            "status",
            f"{row['status']!r} is not a status" if row["status"] else "is missing",
            f"it is one of {', '.join((*STATUSES, ANNOUNCED))}",
        )
    return "link-renewed" if event == "link-listed" and how.renews else event


# From claims to pieces


@dataclass(slots=True)
class Background:
    """What all the claims about one link tell together."""

    link: str
    """As it is spelled."""
    begins: bool
    """Whether some claim tells when it began."""
    effects: defaultdict[str, list[Date]] = field(default_factory=lambda: defaultdict(list))
    """By side: the days on which an ending takes effect, the best told first."""
    tellers: Counter[str] = field(default_factory=Counter)
    """By beginning: how many rows tell it."""


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
            return self._piece(claim, "act", "link-formed", told, firm=True)
        if claim.forms and claim.how.signs:
            parties = [claim.council.slug, claim.partner.slug]
            told = {"on": on.text, "links": [background.link], "parties": parties, "kind": claim.kind}
            return self._piece(claim, "act", "agreement-signed", told)
        if claim.event == "link-listed":
            return self._piece(claim, "act", "link-listed", _listing(claim, on))
        event = self._deed(claim, background, on)
        told = {"on": on.text, **self._decided(claim)}
        if event in SIDE:
            told |= {"by": claim.by}
        if event in ("ending-decided", "notice-given"):
            told |= {"effective": self._effective(claim, background, on)}
        if event in _NEEDS_KIND or (event in _TAKES_KIND and not background.begins) or event in SIDE:
            told |= {"kind": claim.kind}
        return self._piece(claim, "act", event, told)

    def _deed(self, claim: Claim, background: Background, on: Date) -> str:
        """The act; an ending that takes effect later, as others tell, is so far decided or given notice of."""
        later = any(precedes(on, effect) == "yes" for effect in background.effects[claim.by])
        if claim.event != "link-ended" or claim.how.takes_effect or not later:
            return claim.event
        return "notice-given" if "letter" in plain(claim.row["action"]) else "ending-decided" if claim.how.decides else claim.event

    def _effective(self, claim: Claim, background: Background, on: Date) -> str:
        told = [effect for effect in background.effects[claim.by] if precedes(effect, on) != "yes"]
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
            dates = (claim.evidence.published, claim.evidence.retrieved)
            day = next((date.latest for date in dates if date and date.latest < OPEN), self.today)
            return Date.parse(f"[..{written(min(day, self.today))}]")
        if claim.event == "link-listed" and not claim.forms:
            return claim.on
        how = claim.how
        said = how.compiled or (how.spoken and claim.event not in SAYINGS)
        observed = claim.event == "link-expired" or (claim.event == "link-lapsed" and not how.decides)
        return _until(claim.on) if said or (observed and not how.takes_effect) else claim.on

    def _decided(self, claim: Claim) -> dict[str, Any]:
        """Who decided, under which power, as far as the action says."""
        how = claim.how
        power = how.power if how.decides or claim.event in DEEDS else None
        told: dict[str, Any] = {}
        if power or how.office:
            told["authority"] = {"power": power or "not-stated", **({"office": how.office} if how.office else {})}
        return told | ({"by": claim.by} if power else {})

    def _piece(self, claim: Claim, part: str, event: str, told: dict[str, Any], *, firm: bool = False) -> Piece:
        background = self.links[claim.sides]
        evidence = claim.evidence
        if event == "agreement-signed":
            told = {"agreement": f"{claim.council.slug}/{label(claim)}/{claim.partner.slug}", **told}
        else:
            told = {"link": background.link, **told}
        if part == "act" and claim.row["note"]:
            evidence = _noted(evidence, claim.row["note"])
        tellers = background.tellers[_beginning(claim)] if event == "link-formed" else 0
        return Piece(claim, part, made(event, told), (evidence,), (*claim.nearness, -tellers), firm)


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
            if one.how.takes_effect and one.event == "link-ended" and one.on:
                background.effects[one.by].append(one.on)
        background.tellers.update(_beginning(one) for one in told)
        found[sides] = background
    return found


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


def _noted(evidence: Evidence, note: str) -> Evidence:
    try:
        return Evidence.model_validate({**dict(evidence), "note": note})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise bad_cell("note", str(fault.get("ctx", {}).get("error", fault["msg"]))) from None


def _listing(claim: Claim, on: Date) -> dict[str, Any]:
    listed = claim.status != "not_listed"
    since = {"since": claim.began.text} if claim.began and claim.status == "unsupported" else {}
    return {"on": on.text, "where": claim.row["source_title"], "listed": listed, "kind": claim.kind, **since}


def _until(day: Date) -> Date:
    """Some day up to this one."""
    if day.latest == OPEN:
        return day
    plain_ = day.text.replace("-", "").isdigit()
    return Date.parse(f"[..{day.text if plain_ else written(day.latest)}]")


def _overlap(one: Date, other: Date) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest

