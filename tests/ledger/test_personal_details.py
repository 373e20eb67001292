"""Personal details: kept apart from the entries, erased by order, and never quietly lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.entry import Draft, Entry
from domain.marks import HIDDEN, commitment_of, mark
from domain.personal import personal_fields
from domain.records import NoteAdded
from domain.samples import EVIDENCE
from domain.statements import RequestReceived, StatementMade
from ledger import codec
from ledger.application import Ledger
from ledger.errors import Refused, UsageError
from ledger.interchange import jsonl
from ledger.reading import Horizon, Reading
from ledger.store.errors import NotALedger, Unavailable
from ledger.store.personal import PersonalStore, Record, committed, details_of, to_hand_over
from ledger.store.sqlite import SQLiteRecorder
from ledger.transparency.finding import Finding
from ledger.transparency.verification import Subject, Verification
from tests.books import book, in_memory, on_disk
from tests.domain.story import body, entry_id, told

NAME, PHONE = "Jane Quillfeather", "01632 960 983"


class Everything:
    """A record that holds every entry, and every order."""

    def holds(self, entry: str) -> bool:
        """It does."""
        return bool(entry)

    def orders(self, entry: str, commitment: str) -> bool:
        """It does."""
        return bool(entry and commitment)


EVERYTHING = Everything()


def said(**more: Any) -> Draft:  # noqa: ANN401 - fields of any kind
    """Somebody says something, in nobody's name but their own."""
    event = told("statement-made", by="coventry", on="2022-03-01", summary="A wish.", **{"speaker": NAME, **more})
    return Draft(event, (EVIDENCE,))


def asked(key: str | None = None) -> Draft:
    """A body is asked by somebody."""
    event = told("request-received", by="coventry", on="2022-03-01", from_=NAME, summary="To end it.")
    return Draft(event, (EVIDENCE,), key=key)


def redacted(entry: str, field: str) -> Draft:
    """A detail is ordered to be erased."""
    power = {"power": "delegated", "office": "Data protection officer"}
    return Draft(told("detail-redacted", entry=entry, field=field, basis="UK GDPR, article 17", authority=power), ())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger in a folder, with a body to say something about."""
    with closing(on_disk(tmp_path)) as ledger:
        ledger.record(
            [Draft(told("body-registered", slug="coventry", name="C", kind="council", country="GB"), (EVIDENCE,))]
        )
        yield ledger


def recorded(ledger: Ledger, draft: Draft) -> Entry:
    """Record one entry, and read it back."""
    (outcome,) = ledger.record([draft])
    (entry,) = ledger.tagged(f"entry:{outcome.id}")
    return entry


def bytes_of(folder: Path) -> bytes:
    """Every byte of every file below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def subject_in(folder: Path) -> Subject:
    """What is verified."""
    return Subject(folder, "test", "", folder / "entries.sqlite", folder / "personal.sqlite")


def findings(folder: Path) -> list[Finding]:
    """What a verification finds of the details."""
    return [one for one in Verification(subject_in(folder)).findings() if one.kind.startswith("DETACHED")]


def kinds(folder: Path) -> list[tuple[str, int | None]]:
    """The same, in short."""
    return [(one.kind, one.entry) for one in findings(folder)]


def test_which_fields_tell_of_people() -> None:
    """Who asks, who speaks, and what is marked as personal; the schema says so."""
    assert personal_fields(RequestReceived) == {"from_": "from", "personal_note": "personal_note"}
    assert personal_fields(StatementMade) == {"speaker": "speaker", "personal_note": "personal_note"}
    assert personal_fields(NoteAdded) == {"personal_note": "personal_note"}
    assert RequestReceived.model_json_schema()["properties"]["from"]["personal"] is True


def test_who_speaks_for_an_office_does_so_in_public(town: Ledger, tmp_path: Path) -> None:
    """With an office, the speaker stands in the entry; without, apart from it."""
    assert recorded(town, said(office="Leader")).detached == ()
    assert NAME.encode() in (tmp_path / "entries.sqlite").read_bytes()
    ((field, commitment),) = recorded(town, said()).detached
    assert (field, len(commitment)) == ("speaker", 64)


