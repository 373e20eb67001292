"""What is on record, and what it says: read by the tests, and by other Pythons (`python -m tests.ledger.on_record`)."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.dates import OPEN, Date
from domain.entry import Entry
from ledger import codec
from ledger.interchange import jsonl
from ledger.store.dcb import DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from projections import projection, questions, views
from tests.books import Pages, on_disk

GOLDEN = Path(__file__).parent / "golden"
RELEASES = Path(__file__).parent / "releases"
FROZEN = sorted(path.name.removesuffix(".entries.jsonl") for path in RELEASES.glob("*.entries.jsonl"))
ASKED = [("1950", None), ("2022-03-01", None), ("2022-03-25", None), ("2024-12-31", None), ("2026-11-22", None),
         ("2022-03-25", "2022-03-25"), ("2022-03-25", "2022-04-15")]  # fmt: skip
"""Days on which it is asked how things stood, and by which it was known."""

LETTERS = {"14.0": "\U0001dfff", "15.0": "\U0001e4d0", "15.1": "\U0002ebf0", "16.0": "\U00010d50", "17.0": "\U00018d09"}
"""A letter that each version of Unicode added, or may yet add."""
OFFERED = [*LETTERS.values(), "\u0378", "\u200b", "\ufffe", "\x9b", "[" * 20_000, '":' + "9" * 5_000]
"""Texts that somebody may want to record."""


def restore(release: str, folder: Path) -> None:
    """Make a ledger of what a release stored."""
    on_disk(folder).close()
    stored = map(json.loads, (RELEASES / f"{release}.entries.jsonl").read_text(encoding="utf-8").splitlines())
    SQLiteRecorder(folder / "entries.sqlite").append(
        [DCBEvent(one["type"], one["data"].encode(), one["tags"]) for one in stored]
    )


def answers(folder: Path) -> Iterator[dict[str, object]]:
    """How everything stood on the days asked about."""
    with closing(on_disk(folder)) as ledger, closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), views.Mark("release"))
        for as_of, known_by in ASKED:
            day, known = Date.parse(as_of).latest, Date.parse(known_by).latest if known_by else OPEN - 1
            for name, register in questions.BY_NAME.items():
                for row in questions.rows(connection, register, day, known):
                    yield {"register": name, "as_of": as_of, "known_by": known_by, **row}


def golden() -> Iterator[Entry]:
    """Each golden entry as it is, and again with each letter of `LETTERS` in place of its note."""
    for path in sorted(GOLDEN.iterdir()):
        name, _, version = path.stem.rpartition("-")
        stored = json.loads(path.read_bytes())
        yield codec.decode(1, f"{name}/{version}", path.read_bytes())
        for letter in LETTERS.values():
            stored["event"]["note"] = letter
            yield codec.decode(1, f"{name}/{version}", json.dumps(stored).encode())


def offered(text: str) -> str:
    """The id under which a note of this text would be recorded, or why it would not."""
    line = {"type": "note-added", "evidence": [], "event": {"text": text}}
    try:
        draft = jsonl.read(json.dumps(line).encode())
    except jsonl.LineFault as fault:
        return str(fault)
    return codec.entry_id(draft, codec.digest(draft))


def all_of_it() -> dict[str, object]:
    """Every golden entry and frozen release as it is read, and what would be recorded of what is offered."""
    read: dict[str, object] = {
        "golden": [[codec.written(one).decode(), codec.tags_of_entry(one)] for one in golden()],
        "offered": {text: offered(text) for text in OFFERED},
    }
    for release in FROZEN:
        with TemporaryDirectory() as folder:
            restore(release, Path(folder))
            with closing(on_disk(Path(folder))) as ledger:
                entries = [[codec.written(one).decode(), codec.tags_of_entry(one)] for one in ledger.read()]
            read[release] = {"entries": entries, "answers": list(answers(Path(folder)))}
    return read


if __name__ == "__main__":
    python = {"python": sys.version_info[:2], "unicode": unicodedata.unidata_version}
    sys.stdout.write(json.dumps({**python, "read": all_of_it()}))
