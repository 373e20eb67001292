"""JSON Lines: one entry a line, read strictly from outside, and written so that it can be read again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import IO, Any, Final

from pydantic import BaseModel, ValidationError, create_model

from domain.catalogue import EVENTS, AnyEvent
from domain.entry import Draft, Entry, UnknownEvent
from domain.rules import Query, Refusal
from domain.values import SHAPE, Evidence, Line, Override
from ledger import codec
from ledger.errors import UsageError
from ledger.everyday import event_advice
from ledger.interchange import strict_json

_REPEATED: Final = 80
"""Characters of what was given that a message repeats."""

_PATIENCE: Final = 64
"""Mebibytes of one line that are passed over before it is clear that there are no lines."""

_IGNORED: Final = ("position", "recorded_at", "recorded_by")
"""What an exported line adds, and an import leaves to the ledger it goes into."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and where in it."""

    field: str
    message: str
    line: int = 0
    """Where it stands, if not where the entry begins."""


class LineFault(ValueError):
    """A line cannot be read as an entry."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


class _ImportLine(BaseModel):
    """What a line holds beside its event."""

    model_config = SHAPE
    type: str
    evidence: tuple[Evidence, ...]
    overrides: tuple[Override, ...] = ()
    key: Line | None = None
    id: str | None = None
    event: Any
    """Of the type that the line names."""


def read(line: bytes) -> Draft:
    """Read one line as a draft.

    Raises:
        LineFault: it is not an entry; with every fault that was found.
    """
    try:
        found = strict_json.loads(line)
    except strict_json.JSONFault as error:
        raise LineFault([Fault("line", str(error))]) from None
    return draft_of(found)


def draft_of(found: dict[str, Any]) -> Draft:
    """Take what a line holds as a draft; `found` is used up.

    Raises:
        LineFault: it is not an entry; with every fault that was found.
    """
    for name in _IGNORED:
        found.pop(name, None)
    event = _event_of(found.get("type"))
    _resolve_key(found.get("event"), event)
    try:
        parsed = _model(event).model_validate_json(json.dumps(found))
    except ValidationError as error:
        raise LineFault(faults_of(error, event)) from None
    if not parsed.evidence and parsed.event.needs_evidence:
        raise LineFault([Fault("evidence", "is empty: give at least one source, with its title and grade")])
    if parsed.id is not None and not _is_id(parsed.id):
        raise LineFault(
            [Fault("id", f"{parsed.id[:80]!r} is not an entry's id: leave it out, or keep what was exported")]
        )
    return Draft(parsed.event, parsed.evidence, parsed.overrides, parsed.key, parsed.id)


def _resolve_key(particulars: object, event: type[AnyEvent]) -> None:
    """Write the id for `key:K`, where an event names an entry."""
    field = event.subject_field if event.cycle == "record" else None
    if field and isinstance(particulars, dict):
        named = particulars.get(field)
        if isinstance(named, str) and named.startswith("key:"):
            particulars[field] = codec.id_of_key(named.removeprefix("key:"))


FIELDS: Final = (
    "id", "position", "recorded_at", "recorded_by", "type", "key", "evidence", "overrides", "event",
)  # fmt: skip
"""Of an entry as it is exported."""


def line_of(entry: Entry) -> dict[str, object]:
    """An entry as it is exported: an import line, with the marks of its recording."""
    name = entry.event.name if isinstance(entry.event, UnknownEvent) else entry.event.name_on_disk()
    keyed = {"key": entry.key} if entry.key is not None else {}
    return {
        "id": entry.id,
        "position": entry.position,
        "recorded_at": codec.instant(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "type": name,
        **keyed,
        "evidence": codec.as_json(entry.evidence),
        "overrides": codec.as_json(entry.overrides),
        "event": codec.particulars(entry.event),
    }


def import_line(draft: Draft) -> dict[str, object]:
    """A draft as a line that `import` takes."""
    return {
        "type": draft.event.type,
        **({"key": draft.key} if draft.key is not None else {}),
        "evidence": codec.as_json(draft.evidence),
        **({"overrides": codec.as_json(draft.overrides)} if draft.overrides else {}),
        "event": draft.event.particulars(),
    }


def refused(refusal: Refusal) -> Fault:
    """What a rule said of a line, and how the line goes ahead where it can be overridden."""
    mend = f"; {refusal.mend}" if refusal.mend else ""
    if isinstance(refusal, Query):
        rule = refusal.rule.id
        line = f'"overrides": [{{"rule": "{rule}", "reason": "TEXT"}}] in this line'
        mend = mend.replace(
            f"--override {rule}:REASON", f"{line} ({rule}:TEXT under override in CSV, overrides in YAML)"
        )
    return Fault(refusal.field or "event", f"{refusal.what} [{refusal.rule.id}]{mend}")


def bounded(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, just enough to be refused."""
    while line := stream.readline(strict_json.LONGEST + 2):
        rest, passed_over = line, 0
        while not rest.endswith(b"\n") and (rest := stream.readline(strict_json.LONGEST)):
            passed_over += 1
            if passed_over > _PATIENCE:
                raise UsageError("this is no file of lines", why=f"a line goes on for more than {_PATIENCE} MiB")
        yield line


