"""Views of what was known: corrected, corroborated, disputed, hidden; names and successors over time."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from domain.catalogue import AnyEvent
from domain.dates import OPEN
from domain.entry import Draft
from domain.values import Override
from ledger.errors import Refused
from projections import projection, questions, views
from projections.questions import Row
from projections.views import Mark
from tests.books import Pages, dump, in_memory
from tests.campaign.entries import canonical
from tests.domain import story
from tests.domain.story import (
    BODIES,
    LINK,
    MOTION,
    body,
    by_source,
    corrected,
    corroborated,
    disputed,
    link,
    redacted,
    retracted,
    settled,
    told,
)

ROSTOV = "glasgow--volgograd"
TODAY = "2026-11-22"
formed = by_source(link("link-formed", "1944", kind="twinning"), "council", "2019-05-01")
suspended = by_source(link("link-suspended", "2022-03-22", "coventry", wording="pause"), "council", "2022-03-23")


class Town:
    """A ledger whose views are followed live; after every entry they are what a rebuild makes of it."""

    def __init__(self, *bodies: AnyEvent) -> None:
        self.ledger = in_memory()
        self.live = views.connect(":memory:")
        views.make(self.live, "test")
        self.tell(*BODIES, body("cheshire-east"), body("greater-north"), *bodies)

    def tell(self, *events: story.Told, overriding: str = "") -> list[str]:
        """Record events together; their ids."""
        overrides = (Override(rule=overriding, reason="The source says so."),) if overriding else ()
        drafts = [Draft(*story.sourced(event), overrides=overrides) for event in events]
        outcomes = self.ledger.record(drafts, new_bodies=True)
        projection.catch_up(self.live, Pages(self.ledger), Mark("test", 10**6))
        assert list(views.dump(self.live)) == dump(self.ledger)
        return [outcome.id for outcome in outcomes]

    def entry(self, event: story.Told, overriding: str = "") -> str:
        """Record one event; its id."""
        (found,) = self.tell(event, overriding=overriding)
        return found

    def at(self, as_of: str, known_by: str = "", register: str = "links") -> dict[str, Row]:
        """A register on a day, as far as could be known by another; by its subject."""
        known = day(known_by) if known_by else OPEN - 1
        found = questions.BY_NAME[register]
        return {str(row[found.subject]): row for row in questions.rows(self.live, found, day(as_of), known)}

    def link(self, as_of: str, known_by: str = "", name: str = LINK) -> Row:
        """How a link stood."""
        return self.at(as_of, known_by)[name]

    def edges(self, name: str = LINK) -> list[int]:
        """The days from which something else was known of a link."""
        sql = "SELECT DISTINCT known_from FROM links WHERE link = ? ORDER BY 1"
        return [found for (found,) in self.live.execute(sql, (name,))]


def day(text: str) -> int:
    """A day as a number."""
    return date.fromisoformat(text).toordinal()


@pytest.fixture
def town() -> Iterator[Town]:
    """An empty ledger but for bodies."""
    found = Town()
    with closing(found.live):
        yield found


def test_glasgow(town: Town) -> None:
    """Hearsay with a doubtful day, until the committee's record was published."""
    hearsay = by_source(
        told("link-suspended", link=ROSTOV, on="2022-02-25?", by="glasgow"), "third-party", "2022-02-26"
    )
    entry = town.entry(hearsay)
    recorded = told("link-suspended", link=ROSTOV, on="2022-02-24", by="glasgow", wording="suspended")
    town.entry(by_source(corrected(entry, recorded, "source"), "council", "2022-03-08"))
    assert town.at("2022-02-25", "2022-02-25") == {}
    before, after = town.link("2022-02-24", "2022-03-07", ROSTOV), town.link("2022-02-24", "2022-03-08", ROSTOV)
    assert (before["certainty"], before["possible"]) == ("possibly", ["active", "none", "suspended"])
    assert (after["certainty"], after["standing"], after["since"]) == ("yes", "suspended", "2022-02-24")
    grades = [town.link(TODAY, known, ROSTOV)["grade"] for known in ("2022-02-26", "2022-03-07", "2022-03-08")]
    assert grades == ["third-party", "third-party", "council"]
    assert town.edges(ROSTOV) == [day("2022-02-26"), day("2022-03-08")]


