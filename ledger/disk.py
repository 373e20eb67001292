"""Files that are written whole, synced to the disk and shared with a group.

Files inside a ledger are created with the mode and the group of `entries.sqlite`, which callers name as `like`: clerks
who share a group can use the files of each other, whatever the umask of the one who was first. No link is followed to a
file that is opened for writing.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_NO_LINKS: Final = (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK)
"""Answers of file systems that have no hard links."""

NO_ROOM: Final = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota of disk space is used up"}
"""Answers of file systems that have no room left, in words."""


class Misplaced(OSError):
    """Something that is no file of ours, a link above all, lies in the place of one, and is not followed."""


def open_lock(folder: Path, like: Path | None) -> int:
    """Open the file `lock` of a folder; create both where they are missing, as `make_file` does.

    Raises:
        OSError: as `open_ours`.
    """
    lock = f"{folder}/lock"
    try:
        return open_ours(lock, os.O_RDWR)
    except PermissionError:
        return open_ours(lock, os.O_RDONLY)  # of another clerk, who did not share it; it can be locked all the same
    except FileNotFoundError:
        make_folders(folder, like=like)
    try:
        return make_file(lock, like=like)
    except FileExistsError:
        return open_ours(lock, os.O_RDWR)


def open_ours(path: Path | str, flags: int) -> int:
    """Open a regular file, through no link.

    Raises:
        OSError: it cannot be opened.
        Misplaced: it is a link, or no regular file.
    """
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _link_found(path) from error
        if error.errno in (errno.EISDIR, errno.ENOTDIR):
            raise _no_file(path) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return descriptor


def _link_found(path: Path | str) -> Misplaced:
    return Misplaced(errno.ELOOP, "is a link, and is not followed", str(path))


def _no_file(path: Path | str) -> Misplaced:
    return Misplaced(errno.EINVAL, "is not a regular file", str(path))


def read(path: Path | str, most: int = 2**26, *, follow: bool = True) -> bytes:
    """The bytes of a regular file, of at most `most`: no pipe and no huge file keeps its reader waiting.

    Raises:
        OSError: it cannot be read; EINVAL: it is no regular file; EFBIG: it is larger; ELOOP: it is a link, and links
            are not to be followed.
    """
    if not follow and os.path.islink(path):  # noqa: PTH114  # it may be text
        raise _link_found(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if follow else os.O_NOFOLLOW))
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


def put(path: Path | str, data: bytes, *, lasting: bool = False, like: Path | None = None, most: int = 0o666) -> None:
    """Write a file as a whole or not at all; `lasting`: it and its name are on the disk when this returns.

    `like` and `most` are those of `make_file`. Killed before the end, this leaves a file whose name ends in `~`, which
    the next write removes. Nothing is written through a link: one in the place of either file is replaced.
    """
    made = f"{path}~"
    try:
        descriptor = make_file(made, like=like, most=most)
    except (FileNotFoundError, FileExistsError):
        make_folders(Path(path).parent, like=like, lasting=lasting)
        Path(made).unlink(missing_ok=True)
        descriptor = make_file(made, like=like, most=most)
    try:
        write(descriptor, data)
        if lasting:
            os.fsync(descriptor)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    finally:
        os.close(descriptor)
    os.replace(made, path)  # noqa: PTH105  # where made is no Path
    if lasting:
        sync([Path(path).parent])


def write(descriptor: int, data: bytes) -> None:
    """Write all of `data` to an open file."""
    while data:
        data = data[os.write(descriptor, data) :]


def make_file(path: Path | str, *, like: Path | None = None, most: int = 0o666) -> int:
    """Create a file and open it; its mode and group are those of `like`, as far as the mode `most` allows.

    Without `like`, or where there is no such file, the umask decides as usual.

    Raises:
        FileExistsError: something is there already, even if it is a link to nothing.
        OSError: it cannot be created.
    """
    model = _stat(like)
    descriptor = os.open(path, _NEW, most & 0o600 if model else most)
    if model:
        _share(descriptor, model, most)
    return descriptor


def make_folders(path: Path, *, like: Path | None = None, lasting: bool = False, most: int = 0o777) -> None:
    """Create the folders that are missing on the way to `path`, as `make_file` creates files.

    Raises:
        OSError: one cannot be created.
    """
    if path.is_dir():
        return
    make_folders(path.parent, like=like, lasting=lasting, most=most)
    model = _stat(like)
    try:
        path.mkdir(most & 0o700 if model else most)
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    if model:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            _share(descriptor, model, most)
        finally:
            os.close(descriptor)
    if lasting:
        sync([path.parent])


def _stat(like: Path | None) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return like.stat() if like else None
    return None


def _share(descriptor: int, model: os.stat_result, most: int) -> None:
    """Give what was just created the group and the mode of a model; to its owner too, where root created it."""
    found = os.fstat(descriptor)
    mode = model.st_mode & most & 0o777 | 0o600
    if stat.S_ISDIR(found.st_mode):
        mode |= (mode & 0o444) >> 2 | found.st_mode & stat.S_ISGID
    try:
        if os.geteuid() == 0:
            os.fchown(descriptor, model.st_uid, model.st_gid)
        elif found.st_gid != model.st_gid:
            os.fchown(descriptor, -1, model.st_gid)
    except PermissionError:  # who creates it is not of that group: it is not shared with another one instead
        mode &= ~0o070
    if stat.S_IMODE(found.st_mode) != mode:
        with suppress(PermissionError):  # a file system that keeps no modes, on a memory stick
            os.fchmod(descriptor, mode)


def forbidden(path: Path) -> str:
    """Whose a file, or the folder that holds it, is where this user may not read and write it; empty if they may."""
    for one in (path, path.parent):
        if one.exists() and not os.access(one, os.R_OK | os.W_OK):
            return ownership(one)
    return ""


def ownership(path: Path) -> str:
    """To whom a file belongs, its group and its mode, in words."""
    found = path.stat()
    owner, group = f"user {found.st_uid}", str(found.st_gid)
    with suppress(KeyError):
        owner = pwd.getpwuid(found.st_uid).pw_name
    with suppress(KeyError):
        group = grp.getgrgid(found.st_gid).gr_name
    return f"{path} belongs to {owner}, group {group}, mode {stat.S_IMODE(found.st_mode):04o}"


def publish(made: Path, path: Path) -> None:
    """Give a finished file its final name, which nothing else bears.

    Raises:
        FileExistsError: something is there already.
        OSError: the name cannot be given.
    """
    try:
        os.link(made, path)  # unlike a renaming, it takes no other's place
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        made.rename(path)
    made.unlink(missing_ok=True)


def rewrite(path: Path | str, data: bytes, *, like: Path | None = None) -> None:
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
        put(path, data, like=like)


def reason(error: OSError) -> str:
    """What the system says, and of which file, in a line."""
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def sync(paths: Iterable[Path]) -> None:
    """Bring files to the disk, or the names in folders."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
