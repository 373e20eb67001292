"""The record about the record in a ledger: what a decision rests on, who bears whose tags, what a reader is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.catalogue import AnyEvent
from domain.dates import OPEN
from domain.entry import Draft
from domain.values import Override
from ledger import codec
from ledger.application import Ledger
from ledger.audit import records_about, why_link, why_paper
from ledger.deciding import Outcome
from ledger.doctor import examine
from ledger.errors import Refused
from ledger.interchange import jsonl
from ledger.reading import Horizon, Reading, Told
from ledger.store import file
from ledger.store.dcb import DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from tests.books import book, dump, in_memory, on_disk, without_recording
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
formed = link("link-formed", "1944", kind="twinning")
suspended = link("link-suspended", "2022-03-22", "coventry")
resumed = link("link-resumed", "2024-05-01", "coventry")
statement = told("statement-made", by="coventry", on="2022-03", summary="It is paused.", about=[LINK])
moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine", mover="A. Nother")
TODAY = date(2026, 11, 22).toordinal()


class Clerk:
    """Somebody who keeps a ledger, one entry after the other."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.tell(*BODIES, body("cheshire-east"), body("greater-north"))

    def tell(self, *events: story.Told) -> list[Outcome]:
        """Record events together; retract and settle also what others speak of, or what a better source says."""
        insisting = (("entry-retracted", "record/relied-on"), ("dispute-settled", "evidence/weak"))
        return self.ledger.record(
            Draft(
                *story.sourced(event),
                overrides=tuple(
                    Override(rule=rule, reason="I know.") for name, rule in insisting if _type_of(event) == name
                ),
            )
            for event in events
        )

    def entry(self, event: story.Told) -> str:
        """Record one event; its id."""
        (outcome,) = self.tell(event)
        assert not outcome.already
        return outcome.id

    def refused(self, *events: story.Told) -> str:
        """What the rules say of events told together."""
        with pytest.raises(Refused) as refused:
            self.tell(*events)
        return "; ".join(f"{refusal.rule.id}: {refusal.what}" for _, refusal in refused.value.refusals)

    def reading(self, known_by: str = "", recorded_by: int | None = None) -> Reading:
        """The ledger as read today, as far as was known or recorded."""
        known = date.fromisoformat(known_by).toordinal() if known_by else OPEN - 1
        return Reading(self.ledger, Horizon(TODAY, known, recorded_by))

    def read(self, entry_id: str, known_by: str = "", recorded_by: int | None = None) -> Told:
        """One entry as a reader is told it."""
        (entry,) = self.ledger.tagged(f"entry:{entry_id}")
        return self.reading(known_by, recorded_by).as_recorded(entry)

    def tags(self, entry_id: str) -> list[str]:
        """The tags under which an entry is stored."""
        recorded = self.ledger._recorder.read()  # noqa: SLF001 - the application shows entries, not how they are stored
        found = [one.event.tags for one in recorded if f"entry:{entry_id}" in one.event.tags]
        return sorted(found[0])


def _type_of(event: story.Told) -> str:
    return story.sourced(event).event.type


@pytest.fixture
def clerk() -> Clerk:
    """With three bodies of the stories on record, and two that will succeed."""
    return Clerk(in_memory())


@pytest.fixture
def on_paper(tmp_path: Path) -> Iterator[Clerk]:
    """The same, in a file that a doctor can examine."""
    ledger = on_disk(tmp_path)
    yield Clerk(ledger)
    ledger.close()


def on_other(name: str, on: str, **more: object) -> AnyEvent:
    """Something that Glasgow does."""
    return told(name, link=ROSTOV, on=on, by="glasgow", **more)


# What a decision rests on


def test_an_entry_that_was_moved_is_judged_on_every_link_it_touched(clerk: Clerk) -> None:
    """What was recorded on the other link stands in the way of taking it back."""
    entry = clerk.entry(suspended)
    clerk.entry(corrected(entry, on_other("link-suspended", "2022-03-22")))
    clerk.entry(on_other("link-resumed", "2023"))
    assert "glasgow--volgograd: link-resumed on 2023" in clerk.refused(retracted(entry))
    assert "link-resumed" in clerk.refused(corrected(entry, link("link-suspended", "2022-03-22", "coventry", note="x")))
    assert "already recorded" in clerk.refused(on_other("link-suspended", "2022-03-22", wording="paused"))
    clerk.entry(suspended.model_copy(update={"wording": "pause"}))


