"""The table of attacks: what is done to a ledger folder, and what a verification says to it.

The ledger holds 300 entries, was signed at 120 and at 290, and the checkpoint of 290 was also kept outside. Each attack
is judged three times: by the folder alone, with what the machine remembers to have signed, and with the checkpoint from
outside and the key of its signer. A row names all that is found: a kind, and the entry if it is about one.

What finds nothing with the folder alone ends in exit 11, which says that much: history may have been rewritten as a
whole. The rows of WITHIN are found within the folder; those of AGAINST need something that was kept elsewhere; those of
BEYOND nobody finds, for no checkpoint covers what they change.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import islice
from os import mkfifo
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.custody import KeyIntroduced, KeyRotated
from domain.entry import Draft
from ledger.cli.verifying import ALTERED, LOST, UNPROVED, tags_found
from ledger.store import file
from ledger.store.dcb import DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from ledger.transparency import keys, note
from ledger.transparency.envelope import leaf_of
from ledger.transparency.finding import KINDS, Finding, Report
from ledger.transparency.merkle import leaf_hash
from ledger.transparency.raw_book import RawBook, Row
from ledger.transparency.sealing import Edge, read_head
from ledger.transparency.tiles import bundled, unbundled
from tests.ledger.transparency.shelf import ORIGIN, Shelf, bodies, made
from tests.ledger.transparency.tampering import (
    GUARDS,
    bare,
    edited,
    executed,
    flipped,
    log_rewritten,
    replaced,
    signed_anew,
    without_checkpoints,
)

STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))


class Attack(NamedTuple):
    """A row."""

    name: str
    done: Callable[[Shelf], object]
    alone: list[str]
    """What is found with the folder alone."""
    machine: list[str] | None = None
    """What is found with what the machine remembers; None: the same."""
    outside: list[str] | None = None
    """What is found with the checkpoint from outside and its key; None: the same as with the machine's."""


def both(first: Callable[[Shelf], None], second: Callable[[Shelf], None]) -> Callable[[Shelf], None]:
    """One thing, then another."""

    def done(shelf: Shelf) -> None:
        first(shelf)
        second(shelf)

    return done


def attack(name: str, done: Callable[[Shelf], object], *alone: str) -> Attack:
    """A row of what is found, whatever is known elsewhere."""
    return Attack(name, done, list(alone))


# What is done


def edit(shelf: Shelf, position: int = 57) -> None:
    """Change a word of an entry."""
    replaced(shelf, position, "Town", "Down")


def edit_and_rewrite(shelf: Shelf) -> None:
    """Change a word, and the log with it."""
    edit(shelf)
    log_rewritten(shelf)


def edit_and_sign(shelf: Shelf, *, machine: bool = False) -> None:
    """Change a word, the log, and every checkpoint, with the stolen key."""
    edit_and_rewrite(shelf)
    signed_anew(shelf, shelf.keyring.load(), machine=machine)


def deleted(position: int) -> list[str]:
    """Take an entry out."""
    return [f"DELETE FROM {table} WHERE position = {position}" for table in ("entries", "tags")]


def cut(shelf: Shelf, last: int) -> None:
    """Take all entries behind one out, and set the counter back."""
    executed(
        shelf,
        f"DELETE FROM entries WHERE position > {last}",
        f"DELETE FROM tags WHERE position > {last}",
        f"UPDATE sqlite_sequence SET seq = {last}",
    )


def cut_and_rewrite(shelf: Shelf, last: int, *, unsigned: bool = False) -> None:
    """The same, and the log with it."""
    cut(shelf, last)
    if unsigned:
        without_checkpoints(shelf, above=120)
    log_rewritten(shelf)


def renumbered(shelf: Shelf) -> None:
    """Take an entry out, and close the gap."""
    executed(
        shelf,
        *deleted(57),
        *(f"UPDATE {table} SET position = -position WHERE position > 57" for table in ("entries", "tags")),
        *(f"UPDATE {table} SET position = -position - 1 WHERE position < 0" for table in ("entries", "tags")),
        "UPDATE sqlite_sequence SET seq = 299",
    )


def tail_replaced(shelf: Shelf, last: int = 280) -> None:
    """Take the newest entries out, and record others in their place, log and all."""
    cut(shelf, last)
    with shelf.ledger(day=9, salts=900) as ledger:
        ledger.record(bodies(1000, 1299 - last), new_bodies=True)
    log_rewritten(shelf)


def swapped(shelf: Shelf) -> None:
    """Let two entries change their places, with their tags."""
    executed(
        shelf,
        *(
            f"UPDATE {table} SET position = {new} WHERE position = {old}"
            for old, new in ((57, -1), (58, 57), (-1, 58))
            for table in ("entries", "tags")
        ),
    )


def moved(shelf: Shelf) -> None:
    """Give the last entry another position."""
    executed(
        shelf,
        "UPDATE entries SET position = 400 WHERE position = 300",
        "UPDATE tags SET position = 400 WHERE position = 300",
        "UPDATE sqlite_sequence SET seq = 400",
    )


