"""A dispute or a correction says which fields differ, wherever it is shown: the value before and the value after."""

import json
import re
from collections.abc import Callable
from contextlib import closing

import pytest

from domain.entry import Draft
from ledger.cli import amendments
from ledger.interchange import jsonl
from tests import books
from tests.cli.visitor import Visitor, body, line

LINK = "coventry--volgograd"
PARK = "coventry/2022-03-22/park"
MINUTES = [{"title": "Minutes", "grade": "council", "source": "minutes"}]
PRESS = [{"title": "A report", "grade": "press", "source": "post"}]
FORMED = {"link": LINK, "on": "1944", "kind": "twinning", "notice": "one year"}
SUSPENDED = {"link": LINK, "on": "2022-03-22", "by": "coventry", "exceptions": "Schools go on.", "wording": "pause"}
CARRIED = {"motion": PARK, "on": "2022-03-22", "vote": {"for": 33, "against": 20}}
SAID = {"by": "coventry", "on": "2022-04-01", "speaker": "Quentin Quill", "summary": "No."}
LETTER = {"letter": "coventry/2022/l", "on": "2022-04-01", "by": "coventry", "to": "volgograd", "sender": "Leader"}

ENTRIES: list[dict[str, object]] = [
    {**line("motion-carried", evidence=MINUTES, **CARRIED), "key": "vote"},
    {**line("link-formed", evidence=MINUTES, **FORMED), "key": "formed"},
    {**line("link-suspended", evidence=MINUTES, **SUSPENDED), "key": "suspended"},
    {**line("statement-made", evidence=MINUTES, **SAID), "key": "said"},
    {**line("letter-sent", evidence=MINUTES, **LETTER), "key": "letter"},
]

DISPUTES: dict[str, tuple[str, tuple[str, dict[str, object]] | None, str]] = {
    "a nested field": (
        "vote",
        ("motion-carried", {**CARRIED, "vote": {"for": 30, "against": 20}}),
        "vote.for 33 -> 30",
    ),
    "an added and a removed field": (
        "formed",
        ("link-formed", {"link": LINK, "on": "1944", "kind": "twinning", "term": "1944/1994"}),
        'notice "one year" -> (not said), term (not said) -> 1944/1994',
    ),
    "another event": (
        "suspended",
        ("link-ended", {"link": LINK, "on": "2022-03-22", "by": "coventry", "wording": "pause"}),
        'type link-suspended -> link-ended, exceptions "Schools go on." -> (not said)',
    ),
    "a denial": ("letter", None, "it did not happen"),
    "a personal detail": (
        "said",
        ("statement-made", {**SAID, "speaker": "Ruth Roe"}),
        "speaker (kept apart) -> (kept apart)",
    ),
}
"""By what differs: the key of the entry, the account that disputes it, and how the difference is shown."""

THINGS = {"vote": PARK, "formed": LINK, "suspended": LINK, "letter": "coventry/2022/l", "said": "key:said"}


def disputing(what: str) -> dict[str, object]:
    """The line of a dispute."""
    key, account, _ = DISPUTES[what]
    instead = account and {"type": account[0], "event": account[1]}
    return line("entry-disputed", evidence=PRESS, entry=f"key:{key}", instead=instead)


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """A ledger in which every entry is disputed once; gives the page of a question on one line."""
    town = Visitor(tmp_path_factory.mktemp("disputed"))
    town.done("init", "town.ledger", "--body", "coventry")
    lines = [body("coventry"), body("volgograd", country="RU"), *ENTRIES, *map(disputing, DISPUTES)]
    town.done("import", town.file("lines.jsonl", lines), "--yes")
    asked = [(*question, key) for key in {*THINGS.values()} for question in (("show",), ("history", "--all"))]
    entry = [(question, f"key:{key}") for key in THINGS for question in ("show", "why")]
    pages = town.pages([[*words, "-f", "table"] for words in (*asked, *entry, ("decisions", "--columns", "disputed"))])
    return lambda question: " ".join(pages[f"{question} -f table"].split())


@pytest.mark.parametrize("what", DISPUTES)
@pytest.mark.parametrize("view", ["why", "history --all", "show"])
def test_a_dispute_says_which_fields_differ(view: str, what: str, disputed: Callable[[str], str]) -> None:
    """On the page of what it is about, in its history, and in the reasons why it stands so."""
    key, _, words = DISPUTES[what]
    page = disputed(f"{view} {THINGS[key] if view != 'why' else f'key:{key}'}")
    assert words in re.sub(r" press \S+ | council minutes ", " ", page), page


@pytest.mark.parametrize("what", DISPUTES)
def test_the_page_of_an_entry_says_what_disputes_it(what: str, disputed: Callable[[str], str]) -> None:
    """The entry itself is shown as it was recorded."""
    key, _, words = DISPUTES[what]
    assert f"(press): {words}" in disputed(f"show key:{key}")


def test_a_list_says_which_fields_differ(disputed: Callable[[str], str]) -> None:
    """In its column of what is disputed."""
    assert "vote.for 33 -> 30 (entry 8, press)" in disputed("decisions --columns disputed")


def test_a_difference_shows_no_personal_detail(disputed: Callable[[str], str]) -> None:
    """The dispute names the field and neither speaker, also in the history of the entry with its records."""
    assert "Ruth Roe" not in disputed("show key:said")
    assert "Ruth Roe" not in disputed("history --all key:said")
    assert "Ruth Roe" not in disputed("why key:said")


