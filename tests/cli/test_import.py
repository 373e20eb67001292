"""Importing: all or nothing, safe to run again, whatever happens on the way."""

import json
import time
from contextlib import suppress
from pathlib import Path
from shutil import copytree
from subprocess import TimeoutExpired
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.cli import importing
from ledger.cli.main import run
from ledger.deciding import Outcome
from ledger.errors import Unavailable
from tests.cli.visitor import COVENTRY, EVIDENCE, LINK, MANCHESTER, Said, Visitor, body, line

BAD: dict[str, object] = {
    "type": "link-suspended",
    "evidence": EVIDENCE,
    "event": {"link": LINK, "by": "coventry", "on": "03/04/2022"},
}


def towns(count: int, start: int = 0) -> list[bytes | dict[str, object]]:
    """Import lines that register bodies, no two of which are written alike."""
    return [body(f"town-{number * 37:05}-{number}", f"{number}. Town") for number in range(start, start + count)]


def long_story(towns_: int = 20) -> list[bytes | dict[str, object]]:
    """A story of some 180 lines: bodies, links, motions, and what became of them."""
    lines: list[bytes | dict[str, object]] = [body("keeper")]
    for number in range(towns_):
        town, link, motion = f"t{number * 37:05}", f"keeper--t{number * 37:05}", f"keeper/2022/m{number}"
        lines += [
            body(town, f"{number}. Town"),
            line("link-formed", link=link, on=str(1950 + number), kind="twinning"),
            line("motion-moved", motion=motion, on="2022-03-01", title=f"Motion {number}", about=[link]),
            line("motion-carried", motion=motion, on="2022-03-02", vote={"for": number + 1}),
            line(
                "link-suspended", link=link, by="keeper", on="2022-03-02",
                authority={"power": "resolution", "reference": motion},
            ),
            line(
                "letter-sent", letter=f"keeper/2022/l{number}", by="keeper", to=town, on="[2022-03-03..2022-03-31]",
                encloses=[motion], announces=[link],
            ),
            line("statement-made", by="keeper", on="2022-03", summary=f"On {number}", about=[link]),
            line("link-resumed", link=link, by="keeper", on="2024-05", wording=f"resumed {number}"),
            line("link-listed", link=link, on="2025~", where="the page of twin towns", listed=True),
        ]  # fmt: skip
    return lines


# All or nothing


def test_one_bad_line_keeps_all_out(town: Visitor) -> None:
    """A file of which one line is bad leaves the ledger as it was, and says so."""
    before = town.entries
    said = town.civic("import", town.file("f.jsonl", [*towns(3), BAD]), "--yes")
    assert (said.code, said.out) == (4, "")
    assert said.err.splitlines()[0].startswith("f.jsonl:4: on: ")
    assert town.entries == before


def test_a_file_is_judged_as_a_whole(visitor: Visitor) -> None:
    """What a line refers to may stand behind it: the story told backwards is recorded, and gives the same answers."""
    lines = COVENTRY.read_bytes().splitlines()
    visitor.done("init", "town.ledger", "--body", "coventry")
    assert visitor.done("import", visitor.file("back.jsonl", lines[::-1]), "--yes").rows[0]["appended"] == len(lines)
    other = Visitor(visitor.folder / "other")
    other.folder.mkdir()
    other.done("init", "town.ledger", "--body", "coventry")
    other.done("import", COVENTRY, "--yes")
    assert visitor.dump() == other.dump()
    assert visitor.export() == other.export()


def test_again_changes_nothing(town: Visitor) -> None:
    """A file that was imported is on record: to import it again writes nothing, and tells so."""
    before = town.entries
    for story in (COVENTRY, MANCHESTER):
        total = len(story.read_bytes().splitlines())
        said = town.done("import", story, "--yes")
        assert [{**row, "position": 0} for row in said.rows] == [
            {"appended": 0, "already": total, "rejected": 0, "position": 0}
        ]
    assert town.entries == before


def test_what_was_recorded_singly_is_not_recorded_again(town: Visitor) -> None:
    """An entry is known by what it says, however it was recorded, and however its JSON is laid out."""
    words = ["record", "body-registered", "minsk", "--name", "Minsk", "--kind", "city", "--country", "BY"]
    words += ["--source-title", "Minutes", "--source-grade", "official"]
    dry = town.done(*words, "--dry-run").rows[0]
    town.done(*words, "-y")
    turned = {name: dry[name] for name in reversed(dry)}
    said = town.done("import", "-", "--yes", stdin=json.dumps(turned, indent=None, separators=(" ,", " : ")))
    assert (said.rows[0]["appended"], said.rows[0]["already"]) == (0, 1)


