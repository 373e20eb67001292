"""What is due: shown for any day, from what was known by any day, and never applied."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from domain.dates import OPEN, Date
from domain.entry import Draft
from domain.values import Evidence, Override
from projections import authority, due, projection, questions, views
from projections.views import Mark
from tests.books import Pages, in_memory
from tests.domain.story import LINK, body, link, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.catalogue import AnyEvent

Row = dict[str, Any]
PLEDGE = "coventry/2022/exchange"
DECISION = "coventry/2024-03-04/exchange"


def day(text: str) -> int:
    """The last day of a date."""
    return Date.parse(text).latest


class Town:
    """A ledger in which something was recorded on one source."""

    def __init__(self, *events: AnyEvent, published: str = "2026-01-01") -> None:
        self.ledger = in_memory()
        self.tell(*(body(slug) for slug in ("coventry", "volgograd", "glasgow")), *events, published=published)

    def tell(self, *events: AnyEvent, published: str = "2026-01-01", overriding: Sequence[str] = ()) -> Town:
        """Record more."""
        evidence = Evidence.model_validate_json(json.dumps({"title": "a", "grade": "press", "published": published}))
        overrides = tuple(Override(rule=rule, reason="It is so.") for rule in overriding)
        self.ledger.record([Draft(event, (evidence,), overrides) for event in events])
        return self

    def due(self, as_of: str, known_by: str | None = None, *, what: str = "") -> list[Row]:
        """What is due at the end of a day; only of one kind, where that is named."""
        with closing(views.connect(":memory:")) as connection:
            projection.fill(connection, Pages(self.ledger), Mark("test"))
            rows = due.due(connection, due.Day(day(as_of), day(known_by) if known_by else OPEN - 1))
            return [row for row in rows if what in ("", row["what"])]

    def state(self, as_of: str, known_by: str | None = None, *, what: str = "") -> str:
        """The state of the one thing that is due, with its doubt; empty when nothing is."""
        found = self.due(as_of, known_by, what=what)
        assert len(found) <= 1, found
        return "".join(f"{'possibly ' if row['certainty'] == 'possibly' else ''}{row['state']}" for row in found)


def pledge(*, on: str = "2022-03-22", by_: str | None = None) -> AnyEvent:
    """Coventry pledges something, perhaps by a day."""
    due_ = {"due": by_} if by_ else {}
    return told("pledge-made", pledge=PLEDGE, on=on, by="coventry", summary="To hold an exchange", **due_)


def test_a_pledge_is_coming_until_its_day_is_over_and_overdue_from_the_next() -> None:
    """The day itself still counts."""
    town = Town(pledge(by_="2022-06-30"))
    assert [town.state(on) for on in ("2022-03-21", "2022-03-22", "2022-06-30", "2022-07-01")] == [
        "", "coming", "coming", "overdue",
    ]  # fmt: skip


def test_a_month_or_year_as_a_deadline_stands_for_its_last_day() -> None:
    """To be done in June is not overdue in June."""
    assert [Town(pledge(by_="2022-06")).state(on) for on in ("2022-06-15", "2022-07-01")] == ["coming", "overdue"]
    assert [Town(pledge(by_="2023")).state(on) for on in ("2023-12-31", "2024-01-01")] == ["coming", "overdue"]


@pytest.mark.parametrize("doubtful", ["2022-06?", "2022-06~", "[2022-05-01..2022-07-31]"])
def test_a_doubtful_deadline_is_possibly_overdue(doubtful: str) -> None:
    """Before its first day it is coming, after its last overdue, between them nobody knows."""
    town = Town(pledge(by_=doubtful))
    assert [town.state(on) for on in ("2022-04-30", "2022-06-15", "2022-08-01")] == [
        "coming", "possibly overdue", "overdue",
    ]  # fmt: skip


def test_a_deadline_of_which_a_digit_is_unknown_is_in_doubt() -> None:
    """Some year of the twenties."""
    assert [Town(pledge(by_="202X")).state(on) for on in ("2025", "2030")] == ["possibly overdue", "overdue"]


def test_a_pledge_without_a_day_is_open() -> None:
    """And is to be followed up."""
    (row,) = Town(pledge()).due("2026")
    assert (row["due"], row["state"], row["subject"], row["entry"], row["grade"]) == (None, "open", PLEDGE, 4, "press")
    assert (row["summary"], row["follow_up"]) == (
        "To hold an exchange",
        "record pledge-kept or pledge-dropped when a source tells it",
    )


@pytest.mark.parametrize("became", ["kept", "dropped"])
def test_a_pledge_kept_or_dropped_is_settled(became: str) -> None:
    """From that day on; before it, it was overdue."""
    town = Town(pledge(by_="2022-06"), told(f"pledge-{became}", pledge=PLEDGE, on="2023-05-01"))
    assert [town.state(on) for on in ("2023-04-30", "2023-05-01")] == ["overdue", became]
    assert [due.unsettled(row) for on in ("2023-04-30", "2023-05-01") for row in town.due(on)] == [True, False]


def test_a_pledge_kept_on_a_doubtful_day_is_possibly_overdue_until_then() -> None:
    """The doubt of the keeping is the doubt of the state."""
    town = Town(pledge(by_="2022-06"), told("pledge-kept", pledge=PLEDGE, on="2023"))
    assert [town.state(on) for on in ("2022-12-31", "2023-05-01", "2023-12-31")] == [
        "overdue", "possibly overdue", "kept",
    ]  # fmt: skip


def test_what_was_not_known_is_not_due() -> None:
    """By an earlier day of knowledge a pledge kept was still open."""
    town = Town(pledge(by_="2022-06"), published="2022-03-23")
    town.tell(told("pledge-kept", pledge=PLEDGE, on="2022-05-01"), published="2024-01-01")
    assert town.state("2022-12-31", "2022-03-01") == ""
    assert town.state("2022-12-31", "2022-12-31") == "overdue"
    assert town.state("2022-12-31") == "kept"


def test_two_sources_on_a_deadline_make_it_possible_only() -> None:
    """While the dispute is open the state is in doubt."""
    town = Town(pledge(by_="2022-06"))
    entry = next(one.id for one in town.ledger.read() if one.position == 4)
    other = pledge(by_="2023-06")
    town.tell(told("entry-disputed", entry=entry, instead={"type": other.type, "event": other.particulars()}))
    assert town.state("2022-12-31") == "possibly overdue"


def decision(**more: object) -> AnyEvent:
    """An officer decides something."""
    given = {"authority": {"power": "delegated"}, "summary": "To fund an exchange", **more}
    return told("decision-taken", decision=DECISION, on="2024-03-04", **given)


def test_the_last_day_of_a_call_in_still_counts() -> None:
    """Then it has passed, and nothing is left to be done."""
    town = Town(decision(call_in_ends="2024-03-11"))
    assert [town.state(on) for on in ("2024-03-11", "2024-03-12")] == ["coming", "passed"]
    assert [due.unsettled(row) for on in ("2024-03-11", "2024-03-12") for row in town.due(on)] == [True, False]


@pytest.mark.parametrize("became", ["called-in", "ratified", "disapproved", "revoked"])
def test_a_call_in_that_happened_or_is_moot_is_not_awaited(became: str) -> None:
    """What was called in, confirmed or taken back waits for no call-in."""
    town = Town(decision(call_in_ends="2024-03-11"), told(f"decision-{became}", decision=DECISION, on="2024-03-08"))
    assert [town.state(on) for on in ("2024-03-07", "2024-03-08")] == ["coming", ""]


def test_a_decision_takes_effect_on_its_day() -> None:
    """And waits for what is done under it, until something is on record; a decision taken back does not."""
    town = Town(decision(effective="2024-04-01"))
    assert [town.state(on) for on in ("2024-03-31", "2024-04-01")] == ["coming", "passed"]
    assert [row["follow_up"] for row in town.due("2024-04-01")] == [
        "record what was done under it when a source tells it"
    ]
    ground = {"power": "delegated", "reference": DECISION}
    town.tell(link("link-formed", "2024-05-01", authority=ground))
    assert [due.unsettled(row) for on in ("2024-04-30", "2024-05-01") for row in town.due(on)] == [True, False]
    town.tell(told("decision-revoked", decision=DECISION, on="2024-06-01"))
    assert town.state("2024-06-01") == ""


def test_an_effective_day_given_as_a_month_is_in_doubt_within_it() -> None:
    """Some day in April: on the fifteenth nobody knows."""
    town = Town(decision(effective="2024-04"))
    assert [town.state(on) for on in ("2024-03-31", "2024-04-15", "2024-04-30")] == [
        "coming", "possibly passed", "passed",
    ]  # fmt: skip


FORMED = link("link-formed", "1965")


@pytest.mark.parametrize(("as_of", "state"), [("2023", ""), ("2024-06-30", "possibly coming"), ("2025", "coming")])
def test_the_effect_of_a_decision_whose_own_day_is_in_doubt_is_possibly_due(as_of: str, state: str) -> None:
    """From the first day on which it may have been taken, its effective day is in the list."""
    taken = told(
        "decision-taken", decision="coventry/2024/gate", on="2024", summary="Open it", effective="2026-09-01",
        authority={"power": "executive"},
    )  # fmt: skip
    assert Town(taken).state(as_of, what="effect") == state


def test_a_pledge_whose_own_day_is_in_doubt_is_possibly_open() -> None:
    """Nobody knows yet whether it was made."""
    assert Town(pledge(on="2022")).state("2022-06-30") == "possibly open"


DECIDED = link("ending-decided", "2011-09-19", "coventry", effective="2012-09-01")
NOTICE = link("notice-given", "2011-11-05", "coventry", effective="2012-09-30")


def test_an_ending_is_coming_then_passed_until_it_is_recorded() -> None:
    """Bishop's Stortford: decided, notified, effective a year apart; the day that passes ends nothing."""
    town = Town(FORMED, DECIDED, NOTICE)
    assert [row["what"] for row in town.due("2011-10-01")] == ["ending"]
    assert [row["what"] for row in town.due("2011-12-01")] == ["notice"]
    assert [town.state(on) for on in ("2012-09-29", "2012-09-30")] == ["coming", "passed"]
    (row,) = town.due("2020")
    assert (row["follow_up"], row["summary"]) == ("record link-ended when a source tells it", "by coventry")
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(town.ledger), Mark("test"))
        (stood,) = questions.rows(connection, questions.BY_NAME["links"], day("2020"), OPEN - 1)
        assert stood["standing"] == "ending"
    town.tell(link("link-ended", "2013-01-01", "coventry"))
    assert [town.state(on) for on in ("2012-12-31", "2013-01-01")] == ["passed", ""]


