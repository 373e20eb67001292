"""For clerks: making a ledger."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger import creation
from ledger.cli import output
from ledger.cli.options import GlobalOptions
from ledger.folder import SETTINGS

if TYPE_CHECKING:
    from ledger.cli.desk import Desk


@click.command("init", cls=GlobalOptions)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What the ledger is called; else the folder's name.")
@click.option("--origin", default="", help="The ledger's own name in the world; else made up, with random characters.")
@click.option("--custodian", default="", help="Who looks after it.")
@click.option("--body", default="", metavar="SLUG", help="The keeper: the body whose ledger it is.")
@click.option("--clerk", default="", metavar="SLUG", help='Who records: a short name, not a person\'s; else "clerk".')
@click.pass_obj
def init_(desk: Desk, /, directory: Path, **settings: str) -> None:
    """Make a new ledger in a new folder. Nothing is ever overwritten: exit 5 when something is there."""
    with desk.lasting(f"{directory} was made", (directory / SETTINGS).exists):
        made = creation.create(directory, **settings)
    if not desk.quiet:
        kept = f", kept by {made.body}" if made.body else ""
        output.note(output.safe(f"made {made.path}: ledger {made.origin}{kept}"))
        quoted = output.safe(shlex.quote(str(made.path)))
        output.note(f"next: civic record --ledger {quoted} asks you, event by event; civic import FILE takes a file")
