"""Understanding a row: whom it is about, what it says of them, when, and how near its source stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.dates import Date, DateError
from domain.rules import Refusal
from domain.values import GRADES, Evidence
from ledger.interchange.claims.outcomes import ANNOUNCED_SO_FAR, contradicts
from ledger.interchange.claims.table import bad_cell
from ledger.interchange.claims.words import (
    ANNOUNCED,
    KINDS,
    STATUSES,
    Manner,
    announced,
    announced_by,
    manner,
    opposed,
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
        sources.evidence(row, weakest=how.hearsay or status == "unsupported"),
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
        found = announced(row["act"]) if row["act"] else announced_by(row["action"])
        if found is None:
            act = row["act"]
            raise Refusal(
                "claims/act-named",
                f"{act!r} is not plainly a suspension or an ending" if act else "what was announced is not told",
                field="act",
                mend="add a column act that says suspension or ending; or write the status that was reached",
            )
        return _came_about(row, found, how)
    event = STATUSES.get(status)
    if event is None:
        raise bad_cell(
            "status",
            f"{row['status']!r} is not a status" if row["status"] else "is missing",
            f"it is one of {', '.join((*STATUSES, ANNOUNCED))}",
        )
    if row["act"] and opposed(announced(row["act"]), event):
        raise bad_cell("act", f"{row['act']!r} is not what the status says, {row['status']!r}")
    return _came_about(row, "link-renewed" if event == "link-listed" and how.renews else event, how)


def _came_about(row: Row, event: str, how: Manner) -> str:
    """The event that a status reports, or so far its announcement, where the action tells of nothing more.

    Raises:
        Refusal: by the action, it did not happen.
    """
    if contradicts(how.came, event):
        raise bad_cell(
            "action",
            f"{row['action']!r} tells that it was not done, and the status says {row['status']!r}",
            "look at the source again: write what was done, or the status that was reached, as retained, under_review "
            "or proposed_suspension",
        )
    return ANNOUNCED_SO_FAR.get(event, event) if how.came == "asked" else event
