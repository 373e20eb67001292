"""Events hold what was given, and nothing else: what a source does not tell is left open."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from domain.catalogue import EVENTS, RANKS
from domain.event import Dated
from domain.papers import CYCLES
from domain.records import Instead
from domain.samples import PARTICULARS, sample
from domain.values import Ballot, Evidence, Vote
from tests.domain.story import LINK, entry_id, told

SOURCELESS = {
    "entry-corrected", "entry-retracted", "dispute-settled", "detail-redacted", "note-added",
    "key-introduced", "key-rotated", "ledger-restored",
}  # fmt: skip
"""What needs no source of its own; the sample of a correction corrects a slip."""
VERSIONS = {"note-added": 2, "request-received": 2, "statement-made": 2}
"""What is no longer stored as the first release did; all else is."""
AT_LEAST = {"motion-moved": ("title",), "note-added": ("entry",)}
"""What is not needed by itself, but without which the event would say nothing."""


def barely(name: str) -> dict[str, Any]:
    """The particulars of a sample without which there would be no event."""
    needed = {info.alias or field for field, info in EVENTS[name].model_fields.items() if info.is_required()}
    return {
        field: value for field, value in PARTICULARS[name].items() if field in needed or field in AT_LEAST.get(name, ())
    }


@pytest.mark.parametrize("name", EVENTS)
def test_what_was_not_given_is_not_known(name: str) -> None:
    """It is None, or a list of nothing; never an empty word, 0 or False."""
    event = EVENTS[name].model_validate_json(json.dumps(barely(name)))
    for field, info in EVENTS[name].model_fields.items():
        if (info.alias or field) not in barely(name):
            may_be_none = type(None) in get_args(info.annotation)
            assert getattr(event, field) in ((None,) if may_be_none else ((), {})), field
    assert event.particulars() == barely(name)


@pytest.mark.parametrize("name", EVENTS)
def test_each_field_that_an_event_cannot_do_without_is_asked_for(name: str) -> None:
    """An event without it is refused."""
    for field in barely(name):
        without = {one: value for one, value in barely(name).items() if one != field}
        if (name, field) != ("note-added", "entry"):
            with pytest.raises(ValidationError, match=r"Field required|a motion needs a title or a summary"):
                EVENTS[name].model_validate_json(json.dumps(without))


@pytest.mark.parametrize("name", EVENTS)
def test_the_subject_is_the_field_read_first(name: str) -> None:
    """Then when, then all else; a note comes last."""
    event = EVENTS[name]
    fields = list(event.model_fields)
    dated = ["on"] if issubclass(event, Dated) else []
    if event.subject_field:
        assert fields[: 1 + len(dated)] == [event.subject_field, *dated]
    assert fields[-1] == "note"


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_called_alike_everywhere(name: str) -> None:
    """By its name with a version on disk; its table has a row for it."""
    event = EVENTS[name]
    assert (event.type, event.name_on_disk()) == (name, f"{name}/{VERSIONS.get(name, 1)}")
    assert event.subject_field is None or event.cycle in {*CYCLES, "link", "record"}
    if event.cycle in CYCLES:
        assert name in [step.event for step in CYCLES[event.cycle].steps]


def test_events_come_in_the_order_in_which_they_can_rest_on_each_other() -> None:
    """Bodies before all else; what is recorded about entries last."""
    first = {
        rank: next(EVENTS[name].cycle for name in EVENTS if RANKS[name] == rank) for rank in sorted(set(RANKS.values()))
    }
    assert list(first.values()) == [
        "body", "meeting", "motion", "decision", "agreement", "link", "letter", "saying", "pledge", "record",
    ]  # fmt: skip
    assert list(first) == list(range(10))


@pytest.mark.parametrize("name", EVENTS)
def test_which_events_need_a_source(name: str) -> None:
    """All that happened does; what the clerk did does not."""
    assert sample(name).needs_evidence == (name not in SOURCELESS)


def test_a_slip_needs_no_source() -> None:
    """What we wrote down wrongly, we know ourselves."""
    instead = {"type": "link-formed", "event": {"link": LINK, "on": "1944"}}
    slip = told("entry-corrected", entry=entry_id(4), cause="slip", instead=instead, reason="A slip.")
    source = told("entry-corrected", entry=entry_id(4), cause="source", instead=instead, reason="The record.")
    assert (slip.needs_evidence, source.needs_evidence) == (False, True)


def test_of_a_vote_only_what_is_known_is_given() -> None:
    """Unknown is never 0."""
    nothing = Vote()
    assert nothing.model_dump(mode="json", exclude_defaults=True) == {}
    assert {getattr(nothing, field) for field in Vote.model_fields} == {None, ()}
    some = Vote.model_validate_json('{"for": 33, "against": 0}')
    assert some.model_dump(mode="json", exclude_defaults=True) == {"for": 33, "against": 0}
    ballot = Ballot.model_validate_json('{"person": "A. Nother", "vote": "for"}')
    assert (ballot.party, ballot.proxy_for, ballot.weight) == (None, None, None)


def test_of_a_source_only_title_and_grade_are_needed() -> None:
    """All else is given where it is known."""
    source = Evidence.model_validate_json('{"title": "A report", "grade": "press"}')
    assert {getattr(source, field) for field in Evidence.model_fields} == {"A report", "press", None}


@pytest.mark.parametrize(
    ("type_", "event", "words"),
    [
        (
            "pact-sworn",
            {},
            "type\\n.*'pact-sworn' is no event that can stand in place of another; civic schema lists them",
        ),
        ("note-added", {"text": "x"}, "'note-added' is no event that can stand in place of another"),
        ("x" * 100, {}, f"'{'x' * 80}' is no event"),
        ("link-formed", [], "event\\n.*is not the particulars of link-formed"),
        ("link-formed", {"link": LINK}, "event\\n.*on: Field required"),
        ("link-formed", {"link": LINK, "on": "1944", "by": "Coventry"}, "by: 'Coventry' is not a body's short name"),
        (
            "motion-carried",
            {"motion": "coventry/2022/x", "on": "2022", "vote": {"for": -1}},
            r"vote\.for: Input should be",
        ),
        ("motion-moved", {"motion": "coventry/2022/x", "on": "2022"}, "event: a motion needs a title or a summary"),
    ],
)
def test_what_is_told_instead_is_read_like_any_event(type_: str, event: object, words: str) -> None:
    """What is wrong with it is said by field."""
    with pytest.raises(ValidationError, match=words):
        Instead.model_validate_json(json.dumps({"type": type_, "event": event}))
