"""Checkpoints: what the ledger vouches for, by its key, for ever.

The laws of signing:

1. What is signed was read back from the store and hashed again just now.
2. Nothing is signed that does not continue what was signed before: neither the `last-signed` of this machine nor the
   checkpoint in the folder. A restored backup that was written on cannot quietly fork history.
3. It is remembered before it is shown: killed in between, the same checkpoint is signed again (Ed25519 signs the same
   text the same way).
4. Under a signature everything is on the disk: tiles, leaves, checkpoint.
5. The last leaves of a tree, in a bundle that is not full, are laid only once it is signed: where they lie without
   their checkpoint, it was removed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.disk import read, sync
from ledger.errors import Conflict, Damage, NotFound, UsageError
from ledger.transparency import note
from ledger.transparency.envelope import leaf_of
from ledger.transparency.log_writing import folders_of, lay, log_locked
from ledger.transparency.merkle import HASH, Range, leaf_hash
from ledger.transparency.sealing import (
    CHECKPOINT,
    CHECKPOINTS,
    derived_anew,
    prune,
    read_head,
    seal,
    signed,
    signed_sizes,
)
from ledger.transparency.tiles import (
    WIDTH,
    TileLost,
    bundle_sizes,
    bundled,
    edge_of,
    is_full,
    read_tile,
    tile_path,
    tiles_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from ledger.transparency.envelope import Source
    from ledger.transparency.keys import Keyring
    from ledger.transparency.note import Checkpoint, VerifierKey
    from ledger.transparency.sealing import Head

MEND: Final = "keep the folder as it is, and do not write on: civic verify names what differs"


def take(
    log: Path, origin: str, settings: str, entries: Source, keyring: Keyring, watch: Callable[[int, int], None]
) -> Checkpoint:
    """Sign the ledger as it is now; `watch` is told how many entries were read again, and of how many.

    Raises:
        NotFound, UsageError: the key is not there, or cannot be used.
        Damage: what would be signed contradicts itself, or what was signed before.
        OSError: the log cannot be written.
    """
    key = keyring.load()
    before = keyring.last_signed()
    seal(log, origin, settings, entries)
    with log_locked(log):
        head = read_head(log)
        if head is None or head.size == 0:
            raise NotFound("there is nothing to sign: the ledger holds no entry", mend="record something first")
        held = [one for one in (before, signed(log)) if one]
        for one in held:
            if one.origin != origin:
                raise Damage(f"what was signed before is of another ledger: {one.origin}", mend=MEND)
        last = _read_again(log, head, entries, held, head.size, watch)
        text = note.checkpoint_text(origin, head.size, head.root)
        former = (line for one in held if one.note.text == text for line in one.note.signatures)  # witnesses' too
        whole = note.Note(text, (note.sign(text, key, keyring.name),)).with_signatures(former)
        covered = signed(log)
        keyring.remember(str(whole))
        if last:
            _lay_leaves(log, tile_path("entries", head.size // WIDTH, len(last)), last)
        fresh = [*_fresh(log, covered.size if covered else 0, head.size), *_laid_again(log, head.size, last)]
        sync([*fresh, *folders_of(log, fresh)])
        _put_back(log, held)
        lay(log, f"{CHECKPOINTS}/{head.size}", str(whole).encode(), lasting=True)
        lay(log, CHECKPOINT, str(whole).encode(), lasting=True)
        prune(log, head.size)
    return note.parse_checkpoint(str(whole).encode())


def add_signatures(log: Path, other: Checkpoint, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, int]:
    """Take the signatures of witnesses into the checkpoint that they saw; with it, how many it did not bear before.

    Raises:
        NotFound: there is no checkpoint of that size here.
        Conflict: it is another one, or a signature in it is forged.
        UsageError: none of the keys signed it.
    """
    path = log / CHECKPOINTS / str(other.size)
    with log_locked(log):
        try:
            own = note.parse_checkpoint(read(path))
        except (OSError, note.Malformed):
            raise NotFound(f"there is no checkpoint of {other.size} entries here", mend="ask its sender") from None
        if own.note.text != other.note.text:
            raise Conflict(
                "that is another checkpoint",
                why=f"here {own.origin} vouches for another root of {own.size} entries",
                mend="two histories are told of one ledger: civic verify --checkpoint FILE",
            )
        try:
            found = other.signers(keys)
        except note.Forged as error:
            raise Conflict(str(error), mend="ask the witness to sign again") from error
        if not found:
            raise UsageError(
                "no signature in it is by the keys named", mend="name the witness's key: --vkey NAME+ID+KEY"
            )
        named = {(key.name, key.id) for key in found}
        theirs = {(one.name, one.key_id): one for one in other.note.signatures if (one.name, one.key_id) in named}
        former = {(one.name, one.key_id): one for one in own.note.signatures}
        whole = note.Note(own.note.text, tuple({**former, **theirs}.values()))  # of each witness the newest line
        try:
            taken = note.parse_checkpoint(str(whole).encode())
        except note.Malformed as error:
            raise Conflict(str(error), mend="take in the witnesses that matter, and no others") from error
        lay(log, f"{CHECKPOINTS}/{other.size}", str(whole).encode(), lasting=True)
        newest = signed(log)
        if newest and newest.note.text == whole.text:
            lay(log, CHECKPOINT, str(whole).encode(), lasting=True)
    return taken, len({*whole.signatures} - {*own.note.signatures})


def answered(log: Path, answer: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The newest checkpoint here that the answer of a witness fits, with it: signatures alone (C2SP tlog-witness).

    Raises:
        Malformed: it is not made of signatures.
        UsageError: it fits none.
    """
    for size in reversed(signed_sizes(log)):
        try:
            own = note.parse_checkpoint(read(log / CHECKPOINTS / str(size)))
        except (OSError, note.Malformed):
            continue  # civic verify names it
        whole = note.parse_checkpoint(f"{own.note.text}\n".encode() + answer)
        with suppress(note.Forged):  # it may be the answer to another
            if whole.signers(keys):
                return whole
    raise UsageError(
        "the answer is not a signature of a checkpoint that is kept here, by the keys named",
        mend="name the witness's key: --vkey NAME+ID+KEY; or ask the witness again",
    )


