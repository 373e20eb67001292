"""Copies: folders that are made beside their place and bear their name when they are complete, and what goes into them.

The laws of copying:

1. A copy is made beside its place, in a new folder whose name ends in `~`, and renamed at the end: killed before, that
   folder is left, and nothing bears the name.
2. Nothing is ever overwritten or removed that was there before.
3. What is copied are regular files; no link is followed.
"""

from __future__ import annotations

import errno
import glob
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, NoReturn

from ledger.disk import make_file, sync
from ledger.errors import Conflict, Damage, Unavailable, UsageError
from ledger.folder import refuse_inside
from ledger.store import file

_TAKEN: Final = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
_PREFIX: Final = 40
"""Characters of its name that the folder beside it bears, so that the whole is never too long."""


@contextmanager
def made_beside(target: Path) -> Iterator[Path]:
    """A new folder that bears its name only when all that is done in it was done.

    Raises:
        Conflict: something is there already, or came to be there meanwhile.
        UsageError: it cannot be made there, or it would lie inside a ledger or a backup.
        Unavailable: it cannot be written there.
    """
    beside: str | None = None
    renamed = False
    try:
        place = _free(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = mkdtemp(dir=place.parent, prefix=f"{place.name[:_PREFIX]}-", suffix="~")  # nobody else may look in
        copy = Path(beside, place.name)
        copy.mkdir()
        yield copy
        try:
            copy.rename(place)  # an empty folder gives way
        except OSError as error:
            if error.errno in _TAKEN:
                raise _taken(target) from error
            raise
        renamed = True
        sync([place.parent])
    except OSError as error:
        about = f" ({error.filename})" if error.filename else ""
        raise Unavailable(
            f"{target} cannot be made: {error.strerror or error}{about}",
            why="it is there, but a power cut could undo that" if renamed else "nothing is left of the attempt",
            mend="make room, or choose another place",
        ) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def left_over(target: Path) -> list[Path]:
    """The folders beside a place in which copies for it were stopped, or are being made now."""
    place = Path(os.path.realpath(target))
    return sorted(place.parent.glob(f"{glob.escape(place.name[:_PREFIX])}-????????~"))


def _free(target: Path) -> Path:
    """The place that is meant, where nothing is yet.

    Raises:
        Conflict: something is there.
        UsageError: it is the folder that one is in, or inside a ledger or a backup.
    """
    place = Path(os.path.realpath(target))
    if place.exists():
        if not place.is_dir() or any(place.iterdir()):
            raise _taken(target)
        if place.samefile(os.curdir):
            raise UsageError(
                "the folder you are in cannot be replaced",
                why="what is made takes its place as a whole, when it is complete",
                mend="name a folder that is not there yet",
            )
    refuse_inside(target)
    return place


def _taken(target: Path) -> Conflict:
    return Conflict(f"{target} is there already", why="nothing is ever overwritten", mend="choose another name")


def below(path: Path) -> Iterator[tuple[str, bool]]:
    """All that is below a folder and no plain folder, by its name there, and whether it is a regular file.

    No link is followed.
    """
    for where, folders, names in os.walk(path, onerror=_raised):
        for one in (Path(where, name) for name in (*folders, *names)):
            mode = one.lstat().st_mode
            if not stat.S_ISDIR(mode):
                yield one.relative_to(path).as_posix(), stat.S_ISREG(mode)


def _raised(error: OSError) -> NoReturn:
    raise error


def digest(path: Path) -> str:
    """The SHA-256 (hex) of a file."""
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file with its mode and group; its owner may write the copy, even where the source can only be read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.close(make_file(target, like=source))
    shutil.copyfile(source, target)


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while somebody writes."""
    with file.explained(source), closing(file.connect_raw(source)) as reading:
        os.close(make_file(target, like=source))
        reading.execute("BEGIN")  # Python's `backup` would wait for a lock for ever
        reading.execute("SELECT count(*) FROM sqlite_schema")
        with closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")  # else whoever verifies it lays a -wal and -shm beside it


def copy_log(source: Path, target: Path) -> None:
    """Copy the files of a log, but for its lock and what a killed write left.

    Raises:
        Damage: something in it is no file.
    """
    for name, regular in below(source) if source.is_dir() else ():
        if name == "lock" or any(part.endswith("~") for part in name.split("/")):
            continue
        if not regular:
            raise Damage(
                f"{source / name} is neither a file nor a folder",
                why="a log holds no links",
                mend="look at what it is, and move it away",
            )
        copy_file(source / name, target / name)
