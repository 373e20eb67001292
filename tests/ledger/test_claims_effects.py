"""Deciding and taking effect: a day of effect that a row tells, and a vote before the signing."""

from __future__ import annotations

import pytest

from tests.ledger.claims import Imported, Row, graded, imported, row

LINK = "northwick--lindenau"
GRADES = graded(own="council", page="press")


def north(status: str, on: str = "", action: str = "press_report", host: str = "own", **more: str) -> Row:
    """What a source says of Northwick and Lindenau; its own page, unless said."""
    return row("Northwick Town Council", "Lindenau", status, on, action, host=f"{host}.example", **more)


FORMED = north("active", "1970-05-01", "agreement_signed")


def both_ways(*rows: Row) -> list[Imported]:
    """One table, in two orders of rows, of which none is refused."""
    found = [imported(order, graded=GRADES) for order in (rows, rows[::-1])]
    assert [told.refused for told in found] == [{}, {}]
    return found


@pytest.mark.parametrize("action", ["motion_carried", "mayor_decision", "leader_announcement"])
def test_a_suspension_that_takes_effect_later_is_so_far_announced(action: str) -> None:
    """Decided on 22 March, from 1 April."""
    for told in both_ways(
        FORMED, north("suspended", "2022-03-22", action), north("suspended", "2022-04-01", "effective_date")
    ):
        assert told.standing(LINK, "2022-03-25") == "active 1970-05-01"
        assert told.stands(LINK, "2022-03-25")["flags"] == ["suspension-announced"]
        assert told.standing(LINK, "2022-04-02") == "suspended 2022-04-01"
        assert told.stands(LINK, "2022-04-02")["flags"] == []


def test_a_resumption_holds_from_its_effect() -> None:
    """The vote supports the resumption of the day on which it takes effect."""
    for told in both_ways(
        FORMED,
        north("suspended", "2022-03-10", "council_vote"),
        north("resumed", "2023-03-10", "council_vote"),
        north("resumed", "2023-04-01", "effective_date"),
    ):
        assert told.standing(LINK, "2023-03-20") == "suspended 2022-03-10"
        assert told.standing(LINK, "2023-04-02") == "active 2023-04-01"


def test_an_announcement_of_an_ending_that_takes_effect_later_decides_it() -> None:
    """The leader says in March that the link ends, and in June it does."""
    for told in both_ways(
        FORMED,
        north("terminated", "2022-03-10", "leader_announcement"),
        north("terminated", "2022-06-20", "effective_date"),
    ):
        assert told.standing(LINK, "2022-03-12") == "ending 2022-03-10"
        assert told.standing(LINK, "2022-07-01") == "ended 2022-06-20"
        assert told.particulars("ending-decided")[0]["effective"] == "2022-06-20"


def test_an_effect_of_another_time_is_not_that_of_the_first_suspension() -> None:
    """Suspended and resumed in between, or years before."""
    rows = [
        FORMED,
        north("suspended", "2021-10-10", "council_vote"),
        north("resumed", "2021-12-10", "council_vote"),
        north("suspended", "2022-04-01", "effective_date"),
    ]
    for told in both_ways(*rows):
        assert told.standing(LINK, "2021-11") == "suspended 2021-10-10"
        assert told.standing(LINK, "2022-05") == "suspended 2022-04-01"


def test_a_vote_before_the_signing_agrees_and_does_not_form() -> None:
    """The council votes in May, and the paper is signed in September."""
    for told in both_ways(
        north("active", "2023-05-15", "council_vote"),
        north("active", "2023-09-01", "agreement_signed", from_edtf="2023-09-01"),
    ):
        assert told.standing(LINK, "2023-06") == "agreed 2023-05-15"
        assert told.standing(LINK, "2023-10") == "active 2023-09-01"


def test_a_vote_alone_forms_the_link_whatever_is_signed_years_later() -> None:
    """Also when the row says that it began with the vote."""
    later = north("active", "2023-09-01", "agreement_signed")
    for vote in (
        north("active", "2010-05-15", "council_vote"),
        north("active", "2023-05-15", "council_vote", from_edtf="2023-05-15"),
    ):
        assert imported([vote, later], graded=GRADES).events[0] == "link-formed"


def test_a_vote_on_what_began_long_before_is_no_first_agreement() -> None:
    """A page has the link begin in 1970; a vote and a paper of 2023 dispute that."""
    for told in both_ways(
        north("active", "", "history_page", from_edtf="1970"),
        north("active", "2023-05-15", "council_vote"),
        north("active", "2023-09-01", "agreement_signed"),
    ):
        assert "link-agreed" not in told.events
        assert "1970" in told.disputed(LINK, "2024")
