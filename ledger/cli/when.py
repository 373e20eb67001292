"""The three clocks of a question: --as-of, --known-by, --recorded-by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from domain.dates import OPEN, Date, DateError, written
from ledger.cli import output
from ledger.cli.desk import Desk, now
from ledger.cli.options import asked_format
from ledger.errors import UsageError

if TYPE_CHECKING:
    from ledger.reading import Horizon


@dataclass(frozen=True, slots=True)
class When:
    """The days that a question is about."""

    as_of: int
    known_by: int
    recorded_by: int | None
    heading: str
    ahead: bool = False
    """Whether the day asked about has not come yet, so that nothing about it is sure."""

    def unsure(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row about that day: possibly so where the day has not come yet, whatever is on record."""
        return {**row, "certainty": "possibly"} if self.ahead and "certainty" in row else row


def asked_when(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the three clocks and a format; it is called with `when` and `format_`."""

    @click.option("--as-of", metavar="DATE", help="As things stood at the end of that day; 2022-03 means its last day.")
    @click.option("--known-by", metavar="DATE", help="As far as the public could know by then.")
    @click.option("--recorded-by", metavar="POSITION|DATE", help="As far as this ledger had recorded by then.")
    @asked_format
    @click.pass_obj
    @wraps(command)
    def wrapped(
        desk: Desk,
        /,
        *args: Any,
        as_of: str | None,
        known_by: str | None,
        recorded_by: str | None,
        format_: str | None,
        **kwargs: Any,
    ) -> Any:
        when = when_of(desk, as_of, known_by, recorded_by)
        note_ahead(desk, when.as_of)
        return command(desk, *args, when=when, format_=output.chosen(format_), **kwargs)

    return wrapped


def note_ahead(desk: Desk, *days: int) -> None:
    """Say of a day that has not come yet that the answer is from what is on record today."""
    today = now().toordinal()
    for day in days:
        if day > today and not desk.quiet:
            output.note(
                f"{written(day)} has not come yet: this is what is on record on {written(today)} (UTC); "
                "what happens until then is not known"
            )


def when_of(desk: Desk, as_of: str | None, known_by: str | None, recorded_by: str | None) -> When:
    """Read the three clocks; --known-by alone implies --as-of."""
    known = day_of(known_by, "--known-by") if known_by is not None else OPEN - 1
    today = now().toordinal()
    latest = known if known_by is not None else today
    standing = day_of(as_of, "--as-of") if as_of is not None else latest
    position = position_of(desk, recorded_by) if recorded_by is not None else None
    parts = [
        f"As of {written(standing)}" if (as_of, known_by) != (None, None) else "As of today",
        f"as known by {written(known)}" if known_by is not None else "all evidence",
        *([f"as recorded by entry {position}"] if recorded_by is not None else []),
    ]
    return When(standing, known, position, ", ".join(parts), ahead=standing > today)


def horizon_of_all() -> Horizon:
    """Everything on record, as it stands today."""
    from ledger.reading import Horizon

    return Horizon(now().toordinal())


def day_of(text: str, option: str) -> int:
    """The last day of a date typed for a question.

    Raises:
        UsageError: it is none, or has no last day.
    """
    latest = _date(text, option).latest
    if latest == OPEN:
        raise UsageError(f"{option}: {text} has no last day", mend="name a day, a month or a year")
    return latest


def first_day_of(text: str, option: str) -> int:
    """The first day of such a date; before all others where it has none.

    Raises:
        UsageError: it is none.
    """
    return _date(text, option).earliest


def _date(text: str, option: str) -> Date:
    try:
        return Date.from_short(text)
    except DateError as error:
        raise UsageError(f"{option}: {error}") from None


def position_of(desk: Desk, text: str) -> int:
    """The position at which the ledger ended: as typed (a bare number is always an entry), or at the end of a day."""
    if text.isascii() and text.isdecimal():
        return int(text[:18])
    day = day_of(text, "--recorded-by")
    with desk.ledger(read_only=True) as ledger:
        return max((entry.position for entry in ledger.read() if entry.recorded_day <= day), default=0)
