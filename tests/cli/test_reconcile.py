"""`import --reconcile`: what other documents say of acts on record becomes another source for them, or a dispute."""

from typing import Any

import pytest

from tests.cli.visitor import LINK, Visitor, body, line

OTHER = [{"title": "A later report", "grade": "press", "published": "2023-05-01"}]
THIRD = [{"title": "A third report", "grade": "press", "published": "2023-06-01"}]
SUSPENDED = {"link": LINK, "by": "coventry", "on": "2022-03-22"}


@pytest.fixture
def ledger(visitor: Visitor) -> Visitor:
    """A link, formed in 1944 and suspended in 2022; a motion carried; two more bodies."""
    visitor.done("init", "town.ledger", "--body", "coventry")
    power = {"power": "resolution", "reference": "coventry/2022/m"}
    visitor.file("first.jsonl", [
        body("coventry"), body("volgograd", country="RU"),
        line("link-formed", link=LINK, on="1944", kind="twinning"),
        line("motion-carried", motion="coventry/2022/m", on="2022-03-22", vote={"for": 30, "against": 2}),
        line("link-suspended", **SUSPENDED, wording="paused", authority=power),
    ])  # fmt: skip
    visitor.done("import", "first.jsonl", "--yes")
    return visitor


def reconciled(ledger: Visitor, *lines: Any) -> tuple[list[tuple[str, dict[str, Any]]], str]:  # noqa: ANN401
    """What the lines became, in order, and what was shown before."""
    ledger.file("more.jsonl", [*lines])
    said = ledger.done("import", "more.jsonl", "--reconcile", "--yes")
    rows = ledger.done("history", "--all", "-f", "jsonl").rows
    recorded = sorted((row["entry"], row["id"]) for row in rows if row["entry"] > 5)
    entries = [ledger.done("show", str(entry)).rows[0] for entry, _ in recorded]
    return [(one["type"].partition("/")[0], one["event"]) for one in entries], said.err


@pytest.mark.parametrize(
    ("type_", "event", "entry", "on"),
    [
        ("link-suspended", SUSPENDED, 5, None),
        ("link-suspended", {**SUSPENDED, "on": "2022"}, 5, None),
        ("link-suspended", {**SUSPENDED, "wording": "put on ice"}, 5, None),
        ("link-formed", {"link": LINK, "on": "1944-06"}, 3, "1944-06"),
        ("link-formed", {"link": LINK, "on": "1944", "by": "coventry"}, 3, None),
        ("motion-carried", {"motion": "coventry/2022/m", "on": "2022-03-22", "vote": {"for": 30}}, 4, None),
        ("body-registered", {"slug": "volgograd", "name": "Volgograd", "kind": "council", "country": "RU"}, 2, None),
    ],
)
def test_what_fits_becomes_another_source(
    type_: str, event: dict[str, Any], entry: int, on: str | None, ledger: Visitor
) -> None:
    """It names the entry and, where it knows better, the date; a wording of its own does not contradict."""
    if type_ == "body-registered":
        event |= {key: ledger.done("show", "2").rows[0]["event"][key] for key in ("name", "kind")}
    ((kind, told),), said = reconciled(ledger, line(type_, evidence=OTHER, **event))
    assert (kind, told.get("on")) == ("entry-corroborated", on)
    assert told["entry"] == ledger.done("show", str(entry)).rows[0]["id"]
    assert f"more.jsonl:1: another source for entry {entry}" in said


@pytest.mark.parametrize(
    ("type_", "event", "entry"),
    [
        ("link-suspended", {**SUSPENDED, "on": "2022-03-23"}, 5),
        ("link-suspended", {**SUSPENDED, "authority": {"power": "executive"}}, 5),
        ("link-formed", {"link": LINK, "on": "1941"}, 3),
        ("link-formed", {"link": LINK, "on": "1944", "kind": "friendship"}, 3),
        ("motion-carried", {"motion": "coventry/2022/m", "on": "2022-03-22", "vote": {"for": 31}}, 4),
        ("motion-lost", {"motion": "coventry/2022/m", "on": "2022-03-22"}, 4),
    ],
)
def test_what_differs_becomes_a_dispute(type_: str, event: dict[str, Any], entry: int, ledger: Visitor) -> None:
    """With the whole account of its source, beside that of the entry."""
    ((kind, told),), said = reconciled(ledger, line(type_, evidence=OTHER, **event))
    assert (kind, told["instead"]["type"]) == ("entry-disputed", type_)
    assert event.items() <= told["instead"]["event"].items()
    assert told["entry"] == ledger.done("show", str(entry)).rows[0]["id"]
    assert f"more.jsonl:1: a dispute of entry {entry}" in said


def test_what_a_corroboration_does_not_hold_is_named(ledger: Visitor) -> None:
    """So that the clerk can record it otherwise."""
    extra = {**SUSPENDED, "condition": "Peace.", "wording": "on ice"}
    _, said = reconciled(ledger, line("link-suspended", evidence=OTHER, **extra))
    assert "another source for entry 5; not taken over: wording, condition" in said


