"""Other chains than those of the one table: towns that do not exist, and what sources might tell of them."""

from __future__ import annotations

import pytest

from tests.books import in_memory, story
from tests.ledger.claims import Imported, Row, graded, imported, row

LINK = "northwick--lindenau"


def north(status: str, on: str = "", action: str = "press_report", **more: str) -> Row:
    """What a source says of Northwick and Lindenau."""
    return row("Northwick Town Council", "Lindenau", status, on, action, **more)


def linden(status: str, on: str = "", action: str = "press_report", **more: str) -> Row:
    """What a source says of them from the other side."""
    return row("Lindenau [DE]", "Northwick", status, on, action, country="GB", **more)


def went_in(*rows: Row, graded: bytes | None = None) -> Imported:
    """The rows, none of which is refused."""
    found = imported(rows, graded=graded)
    assert found.refused == {}
    return found


# One act, several sources


def test_suspended_resumed_and_suspended_again() -> None:
    """Each further source supports the suspension that its date can mean."""
    told = went_in(
        north("suspended", "2022-03", host="c"),
        north("suspended", "2015-05-04", "motion_carried", host="a"),
        north("resumed", "2016-09", "council_vote", host="a"),
        north("suspended", "2022-03-10", "motion_carried", host="b"),
        north("suspended", "2015", host="d"),
    )
    assert told.told(LINK) == [
        ("link-suspended", "2015-05-04", ("corroborated",)),
        ("link-resumed", "2016-09", ()),
        ("link-suspended", "2022-03-10", ("corroborated",)),
    ]
    assert told.standing(LINK, "2018") == "active 2016-09"


def test_a_nearer_date_narrows_a_wide_one() -> None:
    """The start is known as 1970, then to the month, then to the day."""
    told = went_in(
        north("active", "", "history_page", from_edtf="1970-05", host="a"),
        north("active", "", "history_page", from_edtf="1970", host="b"),
        north("active", "1970-05-08", "agreement_signed", host="c"),
    )
    assert told.told(LINK) == [("link-formed", "1970-05-08", ("corroborated", "corroborated"))]
    assert told.events.count("link-listed") == 2


@pytest.mark.parametrize("nearer", ["a", "b"])
def test_two_beginnings_are_a_dispute_and_the_nearer_source_is_shown(nearer: str) -> None:
    """1970 on one page, 1971 on another; whichever the council itself wrote is shown, whatever the order."""
    pages = [
        north("active", "", "history_page", from_edtf="1970", host="a.example"),
        north("active", "", "history_page", from_edtf="1971", host="b.example"),
    ]
    told = went_in(*pages, graded=graded(**{nearer: "council"}))
    shown, other = ("1970", "1971") if nearer == "a" else ("1971", "1970")
    assert told.standing(LINK, "1990") == f"active {shown}"
    assert told.disputed(LINK, "1990") == [other]


def test_among_equals_the_beginning_that_most_tell_is_shown() -> None:
    """Three say 1970 and one 1969; all of them are in the press."""
    told = went_in(
        north("active", "", from_edtf="1969", host="d"),
        *(north("active", "", from_edtf="1970", host=host) for host in "abc"),
    )
    assert (told.standing(LINK, "1990"), told.disputed(LINK, "1990")) == ("active 1970", ["1969"])


def test_a_third_source_of_what_is_disputed_is_noted_with_the_dispute() -> None:
    """A dispute has no second source but a note, so that five papers are not five disputes."""
    told = went_in(
        north("active", "", "history_page", from_edtf="1970", host="own.example"),
        *(north("active", "", from_edtf="1971", host=f"{host}.example") for host in "abcdef"),
        graded=graded(own="council"),
    )
    assert (told.events.count("entry-disputed"), told.events.count("note-added")) == (1, 5)


