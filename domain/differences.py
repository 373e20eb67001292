"""What differs between two accounts of one event: the fields, each with its value before and after.

Works on particulars as JSON values, so it needs neither pydantic nor the events themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain.marks import APART, HIDDEN, commitment_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

Changes = dict[str, list[Any]]
"""By field, as in `vote.for`: the value before and the value after, null where the field was not given."""


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, personal: Collection[str] = ()
) -> Changes | None:
    """The fields that differ; None where `after` denies that anything happened.

    Values of the `personal` fields are replaced by a mark, as are details that are not in this copy. What was
    redacted is compared with nothing.
    """
    if after is None:
        return None
    was, now = flat(before or {}), flat(after)
    fields = (field for field in dict.fromkeys((*was, *now)) if _differs(was.get(field), now.get(field)))
    return {
        field: [_concealed(value.get(field), hide=field.split(".", 1)[0] in personal) for value in (was, now)]
        for field in fields
    }


def flat(value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Every value inside particulars, by its path: `vote.for`, `vote.names[A. Smith].vote`."""
    found: dict[str, Any] = {}
    for field, member in value.items():
        found |= _flat(member, f"{path}{field}")
    return found


def _flat(value: object, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return flat(value, f"{path}.")
    if not isinstance(value, list) or not any(isinstance(member, dict) for member in value):
        return {path: value}
    found: dict[str, Any] = {}
    for name, member in named(value):
        found |= {f"{path}[{name}]": True} if not member else flat(member, f"{path}[{name}].")
    return found


_NAMING: Final = ("person", "proxy_for", "name")
"""The fields that tell the members of a list apart: of a roll call, of former names, of candidates."""


def named(members: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each member of a list, under a name of its own, without the fields that the name is made of."""
    seen: dict[str, int] = {}
    for member in members:
        name = " for ".join(str(member[field]) for field in _NAMING if field in member)
        seen[name] = number = seen.get(name, 0) + 1
        own = {field: value for field, value in member.items() if field not in _NAMING}
        yield f"{name} {number}".strip() if number > 1 or not name else name, own


def _differs(one: object, other: object) -> bool:
    """Whether two values are known to differ: a mark says nothing of the detail that it stands for."""
    unknown = [value == HIDDEN or bool(commitment_of(value)) for value in (one, other)]
    return (one != other and not any(unknown)) or (any(unknown) and None in (one, other))


def _concealed(value: object, *, hide: bool) -> object:
    return APART if value is not None and (hide or commitment_of(value)) else value


def in_words(found: Changes | None) -> str:
    """Differences on one line: each field, its value before, and its value after."""
    if found is None:
        return "it did not happen"
    told = (f"{field} {' -> '.join(map(value_in_words, values))}" for field, values in found.items())
    return ", ".join(told) or "the same"


def value_in_words(value: object) -> str:
    """A value on one line; text of several words in quotation marks."""
    match value:
        case None:
            return "(not said)"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(value_in_words, value)) or "(not said)"
        case str() if " " in value and value not in (APART, HIDDEN):
            return f'"{value}"'
        case _:
            return str(value)


def dispute_in_words(dispute: Mapping[str, Any]) -> str:
    """An open dispute: its grade, and how its account differs from that of the entry."""
    first = ", shown first" if dispute["shown_first"] else ""
    return f"disputed by {dispute['entry']} ({dispute['grade'] or 'no source'}{first}): {in_words(dispute['changes'])}"
