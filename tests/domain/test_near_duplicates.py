"""New bodies that are written almost like others."""

from __future__ import annotations

import pytest

from domain.bodies import BodyRegistered, near_duplicate
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
    ("known", "fresh", "refused"),
    [
        ("Saint-Étienne", "Saint-Étienne", True),
        ("Saint-Étienne", "Saint-E\u0301tienne", True),
        ("Saint-Étienne", "SAINT-ÉTIENNE", True),
        ("Gießen", "GIESSEN", True),
        ("Leeds", "\uff2ceeds", True),
        ("Saint-Étienne", "Saint-Etienne", False),
    ],
)
def test_the_same_name_is_the_same_body_in_whatever_letters(known: str, fresh: str, *, refused: bool) -> None:
    """Written large or small, with marks of their own or joined to the letter; in another country too."""
    assert near([body("first", known)], body("another", fresh, "FR")) == ([1] if refused else [])


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
    assert (refusal.rule.id, refusal.field) == ("record/near-duplicate", "slug")
    assert refusal.what == "volgagrad is almost volgograd (Volgograd, RU)"
    assert refusal.mend == "use volgograd; if they are two bodies, say so with --new"
