"""A clerk's own table, read by a map: which of her columns and words stand for which events and columns of ours.

A map is closed: a column that it does not name, a word that its tables do not hold, and a row of which it makes no
event are refused, by line. Nothing is read out of free text.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.catalogue import EVENTS
from ledger.everyday import event_advice
from ledger.interchange import csv_rows
from ledger.interchange.csv_form import Column, CSVForm, bases_of, known_column
from ledger.interchange.forms import FileFault, Piece
from ledger.interchange.jsonl import Fault, LineFault

if TYPE_CHECKING:
    from domain.entry import Draft
    from ledger.interchange.sources import Sources

LARGEST: Final = 2**20
"""Bytes in a map."""

_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}|]*)(?:\|([^{}|]*))?\}|[{}]")
"""A column in a template: `{council}` or, translated by a table of words, `{council|bodies}`; `{{` is a brace."""

_Template = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=10_000)]


class MapFault(ValueError):
    """A map cannot be used; the message says why."""


class Map(BaseModel):
    """What a file of TOML says of a table."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: _Template
    """The event of a row; a row for which it is empty is left out."""
    needed: tuple[_Template, ...] = ()
    """Columns without which a row is left out."""
    unused: tuple[_Template, ...] = ()
    """Columns of the table that are not read."""
    words: dict[str, dict[str, Annotated[str, StringConstraints(strict=True)]]] = Field(default_factory=dict)
    """By table, by word: what it stands for; empty where it stands for nothing."""
    columns: dict[str, _Template] = Field(default_factory=dict)
    """By column, as in a file of CSV: what it holds."""
    columns_of: dict[str, dict[str, _Template]] = Field(default_factory=dict, alias="columns-of")
    """By event: more such columns, or others in their place."""

    @cached_property
    def read(self) -> frozenset[str]:
        """The columns of the table that are read."""
        of_events = (template for columns in self.columns_of.values() for template in columns.values())
        templates = (self.type, *self.columns.values(), *of_events)
        return frozenset({*self.needed, *(name for one in templates for name, _ in _places(one))})

    def templates(self, event: str) -> dict[str, str]:
        """The columns of an event, each with its template."""
        return {**self.columns, **self.columns_of.get(event, {})}


