"""Stories in which the ledger and the model once differed: told again, and asked everything."""

from __future__ import annotations

import pytest

from tests.campaign.beside import Beside
from tests.campaign.clerk import opening
from tests.campaign.entries import FOREVER
from tests.campaign.telling import Telling

LINK = "coventry--volgograd"


def source(grade: str, published: str) -> tuple[dict[str, str], ...]:
    """A page, and when it came out."""
    return ({"title": "A page", "grade": grade, "published": published},)


def on_link(name: str, on: str, known: str = "2023-01-17", grade: str = "council", **more: object) -> Telling:
    """Something happens to Coventry--Volgograd."""
    return Telling(name, {"link": LINK, "on": on, **more}, source(grade, known), key=f"{name} {on}")


def disputed(entry: Telling, instead: Telling | None, grade: str) -> Telling:
    """Another source tells it otherwise."""
    account = {"type": instead.type, "event": instead.event} if instead else None
    return Telling("entry-disputed", {"entry": entry.id, "instead": account}, source(grade, "2023-01-17"))


def succeeded(body: str, on: str, heir: str, known: str = "2023-01-17") -> Telling:
    """A body is abolished."""
    return Telling("body-succeeded", {"slug": body, "on": on, "successors": [heir]}, source("council", known))


ENDED = on_link("link-ended", "2021-11-30", grade="press", by="volgograd")

EXPIRED = on_link("link-expired", "2022%", by="volgograd")

STORIES = {
    "a date with an open end supports another one": [
        EXPIRED,
        Telling("entry-corroborated", {"entry": EXPIRED.id, "on": "[2020-03-01..]"}, source("press", "2023-01-17")),
    ],
    "the better account moves another link, and what followed on this one presupposes the other account": [
        ENDED,
        on_link("ending-rescinded", "2022-03-22", by="volgograd"),
        disputed(ENDED, on_link("link-ended", "2021-11-30", link="coventry--donetsk", by="donetsk"), "council"),
    ],
    "who succeeded a stranger, by what was known": [
        succeeded("coventry", "2009", "midlands", known="2022-02-24"),
        succeeded("midlands", "201X", "strathclyde", known="2019-05-08"),
        on_link("link-renewed", "2020-03-01", known="2019-05-09"),
    ],
    "a page of good grade, before the beginning that it supplies": [
        on_link("link-listed", "2022-03-22?", where="A page", listed=True),
    ],
    "a page of which nobody is sure, and what it calls the link": [
        on_link("link-listed", "2022-03-22", grade="press", where="A page", listed=True, kind="friendship"),
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_ledger_answers_as_the_model(story: str) -> None:
    """Every day, known by every day, with the reasons."""
    both = Beside()
    with both.telling_the_story():
        both.tell(opening())
        for one in STORIES[story]:
            both.tell([one])
        for by in (*both.past.knowns, FOREVER):
            for day in both.days(LINK):
                both.ask(LINK, day, by, len(both.entries))
        both.finish()
