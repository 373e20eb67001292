"""Entries as bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import EVENTS
from domain.entry import Draft, UnknownEvent
from domain.links import LinkSuspended
from domain.samples import EVIDENCE, PARTICULARS, sample
from domain.values import Override
from ledger import codec
from ledger.errors import Damage, UsageError
from ledger.store.personal import commitment

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 22, 4, 20, 50, 123456, tzinfo=UTC)
SALT = "00112233445566778899aabbccddeeff"
DETAILS = {commitment(bytes(32), "Association of Ukrainians in Great Britain"): PARTICULARS["request-received"]["from"]}
"""What the samples tell of people, by commitment, under a salt of zeros."""


def id_of(draft: Draft) -> str:
    """The id under which a draft is recorded."""
    return codec.entry_id(draft, codec.digest(draft))


def encoded(draft: Draft) -> bytes:
    """The bytes of a draft, recorded at a fixed moment, what it tells of people under a salt of zeros."""
    apart = {field: commitment(bytes(32), value) for field, value in codec.personal(draft.event).items()}
    id_ = id_of(draft)
    return codec.encode(draft, id_=id_, salt=SALT, recorded_at=AT, recorded_by="clerk-7", commitments=apart).data


NAMES_ON_DISK = [name.replace("/", "-") for name in codec.names_on_disk(EVENTS)]


@pytest.mark.parametrize("file", NAMES_ON_DISK)
def test_golden_bytes_are_read_and_written_exactly(file: str) -> None:
    """What a release wrote is read by every later one, and written back byte for byte while its shape is the newest."""
    golden = (GOLDEN / f"{file}.json").read_bytes()
    name, _, version = file.rpartition("-")
    entry = codec.decode(7, f"{name}/{version}", golden, DETAILS.get)
    assert (entry.position, entry.type, entry.recorded_at, entry.salt) == (7, f"{name}/{version}", AT, SALT)
    assert entry.event == sample(name)
    if entry.type == EVENTS[name].name_on_disk():
        assert codec.written(entry, dict(entry.detached)) == golden
        assert codec.written(codec.decode(7, entry.type, golden)) == golden


def test_every_golden_file_is_of_an_event() -> None:
    """The catalogue and the folder of golden bytes are the same list."""
    assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES_ON_DISK)
    assert set(PARTICULARS) == set(EVENTS)


def test_the_keys_stand_in_a_fixed_order() -> None:
    """Subject first, note last; the marks of recording before the event."""
    draft = Draft(
        sample("link-suspended"), (EVIDENCE,), (Override(rule="link/transition", reason="So it is."),), key="k"
    )
    stored = json.loads(encoded(draft))
    assert list(stored) == ["id", "key", "salt", "recorded_at", "recorded_by", "evidence", "overrides", "event"]
    assert list(stored["event"]) == ["link", "on", "by", "authority", "wording", "condition"]


def test_tags_name_everything_the_entry_names() -> None:
    """The id first, then bodies, links, papers and sources."""
    draft = Draft(sample("letter-sent"), (EVIDENCE,))
    assert codec.tags_of("an-id", draft.event, draft.evidence) == [
        "entry:an-id", "body:coventry", "body:volgograd", "link:coventry--volgograd",
        "ref:coventry/2022-03-22/ukraine", "ref:coventry/2022/volgograd", "source:minutes-0322",
    ]  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_no_tag_holds_a_line_feed(name: str) -> None:
    """Tags are stored line by line."""
    assert all(tag and "\n" not in tag for tag in sample(name).tags)


def test_the_id_is_made_of_the_key_or_of_the_content() -> None:
    """The same content has the same id, another has another, and a key decides alone."""
    plain = Draft(sample("link-formed"), (EVIDENCE,))
    assert id_of(plain) == id_of(Draft(sample("link-formed"), (EVIDENCE,)))
    assert id_of(plain) != id_of(Draft(sample("link-ended"), (EVIDENCE,)))
    keyed = Draft(sample("link-formed"), (EVIDENCE,), key="k")
    assert id_of(keyed) == codec.id_of_key("k") != id_of(plain)
    assert id_of(Draft(sample("link-formed"), (EVIDENCE,), id="x")) == "x"


def test_an_unknown_type_is_kept_as_it_is() -> None:
    """An entry of a newer release is read, shown and written back raw."""
    golden = (GOLDEN / "link-suspended-1.json").read_bytes()
    for name in ("link-suspended/2", "pact-sworn/1"):
        entry = codec.decode(1, name, golden)
        assert isinstance(entry.event, UnknownEvent)
        assert codec.written(entry) == golden


UNKNOWN = "\U00018d09\U0001e4d0"
"""Letters of a later Unicode than some Python's tables."""

