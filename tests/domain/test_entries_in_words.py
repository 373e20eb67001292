"""Entries in a few words, as lists and histories show them."""

from __future__ import annotations

import pytest

from domain import tallies, telling
from domain.entry import UnknownEvent
from domain.samples import PARTICULARS, sample
from tests.domain.story import LINK, MOTION, entry_id, told

INSTEAD = {
    "type": "link-suspended",
    "event": {"link": LINK, "on": "2022", "by": "coventry", "wording": "paused", "condition": "Peace."},
}
UNKNOWN = UnknownEvent("pact-sworn/1", {"on": "1944", "by": "coventry"})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "vote reported without figures"),
        ({"unanimous": True}, "unanimous (figures not reported)"),
        ({"unanimous": True, "for": 54}, "unanimous, 54 for"),
        ({"for": 33, "against": 20, "present": 54, "method": "show-of-hands"}, "33 for, 20 against, 54 present"),
        ({"for": 0, "against": 0}, "0 for, 0 against"),
        (
            {"absent": 6, "abstained": 3, "no_vote_cast": 4, "cast": 8, "declared_interest": 9},
            "3 abstained, 4 present without voting, 6 absent, 8 votes cast, 9 declared an interest",
        ),
        (
            {"for": 7, "against": 7, "casting_vote": {"by": "The Chair", "way": "for"}},
            "7 for, 7 against, casting vote for by The Chair",
        ),
    ],
)
def test_a_vote_in_words(given: dict[str, object], words: str) -> None:
    """As far as it is known, and that it is not known further."""
    assert tallies.in_words(given) == words


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("link-suspended", {"link": LINK, "on": "2022", "by": "coventry"}, "by coventry"),
        (
            "link-suspended",
            {
                "link": LINK,
                "on": "2022",
                "by": "coventry",
                "kind": "twinning",
                "wording": "paused",
                "condition": "Peace.",
            },
            'by coventry; twinning; "paused"; Peace.',
        ),
        ("link-formed", {"link": LINK, "on": "1944"}, ""),
        ("body-registered", {"slug": "york", "name": "York", "kind": "city", "country": "GB"}, "York; city"),
        (
            "letter-sent",
            {
                "letter": "coventry/2022/l",
                "on": "2022",
                "by": "coventry",
                "to": "volgograd",
                "encloses": [MOTION, "coventry/2022/x"],
                "summary": "Asks.",
            },
            f"to volgograd; enclosing {MOTION}, coventry/2022/x; Asks.",
        ),
        (
            "statement-made",
            {"by": "coventry", "on": "2022", "speaker": "The Leader", "summary": "We pause."},
            "The Leader; We pause.",
        ),
        (
            "motion-carried",
            {"motion": MOTION, "on": "2022", "vote": {"unanimous": True}, "resolutions": ["To pause.", "To write."]},
            "unanimous (figures not reported); To pause.; To write.",
        ),
        (
            "motion-moved",
            {"motion": MOTION, "on": "2022", "title": "Ukraine", "summary": "To pause."},
            "Ukraine; To pause.",
        ),
        ("motion-lapsed", {"motion": MOTION, "on": "2022", "reason": "No time."}, "No time."),
        ("link-listed", {"link": LINK, "on": "2008", "where": "A page", "listed": True}, "A page"),
        ("note-added", {"text": "See the minutes."}, "See the minutes."),
        (
            "minutes-approved",
            {"meeting": "coventry/2022/m", "on": "2022", "at": "coventry/2022/n", "corrections": "A name."},
            "at coventry/2022/n; A name.",
        ),
        ("body-succeeded", {"slug": "york", "on": "2009", "successors": ["a", "b"]}, "succeeded by a, b"),
        (
            "notice-given",
            {"link": LINK, "on": "2022", "by": "coventry", "effective": "2023"},
            "by coventry; effective 2023",
        ),
        ("entry-retracted", {"entry": entry_id(4), "reason": "A joke."}, "A joke."),
        ("entry-corroborated", {"entry": entry_id(4), "on": "1944"}, "on 1944"),
        (
            "dispute-settled",
            {"dispute": entry_id(4), "prefer": "entry", "reason": "Dated so."},
            "prefers the entry; Dated so.",
        ),
        (
            "dispute-settled",
            {"dispute": entry_id(4), "prefer": "instead", "reason": "Dated so."},
            "prefers the dispute; Dated so.",
        ),
        (
            "detail-redacted",
            {"entry": entry_id(4), "field": "mover", "basis": "UK GDPR, article 17", "authority": {"power": "statute"}},
            "hides mover: UK GDPR, article 17",
        ),
        ("entry-disputed", {"entry": entry_id(4), "instead": None}, "it did not happen"),
        (
            "entry-corrected",
            {"entry": entry_id(4), "cause": "slip", "instead": INSTEAD, "reason": "Slip."},
            f"slip; instead link-suspended: link {LINK}, on 2022, by coventry, wording paused, condition Peace.; Slip.",
        ),
    ],
)
def test_what_happened_in_one_line(name: str, given: dict[str, object], words: str) -> None:
    """Who, what kind, whose word, and all that was said."""
    assert telling.summary(told(name, **given)) == words


def test_what_an_event_is_about_and_when_it_happened() -> None:
    """The thing, or for a saying who spoke; the date as written."""
    assert telling.subject(sample("link-formed")) == LINK
    assert telling.subject(sample("statement-made")) == PARTICULARS["statement-made"]["by"]
    assert telling.subject(told("note-added", text="Of the ledger.")) == ""
    assert telling.on(told("link-formed", link=LINK, on="1944~")) == "1944~"
    assert telling.on(sample("body-registered")) == ""
    assert telling.on(told("entry-corroborated", entry=entry_id(4), on="1944")) == ""


def test_an_event_that_this_release_does_not_know_is_told_as_far_as_it_can_be() -> None:
    """Its name, and its date if it has one."""
    assert telling.subject(UNKNOWN) == "pact-sworn/1"
    assert (telling.on(UNKNOWN), telling.on(UnknownEvent("pact-sworn/1", {"on": 1944}))) == ("1944", "1944")
    assert telling.on(UnknownEvent("pact-sworn/1", {})) == ""
    assert telling.summary(UNKNOWN) == "an event that this release does not know"


def test_what_is_recorded_about_an_entry_in_words() -> None:
    """Each kind of record once; of an open dispute, what it tells instead and on what grade."""
    records: dict[str, list[object]] = {
        "corrected_by": [5, 6],
        "corroborated_by": [7],
        "settled_by": [8],
        "redacted_by": [9],
        "noted_by": [10],
        "retracted_by": [11],
        "disputes": [
            {"entry": 12, "grade": "press", "shown_first": False, "changes": {"on": ["2022", "2021"]}},
            {"entry": 13, "grade": None, "shown_first": True, "changes": None},
            {"entry": 14, "grade": "press", "shown_first": False, "changes": {}},
        ],
        "revisions": [{"entry": 6, "type": "entry-corrected", "changes": {"vote.for": [10, 9], "note": ["A b", None]}}],
    }
    assert telling.records_in_words(records) == [
        'corrected by 5, 6: vote.for 10 -> 9, note "A b" -> (not said)',
        "also told by 7",
        "settled by 8",
        "a detail hidden by 9",
        "note: 10",
        "taken back by 11",
        "disputed by 12 (press): on 2022 -> 2021",
        "disputed by 13 (no source, shown first): it did not happen",
        "disputed by 14 (press): the same",
    ]
    assert telling.records_in_words({}) == []
