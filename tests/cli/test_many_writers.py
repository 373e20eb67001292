"""Sixteen clerks at one ledger: nothing is lost, doubled or out of order, and whoever need not lose does not."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from tests.cli.visitor import COVENTRY, LINK, MANCHESTER, Said, Visitor, body, line

CLERKS = 16
SOURCE = ("--source-title", "Minutes", "--source-grade", "official")


def at_once(task: Callable[[int], list[Said]]) -> list[list[Said]]:
    """What sixteen clerks heard who began together."""
    with ThreadPoolExecutor(CLERKS) as clerks:
        return list(clerks.map(task, range(CLERKS)))


def town_of(number: int) -> str:
    """A short name that is not almost another clerk's."""
    return f"town-{chr(97 + number) * 3}"


def test_sixteen_clerks_record_at_once(visitor: Visitor) -> None:
    """Each records a body, a story and a motion's end of their own; all try to suspend one link, and one succeeds."""
    visitor.done("init", "town.ledger", "--body", "coventry")
    beginning = [body("coventry"), body("volgograd"), line("link-formed", link=LINK, on="1944", kind="twinning")]
    visitor.done("import", visitor.file("beginning.jsonl", beginning), "--yes")
    together = Barrier(CLERKS)

    def clerk(number: int) -> list[Said]:
        town, name = town_of(number), f"clerk-{number}"
        link, motion = f"coventry--{town}", f"coventry/2022/m{number}"
        story = [
            line("link-formed", link=link, on="1990", kind="friendship"),
            line("motion-moved", motion=motion, on="2022-03-22", title=f"Motion {number}", about=[LINK, link]),
            line("statement-made", by="coventry", on="2022-03", summary=f"Said by {number}", about=[LINK]),
        ]
        file = visitor.file(f"story-{number}.jsonl", story)
        words = ("--name", f"{town} {number}", "--kind", "city", "--country", "GB", *SOURCE, "-y", "--clerk", name)
        together.wait()
        registered = visitor.civic("record", "body-registered", town, *words)
        told = visitor.civic("import", file, "--yes", "--clerk", name)
        together.wait()
        suspended = visitor.civic(
            "record", "link-suspended", LINK, "--on", "2022-03-22", "--wording", f"paused by {number}",
            "--authority", "executive", *SOURCE, "-y",
            "--clerk", name,
        )  # fmt: skip
        carried = visitor.civic("record", "motion-carried", motion, "--on", "2022-03-22", *SOURCE, "-y", "-q")
        return [registered, told, carried, suspended]

    heard = at_once(clerk)
    quiet = [said for told in heard for said in told[:3]]
    assert [said for said in quiet if (said.code, said.err) != (0, "")] == []
    suspensions = [told[3] for told in heard]
    assert Counter(said.code for said in suspensions) == {0: 1, 4: CLERKS - 1}
    assert all(said.err.endswith("\n") and "[link/transition]" in said.err for said in suspensions if said.code)
    assert all(said.out == "" for said in suspensions if said.code)

    entries = visitor.done("export", "jsonl").rows
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry["id"] for entry in entries}) == len(entries) == 3 + CLERKS * 5 + 1
    shown = [json.loads(said.out) for told in heard for said in (told[0], told[2], told[3]) if said.code == 0]
    assert [one for one in shown if entries[one["position"] - 1] != one] == [], "a clerk was shown another entry"
    assert Counter(entry["recorded_by"] for entry in entries if entry["type"] == "body-registered/1") == {
        "clerk": 2, **{f"clerk-{number}": 1 for number in range(CLERKS)},
    }  # fmt: skip
    for number in range(CLERKS):
        own = [entry["position"] for entry in entries if town_of(number) in json.dumps(entry["event"])]
        assert own == sorted(own)
    (link,) = visitor.done("links", "--link", LINK).rows
    winner = next(json.loads(said.out) for said in suspensions if said.code == 0)
    assert (link["standing"], link["entry"], link["wording"]) == (
        "suspended", winner["position"], winner["event"]["wording"],
    )  # fmt: skip
    assert all(row["ok"] for row in visitor.done("doctor", "--deep", "-f", "jsonl").rows)


def test_the_same_story_from_sixteen_sides_is_recorded_once(visitor: Visitor) -> None:
    """Sixteen clerks who import one file at once record it once: each is told what was new and what was not."""
    visitor.done("init", "town.ledger")
    lines: list[bytes | dict[str, object]] = [body(f"town-{chr(97 + n) * 3}", f"{n}. Town") for n in range(20)]
    file = visitor.file("story.jsonl", lines)
    heard = [said for (said,) in at_once(lambda _: [visitor.civic("import", file, "--yes")])]
    assert [said for said in heard if (said.code, said.err) != (0, "")] == []
    assert Counter(said.rows[0]["appended"] for said in heard) == {20: 1, 0: CLERKS - 1}
    assert len(visitor.done("export", "jsonl").rows) == 20


def test_questions_are_answered_while_others_write(visitor: Visitor) -> None:
    """Half of sixteen ask and half record, from a ledger without views: every answer is whole, and the views agree."""
    visitor.done("init", "town.ledger", "--body", "coventry")
    visitor.done("import", visitor.file("beginning.jsonl", [body("coventry"), body("volgograd")]), "--yes")

    def visit(number: int) -> list[Said]:
        if number % 2:
            return [visitor.civic("bodies") for _ in range(2)]
        file = visitor.file(f"story-{number}.jsonl", [
            body(town_of(number), f"{number}. Town"),
            line("link-formed", link=f"coventry--{town_of(number)}", on="1990"),
        ])  # fmt: skip
        return [visitor.civic("import", file, "--yes"), visitor.civic("links")]

    heard = [said for told in at_once(visit) for said in told]
    assert [said for said in heard if (said.code, said.err) != (0, "")] == []
    assert all(row["ok"] for row in visitor.done("doctor", "--deep", "-f", "jsonl").rows)
    assert len(visitor.done("links").rows) == CLERKS // 2


DIE_AMID = """\
import os, signal, sqlite3, sys
views = sqlite3.connect(sys.argv[1], isolation_level=None)
views.execute('PRAGMA cache_size = 1')
views.execute('BEGIN IMMEDIATE')
views.execute('UPDATE acts SET detail = detail || hex(zeroblob(4000))')
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A program that dies while it writes into views, so that half of it and its journal stay behind."""


@pytest.mark.parametrize("again", ["rebuild", "delete"])
def test_views_made_anew_after_a_reader_died_are_whole(again: str, visitor: Visitor) -> None:
    """A reader that died while it caught up leaves a journal; views made anew are not overwritten from it."""
    visitor.done("init", "town.ledger")
    visitor.done("import", COVENTRY, "--yes")
    visitor.done("links")
    views = visitor.ledger / "views.sqlite"
    subprocess.run([sys.executable, "-c", DIE_AMID, views], check=False)
    assert views.with_name("views.sqlite-journal").exists(), "or this test would prove nothing"
    visitor.done("import", MANCHESTER, "--yes")
    if again == "rebuild":
        visitor.done("views", "rebuild")
    else:
        views.unlink()  # as `civic help damage` allows at any time
    assert len(visitor.done("links").rows) == 4
    with closing(sqlite3.connect(views)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    examined = visitor.civic("doctor", "--deep", "-f", "jsonl")
    assert [row for row in examined.rows if not row["ok"]] == []