def test_a_file_that_grew_adds_what_is_new(town: Visitor) -> None:
    """Of a file that was imported and has grown, the new lines are recorded, at the end."""
    town.done("import", town.file("f.jsonl", towns(3)), "--yes")
    said = town.done("import", town.file("f.jsonl", [*towns(2, 3), *towns(3)]), "--yes")
    assert said.rows == [{"appended": 2, "already": 3, "rejected": 0, "position": 28}]


def test_the_same_line_twice_is_one_entry(town: Visitor) -> None:
    """A line that stands twice in a file is recorded once."""
    said = town.done("import", town.file("f.jsonl", [*towns(1), *towns(1)]), "--yes")
    assert (said.rows[0]["appended"], said.rows[0]["already"]) == (1, 1)


def test_one_key_cannot_stand_for_two(town: Visitor) -> None:
    """A key or id that stands for another entry is refused, in the same file and in the ledger."""
    first, second = ({**body(slug), "key": "k"} for slug in ("minsk", "kyiv"))
    said = town.civic("import", town.file("f.jsonl", [first, second]), "--yes")
    assert (said.code, said.err.splitlines()[0].split(" ")[0:2]) == (4, ["f.jsonl:2:", "key:"])
    town.done("import", town.file("g.jsonl", [first]), "--yes")
    said = town.civic("import", town.file("h.jsonl", [second]), "--yes")
    assert (said.code, said.err.splitlines()[0].split(" ")[0:2]) == (4, ["h.jsonl:1:", "key:"])


# What can be asked for


def test_rejects_are_left_out_and_kept(town: Visitor) -> None:
    """With --rejects the good lines are recorded, and the bad ones stand in the new file just as they were."""
    bad = [b'{"type":', json.dumps(BAD).encode(), b'{"type": "link-frozen",  "event": {}}']
    depends = line("link-formed", link="town-00000-0--nowhere", on="1990")
    file = town.file("f.jsonl", [*towns(1), bad[0], depends, *towns(2, 1), bad[1], bad[2]])
    said = town.done("import", file, "--yes", "--rejects", "bad.jsonl")
    assert said.rows == [{"appended": 3, "already": 0, "rejected": 4, "position": 26}]
    assert [int(one.split(":")[1]) for one in said.err.splitlines()] == [2, 3, 6, 7]
    assert (town.folder / "bad.jsonl").read_bytes().splitlines() == [bad[0], json.dumps(depends).encode(), *bad[1:]]
    again = town.civic("import", file, "--yes", "--rejects", "bad.jsonl")
    assert (again.code, "is there already" in again.err) == (5, True)


def test_nothing_is_recorded_where_the_rejects_cannot_be_written(town: Visitor) -> None:
    """A folder mistyped is told before anything is written."""
    before = town.entries
    file = town.file("f.jsonl", [*towns(1), BAD])
    said = town.civic("import", file, "--yes", "--rejects", "nowhere/bad.jsonl")
    assert (said.code, "nowhere/bad.jsonl cannot be written" in said.err) == (2, True)
    assert town.entries == before