def test_what_rests_on_a_preferred_account_holds_it(clerk: Clerk) -> None:
    """The settlement cannot be taken back under it, nor the dispute."""
    entry = clerk.entry(suspended)
    dispute = clerk.entry(disputed(entry, on_other("link-suspended", "2022-03-22")))
    settlement = clerk.entry(settled(dispute, "instead"))
    clerk.entry(on_other("link-resumed", "2023"))
    assert "link-resumed" in clerk.refused(retracted(dispute))
    clerk.entry(retracted(settlement))
    assert "link-resumed" in clerk.refused(settled(dispute, "entry", "After all."))


def test_revising_a_link_of_a_successor_knows_that_it_succeeded(clerk: Clerk) -> None:
    """Whatever is recorded about one of its entries, the acts of the successor stay possible."""
    first = clerk.entry(formed)
    clerk.entry(told("body-succeeded", slug="coventry", on="2009-04-01", successors=["cheshire-east"]))
    announced = clerk.entry(link("suspension-announced", "2019-01-01", "volgograd"))
    own = clerk.entry(link("link-suspended", "2020", "cheshire-east"))
    clerk.entry(corroborated(first, "1944-05"))
    clerk.entry(retracted(announced))
    clerk.entry(corrected(own, link("link-suspended", "2021", "cheshire-east")))
    dispute = clerk.entry(disputed(own, None))
    clerk.entry(settled(dispute, "entry"))


def test_taking_back_a_succession_is_felt_by_links_down_the_line(clerk: Clerk) -> None:
    """The act of the last in the line holds every succession above it."""
    clerk.entry(formed)
    first = clerk.entry(told("body-succeeded", slug="coventry", on="2009-04-01", successors=["cheshire-east"]))
    second = clerk.entry(told("body-succeeded", slug="cheshire-east", on="2015", successors=["greater-north"]))
    clerk.entry(link("link-ended", "2020", "greater-north"))
    for succession in (first, second):
        assert "link-ended on 2020" in clerk.refused(retracted(succession))
    later = told("body-succeeded", slug="cheshire-east", on="2021", successors=["greater-north"])
    assert "link-ended on 2020" in clerk.refused(corrected(second, later))


def test_taking_back_a_succession_knows_who_succeeded_the_other_side(clerk: Clerk) -> None:
    """What that one did needs no more than its own succession."""
    clerk.entry(formed)
    first = clerk.entry(told("body-succeeded", slug="coventry", on="2009-04-01", successors=["cheshire-east"]))
    clerk.entry(told("body-succeeded", slug="volgograd", on="2015", successors=["greater-north"]))
    clerk.entry(link("link-ended", "2020", "greater-north"))
    clerk.entry(retracted(first))


def test_what_was_taken_back_and_put_back_can_be_taken_back_again(clerk: Clerk) -> None:
    """Every retraction on the way is known, also of an entry that moves nothing, or names nothing."""
    for event in (statement, formed, told("note-added", text="The register begins in 1944.")):
        entry = clerk.entry(event)
        retraction = clerk.entry(retracted(entry))
        assert "taken back by entry" in clerk.refused(retracted(entry, "Again."))
        clerk.entry(retracted(retraction))
        clerk.entry(retracted(entry, "Again."))


def test_records_are_judged_in_one_batch_with_what_they_are_about(clerk: Clerk) -> None:
    """In whatever order the lines come, the record is written after what it is about."""
    draft = Draft(*story.sourced(suspended), key="k")
    entry = codec.id_of_key("k")
    outcomes = clerk.ledger.record([Draft(*story.sourced(corrected(entry, formed))), draft])
    assert outcomes[1].position < outcomes[0].position
    assert clerk.read(entry).entry.event == formed


# Tags


def test_a_record_bears_the_tags_of_what_it_is_about(on_paper: Clerk) -> None:
    """And of what it puts instead: it is found from each."""
    entry = on_paper.entry(suspended)
    correction = on_paper.entry(corrected(entry, on_other("link-suspended", "2022-03-22")))
    bodies = ["body:coventry", "body:glasgow", "body:volgograd"]
    assert on_paper.tags(correction) == [
        f"about:{entry}", *bodies, f"entry:{correction}", f"link:{LINK}", f"link:{ROSTOV}",
    ]  # fmt: skip


