"""For auditors: why a thing stands as it does, what changed, and how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from domain.dates import written
from domain.lifecycle import sides_of
from ledger.cli import output, things
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.phrases import absent, phrase
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when, day_of, when_of
from ledger.errors import UsageError
from projections import questions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.cli.desk import Desk
    from projections.questions import Row


@click.command("why", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def why_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Say why something stands as it does: the entry, what it rests on, what followed, and every source.

    JSON: a tree of {entry, type, on, summary, subject, grade, vote, evidence, because: [...], followed_by: [...]};
    of a link, the root also tells link, standing, kind, flags, suspended_by, since, certainty, assumed.
    """
    from ledger import audit
    from ledger.reading import Horizon, Reading

    with desk.views(when.recorded_by) as connection:
        found = things.find(desk, connection, thing)
        known = questions.first_known(connection, found.tag)
    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        if found.kind == "entry":
            tree: dict[str, Any] | None = audit.why_entry(reading, reading.as_recorded(things.entry_of(ledger, found)))
        elif found.kind == "link":
            tree = audit.why_link(reading, found.tag, found.name, when.as_of)
        else:
            tree = audit.why_paper(reading, found.tag, when.as_of)
    if tree is None:
        output.note(absent(found.name, when, known))
    elif format_ == "table":
        _print_tree(tree)
    else:
        output.say(output.to_json(tree, indent=2 if format_ == "json" else None))


def _print_tree(tree: dict[str, Any]) -> None:
    if "standing" in tree:
        row = {**tree, "possible": [tree["standing"]], "on": None}
        assumed = "; its beginning is assumed" if tree["assumed"] else ""
        flags = f"; {', '.join(tree['flags'])}" if tree["flags"] else ""
        grade = f"{tree['kind'] or 'kind unknown'}; evidence: {tree['grade']}{assumed}{flags}"
        output.say(output.safe(f"{tree['link']}: {phrase(row)} ({grade})"))
    _print_node(tree, "", "", set(), last=True)


def _print_node(
    node: dict[str, Any], lead: str, word: str, told: set[object], *, last: bool, root: bool = True
) -> None:
    """One entry and what hangs on it; an entry or a source that was told above is only named."""
    branch = "" if root else "└─ " if last else "├─ "
    line = f"{lead}{branch}{word}{node['entry']} {node['type']} {node['subject']}"
    if node["entry"] in told:
        output.say(output.safe(f"{line} (above)"))
        return
    told.add(node["entry"])
    dated = f"{line} {node['on'] or ''}".rstrip()
    output.say(output.safe(f"{dated}: {node['summary']}" if node["summary"] else dated))
    below = lead + ("" if root else "   " if last else "│  ")
    children = [
        *(("because ", child) for child in node["because"]),
        *(("followed by ", child) for child in node["followed_by"]),
    ]
    bar = "│  " if children else "   "
    for source in node["evidence"]:
        output.say(output.safe(f"{below}{bar}source: {_source(source, told)}"))
    for override in node.get("overrides", ()):
        output.say(output.safe(f"{below}{bar}overrides {override['rule']}: {override['reason']}"))
    for place, (child_word, child) in enumerate(children, 1):
        _print_node(child, below, child_word, told, last=place == len(children), root=False)


def _source(source: dict[str, Any], told: set[object]) -> str:
    where = f", {source['locator']}" if "locator" in source else ""
    document = (source["title"], source.get("url"), source["grade"])
    if document in told and "source" in source:
        return f"{source['source']}{where}"
    told.add(document)
    name = f"{source['source']}: " if "source" in source else ""
    published = f", published {source['published']}" if "published" in source else ", undated"
    url = f" <{source['url']}>" if "url" in source else ""
    return f"{name}{source['title']} ({source['grade']}{published}{where}){url}"


