"""The record about the record: corrections, retractions, disputes and their settlement, corroborations, notes.

Nothing recorded is ever changed: what was wrong, doubted or supported later is told by an entry about the entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ValidationError, ValidationInfo, field_validator

from domain.dates import Date
from domain.event import Event
from domain.happenings import HAPPENINGS, AnyHappening
from domain.personal import PersonalText
from domain.values import SHAPE, Authority, EntryId, Line, Text, Thing

# Events


class Instead(BaseModel):
    """The event that should stand in place of the one recorded, whole."""

    model_config = SHAPE
    type: str
    event: Any
    """Its particulars: those of the event that `type` names."""

    @field_validator("type")
    @classmethod
    def _happened(cls, name: str) -> str:
        if name not in HAPPENINGS:
            msg = f"{name[:80]!r} is no event that can stand in place of another; civic schema lists them"
            raise ValueError(msg)
        return name

    @field_validator("event")
    @classmethod
    def _told(cls, given: object, info: ValidationInfo) -> AnyHappening:
        event = HAPPENINGS.get(info.data.get("type", ""))
        if event is None:
            msg = "its type is not known"
            raise ValueError(msg)
        if isinstance(given, event):
            return given
        if not isinstance(given, Mapping):
            msg = f"is not the particulars of {event.type}"
            raise ValueError(msg)  # noqa: TRY004 - pydantic reports a ValueError in its field
        try:
            return event.model_validate_json(json.dumps(given), context=info.context)
        except ValidationError as error:
            raise ValueError(_first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    cause = fault.get("ctx", {}).get("error", fault["msg"])
    return f"{'.'.join(map(str, fault['loc'])) or 'event'}: {cause}"


class RecordEvent(Event):
    """Something that is recorded about an entry."""

    cycle = "record"
    subject_field = "entry"
    entry: EntryId
    """The entry it is about: always the original, by id or key:K."""


class EntryCorrected(RecordEvent):
    """An entry is corrected: we wrote it down wrongly (slip), or the world learned better (source)."""

    type = "entry-corrected"
    cause: Literal["slip", "source"]
    """A slip holds at every date; what a source corrects holds from the day on which it was published."""
    instead: Instead
    """The event as it should stand, whole."""
    reason: Text
    """Why."""

    @property
    def needs_evidence(self) -> bool:
        """What the world learned, a source must tell."""
        return self.cause == "source"


class EntryRetracted(RecordEvent):
    """An entry is taken back: it should not have been made. A record about an entry can be taken back too."""

    type = "entry-retracted"
    reason: Text
    """Why."""

    @property
    def needs_evidence(self) -> bool:
        """What we did wrong, we know ourselves."""
        return False


class EntryCorroborated(RecordEvent):
    """Another source tells the same; it may know the date better."""

    type = "entry-corroborated"
    on: Date | None = None
    """When it happened, as this source has it; it may narrow the date recorded."""


class EntryDisputed(RecordEvent):
    """Another source tells it otherwise, or denies it: both stand side by side until the dispute is settled."""

    type = "entry-disputed"
    instead: Instead | None
    """What the other source tells, whole; null when it says that nothing of the kind happened."""
    reason: Text | None = None
    """Why the two cannot both be right."""


class DisputeSettled(Event):
    """A dispute is settled: one of the two accounts stands from now on."""

    type = "dispute-settled"
    cycle = "record"
    subject_field = "dispute"
    dispute: EntryId
    """The entry that disputed."""
    prefer: Literal["entry", "instead"]
    """Which account stands: the entry as recorded, or what the dispute put instead."""
    reason: Text
    """Why."""
    by_whom: Line | None = None
    """Who settled it."""

    @property
    def needs_evidence(self) -> bool:
        """The sources are those of the two accounts."""
        return False


class DetailRedacted(RecordEvent):
    """A personal detail of an entry is no longer shown, because the law or those in charge say so."""

    type = "detail-redacted"
    field: Line
    """The field that is no longer shown, as it is called in JSON."""
    basis: Line
    """The legal basis, as it was named."""
    authority: Authority
    """Who ordered it, under which power."""

    @property
    def needs_evidence(self) -> bool:
        """The order is told by basis and authority."""
        return False


class NoteAdded(Event):
    """Something that a later reader should know about an entry, a link, or the ledger."""

    type = "note-added"
    version = 2
    cycle = "record"
    subject_field = "entry"
    entry: EntryId | None = None
    """The entry it is about."""
    about: tuple[Thing, ...] = ()
    """What it concerns: links, papers or bodies."""
    text: Text
    """What should be known."""
    personal_note: PersonalText | None = None
    """Anything personal that those in charge should know; it is kept apart, and can be erased."""

    @property
    def needs_evidence(self) -> bool:
        """A note is our own word."""
        return False


AnyRecord = (
    EntryCorrected | EntryRetracted | EntryCorroborated | EntryDisputed | DisputeSettled | DetailRedacted | NoteAdded
)
