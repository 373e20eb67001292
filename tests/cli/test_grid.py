"""Tables for people: in whatever terminal, no word is broken or lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ledger.cli import grid
from tests.cli.test_terminal import shown
from tests.cli.visitor import LINK, Visitor

COLUMNS = ("entry", "on", "type", "subject", "summary", "known_by")
WORDS = st.text("abcxyz0-/è世", min_size=1, max_size=10)
CELLS = st.lists(WORDS, max_size=12).map(" ".join)
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS.filter(bool), min_size=1), min_size=1, max_size=5)


@given(ROWS, st.integers(36, 200))
def test_every_word_is_whole_and_nothing_is_wider_than_the_terminal(rows: list[dict[str, str]], width: int) -> None:
    """Columns that do not fit stand beneath their row."""
    lines = list(grid.lines([(row, "") for row in rows], COLUMNS, width=width, color=False))
    assert all(cell_len(line) <= width for line in lines)
    told = [word for line in lines for word in line.split()]
    for word in (word for row in rows for text in row.values() for word in text.split()):
        assert word in told
        told.remove(word)
    named = " ".join(" ".join(lines).split())
    assert all(column.replace("_", " ") in named for row in rows for column in row)


@given(ROWS, st.integers(6, 35))
def test_in_a_narrow_terminal_words_are_broken_and_not_lost(rows: list[dict[str, str]], width: int) -> None:
    """Each character stands somewhere."""
    lines = grid.lines([(row, "") for row in rows], COLUMNS, width=width, color=False)
    told = Counter("".join(lines))
    assert not Counter("".join(text for row in rows for text in row.values()).replace(" ", "")) - told


def test_rows_are_told_in_their_order_each_with_what_is_beneath_it() -> None:
    """The short columns first, then each of the long ones."""
    rows = [
        ({"entry": "7", "summary": "Pause the links until relations can be rebuilt", "on": "2022-03-22"}, ""),
        ({"entry": "12", "summary": "Explore", "on": "2022"}, ""),
    ]
    assert list(grid.lines(rows, COLUMNS, width=36, color=False)) == [
        "entry  on",
        "7      2022-03-22",
        "    summary: Pause the links until",
        "    relations can be rebuilt",
        "12     2022",
        "    summary: Explore",
    ]
    assert list(grid.lines(rows, COLUMNS, width=60, color=False)) == [
        "entry  on          summary",
        "7      2022-03-22  Pause the links until relations can be",
        "                   rebuilt",
        "12     2022        Explore",
    ]


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_history_is_read_in_any_terminal(town: Visitor, columns: str) -> None:
    """Events, subjects and dates are told in full."""
    screen = shown(town, "history", LINK, COLUMNS=columns)
    for told in ("[2022-03-23..2022-04-04]", "link-suspended", LINK, "council", "coventry-news"):
        assert told in screen