NO_LONGER_TAKEN: dict[str, tuple[str, str, Any]] = {
    "letters of a later Unicode": ("note-added-2", "text", UNKNOWN),
    "nothing visible": ("note-added-2", "text", "\u200b"),
    "a control character": ("note-added-2", "text", "a\x1b[31mb"),
    "more than a text may hold": ("note-added-2", "text", "x" * 20_001),
    "two lines for one": ("link-suspended-1", "wording", "put on\nice"),
    "a country": ("body-registered-1", "country", "Britain"),
    "a kind of body": ("body-registered-1", "kind", "City Council"),
    "a scheme": ("body-registered-1", "identifiers", {"GSS": "E08000026"}),
    "a key": ("key-introduced-1", "vkey", "\u180e+0"),
    "a motion that says nothing": ("motion-moved-1", "summary", None),
    "an event put instead": ("entry-corrected-1", "instead", {"wording": UNKNOWN, "condition": ""}),
}
"""By what is special about it: a golden file, and a value that a rule on new entries refuses, or once refused."""


@pytest.mark.parametrize("case", NO_LONGER_TAKEN)
def test_an_entry_on_record_is_read_whatever_is_taken_today(case: str) -> None:
    """The rules on text are for new entries: one on record is read, and written back byte for byte."""
    file, field, value = NO_LONGER_TAKEN[case]
    name, _, version = file.rpartition("-")
    stored = json.loads((GOLDEN / f"{file}.json").read_bytes())
    told = stored["event"]
    told[field] = {**told[field], "event": {**told[field]["event"], **value}} if field == "instead" else value
    stored["event"] = {one: given for one, given in told.items() if given is not None and one != "title"}
    data = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()
    entry = codec.decode(1, f"{name}/{version}", data)
    assert codec.written(entry) == data
    assert codec.particulars(entry.event) == stored["event"]


def test_the_evidence_of_an_entry_on_record_is_read_too() -> None:
    """Its title, its digest, and the reason of an override."""
    stored = json.loads((GOLDEN / "link-suspended-1.json").read_bytes())
    stored["evidence"] = [{"title": UNKNOWN, "grade": "press", "sha256": "md5:0", "quote": "\x07"}]
    stored["overrides"] = [{"rule": "Link transition", "reason": "\u00a0"}]
    data = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()
    assert codec.written(codec.decode(1, "link-suspended/1", data)) == data


@pytest.mark.parametrize(
    ("event", "field", "value"),
    [
        ("link-suspended", "on", "22 March"),
        ("link-suspended", "link", "coventry"),
        ("link-suspended", "wording", 7),
        ("link-suspended", "kind", "marriage"),
        ("entry-corrected", "instead", {"type": "pact-sworn", "event": {}}),
    ],
)
def test_what_the_ledger_computes_with_keeps_its_form(event: str, field: str, value: object) -> None:
    """Names, dates, closed lists and types of an entry on record are still checked: other bytes are damage."""
    stored = json.loads((GOLDEN / f"{event}-1.json").read_bytes())
    stored["event"][field] = value
    with pytest.raises(Damage, match="entry 1 cannot be read"):
        codec.decode(1, f"{event}/1", json.dumps(stored).encode())


def test_an_old_shape_is_read_through_its_upcaster(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shape that has grown old is rewritten, step by step, as the newest."""

    def from_old(particulars: dict[str, Any]) -> dict[str, Any]:
        return {("wording" if field == "words" else field): value for field, value in particulars.items()}

    monkeypatch.setattr(LinkSuspended, "version", 2)
    monkeypatch.setitem(codec.UPCASTERS, "link-suspended/1", from_old)
    stored = json.loads((GOLDEN / "link-suspended-1.json").read_bytes())
    stored["event"]["words"] = stored["event"].pop("wording")
    assert codec.decode(1, "link-suspended/1", json.dumps(stored).encode()).event == sample("link-suspended")
    assert codec.names_on_disk(("link-suspended",)) == ["link-suspended/1", "link-suspended/2"]


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_damaged_bytes_are_damage_or_still_an_entry(place: int, byte: int) -> None:
    """Whatever byte is changed, the answer is an entry or Damage, never another error."""
    golden = bytearray((GOLDEN / "motion-carried-1.json").read_bytes())
    golden[place % len(golden)] = byte
    try:
        codec.decode(1, "motion-carried/1", bytes(golden))
    except Damage as damage:
        assert "entry 1" in damage.what  # noqa: PT017 - either is right


def test_an_entry_has_a_largest_size() -> None:
    """More than a mebibyte is refused."""
    title = "x" * 900
    evidence = tuple(EVIDENCE.model_copy(update={"title": title}) for _ in range(1_300))
    with pytest.raises(UsageError, match="bytes"):
        encoded(Draft(sample("link-formed"), evidence))
