"""Runs `civic` and writes down, in order, what it asks of the disk: what is written, named and synced.

    python -m tests.cli.power REPORT WORD...

Each line of REPORT is a JSON list: ["written", INODE], ["named", INODE, INODE OF THE FOLDER], ["synced", INODE]. What
SQLite does by itself is not seen.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger.cli.main import run

_WRITES = os.O_WRONLY | os.O_RDWR


class Watched:
    """The functions of the system that write, name and sync, watched."""

    def __init__(self, report: Path) -> None:
        """Write to `report`."""
        self._report = report.open("w", buffering=1)
        self._opened = ""
        self._fsync = os.fsync
        os.fsync = self._sync  # type: ignore[assignment]
        for name in ("link", "rename", "replace", "mkdir"):
            setattr(os, name, self._naming(getattr(os, name), name == "mkdir"))
        sys.addaudithook(self._heard)

    def finish(self) -> None:
        """Write down the file that was opened last."""
        path, self._opened = self._opened, ""
        if path and os.path.exists(path):  # noqa: PTH110  # text
            self._write("written", os.stat(path).st_ino)  # noqa: PTH116
            self._named(path)

    def _write(self, *act: object) -> None:
        print(json.dumps(act), file=self._report)

    def _named(self, path: str) -> None:
        parent = os.path.dirname(os.path.realpath(path))  # noqa: PTH120  # text
        self._write("named", os.stat(path).st_ino, os.stat(parent).st_ino)  # noqa: PTH116

    def _sync(self, descriptor: int) -> None:
        self.finish()
        self._fsync(descriptor)
        self._write("synced", os.fstat(descriptor).st_ino)

    def _naming(self, function: Callable[..., None], makes: bool) -> Callable[..., None]:  # noqa: FBT001  # of one caller
        def named(*paths: Any, **more: Any) -> None:  # noqa: ANN401  # as the system takes them
            self.finish()
            function(*paths, **more)
            self._named(os.fspath(paths[0 if makes else 1]))

        return named

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of a file that is about to be opened for writing; its inode is known at the next act."""
        if event == "open" and isinstance(arguments[0], str | os.PathLike) and arguments[2] & _WRITES:
            self.finish()
            self._opened = os.fspath(arguments[0])


if __name__ == "__main__":
    watched = Watched(Path(sys.argv[1]))
    code = run(sys.argv[2:])
    watched.finish()
    sys.exit(code)
