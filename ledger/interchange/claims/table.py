"""A table as it is handed in: its heading, its rows by the line at which each begins, and what cannot be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from domain.rules import Refusal
from ledger.interchange import csv_rows
from ledger.interchange.forms import FileFault
from ledger.interchange.jsonl import refused

CLAIMS: Final = (
    "council", "partner", "country", "kind", "from_edtf", "status", "status_date_edtf", "action",
    "source_title", "source_url",
)  # fmt: skip
"""The columns that a table of claims has."""

CLAIMS_OPTIONAL: Final = ("note", "act", "by")
"""Those that it may have: a remark of whoever made it; what was announced; which side acted."""


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    line: int
    """The line at which it begins, as an editor counts."""
    raw: bytes
    """As it stands in the file."""
    cells: Mapping[str, str]
    """By column, without blanks around them."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @cached_property
    def digest(self) -> str:
        """The SHA-256 (hex) of what it claims; a remark claims nothing."""
        said = {column: cell for column, cell in self.cells.items() if cell and column != "note"}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True)
class Table:
    """A table that was read."""

    name: str
    """The file, as messages name it."""
    heading: bytes = b""
    """Its first row, as it stands in the file."""
    rows: list[Row] = field(default_factory=list)
    bad: dict[int, Refusal] = field(default_factory=dict)
    """What is wrong with a row that cannot be read, by its line."""
    raw: dict[int, bytes] = field(default_factory=dict)
    """Every row as it stands in the file, by its line."""


ALSO: Final = {
    "official_name": "official name",
    "official-name": "official name",
    "official": "official name",
    "url_or_host": "url-or-host",
    "url": "url-or-host",
    "host": "url-or-host",
    "source_url": "url-or-host",
}
"""By another name that a column may have in a table of names or of sources: its own."""


def read(name: str, lines: Iterable[bytes], required: Sequence[str], optional: Sequence[str]) -> Table:
    """Read a table with these columns, in any order.

    Raises:
        FileFault: its heading is not that of such a table.
    """
    found = Table(name)
    rows = csv_rows.rows(lines)
    heading, columns = _heading(rows, required, optional)
    found.heading = heading.raw.removeprefix(csv_rows.BOM).removesuffix(b"\n")
    for row in rows:
        if row.empty(heading.mark):
            continue
        found.raw[row.number] = row.raw
        try:
            cells = heading.cells(row)
        except csv_rows.RowFault as fault:
            found.bad[row.number] = bad_cell("row", str(fault))
            continue
        told = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
        found.rows.append(Row(row.number, row.raw, told))
    return found


def bad_cell(column: str, what: str, mend: str = "") -> Refusal:
    """A cell is not written as its column asks."""
    return Refusal("claims/row", what, field=column, mend=mend)


def _heading(
    rows: Iterator[csv_rows.Row], required: Sequence[str], optional: Sequence[str]
) -> tuple[csv_rows.Heading, list[str]]:
    """The heading, and the names of its columns."""
    known = (*required, *optional)
    try:
        heading = csv_rows.opening(rows, lambda name: _called(name, known) in known)
    except csv_rows.HeadingFault as fault:
        raise _no_heading(str(fault), required, optional, fault.line) from None
    if heading is None:
        raise _no_heading("is missing: the file is empty", required, optional)
    names = [_called(name, known) for name in heading.names]
    missing = [name for name in required if name not in names]
    unknown = [name for name in names if name not in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    for what, culprits in (
        ("has no column", missing),
        ("has a column that is not known,", unknown),
        ("has twice", twice),
    ):
        if culprits:
            listed = f"{what} {', '.join(map(repr, culprits))[:200]}"
            raise _no_heading(listed, required, optional, heading.row.number)
    return heading, names


def _called(name: str, known: Sequence[str]) -> str:
    """The column that a name in a heading means."""
    name = name.lower()
    return name if name in known else ALSO.get(name, name)


def _no_heading(what: str, required: Sequence[str], optional: Sequence[str], line: int = 1) -> FileFault:
    wanted = f"the columns are {', '.join(required)}" + (f"; there may be {', '.join(optional)}" if optional else "")
    return FileFault([(line, refused(bad_cell("heading", what, wanted)))])
