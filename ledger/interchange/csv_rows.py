"""Comma-separated values, read without mercy (RFC 4180): rows with the line at which each begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ledger.interchange import strict_json

LONGEST: Final = 4 * strict_json.LONGEST
"""Bytes in one row, with the line breaks inside its cells."""
BOM: Final = b"\xef\xbb\xbf"
_MARKS: Final = (",", ";", "\t")
"""What spreadsheets put between cells, depending on the country they are set to."""
_CELL: Final = {mark: re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^"{mark}]*))({mark}|\Z)') for mark in _MARKS}


class RowFault(ValueError):
    """A row cannot be read; the message says why."""


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


def heading(row: Row) -> tuple[list[str], str]:
    """The names of the columns, and the mark between cells: the names hold none, so the heading shows which it is.

    Raises:
        RowFault: it is not the heading of a file that can be read.
    """
    if row.raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RowFault("the file is in UTF-16: save it as CSV UTF-8")
    text = row.text()
    if "\r" in text:
        raise RowFault("the lines end in CR alone: save the file with LF, or CR and LF, at the end of each line")
    mark = next((mark for mark in _MARKS if mark in text), ",")
    return row.cells(mark), mark