def read_map(data: bytes) -> Map:
    """Read a map.

    Raises:
        MapFault: it is not one, or contradicts itself.
    """
    try:
        found = Map.model_validate(tomllib.loads(data.decode()))
    except UnicodeDecodeError as error:
        raise MapFault(f"byte {error.start + 1} is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise MapFault(f"not written as TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise MapFault(f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from None
    for place, template in _named(found):
        _check(found, place, template)
    for name in found.columns:
        if not any(known_column(event, name) for event in EVENTS.values()):
            raise MapFault(f"columns.{name[:80]}: no event has this column; civic help forms explains columns")
    for event, columns in found.columns_of.items():
        if event not in EVENTS:
            advice = event_advice(event[:80], EVENTS, "civic schema lists them")
            raise MapFault(f"columns-of.{event[:80]}: there is no event {event[:80]!r}; {advice}")
        for name in columns:
            if not known_column(EVENTS[event], name):
                known = ", ".join(bases_of(EVENTS[event]))
                raise MapFault(f"columns-of.{event}.{name[:80]}: is not a column of {event}; they are {known}")
    return found


def _named(map_: Map) -> Iterator[tuple[str, str]]:
    """Every template of a map, with the place where it is."""
    yield "type", map_.type
    yield from ((f"columns.{name}", one) for name, one in map_.columns.items())
    for event, columns in map_.columns_of.items():
        yield from ((f"columns-of.{event}.{name}", one) for name, one in columns.items())


def _check(map_: Map, place: str, template: str) -> None:
    for column, table in _places(template):
        if column is None:
            raise MapFault(f"{place}: a brace without its partner in {template!r}: write {{{{ for a brace itself")
        if table is not None and table not in map_.words:
            raise MapFault(f"{place}: there is no table [words.{table}]")


def _places(template: str) -> Iterator[tuple[str, str | None]]:
    """The columns in a template, each with the table that translates it; None for a stray brace."""
    for found in _PLACE.finditer(template):
        if found[0] not in ("{{", "}}"):
            yield found[1], found[2]


class _Unknown(LineFault):
    """A word that no table of the map holds."""

    def __init__(self, column: str, table: str, word: str) -> None:
        super().__init__([Fault(column, f"{word[:80]!r} is not in [words.{table}] of the map")])


@dataclass(slots=True)
class MappedCSV:
    """A table that a map explains; a row is one entry, or none."""

    map: Map
    sources: Sources
    left_out: int = 0
    """Rows of which the map makes no entry."""
    called: tuple[str, str] = ("row", "rows")
    _heading: csv_rows.Heading = csv_rows.NO_HEADING
    _forms: dict[str, CSVForm] = field(default_factory=dict)

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece]:
        """The rows that become entries, and those that are refused."""
        rows = csv_rows.rows(lines)
        known = {*self.map.read, *self.map.unused}
        try:
            heading = csv_rows.opening(rows, known.__contains__)
        except csv_rows.HeadingFault as fault:
            raise FileFault([(fault.line, Fault("heading", str(fault)))]) from None
        if heading is None:
            raise FileFault([(1, Fault("heading", "is missing: the first line names the columns"))])
        wrong = [
            *(f"the column {name[:60]!r} is not in the map: name it under unused, if it is not to be read"
              for name in heading.names if name not in known),
            *(f"the column {name!r} is missing: the map reads it" for name in sorted(self.map.read - {*heading.names})),
            *(f"the column {name!r} stands twice" for name, times in Counter(heading.names).items() if times > 1),
        ]  # fmt: skip
        if wrong:
            raise FileFault([(heading.row.number, Fault("heading", message)) for message in wrong])
        self._heading = heading
        return (Piece(row.number, row.raw) for row in rows if not row.empty(heading.mark) and self._is_meant(row))

    def _is_meant(self, row: csv_rows.Row) -> bool:
        """Whether a row is an entry, or wrong; the others are counted."""
        try:
            cells = self._cells(row)
            meant = all(cells[name] for name in self.map.needed) and bool(self._filled(self.map.type, cells))
        except LineFault:
            return True
        self.left_out += not meant
        return meant

    def _cells(self, row: csv_rows.Row) -> dict[str, str]:
        try:
            return dict(zip(self._heading.names, map(str.strip, self._heading.cells(row)), strict=True))
        except csv_rows.RowFault as fault:
            raise LineFault([Fault("row", str(fault))]) from None

    def read(self, piece: Piece) -> Draft:
        """A row as a draft."""
        cells = self._cells(csv_rows.Row(piece.number, piece.raw))
        name = self._filled(self.map.type, cells)
        if name not in EVENTS:
            raise LineFault([Fault("type", f"there is no event {name[:80]!r}; civic schema lists them")])
        form = self._forms.setdefault(name, CSVForm(EVENTS[name], self.sources))
        filled: list[tuple[Column, str]] = []
        faults: list[Fault] = []
        for column, template in self.map.templates(name).items():
            known = known_column(EVENTS[name], column)
            try:
                cell = self._filled(template, cells)
            except _Unknown as unknown:
                faults += unknown.faults
            else:
                if cell and known:  # a column that this event does not have is meant for the others
                    filled.append((known, cell))
        if faults:
            raise LineFault(faults)
        return form.draft(filled)

    def _filled(self, template: str, cells: Mapping[str, str]) -> str:
        """A template with the cells of a row in it; empty where one of them is."""
        parts, end = [], 0
        for found in _PLACE.finditer(template):
            parts.append(template[end : found.start()])
            end = found.end()
            if found[0] in ("{{", "}}"):
                parts.append(found[0][0])
                continue
            word, table = cells[found[1]], found[2]
            if table is not None and (word or "" in self.map.words[table]):
                if word not in self.map.words[table]:
                    raise _Unknown(found[1], table, word)
                word = self.map.words[table][word]
            if not word:
                return ""
            parts.append(word)
        return "".join([*parts, template[end:]])

    def written(self, pieces: Sequence[Piece], *, headed: bool) -> bytes:
        """The rows, just as they were, under their heading."""
        return self._heading.written(pieces, headed=headed)