def test_the_entry_holds_a_mark_and_the_reader_sees_the_detail(town: Ledger, tmp_path: Path) -> None:
    """The value is in the one file that can forget, and nowhere else."""
    entry = recorded(town, said(personal_note=PHONE))
    assert isinstance(entry.event, StatementMade)
    assert (entry.event.speaker, entry.event.personal_note) == (NAME, PHONE)
    for value in (NAME, PHONE):
        assert value.encode() not in (tmp_path / "entries.sqlite").read_bytes()
        assert value.encode() in (tmp_path / "personal.sqlite").read_bytes()
    raw = json.loads(next(iter(town.stored(entry.position - 1))).data)
    assert [commitment_of(raw["event"][field]) for field in ("speaker", "personal_note")] == raw["detached"]
    assert (tmp_path / "personal.sqlite").stat().st_mode & 0o077 == 0


def test_without_the_file_of_details_only_marks_are_seen(town: Ledger, tmp_path: Path) -> None:
    """As in a bundle, or for the read models."""
    entry = recorded(town, said())
    (tmp_path / "personal.sqlite").unlink()
    (again,) = town.tagged(f"entry:{entry.id}")
    assert isinstance(again.event, StatementMade)
    assert again.event.speaker == mark(dict(entry.detached)["speaker"])
    assert kinds(tmp_path) == [("DETACHED-MISSING", entry.position)]


def test_asking_twice_records_once(town: Ledger) -> None:
    """Though the id is random: what could be tried out is not in it."""
    first, second = town.record([said()]), town.record([said()])
    assert [(one.id, one.already) for one in second] == [(first[0].id, True)]
    assert town.record([said(speaker="Somebody else")])[0].position == first[0].position + 1
    keyed = [town.record([asked("k")])[0] for _ in range(2)]
    assert [one.already for one in keyed] == [False, True]


def test_the_id_does_not_betray_the_detail(tmp_path: Path) -> None:
    """Two ledgers that record the same give it different ids, of version 7."""
    ids = set()
    for number, name in enumerate("ab"):
        (tmp_path / name).mkdir()
        with closing(on_disk(tmp_path / name)) as ledger:
            drafts = [
                told("body-registered", slug=slug, name=slug, kind="city", country="GB") for slug in ("coventry", "b")
            ]
            ledger.record([Draft(one, (EVIDENCE,)) for one in drafts[: number + 1]])
            ids.add(recorded(ledger, said()).id)
    assert len(ids) == 2
    assert {id_[14] for id_ in ids} == {"7"}


@pytest.mark.parametrize("field", ["speaker", "personal_note"])
def test_what_is_redacted_is_erased(town: Ledger, tmp_path: Path, field: str) -> None:
    """No byte of it is in any file, everything verifies, and the gap is told with the entry that ordered it."""
    entry = recorded(town, said(personal_note=PHONE))
    value, other = (NAME, PHONE) if field == "speaker" else (PHONE, NAME)
    assert kinds(tmp_path) == []
    town.record([redacted(entry.id, field)])
    assert value.encode() not in bytes_of(tmp_path)
    assert other.encode() in bytes_of(tmp_path)
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]
    shown = Reading(town, Horizon(800_000)).told(entry)
    assert shown
    assert getattr(shown.entry.event, field) is None


def test_a_detail_that_cannot_be_left_out_is_told_to_be_hidden(town: Ledger, tmp_path: Path) -> None:
    """Who asked can be erased, though every request has somebody who asks."""
    entry = recorded(town, asked())
    town.record([redacted(entry.id, "from")])
    shown = Reading(town, Horizon(800_000)).told(entry)
    assert shown
    assert isinstance(shown.entry.event, RequestReceived)
    assert shown.entry.event.from_ == HIDDEN
    assert NAME.encode() not in bytes_of(tmp_path)


