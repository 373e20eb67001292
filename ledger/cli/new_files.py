"""New files for somebody else: nothing is written over, and no half of one is left."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

import click

from ledger.disk import make_file, publish, sync
from ledger.errors import Conflict, UsageError

_PREFIX: Final = 40
"""Characters of its name that an unfinished file bears, so that the whole is never too long."""


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
def new_file(target: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A new file, which gets its name only when all of it is on the disk; `private`: only its owner may read it.

    Killed before the end, this leaves a file next to it whose name ends in `~`.

    Raises:
        Conflict: something is there already.
        UsageError: nothing can be written there.
    """
    made = target.with_name(f"{target.name[:_PREFIX]}-{secrets.token_hex(8)}~")
    if os.path.lexists(target):
        raise _taken(target)
    try:
        descriptor = make_file(made, most=0o600 if private else 0o666)
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        publish(made, target)
        sync([target.parent])
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)
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
            file.flush()
            os.fsync(file.fileno())
        sync([target.parent])
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
