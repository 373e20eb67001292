"""For whoever must convince somebody outside: proofs that an entry is in the log, and that the log only grew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ledger.cli import output, phrases
from ledger.cli.new_files import all_new, hand_out
from ledger.cli.options import GlobalGroup, asked_format
from ledger.cli.verifying import UNPROVED
from ledger.cli.witnesses import asked_vkeys, checkpoint_in, parsed
from ledger.disk import read
from ledger.errors import Damage, NotFound, UsageError

if TYPE_CHECKING:
    from ledger.cli.desk import Desk
    from ledger.transparency.note import Checkpoint

_file = click.Path(path_type=Path, dir_okay=False)
_DIGITS: Final = 19
"""Of a number that no ledger reaches."""

asked_target = click.option("-o", "--output", "target", type=_file, help="A new file, instead of standard output.")


@click.group("prove", cls=GlobalGroup)
def prove_() -> None:
    """Prove something to somebody who has a checkpoint, and not the ledger."""


@prove_.command("inclusion")
@click.argument("entry")
@click.option(
    "--size", type=click.IntRange(1), metavar="N", help="Against the checkpoint of N entries; else the newest."
)
@asked_target
@click.option("--leaf", type=_file, help="A new file for the leaf, which the proof is about.")
@click.option("--content", type=_file, help="A new file for the entry as it is stored, whose hash is in the leaf.")
@click.pass_obj
def inclusion_(
    desk: Desk, entry: str, size: int | None, target: Path | None, leaf: Path | None, content: Path | None
) -> None:
    """Prove that an entry is under a checkpoint: a C2SP tlog-proof.

    ENTRY is its position, its id, or key:K. The proof holds the signed checkpoint, and shows that the leaf of the
    entry is in the tree that it vouches for. Whoever is to check it needs the leaf too; the content only if they are
    to read the entry: the leaf does not tell it.
    """
    from ledger.cli.things import entry_named, place_of
    from ledger.transparency import proving

    all_new(target, leaf, content)
    where = desk.folder
    found = proving.entry_at(where.entries, place_of(entry_named(entry)))
    proof = proving.inclusion(where.log, found, _against(desk, found.position, size))
    if leaf:
        hand_out(leaf, proof.leaf)
    if content:
        hand_out(content, found.data)
        with desk.ledger(read_only=True) as ledger:
            if found.position in ledger.still_in_clear():
                output.note(phrases.in_clear([found.position]))
    _hand_over(str(proof), target)


@prove_.command("consistency")
@click.argument("old")
@click.argument("new", required=False, type=click.IntRange(1))
@asked_target
@click.pass_obj
def consistency_(desk: Desk, old: str, new: int | None, target: Path | None) -> None:
    """Prove that a checkpoint continues an older one, and that nothing before it was altered.

    OLD is the number of entries that the older one vouches for, or its file; NEW the size of a checkpoint that is
    kept here, else the newest. What is printed is the body of a C2SP request to a witness; civic cosign takes it too.
    """
    from ledger.transparency import proving

    all_new(target)
    before: Checkpoint | int = (
        int(old) if old.isascii() and old.isdecimal() and len(old) < _DIGITS else _read(Path(old))
    )
    _hand_over(proving.consistency(desk.folder.log, before, proving.checkpoint_of(desk.folder.log, new)), target)


@prove_.command("check")
@click.argument("file", type=_file)
@click.option("--leaf", type=_file, help="The leaf that a proof of inclusion is about.")
@click.option("--old", type=_file, help="The older checkpoint, when it is a proof of consistency.")
@asked_vkeys
@asked_format
@output.concluding()
def check_(file: Path, leaf: Path | None, old: Path | None, vkeys: tuple[str, ...], format_: str | None) -> None:
    """Judge a proof that somebody handed over; no ledger is needed.

    Exit 0: it shows what is printed, and the checkpoint in it is signed with the ledger's own key, which you named.
    Exit 11: it shows it, but the ledger did not sign, as far as you named its key. Exit 10: it shows nothing, or a
    signature is forged, be it of the older checkpoint. Exit 2: a file is not written as a proof or a checkpoint is.

    Fields (JSON): shown, origin, size, signed_by.
    """
    from ledger.transparency import note, proving

    if (leaf is None) == (old is None):
        raise UsageError("what the proof is about is missing", mend="add --leaf FILE, or --old CHECKPOINT; one of them")
    keys = parsed(vkeys)
    try:
        if leaf:
            shown, seen = proving.judge_inclusion(read(file), read(leaf))
        else:
            older = _read(old or file)
            shown, seen = proving.judge_consistency(read(file), older)
            older.signers(keys)  # it may be typed from a newspaper, but not bear a forged signature
        signers = seen.signers(keys)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}", mend="look at its name") from error
    except note.Malformed as error:
        raise UsageError(f"{file} is not such a proof: {error}", mend="look at the file") from error
    except note.Forged as error:
        raise Damage(str(error), mend="do not believe it; ask whoever sent it") from error
    row = {"shown": shown, "origin": seen.origin, "size": seen.size, "signed_by": [str(key) for key in signers]}
    output.rows([row], output.chosen(format_), tuple(row))
    if all(key.kind != note.ED25519 for key in signers):
        output.note(
            output.safe(
                f"not proved: that {seen.origin} signed the checkpoint; name its key as you know it: --vkey NAME+ID+KEY"
            )
        )
        raise click.exceptions.Exit(UNPROVED)


def _against(desk: Desk, position: int, size: int | None) -> Checkpoint:
    """The checkpoint against which an entry is proved; when nothing was signed, say so of the entry."""
    from ledger.transparency import proving

    try:
        return proving.checkpoint_of(desk.folder.log, size)
    except NotFound as error:
        if size is not None:
            raise
        raise NotFound(f"entry {position} is not under a checkpoint yet", why=error.what, mend=error.mend) from error


def _read(path: Path) -> Checkpoint:
    from ledger.transparency import note

    try:
        return checkpoint_in(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", mend="OLD is a number of entries, or the file of a checkpoint"
        ) from error
    except note.Malformed as error:
        raise UsageError(f"{path} is not a checkpoint: {error}", mend="look at the file") from error


def _hand_over(text: str, target: Path | None) -> None:
    if target:
        hand_out(target, text.encode())
    else:
        output.hand_out(text)