def replaced_by_insert(shelf: Shelf) -> None:
    """INSERT OR REPLACE, which asks no trigger on UPDATE or DELETE; the guard against it was dropped."""
    with bare(shelf) as connection:
        connection.execute("DROP TRIGGER entries_are_new")
        connection.execute(
            "INSERT OR REPLACE INTO entries"
            " SELECT position, type, tags, CAST(replace(data, 'Town', 'Down') AS BLOB) FROM entries WHERE position = 57"
        )
        connection.execute(file.SCHEMA["entries_are_new"])


def dropped(name: str) -> Callable[[Shelf], None]:
    """Drop a trigger."""

    def done(shelf: Shelf) -> None:
        with bare(shelf) as connection:
            connection.execute(f"DROP TRIGGER {name}")

    return done


def hollowed(shelf: Shelf) -> None:
    """Rewrite a trigger so that it does nothing."""
    with bare(shelf) as connection:
        connection.execute("DROP TRIGGER entries_never_go")
        connection.execute("CREATE TRIGGER entries_never_go BEFORE DELETE ON entries BEGIN SELECT 1; END")


def made_here(sql: str) -> Callable[[Shelf], None]:
    """Make something in the database."""

    def done(shelf: Shelf) -> None:
        with bare(shelf) as connection:
            connection.execute(sql)

    return done


def schema_rewritten(shelf: Shelf) -> None:
    """Change the text of a table behind the database's back."""
    with bare(shelf) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'entries'")


def write_ahead(shelf: Shelf) -> None:
    """Let the database believe that its newest pages lie in another file."""
    with shelf.where.entries.open("r+b") as database:
        database.seek(18)
        database.write(b"\x02\x02")


def beside(name: str) -> Callable[[Shelf], None]:
    """Lay a file beside the others."""

    def done(shelf: Shelf) -> None:
        (shelf.where.path / name).write_bytes(b"junk")

    return done


def piped(name: str) -> Callable[[Shelf], None]:
    """Put a pipe in the place of a file: whoever reads it waits for ever."""

    def done(shelf: Shelf) -> None:
        (shelf.where.path / name).unlink(missing_ok=True)
        mkfifo(shelf.where.path / name)

    return done


def linked(name: str) -> Callable[[Shelf], None]:
    """Put a link in the place of a file or folder, to the same, elsewhere."""

    def done(shelf: Shelf) -> None:
        path, elsewhere = shelf.where.path / name, shelf.where.path.parent / "elsewhere"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)

    return done


def foldered(name: str) -> Callable[[Shelf], None]:
    """Put a folder in the place of a file."""

    def done(shelf: Shelf) -> None:
        (shelf.where.path / name).unlink()
        (shelf.where.path / name).mkdir()

    return done


def huge(name: str) -> Callable[[Shelf], None]:
    """Let a file seem to hold a terabyte."""

    def done(shelf: Shelf) -> None:
        with (shelf.where.path / name).open("ab") as file:
            file.truncate(2**40)

    return done


def endless(shelf: Shelf) -> None:
    """Put a view in the place of the entries that has a row for every number there is."""
    with bare(shelf) as connection:
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute("ALTER TABLE entries RENAME TO kept")
        connection.execute(
            "CREATE VIEW entries AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
            " SELECT x AS position, 'x' AS type, 'y' AS tags, x'00' AS data FROM n"
        )


def led_back(shelf: Shelf) -> None:
    """Let the last tags of the index seem to be the first: whoever asks what is behind them is led to the beginning."""
    with bare(shelf) as connection:
        (tag,) = connection.execute("SELECT max(tag) FROM tags").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = shelf.entries.read_bytes()
    pages = [data[start : start + size] for start in range(0, len(data), size)]
    index = (2, 10)  # SQLite's file format, section 1.6
    shelf.entries.write_bytes(
        b"".join(page.replace(tag.encode(), b"a" * len(tag)) if page[0] in index else page for page in pages)
    )


def old_copy(shelf: Shelf, *, continued: bool) -> None:
    """Put a copy of the folder back that was taken at 280 entries; and go on as if nothing were missing."""
    cut_and_rewrite(shelf, 280, unsigned=True)
    if continued:
        shelf.record(bodies(1000, 1019), day=9, salts=900)


def key_swapped(shelf: Shelf) -> None:
    """Introduce a key of one's own in the place of the ledger's, and sign everything with it."""
    own = note.verifier_of(STRANGER, ORIGIN)
    replaced(shelf, 1, str(shelf.vkey), str(own))
    log_rewritten(shelf)
    signed_anew(shelf, STRANGER)


def of_another_ledger(shelf: Shelf) -> None:
    """Put a checkpoint of another ledger in the place of the newest."""
    edited(shelf.log / "checkpoint", ORIGIN, "ledger.example.org/other")


