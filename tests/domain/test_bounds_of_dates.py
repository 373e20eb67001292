"""Dates at the edges: of months, of the calendar, of what a clerk may type; and what is said of each in words."""

from __future__ import annotations

import pytest

from domain.dates import HOW_TO_WRITE, OPEN, Date, DateError, Interval, precedes, written


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022-12?", "2022-11-01", "2023-01-31"),
        ("2022-11?", "2022-10-01", "2022-12-31"),
        ("2022-02?", "2022-01-01", "2022-03-31"),
        ("2022-01%", "2021-11-01", "2022-03-31"),
        ("2022-12%", "2022-10-01", "2023-02-28"),
        ("2019-12%", "2019-10-01", "2020-02-29"),
        ("2022~", "2021-01-01", "2023-12-31"),
        ("2022%", "2020-01-01", "2024-12-31"),
        ("199X?", "1980-01-01", "2009-12-31"),
        ("199X%", "1970-01-01", "2019-12-31"),
        ("19XX~", "1800-01-01", "2099-12-31"),
        ("19XX%", "1700-01-01", "2199-12-31"),
        ("000X", "0001-01-01", "0009-12-31"),
        ("00XX", "0001-01-01", "0099-12-31"),
        ("0001-01-01?", "0001-01-01", "0001-01-02"),
        ("0001-01-02%", "0001-01-01", "0001-01-04"),
        ("0001-01?", "0001-01-01", "0001-02-28"),
        ("0002?", "0001-01-01", "0003-12-31"),
        ("9999-12?", "9999-11-01", "9999-12-31"),
        ("9998?", "9997-01-01", "9999-12-31"),
        ("9999?", "9998-01-01", "9999-12-31"),
        ("9999-12-30%", "9999-12-28", "9999-12-31"),
        ("9999-12-31?", "9999-12-30", "9999-12-31"),
        ("2022-03-01?", "2022-02-28", "2022-03-02"),
        ("2022-12-31~", "2022-12-30", "2023-01-01"),
        ("[2022-03-22..2022-03-22]", "2022-03-22", "2022-03-22"),
        ("[2022-03..2022]", "2022-03-01", "2022-12-31"),
    ],
)
def test_bounds_reach_into_the_next_month_year_or_century_and_not_beyond_the_calendar(
    text: str, earliest: str, latest: str
) -> None:
    """A doubt widens by one unit of what was written, or by two, whole months and years."""
    found = Date.parse(text)
    assert (written(found.earliest), written(found.latest), found.text) == (earliest, latest, text)
    assert found.qualified == (text[-1] in "?~%")


