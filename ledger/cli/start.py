"""The first lines of `civic`: an interruption is obeyed from the start, while everything else is still loaded."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED: Final = 130
"""The exit code of an interrupted command."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> NoReturn:
    """Load the command line, and run it."""
    obey(_stop)
    from ledger.cli import main as loaded

    loaded.main()


def obey(handler: Callable[[int, object], NoReturn]) -> None:
    """Have interruptions handled, but for those that whoever started the command has ignored."""
    obeyed = (signal.SIG_DFL, signal.default_int_handler, _stop)
    for number in SIGNALS:
        if signal.getsignal(number) in obeyed:
            signal.signal(number, handler)


def _stop(_number: int, _frame: object) -> NoReturn:
    os.write(2, b"stopped; nothing was written\n")
    os._exit(INTERRUPTED)
