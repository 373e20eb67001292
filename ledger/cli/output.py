"""What is printed: tables for people, JSON for programs, and nothing that a terminal would obey."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Literal, TextIO

import click

Format = Literal["table", "jsonl", "json", "csv", "tsv", "md"]
FORMATS: Final[tuple[Format, ...]] = ("table", "jsonl", "json", "csv", "tsv", "md")

_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u0600-\u06ff\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NARROWEST: Final = 20
"""Columns below which text is not broken between words."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe(text: str) -> str:
    r"""Recorded text as a terminal may show it: control, escape and bidi characters as `\x1b`, `\u202e`."""
    return _SUSPECT.sub(lambda found: _shown(found[0]), text)


def _shown(character: str) -> str:
    return ascii(character)[1:-1] if unicodedata.category(character) in _HIDDEN else character


def to_json(value: object, *, indent: int | None = None) -> str:
    """A value as JSON, its hidden characters escaped."""
    return safe_json(json.dumps(value, ensure_ascii=False, indent=indent))


def safe_json(text: str) -> str:
    """JSON that means the same, with its hidden characters escaped."""
    return _SUSPECT.sub(_json_escape, text)


def _json_escape(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\n" or unicodedata.category(character) not in _HIDDEN:
        return character  # a line break here is the indentation's; one in a string is escaped already
    return json.dumps(character)[1:-1] if character > "\x7f" else f"\\u{ord(character):04x}"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody reads or types there; nobody does where the stream was closed."""
    return stream is not None and stream.isatty()


def colored(setting: str, stream: TextIO | None) -> bool:
    """Whether to use color on a stream: as asked, else on a terminal unless NO_COLOR is set."""
    if setting != "auto":
        return setting == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and is_terminal(stream)


def chosen(asked: str | None) -> str:
    """The format asked for; else a table on a terminal, JSON Lines in a pipe."""
    return asked or ("table" if is_terminal(sys.stdout) else "jsonl")


class _Concluding:
    """Whether the command comes to its end although nobody reads its output any more."""

    now = False


@contextmanager
def concluding() -> Iterator[None]:
    """Come to the end although whoever read the output has left: the exit code is an answer too."""
    _Concluding.now = True
    try:
        yield
    finally:
        _Concluding.now = False


def let_go(stream: TextIO) -> None:
    """Drop what is written to a stream from now on: nobody reads it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say(text: str = "", *, color: bool | None = None) -> None:
    """Print a line of data; `color` says whether it has any, where that is not left to click.

    Raises:
        BrokenPipeError: nobody reads it any more, and the command need not come to its end.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "there is no standard output")
    try:
        click.echo(text, color=color)
    except BrokenPipeError:
        if not _Concluding.now:
            raise
        let_go(sys.stdout)


def hand_out(text: str) -> None:
    """Print what is meant for a file, as it is; on a terminal, as far as it may be shown there."""
    text = text.removesuffix("\n")
    say("\n".join(map(safe, text.split("\n"))) if is_terminal(sys.stdout) else text)


def note(text: str, *, color: bool | None = None) -> None:
    """Print a line for people, beside the data; where nobody reads it, the command goes on."""
    try:
        click.echo(text, err=True, color=color)
    except BrokenPipeError:
        let_go(sys.stderr)


def wrapped(text: str, *, indent: str = "", room: int = 0) -> list[str]:
    """Text in lines as wide as the terminal, broken between words; whole where nobody sees it on a terminal.

    `indent` begins every line but the first, which has its own; `room` is left free at the end of each.
    """
    width = shutil.get_terminal_size().columns - room if is_terminal(sys.stderr) else 0
    if len(text) <= width or width < _NARROWEST:
        return [text]
    lead = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=indent or lead,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )


def prose(text: str, *, indent: str = "") -> None:
    """Print recorded or other text for people, broken between words; its own line breaks stay."""
    for part in text.split("\n"):
        for line in wrapped(f"{indent}{safe(part)}"):
            note(line)


def rows(
    found: Iterable[Mapping[str, object]], format_: str, columns: Sequence[str], *, empty: str = "", struck: str = ""
) -> int:
    """Print rows in a format; returns how many. `columns` are those of the formats that need to know.

    In a table, the rows that hold something in the field `struck` are struck through.
    """
    match format_:
        case "jsonl":
            count = 0
            for count, row in enumerate(found, 1):  # noqa: B007 - counted as it goes
                say(to_json(row))
            return count
        case "json":
            listed = list(found)
            say(to_json(listed, indent=2))
        case "csv" | "tsv":
            listed = list(found)
            buffer = io.StringIO()
            writer = csv.writer(buffer, delimiter="\t" if format_ == "tsv" else ",", lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[cell(row.get(column)) for column in columns] for row in listed])
            say(buffer.getvalue().removesuffix("\n"))
        case "md":
            listed = list(found)
            say(_markdown(columns))
            say(_markdown(["---"] * len(columns)))
            for row in listed:
                say(_markdown([cell(row.get(column)) for column in columns]))
        case _:
            listed = list(found)
            if listed:
                table(listed, columns, struck)
            elif empty:
                note(empty)
    return len(listed)


def cell(value: object) -> str:
    """A value in one cell, on one line: lists joined, what is not known empty, and no is not the same as not known."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(cell(member) for member in value)
        case dict():
            return to_json(value)
        case _:
            return safe(str(value).replace("\n", " "))


def _markdown(cells: Iterable[str]) -> str:
    return "| " + " | ".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in cells) + " |"


def table(found: Sequence[Mapping[str, object]], columns: Sequence[str], struck: str = "") -> None:
    """Print a table as wide as the terminal, or as 200 characters where there is none."""
    from ledger.cli import grid

    context = click.get_current_context(silent=True)
    color = colored(context.obj.color if context and context.obj else "auto", sys.stdout)
    cells = [
        ({column: text for column in columns if (text := cell(row.get(column)))}, "strike" if row.get(struck) else "")
        for row in found
    ]
    width = None if is_terminal(sys.stdout) else 200
    for line in grid.lines(cells, columns, width=width, color=color):
        say(line, color=color)
