"""What somebody does to a ledger folder who means to go unseen: with raw SQL, own tools, or a stolen key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from ledger.disk import put
from ledger.store import file
from ledger.transparency import note
from ledger.transparency.envelope import leaf_of
from ledger.transparency.merkle import leaf_hash
from ledger.transparency.sealing import seal, signed_sizes
from ledger.transparency.tiles import WIDTH, bundle_sizes, bundled, tile_path
from ledger.transparency.tree import WholeTree

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tests.ledger.transparency.shelf import Shelf

GUARDS = [name for name, sql in file.SCHEMA.items() if sql.startswith("CREATE TRIGGER")]


@contextmanager
def bare(shelf: Shelf) -> Iterator[sqlite3.Connection]:
    """The database, as whoever has the file can change it."""
    with closing(sqlite3.connect(shelf.entries)) as connection:
        yield connection
        connection.commit()


@contextmanager
def opened(shelf: Shelf) -> Iterator[sqlite3.Connection]:
    """The same with all triggers gone, which are put back afterwards letter for letter."""
    with bare(shelf) as connection:
        for name in GUARDS:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for name in GUARDS:
            connection.execute(file.SCHEMA[name])


def executed(shelf: Shelf, *statements: str) -> None:
    """Change the entries, and leave no trace of it in the schema."""
    with opened(shelf) as connection:
        for statement in statements:
            connection.execute(statement)


def replaced(shelf: Shelf, position: int, old: str, new: str) -> None:
    """Change what an entry says."""
    with opened(shelf) as connection:
        (data,) = connection.execute("SELECT data FROM entries WHERE position = ?", (position,)).fetchone()
        changed = data.replace(old.encode(), new.encode(), 1)
        assert changed != data
        connection.execute("UPDATE entries SET data = ? WHERE position = ?", (changed, position))


def log_rewritten(shelf: Shelf) -> None:
    """Derive the whole log anew, as if the entries had always been these; checkpoints stay, and find their tiles."""
    rmtree(shelf.log / "tile")
    checkpoint, aside = shelf.log / "checkpoint", shelf.log / "aside~"
    if checkpoint.exists():
        checkpoint.rename(aside)
    (shelf.log / "head").unlink(missing_ok=True)
    where = shelf.where
    with shelf.ledger() as ledger:
        seal(shelf.log, where.origin, where.settings_digest, ledger)
        every = [leaf_of(one) for one in ledger.stored()]
    for signed in (size for size in signed_sizes(shelf.log) if size <= len(every)):
        leaves = every[:signed]
        for start in range(0, len(leaves), WIDTH):
            part = leaves[start : start + WIDTH]
            put(shelf.log / tile_path("entries", start // WIDTH, len(part)), bundled(part))
            put(shelf.log / tile_path(0, start // WIDTH, len(part)), b"".join(map(leaf_hash, part)))
    if aside.exists():
        aside.rename(checkpoint)


def signed_anew(
    shelf: Shelf, key: Ed25519PrivateKey, sizes: Sequence[int] = (120, 290), *, machine: bool = False
) -> None:
    """Sign the entries as they are now, in the place of every checkpoint that was there; also on the machine."""
    rmtree(shelf.log / "checkpoints")
    leaves = b"".join(leaf_hash(leaf_of(one)) for one in shelf.stored())
    tree, origin = WholeTree(leaves), shelf.where.origin
    for size in sizes:
        text = note.checkpoint_text(origin, size, tree.root(size))
        whole = str(note.Note(text, (note.sign(text, key, origin),))).encode()
        put(shelf.log / "checkpoints" / str(size), whole)
        put(shelf.log / "checkpoint", whole)
        if machine:
            put(shelf.keyring.folder / "last-signed", whole)


def without_checkpoints(shelf: Shelf, *, above: int = 0) -> None:
    """Make as if nothing had been signed behind a size: neither the checkpoints are left, nor their leaves."""
    for size, name in bundle_sizes(shelf.log).items():
        if size > above:
            (shelf.log / name).unlink()
    left = ""
    for path in sorted((shelf.log / "checkpoints").iterdir(), key=lambda path: int(path.name)):
        if int(path.name) > above:
            path.unlink()
        else:
            left = path.read_text()
    if left:
        (shelf.log / "checkpoint").write_text(left)
    else:
        (shelf.log / "checkpoint").unlink()


def edited(path: Path, old: str | bytes, new: str | bytes) -> None:
    """Change a file."""
    old, new = (one.encode() if isinstance(one, str) else one for one in (old, new))
    data = path.read_bytes()
    assert data.replace(old, new, 1) != data
    path.write_bytes(data.replace(old, new, 1))


def flipped(path: Path, at: int, bit: int = 0) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)
