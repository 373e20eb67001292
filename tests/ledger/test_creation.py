"""A new ledger: made by one process of several, and finished where another was stopped."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger import creation
from ledger.errors import Conflict, Damage, LedgerError, NotFound
from ledger.folder import ENTRIES, SETTINGS, open_folder
from ledger.store import file
from ledger.store.errors import Busy, StoreError
from ledger.store.sqlite import SQLiteRecorder
from tests import faults
from tests.faults import NeverReached, before_operation, is_of_files

SPAWN = multiprocessing.get_context("spawn")
PATIENT = 120

Create = Callable[..., object]


def create_and_clean_up_whatever_lies_there(path: Path, *, origin: str) -> None:
    """Make a ledger as release 0.3.0 did: a failure removes the files by name. The control of these tests.

    Raises:
        Conflict: something is there.
    """
    if path.exists() and any(path.iterdir()):
        raise Conflict(f"{path} is there already")
    try:
        path.mkdir(exist_ok=True)
        (path / SETTINGS).write_text(f"origin = {json.dumps(origin)}\nstore = 'sqlite'\n")
        file.create(path / ENTRIES)
    except OSError as error:
        for name in (SETTINGS, ENTRIES):
            (path / name).unlink(missing_ok=True)
        raise Conflict(str(error)) from error


class Race(NamedTuple):
    """What became of two processes that made a ledger in one folder, and of what the faster one recorded."""

    made: tuple[str, ...]
    """Which of them were answered: it is made."""
    recorded: int
    """How many entries were answered to be recorded."""
    origin: str
    """Whose ledger is there."""
    entries: int
    files: tuple[str, ...]


def race(create: Create, path: Path, number: int, prepare: Callable[[Path], object]) -> Race:
    """Have the faster process do all of its work before the file operation of this number of the slower one.

    Raises:
        NeverReached: the slower one has fewer.
    """
    rmtree(path, ignore_errors=True)
    path.mkdir()
    prepare(path)
    made: list[str] = []
    recorded: list[int | None] = []

    def faster() -> None:
        with suppress(LedgerError, Busy):  # busy: the slower one is stopped while it reads
            create(path, origin="faster")
            made.append("faster")
            with closing(SQLiteRecorder(path / ENTRIES, patience=0)) as recorder:
                recorded.append(recorder.append([DCBEvent("noted/1", b"{}")]))

    with before_operation(number, faster, is_of_files), suppress(LedgerError):
        create(path, origin="slower")
        made.append("slower")
    files = tuple(sorted(one.name for one in path.iterdir()))
    with suppress(LedgerError, StoreError), closing(SQLiteRecorder(path / ENTRIES, read_only=True)) as recorder:
        return Race(tuple(made), len(recorded), open_folder(path).origin, len(list(recorder.read())), files)
    return Race(tuple(made), len(recorded), "", 0, files)


def races(create: Create, path: Path, prepare: Callable[[Path], object]) -> list[Race]:
    """Such a race for each file operation of the slower process."""
    found: list[Race] = []
    with suppress(NeverReached):
        found.extend(race(create, path, number, prepare) for number in count(1))
    return found


def nothing(path: Path) -> None:
    """Leave the folder empty."""


def settings(path: Path) -> None:
    """Leave what an older release left that was killed early."""
    (path / SETTINGS).write_text('origin = "left"\nstore = "sqlite"\n')


def settings_and_an_empty_file(path: Path) -> None:
    """Leave what an older release left that was killed later, with the journal of its database."""
    settings(path)
    (path / ENTRIES).touch()
    (path / f"{ENTRIES}-journal").write_bytes(bytes(512))


def lost_settings(path: Path) -> None:
    """Leave what a power cut made of a ledger of an older release."""
    (path / SETTINGS).touch()
    file.create(path / ENTRIES)


def entries_alone(path: Path) -> None:
    """Leave what this release leaves when it is killed before its last step."""
    file.create(path / ENTRIES)


def first_names(path: Path) -> None:
    """Leave what this release leaves when it is killed at work."""
    (path / f"{SETTINGS}-0123456789abcdef~").write_text("origin")
    (path / f"{ENTRIES}-0123456789abcdef~").touch()
    (path / f"{ENTRIES}-0123456789abcdef~-journal").write_bytes(bytes(512))


LEFT = [nothing, settings, settings_and_an_empty_file, lost_settings, entries_alone, first_names]


@pytest.mark.parametrize("prepare", LEFT)
def test_of_two_processes_one_makes_the_ledger(prepare: Callable[[Path], object], tmp_path: Path) -> None:
    """Whenever the one overtakes the other, what was answered is there: one ledger, with the entry recorded in it."""
    found = races(creation.create, tmp_path / "town.ledger", prepare)
    winners = {one.made for one in found}
    assert winners == {("faster",), ("slower",)}
    for one in found:
        assert one == Race(one.made, one.recorded, one.made[0], one.recorded, (ENTRIES, SETTINGS))
    assert any(one.recorded for one in found)


def test_a_ledger_that_is_removed_by_the_slower_process_would_be_noticed(tmp_path: Path) -> None:
    """The control of the promise above: release 0.3.0 lost entries that it had answered were recorded."""
    found = races(create_and_clean_up_whatever_lies_there, tmp_path / "town.ledger", nothing)
    assert any(one.recorded and not one.entries for one in found)


def make(place: Path) -> None:
    """Make a ledger there."""
    creation.create(place / "town.ledger", origin="ledger.example")


def make_as_before(place: Path) -> None:
    """Make a ledger there as release 0.3.0 did."""
    create_and_clean_up_whatever_lies_there(place / "town.ledger", origin="ledger.example")


def killed(make: Callable[[Path], object], folder: Path) -> list[Path]:
    """The folders in which a process was killed before one of its file operations, each before another."""
    process = SPAWN.Process(target=faults.kill_before_every_change, args=(make, folder))
    process.start()
    process.join(PATIENT)
    assert process.exitcode == 0
    return sorted(folder.iterdir(), key=lambda place: int(place.name))[:-1]


def test_what_a_killed_process_left_is_finished(tmp_path: Path) -> None:
    """Killed before any of its file operations: there is a ledger, or the next one makes it; meanwhile that is said."""
    finished = []
    for place in killed(make, tmp_path):
        path = place / "town.ledger"
        if not (path / SETTINGS).exists():
            with pytest.raises(NotFound, match="is not a ledger") as told:
                open_folder(path)
            assert "civic init" in told.value.mend or not any(path.iterdir())
            make(place)
            assert sorted(one.name for one in path.iterdir()) == [ENTRIES, SETTINGS]
            finished.append(path)
        with closing(SQLiteRecorder(path / ENTRIES)) as recorder:
            recorder.append([DCBEvent("noted/1", b"{}")])
        with pytest.raises(Conflict):
            make(place)
        assert open_folder(path).origin == "ledger.example"
    assert len(finished) > len(list(tmp_path.iterdir())) // 2


def test_what_stays_unfinished_would_be_noticed(tmp_path: Path) -> None:
    """The control of the promise above: what release 0.3.0 left, it refused to finish."""
    refused = 0
    for place in killed(make_as_before, tmp_path):
        if not (place / "town.ledger" / ENTRIES).exists():
            try:
                make_as_before(place)
            except Conflict:
                refused += 1
    assert refused


@pytest.mark.parametrize("prepare", LEFT[1:])
def test_what_an_unfinished_folder_is_called(prepare: Callable[[Path], object], tmp_path: Path) -> None:
    """No ledger yet, and the way to finish it; not damaged."""
    prepare(tmp_path)
    with pytest.raises(NotFound, match="not a ledger yet") as told:
        open_folder(tmp_path)
    assert f"civic init {tmp_path}" in told.value.mend


@pytest.mark.parametrize("lost", [SETTINGS, ENTRIES])
@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_ledger_that_held_entries_is_never_finished(lost: str, how: str, tmp_path: Path) -> None:
    """Whatever it has lost: it is called damaged, and nothing in it is touched."""
    creation.create(tmp_path / "town.ledger")
    path = tmp_path / "town.ledger"
    with closing(SQLiteRecorder(path / ENTRIES)) as recorder:
        recorder.append([DCBEvent("noted/1", b"{}")])
    (path / "log").mkdir()
    (path / lost).unlink()
    if how == "empty":
        (path / lost).touch()
    before = {one.name: one.read_bytes() for one in path.iterdir() if one.is_file()}
    with pytest.raises(Conflict):
        creation.create(path)
    if lost == SETTINGS:
        (path / "log").rmdir()  # the entries alone are enough to leave it as it is
        with pytest.raises(Conflict):
            creation.create(path)
    assert {one.name: one.read_bytes() for one in path.iterdir() if one.is_file()} == before
    if (lost, how) != (ENTRIES, "empty"):  # that is found when the file is opened
        with pytest.raises(Damage):
            open_folder(path)


@pytest.mark.parametrize(
    "there", ["notes.txt", f"{SETTINGS}-0123456789abcdef~.txt", f"{ENTRIES}-wal", f"{ENTRIES}-journal"]
)
def test_what_is_not_of_an_unfinished_ledger_stays(there: str, tmp_path: Path) -> None:
    """A folder that holds anything else is refused, and nothing in it is touched."""
    (tmp_path / SETTINGS).touch()
    (tmp_path / there).write_text("mine")
    with pytest.raises(Conflict):
        creation.create(tmp_path)
    assert (tmp_path / there).read_text() == "mine"
    assert (tmp_path / SETTINGS).exists()


@pytest.mark.parametrize("name", [SETTINGS, ENTRIES, f"{SETTINGS}-0123456789abcdef~"])
def test_a_link_is_nothing_that_was_left_unfinished(name: str, tmp_path: Path) -> None:
    """It is refused; what it points to stays."""
    (tmp_path / "town.ledger").mkdir()
    (tmp_path / "victim").touch()
    (tmp_path / "town.ledger" / name).symlink_to(tmp_path / "victim")
    with pytest.raises(Conflict):
        creation.create(tmp_path / "town.ledger")
    assert (tmp_path / "victim").exists()
    assert (tmp_path / "town.ledger" / name).is_symlink()


def test_settings_that_name_another_store_are_not_replaced(tmp_path: Path) -> None:
    """The entries of such a ledger do not lie in its folder."""
    (tmp_path / SETTINGS).write_text('origin = "far"\nstore = "postgresql://ledger.example"\n')
    with pytest.raises(Conflict):
        creation.create(tmp_path)
    assert "postgresql" in (tmp_path / SETTINGS).read_text()


def test_what_a_working_process_made_is_left_to_it(tmp_path: Path) -> None:
    """Its files are locked as long as it lives, and are removed when it is dead."""
    process = SPAWN.Process(target=stop_at_work, args=(tmp_path,))
    process.start()
    assert process.pid is not None
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
    before = {one.name for one in tmp_path.iterdir()}
    assert before
    creation.create(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == before | {SETTINGS, ENTRIES}
    process.kill()
    process.join(PATIENT)
    (tmp_path / SETTINGS).unlink()
    creation.create(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {SETTINGS, ENTRIES}


def stop_at_work(path: Path) -> None:
    """Stop as soon as the file of entries is made."""
    originally = file.create

    def create(path: Path) -> None:
        originally(path)
        os.kill(os.getpid(), signal.SIGSTOP)

    file.create = create
    creation.create(path)
