"""New bodies that are written almost like others."""

from __future__ import annotations

import pytest

from domain.bodies import BodyRegistered
from domain.likeness import near_duplicate, same_identifier
from domain.rules import Query
from tests.domain.story import told


def body(slug: str, name: str = "", country: str = "GB") -> BodyRegistered:
    """A body, with a name that no other has."""
    event = told("body-registered", slug=slug, name=name or f"The town of {slug}", kind="city", country=country)
    assert isinstance(event, BodyRegistered)
    return event


def near(known: list[BodyRegistered], *fresh: BodyRegistered) -> list[int]:
    """Which of several new bodies are refused, numbered from 1."""
    return sorted(near_duplicate(known, list(enumerate(fresh, 1))))


@pytest.mark.parametrize(
    "slug", ["volgagrad", "volgogrd", "volgogradd", "olgograd", "volgogra", "wolgograd", "volgogradx"]
)
def test_one_letter_makes_no_other_body(slug: str) -> None:
    """One letter changed, left out or put in, wherever it is."""
    assert near([body("volgograd")], body(slug)) == [1]
    assert near([body(slug)], body("volgograd")) == [1]


@pytest.mark.parametrize("slug", ["volgagrat", "vlogograd", "volgogr", "volgogradxx", "volga", "leeds"])
def test_two_letters_do(slug: str) -> None:
    """Changed, left out, put in or changed about."""
    assert near([body("volgograd")], body(slug)) == []
    assert near([body(slug)], body("volgograd")) == []


@pytest.mark.parametrize(
    ("known", "fresh"),
    [
        ("Saint-Étienne", "Saint-Étienne"),
        ("Saint-Étienne", "Saint-E\u0301tienne"),
        ("Saint-Étienne", "SAINT-ÉTIENNE"),
        ("Saint-Étienne", "Saint Etienne"),
        ("Saint-Étienne", "St. Etienne"),
        ("Sankt Pölten", "St. Pölten"),
        ("Gießen", "GIESSEN"),
        ("Gießen", "Stadt Gießen"),
        ("Leeds", "\uff2ceeds"),
        ("Leeds", "City of Leeds"),
        ("Leeds", "Leeds City Council"),
        ("Utrecht", "Gemeente Utrecht"),
        ("Zürich", "Municipality of Zurich"),
        ("Łódź", "Miasto Lodz"),
        ("Newcastle upon Tyne", "Newcastle-upon-Tyne"),
    ],
)
def test_the_same_name_is_the_same_body_in_whatever_letters(known: str, fresh: str) -> None:
    """Capitals, accents, punctuation and words that only say what a body is make no other one."""
    assert near([body("first", known)], body("another", fresh)) == [1]
    assert near([body("first", fresh)], body("another", known)) == [1]
    assert near([body("first", known)], body("another", fresh, "FR")) == []


@pytest.mark.parametrize(
    ("known", "fresh"),
    [("Durham County Council", "Durham City Council"), ("Kansas City", "Kansas"), ("Praha 1", "Praha 2")],
)
def test_another_name_is_another_body(known: str, fresh: str) -> None:
    """Words that tell bodies apart are kept, and so are digits."""
    assert near([body("first", known)], body("another", fresh)) == []


def test_short_names_and_former_names_are_compared_alike() -> None:
    """St and Saint in a short name, and a name that a body had."""
    assert near([body("saint-etienne", "A")], body("st-etienne", "B")) == [1]
    event = told(
        "body-registered", slug="volgograd", name="Volgograd", kind="city", country="GB", names=[{"name": "Stalingrad"}]
    )
    assert isinstance(event, BodyRegistered)
    assert near([event], body("stalingrad", "Stalingrad")) == [1]


@pytest.mark.parametrize(
    ("known", "fresh"), [("praha-1", "praha-2"), ("praha-1", "praha-11"), ("praha1", "praha"), ("paris-10", "paris-1")]
)
def test_digits_tell_bodies_apart(known: str, fresh: str) -> None:
    """Districts that differ in a number alone are two; a letter is still a slip."""
    assert near([body(known)], body(fresh)) == []
    assert near([body("praha-1"), body("praha-2")], body("prahs-1")) == [1]


def test_the_same_identifier_is_refused_under_another_short_name() -> None:
    """In whatever country, among those on record and within one batch."""

    def known_as(slug: str, **identifiers: str) -> BodyRegistered:
        event = told("body-registered", slug=slug, name=slug, kind="city", country="GB", identifiers=identifiers)
        assert isinstance(event, BodyRegistered)
        return event

    york = known_as("york", wikidata="Q42462")
    refused = same_identifier(
        [york], [(1, known_as("jorvik", wikidata="q42462")), (2, known_as("leeds", gss="Q42462"))]
    )
    assert [(number, one.rule.id, one.field) for number, one in refused.items()] == [(1, "record/once", "identifiers")]
    assert "york (york, GB) is known" in refused[1].what
    assert list(same_identifier([], [(1, york), (2, known_as("eboracum", wikidata="Q42462"))])) == [2]
    assert same_identifier([york], [(1, york)]) == {}


def test_in_another_country_one_letter_is_enough() -> None:
    """Only the spelling in the same country is compared."""
    assert near([body("leeds")], body("leedz", country="US")) == []
    assert near([body("leeds")], body("leedz")) == [1]


def test_a_body_is_no_duplicate_of_itself() -> None:
    """That it is registered twice is another rule's concern; of several others the first that is near is named."""
    assert near([body("leeds", "Leeds")], body("leeds", "Leeds")) == []
    assert near([body("leeds", "Leeds"), body("leedz", "Leeds")], body("leeds", "Leeds")) == [1]


def test_of_several_new_bodies_the_later_is_refused() -> None:
    """Whether its name or its spelling is that of one before it; it is itself compared with."""
    assert near([], body("volgograd"), body("leeds"), body("volgagrad")) == [3]
    assert near([], body("a1", "Leeds"), body("york"), body("b2", "LEEDS")) == [3]
    assert near([], body("volgograd"), body("volgagrad"), body("volgagrat")) == [2, 3]
    assert near([body("york")], body("yorks"), body("leeds")) == [1]


def test_the_refusal_names_the_other_and_tells_what_to_do() -> None:
    """The first known of two."""
    refusal = near_duplicate([body("volgograd", "Volgograd", "RU")], [(7, body("volgagrad", "V", "RU"))])[7]
    assert (refusal.rule.id, refusal.field, isinstance(refusal, Query)) == ("record/near-duplicate", "slug", True)
    assert refusal.what == "volgagrad is almost volgograd (Volgograd, RU)"
    assert refusal.mend == (
        "use volgograd; if they are two bodies, say so with --new; "
        "or go ahead with --override record/near-duplicate:REASON"
    )
