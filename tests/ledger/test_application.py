"""Keeping the book: once, all or nothing, and on condition."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from domain.catalogue import AnyEvent
from domain.entry import Draft
from domain.rules import Taken
from domain.samples import EVIDENCE
from domain.values import Override
from ledger import batch
from ledger.application import Ledger
from ledger.batch import Batch
from ledger.deciding import Verdict
from ledger.errors import OutcomeUnknown, Refused, Unavailable
from ledger.store import errors
from ledger.store.dcb import DCBAppendCondition, DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from tests.books import book, in_memory, on_disk, story
from tests.domain.story import body, corrected, link, told


def drafts(*events: AnyEvent) -> list[Draft]:
    """Events with a source."""
    return [Draft(event, (EVIDENCE,)) for event in events]


COVENTRY, VOLGOGRAD = body("coventry"), body("volgograd")
FORMED = link("link-formed", "1944", kind="twinning")
SUSPENDED = link("link-suspended", "2022-03-22", "coventry")


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """The application behaves alike over every recorder."""
    opened = in_memory() if request.param == "memory" else on_disk(tmp_path)
    yield opened
    opened.close()


def test_a_batch_is_recorded_in_its_order(ledger: Ledger) -> None:
    """Positions are dense, and follow the order in which the batch was given."""
    outcomes = ledger.record(story("coventry"))
    assert [outcome.position for outcome in outcomes] == list(range(1, 14))
    assert [entry.event for entry in ledger.read()] == [draft.event for draft in story("coventry")]


def test_asking_twice_records_once(ledger: Ledger) -> None:
    """The same content again is on record already, whoever asks and however often."""
    first = ledger.record(story("coventry"))
    again = ledger.record(story("coventry"))
    assert [outcome.position for outcome in again] == [outcome.position for outcome in first]
    assert all(outcome.already for outcome in again)
    assert len(list(ledger.read())) == 13


def test_twice_in_one_batch_is_once(ledger: Ledger) -> None:
    """A line that stands twice in a file is one entry."""
    outcomes = ledger.record(drafts(COVENTRY, COVENTRY))
    assert [(outcome.position, outcome.already) for outcome in outcomes] == [(1, False), (1, True)]


def test_the_same_content_under_another_key_is_on_record_already(ledger: Ledger) -> None:
    """Same particulars and evidence: already recorded."""
    ledger.record(drafts(COVENTRY, VOLGOGRAD, FORMED))
    (outcome,) = ledger.record([Draft(FORMED, (EVIDENCE,), key="my-own-key")])
    assert (outcome.already, outcome.position) == (True, 3)


def test_what_has_no_history_is_told_twice_under_two_keys(ledger: Ledger) -> None:
    """Somebody may say the same again, whatever is recorded about the first time."""
    said, meant = (told("statement-made", by="coventry", on=on, summary="We wait.") for on in ("2022", "2022-03"))
    first = ledger.record([*drafts(COVENTRY), Draft(said, (EVIDENCE,), key="a")])[-1]
    ledger.record(drafts(corrected(first.id, meant)))
    (outcome,) = ledger.record([Draft(said, (EVIDENCE,), key="b")])
    assert (outcome.already, outcome.position) == (False, 4)


def test_a_key_stands_for_one_content(ledger: Ledger) -> None:
    """The same key with other content is a conflict."""
    ledger.record([*drafts(COVENTRY, VOLGOGRAD), Draft(FORMED, (EVIDENCE,), key="k")])
    with pytest.raises(Refused) as refused:
        ledger.record([Draft(SUSPENDED, (EVIDENCE,), key="k")])
    assert isinstance(refused.value.refusals[0][1], Taken)


def test_a_refused_entry_refuses_the_batch(ledger: Ledger) -> None:
    """All or nothing: the good entries of a bad batch are not written."""
    with pytest.raises(Refused) as refused:
        ledger.record(drafts(COVENTRY, VOLGOGRAD, FORMED, link("link-resumed", "2023", "coventry")))
    assert [(number, refusal.rule.id) for number, refusal in refused.value.refusals] == [(4, "link/transition")]
    assert list(ledger.read()) == []


def test_a_near_duplicate_is_refused_unless_it_is_said_to_be_new(ledger: Ledger) -> None:
    """One slip of the finger makes no second city."""
    ledger.record(drafts(VOLGOGRAD))
    with pytest.raises(Refused, match="1 refused"):
        ledger.record(drafts(body("volgagrad")))
    ledger.record(drafts(body("volgagrad")), new_bodies=True)


def test_near_duplicates_inside_a_batch_are_seen(ledger: Ledger) -> None:
    """The guard looks at the batch too."""
    with pytest.raises(Refused):
        ledger.record(drafts(VOLGOGRAD, body("volgagrad")))


def test_one_line_says_that_a_body_is_another_one(ledger: Ledger) -> None:
    """An override with the line is enough for that line, and for no other; what it says stays on record."""
    ledger.record(drafts(VOLGOGRAD))
    override = Override(rule="record/near-duplicate", reason="A village of that name.")
    with pytest.raises(Refused) as refused:
        ledger.record([Draft(body("volgagrad"), (EVIDENCE,), (override,)), *drafts(body("volgograt"))])
    assert [(number, one.rule.id) for number, one in refused.value.refusals] == [(2, "record/near-duplicate")]
    ledger.record([Draft(body("volgagrad"), (EVIDENCE,), (override,))])
    assert [entry.overrides for entry in ledger.read()][-1] == (override,)


def known_as(slug: str, name: str, **identifiers: str) -> AnyEvent:
    """A body with identifiers."""
    return told("body-registered", slug=slug, name=name, kind="city", country="GB", identifiers=identifiers)


def test_an_identifier_names_one_body_as_the_ledger_stands(ledger: Ledger) -> None:
    """Whatever is said to be new: corrections count, and what was taken back does not."""
    york, jorvik = known_as("york", "York", wikidata="Q42462"), known_as("jorvik", "Jorvik", wikidata="Q42462")
    (first,) = ledger.record(drafts(york))
    with pytest.raises(Refused) as refused:
        ledger.record(drafts(jorvik), new_bodies=True)
    assert [one.rule.id for _, one in refused.value.refusals] == ["record/once"]
    ledger.record(drafts(known_as("leeds", "Leeds", wikidata="Q39121")))
    with pytest.raises(Refused, match="1 refused"):
        ledger.record(drafts(corrected(first.id, known_as("york", "York", wikidata="Q39121"))))
    ledger.record(drafts(corrected(first.id, known_as("york", "York", wikidata="Q1"))))
    ledger.record(drafts(jorvik))


def test_two_clerks_do_not_register_one_body_at_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another clerk registers it between the decision and the append: it is decided again, and refused."""
    decide = ledger.decide

    def interrupted(batch: Batch) -> Verdict:
        verdict = decide(batch)
        monkeypatch.setattr(ledger, "decide", decide)
        ledger.record(drafts(known_as("york", "York", wikidata="Q42462")))
        return verdict

    monkeypatch.setattr(ledger, "decide", interrupted)
    with pytest.raises(Refused) as refused:
        ledger.record(drafts(known_as("jorvik", "Jorvik", wikidata="Q42462")))
    assert [one.rule.id for _, one in refused.value.refusals] == ["record/once"]