def test_of_many_beginnings_the_fifth_is_noted_where_it_can_mean_one_that_is_told() -> None:
    """A link has four open disputes at most; what agrees with none of them cannot be expressed."""
    years = [("1970", "own"), ("1960", "a"), ("1950", "b"), ("1940", "c"), ("1930", "d")]
    pages = [north("active", "", "history_page", from_edtf=year, host=f"{host}.example") for year, host in years]
    means = north("active", "", "history_page", from_edtf="1940~", host="e.example")
    other = north("active", "", "history_page", from_edtf="1920", host="f.example")
    told = imported([*pages, means, other], graded=graded(own="council", a="press", b="press", c="press", d="press"))
    assert (told.events.count("entry-disputed"), told.events.count("note-added")) == (4, 1)
    assert told.refused == {8: "link/too-doubtful"}


def test_a_power_told_again_supports_whoever_told_it_first() -> None:
    """Two papers credit the council, two the mayor: one dispute, and each second paper where it belongs."""
    told = went_in(
        *(north("suspended", "2022-03-10", "council_vote", host=f"{host}.example") for host in "ab"),
        *(north("suspended", "2022-03-10", "mayor_decision", host=f"{host}.example") for host in "cd"),
        graded=graded(a="press", b="press"),
    )
    assert [(event, on, sorted(records)) for event, on, records in told.told(LINK)] == [
        ("link-suspended", "2022-03-10", ["corroborated", "disputed", "note-added"])
    ]
    assert told.particulars("link-suspended")[0]["authority"] == {"power": "resolution"}


def test_suspended_or_ended_on_one_day_is_one_decision() -> None:
    """One paper says suspended, another one ended: both cannot be what the council decided that day."""
    told = went_in(
        north("terminated", "2022-03-10", "council_vote", host="b.example"),
        north("suspended", "2022-03-10", "motion_carried", host="a.example"),
        graded=graded(a="council", b="press"),
    )
    assert told.told(LINK) == [("link-suspended", "2022-03-10", ("disputed",))]
    assert told.standing(LINK, "2022-04") == "suspended 2022-03-10"
    assert told.disputed(LINK, "2022-04", "standing") == ["ended"]


def test_suspended_and_then_ended_in_one_month_are_two_acts() -> None:
    """Where the dates leave room for both, nothing is in dispute."""
    told = went_in(north("terminated", "2022-03-28", "council_vote"), north("suspended", "2022-03~", "mayor_decision"))
    assert {event for event, _, _ in told.told(LINK)} == {"link-suspended", "link-ended"}
    assert told.standing(LINK, "2022-04") == "ended 2022-03-28"


def test_kept_or_suspended_on_one_day_is_a_dispute() -> None:
    """The motion failed by one account and carried by the other."""
    told = went_in(
        north("retained", "2022-03-10", "motion_failed", host="a"),
        north("suspended", "2022-03-10", "motion_carried", host="b"),
    )
    assert told.events.count("entry-disputed") == 1


def test_whoever_says_that_an_ended_link_was_only_suspended_disputes_it() -> None:
    """The later act cannot follow the earlier one: the nearer source is the one that is recorded."""
    told = went_in(
        north("terminated", "2022-03-02", "third_party_claim", host="a"),
        north("suspended", "2022-03-10", "motion_carried", host="b", from_edtf="1991"),
    )
    assert told.told(LINK)[1:] == [("link-suspended", "2022-03-10", ("disputed",))]
    assert told.standing(LINK, "2022-03-05") == "active 1991"


def test_two_powers_for_one_act_are_a_dispute() -> None:
    """The council voted, or the mayor decided alone."""
    told = went_in(
        north("suspended", "2022-03-10", "council_vote", host="a"),
        north("suspended", "2022-03-10", "mayor_decision", host="b"),
        north("suspended", "2022-03", host="c"),
    )
    assert [(event, on, sorted(records)) for event, on, records in told.told(LINK)] == [
        ("link-suspended", "2022-03-10", ["corroborated", "disputed"])
    ]


