"""Entries in a few words, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain import differences, tallies
from domain.custody import KeyIntroduced, KeyRotated, LedgerRestored
from domain.entry import UnknownEvent
from domain.event import Dated
from domain.marks import APART, commitment_of
from domain.records import DetailRedacted, DisputeSettled, EntryCorrected, EntryCorroborated, EntryDisputed
from domain.standing_event import changes

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.records import Instead


def subject(event: AnyEvent | UnknownEvent) -> str:
    """What an event is about."""
    if isinstance(event, UnknownEvent):
        return event.name
    found = getattr(event, event.subject_field, None) if event.subject_field else getattr(event, "by", None)
    return str(found or "")


def on(event: AnyEvent | UnknownEvent) -> str:
    """When it happened, as written."""
    if isinstance(event, UnknownEvent):
        return str(event.particulars.get("on", ""))
    return event.on.text if isinstance(event, Dated) else ""


_PHRASES: Final = {
    "title": "{}",
    "speaker": "{}",
    "office": "{}",
    "from": "from {}",
    "mover": "moved by {}",
    "seconder": "seconded by {}",
    "name": "{}",
    "kind": "{}",
    "committee": "{}",
    "chair": "chair: {}",
    "present": "{} present",
    "wording": '"{}"',
    "to": "to {}",
    "received_by": "received by {}",
    "signed_by": "signed by {}",
    "successors": "succeeded by {}",
    "at": "at {}",
    "until": "until {}",
    "effective": "effective {}",
    "outcome": "amendment {}",
    "call_in_ends": "call-in ends {}",
    "term": "term {}",
    "notice": "notice: {}",
    "due": "due {}",
    "encloses": "enclosing {}",
    "announces": "announcing {}",
    "where": "{}",
    "standing": "standing there: {}",
    "since": "since {}",
    "stance": "stance: {}",
    "summary": "{}",
    "resolutions": "{}",
    "condition": "{}",
    "exceptions": "exceptions: {}",
    "corrections": "{}",
    "text": "{}",
    "reason": "{}",
    "by_whom": "settled by {}",
    "note": "note: {}",
}
"""By field, in the order in which a summary has them: how its value is printed."""

_LAST: Final = tuple(_PHRASES)[tuple(_PHRASES).index("where") :]
"""What was said: printed after the vote, and after what a record does."""


def summary(event: AnyEvent | UnknownEvent, before: AnyEvent | UnknownEvent | None = None) -> str:
    """What happened, in one line.

    Of a correction, a dispute or a settlement also how what it says differs from `before`: what the entry said.
    """
    if isinstance(event, UnknownEvent):
        return "an event that this release does not know"
    given = event.particulars()
    first = [field for field in _PHRASES if field not in _LAST]
    return "; ".join(
        [
            *([f"by {given['by']}"] if given.get("by") and event.cycle == "link" else []),
            *_phrases(given, first),
            *_of_the_record(event, before),
            *([tallies.in_words(given["vote"])] if given.get("vote") is not None else []),
            *(["cross-party"] if given.get("cross_party") else []),
            *(["not listed"] if given.get("listed") is False else []),
            *_phrases(given, _LAST),
        ]
    )


def _phrases(given: Mapping[str, Any], fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        value = given.get(field)
        if value not in (None, ""):
            said = ("; " if field == "resolutions" else ", ").join(value) if isinstance(value, list) else shown(value)
            yield _PHRASES[field].format(said)


def _of_the_record(event: AnyEvent, before: AnyEvent | UnknownEvent | None) -> Iterator[str]:
    """What a record does to an entry, or to the keeping of the ledger."""
    match event:
        case EntryCorrected():
            yield event.cause
            yield _instead(event.instead, before)
        case EntryDisputed():
            yield _instead(event.instead, before)
        case EntryCorroborated() if event.on:
            yield f"on {event.on.text}"
        case DisputeSettled():
            yield f"prefers {'the entry' if event.prefer == 'entry' else 'the dispute'}"
        case DetailRedacted():
            yield f"hides {event.field}: {event.basis}"
        case KeyIntroduced() | KeyRotated():
            yield "+".join(event.vkey.split("+", 2)[:2])
        case LedgerRestored():
            yield f"{event.former} goes on as {event.origin}"
        case _:
            return


def _instead(instead: Instead | None, before: AnyEvent | UnknownEvent | None) -> str:
    """How an account differs from the one before it; where that is not known, the whole of it."""
    found = changes(before, instead.event if instead else None)
    if found is None or before is not None:
        return differences.in_words(found)
    (_, name), *others = found.values()
    fields = zip([*found][1:], others, strict=True)
    return f"instead {name}: {', '.join(f'{field} {differences.value_in_words(now)}' for field, (_, now) in fields)}"


_RECORDS: Final = {
    "corrected_by": "corrected by",
    "corroborated_by": "also told by",
    "settled_by": "settled by",
    "redacted_by": "a detail hidden by",
    "noted_by": "note:",
    "retracted_by": "taken back by",
}


def shown(value: str) -> str:
    """A detail, or in place of a mark that it is not in this copy."""
    return APART if commitment_of(value) else value


def records_in_words(records: Mapping[str, Sequence[Any]]) -> list[str]:
    """What is recorded about an entry, in a few words each; of what changes or disputes it, the fields that differ."""
    changed = {one["entry"]: differences.in_words(one["changes"]) for one in records.get("revisions", ())}
    told = [
        f"{words} {', '.join(f'{one}: {changed[one]}' if one in changed else str(one) for one in records[field])}"
        for field, words in _RECORDS.items()
        if field in records
    ]
    return [*told, *(differences.dispute_in_words(one) for one in records.get("disputes", ()))]
