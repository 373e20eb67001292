"""Votes on the screen: every field of a vote, nested and disputed, in every format of every answer."""

import csv
import io
import json
import subprocess
import sys
from typing import Any

import pytest

from ledger.cli.output import FORMATS
from tests.cli.visitor import COVENTRY, LINK, PATIENCE, Visitor

BUDGET = "coventry/2022-03-22/budget"
PARK = "coventry/2022-03-22/park"
PLAIN = "coventry/2022-03-22/plain"
SOURCE = [{"title": "Minutes of the council", "grade": "council", "source": "minutes-0322"}]
PRESS = [{"title": "A report of the debate", "grade": "press", "source": "post"}]
BALLOTS = [
    {"person": "Ada Ash", "vote": "for", "party": "Green"},
    {"person": "Ada Ash", "vote": "for", "proxy_for": "Dan Dell"},
    {"person": "Bo Birch", "vote": "against", "weight": 2},
    {"person": "Cy Cole", "vote": "no-vote-cast"},
]
FULL = {
    "method": "roll-call", "for": 2, "against": 2, "abstained": 0, "no_vote_cast": 1, "absent": 0, "present": 4,
    "cast": 4, "declared_interest": 0, "unanimous": False, "casting_vote": {"by": "The Lord Mayor", "way": "for"},
    "names": BALLOTS, "names_complete": True, "threshold": "a simple majority", "note": "Taken twice.",
}  # fmt: skip
"""Every field that a vote can have."""


def line(type_: str, evidence: list[dict[str, str]], key: str = "", /, **event: object) -> dict[str, object]:
    """An import line."""
    return {"type": type_, "evidence": evidence, **({"key": key} if key else {}), "event": event}


def decided(motion: str, **vote: object) -> dict[str, object]:
    """The motion is carried, by such a vote."""
    figures = {name.removesuffix("_"): value for name, value in vote.items()}
    return {"motion": motion, "on": "2022-03-22", "vote": figures}


@pytest.fixture(scope="module")
def voted(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """Somebody with votes in full, disputed votes, and every other nested value of a register."""
    town = Visitor(tmp_path_factory.mktemp("voted"))
    town.done("init", "town.ledger", "--body", "coventry")
    town.done("import", COVENTRY, "--yes")
    other = {"type": "motion-carried", "event": decided(PARK, for_=30, against=23, names=BALLOTS[:1])}
    lines = [
        line("motion-carried", SOURCE, "budget", **decided(BUDGET, **FULL)),
        line("motion-carried", SOURCE, "park", **decided(PARK, for_=33, against=20)),
        line("entry-disputed", PRESS, entry="key:park", instead=other),
        line("motion-carried", SOURCE, **decided(PLAIN)),
        line("body-registered", SOURCE, slug="york", name="York", kind="city", country="GB",
             names=[{"name": "Eboracum", "during": "0071/0400"}], identifiers={"gss": "E06000014"}),
        line("decision-taken", SOURCE, "permit", decision="coventry/2022-03-22/permit", on="2022-03-22",
             summary="To permit it.", authority={"power": "committee", "body": "Planning", "office": "Chair"}),
        line("entry-disputed", PRESS, entry="key:permit", instead={"type": "decision-taken", "event": {
            "decision": "coventry/2022-03-22/permit", "on": "2022-03-22", "summary": "To permit it.",
            "authority": {"power": "executive"}}}),
    ]  # fmt: skip
    town.done("import", town.file("votes.jsonl", lines), "--yes")
    return town


QUESTIONS = (
    *("links", "bodies", "decisions", "letters", "pledges", "sources", "overrides", "due", "search Ash"),
    *(f"show {thing}" for thing in (BUDGET, PARK, PLAIN, "york", "coventry/2022-03-22/permit", "14", LINK)),
    *(f"{command} {thing}" for command in ("history", "why") for thing in (BUDGET, PARK)),
    f"history {PARK} --all", f"replay {LINK}", f"diff {LINK} 2022-03-01 2022-04-01",
)  # fmt: skip

PROGRAM = """\
import json, sys
from ledger.cli.main import run
asked = json.load(sys.stdin)
ended = {" ".join(words): run(words) for words in asked}
sys.stderr.write(json.dumps({words: code for words, code in ended.items() if code}))
"""
"""Asks many questions in one process; an exception of one ends it with a traceback."""


def test_no_answer_fails_on_a_nested_or_disputed_value(voted: Visitor) -> None:
    """Each answer is printed in each of its formats, and one bad row hides no other."""
    asked = [[*question.split(), "-q", "-f", form] for question in QUESTIONS for form in FORMATS]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=voted.folder, env=voted.environment, input=json.dumps(asked),
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.stderr == "{}"
    assert done.stdout.count(BUDGET) > len(FORMATS)


def test_a_list_on_a_terminal_has_the_votes_in_words(voted: Visitor) -> None:
    """Figures, casting vote, names and disputed figures stand beside each other."""
    out = voted.done("decisions", "-f", "table", "--columns", "reference,vote,disputed").out
    assert "2 for, 2 against, 0 abstained, 1 present without voting, 0 absent, 4 present, 4 votes cast" in flat(out)
    assert "casting vote for by The Lord Mayor, 4 named" in flat(out)
    assert "33 for, 20 against, disputed: 30 for, 23 against, 1 named (entry 16, press)" in flat(out)
    assert "vote reported without figures" in flat(out)


def test_a_page_shows_every_field_of_a_vote(voted: Visitor) -> None:
    """Who voted which way, for whom and with which weight, the method and the note."""
    out = flat(voted.done("show", BUDGET, "-f", "table").out)
    for words in (
        "2 for, 2 against", "0 declared an interest", "method: roll-call", "for: Ada Ash (Green), Ada Ash (proxy for",
        "against: Bo Birch (weight 2)", "present without voting: Cy Cole", "note: Taken twice.", '"a simple majority"',
    ):  # fmt: skip
        assert words in out
    disputed = flat(voted.done("show", PARK, "-f", "table").out)
    assert "disputed by entry 16: for: Ada Ash (Green)" in disputed


def test_programs_get_the_vote_as_it_was_recorded(voted: Visitor) -> None:
    """JSON, and the JSON in a cell of CSV or TSV, hold the vote in full, and the disputing vote too."""
    full = {name: value for name, value in FULL.items() if value is not None}
    for form in ("jsonl", "json", "csv", "tsv"):
        row = rows(voted.done("decisions", "--reference", BUDGET, "-f", form).out, form)[0]
        assert value(row["vote"]) == full
        disputed = rows(voted.done("decisions", "--reference", PARK, "-f", form).out, form)[0]["disputed"]
        found = value(disputed)
        assert (found[0] if isinstance(found, list) else found)["vote"]["names"] == BALLOTS[:1]


def flat(text: str) -> str:
    """Text on one line, however a table breaks it."""
    return " ".join(text.split())


def rows(text: str, form: str) -> list[dict[str, Any]]:
    """The rows of an answer."""
    if form in ("csv", "tsv"):
        return list(csv.DictReader(io.StringIO(text), delimiter="\t" if form == "tsv" else ","))
    return json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()]


def value(cell: object) -> Any:  # noqa: ANN401 - JSON
    """A cell as JSON has it."""
    return json.loads(cell) if isinstance(cell, str) else cell