def test_later_records_are_found_from_every_link_concerned(on_paper: Clerk) -> None:
    """A correction that moves the entry on, a corroboration, a note, a dispute, its settlement, what undoes that."""
    entry = on_paper.entry(suspended)
    correction = on_paper.entry(corrected(entry, on_other("link-suspended", "2022-03-22")))
    later = [
        on_paper.entry(corrected(entry, on_other("link-suspended", "2022-03-23"))),
        on_paper.entry(corroborated(entry, "2022-03-23")),
        on_paper.entry(told("note-added", entry=correction, text="The page was taken down.")),
        on_paper.entry(disputed(entry, None)),
    ]
    later.append(on_paper.entry(settled(later[-1], "entry")))
    later.append(on_paper.entry(retracted(later[-1])))
    for record in later:
        assert {f"link:{LINK}", f"link:{ROSTOV}"} <= set(on_paper.tags(record))
    for tag in (f"link:{LINK}", f"link:{ROSTOV}"):
        (original,) = on_paper.reading().originals(tag)
        assert original.id == entry
        assert len(on_paper.reading().as_recorded(original).records) == len(later) + 1
    assert on_paper.reading().acts(f"link:{LINK}") == []
    assert [act.on for act in on_paper.reading().acts(f"link:{ROSTOV}")] == ["2022-03-23"]


def test_tags_are_inherited_inside_a_batch(on_paper: Clerk) -> None:
    """As if the lines had come one by one."""
    draft = Draft(*story.sourced(suspended), key="k")
    entry = codec.id_of_key("k")
    correction = Draft(*story.sourced(corrected(entry, on_other("link-suspended", "2022-03-22"))), key="c")
    retraction = Draft(*story.sourced(retracted(codec.id_of_key("c"))), key="r")
    on_paper.ledger.record([draft, correction, retraction])
    assert {f"link:{LINK}", f"link:{ROSTOV}"} <= set(on_paper.tags(codec.id_of_key("r")))


def test_the_doctor_finds_nothing_wrong_with_inherited_tags(on_paper: Clerk, tmp_path: Path) -> None:
    """What a record bears beside its own tags is borne by what it is about."""
    entry = on_paper.entry(suspended)
    correction = on_paper.entry(corrected(entry, on_other("link-suspended", "2022-03-22")))
    on_paper.entry(told("note-added", about=[LINK], text="A note on the link."))
    on_paper.entry(retracted(correction))
    found = list(examine(tmp_path / "entries.sqlite"))
    assert all(finding.ok for finding in found), found


class Forgetful(SQLiteRecorder):
    """A recorder by which records about an entry lose a tag that they inherit, or win one that nobody bears."""

    lost: tuple[str, ...] = ()
    won: tuple[str, ...] = ()

    def append(self, events: Any, condition: Any = None) -> int:  # noqa: ANN401 - as the recorder takes them
        """Write other tags than those that were asked for."""
        changed = []
        for event in events:
            tags = [*(tag for tag in event.tags if tag not in self.lost), *self.won]
            changed.append(DCBEvent(event.type, event.data, [tags[0], *sorted(tags[1:])]))
        return super().append(changed, condition)


@pytest.mark.parametrize(
    ("lost", "won"), [((f"link:{LINK}",), ()), ((), ("link:coventry--minsk",)), ((), ("colour:red",))]
)
def test_the_doctor_finds_tags_that_are_not_inherited(
    tmp_path: Path, lost: tuple[str, ...], won: tuple[str, ...]
) -> None:
    """One too few: a reader of the link would not find it. One too many: it would be found where it says nothing."""
    on_disk(tmp_path).close()
    recorder = Forgetful(tmp_path / "entries.sqlite")
    ledger = book(lambda: recorder, tmp_path)
    clerk = Clerk(ledger)
    entry = clerk.entry(suspended)
    recorder.lost, recorder.won = lost, won
    clerk.entry(retracted(entry))
    ledger.close()
    wrong = [finding for finding in examine(tmp_path / "entries.sqlite") if not finding.ok]
    assert [(finding.check, finding.found) for finding in wrong] == [("tags", "entries whose tags are not theirs: 7")]


# What a reader is told


