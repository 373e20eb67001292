"""Classes of characters, the same under every Python.

An interpreter's own tables (`unicodedata`, `str.isprintable`, `str.isspace`) grow with each version of Unicode.
What may be recorded must not depend on them, so these classes are written out as of Unicode 15. A character assigned
later counts as visible.
"""

from __future__ import annotations

import re
from typing import Final

_NONCHARACTERS: Final = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_INVISIBLE: Final = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    f"\U000f0000-\U0010ffff{_NONCHARACTERS}]"
)
"""Blanks, controls, formats, surrogates, private use, noncharacters, and what is reserved to be ignored."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def control_in(text: str) -> str | None:
    """The first control character, other than a line break or a tab."""
    found = _CONTROL.search(text)
    return found and found[0]


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return not _INVISIBLE.sub("", text)


def is_visible(text: str) -> bool:
    """Whether every character can be seen."""
    return not _INVISIBLE.search(text)