def test_no_rejects_are_left_where_nothing_is_recorded(town: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a part that is on record stay."""
    monkeypatch.setattr(importing, "PART", 2)
    monkeypatch.chdir(town.folder)
    first, *others = BAD, *towns(3)
    file = town.file("f.jsonl", [first, *others])
    commit, calls = Ledger.commit, iter([True, False])

    def failing(*given: Any, **more: Any) -> list[Outcome]:  # noqa: ANN401 - as `commit` has them
        if next(calls):
            return commit(*given, **more)
        raise Unavailable("the store went away")

    monkeypatch.setattr(Ledger, "commit", failing)
    command = ["import", file, "--yes", "--ledger", "town.ledger", "--in-parts", "--rejects", "bad.jsonl"]
    assert run(command) == 6
    assert (town.folder / "bad.jsonl").read_bytes() == json.dumps(BAD).encode() + b"\n"
    calls = iter([False])
    assert run([*command[:-1], "more.jsonl"]) == 6
    assert not (town.folder / "more.jsonl").exists()


def test_rejects_take_along_what_rests_on_them(town: Visitor) -> None:
    """A line that is good but for a rejected one is rejected too: nothing refers to what is not on record."""
    lines = [
        {**body("minsk"), "evidence": []},
        line("link-formed", link="coventry--minsk", on="1990"),
        line("link-suspended", link="coventry--minsk", on="2022", by="coventry"),
        body("kyiv"),
    ]
    said = town.done("import", town.file("f.jsonl", lines), "--yes", "--rejects", "bad.jsonl")
    assert (said.rows[0]["appended"], said.rows[0]["rejected"]) == (1, 3)
    assert len((town.folder / "bad.jsonl").read_bytes().splitlines()) == 3


def test_a_dry_run_judges_and_writes_nothing(town: Visitor) -> None:
    """With --dry-run every line is judged as it would be, no file is made, and the ledger stays as it was."""
    before = town.entries
    said = town.done("import", town.file("f.jsonl", towns(3)), "--dry-run")
    assert (said.rows[0]["appended"], said.rows[0]["dry_run"]) == (3, True)
    said = town.civic("import", town.file("f.jsonl", [*towns(3), BAD]), "--dry-run")
    assert (said.code, said.err.splitlines()[0][:11]) == (4, "f.jsonl:4: ")
    town.done("import", "f.jsonl", "--dry-run", "--rejects", "bad.jsonl")
    assert not (town.folder / "bad.jsonl").exists()
    assert town.entries == before


def test_standard_input_is_a_file_named_dash(town: Visitor) -> None:
    """What comes by standard input is recorded, and its bad lines are told as those of `-`."""
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in towns(2))
    assert town.done("import", "-", "--yes", stdin=lines).rows[0]["appended"] == 2
    said = town.civic("import", "-", "--yes", stdin=json.dumps(BAD))
    assert (said.code, said.err[:8]) == (4, "-:1: on:")
    assert town.civic("import", "-", stdin=lines).code == 2


def test_an_empty_file_is_imported_in_no_time(town: Visitor) -> None:
    """A file without entries, and one of blank lines, change nothing and are no mistake."""
    for content in (b"", b"\n\n   \n", b"\xef\xbb\xbf\n"):
        said = town.done("import", "-", "--yes", stdin=content)
        assert said.rows == [{"appended": 0, "already": 0, "rejected": 0, "position": 0}]


def test_almost_the_same_body_is_refused_within_a_file(town: Visitor) -> None:
    """Two bodies of one file that are written almost alike are queried; --new says that both are meant."""
    file = town.file("f.jsonl", [body("newtown", "Newtown"), body("newtown-2", "Nova"), body("newtowm", "Other")])
    said = town.civic("import", file, "--yes")
    assert (said.code, said.err.splitlines()[0].split(" ")[0:2]) == (4, ["f.jsonl:3:", "slug:"])
    assert town.done("import", file, "--yes", "--new").rows[0]["appended"] == 3


def test_a_line_of_a_file_says_which_body_is_another_one(town: Visitor) -> None:
    """The message says how; the line that says so goes in, another that is almost a known body is still refused."""
    almost = {**body("coventri", "Coventri"), "overrides": [{"rule": "record/near-duplicate", "reason": "A hamlet."}]}
    twin = body("coventry-us", "Coventry", country="US")
    said = town.civic("import", town.file("f.jsonl", [almost, twin, body("manchestr", "Manchestr")]), "--yes")
    bad = [line for line in said.err.splitlines() if line.startswith("f.jsonl:")]
    assert (said.code, [line[:50] for line in bad]) == (4, ["f.jsonl:3: slug: manchestr is almost manchester (M"])
    assert '"overrides": [{"rule": "record/near-duplicate", "reason": "TEXT"}] in this line' in said.err
    assert town.done("import", town.file("f.jsonl", [almost, twin]), "--yes").rows[0]["appended"] == 2


def test_parts_are_each_all_or_nothing(
    town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A file taken in parts stops at the part with a bad line: the parts before it stay, and it says how much."""
    monkeypatch.setattr(importing, "PART", 5)
    monkeypatch.chdir(town.folder)
    file = town.file("f.jsonl", [*towns(7), BAD, *towns(4, 7)])
    command = ["import", file, "--yes", "--ledger", "town.ledger"]
    assert run(command) == 2
    assert "--in-parts" in capfd.readouterr().err
    assert run([*command, "--in-parts"]) == 4
    said = capfd.readouterr()
    assert said.err.startswith("f.jsonl:8: on: ")
    assert town.done("views", "status").rows[0]["head"] == 28
    assert "nothing was written" not in said.err, "five lines were written"
    town.file("f.jsonl", towns(11))
    assert run([*command, "--in-parts"]) == 0
    assert json.loads(capfd.readouterr().out) == {"appended": 6, "already": 5, "rejected": 0, "position": 34}


def test_parts_leave_rejects_out_together(
    town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The rejects of all parts stand in one file, in order, and their numbers count through the whole file."""
    monkeypatch.setattr(importing, "PART", 5)
    monkeypatch.chdir(town.folder)
    file = town.file("f.jsonl", [*towns(2), b"[1]", *towns(5, 2), b"[2]", b"[3]"])
    command = ["import", file, "--yes", "--ledger", "town.ledger", "--in-parts", "--rejects", "bad.jsonl"]
    assert run(command) == 0
    said = capfd.readouterr()
    assert json.loads(said.out) == {"appended": 7, "already": 0, "rejected": 3, "position": 30}
    assert [one.split(" ")[0] for one in said.err.splitlines()] == ["f.jsonl:3:", "f.jsonl:9:", "f.jsonl:10:"]
    assert (town.folder / "bad.jsonl").read_bytes().split() == [b"[1]", b"[2]", b"[3]"]


# From one ledger into another


def answers(visitor: Visitor) -> list[Said]:
    """What a ledger answers to a few questions."""
    questions = (
        "links -f json", f"why {LINK} -f json", "why manchester--st-petersburg -f json", "links --as-of 2022-03-01",
        "decisions", "letters", "pledges", "bodies", "sources", "replay", "views dump",
    )  # fmt: skip
    return [visitor.done(*question.split()) for question in questions]


def test_an_export_answers_elsewhere_as_at_home(town: Visitor) -> None:
    """What was exported and imported into an empty ledger has the same ids, and gives the same answers."""
    exported = town.done("export", "jsonl").out
    other = Visitor(town.folder / "other")
    other.folder.mkdir()
    other.done("init", "town.ledger")
    assert other.done("import", "-", "--yes", stdin=exported).rows[0]["appended"] == 23
    assert other.export() == town.export()
    assert answers(other) == answers(town)
    assert other.done("import", "-", "--yes", stdin=exported).rows[0]["already"] == 23
    assert town.done("import", "-", "--yes", stdin=exported).rows[0]["already"] == 23


def test_an_export_keeps_keys_and_overrides(town: Visitor) -> None:
    """An entry with a key of its own, and one that a clerk pushed through, arrive as they were."""
    override = {"rule": "link/transition", "reason": "The page gives no exact day."}
    lines: list[bytes | dict[str, object]] = [
        {**body("minsk"), "key": "my key"},
        {**line("link-resumed", link=LINK, by="coventry", on="2022-03-20?"), "overrides": [override]},
    ]
    town.done("import", town.file("f.jsonl", lines), "--yes")
    exported = town.done("export", "jsonl").out
    other = Visitor(town.folder / "other")
    other.folder.mkdir()
    other.done("init", "town.ledger")
    other.done("import", "-", "--yes", stdin=exported)
    assert other.export() == town.export()
    assert other.done("show", "key:my key").rows[0]["id"] == town.done("show", "24").rows[0]["id"]


# Killed


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Visitor, float, list[object]]:
    """A ledger into which the long story went in peace; how long that took; its views and its entries."""
    calm = Visitor(tmp_path_factory.mktemp("calm"))
    calm.done("init", "town.ledger")
    copytree(calm.ledger, calm.folder / "empty")
    file = calm.file("story.jsonl", long_story())
    begun = time.monotonic()
    out, _ = calm.start("import", file, "--yes").communicate()
    took = time.monotonic() - begun
    assert json.loads(out)["appended"] == 181
    return calm, took, [calm.dump(), calm.export()]


@pytest.mark.parametrize("moment", range(6))
def test_a_killed_import_run_again_is_as_if_undisturbed(
    moment: int, undisturbed: tuple[Visitor, float, list[object]], tmp_path: Path
) -> None:
    """Killed early, late or amid its writing, and run again: the same views and the same entries as in peace."""
    calm, took, expected = undisturbed
    copytree(calm.folder / "empty", tmp_path / "town.ledger")
    visitor = Visitor(tmp_path)
    journal = visitor.ledger / "entries.sqlite-journal"
    process = visitor.start("import", calm.folder / "story.jsonl", "--yes")
    if moment % 3:
        with suppress(TimeoutExpired):
            process.wait(took * (moment + 1) / 7)
    else:
        while process.poll() is None and not journal.exists():
            pass  # until it writes
    process.kill()
    process.communicate()
    head = visitor.done("views", "status").rows[0]["head"]
    assert head in (0, 181)
    said = visitor.done("import", calm.folder / "story.jsonl", "--yes")
    assert (said.rows[0]["appended"], said.rows[0]["already"]) == (181 - head, head)
    assert [visitor.dump(), visitor.export()] == expected