def test_a_slip_moves_no_known_edge(town: Town) -> None:
    """A sourced correction adds one."""
    entry = town.entry(by_source(link("link-suspended", "2022-03-23", "coventry"), "press", "2022-04-04"))
    town.entry(corrected(entry, link("link-suspended", "2022-03-22", "coventry")))
    assert town.edges() == [day("2022-04-04")]
    assert town.link(TODAY, "2022-04-04")["since"] == "2022-03-22"
    town.entry(
        by_source(corrected(entry, link("link-suspended", "2022-03-21", "coventry"), "source"), "press", "2022-06-01")
    )
    assert town.edges() == [day("2022-04-04"), day("2022-06-01")]


def test_a_correction_moves_an_entry_to_another_link(town: Town) -> None:
    """The one it was written under is forgotten, at every date; the other is known from the same day."""
    entry = town.entry(suspended)
    correction = town.entry(corrected(entry, told("link-suspended", link=ROSTOV, on="2022-03-22", by="glasgow")))
    assert set(town.at(TODAY)) == {ROSTOV}
    assert town.edges(ROSTOV) == [day("2022-03-23")]
    town.entry(retracted(correction))
    assert set(town.at(TODAY)) == {LINK}


def test_what_was_taken_back_was_never_known(town: Town) -> None:
    """Until it is put back."""
    entry = town.entry(suspended)
    retraction = town.entry(retracted(entry))
    assert town.at(TODAY) == town.at(TODAY, "2022-12-31") == {}
    town.entry(retracted(retraction))
    assert town.link(TODAY, "2022-03-23")["standing"] == "suspended"


def test_a_corroboration_narrows_and_makes_known(town: Town) -> None:
    """1988, and a better source had the day all along."""
    entry = town.entry(by_source(link("link-formed", "1988"), "third-party", "2020-01-01"))
    town.entry(by_source(corroborated(entry, "1988-05-08"), "council", "1988-05-09"))
    found = town.link("1988-05-08", "1988-05-09")
    assert (found["since"], found["certainty"], found["grade"]) == ("1988-05-08", "yes", "council")
    assert town.at("1988-05-07") == {}
    assert town.edges() == [day("1988-05-09"), day("2020-01-01")]  # from then on, the entry's own source is there too


def test_nothing_is_known_before_its_own_source(town: Town) -> None:
    """Until 1995 only the year was public, without what the later source says of the link."""
    details = {"wording": "bond", "summary": "A bond of friendship.", "term": "1988/1998", "kind": "twinning"}
    entry = town.entry(by_source(link("link-formed", "1988-05-08", **details), "council", "1995-01-01"))
    town.entry(by_source(corroborated(entry, "1988"), "press", "1990-01-01"))
    early = town.link("1992-01-01", "1992-01-01")
    assert (early["since"], early["wording"], early["kind"], early["grade"]) == ("1988", None, "twinning", "press")
    assert town.link("1988-05-08", "1992-01-01")["possible"] == ["active", "none"]
    late = town.link(TODAY)
    assert (late["since"], late["wording"], late["grade"]) == ("1988-05-08", "bond", "council")
    assert town.edges() == [day("1990-01-01"), day("1995-01-01")]


def test_a_paper_reported_early_is_known_without_its_details(town: Town) -> None:
    """That the motion was carried was public at once; the vote and the resolutions when the minutes were."""
    vote = {"for": 33, "against": 20}
    carried = told("motion-carried", motion=MOTION, on="2022-03-22", vote=vote, resolutions=["To pause."])
    entry = town.entry(by_source(carried, "official", "2022-05-01"))
    town.entry(by_source(corroborated(entry), "press", "2022-03-23"))
    early, late = (town.at(TODAY, known, "decisions")[MOTION] for known in ("2022-04-01", TODAY))
    assert (early["standing"], early["since"], early["grade"]) == ("carried", "2022-03-22", "press")
    assert (early["vote"], early["resolutions"]) == (None, [])
    assert (late["vote"], late["resolutions"], late["grade"]) == (vote, ["To pause."], "official")


