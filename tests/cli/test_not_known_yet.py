"""Nothing is shown of what was not public by the day asked about, in any of the questions."""

import pytest

from tests.cli.visitor import Visitor, body, line

LINK = "york--lviv"
EARLY = [{"title": "A paper", "grade": "press", "published": "1990-01-01"}]
LATE = [{"title": "The archive", "grade": "council", "published": "1995-01-01"}]


@pytest.fixture
def ledger(visitor: Visitor) -> Visitor:
    """A link formed on a day that the archive gives in 1995, and a paper's year in 1990; a review of 1996."""
    visitor.done("init", "town.ledger", "--body", "york")
    formed = {"link": LINK, "on": "1988-05-08", "wording": "bonded", "summary": "A bond for ever.", "term": "1988/1998"}
    visitor.file("f.jsonl", [
        body("york"), body("lviv", country="UA"),
        {**line("link-formed", evidence=LATE, **formed), "key": "formed"},
        line("entry-corroborated", evidence=EARLY, entry="key:formed", on="1988"),
        line("note-added", evidence=LATE, entry="key:formed", text="Seen in the archive."),
    ])  # fmt: skip
    visitor.done("import", "f.jsonl", "--yes")
    return visitor


@pytest.mark.parametrize(
    "question", [f"show {LINK}", f"history {LINK}", f"history {LINK} --all", f"why {LINK}", "links", "show 3", "why 3"]
)
@pytest.mark.parametrize("form", ["json", "table"])
def test_a_later_source_is_in_no_answer_about_what_was_known_before(question: str, form: str, ledger: Visitor) -> None:
    """Neither its day, nor its words, nor its terms, nor who published it; later all of them are."""
    before = ledger.done(*question.split(), "--known-by", "1992-01-01", "-f", form).out
    after = ledger.done(*question.split(), "--as-of", "2000-01-01", "-f", form).out
    assert [word for word in ("1988-05-08", "bonded", "for ever", "1998", "archive") if word in before] == []
    assert ("1988" in before, "1988-05-08" in after) == (True, True)


@pytest.mark.parametrize(
    "question",
    [
        "decisions",
        "pledges",
        "due",
        "show 3",
        "show 4",
        "show york/1990/x",
        "show york/1990/y",
        "why york/1990/x",
        "why york/1990/y",
        "why 3",
        "why 4",
        "history york/1990/x",
        "history york/1990/y",
        "search York",
        "search aid",
        "search leader",
    ],
)
@pytest.mark.parametrize("form", ["json", "table"])
def test_who_merely_confirms_an_act_reports_no_detail_of_it(question: str, form: str, visitor: Visitor) -> None:
    """Neither of a decision nor of a pledge, of which a summary is required; not under what power either."""
    visitor.done("init", "town.ledger", "--body", "york")
    about = {"on": "1990-05-08", "authority": {"power": "urgent", "office": "Leader"}, "summary": "York sends aid."}
    visitor.file("f.jsonl", [
        body("york"), body("lviv", country="UA"),
        {**line("decision-taken", evidence=LATE, decision="york/1990/x", **about), "key": "x"},
        {**line("pledge-made", evidence=LATE, pledge="york/1990/y", by="york", due="2099", **about), "key": "y"},
        *(line("entry-corroborated", evidence=EARLY, entry=f"key:{one}") for one in "xy"),
    ])  # fmt: skip
    visitor.done("import", "f.jsonl", "--yes")
    if not question.startswith("search"):
        assert any(
            word in visitor.done(*question.split(), "--as-of", "1999", "-f", form).out
            for word in ("1990", "york/1990/y")
        )
    before = visitor.done(*question.split(), "--known-by", "1992-01-01", "-f", form).out
    assert [word for word in ("aid", "urgent", "Leader", "2099", "archive") if word in before] == []


@pytest.mark.parametrize("question", ["show 3", "why 3", "history 3 --all", f"show {LINK}", f"why {LINK}"])
def test_what_nobody_knew_yet_is_reported_as_not_known(question: str, ledger: Visitor) -> None:
    """No data, and a sentence that says when it became public."""
    said = ledger.done(*question.split(), "--known-by", "1980-01-01")
    assert (said.out, "was public by 1980-01-01; first on 1990-01-01 (entry" in said.err) == ("", True)
