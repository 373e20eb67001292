"""`civic`: the commands, loaded when they are called; errors to sentences and exit codes."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final, NoReturn

import click

from ledger import locks
from ledger.cli import output
from ledger.cli.desk import Desk
from ledger.cli.options import Menu
from ledger.cli.start import INTERRUPTED, SIGNALS, obey
from ledger.disk import NO_ROOM, Misplaced, forbidden, reason
from ledger.errors import (
    Conflict,
    Damage,
    LedgerError,
    LinesRefused,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    UsageError,
)
from ledger.store import errors as store_errors

EXIT: Final = {
    UsageError: 2,
    NotFound: 3,
    Refused: 4,
    LinesRefused: 4,
    Conflict: 5,
    Unavailable: 6,
    OutcomeUnknown: 7,
    Damage: 10,
}

COMMANDS: Final = {
    "init": ("clerk", "Make a new ledger."),
    "record": ("record", "Record an event: civic record EVENT --help."),
    "import": ("importing", "Record the entries of a file, all or none."),
    "links": ("lists", "List links and how they stand."),
    "bodies": ("lists", "List bodies."),
    "decisions": ("lists", "List motions and decisions."),
    "letters": ("lists", "List letters."),
    "pledges": ("lists", "List pledges."),
    "sources": ("lists", "List the documents that entries rest on."),
    "search": ("search", "Find the entries in which words occur."),
    "show": ("reader", "Show an entry, link, body or paper."),
    "history": ("histories", "List what is recorded about something."),
    "why": ("auditor", "Say why something stands as it does, down to the source."),
    "diff": ("comparing", "Compare two days."),
    "due": ("followup", "List what is due: pledges, notices, terms, conditions."),
    "overrides": ("followup", "List the rules that were overridden, and why."),
    "replay": ("auditor", "Tell the life of a link step by step."),
    "checkpoint": ("signing", "Sign the ledger as it is now."),
    "key": ("signing", "Make, show or rotate the key that signs."),
    "cosign": ("signing", "Sign a checkpoint as a witness."),
    "verify": ("verifying", "Verify the entries against checkpoints."),
    "backup": ("backing_up", "Copy the ledger, and verify the copy."),
    "restore": ("backing_up", "Make a ledger anew from a backup."),
    "prove": ("proving", "Prove that an entry is in the log, or that the log only grew."),
    "bundle": ("bundling", "Pack everything under a checkpoint for an auditor."),
    "verify-bundle": ("bundling", "Verify such a bundle, without the ledger."),
    "export": ("keeper", "Write all entries, so that they can be imported."),
    "doctor": ("keeper", "Say in one line whether the ledger is well."),
    "repair": ("keeper", "Lay derived files of the log again that were lost."),
    "views": ("keeper", "Look at the read models, or rebuild them."),
    "schema": ("meta", "Print the fields of an event, the life cycle, the rules."),
    "completion": ("meta", "Print the completion script of a shell."),
    "help": ("meta", "Explain a topic, a rule or an error."),
}

GROUPS: Final = {
    "Write": ("init", "record", "import"),
    "Read": ("links", "bodies", "decisions", "letters", "pledges", "sources", "search", "show", "history"),
    "Ask": ("why", "diff", "replay", "due", "overrides"),
    "Prove": ("checkpoint", "verify", "prove", "bundle", "verify-bundle", "key", "cosign"),
    "Keep": ("backup", "restore", "export", "doctor", "repair", "views"),
    "Learn": ("schema", "help", "completion"),
}


class Civic(Menu):
    """The whole, whose commands are imported when they are called."""

    sentences: ClassVar = {name: sentence for name, (_, sentence) in COMMANDS.items()}
    sections = GROUPS

    def made(self, name: str) -> click.Command:
        """Import a command."""
        module = importlib.import_module(f"ledger.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, f"{name.replace('-', '_')}_")
        return command

    def unknown(self, name: str) -> UsageError:
        """Say what a word means that names no command."""
        from ledger.cli.nouns import NOUNS
        from ledger.everyday import command_advice

        return UsageError(f"there is no command {name!r}", mend=command_advice(name, COMMANDS, NOUNS))


@click.group(
    cls=Civic,
    epilog="First steps: civic init town.ledger; civic record; civic links. Exit codes: civic help exit-codes.",
)
@click.version_option(package_name="civic-ledger", prog_name="civic")
@click.pass_context
def civic(context: click.Context) -> None:
    """Keep a ledger of civic decisions: what was decided, by whom, on what evidence - and ask why."""
    context.ensure_object(Desk)


_UNTOLD: Final = "the entries were handed to the store, and nothing was told of them"
_ASK_AGAIN: Final = "run the same command again: what is on record stays as it is"


def main() -> NoReturn:
    """Run the command line, and exit with a documented code; SIGTERM and SIGHUP interrupt it as Ctrl-C does."""
    obey(_interrupt)
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command began, or after it ended
        code = INTERRUPTED
    sys.exit(code)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    """Interrupt the command; a second signal ends the process at once, and no traceback is printed."""
    for number in SIGNALS:
        if signal.getsignal(number) is _interrupt:
            signal.signal(number, _end_at_once)
    raise KeyboardInterrupt


def _end_at_once(_number: int, _frame: object) -> NoReturn:
    os.write(2, f"\nstopped at once; what was being recorded may be on record: {_ASK_AGAIN}\n".encode())
    os._exit(INTERRUPTED)  # what a killed writer leaves, the next one undoes


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    told = _Teller(arguments)
    locks.Reporter.write = lambda sentence: None if told.desk.quiet else output.note(output.safe(sentence))
    if any("\ud800" <= character <= "\udfff" for argument in arguments for character in argument):
        return told.error(UsageError("an argument is not in the terminal's encoding", mend="type it again"))
    try:
        with civic.make_context("civic", arguments, obj=told.desk) as context:
            civic.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        if told.desk.unsure:
            return told.error(OutcomeUnknown("stopped while writing", why=_UNTOLD, mend=_ASK_AGAIN))
        output.note(output.safe(f"stopped; {'; '.join(told.desk.done) or 'nothing was written'}"))
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_output()  # whoever read it has read enough
        return 0
    except click.exceptions.NoArgsIsHelpError as asked:
        output.say(asked.format_message())
        return 0
    except click.UsageError as error:
        hint = f"{error.ctx.command_path} --help" if error.ctx else "civic --help"
        return told.error(UsageError(" ".join(error.format_message().split()), mend=f"see {hint}"))
    except click.ClickException as error:
        return told.error(UsageError(error.format_message()))
    except OSError as error:
        _let_go_of_output()
        what = reason(error)
        if told.desk.writing:
            return told.error(OutcomeUnknown(f"the answer cannot be given: {what}", why=_UNTOLD, mend=_ASK_AGAIN))
        if isinstance(error, PermissionError) and (whose := _whose(error.filename)):
            kind = store_errors.Forbidden
            return told.error(Unavailable(what, why=f"{whose}; {kind.explanation}", mend=kind.mend))
        if isinstance(error, Misplaced):
            return told.error(Damage(what, mend="put the file or folder itself in its place; civic help damage"))
        if error.errno in NO_ROOM:
            return told.error(Unavailable(what, why=NO_ROOM[error.errno], mend=store_errors.Full.mend))
        return told.error(Unavailable(what, why="the system said no", mend="mend that, and try again"))
    except LedgerError as error:
        return told.error(error)
    except store_errors.StoreError as error:
        return told.error(_of_store(error))
    return 0


def _let_go_of_output() -> None:
    """What cannot be written is dropped: a second error on closing would only confuse."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        output.let_go(sys.stdout)