def test_every_account_of_an_entry_is_erased(town: Ledger, tmp_path: Path) -> None:
    """Also what a correction puts in its place."""
    entry = recorded(town, asked())
    instead = {
        "type": "request-received",
        "event": {"by": "coventry", "on": "2022-03-02", "from": PHONE, "summary": "x"},
    }
    correction = told("entry-corrected", entry=entry.id, cause="slip", instead=instead, reason="A slip.")
    fixed = recorded(town, Draft(correction, ()))
    assert [field for field, _ in fixed.detached] == ["from"]
    assert PHONE.encode() not in (tmp_path / "entries.sqlite").read_bytes()
    town.record([redacted(entry.id, "from")])
    assert not {NAME, PHONE} & {one.value for one in details_of(tmp_path / "personal.sqlite")}
    assert NAME.encode() not in bytes_of(tmp_path)
    assert PHONE.encode() not in bytes_of(tmp_path)
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position), ("DETACHED-ERASED", fixed.position)]


def test_what_was_recorded_in_the_old_shape_is_hidden_alone(town: Ledger, tmp_path: Path) -> None:
    """Its bytes cannot be taken out of an entry that holds them."""
    old = json.loads((Path(__file__).parent / "golden/request-received-1.json").read_bytes())
    old |= {"event": {"by": "coventry", "on": "2022", "from": NAME, "summary": "x"}}
    with closing(SQLiteRecorder(tmp_path / "entries.sqlite")) as recorder:
        stored = next(iter(recorder.read()))
        event = stored.event.__class__(
            "request-received/1", json.dumps(old).encode(), [f"entry:{old['id']}", "body:coventry"]
        )
        recorder.append([event])
    town.record([redacted(old["id"], "from")])
    (entry,) = town.tagged(f"entry:{old['id']}")
    shown = Reading(town, Horizon(800_000)).told(entry)
    assert shown
    assert isinstance(shown.entry.event, RequestReceived)
    assert shown.entry.event.from_ == HIDDEN
    assert NAME.encode() in (tmp_path / "entries.sqlite").read_bytes()


def test_a_mark_cannot_be_typed(town: Ledger) -> None:
    """Or somebody could call up another entry's detail by its commitment."""
    with pytest.raises(UsageError, match="only a mark"):
        town.record([said(speaker=mark("0" * 64))])


def test_an_erased_detail_stays_a_gap_in_a_copy(town: Ledger, tmp_path: Path) -> None:
    """What is exported after an erasure goes into another ledger as a gap, and what was not erased as it was."""
    entry, other = recorded(town, said(personal_note=PHONE)), recorded(town, asked())
    town.record([redacted(entry.id, "speaker")])
    lines = [json.dumps(jsonl.line_of(one)).encode() for one in town.read()]
    (tmp_path / "copy").mkdir()
    with closing(on_disk(tmp_path / "copy")) as copy:
        copy.record([jsonl.read(line) for line in lines])
        assert [one.id for one in copy.read()] == [one.id for one in town.read()]
        (again,) = copy.tagged(f"entry:{other.id}")
        assert again.event == other.event
    assert NAME.encode() not in (tmp_path / "copy/entries.sqlite").read_bytes()
    assert kinds(tmp_path / "copy") == [("DETACHED-ERASED", entry.position)]


def test_what_was_erased_is_not_asked_for_again(town: Ledger) -> None:
    """An old export names the entry by its id: its line is refused, and nobody is told to give it another key."""
    entry = recorded(town, said())
    line = json.dumps(jsonl.line_of(entry)).encode()
    town.record([redacted(entry.id, "speaker")])
    with pytest.raises(Refused) as refused:
        town.record([jsonl.read(line)])
    ((_, refusal),) = refused.value.refusals
    assert "its speaker was erased by order" in refusal.what
    assert refusal.mend.startswith("leave it out")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("before", [True, False])
