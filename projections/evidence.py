"""The register of sources: the documents that entries rest on, one row for each entry and document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from domain.entry import Entry

COLUMNS: Final = (
    "entry", "number", "source", "title", "publisher", "url", "published", "retrieved", "sha256", "grade",
    "locator", "quote", "known_from",
)  # fmt: skip

TABLE: Final = f"CREATE TABLE evidence ({', '.join(COLUMNS)}, PRIMARY KEY (entry, number)) WITHOUT ROWID"


def rows(entry: Entry) -> list[tuple[object, ...]]:
    """One row for each document that the entry rests on, numbered from 1."""
    return [
        (
            entry.position,
            number,
            source.source,
            source.title,
            source.publisher,
            source.url,
            source.published and source.published.text,
            source.retrieved and source.retrieved.text,
            source.sha256,
            source.grade,
            source.locator,
            source.quote,
            entry.known,
        )
        for number, source in enumerate(entry.evidence, 1)
    ]
