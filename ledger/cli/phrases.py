"""How things stand, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from domain import differences, tallies
from domain.dates import Date, written
from ledger.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.cli.when import When
    from projections.questions import Row


def doubtful(row: Row, *, ahead: bool = False) -> Row:
    """A row for people, in which a standing that is not certain says so; a day `ahead` has its own sentence."""
    certain = row.get("certainty") != "possibly" or len(row["possible"]) == 1
    if not certain:
        standings = " or ".join(standing for standing in row["possible"] if standing != "none")
        row = {**row, "standing": f"possibly {standings}"}
    if "flags" in row:
        doubts = ["details-in-doubt"] if certain and row.get("certainty") == "possibly" and not ahead else []
        flags = [*row["flags"], *(["beginning-assumed"] if row["assumed"] else []), *doubts]
        row = {**row, "flags": [flag.replace("-", " ") for flag in flags]}
    if row.get("disputed"):
        row = _with_disputes(row)
    return {**row, "vote": words("vote", row["vote"])} if isinstance(row.get("vote"), Mapping) else row


def _with_disputes(row: Row) -> Row:
    """A row in which what is disputed stands beside what is shown; the last column names the fields that differ."""
    beside: dict[str, list[str]] = {}
    whole = []
    for account in row["disputed"]:
        grade = f", {account['grade']}" if account["grade"] else ""
        whose = f"entry {account['dispute'] or account['entry']}{grade}"
        others = {field: value for field, value in account.items() if field in row and field not in _WHOSE}
        for field, value in others.items():
            said = words(field, value) or ("nothing of the kind" if field == "standing" else "not said")
            beside.setdefault(field, []).append(f"{said} ({whose})")
        found = differences.changes({field: row[field] for field in others}, others)
        whole.append(f"{differences.in_words(found)} ({whose})")
    told = {
        field: ", ".join([*([words(field, row[field])] if row[field] else []), f"disputed: {', '.join(accounts)}"])
        for field, accounts in beside.items()
    }
    return {**row, **told, "disputed": "; ".join(whole)}


_WHOSE: Final = ("entry", "grade", "disputed")
"""Columns that say whose account it is, and nothing of what happened."""


def words(field: str, value: object) -> str:
    """A value of a row as people read it; a vote in words."""
    return tallies.in_words(value) if field == "vote" and isinstance(value, Mapping) else output.cell(value)


def details(row: Row) -> Iterator[str]:
    """The lines on the votes of a row that no cell has room for: who voted which way, and how."""
    for account in (row, *(row.get("disputed") or ())):
        vote = account.get("vote")
        whose = "" if account is row else f"disputed by entry {account['dispute'] or account['entry']}: "
        if isinstance(vote, Mapping):
            yield from (whose + line for line in tallies.details(vote))


def phrase(row: Row) -> str:
    """How something stands, in a few words."""
    row = {**row, "disputed": None}
    told = str(doubtful(row)["standing"])
    if row["certainty"] == "possibly" and row.get("on"):
        return f"{told}: {Date.parse(row['on']).spoken}"
    if row.get("on"):
        return f"{told}, {Date.parse(row['on']).spoken}"
    since = row["since"] if row.get("since") and row["certainty"] == "yes" else ""
    if row["standing"] == "suspended" and row.get("suspended_by"):
        return f"{told}{_by_whom(row, since)}"
    return f"{told} since {since}" if since else told


def _by_whom(row: Row, since: str) -> str:
    """Who suspended a link: with the day of each, where that is not the day since which it is suspended."""
    days = row.get("suspended_since") or []
    if not since or all(day == since for day in days):
        return f" by {output.cell(row['suspended_by'])}" + (f" since {since}" if since else "")
    each = zip(row["suspended_by"], days, strict=True)
    return f" since {since} ({', '.join(f'by {side} since {day}' for side, day in each)})"


def absent(name: str, when: When, known: tuple[int, int] | None) -> str:
    """Why there is nothing to show of something that is on record."""
    if known and known[0] > when.known_by:
        day, entry = written(known[0]), known[1]
        return f"Nothing about {name} was public by {written(when.known_by)}; first on {day} (entry {entry})."
    if known is None and "--" not in name:
        return f"What was recorded about {name} was taken back; see: civic history {name} --all"
    return f"{name} is on record, but nothing of what was asked for had happened by {written(when.as_of)}."


def in_clear(positions: Sequence[int]) -> str:
    """What whoever hands on these entries should know: a redaction hides, and not every detail can be erased."""
    which = "entry" if len(positions) == 1 else "entries"
    return f"what is no longer shown still stands in clear in {which} {', '.join(map(str, positions))}"