def signature_changed(shelf: Shelf) -> None:
    """Change the signature under the newest checkpoint, in both places."""
    for name in ("checkpoint", "checkpoints/290"):
        path = shelf.log / name
        found = note.parse_note(path.read_bytes())
        (line,) = found.signatures
        path.write_text(
            str(note.Note(found.text, (replace(line, signature=bytes([line.signature[0] ^ 1]) + line.signature[1:]),)))
        )


def appended(shelf: Shelf) -> None:
    """Insert an entry with SQL alone, as the ledger would have written it."""
    with bare(shelf) as connection:
        connection.execute(
            "INSERT INTO entries (type, tags, data) SELECT type, replace(tags, 'town-300', 'town-999'),"
            " CAST(replace(data, 'town-300', 'town-999') AS BLOB) FROM entries WHERE position = 300"
        )
        (tags,) = connection.execute("SELECT tags FROM entries WHERE position = 301").fetchone()
        connection.execute("DROP TRIGGER tags_name_an_entry_once")
        for tag in tags.split("\n"):
            connection.execute("INSERT INTO tags SELECT ?, type, 301 FROM entries WHERE position = 301", (tag,))
        connection.execute(file.SCHEMA["tags_name_an_entry_once"])


def junk_appended(shelf: Shelf) -> None:
    """Insert what is no entry."""
    with bare(shelf) as connection:
        connection.execute("INSERT INTO entries (type, tags, data) VALUES ('note/1', 'entry:x', x'7b7d')")
        connection.execute("INSERT INTO tags VALUES ('entry:x', 'note/1', 301)")


def rotated_by_force(shelf: Shelf) -> None:
    """Record a change of keys that the former key did not sign, and go on with the new one."""
    former, own = str(shelf.vkey), str(note.verifier_of(STRANGER, ORIGIN))
    signature = str(note.sign(keys.rotation(former, own), STRANGER, ORIGIN)).split()[2]
    event = KeyRotated(former=former, vkey=own, signed_by_former=signature, signed_by_new=signature)
    shelf.record([Draft(event, ())], day=9, salts=900)


def introduced_again(shelf: Shelf) -> None:
    """Record another key beside the ledger's."""
    shelf.record([Draft(KeyIntroduced(vkey=str(note.verifier_of(STRANGER, ORIGIN))), ())], day=9, salts=900)


def exchanged(shelf: Shelf) -> None:
    """Put the entries of another ledger in the place of these."""
    other = made(shelf.path / "other", (300,))
    shelf.entries.write_bytes(other.entries.read_bytes())


def settings_of(old: str, new: str) -> Callable[[Shelf], None]:
    """Change ledger.toml."""
    return lambda shelf: edited(shelf.where.path / "ledger.toml", old, new)


def in_log(name: str, old: str, new: str) -> Callable[[Shelf], None]:
    """Change a text of the log."""
    return lambda shelf: edited(shelf.log / name, old, new)


def bit_of(name: str, at: int) -> Callable[[Shelf], None]:
    """Change a bit of a file of the log."""
    return lambda shelf: flipped(shelf.log / name, at)


def gone(*names: str) -> Callable[[Shelf], None]:
    """Remove files of the log."""

    def done(shelf: Shelf) -> None:
        for name in names:
            (shelf.log / name).unlink()

    return done


def shortened(name: str) -> Callable[[Shelf], None]:
    """Cut the end off a file of the log."""

    def done(shelf: Shelf) -> None:
        (shelf.log / name).write_bytes((shelf.log / name).read_bytes()[:-32])

    return done


def emptied(name: str) -> Callable[[Shelf], None]:
    """Leave nothing of a file of the log but its name."""

    def done(shelf: Shelf) -> None:
        (shelf.log / name).write_bytes(b"")

    return done


def head_back(shelf: Shelf) -> None:
    """Put the head back as it was when there was one entry less."""
    edge, head = Edge(), read_head(shelf.log)
    for one in islice(shelf.stored(), 299):
        for _ in edge.append(leaf_hash(leaf_of(one))):
            pass
    assert head is not None
    (shelf.log / "head").write_text(str(edge.head(ORIGIN, 299, head.settings)))


def log_of(shelf: Shelf, first: str, second: str) -> None:
    """Put a file of the log in the place of another."""
    (shelf.log / second).write_bytes((shelf.log / first).read_bytes())


def sql(*statements: str) -> Callable[[Shelf], None]:
    """Change the database, the triggers being as before afterwards."""
    return lambda shelf: executed(shelf, *statements)


def back_dated(shelf: Shelf) -> None:
    """Say that an entry was recorded a year before, when it was not."""
    replaced(shelf, 61, '"recorded_at":"2026', '"recorded_at":"2025')


def salted(shelf: Shelf) -> None:
    """Give an entry another salt."""
    replaced(shelf, 57, f'"salt":"{56:032x}"', f'"salt":"{57:032x}"')


TAGS_57 = "(SELECT replace(tags, 'body:town-57', 'body:town-58') FROM entries WHERE position = 57)"

NEGATIVE = "INSERT INTO entries SELECT {}, type, tags, data FROM entries WHERE position = 57"
REWRITTEN, SPLIT = "REWRITTEN", "SPLIT-VIEW"