def test_new_acts_go_in_as_they_are(ledger: Visitor) -> None:
    """Beside those that are on record, and whatever their order; what is about such a line is about the entry."""
    lines = [
        {**line("link-suspended", evidence=OTHER, **SUSPENDED), "key": "again"},
        line("link-resumed", evidence=OTHER, link=LINK, by="coventry", on="2023"),
        line("note-added", evidence=OTHER, entry="key:again", text="Seen."),
        line("link-resumed", evidence=THIRD, link=LINK, by="coventry", on="2023-02"),
    ]
    made, said = reconciled(ledger, *lines)
    assert sorted(kind for kind, _ in made) == [
        "entry-corroborated",
        "entry-corroborated",
        "link-resumed",
        "note-added",
    ]
    suspension = ledger.done("show", "5").rows[0]["id"]
    assert [told["entry"] for kind, told in made if kind == "note-added"] == [suspension]
    assert "another source for line 2" in said or "another source for line 4" in said


def test_of_several_lines_on_one_act_the_best_graded_and_then_the_first_is_the_act(ledger: Visitor) -> None:
    """Whatever their dates; the others are set against it, and agree with it or not."""
    source = {"title": "Minutes", "grade": "council"}
    press = [{"title": name, "grade": "press"} for name in "ABCD"]
    ledger.file("bodies.jsonl", [body("graz", country="AT"), body("kiel", country="DE")])
    ledger.done("import", "bodies.jsonl", "--yes")
    graz, kiel = "coventry--graz", "coventry--kiel"
    ledger.file("more.jsonl", [
        line("link-formed", evidence=[press[0]], link=graz, on="1990"),
        line("link-formed", evidence=[press[1]], link=graz, on="1989"),
        line("link-formed", evidence=[press[2]], link=graz, on="1990-05"),
        line("link-formed", evidence=[press[0]], link=kiel, on="1946"),
        line("link-formed", evidence=[press[3]], link=kiel, on="1947"),
        line("link-formed", evidence=[source], link=kiel, on="1947"),
    ])  # fmt: skip
    said = ledger.done("import", "more.jsonl", "--reconcile", "--yes").err.splitlines()
    assert [one.removeprefix("more.jsonl:") for one in said if one.startswith("more.jsonl:")] == [
        "2: a dispute of line 1",
        "3: another source for line 1",
        "4: a dispute of line 6",
        "5: another source for line 6",
    ]


def test_again_it_records_nothing(ledger: Visitor) -> None:
    """The same file finds its corroborations and disputes on record."""
    lines = [
        {**line("link-suspended", evidence=OTHER, **SUSPENDED), "key": "k"},
        line("link-formed", evidence=OTHER, link=LINK, on="1941"),
    ]
    ledger.file("more.jsonl", lines)
    first = ledger.done("import", "more.jsonl", "--reconcile", "--yes", "-f", "jsonl").rows
    again = ledger.done("import", "more.jsonl", "--reconcile", "--yes", "-f", "jsonl").rows
    counts = [(one["appended"], one["already"], one["corroborations"], one["disputes"]) for one in (*first, *again)]
    assert counts == [(2, 0, 1, 1), (0, 2, 0, 0)]


def test_a_document_is_no_second_source_for_itself(ledger: Visitor) -> None:
    """What the entry's own document says once more stays refused, and nothing is written."""
    ledger.file("more.jsonl", [line("link-suspended", **{**SUSPENDED, "on": "2022-03-23"})])
    said = ledger.civic("import", "more.jsonl", "--reconcile", "--yes")
    assert (said.code, "already recorded" in said.err) == (4, True)
    assert len(ledger.done("history", "--all").rows) == 5


def test_what_contradicts_no_single_account_stays_refused(ledger: Visitor) -> None:
    """A resumption before the suspension is no other account of it; a side that is none disputes nothing."""
    ledger.file("more.jsonl", [line("link-resumed", evidence=OTHER, link=LINK, by="coventry", on="2021")])
    assert ledger.civic("import", "more.jsonl", "--reconcile", "--yes").code == 4


def test_nothing_is_written_by_a_dry_run_and_without_the_option_it_is_offered(ledger: Visitor) -> None:
    """The dry run shows the same lines; a refusal names the option."""
    ledger.file("more.jsonl", [line("link-suspended", evidence=OTHER, **SUSPENDED)])
    shown = ledger.done("import", "more.jsonl", "--reconcile", "--dry-run").err
    assert "more.jsonl:1: another source for entry 5" in shown
    assert "--reconcile" in ledger.civic("import", "more.jsonl", "--yes").err
    assert len(ledger.done("history", "--all").rows) == 5


def test_csv_and_yaml_are_reconciled_alike(ledger: Visitor) -> None:
    """By the number of the line at which each entry begins."""
    heading = "link,by,on,source,source_title,source_grade,source_published"
    row = f"{LINK},coventry,2022-03-23,later,Later,press,2023-01-01"
    ledger.file("more.csv", [heading.encode(), row.encode()])
    said = ledger.done("import", "more.csv", "--type", "link-suspended", "--reconcile", "--yes")
    assert "more.csv:2: a dispute of entry 5" in said.err
    ledger.file("more.yaml", [
        b"sources:", b"  third: {title: Third, grade: press, published: 2023-02-01}", b"entries:",
        b"  - type: link-suspended", b"    source: third",
        b"    event: {link: coventry--volgograd, by: coventry, on: 2022-03-22}",
    ])  # fmt: skip
    said = ledger.done("import", "more.yaml", "--reconcile", "--yes")
    assert "another source for entry 5" in said.err