def test_one_page_tells_one_beginning_once() -> None:
    """Two rows from each of two pages: one records the beginning, the other one supports it."""
    told = went_in(
        *(north(status, "2011", from_edtf="1965", host="a") for status in ("under_review", "proposed_termination")),
        *(north(status, "2012", from_edtf="1965", host="b") for status in ("under_review", "proposed_termination")),
    )
    assert told.told(LINK)[0] == ("link-formed", "1965", ("corroborated",))


def test_what_a_report_calls_a_link_does_not_change_what_it_is() -> None:
    """Signed as a twinning, and called a partnership where it is said to be dormant."""
    told = went_in(
        north("active", "1990-05-01", "agreement_signed", host="a"),
        north("dormant", "2020", "staff_report", kind="partnership", host="b"),
    )
    assert (told.stands(LINK, "2021")["standing"], told.stands(LINK, "2021")["kind"]) == ("dormant", "twinning")
    alone = went_in(north("dormant", "2020", "staff_report", kind="partnership"))
    assert alone.stands(LINK, "2021")["kind"] == "partnership"


def test_a_row_is_not_refused_because_of_one_that_is_refused_itself() -> None:
    """Proposed in 1995 does not go with begun in 1990; but who says so says what cannot be, and is left out."""
    told = imported([north("proposed", "1995", host="a"), north("resumed", "2000", from_edtf="1990", host="b")])
    assert told.refused == {3: "link/transition"}
    assert told.events == ["link-proposed"]


# Saying and doing


@pytest.mark.parametrize(
    ("status", "action", "on"),
    [
        ("suspended", "mayor_statement", "[..2022-05-06]"),
        ("suspended", "history_page", "[..2022-05-06]"),
        ("terminated", "survey_report", "[..2022-05-06]"),
        ("dormant", "leader_announcement", "[..2022-05-06]"),
        ("expired", "mayor_decision", "[..2022-05-06]"),
        ("retained", "survey_report", "[..2022-05-06]"),
        ("retained", "press_statement", "2022-05-06"),
        ("dormant", "council_decision", "2022-05-06"),
        ("suspended", "press_report", "2022-05-06"),
        ("terminated", "mayor_announcement", "2022-05-06"),
    ],
)
def test_the_day_of_saying_is_not_the_day_of_doing(status: str, action: str, on: str) -> None:
    """What a page, statement or survey tells had happened by then; what a side says for itself, it says on that day."""
    assert [when for _, when, _ in went_in(north(status, "2022-05-06", action)).told(LINK)] == [on]


@pytest.mark.parametrize(("on", "by"), [("2022-05~", "2022-06-30"), ("2022-05", "2022-05"), ("199X", "1999-12-31")])
def test_a_day_of_saying_in_doubt_is_counted_to_its_last_day(on: str, by: str) -> None:
    """A set of days has no doubt inside it."""
    assert [when for _, when, _ in went_in(north("suspended", on, "mayor_statement")).told(LINK)] == [f"[..{by}]"]


def test_what_has_no_date_happened_by_the_day_of_its_source() -> None:
    """By the day of publication, else of retrieval, else of the import."""
    lapsed = [row(f"Town {host}", "Lindenau", "lapsed", host=f"{host}.example") for host in "abc"]
    table = b"url-or-host,grade,published,retrieved\na.example,press,2012-01-24,2020\nb.example,press,,2020-02-03\n"
    dates = [event["on"] for event in imported(lapsed, graded=table, new_bodies=True).particulars("link-lapsed")]
    assert sorted(dates) == ["[..2012-01-24]", "[..2020-02-03]", "[..2026-11-22]"]


def test_a_letter_tells_of_the_vote_before_it() -> None:
    """The letter's date is its own; the council suspended when it voted."""
    told = went_in(
        north("suspended", "[2022-03-11..2022-04-01]", "letter_sent", host="a.example"),
        north("suspended", "2022-03-10", "motion_carried", host="b.example"),
        graded=graded(a="council", b="press"),
    )
    assert told.told(LINK) == [("link-suspended", "2022-03-10", ("corroborated",))]


