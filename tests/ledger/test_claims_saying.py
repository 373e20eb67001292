"""What stood on the day of saying: a page, survey, round-up or speaker repeats an act, or tells of one since."""

from __future__ import annotations

import pytest

from tests.ledger.claims import Imported, Row, graded, imported, row

LINK = "northwick--lindenau"
GRADES = graded(own="council", page="press", late="council 2024-06-01")


def north(status: str, on: str = "", action: str = "press_report", host: str = "own", **more: str) -> Row:
    """What a source says of Northwick and Lindenau; its own page, unless said."""
    return row("Northwick Town Council", "Lindenau", status, on, action, host=f"{host}.example", **more)


FORMED = north("active", "", "history_page", from_edtf="1953")
SUSPENDED = north("suspended", "2022-02-28", "mayor_decision")
ENDED = north("terminated", "2022-05-09", "council_vote")
FIRST = north("suspended", "2015-03-10", "council_vote")
RESUMED = north("resumed", "2016-03-10", "council_vote")


def both_ways(*rows: Row) -> list[Imported]:
    """One table, in two orders of rows, of which none is refused."""
    found = [imported(order, graded=GRADES) for order in (rows, rows[::-1])]
    assert [told.refused for told in found] == [{}, {}]
    return found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (north("terminated", "2022", "roundup", "page"), "link-ended"),
        (north("terminated", "", "history_page", "page"), "link-ended"),
        (north("terminated", "", "press_report", "page"), "link-ended"),
        (north("terminated", "2024-06-01", "mayor_statement", "late"), "link-ended"),
        (north("suspended", "2022", "roundup", "page"), "link-suspended"),
        (north("suspended", "2022-06-01", "mayor_statement"), "link-suspended"),
    ],
)  # fmt: skip
def test_who_sums_up_supports_what_is_told(said: Row, meant: str) -> None:
    """Suspended, then ended: no second ending, and no beginning that is only assumed."""
    for told in both_ways(FORMED, SUSPENDED, ENDED, said):
        supported = [(event, on) for event, on, records in told.told(LINK) if "corroborated" in records]
        assert (supported, len(told.told(LINK))) == ([(meant, "2022-02-28" if "susp" in meant else "2022-05-09")], 3)
        assert told.standing(LINK, "2022-02-27") == "active 1953"
        assert told.standing(LINK, "2022-03-15") == "suspended 2022-02-28"
        assert told.standing(LINK, "2022-06-01") == "ended 2022-05-09"
        assert not told.stands(LINK, "2022-06-01")["assumed"]


def test_who_sums_up_does_so_from_a_second_table_too() -> None:
    """The round-up is handed in after what it sums up."""
    first = imported([FORMED, SUSPENDED, ENDED], graded=GRADES)
    told = imported([north("terminated", "2022", "roundup", "page")], graded=GRADES, ledger=first.ledger)
    assert told.events == ["entry-corroborated"]


def test_what_was_taken_back_later_stood_on_the_day_of_saying() -> None:
    """Said to be ended in June 2022; rescinded a year later."""
    rescinded = north("ending_rescinded", "2023-05-09", "council_vote")
    for told in both_ways(FORMED, ENDED, rescinded, north("terminated", "2022-06-01", "press_statement")):
        assert ("link-ended", "2022-05-09", ("corroborated",)) in told.told(LINK)
        assert told.standing(LINK, "2024") == "active 2023-05-09"


def test_an_expiry_is_told_by_the_page_of_a_later_year() -> None:
    """Expired at the end of 2010, told by a page of 2012, and begun anew."""
    rows = [
        FORMED,
        north("expired", "2012", "history_page", "page"),
        north("expired", "2010-12-31", "effective_date"),
        north("active", "2013-05-01", "agreement_signed", from_edtf="2013-05-01"),
    ]
    for told in both_ways(*rows):
        assert told.standing(LINK, "2012") == "expired 2010-12-31"
        assert told.standing(LINK, "2014") == "active 2013-05-01"