def test_an_entry_is_read_as_it_stands(clerk: Clerk) -> None:
    """With the event, the day and the sources that stand; and as it was recorded, beside it."""
    entry = clerk.entry(by_source(link("link-suspended", "2022-02-25?", "coventry"), "third-party", "2022-02-26"))
    announced = link("suspension-announced", "2022-02", "coventry")
    clerk.entry(by_source(corrected(entry, announced, "source"), "press", "2022-03-08"))
    clerk.entry(by_source(corroborated(entry, "2022-02-24"), "council", "2022-03-09"))
    found = clerk.read(entry)
    assert (found.entry.type, telling(found)) == ("suspension-announced/1", "2022-02-24")
    assert [source.grade for source in found.entry.evidence] == ["press", "council"]
    assert found.struck == [7]
    assert (found.raw.type, found.raw.evidence[0].grade) == ("link-suspended/1", "third-party")


def telling(found: Told) -> str:
    """When the entry, as it stands, says that it happened."""
    return str(getattr(found.entry.event, "on", ""))


def test_an_entry_is_read_as_it_was_known(clerk: Clerk) -> None:
    """What was published later does not show, nor count."""
    entry = clerk.entry(by_source(suspended, "council", "2022-04-10"))
    clerk.entry(by_source(corroborated(entry), "third-party", "2022-04-01"))
    clerk.entry(
        by_source(corrected(entry, link("link-suspended", "2022-03-21", "coventry"), "source"), "press", "2022-05-01")
    )
    days = ("2022-04-01", "2022-04-10", "2022-05-01")
    assert [telling(clerk.read(entry, day)) for day in days] == ["2022-03-22", "2022-03-22", "2022-03-21"]
    assert [clerk.read(entry, day).entry.grade for day in days] == ["third-party", "council", "press"]
    assert not clerk.read(entry, "2022-03-31").stands


def test_an_entry_is_read_as_it_was_recorded(clerk: Clerk) -> None:
    """`--recorded-by` shows what the ledger said before it was corrected, whatever was known."""
    entry = clerk.entry(by_source(link("link-suspended", "2022-03-23", "coventry"), "press", "2022-04-04"))
    correction = clerk.entry(corrected(entry, suspended))
    clerk.entry(retracted(correction))
    days = [telling(clerk.read(entry, recorded_by=position)) for position in (6, 7, 8)]
    assert days == ["2022-03-23", "2022-03-22", "2022-03-23"]
    acts = [clerk.reading(recorded_by=position).acts(f"link:{LINK}") for position in (5, 6, 7, 8)]
    assert [[act.on for act in found] for found in acts] == [[], ["2022-03-23"], ["2022-03-22"], ["2022-03-23"]]
    assert telling(clerk.read(entry, "2022-05-01", 7)) == "2022-03-22"


def test_a_corrected_saying_is_read_by_its_own_day(clerk: Clerk) -> None:
    """Another account of something else is dated by its own source; another source brings it nearer."""
    entry = clerk.entry(by_source(suspended, "press", "2022-03-23"))
    other = told("statement-made", by="coventry", on="2022-03-20", summary="It will be paused.", about=[LINK])
    clerk.entry(by_source(disputed(entry, other), "council", "2022-03-24"))
    assert telling(clerk.read(entry)) == "2022-03-20"
    said = clerk.entry(statement)
    clerk.entry(corroborated(said, "2022-03-22"))
    assert telling(clerk.read(said)) == "2022-03-22"


def test_what_was_taken_back_is_told_as_taken_back(clerk: Clerk) -> None:
    """It does not stand; what it said can still be read."""
    entry = clerk.entry(suspended)
    clerk.entry(retracted(entry))
    found = clerk.read(entry)
    assert (found.stands, found.struck, found.raw.event) == (False, [7], suspended)
    assert clerk.reading().tagged(f"link:{LINK}") == []
    assert records_about(found) == {"retracted_by": [7]}


def test_a_record_that_was_taken_back_is_not_said_to_hold(clerk: Clerk) -> None:
    """An entry whose correction was taken back is neither corrected nor taken back itself."""
    entry = clerk.entry(formed)
    clerk.entry(retracted(clerk.entry(corrected(entry, link("link-formed", "1941")))))
    clerk.entry(retracted(clerk.entry(told("note-added", entry=entry, text="x"))))
    dispute = clerk.entry(disputed(entry, None))
    clerk.entry(settled(dispute, "instead"))
    clerk.entry(retracted(dispute))
    found = clerk.read(entry)
    assert (telling(found), found.struck, records_about(found)) == ("1944", [], {})
    assert len(found.records) == 7


