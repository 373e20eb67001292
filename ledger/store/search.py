"""How a query finds its events in the SQLite file; every function runs inside a transaction of its caller.

A query is cut into pieces that one statement can answer each. Tags are looked up in the table of tags, whose key
(tag, type, position) leads straight to the few events that matter; types alone are found by a scan of the entries.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem, DCBSequencedEvent

from ledger.store.errors import Damaged
from ledger.store.file import among

PAGE = 1_000
"""Events read in one transaction, and events inserted at a time."""
MOST = 500
"""Marks of one kind in a statement; SQLite allows a depth of 1,000."""


@dataclass(frozen=True)
class Piece:
    """A part of a query that one statement can answer."""

    types: tuple[str, ...] | None = None
    """None for any."""
    tags: tuple[str, ...] = ()
    """All of them; none for a scan."""


def pieces(query: DCBQuery | None) -> list[Piece]:
    """Sort a query into at most a few scans and one look-up an item.

    Raises:
        ValueError: an item names more tags than a statement can compare.
    """
    items = (query.items if query else []) or [DCBQueryItem()]
    if any(not item.types and not item.tags for item in items):
        return [Piece()]
    scanned = dict.fromkeys(name for item in items if not item.tags for name in item.types)
    parts = [Piece(types) for types in _portions(list(scanned))]
    for item in items:
        tags = tuple(dict.fromkeys(item.tags))
        if len(tags) > MOST:
            why = f"an item of a query names {len(tags)} tags; {MOST} are the most"
            raise ValueError(why)
        if tags:
            parts.extend(Piece(types, tags) for types in (_portions(item.types) if item.types else [None]))
    return parts


def _portions(types: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(types[start : start + MOST]) for start in range(0, len(types), MOST)]


@cache
def _lookup_sql(types: int | None, tags: int) -> str:
    """The same text for items of the same shape, so that SQLite prepares it once."""
    narrowed = among(None if types is None else range(types))
    if not tags:
        return f"SELECT position FROM entries WHERE position > ?{narrowed} LIMIT ?"  # noqa: S608  # no values, only marks
    other = " AND EXISTS (SELECT 1 FROM tags WHERE tag = ? AND type = one.type AND position = one.position)"
    where = f"tag = ? AND position > ?{narrowed}{other * (tags - 1)}"
    return f"SELECT position FROM tags AS one WHERE {where} LIMIT ?"  # noqa: S608  # no values, only marks


def lookup(connection: sqlite3.Connection, piece: Piece, after: int, limit: int = -1) -> list[int]:
    """At most `limit` positions behind `after` that match, in no order; -1 for all."""
    first, others, types = piece.tags[:1], piece.tags[1:], piece.types
    sql = _lookup_sql(None if types is None else len(types), len(piece.tags))
    # Read to the end: a cursor that is left half-read holds its lock beyond the transaction.
    return [position for (position,) in connection.execute(sql, (*first, after, *(types or ()), *others, limit))]


def end_of_scan(connection: sqlite3.Connection, types: tuple[str, ...] | None, after: int, limit: int) -> int:
    """The position of the last of the first `limit` events, 0 when there is none."""
    where = f"position > ?{among(types)} ORDER BY position LIMIT ?"
    sql = f"SELECT coalesce(max(position), 0) FROM (SELECT position FROM entries WHERE {where})"  # noqa: S608  # no values, only marks
    (position,) = connection.execute(sql, (after, *(types or ()), limit)).fetchone()
    return int(position)


def scan_page(
    connection: sqlite3.Connection, path: Path, types: tuple[str, ...] | None, after: int, last: int
) -> list[DCBSequencedEvent]:
    """The next page of events behind `after`, up to `last`, in order.

    Raises:
        Damaged: it leads back; who went on from there would go round for ever.
    """
    where = f"position > ? AND position <= ?{among(types)} ORDER BY position LIMIT ?"
    sql = f"SELECT position, type, tags, data FROM entries WHERE {where}"  # noqa: S608  # no values, only marks
    page = [_event(*row) for row in connection.execute(sql, (after, last, *(types or ()), PAGE))]
    if page and page[-1].position <= after:
        raise Damaged(str(path), f"behind entry {after} it has entry {page[-1].position}")
    return page


def fetch(connection: sqlite3.Connection, path: Path, positions: list[int]) -> list[DCBSequencedEvent]:
    """The events at these positions, in the same order."""
    events = []
    for position in positions:
        row = connection.execute("SELECT type, tags, data FROM entries WHERE position = ?", (position,)).fetchone()
        if row is None:
            raise Damaged(str(path), f"entry {position} has tags but is missing")
        events.append(_event(position, *row))
    return events


def _event(position: int, name: str, tags: str, data: bytes) -> DCBSequencedEvent:
    return DCBSequencedEvent(DCBEvent(name, data, tags.split("\n") if tags else []), position)
