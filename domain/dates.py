"""Civil dates as a source gives them: kept as written, with bounds and a three-valued order.

Source: Extended Date/Time Format (EDTF), Library of Congress / ISO 8601-2:2019. Read here is a
closed profile of it: plain dates, one trailing qualifier, masked decades and centuries, one of a
set `[a..b]`, and - for terms and names over time only - intervals `a/b`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from domain.notations import Hint, hint

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

Certainty = Literal["yes", "possibly", "no"]

OPEN: Final = 2**40
"""A day number beyond every calendar: the end that nobody knows (its negative: the beginning)."""

_FIRST_DAY: Final = date.min.toordinal()
_LAST_DAY: Final = date.max.toordinal()
_LONGEST: Final = 40
_SHOWN: Final = 60
"""Characters of a refused text that are repeated."""

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_MASK = re.compile(r"([0-9]{3}X|[0-9]{2}XX)")
_SET = re.compile(r"\[([0-9-]*)\.\.([0-9-]*)\]")
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_OLD_UNKNOWN = re.compile(r"[0-9]{2,3}[ux]{1,2}")

HOW_TO_WRITE: Final = (
    "write 2022-03-22, 2022-03, 2022, 1944~ (about), '2022-02-26?' (uncertain), 199X, "
    "or [2022-03-23..2022-04-04] (some day between)"
)


class DateError(ValueError):
    """The text is no date of the profile; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Date:
    """A moment that a source names, to the day or less exactly.

    `earliest` and `latest` are day numbers (1 = 0001-01-01, proleptic Gregorian), both inclusive;
    `-OPEN` and `OPEN` where the text sets no bound.
    """

    text: str
    earliest: int
    latest: int
    qualified: bool = False
    """Whether the source (or the clerk) doubts the date: `?`, `~` or `%`."""

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Date:
        """Read one date of the profile.

        Raises:
            DateError: it is none; the message offers the way to write it.
        """
        return _parse(text)

    @classmethod
    def from_short(cls, text: str) -> Date:
        """Read a date as typed in a shell, where `a..b` may stand without its brackets."""
        text = text.strip()
        bare = ".." in text and not text.startswith("[") and "/" not in text
        return _parse(f"[{text}]" if bare else text)

    @property
    def spoken(self) -> str:
        """The date in words a reader needs no manual for."""
        if self.text.startswith("["):
            first, last = self.text[1:-1].split("..")
            if not first:
                return f"some day up to {last}"
            return f"some day from {first} to {last}" if last else f"some day from {first} on"
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return text_schema(cls.parse, longest=_LONGEST)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "edtf", "description": HOW_TO_WRITE}


@dataclass(frozen=True, slots=True)
class Interval:
    """A term, or the time during which a name was used: `a/b`, `a/..`, `../b`."""

    text: str
    start: Date | None
    end: Date | None

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read an interval; an end that is not known, or not yet, is written `..`.

        Raises:
            DateError: it is none.
        """
        first, slash, last = text.partition("/")
        if not slash or _SLASHED.fullmatch(text) or (first == ".." and last == ".."):
            raise DateError(_not_an_interval(text))
        try:
            ends = [None if end == ".." else _parse(end) for end in (first, last)]
        except DateError:
            if _span_meant(text):
                raise DateError(_not_an_interval(text)) from None
            raise
        return cls(text, *ends)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return text_schema(cls.parse, longest=2 * _LONGEST)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "edtf-interval", "description": "1962/1991, 1962/.. or ../1961"}


def text_schema(parse: Callable[[str], object], *, longest: int) -> CoreSchema:
    """Describe to pydantic a value that is written and stored as text."""
    from pydantic_core import core_schema

    return core_schema.no_info_after_validator_function(
        parse,
        core_schema.str_schema(strict=True, max_length=longest),
        serialization=core_schema.to_string_ser_schema(when_used="always"),
    )


def precedes(first: Date, second: Date) -> Certainty:
    """Tell whether `first` lies on an earlier day than `second`."""
    if first.latest < second.earliest:
        return "yes"
    return "no" if first.earliest >= second.latest else "possibly"


def written(day: int) -> str:
    """Write a day number as `YYYY-MM-DD`."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=4096)
def _parse(text: str) -> Date:
    if plain := _PLAIN.fullmatch(text):
        return Date(text, *_bounds(plain))
    if text[-1:] in ("?", "~", "%"):
        return _qualified(text)
    if mask := _MASK.fullmatch(text):
        return Date(text, *_years(mask[1].replace("X", "0"), mask[1].replace("X", "9")))
    if members := _SET.fullmatch(text):
        return _one_of(text, members[1], members[2])
    raise DateError(_diagnosis(text))


