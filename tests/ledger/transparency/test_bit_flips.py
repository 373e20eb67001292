"""One bit of any file of a ledger folder flips: whoever reads another thing than before is told so, and nothing breaks.

What can be read is decided here, by readers of the test's own. A flip in bytes that nobody reads (the free ones of a
page, a counter of changes) may go unfound.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import pytest

from domain.entry import Draft
from domain.samples import EVIDENCE
from ledger.cli.desk import Desk
from ledger.cli.verifying import views_found
from ledger.errors import Damage
from tests.domain.story import told as event
from tests.ledger.transparency.shelf import Shelf, made

SIZE: Final = 40
PAGE: Final = 512
SHARES: Final = {"entries.sqlite": 50, "personal.sqlite": 10, "log": 25, "ledger.toml": 5, "views.sqlite": 10}
"""Of a hundred flips: how many are in which file."""

Told = list[object]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A ledger of 40 entries and two that tell of people, in small pages, signed twice, its views up to date."""
    shelf = made(tmp_path_factory.mktemp("small"), (20, 35, SIZE), signed=(20, 35))
    shelf.record([said("A. Nother", "To end it."), said("N. E. Body", "To keep it.")], day=9, salts=SIZE)
    for path in (shelf.entries, shelf.where.personal):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("VACUUM")
    with Desk(named=str(shelf.where.path)).views():
        pass
    return shelf


def said(speaker: str, summary: str) -> Draft:
    """Somebody says something, for no office."""
    return Draft(event("statement-made", by="coventry", on="2022-03-01", speaker=speaker, summary=summary), (EVIDENCE,))


def rows(path: Path, ask: Callable[[sqlite3.Connection], Iterator[object]]) -> Told:
    """What a database says to some questions, as far as it answers."""
    found: Told = []
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        try:
            found.extend(ask(connection))
        except Exception as error:  # noqa: BLE001 - whatever a damaged file says, it is another answer
            found.append(repr(error))
    return found


def questions(connection: sqlite3.Connection) -> Iterator[object]:
    """All that anybody reads of the entries: whole tables, and the look-ups of single rows."""
    for sql in (
        "PRAGMA application_id",
        "PRAGMA user_version",
        "SELECT type, name, tbl_name, sql FROM sqlite_schema",
        "SELECT name, seq, typeof(seq) FROM sqlite_sequence",
        "SELECT position, type, tags, data, typeof(type), typeof(tags), typeof(data) FROM entries ORDER BY position",
        "SELECT tag, type, position, typeof(position) FROM tags ORDER BY tag, type, position",
        "SELECT max(position), min(position), count(*) FROM entries",
    ):
        yield sql, connection.execute(sql).fetchall()
    for position in range(-1, SIZE + 3):
        yield connection.execute("SELECT type, tags, data FROM entries WHERE position = ?", (position,)).fetchall()
        yield connection.execute("SELECT tag, type FROM tags WHERE position = ?", (position,)).fetchall()
    for number in range(SIZE + 1):
        tag = f"body:town-{number}"
        yield connection.execute("SELECT type, position FROM tags WHERE tag = ? AND position > 0", (tag,)).fetchall()


def details_of(connection: sqlite3.Connection) -> Iterator[object]:
    """All that anybody reads of personal details."""
    for sql in (
        "PRAGMA application_id",
        "PRAGMA user_version",
        "SELECT type, name, tbl_name, sql FROM sqlite_schema",
        "SELECT *, typeof(salt) FROM details ORDER BY commitment",
        "SELECT commitment FROM details ORDER BY digest",
        "SELECT * FROM announced",
    ):
        yield sql, connection.execute(sql).fetchall()


