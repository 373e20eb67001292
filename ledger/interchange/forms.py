"""The forms in which a file may hold entries, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Protocol

from ledger.interchange import jsonl

if TYPE_CHECKING:
    from domain.entry import Draft
    from ledger.interchange.jsonl import Fault

_ENDINGS: Final = {".jsonl": "jsonl", ".csv": "csv", ".yaml": "yaml", ".yml": "yaml"}


@dataclass(frozen=True, slots=True)
class Piece:
    """What a file holds for one entry."""

    number: int
    """The line at which it begins; no two pieces begin at one."""
    raw: bytes = b""
    """As it stands in the file; empty where the form keeps it."""


class FileFault(ValueError):
    """A file is not written in its form, so none of its entries can be told apart."""

    def __init__(self, faults: Sequence[tuple[int, Fault]]) -> None:
        super().__init__(faults[0][1].message)
        self.faults = faults
        """The lines, and what is wrong with each."""


class Form(Protocol):
    """One way to write entries in a file."""

    called: tuple[str, str]
    """What holds an entry: one, and several."""

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece]:
        """The pieces of a file, from its lines.

        Raises:
            FileFault: they cannot be told apart.
        """
        ...

    def read(self, piece: Piece) -> Draft:
        """A piece as a draft.

        Raises:
            LineFault: it is not an entry.
        """
        ...

    def written(self, pieces: Sequence[Piece], *, headed: bool) -> bytes:
        """Pieces as they stand in a file of this form; `headed`: with all that comes before the first."""
        ...


class JSONLines:
    """One JSON object a line."""

    called = ("line", "lines")

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece]:
        """Every line that holds something."""
        return (Piece(number, raw) for number, raw in jsonl.lines(lines))

    def read(self, piece: Piece) -> Draft:
        """A line as a draft."""
        return jsonl.read(piece.raw)

    def written(self, pieces: Sequence[Piece], *, headed: bool) -> bytes:  # noqa: ARG002 - lines need no heading
        """The lines, just as they were."""
        return b"".join(piece.raw + b"\n" for piece in pieces)


def form_named(path: str) -> str:
    """The form that the ending of a file's name stands for; JSON Lines where it says nothing."""
    return _ENDINGS.get(PurePath(path).suffix.casefold(), "jsonl")
