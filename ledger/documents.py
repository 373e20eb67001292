"""The document that a clerk holds: what identifies it, and whether it says what is quoted from it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.document_text import text_of
from ledger.errors import Conflict, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 50 * 2**20
"""Bytes of a document."""

_DOUBLE: Final = "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u275d\u275e\u301d\u301e\u301f\uff02"
_SINGLE: Final = "\u0060\u00b4\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u275b\u275c\uff07"
_UNSEEN: Final = "\u00ad\u200b\u2060\ufeff"
"""Marks for where a line may break, or may not."""
_ALIKE: Final = str.maketrans(
    {**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_UNSEEN, None)}
)
_BROKEN: Final = re.compile(r"(?<=[^\W_])[-\u00ad\u2010][ \t\r]*\n\s*(?=[^\W_])")
"""A word that goes on in the next line."""
_BREAK: Final = "\ue000"
"""Stands where a word was broken: its hyphen may be the word's own (cross-party), or the line's."""
_SEARCHED: Final = 2**22
"""Characters of a document in which a hint is looked for."""
_AROUND: Final = "\"'.,;:!?()[]-\u2013\u2014\u2026"
_SHOWN: Final = 400
"""Characters of a passage that is offered as a hint."""


class Document(NamedTuple):
    """A document as it was given."""

    sha256: str
    """Of its bytes."""
    text: str
    """All that can be read in it; of scanned pages, nothing."""


def read_document(path: Path) -> Document:
    """Read a document: plain text, HTML or PDF, told apart by what is in it.

    Raises:
        UsageError: it is not there, too large, of another kind, or cannot be read to its end.
    """
    content = _content(path)
    return Document(hashlib.sha256(content).hexdigest(), text_of(content, str(path)))


def holds(text: str, quote: str) -> bool:
    """Whether the very words of `quote` stand in `text`.

    White space, soft hyphens and those at the end of a line, ligatures and the style of quotation marks make no
    difference; everything else does.
    """
    told = _levelled(_BROKEN.sub(_BREAK, text))
    wanted = _levelled(_BROKEN.sub("", quote))
    pattern = f"{_BREAK}?".join(f"[-{_BREAK}]" if letter == "-" else re.escape(letter) for letter in wanted)
    return re.search(pattern, told) is not None


def documented(evidence: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Evidence with the SHA-256 of its document; its quote, if it has one, stands there word for word.

    Raises:
        Conflict: under that name another document is on record.
        UsageError: the document cannot be read, or does not hold the quote.
    """
    document = read_document(path)
    agree(evidence, document.sha256, str(path))
    quote = evidence.get("quote")
    if quote and not document.text.strip():
        raise UsageError(
            f"the quote cannot be checked: no text can be read in {path}",
            why="its pages are pictures, as a scanner makes them",
            mend="give the document without --source-quote, or the quote without the document",
        )
    if quote and not holds(document.text, quote):
        passage = nearest(document.text, quote)
        raise UsageError(
            f"the quote does not stand in {path}",
            why=f"the nearest passage reads: {passage}" if passage else "nothing like it stands there",
            mend="quote its very words, or leave the quote out",
        )
    return {**evidence, "sha256": document.sha256}


def agree(evidence: Mapping[str, Any], sha256: str, path: str) -> None:
    """Refuse a document that is not the one on record under the name of its source.

    Raises:
        Conflict: the bytes differ.
    """
    recorded = evidence.get("sha256", sha256)
    if recorded != sha256:
        name = f"the source {evidence['source']}" if evidence.get("source") else "the source"
        raise Conflict(
            f"{path} is not the document that is on record as {name}",
            why=f"its SHA-256 is {sha256}, and the one on record is {recorded}",
            mend="a source's name stands for one document: give this one a name of its own",
        )


def nearest(text: str, quote: str) -> str:
    """The passage that has most words on end in common with a quote; empty when it has hardly any."""
    words, wanted = _levelled(text[:_SEARCHED]).split(), _levelled(quote).split()
    matcher = SequenceMatcher(None, [_bare(word) for word in words], [_bare(word) for word in wanted], autojunk=False)
    match = matcher.find_longest_match()
    if match.size < min(3, len(wanted)):
        return ""
    start = max(match.a - match.b, 0)
    passage = " ".join(words[start : start + len(wanted)])
    return passage if len(passage) <= _SHOWN else f"{passage[:_SHOWN]} ..."


def _bare(word: str) -> str:
    """A word without its case and the marks around it, so that a slip in these still finds it."""
    return word.strip(_AROUND).casefold()


def _levelled(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(_ALIKE)).split())


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"{path} is no file", mend="look at the name of the document")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", mend="look at who may read it") from None
    if len(content) > LARGEST:
        raise UsageError(
            f"{path} takes more than {LARGEST // 2**20} MiB",
            mend="give the entry without the document, or a part of it",
        )
    return content
