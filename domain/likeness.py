"""Which new bodies are one that is known: the same identifier, or a name or short name written almost like it.

Names are compared only within one country, without capitals, accents and punctuation, and with declared words alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from domain.rules import Query, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from domain.bodies import BodyRegistered

RULE: Final = "record/near-duplicate"

_SAINTS: Final = frozenset({"saint", "sainte", "sankt", "sint", "st", "ste"})
_BEFORE: Final = (
    "city of", "town of", "borough of", "municipality of", "commune de", "commune of", "ville de", "mairie de",
    "stadt", "landeshauptstadt", "gemeente", "gemeinde", "comune di", "ayuntamiento de", "municipio de", "kommune",
    "obec", "mesto", "miasto", "gmina",
)  # fmt: skip
_AFTER: Final = ("city council", "town council", "borough council", "council", "kommune", "kommun")
"""Words before or after a name that say what the body is, and not which."""

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)


def same_identifier(known: Sequence[BodyRegistered], fresh: Iterable[tuple[int, BodyRegistered]]) -> dict[int, Refusal]:
    """The new bodies, by number, that have an identifier of another one: of one that is known, or one before them."""
    held = {identifier: body for body in known for identifier in _identifiers(body)}
    refused: dict[int, Refusal] = {}
    for number, body in fresh:
        taken = ((one, held[one]) for one in _identifiers(body) if one in held)
        found = next(((one, other) for one, other in taken if other.slug != body.slug), None)
        if found:
            (scheme, name), other = found
            refused[number] = Refusal(
                "record/once",
                f"{body.slug} has the identifier {scheme}:{name}, "
                f"by which {other.slug} ({other.name}, {other.country}) is known",
                field="identifiers",
                why="an identifier names one body",
                mend=f"use {other.slug}; or look at the identifier again, and correct the entry that has it wrong",
            )
        for identifier in _identifiers(body):
            held.setdefault(identifier, body)
    return refused


def _identifiers(body: BodyRegistered) -> Iterator[tuple[str, str]]:
    return ((scheme, " ".join(name.casefold().split())) for scheme, name in body.identifiers.items())


def near_duplicate(known: Sequence[BodyRegistered], fresh: Iterable[tuple[int, BodyRegistered]]) -> dict[int, Refusal]:
    """The new bodies, by number, that are written almost like one that is known, or like one before them."""
    by_key: defaultdict[tuple[str, str], list[BodyRegistered]] = defaultdict(list)
    for body in known:
        for key in _all_keys(body):
            by_key[key].append(body)
    refused: dict[int, Refusal] = {}
    for number, body in fresh:
        alike = (other for key in _all_keys(body) for other in by_key.get(key, ()))
        other = next((other for other in alike if other.slug != body.slug and _near(body, other)), None)
        if other:
            refused[number] = Query(
                RULE,
                f"{body.slug} is almost {other.slug} ({other.name}, {other.country})",
                field="slug",
                mend=f"use {other.slug}; if they are two bodies, say so with --new",
            )
        for key in _all_keys(body):
            by_key[key].append(body)
    return refused


def _all_keys(body: BodyRegistered) -> Iterator[tuple[str, str]]:
    """What bodies that may be one have in common: a name, or a short name with one letter taken out."""
    yield from ((body.country, f"name {key}") for key in _names(body))
    yield body.country, body.slug
    yield from ((body.country, body.slug[:place] + body.slug[place + 1 :]) for place in range(len(body.slug)))


def _names(body: BodyRegistered) -> list[str]:
    """The keys of every name that a body has or had, its short name among them."""
    return list(dict.fromkeys(map(key_of, (body.name, body.slug, *(former.name for former in body.names)))))


def key_of(name: str) -> str:
    """A name without capitals, accents, punctuation and the words that only say what the body is."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(_LETTERS)
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    words = " ".join("st" if word in _SAINTS else word for word in re.findall(r"[^\W_]+", bare))
    for phrase in _BEFORE:
        words = words.removeprefix(f"{phrase} ")
    for phrase in _AFTER:
        words = words.removesuffix(f" {phrase}")
    return "".join(word if word.isalpha() else f" {word} " for word in words.split())


def _near(one: BodyRegistered, other: BodyRegistered) -> bool:
    if not {*_names(one)}.isdisjoint(_names(other)):
        return True
    return _digits(one.slug) == _digits(other.slug) and within_one_edit(one.slug, other.slug)


def _digits(slug: str) -> str:
    return re.sub("[^0-9]", "", slug)


def within_one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion or change of a letter, at most, makes the two equal."""
    short, long = sorted((one, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