WITHIN = [
    attack("an entry edited", edit, "ALTERED 57"),
    attack("an unsigned entry edited", lambda shelf: edit(shelf, 295), "ALTERED 295"),
    attack("an entry made unreadable", sql("UPDATE entries SET data = x'7b7d' WHERE position = 57"), "UNREADABLE 57"),
    attack("an entry emptied", sql("UPDATE entries SET data = x'' WHERE position = 57"), "UNREADABLE 57"),
    attack("a salt changed", salted, "ALTERED 57"),
    attack("an entry back-dated", back_dated, "ALTERED 61", "CLOCK-BACK 61"),
    attack("an entry edited by INSERT OR REPLACE", replaced_by_insert, "ALTERED 57"),
    attack("an entry edited, the log rewritten", edit_and_rewrite, REWRITTEN, REWRITTEN),
    attack("an entry edited, the log kept, the head gone", both(edit, gone("head")),
           "ALTERED 57", "HEAD-LOST"),
    attack("an entry taken out", sql(*deleted(57)), "GAP 57"),
    attack("an entry taken out, its tags left", sql(deleted(57)[0]), "GAP 57", "TAGS-ALTERED", "TAGS-ALTERED"),
    attack("three entries taken out", sql(*(one for n in (57, 58, 59) for one in deleted(n))), "GAP 57"),
    attack("an entry taken out, the others renumbered", renumbered, "ALTERED 57", "TRUNCATED 300"),
    attack("the newest entries taken out", lambda shelf: cut(shelf, 280), "TRUNCATED 281", "TRUNCATED 281"),
    attack("one newest entry taken out", lambda shelf: cut(shelf, 299), "TRUNCATED 300"),
    attack("the newest entries taken out, the log rewritten", lambda shelf: cut_and_rewrite(shelf, 250),
           "TRUNCATED 251"),
    attack("the newest entries replaced, the log rewritten", tail_replaced, REWRITTEN),
    attack("two entries swapped", swapped, "ALTERED 57"),
    attack("the type of an entry changed", sql("UPDATE entries SET type = 'body-moved/1' WHERE position = 57"),
           "ALTERED 57", "TAGS-ALTERED 57"),
    attack("the type changed with its tags",
           sql(*(f"UPDATE {table} SET type = 'body-moved/1' WHERE position = 57" for table in ("entries", "tags"))),
           "ALTERED 57"),
    attack("the column of tags changed", sql(f"UPDATE entries SET tags = {TAGS_57} WHERE position = 57"),
           "ALTERED 57", "TAGS-ALTERED 57"),
    attack("the table of tags changed", sql("UPDATE tags SET tag = 'body:town-x' WHERE tag = 'body:town-57'"),
           "TAGS-ALTERED 57"),
    attack("tags taken out", sql("DELETE FROM tags WHERE tag = 'body:town-57'"), "TAGS-ALTERED 57"),
    attack("tags added", sql("INSERT INTO tags VALUES ('body:town-57', 'body-registered/1', 58)"), "TAGS-ALTERED 58"),
    attack("tags of no entry added", sql("INSERT INTO tags VALUES ('body:town-57', 'x/1', 7000)"), "TAGS-ALTERED"),
    attack("tags of a negative entry added", sql("INSERT INTO tags VALUES ('a', 'x/1', -7)"), "TAGS-ALTERED"),
    attack("tags given a number that Python hashes as it does the entry's",
           sql("UPDATE tags SET position = position + 2305843009213693951 WHERE tag = 'body:town-57'"),
           "TAGS-ALTERED", "TAGS-ALTERED 57"),
    attack("an entry further on than the file could hold", sql(NEGATIVE.format(9 * 10**18)), f"INSERTED {9 * 10**18}"),
    attack("an entry at the end of all numbers", sql(NEGATIVE.format(2**63 - 1)), f"INSERTED {2**63 - 1}"),
    attack("an index of tags that leads back to its beginning", led_back, "PAGES-DAMAGED", "TAGS-ALTERED 5"),
    attack("a database with a write-ahead log", write_ahead, "PAGES-DAMAGED"),
    attack("a write-ahead log beside the database", beside("entries.sqlite-wal"), "PAGES-DAMAGED"),
    attack("a pipe as the journal", piped("entries.sqlite-journal"), "PAGES-DAMAGED"),
    attack("entries that are computed without end", endless, "PAGES-DAMAGED"),
    attack("a pipe as the head", piped("log/head"), "HEAD-ALTERED", "TILE-ALTERED"),
    attack("a pipe as a checkpoint", piped("log/checkpoints/120"), "CHECKPOINT-MALFORMED", "TILE-ALTERED"),
    attack("a pipe as a tile", piped("log/tile/0/000"), "TILE-ALTERED", "TILE-MISSING"),
    attack("a link as a folder of tiles", linked("log/tile/0"), "TILE-ALTERED"),
    attack("a link as a checkpoint", linked("log/checkpoints/120"), "TILE-ALTERED"),
    attack("a link as the log", linked("log"), "TILE-ALTERED"),
    attack("a folder as a tile of leaves", foldered("log/tile/entries/001.p/34"), "TILE-ALTERED"),
    attack("a head larger than memory", huge("log/head"), "HEAD-ALTERED"),
    attack("a checkpoint larger than memory", huge("log/checkpoints/7"), "CHECKPOINT-MALFORMED"),
    attack("a tile larger than memory", huge("log/tile/0/000"), "TILE-ALTERED", "TILE-MISSING"),
    attack("the last entry given another position", moved, "GAP 300", "UNSEALED 400"),
    attack("an entry at position 0", sql(NEGATIVE.format(0)), "INSERTED 0"),
    attack("an entry at a negative position", sql(NEGATIVE.format(-5)), "INSERTED -5"),
    *(attack(f"the trigger {name} dropped", dropped(name), "GUARD-MISSING") for name in GUARDS),
    attack("a trigger that does nothing", hollowed, "GUARD-CHANGED"),
    attack("a foreign table", made_here("CREATE TABLE more (x)"), "SCHEMA-CHANGED"),
    attack("a foreign index", made_here("CREATE INDEX more ON tags (position)"), "SCHEMA-CHANGED"),
    attack("a foreign view", made_here("CREATE VIEW more AS SELECT 1"), "SCHEMA-CHANGED"),
    attack("a foreign trigger with nearly the name of a guard",
           made_here("CREATE TRIGGER entries_never_go_2 AFTER INSERT ON entries BEGIN SELECT 1; END"),
           "SCHEMA-CHANGED"),
    attack("the text of a table changed", schema_rewritten, "SCHEMA-CHANGED"),
    attack("the counter set forward", sql("UPDATE sqlite_sequence SET seq = 500"), "COUNTER-ALTERED"),
    attack("the counter gone", sql("DELETE FROM sqlite_sequence"), "COUNTER-ALTERED"),
    attack("a second counter", sql("INSERT INTO sqlite_sequence VALUES ('tags', 300)"), "COUNTER-ALTERED"),
    attack("another application_id", made_here("PRAGMA application_id = 1"), "FOREIGN"),
    attack("another user_version", made_here("PRAGMA user_version = 2"), "FOREIGN"),
    attack("what is no entry appended", junk_appended, "UNREADABLE 301"),
    attack("a change of keys that one key signed alone", rotated_by_force, "KEY-FORGED 301"),
    Attack("the entries of another ledger", exchanged,
           ["ALTERED 1", "ALTERED 61", *["KEY-UNKNOWN"] * 3],
           ["ALTERED 1", "ALTERED 61", *["KEY-UNKNOWN"] * 4],
           ["ALTERED 1", "ALTERED 61"]),
    attack("the text of a checkpoint edited", in_log("checkpoint", "\n290\n", "\n291\n"), "CHECKPOINT-FORGED"),
    attack("the root of a checkpoint edited", in_log("checkpoints/120", "\n120\n", "\n120\nA"), "CHECKPOINT-MALFORMED"),
    attack("a checkpoint of more entries than there can be, no head",
           both(in_log("checkpoint", "\n290\n", "\n9223372036854775807\n"), gone("head")),
           "CHECKPOINT-FORGED", "HEAD-LOST"),
    attack("the signature of a checkpoint changed", signature_changed, "CHECKPOINT-FORGED", "CHECKPOINT-FORGED"),
    attack("a checkpoint signed by a stranger", lambda shelf: signed_anew(shelf, STRANGER),
           *["KEY-UNKNOWN"] * 3),
    attack("a checkpoint of another ledger", of_another_ledger, "CHECKPOINT-FOREIGN"),
    attack("the newest checkpoint gone", gone("checkpoint"), "CHECKPOINT-MISSING"),
    attack("all checkpoints gone", gone("checkpoint", "checkpoints/120", "checkpoints/290"), "CHECKPOINT-MISSING"),
    attack("an old checkpoint put back, the newest gone",
           both(gone("checkpoints/290"), lambda shelf: log_of(shelf, "checkpoints/120", "checkpoint")),
           "CHECKPOINT-MISSING"),
    Attack("the whole log gone", lambda shelf: rmtree(shelf.log),
           ["HEAD-LOST"], machine=["CHECKPOINT-MISSING", "HEAD-LOST"], outside=["HEAD-LOST"]),
    attack("the copy of the newest checkpoint gone", gone("checkpoints/290"), "CHECKPOINT-MISSING"),
    attack("a checkpoint in the place of another",
           lambda shelf: log_of(shelf, "checkpoints/120", "checkpoints/290"),
           "CHECKPOINT-MALFORMED", "CHECKPOINT-MISSING"),
    attack("a hash in a tile changed", bit_of("tile/0/000", 56 * 32), "TILE-ALTERED 57"),
    attack("hashes in a tile swapped with the bundle", lambda shelf: log_of(shelf, "tile/0/001.p/34", "tile/0/000"),
           "TILE-ALTERED", "TILE-MISSING"),
    attack("a hash at the edge changed", bit_of("tile/0/001.p/44", 43 * 32), "TILE-ALTERED 300"),
    attack("a tile gone", gone("tile/0/000"), "TILE-MISSING"),
    attack("a tile shortened", shortened("tile/0/000"), "TILE-ALTERED", "TILE-MISSING"),
    attack("a tile under the checkpoint changed", bit_of("tile/0/001.p/34", 0), "TILE-ALTERED"),
    attack("a tile under the checkpoint gone", gone("tile/0/001.p/34"), "TILE-MISSING"),
    attack("a tile that no signature covers gone", gone("tile/0/001.p/44"), "TILE-LOST"),
    attack("a higher tile changed", bit_of("tile/1/000.p/1", 0), "TILE-ALTERED"),
    attack("a higher tile gone", gone("tile/1/000.p/1"), "TILE-MISSING"),
    attack("a leaf changed", bit_of("tile/entries/000", 60), "TILE-ALTERED"),
    attack("leaves cut short", shortened("tile/entries/001.p/34"), "TILE-ALTERED"),
    attack("leaves gone", gone("tile/entries/000"), "TILE-MISSING"),
    attack("newest leaves gone", gone("tile/entries/001.p/34"), "TILE-MISSING"),
    attack("the size in the head changed", in_log("head", "\n300\n", "\n299\n"), "HEAD-ALTERED"),
    attack("the position in the head changed", in_log("head", "position 300", "position 299"), "HEAD-ALTERED"),
    attack("the root in the head changed", lambda shelf: edited(
        shelf.log / "head", (shelf.log / "head").read_text().split("\n")[2][:4], "AAAA"), "HEAD-ALTERED"),
    attack("the digest of the edge in the head changed", lambda shelf: edited(
        shelf.log / "head", (shelf.log / "head").read_text().split("\n")[5][:9], "edge 0000"), "HEAD-ALTERED"),
    attack("a subtree in the head changed", lambda shelf: edited(
        shelf.log / "head", (shelf.log / "head").read_text().split("\n")[6][-9:], "AAAAAAAA="), "HEAD-ALTERED"),
    attack("the lines on the edge gone from the head, but for one", lambda shelf: edited(
        shelf.log / "head", (shelf.log / "head").read_text().split("\n")[6] + "\n", ""), "HEAD-ALTERED"),
    attack("the head gone", gone("head"), "HEAD-LOST"),
    attack("the head put back, a tile of a signed tree emptied", both(head_back, emptied("tile/0/001.p/34")),
           "TILE-ALTERED", "UNSEALED 300"),
    attack("the ledger's name changed", settings_of('name = "town"', 'name = "down"'), "SETTINGS-CHANGED"),
    Attack("the ledger's origin changed", settings_of(ORIGIN, f"{ORIGIN}-2"),
           ["SETTINGS-CHANGED", *["CHECKPOINT-FOREIGN"] * 3], ["SETTINGS-CHANGED", *["CHECKPOINT-FOREIGN"] * 4]),
]  # fmt: skip

