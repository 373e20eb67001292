"""Writing into the log: files get the mode and the group of the entries, and no link is followed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.disk import Misplaced, put, rewrite
from ledger.locks import locked


@contextmanager
def log_locked(log: Path) -> Iterator[None]:
    """Keep other processes that ask from writing into the log, or into the personal details.

    Raises:
        Busy: another process held the lock up to the limit.
        OSError: the log cannot be locked.
        Misplaced: it, or its lock, is a link or no file.
    """
    _refuse_links(log, "lock")
    with locked(log, like=_entries(log)):
        yield


def lay(log: Path, name: str, data: bytes, *, lasting: bool = False) -> None:
    """Write a file of the log as a whole; `lasting`: it is on the disk when this returns.

    Raises:
        OSError: it cannot be written.
        Misplaced: a folder on the way to it is a link.
    """
    _refuse_links(log, name)
    put(f"{log}/{name}", data, lasting=lasting, like=_entries(log))


def overwrite(log: Path, name: str, data: bytes) -> None:
    """Write over a small file of the log in one step.

    Raises:
        OSError: as `lay`.
    """
    _refuse_links(log, name)
    rewrite(f"{log}/{name}", data, like=_entries(log))


def folders_of(log: Path, paths: Iterable[Path]) -> set[Path]:
    """The folders that have the names of these files, up to that of the ledger."""
    return {folder for path in paths for folder in path.parents if folder.is_relative_to(log.parent)}


def _entries(log: Path) -> Path:
    return log.with_name("entries.sqlite")


def _refuse_links(log: Path, name: str) -> None:
    inside = Path(log.name, name).parent
    if os.path.realpath(log.parent / inside) != os.path.join(os.path.realpath(log.parent), inside):  # noqa: PTH118  # text
        raise Misplaced(errno.ELOOP, "is a link, or inside one, which is not followed", str(log.parent / inside))