@click.command("diff", cls=GlobalOptions)
@click.argument("arguments", nargs=-1, required=True, metavar="[LINK] DATE [DATE]")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something differs.")
@click.option("--known-by", metavar="DATE", help="As far as the public could know by then.")
@asked_format
@click.pass_obj
def diff_(
    desk: Desk, arguments: tuple[str, ...], *, exit_code: bool, known_by: str | None, format_: str | None
) -> None:
    """Compare two days (the second is today unless given): of one link, with its letters and pledges, or of all.

    Fields (JSON): link, changes (an object of [before, after] by field), and for papers reference.
    """
    link = arguments[0] if "--" in arguments[0] else None
    days = arguments[1:] if link else arguments
    if not 1 <= len(days) <= 2:  # noqa: PLR2004 - from one day to another
        raise UsageError("diff compares two days", mend="civic diff coventry--volgograd 2022-03-01 2022-03-25")
    first = day_of(days[0], "the first date")
    known = when_of(desk, None, known_by, None)
    second = day_of(days[1], "the second date") if len(days) > 1 else known.as_of
    with desk.views() as connection:
        tag = things.find(desk, connection, link).tag if link else None
        if tag and not tag.startswith("link:"):
            raise UsageError(f"{link} is not a link", mend="diff compares links")
        changed = list(_changes(connection, tag, (first, second), known.known_by))
    form = output.chosen(format_)
    if form == "table":
        if not desk.quiet:
            output.note(f"From {written(first)} to {written(second)} · {len(changed)} changed")
        flat = [
            {"link": row["link"], "field": field, "before": before, "after": after}
            for row in changed
            for field, (before, after) in row["changes"].items()
        ]
        output.rows(flat, form, ("link", "field", "before", "after"))
    else:
        output.rows(changed, form, ("link", "reference", "changes"))
    if exit_code and changed:
        raise click.exceptions.Exit(1)


_COMPARED: Final = ("kind", "standing", "flags", "suspended_by", "since", "grade", "certainty", "possible")


def _changes(
    connection: sqlite3.Connection, tag: str | None, days: tuple[int, int], known_by: int
) -> Iterator[dict[str, Any]]:
    """What differs between two days, link by link, then the papers that concern the link."""
    before, after = (_stood(connection, "links", day, known_by, tag) for day in days)
    for link in sorted({*before, *after}):
        changes = _compared(before.get(link, {}), after.get(link, {}), _COMPARED)
        if changes:
            yield {"link": link, "changes": changes}
    if tag is None:
        return
    name = next(iter({**before, **after}), tag.removeprefix("link:"))
    for register in ("letters", "pledges"):
        was, now = (_stood(connection, register, day, known_by) for day in days)
        for reference in sorted({*was, *now}):
            if not _concerns(now.get(reference) or was[reference], tag):
                continue
            changes = _compared(_told(was.get(reference)), _told(now.get(reference)), ("standing",))
            if changes:
                kind = register.removesuffix("s")
                yield {"link": name, "reference": reference, "changes": {f"{kind} {reference}": changes["standing"]}}


def _stood(
    connection: sqlite3.Connection, name: str, day: int, known_by: int, tag: str | None = None
) -> dict[str, Row]:
    """The rows of a register at the end of a day, by what they are about."""
    register = questions.BY_NAME[name]
    return {row[register.subject]: row for row in questions.rows(connection, register, day, known_by, tag)}


def _concerns(row: Row, tag: str) -> bool:
    named = [*(row.get("announces") or ()), *(row.get("about") or ())]
    return any(tag == "link:" + "--".join(sorted(sides_of(name.rpartition(":")[2]))) for name in named)


def _told(row: Row | None) -> Row:
    return {"standing": phrase({**row, "on": None}).split(" since ")[0]} if row else {}


def _compared(before: Row, after: Row, fields: tuple[str, ...]) -> dict[str, list[object]]:
    """Both values of each field that differs; who is not listed stands at none."""
    nothing = {"standing": "none"}
    both = {field: [row.get(field, nothing.get(field)) for row in (before, after)] for field in fields}
    return {field: values for field, values in both.items() if (values[0] or None) != (values[1] or None)}


@click.command("replay", cls=GlobalOptions)
@click.argument("link", required=False, shell_complete=complete_thing)
@asked_when
def replay_(desk: Desk, link: str | None, when: When, format_: str) -> None:
    """Tell the life of a link from the entries themselves, step by step; without LINK, of every link.

    Fields (JSON): link, entry, on, type, by, before, after, kind, flags, unexplained.
    """
    from ledger import audit
    from ledger.reading import Horizon, Reading

    with desk.views(when.recorded_by) as connection:
        tags = [things.find(desk, connection, link).tag] if link is not None else questions.subjects(connection)
        known = questions.first_known(connection, tags[0]) if link is not None else None
    steps: list[dict[str, object]] = []
    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        for tag in tags:
            acts = reading.acts(tag) if tag.startswith("link:") else []
            if acts:
                steps.extend(audit.replay(acts, when.as_of))
    if link and not steps:
        output.note(absent(link, when, known))
    usual = ("entry", "on", "type", "by", "before", "after", "kind", "flags")
    if format_ == "table":
        output.rows(steps, format_, usual if link else ("link", *usual))
    else:
        output.rows(steps, format_, tuple(steps[0]) if steps else usual)
