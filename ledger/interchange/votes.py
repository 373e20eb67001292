"""A roll call in a file of its own: who voted how, one person a row."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any, Final, get_args

from domain.values import Ballot
from ledger.errors import UsageError
from ledger.interchange import csv_rows, short, strict_json

COLUMNS: Final = tuple(Ballot.model_fields)
NEEDED: Final = ("person", "vote")
WAYS: Final = get_args(Ballot.model_fields["vote"].annotation)
_TOLD: Final = 10
"""Faults that are told at once."""


def names(path: str) -> list[dict[str, Any]]:
    """The ballots that stand in a file, in its order.

    Raises:
        UsageError: it cannot be read, or a row of it is no ballot; every such row is told.
    """
    rows = [row for row in csv_rows.rows(io.BytesIO(_content(path))) if not row.empty()]
    if not rows:
        raise UsageError(f"{path} is empty", mend=_HOW)
    try:
        columns, mark = csv_rows.heading(rows[0])
    except csv_rows.RowFault as fault:
        raise UsageError(f"{path}:{rows[0].number}: {fault}", mend=_HOW) from None
    _check(path, columns)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    faults = []
    for row in rows[1:]:
        if row.empty(mark):
            continue
        try:
            ballot = _ballot(columns, row.cells(mark))
        except ValueError as error:
            faults.append(f"{path}:{row.number}: {error}")
            continue
        cast = tuple(" ".join(ballot.get(name, "").casefold().split()) for name in ("person", "proxy_for"))
        if cast in found:
            faults.append(f"{path}:{row.number}: person: {ballot['person']!r} has voted above")
        found[cast] = ballot
    if faults:
        more = f"; and {len(faults) - _TOLD} rows more" if len(faults) > _TOLD else ""
        raise UsageError("; ".join(faults[:_TOLD]) + more, mend=_HOW)
    if not found:
        raise UsageError(f"{path} names nobody", mend=_HOW)
    return list(found.values())


def counted(ballots: list[dict[str, Any]]) -> dict[str, int]:
    """The figures that complete names give: each vote counts once, or by its weight.

    Nobody listed as absent does not say that all were there, so of the ways that are no vote only those listed count.
    """
    count: Counter[str] = Counter()
    for ballot in ballots:
        count[ballot["vote"]] += ballot.get("weight", 1)
    return {way.replace("-", "_"): count[way] for way in WAYS if way in count or way in ("for", "against")}


_HOW: Final = (
    f"one row a person, under a heading: person, vote ({', '.join(WAYS)}), and if known party, proxy_for, weight"
)


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(strict_json.LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {reason}", mend="look at the name of the file") from None
    if len(content) > strict_json.LONGEST:
        raise UsageError(f"{path} takes more than {strict_json.LONGEST:,} bytes", mend=_HOW)
    return content


def _check(path: str, columns: list[str]) -> None:
    """Refuse a heading that names other columns, one twice, or not all that are needed."""
    wrong = [
        *(f"{name!r} is not a column here" for name in dict.fromkeys(columns) if name not in COLUMNS),
        *(f"the column {name} stands twice" for name in COLUMNS if columns.count(name) > 1),
        *(f"the column {name} is missing" for name in NEEDED if name not in columns),
    ]
    if wrong:
        raise UsageError(f"{path}:1: {'; '.join(wrong)}", mend=_HOW)


def _ballot(columns: list[str], cells: list[str]) -> dict[str, Any]:
    """One row as a ballot.

    Raises:
        ValueError: it is none.
    """
    if len(cells) != len(columns):
        raise ValueError(f"has {len(cells)} cells under {len(columns)} columns")
    given: dict[str, Any] = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
    for name in NEEDED:
        if name not in given:
            raise ValueError(f"{name}: is missing")
    if given["vote"] not in WAYS:
        raise ValueError(f"vote: {given['vote'][:40]!r} is not one of {', '.join(WAYS)}")
    if "weight" in given:
        given["weight"] = short.read(int, given["weight"])
    return {name: given[name] for name in COLUMNS if name in given}
