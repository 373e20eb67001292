"""Other notations of dates, recognised only to name the date that was probably meant: none of them is accepted.

Digits are never rearranged; where a notation can be read in two ways, both readings are named.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple


class Hint(NamedTuple):
    """What a text probably means."""

    readings: tuple[str, ...]
    """Dates of the profile, as they would be written."""
    remark: str = ""
    """What to look at before the one reading is written; it follows that reading."""


_LONGEST: Final = 60
"""Characters; nobody writes a longer date."""

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ABOUT: Final = ("about", "approximately", "approx", "around", "circa", "ca", "c")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
"""1927 to 2099; a number with fewer digits may be a year."""

_UNKNOWN: Final = "0ux?_-"
"""What stands for digits that are not known."""

_SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_SPANS: Final[dict[int, tuple[int, int]]] = {
    **{21 + season: (3 + 3 * season, 3) for season in range(4)},
    **{25 + season: (3 + 3 * season, 3) for season in range(4)},
    **{29 + season: ((8 + 3 * season) % 12 + 1, 3) for season in range(4)},
    **{33 + quarter: (1 + 3 * quarter, 3) for quarter in range(4)},
    **{37 + third: (1 + 4 * third, 4) for third in range(3)},
    **{40 + half: (1 + 6 * half, 6) for half in range(2)},
}
"""By the number that EDTF puts in the place of a month: the first month of a season or part of a year, and how many."""

_DAY: Final = r"([0-9]{1,2})"
_YEAR: Final = r"([0-9]{4})"


def hint(text: str) -> Hint | None:
    """The dates that a text which is not one probably means; None where no notation is recognised."""
    plain = _plain(text)
    if len(plain) > _LONGEST:
        return None
    found = (read(match) for pattern, read in _NOTATIONS if (match := pattern.fullmatch(plain)))
    within = (meant._replace(readings=tuple(filter(_in_calendar, meant.readings))) for meant in found)
    return next((meant for meant in within if meant.readings), None)


def _in_calendar(reading: str) -> bool:
    """Whether the years of a reading are written with four digits and run from 0001."""
    years = re.findall(r"(?:^|\[|\.\.)([0-9X]+)", reading)
    return all(len(year) == len("2022") and year != "0000" for year in years)


def _plain(text: str) -> str:
    """The text in plain letters and digits, in lower case, with single spaces and hyphens for dashes."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    return " ".join(re.sub(r"[\u2018\u2019`]", "'", folded).split())


def _day(year: int | str, month: int | str, day: int | str) -> list[str]:
    """A day as it is written; nothing where the calendar has none."""
    try:
        return [date(int(year), int(month), int(day)).isoformat()]
    except ValueError:
        return []


def _span(first: str, last: str) -> list[str]:
    return [f"[{first}..{last}]"] if first < last else []


def _of_month(year: int | str, number: int) -> list[str]:
    """A month by its number, or the season or part of a year that EDTF numbers so."""
    if 1 <= number <= 12:  # noqa: PLR2004 - the months
        return [f"{year}-{number:02}"]
    if number not in _SPANS:
        return []
    month, count = _SPANS[number]
    spans = [_months(int(year), month, count)]
    if month + count > 13:  # noqa: PLR2004 - it goes on in the next year, or began in the last
        spans.append(_months(int(year) - 1, month, count))
    return spans


def _months(year: int, month: int, count: int) -> str:
    last = month + count - 2
    return f"[{year:04}-{month:02}..{year + last // 12:04}-{last % 12 + 1:02}]"


def _years(first: str, last: str) -> list[str]:
    """Two years in a row or further apart, the second perhaps written with its last two digits only."""
    whole = last if len(last) == len(first) else first[: len(first) - len(last)] + last
    if whole <= first and int(first) % 100 == 99 and last == "00":  # noqa: PLR2004 - the turn of a century
        whole = f"{int(first) + 1:04}"
    return _span(first, whole)


def _slashed(found: re.Match[str]) -> Hint:
    """Day and month before the year, in either order."""
    one, other, year = found[1], found[2], found[3]
    return Hint(tuple(dict.fromkeys([*_day(year, other, one), *_day(year, one, other)])))


def _short_year(found: re.Match[str]) -> Hint:
    one, separator, other, last = found[1], found[2], found[3], found[4]
    days: list[str] = []
    for century in ("20", "19"):
        days += [*_day(century + last, other, one), *_day(century + last, one, other)]
        if separator == "-":
            days += _day(century + one.zfill(2), other, last)
    return Hint(tuple(dict.fromkeys(days)))


def _year_first(found: re.Match[str]) -> Hint:
    return Hint(tuple(_day(found[1], found[3], found[4])))


def _year_and_number(found: re.Match[str]) -> Hint:
    """A month, a season of EDTF, or the second of two years."""
    return Hint((*_of_month(found[1], int(found[2])), *(_years(found[1], found[2]) if len(found[2]) > 1 else ())))


def _as_written(found: re.Match[str]) -> Hint:
    """A date of the profile in other characters: full-width digits, long dashes, small letters."""
    bare = f"{found[1].upper():X<4}"
    return Hint((bare + found[2],) if "X" in bare or _exact(bare) else ())


def _two_years(found: re.Match[str]) -> Hint:
    return Hint(tuple(_years(found[1], found[2])))


def _month_first(found: re.Match[str]) -> Hint:
    return Hint(tuple(_of_month(found[2], int(found[1]))) if int(found[1]) <= 12 else ())  # noqa: PLR2004 - the months


def _eight_digits(found: re.Match[str]) -> Hint:
    digits = found[0]
    days = _day(digits[:4], digits[4:6], digits[6:])
    if digits[4:6] in ("18", "19", "20"):
        days += [*_day(digits[4:], digits[2:4], digits[:2]), *_day(digits[4:], digits[:2], digits[2:4])]
    return Hint(tuple(dict.fromkeys(days)))


def _ordinal(found: re.Match[str]) -> Hint:
    year, number = int(found[1]), int(found[2])
    if not (1 <= year < date.max.year and 1 <= number <= 365 + (monthrange(year, 2)[1] > 28)):  # noqa: PLR2004 - a leap day
        return Hint(())
    day = date(year, 1, 1) + timedelta(number - 1)
    return Hint((day.isoformat(),), f" (day {number} of {year})")


def _week(found: re.Match[str]) -> Hint:
    try:
        first = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return Hint(())
    if found[3]:
        return Hint((first.isoformat(),))
    return Hint(tuple(_span(first.isoformat(), (first + timedelta(6)).isoformat())))


def _part(found: re.Match[str]) -> Hint:
    """A quarter or a half of a year."""
    named = found.groupdict()
    year, letter = named.get("y1") or named["y2"], named.get("l1") or named["l2"]
    number = int(named.get("n1") or named["n2"])
    within = 1 <= number <= (4 if letter == "q" else 2)
    return Hint(tuple(_of_month(year, (32 if letter == "q" else 39) + number)) if within else ())


def _serial(found: re.Match[str]) -> Hint:
    number = int(found[1])
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return Hint(())
    day, later = (date(1899, 12, 30) + timedelta(number + shift) for shift in (0, 1462))
    return Hint(
        (day.isoformat(),),
        " if it is the number under which a spreadsheet keeps a day "
        f"(a workbook that counts from 1904 means {later.isoformat()})",
    )


def _in_words(found: re.Match[str]) -> Hint:
    """A month by its name, perhaps with a day before it or after it."""
    named = found.groupdict()
    month = _month(named["month"])
    day = named.get("before") or named.get("after")
    if not month:
        return Hint(())
    if day:
        return Hint(tuple(_day(named["year"], month, day)))
    return Hint((f"{named['year']}-{month:02}",) if named["year"] > "0000" else ())


def _month(name: str) -> int:
    """The number of a month by its English name, or three or more letters of it; 0 for any other word."""
    known = (place for place, month in enumerate(_MONTHS, 1) if len(name) > 2 and month.startswith(name))  # noqa: PLR2004
    return next(known, 0)


def _season(found: re.Match[str]) -> Hint:
    return Hint(tuple(_of_month(found[2], _SEASONS[found[1]])))


def _decade(found: re.Match[str]) -> Hint:
    digits = found[1]
    if len(digits) == 2:  # noqa: PLR2004 - the nineties
        return Hint(tuple(f"{century}{digits[0]}X" for century in ("19", "18")))
    return Hint((f"{digits[:3]}X", f"{digits[:2]}XX") if digits.endswith("00") else (f"{digits[:3]}X",))


def _century(found: re.Match[str]) -> Hint:
    return Hint((f"{int(found[1]) - 1:02}XX",))


def _unknown_digits(found: re.Match[str]) -> Hint:
    """A year whose last digits are letters, question marks or dashes."""
    known = found[0].rstrip("ux?_-")
    return Hint((f"{known:X<4}",))


def _unknown_parts(found: re.Match[str]) -> Hint:
    """A date whose month or day is zero, a letter or a question mark, since it is not known."""
    year, month, day = found[1], found[2], found[3] or ""
    if not month.strip(_UNKNOWN):
        return Hint((year,))
    return Hint(tuple(_of_month(year, int(month))) if month.isdecimal() and not day.strip(_UNKNOWN) else ())


def _days_of_month(found: re.Match[str]) -> Hint:
    """Two days of a month that is named once."""
    month, year = _month(found[3]), found[4]
    ends = [*_day(year, month, found[1]), *_day(year, month, found[2])]
    return Hint(tuple(_span(*ends)) if len(ends) > 1 else ())


def _moment(found: re.Match[str]) -> Hint:
    return Hint(tuple(_day(found[1], found[2], found[3])), " (the day alone)")


def _nearly(found: re.Match[str]) -> Hint:
    """A word or mark before a date that says how far it can be trusted."""
    bare = _one(found[2])
    mark = "?" if found[1].startswith("?") else "~"
    return Hint((bare + mark,) if bare and bare[0] != "[" else ())


def _before_or_after(found: re.Match[str]) -> Hint:
    bound = _one(found[2])
    if not re.fullmatch(r"[0-9-]+", bound):
        return Hint(())
    later = found[1] in ("after", "since", "from")
    outside = found[1] in ("before", "after")
    end = _next(bound, 1 if later else -1) if outside else bound
    return Hint((f"[{end}..]" if later else f"[..{end}]",))


def _next(bound: str, by: int) -> str:
    """The year, month or day after or before one."""
    parts = [int(part) for part in bound.split("-")]
    if len(parts) == 3:  # noqa: PLR2004 - a day
        return (date(*parts) + timedelta(by)).isoformat()
    if len(parts) == 1:
        return f"{parts[0] + by:04}"
    months = parts[0] * 12 + parts[1] - 1 + by
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _between(found: re.Match[str]) -> Hint:
    first, last = _one(found[1]), _one(found[2])
    plain = all(re.fullmatch(r"[0-9-]+", end) for end in (first, last))
    return Hint(tuple(_span(first, last)) if plain else ())


_WRITTEN: Final = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


def _exact(text: str) -> str:
    """A year, month or day as it is written; empty for anything else."""
    if not _WRITTEN.fullmatch(text) or text.startswith("0000"):
        return ""
    return text if len(text) < len("2022-03-22") or _day(*text.split("-")) else ""


def _one(text: str) -> str:
    """The one date that a part of a text is or means; empty where it is none, or may be several."""
    text = text.strip()
    if exact := _exact(text):
        return exact
    meant = hint(text)
    return meant.readings[0] if meant and len(meant.readings) == 1 else ""


_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_NTH: Final = r"(?:st|nd|rd|th)?"
_NAME: Final = r"(?P<month>[a-z]{3,9})"
_TIME: Final = r"(?:[t ])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?:z|utc|gmt|[+-][0-9]{2}:?[0-9]{2}))?"
_END: Final = r"([a-z0-9][a-z0-9 ,./-]*?)"

_NOTATIONS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Hint]], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_DAY}[/.-]{_DAY}[/.-]{_YEAR}", _slashed),
        (rf"{_DAY}([/.-]){_DAY}\2([0-9]{{2}})", _short_year),
        (rf"{_YEAR}([/. -]){_DAY}\2{_DAY}", _year_first),
        (rf"{_YEAR}[/.-]{_DAY}", _year_and_number),
        (rf"{_YEAR} ?[/-] ?{_YEAR}", _two_years),
        (r"((?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)|[0-9]{3}x|[0-9]{2}x{1,2})([?~%]?)", _as_written),
        (rf"{_DAY}[/.-]{_YEAR}", _month_first),
        (r"[0-9]{8}", _eight_digits),
        (rf"{_YEAR}-?([0-9]{{3}})", _ordinal),
        (rf"{_YEAR}-?w([0-9]{{2}})(?:-?([1-7]))?", _week),
        (r"(?P<y1>[0-9]{4})[ /-]?(?P<l1>[qh])(?P<n1>[1-4])|(?P<l2>[qh])(?P<n2>[1-4])[ /-]?(?P<y2>[0-9]{4})", _part),
        (r"([0-9]{5})(?:[.,][0-9]+)?", _serial),
        (rf"{_YEAR}-{_DAY}-{_DAY}{_TIME}", _moment),
        (r"(?:the )?([0-9]{3}0|[0-9]0)'?s", _decade),
        (r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th) century", _century),
        (r"[0-9]{2,3}[ux?_]{1,2}|[0-9]{2}--", _unknown_digits),
        (r"([0-9]{4})-([0-9]{2}|[ux?_]{2})(?:-(00|[ux?_]{2}))?", _unknown_parts),
        (rf"{_WEEKDAY}(?P<before>[0-9]{{1,2}}){_NTH}\.?(?: of)?[ -]?{_NAME}\.?,?[ -](?P<year>[0-9]{{4}})", _in_words),
        (rf"{_WEEKDAY}{_NAME}\.? (?P<after>[0-9]{{1,2}}){_NTH},? (?P<year>[0-9]{{4}})", _in_words),
        (rf"{_NAME}\.?(?: of)?,?[ /-]?(?P<year>[0-9]{{4}})", _in_words),
        (r"(spring|summer|autumn|fall|winter)(?: of)? ([0-9]{4})", _season),
        (rf"({'|'.join(_ABOUT)}|[?~])\.? ?{_END}", _nearly),
        (rf"(before|until|by|after|since|from) {_END}", _before_or_after),
        (rf"{_WEEKDAY}{_DAY} ?(?:-|/|to|and|or) ?{_DAY} ([a-z]{{3,9}})\.?,? {_YEAR}", _days_of_month),
        (rf"(?:between |from )?{_END}(?: (?:and|to|or|until|-) | ?/ ?| ?\.\.\.? ?){_END}", _between),
    )
)
"""The first that recognises a text and finds a day of the calendar names it."""
