"""The table of 237 claims about towns and their twins: every row goes in, or is refused for a reason that is right."""

from __future__ import annotations

import pytest

from tests.ledger.claims import DATA, EXAMPLES, Imported, imported, opened

TABLE = DATA / "claims.csv"

UNNAMED, UNSAID, THERE = "link/partner-named", "claims/act-named", "link/transition"
REFUSED = {
    43: (UNSAID, "Manchester, 26 February 2022: moving to do something about St Petersburg"),
    57: (UNSAID, "Glasgow, 24 February 2022: a letter of the leader to those who could not decide"),
    72: (UNSAID, "Durham: a report that it is to do something about Kostroma"),
    80: (UNNAMED, "Wakefield, 2020: two cities in China"),
    81: (UNSAID, "Wakefield, 28 February 2022: the leader recommends something about Belgorod"),
    82: (UNSAID, "Doncaster: planned, whatever the headline says"),
    83: (UNSAID, "Doncaster: the mayor tells councillors of a plan"),
    84: (UNNAMED, "Doncaster, 2009: a town in China"),
    85: (UNNAMED, "Doncaster, 2009: a town in France"),
    86: (UNNAMED, "Doncaster, 2009: a town in Germany"),
    87: (UNNAMED, "Doncaster, 2009: a town in Poland"),
    88: (UNNAMED, "Doncaster, 2009: a town in the United States"),
    105: (UNNAMED, "Brentwood, December 2022: some town in Ukraine"),
    112: (UNNAMED, "Neath Port Talbot: the partners of 1996"),
    163: (UNSAID, "Tromso, 25 October 2022: an open letter of the mayor"),
    173: (THERE, "Helsinki: exploring a cooperation with Kyiv that began in 1993; of what other kind is not told"),
    205: (UNSAID, "Osaka, 24 November 2017: the mayor says what he will do"),
    215: (UNSAID, "Charlotte: has moved to do something about Voronezh"),
}
"""By line: the rule that refuses a row, and what the row leaves open."""


@pytest.fixture(scope="module")
def bare() -> Imported:
    """The table alone: every source is third-party."""
    return imported(opened(TABLE))


@pytest.fixture(scope="module")
def full() -> Imported:
    """The table with the names and sources of the example."""
    return imported(opened(TABLE), named=EXAMPLES / "names.csv", graded=EXAMPLES / "sources.csv")


@pytest.fixture(params=["bare", "full"])
def told(request: pytest.FixtureRequest) -> Imported:
    """Either of the two."""
    found: Imported = request.getfixturevalue(request.param)
    return found


def test_every_row_goes_in_or_is_refused_for_a_reason_that_is_right(told: Imported) -> None:
    """237 rows; the list of those refused is whole, and each is refused by the rule that says why."""
    assert told.refused == {line: rule for line, (rule, _) in REFUSED.items()}
    assert sorted([*told.plan.taken, *told.plan.already, *told.plan.refused]) == list(range(2, 239))
    assert told.plan.already == []


def test_the_same_table_tomorrow_records_nothing(full: Imported) -> None:
    """Every row that went in is on record, whatever the names and sources it is read with."""
    again = imported(opened(TABLE), ledger=full.ledger)
    assert (again.events, again.plan.bodies) == ([], [])
    assert len(again.plan.already) == 237 - len(REFUSED)
    assert again.refused == full.refused


def test_coventry_kept_the_link_before_it_suspended_it(told: Imported) -> None:
    """Retained on 9 March, suspended on the 22nd, by three sources, one of them the letter that followed."""
    link = "coventry--volgograd"
    assert (told.stands(link, "2022-03-09")["standing"], told.stands(link, "2022-03-09")["flags"]) == (
        "active",
        ["retained"],
    )
    assert told.stands(link, "2022-03-08")["flags"] == []
    assert told.standing(link, "2022-03-22") == "suspended 2022-03-22"
    assert ("link-suspended", "2022-03-22", ("corroborated", "corroborated")) in told.told(link)


def test_when_coventry_and_volgograd_began_is_in_dispute(bare: Imported, full: Imported) -> None:
    """1944 on the partner's page, 1941 in the press, about 1941 in another report: the better grade is shown first."""
    link = "coventry--volgograd"
    assert full.standing(link, "1950") == "active 1944"
    assert sorted(full.disputed(link, "1950")) == ["1941", "1941~"]
    assert {bare.stands(link, "1950")["since"], *bare.disputed(link, "1950")} == {"1941", "1944"}


def test_manchester_suspended_on_4_march_and_not_when_it_was_announced(told: Imported) -> None:
    """A newspaper takes the announcement for the suspension; that is a dispute, and not what is shown."""
    link = "manchester--st-petersburg"
    assert told.standing(link, "2022-03-03") == "active 1962"
    assert told.disputed(link, "2022-03-03", "standing") == ["suspended"]
    assert told.standing(link, "2022-03-04") == "suspended 2022-03-04"


def test_glasgow_suspended_by_motion_whoever_is_credited(told: Imported) -> None:
    """Hearsay of the day after can be the same day; the leader alone and the committee cannot both have decided."""
    link = "glasgow--rostov-on-don"
    assert told.standing(link, "2022-02-23") == "active 1986"
    assert told.standing(link, "2022-02-24") == "suspended 2022-02-24"
    assert ("link-suspended", "2022-02-24", ("corroborated", "disputed")) in told.told(link)


def test_exeter_has_two_beginnings_and_one_suspension(told: Imported) -> None:
    """1990 by most, 1989 by one; recommended, then suspended, and told by three sources."""
    link = "exeter--yaroslavl"
    assert (told.stands(link, "2021")["since"], told.disputed(link, "2021")) == ("1990", ["1989"])
    assert told.stands(link, "2022-03-09")["flags"] == ["suspension-announced"]
    assert told.standing(link, "2022-03-10") == "suspended 2022-03-10"
    assert ("link-suspended", "2022-03-10", ("corroborated", "corroborated")) in told.told(link)


