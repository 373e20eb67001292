"""Everything that an object holds, for people: a label and a value a line, nested objects indented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain import differences
from domain.marks import APART, commitment_of
from ledger.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH: Final = 17
"""Columns of indent and label together."""


def lines(value: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    """The lines of an object, with every field that it has; safe to print."""
    for field, member in value.items():
        yield from _lines(output.safe(field.replace("_", " ")), member, depth)


def line(label: str, text: str, depth: int = 1) -> str:
    """One line: a label and what belongs to it."""
    indent = "  " * depth
    return f"{indent}{label + ':':<{_WIDTH - len(indent)}} {text}"


def _lines(label: str, member: object, depth: int) -> Iterator[str]:
    if isinstance(member, dict):
        yield "  " * depth + f"{label}:"
        yield from lines(member, depth + 1)
    elif isinstance(member, list) and any(isinstance(one, dict) for one in member):
        yield "  " * depth + f"{label}:"
        for whole, (name, rest) in zip(member, differences.named(member), strict=True):
            yield from _block(whole, depth + 1) if whole == rest else _named(name, rest, depth + 1)
    elif isinstance(member, list):
        for one in member:
            yield from _lines(label, one, depth)
    else:
        first, *others = _text(member).split("\n")
        yield line(label, first, depth)
        yield from (" " * (_WIDTH + 1) + other for other in others)


def _named(name: str, rest: Mapping[str, Any], depth: int) -> Iterator[str]:
    """A member of a list that has a name of its own, as in a roll call."""
    told = ", ".join(f"{field.replace('_', ' ')} {_text(value)}" for field, value in rest.items())
    yield "  " * depth + output.safe(f"- {name}") + (f": {told}" if told else "")


def _block(member: Mapping[str, Any], depth: int) -> Iterator[str]:
    first, *others = lines(member, depth + 1)
    yield "  " * depth + f"- {first.lstrip()}"
    yield from others


def _text(value: object) -> str:
    """A value as it was recorded, its line breaks kept."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(map(output.safe, (APART if commitment_of(value) else str(value)).split("\n")))
