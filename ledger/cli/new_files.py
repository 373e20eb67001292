"""New files for somebody else: nothing is written over, and no half of one is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

from ledger.errors import Conflict, UsageError


def all_new(*targets: Path | None) -> None:
    """Refuse to begin where a file would be written over.

    Raises:
        Conflict: one of the files is there already.
        UsageError: one is named twice.
    """
    named = [target.resolve() for target in targets if target]
    for target in targets:
        if target and target.exists():
            raise _taken(target)
        if target and named.count(target.resolve()) > 1:
            raise UsageError(f"{target} is named twice", mend="give each file its own name")


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
    if context := click.get_current_context(silent=True):
        context.obj.done.append(f"{target} was written")  # whoever interrupts what follows is told so


def hand_out(target: Path, data: bytes) -> None:
    """Write a new file.

    Raises:
        Conflict, UsageError: as `new_file`.
    """
    with new_file(target) as file:
        file.write(data)


@contextmanager
def added_before(target: Path, data: bytes, is_done: Callable[[], bool]) -> Iterator[None]:
    """Add bytes at the end of a file, new or not, before something is done that rests on them.

    They are taken back where that fails, unless it was done all the same, or nobody knows.

    Raises:
        UsageError: nothing can be written there.
    """
    try:
        with target.open("ab") as file:
            former = file.tell()
            file.write(data)
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield
    except BaseException:
        if is_done():
            raise
        with suppress(OSError):
            os.truncate(target, former)
            if not former:
                target.unlink()
        raise


def _taken(target: Path) -> Conflict:
    return Conflict(f"{target} is there already", mend="choose another name, or move it away")


def _unwritable(target: Path, error: OSError) -> UsageError:
    return UsageError(f"{target} cannot be written: {error.strerror or error}", mend="choose another place")