def test_wakefield_called_it_dormant_and_ended_it(told: Imported) -> None:
    """Dormant by 28 February, ended two days later."""
    link = "wakefield--belgorod"
    assert told.stands(link, "2022-02-27")["possible"] == ["active", "dormant"]
    assert told.standing(link, "2022-02-28") == "dormant [..2022-02-28]"
    assert told.standing(link, "2022-03-02") == "ended 2022-03-02"


@pytest.mark.parametrize("partner", ["villiers-sur-marne", "friedberg"])
def test_bishops_stortford_decided_gave_notice_and_ended_a_year_apart(told: Imported, partner: str) -> None:
    """Three dates, of which the last one is told with the first."""
    link = f"bishops-stortford--{partner}"
    assert told.told(link)[1:] == [
        ("ending-decided", "2011-09-19", ()),
        ("notice-given", "2011-11", ()),
        ("link-ended", "2012-09", ()),
    ]
    assert told.standing(link, "2011-10") == told.standing(link, "2012-08") == "ending 2011-09-19"
    assert told.standing(link, "2012-09") == "ended 2012-09"
    assert [event["effective"] for event in told.particulars("ending-decided")] == ["2012-09", "2012-09"]


def test_both_sides_ended_akureyri_murmansk(told: Imported) -> None:
    """Akureyri in November, Murmansk in December; the letter in between tells what had been decided."""
    link = "akureyri--murmansk"
    ended = [event for event in told.particulars("link-ended") if event["link"] == link]
    assert [(event["by"], event["on"]) for event in ended] == [("akureyri", "2022-11-15"), ("murmansk", "2022-12-15")]
    (letter,) = told.particulars("letter-sent")
    assert letter["announces"] == ["link-ended:akureyri--murmansk"]
    assert told.standing(link, "2022-11-16") == "ended 2022-11-15"


def test_a_memorandum_of_one_side_is_a_twinning_of_the_other(told: Imported) -> None:
    """Sheffield and Khmelnytskyi signed one paper, and call it differently."""
    found = told.stands("sheffield--khmelnytskyi", "2023-06")
    assert (found["standing"], found["kind"], found["partner_kind"]) == ("active", "memorandum", "twinning")


def test_a_project_becomes_a_twinning(bare: Imported) -> None:
    """Cologne and Dnipro: proposed, signed for a project, agreed as more, signed as more."""
    kinds = [bare.stands("koeln--dnipro", day) for day in ("2022-07", "2023", "2024-06", "2024-09")]
    assert [(found["standing"], found["kind"], found["flags"]) for found in kinds] == [
        ("proposed", "project-partnership", []),
        ("active", "project-partnership", []),
        ("active", "project-partnership", ["kind-agreed"]),
        ("active", "twinning", []),
    ]


def test_a_link_can_begin_before_its_ceremony(told: Imported) -> None:
    """Milwaukee and Irpin: from December 2017, signed in March 2018."""
    assert told.standing("milwaukee--irpin", "2018-01") == "active 2017-12-19"
    assert [event["on"] for event in told.particulars("agreement-signed")] == ["2018-03-15?"]


def test_a_page_that_nobody_supports_is_reported_and_no_more(told: Imported) -> None:
    """Manchester and Munich: a marketing page lists it, the councils do not."""
    found = told.stands("manchester--munich", "2020")
    assert (found["standing"], found["flags"], found["grade"]) == ("none", ["reported-only"], "third-party")


def test_the_council_suspends_and_the_state_ends(told: Imported) -> None:
    """Des Moines and Iowa are two bodies with two links; the mayor's words of four days later tell of the vote."""
    assert told.standing("des-moines--stavropol", "2022-03-12") == "suspended 2022-03-07"
    assert told.standing("iowa--stavropol-krai", "2022-04") == "ended 2022-03"


def test_an_association_is_a_body_of_its_own(told: Imported) -> None:
    """Baden-Baden and its association each let the link with Sochi rest."""
    assert told.stands("baden-baden-twinning-association--sochi", "2022-05")["suspended_by"] == [
        "baden-baden-twinning-association"
    ]
    assert told.stands("baden-baden--sochi", "2022-05")["suspended_by"] == ["baden-baden"]


def test_an_official_source_without_a_power_says_so(full: Imported) -> None:
    """Manchester's minutes tell of a letter, and the table not under which power it was written."""
    (_, suspended) = full.of(44)
    assert [(one.rule, one.reason) for one in suspended.overrides] == [
        ("authority/missing", "The table of claims does not tell under which power.")
    ]


def test_what_was_refused_goes_in_when_it_says_of_what() -> None:
    """With a column that says what was announced, the nine announcements go in beside what is on record."""
    table = opened(TABLE)
    unsaid = [row for row in table.rows if REFUSED.get(row.line, ("",))[0] == UNSAID]
    suspensions = ("Manchester City Council [GB]", "Glasgow City Council [GB]")
    said = [dict(row.cells) | {"act": "suspension" if row["council"] in suspensions else "ending"} for row in unsaid]
    mended = imported(said, ledger=imported(table).ledger)
    assert mended.refused == {}
    announced = [(event["by"], event["on"]) for event in mended.particulars("suspension-announced")]
    assert announced == [("glasgow", "2022-02-24"), ("manchester", "2022-02-26~")]
    assert mended.stands("manchester--st-petersburg", "2022-03-01")["flags"] == ["suspension-announced"]
    assert mended.standing("manchester--st-petersburg", "2022-03-04") == "suspended 2022-03-04"