def test_a_letter_alone_is_the_act() -> None:
    """Nobody tells of a decision before it; a paper that is early takes the announcement for it."""
    told = went_in(
        north("suspended", "2022-03-04", "letter_sent", from_edtf="1962"), north("suspended", "2022-02-26", host="b")
    )
    assert told.standing(LINK, "2022-03-01") == "active 1962"
    assert told.standing(LINK, "2022-03-04") == "suspended 2022-03-04"


# Endings that take their time


def test_what_ends_later_is_so_far_decided() -> None:
    """A vote that is called an ending, and a letter that is, when a row tells that the effect comes a year later."""
    told = went_in(
        north("terminated", "2012-09", "effective_date"),
        north("terminated", "2011-09-19", "council_vote"),
        north("terminated", "2011-11", "letter_sent"),
    )
    assert [(event, on) for event, on, _ in told.told(LINK)] == [
        ("ending-decided", "2011-09-19"),
        ("notice-given", "2011-11"),
        ("link-ended", "2012-09"),
    ]
    assert told.particulars("ending-decided")[0]["effective"] == "2012-09"


def test_an_effect_that_nobody_dates_is_some_day_after_the_decision() -> None:
    """Effective is required, and nothing is guessed."""
    told = went_in(north("decided_to_end", "2011-09-19", "council_vote"))
    assert told.particulars("ending-decided")[0]["effective"] == "[2011-09-19..]"


def test_a_decision_without_any_date_cannot_be_told() -> None:
    """Neither when it was taken, nor when it takes effect."""
    assert imported([north("decided_to_end", "", "executive_decision")]).refused == {2: "claims/row"}


def test_an_effect_told_beforehand_is_another_source_for_the_decision() -> None:
    """A page of December cannot witness what happens in September; it can tell that it will."""
    told = went_in(
        north("decided_to_end", "2011-09-19", "council_vote", host="a.example"),
        north("terminated", "2012-09", "effective_date", host="b.example"),
        graded=graded(b="press 2011-12-22"),
    )
    assert told.told(LINK) == [("ending-decided", "2011-09-19", ("corroborated",))]
    assert told.standing(LINK, "2012-10") == "ending 2011-09-19"


def test_what_was_published_before_it_happened_is_refused() -> None:
    """A report of Monday cannot witness what happened on Tuesday."""
    told = imported([north("suspended", "2022-03-08", host="a.example")], graded=graded(a="press 2022-03-07"))
    assert told.refused == {2: "evidence/before-act"}


def test_ended_and_begun_anew() -> None:
    """The second beginning follows the ending; neither disputes the first."""
    told = went_in(
        north("active", "2019-06-01", "agreement_signed", from_edtf="2019-06-01", host="a"),
        north("terminated", "2015-03-01", "council_vote", from_edtf="1970", host="b"),
    )
    assert [event for event, _, _ in told.told(LINK)] == ["link-formed", "link-ended", "link-formed"]
    assert told.standing(LINK, "2017") == "ended 2015-03-01"
    assert told.standing(LINK, "2020") == "active 2019-06-01"


def test_expired_and_renewed() -> None:
    """A term ran out, by a page of the year after; a protocol renews the link later."""
    told = went_in(
        north("expired", "2011", "history_page", from_edtf="2000"), north("active", "2013-05", "protocol_renewed")
    )
    assert told.stands(LINK, "2012")["standing"] == "expired"
    assert told.standing(LINK, "2014") == "active 2013-05"


# Two sides


def test_each_side_ends_the_link_for_itself() -> None:
    """The partner's own council stands in the first column, and names the same link the other way round."""
    told = went_in(
        linden("terminated", "2022-12-15", "reciprocal_decision"), north("terminated", "2022-11-15", "council_vote")
    )
    ended = [(event["by"], event["on"]) for event in told.particulars("link-ended")]
    assert ended == [("northwick", "2022-11-15"), ("lindenau", "2022-12-15")]
    assert told.standing(LINK, "2022-11-20") == "ended 2022-11-15"