def _whose(path: object) -> str:
    return forbidden(Path(path)) if isinstance(path, str) else ""


def _of_store(error: store_errors.StoreError) -> LedgerError:
    match error:
        case store_errors.OutcomeUnknown():
            return OutcomeUnknown(str(error), mend=error.mend)
        case store_errors.Unavailable():
            return Unavailable(str(error), why=error.explanation, mend=error.mend)
        case _:
            return Damage(str(error), mend=error.mend)


class _Teller:
    """Tells an error as it was asked to."""

    def __init__(self, arguments: list[str]) -> None:
        self.desk = Desk(
            errors="json" if "--errors=json" in arguments or "json" in _after(arguments, "--errors") else "text"
        )

    def error(self, error: LedgerError) -> int:
        code = next(code for kind, code in EXIT.items() if isinstance(error, kind))
        for told in _parts(error):
            self._tell(told, code)
        return code

    def _tell(self, told: dict[str, str], code: int) -> None:
        if self.desk.errors == "json":
            output.note(output.to_json({**told, "exit": code}))
            return
        color = output.colored(self.desk.color, sys.stderr)
        word = click.style("error:", fg="red", bold=True) if color else "error:"
        output.note(f"{word} {output.safe(told['what'])}  [{told['error']}]", color=color)
        for part in ("why", "mend"):
            if told[part]:
                output.note(f"  {part + ':':<6}{output.safe(told[part])}")


def _after(arguments: list[str], option: str) -> list[str]:
    return [value for name, value in pairwise(arguments) if name == option]


def _parts(error: LedgerError) -> list[dict[str, str]]:
    if isinstance(error, Refused):
        return [
            {"error": refusal.rule.id, "what": refusal.what, "why": refusal.why, "mend": refusal.mend}
            for _, refusal in error.refusals
        ]
    return [{"error": error.slug, "what": error.what, "why": error.why, "mend": error.mend}]
