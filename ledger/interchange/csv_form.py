"""CSV: the entries of one event, a row each, under columns called like its fields."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from domain.values import Evidence
from ledger.interchange import csv_rows, jsonl, short
from ledger.interchange.forms import FileFault, Piece
from ledger.interchange.jsonl import Fault, LineFault
from ledger.interchange.sources import SourceFault, Sources

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.entry import Draft

OF_ENTRY: Final = ("id", "key")
OVERRIDE: Final = "override"
OF_SOURCE: Final = {
    "source": "source",
    **{f"source_{field}": field for field in Evidence.model_fields if field != "source"},
}
"""By column: the particular of a source that it holds."""

_NUMBERED: Final = re.compile(r"(.+?)_([2-9]|[1-9][0-9])")
"""What there may be several of takes a column each: about, about_2, about_3."""


@dataclass(frozen=True, slots=True)
class Column:
    """What stands under one name of the heading."""

    name: str
    base: str
    """Without its number."""
    number: int
    """From 1."""


@cache
def fields_of(event: type[AnyEvent]) -> dict[str, short.Kind]:
    """The fields of an event by their names in JSON, in their order, and what each holds."""
    return {info.alias or name: short.kind_of(info.annotation) for name, info in event.model_fields.items()}


def bases_of(event: type[AnyEvent]) -> list[str]:
    """The columns that a file of an event may have, without numbers, in the order in which they are exported."""
    return [*OF_ENTRY, *fields_of(event), OVERRIDE, *OF_SOURCE]


class CSVForm:
    """A file of one event."""

    called = ("row", "rows")

    def __init__(self, event: type[AnyEvent], sources: Sources) -> None:
        self._event = event
        self._sources = sources
        self._columns: list[Column] = []
        self._heading = csv_rows.NO_HEADING

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece]:
        """The rows under the heading that hold something."""
        rows = csv_rows.rows(lines)
        try:
            heading = csv_rows.opening(rows, lambda name: known_column(self._event, name) is not None)
        except csv_rows.HeadingFault as fault:
            raise FileFault([(fault.line, Fault("heading", str(fault)))]) from None
        if heading is None:
            raise FileFault([(1, Fault("heading", f"is missing: {self._how()}"))])
        self._columns = _columns(self._event, heading.names, heading.row.number)
        self._heading = heading
        return (Piece(row.number, row.raw) for row in rows if not row.empty(heading.mark))

    def read(self, piece: Piece) -> Draft:
        """A row as a draft."""
        try:
            cells = self._heading.cells(csv_rows.Row(piece.number, piece.raw))
        except csv_rows.RowFault as fault:
            raise LineFault([Fault("row", str(fault))]) from None
        return self.draft([(column, cell) for column, cell in zip(self._columns, cells, strict=True) if cell])

    def written(self, pieces: Sequence[Piece], *, headed: bool) -> bytes:
        """The rows, just as they were, under their heading."""
        return self._heading.written(pieces, headed=headed)

    def draft(self, cells: Sequence[tuple[Column, str]]) -> Draft:
        """What the cells that were filled say, as a draft.

        Raises:
            LineFault: it is not an entry.
        """
        faults: list[Fault] = []
        event, columns_of = self._particulars(cells, faults)
        evidence, numbers = self._evidence(cells, faults)
        overrides, behind = _overrides(cells, faults)
        line: dict[str, Any] = {
            "type": self._event.type,
            **{column.name: cell for column, cell in cells if column.base in OF_ENTRY},
            "evidence": evidence,
            "overrides": overrides,
            "event": event,
        }
        columns_of |= {"evidence": numbers, "overrides": behind}
        try:
            draft = jsonl.draft_of(line)
        except LineFault as found:
            known = {fault.field for fault in faults}
            told = [Fault(_column_of(fault.field, columns_of), fault.message) for fault in found.faults]
            raise LineFault([*faults, *(fault for fault in told if fault.field not in known)]) from None
        if faults:
            raise LineFault(faults)
        return draft

    def _particulars(
        self, cells: Sequence[tuple[Column, str]], faults: list[Fault]
    ) -> tuple[dict[str, Any], dict[str, list[Column]]]:
        """The fields of the event, and the columns that each comes from."""
        kinds = fields_of(self._event)
        read: defaultdict[str, list[Any]] = defaultdict(list)
        columns: defaultdict[str, list[Column]] = defaultdict(list)
        for column, cell in cells:
            if column.base not in kinds:
                continue
            try:
                value = short.read(kinds[column.base].of, cell)
            except ValueError as error:
                faults.append(Fault(column.name, str(error)))
                continue
            read[column.base].append(value)
            columns[column.base].append(column)
        return {field: self._gathered(field, values, faults) for field, values in read.items()}, dict(columns)

    def _gathered(self, field: str, values: list[Any], faults: list[Fault]) -> object:
        kind = fields_of(self._event)[field]
        if kind.of is not dict:
            return values if kind.many else values[0]
        if len(dict(values)) < len(values):
            faults.append(Fault(field, "names one scheme twice"))
        return dict(values)

    def _evidence(
        self, cells: Sequence[tuple[Column, str]], faults: list[Fault]
    ) -> tuple[list[dict[str, Any]], list[Column]]:
        """The sources, and for each a column that it comes from."""
        given: defaultdict[int, dict[str, str]] = defaultdict(dict)
        for column, cell in cells:
            if column.base in OF_SOURCE:
                given[column.number][OF_SOURCE[column.base]] = cell
        copied = any(column.base == "id" for column, _ in cells)
        found = []
        numbers = [numbered("source", number) for number in sorted(given)]
        for column in numbers:
            try:
                found.append(self._sources.evidence(given[column.number], copied=copied))
            except SourceFault as fault:
                faults.append(Fault(_source_column(fault.field, column.number), str(fault)))
                found.append({"title": "-", "grade": "press"})  # it is told what is wrong, and that alone
        return found, numbers

    def _how(self) -> str:
        needed = [name for name, info in self._event.model_fields.items() if info.is_required()]
        return f"the first line names the columns, as in {','.join(needed)},source,source_title,source_grade"


def _columns(event: type[AnyEvent], names: Sequence[str], line: int) -> list[Column]:
    """The columns that a heading names.

    Raises:
        FileFault: it names others than there are, one twice, or not all that are needed; every fault is told.
    """
    columns, wrong = [], []
    for place, name in enumerate(names, 1):
        column = known_column(event, name)
        if column:
            columns.append(column)
        else:
            wrong.append(_unknown(event, name, place))
    wrong += [f"the column {name} stands twice" for name, times in Counter(names).items() if name and times > 1]
    told = {column.base for column in columns}
    for name, info in event.model_fields.items():
        if info.is_required() and (info.alias or name) not in told:
            wrong.append(f"the column {info.alias or name} is missing: no {event.type} is without it")
    if wrong:
        raise FileFault([(line, Fault("heading", message)) for message in wrong])
    return columns


def known_column(event: type[AnyEvent], name: str) -> Column | None:
    """The column of an event that a heading names; None where there is none of that name."""
    if name in bases_of(event):
        return Column(name, name, 1)
    found = _NUMBERED.fullmatch(name)
    return numbered(found[1], int(found[2])) if found and _several(event, found[1]) else None


def _several(event: type[AnyEvent], base: str) -> bool:
    """Whether an entry may have several of what stands in the column."""
    fields = fields_of(event)
    return base == OVERRIDE or base in OF_SOURCE or (base in fields and fields[base].many)


def _unknown(event: type[AnyEvent], name: str, place: int) -> str:
    if not name:
        return f"column {place} has no name: name it, or take it out"
    found = _NUMBERED.fullmatch(name)
    if found and found[1] in bases_of(event):
        return f"there is no {name[:60]!r}: an entry has but one {found[1]}"
    return f"{name[:60]!r} is not a column of {event.type}; they are {', '.join(bases_of(event))}"


def numbered(base: str, number: int) -> Column:
    """The column for one of several."""
    return Column(base if number == 1 else f"{base}_{number}", base, number)


def _source_column(field: str, number: int) -> str:
    return numbered("source" if field == "source" else f"source_{field}", number).name


def _overrides(cells: Sequence[tuple[Column, str]], faults: list[Fault]) -> tuple[list[dict[str, str]], list[Column]]:
    """The overrides, and the column that each comes from."""
    found, columns = [], []
    for column, cell in cells:
        if column.base == OVERRIDE:
            try:
                found.append(short.override(cell))
                columns.append(column)
            except ValueError as error:
                faults.append(Fault(column.name, str(error)))
    return found, columns


def _column_of(path: str, columns: dict[str, list[Column]]) -> str:
    """The column in which a field of the entry stands."""
    field, *rest = path.split(".")
    if field == "line":
        return "row"
    if field not in columns or not rest or not rest[0].isdecimal():
        return "source" if field == "evidence" else path
    column = columns[field][int(rest[0])]
    if field == "evidence":
        return _source_column(rest[1] if len(rest) > 1 else "source", column.number)
    return column.name
