"""Reads HTML or PDF from standard input and writes its text: run as a process of its own, under limits."""

from __future__ import annotations

import io
import re
import resource
import sys
from contextlib import suppress
from typing import Final

from ledger.document_text import CANNOT, MISSING

MOST: Final = 50 * 2**20
"""Bytes of text that a document may hold."""

_INLINE: Final = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
     "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr"}
)  # fmt: skip
"""Elements that part no words; all others do."""
_HIDDEN: Final = frozenset({"script", "style", "template"})
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_-]+)""")
_REALLY: Final = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}
"""Names of encodings that pages use for another (WHATWG Encoding Standard)."""


class CannotRead(Exception):
    """The document cannot be read; the message says why."""


def main() -> int:
    """Read what is asked for; returns the exit code."""
    kind, memory = sys.argv[1:]
    _limit(int(memory))
    content = sys.stdin.buffer.read()
    try:
        text = pdf(content) if kind == "pdf" else html(content, marked=kind == "marked-html")
        told = text.encode(errors="replace")
    except CannotRead as error:
        return _say_why(str(error))
    except MemoryError:
        return _say_why(f"it takes more than {int(memory) // 2**20:,} MiB of memory")
    except ModuleNotFoundError as error:
        sys.stderr.write(str(error.name))
        return MISSING
    if len(told) > MOST:
        return _say_why(f"it holds more than {MOST // 2**20} MiB of text")
    sys.stdout.buffer.write(told)
    return 0


def pdf(content: bytes) -> str:
    """The text of a PDF, page by page.

    Raises:
        CannotRead: it is locked or broken.
    """
    import logging

    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    logging.disable()
    try:
        reader = PdfReader(io.BytesIO(content))
        opened = not reader.is_encrypted or reader.decrypt("")
        pages = [page.extract_text() for page in reader.pages] if opened else None
    except MemoryError:
        raise
    except DependencyError:
        raise CannotRead("it is locked, in a way that cannot be opened here") from None
    except Exception as error:  # noqa: BLE001 - a broken file is told, whatever it breaks
        raise CannotRead(f"it is a broken PDF: {error}") from None
    if pages is None:
        raise CannotRead("it is locked with a password")
    return "\n".join(pages)


def html(content: bytes, *, marked: bool) -> str:
    """The text of a page, with a line break where one would be seen; `marked` as UTF-8 at its beginning.

    Raises:
        CannotRead: there is no page in it, or too large a one.
    """
    from lxml import etree

    page = content if marked else _decoded(content).encode(errors="replace")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(page, parser)
    except etree.XMLSyntaxError:
        raise CannotRead("its page is too large to be taken apart") from None
    if root is None:
        raise CannotRead("there is no page in it")
    parts: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        apart = "" if element.tag in _INLINE else "\n"
        if event == "end":
            parts += [apart, element.tail or ""]
        elif element.tag in _HIDDEN:
            walker.skip_subtree()
        else:
            parts += [apart, element.text or ""]
    return "".join(parts)


def _decoded(content: bytes) -> str:
    """A page as text: as it declares, else UTF-8, else as Windows wrote it."""
    declared = _DECLARED.search(content[:4096])
    name = declared[1].decode().lower() if declared else "utf-8"
    for encoding in (_REALLY.get(name, name), "utf-8"):
        with suppress(LookupError, ValueError):
            return content.decode(encoding)
    return content.decode("cp1252", errors="replace")


def _say_why(reason: str) -> int:
    sys.stderr.write(reason)
    return CANNOT


def _limit(memory: int) -> None:
    """Bound the memory of this process, as far as the system lets us."""
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))


if __name__ == "__main__":
    sys.exit(main())
