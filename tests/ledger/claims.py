"""Tables of claims for tests: written as rows, imported into a ledger in memory, and asked about."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.dates import OPEN, Date
from domain.entry import Draft
from ledger.application import Ledger
from ledger.interchange.claims import names as names_table
from ledger.interchange.claims import sources as sources_table
from ledger.interchange.claims import table
from ledger.interchange.claims.importing import Importer, Plan
from ledger.interchange.claims.table import Table
from ledger.reading import Horizon, Reading
from projections import projection, questions, views
from tests.books import NOW, ROOT, Pages, in_memory

COLUMNS = (*table.CLAIMS, *table.CLAIMS_OPTIONAL)
DATA = ROOT / "tests/data/claims"
EXAMPLES = ROOT / "examples/claims"

Row = dict[str, str]


def row(council: str, partner: str, status: str, on: str = "", action: str = "press_report", **more: str) -> Row:
    """A row of a table: who, with whom, what, when, how; a twinning that a page of its own tells of, unless said."""
    host, country = more.pop("host", "page.example"), more.pop("country", "DE")
    told = {"council": f"{council} [GB]" if "[" not in council else council, "partner": partner, "status": status}
    told |= {"status_date_edtf": on, "action": action, "country": country, "kind": "twinning"}
    return told | {"source_title": f"{host} on {partner}", "source_url": f"https://{host}/1"} | more


def written(rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> bytes:
    """A table as it stands in a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def claims(rows: Iterable[Row]) -> Table:
    """A table of claims, read."""
    return opened(written(rows))


def opened(content: bytes | Path) -> Table:
    """A table of claims from a file, or from what stands in one."""
    return _read(content, table.CLAIMS, table.CLAIMS_OPTIONAL)


def names(content: bytes | Path) -> names_table.Names:
    """A table of names."""
    return names_table.Names(_read(content, names_table.COLUMNS, names_table.OPTIONAL))


def sources(content: bytes | Path) -> sources_table.Sources:
    """A table of sources."""
    return sources_table.Sources(_read(content, sources_table.COLUMNS, sources_table.OPTIONAL))


def graded(**hosts: str) -> bytes:
    """A table of sources: hosts under .example, each with its grade, and a date of publication behind a blank."""
    lines = [f"{host}.example,{','.join(told.split(' '))}" for host, told in hosts.items()]
    padded = [line if line.count(",") > 1 else f"{line}," for line in lines]
    return "\n".join(["url-or-host,grade,published", *padded]).encode()


def _read(content: bytes | Path, required: tuple[str, ...], optional: tuple[str, ...]) -> Table:
    raw = content.read_bytes() if isinstance(content, Path) else content
    return table.read("claims.csv", raw.splitlines(keepends=True), required, optional)


@dataclass(frozen=True)
class Imported:
    """A ledger after an import, and what became of the rows."""

    ledger: Ledger
    plan: Plan

    @property
    def refused(self) -> dict[int, str]:
        """The rule that refused a row, by its line."""
        return {line: refusal.rule.id for line, refusal in sorted(self.plan.refused.items())}

    @property
    def events(self) -> list[str]:
        """What was recorded, but for the bodies."""
        return [draft.event.type for _, draft in self.plan.drafts]

    def of(self, line: int) -> list[Draft]:
        """What a row became."""
        return [draft for number, draft in self.plan.drafts if number == line]

    def particulars(self, event: str) -> list[dict[str, Any]]:
        """Those of every event of a type that was recorded, in the order of recording."""
        return [draft.event.particulars() for _, draft in self.plan.drafts if draft.event.type == event]

    def told(self, link: str) -> list[tuple[str, str, tuple[str, ...]]]:
        """Each entry about a link as it stands, in the order of its acts: what, when, and what is recorded about it."""
        reading = Reading(self.ledger, Horizon(OPEN - 1))
        found = [told for told in reading.tagged(_tag(link)) if not told.entry.type.startswith("link-listed/")]
        rows = [
            (
                told.entry.type.partition("/")[0],
                str(getattr(told.entry.event, "on", "")),
                tuple(record.type.partition("/")[0].removeprefix("entry-") for record in told.records),
            )
            for told in found
            if not told.entry.type.startswith(("entry-", "note-"))
        ]
        return sorted(rows, key=lambda one: Date.parse(one[1]).latest)

    def standings(self, days: Iterable[str], links: Iterable[str]) -> dict[tuple[str, str], dict[str, Any] | None]:
        """How links stand at the end of some days, as the register tells it; None where one is not listed."""
        register = questions.BY_NAME["links"]
        found: dict[tuple[str, str], dict[str, Any] | None] = {}
        with closing(views.connect(":memory:")) as connection:
            projection.fill(connection, Pages(self.ledger), views.Mark("test"))
            for link in links:
                for day in days:
                    rows = questions.rows(connection, register, Date.parse(day).latest, OPEN - 1, _tag(link))
                    found[link, day] = next(rows, None)
        return found

    def stands(self, link: str, day: str) -> dict[str, Any]:
        """How a link stands at the end of a day."""
        found = self.standings([day], [link])[link, day]
        assert found is not None, f"{link} is not listed on {day}"
        return found

    def standing(self, link: str, day: str) -> str:
        """The standing, with its first day."""
        found = self.stands(link, day)
        return f"{found['standing']} {found['since']}".removesuffix(" None")

    def disputed(self, link: str, day: str, column: str = "since") -> list[str]:
        """What other accounts of the disputed make of a column."""
        return [account[column] for account in self.stands(link, day)["disputed"] or [] if column in account]


def imported(
    rows: Iterable[Row] | Table,
    *,
    named: bytes | Path | None = None,
    graded: bytes | Path | None = None,
    ledger: Ledger | None = None,
    new_bodies: bool = False,
) -> Imported:
    """Import a table: what can be expressed goes in, the rest is refused."""
    ledger = ledger or in_memory()
    read = rows if isinstance(rows, Table) else claims(rows)
    known = names(named) if named else names_table.Names()
    sourced = sources(graded) if graded else sources_table.Sources()
    settled = Importer(ledger, known, sourced, NOW.date().toordinal(), new_bodies).settle(read)
    with closing(settled.batch):
        ledger.commit(settled.batch, settled.verdict)
    return Imported(ledger, settled.plan)


def _tag(link: str) -> str:
    return "link:" + "--".join(sorted(link.split("--")))
