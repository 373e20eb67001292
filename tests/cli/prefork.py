"""Run `civic` in a fork of a process that has imported it: a process of its own each time, at a fraction of the cost.

A new interpreter spends most of a command on imports and on building the models of the events. The server does that
once, and forks for each command; what the fork does from `main` on, up to its end, is what a new process does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).parents[2]
LARGEST = 2**16
"""Bytes of a request; the caller starts a new process for what is larger."""


class Done(NamedTuple):
    """How a command ended: minus the signal, if one ended it."""

    code: int
    out: bytes
    err: bytes


# Asking


@cache
def _server() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server = subprocess.Popen(
        (sys.executable, "-m", "tests.cli.prefork", str(theirs.fileno())),
        cwd=ROOT, env={"PATH": os.defpath, "LANG": "C.UTF-8"}, pass_fds=[theirs.fileno()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    theirs.close()

    def stop() -> None:
        ours.close()
        server.communicate()

    atexit.register(stop)
    return ours


def request(words: list[str], folder: Path, environment: dict[str, str]) -> bytes | None:
    """What the server is sent; None for a command that needs an interpreter of its own."""
    if any(name.startswith(("PYTHON", "LC_")) or name == "TZ" for name in environment):
        return None
    umask = os.umask(0o022)
    os.umask(umask)
    sent = json.dumps([words, str(folder), environment, umask]).encode()
    return sent if len(sent) < LARGEST and environment.get("LANG") == "C.UTF-8" else None


def run(asked: bytes, stdin: bytes, patience: int) -> Done:
    """Run a command and wait for its end.

    Raises:
        subprocess.TimeoutExpired: it did not end; it was killed.
    """
    pipes = [os.pipe() for _ in range(4)]
    theirs = [pipes[0][0], *(written for _, written in pipes[1:])]
    socket.send_fds(_server(), [asked], theirs)
    for descriptor in theirs:
        os.close(descriptor)
    into, *files = os.fdopen(pipes[0][1], "wb"), *(os.fdopen(read, "rb") for read, _ in pipes[1:])
    with ThreadPoolExecutor(3) as readers:
        texts = [readers.submit(file.read) for file in files[:2]]
        readers.submit(_feed, into, stdin)
        pid = int(files[2].readline())
        ended = readers.submit(files[2].read)
        try:
            code = int(ended.result(patience))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired("civic", patience) from None
        done = Done(code, *(text.result() for text in texts))
    for file in files:
        file.close()
    return done


def _feed(into: BinaryIO, stdin: bytes) -> None:
    with suppress(BrokenPipeError), into:
        into.write(stdin)


# Serving


def _warm_up() -> None:
    """Import the commands, and build the models of what is read and recorded."""
    from ledger.cli.main import COMMANDS
    from ledger.interchange import jsonl
    from tests.ledger import on_record

    for module in {module for module, _ in COMMANDS.values()}:
        import_module(f"ledger.cli.{module}")
    for line in (on_record.RELEASES / "story.jsonl").read_bytes().splitlines():
        jsonl.read(line)
    list(on_record.golden())


def _serve(channel: socket.socket) -> tuple[bytes, list[int]] | None:
    """Wait for requests; returns one in a fork that answers it, and None at the end."""
    while True:
        asked, descriptors, *_ = socket.recv_fds(channel, LARGEST, 4)
        if not asked:
            return None
        if os.fork() == 0:
            return asked, descriptors
        for descriptor in descriptors:
            os.close(descriptor)


def _reap(*_: object) -> None:
    """Take note of the forks that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(asked: bytes, descriptors: list[int]) -> None:
    """Fork once more, into what waits for the command and says how it ended, and the command itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        for stream, descriptor in enumerate(descriptors[:3]):
            os.close(stream)
            os.close(descriptor)
        os.write(descriptors[3], b"%d\n" % pid)
        os.write(descriptors[3], b"%d" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os._exit(0)
    for stream, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, stream)
    os.closerange(3, max(descriptors) + 1)
    words, folder, environment, umask = json.loads(asked)
    os.chdir(folder)
    os.umask(umask)
    os.environ.clear()
    os.environ |= environment
    civic = Path(sys.executable).with_name("civic")
    sys.argv, sys.path[0] = [str(civic), *words], str(civic.parent)


if __name__ == "__main__":
    _warm_up()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        request_ = _serve(channel)
    if request_:
        _become(*request_)
        from ledger.cli.main import main

        main()
