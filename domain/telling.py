"""Entries in a few words, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain import tallies
from domain.entry import UnknownEvent
from domain.event import Dated
from domain.personal import APART, commitment_of

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent


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


def summary(event: AnyEvent | UnknownEvent) -> str:
    """What happened, in one line: the words of the entry, or its particulars."""
    if isinstance(event, UnknownEvent):
        return "an event that this release does not know"
    given = event.particulars()
    parts = [
        *([f"by {given['by']}"] if given.get("by") and event.cycle == "link" else []),
        *([shown(given["speaker"])] if given.get("speaker") else []),
        *([given["name"]] if given.get("name") else []),
        *([str(given["kind"])] if given.get("kind") else []),
        *([f'"{given["wording"]}"'] if given.get("wording") else []),
        *([f"to {given['to']}"] if given.get("to") else []),
        *([f"succeeded by {', '.join(given['successors'])}"] if given.get("successors") else []),
        *([f"at {given['at']}"] if given.get("at") else []),
        *([f"effective {given['effective']}"] if given.get("effective") else []),
        _of_the_record(event, given),
        *([f"enclosing {', '.join(given['encloses'])}"] if given.get("encloses") else []),
        *([tallies.in_words(given["vote"])] if given.get("vote") is not None else []),
        *_words(given),
    ]
    return "; ".join(part for part in parts if part)


def _of_the_record(event: AnyEvent, given: dict[str, Any]) -> str:
    """What a record about an entry says of it; or about the keeping of the ledger."""
    instead = given.get("instead")
    told = [
        *([given["cause"]] if "cause" in given else []),
        *([f"prefers {'the entry' if given['prefer'] == 'entry' else 'the dispute'}"] if "prefer" in given else []),
        *([f"hides {given['field']}: {given['basis']}"] if "basis" in given else []),
        *(["+".join(given["vkey"].split("+", 2)[:2])] if "vkey" in given else []),
        *([f"{given['former']} goes on as {given['origin']}"] if "origin" in given else []),
        *([_account(instead)] if event.type == "entry-disputed" or instead else []),
    ]
    return "; ".join(told)


def _account(instead: Mapping[str, Any] | None) -> str:
    """An event that stands instead of another, in a few words."""
    if instead is None:
        return "it did not happen"
    fields = (value for field, value in instead["event"].items() if field in ("on", "by", "kind", "wording"))
    return ", ".join([f"instead {instead['type']}", *map(str, fields)])


_RECORDS: Final = {
    "corrected_by": "corrected by",
    "corroborated_by": "also told by",
    "settled_by": "settled by",
    "redacted_by": "a detail hidden by",
    "noted_by": "note:",
    "retracted_by": "taken back by",
}


def shown(value: str) -> str:
    """A detail, or in place of a mark that it is not here."""
    return APART if commitment_of(value) else value


def records_in_words(records: Mapping[str, Sequence[Any]]) -> list[str]:
    """What is recorded about an entry, in a few words each; of an open dispute, what it tells instead."""
    told = [f"{words} {', '.join(map(str, records[field]))}" for field, words in _RECORDS.items() if field in records]
    return [*told, *(dispute_in_words(one) for one in records.get("disputes", ()))]


def dispute_in_words(dispute: Mapping[str, Any]) -> str:
    """What an open dispute tells instead."""
    return f"disputed by {dispute['entry']} ({dispute['grade'] or 'no source'}): {_account(dispute['instead'])}"


def _words(given: dict[str, Any]) -> list[str]:
    for field in ("title", "summary", "resolutions", "condition", "reason", "where", "corrections", "text"):
        if given.get(field):
            words = given[field]
            return ["; ".join(words) if isinstance(words, list) else str(words)]
    return []
