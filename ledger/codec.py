"""Entries as bytes: the only module that knows the format on disk.

An entry is stored under the name of its event and that name's version (`link-suspended/1`), with its tags, as
UTF-8 JSON with its keys in a fixed order. Stored bytes are never rewritten: a shape that has grown old is read
through an upcaster, for ever.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError, create_model

from domain.catalogue import EVENTS, AnyEvent
from domain.entry import Draft, Entry, UnknownEvent
from domain.marks import HIDDEN, commitment_of, mark
from domain.personal import personal_fields
from domain.values import ON_RECORD, SHAPE, Evidence, Override
from ledger.errors import Damage, UsageError
from ledger.store.dcb import DCBEvent

LARGEST: Final = 2**20
"""Bytes that one entry may take."""


def _as_it_was(particulars: dict[str, Any]) -> dict[str, Any]:
    """The next shape only adds, or keeps apart what this one told in clear."""
    return particulars


UPCASTERS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "note-added/1": _as_it_was,
    "request-received/1": _as_it_was,
    "statement-made/1": _as_it_was,
}
"""By name on disk of an older shape: its particulars rewritten as those of the next."""

Values = Callable[[str], "str | None"]
"""Gives the personal detail behind a commitment (hex); None where it is not to be had."""

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


def personal(event: AnyEvent) -> dict[str, str]:
    """What an event tells of a person, by field; of a correction or a dispute, what the event put instead tells."""
    return _told(event).personal()


def in_clear(entry: Entry) -> set[str]:
    """The fields that the stored bytes of an entry tell in clear, as they are called in JSON."""
    told = particulars(entry.event)
    apart = {field for field, _ in entry.detached}
    return {field for field, value in (*told.items(), *_inner(told).items()) if value != HIDDEN} - apart


def erased(entry: Entry) -> list[str]:
    """The fields that an entry keeps apart and that are not to be had any more."""
    told = _inner(particulars(entry.event))
    return [field for field, commitment in entry.detached if commitment_of(told.get(field)) == commitment]


def encode(
    draft: Draft,
    *,
    id_: str,
    salt: str,
    recorded_at: datetime,
    recorded_by: str,
    commitments: Mapping[str, str] = MappingProxyType({}),
) -> DCBEvent:
    """Write a draft as the entry it becomes; `commitments` has, by field, that to each personal detail.

    Raises:
        UsageError: it is larger than an entry may be.
    """
    told = _told(draft.event)
    marked = [alias for name, alias in personal_fields(type(told)).items() if commitment_of(getattr(told, name))]
    if marked and draft.id is None:
        raise UsageError(
            f"{marked[0]} is only a mark: the detail itself is kept apart in the ledger that it comes from",
            mend="write the detail, or leave the whole entry out",
        )
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
    data = written(entry, commitments)
    if len(data) > LARGEST:
        raise UsageError(
            f"the entry takes {len(data):,} bytes; {LARGEST:,} are the most",
            mend="leave long texts in their document, and give its sha256",
        )
    return DCBEvent(entry.type, data, tags_of(entry.id, draft.event, draft.evidence))


def written(entry: Entry, commitments: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The bytes of an entry of the newest shape, with a mark in place of each detail committed to."""
    event = particulars(entry.event)
    inner = _inner(event)
    inner |= {field: mark(commitment) for field, commitment in commitments.items()}
    fields = set() if isinstance(entry.event, UnknownEvent) else set(personal_fields(type(_told(entry.event))).values())
    detached = [found for field, value in inner.items() if field in fields and (found := commitment_of(value))]
    stored = {
        "id": entry.id,
        **({} if entry.key is None else {"key": entry.key}),
        "salt": entry.salt,
        "recorded_at": instant(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        **({"detached": detached} if detached else {}),
        "evidence": as_json(entry.evidence),
        "overrides": as_json(entry.overrides),
        "event": event,
    }
    return json.dumps(stored, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def decode(position: int, name: str, data: bytes, values: Values | None = None) -> Entry:
    """Read an entry as it was recorded; with `values`, also the personal details that are kept apart from it.

    Raises:
        Damage: the bytes are not an entry of that name.
    """
    detached: tuple[tuple[str, str], ...] = ()
    try:
        kind = _current(name)
        if b'"detached":[' in data.partition(b',"evidence":')[0]:
            detached, data = _attached(data, values)
        stored = _model(kind).model_validate_json(data, context=ON_RECORD) if kind else _through_upcasters(name, data)
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
        detached=detached,
    )


def names_on_disk(types: Iterable[str]) -> list[str]:
    """Every stored version of the events named."""
    return [f"{name}/{version}" for name in types for version in range(1, EVENTS[name].version + 1)]


def instant(moment: datetime) -> str:
    """A UTC instant to the microsecond, as it is stored."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _told(event: AnyEvent) -> AnyEvent:
    """The event in which details are told: itself, or the one that it puts instead of another."""
    instead = getattr(event, "instead", None)
    told: AnyEvent = instead.event if instead else event
    return told


def _inner(event: dict[str, Any]) -> dict[str, Any]:
    """The particulars in which personal details are told: an event's own, or those of the event put instead."""
    instead = event.get("instead")
    inner: dict[str, Any] = instead["event"] if isinstance(instead, dict) else event
    return inner


def _attached(data: bytes, values: Values | None) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The details that an entry keeps apart, and its bytes with those in place that are to be had."""
    stored = json.loads(data)
    inner = _inner(stored["event"])
    listed = set(stored["detached"])
    found = {field: named for field, value in inner.items() if (named := commitment_of(value)) in listed and named}
    if set(found.values()) != listed:
        msg = "it keeps details apart that it has no marks for"
        raise ValueError(msg)
    if values is None:
        return tuple(found.items()), data
    told = {field: value for field, commitment in found.items() if (value := values(commitment)) is not None}
    inner |= told
    return tuple(found.items()), json.dumps(stored, ensure_ascii=False).encode()


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
    raw = json.loads(data) if name in UPCASTERS else {}
    while name in UPCASTERS:
        raw["event"] = UPCASTERS[name](raw["event"])
        kind, _, version = name.partition("/")
        name = f"{kind}/{int(version) + 1}"
        if event := _current(name):
            return _model(event).model_validate_json(json.dumps(raw), context=ON_RECORD)
    stored = _raw_model().model_validate_json(data, context=ON_RECORD)
    return stored.model_copy(update={"event": UnknownEvent(name, stored.event)})