AGAINST = [
    Attack("an entry edited, the log rewritten, all signed anew with the stolen key", edit_and_sign,
           [], [REWRITTEN, SPLIT]),
    Attack("the same, and what the machine remembers", lambda shelf: edit_and_sign(shelf, machine=True),
           [], [], [REWRITTEN, SPLIT]),
    Attack("the newest entries taken out, the log rewritten, newer checkpoints gone",
           lambda shelf: cut_and_rewrite(shelf, 250, unsigned=True), [], ["TRUNCATED 251"]),
    Attack("an old copy put back", lambda shelf: old_copy(shelf, continued=False), [], ["TRUNCATED 281"]),
    Attack("an old copy put back and written on", lambda shelf: old_copy(shelf, continued=True), [], [REWRITTEN]),
    Attack("another key introduced from the first, all signed anew with it", key_swapped,
           [], ["KEY-UNKNOWN"], [REWRITTEN]),
    Attack("the newest entries replaced, all signed anew with the stolen key",
           both(tail_replaced, lambda shelf: signed_anew(shelf, shelf.keyring.load())),
           [], [REWRITTEN, SPLIT]),
]  # fmt: skip

BEYOND = [
    attack("unsigned entries taken out, the log rewritten", lambda shelf: cut_and_rewrite(shelf, 295)),
    attack("an unsigned entry edited, the log rewritten", both(lambda shelf: edit(shelf, 295), log_rewritten)),
    attack("an entry appended with SQL, in the right form", appended, "UNSEALED 301"),
    attack("a clock set back", lambda shelf: shelf.record(bodies(1000, 1000), day=-9, salts=900), "CLOCK-BACK 301"),
    attack("another key introduced beside", introduced_again, "KEY-REPLACED 301"),
    attack("an older checkpoint gone", gone("checkpoints/120")),
    attack("an older checkpoint called the newest", lambda shelf: log_of(shelf, "checkpoints/120", "checkpoint")),
    Attack(
        "all checkpoints gone, with the leaves laid with them",
        without_checkpoints,
        [],
        machine=["CHECKPOINT-MISSING"],
        outside=[],
    ),
    attack("the head put back", head_back, "UNSEALED 300"),
]


