"""Making a new ledger: `init` ends with a complete ledger, and the next one finishes what a stopped one left.

The laws of making:

1. Each file is written and synced under a name that no other process uses; then it gets its final name, exclusively.
2. `ledger.toml` gets its name last. Of several processes, the one that names it made the ledger.
3. A process removes the files that it created under their first names. A file with a final name is removed only where
   a stopped process left it and no ledger rests on it.
4. All of it is on the disk before `create` returns.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ledger.disk import make_file, make_folders, publish, sync, write
from ledger.errors import Conflict, Unavailable, UsageError
from ledger.folder import (
    ENTRIES,
    SETTINGS,
    UNNAMED,
    Folder,
    check_origin,
    is_slug,
    is_unfinished,
    open_folder,
    refuse_inside,
    settings_text,
)
from ledger.store import file
from ledger.store.errors import StoreError


def create(
    path: Path, *, name: str = "", origin: str = "", custodian: str = "", body: str = "", clerk: str = ""
) -> Folder:
    """Make a new ledger, or finish one that was never finished.

    Raises:
        Conflict: something is there already, or another process made a ledger there meanwhile.
        UsageError: a slug is not one, the origin cannot be one, or it would lie inside a ledger or a backup.
        Unavailable: the folder cannot be made.
    """
    for what, slug in (("--body", body), ("--clerk", clerk)):
        if slug and not is_slug(slug):
            raise UsageError(
                f"{what} {slug!r} is not a short name", mend="write lower-case letters, digits and hyphens"
            )
    if origin:
        check_origin(origin, "--origin")
    if path.exists() and (not path.is_dir() or (any(path.iterdir()) and not is_unfinished(path))):
        raise _taken(path)
    refuse_inside(path)
    name = name or path.name.removesuffix(".ledger")
    origin = origin or f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or 'ledger'}-{secrets.token_hex(6)}"
    made_here = not path.exists()
    try:
        make_folders(path, lasting=True)
        _make_files(path, settings_text(Folder(path, name, origin, custodian, body, clerk or "clerk")))
    except FileExistsError:
        raise _taken(path) from None
    except (OSError, StoreError) as error:
        if made_here:
            with suppress(OSError):
                path.rmdir()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unavailable(
            f"{path} cannot be made: {reason}",
            why="civic init, run again, finishes what is there" if path.exists() else "nothing is left of the attempt",
            mend="make room, or choose a folder you may write to",
        ) from error
    return open_folder(path)


def _taken(path: Path) -> Conflict:
    return Conflict(
        f"{path} is there already, and is not empty",
        why="init only makes new ledgers",
        mend="choose another folder, or use the one that is there",
    )


def _make_files(path: Path, settings: str) -> None:
    """Make both files of a ledger; in the order in which a stopped process may leave them.

    Raises:
        FileExistsError: another process was first.
        OSError, StoreError: they cannot be made.
    """
    with _unnamed(path) as files:
        write(files.descriptor, settings.encode())
        os.fsync(files.descriptor)
        file.create(files.entries)
        _remove_leftovers(path, files.token)
        try:
            publish(files.entries, path / ENTRIES)
        except FileExistsError:
            if not file.is_new(path / ENTRIES):  # another process is removing it
                raise
        publish(files.settings, path / SETTINGS)
        sync([path])


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """The files that a process makes, under their first names."""

    token: str
    settings: Path
    entries: Path
    descriptor: int
    """Of the settings; they are locked through it while the process works."""


@contextmanager
def _unnamed(path: Path) -> Iterator[_Unnamed]:
    """Create the file of settings, and remove whatever still bears a first name at the end."""
    token = secrets.token_hex(8)
    settings, entries = (path / f"{name}-{token}~" for name in (SETTINGS, ENTRIES))
    descriptor = make_file(settings)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield _Unnamed(token, settings, entries, descriptor)
    finally:
        for made in (entries, settings):
            with suppress(OSError):
                made.unlink(missing_ok=True)
        os.close(descriptor)


def _remove_leftovers(path: Path, own: str) -> None:
    """Remove what stopped processes left, as far as it is not used; nothing of a process that is still working.

    Raises:
        FileExistsError: another process was first.
    """
    found = {one.name: matched for one in path.iterdir() if (matched := UNNAMED.fullmatch(one.name))}
    working = {own}
    for name, matched in found.items():
        if matched[1] == SETTINGS and matched[2] != own:
            with _locked_alone(path / name) as alone:
                if not alone:
                    working.add(matched[2])
    for name, matched in found.items():
        if matched[2] not in working:
            (path / name).unlink(missing_ok=True)
    with _locked_alone(path / SETTINGS) as alone:
        if alone and is_unfinished(path):
            (path / SETTINGS).unlink()
    if os.path.lexists(path / SETTINGS):  # entries next to it would make a ledger of what another one began
        raise FileExistsError(path / SETTINGS)
    with _locked_alone(path / ENTRIES) as alone:
        if alone and is_unfinished(path) and not (path / ENTRIES).stat().st_size:
            (path / f"{ENTRIES}-journal").unlink(missing_ok=True)
            (path / ENTRIES).unlink()


@contextmanager
def _locked_alone(path: Path) -> Iterator[bool]:
    """Whether a file is there and no other process has it locked; meanwhile none can lock it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _lock(descriptor) and os.path.lexists(path) and os.path.samestat(os.fstat(descriptor), path.lstat())
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