def test_a_disputing_account_known_alone_is_the_one_shown(town: Town) -> None:
    """As it would be if the two had been recorded the other way round."""
    town.entry(link("link-formed", "1988"))
    late = by_source(link("link-suspended", "2021", "coventry"), "press", "2022-07-01")
    early = by_source(link("link-suspended", "2012-11-22", "coventry"), "press", "2012-11-23")
    town.entry(by_source(disputed(town.entry(late), early.event), "press", "2012-11-23"))
    other = Town()
    other.entry(link("link-formed", "1988"))
    other.entry(by_source(disputed(other.entry(early), late.event), "press", "2022-07-01"))
    for each in (town, other):
        found = each.link("2015-01-01", "2015-01-01")
        assert (found["standing"], found["since"], found["certainty"], found["disputed"]) == (
            "suspended", "2012-11-22", "yes", [],
        )  # fmt: skip
        assert len(each.link(TODAY)["disputed"]) == 1


def test_two_disputing_accounts_known_alone_dispute_each_other(town: Town) -> None:
    """The better source first."""
    town.entry(link("link-formed", "1988"))
    entry = town.entry(by_source(link("link-suspended", "2021", "coventry"), "press", "2023-01-01"))
    for on, grade, published in (("2012", "press", "2013-01-01"), ("2014", "council", "2015-01-01")):
        town.entry(by_source(disputed(entry, link("link-suspended", on, "coventry")), grade, published))
    assert town.link("2020-01-01", "2013-01-01")["since"] == "2012"
    found = town.link("2020-01-01", "2015-01-01")
    assert (found["since"], [one["since"] for one in found["disputed"]]) == ("2014", ["2012"])


def test_a_denial_known_alone_says_nothing(town: Town) -> None:
    """Nobody had claimed it yet."""
    town.entry(by_source(link("link-formed", "1988"), "council", "1989"))
    entry = town.entry(by_source(link("link-suspended", "2021", "coventry"), "press", "2022-07-01"))
    town.entry(by_source(disputed(entry, None), "press", "2021-07-01"))
    assert town.link("2022-01-01", "2022-01-01")["standing"] == "active"


def test_a_slip_mends_the_account_that_it_was_written_about(town: Town) -> None:
    """What was known before the sourced correction stays as it was."""
    entry = town.entry(by_source(link("link-suspended", "2022-02-25", "coventry"), "press", "2022-02-26"))
    town.entry(
        by_source(corrected(entry, link("link-suspended", "2022-02-24", "coventry"), "source"), "council", "2022-03-08")
    )
    town.entry(corrected(entry, link("link-suspended", "2022-02-23", "coventry")))
    assert [town.link(TODAY, known)["since"] for known in ("2022-03-01", "2022-03-08")] == ["2022-02-25", "2022-02-23"]


def test_a_slip_in_the_entry_itself_is_mended_at_every_date_until_the_correction(town: Town) -> None:
    """And leaves the later correction alone; it goes with a correction that is retracted."""
    entry = town.entry(by_source(link("link-suspended", "2022-02-25", "coventry"), "press", "2022-02-26"))
    town.entry(corrected(entry, link("link-suspended", "2022-02-26", "coventry")))
    correction = town.entry(
        by_source(corrected(entry, link("link-suspended", "2022-02-24", "coventry"), "source"), "council", "2022-03-08")
    )
    town.entry(corrected(entry, link("link-suspended", "2022-02-23", "coventry")))
    days = ("2022-03-01", "2022-03-08")
    assert [town.link(TODAY, known)["since"] for known in days] == ["2022-02-26", "2022-02-23"]
    town.entry(retracted(correction))
    assert [town.link(TODAY, known)["since"] for known in days] == ["2022-02-26", "2022-02-26"]