def test_an_ending_taken_back_is_not_due() -> None:
    """Wagga Wagga and Kunming: rescinded before it took effect."""
    town = Town(FORMED, DECIDED, link("ending-rescinded", "2012-01-01", "coventry"))
    assert [town.state(on) for on in ("2011-12-31", "2012-01-01")] == ["coming", ""]


def test_both_sides_can_be_ending() -> None:
    """Each side has its own day; when one has ended the link, the other's no longer matters."""
    other = link("notice-given", "2011-12-01", "volgograd", effective="2013-01-01")
    town = Town(FORMED, DECIDED, other)
    assert [(row["what"], row["due"]) for row in town.due("2012")] == [
        ("ending", "2012-09-01"),
        ("notice", "2013-01-01"),
    ]
    town.tell(link("link-ended", "2012-09-01", "coventry"))
    assert town.due("2012-12-31") == []


def test_an_ending_on_a_doubtful_day_is_possibly_due() -> None:
    """Decided some time in 2011: within that year, possibly."""
    town = Town(FORMED, link("ending-decided", "2011", "coventry", effective="2012-09-01"))
    assert [town.state(on) for on in ("2010", "2011-06-01", "2011")] == ["", "possibly coming", "coming"]


def test_two_sources_on_an_ending_leave_both_days_possible() -> None:
    """Each account's day is told, in doubt, until the dispute is settled."""
    town = Town(FORMED, DECIDED)
    entry = next(one.id for one in town.ledger.read() if one.position == 5)
    other = link("ending-decided", "2011-09-19", "coventry", effective="2012-12-31")
    town.tell(told("entry-disputed", entry=entry, instead={"type": other.type, "event": other.particulars()}))
    assert [(row["due"], row["certainty"]) for row in town.due("2012-01-01")] == [
        ("2012-09-01", "possibly"), ("2012-12-31", "possibly"),
    ]  # fmt: skip
    dispute = next(one.id for one in town.ledger.read() if one.position == 6)
    town.tell(told("dispute-settled", dispute=dispute, prefer="instead", reason="The minutes say so."))
    assert [(row["due"], row["certainty"]) for row in town.due("2012-01-01")] == [("2012-12-31", "yes")]


