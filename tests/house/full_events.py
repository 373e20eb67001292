"""Every event with every field filled, nested ones too, each with a value that is found nowhere else."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from itertools import count, cycle
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from domain.catalogue import EVENTS, AnyEvent
from domain.dates import Date, Interval
from domain.samples import ENTRY, PARTICULARS
from domain.values import Announced, BodyName, EntryId, LinkName, MeetingOrDay, Reference, SourceName, Thing, Threshold

_numbers = count(1011)
_thresholds = cycle(
    [
        {"share": "1001/1002", "of": "seats", "more_than": True, "words": "Word1003"},
        {"votes": 1004, "more_than": True, "words": "Word1005"},
    ]
)
"""A threshold is a share or a number of votes, so no vote has every field of one: they take turns."""


def full(event: type[AnyEvent], **given: object) -> AnyEvent:
    """An event with every field; where a made-up value is not valid, the field's value in the samples stands."""
    made = {**{info.alias or name: _field(info) for name, info in event.model_fields.items()}, **given}
    try:
        return event.model_validate_json(json.dumps(made))
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors()}
        sample = {field: PARTICULARS[event.type][field] for field in wrong}
        return event.model_validate_json(json.dumps({**made, **sample}))


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value inside particulars as people read it, under the name of its field."""
    if isinstance(value, Mapping):
        for field, member in value.items():
            yield from leaves(member, field)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, path)
    else:
        yield path, {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _field(info: FieldInfo) -> Any:  # noqa: ANN401 - a JSON value of any kind
    return _value(info.annotation)


def _value(annotation: Any) -> Any:  # noqa: ANN401 - a type and a JSON value of any kind
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0])
    if origin in (types.UnionType, Union):
        return _value(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return [_value(arguments[0])]
    if origin is Literal:
        return arguments[-1]
    if origin is dict:
        return {"scheme": _value(arguments[1])}
    if annotation is Any:
        return full(EVENTS["link-suspended"]).particulars()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    return _plain(annotation, next(_numbers))


def _model(model: type[BaseModel]) -> dict[str, Any]:
    if model is Threshold:
        return next(_thresholds)
    made = {info.alias or name: _field(info) for name, info in model.model_fields.items()}
    return {**made, "type": "link-suspended"} if "event" in made else made


def _plain(annotation: object, number: int) -> object:
    values: dict[object, object] = {
        bool: True,
        int: number,
        str: f"Word{number}",
        Date: f"{number:04}",
        Interval: f"{number:04}/{number + 1:04}",
        BodyName: f"body-{number}",
        SourceName: f"source-{number}",
        EntryId: ENTRY,
        LinkName: f"body-{number}--other-{number}",
        Reference: f"body-{number}/undated/paper-{number}",
        MeetingOrDay: f"body-{number}/undated/paper-{number}",
        Thing: f"body-{number}--other-{number}",
        Announced: f"link-suspended:body-{number}--other-{number}",
    }
    return values[annotation]
