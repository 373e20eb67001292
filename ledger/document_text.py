"""The text of a document: plain text is read here, HTML and PDF by libraries in a process of their own.

Whoever made a document may have wished harm. A page that unpacks without end, or leads its reader in circles, ends that
process, which has bounded time and memory, and leaves ours as it was.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Final

from ledger.errors import UsageError

PATIENCE: Final = 60
"""Seconds after which a reading is given up."""
MEMORY: Final = 2 * 2**30
"""Bytes that a reading may take."""
CANNOT: Final = 3
"""The exit code of a reader that says why it could not read."""
MISSING: Final = 4
"""The exit code of a reader that names the library it needs."""

_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
"""By the bytes at the beginning: how the others are written."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|div|p)\b", re.IGNORECASE)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def text_of(content: bytes, name: str) -> str:
    """All that can be read in a document called `name`.

    Raises:
        UsageError: it is neither text, HTML nor PDF, or cannot be read to its end.
    """
    if b"%PDF-" in content[:1024]:
        return _apart("pdf", content, name)
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    if mark:
        content = content[len(mark) :].decode(_MARKS[mark], errors="replace").encode()
    if content.lstrip().startswith(b"<") and _HTML.search(content[:4096]):
        return _apart("marked-html" if mark else "html", content, name)
    if _NO_TEXT.search(content):
        raise UsageError(
            f"{name} is neither text, HTML nor PDF",
            mend="give the document as it was published in one of these forms, or the entry without the document",
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _apart(kind: str, content: bytes, name: str) -> str:
    """What a reader in a process of its own makes of a document.

    `-P` keeps it from taking modules out of the folder in which the clerk happens to be.
    """
    command = [sys.executable, "-P", "-m", "ledger.document_reader", kind, str(MEMORY)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        raise _unread(name, f"it takes more than {PATIENCE} seconds") from None
    if done.returncode == 0:
        return done.stdout.decode()
    if done.returncode == CANNOT:
        raise _unread(name, done.stderr.decode(errors="replace").strip())
    if done.returncode == MISSING:
        raise UsageError(
            f"{name} cannot be read: {done.stderr.decode()} is not installed",
            why="the libraries that read PDF and HTML are an extra of civic-ledger",
            mend="pip install 'civic-ledger[documents]', or give the entry without the document",
        )
    raise _unread(name, "it brings its reader to a fall")


def _unread(name: str, why: str) -> UsageError:
    return UsageError(
        f"{name} cannot be read", why=why, mend="look at the document again, or give the entry without the document"
    )
