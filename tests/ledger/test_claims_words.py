"""What the words of a table say: what was announced, and whether what an action tells of was done at all."""

from __future__ import annotations

import pytest

from tests.ledger.claims import Imported, Row, imported, row

LINK = "northwick--lindenau"
FORMED = row("Northwick Town Council", "Lindenau", "active", "1970-05-01", "agreement_signed", host="own")


def north(status: str, action: str, on: str = "2022-03-10", **more: str) -> Row:
    """What a source says of Northwick and Lindenau."""
    return row("Northwick Town Council", "Lindenau", status, on, action, **more)


def told(*rows: Row) -> Imported:
    """The rows beside a beginning, which is line 2; in the other order of rows, they come to the same."""
    found, other = imported([FORMED, *rows]), imported([*reversed(rows), FORMED])
    assert sorted(found.events) == sorted(other.events)
    assert sorted(found.refused.values()) == sorted(other.refused.values())
    return found


# What was announced


@pytest.mark.parametrize(
    ("act", "flag"),
    [
        ("suspension", "suspension-announced"), ("Suspend the link", "suspension-announced"),
        ("link-suspended", "suspension-announced"), ("a pause of the twinning", "suspension-announced"),
        ("suspension of ties with Nizhny Novgorod", "suspension-announced"), ("freeze", "suspension-announced"),
        ("ending", "ending-announced"), ("link-ended", "ending-announced"), ("to end the link", "ending-announced"),
        ("termination of the agreement", "ending-announced"), ("severing all ties", "ending-announced"),
        ("withdrawal from the partnership", "ending-announced"), ("revocation", "ending-announced"),
    ],
)  # fmt: skip
def test_an_act_is_named_in_the_words_of_a_clerk(act: str, flag: str) -> None:
    """By a word for a suspension or an ending, and by what may stand beside it."""
    assert told(north("announced", "leader_announcement", act=act)).stands(LINK, "2022-04")["flags"] == [flag]


@pytest.mark.parametrize(
    "act",
    [
        "will not end", "endorsement of the link", "end of the suspension", "lifting of the suspension",
        "no suspension", "non-renewal", "resumption", "withdrawal of the motion to suspend", "weekend visit",
        "suspension or ending", "refusal to suspend", "a severe reprimand", "suspension with no end",
        "suspension of the mayor", "withdrawal of the report", "unsuspended", "several links",
    ],
)  # fmt: skip
def test_an_act_that_is_not_plainly_one_of_the_two_is_not_guessed(act: str) -> None:
    """Denied, taken back, or a word that only begins like one; nor does the action then decide."""
    for action in ("mayor_statement", "suspension_announcement"):
        assert told(north("announced", action, act=act)).refused == {3: "claims/act-named"}


@pytest.mark.parametrize(
    "action",
    [
        "report_withdrawn", "motion_withdrawn", "several_reports", "end_of_year_report", "weekend_edition",
        "endorsement_letter", "severe_reprimand", "withdrawal_letter", "end_of_suspension_announced",
        "press_report", "no_suspension_announced", "agenda_item", "suspended_councillor_statement",
    ],
)  # fmt: skip
def test_an_action_that_does_not_plainly_name_an_act_names_none(action: str) -> None:
    """How something was said is not what was said."""
    assert told(north("announced", action)).refused == {3: "claims/act-named"}


@pytest.mark.parametrize(
    ("action", "flag"),
    [
        ("suspension_announced", "suspension-announced"), ("mayor_announces_suspension", "suspension-announced"),
        ("intention_to_suspend", "suspension-announced"), ("termination_announcement", "ending-announced"),
        ("announced_end_of_twinning", "ending-announced"),
    ],
)  # fmt: skip
def test_an_action_may_name_the_act_beside_who_announced_it(action: str, flag: str) -> None:
    """Where nothing else is said."""
    assert told(north("announced", action)).stands(LINK, "2022-04")["flags"] == [flag]


# Whether it was done

DONE = ("suspended", "terminated", "decided_to_end", "notice_given")


@pytest.mark.parametrize("status", [*DONE, "resumed", "ending_rescinded", "renewed", "agreed_in_principle"])
@pytest.mark.parametrize(
    "action",
    [
        "motion_failed", "motion_lost", "motion_tabled", "motion_withdrawn", "request_declined", "motion_deferred",
        "motion_not_carried", "vote_postponed", "no_decision", "council_voted_against", "vote_tied",
        "recommendation_rejected", "decided_not_to_act", "not_adopted",
    ],
)  # fmt: skip
def test_a_status_that_says_done_and_an_action_that_says_not_contradict_each_other(status: str, action: str) -> None:
    """Imports never guess which of the two is right; and no power is made of a vote that was not taken."""
    said = told(north(status, action))
    assert (said.refused, said.plan.refused[3].field) == ({3: "claims/row"}, "action")
    assert said.standing(LINK, "2022-04") == "active 1970-05-01"


@pytest.mark.parametrize("status", DONE)
@pytest.mark.parametrize(
    ("action", "office"),
    [
        ("committee_recommendation", None), ("leader_intention", "Leader"), ("mayor_request", "Mayor"),
        ("resolution_requesting_suspension", None), ("petition", None), ("notice_of_motion", None),
    ],
)  # fmt: skip
def test_what_was_only_asked_for_is_so_far_announced(status: str, action: str, office: str | None) -> None:
    """A recommendation, a request or an intention decides nothing, whatever the status calls it."""
    said = told(north(status, action))
    event = "suspension-announced" if status == "suspended" else "ending-announced"
    assert said.stands(LINK, "2022-04") | {"standing": "active", "flags": [event]} == said.stands(LINK, "2022-04")
    (announced,) = said.particulars(event)
    assert announced.get("authority") == ({"power": "not-stated", "office": office} if office else None)


@pytest.mark.parametrize(
    "action",
    [
        "recommendation_adopted", "request_granted", "motion_carried", "motion_tabled_and_carried", "council_vote",
        "vote_not_minuted", "vote_33_against_5", "decision_without_debate", "motion_against_war_carried",
        "vote_tied_casting_vote",
    ],
)  # fmt: skip
def test_what_was_adopted_in_the_end_was_done(action: str) -> None:
    """A recommendation can be adopted, and a vote be taken that nobody minuted."""
    assert told(north("suspended", action)).standing(LINK, "2022-04") == "suspended 2022-03-10"


@pytest.mark.parametrize(
    "action", ["motion_failed", "report_withdrawn", "request_declined", "motion_not_carried", "decree_annulled"]
)
def test_a_link_is_kept_when_the_motion_to_end_it_fails(action: str) -> None:
    """What was not done can be what the status says."""
    assert told(north("retained", action)).stands(LINK, "2022-04")["flags"] == ["retained"]


@pytest.mark.parametrize("status", ["proposed_suspension", "proposed_termination"])
def test_a_proposal_that_fell_the_same_day_is_none_any_more(status: str) -> None:
    """What was proposed and voted down is a link that was kept."""
    assert told(north(status, "motion_failed")).refused == {3: "claims/row"}
    assert told(north(status, "motion_deferred")).refused == {}
