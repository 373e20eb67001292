"""Personal details: what an entry tells of a person, kept apart from it so that the law can order it to be erased.

The entry itself holds a mark in place of such a detail: a commitment to it, from which nobody can tell what it was.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

from pydantic import Field

from domain.values import Line, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

_KEPT_APART: Final = Field(json_schema_extra={"personal": True})

PersonalLine = Annotated[Line, _KEPT_APART]
"""A line that tells of a person."""

PersonalText = Annotated[Text, _KEPT_APART]
"""Prose that tells of a person."""


@cache
def personal_fields(model: type[BaseModel]) -> Mapping[str, str]:
    """By name: how each field that tells of a person is called in JSON."""
    return MappingProxyType(
        {
            name: info.alias or name
            for name, info in model.model_fields.items()
            if _marked(info.json_schema_extra) or _somewhere_marked(info.annotation)
        }
    )


def _somewhere_marked(annotation: Any) -> bool:  # noqa: ANN401 - a type of any kind
    metadata = getattr(annotation, "__metadata__", ())
    return any(_marked(getattr(one, "json_schema_extra", None)) for one in metadata) or any(
        map(_somewhere_marked, get_args(annotation))
    )


def _marked(extra: object) -> bool:
    return isinstance(extra, dict) and bool(extra.get("personal"))
