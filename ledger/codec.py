"""Entries as bytes: the only module that knows the format on disk.

An entry is stored under the name of its event and that name's version (`link-suspended/1`), with its tags, as
UTF-8 JSON with its keys in a fixed order. Stored bytes are never rewritten: a shape that has grown old is read
through an upcaster, for ever.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError, create_model

from domain.catalogue import EVENTS, AnyEvent
from domain.entry import Draft, Entry, UnknownEvent
from domain.values import SHAPE, Evidence, Override
from ledger.errors import Damage, UsageError
from ledger.store.dcb import DCBEvent

LARGEST: Final = 2**20
"""Bytes that one entry may take."""

UPCASTERS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""By name on disk of an older shape: its particulars rewritten as those of the next."""

_BY_KEY: Final = uuid.UUID("0b6c6c6e-7d5e-5b0a-9a43-0c1d5a2f6b71")
_BY_CONTENT: Final = uuid.UUID("5f0c7a52-93c8-5d0f-8f6e-2d9f0b6a1e43")


class _Stored(BaseModel):
    """What every entry holds beside its event."""

    model_config = SHAPE
    id: str
    key: str | None = None
    salt: str
    recorded_at: datetime
    recorded_by: str
    evidence: tuple[Evidence, ...]
    overrides: tuple[Override, ...]
    detached: tuple[str, ...] = ()
    event: Any
    """Of the type that the name on disk stands for."""


def entry_id(draft: Draft, content: str) -> str:
    """The id under which a draft is recorded: its own, or made of the caller's key, or of its content's digest."""
    if draft.id is not None:
        return draft.id
    if draft.key is not None:
        return id_of_key(draft.key)
    return str(uuid.uuid5(_BY_CONTENT, content))


def id_of_key(key: str) -> str:
    """The id of the entry that was recorded under a caller's key."""
    return str(uuid.uuid5(_BY_KEY, key))


def digest(content: Draft | Entry) -> str:
    """The SHA-256 (hex) of what an entry says: its event, evidence and overrides, in canonical JSON."""
    event = content.event
    said = {
        "type": event.name if isinstance(event, UnknownEvent) else event.type,
        "event": particulars(event),
        "evidence": as_json(content.evidence),
        "overrides": as_json(content.overrides),
    }
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def particulars(event: AnyEvent | UnknownEvent) -> dict[str, Any]:
    """The fields that were given, as JSON values; those of an unknown event as they are."""
    return event.particulars if isinstance(event, UnknownEvent) else event.particulars()


def as_json(parts: Iterable[Evidence | Override]) -> list[dict[str, Any]]:
    """Evidence or overrides as JSON values, with what was given alone."""
    return [part.model_dump(mode="json", exclude_defaults=True) for part in parts]


def tags_of(entry_id: str, event: AnyEvent, evidence: tuple[Evidence, ...]) -> list[str]:
    """The tags of an entry: its id, all that its event names, and its sources."""
    sources = {f"source:{source.source}" for source in evidence if source.source}
    return [f"entry:{entry_id}", *sorted({*event.tags, *sources})]


def tags_of_entry(entry: Entry) -> list[str]:
    """The tags of an entry on record, but for those it inherits; of an unknown event, its id."""
    if isinstance(entry.event, UnknownEvent):
        return [f"entry:{entry.id}"]
    return tags_of(entry.id, entry.event, entry.evidence)


def inheritable(tags: Iterable[str]) -> set[str]:
    """The tags of an entry that whatever is recorded about it bears too: those of bodies, links and papers."""
    return {tag for tag in tags if tag.startswith(("body:", "link:", "ref:"))}


def encode(draft: Draft, *, id_: str, salt: str, recorded_at: datetime, recorded_by: str) -> DCBEvent:
    """Write a draft as the entry it becomes.

    Raises:
        UsageError: it is larger than an entry may be.
    """
    entry = Entry(
        position=0,
        id=id_,
        type=draft.event.name_on_disk(),
        event=draft.event,
        evidence=draft.evidence,
        overrides=draft.overrides,
        key=draft.key,
        salt=salt,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
    )
    data = written(entry)
    if len(data) > LARGEST:
        raise UsageError(
            f"the entry takes {len(data):,} bytes; {LARGEST:,} are the most",
            mend="leave long texts in their document, and give its sha256",
        )
    return DCBEvent(entry.type, data, tags_of(entry.id, draft.event, draft.evidence))


def written(entry: Entry) -> bytes:
    """The bytes of an entry of the newest shape."""
    stored = {
        "id": entry.id,
        **({} if entry.key is None else {"key": entry.key}),
        "salt": entry.salt,
        "recorded_at": instant(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "evidence": as_json(entry.evidence),
        "overrides": as_json(entry.overrides),
        "event": particulars(entry.event),
    }
    return json.dumps(stored, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def decode(position: int, name: str, data: bytes) -> Entry:
    """Read an entry as it was recorded.

    Raises:
        Damage: the bytes are not an entry of that name.
    """
    try:
        kind = _current(name)
        stored = _model(kind).model_validate_json(data) if kind else _through_upcasters(name, data)
    except (ValidationError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise Damage(
            f"entry {position} cannot be read as {name}: {reason}",
            why="its bytes are not what was recorded",
            mend="keep the folder as it is, and compare it with a copy",
        ) from error
    return Entry(
        position=position,
        id=stored.id,
        type=name,
        event=stored.event,
        evidence=stored.evidence,
        overrides=stored.overrides,
        key=stored.key,
        salt=stored.salt,
        recorded_at=stored.recorded_at,
        recorded_by=stored.recorded_by,
    )


def names_on_disk(types: Iterable[str]) -> list[str]:
    """Every stored version of the events named."""
    return [f"{name}/{version}" for name in types for version in range(1, EVENTS[name].version + 1)]


def instant(moment: datetime) -> str:
    """A UTC instant to the microsecond, as it is stored."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _current(name: str) -> type[AnyEvent] | None:
    """The event whose newest shape is stored under `name`."""
    event = EVENTS.get(name.split("/", 1)[0])
    return event if event and event.name_on_disk() == name else None


@cache
def _model(event: type[AnyEvent]) -> type[_Stored]:
    return create_model(f"Stored{event.__name__}", __base__=_Stored, event=(event, ...))


@cache
def _raw_model() -> type[_Stored]:
    return create_model("StoredAsItIs", __base__=_Stored, event=(dict[str, Any], ...))


def _through_upcasters(name: str, data: bytes) -> _Stored:
    """Read an older shape as the newest, and what this release does not know as it is."""
    raw = json.loads(data)
    while name in UPCASTERS:
        raw["event"] = UPCASTERS[name](raw["event"])
        kind, _, version = name.partition("/")
        name = f"{kind}/{int(version) + 1}"
        if event := _current(name):
            return _model(event).model_validate_json(json.dumps(raw))
    stored = _raw_model().model_validate_json(data)
    return stored.model_copy(update={"event": UnknownEvent(name, stored.event)})