def test_a_decision_is_taken_again_when_its_boundary_changes(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody suspends between our look and our append: we look again, and are refused."""
    ledger.record(drafts(COVENTRY, VOLGOGRAD, FORMED))
    decide = ledger.decide
    seen: list[int] = []

    def interrupted(batch: Batch) -> Verdict:
        verdict = decide(batch)
        if not seen:
            seen.append(1)
            other = Draft(SUSPENDED, (EVIDENCE.model_copy(update={"title": "Another paper"}),))
            monkeypatch.setattr(ledger, "decide", decide)
            ledger.record([other])
        return verdict

    monkeypatch.setattr(ledger, "decide", interrupted)
    with pytest.raises(Refused) as refused:
        ledger.record(drafts(SUSPENDED))
    assert "entry-corroborated 4" in refused.value.refusals[0][1].mend


def test_what_others_write_elsewhere_does_not_disturb(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append outside the boundary makes nobody decide again."""
    ledger.record(drafts(COVENTRY, VOLGOGRAD, FORMED))
    decide = ledger.decide
    decided: list[int] = []

    def interrupted(batch: Batch) -> Verdict:
        verdict = decide(batch)
        decided.append(1)
        if len(decided) == 1:
            monkeypatch.setattr(ledger, "decide", decide)
            ledger.record(drafts(body("glasgow")))
            monkeypatch.setattr(ledger, "decide", interrupted)
        return verdict

    monkeypatch.setattr(ledger, "decide", interrupted)
    (outcome,) = ledger.record(drafts(SUSPENDED))
    assert (outcome.position, len(decided)) == (5, 1)


class Faulty(SQLiteRecorder):
    """A store whose commit fails once, before or after it has written."""

    fails = ""

    def append(self, events: Iterable[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        """Fail as asked, once."""
        kept: list[DCBEvent] = list(events)
        how, Faulty.fails = Faulty.fails, ""
        if how == "before":
            raise errors.OutcomeUnknown("entries", "the commit failed")
        if how == "cannot":
            raise errors.Unavailable("entries", "the disk is full")
        last = super().append(kept, condition)
        if how == "after":
            raise errors.OutcomeUnknown("entries", "the commit failed")
        return last


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger whose store can be made to fail."""
    on_disk(tmp_path).close()
    opened = book(lambda: Faulty(tmp_path / "entries.sqlite"), tmp_path)
    yield opened
    opened.close()


def test_an_unknown_outcome_is_resolved_by_entry_id(faulty: Ledger) -> None:
    """It was written after all: the clerk is told where it stands."""
    Faulty.fails = "after"
    (outcome,) = faulty.record(drafts(COVENTRY))
    assert outcome.position == 1
    assert len(list(faulty.read())) == 1


def test_an_unknown_outcome_may_turn_out_as_nothing(faulty: Ledger) -> None:
    """It was not written: the clerk is told to try again, and nothing is tried blindly."""
    Faulty.fails = "before"
    with pytest.raises(Unavailable, match="nothing was written"):
        faulty.record(drafts(COVENTRY))
    assert list(faulty.read()) == []


def test_an_outcome_that_cannot_be_resolved_is_told_as_unknown(faulty: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is gone: nobody can say."""
    Faulty.fails = "before"

    def gone() -> SQLiteRecorder:
        raise errors.Unavailable("entries", "the disk is gone")

    monkeypatch.setattr(faulty, "_open", gone)
    with pytest.raises(OutcomeUnknown):
        faulty.record(drafts(COVENTRY))


def test_a_store_that_cannot_be_used_writes_nothing(faulty: Ledger) -> None:
    """A full disk is told as such."""
    Faulty.fails = "cannot"
    with pytest.raises(Unavailable, match="entries"):
        faulty.record(drafts(COVENTRY))
    assert list(faulty.read()) == []


def test_a_large_batch_goes_through_the_spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than memory is to hold is spooled, and comes out as it went in."""
    monkeypatch.setattr(batch, "IN_MEMORY", 1_000)
    ledger = on_disk(tmp_path)
    shuffled: Sequence[Draft] = random.Random(7).sample(story("coventry") + story("manchester"), 23)  # noqa: S311 - any order
    ledger.record(shuffled)
    assert [entry.event for entry in ledger.read()] == [draft.event for draft in shuffled]
    ledger.close()
