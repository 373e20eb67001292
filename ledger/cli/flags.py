"""Fields as flags: how each field of an event is typed on a command line, read from there, and written back."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

from domain.catalogue import EVENTS
from domain.dates import Date, Interval
from domain.records import Instead
from domain.values import Authority, Vote
from ledger.cli.fields import described
from ledger.errors import UsageError
from ledger.interchange import short

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.entry import Draft
    from domain.values import Evidence

SINGULAR: Final = {
    "apologies": "apology",
    "field": "detail",
    "identifiers": "identifier",
    "instead": "set",
    "links": "link",
    "names": "former",
    "parties": "party",
    "resolutions": "resolution",
    "successors": "successor",
}
"""A list's flag is repeated, and named for one of its members; a detail is what its clerk calls a field."""

HOW_ON: Final = (
    "2022-03-22, 2022-03, 1944~ (about), 2022-03-23..2022-04-04 (some day between), ..2022-04-04 (that day or before), "
    "'2022-02-26?' (uncertain; keep the quotes)"
)
NOTHING: Final = short.NOTHING
"""What is set when a source denies that anything of the kind happened."""

_UNSAID: Final = "not-stated"
"""The power that is recorded where the source names none: then the field is left out, so nobody has to type it."""

_POWERS: Final = ", ".join(power for power in get_args(Authority.model_fields["power"].annotation) if power != _UNSAID)

_HAS_DEFAULT: Final = frozenset({("decision-taken", "authority")})
"""Fields that an event needs and a clerk may leave out."""

_HOW: Final = {
    Instead: "What differs, FIELD=VALUE, as in on=2022-03-22; FIELD= takes it out; repeatable; in a dispute: nothing",
    Vote: "unanimous, or for=33,against=20,present=54,method=show-of-hands: only what is known; threshold=2/3-of-cast "
    "or 8-votes; casting_vote=for:The Lord Mayor; @FILE has the names (civic help votes)",
    Authority: f"POWER[:REF], as in resolution:coventry/2022-03-22/ukraine; POWER is {_POWERS}; "
    "leave it out where the source names none",
    Interval: "1962/1991, or 1962/.. without an end",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """How one field is typed."""

    field: str
    """Its name in JSON."""
    option: str
    """Its name on the command line, without the dashes."""
    help: str
    required: bool
    many: bool
    kind: Any
    """The type of one value."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it takes, when there is a list of them."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    def read(self, text: str) -> Any:
        """One value, as JSON has it.

        Raises:
            UsageError: it cannot be understood.
        """
        try:
            return text if self.kind is Instead else short.read(self.kind, text, files=True)
        except (ValueError, KeyError) as error:
            raise UsageError(f"--{self.option}: {error}", mend=self.help) from None

    def gathered(self, values: Sequence[Any]) -> Any:
        """The values that were read, as JSON has the field."""
        if self.kind is dict:
            return dict(values)
        return list(values) if self.many else values[0]

    def write(self, value: object) -> list[str]:
        """A JSON value as the arguments that give it."""
        if self.kind is bool:
            return [f"--{self.option}" if value else f"--no-{self.option}"]
        if self.kind is Instead:
            return [part for change in changes(value) for part in ("--set", change)]
        if self.kind is dict and isinstance(value, dict):
            return [part for scheme, name in value.items() for part in (f"--{self.option}", f"{scheme}:{name}")]
        values = value if isinstance(value, list) else [value]
        return [part for one in values for part in (f"--{self.option}", short.written(self.kind, one))]


@cache
def flags_of(event: type[AnyEvent]) -> tuple[Flag, ...]:
    """The flags of an event: every field but its subject, in their order."""
    subject, words = event.subject_field, described(event)
    found = []
    for name, info in event.model_fields.items():
        if name == subject:
            continue
        kind, many = short.kind_of(info.annotation)
        field = info.alias or name
        help_ = HOW_ON if name == "on" else words.get(name, "")
        if kind in _HOW:
            help_ = _HOW[kind] if kind is Instead else f"{help_} {_HOW[kind]}"
        option = SINGULAR.get(name, field).replace("_", "-")
        required = info.is_required() and (event.type, name) not in _HAS_DEFAULT
        found.append(Flag(field, option, help_, required, many or kind is Instead, kind))
    return tuple(found)


def changes(instead: object) -> list[str]:
    """An event that stands instead of another, as the changes that make it: its type and every field."""
    if not isinstance(instead, dict):
        return [NOTHING]
    event, given = EVENTS[str(instead["type"])], dict(instead["event"])
    named = event.subject_field
    told = [f"type={event.type}", *([f"{named}={given[named]}"] if named else [])]
    for flag in flags_of(event):
        if flag.field in given:
            value = given[flag.field]
            words = ["yes" if value else "no"] if flag.kind is bool else flag.write(value)[1::2]
            told += [f"{flag.field}={word}" for word in words]
    return told


def command_line(draft: Draft) -> str:
    """The command that records a draft, quoted for a shell."""
    words = _words(type(draft.event), draft.event.particulars())
    words += _evidence_words(draft.evidence)
    words += [word for one in draft.overrides for word in ("--override", f"{one.rule}:{one.reason}")]
    if draft.key is not None:
        words += ["--key", draft.key]
    return _joined(words)


def begun_line(event: type[AnyEvent], given: Mapping[str, Any], sources: Iterable[str]) -> str:
    """The command that goes on with an event that was told in part: a terminal asks for the rest."""
    words = [*_words(event, given), *(word for name in sources for word in ("--source", name))]
    return _joined([*words, "--ask"])


def _joined(words: Iterable[str]) -> str:
    """Words quoted for a shell, on one line: what a terminal would obey is written as bash and zsh read it."""
    return " ".join(shlex.quote(word) if word.isprintable() else f"$'{_escaped(word)}'" for word in words)


def _escaped(word: str) -> str:
    return "".join(
        f"\\{one}" if one in "\\'" else one if one.isprintable() else "".join(f"\\x{byte:02x}" for byte in one.encode())
        for one in word
    )


def _words(event: type[AnyEvent], given: Mapping[str, Any]) -> list[str]:
    """An event as a command, as far as it is told."""
    words = ["civic", "record", event.type]
    subject = event.subject_field
    if subject and subject in given:
        words.append(given[subject])
    for flag in flags_of(event):
        if flag.field in given:
            words += flag.write(given[flag.field])
    return words


def _evidence_words(evidence: Sequence[Evidence]) -> list[str]:
    words = []
    for source in evidence:
        if source.source:
            words += ["--source", source.source + (f":{source.locator}" if source.locator else "")]
        else:
            words += ["--source-title", source.title, "--source-grade", source.grade]
    return words


def date(text: str) -> str:
    """A date as it is stored.

    Raises:
        UsageError: it is none.
    """
    try:
        return Date.from_short(text).text
    except ValueError as error:
        raise UsageError(str(error)) from None
