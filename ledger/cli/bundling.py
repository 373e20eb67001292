"""For auditors: everything under one checkpoint in one file, and the verification of such a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli import output, phrases
from ledger.cli.new_files import all_new, new_file
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.verifying import conclude, told
from ledger.cli.witnesses import asked_checkpoints, asked_vkeys, parsed, read_witness
from ledger.errors import NotFound

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

_file = click.Path(path_type=Path, dir_okay=False)


@click.command("bundle", cls=GlobalOptions)
@click.argument("target", metavar="FILE.zip", type=_file)
@click.option("--sealed", is_flag=True, help="Leave out what the entries say: hashes alone, which still verify.")
@click.option("--personal", is_flag=True, help="Hand over the personal details too, as far as they were not erased.")
@click.option(
    "--size", type=click.IntRange(1), metavar="N", help="Everything under the checkpoint of N entries; else the newest."
)
@click.pass_obj
def bundle_(desk: Desk, target: Path, size: int | None, *, sealed: bool, personal: bool) -> None:
    """Pack everything under a checkpoint into a new ZIP file, for an auditor.

    It holds the checkpoint, every entry with its leaf, and the tiles; two programs that verify it without ours, and in
    plain words how to do so by hand. Every entry is read and hashed again first. The same ledger and checkpoint give
    the same bytes.
    """
    from ledger.transparency.bundle import Bundle
    from ledger.transparency.proving import checkpoint_of

    all_new(target)
    checkpoint = checkpoint_of(desk.folder.log, size)
    with desk.ledger(read_only=True) as ledger:
        made = Bundle(checkpoint, ledger, sealed=sealed, details=_details(desk, ledger, personal=personal))
        with new_file(target, private=personal) as file:
            made.write(file)
        telling = [position for position in ledger.still_in_clear() if position <= checkpoint.size]
        if telling and not sealed:
            output.note(f"{phrases.in_clear(telling)}; --sealed leaves it out")
    if not desk.quiet:
        output.note(output.safe(f"{target}: {checkpoint.size} entries of {checkpoint.origin}, {len(made)} files"))
        output.note("an auditor unpacks it and reads VERIFY.txt, or asks: civic verify-bundle FILE --vkey NAME+ID+KEY")


def _details(desk: Desk, ledger: Ledger, *, personal: bool) -> dict[str, tuple[bytes, bytes]]:
    """By commitment: each personal detail of the ledger and its salt, if they are handed over."""
    from ledger.store.personal import to_hand_over

    found = to_hand_over(desk.folder.personal, ledger.orders) if personal else []
    return {one.commitment: (one.value.encode(), one.salt) for one in found}


@click.command("verify-bundle", cls=GlobalOptions)
@click.argument("file", metavar="FILE.zip", type=_file)
@asked_checkpoints
@asked_vkeys
@asked_format
@output.concluding()
def verify_bundle_(file: Path, checkpoints: tuple[Path, ...], vkeys: tuple[str, ...], format_: str | None) -> None:
    """Verify a bundle without the ledger, and without unpacking it.

    Exit 0: a checkpoint or a key that you gave vouches for the entries. Exit 11: nothing is wrong, but the bundle
    speaks for itself alone; or something could not be judged. Exit 10: something is not what it was, or the file is
    not as a bundle is made; each finding names its kind (civic help findings) and the entry.

    Fields (JSON): kind, entry, found; in the last line kind is CONCLUSION: size, root, proved, against, unproved.
    """
    from ledger.transparency.bundle_verification import BundleVerification

    if not file.exists():
        raise NotFound(f"there is no file {file}", mend="look at its name")
    form = output.chosen(format_)
    verification = BundleVerification(file, [read_witness(path) for path in checkpoints], parsed(vkeys))
    found = list(told(verification.findings(), form))
    conclude(found, verification.report, form, of="bundle")
