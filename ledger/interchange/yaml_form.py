"""YAML: sources under their names, and entries that name them; every value is text, and read by its field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from domain.catalogue import EVENTS
from domain.values import Evidence
from ledger.interchange import jsonl, short, strict_json, strict_yaml
from ledger.interchange.forms import FileFault, Piece
from ledger.interchange.full import typed
from ledger.interchange.jsonl import Fault, LineFault
from ledger.interchange.sources import SourceFault, Sources

if TYPE_CHECKING:
    from domain.entry import Draft

HEAD: Final = ("sources", "entries")
OF_ENTRY: Final = ("type", "key", "source", "sources", "overrides", "event")
_NO_PARTICULAR: Final = f"is no particular of a source: they are {', '.join(Evidence.model_fields)}"
_HOW: Final = "a file holds sources (a mapping, if any) and entries (a list, each with type, source and event)"


class YAMLForm:
    """A file of entries in YAML, held in memory."""

    called = ("entry", "entries")

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tree = strict_yaml.Tree()
        self._head: dict[str, Any] = {}
        self._entries: dict[int, tuple[int, Any]] = {}
        """By the line at which an entry begins: its place in the list, and what stands there."""

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece]:
        """The entries; all that is wrong with what stands before them is told first."""
        try:
            self._tree = strict_yaml.loads(_joined(lines))
        except strict_yaml.YAMLFault as fault:
            raise FileFault([(fault.line, Fault("yaml", str(fault)))]) from None
        whole = self._tree.value
        if not isinstance(whole, dict) or not isinstance(whole.get("entries"), list):
            raise FileFault([(self._tree.line(()), Fault("entries", f"is not here as a list: {_HOW}"))])
        faults = [
            (self._tree.line((name,)), Fault(name, f"is not known: {_HOW}")) for name in whole if name not in HEAD
        ]
        faults += self._take_sources(whole.get("sources", {}))
        for place, entry in enumerate(whole["entries"]):
            line = self._tree.line(("entries", place))
            if line in self._entries:
                faults.append((line, Fault("entries", "begins where another does: give each a line of its own")))
            self._entries[line] = place, entry
        if faults:
            raise FileFault(faults)
        return (Piece(line) for line in self._entries)

    def read(self, piece: Piece) -> Draft:
        """An entry as a draft; every fault is told with the line at which it stands."""
        place, entry = self._entries[piece.number]
        try:
            return self._draft(entry)
        except LineFault as found:
            raise LineFault([self._placed(place, fault) for fault in found.faults]) from None

    def written(self, pieces: Sequence[Piece], *, headed: bool) -> bytes:
        """The entries under their sources, without comments."""
        head = {"sources": self._head} if self._head else {}
        told = (_dumped(head) if head else b"") + b"entries:\n" if headed else b""
        return told + b"".join(_dumped([self._entries[piece.number][1]]) for piece in pieces)

    def _take_sources(self, given: object) -> Iterator[tuple[int, Fault]]:
        """Describe the sources of the head; what is wrong with them is told."""
        if not isinstance(given, dict):
            yield self._tree.line(("sources",)), Fault("sources", f"is not a mapping: {_HOW}")
            return
        self._head = given
        for slug, particulars in given.items():
            for fault in self._described(slug, particulars):
                path = ("sources", slug, *fault.field.split("."))
                yield self._tree.line(path), Fault(f"sources.{slug}.{fault.field}".rstrip("."), fault.message)

    def _described(self, slug: str, particulars: object) -> list[Fault]:
        if not isinstance(particulars, dict):
            return [Fault("", "is not a mapping: write its title, grade and what else is known, a line each")]
        if "source" in particulars:
            return [Fault("source", "is the name above: take it out")]
        faults = [Fault(name, _NO_PARTICULAR) for name in particulars if name not in Evidence.model_fields]
        given = typed(Evidence, particulars, faults)
        if faults:
            return faults
        try:
            self._sources.describe(slug, given)
            Evidence.model_validate_json(json.dumps(self._sources.evidence({"source": slug})))
        except SourceFault as fault:
            return [Fault(fault.field, str(fault))]
        except ValidationError as error:
            return jsonl.faults_of(error, EVENTS["note-added"])
        return []

    def _draft(self, entry: object) -> Draft:
        if not isinstance(entry, dict):
            raise LineFault([Fault("entries", f"is not an entry: {_HOW}")])
        faults = [
            Fault(name, f"is not known here: an entry has {', '.join(OF_ENTRY)}")
            for name in entry
            if name not in OF_ENTRY
        ]
        given = entry.get("event")
        event = EVENTS.get(str(entry.get("type")).split("/", 1)[0])
        if event and not isinstance(given, dict):
            raise LineFault([*faults, Fault("event", "is missing: write its fields under it, a line each")])
        evidence, named = self._evidence(entry, faults)
        line = {
            **{name: entry[name] for name in ("type", "key") if name in entry},
            "evidence": evidence,
            "overrides": _overrides(entry.get("overrides", []), faults),
            "event": typed(event, given, faults) if event and isinstance(given, dict) else given,
        }
        try:
            draft = jsonl.draft_of(line)
        except LineFault as found:
            more = [Fault(_renamed(fault.field, named), fault.message) for fault in found.faults]
            raise LineFault([*faults, *(fault for fault in more if not _told(fault.field, faults))]) from None
        if faults:
            raise LineFault(faults)
        return draft

    def _evidence(self, entry: dict[str, Any], faults: list[Fault]) -> tuple[list[dict[str, Any]], list[str]]:
        """The sources of an entry, and where each is named."""
        if "source" in entry and "sources" in entry:
            faults.append(Fault("source", "stands beside sources: name all in the list"))
        several = entry.get("sources", [])
        if not isinstance(several, list):
            faults.append(Fault("sources", "is a list: write each behind a dash; one alone is a source"))
            several = []
        named = {"source": entry["source"]} if "source" in entry else {f"sources.{n}": o for n, o in enumerate(several)}
        return [self._source(path, given, faults) for path, given in named.items()], list(named)

    def _source(self, path: str, given: object, faults: list[Fault]) -> dict[str, Any]:
        """One source: its name, with the place in it; or a mapping of all that the entry says of it."""
        before = len(faults)
        mapping = {"source": given} if isinstance(given, str) else given
        if not isinstance(mapping, dict):
            faults.append(Fault(path, "is neither a source's name nor a mapping of its title, grade and the rest"))
            return _TOLD_ABOVE
        read = typed(Evidence, mapping, faults, f"{path}.")
        if len(faults) == before:
            try:
                return self._sources.evidence(read)
            except SourceFault as fault:
                faults.append(Fault(path if isinstance(given, str) else f"{path}.{fault.field}", str(fault)))
        return _TOLD_ABOVE

    def _placed(self, place: int, fault: Fault) -> Fault:
        """A fault with the line at which it stands."""
        parts = tuple(int(part) if part.isdecimal() else part for part in fault.field.split("."))
        within = ("entries", place)
        path = (*within, "event", *parts) if (*within, "event", parts[0]) in self._tree.lines else (*within, *parts)
        return Fault(fault.field, fault.message, self._tree.line(path))


_TOLD_ABOVE: Final = {"title": "-", "grade": "press"}
"""Stands for a source of which it is told what is wrong with it, so that it is told once."""


def _overrides(given: object, faults: list[Fault]) -> list[object]:
    if not isinstance(given, list):
        faults.append(Fault("overrides", "is a list: write RULE:REASON behind a dash"))
        return []
    found = []
    for place, one in enumerate(given):
        try:
            found.append(short.override(one) if isinstance(one, str) else one)
        except ValueError as error:
            faults.append(Fault(f"overrides.{place}", str(error)))
    return found


def _told(path: str, faults: Sequence[Fault]) -> bool:
    """Whether something was said of a field already, of what it stands in, or of what stands in it."""
    within = f"{path}."
    return any(f"{one.field}.".startswith(within) or within.startswith(f"{one.field}.") for one in faults)


def _renamed(path: str, named: Sequence[str]) -> str:
    """A field of the evidence by the name it has in the file."""
    first, *rest = path.split(".")
    if first != "evidence":
        return path
    return ".".join([named[int(rest[0])], *rest[1:]]) if rest else "source"


def _joined(lines: Iterable[bytes]) -> bytes:
    """The whole file, or just enough of it to be refused.

    Raises:
        YAMLFault: a line of it is too long.
    """
    content = bytearray()
    for number, line in enumerate(lines, 1):
        if len(line) > strict_json.LONGEST:
            raise strict_yaml.YAMLFault(number, f"the line takes more than {strict_json.LONGEST:,} bytes")
        content += line
        if len(content) > strict_yaml.LARGEST:
            break
    return bytes(content)


def _dumped(value: object) -> bytes:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    told = yaml.dump(value, Dumper=dumper, allow_unicode=True, default_flow_style=False, sort_keys=False, width=10**6)
    return str(told).encode()