def test_killed_amid_recording_no_detail_is_left_behind_or_lost(tmp_path: Path, *, before: bool) -> None:
    """Killed before the entry: the next write removes the detail. Killed after it: the detail is there."""

    class Deadly(SQLiteRecorder):
        armed = False

        def append(self, events: Any, condition: Any = None) -> int:  # noqa: ANN401 - as it is
            if self.armed and before:
                raise Killed
            position = super().append(events, condition)
            if self.armed:
                raise Killed
            return position

    on_disk(tmp_path).close()
    recorder = Deadly(tmp_path / "entries.sqlite")
    with closing(book(lambda: recorder, tmp_path)) as ledger:
        body = told("body-registered", slug="coventry", name="C", kind="council", country="GB")
        ledger.record([Draft(body, (EVIDENCE,))])
        recorder.armed = True
        with undying(), suppress(Killed):
            ledger.record([said()])
    strays = details_of(tmp_path / "personal.sqlite")
    assert [one.value for one in strays] == [NAME]
    if before:
        assert kinds(tmp_path) == [("DETACHED-STRAY", None)]
    with closing(on_disk(tmp_path)) as ledger:
        ledger.record([Draft(told("note-added", text="Later."), ())])
    assert [one.value for one in details_of(tmp_path / "personal.sqlite")] == ([] if before else [NAME])
    assert kinds(tmp_path) == []


@contextmanager
def undying() -> Iterator[None]:
    """What was announced is not settled: as if the process had been killed before it could be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PersonalStore, "_settle", lambda *_: None)
        yield


def test_a_correction_carries_the_gap_on(town: Ledger, tmp_path: Path) -> None:
    """What was erased is neither kept anew in its place nor told again; once the order is taken back it may be."""
    entry = recorded(town, said())
    order = recorded(town, redacted(entry.id, "speaker"))

    def corrected(**more: Any) -> Draft:  # noqa: ANN401 - fields of any kind
        event = said(**more).event.model_copy(update={"summary": "Another wish."})
        instead = {"type": event.type, "event": event.particulars()}
        return Draft(told("entry-corrected", entry=entry.id, cause="slip", instead=instead, reason="A slip."), ())

    recorded(town, corrected(speaker=HIDDEN))
    assert details_of(tmp_path / "personal.sqlite") == []
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]
    assert town.in_clear(entry.id, "speaker") == []
    with pytest.raises(Refused) as refused:
        town.record([corrected()])
    assert [one.rule.id for _, one in refused.value.refusals] == ["redaction/told-again"]
    town.record([Draft(told("entry-retracted", entry=order.id, reason="It was no order."), ())])
    town.record([corrected()])
    assert [one.value for one in details_of(tmp_path / "personal.sqlite")] == [NAME]
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]


def test_what_is_told_and_ordered_erased_in_one_batch_is_erased(town: Ledger, tmp_path: Path) -> None:
    """As when an export is imported with the orders that came later; what is told behind an order stays."""
    first = Draft(said().event, (EVIDENCE,), id=str(UUID(int=1)))
    other = Draft(said(speaker="N. E. Body").event, (EVIDENCE,), id=str(UUID(int=2)))
    town.record([first, redacted(str(UUID(int=1)), "speaker"), other])
    assert [one.value for one in details_of(tmp_path / "personal.sqlite")] == ["N. E. Body"]
    assert [kind for kind, _ in kinds(tmp_path)] == ["DETACHED-ERASED"]


def test_no_erased_value_stays_in_a_page(tmp_path: Path) -> None:
    """SQLite overwrites what it deletes, but not what it moved before: the file is written anew."""
    path, chance = tmp_path / "personal.sqlite", Random(1)  # noqa: S311 - the same each time
    store = PersonalStore(path, nullcontext)
    values = [f"Person{number:03d}Q {'x' * chance.randrange(200)}" for number in range(400)]
    details = [committed(value, f"entry-{number}", f"{number:064x}") for number, value in enumerate(values)]
    chance.shuffle(details)
    for start in range(0, 400, 40):
        with store.recording(details[start : start + 40], (), EVERYTHING):
            pass
    chance.shuffle(details)
    for number, one in enumerate(details[:200]):
        if number % 5 == 0:
            with store.recording((), [(f"o-{one.entry}", one.commitment) for one in details[number : number + 5]],
                                 EVERYTHING):  # fmt: skip
                pass
    whole = path.read_bytes()
    assert [one.value for one in details[:200] if one.value[:10].encode() in whole] == []
    assert sorted(details_of(path)) == sorted(details[200:])


def test_what_is_left_of_an_entry_tells_nothing_of_what_was_erased(town: Ledger, tmp_path: Path) -> None:
    """A digest over all that was said would: whoever has a list of names could try them out."""
    draft = said(personal_note=PHONE)
    entry = recorded(town, draft)
    assert {one.digest for one in details_of(tmp_path / "personal.sqlite")} == {codec.digest(draft)}
    town.record([redacted(entry.id, "speaker")])
    (left,) = details_of(tmp_path / "personal.sqlite")
    assert (left.value, left.is_whole()) == (PHONE, True)
    assert codec.digest(draft).encode() not in bytes_of(tmp_path)
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]


def test_what_cannot_be_erased_now_is_recorded_all_the_same(town: Ledger, tmp_path: Path) -> None:
    """The disk is full behind the commit: it is told, and the next write erases."""
    entry = recorded(town, said())
    true, calls = PersonalStore._settle, count()  # noqa: SLF001 - the place where it happens

    def full(store: PersonalStore, record: Record) -> None:
        if next(calls):
            raise Unavailable("personal.sqlite", "the disk is full")
        true(store, record)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PersonalStore, "_settle", full)
        town.record([redacted(entry.id, "speaker")])
    assert str(town.unsettled) == "personal.sqlite: the disk is full"
    assert kinds(tmp_path) == [("DETACHED-KEPT", entry.position)]
    town.record([Draft(told("note-added", text="Later."), ())])
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]
    assert town.unsettled is None


def test_what_sqlite_undid_itself_is_not_undone_again(town: Ledger, tmp_path: Path) -> None:
    """As it does where the disk is full: the fault is told, and not what came of it."""

    def full(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("ROLLBACK")
        connection.execute("no SQL")

    entry = recorded(town, said())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.store.personal._forget_digests", full)
        with pytest.raises(sqlite3.OperationalError, match="syntax"):
            town.record([redacted(entry.id, "speaker")])
    assert kinds(tmp_path) == [("DETACHED-KEPT", entry.position)]


DYING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("UPDATE details SET value = hex(zeroblob(100000))")
os._exit(9)
"""


