"""From a table of claims to drafts: who the bodies are, what each row tells, and what they tell together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.bearing import Bearing, Recording, bearing
from domain.bodies import BodyRegistered
from domain.entry import Draft
from domain.lifecycle import spelled
from domain.likeness import near_duplicate
from domain.rules import Refusal
from ledger import codec
from ledger.interchange.claims.loom import Loom, by_line
from ledger.interchange.claims.names import body_of
from ledger.interchange.claims.pieces import Teller, backgrounds, key_of
from ledger.interchange.claims.understanding import claim
from ledger.interchange.claims.weaving import weave

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.batch import Batch
    from ledger.boundary import Boundary
    from ledger.deciding import Verdict
    from ledger.interchange.claims.names import Names, Party
    from ledger.interchange.claims.sources import Sources
    from ledger.interchange.claims.table import Row, Table
    from ledger.interchange.claims.understanding import Claim

Sides = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """What a table of claims comes to; nothing is written yet."""

    bodies: list[Draft] = field(default_factory=list)
    """The bodies that are new, by their short names."""
    drafts: list[tuple[int, Draft]] = field(default_factory=list)
    """In the order of recording, each with the line of its row."""
    already: list[int] = field(default_factory=list)
    """The lines of the rows that are on record, or say nothing that is not."""
    refused: dict[int, Refusal] = field(default_factory=dict)
    """By line: why a row cannot be taken."""

    @property
    def taken(self) -> list[int]:
        """The lines of the rows that become entries."""
        return sorted({line for line, _ in self.drafts})


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan, and the verdict of the ledger on it."""

    plan: Plan
    batch: Batch
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Importer:
    """Turns a table into a plan, against one ledger."""

    ledger: Ledger
    names: Names
    sources: Sources
    today: int
    new_bodies: bool = False
    """Whether names that are almost those of known bodies are meant."""

    def settle(self, table: Table) -> Settled:
        """A plan to which the ledger says yes; rows to which it says no, as it judges all together, are left out.

        The batch is for the caller to commit, and to close.
        """
        refused: dict[int, Refusal] = {}
        while True:
            plan = self.plan(table, refused)
            batch = self.ledger.batch(new_bodies=True)
            drafts = [*((0, draft) for draft in plan.bodies), *plan.drafts]
            lines = {number: line for number, (line, _) in enumerate(drafts, 1)}
            for number, (_, draft) in enumerate(drafts, 1):
                batch.add(number, draft)
            verdict = self.ledger.decide(batch)
            if not verdict.refused:
                return Settled(plan, batch, verdict)
            batch.close()
            for number, refusal in verdict.refused.items():
                refusal.what = by_line(refusal.what, lines)
                refused |= dict.fromkeys(_resting(plan, lines[number], drafts[number - 1][1]), refusal)

    def plan(self, table: Table, refused: Mapping[int, Refusal] | None = None) -> Plan:
        """Understand every row, and weave what they tell; without those that were `refused` in the end, by line."""
        plan = Plan(refused={**table.bad, **(refused or {})})
        rows, twins = self._fresh(table, plan)
        claims = list(self._understood(rows, plan))
        bodies = self._bodies(claims, plan)
        self._weave([one for one in claims if one.row.line not in plan.refused], bodies, plan)
        taken = {line for line, _ in plan.drafts}
        for line, first in [*twins.items(), *((one.row.line, one.row.line) for one in claims)]:
            if first in plan.refused:
                plan.refused[line] = plan.refused[first]
            elif line not in taken:
                plan.already.append(line)
        return plan

    def _fresh(self, table: Table, plan: Plan) -> tuple[list[Row], dict[int, int]]:
        """The rows that are not on record; and by line, those that say again what one before them says."""
        rows: dict[str, Row] = {}
        twins: dict[int, int] = {}
        for row in table.rows:
            if row.digest in rows:
                twins[row.line] = rows[row.digest].line
            elif row.line not in plan.refused:
                rows[row.digest] = row
        ids = {codec.id_of_key(key_of(row, "act")): row for row in rows.values()}
        recorded = self.ledger.surroundings(Bearing(id_, 0, "", 0, (), ()) for id_ in ids).entries
        plan.already += [row.line for id_, row in ids.items() if id_ in recorded]
        return [row for id_, row in ids.items() if id_ not in recorded], twins

    def _understood(self, rows: Sequence[Row], plan: Plan) -> Iterator[Claim]:
        for row in rows:
            try:
                yield claim(row, self.names, self.sources)
            except Refusal as refusal:
                plan.refused[row.line] = refusal

    def _bodies(self, claims: Sequence[Claim], plan: Plan) -> dict[str, Draft]:
        """The bodies that are new, by short name; refuses the rows whose bodies cannot be told from others."""
        known = {str(body.slug): body for body in self.ledger.bodies()}
        naming: defaultdict[str, list[tuple[Claim, Party]]] = defaultdict(list)
        for one in claims:
            for party in (one.council, one.partner):
                naming[party.slug].append((one, party))
        fresh: dict[str, Draft] = {}
        for slug, named in sorted(naming.items(), key=lambda item: (-len(item[1]), item[0])):
            country = _country(slug, named, known)
            for one, party in named:
                if party.country != country:
                    plan.refused[one.row.line] = _abroad(one, party, country)
            own = [(one, party) for one, party in named if party.country == country]
            if slug not in known and own:
                body = body_of(party for _, party in own)
                meant = self.new_bodies or any(party.given for _, party in own)
                near = None if meant else _near(known, fresh, body)
                nearest = min((one for one, _ in own), key=lambda one: (one.nearness, one.row.digest))
                fresh[slug] = Draft(body, (nearest.evidence,))
                plan.refused |= {one.row.line: near for one, _ in own if near}
        return fresh

    def _weave(self, claims: Sequence[Claim], bodies: Mapping[str, Draft], plan: Plan) -> None:
        surroundings = self._surroundings(claims, bodies)
        book = surroundings.book()
        on_record = {_sides(tag): spelled(acts) for tag in _links(claims) if (acts := book.acts(tag))}
        for place, draft in enumerate(bodies.values(), 1):
            book.include(self._bearing(draft, -place))
        known = frozenset(codec.digest(entry) for entry in surroundings.entries.values())
        loom = Loom(book, self.today, known)
        teller = Teller(backgrounds(claims, on_record), self.today)
        for _, told in sorted(_by_link(claims).items()):
            pieces = []
            for one in told:
                try:
                    pieces += list(teller.pieces(one))
                except Refusal as refusal:
                    plan.refused[one.row.line] = refusal
            plan.refused |= weave(loom, pieces)
        plan.drafts = [(placed.piece.claim.row.line, placed.draft) for placed in loom.placed]
        needed = {need.tag.removeprefix("body:") for placed in loom.placed for need in placed.bearing.needs}
        plan.bodies = [draft for slug, draft in sorted(bodies.items()) if slug in needed]

    def _surroundings(self, claims: Sequence[Claim], bodies: Mapping[str, Draft]) -> Boundary:
        """All that is on record about the links and the bodies of some claims."""
        teller = Teller(backgrounds(claims, {}), self.today)
        proposed = [self._bearing(draft, 0) for draft in bodies.values()]
        for one in claims:
            try:
                proposed += [self._bearing(Draft(piece.event, piece.evidence), 0) for piece in teller.pieces(one)]
            except Refusal:
                continue
        return self.ledger.surroundings(proposed)

    def _bearing(self, draft: Draft, position: int) -> Bearing:
        id_ = codec.entry_id(draft, codec.digest(draft))
        return bearing(draft.event, Recording(self.today, draft.evidence, position=position, id=id_))


