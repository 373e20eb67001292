"""`civic record`: a menu with one command for each event, or a sitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import click

from ledger.cli.nouns import NOUNS
from ledger.cli.options import Menu
from ledger.errors import UsageError
from ledger.everyday import event_advice

if TYPE_CHECKING:
    from ledger.cli.desk import Desk


class Nouns(Menu):
    """The events, each a command that is made when it is called."""

    sentences = NOUNS
    sections: ClassVar = {"Events": NOUNS}

    def made(self, name: str) -> click.Command:
        """Make the command of an event."""
        from domain.catalogue import EVENTS
        from ledger.cli.event_command import command_of

        return command_of(EVENTS[name])

    def unknown(self, name: str) -> UsageError:
        """Say what a word means that names no event."""
        return UsageError(f"no event {name!r}", mend=event_advice(name, NOUNS, "civic record --help lists the events"))


@click.group(
    "record",
    cls=Nouns,
    invoke_without_command=True,
    subcommand_metavar="EVENT [SUBJECT] --FIELD VALUE...",
    epilog="Example: civic record link-resumed coventry--volgograd --by coventry --on 2024-05-01 --authority executive "
    "--source minutes-0501 --source-title 'Minutes of 1 May' --source-grade official",
)
@click.pass_context
def record_(context: click.Context) -> None:
    """Record an event, for good: it can never be deleted.

    Without an event, on a terminal: a sitting, in which you are asked, and several events are recorded together.
    """
    if context.invoked_subcommand is not None:
        return
    desk: Desk = context.obj
    if not desk.terminal:
        raise UsageError(
            "which event? nobody can be asked here", mend=f"civic record EVENT, one of: {', '.join(NOUNS)}"
        )
    from ledger.cli.sitting import sit

    sit(desk)
