"""Names: how each kind is written, under which tags it is found, and what a clerk reads who writes it otherwise."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.bodies import BodyRegistered
from domain.characters import is_blank, is_visible
from domain.dates import HOW_TO_WRITE, Date, Interval
from domain.values import (
    GRADES,
    Announced,
    BodyName,
    Count,
    EntryId,
    Line,
    LinkName,
    Name,
    Override,
    Reference,
    SourceName,
    Text,
    Thing,
)
from tests.domain.story import body, source

ID = "0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f60"
HOW = {
    BodyName: "a body's short name: lower-case letters, digits and single hyphens, as in st-petersburg",
    SourceName: "a source's short name: lower-case letters, digits and single hyphens, as in coventry-news",
    EntryId: "an entry's id; key:K stands for the entry recorded under the key K",
    LinkName: "a link: two bodies joined by two hyphens, as in coventry--volgograd",
    Reference: "a reference: body/when/name, as in coventry/2022-03-22/ukraine",
    Thing: "a link, reference or body, as in coventry--volgograd, coventry/2022-03-22/ukraine, coventry",
    Announced: "an act on a link, as in link-suspended:coventry--volgograd",
}
LONGEST = {BodyName: 80, SourceName: 80, EntryId: 80, LinkName: 162, Reference: 200, Announced: 200}


@pytest.mark.parametrize(
    ("kind", "name", "tags"),
    [
        (BodyName, "st-petersburg", ("body:st-petersburg",)),
        (BodyName, "1-a", ("body:1-a",)),
        (SourceName, "coventry-news", ("source:coventry-news",)),
        (EntryId, ID, (f"about:{ID}",)),
        (LinkName, "volgograd--coventry", ("link:coventry--volgograd", "body:volgograd", "body:coventry")),
        (LinkName, "coventry--", ("link:--coventry", "body:coventry")),
        (Reference, "coventry/2022/a", ("ref:coventry/2022/a", "body:coventry")),
        (Reference, "coventry/2022-03/a", ("ref:coventry/2022-03/a", "body:coventry")),
        (Reference, "coventry/2022-03-22/a-1#2", ("ref:coventry/2022-03-22/a-1", "body:coventry")),
        (Reference, "coventry/undated/a#99", ("ref:coventry/undated/a", "body:coventry")),
        (Announced, "b--a", ("link:a--b", "body:b", "body:a")),
        (Announced, "link-suspended:b--a", ("link:a--b", "body:b", "body:a")),
    ],
)
def test_a_name_is_found_under_its_tags(kind: type[Name], name: str, tags: tuple[str, ...]) -> None:
    """It stays as written; the tag of a link is the same whichever side is written first."""
    found = kind.check(name)
    assert (type(found), found, found.tags) == (kind, name, tags)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (BodyName, "Coventry"),
        (BodyName, "coventry-"),
        (BodyName, "co--ventry"),
        (BodyName, "1944"),
        (BodyName, "19-44"),
        (BodyName, "coventry city"),
        (BodyName, ""),
        (SourceName, "Coventry News"),
        (EntryId, ID.upper()),
        (EntryId, ID[:-1]),
        (EntryId, f"{ID}0"),
        (LinkName, "coventry"),
        (LinkName, "coventry-volgograd"),
        (LinkName, "a--b--c"),
        (LinkName, "Coventry--volgograd"),
        (Reference, "coventry/2022"),
        (Reference, "coventry/2022/"),
        (Reference, "coventry/22/a"),
        (Reference, "coventry/2022-3/a"),
        (Reference, "coventry/2022-03-22-01/a"),
        (Reference, "coventry/Undated/a"),
        (Reference, "coventry/2022/A"),
        (Reference, "coventry/2022/a#0"),
        (Reference, "coventry/2022/a#100"),
        (Thing, "Coventry"),
        (Thing, "a--b--c"),
        (Thing, "coventry/2022"),
        (Thing, "link-suspended:a--b"),
        (Announced, "link suspended:a--b"),
        (Announced, "link-suspended"),
        (Announced, ":a--b"),
    ],
)
def test_what_is_written_otherwise_is_refused(kind: type[Name], name: str) -> None:
    """With what the name is, and an example."""
    with pytest.raises(ValueError, match="is not") as caught:
        kind.check(name)
    assert str(caught.value) == f"{name!r} is not {HOW[kind]}"


@pytest.mark.parametrize("kind", LONGEST)
def test_a_name_has_a_longest(kind: type[Name]) -> None:
    """One letter more is refused, by the same sentence."""
    longest = {
        LinkName: f"{'a' * 80}--{'b' * 80}",
        Reference: f"coventry/2022/{'a' * 186}",
        Announced: f"link-suspended:{'a' * 80}--{'b' * 103}",
    }.get(kind, "a" * 80)
    if kind is not EntryId:
        assert len(kind.check(longest)) == LONGEST[kind]
    with pytest.raises(ValueError, match="is not"):
        kind.check(f"{longest}a")


@pytest.mark.parametrize("kind", HOW)
def test_a_name_tells_how_it_is_written(kind: type[Name]) -> None:
    """Its schema has the pattern, and the sentence for people."""
    schema = TypeAdapter(kind).json_schema()
    assert schema == {"type": "string", "pattern": f"^{kind.pattern.pattern}$", "description": HOW[kind]}
    with pytest.raises(ValidationError, match="at most 1000 characters"):
        TypeAdapter(kind).validate_python("a" * 1001)
    with pytest.raises(ValidationError, match="is not"):
        TypeAdapter(kind).validate_python("-" * 1000)
    with pytest.raises(ValidationError, match="valid string"):
        TypeAdapter(kind).validate_python(1944)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("b--a", LinkName), ("coventry/2022/a#2", Reference), ("coventry", BodyName), ("--a", LinkName)],
)
def test_a_thing_is_taken_as_the_kind_of_name_that_it_is(name: str, kind: type[Name]) -> None:
    """So that it has the tags of that kind."""
    found = Thing.check(name)
    assert (type(found), found, found.tags) == (kind, name, kind.check(name).tags)


def test_a_name_of_no_kind_is_no_name() -> None:
    """Every kind says under which tags it is found."""
    with pytest.raises(NotImplementedError):
        _ = Name("coventry").tags


def test_what_names_are_made_of() -> None:
    """A link of its sides, a reference of its body, an announced act of its link."""
    assert LinkName("coventry--volgograd").sides == ("coventry", "volgograd")
    assert Reference("coventry/2022/a").body == "coventry"
    assert Announced("link-suspended:coventry--volgograd").link == "coventry--volgograd"
    assert Announced("coventry--volgograd").link == "coventry--volgograd"


def test_how_dates_are_written_is_told_where_fields_are() -> None:
    """Their schemas describe them; they are stored as written."""
    moment: TypeAdapter[Any] = TypeAdapter(Date)
    span: TypeAdapter[Any] = TypeAdapter(Interval)
    assert moment.json_schema() == {"type": "string", "format": "edtf", "description": HOW_TO_WRITE}
    assert span.json_schema() == {
        "type": "string",
        "format": "edtf-interval",
        "description": "1962/1991, 1962/.. or ../1961",
    }
    assert HOW_TO_WRITE == (
        "write 2022-03-22, 2022-03, 2022, 1944~ (about), '2022-02-26?' (uncertain), 199X, "
        "or [2022-03-23..2022-04-04] (some day between)"
    )
    assert moment.dump_json(Date.parse("1944~")) == b'"1944~"'
    assert moment.dump_python(Date.parse("1944~")) == "1944~"
    with pytest.raises(ValidationError, match="at most 40 characters"):
        moment.validate_python("1" * 41)
    with pytest.raises(ValidationError, match="is not a date"):
        moment.validate_python("1" * 40)
    with pytest.raises(ValidationError, match="at most 80 characters"):
        span.validate_python("1" * 81)
    with pytest.raises(ValidationError, match="is not an interval"):
        span.validate_python("1" * 80)
    with pytest.raises(ValidationError, match="valid string"):
        moment.validate_python(1944)


LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
EMPTY = "is empty: leave it out, or write what the source says"


def said(adapter: TypeAdapter[str], text: str) -> str:
    """What is said against a text; nothing when it is taken as it is."""
    try:
        assert adapter.validate_python(text) == text
    except ValidationError as error:
        return error.errors()[0]["msg"].removeprefix("Value error, ")
    return ""


@pytest.mark.parametrize("text", ["Ukraine", "x", " x", "Příbram\u00a0", "\U0001f54a\ufe0f", "~\u00a0x"])
def test_prose_is_kept_as_written(text: str) -> None:
    """Letters of any alphabet."""
    assert (said(LINE, text), said(TEXT, text)) == ("", "")


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b", "\u2028", " \u3000"])
def test_prose_says_something(text: str) -> None:
    """Blanks alone are nothing."""
    assert (said(LINE, text), said(TEXT, text)) == (EMPTY, EMPTY)


@pytest.mark.parametrize("text", ["\U00018d09", "\U0001e4d0", "\U00010d50\n\U0001e5d0", "\u0378", "\U0003fffd"])
def test_letters_of_a_later_unicode_say_something(text: str) -> None:
    """Whatever characters this Python knows, those that a later one may know are taken."""
    assert said(TEXT, text) == ""


@pytest.mark.parametrize(
    "text", ["\ue000", "\ufffe", "\ufdd0", "\U0002ffff", "\u2065", "\U000e0fff", "\U0010fffd", "\u061c\u2069", "\xad"]
)
def test_what_no_unicode_will_show_is_empty(text: str) -> None:
    """Private use, noncharacters, formats and what is reserved to be ignored."""
    assert (said(LINE, text), said(TEXT, text)) == (EMPTY, EMPTY)


def test_the_classes_of_characters_fit_the_tables_of_this_python() -> None:
    """Of what it knows, only blanks, controls, formats and private use are invisible; all of Unicode 3.2 are."""
    first = unicodedata.ucd_3_2_0
    for character in map(chr, range(sys.maxunicode + 1)):
        hidden = not is_visible(character)
        assert hidden is is_blank(character)
        assert not hidden or unicodedata.category(character)[0] in "CZ"
        assert hidden or first.category(character) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs")


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\r", "\x1b", "\x1f", "\x7f", "\x80", "\x9f"])
def test_prose_holds_no_control_characters(character: str) -> None:
    """A terminal would obey them."""
    expected = f"holds the control character {ascii(character)[1:-1]}: take it out"
    assert (said(LINE, f"x{character}"), said(TEXT, f"x{character}y")) == (expected, expected)


@pytest.mark.parametrize("character", ["\n", "\t"])
def test_a_line_is_one_line(character: str) -> None:
    """Longer prose may have several."""
    assert said(TEXT, f"x{character}y") == ""
    assert said(LINE, f"x{character}y") == "holds a line break or a tab: write it on one line"


def test_prose_has_a_longest() -> None:
    """A thousand characters a line, twenty thousand a text."""
    assert (said(LINE, "x" * 1000), said(TEXT, "x" * 20_000)) == ("", "")
    assert said(LINE, "x" * 1001) == "String should have at most 1000 characters"
    assert said(TEXT, "x" * 20_001) == "String should have at most 20000 characters"


def test_a_count_is_a_number_of_people() -> None:
    """From none to a million."""
    count: TypeAdapter[int] = TypeAdapter(Count)
    assert [count.validate_python(number) for number in (0, 1_000_000)] == [0, 1_000_000]
    for number in (-1, 1_000_001):
        with pytest.raises(ValidationError):
            count.validate_python(number)


def test_grades_go_from_the_best_to_the_weakest() -> None:
    """Each is the grade of some source."""
    assert [source(grade).grade for grade in GRADES] == ["official", "council", "press", "third-party"]


@pytest.mark.parametrize("rule", ["Vote/x", "vote", "vote/", "vote/x y", "vote/X"])
def test_an_override_names_a_rule(rule: str) -> None:
    """By its id."""
    assert Override(rule="vote/lost-with-majority", reason="So the minutes have it.").rule == "vote/lost-with-majority"
    with pytest.raises(ValidationError):
        Override(rule=rule, reason="So the minutes have it.")


@pytest.mark.parametrize("digest", ["0" * 63, "0" * 65, "G" * 64, "A" * 64])
def test_a_document_is_told_by_its_digest(digest: str) -> None:
    """Sixty-four digits, as sha256sum writes them."""
    assert source().model_validate({"title": "x", "grade": "press", "sha256": "0a" * 32}).sha256 == "0a" * 32
    with pytest.raises(ValidationError):
        source().model_validate({"title": "x", "grade": "press", "sha256": digest})


def registered(**changes: object) -> BodyRegistered:
    """A body with some of its particulars told otherwise."""
    return BodyRegistered.model_validate({**body("coventry").particulars(), **changes})


@pytest.mark.parametrize("kind", ["city", "sister-state", "a" * 40])
def test_a_body_is_of_some_kind(kind: str) -> None:
    """A word or two."""
    assert registered(kind=kind).kind == kind


@pytest.mark.parametrize("kind", ["City", "city council", "city-", "a" * 41, "1", "", "A" * 99])
def test_a_kind_of_body_is_a_word(kind: str) -> None:
    """Anything else is shown, if not too long, with the way to write it."""
    with pytest.raises(ValidationError) as caught:
        registered(kind=kind)
    how = "write a word in lower-case letters, as in council, city, region"
    assert caught.value.errors()[0]["msg"] == f"Value error, {kind[:60]!r} is not a kind of body: {how}"


@pytest.mark.parametrize("country", ["gb", "GBR", "G", "", "x" * 99])
def test_a_country_is_two_capital_letters(country: str) -> None:
    """As ISO 3166-1 has them; no more than sixty characters of anything else are shown."""
    assert registered(country="UA").country == "UA"
    with pytest.raises(ValidationError) as caught:
        registered(country=country)
    assert caught.value.errors()[0]["msg"] == (
        f"Value error, {country[:60]!r} is not a country: write its two capital letters (ISO 3166-1), as in GB"
    )


def test_others_call_a_body_by_their_own_schemes() -> None:
    """Twenty at most, each with a name in small letters."""
    schemes = {chr(ord("a") + i): "x" for i in range(20)}
    assert registered(identifiers=schemes).identifiers == schemes
    for wrong in ({**schemes, "z": "x"}, {"GSS": "x"}, {"gss": ""}):
        with pytest.raises(ValidationError):
            registered(identifiers=wrong)
