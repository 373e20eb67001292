"""Proofs as files: that an entry is in the log, and that one checkpoint continues another.

Source: C2SP tlog-proof, and tlog-witness, whose request body is the file of a consistency proof.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.transparency import note
from ledger.transparency.merkle import HASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.transparency.note import Checkpoint

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST: Final = 63
"""Hashes in a proof: the height of the highest tree."""


def written_inclusion(index: int, hashes: Sequence[bytes], checkpoint: Checkpoint) -> str:
    """A tlog-proof: where the leaf stands (from 0), the hashes beside its way up, the checkpoint."""
    return f"{_FIRST}\nindex {index}\n{_lines(hashes)}\n{checkpoint}"


def parse_inclusion(whole: bytes) -> tuple[int, list[bytes], Checkpoint]:
    """Read a tlog-proof.

    Raises:
        note.Malformed: it is not one.
    """
    head, checkpoint = _halves(whole)
    if head[:1] != [_FIRST]:
        msg = f"it does not begin with {_FIRST}"
        raise note.Malformed(msg)
    # What is extra is not judged: the one of the specification's own example is not base64.
    rest = head[2:] if len(head) > 1 and head[1].startswith("extra ") else head[1:]
    return _numbered(rest, "index"), _hashes(rest[1:]), checkpoint


def written_consistency(old: int, hashes: Sequence[bytes], checkpoint: Checkpoint) -> str:
    """The body of a request to a witness: the size it knows, the proof, the new checkpoint."""
    return f"old {old}\n{_lines(hashes)}\n{checkpoint}"


def parse_consistency(whole: bytes) -> tuple[int, list[bytes], Checkpoint]:
    """Read a consistency proof.

    Raises:
        note.Malformed: it is not one.
    """
    head, checkpoint = _halves(whole)
    return _numbered(head, "old"), _hashes(head[1:]), checkpoint


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{note.to_base64(one)}\n" for one in hashes)


def _halves(whole: bytes) -> tuple[list[str], Checkpoint]:
    head, gap, checkpoint = whole.partition(b"\n\n")
    if not gap:
        msg = "it has no empty line before the checkpoint"
        raise note.Malformed(msg)
    try:
        return head.decode("ascii").split("\n"), note.parse_checkpoint(checkpoint)
    except UnicodeDecodeError as error:
        msg = "it is not made of plain lines"
        raise note.Malformed(msg) from error


def _numbered(lines: Sequence[str], word: str) -> int:
    said, _, number = lines[0].partition(" ") if lines else ("", "", "")
    if said != word or not _NUMBER.fullmatch(number):
        msg = f"a line `{word} NUMBER` is missing"
        raise note.Malformed(msg)
    return int(number)


def _hashes(lines: Sequence[str]) -> list[bytes]:
    if len(lines) > _MOST:
        msg = f"it holds {len(lines)} hashes, more than any tree is high"
        raise note.Malformed(msg)
    found = [note.from_base64(line) for line in lines]
    if any(len(one) != HASH for one in found):
        msg = f"a hash has {HASH} bytes"
        raise note.Malformed(msg)
    return found