def test_an_ending_that_another_source_denies_is_possible_only() -> None:
    """It may be that nobody decided anything."""
    town = Town(FORMED, DECIDED)
    entry = next(one.id for one in town.ledger.read() if one.position == 5)
    town.tell(told("entry-disputed", entry=entry, instead=None, reason="The council denies it."))
    assert town.state("2012-01-01") == "possibly coming"


def test_an_agreement_signed_on_a_doubtful_day_has_a_possible_term() -> None:
    """Some day in 1963: within that year, possibly."""
    paper = told("agreement-signed", agreement="coventry/1963/towns", on="1963", links=[LINK], term="1963/1993",
                 parties=["coventry", "volgograd"])  # fmt: skip
    town = Town(link("link-formed", "1960"), paper)
    assert [town.state(on) for on in ("1962", "1963-06-01", "1963")] == ["", "possibly coming", "coming"]


def test_a_term_passes_while_the_link_goes_on() -> None:
    """The last day of a term still counts; a renewal brings another term, or none."""
    town = Town(link("link-formed", "1990", term="1990/2000"))
    assert [town.state(on) for on in ("2000-12-31", "2001-01-01")] == ["coming", "passed"]
    assert "link-renewed or link-expired" in town.due("2001")[0]["follow_up"]
    town.tell(link("link-renewed", "2002", term="2002/2012"))
    assert [(row["due"], row["state"]) for row in town.due("2005")] == [("2012", "coming")]
    town.tell(link("link-renewed", "2010"))
    assert town.due("2011") == []


