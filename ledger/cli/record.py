"""`civic record`: one command for each event, made from the event itself."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from domain.catalogue import EVENTS, AnyEvent
from domain.entry import Draft
from domain.rules import Taken
from domain.values import GRADES
from ledger import telling
from ledger.cli import flags, naming, output
from ledger.cli.main import GlobalGroup, GlobalOptions
from ledger.cli.nouns import NOUNS, meant
from ledger.cli.reader import complete_thing
from ledger.errors import Conflict, Refused, UsageError

if TYPE_CHECKING:
    from ledger.application import Ledger, Outcome
    from ledger.cli.desk import Desk

SOURCE_FIELDS = {
    "title": "Title of the document; needed when the source is named first.",
    "grade": f"How near the speaker stands: {', '.join(GRADES)}; needed when the source is named first.",
    "publisher": "Who published it.",
    "url": "Where it was found; kept, never fetched.",
    "published": "When it was published: from then on the public could know.",
    "retrieved": "When it was read.",
    "quote": "The very words.",
    "note": "Anything about the source.",
}


class Nouns(GlobalGroup):
    """The events, each a command that is made when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every event, in the order of the vocabulary."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of an event."""
        return _command(EVENTS[cmd_name]) if cmd_name in EVENTS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find an event, or name the one that was probably meant."""
        if args and args[0] not in NOUNS and not args[0].startswith("-"):
            close = meant(args[0])
            mend = f"did you mean {close}?" if close else "civic record --help lists the events"
            raise UsageError(f"no event {args[0]!r}", mend=mend)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the events with their sentences."""
        with formatter.section("Events"):
            formatter.write_dl(list(NOUNS.items()))


