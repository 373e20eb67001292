"""What every event has: immutability, a name on disk, and the tags of all that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import BaseModel

from domain.dates import Date
from domain.marks import HIDDEN, commitment_of
from domain.personal import personal_fields
from domain.values import SHAPE, EntryId, Name, Text

if TYPE_CHECKING:
    from collections.abc import Iterator


_DESCRIBING: Final = frozenset({"authority", "summary", "text"})
"""Required fields that describe what was done."""


class Event(BaseModel):
    """Something that happened, as a source tells it."""

    model_config = SHAPE
    type: ClassVar[str]
    """The name, in kebab-case."""
    version: ClassVar[int] = 1
    """Of its fields; older ones are read through upcasters, for ever."""
    cycle: ClassVar[str] = "saying"
    """What kind of thing it is about: a body, a link, a kind of paper, the record; or it is but a saying."""
    subject_field: ClassVar[str | None] = None
    """The field that names the thing; None for a saying."""

    defining: ClassVar[frozenset[str]] = frozenset()
    """Optional fields that still say what was done, by whom or when."""

    note: Text | None = None
    """Anything a later reader should know."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Put the fields into the order in which they are read: the subject, `on`, the others, `note`."""
        others = [name for name in cls.__pydantic_fields__ if name not in ("on", "note")]
        order = [*others[:1], *(("on",) if "on" in cls.__pydantic_fields__ else ()), *others[1:], "note"]
        cls.__pydantic_fields__ = {name: cls.__pydantic_fields__[name] for name in order}

    @classmethod
    def name_on_disk(cls) -> str:
        """The name and version under which entries of this event are stored."""
        return f"{cls.type}/{cls.version}"

    @classmethod
    def fields(cls) -> frozenset[str]:
        """The names of its fields in JSON."""
        return frozenset(info.alias or name for name, info in cls.model_fields.items())

    @classmethod
    def defining_fields(cls) -> frozenset[str]:
        """The fields, named as in JSON, that say what was done, by whom or when."""
        required = (info.alias or name for name, info in cls.model_fields.items() if info.is_required())
        return cls.defining.union(required) & cls.fields()

    @classmethod
    def details(cls) -> frozenset[str]:
        """The fields, named as in JSON, that a source which merely confirms what was done does not report."""
        return cls.fields() - (cls.defining_fields() - _DESCRIBING)

    @property
    def tags(self) -> tuple[str, ...]:
        """One tag for each thing that the event names, sorted."""
        return tuple(sorted({tag for name in names_in(self) for tag in name.tags}))

    @property
    def subject_tag(self) -> str:
        """The tag of the body, link or paper that it is about; empty for an entry. For a statement, its body."""
        name = getattr(self, self.subject_field or "by", None)
        return name.tags[0] if isinstance(name, Name) and not isinstance(name, EntryId) else ""

    @property
    def needs_evidence(self) -> bool:
        """Whether it must rest on a source of its own."""
        return True

    def personal(self) -> dict[str, str]:
        """What it tells of a person, by field as it is called in JSON; not what is only a mark, or hidden."""
        found = {alias: getattr(self, name) for name, alias in personal_fields(type(self)).items()}
        told = {alias: value for alias, value in found.items() if value not in (None, HIDDEN)}
        return {alias: value for alias, value in told.items() if not commitment_of(value)}

    def particulars(self) -> dict[str, Any]:
        """The fields that were given, as JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Dated(Event):
    """An event of which a source says when it happened or took effect."""

    on: Date
    """When it happened or took effect: 2022-03-22, 2022-03, 1944~, [2022-03-23..2022-04-04], 2022-02-26?"""


def names_in(value: object) -> Iterator[Name]:
    """Every name inside `value`, however deep."""
    if isinstance(value, Name):
        yield value
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from names_in(getattr(value, field))
    elif isinstance(value, tuple):
        for member in value:
            yield from names_in(member)
