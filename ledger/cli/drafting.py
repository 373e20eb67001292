"""Drafts: made of what a clerk gave, judged, shown, and recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from domain import telling
from domain.entry import UnknownEvent
from domain.lifecycle import LinkCycle, history_as_known
from domain.links import LinkEvent, LinkListed
from domain.records import DetailRedacted, EntryCorrected, EntryDisputed
from domain.rules import Taken
from domain.values import GRADES, LinkName
from ledger.cli import amendments, flags, output
from ledger.cli.desk import now
from ledger.cli.phrases import words
from ledger.errors import Conflict, Refused, UsageError
from ledger.interchange import jsonl, short
from ledger.reading import Horizon, Reading

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.entry import Draft
    from ledger.application import Ledger
    from ledger.cli.desk import Desk
    from ledger.deciding import Outcome

SOURCE_FIELDS: Final = {
    "title": "Title of the document; needed when the source is named first.",
    "grade": f"How near the speaker stands: {', '.join(GRADES)}; needed when the source is named first.",
    "publisher": "Who published it.",
    "url": "Where it was found; kept, never fetched.",
    "published": "When it was published: from then on the public could know.",
    "retrieved": "When it was read.",
    "quote": "The very words.",
    "note": "Anything about the source.",
}
"""What is asked of a source beside its short name."""


def draft(
    event: type[AnyEvent],
    particulars: dict[str, Any],
    sources: list[dict[str, Any]],
    overrides: Sequence[str] = (),
    key: str | None = None,
) -> Draft:
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
    if not sources and event.cycle != "record":
        raise UsageError(
            "every entry needs a source",
            mend="name one: --source NAME --source-title TITLE --source-grade GRADE; civic help sources",
        )
    try:
        overridden = [short.override(one) for one in overrides]
    except ValueError as error:
        raise UsageError(f"--override: {error}", mend="civic schema rules lists the rules") from None
    line = {
        "type": event.type,
        "evidence": sources,
        "overrides": overridden,
        **({"key": key} if key is not None else {}),
        "event": particulars,
    }
    try:
        return jsonl.read(json.dumps(line).encode())
    except jsonl.LineFault as fault:
        options = {flag.field: f"--{flag.option}" for flag in flags.flags_of(event)}
        told = [
            one.message if one.field == "line" else f"{options.get(one.field.split('.')[0], one.field)}: {one.message}"
            for one in fault.faults
        ]
        raise UsageError("; ".join(told), mend=f"civic record {event.type} --help") from None


def wrong_with(event: type[AnyEvent], field: str, value: object) -> str:
    """What is wrong with the value of one field, whatever the others are; empty when nothing is."""
    line = {"type": event.type, "evidence": [{"title": "-", "grade": "press"}], "event": {field: value}}
    try:
        jsonl.read(json.dumps(line).encode())
    except jsonl.LineFault as fault:
        own = (one.message for one in fault.faults if one.field.split(".")[0] == field)
        return next(own, "")
    return ""


def judged(ledger: Ledger, drafts: Sequence[Draft], *, new_bodies: bool) -> None:
    """Refuse now what would be refused when recorded.

    Raises:
        Refused: rules say no.
    """
    with closing(ledger.batch(new_bodies=new_bodies)) as batch:
        for number, one in enumerate(drafts, 1):
            batch.add(number, one)
        refused = ledger.decide(batch).refused
    if refused:
        raise Refused(sorted(refused.items()))


def preview(desk: Desk, ledger: Ledger, one: Draft) -> None:
    """Show what is about to be written, on what evidence, and where."""
    preview_event(ledger, one)
    preview_origin(desk, [one])


def preview_event(ledger: Ledger, one: Draft) -> None:
    """Show an event with its fields, or what a record about an entry changes."""
    if amendments.preview(ledger, one):
        return
    subject = telling.subject(one.event)
    output.prose(f"{one.event.type}  {subject}  {telling.on(one.event)}".rstrip(), indent="  ")
    for field, value in one.event.particulars().items():
        if value != subject:
            _line(field.replace("_", " "), words(field, value))


def preview_origin(desk: Desk, drafts: Sequence[Draft]) -> None:
    """Show the sources of the drafts, each once, and the folder that they go into."""
    shown: dict[str, None] = {}
    for source in (source for one in drafts for source in one.evidence):
        published = f", published {source.published}" if source.published else ", undated"
        shown[f"{source.source or source.title} ({source.grade}{published})"] = None
    for line in shown:
        output.prose(f"source: {line}", indent="  ")
    output.note(f"  into {desk.folder.path}")


def _line(label: str, text: str) -> None:
    lead = f"    {label + ':':<14} "
    for line in output.wrapped(f"{lead}{output.safe(text)}", indent=" " * len(lead)):
        output.note(line)


def commit(desk: Desk, ledger: Ledger, drafts: Sequence[Draft], format_: str | None, *, new_bodies: bool) -> None:
    """Record the drafts, and tell what became of them and what they changed."""
    links = sorted({link for one in drafts for link in _links(ledger, one.event)})
    before = {link: _standing(ledger, link) for link in links}
    desk.writing = True
    try:
        outcomes = ledger.record(drafts, new_bodies=new_bodies)
    except Refused as refused:
        taken = next((refusal for _, refusal in refused.refusals if isinstance(refusal, Taken)), None)
        if taken:
            raise Conflict(taken.what, why=taken.why, mend=taken.mend) from None
        raise
    if output.chosen(format_) == "table":
        _tell(ledger, drafts, outcomes, before, next_time=desk.terminal)
    else:
        entries = (entry for outcome in outcomes for entry in ledger.read(outcome.position - 1, 1))
        output.rows(map(jsonl.line_of, entries), output.chosen(format_), jsonl.FIELDS)
        for outcome in outcomes if not desk.quiet else ():
            if outcome.already:
                output.note(f"already on record as {outcome.position}: nothing was written")
    desk.writing = False
    for one in drafts if not desk.quiet else ():
        if isinstance(one.event, DetailRedacted):
            _say_what_stays(ledger, one.event)


def _say_what_stays(ledger: Ledger, redaction: DetailRedacted) -> None:
    """Say which entries still hold a detail that is no longer shown: what is not kept apart cannot be erased."""
    holding = [str(position) for position in ledger.in_clear(redaction.entry, redaction.field)]
    if holding:
        where = f"entry {holding[0]}" if len(holding) == 1 else f"entries {', '.join(holding)}"
        output.note(f"{redaction.field} is no longer shown, but not erased: it is told in clear in {where}, for good")


def _tell(
    ledger: Ledger,
    drafts: Sequence[Draft],
    outcomes: Sequence[Outcome],
    before: dict[LinkName, str],
    *,
    next_time: bool,
) -> None:
    for one, outcome in zip(drafts, outcomes, strict=True):
        done = "Already on record as" if outcome.already else "Recorded"
        subject = _about(ledger, one.event) or telling.subject(one.event)
        output.say(output.safe(f"{done} {outcome.position}: {one.event.type} {subject}"))
    for link, was in before.items():
        now = _standing(ledger, link)
        output.say(f"{link}: {now}" + (f" (was {was})" if was != now else "") + f". See: civic history {link}")
    for outcome in outcomes:
        if outcome.already:
            _say_if_taken_back(ledger, outcome.position)
    for one, outcome in zip(drafts, outcomes, strict=True):
        if one.event.type == "entry-disputed" and not outcome.already:
            settle = f"civic record dispute-settled {outcome.position} --prefer entry|instead --reason TEXT"
            output.note(f"Both accounts stand. When it is known which is right: {settle}")
    if next_time:
        for one in drafts:
            output.note(f"Next time: {output.safe(flags.command_line(one))}")


def _say_if_taken_back(ledger: Ledger, position: int) -> None:
    """Tell who asks twice that what is on record does not stand."""
    for entry in ledger.read(position - 1, 1):
        told = Reading(ledger, Horizon(now().toordinal())).as_recorded(entry)
        if not told.stands and told.by("entry-retracted"):
            back = told.by("entry-retracted")[-1]
            output.note(
                f"But entry {position} was taken back by entry {back}. If that was wrong: "
                f"civic record entry-retracted {back} --reason TEXT"
            )


def _about(ledger: Ledger, event: AnyEvent) -> str:
    """The entry that a record is about, as a person names it."""
    about = getattr(event, event.subject_field or "", None) if event.cycle == "record" else None
    return ", ".join(f"entry {entry.position}" for entry in ledger.tagged(f"entry:{about}")) if about else ""


def _links(ledger: Ledger, event: AnyEvent) -> Iterator[LinkName]:
    """The links that an event moves, or may move by what it says of another entry."""
    if isinstance(event, LinkEvent | LinkListed):
        yield event.link
    elif isinstance(event, EntryCorrected | EntryDisputed) and event.instead:
        yield from _links(ledger, event.instead.event)
    about = getattr(event, event.subject_field or "", None) if event.cycle == "record" else None
    for entry in ledger.tagged(f"entry:{about}") if about else ():
        if not isinstance(entry.event, UnknownEvent):
            yield from _links(ledger, entry.event)


def _standing(ledger: Ledger, link: LinkName) -> str:
    """How a link stands today, from the entries themselves."""
    today = now().toordinal()
    acts = Reading(ledger, Horizon(today)).acts(link.tag)
    if not acts:
        return "none"
    answer = history_as_known(link.sides, acts).at(today)
    standing = LinkCycle(link.sides).standing(answer.stand.state)
    if answer.certainty == "possibly":
        return "possibly " + " or ".join(answer.possible)
    return f"{standing} since {answer.stand.since}" if answer.stand.since else standing
