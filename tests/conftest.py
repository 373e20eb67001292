"""The same surroundings wherever the tests are started; properties without a clock, in CI always the same examples."""

import locale
import os
import signal
import time

from hypothesis import HealthCheck, settings

KEPT = ("PATH", "TMPDIR", "CI", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "FREEZE_RELEASE")
"""The variables of the caller's environment that the tests, and the commands they start, still see."""
KEPT_PREFIXES = ("PYTEST_", "UPDATE_")


def _open_streams() -> None:
    """Open what the caller closed of standard input, output and error, lest a test's own file take its number."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(opened, True)  # noqa: FBT003 - positional in its own documentation
    os.close(opened)


def _default_signals() -> None:
    """Undo what a shell does to background jobs, nohup to all: ignored and blocked signals are inherited."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:  # Python itself ignores these two
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _default_environment() -> None:
    for name in set(os.environ) - set(KEPT):
        if not name.startswith(KEPT_PREFIXES):
            del os.environ[name]
    os.environ |= {"HOME": os.devnull, "LANG": "C.UTF-8", "TERM": "xterm", "TZ": "UTC"}
    os.environ.setdefault("PATH", os.defpath)
    time.tzset()
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    os.umask(0o022)


_open_streams()
_default_signals()
_default_environment()

settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")
