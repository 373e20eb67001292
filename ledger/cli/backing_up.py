"""For keepers: backups, and the way back from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli import output
from ledger.cli.desk import Desk, now
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.signing import asked_clerk, record_custody
from ledger.cli.witnesses import asked_checkpoints, asked_vkeys, parsed, read_witness, remembered
from ledger.folder import SETTINGS

if TYPE_CHECKING:
    from ledger.backup import Backup
    from ledger.folder import Folder
    from ledger.transparency.hearing import Witness


@click.command("backup", cls=GlobalOptions)
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@asked_format
@click.pass_obj
def backup_(desk: Desk, target: Path, format_: str | None) -> None:
    """Copy the ledger into a new folder, verify the copy in full, and list what is in it with SHA-256.

    The copy can be read as a ledger (civic -L DIR ...); nothing is recorded in it. Personal details are in it: once one
    was ordered to be erased, make a new backup and remove the older ones.

    Fields (JSON): backup, origin, size, root.
    """
    from ledger.backup import MANIFEST, back_up

    with desk.lasting(f"the backup {target} was made", (target / MANIFEST).exists):
        made = back_up(desk.folder, target, remembered(desk), now().isoformat())
    _say_what_is_left(target)
    if output.chosen(format_) == "table":
        output.say(output.safe(f"{made.path}: {made.size} entries of {made.origin}, root {made.root}"))
        return
    row = {"backup": str(made.path), "origin": made.origin, "size": made.size, "root": made.root}
    output.rows([row], output.chosen(format_), tuple(row))


@click.command("restore", cls=GlobalOptions)
@click.argument("backup", type=click.Path(path_type=Path))
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@asked_checkpoints
@asked_vkeys
@click.option(
    "--new-origin", metavar="ORIGIN", help="Go on as another ledger, where entries that were signed are lost."
)
@click.option("--reason", metavar="TEXT", help="Why it goes on as another ledger, and what is known to be missing.")
@asked_clerk
@click.pass_obj
def restore_(
    desk: Desk,
    backup: Path,
    target: Path,
    checkpoints: tuple[Path, ...],
    vkeys: tuple[str, ...],
    new_origin: str | None,
    reason: str | None,
    clerk: str | None,
) -> None:
    """Make a ledger anew, in a new folder, from a backup that is verified first.

    A backup that is older than a checkpoint which is known - the last one signed on this machine, or those given - is
    refused: entries that were signed would be missing. With --new-origin it goes on as another ledger, whose first new
    entry (ledger-restored) says so and names the root of what was restored.
    """
    from ledger.backup import checked_origin, restore
    from ledger.transparency.checkpointing import lay_again

    checked_origin(new_origin, reason)
    given = [read_witness(path) for path in checkpoints]

    def witnesses_of(origin: str) -> list[Witness]:
        return [*remembered(desk, origin), *given]

    def record(copy: Folder, source: Backup) -> None:
        linked = {"former": source.origin, "origin": copy.origin, "size": source.size, "root": source.root}
        record_custody(
            Desk(named=str(copy.path), restoring=True), "ledger-restored", {**linked, "reason": reason}, clerk
        )

    with desk.lasting(f"the ledger {target} was restored", (target / SETTINGS).exists):
        made, source = restore(backup, target, witnesses_of, parsed(vkeys), new_origin, record)
    if new_origin is None:
        signed_since = [one.checkpoint for one in remembered(desk, made.origin)]
        with Desk(named=str(made.path), quiet=True).ledger(clerk) as ledger:
            lay_again(made.log, made.origin, made.settings_digest, ledger, lost=(), known=signed_since)
    _say_what_is_left(target)
    if not desk.quiet:
        output.note(output.safe(f"restored {source.size} entries into {made.path}: ledger {made.origin}"))
        if new_origin is not None:
            output.note("it needs a key of its own: civic key init")


def _say_what_is_left(target: Path) -> None:
    """Name what a killed copy left behind: nobody else would find it, and details of people lie in it."""
    from ledger.copies import left_over

    for path in left_over(target):
        why = "half a copy, personal details and all"
        output.note(output.safe(f"{path} is {why}: remove it, if none is being made now"))
