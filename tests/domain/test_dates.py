"""Dates as sources give them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import OPEN, Date, DateError, Interval, precedes, written

years = st.integers(1, 9999)
days = st.dates()
plain = st.one_of(
    years.map(lambda year: f"{year:04}"),
    days.map(lambda day: f"{day:%Y-%m}".zfill(7)),
    days.map(lambda day: day.isoformat()),
)
dates = st.one_of(
    plain, st.tuples(plain, st.sampled_from("?~%")).map("".join), st.integers(0, 999).map(lambda n: f"{n:03}X")
)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1944", "1944-01-01", "1944-12-31"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2022-02-25?", "2022-02-24", "2022-02-26"),
        ("2022-02-25%", "2022-02-23", "2022-02-27"),
        ("1941~", "1940-01-01", "1942-12-31"),
        ("2022-01?", "2021-12-01", "2022-02-28"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("199X~", "1980-01-01", "2009-12-31"),
        ("[2022-03-23..2022-04-04]", "2022-03-23", "2022-04-04"),
        ("[1941..1944-05]", "1941-01-01", "1944-05-31"),
        ("0001?", "0001-01-01", "0002-12-31"),
        ("9999-12-31%", "9999-12-29", "9999-12-31"),
    ],
)
def test_bounds_are_those_of_the_profile(text: str, earliest: str, latest: str) -> None:
    """Each way to write a date has the bounds that the vocabulary gives it, and stays as written."""
    found = Date.parse(text)
    assert (written(found.earliest), written(found.latest), str(found)) == (earliest, latest, text)


def test_a_set_may_be_open() -> None:
    """An open end sets no bound."""
    assert Date.parse("[..2022-02-24]").earliest == -OPEN
    assert Date.parse("[2022..]").latest == OPEN


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("03/04/2022", "2022-04-03 or 2022-03-04"),
        ("25/12/2022", "write 2022-12-25"),
        ("3.4.2022", "2022-04-03 or 2022-03-04"),
        ("199u", "199X"),
        ("19uu", "19XX"),
        ("2022-02-30", "calendar"),
        ("2022-13", "calendar"),
        ("0000", "calendar"),
        ("1944/1941", "some day between"),
        ("[2023..2022]", "ends before it begins"),
        ("[2022?..2023]", "without ?"),
        ("[..]", "says nothing"),
        ("[1941,1944]", "not a set of days"),
        ("2022-XX", "write 2022"),
        ("2022-03-22T10:00", "write 2022-03-22"),
        ("22", "not a date"),
        ("", "not a date"),
        (" 2022", "write 2022"),
        ("2022\n", "write 2022"),
        ("٢٠٢٢", "not a date"),
        ("-2022", "not a date"),
        ("2022??", "not a date"),
        ("today", "not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_the_way_to_write_it(text: str, hint: str) -> None:
    """Nothing is guessed, and the message helps."""
    with pytest.raises(DateError, match=hint.replace("?", r"\?")):
        Date.parse(text)


@given(st.text(max_size=12))
def test_any_other_text_is_refused(text: str) -> None:
    """Whatever is typed is a date or a DateError, and a date is kept as written."""
    try:
        assert Date.parse(text).text == text
    except DateError as error:
        assert str(error)  # noqa: PT017 - either is right


@given(st.one_of(plain, st.integers(1, 999).map(lambda n: f"{n:03}X"), st.integers(1, 99).map(lambda n: f"{n:02}XX")))
def test_bounds_agree_with_an_independent_reader(text: str) -> None:
    """The strict bounds of the edtf package are ours."""
    theirs = parse_edtf(text)
    ours = Date.parse(text)
    assert date(*theirs.lower_strict()[:3]).toordinal() == ours.earliest
    assert date(*theirs.upper_strict()[:3]).toordinal() == ours.latest


@given(days, days)
def test_sets_agree_with_an_independent_reader(one: date, other: date) -> None:
    """The strict bounds of a set are those of its ends."""
    first, last = sorted((one, other))
    theirs = parse_edtf(f"[{first}..{last}]")
    ours = Date.parse(f"[{first}..{last}]")
    assert [date(*theirs.lower_strict()[:3]), date(*theirs.upper_strict()[:3])] == [first, last]
    assert (ours.earliest, ours.latest) == (first.toordinal(), last.toordinal())


@given(dates)
def test_earliest_is_never_after_latest(text: str) -> None:
    """Bounds are in order."""
    found = Date.parse(text)
    assert found.earliest <= found.latest


@given(plain, st.sampled_from("?~%"))
def test_a_qualifier_only_widens(text: str, qualifier: str) -> None:
    """A doubtful date contains the plain one, and says that it is doubtful."""
    bare, doubtful = Date.parse(text), Date.parse(text + qualifier)
    assert doubtful.earliest <= bare.earliest <= bare.latest <= doubtful.latest
    assert (bare.qualified, doubtful.qualified) == (False, True)


@given(dates, dates)
def test_the_order_is_three_valued(one: str, other: str) -> None:
    """`yes` holds for every pair of days inside the bounds, `no` for none, `possibly` for some."""
    first, second = Date.parse(one), Date.parse(other)
    pairs = [(a < b) for a in (first.earliest, first.latest) for b in (second.earliest, second.latest)]
    expected = "yes" if all(pairs) else "possibly" if any(pairs) else "no"
    assert precedes(first, second) == expected


@given(days)
def test_a_bare_span_from_a_shell_gets_its_brackets(day: date) -> None:
    """`a..b` typed without brackets is stored with them."""
    later = day + timedelta(days=min(3, (date.max - day).days))
    assert Date.from_short(f"{day}..{later}").text == f"[{day}..{later}]"
    assert Date.from_short(f"..{day}").text == f"[..{day}]"
    assert Date.from_short(day.isoformat()).text == day.isoformat()


@pytest.mark.parametrize("text", ["1925/1961", "1962/..", "../1961", "1944~/1991-12"])
def test_an_interval_is_a_term_or_the_time_of_a_name(text: str) -> None:
    """Intervals keep their ends; an open end is none."""
    found = Interval.parse(text)
    assert str(found) == text
    assert [end is None for end in (found.start, found.end)] == [part == ".." for part in text.split("/")]


@pytest.mark.parametrize("text", ["1925", "../..", "1925/", "/1961", "03/04/2022", "1925/1961/1990", "a/b"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    """A term needs two ends, of which one may be open."""
    with pytest.raises(DateError):
        Interval.parse(text)
