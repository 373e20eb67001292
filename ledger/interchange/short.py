"""Short forms: a value as a person writes it, on the command line or in a cell, and as JSON has it."""

from __future__ import annotations

import csv
import io
import json
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from domain.bodies import NameInTime
from domain.dates import Date, Interval
from domain.records import Instead
from domain.values import Authority, CastingVote, Reference, Threshold, Vote
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
        Threshold: threshold,
        CastingVote: casting_vote,
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

    A part with a comma in it is put between quotation marks, as a cell of CSV is.

    Raises:
        ValueError: it cannot be understood.
        UsageError: the file of names cannot be taken.
    """
    if text.startswith("{"):
        return _object(text)
    found: dict[str, Any] = {}
    roll: list[tuple[str, str]] = []
    for part in _parts(text):
        name, equals, value = part.partition("=")
        name = name.strip().replace("-", "_") if equals else name
        if part.startswith("@"):
            name, value = "@", part[1:]
        if (name in found or name in dict(roll)) and name not in _REPEATED:
            raise ValueError(f"{name} is given twice")
        if name in _OF_A_ROLL_CALL and value:
            roll.append((name, value))
        elif not equals and name == "unanimous":
            found[name] = True
        elif name in _VOTE_FIELDS and value:
            found[name] = read(_VOTE_FIELDS[name], value)
        else:
            raise ValueError(f"{part!r} is not part of a vote")
    return _with_names(found, roll, files=files) if roll else found


_VOTE_FIELDS: Final = {
    info.alias or name: kind.of
    for name, info in Vote.model_fields.items()
    if not (kind := kind_of(info.annotation)).many and name != "unanimous"
}
"""The fields of a vote that have a short form, and what they hold."""

_OF_A_ROLL_CALL: Final = ("@", "motion", "where", "line", "ignore")
_REPEATED: Final = ("where", "ignore")


def _parts(text: str) -> list[str]:
    """The parts between commas; one in quotation marks may hold commas."""
    try:
        return [part.strip() for part in next(csv.reader([text], skipinitialspace=True, strict=True), None) or [""]]
    except csv.Error as error:
        raise ValueError(f"{text[:60]!r}: {error}") from None


def _with_names(found: dict[str, Any], roll: Sequence[tuple[str, str]], *, files: bool) -> dict[str, Any]:
    """A vote with the names of a file; of the parts in `roll`, `@` names it, the others say which rows."""
    given = dict(roll)
    if "@" not in given:
        raise ValueError(f"{roll[0][0]}= chooses rows of a file: name it too, @FILE")
    if not files:
        raise ValueError(f"@{given['@'][:60]}: a file cannot name another file; write the names in full, as JSON")
    from ledger.interchange.votes import Selection, counted, names

    where = [value.partition("=") for name, value in roll if name == "where"]
    if not all(equals for _, equals, _ in where):
        raise ValueError("where= is followed by HEADING=VALUE, as in where=Date=2022-03-22")
    selection = Selection(
        given.get("motion", ""),
        tuple((heading, value) for heading, _, value in where),
        _count(given["line"]) if "line" in given else 0,
        tuple(value for name, value in roll if name == "ignore"),
    )
    complete = found.get("names_complete", True)
    ballots = names(given["@"], selection, complete=complete)
    return {**(counted(ballots) if complete else {}), **found, "names": ballots, "names_complete": complete}


def casting_vote(text: str) -> dict[str, Any]:
    """`WAY:BY`, as in `for:The Lord Mayor`, or the whole as JSON."""
    if text.startswith("{"):
        return _object(text)
    way, _, by = text.partition(":")
    if way not in ("for", "against") or not by:
        raise ValueError(f"{text[:60]!r} is not WAY:BY, as in for:The Lord Mayor or against:The Chair")
    return {"by": by, "way": way}


_THRESHOLD: Final = re.compile(
    r"(?:(?P<more>more[- ]than[- ])?(?:(?P<share>[0-9]+/[0-9]+)[- ]of[- ](?P<of>cast|present|seats)"
    r"|(?P<votes>[0-9]+)[- ]votes?)|majority[- ]of[- ](?P<majority>cast|present|seats))(?::(?P<words>.+))?"
)


def threshold(text: str) -> dict[str, Any] | str:
    """`2/3-of-cast`, `majority-of-seats`, `8-votes`, each with `:WORDS` of the source; any other text is words."""
    if text.startswith("{"):
        return _object(text)
    found = _THRESHOLD.fullmatch(text)
    if found is None:
        if not any(character.isalpha() for character in text):
            raise ValueError(f"{text[:20]!r} does not say of what: write 8-votes, or 2/3-of-cast, of-present, of-seats")
        return text
    words = {"words": found["words"]} if found["words"] else {}
    more = {"more_than": True} if found["more"] or found["majority"] else {}
    if found["votes"]:
        return {"votes": _count(found["votes"]), **more, **words}
    return {"share": found["share"] or "1/2", "of": found["of"] or found["majority"], **more, **words}


def _threshold_words(value: dict[str, Any]) -> str:
    asked = f"{value['votes']}-votes" if "votes" in value else f"{value['share']}-of-{value['of']}"
    return f"{'more-than-' if value.get('more_than') else ''}{asked}" + (
        f":{value['words']}" if "words" in value else ""
    )


def _casting_words(value: dict[str, Any]) -> str:
    return f"{value['way']}:{value['by']}"


def _vote_words(value: dict[str, Any]) -> str:
    parts = [
        f"{name}={written(_VOTE_FIELDS.get(name, str), one)}" for name, one in value.items() if name != "unanimous"
    ]
    if "unanimous" in value:
        parts.append("unanimous")
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(parts)
    return line.getvalue()


def _joined(value: dict[str, Any]) -> str:
    return ":".join(str(one) for one in value.values())


_SHORTENED: Final[dict[object, Callable[[dict[str, Any]], str]]] = {
    Vote: _vote_words,
    Threshold: _threshold_words,
    CastingVote: _casting_words,
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
