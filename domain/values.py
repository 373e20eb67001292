"""The words a council's decision is told in: names, votes, authorities, evidence and its grades."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from domain.characters import control_in, is_blank
from domain.dates import Date, text_schema
from domain.lifecycle import sides_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
    from pydantic_core import CoreSchema

SHAPE: Final = ConfigDict(
    frozen=True,
    strict=True,
    extra="forbid",
    defer_build=True,
    allow_inf_nan=False,
    validate_by_alias=True,
    serialize_by_alias=True,
)
"""Every model of the domain: immutable, nothing coerced, no unknown field, built when first used."""


class Name(str):
    """A name with one way to write it, and the tags under which entries that use it are found."""

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str]]
    longest: ClassVar[int] = 80
    how: ClassVar[str]

    @classmethod
    def check(cls, text: str) -> Name:
        """Take `text` as this kind of name.

        Raises:
            ValueError: it is not written as one.
        """
        if not cls.pattern.fullmatch(text) or len(text) > cls.longest:
            msg = f"{text!r} is not {cls.how}"
            raise ValueError(msg)
        return cls(text)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of an entry that uses the name."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return text_schema(cls.check, longest=1000)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{cls.pattern.pattern}$", "description": cls.how}


_SLUG = r"(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*"
_REFERENCE = rf"{_SLUG}/(?:[0-9]{{4}}(?:-[0-9]{{2}}){{0,2}}|undated)/[a-z0-9]+(?:-[a-z0-9]+)*(?:#[1-9][0-9]?)?"
_LINK = rf"(?:{_SLUG})?--(?:{_SLUG})?"


class BodyName(Name):
    """A civic body: a council, city, region or association."""

    pattern = re.compile(_SLUG)
    how = "a body's short name: lower-case letters, digits and single hyphens, as in st-petersburg"

    @property
    def tags(self) -> tuple[str, ...]:
        """The body itself."""
        return (f"body:{self}",)


class SourceName(Name):
    """A document that evidence comes from."""

    pattern = re.compile(_SLUG)
    how = "a source's short name: lower-case letters, digits and single hyphens, as in coventry-news"

    @property
    def tags(self) -> tuple[str, ...]:
        """The document itself."""
        return (f"source:{self}",)


class EntryId(Name):
    """An entry of this ledger, or of any copy of it."""

    pattern = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    how = "an entry's id; key:K stands for the entry recorded under the key K"

    @property
    def tags(self) -> tuple[str, ...]:
        """What is recorded about the entry; `entry:` is the tag of the entry itself."""
        return (f"about:{self}",)


class LinkName(Name):
    """The unordered pair of two bodies, joined by two hyphens; a side may be unnamed."""

    pattern = re.compile(_LINK)
    longest = 162
    how = "a link: two bodies joined by two hyphens, as in coventry--volgograd"

    @property
    def sides(self) -> tuple[str, str]:
        """The two bodies, in the order written."""
        return sides_of(self)

    @property
    def tag(self) -> str:
        """The tag of the pair, the same whichever side is written first."""
        return "link:" + "--".join(sorted(self.sides))

    @property
    def tags(self) -> tuple[str, ...]:
        """The pair, and each side that is named."""
        return (self.tag, *(f"body:{side}" for side in self.sides if side))


class Reference(Name):
    """A meeting, motion, decision, letter, pledge or agreement: `body/when/name`.

    `when` is a label, fixed at first use and never read as a date; `#2` names a limb.
    """

    pattern = re.compile(_REFERENCE)
    longest = 200
    how = "a reference: body/when/name, as in coventry/2022-03-22/ukraine"

    @property
    def body(self) -> str:
        """The body whose paper it is."""
        return self.split("/", 1)[0]

    @property
    def tag(self) -> str:
        """The tag of the whole, without the limb."""
        return "ref:" + self.split("#", 1)[0]

    @property
    def tags(self) -> tuple[str, ...]:
        """The paper, and the body whose paper it is."""
        return (self.tag, f"body:{self.body}")


class Thing(Name):
    """Anything on record that something can be about: a link, a paper or a body, taken as its own kind of name."""

    pattern = re.compile(f"(?:{_LINK}|{_REFERENCE}|{_SLUG})")
    longest = 200
    how = "a link, reference or body, as in coventry--volgograd, coventry/2022-03-22/ukraine, coventry"

    @classmethod
    def check(cls, text: str) -> Name:
        """Take `text` as the kind of name that it is.

        Raises:
            ValueError: it is none.
        """
        name = super().check(text)
        kind = LinkName if "--" in name else Reference if "/" in name else BodyName
        return kind.check(name)


class MeetingOrDay(Name):
    """What something is put off to: a meeting, or a day that may lie ahead."""

    pattern = re.compile(rf"(?:{_REFERENCE}|[0-9X.~?%\[\]-]+)")
    longest = 200
    how = "a meeting or a date, as in coventry/2022-05-17/council or 2022-05-17"

    @classmethod
    def check(cls, text: str) -> Name:
        """Take `text` as a reference, or as a date in its stored form.

        Raises:
            ValueError: it is neither.
        """
        name = super().check(text)
        return Reference.check(name) if "/" in name else cls(Date.parse(name).text)

    @property
    def tags(self) -> tuple[str, ...]:
        """None for a day."""
        return ()


class Announced(Name):
    """An act that a letter announces: the event and its link, or the link alone."""

    pattern = re.compile(rf"(?:[a-z]+(?:-[a-z]+)*:)?{_LINK}")
    longest = 200
    how = "an act on a link, as in link-suspended:coventry--volgograd"

    @property
    def link(self) -> LinkName:
        """The link concerned."""
        return LinkName(self.rpartition(":")[2])

    @property
    def tags(self) -> tuple[str, ...]:
        """Those of the link."""
        return self.link.tags


ON_RECORD: Final = {"on_record": True}
"""The validation context in which entries on record are read: no rule about new text applies to them."""


def on_record(info: ValidationInfo) -> bool:
    """Whether an entry on record is being read, not a new one checked."""
    return info.context is ON_RECORD


@dataclass(frozen=True)
class NewText:
    """Rules for text in a new entry; text on record is read whatever it holds.

    They give the same answer under every Python: no rule may ask this interpreter's tables of Unicode.
    """

    longest: int | None = None
    pattern: str | None = None
    rules: tuple[Callable[[str], object], ...] = ()
    """Each raises ValueError for text that it does not allow."""

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        check_bounds = _bounds(self.longest, self.pattern)

        def check(text: str, info: ValidationInfo) -> str:
            if not on_record(info):
                check_bounds(text)
                for rule in self.rules:
                    rule(text)
            return text

        return core_schema.with_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bounds = {"maxLength": self.longest, "pattern": self.pattern}
        return {**handler(schema), **{name: bound for name, bound in bounds.items() if bound is not None}}


@cache
def _bounds(longest: int | None, pattern: str | None) -> Callable[[str], str]:
    from pydantic_core import SchemaValidator, core_schema

    return SchemaValidator(core_schema.str_schema(strict=True, max_length=longest, pattern=pattern)).validate_python


def _printable(text: str) -> None:
    if control := control_in(text):
        msg = f"holds the control character {ascii(control)[1:-1]}: take it out"
        raise ValueError(msg)
    if is_blank(text):
        msg = "is empty: leave it out, or write what the source says"
        raise ValueError(msg)


def _one_line(text: str) -> None:
    if "\n" in text or "\t" in text:
        msg = "holds a line break or a tab: write it on one line"
        raise ValueError(msg)


Text = Annotated[str, NewText(20_000, rules=(_printable,))]
"""Prose of one or more lines, at most 20,000 characters, without control characters."""

Line = Annotated[str, NewText(1_000, rules=(_printable, _one_line))]
"""Prose of one line, at most 1,000 characters, without control characters."""

Count = Annotated[int, Field(ge=0, le=1_000_000)]
"""A number of people or votes; unknown is left out, never 0."""

Grade = Literal["official", "council", "press", "third-party"]
GRADES: Final[tuple[Grade, ...]] = ("official", "council", "press", "third-party")
"""Best first. The grade follows the speaker, not the site."""

Kind = Literal[
    "twinning", "friendship", "partnership", "project-partnership", "sister-city",
    "sister-state", "cooperation", "memorandum", "letter-of-intent", "civic-link",
]  # fmt: skip


class Ballot(BaseModel):
    """How one person voted."""

    model_config = SHAPE
    person: Line
    vote: Literal["for", "against", "abstained", "no-vote-cast", "absent", "recused", "paired"]
    party: Line | None = None
    proxy_for: Line | None = None
    weight: Count | None = None
    paired_with: Line | None = None
    """Who was paired with this person; neither of the two votes."""

    @model_validator(mode="after")
    def _pairs_the_paired(self) -> Self:
        if self.paired_with is not None and self.vote != "paired":
            msg = f"paired_with needs the vote 'paired', and the vote is {self.vote!r}"
            raise ValueError(msg)
        return self


class CastingVote(BaseModel):
    """The vote that broke a tie."""

    model_config = SHAPE
    by: Line
    way: Literal["for", "against"]


def _share(text: str) -> str:
    if Fraction(text) > 1:
        msg = f"{text} is more than the whole"
        raise ValueError(msg)
    return text


Share = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$"), AfterValidator(_share)]
"""A fraction of a whole, as in 2/3."""


class Threshold(BaseModel):
    """What a vote must reach to carry: a share of a number of people, or a number of votes."""

    model_config = SHAPE
    share: Share | None = None
    of: Literal["cast", "present", "seats"] | None = None
    """Whose share: of the votes cast, of those present, or of all the seats."""
    votes: Count | None = None
    more_than: bool | None = None
    """Whether the share, or the number, must be exceeded: a majority is more than 1/2."""
    words: Line | None = None
    """The source's own words."""

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.share is None) == (self.votes is None) or (self.share is None) != (self.of is None):
            msg = "give a share and of (cast, present or seats), or votes; for words alone, a text"
            raise ValueError(msg)
        return self