def test_a_note_on_a_link_can_be_taken_back(clerk: Clerk) -> None:
    """It is told until then; the entry is found from the link all the same."""
    note = clerk.entry(told("note-added", about=[LINK], text="The page was taken down."))
    assert clerk.read(note).stands
    clerk.entry(retracted(note))
    found = clerk.read(note)
    assert (found.stands, found.struck) == (False, [7])
    assert [entry.id for entry in clerk.reading().originals(f"link:{LINK}")] == [note]


def test_a_denied_entry_stays_to_be_seen_until_the_dispute_is_settled(clerk: Clerk) -> None:
    """Both accounts are told, that of the better source first."""
    entry = clerk.entry(by_source(suspended, "press", "2022-03-23"))
    dispute = clerk.entry(by_source(disputed(entry, None), "council", "2022-03-24"))
    found = clerk.read(entry)
    assert (found.stands, found.entry.event) == (True, suspended)
    assert [source.grade for source in found.entry.evidence] == ["press"]
    (told_of,) = records_about(found)["disputes"]
    assert (told_of["grade"], told_of["instead"], told_of["shown_first"]) == ("council", None, True)
    clerk.entry(settled(dispute, "instead"))
    assert not clerk.read(entry).stands


def test_why_tells_both_accounts_and_who_settled(clerk: Clerk) -> None:
    """The better grade first, then who settled it."""
    entry = clerk.entry(by_source(formed, "council", "2019-05-01"))
    dispute = clerk.entry(by_source(disputed(entry, link("link-formed", "1941")), "press", "2022-03-23"))
    found = why_link(clerk.reading(), f"link:{LINK}", LINK, TODAY)
    assert found is not None
    (told_of,) = found["disputes"]
    assert (found["on"], told_of["instead"]["event"]["on"], told_of["grade"]) == ("1944", "1941", "press")
    clerk.entry(settled(dispute, "instead"))
    found = why_link(clerk.reading(), f"link:{LINK}", LINK, TODAY)
    assert found is not None
    assert (found["on"], found["disputed_by"], found["settled_by"]) == ("1941", [7], [8])


def test_a_hidden_detail_is_told_nowhere(clerk: Clerk) -> None:
    """Not of the entry, not of what disputes or corrects it, not after it was taken back; the rest is kept."""
    entry = clerk.entry(moved)
    other = told("motion-moved", motion=MOTION, on="2022-03-21", title="Ukraine", mover="A. Nother")
    dispute = clerk.entry(by_source(disputed(entry, other), "council"))
    correction = clerk.entry(corrected(entry, moved.model_copy(update={"seconder": "B. Nother"})))
    clerk.entry(redacted(entry, "mover"))
    assert everything(clerk, entry, dispute, correction).count("A. Nother") == 0
    assert "B. Nother" in everything(clerk, correction)
    assert "A. Nother" not in json.dumps(why_paper(clerk.reading(), f"ref:{MOTION}", TODAY))
    assert "A. Nother" not in "".join(line for line in dump(clerk.ledger))
    clerk.entry(retracted(entry))
    assert everything(clerk, entry, dispute, correction).count("A. Nother") == 0
    assert "Ukraine" in everything(clerk, entry)


def everything(clerk: Clerk, *entries: str) -> str:
    """All that a reader can be shown of entries."""
    shown = [clerk.read(entry) for entry in entries]
    return "".join(
        json.dumps(jsonl.line_of(one), ensure_ascii=False) + json.dumps(records_about(found), ensure_ascii=False)
        for found in shown
        for one in (found.entry, found.raw, *found.records)
    )


def test_a_reason_can_be_hidden_in_a_dispute(clerk: Clerk) -> None:
    """In that entry, and not in what it is about."""
    entry = clerk.entry(told("motion-lapsed", motion=MOTION, on="2022-03-22", reason="Time ran out."))
    dispute = clerk.entry(disputed(entry, None, "A. Nother says so."))
    clerk.entry(redacted(dispute, "reason"))
    assert "A. Nother" not in everything(clerk, entry, dispute)
    assert "Time ran out." in everything(clerk, entry)


# Asking twice, and copying


