"""Whether a ledger is well: lost, altered and unread are three things, for verify, doctor and repair alike."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger import doctor
from ledger.cli.desk import Desk
from ledger.cli.main import run
from tests.cli.visitor import Visitor


@pytest.fixture
def keeper(sealing: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody with a signed ledger and an entry behind the signature; commands run in this process."""
    monkeypatch.setenv("HOME", str(sealing.folder))
    monkeypatch.chdir(sealing.folder)
    record(sealing, "minsk")
    return sealing


def record(visitor: Visitor, town: str) -> None:
    """Record one more entry."""
    assert run([
        "-L", str(visitor.ledger), "-q", "record", "body-registered", town, "--name", town.title(), "--kind", "city",
        "--country", "BY", "-s", "coventry-news", "-y", "-f", "jsonl", "--new",
    ]) == 0  # fmt: skip


def codes(visitor: Visitor) -> tuple[int, int]:
    """How `verify` and `doctor` end."""
    return run(["-L", str(visitor.ledger), "verify"]), run(["-L", str(visitor.ledger), "doctor"])


def tail_of(visitor: Visitor) -> Path:
    """The tile that holds the hash of the newest entry, which no signature covers."""
    tiles = (visitor.ledger / "log/tile/0").rglob("*")
    return max((one for one in tiles if one.is_file()), key=lambda one: one.stat().st_size)


LOSSES: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda data: None,  # noqa: ARG005 - nothing is left of it
    "empty": lambda data: data[:0],
    "zeros": lambda data: bytes(len(data)),
    "cut short": lambda data: data[:-40],
    "zeros at its end": lambda data: data[:-32] + bytes(32),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("what", ["tile", "head", "both"])
def test_what_a_power_cut_takes_is_lost_and_not_altered(keeper: Visitor, what: str, loss: str) -> None:
    """A derived file that is gone, empty, zeros or cut short: exit 12, and `civic repair` lays it again."""
    log, tail = keeper.ledger / "log", tail_of(keeper)
    before, head = tail.read_bytes(), (log / "head").read_bytes()
    assert codes(keeper) == (11, 0)
    for one in {"tile": [tail], "head": [log / "head"], "both": [tail, log / "head"]}[what]:
        left = LOSSES[loss](one.read_bytes())
        one.unlink() if left is None else one.write_bytes(left)
    assert codes(keeper) == (12, 12)
    assert run(["-L", str(keeper.ledger), "repair"]) == 0
    assert codes(keeper) == (11, 0)
    assert (tail.read_bytes(), (log / "head").read_bytes()) == (before, head)


def _attack(log: Path, tail: Path, attack: str) -> None:
    match attack:
        case "a hash of the tail":
            tail.write_bytes(tail.read_bytes()[:-1] + b"!")
        case "an entry, and the log removed":
            _alter(log.parent, 8)
            shutil.rmtree(log / "tile")
        case "an entry of the tail":
            _alter(log.parent, 25)
        case "the newest entry removed":
            _remove_newest(log.parent)
        case _:
            _remove_newest(log.parent)
            (log / "head").unlink()


ATTACKS = (
    "a hash of the tail", "an entry, and the log removed", "an entry of the tail", "the newest entry removed",
    "the newest entry and the head removed",
)  # fmt: skip


def _alter(ledger: Path, position: int) -> None:
    with closing(sqlite3.connect(ledger / "entries.sqlite", isolation_level=None)) as entries:
        (data,) = entries.execute("SELECT data FROM entries WHERE position = ?", (position,)).fetchone()
        changed = data.replace(b'"recorded_by":"clerk"', b'"recorded_by":"klerk"')
        assert changed != data
        _unguarded(entries, ("UPDATE entries SET data = ? WHERE position = ?", changed, position))


def _remove_newest(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger / "entries.sqlite", isolation_level=None)) as entries:
        (newest,) = entries.execute("SELECT max(position) FROM entries").fetchone()
        _unguarded(
            entries,
            ("DELETE FROM tags WHERE position = ?", newest),
            ("DELETE FROM entries WHERE position = ?", newest),
            ("UPDATE sqlite_sequence SET seq = ?", newest - 1),
        )  # fmt: skip