RECORDS = {
    "corrected": lambda entry: by_source(
        corrected(entry, link("link-suspended", "2022-02-24", "coventry"), "source"), "press", "2022-03-08"
    ),
    "corrected again": lambda entry: by_source(
        corrected(entry, link("link-suspended", "2022-02-23", "coventry"), "source"), "council", "2022-03-05"
    ),
    "corroborated": lambda entry: by_source(corroborated(entry, "2022-02"), "official", "2022-02-27"),
    "corroborated without a date": lambda entry: by_source(corroborated(entry), "third-party", "2022-03-20"),
    "disputed": lambda entry: by_source(
        disputed(entry, link("link-ended", "2022-02-25", "coventry")), "press", "2022-02-25"
    ),
    "denied": lambda entry: by_source(disputed(entry, None), "press", "2022-02-25"),
}
"""What other sources say about one suspension."""


def test_what_was_known_does_not_depend_on_the_order_of_recording() -> None:
    """Six sources speak of one suspension: every order of three of them gives the same views but for positions."""
    suspension = by_source(link("link-suspended", "2022-02-25", "coventry"), "press", "2022-02-26")
    for some in itertools.combinations(RECORDS, 3):
        answers = set()
        for order in itertools.permutations(some):
            town = Town()
            town.entry(formed)
            entry = town.entry(suspension)
            recorded = dict(enumerate(order, len(list(town.ledger.read())) + 1))
            for name in order:
                town.entry(RECORDS[name](entry), "evidence/weak")
            rows = town.live.execute("SELECT * FROM links ORDER BY known_from, valid_from").fetchall()
            columns = [name for (name, *_) in town.live.execute("SELECT * FROM links").description]
            named = [dict(zip(columns, row, strict=True)) for row in rows]
            answers.add(canonical([_undated(row, recorded) for row in named]))
        assert len(answers) == 1, some


def _undated(row: dict[str, Any], recorded: dict[int, str]) -> dict[str, Any]:
    disputed = [{**one, "dispute": None} for one in json.loads(row["disputed"] or "[]")]
    return {
        **row,
        "disputed": disputed,
        "rests_on": [recorded.get(one, one) for one in json.loads(row["rests_on"] or "[]")],
    }


def test_the_documents_behind_a_row_are_those_of_the_account_in_effect(town: Town) -> None:
    """A dispute known alone, the entry with it beside it, and the dispute settled to be right."""
    entry = town.entry(by_source(link("link-suspended", "2022-07-01", "coventry"), "council", "2022-07-01"))
    paper = by_source(disputed(entry, link("link-suspended", "2012-11-22", "coventry")), "press", "2012-11-23")
    dispute = town.entry(paper)
    town.entry(by_source(settled(dispute, "instead"), "official", "2023-06-01"), "evidence/weak")
    town.entry(by_source(corroborated(entry, "2012"), "third-party", "2024-01-01"))
    shown = {
        known: next(iter(questions.with_documents(town.live, [town.link(TODAY, known)])))["source"]
        for known in ("2012-12-31", "2022-12-31", "2023-12-31", "2024-12-31")
    }
    assert shown == {
        "2012-12-31": ["What the press published"],
        "2022-12-31": ["What the council published"],
        "2023-12-31": ["What the press published"],
        "2024-12-31": ["What the press published", "What the third-party published"],
    }


def test_the_grade_is_the_best_of_what_was_known(town: Town) -> None:
    """A weak source may be the first, and may be the last."""
    entry = town.entry(by_source(link("link-suspended", "2022-03-22", "coventry"), "press", "2022-04-01"))
    town.entry(by_source(corroborated(entry), "third-party", "2022-03-23"))
    town.entry(by_source(corroborated(entry), "council", "2022-05-01"))
    town.entry(by_source(corroborated(entry, "2022"), "third-party", "2022-06-01"))
    days = ("2022-03-23", "2022-04-01", "2022-05-01", "2022-06-01")
    assert [town.link(TODAY, known)["grade"] for known in days] == ["third-party", "press", "council", "council"]


