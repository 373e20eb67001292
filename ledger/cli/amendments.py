"""What a clerk types about an entry: which one is meant, what is to stand instead, and on whose evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain import differences, telling
from domain.entry import UnknownEvent
from domain.happenings import HAPPENINGS
from domain.records import DetailRedacted, EntryCorrected, EntryDisputed
from domain.rules import Refusal
from domain.standing_event import changes
from ledger import codec
from ledger.cli import flags, output, things
from ledger.cli.when import horizon_of_all
from ledger.errors import NotFound, Refused, UsageError
from ledger.interchange import short
from ledger.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from domain.catalogue import AnyEvent
    from domain.entry import Draft, Entry
    from ledger.application import Ledger
    from ledger.cli.flags import Flag


def completed(ledger: Ledger, event: type[AnyEvent], given: dict[str, Any]) -> dict[str, Any]:
    """The particulars of a record about an entry: the entry by its id, and what stands instead of it whole.

    Raises:
        Refused: the entry is not in the ledger.
        UsageError: a change cannot be understood.
    """
    field = event.subject_field
    if not field or not given.get(field):
        return {name: value for name, value in given.items() if value != ""}
    entry = named(ledger, str(given[field]))
    given = {**given, field: entry.id}
    if event is DetailRedacted and "field" in given:
        given["field"] = given["field"].replace("-", "_")  # as the flag of it is typed
    if isinstance(given.get("instead"), list):
        given["instead"] = _instead(ledger, entry, given["instead"])
    return given


def named(ledger: Ledger, text: str) -> Entry:
    """The entry that is meant: by position, id, or key:K.

    Raises:
        Refused: it is not in the ledger.
    """
    try:
        return things.entry_of(ledger, things.entry_named(text))
    except NotFound as error:
        unknown = Refusal("record/known", error.what, field="entry", mend=error.mend)
        raise Refused([(1, unknown)]) from None


def needs_source(event: type[AnyEvent], particulars: Mapping[str, Any]) -> bool:
    """Whether an event rests on a source of its own; a slip, a retraction, a settlement or a note does not."""
    if event.cycle != "record":
        return True
    return event.type in ("entry-corroborated", "entry-disputed") or particulars.get("cause") == "source"


def evidence_of(ledger: Ledger, particulars: Mapping[str, Any], event: type[AnyEvent]) -> list[dict[str, Any]]:
    """The evidence of the entry that a record is about: what we did wrong, we know from there."""
    named_ = particulars.get(event.subject_field or "")
    entries = ledger.tagged(f"entry:{named_}") if named_ else []
    return codec.as_json(entries[0].evidence) if entries else []


def _instead(ledger: Ledger, entry: Entry, changes: Sequence[str]) -> dict[str, Any] | None:
    """The event as it should stand: as it stands now, changed."""
    if list(changes) == [flags.NOTHING]:
        return None
    told = Reading(ledger, horizon_of_all()).as_recorded(entry).account
    if isinstance(told, UnknownEvent) or told.type not in HAPPENINGS:
        raise UsageError(
            f"entry {entry.position} ({entry.type.split('/', 1)[0]}) is itself about an entry: it is not changed",
            mend="name the entry that was first recorded; a record about an entry is taken back with entry-retracted",
        )
    name = next((change.removeprefix("type=") for change in changes if change.startswith("type=")), told.type)
    if name not in HAPPENINGS:
        raise UsageError(f"--set type: there is no event {name!r}", mend="civic schema lists them")
    return {"type": name, "event": _changed(HAPPENINGS[name], told.particulars(), changes)}


def _changed(event: type[AnyEvent], given: Mapping[str, Any], changes: Sequence[str]) -> dict[str, Any]:
    fields = {info.alias or name: name for name, info in event.model_fields.items()}
    known = {flag.field: flag for flag in flags.flags_of(event)} | {flag.option: flag for flag in flags.flags_of(event)}
    kept = {field: value for field, value in given.items() if field in fields}
    set_: dict[str, list[Any]] = {}
    for change in changes:
        field, equals, text = change.partition("=")
        if field == "type" and "type" not in fields:
            continue
        flag = known.get(field)
        if not equals or (flag is None and field != event.subject_field):
            raise UsageError(
                f"--set {change}: {field!r} is not a field of {event.type}",
                mend=f"write FIELD=VALUE; the fields are {', '.join(fields)}",
            )
        name = flag.field if flag else field
        kept.pop(name, None)
        if text:
            set_.setdefault(name, []).append(_read(flag, text) if flag else text)
    told = kept | {name: known[name].gathered(values) if name in known else values[0] for name, values in set_.items()}
    return {field: told[field] for field in fields if field in told}


def _read(flag: Flag, text: str) -> Any:
    if flag.kind is not bool:
        return flag.read(text)
    try:
        return short.yes_or_no(text)
    except ValueError as error:
        raise UsageError(f"--set {flag.field}={text}: {error}", mend="write yes or no") from None


def preview(ledger: Ledger, draft: Draft) -> bool:
    """Show what a record about an entry would change; False for an event of another kind."""
    event = draft.event
    if event.cycle != "record":
        return False
    about = getattr(event, event.subject_field or "", None)
    found = ledger.tagged(f"entry:{about}") if about else []
    for entry in found:
        output.note(
            output.safe(
                f"  {event.type} of {entry.position} {entry.type.split('/', 1)[0]} {telling.subject(entry.event)}"
            )
        )
        _preview_instead(ledger, event, entry)
    own = {
        field: value for field, value in event.particulars().items() if field not in ("instead", event.subject_field)
    }
    for field, value in own.items():
        output.note(output.safe(f"    {field.replace('_', ' ') + ':':<14} {output.cell(value)}"))
    return True


def _preview_instead(ledger: Ledger, event: AnyEvent, entry: Entry) -> None:
    """Show the fields that an account put instead of an entry changes; a personal detail only as it was typed."""
    if not isinstance(event, EntryCorrected | EntryDisputed):
        return
    after = event.instead.event if event.instead else None
    was = Reading(ledger, horizon_of_all()).as_recorded(entry).account
    found = changes(was, after)
    if not found:
        nothing = "nothing would change: the entry says the same already" if after else "it did not happen"
        output.note(f"    {nothing}")
        return
    typed = differences.flat(after.particulars() if after else {})
    for field, (before, now) in found.items():
        told = [differences.value_in_words(value) for value in (before, typed.get(field, now))]
        output.note(output.safe(f"    {field + ':':<14} {' -> '.join(told)}"))