def test_corrections_and_settlements_say_which_fields_they_changed(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each against what the entry said before it; a redacted detail is compared with nothing."""
    town = Visitor(tmp_path_factory.mktemp("corrected"))
    town.done("init", "town.ledger", "--body", "coventry")
    first = {**CARRIED, "vote": {"for": 32, "against": 20}}
    second = {"type": "motion-carried", "event": {**first, "on": "2022-03-23"}}
    moved = {**line("motion-moved", evidence=MINUTES, motion=PARK, on="2022-03-01", title="Park", mover="Mia Mover"),
             "key": "moved"}  # fmt: skip
    other = {
        "type": "motion-moved",
        "event": {"motion": PARK, "on": "2022-03-02", "title": "Park", "mover": "Ned North"},
    }
    lines: list[bytes | dict[str, object]] = [
        body("coventry"),
        {**line("motion-carried", evidence=MINUTES, **CARRIED), "key": "vote"},
        line("entry-corrected", evidence=[], entry="key:vote", cause="slip", reason="Typed.",
             instead={"type": "motion-carried", "event": first}),
        {**line("entry-disputed", evidence=MINUTES, entry="key:vote", instead=second), "key": "other"},
        line("dispute-settled", evidence=[], dispute="key:other", prefer="instead", reason="Minuted."),
        moved,
        line("entry-disputed", evidence=PRESS, entry="key:moved", instead=other),
        line("detail-redacted", evidence=[], entry="key:moved", field="mover", basis="Law",
             authority={"power": "statute"}),
    ]  # fmt: skip
    town.done("import", town.file("lines.jsonl", lines), "--yes")
    asked = [("why", "key:vote"), ("history", "--all", "key:vote"), ("show", "key:vote"), ("show", "key:moved"),
             ("history", "--all", "key:moved"), ("why", "key:moved")]  # fmt: skip
    pages = {
        words: " ".join(page.split()) for words, page in town.pages([[*one, "-f", "table"] for one in asked]).items()
    }
    for words in ("why key:vote", "history --all key:vote", "show key:vote"):
        page = pages[f"{words} -f table"]
        assert "corrected by 3: vote.for 33 -> 32" in page
        assert "settled by 5: on 2022-03-22 -> 2022-03-23" in page
    for words in ("why key:moved", "history --all key:moved", "show key:moved"):
        page = pages[f"{words} -f table"]
        assert "(press): on 2022-03-01 -> 2022-03-02" in page
        assert "Mia Mover" not in page
        assert "Ned North" not in page


def test_a_difference_reveals_nothing_that_was_not_known_yet(visitor: Visitor) -> None:
    """Where only the dispute was published by then, or only the entry, the other's values are not shown."""
    visitor.done("init", "town.ledger", "--body", "coventry")

    def published(day: str) -> list[dict[str, str]]:
        return [{"title": "A page", "grade": "council", "published": day}]

    better = {"type": "link-formed", "event": {**FORMED, "on": "1942"}}
    lines: list[bytes | dict[str, object]] = [
        line("body-registered", evidence=published("1990"), slug="coventry", name="C", kind="city", country="GB"),
        line("body-registered", evidence=published("1990"), slug="volgograd", name="V", kind="city", country="RU"),
        {**line("link-formed", evidence=published("2020"), **FORMED), "key": "formed"},
        line("entry-disputed", evidence=published("2010"), entry="key:formed",
             instead={"type": "link-formed", "event": {**FORMED, "on": "1941"}}),
        line("entry-corrected", evidence=published("2024"), entry="key:formed", cause="source", reason="Found.",
             instead=better),
    ]  # fmt: skip
    visitor.done("import", visitor.file("lines.jsonl", lines), "--yes")
    years = ("2015", "2021", "2025")
    asked = [("history", LINK, "--all", "--known-by", year, "-f", "table") for year in years]
    early, middle, late = visitor.pages(asked).values()
    assert "1941" in early
    assert "->" not in early
    assert "on 1944 -> 1941" in middle
    assert "1942" not in middle
    assert "on 1944 -> 1942" in late
    assert "on 1942 -> 1941" in late


def test_programs_get_both_values_of_each_field(town: Visitor) -> None:
    """As JSON values, under `changes`; a field that one side has not is null there."""
    instead = {"type": "link-formed", "event": {"link": LINK, "on": "1941"}}
    dispute = line("entry-disputed", evidence=PRESS, entry=entry_of(town), instead=instead)
    town.done("import", town.file("one.jsonl", [dispute]), "-y")
    changes = {"on": ["1944", "1941"], "kind": ["twinning", None]}
    for question in ("history", "why"):
        found = json.dumps(town.done(question, entry_of(town)).rows)
        assert all(json.dumps({field: values})[1:-1] in found for field, values in changes.items())
    (page,) = town.done("show", LINK).rows
    (shown,) = next(one for one in page["particulars"] if one["type"] == "link-formed")["disputes"]
    assert shown["changes"].items() >= changes.items()


def entry_of(town: Visitor) -> str:
    """The id of the entry by which the link was formed."""
    rows = town.done("history", LINK, "--type", "link-formed").rows
    return str(rows[0]["id"])


def test_the_preview_says_which_fields_differ(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is recorded; a personal detail is shown only as the clerk has just typed it."""
    with closing(books.in_memory()) as ledger:
        lines = [body("coventry"), body("volgograd", country="RU"), *ENTRIES]
        ledger.record([draft(one) for one in lines])
        for what, (_, _, words) in DISPUTES.items():
            amendments.preview(ledger, draft(disputing(what)))
            shown = [" ".join(told.split()) for told in capsys.readouterr().err.splitlines()]
            for change in words.split(", "):
                field, _, values = change.partition(" ")
                expected = change if field == "it" else f"{field}: {values}"
                assert expected.replace("-> (kept apart)", '-> "Ruth Roe"') in shown


def draft(one: dict[str, object]) -> Draft:
    """A line as a draft."""
    return jsonl.read(json.dumps(one).encode())
