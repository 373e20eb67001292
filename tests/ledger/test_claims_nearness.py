"""Who tells it: a side's own account of what it did, and what is told of it from further off, in whatever order."""

from __future__ import annotations

import pytest

from tests.ledger.claims import Imported, Row, graded, imported, row

LINK = "northwick--lindenau"
GRADES = graded(own="council", paper="press", blog="third-party", late="council 2024-06-01")


def north(status: str, on: str = "", action: str = "press_report", host: str = "own", **more: str) -> Row:
    """What a source says of Northwick and Lindenau; its own page, unless said."""
    return row("Northwick Town Council", "Lindenau", status, on, action, host=f"{host}.example", **more)


FORMED = north("active", "1970-05-01", "agreement_signed")


def tables(*files: list[Row]) -> Imported:
    """Tables imported one after the other, none of whose rows is refused."""
    first, *others = files
    told = imported(first, graded=GRADES)
    for rows in others:
        assert told.refused == {}
        told = imported(rows, graded=GRADES, ledger=told.ledger)
    assert told.refused == {}
    return told


def every_way(own: list[Row], others: list[Row]) -> list[Imported]:
    """Both in one table in two orders; and each before the other."""
    return [
        tables([*own, *others]), tables([*others[::-1], *own[::-1]]),
        tables(own, others), tables(others, own),
    ]  # fmt: skip


# What is told of it from further off


@pytest.mark.parametrize(
    "other",
    [
        north("terminated", "2019-10-07", host="blog"), north("terminated", "2019-10-07", "council_vote", host="blog"),
        north("terminated", "2019-10", host="paper"),
    ],
)  # fmt: skip
def test_who_decided_to_end_has_not_ended_whatever_is_reported(other: Row) -> None:
    """Decided on the 7th, notice on the 21st; the paper that has it ended on the 7th disputes it."""
    own = [
        FORMED,
        north("decided_to_end", "2019-10-07", "council_vote"),
        north("notice_given", "2019-10-21", "letter_sent"),
    ]
    for told in every_way(own, [other]):
        assert told.standing(LINK, "2019-10-08") == told.standing(LINK, "2019-11-08") == "ending 2019-10-07"
        assert told.stands(LINK, "2019-10-08")["grade"] == "council"
        assert [records for _, _, records in told.told(LINK) if records] == [("disputed",)]


@pytest.mark.parametrize(
    ("own", "reported", "flags"),
    [
        (north("announced", "2022-03-01", "mayor_statement", act="suspension"), "suspended", "suspension-announced"),
        (north("announced", "2022-03-01", "mayor_statement", act="ending"), "terminated", "ending-announced"),
        (north("under_review", "2022-03-01", "press_statement"), "suspended", "under-review"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("action", ["third_party_claim", "press_report", "roundup"])
def test_what_was_announced_is_not_done_because_others_say_so(own: Row, reported: str, flags: str, action: str) -> None:
    """The intention reported as if done, on the day on which it was told."""
    for told in every_way([FORMED, own], [north(reported, "2022-03-01", action, host="blog")]):
        found = told.stands(LINK, "2022-03-05")
        assert (found["standing"], found["flags"]) == ("active", [flags])
        assert len(found["disputed"]) == 1


def test_a_council_that_suspends_later_is_not_disputed_twice() -> None:
    """Announced on the 1st, decided on the 10th; the report of the 1st disputes the announcement alone."""
    own = [
        FORMED,
        north("announced", "2022-03-01", "leader_announcement", act="suspension"),
        north("suspended", "2022-03-10", "council_vote"),
    ]
    for told in every_way(own, [north("suspended", "2022-03-01", host="paper")])[:3]:
        assert told.stands(LINK, "2022-03-05")["flags"] == ["suspension-announced"]
        assert told.standing(LINK, "2022-03-11") == "suspended 2022-03-10"


def test_a_report_of_a_later_day_can_be_what_was_announced() -> None:
    """Announced on the 1st, reported as done on the 8th or in the course of March: nothing is in dispute."""
    announced = north("announced", "2022-03-01", "leader_announcement", act="suspension")
    for on in ("2022-03-08", "2022-03"):
        for told in every_way([FORMED, announced], [north("suspended", on, host="paper")]):
            assert told.stands(LINK, "2022-04")["standing"] == "suspended"
            assert "disputed" not in {record for _, _, records in told.told(LINK) for record in records}


def test_a_report_of_the_day_of_effect_is_the_effect() -> None:
    """Decided for September; the paper that has it ended in September is right."""
    own = [
        FORMED,
        north("decided_to_end", "2012-09-01", "council_vote"),
        north("terminated", "2012-09", "effective_date"),
    ]
    assert [event for event, _, _ in tables([*own, north("terminated", "2012-09", host="paper")]).told(LINK)] == [
        "link-formed", "ending-decided", "link-ended",
    ]  # fmt: skip


def test_who_stands_as_near_may_tell_of_two_acts() -> None:
    """The council itself says that it decided and that it ended on that day."""
    both = [north(status, "2019-10-07", "council_vote") for status in ("decided_to_end", "terminated")]
    told = tables([FORMED, *both])
    assert told.standing(LINK, "2019-10-08") == "ended 2019-10-07"
