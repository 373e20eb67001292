"""Files as the disk has them: read with a limit, and written as a whole."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.disk import put, read, rewrite


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    """Also through a link, an empty one, and one that is just as large as it may be."""
    (tmp_path / "key").write_bytes(b"private")
    (tmp_path / "link").symlink_to("key")
    (tmp_path / "empty").touch()
    assert read(tmp_path / "key") == read(tmp_path / "link") == read(tmp_path / "key", 7) == b"private"
    assert read(tmp_path / "empty") == read(tmp_path / "empty", 0) == b""


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    """A folder, a device, and a pipe that nobody writes into: nobody waits for it."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="is not a regular file") as told:
            read(path)
        assert (told.value.errno, told.value.filename) == (errno.EINVAL, str(path))


def test_what_is_missing_is_not_read(tmp_path: Path) -> None:
    """As any other way of opening says it."""
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """One byte more than was asked for, or a hole of 20 GB."""
    (tmp_path / "seven").write_bytes(b"private")
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(20 * 10**9)
    for path, most in ((tmp_path / "seven", 6), (tmp_path / "hole", 2**26)):
        with pytest.raises(OSError, match="is too large") as told:
            read(path, most)
        assert told.value.errno == errno.EFBIG


def test_a_file_that_does_not_say_how_large_it_is_is_held_to_the_limit() -> None:
    """Those of the kernel say 0 bytes."""
    with pytest.raises(OSError, match="is too large"):
        read(Path("/proc/self/status"), 10)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("left", ["file", "link", "dangling link", "hard link", "pipe"])
def test_what_lies_under_the_name_of_a_half_written_file_is_replaced(
    tmp_path: Path, left: str, *, lasting: bool
) -> None:
    """What a killed write left, or what somebody laid there: nothing is written through it."""
    victim, half = tmp_path / "victim", tmp_path / "log" / "head~"
    victim.write_bytes(b"precious")
    half.parent.mkdir()
    if left == "file":
        half.write_bytes(b"a longer half-written head")
    elif left == "hard link":
        half.hardlink_to(victim)
    elif left == "pipe":
        os.mkfifo(half)
    else:
        half.symlink_to(victim if left == "link" else tmp_path / "missing")
    put(tmp_path / "log" / "head", b"new", lasting=lasting)
    head = tmp_path / "log" / "head"
    assert (head.read_bytes(), head.is_symlink(), victim.read_bytes()) == (b"new", False, b"precious")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["head", "log", "victim"]


def test_a_link_in_the_place_of_a_file_is_replaced(tmp_path: Path) -> None:
    """What it points to stays as it was."""
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "head").symlink_to("victim")
    put(tmp_path / "head", b"new")
    assert ((tmp_path / "head").read_bytes(), (tmp_path / "victim").read_bytes()) == (b"new", b"precious")
    assert (tmp_path / "head").stat().st_mode & 0o777 == 0o666 & ~_umask()


@pytest.mark.parametrize("there", ["nothing", "as long", "shorter", "longer", "link", "hard link", "pipe", "no folder"])
@pytest.mark.parametrize("write", [rewrite, put])
def test_what_is_written_in_one_step_goes_through_no_link(
    write: Callable[[Path, bytes], None], there: str, tmp_path: Path
) -> None:
    """Whatever lies in its place: afterwards the file holds the data, and another that it was linked to what it did."""
    victim, head = tmp_path / "victim", tmp_path / ("log/head" if there == "no folder" else "head")
    victim.write_bytes(b"precious")
    if there == "link":
        head.symlink_to("victim")
    elif there == "hard link":
        head.hardlink_to(victim)
    elif there == "pipe":
        os.mkfifo(head)
    elif there not in ("nothing", "no folder"):
        head.write_bytes({"as long": b"old", "shorter": b"o", "longer": b"older"}[there])
    write(head, b"new")
    assert (head.read_bytes(), head.is_symlink(), victim.read_bytes()) == (b"new", False, b"precious")
    assert sorted(path.name for path in head.parent.iterdir() if path != victim) == ["head"]


def test_a_file_is_rewritten_where_it_lies(tmp_path: Path) -> None:
    """It stays the same file, which costs nothing but the writing; a longer one gives way to another."""
    head = tmp_path / "head"
    head.write_bytes(b"old")
    before = head.stat().st_ino
    rewrite(head, b"newer")
    assert (head.stat().st_ino, head.read_bytes()) == (before, b"newer")


def _umask() -> int:
    found = os.umask(0o022)
    os.umask(found)
    return found
