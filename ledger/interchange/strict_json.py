"""JSON from outside, read without mercy: what two readers could read two ways is refused."""

from __future__ import annotations

import json
import math
from typing import Final, NoReturn

LONGEST: Final = 2**20
"""Bytes in one line."""
DEEPEST: Final = 12
"""Levels of nesting; an entry needs eight."""
_MOST_DIGITS: Final = 15


class JSONFault(ValueError):
    """The text is not JSON that can be taken."""


def loads(line: bytes) -> dict[str, object]:
    """Read one object.

    Raises:
        JSONFault: it is none, or could be read in two ways.
    """
    if len(line) > LONGEST:
        raise JSONFault(f"the line takes {len(line):,} bytes; {LONGEST:,} are the most")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise JSONFault(f"byte {error.start + 1} is not UTF-8: save the file as UTF-8") from None
    try:
        found = json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
        )
    except json.JSONDecodeError as error:
        raise JSONFault(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise JSONFault(_TOO_DEEP) from None
    if not isinstance(found, dict):
        raise JSONFault('not an object: a line is {"type": ..., "evidence": [...], "event": {...}}')
    if _depth(found) > DEEPEST:
        raise JSONFault(_TOO_DEEP)
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise JSONFault(r"half of a surrogate pair (\ud800 to \udfff) stands alone") from None
    return found


_TOO_DEEP: Final = f"nested too deep: {DEEPEST} levels are the most"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise JSONFault(f"the key {name[:80]!r} stands twice in one object: leave one out")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise JSONFault(f"{name} is not a value in JSON: leave out what is not known")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise JSONFault(f"a number of {len(digits)} digits; {_MOST_DIGITS} are the most")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits) if len(digits) <= _MOST_DIGITS * 2 else math.inf
    if not math.isfinite(number):
        raise JSONFault(f"the number {digits[:20]} cannot be held exactly")
    return number


def _depth(value: object) -> int:
    """The levels of nesting, found without recursion."""
    deepest, level = 0, [value]
    while level := [
        member
        for outer in level
        for member in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
    ]:
        deepest += 1
        if deepest > DEEPEST:
            break
    return deepest