def test_whoever_reads_undoes_what_a_dead_writer_left(town: Ledger, tmp_path: Path) -> None:
    """Also one who only reads: nobody has to write first."""
    entry = recorded(town, said())
    path = tmp_path / "personal.sqlite"
    assert subprocess.run([sys.executable, "-c", DYING, path], check=False).returncode == 9
    assert (tmp_path / "personal.sqlite-journal").exists()
    ((_, commitment),) = entry.detached
    assert PersonalStore(path, nullcontext).value(commitment, lambda *_: False) == NAME


@pytest.mark.parametrize("name", ["personal.sqlite", "personal.sqlite-journal", "entries.sqlite-journal"])
def test_nobody_waits_for_a_pipe(town: Ledger, tmp_path: Path, name: str) -> None:
    """In the place of a file of the ledger, or of what SQLite lays beside it."""
    recorded(town, said())
    town.close()
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(NotALedger, match=r"no file|not a file"), closing(on_disk(tmp_path)) as again:
        list(again.read())
    assert {one.kind for one in Verification(subject_in(tmp_path)).findings()} >= {
        "PAGES-DAMAGED" if name.startswith("entries") else "DETACHED-ALTERED"
    }


def test_killed_while_the_file_is_made_it_is_made_again(town: Ledger, tmp_path: Path) -> None:
    """A half of it bears another name, and gives way."""
    (tmp_path / "personal.sqlite~").write_bytes(b"half")
    (tmp_path / "personal.sqlite~-journal").write_bytes(b"half")
    entry = recorded(town, said())
    assert kinds(tmp_path) == []
    assert entry.detached
    assert sorted(path.name for path in tmp_path.iterdir()) == ["entries.sqlite", "personal.sqlite"]


def test_what_came_back_is_to_be_ordered_again(town: Ledger, tmp_path: Path) -> None:
    """An older copy of the details in the place of theirs: no write erases what is not announced."""
    entry = recorded(town, said())
    path = tmp_path / "personal.sqlite"
    older = path.read_bytes()
    town.record([redacted(entry.id, "speaker")])
    path.write_bytes(older)
    (found,) = findings(tmp_path)
    assert (found.kind, found.found.rpartition("; ")[2]) == ("DETACHED-KEPT", "order it again, on another basis")
    again = redacted(entry.id, "speaker").event.model_copy(update={"basis": "It came back with an old copy."})
    town.record([Draft(again, ())])
    assert details_of(path) == []


