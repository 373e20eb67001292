"""Fallen authority: what was done under a motion that was lost or rescinded, or a decision that was taken back.

What was done under it stays done; it is shown so that somebody may look at it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from domain.dates import OPEN
from projections import questions

FALLEN: Final = frozenset({"lost", "vetoed", "rescinded", "disapproved", "revoked"})


class Fallen(NamedTuple):
    """An act whose authority has fallen."""

    entry: int
    type: str
    subject: str
    reference: str
    """The paper that gave the authority."""
    standing: str
    """What became of it."""


def fallen(connection: sqlite3.Connection, as_of: int, known_by: int = OPEN - 1) -> Iterator[Fallen]:
    """The acts begun by day `as_of`, of which the authority had fallen by then; in the order of recording.

    That a motion was lost is no less a reason to retain a link: it was decided not to act.
    """
    rows = questions.rows(connection, questions.BY_NAME["decisions"], as_of, known_by)
    standing = {row["reference"]: _told(row) for row in rows if FALLEN & {*row["possible"]}}
    sql = (
        "SELECT DISTINCT position, type, subject, detail FROM acts WHERE detail LIKE '%\"authority\":%' "
        "AND option = 0 AND known <= ? AND until > ? AND earliest <= ? ORDER BY position, subject"
    )
    told: set[int] = set()
    for position, name, subject, detail in connection.execute(sql, (known_by, known_by, as_of)) if standing else ():
        reference = json.loads(detail).get("authority", {}).get("reference", "").split("#", 1)[0]
        retained = name == "link-retained" and standing.get(reference, "").removeprefix("possibly ") == "lost"
        if reference in standing and position not in told and not retained:
            told.add(position)
            yield Fallen(position, name, _name(subject, detail), reference, standing[reference])


def _told(row: questions.Row) -> str:
    """What became of a paper, as far as it is sure."""
    doubtful = row["certainty"] == "possibly" and not {*row["possible"]} <= FALLEN
    standings = " or ".join(sorted(FALLEN & {*row["possible"]}))
    return f"possibly {standings}" if doubtful else standings


def _name(subject: str, detail: str) -> str:
    """The name of what an act is about, as it was written."""
    told = json.loads(detail)
    return str(next((told[field] for field in ("link", "letter") if field in told), subject.split(":", 1)[1]))