def test_both_years_of_a_beginning_are_shown(town: Town) -> None:
    """Coventry and Volgograd: the better grade first, the other beside it, until somebody settles it."""
    entry = town.entry(formed)
    dispute = town.entry(
        by_source(disputed(entry, link("link-formed", "1941", kind="twinning")), "press", "2022-03-23")
    )
    found = town.link(TODAY)
    other = {"entry": 6, "dispute": 7, "grade": "press", "since": "1941"}
    assert (found["since"], found["certainty"], found["disputed"]) == ("1944", "yes", [other])
    assert town.link(TODAY, "2022-03-22")["disputed"] == []
    first = town.link("1942-06-01")
    assert (first["standing"], first["certainty"], first["possible"]) == ("none", "yes", ["none"])
    assert [one["standing"] for one in first["disputed"]] == ["active"]
    settlement = town.entry(by_source(settled(dispute, "instead"), "council", "2023-06-01"), "evidence/weak")
    assert (town.link(TODAY)["since"], town.link(TODAY)["disputed"]) == ("1941", [])
    assert town.link(TODAY, "2023-05-31")["since"] == "1944"
    town.entry(retracted(settlement))
    assert town.link(TODAY)["disputed"] == [other]
    town.entry(settled(dispute, "entry"))
    assert (town.link(TODAY)["since"], town.link(TODAY)["disputed"]) == ("1944", [])


def test_a_better_source_is_shown_first(town: Town) -> None:
    """From the day on which it was public."""
    entry = town.entry(by_source(link("link-formed", "1944"), "press", "2019-05-01"))
    town.entry(by_source(disputed(entry, link("link-formed", "1941")), "council", "2022-03-23"))
    assert town.link(TODAY, "2022-03-22")["since"] == "1944"
    found = town.link(TODAY)
    assert (found["since"], found["grade"]) == ("1941", "council")
    assert found["disputed"] == [{"entry": 6, "dispute": None, "grade": "press", "since": "1944"}]


def test_suspended_or_ended(town: Town) -> None:
    """Exeter: what the other account would make of the link is told column by column, in JSON values."""
    town.entry(formed)
    entry = town.entry(suspended)
    town.entry(by_source(disputed(entry, link("link-ended", "2022-03-22", "coventry")), "press", "2022-03-24"))
    found = town.link(TODAY)
    assert (found["standing"], found["suspended_by"]) == ("suspended", ["coventry"])
    assert found["disputed"] == [
        {
            "entry": 7,
            "dispute": 8,
            "grade": "press",
            "standing": "ended",
            "suspended_by": [],
            "suspended_since": [],
            "wording": None,
        }
    ]


def test_a_denial_is_told_with_its_own_grade(town: Town) -> None:
    """Not with that of what would stand if it were true."""
    town.entry(formed)
    entry = town.entry(by_source(link("link-suspended", "2022-03-22", "coventry"), "press", "2022-03-23"))
    town.entry(by_source(disputed(entry, None), "third-party", "2022-03-24"))
    (other,) = town.link(TODAY)["disputed"]
    assert (other["standing"], other["since"], other["grade"], other["dispute"]) == ("active", "1944", "third-party", 8)


def test_several_disputes_are_told_one_by_one(town: Town) -> None:
    """Each account beside what is shown, where it tells another standing; not every combination."""
    first = town.entry(formed)
    second = town.entry(suspended)
    for year in (1940, 1941):
        town.entry(by_source(disputed(first, link("link-formed", str(year), kind="twinning")), "press"))
    town.entry(by_source(disputed(second, None), "press"))
    assert [(one["entry"], one["dispute"]) for one in town.link("2022-03-01")["disputed"]] == [(6, 8), (6, 9)]
    assert [(one["entry"], one["dispute"]) for one in town.link(TODAY)["disputed"]] == [(7, 10)]


def test_what_is_denied_by_a_better_source_is_still_told(town: Town) -> None:
    """The link is listed for the sake of the account that has it."""
    entry = town.entry(by_source(link("link-formed", "1944"), "press", "2019-05-01"))
    dispute = town.entry(by_source(disputed(entry, None), "council", "2022-03-23"))
    found = town.link(TODAY)
    assert (found["standing"], found["possible"], found["disputed"][0]["standing"]) == ("none", ["none"], "active")
    town.entry(settled(dispute, "instead"))
    assert town.at(TODAY) == {}


