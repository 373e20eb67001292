"""Checkpoints and keys from outside, as they are named on a command line: what the entries are held against."""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli import output
from ledger.disk import read
from ledger.errors import LedgerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.cli.desk import Desk
    from ledger.transparency.finding import Finding
    from ledger.transparency.hearing import Witness
    from ledger.transparency.note import Checkpoint, VerifierKey

asked_vkeys = click.option(
    "--vkey", "vkeys", multiple=True, metavar="NAME+ID+KEY", help="The key of a signer whom you know; repeatable."
)

asked_checkpoints = click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A checkpoint that was kept elsewhere; repeatable.",
)


def parsed(vkeys: Iterable[str]) -> list[VerifierKey]:
    """The keys that were named.

    Raises:
        UsageError: one is not written as a key.
    """
    from ledger.transparency import note

    try:
        return [note.parse_key(vkey) for vkey in vkeys]
    except note.UnknownKind as error:
        raise UsageError(str(error), mend="name a key of Ed25519; other signatures are left as they are") from error
    except note.Malformed as error:
        raise UsageError(str(error), mend="copy the whole of it: civic key show prints it") from error


def read_witness(path: Path, folder: Path | None = None) -> Witness:
    """A checkpoint that was kept elsewhere; what lies in the folder of the ledger itself was not.

    Raises:
        UsageError: the file is not one.
    """
    from ledger.transparency import note
    from ledger.transparency.hearing import LOG, OUTSIDE, Witness

    try:
        place = LOG if folder and path.resolve().is_relative_to(folder.resolve()) else OUTSIDE
        return Witness(str(path), place, checkpoint_in(path))
    except (OSError, RuntimeError) as error:  # the second for links that lead to each other
        reason = error.strerror if isinstance(error, OSError) else "it is a link to itself"
        raise UsageError(f"{path} cannot be read: {reason}", mend="look at the name of the file") from error
    except note.Malformed as error:
        raise UsageError(
            f"{path} is not a checkpoint: {error}",
            why="without it nothing was verified",
            mend="copy the file as it was handed out, or its first three lines: origin, size, root",
        ) from error


def checkpoint_in(path: Path) -> Checkpoint:
    """The checkpoint in a file, also as editors and mail programs leave one: with other line ends, marks and blanks.

    Raises:
        OSError: it cannot be read.
        Malformed: it is none.
    """
    from ledger.transparency import note

    data = read(path).removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    try:
        return note.parse_checkpoint(data)
    except note.Malformed as error:
        lines = data.strip().split(b"\n")
        with suppress(note.Malformed):
            return note.parse_checkpoint(b"".join(line.strip() + b"\n" for line in lines))
        raise error from None


def last_signed(desk: Desk, origin: str | None = None) -> tuple[list[Witness], list[Finding]]:
    """The newest checkpoint that this machine signed, if it did, of the ledger that is meant or of an origin.

    Where it cannot be read, that is found.
    """
    from ledger.transparency.finding import Finding
    from ledger.transparency.hearing import Witness

    try:
        found = (desk.keys_of(origin) if origin else desk.keyring).last_signed()
    except LedgerError as error:
        return [], [Finding("UNAVAILABLE", None, error.what)]
    return [Witness("the last checkpoint signed on this machine", "machine", found)] if found else [], []


def remembered(desk: Desk, origin: str | None = None) -> list[Witness]:
    """The same, for whoever goes on without it; they are told."""
    witnesses, unread = last_signed(desk, origin)
    for one in unread:
        output.note(output.safe(one.found))
    return witnesses
