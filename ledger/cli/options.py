"""What every command takes: the global options, before or after its name; and what many take: a format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import click

from ledger.cli import output
from ledger.cli.desk import Desk

if TYPE_CHECKING:
    from ledger.errors import UsageError

asked_format = click.option(
    "-f", "--format", "format_", type=click.Choice(output.FORMATS), help="Else a table on a terminal, jsonl in a pipe."
)


class GlobalOptions(click.Command):
    """A command that takes the global options, before or after its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(_global_options())
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])


class GlobalGroup(GlobalOptions, click.Group):
    """A group of such commands."""

    command_class = GlobalOptions


class Menu(GlobalGroup):
    """A group that knows its commands by name, and makes each when it is called."""

    sentences: ClassVar[Mapping[str, str]]
    """By name: what the command does."""
    sections: ClassVar[Mapping[str, Iterable[str]]]
    """By title: the names that the help lists under it."""

    def made(self, name: str) -> click.Command:
        """Make the command of that name."""
        raise NotImplementedError

    def unknown(self, name: str) -> UsageError:
        """What to say to somebody who wants a command that is not there: which one was probably meant."""
        raise NotImplementedError

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every name."""
        return list(self.sentences)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make a command; None when there is none of that name."""
        return self.made(cmd_name) if cmd_name in self.sentences else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command.

        Raises:
            UsageError: there is none of that name.
        """
        if args and args[0] not in self.sentences and not args[0].startswith("-"):
            raise self.unknown(args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are for."""
        for title, names in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, self.sentences[name]) for name in names])


def _global_options() -> list[click.Option]:
    def keep(context: click.Context, option: click.Parameter, value: Any) -> Any:
        desk = context.ensure_object(Desk)
        if value not in (None, False):
            setattr(desk, "named" if option.name == "ledger" else str(option.name), value)
        return value

    common: dict[str, Any] = {"expose_value": False, "callback": keep, "is_eager": True}
    ways = click.Choice(["auto", "always", "never"])
    return [
        click.Option(
            ["-L", "--ledger"], metavar="DIR", help="The ledger folder (else CIVIC_LEDGER, or the one here).", **common
        ),
        click.Option(["--color"], type=ways, help="Color; auto heeds NO_COLOR.", **common),
        click.Option(["--errors"], type=click.Choice(["text", "json"]), help="How errors are told.", **common),
        click.Option(["--no-input"], is_flag=True, help="Never ask; fail instead.", **common),
        click.Option(["-q", "--quiet"], is_flag=True, help="Say nothing beside the data and errors.", **common),
        click.Option(["-v", "--verbose"], is_flag=True, help="Say which ledger is used.", **common),
    ]
