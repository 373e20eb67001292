"""Properties of a table of claims: nothing is dropped in silence, and the order of rows decides nothing."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.claims import Imported, Row, graded, imported, row

SIDES = (("Northwick Town Council [GB]", "Lindenau", "DE"), ("Lindenau [DE]", "Northwick", "GB"))
DATES = (
    "",
    "1990",
    "1990~",
    "2015-05-04",
    "2021",
    "2022-02~",
    "2022-03-04",
    "2022-03-10",
    "2022-03-10?",
    "[..2022-04-01]",
)
STATUSES = (
    "active", "suspended", "terminated", "retained", "resumed", "dormant", "renewed", "under_review", "announced",
    "decided_to_end", "notice_given", "agreed_in_principle", "proposed_suspension", "expired", "unsupported",
)  # fmt: skip
ACTIONS = (
    "motion_carried", "council_vote", "mayor_decision", "press_report", "history_page", "letter_sent",
    "mayor_statement", "agreement_signed", "effective_date", "third_party_claim", "motion_failed",
)  # fmt: skip
GRADES = graded(a="council", b="press", c="press 2022-03-12")


@st.composite
def told(draw: st.DrawFn) -> Row:
    """What some source may say of one link, from either side."""
    council, partner, country = draw(st.sampled_from(SIDES))
    more = {
        "from_edtf": draw(st.sampled_from(("", "", "1970", "1971", "1970-05"))),
        "kind": draw(st.sampled_from(("twinning", "twinning", "friendship"))),
        "act": draw(st.sampled_from(("", "suspension"))),
        "by": draw(st.sampled_from(("", "", "partner"))),
        "host": draw(st.sampled_from(("a", "b", "c", "d"))) + ".example",
    }
    status, on, action = (draw(st.sampled_from(words)) for words in (STATUSES, DATES, ACTIONS))
    return row(council, partner, status, on, action, country=country, **more)


def _days() -> list[str]:
    return ["1960", "1971-01-01", "1995", "2015-06", "2021-06", "2022-03-04", "2022-03-10", "2022-05", "2026-11-22"]


def _told(found: Imported) -> list[tuple[str, object]]:
    return [(str(draft.key), draft.event) for _, draft in found.plan.drafts]


@settings(max_examples=25)
@given(rows=st.lists(told(), min_size=1, max_size=6), seed=st.integers(0, 100))
def test_the_order_of_rows_decides_nothing(rows: list[Row], seed: int) -> None:
    """However the rows are shuffled, the same entries are recorded, and the link stands alike on every day."""
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - any order will do
    one, other = imported(rows, graded=GRADES), imported(shuffled, graded=GRADES)
    assert _told(one) == _told(other)
    links = ["northwick--lindenau"]
    assert one.standings(_days(), links) == other.standings(_days(), links)


@settings(max_examples=25)
@given(rows=st.lists(told(), min_size=1, max_size=6))
def test_every_row_is_accounted_for_and_recorded_once(rows: list[Row]) -> None:
    """Rows in = rows that became entries + rows on record + rows refused; and the day after, nothing is new."""
    first = imported(rows, graded=GRADES)
    lines = [*first.plan.taken, *first.plan.already, *first.plan.refused]
    assert sorted(lines) == list(range(2, len(rows) + 2))
    taken = [row_ for line, row_ in enumerate(rows, 2) if line not in first.refused]
    again = imported(taken, graded=GRADES, ledger=first.ledger)
    assert (again.events, again.refused) == ([], {})
