"""Entries in a few words, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.entry import UnknownEvent
from domain.event import Dated

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.values import Vote


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


_FIGURES = {
    "for": "for",
    "against": "against",
    "abstained": "abstained",
    "no_vote_cast": "present without voting",
    "absent": "absent",
    "present": "present",
    "cast": "votes cast",
    "declared_interest": "declared an interest",
}


def vote(found: Vote) -> str:
    """A vote as it is known, and that it is not known further."""
    counts = found.model_dump(mode="json", exclude_defaults=True)
    figures = ", ".join(f"{counts[field]} {word}" for field, word in _FIGURES.items() if field in counts)
    if found.casting_vote:
        figures += f", casting vote {found.casting_vote.way} by {found.casting_vote.by}"
    if found.unanimous:
        return f"unanimous, {figures}" if figures else "unanimous (figures not reported)"
    return figures or "vote reported without figures"


def summary(event: AnyEvent | UnknownEvent) -> str:
    """What happened, in one line: the words of the entry, or its particulars."""
    if isinstance(event, UnknownEvent):
        return "an event that this release does not know"
    given = event.particulars()
    found: Vote | None = getattr(event, "vote", None)
    parts = [
        *([f"by {given['by']}"] if given.get("by") and event.cycle == "link" else []),
        *([given["speaker"]] if given.get("speaker") else []),
        *([given["name"]] if given.get("name") else []),
        *([str(given["kind"])] if given.get("kind") else []),
        *([f'"{given["wording"]}"'] if given.get("wording") else []),
        *([f"to {given['to']}"] if given.get("to") else []),
        *([f"enclosing {', '.join(given['encloses'])}"] if given.get("encloses") else []),
        *([vote(found)] if found else []),
        *_words(given),
    ]
    return "; ".join(parts)


def _words(given: dict[str, Any]) -> list[str]:
    for field in ("title", "summary", "resolutions", "condition", "reason", "where", "corrections", "text"):
        if given.get(field):
            words = given[field]
            return ["; ".join(words) if isinstance(words, list) else str(words)]
    return []