@pytest.mark.parametrize(
    ("on", "action", "host", "since"),
    [
        ("2022-05-06", "mayor_statement", "late", "[2016-03-10..2022-05-06]"),
        ("2022", "roundup", "page", "[2016-03-10..2022]"),
        ("2022-05~", "survey_report", "page", "[2016-03-10..2022-06-30]"),
        ("", "history_page", "late", "[2016-03-10..2024-06-01]"),
    ],
)  # fmt: skip
def test_what_stands_again_was_done_again(on: str, action: str, host: str, since: str) -> None:
    """Suspended, resumed, and said to be suspended years later: since some day after the resumption."""
    for told in both_ways(FORMED, FIRST, RESUMED, north("suspended", on, action, host)):
        assert told.standing(LINK, "2015-06") == "suspended 2015-03-10"
        assert told.stands(LINK, "2019")["standing"] == "active"
        assert told.standing(LINK, "2024-07") == f"suspended {since}"
        assert told.stands(LINK, "2024-07")["certainty"] == "yes"


def test_an_undated_report_of_a_suspension_is_of_the_one_that_is_told() -> None:
    """Who dates neither the suspension nor the report does not say that it still stands."""
    for told in both_ways(FORMED, FIRST, RESUMED, north("suspended", "", "press_report", "page")):
        assert ("link-suspended", "2015-03-10", ("corroborated",)) in told.told(LINK)
        assert told.standing(LINK, "2024") == "active 2016-03-10"


@pytest.mark.parametrize(
    ("before", "said", "standing"),
    [
        (north("renewed", "2007", "protocol_renewed"), north("dormant", "2012-05-06", "mayor_statement"), "dormant"),
        (north("expired", "2010", "effective_date"), north("renewed", "2012-05-06", "mayor_statement"), "active"),
    ],
)  # fmt: skip
def test_what_is_said_to_stand_came_after_what_contradicts_it(before: Row, said: Row, standing: str) -> None:
    """Renewed in 2007 and dormant in 2012; expired in 2010 and renewed by 2012."""
    for told in both_ways(FORMED, before, said):
        found = told.stands(LINK, "2013")
        assert (found["standing"], found["since"]) == (standing, f"[{before['status_date_edtf']}..2012-05-06]")


def test_a_resumption_of_nothing_does_not_take_back_what_is_said_years_later() -> None:
    """Resumed in 2016 needs a suspension before it; that of which the mayor speaks in 2022 is none."""
    rows = [FORMED, RESUMED, north("suspended", "2022-05-06", "mayor_statement")]
    for order in (rows, rows[::-1]):
        told = imported(order, graded=GRADES)
        assert list(told.refused.values()) == ["link/transition"]
        assert told.standing(LINK, "2023") == "suspended [..2022-05-06]"


def test_proposing_agreeing_dropping_and_reviewing_are_said_on_the_day_of_saying() -> None:
    """To say so is to do it."""
    rows = [
        north("exploring", "2022-03-01", "mayor_statement"),
        north("agreed_in_principle", "2022-06-01", "mayor_statement"),
        north("proposal_dropped", "2023-02-01", "press_statement"),
    ]
    for told in both_ways(*rows):
        assert told.standing(LINK, "2022-05") == "proposed 2022-03-01"
        assert told.standing(LINK, "2022-07") == "agreed 2022-06-01"
        assert told.standings(["2023-03"], [LINK])[LINK, "2023-03"] is None
    kept, reviewed = (
        north("retained", "2022-03-09", "press_statement"),
        north("under_review", "2022-04-10", "mayor_statement"),
    )
    for told in both_ways(FORMED, kept, reviewed):
        assert told.stands(LINK, "2022-03-20")["flags"] == ["retained"]
        assert told.stands(LINK, "2022-04-20")["flags"] == ["under-review"]


def test_the_day_of_receipt_is_not_the_day_of_acting() -> None:
    """A letter came from Lindenau, which had ended the link by then; Northwick ended it a month later."""
    came = north("terminated", "2024-03-26", "letter_received", by="partner")
    for told in both_ways(
        north("active", "1970-05-01", "agreement_signed"),
        came,
        north("terminated", "2024-04-24", "association_decision"),
    ):
        assert told.standing(LINK, "2024-04-01") == "ended [..2024-03-26]"
        ended = [(event["by"], event["on"]) for event in told.particulars("link-ended")]
        assert sorted(ended) == [("lindenau", "[..2024-03-26]"), ("northwick", "2024-04-24")]