@click.group(
    "record", cls=Nouns, invoke_without_command=True, subcommand_metavar="EVENT [SUBJECT] --FIELD VALUE...",
    epilog="Example: civic record link-resumed coventry--volgograd --by coventry --on 2024-05-01 "
    "--source minutes-0501 --source-title 'Minutes of 1 May' --source-grade official",
)  # fmt: skip
@click.pass_context
def record_(context: click.Context) -> None:
    """Record an event, for good: it can be corrected, never deleted.

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


def _command(event: type[AnyEvent]) -> click.Command:
    subject = telling.subject_field(event)
    parameters: list[click.Parameter] = []
    if subject:
        description = event.model_fields[subject].description
        parameters.append(click.Argument(["subject"], metavar=subject.upper(), shell_complete=complete_thing))
    else:
        description = None
    parameters += [_option(flag) for flag in flags.flags_of(event)]
    parameters += [
        click.Option(["-s", "--source", "source_names"], multiple=True, metavar="NAME[:LOCATOR]", help="The source, by its short name (else CIVIC_SOURCE); repeatable."),
        *(
            click.Option(
                [f"--source-{field}", f"source_{field}"], help=help_, metavar="VALUE" if field != "grade" else None,
                type=click.Choice(GRADES) if field == "grade" else str,
            )
            for field, help_ in SOURCE_FIELDS.items()
        ),
        click.Option(["--override", "overrides"], multiple=True, metavar="RULE:REASON", help="Go ahead against a rule that can be overridden."),
        click.Option(["--key"], metavar="TEXT", help="Your own name for the entry: asking twice records once."),
        click.Option(["--new", "new_bodies"], is_flag=True, help="A body whose name is almost that of a known one is meant."),
        click.Option(["--ask"], is_flag=True, help="Ask for every field that was not given."),
        click.Option(["--clerk"], metavar="SLUG", help="Who records; else CIVIC_CLERK, or as ledger.toml says."),
        click.Option(["-n", "--dry-run"], is_flag=True, help="Print the line that would be recorded, and write nothing."),
        click.Option(["-y", "--yes"], is_flag=True, help="Write without asking."),
        click.Option(["-f", "--format", "format_"], type=click.Choice(output.FORMATS), help="Else words on a terminal, jsonl in a pipe."),
    ]  # fmt: skip

    @click.pass_obj
    def callback(desk: Desk, /, subject: str = "", **given: Any) -> None:
        _run(desk, event, subject, given)

    told = (event.__doc__ or "").strip()
    about = f"\n\n{subject.upper()}: {description}" if subject and description else ""
    return GlobalOptions(
        event.type, params=parameters, callback=callback, short_help=NOUNS[event.type],
        help=f"{told}{about}\n\n* = required. Dates are kept as the source gives them: civic help dates.",
    )  # fmt: skip


def _option(flag: flags.Flag) -> click.Option:
    help_ = f"{flag.help}{' *' if flag.required else ''}"
    name = f"field_{flag.field}"
    if flag.kind is bool:
        return click.Option([f"--{flag.option}/--no-{flag.option}", name], default=None, help=help_)
    if flag.choices:
        return click.Option([f"--{flag.option}", name], type=click.Choice(flag.choices), multiple=flag.many, help=help_)
    return click.Option([f"--{flag.option}", name], multiple=flag.many, metavar=_metavar(flag), help=help_)


def _metavar(flag: flags.Flag) -> str:
    named = {
        "Date": "DATE",
        "Interval": "DATE/DATE",
        "BodyName": "BODY",
        "LinkName": "LINK",
        "Reference": "REF",
        "int": "N",
        "Announced": "ACT",
    }
    return named.get(
        getattr(flag.kind, "__name__", ""),
        {"vote": "VOTE", "authority": "POWER[:REF]", "identifiers": "SCHEME:ID", "names": "NAME[:DURING]"}.get(
            flag.field, "TEXT"
        ),
    )


def _run(desk: Desk, event: type[AnyEvent], subject: str, given: dict[str, Any]) -> None:
    """Make a draft of what was typed, show it, and record it."""
    typed = _particulars(event, subject, given)
    confirmed = desk.terminal and not given["yes"]
    if given["ask"]:
        if not desk.terminal:
            raise UsageError("--ask needs a terminal")
        from ledger.cli.sitting import sit

        sit(desk, first=(event, typed))
        return
    if not (given["yes"] or given["dry_run"] or desk.terminal):
        raise UsageError("nobody can be asked here", mend="add --yes to write, or --dry-run to try")
    particulars = naming.completed(desk, event, typed, confirmed=confirmed or given["dry_run"])
    described = {field: given[f"source_{field}"] for field in SOURCE_FIELDS if given[f"source_{field}"]}
    with desk.ledger(given["clerk"]) as ledger:
        sources = naming.evidence(ledger, given["source_names"], described, os.environ)
        drafted = draft(event, particulars, sources, given["overrides"], given["key"])
        if given["dry_run"]:
            judged(ledger, [drafted], new_bodies=given["new_bodies"])
            output.say(output.to_json(_import_line(drafted)))
            return
        if confirmed:
            judged(ledger, [drafted], new_bodies=given["new_bodies"])
            preview(desk, [drafted])
            click.confirm("Record this for good? It can be corrected, never deleted.", abort=True, err=True)
        commit(desk, ledger, [drafted], given["format_"], new_bodies=given["new_bodies"])


def _particulars(event: type[AnyEvent], subject: str, given: dict[str, Any]) -> dict[str, Any]:
    field = telling.subject_field(event)
    typed: dict[str, Any] = {field: subject} if field else {}
    for flag in flags.flags_of(event):
        value = given[f"field_{flag.field}"]
        if value is None or value == ():
            continue
        if flag.kind is dict:
            typed[flag.field] = dict(flag.read(one) for one in value)  # type: ignore[misc]  # pairs, by `flags`
        elif flag.many:
            typed[flag.field] = [flag.read(one) for one in value]
        else:
            typed[flag.field] = value if flag.kind is bool else flag.read(value)
    return typed


def draft(
    event: type[AnyEvent], particulars: dict[str, Any], sources: list[dict[str, Any]],
    overrides: Sequence[str] = (), key: str | None = None,
) -> Draft:  # fmt: skip
    """What was typed, as a draft.

    Raises:
        UsageError: something is missing, or not of its kind.
    """
    missing = [flag.option for flag in flags.flags_of(event) if flag.required and flag.field not in particulars]
    if missing:
        raise UsageError(
            f"{event.type} needs {', '.join(f'--{name}' for name in missing)}",
            mend=f"civic record {event.type} --help, or add --ask",
        )
    if not sources:
        raise UsageError(
            "every entry needs a source",
            mend="name one: --source NAME --source-title TITLE --source-grade GRADE; civic help sources",
        )
    from ledger.interchange import jsonl

    line = {
        "type": event.type, "evidence": sources, "overrides": [_override(one) for one in overrides],
        **({"key": key} if key is not None else {}), "event": particulars,
    }  # fmt: skip
    try:
        return jsonl.read(json.dumps(line).encode())
    except jsonl.LineFault as fault:
        options = {flag.field: f"--{flag.option}" for flag in flags.flags_of(event)}
        told = [f"{options.get(one.field.split('.')[0], one.field)}: {one.message}" for one in fault.faults]
        raise UsageError("; ".join(told), mend=f"civic record {event.type} --help") from None


def _override(text: str) -> dict[str, str]:
    rule, _, reason = text.partition(":")
    return {"rule": rule, "reason": reason}


def judged(ledger: Ledger, drafts: Sequence[Draft], *, new_bodies: bool) -> None:
    """Refuse now what would be refused when recorded.

    Raises:
        Refused: rules say no.
    """
    with closing(ledger.batch(new_bodies=new_bodies)) as batch:
        for number, one in enumerate(drafts, 1):
            batch.add(number, one)
        refused = ledger.refusals(batch)
    if refused:
        raise Refused(sorted(refused.items()))


def preview(desk: Desk, drafts: Sequence[Draft]) -> None:
    """Show what is about to be written, and where."""
    for one in drafts:
        subject = telling.subject(one.event)
        output.note(output.safe(f"  {one.event.type}  {subject}  {telling.on(one.event)}"))
        for field, value in one.event.particulars().items():
            if value != subject:
                output.note(output.safe(f"    {field.replace('_', ' ') + ':':<14} {output.cell(value)}"))
        for source in one.evidence:
            published = f", published {source.published}" if source.published else ", undated"
            output.note(output.safe(f"    {'source:':<14} {source.source or source.title} ({source.grade}{published})"))
    output.note(f"  into {desk.folder.path}")


def commit(desk: Desk, ledger: Ledger, drafts: Sequence[Draft], format_: str | None, *, new_bodies: bool) -> None:
    """Record the drafts, and tell what became of them and what they changed."""
    links = sorted({one.event.link for one in drafts if hasattr(one.event, "link")})
    before = {link: _standing(ledger, link) for link in links}
    try:
        outcomes = ledger.record(drafts, new_bodies=new_bodies)
    except Refused as refused:
        taken = next((refusal for _, refusal in refused.refusals if isinstance(refusal, Taken)), None)
        if taken:
            raise Conflict(taken.what, why=taken.why, mend=taken.mend) from None
        raise
    if output.chosen(format_) == "table":
        _tell(ledger, drafts, outcomes, before, next_time=desk.terminal)
        return
    from ledger.interchange.jsonl import line_of

    for outcome in outcomes:
        for entry in ledger.read(outcome.position - 1, 1):
            output.say(output.to_json(line_of(entry)))


def _tell(
    ledger: Ledger, drafts: Sequence[Draft], outcomes: Sequence[Outcome], before: dict[Any, str], *, next_time: bool
) -> None:
    for one, outcome in zip(drafts, outcomes, strict=True):
        done = "Already on record as" if outcome.already else "Recorded"
        output.say(output.safe(f"{done} {outcome.position}: {one.event.type} {telling.subject(one.event)}"))
    for link, was in before.items():
        now = _standing(ledger, link)
        output.say(f"{link}: {now}" + (f" (was {was})" if was != now else "") + f". See: civic history {link}")
    if next_time:
        for one in drafts:
            output.note(f"Next time: {output.safe(flags.command_line(one))}")


def _standing(ledger: Ledger, link: Any) -> str:
    """How a link stands today, from the entries themselves."""
    from datetime import UTC, datetime

    from domain.lifecycle import LinkCycle, history_as_known
    from ledger.audit import Horizon, Reading

    today = datetime.now(UTC).toordinal()
    acts = Reading(ledger, Horizon(today)).acts(link.tag)
    if not acts:
        return "none"
    answer = history_as_known(link.sides, acts).at(today)
    standing = LinkCycle(link.sides).standing(answer.stand.state)
    if answer.certainty == "possibly":
        return "possibly " + " or ".join(answer.possible)
    return f"{standing} since {answer.stand.since}" if answer.stand.since else standing


def _import_line(drafted: Draft) -> dict[str, object]:
    from ledger.interchange.jsonl import import_line

    return import_line(drafted)