def lines(source: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, numbered from 1 as an editor counts them."""
    for number, line in enumerate(source, 1):
        bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if len(line) <= strict_json.LONGEST:
            bare = bare.strip()
        if bare:
            yield number, bare


def faults_of(error: ValidationError, event: type[AnyEvent]) -> list[Fault]:
    """What pydantic found, in words for a clerk."""
    faults = []
    for found in error.errors(include_url=False):
        path = [str(part) for part in found["loc"] if part != "event"] or ["line"]
        faults.append(
            Fault(
                ".".join(path)[:200],
                _message(found["type"], found["msg"], found.get("ctx", {}), path, event, found["input"]),
            )
        )
    return faults


_KINDS: Final = {
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}
"""By what pydantic calls a wrong type: what is wanted."""


def _message(
    kind: str, message: str, context: dict[str, Any], path: list[str], event: type[AnyEvent], given: object
) -> str:
    match kind:
        case "extra_forbidden":
            known = ", ".join(info.alias or name for name, info in event.model_fields.items())
            return (
                f"is not a field of {event.type}; its fields are {known}" if len(path) == 1 else "is not a field here"
            )
        case "missing":
            return "is missing"
        case "value_error":
            return str(context.get("error", message))
        case "string_type":
            return f"{_shown(given)} is not text: write it in double quotes"
        case "literal_error":
            words = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            offered = (word for word in words if (path[-1], word) != ("power", "not-stated"))  # it is left out instead
            return f"{_shown(given)} is not one of {', '.join(offered)}"
        case kind if kind in _KINDS:
            return f"{_shown(given)} is not {_KINDS[kind]}"
        case "greater_than_equal" | "less_than_equal":
            return f"{_shown(given)} is not a number from 0 to 1,000,000"
        case "string_pattern_mismatch":
            return f"{_shown(given)} is not written as {context['pattern']}"
        case "string_too_long":
            return f"is longer than {context['max_length']:,} characters"
        case _:
            return f"{_shown(given)}: {message[:1].lower()}{message[1:]}"


def _shown(given: object) -> str:
    """What was given, as a message repeats it."""
    text = repr(given) if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= _REPEATED else f"{text[:_REPEATED]}..."


def _event_of(name: object) -> type[AnyEvent]:
    if not isinstance(name, str):
        raise LineFault([Fault("type", "is missing: name the event, as in link-suspended")])
    bare, slash, version = name.partition("/")
    event = EVENTS.get(bare)
    if event is None:
        advice = event_advice(bare[:80], EVENTS, "civic schema lists them")
        raise LineFault([Fault("type", f"there is no event {bare[:80]!r}; {advice}")])
    older = {name.partition("/")[2] for name in codec.UPCASTERS if name.startswith(f"{bare}/")}
    if slash and version not in {str(event.version), *older}:
        raise LineFault([Fault("type", f"version {version[:20]!r} of {bare} is not known here, only {event.version}")])
    return event


@cache
def _model(event: type[AnyEvent]) -> type[_ImportLine]:
    return create_model(f"{event.__name__}Line", __base__=_ImportLine, event=(event, ...))


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


_FORMS: Final = (
    "One line of JSON Lines. In CSV, whose rows are of one event, a column is called like a field of the event, and a "
    "list takes a column for each member: about, about_2, about_3; the evidence stands under source, source_title, "
    "source_grade and so on, a second source under source_2, source_title_2. In YAML an entry has type, source or "
    "sources, key, overrides and event. Both take the short forms of the command line: civic help forms."
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a line, whose `event` is described by the schema of its type."""
    found = _ImportLine.model_json_schema(by_alias=True)
    found["description"] = _FORMS
    found["properties"]["type"]["enum"] = list(EVENTS)
    found["properties"]["event"] = {"type": "object", "description": "its fields: civic schema EVENT"}
    return found
