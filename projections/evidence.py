"""The register of sources: the documents that entries rest on, one row for each entry and document.

What a record about an entry cites is evidence for that entry, which `about` names by its id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from domain.entry import Entry

COLUMNS: Final = (
    "entry", "number", "source", "title", "publisher", "url", "published", "retrieved", "sha256", "grade",
    "locator", "quote", "known_from", "id", "about",
)  # fmt: skip

_TELLING: Final = frozenset({"entry-corrected", "entry-corroborated"})
"""The records whose sources tell what the entry tells, or better."""

TABLE: Final = f"CREATE TABLE evidence ({', '.join(COLUMNS)}, PRIMARY KEY (entry, number)) WITHOUT ROWID"


def rows(entry: Entry) -> list[tuple[object, ...]]:
    """One row for each document that the entry rests on, numbered from 1."""
    about = str(getattr(entry.event, "entry", "")) if entry.type.split("/", 1)[0] in _TELLING else ""
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
            entry.id,
            about,
        )
        for number, source in enumerate(entry.evidence, 1)
    ]