def test_killed_before_erasing_the_next_write_erases(town: Ledger, tmp_path: Path) -> None:
    """The order is on record; until then verify says that the detail is still there."""
    entry = recorded(town, said())
    with undying():
        town.record([redacted(entry.id, "speaker")])
    assert kinds(tmp_path) == [("DETACHED-KEPT", entry.position)]
    town.record([Draft(told("note-added", text="Later."), ())])
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]
    assert NAME.encode() not in bytes_of(tmp_path)


def test_what_is_ordered_to_be_erased_is_shown_no_more(town: Ledger, tmp_path: Path) -> None:
    """Even where the process was killed before it was erased; whoever writes next, be it the same again, erases it."""
    entry = recorded(town, said())
    with undying():
        town.record([redacted(entry.id, "speaker")])
    assert NAME.encode() in bytes_of(tmp_path)
    (seen,) = (one for one in town.read() if one.position == entry.position)
    assert NAME not in str(seen.event)
    assert to_hand_over(tmp_path / "personal.sqlite", town.orders) == []
    town.settle()
    assert NAME.encode() not in bytes_of(tmp_path)
    assert town.record([redacted(entry.id, "speaker")])[0].already
    assert kinds(tmp_path) == [("DETACHED-ERASED", entry.position)]


def test_an_announcement_by_somebody_else_removes_nothing(town: Ledger, tmp_path: Path) -> None:
    """A detail that an entry commits to stays, whatever is announced of an entry that is not on record; it is found."""
    entry = recorded(town, said())
    with closing(sqlite3.connect(tmp_path / "personal.sqlite")) as connection:
        connection.execute("INSERT INTO announced SELECT 'nobody', commitment, 0 FROM details")
        connection.commit()
    assert kinds(tmp_path) == [("DETACHED-ALTERED", entry.position)]
    town.record([Draft(told("note-added", text="Later."), ())])
    assert [one.value for one in details_of(tmp_path / "personal.sqlite")] == [NAME]
    assert kinds(tmp_path) == []


def test_an_erasure_is_announced_by_an_order_alone(town: Ledger, tmp_path: Path) -> None:
    """Not in the name of an entry that is on record and orders something else, or nothing."""
    entry, other = recorded(town, said()), recorded(town, said(speaker="Another"))
    town.record([redacted(other.id, "speaker")])
    for name in (entry.id, [one.id for one in town.of_type("detail-redacted")][-1]):
        with closing(sqlite3.connect(tmp_path / "personal.sqlite")) as connection:
            connection.execute("INSERT INTO announced SELECT ?, commitment, 1 FROM details", (name,))
            connection.commit()
        assert ("DETACHED-STRAY", entry.position) in kinds(tmp_path)
        town.record([Draft(told("note-added", text=f"Later than {name}."), ())])
        assert [one.value for one in details_of(tmp_path / "personal.sqlite")] == [NAME]
        assert kinds(tmp_path) == [("DETACHED-ERASED", other.position)]


def test_a_detail_under_another_entry_is_found(town: Ledger, tmp_path: Path) -> None:
    """Whatever it was made to agree with."""
    entry = recorded(town, said())
    path = tmp_path / "personal.sqlite"
    (detail,) = details_of(path)
    told_of_all = f"{detail.commitment}\n{detail.salt.hex()}\nanother\n{detail.digest}\n{detail.value}"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE details SET entry = 'another', sum = ?", (sha256(told_of_all.encode()).hexdigest(),))
        connection.commit()
    assert details_of(path)[0].is_whole()
    assert kinds(tmp_path) == [("DETACHED-ALTERED", entry.position)]


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE details SET value = 'Another'", "DETACHED-ALTERED"),
        ("UPDATE details SET salt = zeroblob(32)", "DETACHED-ALTERED"),
        ("DELETE FROM details", "DETACHED-MISSING"),
        ("INSERT INTO announced SELECT 'nobody', commitment, 1 FROM details", "DETACHED-STRAY"),
    ],
)
def test_what_is_done_to_a_detail_without_an_order_is_found(
    town: Ledger, tmp_path: Path, damage: str, kind: str
) -> None:
    """Changed, gone or hidden: with the entry that holds it."""
    entry = recorded(town, said())
    with closing(sqlite3.connect(tmp_path / "personal.sqlite")) as connection:
        connection.execute(damage)
        connection.commit()
    assert kinds(tmp_path) == [(kind, entry.position)]


