"""The sheet of a roll call, as a spreadsheet saved it: headings, and rows with the line at which each begins."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from ledger.errors import UsageError
from ledger.interchange import csv_rows
from ledger.interchange.roll_call_words import column_of

HOW: Final = (
    "one row a person under the headings person and vote; or one row a motion with a column for each person; or one "
    "row a person with a column for each motion, or a mark under for or against; civic help votes"
)
LONGEST: Final = 64 * 2**20
"""Bytes of a file."""

Read = TypeVar("Read")
_QUOTED: Final = re.compile(r'"[^"]*"')
_MARKS: Final = ("\t", ";", ",")
"""What may stand between cells; a name may hold a comma, and holds neither of the others."""


class Column(NamedTuple):
    """A column of a sheet."""

    place: int
    heading: str
    kind: str
    """What the table of headings says that it holds; empty where it says nothing."""


class Line(NamedTuple):
    """A row of a sheet under its heading."""

    number: int
    cells: tuple[str, ...]
    """As many as there are columns, without blanks around them."""


class Sheet(NamedTuple):
    """A roll call as it is in its file."""

    path: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def of_kind(self, *kinds: str) -> list[Column]:
        """The columns of some kinds, in their order."""
        return [column for column in self.columns if column.kind in kinds]


def read_sheet(path: str) -> Sheet:
    """Read a file: its heading is the first row with more than one cell.

    Raises:
        UsageError: it cannot be read; every row that is not one is named by its line.
    """
    rows = [row for row in csv_rows.rows(io.BytesIO(_content(path))) if not row.empty()]
    if not rows:
        raise UsageError(f"{path} is empty", mend=HOW)
    mark, rows = _mark_of(path, rows)
    lines = [Line(row.number, tuple(map(_clean, _read(path, row, lambda row: row.cells(mark))))) for row in rows]
    titles = next((place for place, line in enumerate(lines) if sum(map(bool, line.cells)) > 1), 0)
    return _under(path, lines[titles], lines[titles + 1 :])


def _under(path: str, heading: Line, lines: list[Line]) -> Sheet:
    """The sheet under a heading; columns without any text are left out, and so are repeated headings."""
    width = len(heading.cells)
    while width and not heading.cells[width - 1]:
        width -= 1
    beyond = [line.number for line in lines if any(line.cells[width:])]
    if beyond:
        raise UsageError(f"{path}:{beyond[0]}: has a cell to the right of the last heading", mend=HOW)
    wanted = [place for place in range(width) if heading.cells[place]]
    unnamed = [line.number for line in lines for cell in _without(line.cells[:width], wanted) if cell]
    if unnamed:
        raise UsageError(
            f"{path}:{unnamed[0]}: has a cell under an empty heading: write person or motion there", mend=HOW
        )
    columns = [Column(place, heading.cells[old], column_of(heading.cells[old])) for place, old in enumerate(wanted)]
    padded = (Line(one.number, (*one.cells, *[""] * width)) for one in lines if any(one.cells))
    taken = (Line(one.number, tuple(one.cells[place] for place in wanted)) for one in padded)
    names = tuple(column.heading.casefold() for column in columns)
    kept = (line for line in taken if tuple(map(str.casefold, line.cells)) != names)
    return Sheet(path, tuple(columns), tuple(kept))


def _without(cells: tuple[str, ...], places: list[int]) -> Iterator[str]:
    return (cell for place, cell in enumerate(cells) if place not in places)


def _mark_of(path: str, rows: list[csv_rows.Row]) -> tuple[str, list[csv_rows.Row]]:
    """The mark between cells, and the rows without a line `sep=` that declares it.

    It is the mark by which the most rows have as many cells as each other.
    """
    bare = csv_rows.Row(rows[0].number, rows[0].raw.replace(b'"', b""))
    _read(path, bare, csv_rows.heading)
    declared = csv_rows.separator(rows[0])
    if declared:
        return declared, rows[1:]
    texts = [_QUOTED.sub("", _read(path, row, csv_rows.Row.text)) for row in rows]
    return max(_MARKS, key=lambda mark: _alike(text.count(mark) for text in texts)), rows


def _alike(counts: Iterable[int]) -> int:
    """How many of the counts that are not 0 are the same."""
    return max(Counter(filter(None, counts)).values(), default=0)


def _read(path: str, row: csv_rows.Row, reader: Callable[[csv_rows.Row], Read]) -> Read:
    try:
        return reader(row)
    except csv_rows.RowFault as fault:
        raise UsageError(f"{path}:{row.number}: {fault}", mend=HOW) from None


def _clean(cell: str) -> str:
    return " ".join(cell.split())


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {reason}", mend="look at the name of the file") from None
    if len(content) > LONGEST:
        raise UsageError(f"{path} takes more than {LONGEST:,} bytes", mend=HOW)
    return content
