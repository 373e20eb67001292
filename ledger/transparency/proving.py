"""Proving: what is drawn from the log for somebody outside - that an entry is in it, that it has only grown.

Hashes are read from tiles alone, so the proof of the millionth entry costs what that of the first does. Each proof is
judged here as its recipient will judge it; what would not convince them is not handed out.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.disk import read
from ledger.errors import Damage, NotFound, UsageError
from ledger.store import file
from ledger.transparency import merkle, note, proofs
from ledger.transparency.envelope import Stored, leaf_of
from ledger.transparency.sealing import CHECKPOINTS, signed_sizes
from ledger.transparency.tiles import TiledTree, TileLost

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.transparency.note import Checkpoint

MEND: Final = "keep the folder as it is: civic verify names what differs"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an entry is under a checkpoint, with what is handed over beside it."""

    entry: Stored
    leaf: bytes
    hashes: Sequence[bytes]
    """Beside the way from the leaf up, nearest to the leaf first."""
    checkpoint: Checkpoint

    def __str__(self) -> str:
        return proofs.written_inclusion(self.entry.position - 1, self.hashes, self.checkpoint)


def entry_at(entries: Path, place: str) -> Stored:
    """An entry as it is stored, by `position:` and its number or `entry:` and its id.

    Raises:
        NotFound: there is none.
        StoreError: the file cannot be read.
    """
    kind, _, name = place.partition(":")
    where = "position = ?" if kind == "position" else "position = (SELECT position FROM tags WHERE tag = ?)"
    sql = f"SELECT position, type, tags, data FROM entries WHERE {where}"  # noqa: S608 - two places, and a mark
    with closing(file.connect(entries, read_only=True)) as connection, file.explained(entries):
        row = connection.execute(sql, (int(name) if kind == "position" else place,)).fetchone()
    if row is None:
        raise NotFound(f"there is no entry {name}", mend="civic history lists them")
    position, type_, tags, data = row
    return Stored(position, type_, tags.split("\n"), data)


def checkpoint_of(log: Path, size: int | None = None) -> Checkpoint:
    """A checkpoint that is kept in the log: that of a size, or the newest.

    Raises:
        NotFound: there is none.
        Damage: it cannot be read.
    """
    sizes = signed_sizes(log)
    if not sizes:
        raise NotFound("nothing was signed here yet", mend="sign the ledger as it is: civic checkpoint")
    if size is not None and size not in sizes:
        known = ", ".join(map(str, sizes[-10:]))
        raise NotFound(
            f"no checkpoint of {size} entries is kept here",
            why=f"the newest are of {known}",
            mend="name one of these, or none: then it is the newest",
        )
    path = log / CHECKPOINTS / str(sizes[-1] if size is None else size)
    try:
        found = note.parse_checkpoint(read(path))
    except (OSError, note.Malformed) as error:
        raise Damage(f"{path} cannot be read: {error}", mend=MEND) from error
    if str(found.size) != path.name:
        raise Damage(f"{path} is of {found.size} entries", mend=MEND)
    return found


def inclusion(log: Path, entry: Stored, checkpoint: Checkpoint) -> Inclusion:
    """Prove that an entry is under a checkpoint.

    Raises:
        NotFound: it was recorded after it.
        Damage: the entry, the log and the checkpoint contradict each other.
    """
    if entry.position > checkpoint.size:
        newest = signed_sizes(log)[-1]
        later = entry.position <= newest
        raise NotFound(
            f"entry {entry.position} is not under {'that' if later else 'a'} checkpoint{'' if later else ' yet'}",
            why=f"it vouches for the first {checkpoint.size}" if later else f"the newest vouches for {newest}",
            mend="leave out --size" if later else "sign the ledger as it is: civic checkpoint",
        )
    leaf = leaf_of(entry)
    index = entry.position - 1  # positions count from 1 without a gap: civic verify would name one
    tree = TiledTree(log, checkpoint.size)
    try:
        hashes = merkle.inclusion(index, checkpoint.size, tree.node)
    except TileLost as error:
        raise Damage(f"the log has lost {error}", mend=MEND) from error
    if not merkle.proves_inclusion(index, checkpoint.size, merkle.leaf_hash(leaf), hashes, checkpoint.root):
        raise Damage(
            f"entry {entry.position} cannot be proved",
            why="the entry, the log and the checkpoint contradict each other",
            mend=MEND,
        )
    return Inclusion(entry, leaf, hashes, checkpoint)