def test_another_program_s_file_is_not_touched(tmp_path: Path) -> None:
    """Nor taken for an empty one."""
    path = tmp_path / "personal.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    store = PersonalStore(path, nullcontext)
    with pytest.raises(Exception, match="another program's file"), store.recording([], [], EVERYTHING):
        pass
    assert path.read_bytes() == before


def test_an_announcement_that_no_entry_follows_hides_nothing(town: Ledger, tmp_path: Path) -> None:
    """A row planted in the file, in the name of no entry or of another one: details are shown and handed over."""
    entry = recorded(town, said())
    other = recorded(town, said(note="Another wish."))
    (_, kept) = entry.detached[0]
    for stranger in (entry_id(9), other.id, entry.id):
        with closing(sqlite3.connect(tmp_path / "personal.sqlite")) as planted, planted:
            planted.execute("INSERT OR REPLACE INTO announced VALUES (?, ?, 1)", (stranger, kept))
        (seen,) = (one for one in town.read() if one.position == entry.position)
        assert NAME in str(seen.event)
        assert kept in [one.commitment for one in to_hand_over(tmp_path / "personal.sqlite", town.orders)]
    # The control: an order on record hides it, and it is handed over no more.
    with undying():
        town.record([redacted(entry.id, "speaker")])
    (seen,) = (one for one in town.read() if one.position == entry.position)
    assert NAME not in str(seen.event)
    assert kept not in [one.commitment for one in to_hand_over(tmp_path / "personal.sqlite", town.orders)]


def test_two_salts_give_two_commitments() -> None:
    """The same detail twice cannot be seen to be the same."""
    assert committed(NAME, entry_id(1), "d").commitment != committed(NAME, entry_id(1), "d").commitment


def test_a_ledger_without_a_place_for_details_refuses_them() -> None:
    """As one on a store that cannot erase would."""
    ledger = in_memory()
    ledger._personal = None  # noqa: SLF001 - such a store is not there yet
    ledger.record(
        [Draft(told("body-registered", slug="coventry", name="C", kind="council", country="GB"), (EVIDENCE,))]
    )
    with pytest.raises(UsageError, match="cannot be kept here"):
        ledger.record([said()])


def test_a_file_of_equal_lines_gives_the_same_entries_whatever_is_on_record() -> None:
    """A, A and B, where details are kept apart: two entries, recorded together or one after the other."""
    lines = [said(), said(), said(note="Another wish.")]
    together, before = in_memory(), in_memory()
    for ledger in (together, before):
        ledger.record([Draft(body("coventry"), (EVIDENCE,))])
    before.record(lines[:1])
    for ledger in (together, before):
        outcomes = ledger.record(lines)
        assert [outcome.position for outcome in outcomes] == [2, 2, 3]
        assert len(list(ledger.read())) == 3
        assert all(outcome.already for outcome in ledger.record(lines))


def test_one_act_under_two_keys_is_one_entry_also_within_a_batch() -> None:
    """As it is where the first of them is on record."""
    formed = told("link-formed", link="coventry--volgograd", on="1944")
    lines = [Draft(formed, (EVIDENCE,), key=key) for key in ("first", "second")]
    together, before = in_memory(), in_memory()
    for ledger in (together, before):
        ledger.record([Draft(body(slug), (EVIDENCE,)) for slug in ("coventry", "volgograd")])
    before.record(lines[:1])
    for ledger in (together, before):
        outcomes = ledger.record(lines)
        assert [(outcome.position, outcome.id) for outcome in outcomes] == [(3, outcomes[0].id)] * 2
