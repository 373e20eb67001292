"""What the entries behind a row say beyond it: each that the standing rests on, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from domain.dates import OPEN, Date
from ledger.interchange import jsonl
from projections import particulars, projection, questions, views
from tests import books

LINK = "coventry--volgograd"
MOTION = "coventry/2022-03-22/park"


def line(type_: str, *, key: str = "", grade: str = "council", published: str = "", **event: object) -> dict[str, Any]:
    """An import line."""
    source = {"title": "Minutes", "grade": grade, **({"published": published} if published else {})}
    return {"type": type_, "evidence": [source], **({"key": key} if key else {}), "event": event}


TOWNS = [
    line("body-registered", slug=slug, name=slug.title(), kind="city", country=country)
    for slug, country in (("coventry", "GB"), ("volgograd", "RU"))
]
FORMED = line("link-formed", key="formed", link=LINK, on="1944", term="1944/1994", notice="one year")
SUSPENDED = line(
    "link-suspended", key="paused", link=LINK, on="2022-03-01", by="coventry", condition="Peace.", exceptions="Schools."
)
ALSO_SUSPENDED = line("link-suspended", link=LINK, on="2022-05-01", by="volgograd", exceptions="Sport.")


@contextmanager
def views_of(*lines: dict[str, Any]) -> Iterator[Any]:
    """The views of a ledger that holds these lines, after the two bodies."""
    with closing(books.in_memory()) as ledger, closing(views.connect(":memory:")) as connection:
        ledger.record([jsonl.read(json.dumps(one).encode()) for one in (*TOWNS, *lines)])
        projection.fill(connection, books.Pages(ledger), views.Mark("test"))
        yield connection


def behind(connection: Any, tag: str, day: str = "2022-12-31") -> list[dict[str, Any]]:  # noqa: ANN401 - of sqlite3
    """The particulars behind the row of a subject on a day."""
    register = questions.BY_NAME["links" if tag.startswith("link:") else "decisions"]
    as_of = Date.parse(day).latest
    (row,) = questions.rows(connection, register, as_of, OPEN - 1, tag)
    return particulars.behind(connection, tag, row, as_of, OPEN - 1)


def test_every_side_and_the_beginning_are_behind_a_link() -> None:
    """What each side keeps up in spite of its suspension, and on which terms the link was formed."""
    with views_of(FORMED, SUSPENDED, ALSO_SUSPENDED) as connection:
        found = behind(connection, f"link:{LINK}")
    assert [(one["type"], one.get("exceptions"), one.get("term")) for one in found] == [
        ("link-formed", None, "1944/1994"), ("link-suspended", "Schools.", None), ("link-suspended", "Sport.", None),
    ]  # fmt: skip


def test_what_was_resumed_or_had_not_happened_yet_is_not_behind_a_link() -> None:
    """A condition that no longer matters, or does not matter yet, is left to the history."""
    resumed = line("link-resumed", link=LINK, on="2022-10-01", by="coventry", summary="Peace has come.")
    with views_of(FORMED, SUSPENDED, resumed) as connection:
        assert [one["type"] for one in behind(connection, f"link:{LINK}", "2022-02-01")] == ["link-formed"]
        assert [one["type"] for one in behind(connection, f"link:{LINK}", "2022-05-01")] == [
            "link-formed",
            "link-suspended",
        ]
        assert [one["type"] for one in behind(connection, f"link:{LINK}")] == ["link-formed", "link-resumed"]


def test_the_reason_why_a_motion_fell_is_behind_it() -> None:
    """No column of the register has it."""
    lapsed = line("motion-lapsed", motion=MOTION, on="2022-03-22", reason="Time ran out.")
    with views_of(line("motion-moved", motion=MOTION, on="2022-03-22", title="Park"), lapsed) as connection:
        (found,) = behind(connection, f"ref:{MOTION}")
    assert found == {"entry": 4, "type": "motion-lapsed", "on": "2022-03-22", "reason": "Time ran out."}


def test_a_dispute_of_a_field_that_has_no_column_is_behind_the_row() -> None:
    """The exceptions are disputed, and the row of the register cannot say so."""
    other = {key: value for key, value in SUSPENDED["event"].items() if key != "exceptions"}
    dispute = line(
        "entry-disputed", grade="press", entry="key:paused", instead={"type": "link-suspended", "event": other}
    )
    with views_of(FORMED, SUSPENDED, dispute) as connection:
        (found,) = [one for one in behind(connection, f"link:{LINK}") if one["type"] == "link-suspended"]
    changes = {"exceptions": ["Schools.", None]}
    assert found["disputes"] == [{"entry": 5, "grade": "press", "shown_first": False, "changes": changes}]


def test_an_act_that_a_better_source_denies_leaves_a_page_without_it() -> None:
    """Nothing is shown as if it had happened; the denial stands in the column of what is disputed."""
    dispute = line("entry-disputed", grade="official", entry="key:formed", instead=None)
    with views_of(FORMED, dispute) as connection:
        assert behind(connection, f"link:{LINK}") == []