def _resting(plan: Plan, line: int, refused: Draft) -> list[int]:
    """The lines of the rows that cannot go in without a draft: its own, or those of all that name a body."""
    if line:
        return [line]
    tags = set(refused.event.tags)
    return [line for line, draft in plan.drafts if tags & set(draft.event.tags)]


def _near(known: Mapping[str, BodyRegistered], fresh: Mapping[str, Draft], body: BodyRegistered) -> Refusal | None:
    """Whether a new body is written almost like a known one."""
    others = [draft.event for draft in fresh.values() if isinstance(draft.event, BodyRegistered)]
    return near_duplicate([*known.values(), *others], [(1, body)]).get(1)


def _country(slug: str, named: Sequence[tuple[Claim, Party]], known: Mapping[str, BodyRegistered]) -> str:
    """The country of a body: as on record, else as most rows have it; empty where as many have another one."""
    if slug in known:
        return known[slug].country
    (first, most), *others = Counter(party.country for _, party in named).most_common(2)
    return "" if others and others[0][1] == most else first


def _abroad(claim: Claim, party: Party, country: str) -> Refusal:
    where = f"a body of {country} here or on record" if country else "bodies of two countries in this table"
    return Refusal(
        "record/once",
        f"{party.slug} stands for {where}, and not for {party.name} ({party.country}) alone",
        field="council" if party is claim.council else "partner",
        mend="look at the country; if they are two bodies, give one another short name: --names FILE",
    )


def _by_link(claims: Sequence[Claim]) -> dict[Sides, list[Claim]]:
    found: defaultdict[Sides, list[Claim]] = defaultdict(list)
    for one in claims:
        found[one.sides].append(one)
    return found


def _links(claims: Sequence[Claim]) -> set[str]:
    return {f"link:{'--'.join(one.sides)}" for one in claims}


def _sides(tag: str) -> Sides:
    first, second = tag.removeprefix("link:").split("--")
    return first, second