def consistency(log: Path, old: Checkpoint | int, new: Checkpoint) -> str:
    """Prove that a checkpoint continues an older one, given itself or its size: the body of a request to a witness.

    Raises:
        UsageError: the older one is of another ledger, or is not older.
        Damage: it does not continue it.
    """
    if isinstance(old, int):
        known = checkpoint_of(log, old) if old in signed_sizes(log) else None
        size = old
    else:
        known, size = old, old.size
    if known and known.origin != new.origin:
        raise UsageError(
            f"that is a checkpoint of {known.origin}, this ledger is {new.origin}", mend="look at the file"
        )
    if size > new.size:
        raise UsageError(
            f"a checkpoint of {new.size} entries cannot continue one of {size}",
            why="the older one is named first, and vouches for fewer",
            mend="if it was signed by this ledger, entries may be gone: civic verify --checkpoint FILE",
        )
    tree = TiledTree(log, new.size)
    try:
        hashes = merkle.consistency(size, new.size, tree.node)
        root = known.root if known else _root(tree, size)
    except TileLost as error:
        raise Damage(f"the log has lost {error}", mend=MEND) from error
    if not merkle.proves_consistency(size, new.size, root, new.root, hashes):
        raise Damage(
            f"the checkpoint of {new.size} entries does not continue that of {size}",
            why="history was rewritten, or the log is damaged",
            mend=f"{MEND} (--checkpoint FILE)",
        )
    return proofs.written_consistency(size, hashes, new)


def judge_inclusion(proof: bytes, leaf: bytes) -> tuple[str, Checkpoint]:
    """What a proof shows of a leaf, in a sentence, and the checkpoint against which it does.

    Raises:
        note.Malformed: it is not such a proof.
        Damage: it does not show that the leaf is under the checkpoint.
    """
    index, hashes, checkpoint = proofs.parse_inclusion(proof)
    if not merkle.proves_inclusion(index, checkpoint.size, merkle.leaf_hash(leaf), hashes, checkpoint.root):
        raise Damage(
            f"the proof does not show that the leaf is under the checkpoint of {checkpoint.size} entries",
            why="it is another leaf, another proof, or one of them was altered",
            mend="ask for both again: civic prove inclusion ENTRY --leaf FILE",
        )
    return f"the leaf is number {index + 1} of the {checkpoint.size} under the checkpoint", checkpoint


def judge_consistency(proof: bytes, old: Checkpoint) -> tuple[str, Checkpoint]:
    """What a proof shows of an older checkpoint, in a sentence, and the checkpoint that continues it.

    Raises:
        note.Malformed: it is not such a proof.
        Damage: it does not show that the one continues the other.
    """
    size, hashes, new = proofs.parse_consistency(proof)
    if (size, new.origin) != (old.size, old.origin):
        raise Damage(
            f"the proof is about {size} entries of {new.origin}, the older checkpoint about {old.size} of {old.origin}",
            mend=f"ask for another: civic prove consistency {old.size}",
        )
    if not merkle.proves_consistency(size, new.size, old.root, new.root, hashes):
        raise Damage(
            f"the proof does not show that the checkpoint of {new.size} entries continues that of {old.size}",
            why="history was rewritten, or the proof was altered",
            mend=f"ask for another: civic prove consistency {old.size}; if that shows it neither, tell others",
        )
    return f"the checkpoint of {new.size} entries continues that of {old.size}: nothing before it was altered", new


def _root(tree: TiledTree, size: int) -> bytes:
    """The root over the first leaves, as the tiles have them."""
    return merkle.Range(size, [tree.node(height, place) for height, place in merkle.peaks_of(size)]).root()