@pytest.mark.parametrize("by", ["partner", "Lindenau", "lindenau", "Lindenau [DE]"])
def test_a_column_says_which_side_acted(by: str) -> None:
    """The row is about Northwick's link, and Lindenau suspended it."""
    told = went_in(north("suspended", "2022-03-10", "council_vote", by=by))
    assert told.stands(LINK, "2022-04")["suspended_by"] == ["lindenau"]


def test_only_a_side_acts() -> None:
    """Plymouth is neither of the two, and both is no side."""
    for by in ("Plymouth", "both"):
        assert imported([north("suspended", "2022-03-10", by=by)]).refused == {2: "link/side"}


@pytest.mark.parametrize(
    ("act", "flag"), [("suspension", "suspension-announced"), ("a protest", ""), ("", ""), ("Ending", "e")]
)
def test_an_announcement_says_of_what_and_by_whom(act: str, flag: str) -> None:
    """Of a suspension or an ending, and of nothing else."""
    told = imported([north("announced", "2022-03-10", act=act, by="partner")])
    if not flag:
        assert told.refused == {2: "claims/act-named"}
    else:
        expected = flag if flag != "e" else "ending-announced"
        assert told.stands(LINK, "2022-04")["flags"] == [expected]
        assert told.particulars(expected)[0]["by"] == "lindenau"


def test_one_paper_is_a_memorandum_here_and_a_twinning_there() -> None:
    """Each side says what the link is for itself; a second source on the one side supports it."""
    told = went_in(
        north("active", "2020-05-01", "agreement_signed", kind="mou", host="a"),
        linden("active", "2020-05", "council_vote", host="b"),
        linden("active", "", "history_page", from_edtf="2020", host="c"),
    )
    found = told.stands(LINK, "2021")
    kinds = dict(zip(found["link"].split("--"), (found["kind"], found["partner_kind"]), strict=True))
    assert kinds == {"northwick": "memorandum", "lindenau": "twinning"}
    assert told.events.count("link-kind-changed") == 1
    assert told.events.count("entry-disputed") == 0


def test_a_friendship_becomes_a_twinning_and_a_second_source_says_so_too() -> None:
    """Signed as one kind, and years later as another; a page knows the later date alone."""
    told = went_in(
        north("active", "", "history_page", from_edtf="2010-06-01", host="c"),
        north("active", "2010-06-01", "agreement_signed", from_edtf="2010-06-01", host="b"),
        north("active", "2000-05-01", "agreement_signed", kind="friendship", host="a"),
    )
    assert told.told(LINK) == [
        ("link-formed", "2000-05-01", ()),
        ("link-kind-changed", "2010-06-01", ("corroborated",)),
    ]
    assert [told.stands(LINK, day)["kind"] for day in ("2005", "2011")] == ["friendship", "twinning"]


def test_one_side_that_tells_two_kinds_of_one_beginning_disputes_itself() -> None:
    """A twinning or a friendship: both sources speak of Northwick's."""
    told = went_in(
        north("active", "", from_edtf="1970", host="a"),
        north("active", "", from_edtf="1970", kind="friendship", host="b"),
    )
    assert told.events.count("entry-disputed") == 1


# Proposals, pages, and what is on record


def test_explored_agreed_signed() -> None:
    """A link from the first word to the paper; a fourth row drops another one."""
    told = went_in(
        north("active", "2023-02-06", "agreement_signed", from_edtf="2023-02-06"),
        north("agreed_in_principle", "2022-10~", "online_meeting"),
        north("exploring", "2022-03-22", "motion_carried"),
        row("Northwick Town Council", "Otherton", "proposed", "2020", "council_paper", country="FR"),
        row("Northwick Town Council", "Otherton", "proposal_dropped", "2021", "council_vote", country="FR"),
    )
    days = ("2022-04", "2022-12", "2023-03")
    assert [told.stands(LINK, day)["standing"] for day in days] == ["proposed", "agreed", "active"]
    assert told.standings(["2022"], ["northwick--otherton"])["northwick--otherton", "2022"] is None


