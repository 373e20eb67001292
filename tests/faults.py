"""Faults at every file operation: code is killed, or overtaken by other code, just before its n-th one."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType

_MODULES = ("posix", "fcntl", "_io")
"""Of the functions of Python that ask the system for something that has to do with files."""
_OTHERS = ("fspath", "close", "urandom", "getpid", "geteuid", "umask", "register_at_fork")
"""What changes no file and depends on none."""
_READS = ("stat", "lstat", "fstat", "listdir", "scandir", "read", "readlink", "access")


class NeverReached(Exception):
    """The code came to its end before its n-th file operation."""


def is_of_files(function: object) -> bool:
    """Whether this is a function of Python that asks about files or changes them; SQLite's are left out."""
    owner = getattr(function, "__self__", None)
    module = getattr(function, "__module__", None) or type(owner).__module__
    return module in _MODULES and getattr(function, "__name__", "") not in _OTHERS


def is_change(function: object) -> bool:
    """Whether this may change a file; each statement of SQLite may."""
    if isinstance(getattr(function, "__self__", None), sqlite3.Connection | sqlite3.Cursor):
        return True
    return is_of_files(function) and getattr(function, "__name__", "") not in _READS


@contextmanager
def before_operation(number: int, fault: Callable[[], None], counted: Callable[[object], bool]) -> Iterator[None]:
    """Have `fault` happen just before the call of this number (from 1) of those that are `counted`.

    Raises:
        NeverReached: there were fewer.
    """
    numbers = count(1)
    happened = False

    def watch(_frame: FrameType, event: str, function: object) -> None:
        nonlocal happened
        if event != "c_call" or happened or not counted(function):
            return
        if next(numbers) == number:
            happened = True
            sys.setprofile(None)
            fault()

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)
    if not happened:
        raise NeverReached


def kill_before_every_change(act: Callable[[Path], object], folder: Path) -> None:
    """Run `act` on `folder/1`, `folder/2` ..., each in a process of its own, killed before that change of a file.

    Ends after the first that was not killed. Only for a process without threads: it forks.
    """
    for number in count(1):
        place = folder / str(number)
        place.mkdir()
        child = os.fork()
        if child == 0:
            try:
                with before_operation(number, lambda: os.kill(os.getpid(), signal.SIGKILL), is_change):
                    act(place)
            except NeverReached:
                os._exit(0)
            finally:
                os._exit(1)  # what `act` raised, if it did
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            return