def test_the_same_record_twice_is_on_record_already(clerk: Clerk) -> None:
    """Of every kind of record about an entry."""
    entry = clerk.entry(by_source(suspended, "council", "2022-03-23"))
    dispute = clerk.entry(disputed(entry, None))
    records = [
        corrected(entry, link("link-suspended", "2022-03-21", "coventry")),
        corroborated(entry),
        disputed(entry, None),
        settled(dispute, "entry"),
        told("note-added", entry=entry, text="A note."),
        retracted(entry),
    ]
    before = [clerk.tell(record)[0] for record in records]
    again = clerk.tell(*records)
    assert [outcome.position for outcome in again] == [outcome.position for outcome in before]
    assert all(outcome.already for outcome in again)
    assert len(list(clerk.ledger.read())) == 7 + 5


def test_two_clerks_who_take_back_one_entry_do_so_once(clerk: Clerk) -> None:
    """The same words are the same record; other words find that it was done."""
    entry = clerk.entry(formed)
    first, second = clerk.tell(retracted(entry), retracted(entry))
    assert (first.position, second.position, second.already) == (7, 7, True)
    assert "record/once" in clerk.refused(retracted(entry, "In other words."))


def a_long_story(clerk: Clerk) -> None:
    """Every kind of record, about entries of several kinds."""
    entry = clerk.entry(by_source(link("link-suspended", "2022-02-25?", "coventry"), "third-party", "2022-02-26"))
    clerk.entry(by_source(corrected(entry, suspended, "source"), "council", "2022-03-23"))
    year = clerk.entry(by_source(formed, "council", "2019-05-01"))
    dispute = clerk.entry(by_source(disputed(year, link("link-formed", "1941")), "press", "2022-03-23"))
    clerk.entry(settled(dispute, "instead"))
    clerk.entry(corroborated(year, "1941-06"))
    paper = clerk.entry(moved)
    clerk.entry(redacted(paper, "mover"))
    clerk.entry(retracted(clerk.entry(corrected(entry, on_other("link-suspended", "2022-03-22")))))
    clerk.entry(told("body-succeeded", slug="coventry", on="2023-04-01", successors=["cheshire-east"]))
    clerk.entry(link("link-resumed", "2024", "cheshire-east"))
    clerk.entry(told("note-added", entry=entry, about=[ROSTOV], text="A note."))
    clerk.entry(retracted(clerk.entry(statement)))


def test_an_export_goes_into_an_empty_ledger_as_it_was(clerk: Clerk) -> None:
    """In one batch, or line by line: the views are the same but for the marks of recording."""
    a_long_story(clerk)
    lines = [json.dumps(jsonl.line_of(entry)).encode() for entry in clerk.ledger.read()]
    at_once, one_by_one = in_memory(), in_memory()
    at_once.record([jsonl.read(line) for line in lines])
    for line in lines:
        one_by_one.record([jsonl.read(line)])
    assert dump(one_by_one) == dump(clerk.ledger)
    assert rows(at_once) == rows(clerk.ledger)
    assert [entry.id for entry in one_by_one.read()] == [entry.id for entry in clerk.ledger.read()]


def rows(ledger: Ledger) -> list[dict[str, Any]]:
    """The dump of a ledger but for the marks of recording."""
    return without_recording([json.loads(line) for line in dump(ledger)])


def test_an_imported_copy_is_on_record_already_in_its_own_ledger(clerk: Clerk) -> None:
    """Nothing is written twice."""
    a_long_story(clerk)
    lines = [json.dumps(jsonl.line_of(entry)).encode() for entry in clerk.ledger.read()]
    assert all(outcome.already for outcome in clerk.ledger.record([jsonl.read(line) for line in lines]))


def test_the_doctor_finds_nothing_wrong_with_a_long_story(on_paper: Clerk, tmp_path: Path) -> None:
    """In the ledger itself, and in a copy that was imported at once."""
    a_long_story(on_paper)
    lines = [json.dumps(jsonl.line_of(entry)).encode() for entry in on_paper.ledger.read()]
    copy = tmp_path / "copy"
    copy.mkdir()
    file.create(copy / "entries.sqlite")
    with closing(book(lambda: SQLiteRecorder(copy / "entries.sqlite"), copy)) as ledger:
        ledger.record([jsonl.read(line) for line in lines])
    for path in (tmp_path, copy):
        found = list(examine(path / "entries.sqlite"))
        assert all(finding.ok for finding in found), found
