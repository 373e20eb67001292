"""Exit codes: each documented one, seen."""

import json
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from ledger.cli.main import run
from tests.cli.visitor import CIVIC, COVENTRY, LINK, Visitor

RESUMED = ("record", "link-resumed", LINK, "--on", "2024-05-01", "-s", "volga-page")
MINSK = (
    "record", "body-registered", "minsk", "--name", "Minsk", "--kind", "city", "--country", "BY",
    "--source-title", "Minutes", "--source-grade", "official",
)  # fmt: skip


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program has the file for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody changes the entries behind the ledger's back, and puts the guards back as they were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        guards = other.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            other.execute(f"DROP TRIGGER {name}")
        yield other
        for _, sql in guards:
            other.execute(sql)


def test_every_code_is_documented(town: Visitor) -> None:
    """`civic help exit-codes` tells each code that can be seen."""
    told = town.done("help", "exit-codes").out
    assert re.findall(r"^ *(\d+) ", told, re.MULTILINE) == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "10",
        "11",
        "12",
        "130",
    ]


@pytest.mark.parametrize(
    ("command", "code"),
    [("verify -f jsonl", 12), ("doctor", 12), ("doctor -f jsonl", 12), ("diff 2020 2024 --exit-code", 1), ("links", 0)],
)
def test_a_reader_who_leaves_hides_no_finding(command: str, code: int, town: Visitor) -> None:
    """Nobody reads the output, as in `civic verify | true`: the exit code says what was found all the same."""
    (town.ledger / "log/head").unlink()
    with town.start(*command.split()) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        err = process.stderr.read().decode()
    assert (process.returncode, "Traceback" in err) == (code, False), err


def test_nobody_reads_the_error(town: Visitor) -> None:
    """The same for what is said beside the data."""
    with town.start("show", "atlantis") as process:
        assert process.stderr
        process.stderr.close()
    assert process.returncode == 3


@pytest.mark.parametrize(
    "command",
    [
        "links",
        f"show {LINK}",
        f"show {LINK} --known-by 2000",
        "doctor",
        "help",
        "--help",
        "record --help",
        "links --standing ended",
    ],
)
def test_0_is_done(command: str, town: Visitor) -> None:
    """What was asked was answered, even if the answer is that there is nothing."""
    assert town.civic(*command.split()).code == 0


@pytest.mark.parametrize(
    "command",
    [
        "nothing", "links --nothing", "links --columns nothing", "links --as-of yesterday", "show", "record", "diff",
        f"record link-suspended {LINK}", f"record suspension {LINK}", " ".join(RESUMED), "import nothing.jsonl -y",
        "import -", f"import {COVENTRY}", "export csv", "links --limit -1", "links --format xml", "why",
        f"diff {LINK}", f"diff {LINK} 2020 2021 2022",
    ],
)  # fmt: skip
def test_2_is_not_understood_or_not_confirmed(command: str, town: Visitor) -> None:
    """What cannot be understood, or needs a yes that nobody can give, is told; nothing is written."""
    before = town.entries
    said = town.civic(*command.split())
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert "[usage]" in said.err
    assert town.entries == before


@pytest.mark.parametrize(
    "command",
    [
        "show coventry--atlantis", "show atlantis", "show 99", "show key:nothing", "why atlantis", "history atlantis",
        "replay coventry--atlantis", "diff coventry--atlantis 2020 2021", "links --ledger nowhere", "help nothing",
        "schema nothing", "show coventry/2022/nothing", "show 01234567-89ab-cdef-0123-456789abcdef", "show %",
        "show .", "show 0", "show 00000000000000000000000000000000000000000000000000000000000000000000000000000",
    ],
)  # fmt: skip
def test_3_is_not_found(command: str, town: Visitor) -> None:
    """A name that the ledger does not know is told as such."""
    said = town.civic(*command.split())
    assert (said.code, said.out) == (3, ""), said


def test_4_is_refused(town: Visitor) -> None:
    """A rule said no, and nothing is written."""
    before = town.entries
    said = town.civic(*RESUMED, "--by", "volgograd", "-y")
    assert (said.code, said.out, "[link/side]" in said.err) == (4, "", True)
    assert town.entries == before


@pytest.mark.parametrize(
    "command",
    [
        "record motion-withdrawn nothing --on 2022-05-10 -s volga-page -y",
        "record letter-sent second --on 2022-05-10 --to volgograd --encloses nothing -s volga-page -y",
        "record link-suspended coventry--atlantis --on 2022-05-10 -s volga-page -y",
        "record letter-sent second --on 2022-05-10 --to atlantis -s volga-page -y",
    ],
)
def test_4_is_a_name_unknown_when_writing(command: str, town: Visitor) -> None:
    """A name that is not on record is refused by record/known when writing, however short it was written."""
    said = town.civic(*command.split())
    assert (said.code, "[record/known]" in said.err) == (4, True), said


def test_5_is_something_else_there_already(town: Visitor) -> None:
    """A ledger, a file, a source or a key that is there is never overwritten or bent."""
    town.done(*MINSK, "--key", "k", "-y")
    before = town.entries
    for words in (
        ("init", "town.ledger"),
        ("export", "jsonl", "-o", "town.ledger/ledger.toml"),
        (*RESUMED, "--source-title", "Another title", "-y"),
        (*RESUMED, "--key", "k", "-y"),
    ):
        said = town.civic(*words)
        assert (said.code, said.out) == (5, ""), said
    assert town.entries == before


