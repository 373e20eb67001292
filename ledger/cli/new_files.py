"""New files for somebody else: nothing is written over, and no half of one is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ledger.errors import Conflict, UsageError


def all_new(*targets: Path | None) -> None:
    """Refuse to begin where a file would be written over.

    Raises:
        Conflict: one of the files is there already.
    """
    for target in targets:
        if target and target.exists():
            raise _taken(target)


@contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """A new file, which is there only when all of it was written: half of it would be in the way of who tries again.

    Raises:
        Conflict: something is there already.
        UsageError: nothing can be written there.
    """
    try:
        file = target.open("xb")
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        with file:
            yield file
    except BaseException as error:
        with suppress(OSError):
            target.unlink()
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise


def hand_out(target: Path, data: bytes) -> None:
    """Write a new file.

    Raises:
        Conflict, UsageError: as `new_file`.
    """
    with new_file(target) as file:
        file.write(data)


def _taken(target: Path) -> Conflict:
    return Conflict(f"{target} is there already", mend="choose another name, or move it away")


def _unwritable(target: Path, error: OSError) -> UsageError:
    return UsageError(f"{target} cannot be written: {error.strerror or error}", mend="choose another place")
