"""The command of an event, made from the event itself: its fields as options, and what becomes of them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from domain.entry import Draft
from domain.samples import EVIDENCE, sample
from domain.values import GRADES
from ledger.cli import amendments, drafting, flags, naming, output
from ledger.cli.fields import described
from ledger.cli.nouns import NOUNS
from ledger.cli.options import GlobalOptions
from ledger.cli.things import complete_thing
from ledger.errors import UsageError
from ledger.interchange import jsonl

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

_METAVARS: Final = {
    "Date": "DATE",
    "Interval": "DATE/DATE",
    "BodyName": "BODY",
    "LinkName": "LINK",
    "Reference": "REF",
    "Thing": "LINK|REF|BODY",
    "Announced": "ACT",
    "Vote": "VOTE",
    "Authority": "POWER[:REF]",
    "NameInTime": "NAME[:DURING]",
    "Instead": "FIELD=VALUE",
    "EntryId": "ENTRY",
    "int": "N",
    "dict": "SCHEME:ID",
}
"""By type: how a value is shown in the help."""


_OF_THE_RECORD: Final = {
    "entry-corrected": "civic record entry-corrected 8 --set on=2022-03-22 --reason 'typed 23 for 22'",
    "entry-retracted": "civic record entry-retracted 8 --reason 'recorded in the wrong ledger'",
    "entry-corroborated": "civic record entry-corroborated 8 --source bbc",
    "entry-disputed": "civic record entry-disputed 4 --set on=1941 --source bbc",
    "dispute-settled": "civic record dispute-settled 15 --prefer entry --reason 'the agreement is dated 1944'",
    "detail-redacted": (
        "civic record detail-redacted 6 --detail mover --basis 'UK GDPR, article 17' --authority delegated:REF"
    ),
    "note-added": "civic record note-added 8 --text 'the page was taken down in 2023'",
}
"""By event: how a record about an entry is typed; the entry is one of the ledger's own."""


_NOT_ASKED: Final = {
    "--dry-run": "dry_run",
    "--yes": "yes",
    "--key": "key",
    "--override": "overrides",
    "--new": "new_bodies",
    "--format": "format_",
}
"""By option that --ask does not heed: where its value is given."""


_AS_TYPED: Final = {
    "entry": "The entry it is about: its position, its id or key:K; always the original.",
    "cause": "A slip is ours and holds at every date; what a source corrects holds from the day on which it was "
    "published. Needed where a source is named; else slip.",
}
"""By field: what it is where it is typed, as far as that is not what it is in JSON."""


def _example(event: type[AnyEvent]) -> str:
    """The sample of an event as a command, a flag a line."""
    if event.type in _OF_THE_RECORD:
        return f"\b\nExample:\n  {_OF_THE_RECORD[event.type]}"
    told = sample(event.type)
    new_source = ["--source-title", EVIDENCE.title, "--source-grade", EVIDENCE.grade] if told.needs_evidence else []
    draft = Draft(told, (EVIDENCE,) if new_source else ())
    words = shlex.join([*shlex.split(flags.command_line(draft)), *new_source]).replace(" --", " \\\n    --")
    return f"\b\nExample:\n  {words}"


def command_of(event: type[AnyEvent]) -> click.Command:
    """The command that records an event."""
    subject = event.subject_field
    parameters: list[click.Parameter] = [*map(_option, flags.flags_of(event)), *_recording()]
    told = (event.__doc__ or "").strip()
    if "instead" in event.model_fields:
        clear = ["--clear", "cleared"]
        parameters.insert(1, click.Option(clear, multiple=True, metavar="FIELD", help="Takes a field out; repeatable."))
    if subject:
        required = event.model_fields[subject].is_required()
        named = _Subject(["subject"], metavar=subject.upper(), required=required, shell_complete=complete_thing)
        parameters.insert(0, named)
        told = f"{told}\n\n{subject.upper()}: {_AS_TYPED.get(subject) or described(event)[subject]}"

    @click.pass_obj
    def callback(desk: Desk, /, subject: str | None = None, **given: Any) -> None:
        _run(desk, event, subject or "", given)

    return GlobalOptions(
        event.type,
        params=parameters,
        callback=callback,
        short_help=NOUNS[event.type],
        help=f"{told}\n\n* = required. Dates are kept as the source gives them: civic help dates.",
        epilog=_example(event),
    )


class _Subject(click.Argument):
    """What an event is about; with --ask it is asked for."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The value that was given.

        Raises:
            MissingParameter: none was, and nobody asks for it.
        """
        if self.value_is_missing(value) and ctx.params.get("ask"):
            return None
        return super().process_value(ctx, value)


def _recording() -> list[click.Option]:
    """The options that say on what evidence, how and by whom an event is recorded."""
    return [
        click.Option(
            ["-s", "--source", "source_names"],
            multiple=True,
            metavar="NAME[:LOCATOR]",
            help="The source, by its short name (else CIVIC_SOURCE); repeatable.",
        ),
        *(
            click.Option(
                [f"--source-{field}", f"source_{field}"],
                help=help_,
                metavar="VALUE" if field != "grade" else None,
                type=click.Choice(GRADES) if field == "grade" else str,
            )
            for field, help_ in drafting.SOURCE_FIELDS.items()
        ),
        click.Option(
            ["--source-document", "document"],
            type=click.Path(path_type=Path, dir_okay=False),
            help="The document itself (text; with the extra `documents` HTML or PDF): its SHA-256 is kept, and the"
            " quote is looked up in it.",
        ),
        click.Option(
            ["--override", "overrides"],
            multiple=True,
            metavar="RULE:REASON",
            help="Go ahead against a rule that can be overridden.",
        ),
        click.Option(["--key"], metavar="TEXT", help="Your own name for the entry: asking twice records once."),
        click.Option(
            ["--new", "new_bodies"], is_flag=True, help="A body whose name is almost that of a known one is meant."
        ),
        click.Option(["--ask"], is_flag=True, is_eager=True, help="Ask for every field that was not given."),
        click.Option(["--clerk"], metavar="SLUG", help="Who records; else CIVIC_CLERK, or as ledger.toml says."),
        click.Option(
            ["-n", "--dry-run"], is_flag=True, help="Print the line that would be recorded, and write nothing."
        ),
        click.Option(["-y", "--yes"], is_flag=True, help="Write without asking."),
        click.Option(
            ["-f", "--format", "format_"],
            type=click.Choice(output.FORMATS),
            help="Else words on a terminal, jsonl in a pipe.",
        ),
    ]