def test_a_hidden_detail_is_in_no_register(town: Town) -> None:
    """The rest of the motion is, and so is it when the redaction is taken back."""
    moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine", mover="A. Nother")
    entry = town.entry(moved)
    town.entry(disputed(entry, moved.model_copy(update={"title": "Russia"})))
    redaction = town.entry(redacted(entry, "mover"))
    found = town.at(TODAY, register="decisions")[MOTION]
    assert (found["mover"], found["title"], found["disputed"][0]["title"]) == (None, "Ukraine", "Russia")
    assert not any("A. Nother" in line for line in views.dump(town.live))
    town.entry(retracted(redaction))
    assert town.at(TODAY, register="decisions")[MOTION]["mover"] == "A. Nother"


def test_what_was_known_may_be_unexplained(town: Town) -> None:
    """A resumption was public before the suspension; a correction explains it from its own day on."""
    town.entry(formed)
    entry = town.entry(by_source(link("suspension-announced", "2022-03-22", "coventry"), "press", "2022-03-23"))
    resumption = by_source(link("link-resumed", "2023-01-01", "coventry"), "council", "2023-01-02")
    with pytest.raises(Refused):
        town.entry(resumption)
    town.tell(
        by_source(
            corrected(entry, link("link-suspended", "2022-03-22", "coventry"), "source"), "council", "2024-01-01"
        ),
        resumption,
    )
    before, after = town.link("2023-06-01", "2023-06-01"), town.link("2023-06-01", "2024-01-01")
    assert (before["unexplained"], before["certainty"]) == (True, "possibly")
    assert (after["unexplained"], after["certainty"], after["standing"]) == (False, "yes", "active")
    assert town.link("2022-06-01", "2023-12-31")["unexplained"]


