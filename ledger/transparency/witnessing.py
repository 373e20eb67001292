"""Witnessing: an outsider signs a checkpoint, having seen that it continues what they signed before.

Source: C2SP tlog-witness and tlog-cosignature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.disk import put, read
from ledger.errors import Conflict, Damage, UsageError
from ledger.locks import locked
from ledger.transparency import merkle, note, proofs
from ledger.transparency.keys import Keyring

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.transparency.note import Checkpoint, VerifierKey


def cosigned(path: Path, keyring: Keyring, log: VerifierKey, consistency: Path | None, moment: int) -> Checkpoint:
    """Sign a checkpoint at a moment (POSIX seconds), and remember it.

    Raises:
        UsageError: a file cannot be read, or a proof is needed and was not given.
        Conflict: it is not signed by the log's key, or does not continue what was signed before.
    """
    if log.kind != note.ED25519:
        raise UsageError(
            f"{log.name}+{log.id.hex()} is the key of a witness", mend="name the key of the ledger: civic key show"
        )
    try:
        seen = note.parse_checkpoint(read(path))
        signers = seen.signers([log])
    except (OSError, note.Malformed) as error:
        raise UsageError(f"{path} is not a checkpoint: {error}", mend="look at the file") from error
    except note.Forged as error:
        raise Conflict(str(error), mend="do not sign it; ask whoever sent it") from error
    if not signers:
        raise Conflict(f"{path} is not signed by {log.name}+{log.id.hex()}", mend="look at the key, and at the file")
    key = keyring.load()
    with locked(keyring.home):  # two at once must not both take what the other has not seen yet
        before = _remembered(keyring, seen)
        if before and (before.size, before.root) != (seen.size, seen.root):
            _must_continue(before, seen, consistency)
        own = note.cosign(seen.note.text, key, keyring.name, moment)
        by_log = next(one for one in seen.note.signatures if (one.name, one.key_id) == (log.name, log.id))
        remembered = str(note.Note(seen.note.text, (by_log, own)))  # of the others' lines there may be too many
        put(_memory(keyring, seen), remembered.encode(), lasting=True, most=0o600)
    try:
        return note.parse_checkpoint(str(seen.note.with_signatures([own])).encode())
    except note.Malformed:
        return note.parse_checkpoint(remembered.encode())


def _must_continue(before: Checkpoint, seen: Checkpoint, consistency: Path | None) -> None:
    if seen.size < before.size:
        raise Conflict(
            f"{seen.size} entries are fewer than the {before.size} that you signed before", mend="do not sign it"
        )
    if seen.size == before.size:
        raise Conflict(
            f"you signed another root of {seen.size} entries before", mend="do not sign it: history was forked"
        )
    if consistency is None:
        raise UsageError(
            f"you signed {before.size} entries before, and these are {seen.size}",
            why="only a proof shows that the one continues the other",
            mend=f"ask for it: civic prove consistency {before.size} {seen.size}; add it with --consistency",
        )
    try:
        old, hashes, _ = proofs.parse_consistency(read(consistency))
    except (OSError, note.Malformed) as error:
        raise UsageError(f"{consistency} is not a proof: {error}", mend="ask for it again") from error
    if old != before.size or not merkle.proves_consistency(old, seen.size, before.root, seen.root, hashes):
        raise Conflict(
            "the proof does not show that the checkpoint continues the one that you signed before",
            mend=f"a proof from {before.size} is needed; if it is one, do not sign: history was rewritten",
        )


def _memory(keyring: Keyring, seen: Checkpoint) -> Path:
    lies = Keyring(keyring.folder, seen.origin, keyring.passphrase).folder
    return lies.with_name(f"{lies.name}.seen")


def _remembered(keyring: Keyring, seen: Checkpoint) -> Checkpoint | None:
    try:
        return note.parse_checkpoint(read(_memory(keyring, seen)))
    except FileNotFoundError:
        return None
    except (OSError, note.Malformed) as error:
        raise Damage(f"{_memory(keyring, seen)} cannot be read: {error}", mend="put it back from a copy") from error