def test_6_is_busy(town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """While another program holds the file, both a record and a question end with: nothing was written, try again."""
    monkeypatch.setenv("CIVIC_WAIT", "0.05")
    monkeypatch.setenv("CIVIC_LEDGER", str(town.ledger))
    with locked(town.ledger / "entries.sqlite"):
        for words in ([*MINSK, "-y"], ["links"], ["doctor"]):
            assert run(words) == 6
            said = capfd.readouterr()
            assert (said.out, "[unavailable]" in said.err, "try again" in said.err) == ("", True, True)
    assert run([*MINSK, "-y"]) == 0


def test_6_is_a_disk_that_is_full(town: Visitor) -> None:
    """A disk that takes no more is told as such; nothing is written, and later it works."""
    before = town.entries
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", CIVIC, *MINSK, "-y"], cwd=town.folder, env=town.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (6, "", False), done.stderr
    assert "nothing was written" in done.stderr
    assert town.entries == before
    town.done(*MINSK, "-y")


def test_10_is_a_ledger_that_disagrees_with_itself(town: Visitor) -> None:
    """A byte that was changed behind the ledger's back is found by the doctor and by whoever reads the entry."""
    path = town.ledger / "entries.sqlite"
    with unguarded(path) as entries:
        (data,) = entries.execute("SELECT data FROM entries WHERE position = 8").fetchone()
        entries.execute("UPDATE entries SET data = ? WHERE position = 8", (data[:-1] + b"|",))
    examined = town.civic("doctor", "-f", "jsonl")
    assert (examined.code, [row["check"] for row in examined.rows if not row["ok"]]) == (10, ["entries", "verify"])
    for words in (("show", "8"), ("why", LINK), ("export", "jsonl"), ("views", "rebuild"), ("history", LINK)):
        said = town.civic(*words)
        assert (said.code, "Traceback" in said.err, "entry 8" in said.err) == (10, False, True), said


@pytest.mark.parametrize("change", [
    "DELETE FROM entries WHERE position = 8",
    "UPDATE entries SET position = 99 WHERE position = 23",
    "DELETE FROM tags WHERE position = 8",
    "UPDATE tags SET position = 7 WHERE tag = 'link:coventry--volgograd' AND position = 8",
    "UPDATE entries SET type = 'link-resumed/1' WHERE position = 8",
    "UPDATE entries SET tags = replace(tags, 'coventry', 'mariupol') WHERE position = 8",
    "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), ':', ': ') AS BLOB) WHERE position = 8",
    "INSERT INTO tags VALUES ('body:coventry', 'body-registered/1', 999)",
    "CREATE TABLE mine (x)",
])  # fmt: skip
def test_10_is_what_the_doctor_finds(change: str, town: Visitor) -> None:
    """A row that is gone, moved, renamed or added is found."""
    with unguarded(town.ledger / "entries.sqlite") as entries:
        entries.executescript(change)
    examined = town.civic("doctor", "-f", "jsonl")
    assert examined.code == 10, examined
    assert "Traceback" not in examined.err
    assert [row for row in examined.rows if not row["ok"]]


@pytest.mark.parametrize("damage", ["guard", "cut", "noise", "empty", "toml"])
def test_10_is_a_file_that_is_not_as_it_was_made(damage: str, town: Visitor) -> None:
    """A guard taken away, a file cut short or filled with noise: no question is answered from it."""
    path = town.ledger / "entries.sqlite"
    whole = path.read_bytes()
    if damage == "guard":
        with closing(sqlite3.connect(path)) as entries:
            entries.execute("DROP TRIGGER entries_never_change")
    elif damage == "toml":
        (town.ledger / "ledger.toml").write_text("name = [")
    else:
        path.write_bytes({"cut": whole[:-4096], "noise": b"noise" * 1000, "empty": b""}[damage])
    for words in (("links",), ("doctor",), (*MINSK, "-y")):
        said = town.civic(*words)
        assert (said.code, "Traceback" in said.err) == (10, False), said


def test_130_is_interrupted(town: Visitor) -> None:
    """Ctrl-C while a command waits for its input writes nothing and ends with 130, without a traceback."""
    before = town.entries
    process = subprocess.Popen(
        [CIVIC, "import", "-", "--yes"], cwd=town.folder, env=town.environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(COVENTRY.read_bytes().replace(b"coventry", b"minsk"))
    process.stdin.flush()
    while not _waits_for_input(process.pid):
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, b"Traceback" in err) == (130, b"", False), err
    assert b"nothing was written" in err
    assert town.entries == before


def _waits_for_input(process: int) -> bool:
    """Whether a process has its ledger open and sleeps; by then it has nothing else to do than to read."""
    opened = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we looked
            opened.add(link.readlink().name)
    state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state == "S" and "entries.sqlite" in opened


def test_errors_are_told_as_json_when_asked(town: Visitor) -> None:
    """With --errors json a program reads what, why, mend and the exit code."""
    for words, code, slug in (
        (("show", "atlantis"), 3, "not-found"),
        (("links", "--nothing"), 2, "usage"),
        ((*RESUMED, "--by", "volgograd", "-y"), 4, "link/side"),
    ):
        said = town.civic(*words, "--errors", "json")
        told = json.loads(said.err)
        assert (said.code, told["exit"], told["error"], sorted(told)) == (
            code, code, slug, ["error", "exit", "mend", "what", "why"],
        )  # fmt: skip
