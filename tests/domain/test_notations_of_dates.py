"""Other notations of dates: refused, with a hint that names every day they can mean and no other."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Date, DateError, Interval
from domain.notations import hint

ALWAYS = st.dates(date(1000, 1, 1), date(2099, 12, 31))


def readings(text: str) -> list[str]:
    """The dates that the hint names."""
    meant = hint(text)
    return list(meant.readings) if meant else []


def refusal(text: str) -> str:
    """The sentence with which a date is refused."""
    with pytest.raises(DateError) as refused:
        Date.from_short(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1944/45", ["[1944..1945]"]),
        ("1944-45", ["[1944..1945]"]),
        ("1999/00", ["[1999..2000]"]),
        ("2003/04", ["2003-04", "[2003..2004]"]),
        ("2022-081", ["2022-03-22"]),
        ("2022081", ["2022-03-22"]),
        ("2020-366", ["2020-12-31"]),
        ("8 April 2025", ["2025-04-08"]),
        ("Tuesday, 8th April 2025", ["2025-04-08"]),
        ("April 8, 2025", ["2025-04-08"]),
        ("8-Apr-2025", ["2025-04-08"]),
        ("8-10 April 2025", ["[2025-04-08..2025-04-10]"]),
        ("April 2025", ["2025-04"]),
        ("1990s", ["199X"]),
        ("the 1990's", ["199X"]),
        ("1900s", ["190X", "19XX"]),
        ("90s", ["199X", "189X"]),
        ("19th century", ["18XX"]),
        ("45097", ["2023-06-20"]),
        ("2022-21", ["[2022-03..2022-05]"]),
        ("2022-24", ["[2022-12..2023-02]", "[2021-12..2022-02]", "[2022..2024]"]),
        ("2021-22", ["[2021-06..2021-08]", "[2021..2022]"]),
        ("spring 2022", ["[2022-03..2022-05]"]),
        ("2022-29", ["[2022-09..2022-11]", "[2022..2029]"]),
        ("2022-Q1", ["[2022-01..2022-03]"]),
        ("Q4/2022", ["[2022-10..2022-12]"]),
        ("2022-W12", ["[2022-03-21..2022-03-27]"]),
        ("2022-W12-2", ["2022-03-22"]),
        ("20220322", ["2022-03-22"]),
        ("22032022", ["2022-03-22"]),
        ("22.03.2022", ["2022-03-22"]),
        ("03/04/2022", ["2022-04-03", "2022-03-04"]),
        ("3.4.22", ["2022-04-03", "2022-03-04", "1922-04-03", "1922-03-04"]),
        ("\uff12\uff10\uff12\uff12-\uff10\uff13-\uff12\uff12", ["2022-03-22"]),
        ("2022\u201103\u201122", ["2022-03-22"]),
        ("2022-03-22T18:30:00Z", ["2022-03-22"]),
        ("2022-03-22 18:30", ["2022-03-22"]),
        ("2022/3/22", ["2022-03-22"]),
        ("2022-03-00", ["2022-03"]),
        ("2022-XX-XX", ["2022"]),
        ("194?", ["194X"]),
        ("circa 1944", ["1944~"]),
        ("before 1944", ["[..1943]"]),
        ("after 31 December 1944", ["[1945-01-01..]"]),
        ("since 1962", ["[1962..]"]),
        ("between 1944 and 1946", ["[1944..1946]"]),
        ("1944-1946", ["[1944..1946]"]),
        ("2022-03-23 to 2022-04-04", ["[2022-03-23..2022-04-04]"]),
    ],
)
def test_a_notation_is_recognised(text: str, meant: list[str]) -> None:
    """Every reading is a date of the profile, and the refusal names it."""
    assert readings(text) == meant
    assert all(reading in refusal(text) for reading in meant)


@pytest.mark.parametrize(
    "text",
    [
        "today",
        "2022-02-30",
        "2022-13",
        "2022-367",
        "31/31/2022",
        "99999999",
        "late 2022",
        "x199u",
        "1944/1941",
        "31 June 2022",
    ],
)
def test_what_names_no_day_is_not_guessed(text: str) -> None:
    """It is refused with the ways to write a date, and with no other day."""
    assert readings(text) == []
    assert "write 2022-03-22" in refusal(text) or "[2022-03-23" in refusal(text) or "look at the year" in refusal(text)


def test_the_number_of_a_spreadsheet_is_named_with_caution() -> None:
    """Two ways of counting are in use; which one, only the workbook says."""
    assert refusal("45097").endswith(
        "write 2023-06-20 if it is the number under which a spreadsheet keeps a day "
        "(a workbook that counts from 1904 means 2027-06-21)"
    )


def test_an_interval_in_another_notation_is_named() -> None:
    """Terms and names over time take intervals, and get the same hints."""
    for text, meant in (("1962-1991", "1962/1991"), ("1944/45", "1944/1945"), ("since 1962", "1962/..")):
        with pytest.raises(DateError, match=f"write {meant}$"):
            Interval.parse(text)


@given(
    ALWAYS, st.sampled_from(["{0:%d/%m/%Y}", "{0:%m/%d/%Y}", "{0:%d.%m.%Y}", "{0:%Y%m%d}", "{0:%Y-%j}", "{0:%d %B %Y}"])
)
def test_a_day_in_a_known_notation_is_among_those_named(day: date, form: str) -> None:
    """Whatever the day: it is named, and no more than one other."""
    named = readings(form.format(day))
    assert day.isoformat() in named
    assert len(named) <= 2


@given(st.dates(date(1928, 1, 1), date(2099, 12, 31)))
def test_a_day_of_a_spreadsheet_is_the_one_named(day: date) -> None:
    """Counted as spreadsheets count: day 60 is 28 February 1900 and one more."""
    assert readings(str((day - date(1899, 12, 31) + timedelta(1)).days)) == [day.isoformat()]


@given(st.text("0123456789-/. XxWwQ?~%[]uabcrnetspil", max_size=24))
def test_every_hint_is_a_date(text: str) -> None:
    """What a hint names can be typed as it is; whatever is typed is read or refused, and never an error of ours."""
    for reading in readings(text):
        assert Date.parse(reading).text == reading
    with suppress(DateError):
        assert Date.from_short(text).earliest <= Date.from_short(text).latest