class Laid(NamedTuple):
    """What was laid again, as names of files in the log."""

    size: int
    """How many entries the log holds."""
    derived: list[str]
    checkpoints: list[str]


def lay_again(
    log: Path, origin: str, settings: str, entries: Source, *, lost: Collection[str], known: Iterable[Checkpoint]
) -> Laid:
    """Lay again what is derived, from the entries, and the `known` checkpoints that are missing.

    `lost` names files of the log that are empty or cut short. Nothing is signed. All of it was verified just before.

    Raises:
        Damage: the entries are not those that were signed.
        OSError: the log cannot be written.
    """
    with log_locked(log):
        for name in lost:
            (log / name).unlink(missing_ok=True)
        there = _names(log)
        head = derived_anew(log, origin, settings, entries)
        newest = (note.parse_checkpoint(read(log / CHECKPOINTS / str(size))) for size in signed_sizes(log)[-1:])
        held = [one for one in (*known, *newest, signed(log)) if one and one.origin == origin]
        last = _read_again(log, head, entries, held, max((one.size for one in held), default=0))
        checkpoints = _put_back(log, held)
        former = signed(log)
        for one in sorted(held, key=lambda one: one.size)[-1:]:
            if former is None or former.size < one.size:
                lay(log, CHECKPOINT, str(one.note).encode(), lasting=True)
                checkpoints.append(CHECKPOINT)
        fresh = [*_laid_again(log, head.size, last), *_fresh(log, 0, head.size)]
        fresh = [path for path in fresh if path.exists()]  # the leaves behind the newest checkpoint are not laid yet
        sync([*fresh, *folders_of(log, fresh)])
        derived = _names(log) - there - {*checkpoints}
    return Laid(head.size, sorted(derived), checkpoints)


def unkept(log: Path, known: Iterable[Checkpoint] = ()) -> list[int]:
    """The sizes of checkpoints that were signed and are not kept in the log, as their leaves or `known` ones tell."""
    return sorted({*bundle_sizes(log), *(one.size for one in known)} - {*signed_sizes(log)})


