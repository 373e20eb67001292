"""CSV out: the entries of one event, a row each, as an import takes them again - or not at all."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from typing import TYPE_CHECKING, Final

from domain.entry import UnknownEvent
from ledger import codec
from ledger.errors import LinesRefused
from ledger.interchange import jsonl, short
from ledger.interchange.csv_form import OF_SOURCE, OVERRIDE, CSVForm, bases_of, fields_of, numbered
from ledger.interchange.forms import FileFault
from ledger.interchange.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from domain.catalogue import AnyEvent
    from domain.entry import Entry
    from ledger.interchange.csv_form import Column

_IN_MEMORY: Final = 4 * 2**20


def rows(event: type[AnyEvent], entries: Iterable[Entry]) -> Iterator[str]:
    """The heading, and a row for each entry of the event, in order; a row may hold line breaks, none at its end.

    Nothing is given before each row was read back and said what its entry says.

    Raises:
        LinesRefused: an entry cannot be told in a row without losing something.
    """
    most: Counter[str] = Counter()
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8") as spool:
        for entry in entries:
            if entry.type.split("/", 1)[0] != event.type:
                continue
            cells = _cells(event, entry)
            if not _says_the_same(event, entry, cells):
                raise LinesRefused(
                    f"entry {entry.position} cannot be told in a row of CSV",
                    why="something of it would be lost, so nothing is exported",
                    mend="civic export jsonl tells every entry in full",
                )
            for under in cells:
                most[under.base] = max(most[under.base], under.number)
            spool.write(json.dumps({under.name: cell for under, cell in cells.items()}) + "\n")
        names = _heading(event, most)
        yield _row(names)
        spool.seek(0)
        for line in spool:
            told = json.loads(line)
            yield _row([told.get(name, "") for name in names])


def _cells(event: type[AnyEvent], entry: Entry) -> dict[Column, str]:
    """What an entry says, cell by cell; of an event that this release does not know, nothing."""
    if isinstance(entry.event, UnknownEvent):
        return {}
    cells = {numbered("id", 1): entry.id}
    if entry.key is not None:
        cells[numbered("key", 1)] = entry.key
    given = entry.event.particulars()
    for field, kind in fields_of(event).items():
        if field in given:
            for number, value in enumerate(_members(given[field], kind), 1):
                cells[numbered(field, number)] = value
    for number, override in enumerate(entry.overrides, 1):
        cells[numbered(OVERRIDE, number)] = f"{override.rule}:{override.reason}"
    for number, source in enumerate(codec.as_json(entry.evidence), 1):
        cells |= {numbered(base, number): source[field] for base, field in OF_SOURCE.items() if field in source}
    return cells


def _members(value: object, kind: short.Kind) -> list[str]:
    """The cells that a field takes."""
    if kind.of is dict and isinstance(value, dict):
        return [f"{scheme}:{name}" for scheme, name in value.items()]
    return [short.written(kind.of, one) for one in (value if isinstance(value, list) else [value])]


def _says_the_same(event: type[AnyEvent], entry: Entry, cells: dict[Column, str]) -> bool:
    """Whether a row of these cells is read as what the entry says."""
    written = f"{_row([under.name for under in cells])}\n{_row(list(cells.values()))}\n"
    form = CSVForm(event, Sources(lambda _: None))
    try:
        (draft,) = (form.read(piece) for piece in form.pieces(jsonl.bounded(io.BytesIO(written.encode()))))
    except (FileFault, jsonl.LineFault):
        return False
    return (draft.id, draft.key, codec.digest(draft)) == (entry.id, entry.key, codec.digest(entry))


def _heading(event: type[AnyEvent], most: Counter[str]) -> list[str]:
    """The names of the columns: all that there are, and those that an entry with several of something needs."""
    own = [base for base in bases_of(event) if base not in OF_SOURCE]
    names = [numbered(base, number).name for base in own for number in range(1, max(most[base], 1) + 1)]
    sources = max((most[base] for base in OF_SOURCE), default=0)
    return [*names, *(numbered(base, number).name for number in range(1, max(sources, 1) + 1) for base in OF_SOURCE)]


def _row(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)  # CR and LF in a cell are then quoted
    return buffer.getvalue().removesuffix("\r\n")