def _unguarded(entries: sqlite3.Connection, *statements: tuple[str, *tuple[object, ...]]) -> None:
    guards = entries.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        entries.execute(f"DROP TRIGGER {name}")
    for statement, *values in statements:
        entries.execute(statement, values)
    for _, sql in guards:
        entries.execute(sql)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_altered_is_never_repaired(keeper: Visitor, attack: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The control: bytes that no power cut writes end with 10, and `civic repair` leaves the evidence as it is."""
    _attack(keeper.ledger / "log", tail_of(keeper), attack)
    before = {one: one.read_bytes() for one in (keeper.ledger / "log").rglob("*") if one.is_file()}
    assert codes(keeper) == (10, 10)
    assert run(["-L", str(keeper.ledger), "repair"]) == 10
    assert "nothing was repaired" in capfd.readouterr().err
    assert {one: one.read_bytes() for one in (keeper.ledger / "log").rglob("*") if one.is_file()} == before


def test_a_log_that_is_gone_was_lost(keeper: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    """Also where this machine has signed nothing: exit 12, never well; and nobody says that nothing was signed."""
    shutil.rmtree(keeper.ledger / "log")
    (*_, last) = (keeper.folder / ".local/share/civic-ledger/keys").glob("*/last-signed")
    last.unlink()
    assert codes(keeper) == (12, 12)
    assert "from entry 1 on nothing vouches for the entries" in capfd.readouterr().out
    assert run(["-L", str(keeper.ledger), "repair"]) == 0
    assert "from entry 1 on nothing vouches for the entries" in capfd.readouterr().err
    assert codes(keeper) == (11, 0)
    unproved = json.loads(capfd.readouterr().out.splitlines()[-2])["unproved"]
    assert unproved[0].startswith("no checkpoint is there, though entry 24 introduced a key")
    assert unproved[-1].startswith("entries 1 to 25: no checkpoint reaches")


def test_a_tail_that_is_lost_is_vouched_for_by_nobody(keeper: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    """An unsigned tail, cut with its hashes, looks like a power cut: verify, doctor and repair say from where on."""
    record(keeper, "brest")
    tail = tail_of(keeper)
    _remove_newest(keeper.ledger)
    tail.unlink()
    (keeper.ledger / "log/head").unlink()
    capfd.readouterr()
    for command in ("verify -f table", "doctor", "repair"):
        run(["-L", str(keeper.ledger), *command.split()])
        said = capfd.readouterr()
        assert "from entry 25 on nothing vouches for the entries" in said.out + said.err, command


def test_a_repair_says_what_it_did(keeper: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    """Each file that was laid again or put back is named, and no complaint is repeated as a success."""
    (keeper.ledger / "log/head").unlink()
    (keeper.ledger / "log/checkpoint").unlink()
    capfd.readouterr()
    assert run(["-L", str(keeper.ledger), "repair"]) == 0
    assert capfd.readouterr().err.splitlines() == [
        "laid again from the entries: log/head",
        "put back: log/checkpoint",
        "the log holds 25 entries; from entry 25 on nothing vouches for the entries, or that none was removed",
    ]
    assert run(["-L", str(keeper.ledger), "repair"]) == 0
    assert capfd.readouterr().err == "nothing had to be repaired\n"


@pytest.mark.parametrize("command", ["repair", "checkpoint"])
def test_checkpoints_that_nobody_has_are_named(
    keeper: Visitor, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of several that were deleted one is kept on this machine; the others are named, and not passed over."""
    assert run(["-L", str(keeper.ledger), "checkpoint"]) == 0
    record(keeper, "brest")
    for path in (keeper.ledger / "log").glob("checkpoint*/*"):
        path.unlink()
    (keeper.ledger / "log/checkpoint").unlink()
    capfd.readouterr()
    assert codes(keeper) == (10, 10)
    assert "the checkpoint of 24 entries is gone" in capfd.readouterr().out
    assert run(["-L", str(keeper.ledger), command]) == {"repair": 10, "checkpoint": 0}[command]
    err = capfd.readouterr().err
    assert ("checkpoints/25" in err, "the checkpoint of 24 entries" in err) == (True, True), err
    assert (keeper.ledger / "log/checkpoints/25").exists()


@pytest.mark.parametrize("removed", ["all", "newest"])
def test_checkpoints_that_are_gone_are_missed(keeper: Visitor, removed: str, capfd: pytest.CaptureFixture[str]) -> None:
    """All checkpoints deleted, or an old one put back: what this machine signed last tells, and is laid there again."""
    log = keeper.ledger / "log"
    first = (log / "checkpoint").read_bytes()
    assert run(["-L", str(keeper.ledger), "checkpoint"]) == 0
    assert codes(keeper) == (11, 0)
    newest = (log / "checkpoint").read_bytes()
    older = (log / "checkpoints/24").read_bytes()
    shutil.rmtree(log / "checkpoints")
    (log / "checkpoint").unlink()
    if removed == "newest":
        (log / "checkpoints").mkdir()
        (log / "checkpoints" / first.split(b"\n")[1].decode()).write_bytes(first)
        (log / "checkpoint").write_bytes(first)
    capfd.readouterr()
    assert codes(keeper) == (10, 10)
    assert "signed on this machine is not in the log" in capfd.readouterr().out
    assert run(["-L", str(keeper.ledger), "repair"]) == (0 if removed == "newest" else 10)
    (log / "checkpoints/24").write_bytes(older)
    assert codes(keeper) == (11, 0)
    assert (log / "checkpoint").read_bytes() == newest


def test_a_restored_backup_has_the_checkpoint_that_was_signed_since(keeper: Visitor) -> None:
    """A backup that was made before the last signature, of the same entries, is restored with that checkpoint."""
    for words in (["backup", "copy"], ["checkpoint"]):
        assert run(["-L", str(keeper.ledger), *words]) == 0
    assert run(["restore", "copy", "restored.ledger"]) == 0
    assert run(["-L", "restored.ledger", "verify"]) == 11


@pytest.mark.parametrize("command", ["doctor --deep", "verify --deep", "doctor"])
@pytest.mark.parametrize("moment", ["the strays", "the copy", "the rebuild", "the question"])
def test_who_examines_while_others_record_is_not_alarmed(
    keeper: Visitor, command: str, moment: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Entries that come while a ledger is examined, at whatever moment, are no damage."""
    owner, name = {
        "the strays": (doctor, "_strays"), "the copy": (Desk, "target"), "the rebuild": (Desk, "rebuilt"),
        "the question": (Desk, "follows"),
    }[moment]  # fmt: skip
    original, towns = getattr(owner, name), iter(["kyiv", "lviv", "odesa"])

    def meanwhile(*given: object, **named: object) -> object:
        town = next(towns, None)
        if town:
            keeper.done("record", "body-registered", town, "--name", town.title(), "--kind", "city", "--country", "UA",
                        "-s", "coventry-news", "-y")  # fmt: skip
            keeper.done("links")
        return original(*given, **named)

    monkeypatch.setattr(owner, name, meanwhile)
    code = run(["-L", str(keeper.ledger), *command.split()])
    assert code == (0 if "doctor" in command else 11), capfd.readouterr().out


def test_doctor_answers_in_one_line(keeper: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    """For cron: a line and an exit code; every check with -f json; nothing with -q when all is well."""
    capfd.readouterr()
    assert run(["-L", str(keeper.ledger), "doctor"]) == 0
    assert capfd.readouterr().out.startswith(f"{keeper.ledger}: well; ")
    assert run(["-L", str(keeper.ledger), "doctor", "-q"]) == 0
    assert capfd.readouterr().out == ""
    (keeper.ledger / "log/head").unlink()
    assert run(["-L", str(keeper.ledger), "doctor", "-q"]) == 12
    out = capfd.readouterr().out
    assert (out.count("\n"), "HEAD-LOST" in out) == (1, True)
    assert run(["-L", str(keeper.ledger), "doctor", "-f", "json"]) == 12
    assert {row["check"] for row in json.loads(capfd.readouterr().out) if not row["ok"]} == {"derived"}