def _put_back(log: Path, held: Iterable[Checkpoint]) -> list[str]:
    """Keep checkpoints that were signed and are not kept; returns the names of their files."""
    fresh = {f"{CHECKPOINTS}/{one.size}": one for one in held if one.size not in signed_sizes(log)}
    for name, one in fresh.items():
        lay(log, name, str(one.note).encode(), lasting=True)
    return [*fresh]


def _names(log: Path) -> set[str]:
    """The files of the log."""
    return {path.relative_to(log).as_posix() for path in log.rglob("*") if path.is_file()}


def _read_again(
    log: Path, head: Head, entries: Source, held: Iterable[Checkpoint], covered: int,
    watch: Callable[[int, int], None] = lambda done, whole: None,  # noqa: ARG005 - nobody watches
) -> list[bytes]:  # fmt: skip
    """Hash every stored entry again, and lay the leaves of full tiles among the first `covered` beside the hashes.

    Returns the leaves of the tile that is not full yet.

    Raises:
        Damage: the entries are not those in the log, or not those that were signed.
    """
    tree, wanted, last = Range(), {one.size: one for one in held}, list[bytes]()
    for number, leaves in enumerate(_by_tile(head, entries)):
        hashes = [leaf_hash(leaf) for leaf in leaves]
        try:
            tile = read_tile(log, 0, number, len(leaves))
        except TileLost as error:
            raise Damage(f"the log has lost {error}", mend=MEND) from error
        if b"".join(hashes) != tile:
            place = next(i for i, one in enumerate(hashes) if one != tile[i * HASH : (i + 1) * HASH])
            raise Damage(f"entry {number * WIDTH + place + 1} is not what was sealed", mend=MEND)
        for one in hashes:
            tree.append(one)
            known = wanted.pop(tree.size, None)
            if known and known.root != tree.root():
                raise Damage(f"the first {known.size} entries are not those that were signed before", mend=MEND)
        if len(leaves) < WIDTH:
            last = leaves
        elif number * WIDTH < covered:
            _lay_leaves(log, tile_path("entries", number), leaves)
        watch(tree.size, head.size)
    if wanted:
        most = max(wanted)
        raise Damage(
            f"the ledger holds {tree.size} entries, and {most} were signed before",
            why="entries are missing, or this is an old copy",
            mend=f"{MEND}; a newer backup may hold them: civic help backup",
        )
    if (tree.size, tree.root()) != (head.size, head.root):
        raise Damage("the entries are not those in the log", mend=MEND)
    return last


def _lay_leaves(log: Path, name: str, leaves: Sequence[bytes]) -> None:
    """Lay a bundle of leaves, where it is not there as it should be."""
    bundle = bundled(leaves)
    if not (log / name).exists() or read(log / name) != bundle:
        lay(log, name, bundle)


def _by_tile(head: Head, entries: Source) -> Iterator[list[bytes]]:
    leaves: list[bytes] = []
    for one in entries.stored():
        if one.position > head.position:
            break
        leaves.append(leaf_of(one))
        if len(leaves) == WIDTH:
            yield leaves
            leaves = []
    if leaves:
        yield leaves


def _fresh(log: Path, covered: int, size: int) -> Iterator[Path]:
    """The tiles and leaves of a tree that were not under a signature yet."""
    before = set(tiles_of(covered))
    for level, number, width in tiles_of(size):
        if (level, number, width) not in before:
            yield log / tile_path(level, number, width)
            if level == 0:
                yield log / tile_path("entries", number, width)


def _laid_again(log: Path, size: int, last: Sequence[bytes]) -> Iterator[Path]:
    """The partial tiles that trees signed earlier still need, where they are lost: written again from wider ones.

    `last`: the leaves of the tile that is not full.
    """
    for level, number, width in {tile for tree in signed_sizes(log) if tree <= size for tile in edge_of(tree)}:
        if is_full(level, number, size):
            continue  # the full one is there
        needed = {tile_path(level, number, width): read_tile(log, level, number, width)}
        if level == 0:
            needed[tile_path("entries", number, width)] = bundled(last[:width])
        for name, data in needed.items():
            if not (log / name).exists():
                lay(log, name, data)
                yield log / name