def test_a_day_is_counted_from_the_first_of_the_calendar() -> None:
    """Both bounds of a day are its number; where nothing is said, they lie beyond every calendar."""
    assert (Date.parse("0001-01-01").earliest, Date.parse("0001-01-01").latest) == (1, 1)
    assert (Date.parse("[..0001-01-02]").earliest, Date.parse("[..0001-01-02]").latest) == (-OPEN, 2)
    assert (Date.parse("[0001-01-02..]").earliest, Date.parse("[0001-01-02..]").latest) == (2, OPEN)
    assert OPEN == 1_099_511_627_776


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022-03-22", "2022-03-22"),
        ("1944~", "1944~"),
        ("[2022-03-23..2022-04-04]", "some day from 2022-03-23 to 2022-04-04"),
        ("[..2022-02-24]", "some day up to 2022-02-24"),
        ("[2022..]", "some day from 2022 on"),
    ],
)
def test_a_date_in_words(text: str, words: str) -> None:
    """What needs no manual stays as it is."""
    assert (Date.parse(text).spoken, str(Date.parse(text))) == (words, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2022-03-22", "2022-03-22"),
        (" 1944~ ", "1944~"),
        ("2022..2023", "[2022..2023]"),
        ("..2022-02-24", "[..2022-02-24]"),
        (" 2022.. ", "[2022..]"),
        ("[2022..2023]", "[2022..2023]"),
    ],
)
def test_what_is_typed_in_a_shell(typed: str, text: str) -> None:
    """Blanks around it are dropped, and brackets may be left out."""
    assert Date.from_short(typed).text == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "03/04/2022",
            "'03/04/2022' is not one date: write 2022-04-03 or 2022-03-04; a span is [2022-03-23..2022-04-04]",
        ),
        ("3.4.2022", "'3.4.2022' is not one date: write 2022-04-03 or 2022-03-04; a span is [2022-03-23..2022-04-04]"),
        ("25/12/2022", "'25/12/2022' is not how a date is written here: write 2022-12-25"),
        ("12/25/2022", "'12/25/2022' is not how a date is written here: write 2022-12-25"),
        ("4/4/2022", "'4/4/2022' is not how a date is written here: write 2022-04-04"),
        ("2022/3/4", "'2022/3/4' is not how a date is written here: write 2022-03-04"),
        ("20220304", "'20220304' is not how a date is written here: write 2022-03-04"),
        ("2022.03.04", "'2022.03.04' is not how a date is written here: write 2022-03-04"),
        ("31/31/2022", "'31/31/2022' is not one moment: some day between two is written [2022-03-23..2022-04-04]"),
        ("2022/1/32", "'2022/1/32' is not one moment: some day between two is written [2022-03-23..2022-04-04]"),
        ("1944/1941", "'1944/1941' is not one moment: some day between two is written [2022-03-23..2022-04-04]"),
        ("199u", "'199u' is the old way to write unknown digits: write 199X"),
        ("19uu", "'19uu' is the old way to write unknown digits: write 19XX"),
        ("19x", "'19x' is the old way to write unknown digits: write 19XX"),
        ("199x", "'199x' is the old way to write unknown digits: write 199X"),
        (
            "[2022?..2023]",
            "'[2022?..2023]' is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside",
        ),
        (
            "[199X..2023]",
            "'[199X..2023]' is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside",
        ),
        (
            "[2023..199X]",
            "'[2023..199X]' is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside",
        ),
        ("[2022..22]", "'[2022..22]' is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside"),
        ("[..]", "'[..]' says nothing: give at least one end"),
        ("[2023..2022]", "'[2023..2022]' ends before it begins: write [2022..2023]"),
        (
            "[2022..2023]?",
            "'[2022..2023]?' is not a set of days: write [2022-03-23..2022-04-04], without ? ~ % or X inside",
        ),
        ("2022-02-30", "'2022-02-30' is not in the calendar: look at the year, the month and the day again"),
        ("2022-13", "'2022-13' is not in the calendar: look at the year, the month and the day again"),
        ("2022-00", "'2022-00' is not in the calendar: write 2022"),
        ("2022-02-00", "'2022-02-00' is not in the calendar: write 2022-02"),
        ("0000-01", "'0000-01' is not in the calendar: look at the year, the month and the day again"),
        ("2022-02-30?", "'2022-02-30' is not in the calendar: look at the year, the month and the day again"),
        ("0000", "'0000' is not in the calendar: the years run from 0001"),
        ("0000?", "'0000' is not in the calendar: the years run from 0001"),
        ("today", f"'today' is not a date: {HOW_TO_WRITE}"),
        ("today?", f"'today?' is not a date: {HOW_TO_WRITE}"),
        ("x199u", f"'x199u' is not a date: {HOW_TO_WRITE}"),
    ],
)
def test_what_is_no_date_is_answered_in_full(text: str, words: str) -> None:
    """With the date as it is written here, where it can be told; nothing is guessed."""
    with pytest.raises(DateError) as caught:
        Date.parse(text)
    assert str(caught.value) == words


@pytest.mark.parametrize("text", ["1925", "../..", "03/04/2022"])
def test_what_is_no_interval_is_answered_in_full(text: str) -> None:
    """A slash alone makes no interval of a date."""
    with pytest.raises(DateError) as caught:
        Interval.parse(text)
    assert str(caught.value) == f"{text!r} is not an interval: write 1962/1991, or 1962/.. when it has no end"


def test_the_ends_of_an_interval_are_dates() -> None:
    """One of them may be missing; the rest is said as of a date."""
    found = Interval.parse("1944~/1991-12")
    assert (found.start, found.end) == (Date.parse("1944~"), Date.parse("1991-12"))
    assert (Interval.parse("../1961").start, Interval.parse("../1961").end) == (None, Date.parse("1961"))
    assert (Interval.parse("1962/..").start, Interval.parse("1962/..").end) == (Date.parse("1962"), None)
    with pytest.raises(DateError, match="is not one moment"):
        Interval.parse("1925/1961/1990")


@pytest.mark.parametrize(
    ("first", "second", "certainty"),
    [
        ("2022", "2023", "yes"),
        ("2022-03-21", "2022-03-22", "yes"),
        ("2022-03-22", "2022-03-22", "no"),
        ("2022-03", "2022-03", "possibly"),
        ("2022-03-22", "2022-03", "possibly"),
        ("2022-03-31", "2022-03", "no"),
        ("2022-03", "2022-03-01", "no"),
        ("2022-03", "2022-03-02", "possibly"),
        ("2023", "2022", "no"),
        ("[..2022]", "[..2022]", "possibly"),
    ],
)
def test_what_lies_before_what(first: str, second: str, certainty: str) -> None:
    """Only where every day of the one lies before every day of the other is it sure."""
    assert precedes(Date.parse(first), Date.parse(second)) == certainty