def _bounds(plain: re.Match[str]) -> tuple[int, int]:
    if not plain[2]:
        return _years(plain[1], plain[1])
    try:
        first = date(int(plain[1]), int(plain[2]), int(plain[3] or 1))
    except ValueError:
        raise DateError(_not_in_calendar(plain[0])) from None
    last = first if plain[3] else first.replace(day=monthrange(first.year, first.month)[1])
    return first.toordinal(), last.toordinal()


def _years(first: str, last: str) -> tuple[int, int]:
    if last == "0000":
        msg = f"{last!r} is not in the calendar: the years run from 0001"
        raise DateError(msg)
    return date(max(int(first), 1), 1, 1).toordinal(), date(int(last), 12, 31).toordinal()


def _qualified(text: str) -> Date:
    bare = text[:-1]
    if not (_PLAIN.fullmatch(bare) or _MASK.fullmatch(bare)):
        raise DateError(_diagnosis(text))
    units = 2 if text[-1] == "%" else 1
    date_ = _parse(bare)
    earliest, latest = (_shifted(bare, bound, by) for bound, by in ((date_.earliest, -units), (date_.latest, units)))
    return Date(text, earliest, latest, qualified=True)


def _shifted(bare: str, day: int, units: int) -> int:
    """Move a bound by units of the precision written, staying inside the calendar."""
    if len(bare) == len("2022-03-22"):
        return min(max(day + units, _FIRST_DAY), _LAST_DAY)
    months = units if len(bare) == len("2022-03") else 12 * units * 10 ** bare.count("X")
    moment = date.fromordinal(day)
    index = moment.year * 12 + moment.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return _FIRST_DAY if units < 0 else _LAST_DAY
    return date(year, month, 1 if units < 0 else monthrange(year, month)[1]).toordinal()


def _one_of(text: str, first: str, last: str) -> Date:
    if not first and not last:
        msg = f"{text!r} says nothing: give at least one end"
        raise DateError(msg)
    for end in (first, last):
        if end and not _PLAIN.fullmatch(end):
            raise DateError(_diagnosis(text))
    earliest = _parse(first).earliest if first else -OPEN
    latest = _parse(last).latest if last else OPEN
    if earliest > latest:
        msg = f"{text!r} ends before it begins: write [{last}..{first}]"
        raise DateError(msg)
    return Date(text, earliest, latest)


def _diagnosis(text: str) -> str:
    """What is wrong with a text that is not a date of the profile, and what to write instead."""
    shown = text[:_SHOWN]
    meant = hint(text)
    if _OLD_UNKNOWN.fullmatch(text) and meant:
        return f"{shown!r} is the old way to write unknown digits: write {meant.readings[0]}"
    if meant and "/" in text and len(meant.readings) == 1 and meant.readings[0].startswith("["):
        return f"{shown!r} is not one moment: some day between two is written {meant.readings[0]}"
    if meant:
        return f"{shown!r} {_instead(meant)}"
    if "/" in text:
        return f"{shown!r} is not one moment: some day between two is written [2022-03-23..2022-04-04]"
    if text.startswith("["):
        return f"{shown!r} is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside"
    return f"{shown!r} is not a date: {HOW_TO_WRITE}"


def _instead(meant: Hint) -> str:
    """What to write: the one reading of a notation, or each of several."""
    if len(meant.readings) == 1:
        return f"is not how a date is written here: write {meant.readings[0]}{meant.remark}"
    ways = f"{', '.join(meant.readings[:-1])} or {meant.readings[-1]}"
    return f"is not one date: write {ways}; a span is [2022-03-23..2022-04-04]"


def _span_meant(text: str) -> str:
    """The interval that another notation probably means; empty where none is recognised."""
    meant = hint(text)
    if meant is None or len(meant.readings) != 1 or not meant.readings[0].startswith("["):
        return ""
    first, last = meant.readings[0].strip("[]").split("..")
    return f"{first or '..'}/{last or '..'}"


def _not_an_interval(text: str) -> str:
    instead = _span_meant(text) or "1962/1991, or 1962/.. when it has no end"
    return f"{text[:_SHOWN]!r} is not an interval: write {instead}"


def _not_in_calendar(text: str) -> str:
    meant = hint(text)
    instead = f"write {' or '.join(meant.readings)}" if meant else "look at the year, the month and the day again"
    return f"{text!r} is not in the calendar: {instead}"