def told(found: list[Finding]) -> list[str]:
    """What was found, as the table writes it."""
    return sorted(one.kind if one.entry is None else f"{one.kind} {one.entry}" for one in found)


ONLY_LOST = {"TILE-LOST", "HEAD-LOST"}


def code(found: list[Finding], report: Report) -> int:
    """What civic verify ends with, by what its help promises."""
    if any(KINDS[one.kind][0] == "altered" for one in found):
        return ALTERED
    if any(KINDS[one.kind][0] == "lost" for one in found):
        return LOST
    return 0 if report.proved and not any(KINDS[one.kind][0] == "unproved" for one in found) else UNPROVED


@pytest.mark.parametrize("row", [*WITHIN, *AGAINST, *BEYOND], ids=lambda row: row.name)
def test_attacks(row: Attack, standing: Shelf, shelf: Shelf) -> None:
    """Every attack is found where the table says so, under its own name, and nobody else is accused."""
    kept = [note.parse_checkpoint((standing.log / "checkpoint").read_bytes())]
    row.done(shelf)
    machine = row.alone if row.machine is None else row.machine
    outside = machine if row.outside is None else row.outside
    found, report = shelf.verified()
    assert told(found) == sorted(row.alone)
    harm = LOST if row.alone and {*row.alone} <= ONLY_LOST else ALTERED
    assert code(found, report) == (harm if row in WITHIN else UNPROVED)
    found, report = shelf.verified(machine=True)
    assert told(found) == sorted(machine)
    assert not report.proved
    found, report = shelf.verified(kept=kept, vkeys=[standing.vkey])
    assert told(found) == sorted(outside)
    assert code(found, report) == (0 if row in BEYOND else harm)