def _option(flag: flags.Flag) -> click.Option:
    help_ = _AS_TYPED.get(flag.field) or f"{flag.help}{' *' if flag.required else ''}"
    name = f"field_{flag.field}"
    if flag.kind is bool:
        return click.Option([f"--{flag.option}/--no-{flag.option}", name], default=None, help=help_)
    if flag.choices:
        return click.Option([f"--{flag.option}", name], type=click.Choice(flag.choices), multiple=flag.many, help=help_)
    return click.Option(
        [f"--{flag.option}", name],
        multiple=flag.many,
        metavar=_METAVARS.get(getattr(flag.kind, "__name__", ""), "TEXT"),
        help=help_,
    )


def _run(desk: Desk, event: type[AnyEvent], subject: str, given: dict[str, Any]) -> None:
    """Make a draft of what was typed, show it, and record it."""
    typed = _particulars(event, subject, given)
    confirmed = desk.terminal and not given["yes"]
    if given["ask"]:
        _sit(desk, event, typed, given)
        return
    if not (given["yes"] or given["dry_run"] or desk.terminal):
        raise UsageError("nobody can be asked here", mend="add --yes to write, or --dry-run to try")
    _say_cause(event, typed, given)
    particulars = naming.completed(desk, event, typed, confirmed=confirmed or given["dry_run"])
    with desk.ledger(given["clerk"]) as ledger:
        sources = _sources(ledger, event, typed, given)
        if event.cycle == "record" and not sources:
            sources = amendments.evidence_of(ledger, particulars, event)
        drafted = drafting.draft(event, particulars, sources, given["overrides"], given["key"])
        if given["dry_run"]:
            drafting.judged(ledger, [drafted], new_bodies=given["new_bodies"])
            output.say(output.to_json(jsonl.import_line(drafted)))
            return
        if confirmed:
            drafting.judged(ledger, [drafted], new_bodies=given["new_bodies"])
            drafting.preview(desk, ledger, drafted)
            click.confirm("Record this for good? It can be corrected, never deleted.", abort=True, err=True)
        drafting.commit(desk, ledger, [drafted], given["format_"], new_bodies=given["new_bodies"])


def _sit(desk: Desk, event: type[AnyEvent], typed: dict[str, Any], given: dict[str, Any]) -> None:
    """Ask for what was not typed of an event, and what may have to be recorded before it."""
    if not desk.terminal:
        raise UsageError("--ask needs a terminal")
    beside = [option for option, name in _NOT_ASKED.items() if given[name]]
    if beside:
        raise UsageError(
            f"--ask does not go with {' and '.join(beside)}",
            why="it may lead to several events, shows them all, and asks before they are written",
            mend=f"leave out the one or the other: civic record {event.type} --help",
        )
    from ledger.cli.sitting import sit

    sit(desk, first=(event, typed), sources=lambda ledger: _sources(ledger, event, typed, given), clerk=given["clerk"])


def _say_cause(event: type[AnyEvent], typed: dict[str, Any], given: dict[str, Any]) -> None:
    """A correction without a source is of our own slip; with one, the clerk says which it is."""
    if "cause" not in event.model_fields or "cause" in typed:
        return
    if given["source_names"] or given["source_title"]:
        raise UsageError(
            "a source is named, but not why the entry is corrected",
            mend="add --cause source if the world learned better, or --cause slip if we wrote it down wrongly",
        )
    typed["cause"] = "slip"


def _sources(
    ledger: Ledger, event: type[AnyEvent], typed: dict[str, Any], given: dict[str, Any]
) -> list[dict[str, Any]]:
    """The evidence that was typed; none when no source was named. What has that of an entry takes no other unasked."""
    own = amendments.needs_source(event, typed) or not typed.get(event.subject_field or "")
    described = {field: given[f"source_{field}"] for field in drafting.SOURCE_FIELDS if given[f"source_{field}"]}
    found = naming.evidence(ledger, given["source_names"], described, os.environ if own else {})
    if given["document"] is None:
        return found
    if len(found) != 1:
        raise UsageError("--source-document is of one source; none or several are named", mend="name one with --source")
    from ledger.documents import documented

    return [documented(found[0], given["document"])]


def _particulars(event: type[AnyEvent], subject: str, given: dict[str, Any]) -> dict[str, Any]:
    field = event.subject_field
    typed: dict[str, Any] = {field: subject} if field and subject else {}
    for flag in flags.flags_of(event):
        value = given[f"field_{flag.field}"]
        if value is None or value == ():
            continue
        if flag.kind is bool:
            typed[flag.field] = value
        else:
            typed[flag.field] = flag.gathered([flag.read(one) for one in (value if flag.many else [value])])
    if given.get("cleared"):
        typed["instead"] = [*typed.get("instead", ()), *(f"{field}=" for field in given["cleared"])]
    return typed
