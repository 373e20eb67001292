"""Short forms: a value as a person writes it, on the command line or in a cell, and as JSON has it."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from domain.bodies import NameInTime
from domain.dates import Date, Interval
from domain.records import Instead
from domain.values import Authority, Reference, Vote
from ledger.interchange import strict_json

NOTHING: Final = "nothing"
"""What stands instead when a source denies that anything of the kind happened."""

_WAYS: Final = {"yes": True, "true": True, "no": False, "false": False}


class Kind(NamedTuple):
    """What a field holds."""

    of: Any
    """The type of one value."""
    many: bool
    """Whether there may be several."""


def kind_of(annotation: object) -> Kind:
    """What a field of that annotation holds."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        return kind_of(next(part for part in get_args(annotation) if part is not type(None)))
    if get_origin(annotation) is tuple:
        return Kind(kind_of(get_args(annotation)[0]).of, many=True)
    return Kind(dict, many=True) if get_origin(annotation) is dict else Kind(annotation, many=False)


def read(kind: object, text: str, *, files: bool = False) -> object:
    """One value as JSON has it; of a dict, one pair. `files` says whether `@FILE` may be opened.

    Raises:
        ValueError: it cannot be understood.
        UsageError: the file it names cannot be taken.
    """
    if kind is Vote:
        return vote(text, files=files)
    readers: Mapping[object, Callable[[str], object]] = {
        Date: lambda text: Date.from_short(text).text,
        Interval: lambda text: Interval.parse(text).text,
        Authority: authority,
        NameInTime: name_in_time,
        Instead: _instead,
        bool: yes_or_no,
        int: _count,
        dict: _pair,
    }
    return readers.get(kind, str)(text)


def written(kind: object, value: object) -> str:
    """A JSON value as it is written; in full, as JSON, where the short form cannot hold it."""
    if kind is bool:
        return "yes" if value else "no"
    if value is None and kind is Instead:
        return NOTHING
    if not isinstance(value, dict):
        return str(value)
    short = _SHORTENED[kind](value) if kind in _SHORTENED else ""
    try:
        same = bool(short) and read(kind, short) == value
    except ValueError:
        same = False
    return short if same else json.dumps(value, ensure_ascii=False)


def yes_or_no(text: str) -> bool:
    """`yes` or `no`; a spreadsheet writes TRUE or FALSE."""
    if text.lower() not in _WAYS:
        raise ValueError(f"{text[:20]!r} is neither yes nor no")
    return _WAYS[text.lower()]


def name_in_time(text: str) -> dict[str, Any]:
    """`NAME[:DURING]`, as in `Stalingrad:1925/1961`, or the whole as JSON."""
    if text.startswith("{"):
        return _object(text)
    name, _, during = text.rpartition(":")
    return {"name": name, "during": Interval.parse(during).text} if name else {"name": text}


def authority(text: str) -> dict[str, Any]:
    """`POWER[:REF]`, or the whole as JSON."""
    if text.startswith("{"):
        return _object(text)
    power, _, reference = text.partition(":")
    return {"power": power, **({"reference": str(Reference.check(reference))} if reference else {})}


def vote(text: str, *, files: bool = False) -> dict[str, Any]:
    """`unanimous`, `for=33,against=20,method=voice`, with `@votes.csv` for the names; or the whole as JSON.

    Raises:
        ValueError: it cannot be understood.
        UsageError: the file of names cannot be taken.
    """
    if text.startswith("{"):
        return _object(text)
    found: dict[str, Any] = {}
    counts = {info.alias or name for name, info in Vote.model_fields.items() if kind_of(info.annotation).of is int}
    roll = ""
    for part in text.split(","):
        name, equals, value = part.strip().partition("=")
        name = name.replace("-", "_") if equals else name
        if name in found or (roll and name.startswith("@")):
            raise ValueError(f"{name} stands twice")
        if name.startswith("@"):
            roll = part.strip()[1:]
        elif not equals and name == "unanimous":
            found[name] = True
        elif name == "names_complete" and value:
            found[name] = yes_or_no(value)
        elif name in ("method", "threshold", "note") and value:
            found[name] = value
        elif name in counts and value:
            found[name] = _count(value)
        else:
            raise ValueError(f"{part.strip()!r} is not part of a vote")
    return _with_names(found, roll, files=files) if roll else found


def _with_names(found: dict[str, Any], roll: str, *, files: bool) -> dict[str, Any]:
    """A vote with the names that stand in a file."""
    if not files:
        raise ValueError(f"@{roll[:60]}: what stands in a file reads no other file; write the names in full, as JSON")
    from ledger.interchange.votes import counted, names

    ballots = names(roll)
    complete = found.get("names_complete", True)
    return {**(counted(ballots) if complete else {}), **found, "names": ballots, "names_complete": complete}


def _vote_words(value: dict[str, Any]) -> str:
    parts = {name: written(type(one), one) for name, one in value.items() if isinstance(one, bool | int | str)}
    return ",".join("unanimous" if name == "unanimous" else f"{name}={one}" for name, one in parts.items())


def _joined(value: dict[str, Any]) -> str:
    return ":".join(str(one) for one in value.values())


_SHORTENED: Final[dict[object, Callable[[dict[str, Any]], str]]] = {
    Vote: _vote_words,
    Authority: _joined,
    NameInTime: _joined,
}


def override(text: str) -> dict[str, str]:
    """`RULE:REASON`, as in `link/transition:the page gives no day`."""
    rule, colon, reason = text.partition(":")
    if not colon or "/" not in rule:
        raise ValueError(f"{text[:60]!r} is not RULE:REASON, as in link/transition:the page gives no day")
    return {"rule": rule, "reason": reason}


def _instead(text: str) -> dict[str, Any] | None:
    """The event that stands instead, whole, as JSON; or `nothing`."""
    if text == NOTHING:
        return None
    if not text.startswith("{"):
        raise ValueError(f'write {{"type": ..., "event": {{...}}}} in full, or {NOTHING}')
    return _object(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > len("1000000"):
        raise ValueError(f"{text[:20]!r} is not a number of people")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    scheme, colon, name = text.partition(":")
    if not colon:
        raise ValueError(f"{text!r} is not SCHEME:ID, as in gss:E08000026")
    return scheme, name


def _object(text: str) -> dict[str, Any]:
    return strict_json.loads(text.encode())