def test_a_position_that_goes_back_ends_no_reading(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a damaged page gives it: what lies behind it is read all the same, one by one."""
    true = vars(RawBook)["_page"]

    def damaged(book: RawBook, after: int, limit: int) -> list[Row]:
        page: list[Row] = true(book, after, limit)
        return page if limit == 1 else [*page[:-1], (0, *page[-1][1:])]

    monkeypatch.setattr(RawBook, "_page", damaged)
    found, report = shelf.verified()
    assert (told(found), report.size) == (["UNREADABLE"] * 2, 300)  # one for each page that is read


def test_the_table_is_long_enough() -> None:
    """No row is there twice, and every kind of finding that a folder without personal details can give is in it."""
    rows = [*WITHIN, *AGAINST, *BEYOND]
    assert len({row.name for row in rows}) == len(rows) > 80
    kinds = {one.split()[0] for row in rows for part in row[2:] for one in part or ()}
    elsewhere = {
        "BUNDLE-MALFORMED", "RESTORED", "SIGNER-UNKNOWN", "UNAVAILABLE",
        "VIEWS-ALTERED", "VIEWS-UNREADABLE",
    }  # fmt: skip
    assert {kind for kind in KINDS if not kind.startswith("DETACHED")} == kinds | elsewhere


def test_nothing_is_found_where_nothing_was_done(standing: Shelf) -> None:
    """The untouched folder gives no finding; what is not proved is said each time."""
    found, report = standing.verified()
    assert (found, report.proved) == ([], False)
    assert "no checkpoint from outside" in report.unproved[0]
    found, report = standing.verified(machine=True)
    assert (found, report.proved) == ([], False)
    kept = [note.parse_checkpoint((standing.log / "checkpoint").read_bytes())]
    found, report = standing.verified(kept=kept)
    assert (found, report.proved) == ([], True)
    assert report.unproved == [
        "entries 291 to 300: they came after the checkpoint given",
        "who signed: the key is the one that the ledger itself names; give --vkey to be sure",
    ]
    found, report = standing.verified(kept=kept, vkeys=[standing.vkey])
    assert (found, report.proved, len(report.unproved)) == ([], True, 1)


def test_a_checkpoint_copied_from_paper_is_a_witness(standing: Shelf, shelf: Shelf) -> None:
    """Its three lines alone prove as much, by the word of whoever hands them over."""
    text = note.parse_note((standing.log / "checkpoint").read_bytes()).text
    kept = [note.parse_checkpoint(text.encode())]
    found, report = standing.verified(kept=kept)
    assert (found, report.proved) == ([], True)
    assert any("you vouch for it" in one for one in report.against)
    edit_and_sign(shelf, machine=True)
    found, report = shelf.verified(kept=kept)
    assert (told(found), report.proved) == ([REWRITTEN], False)


def test_a_checkpoint_of_an_unknown_signer_proves_nothing(standing: Shelf) -> None:
    """A checkpoint from outside that a stranger signed is named, and the verification stays unproved."""
    text = note.parse_note((standing.log / "checkpoint").read_bytes()).text
    kept = [note.parse_checkpoint(str(note.Note(text, (note.sign(text, STRANGER, "x"),))).encode())]
    found, report = standing.verified(kept=kept)
    assert (told(found), report.proved, code(found, report)) == (["SIGNER-UNKNOWN"], False, UNPROVED)


def test_what_was_rewritten_is_narrowed_by_what_is_known_elsewhere(standing: Shelf, shelf: Shelf) -> None:
    """Only checkpoints from places at least as trustworthy bound where history was rewritten."""
    kept = [
        note.parse_checkpoint((standing.log / name).read_bytes()) for name in ("checkpoints/120", "checkpoints/290")
    ]
    tail_replaced(shelf)
    signed_anew(shelf, shelf.keyring.load())
    (found, _), (whole, _) = shelf.verified(kept=kept), shelf.verified(kept=kept[1:])
    assert [one.found for one in found if one.kind == REWRITTEN] == [
        "among entries 121 to 290 are others than those vouched for by checkpoint 2"
    ]
    assert [one.found for one in whole if one.kind == REWRITTEN] == [
        "among entries 1 to 290 are others than those vouched for by checkpoint 1"
    ]


def test_one_entry_rewritten_is_named(tmp_path: Path) -> None:
    """Between two checkpoints that lie one entry apart, the finding is about that entry."""
    shelf = made(tmp_path, (40, 41, 50), signed=(40, 41))
    edit(shelf, 41)
    log_rewritten(shelf)
    found, _ = shelf.verified()
    assert told(found) == ["REWRITTEN 41"]
    assert found[0].found == "it is not the one vouched for by log/checkpoints/41 and log/checkpoint"


@pytest.mark.parametrize("since", [1, 120, 256, 290, 300])
def test_what_is_not_read_again_is_said(since: int, standing: Shelf, shelf: Shelf) -> None:
    """With --since the hashes come from the log: what lies before goes unread, and that is not kept quiet."""
    found, report = standing.verified(since=since)
    assert (found, report.size) == ([], 300)
    assert f"the bytes of entries 1 to {since}: only their hashes were taken from the log" in report.unproved
    edit(shelf, 57)
    edit(shelf, 299)
    found, _ = shelf.verified(since=since)
    assert told(found) == [f"ALTERED {position}" for position in (299, 57) if position > since]


def test_a_lost_tile_has_all_read_again(shelf: Shelf) -> None:
    """Where the hashes are gone, --since reads every entry after all."""
    gone("tile/0/000")(shelf)
    edit(shelf, 57)
    found, report = shelf.verified(since=290)
    assert {"TILE-LOST", "REWRITTEN"} <= {*told(found)}
    assert not any("taken from the log" in one for one in report.unproved)


def test_since_does_not_hide_leaves_that_are_gone(shelf: Shelf) -> None:
    """A file of leaves that begins where the reading begins, in the middle of a tile, is not the file that it was."""
    leaves = shelf.log / "tile/entries/000"
    leaves.write_bytes(bundled(unbundled(leaves.read_bytes())[120:]))
    for since in (0, 120, 121):
        assert told(shelf.verified(since=since)[0]) == ["TILE-ALTERED"]


def test_since_does_not_hide_what_is_gone(standing: Shelf, shelf: Shelf) -> None:
    """A size that lies behind the last entry, or behind what is sealed, counts as far as the entries and the log go."""
    assert standing.verified(since=1000)[0] == []
    cut(shelf, 280)
    assert set(told(shelf.verified(since=290)[0])) == {"TRUNCATED 281"}
    shelf.entries.write_bytes(standing.entries.read_bytes())
    appended(shelf)
    assert told(shelf.verified(since=301)[0]) == ["UNSEALED 301"]


def test_a_key_is_known_though_its_entry_is_not_read_again(shelf: Shelf) -> None:
    """With --since the entries that tell of keys are read all the same, and held against their hashes."""
    key_swapped(shelf)
    without_checkpoints(shelf, above=120)
    assert shelf.verified(since=120)[0] == []
    replaced(shelf, 1, "+", "-")
    assert "ALTERED 1" in told(shelf.verified(since=120)[0])


def test_false_tags_that_were_sealed_are_found_by_a_deep_look(shelf: Shelf) -> None:
    """Whoever keeps the book can seal an entry under tags that are not its own; what its event names tells."""
    assert tags_found(shelf.entries) == []
    with closing(SQLiteRecorder(shelf.entries)) as recorder:
        last = list(recorder.read())[-1].event
        data = last.data.replace(json.loads(last.data)["id"].encode(), b"0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f60")
        recorder.append([DCBEvent(last.type, data, ["entry:0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f60", "body:nowhere"])])
    with shelf.ledger() as ledger:
        shelf.seal(ledger)
    assert shelf.verified()[0] == []
    (found,) = tags_found(shelf.entries)
    assert (found.kind, found.found.split()[-1]) == ("TAGS-ALTERED", str(len(shelf.stored())))
