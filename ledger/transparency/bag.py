"""The files of a bundle as a verifier takes them out, each held against the manifests on the way.

Source: RFC 8493 (BagIt).
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.transparency import bundle, bundle_archive
from ledger.transparency.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.transparency.bundle_archive import Archive

_SUM: Final = re.compile(r"([0-9a-f]{64})  ([!-~]+)")


class Bag:
    """The files of a bundle, each held against the manifests when it is read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._sums: dict[str, str] = {}
        self.names = archive.names
        self.unread = archive.names
        self.problems: list[str] = []

    def found(self) -> Iterator[Finding]:
        """What was found since this was asked last."""
        yield from (Finding("BUNDLE-MALFORMED", None, problem) for problem in self.problems)
        self.problems.clear()

    def read(self, name: str) -> bytes | None:
        """A file; None, and a problem, where it is not there or cannot be read."""
        self.unread.discard(name)
        if name not in self.names and name in self._sums:
            return None  # told with the manifest
        try:
            data = self._archive.read(name)
        except bundle_archive.Malformed as error:
            self.problems += error.problems
            return None
        if name != bundle.TAGMANIFEST and sha256(data).hexdigest() != self._sums.get(name):
            self.problems.append(f"{name} is not what the manifest says")
        return data

    def read_manifest(self, name: str) -> None:
        """Take in the sums of a manifest: the one of the tags first, which has that of the other."""
        own = name == bundle.TAGMANIFEST
        lines = (self.read(name) or b"").decode("latin-1").split("\n")
        if lines.pop():
            self.problems.append(f"{name} is cut short")
        for line in lines:
            found = _SUM.fullmatch(line)
            listed = found is not None and (found[2] in self._sums or found[2] == bundle.TAGMANIFEST)
            if found is None or listed or found[2].startswith(bundle.DATA) is own:
                self.problems.append(f"{name} is not written as it should be: {line[:80]!r}")
                return
            self._sums[found[2]] = found[1]
            if found[2] not in self.names:
                self.problems.append(f"{found[2]} is missing")
