"""Comma-separated values, read without mercy (RFC 4180): rows with the line at which each begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from ledger.interchange import strict_json

LONGEST: Final = 4 * strict_json.LONGEST
"""Bytes in one row, with the line breaks inside its cells."""
BOM: Final = b"\xef\xbb\xbf"
_MARKS: Final = (",", ";", "\t")
"""What spreadsheets put between cells, depending on the country they are set to."""
_CELL: Final = {mark: re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^"{mark}]*))({mark}|\Z)') for mark in _MARKS}
_SEPARATOR: Final = re.compile(rb'"?sep=([,;\t])"?[,;\t]*')
_PREAMBLE: Final = 50
"""Rows in which the heading is looked for where the first row is none."""


class RowFault(ValueError):
    """A row cannot be read; the message says why."""


class HeadingFault(RowFault):
    """The heading of a file cannot be read."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Raw(Protocol):
    """What keeps its bytes of the file."""

    @property
    def raw(self) -> bytes:
        """As it is in the file, without the line break at its end."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file."""

    number: int
    """The line at which it begins, as an editor counts; the lines inside its cells count too."""
    raw: bytes
    """Without the line break at its end."""

    @property
    def whole(self) -> bool:
        """Whether it is all here: of a row that is too long, there is just enough to refuse it."""
        lines = self.raw.split(b"\n")
        return len(self.raw) <= LONGEST and all(len(line) <= strict_json.LONGEST for line in lines)

    def empty(self, mark: str = ",") -> bool:
        """Whether nothing stands in it, between its cells' marks."""
        return not self._bare.strip(mark.encode())

    @property
    def _bare(self) -> bytes:
        return self.raw.removeprefix(BOM) if self.number == 1 else self.raw

    def cells(self, mark: str) -> list[str]:
        """Its cells, without the quotation marks around them.

        Raises:
            RowFault: it is not written as a row.
        """
        text = self.text()
        found: list[str] = []
        place, more = 0, mark
        while more:
            cell = _CELL[mark].match(text, place)
            if cell is None:
                raise RowFault(
                    f"cell {len(found) + 1} has a quotation mark too few or too many: put the whole cell between two, "
                    "and write each one inside it twice"
                )
            quoted, bare, more = cell.groups()
            found.append(bare if quoted is None else quoted.replace('""', '"'))
            place = cell.end()
        return found

    def text(self) -> str:
        """The row as text, with LF for each line break in it.

        Raises:
            RowFault: it is too long, never ends, or is not UTF-8.
        """
        if not self.whole:
            raise RowFault(f"a line of more than {strict_json.LONGEST:,} bytes, or a row of more than {LONGEST:,}")
        if self.raw.count(b'"') % 2:
            raise RowFault("a quotation mark is opened in this row and never closed: all that follows is inside it")
        if b"\0" in self.raw:
            raise RowFault("there is a NUL byte: save the file as CSV UTF-8")
        try:
            return self._bare.decode().replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise RowFault(f"byte {error.start + 1} of the row is not UTF-8: save the file as CSV UTF-8") from None


def rows(lines: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a file, from its lines; a row goes on while a quotation mark is open."""
    begun, marks, raw = 0, 0, bytearray()
    for number, line in enumerate(lines, 1):
        begun = begun or number
        marks += line.count(b'"')
        raw += line
        whole = len(line) <= strict_json.LONGEST and len(raw) <= LONGEST
        if marks % 2 == 0 or not whole:
            yield Row(begun, bytes(raw).removesuffix(b"\n").removesuffix(b"\r"))
            begun, marks = 0, 0
            raw.clear()
    if begun:
        yield Row(begun, bytes(raw))


@dataclass(frozen=True, slots=True)
class Heading:
    """The row that names the columns of a file."""

    row: Row
    names: tuple[str, ...]
    """Without blanks around them, and without the unnamed columns at the end."""
    mark: str
    """What separates the cells."""
    announced: bytes = b""
    """The line before it that names the mark, as it is in the file; spreadsheets write `sep=;`."""

    @property
    def raw(self) -> bytes:
        """All that comes before the first row of data, as it is in the file."""
        return self.announced + self.row.raw + b"\n"

    def written(self, rows: Iterable[Raw], *, headed: bool) -> bytes:
        """Rows, just as they were in the file; `headed`: with all that comes before the first."""
        return (self.raw if headed else b"") + b"".join(row.raw + b"\n" for row in rows)

    def cells(self, row: Row) -> list[str]:
        """One cell for each column; empty cells beyond the last column are dropped.

        Raises:
            RowFault: the row cannot be read, or has another number of cells.
        """
        cells = row.cells(self.mark)
        while len(cells) > len(self.names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(self.names):
            place = next(n for n, cell in enumerate(cells, 1) if n > len(self.names) and cell.strip())
            raise RowFault(
                f"has {len(cells)} cells under {len(self.names)} columns: name column {place} in the heading, or empty "
                "it; a cell with a separator in it is put between quotation marks"
            )
        if len(cells) < len(self.names):
            raise RowFault(
                f"has {len(cells)} cells under {len(self.names)} columns: write an empty cell for what is not known"
            )
        return cells


NO_HEADING: Final = Heading(Row(1, b""), (), ",")
"""Of a file that was not read yet."""


def opening(rows: Iterator[Row], known: Callable[[str], bool]) -> Heading | None:
    """Take the heading off the rows; None when they hold nothing. `known` says which names a column may have.

    Raises:
        HeadingFault: what comes first is no heading that can be read.
    """
    row = next((row for row in rows if not row.empty()), None)
    announced, mark = b"", ""
    try:
        if row and (named := separator(row)):
            announced, mark = row.raw + b"\n", named
            row = next((row for row in rows if not row.empty(mark)), None)
        if row is None:
            return None
        names, mark = heading(row, mark)
    except RowFault as fault:
        raise HeadingFault(row.number if row else 1, str(fault)) from None
    if not _names_columns(names, known):  # then the file is refused in any case: the rows may be used up
        for other in islice(rows, _PREAMBLE):
            if _names_columns(_names_in(other), known):
                raise HeadingFault(
                    row.number,
                    f"line {row.number} does not name the columns, and line {other.number} does: delete the lines "
                    f"above line {other.number}",
                )
    return Heading(row, tuple(names), mark, announced)


def heading(row: Row, mark: str = "") -> tuple[list[str], str]:
    """The names of the columns, and the mark between cells: the names hold none, so the heading shows which it is.

    Raises:
        RowFault: it is not the heading of a file that can be read.
    """
    if row.raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RowFault("the file is in UTF-16: save it as CSV UTF-8")
    text = row.text()
    if "\r" in text:
        raise RowFault("the lines end in CR alone: save the file with LF, or CR and LF, at the end of each line")
    mark = mark or next((mark for mark in _MARKS if mark in text), ",")
    names = [cell.strip() for cell in row.cells(mark)]
    while names and not names[-1]:
        names.pop()
    return names, mark


def separator(row: Row) -> str:
    """The mark that a line `sep=;` names; empty for any other line."""
    found = _SEPARATOR.fullmatch(row.raw.removeprefix(BOM))
    return found[1].decode() if found else ""


def _names_in(row: Row) -> list[str]:
    try:
        return heading(row)[0]
    except RowFault:
        return []


def _names_columns(names: Sequence[str], known: Callable[[str], bool]) -> bool:
    """Whether most of the names are those of columns."""
    return 2 * sum(map(known, names)) > len([name for name in names if name]) > 0