def _form_of(threshold: object) -> str:
    return "text" if isinstance(threshold, str) else "object"


ThresholdOrWords = Annotated[
    Annotated[Threshold, Tag("object")] | Annotated[Line, Tag("text")], Discriminator(_form_of)
]
"""A threshold, or the source's words alone."""


class Vote(BaseModel):
    """A vote, with only what is known of it: unknown is never 0, and unanimous needs no figures."""

    model_config = SHAPE
    method: Literal["show-of-hands", "roll-call", "ballot", "voice", "electronic", "not-stated"] | None = None
    for_: Count | None = Field(default=None, alias="for")
    against: Count | None = None
    abstained: Count | None = None
    no_vote_cast: Count | None = None
    absent: Count | None = None
    present: Count | None = None
    cast: Count | None = None
    declared_interest: Count | None = None
    unanimous: bool | None = None
    casting_vote: CastingVote | None = None
    names: tuple[Ballot, ...] = ()
    names_complete: bool | None = None
    threshold: ThresholdOrWords | None = None
    """What was needed to carry; as a text, the source's words, from which nothing is judged."""
    note: Text | None = None


class Authority(BaseModel):
    """The power under which something was done, and the paper that gave it."""

    model_config = SHAPE
    power: Literal[
        "resolution", "committee", "executive", "delegated", "urgent",
        "civic-office", "decree", "statute", "association", "not-stated",
    ]  # fmt: skip
    reference: Reference | None = None
    office: Line | None = None
    body: Line | None = None
    """Which committee or panel."""


class Evidence(BaseModel):
    """A source, and how near it stands to what it says."""

    model_config = SHAPE
    title: Line
    grade: Grade
    source: SourceName | None = None
    publisher: Line | None = None
    url: Line | None = None
    """Kept as given; never fetched."""
    published: Date | None = None
    retrieved: Date | None = None
    sha256: Annotated[str, NewText(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Of the document itself, when the clerk has it."""
    locator: Line | None = None
    quote: Text | None = None
    note: Text | None = None


class Override(BaseModel):
    """A rule that stopped the clerk, and why the entry went ahead all the same."""

    model_config = SHAPE
    rule: Annotated[str, NewText(pattern=r"^[a-z]+/[a-z-]+$")]
    reason: Text
