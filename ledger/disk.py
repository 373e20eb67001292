"""Files that are written as a whole, brought to the disk, and kept from being written by two at once."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else who asks writes into the folder meanwhile; the lock goes with the process that holds it."""
    lock = f"{folder}/lock"
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o666)
    except FileNotFoundError:
        folder.mkdir(exist_ok=True)
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Nobody who asks by `locked` writes into the folder meanwhile; where that cannot be asked, it is only read."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:  # nobody wrote here yet, or nobody can
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def read(path: Path | str, most: int = 2**26) -> bytes:
    """The bytes of a regular file, of at most `most`: neither a pipe nor a huge file keeps whoever reads it.

    Raises:
        OSError: it cannot be read; EINVAL: it is no regular file; EFBIG: it is larger.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", str(path))
        if found.st_size > most:
            raise OSError(errno.EFBIG, "is too large", str(path))
        data = os.read(descriptor, found.st_size + 1)
        # It grew, does not say how large it is, or comes in parts.
        while len(data) != found.st_size and len(data) <= most and (more := os.read(descriptor, 2**16)):
            data += more
    finally:
        os.close(descriptor)
    if len(data) > most:
        raise OSError(errno.EFBIG, "is too large", str(path))
    return data


def put(path: Path | str, data: bytes, *, lasting: bool = False) -> None:
    """Write a file as a whole or not at all; `lasting`: it and its name are on the disk when this returns.

    Killed amid this, a file whose name ends in `~` is left, which the next write removes. Nothing is written through a
    link: one in the place of the file, or of that one, is replaced.
    """
    made = f"{path}~"
    try:
        descriptor = os.open(made, _NEW, 0o666)
    except (FileNotFoundError, FileExistsError):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(made).unlink(missing_ok=True)
        descriptor = os.open(made, _NEW, 0o666)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        if lasting:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(made, path)  # noqa: PTH105  # where made is no Path
    if lasting:
        sync([Path(path).parent])


def rewrite(path: Path | str, data: bytes) -> None:
    """Write over a small file in one step, for those who read it under the lock; as `put` where that cannot be done."""
    done = False
    with suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            found = os.fstat(descriptor)
            ours = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_size <= len(data)
            done = ours and os.write(descriptor, data) == len(data)
        finally:
            os.close(descriptor)
    if not done:
        put(path, data)


def sync(paths: Iterable[Path]) -> None:
    """Bring files to the disk, or the names in folders."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
