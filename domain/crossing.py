"""Rules between several entries: what one of them says against what another one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.bearing import Bearing
    from domain.book import Book
    from domain.rules import Refusal


def doubts(book: Book, entry: Bearing) -> Iterator[Refusal]:
    """What speaks against an entry that is in the book, given all else that is; queries overridden are left out."""
    return
    yield
