"""What became of a paper is part of the history of all it is about; what was done under it is on its own page."""

from typing import Any

import pytest

from tests.cli.visitor import LINK, Visitor, line

PAPER = "coventry/2023-01-10/review"
POWER = {"power": "executive"}
MOVED = ("motion-moved", {"motion": PAPER, "on": "2023-01-10", "about": [LINK], "title": "Review"})
CARRIED = ("motion-carried", {"motion": PAPER, "on": "2023-01-10", "about": [LINK]})
TAKEN = ("decision-taken", {"decision": PAPER, "on": "2023-01-10", "about": [LINK], "authority": POWER, "summary": "X"})
LETTER = {"letter": PAPER, "by": "coventry", "to": "volgograd", "on": "2023-01-10"}
SENT = ("letter-sent", {**LETTER, "announces": [LINK], "authority": {"power": "urgent"}})
PLEDGED = ("pledge-made", {"pledge": PAPER, "by": "coventry", "on": "2023-01-10", "summary": "X", "about": [LINK]})


@pytest.mark.parametrize(
    ("beginning", "later", "more"),
    [
        (MOVED, "motion-lapsed", {}),
        (MOVED, "motion-withdrawn", {}),
        (MOVED, "motion-lost", {}),
        (MOVED, "motion-referred", {"to": "Cabinet"}),
        (MOVED, "motion-amended", {"summary": "A word."}),
        (CARRIED, "motion-rescinded", {}),
        (TAKEN, "decision-called-in", {}),
        (TAKEN, "decision-ratified", {}),
        (TAKEN, "decision-disapproved", {}),
        (TAKEN, "decision-revoked", {}),
        (SENT, "letter-received", {"by": "coventry", "to": "volgograd"}),
        (PLEDGED, "pledge-kept", {}),
        (PLEDGED, "pledge-dropped", {}),
    ],
)
def test_the_history_of_a_link_has_the_later_life_of_each_paper_about_it(
    beginning: tuple[str, dict[str, Any]], later: str, more: dict[str, Any], town: Visitor
) -> None:
    """Though the later entry names the paper alone; with `--all` too, and in why where the paper stands."""
    first, event = beginning
    field = next(iter(event))
    second = {field: PAPER, "on": "2023-09-01", **more}
    town.file("more.jsonl", [line(first, **event), line(later, **second)])
    town.done("import", "more.jsonl", "--yes")
    for options in ((), ("--all",), ("--since", "2023")):
        listed = [row["type"] for row in town.done("history", LINK, *options).rows]
        assert listed[-2:] == [first, later]
    assert later not in [row["type"] for row in town.done("history", LINK, "--until", "2023-08").rows]
    assert later not in [row["type"] for row in town.done("history", "coventry--mariupol").rows]


def test_a_motion_has_what_was_done_under_it_on_its_page(town: Visitor) -> None:
    """For people and for programs, by `show` and `why`; a suspension, two pledges and a letter of the story."""
    paper = "coventry/2022-03-22/ukraine"
    (row,) = town.done("show", paper).rows
    done = [(one["type"], one["subject"]) for one in row["done_under"]]
    assert ("link-suspended", LINK) in done
    assert ("letter-sent", "coventry/2022/volgograd") in done
    assert ("motion-carried", paper) not in done
    page = town.done("show", paper, "-f", "table").out
    assert all(f"{type_} {subject}" in page for type_, subject in done)
    (tree,) = town.done("why", paper).rows
    assert [(one["type"], one["subject"]) for one in tree["followed_by"]] == done
    assert [row["done_under"] for row in town.done("show", paper, "--as-of", "2022-03-22").rows] != [[]]


def test_what_was_done_under_a_motion_is_only_what_was_done_by_then(town: Visitor) -> None:
    """The letter was not sent before 23 March 2022."""
    paper = "coventry/2022-03-22/ukraine"
    (early,) = town.done("show", paper, "--as-of", "2022-03-22").rows
    assert "letter-sent" not in [one["type"] for one in early["done_under"]]


ANSWER = {"letter": "volgograd/2023/answer", "by": "volgograd", "to": "coventry", "in_answer_to": PAPER}
THANKS = {"letter": "coventry/2023/thanks", "by": "coventry", "to": "volgograd", "in_answer_to": ANSWER["letter"]}


@pytest.fixture
def written(town: Visitor) -> Visitor:
    """A letter about the link, its answer, and the answer to that; neither answer names the link."""
    power = {"authority": {"power": "urgent"}}
    answer = line("letter-received", **ANSWER, **power, on="2023-02-01")
    thanks = line("letter-sent", **THANKS, **power, on="2023-03-01")
    town.file("more.jsonl", [line(SENT[0], **SENT[1]), answer, thanks])
    town.done("import", "more.jsonl", "--yes")
    return town


def test_a_letter_has_its_answers_on_its_page_and_in_its_why(written: Visitor) -> None:
    """Each letter its own; none before the answer came."""
    (row,) = written.done("show", PAPER).rows
    assert [(one["type"], one["subject"], one["on"]) for one in row["answered_by"]] == [
        ("letter-received", ANSWER["letter"], "2023-02-01")
    ]
    assert "answered by:    " in written.done("show", PAPER, "-f", "table").out
    assert [one["answered_by"] for one in written.done("show", PAPER, "--as-of", "2023-01-31").rows] == [[]]
    assert [one["answered_by"] for one in written.done("show", THANKS["letter"]).rows] == [[]]
    (tree,) = written.done("why", PAPER).rows
    assert [one["subject"] for one in tree["followed_by"]] == [ANSWER["letter"]]


def test_the_history_of_a_link_has_the_answers_to_the_letters_about_it(written: Visitor) -> None:
    """And the answers to those."""
    listed = [row["subject"] for row in written.done("history", LINK).rows]
    assert listed[-3:] == [PAPER, ANSWER["letter"], THANKS["letter"]]
    assert ANSWER["letter"] not in [row["subject"] for row in written.done("history", "coventry--mariupol").rows]
