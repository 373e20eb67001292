"""What differs between two accounts: every field, however deep, and never a detail of a person."""

from __future__ import annotations

import pytest

from domain import differences
from domain.catalogue import AnyEvent
from domain.marks import APART, HIDDEN, mark
from domain.standing_event import changes
from tests.domain.story import LINK, MOTION, told

CARRIED = {"motion": MOTION, "on": "2022-03-22", "vote": {"for": 10, "against": 5, "names": [
    {"person": "A. Smith", "vote": "for"}, {"person": "B. Jones", "vote": "for", "proxy_for": "C. Brown"},
]}}  # fmt: skip


def carried(**vote: object) -> AnyEvent:
    """A motion carried with another vote."""
    return told("motion-carried", **{**CARRIED, "vote": {**CARRIED["vote"], **vote}})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ({"for": 9}, {"vote.for": [10, 9]}),
        (
            {"casting_vote": {"by": "The Chair", "way": "for"}},
            {"vote.casting_vote.by": [None, "The Chair"], "vote.casting_vote.way": [None, "for"]},
        ),
        (
            {"names": [{"person": "A. Smith", "vote": "against"}]},
            {
                "vote.names[A. Smith].vote": ["for", "against"],
                "vote.names[B. Jones for C. Brown].vote": ["for", None],
            },
        ),
        ({}, {}),
    ],
)
def test_a_difference_names_the_field_however_deep(after: dict[str, object], found: dict[str, object]) -> None:
    """A figure of a vote, the votes of people by name, and what is there on one side only."""
    assert changes(carried(), carried(**after)) == found


def test_an_added_and_a_removed_field_differ() -> None:
    """The side that has no such field has null."""
    plain = told("link-suspended", link=LINK, on="2022", by="coventry", condition="Peace.")
    other = told("link-suspended", link=LINK, on="2022", by="coventry", authority={"power": "decree"})
    found = changes(plain, other)
    assert found == {"condition": ["Peace.", None], "authority.power": [None, "decree"]}
    assert differences.in_words(found) == "condition Peace. -> (not said), authority.power (not said) -> decree"


def test_another_event_differs_in_its_type() -> None:
    """Suspended or struck off."""
    one = told("link-suspended", link=LINK, on="2022", by="coventry")
    other = told("link-ended", link=LINK, on="2022", by="coventry")
    assert changes(one, other) == {"type": ["link-suspended", "link-ended"]}


def test_a_denial_has_no_fields() -> None:
    """It says that nothing of the kind happened."""
    assert changes(carried(), None) is None
    assert differences.in_words(None) == "it did not happen"
    assert differences.in_words({}) == "the same"


def test_lists_of_names_in_time_are_compared_by_name() -> None:
    """A former name with other years is one difference; two of one name are counted."""
    one, other = (
        told("body-registered", slug="volgograd", name="Volgograd", kind="city", country="RU", names=names)
        for names in (
            [{"name": "Stalingrad", "during": "1925/1961"}, {"name": "Tsaritsyn"}, {"name": "Tsaritsyn"}],
            [{"name": "Stalingrad", "during": "1925/1962"}, {"name": "Tsaritsyn"}],
        )
    )
    assert changes(one, other) == {
        "names[Stalingrad].during": ["1925/1961", "1925/1962"],
        "names[Tsaritsyn 2]": [True, None],
    }


def test_a_difference_reveals_no_personal_detail() -> None:
    """That a speaker differs is said, and not who is meant; of a public office it is."""
    one, other = (
        told("statement-made", by="coventry", on="2022", speaker=speaker, summary="No.") for speaker in ("A. B.", "C.")
    )
    assert changes(one, other) == {"speaker": [APART, APART]}
    public = [
        told("statement-made", by="coventry", on="2022", speaker=speaker, office="Leader", summary="No.")
        for speaker in ("A. B.", "C.")
    ]
    assert changes(*public) == {"speaker": ["A. B.", "C."]}
    assert changes(one, public[1]) == {"speaker": [APART, APART], "office": [None, "Leader"]}


def test_details_that_are_not_at_hand_are_not_compared() -> None:
    """Two marks may stand for one detail; that a side has none at all is known."""
    said = [{"speaker": mark(f"{n:064x}")} for n in (1, 2)]
    assert differences.changes(said[0], said[1]) == {}
    assert differences.changes(said[0], {"speaker": "A. B."}) == {}
    assert differences.changes({"from": HIDDEN}, {"from": "A. B."}, {"from"}) == {}
    assert differences.changes(said[0], {}) == {"speaker": [APART, None]}