@pytest.mark.parametrize(
    ("grade", "flags", "standing"), [("council", [], "active"), ("press", ["reported-only"], "none")]
)
def test_a_listing_supplies_a_beginning_when_a_side_lists_it(grade: str, flags: list[str], standing: str) -> None:
    """What the council lists is in force; what a paper lists is reported."""
    told = imported([north("active", "", "history_page", host="a.example")], graded=graded(a=grade))
    found = told.stands(LINK, "2026-12")
    assert (found["standing"], found["flags"]) == (standing, flags)


def test_what_a_clerk_recorded_is_supported_by_the_table() -> None:
    """A table finds the link on record, spelled the other way round, and adds to it."""
    first = imported([linden("suspended", "2022-03-10", "council_vote", by="partner")])
    told = imported(
        [north("suspended", "2022-03", host="b"), north("active", "", from_edtf="1970")], ledger=first.ledger
    )
    assert told.events == ["link-formed", "entry-corroborated", "link-listed"]
    assert told.plan.bodies == []
    assert told.stands(LINK, "2022-04")["link"] == "lindenau--northwick"


def test_the_founding_story_is_supported_by_a_table() -> None:
    """Coventry's own ledger names no kind where it tells of the suspension; a paper that does contradicts nothing."""
    ledger = in_memory()
    ledger.record(story("coventry"))
    told = imported(
        [
            row(
                "Coventry City Council",
                "Volgograd (Stalingrad)",
                "suspended",
                "2022-03-22",
                "council_vote",
                country="RU",
            ),
            row("Coventry City Council", "Volgograd", "active", "", from_edtf="1941", country="RU"),
        ],
        ledger=ledger,
    )
    assert told.events == ["entry-corroborated", "link-listed", "entry-disputed"]


def test_a_row_that_says_the_same_twice_is_recorded_once() -> None:
    """Two rows that differ in a remark say one thing."""
    said = north("suspended", "2022-03-10", "motion_carried")
    told = imported([said, {**said, "note": "Read twice."}])
    assert (told.plan.taken, told.plan.already) == ([2], [3])


def test_a_remark_is_kept_with_the_evidence() -> None:
    """It is the word of whoever made the table."""
    told = went_in(north("suspended", "2022-03-10", "motion_carried", note="The vote was late.", from_edtf="1970"))
    assert [draft.evidence[0].note for draft in told.of(2)] == [None, "The vote was late."]


def test_rows_go_in_whole_or_not_at_all() -> None:
    """What began in 2030 has not begun; nor is anything else of the row recorded."""
    told = imported([north("suspended", "2022-03-10", from_edtf="2030"), north("suspended", "2022-03-10", host="b")])
    assert told.refused == {2: "dates/not-yet"}
    assert told.events == ["link-suspended"]


def test_the_power_comes_from_the_action() -> None:
    """As far as the action says, and no further."""
    actions = {
        "motion_carried": {"power": "resolution"},
        "resolution_adopted": {"power": "resolution"},
        "committee_decision": {"power": "committee"},
        "association_decision": {"power": "association"},
        "mayor_decision": {"power": "executive", "office": "Mayor"},
        "governor_directive": {"power": "executive", "office": "Governor"},
        "mayor_statement": {"power": "not-stated", "office": "Mayor"},
        "council_decision": None,
        "letter_sent": None,
        "press_report": None,
    }
    rows = [
        row(f"Town {letter}", "Lindenau", "suspended", "2022-03-10", action)
        for letter, action in zip("abcdefghij", actions, strict=True)
    ]
    found = sorted(imported(rows, new_bodies=True).particulars("link-suspended"), key=lambda event: str(event["by"]))
    assert [event.get("authority") for event in found] == list(actions.values())
