"""Values told in full, of strings alone: each string is read by the field it stands in, in its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from domain.happenings import HAPPENINGS
from domain.records import Instead
from ledger.interchange import short
from ledger.interchange.jsonl import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping


def typed(
    model: type[BaseModel], given: Mapping[str, object], faults: list[Fault], path: str = ""
) -> dict[str, object]:
    """The fields of a model as JSON has them; what cannot be read is told in `faults`, and nothing stands for it.

    A name that is no field of the model is kept, so that whoever reads it whole can refuse it by name.
    """
    annotations = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    return {
        name: _field(annotations[name], value, f"{path}{name}", faults) if name in annotations else value
        for name, value in given.items()
    }


def _field(annotation: object, value: object, path: str, faults: list[Fault]) -> object:
    kind = short.kind_of(annotation)
    if kind.of is dict:
        if not isinstance(value, dict):
            faults.append(Fault(path, "is a mapping: write each on a line of its own, as in gss: E08000026"))
        return value
    if not kind.many:
        return _one(kind.of, value, path, faults)
    if isinstance(value, list):
        return [_one(kind.of, member, f"{path}.{place}", faults) for place, member in enumerate(value)]
    faults.append(Fault(path, "is a list: write each behind a dash on a line of its own, or [one, other]"))
    return None


def _one(kind: object, value: object, path: str, faults: list[Fault]) -> object:
    if isinstance(value, str):
        try:
            return short.read(kind, value)
        except ValueError as error:
            faults.append(Fault(path, str(error)))
        return None
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        return _instead(value, path, faults) if kind is Instead else typed(kind, value, faults, f"{path}.")
    faults.append(Fault(path, "is one value, and here stands a list or a mapping"))
    return None


def _instead(value: Mapping[str, object], path: str, faults: list[Fault]) -> dict[str, object]:
    """The event that stands instead, whose fields depend on its type."""
    event, given = HAPPENINGS.get(str(value.get("type"))), value.get("event")
    if event is None or not isinstance(given, dict):
        return dict(value)
    return {**value, "event": typed(event, given, faults, f"{path}.event.")}