def test_a_term_that_is_over_with_its_link_is_not_due() -> None:
    """Expired or ended, and recorded: nothing is left to be done; a term without end is never due."""
    town = Town(link("link-formed", "1990", term="1990/2000"), link("link-expired", "2001-01-01"))
    assert town.due("2001") == []
    assert Town(link("link-formed", "1990", term="1990/..")).due("2020") == []


def test_the_term_of_an_agreement_counts_for_each_of_its_links() -> None:
    """One paper, two links; what was signed later goes before what the link was formed with."""
    other = "coventry--glasgow"
    paper = told("agreement-signed", agreement="coventry/1963/towns", on="1963", links=[LINK, other], term="1963/1973",
                 parties=["coventry", "glasgow", "volgograd"])  # fmt: skip
    town = Town(link("link-formed", "1944", term="1944/1970"), told("link-formed", link=other, on="1963"), paper)
    assert [(row["subject"], row["due"], row["entry"]) for row in town.due("1965")] == [
        ("coventry--glasgow", "1973", 6), (LINK, "1973", 6),
    ]  # fmt: skip
    assert [(row["subject"], row["due"]) for row in town.due("1950")] == [(LINK, "1970")]


def test_an_agreement_counts_when_the_link_was_formed_by_it_or_it_came_later() -> None:
    """The term of an older agreement is over with the renewal that set none, unless the renewal names it."""
    paper = told("agreement-signed", agreement="coventry/1963/towns", on="1963", links=[LINK], term="1963/1993",
                 parties=["coventry", "volgograd"])  # fmt: skip
    town = Town(link("link-formed", "1960"), paper)
    assert [row["due"] for row in town.due("1970")] == ["1993"]
    assert Town(link("link-formed", "1960"), paper, link("link-renewed", "1980")).due("1981") == []
    named = link("link-renewed", "1980", agreement="coventry/1963/towns")
    assert [row["due"] for row in Town(link("link-formed", "1960"), paper, named).due("1981")] == ["1993"]


def test_a_suspension_that_an_ending_taken_back_brings_back_has_its_condition_again() -> None:
    """As before means with what was said before."""
    suspended = link("link-suspended", "2011-01-01", "coventry", condition="until peace")
    town = Town(FORMED, suspended, DECIDED, link("ending-rescinded", "2012-01-01", "coventry"))
    assert [row["what"] for on in ("2011-02-01", "2011-12-31", "2012-01-01") for row in town.due(on)] == [
        "condition", "ending", "condition",
    ]  # fmt: skip