def views_of(connection: sqlite3.Connection) -> Iterator[object]:
    """The rows of the read models; the index over their words is made of them, and is not compared."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in sorted(tables):
        if not name.startswith((b"search", b"sqlite_", b"mark")):
            yield name, sorted(connection.execute(f'SELECT * FROM "{name.decode()}"').fetchall(), key=repr)  # noqa: S608


def told_by(path: Path) -> Told:
    """What can be read of a file of a ledger folder."""
    if path.name == "entries.sqlite":
        return rows(path, questions)
    if path.name == "personal.sqlite":
        return rows(path, details_of)
    if path.name == "views.sqlite":
        return rows(path, views_of)
    if path.name == "ledger.toml":
        try:
            return [tomllib.loads(path.read_text())]
        except ValueError as error:
            return [repr(error)]
    return [path.read_bytes()]


def flips(small: Shelf, path: Path, seed: int, count: int) -> tuple[int, int, list[str]]:
    """Flip bits, one at a time; returns how many were found, how many changed nothing, and which were missed."""
    shelf, chance = small.copied(path), random.Random(seed)  # noqa: S311 - flips are to be had again
    folder = shelf.where.path
    log = sorted(one for one in shelf.log.rglob("*") if one.is_file() and one.name != "lock")
    files = {name: log if name == "log" else [folder / name] for name in SHARES}
    before = {one: (one.read_bytes(), told_by(one)) for group in files.values() for one in group}
    assert shelf.verified()[0] == []
    found, idle, missed = 0, 0, list[str]()
    for _ in range(count):
        one = chance.choice(files[chance.choices(list(SHARES), list(SHARES.values()))[0]])
        whole, told = before[one]
        at, bit = chance.randrange(len(whole)), chance.randrange(8)
        one.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        changed = told_by(one) != told
        if is_found(shelf, one):
            found += 1
        elif not changed or told_by(one) == told:  # views that cannot be followed are made anew by reading them
            idle += 1
        else:
            missed.append(f"{one.relative_to(folder)}: bit {bit} of byte {at}")
        for left in folder.glob("*.sqlite-*"):
            left.unlink()
        one.write_bytes(whole)
    return found, idle, missed


def is_found(shelf: Shelf, path: Path) -> bool:
    """Whether a verification ends in exit 10; of the views, a deep one. Nothing but damage may be raised."""
    with suppress(Damage):
        if path.name == "views.sqlite":
            found = views_found(Desk(named=str(shelf.where.path)))[0]
        else:
            found = shelf.verified()[0]
        return any(one.gravity in ("altered", "lost") for one in found)
    return True


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bits_are_found(seed: int, small: Shelf, tmp_path: Path) -> None:
    """Of 250 flips a seed, each that changes what can be read is found."""
    found, idle, missed = flips(small, tmp_path, seed, 250)
    assert missed == []
    assert found + idle == 250
    assert found > idle


def inner_bytes(data: bytes) -> list[int]:
    """Where the used bytes lie of the pages that only say where to look: a whole reading asks little of them."""
    found = list[int]()
    for page in range(PAGE, len(data), PAGE):
        kind, cells = data[page], int.from_bytes(data[page + 3 : page + 5], "big")
        if kind in (2, 5):  # of an index, of a table; SQLite's file format, section 1.6
            content = int.from_bytes(data[page + 5 : page + 7], "big")
            found += [*range(page, page + 12 + 2 * cells), *range(page + content, page + PAGE)]
    return found


def test_flipped_bits_of_inner_pages_are_found(small: Shelf, tmp_path: Path) -> None:
    """A flip that leads a look-up astray, though all rows are there, is found."""
    shelf, chance = small.copied(tmp_path), random.Random(1)  # noqa: S311 - as above
    whole, told = shelf.entries.read_bytes(), told_by(shelf.entries)
    places = inner_bytes(whole)
    missed, changed = [], 0
    for at in chance.choices(places, k=250):
        flip = chance.randrange(8)
        shelf.entries.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << flip]) + whole[at + 1 :])
        if told_by(shelf.entries) != told:
            changed += 1
            if not is_found(shelf, shelf.entries):
                missed.append((at, flip))
    assert missed == []
    assert changed > 100


def test_flipped_bits_of_the_header_are_found(small: Shelf, tmp_path: Path) -> None:
    """So is each of the first hundred bytes, which say what kind of file it is."""
    shelf = small.copied(tmp_path)
    whole, told = shelf.entries.read_bytes(), told_by(shelf.entries)
    for at, bit in itertools.product(range(100), range(8)):
        shelf.entries.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        assert told_by(shelf.entries) == told or is_found(shelf, shelf.entries), (at, bit)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_more_flipped_bits_are_found(seed: int, small: Shelf, tmp_path: Path) -> None:
    """The same, of ten thousand."""
    assert flips(small, tmp_path, seed, 500)[2] == []
