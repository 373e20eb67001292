"""For keepers: a copy of every entry, the examination of the book, and the read models."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ledger.cli import output
from ledger.cli.desk import now
from ledger.cli.options import GlobalGroup, GlobalOptions, asked_format
from ledger.errors import Conflict, UsageError

if TYPE_CHECKING:
    from ledger.cli.desk import Desk

DAMAGED: Final = 10
"""The exit code of an examination that found damage."""


@click.command("export", cls=GlobalOptions)
@click.argument("format_", metavar="FORMAT", type=click.Choice(["jsonl"]), expose_value=False)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file, instead of standard output.",
)
@click.pass_obj
def export_(desk: Desk, target: Path | None) -> None:
    """Write every entry in order, one JSON object a line, as `civic import` takes them.

    Fields (JSON): id, position, recorded_at, recorded_by, type, key, evidence, overrides, event.
    """
    from ledger.interchange.jsonl import line_of

    if target and target.exists():
        raise Conflict(f"{target} is there already", mend="choose another name, or move it away")
    with desk.ledger(read_only=True) as ledger:
        lines = (output.to_json(line_of(entry)) for entry in ledger.read())
        if target is None:
            for line in lines:
                output.say(line)
            return
        try:
            with target.open("x", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror}") from None


@click.command("doctor", cls=GlobalOptions)
@click.option("--deep", is_flag=True, help="Also rebuild the views in memory and compare every row.")
@asked_format
@click.pass_obj
def doctor_(desk: Desk, *, deep: bool, format_: str | None) -> None:
    """Examine the ledger: schema and guards, pages, every entry, tags, positions, clock, views. Exit 10 when damaged.

    It finds accidents. It proves no history intact: whoever may write the folder may have rewritten it all.
    It also names acts whose authority has fallen: a motion lost or rescinded, a decision disapproved or revoked. That
    is no damage, and undoes nothing.

    Fields (JSON): check, ok, found.
    """
    from ledger.doctor import Finding, examine

    findings = list(examine(desk.folder.entries))
    if all(finding.ok for finding in findings):
        findings.append(Finding("views", *_views_agree(desk, deep=deep)))
    if all(finding.ok for finding in findings):
        findings.append(Finding("authority", ok=True, found=_fallen(desk)))
    output.rows((finding._asdict() for finding in findings), output.chosen(format_), Finding._fields)
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(DAMAGED)


def _views_agree(desk: Desk, *, deep: bool) -> tuple[bool, str]:
    """Whether the views follow the entries; deep: whether a rebuild gives the same rows."""
    from projections import views

    with desk.views() as connection:
        mark = views.mark(connection) or views.Mark(desk.folder.origin)
        if not deep:
            return True, f"follow all {mark.position} entries; --deep compares every row"
        with desk.rebuilt(mark, mark.position) as fresh:
            pairs = zip_longest(views.dump(connection), views.dump(fresh))
            same = all(live == rebuilt for live, rebuilt in pairs)
    return (
        same,
        "every row is as a rebuild makes it" if same else "some rows differ from a rebuild: civic views rebuild",
    )


def _fallen(desk: Desk) -> str:
    """Which acts rest on an authority that has fallen."""
    from ledger.doctor import SHOWN
    from projections import authority

    with desk.views() as connection:
        found = list(authority.fallen(connection, now().toordinal()))
    if not found:
        return "no act rests on an authority that has fallen"
    told = (f"entry {one.entry} ({one.type} {one.subject}) on {one.reference}, {one.standing}" for one in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"fallen, though what was done stays done: {'; '.join(told)}{more}"


@click.group("views", cls=GlobalGroup)
def views_() -> None:
    """Look at the read models, or rebuild them; they can always be thrown away."""


@views_.command("status")
@click.pass_obj
def status_(desk: Desk) -> None:
    """Say how far the views follow the entries. Fields (JSON): position, head, current."""
    head = desk.target().position
    mark = desk.mark()
    position = mark.position if mark else None
    row = {"position": position, "head": head, "current": position == head}
    output.rows([row], output.chosen(None), tuple(row))


@views_.command("rebuild")
@click.pass_obj
def rebuild_(desk: Desk) -> None:
    """Make the views anew from the entries, and put them in place of the old ones."""
    position = desk.rebuild()
    output.note(f"rebuilt from {position} entries")


@views_.command("dump")
@click.pass_obj
def dump_(desk: Desk) -> None:
    """Write every table of the views, sorted by primary key, as canonical JSON Lines."""
    from projections import views

    with desk.views() as connection:
        for line in views.dump(connection):
            output.say(output.safe_json(line))