def test_the_rectangles_of_a_disputed_and_corrected_link_do_not_overlap(town: Town) -> None:
    """And they cover every day from the first on which anything was known."""
    entry = town.entry(formed)
    town.entry(by_source(disputed(entry, link("link-formed", "1941")), "press", "2022-03-23"))
    second = town.entry(suspended)
    town.entry(by_source(corroborated(second), "press", "2022-03-22"))
    town.entry(
        by_source(corrected(second, link("link-suspended", "2022-03-21", "coventry"), "source"), "press", "2022-05-01")
    )
    rows = town.live.execute("SELECT known_from, known_to, valid_from, valid_to FROM links").fetchall()
    for one, other in itertools.combinations(rows, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
        assert apart, (one, other)
    for known in town.edges():
        assert len([row for row in rows if row[0] <= known < row[1] and row[2] <= day(TODAY) < row[3]]) == 1


# Names over time

STALINGRAD: dict[str, Any] = {"name": "Stalingrad", "during": "1925/1961"}


def named(*names: dict[str, Any]) -> AnyEvent:
    """Volgograd, and what it was called before."""
    return told("body-registered", slug="volga", name="Volgograd", kind="city", country="RU", names=list(names))


def called(town: Town, as_of: str) -> tuple[str, str]:
    """What a body was called, and how sure that is."""
    row = town.at(as_of, register="bodies")["volga"]
    return str(row["name"]), str(row["certainty"])


def test_as_of_1950_it_is_called_stalingrad() -> None:
    """In the years in which the name changed, the other name is possible."""
    town = Town(named(STALINGRAD))
    assert called(town, "1950-01-01") == ("Stalingrad", "yes")
    assert called(town, TODAY) == ("Volgograd", "yes")
    assert called(town, "1961-06-01") == ("Volgograd", "possibly")
    assert called(town, "1925-06-01") == ("Volgograd", "possibly")
    assert called(town, "1961-01-01")[1] == "yes"


def test_several_former_names_follow_each_other() -> None:
    """To the day, where it is known."""
    town = Town(
        named(
            {"name": "Tsaritsyn", "during": "../1925-04-09"}, {"name": "Stalingrad", "during": "1925-04-10/1961-11-09"}
        )
    )
    days = ("1900-01-01", "1925-04-09", "1925-04-10", "1961-11-09", "1961-11-10")
    assert [called(town, day_) for day_ in days] == [
        ("Tsaritsyn", "yes"), ("Tsaritsyn", "yes"), ("Stalingrad", "yes"), ("Stalingrad", "yes"), ("Volgograd", "yes"),
    ]  # fmt: skip


def test_a_name_is_corrected_and_disputed_like_anything(town: Town) -> None:
    """The former name that another source gives stands beside."""
    entry = town.entry(named())
    assert called(town, "1950-01-01") == ("Volgograd", "yes")
    correction = town.entry(corrected(entry, named(STALINGRAD)))
    assert called(town, "1950-01-01") == ("Stalingrad", "yes")
    town.entry(retracted(correction))
    town.entry(by_source(disputed(entry, named(STALINGRAD)), "third-party"))
    row = town.at("1950-01-01", register="bodies")["volga"]
    assert (row["name"], row["disputed"][0]["name"]) == ("Volgograd", "Stalingrad")


def test_a_renaming_is_corrected(town: Town) -> None:
    """It happened in another year."""
    entry = town.entry(told("body-renamed", slug="coventry", on="1345", name="City of Coventry"))
    town.entry(corrected(entry, told("body-renamed", slug="coventry", on="1451", name="City of Coventry")))
    names = [town.at(as_of, register="bodies")["coventry"]["name"] for as_of in ("1400-01-01", "1500-01-01")]
    assert names == ["Coventry", "City of Coventry"]


# Successors


def succeeded(slug: str, on: str, heir: str) -> AnyEvent:
    """A body is abolished, and another takes its place."""
    return told("body-succeeded", slug=slug, on=on, successors=[heir])


def test_links_feel_a_succession_whenever_it_is_recorded(town: Town) -> None:
    """Also when it is corrected, disputed, taken back; the views that followed are those that are rebuilt."""
    town.tell(formed, told("link-formed", link=ROSTOV, on="1990"))
    entry = town.entry(succeeded("coventry", "2009-04-01", "cheshire-east"))
    assert (town.link(TODAY)["flags"], town.link(TODAY, name=ROSTOV)["flags"]) == (["side-abolished"], [])
    assert town.link("2009-03-31")["flags"] == []
    correction = town.entry(corrected(entry, succeeded("glasgow", "2009-04-01", "cheshire-east")))
    assert (town.link(TODAY)["flags"], town.link(TODAY, name=ROSTOV)["flags"]) == ([], ["side-abolished"])
    town.entry(retracted(correction))
    denial = town.entry(by_source(disputed(entry, None), "council"))
    found = town.link(TODAY)
    assert (found["flags"], found["disputed"][0]["flags"]) == ([], ["side-abolished"])
    town.entry(retracted(denial))
    renamed = told("body-renamed", slug="coventry", on="2009-04-01", name="Coventry City")
    again = town.entry(corrected(entry, renamed))
    assert town.link(TODAY)["flags"] == []
    town.entry(retracted(again))
    assert town.link(TODAY)["flags"] == ["side-abolished"]
    town.entry(retracted(entry, "Of another Coventry."))
    assert town.link(TODAY)["flags"] == []


def test_the_acts_of_successors_come_in_any_order() -> None:
    """Together, or each as soon as the rules accept it: the same answers."""
    events = [
        formed,
        succeeded("coventry", "2009-04-01", "cheshire-east"),
        succeeded("cheshire-east", "2015-04-01", "greater-north"),
        link("link-retained", "2010", "cheshire-east"),
        link("link-suspended", "2016", "greater-north"),
    ]
    answers = set()
    for order in itertools.permutations(events):
        town = Town()
        waiting = list(order)
        while waiting:
            event = waiting.pop(0)
            try:
                town.entry(event)
            except Refused:
                waiting.append(event)
        days = ("2009-06-01", "2012-01-01", "2015-06-01", TODAY)
        answers.add(tuple((town.link(as_of)["standing"], *town.link(as_of)["flags"]) for as_of in days))
    assert answers == {
        (
            ("active", "side-abolished"),
            ("active", "retained"),
            ("active", "retained", "side-abolished"),
            ("suspended", "side-abolished"),
        )
    }


def test_a_succession_shows_in_the_register_of_bodies(town: Town) -> None:
    """From its day on."""
    town.entry(succeeded("coventry", "2009-04-01", "cheshire-east"))
    found = [town.at(as_of, register="bodies")["coventry"]["successors"] for as_of in ("2009-03-31", "2009-04-01")]
    assert found == [[], ["cheshire-east"]]
