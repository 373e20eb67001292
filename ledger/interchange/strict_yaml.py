"""YAML from outside, read without mercy: strings, lists and mappings, and nothing that could be read two ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ledger.interchange import strict_json

LARGEST: Final = 8 * 2**20
"""Bytes of one file; it is held in memory."""
MOST: Final = 500_000
"""Values in one file."""
DEEPEST: Final = strict_json.DEEPEST

Path = tuple[str | int, ...]
"""The keys and places that lead to a value."""


class YAMLFault(ValueError):
    """The text is not YAML that can be taken."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Tree:
    """What stands in a file."""

    value: object = ""
    """Strings, lists and dicts."""
    lines: dict[Path, int] = field(default_factory=dict)
    """The line at which each value begins."""

    def line(self, path: Path) -> int:
        """The line at which a value begins, or else what it would stand in."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def loads(content: bytes) -> Tree:
    """Read one document.

    Raises:
        YAMLFault: it is none, or could be read in two ways.
    """
    if len(content) > LARGEST:
        raise YAMLFault(1, f"the file takes more than {LARGEST:,} bytes: part it, or write JSON Lines")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YAMLFault(content.count(b"\n", 0, error.start) + 1, "is not UTF-8: save the file as UTF-8") from None
    if hidden := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        raise YAMLFault(line, f"holds the control character {ascii(hidden[0])[1:-1]}: take it out")
    try:
        return _Builder(yaml.parse(text, Loader=LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YAMLFault(mark.line + 1 if mark else 1, f"not YAML: {error.problem}; {_QUOTE}") from None


LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Only its parser is used, which knows strings alone; that of libyaml where it is there."""
_BLOCKS: Final = ("|", ">")
"""The styles of text on lines of its own, whose last line break belongs to the file."""
_QUOTE: Final = "text that holds ': ' or ' #', or begins with a mark as @ % & * ! [ {, must stand between quotes"


class _Builder:
    """A tree, built from the events of a parser, and given up at the first that is not taken."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._tree = Tree()

    def document(self) -> Tree:
        """The one document of a file; of a file without any, an empty string."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._tree.lines:
                    raise YAMLFault(_line(event), "a second document begins: a file holds one")
                self._tree.value = self._value(next(self._events), ())
        return self._tree

    def _value(self, event: yaml.NodeEvent, path: Path) -> object:
        self._take(event, path)
        if isinstance(event, yaml.ScalarEvent):
            value = str(event.value)
            return value.rstrip("\n") if event.style in _BLOCKS else value
        if isinstance(event, yaml.SequenceStartEvent):
            members = iter(self._next_member, None)
            return [self._value(member, (*path, place)) for place, member in enumerate(members)]
        return self._mapping(path)

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in iter(self._next_member, None):
            if not isinstance(key, yaml.ScalarEvent):
                raise YAMLFault(_line(key), "a list or mapping stands where a name should")
            name = str(key.value)
            if name in found:
                raise YAMLFault(_line(key), f"{name[:80]!r} stands twice in one mapping: leave one out")
            self._take(key, (*path, name))
            found[name] = self._value(next(self._events), (*path, name))
        return found

    def _next_member(self) -> yaml.NodeEvent | None:
        """The event with which the next member begins; None where the list or mapping ends."""
        event = next(self._events)
        return None if isinstance(event, yaml.CollectionEndEvent) else event

    def _take(self, event: yaml.NodeEvent, path: Path) -> None:
        """Refuse what a file of entries has no need of, and note where a value begins."""
        if isinstance(event, yaml.AliasEvent):
            raise YAMLFault(_line(event), f"*{event.anchor} stands for something written elsewhere: write it out here")
        if event.anchor is not None:
            raise YAMLFault(_line(event), f"&{event.anchor} names a value for use elsewhere: take it out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise YAMLFault(_line(event), f"{tag} says what kind of value follows: take it out, all are text")
        if len(path) > DEEPEST:
            raise YAMLFault(_line(event), f"nested too deep: {DEEPEST} levels are the most")
        if len(self._tree.lines) >= MOST:
            raise YAMLFault(_line(event), f"more than {MOST:,} values: part the file, or write JSON Lines")
        self._tree.lines.setdefault(path, _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