def test_the_condition_of_a_suspension_is_open_while_that_side_suspends() -> None:
    """Its words, without a day; for each side its own."""
    suspended = link("link-suspended", "2022-03-22", "coventry", condition="until peace")
    theirs = link("link-suspended", "2022-04-01", "volgograd", condition="until an apology")
    town = Town(FORMED, suspended, theirs, link("link-resumed", "2024", "coventry"))
    assert [(row["summary"], row["state"], row["due"]) for row in town.due("2023")] == [
        ("until peace", "open", None), ("until an apology", "open", None),
    ]  # fmt: skip
    assert [row["summary"] for row in town.due("2024")] == ["until an apology"]
    town.tell(link("link-ended", "2025", "coventry"))
    assert town.due("2025") == []


def test_a_suspension_without_a_condition_waits_for_nothing() -> None:
    """Nothing was said that could come about."""
    assert Town(FORMED, link("link-suspended", "2022-03-22", "coventry")).due("2023") == []


def test_what_is_due_is_sorted_by_its_day_and_what_has_none_comes_last() -> None:
    """Pledges, decisions and links together."""
    suspended = link("link-suspended", "2024-03-05", "coventry", condition="until peace")
    town = Town(pledge(by_="2024-06"), decision(call_in_ends="2024-03-11", effective="2024-09-01"), FORMED, suspended)
    assert [row["due"] for row in town.due("2024-03-10")] == ["2024-03-11", "2024-06", "2024-09-01", None]


# Fallen authority


def fallen(town: Town, as_of: str) -> list[tuple[int, str, str, str]]:
    """The acts whose authority had fallen by a day."""
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(town.ledger), Mark("test"))
        found = authority.fallen(connection, day(as_of))
        return [(one.entry, one.subject, one.reference, one.standing) for one in found]


def test_an_act_under_a_decision_disapproved_stands_and_is_named() -> None:
    """Barcelona: the decree was not confirmed, and what it did stood."""
    ground = {"power": "decree", "reference": DECISION}
    town = Town(FORMED, decision(), link("link-suspended", "2024-03-05", "coventry", authority=ground))
    assert fallen(town, "2025") == []
    town.tell(told("decision-disapproved", decision=DECISION, on="2024-06-01"))
    assert fallen(town, "2024-05-31") == []
    assert fallen(town, "2025") == [(6, LINK, DECISION, "disapproved")]


def test_a_limb_of_a_motion_rescinded_is_no_ground_any_more() -> None:
    """A link act, a letter and a pledge under it are each named once; carried again, it is a ground again."""
    motion = "coventry/2022-03-22/ukraine"
    ground = {"power": "resolution", "reference": f"{motion}#1"}
    town = Town(
        told("motion-carried", motion=motion, on="2022-03-22"),
        link("link-suspended", "2022-03-22", "coventry", authority=ground),
        told("letter-sent", letter="coventry/2022/volgograd", on="2022-03-23", by="coventry", to="volgograd",
             encloses=[motion], authority=ground),
        told("pledge-made", pledge=PLEDGE, on="2022-03-22", by="coventry", summary="x", authority=ground),
    )  # fmt: skip
    town.tell(told("motion-rescinded", motion=motion, on="2023"), overriding=["rescission/six-months"])
    assert fallen(town, "2024") == [
        (5, LINK, motion, "rescinded"),
        (6, "coventry/2022/volgograd", motion, "rescinded"),
        (7, PLEDGE, motion, "rescinded"),
    ]
    assert {standing for *_, standing in fallen(town, "2023-06-01")} == {"possibly rescinded"}
    town.tell(told("motion-carried", motion=motion, on="2024-05-01"))
    assert fallen(town, "2025") == []


def test_a_motion_lost_is_no_fallen_ground_for_keeping_a_link() -> None:
    """It was moved to suspend and voted down: that is why the link is retained, and no reason to suspend it."""
    motion = "coventry/2022-03-22/ukraine"
    ground = {"power": "resolution", "reference": motion}
    lost = told("motion-lost", motion=motion, on="2022-03-22")
    town = Town(FORMED, lost, link("link-retained", "2022-03-22", "coventry", authority=ground))
    assert fallen(town, "2025") == []
    town.tell(link("link-suspended", "2022-03-23", "coventry", authority=ground))
    assert [standing for *_, standing in fallen(town, "2025")] == ["lost"]
