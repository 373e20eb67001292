"""Tables for people: as wide as the terminal; what does not fit beside the rest of a row stands beneath it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

Row = Mapping[str, str]
"""The cells of a row that hold something, by column."""

_SHORT: Final = 32
"""Cells of the terminal: what is no longer is not broken."""

_READABLE: Final = 20
"""Cells of the terminal: words in a narrower column are hard to read."""

_GAP: Final = 2
"""Cells of the terminal between two columns."""

_INDENT: Final = 4
"""Cells of the terminal before what stands beneath a row."""


def lines(found: Sequence[tuple[Row, str]], columns: Sequence[str], *, width: int | None, color: bool) -> Iterator[str]:
    """The lines of a table of rows, each with its style; columns in which nothing stands are left out.

    `width` counts cells of the terminal; None is the width of the terminal.
    """
    widest = {column: max(cell_len(row.get(column, "")) for row, _ in found) for column in columns}
    shown = {column: max(width, cell_len(_named(column))) for column, width in widest.items() if width}
    console = Console(width=width, color_system="standard" if color else None, highlight=False, soft_wrap=False)
    widths = _beside(shown, console.width)
    short = [column for column in shown if column not in widths and shown[column] <= _SHORT]
    beneath = [short, *([column] for column in shown if column not in {*widths, *short})]
    with console.capture() as captured:
        console.print(_grid({column: _named(column) for column in widths}, widths, "bold"))
        for row, style in found:
            console.print(_grid(row, widths, style))
            for together in beneath:
                told = [f"{_named(column)}: {row[column]}" for column in together if column in row]
                for line in _together(told, console.width - _INDENT):
                    console.print(Padding(Text(line, style, overflow="fold"), (0, 0, 0, _INDENT)))
    return (line.rstrip() for line in captured.get().splitlines())


def _beside(shown: Mapping[str, int], room: int) -> dict[str, int]:
    """The columns that stand beside each other, in their order, with the width of each: the short ones first of all."""
    least = {column: width if width <= _SHORT else _READABLE for column, width in shown.items()}
    first, *others = sorted(shown, key=lambda column: shown[column] > _SHORT)
    widths = {first: min(least[first], room)}
    room -= widths[first]
    for column in others:
        if least[column] + _GAP <= room:
            widths[column] = least[column]
            room -= least[column] + _GAP
    for column, width in widths.items():
        more = min(shown[column] - width, room)
        widths[column] += more
        room -= more
    return {column: widths[column] for column in shown if column in widths}


def _together(told: Sequence[str], room: int) -> Iterator[str]:
    """What is told, as much on a line as there is room for."""
    line = ""
    for one in told:
        more = f"{line}{' ' * _GAP}{one}" if line else one
        if line and cell_len(more) > room:
            yield line
            more = one
        line = more
    if line:
        yield line


def _grid(cells: Row, widths: Mapping[str, int], style: str) -> RenderableType:
    grid = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for width in widths.values():
        grid.add_column(width=width, overflow="fold")
    grid.add_row(*(Text(cells.get(column, ""), style) for column in widths))
    return grid


def _named(column: str) -> str:
    return column.replace("_", " ")
