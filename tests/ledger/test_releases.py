"""What a release recorded, every later one reads: the same bytes, the same tags, the same answers.

`releases/story.jsonl` tells every event, with entries that are corrected, supported, disputed, settled, taken back,
hidden in part and overridden. A release freezes it once, as recorded and as answered:
FREEZE_RELEASE=1 pytest tests/ledger/test_releases.py - and never changes it again.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from domain.catalogue import EVENTS
from ledger import codec
from ledger.doctor import examine
from ledger.interchange import jsonl
from ledger.store.sqlite import SQLiteRecorder
from tests.books import on_disk
from tests.ledger.on_record import FROZEN, RELEASES, answers, restore

_NEW = {
    "meeting-called", "meeting-adjourned", "meeting-cancelled", "minutes-replaced",
    "motion-deferred", "motion-vetoed", "veto-overridden",
}  # fmt: skip
"""The events that no release has yet."""


def test_the_story_tells_every_event() -> None:
    """Every one that a release has; also with what overrides a rule."""
    drafts = [jsonl.read(line) for line in (RELEASES / "story.jsonl").read_bytes().splitlines()]
    assert {draft.event.type for draft in drafts} == set(EVENTS) - _NEW
    assert any(draft.overrides for draft in drafts)


def freeze(folder: Path) -> None:
    """Record the story as this release does, and write down what is stored and what is answered."""
    with closing(on_disk(folder)) as ledger:
        ledger.record([jsonl.read(line) for line in (RELEASES / "story.jsonl").read_bytes().splitlines()])
    name = version("civic-ledger")
    stored: list[dict[str, object]] = [
        {"type": one.event.type, "tags": one.event.tags, "data": one.event.data.decode()}
        for one in SQLiteRecorder(folder / "entries.sqlite", read_only=True).read()
    ]
    write(RELEASES / f"{name}.entries.jsonl", stored)
    write(RELEASES / f"{name}.answers.jsonl", list(answers(folder)))


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write a new file of lines; one that is there is never changed."""
    with path.open("x", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(params=FROZEN)
def release(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A frozen release, and a folder in which its entries lie as it stored them."""
    restore(request.param, tmp_path)
    return request.param, tmp_path


def test_a_release_is_frozen(tmp_path: Path) -> None:
    """There is one of this version."""
    if os.environ.get("FREEZE_RELEASE"):
        freeze(tmp_path)
    assert (RELEASES / f"{version('civic-ledger')}.entries.jsonl").exists()


def test_its_entries_are_read_as_they_were_written(release: tuple[str, Path]) -> None:
    """Every byte of an event whose shape has not changed since, and every tag."""
    with closing(on_disk(release[1])) as ledger:
        entries = list(ledger.read())
    stored = list(SQLiteRecorder(release[1] / "entries.sqlite", read_only=True).read())
    assert len(entries) == len(stored) > 0
    for entry, one in zip(entries, stored, strict=True):
        if entry.type == EVENTS[entry.type.split("/", 1)[0]].name_on_disk():
            assert codec.written(entry) == one.event.data
        assert set(codec.tags_of_entry(entry)) <= set(one.event.tags)


PUT_RIGHT = {("links", "2022-03-25", "2022-04-15", "coventry--volgograd")}
"""What 0.2 and 0.3 left out: an account that disputes an entry and was published before it."""


def test_its_answers_are_given_today(release: tuple[str, Path]) -> None:
    """In every field that the release knew; and nothing else, but for what was wrong."""
    frozen = (RELEASES / f"{release[0]}.answers.jsonl").read_text(encoding="utf-8").splitlines()
    today = list(answers(release[1]))
    if release[0] in ("0.2.0", "0.3.0"):
        more = [row for row in today if (*list(row.values())[:4],) in PUT_RIGHT]
        assert [(row["standing"], row["since"], row["grade"]) for row in more] == [("active", "1941", "press")]
        today = [row for row in today if row not in more]
    assert len(today) == len(frozen) > 0
    for line, row in zip(frozen, today, strict=True):
        told = json.loads(line)
        assert {field: json.loads(json.dumps(row[field])) for field in told} == told


def test_its_folder_is_sound(release: tuple[str, Path]) -> None:
    """The doctor finds nothing."""
    assert all(finding.ok for finding in examine(release[1] / "entries.sqlite"))
