"""Files that are written for somebody else have their name only when they are whole."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

import pytest

from ledger.cli.new_files import new_file
from ledger.errors import Conflict
from tests import faults
from tests.cli.visitor import PATIENCE, Visitor, body, line

SPAWN = multiprocessing.get_context("spawn")
PIECES = (b"first ", b"second ", b"third")
WHOLE = b"".join(PIECES)


def write(place: Path) -> None:
    """Write a file in pieces that reach the disk one by one."""
    with new_file(place / "out") as file:
        for piece in PIECES:
            file.write(piece)
            file.flush()


def write_under_its_name(place: Path) -> None:
    """Write a file as release 0.3.0 did. The control."""
    with (place / "out").open("xb") as file:
        for piece in PIECES:
            file.write(piece)
            file.flush()


def outputs(act: Callable[[Path], object], folder: Path) -> list[bytes | None]:
    """What bears the final name after a process was killed, before each of its changes of a file."""
    process = SPAWN.Process(target=faults.kill_before_every_change, args=(act, folder))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 0
    found = [place / "out" for place in folder.iterdir()]
    return [path.read_bytes() if path.exists() else None for path in found]


def test_no_half_file_bears_the_name(tmp_path: Path) -> None:
    """Whenever the process is killed: all of it, or nothing."""
    assert set(outputs(write, tmp_path)) == {None, WHOLE}


def test_a_half_file_would_be_noticed(tmp_path: Path) -> None:
    """The control of the promise above."""
    assert set(outputs(write_under_its_name, tmp_path)) - {None, WHOLE}


def test_a_file_that_comes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """Whoever was first keeps the name; nothing else is left."""

    def overtaken() -> None:
        with new_file(tmp_path / "out") as file:
            (tmp_path / "out").write_bytes(b"mine")
            file.write(b"theirs")

    with pytest.raises(Conflict):
        overtaken()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("out", b"mine")]


@pytest.mark.parametrize("form", ["jsonl", "csv --type request-received", "csv --type body-registered"])
def test_an_export_of_personal_details_is_for_its_owner_alone(form: str, visitor: Visitor) -> None:
    """As far as the ledger keeps any; without, the umask decides as usual."""
    visitor.done("init", "town.ledger")
    visitor.done("export", *form.split(), "-o", "before")
    asked = line("request-received", by="mariupol", from_="Ann Other", on="2022-03-20", summary="To end it.")
    visitor.done("import", visitor.file("lines.jsonl", [body("mariupol", country="UA"), asked]), "-y")
    visitor.done("export", *form.split(), "-o", "after")
    modes = [S_IMODE((visitor.folder / name).stat().st_mode) for name in ("before", "after", "lines.jsonl")]
    assert modes == [modes[2], 0o600, modes[2]]


@pytest.mark.parametrize(("flags", "private"), [((), False), (("--personal",), True)])
def test_a_bundle_with_personal_details_is_for_its_owner_alone(
    flags: tuple[str, ...], *, private: bool, sealing: Visitor
) -> None:
    """Only where they were asked for."""
    sealing.done("bundle", "out.zip", *flags)
    assert (S_IMODE((sealing.folder / "out.zip").stat().st_mode) == 0o600) is private
