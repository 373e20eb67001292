"""For auditors: why, what changed, how it came about, and whether the book is whole."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from domain.dates import written
from ledger.cli import output, things
from ledger.cli.desk import Until
from ledger.cli.main import GlobalGroup, GlobalOptions
from ledger.cli.reader import absent, complete_thing, phrase
from ledger.cli.when import When, asked_when, day_of, when_of
from ledger.errors import Conflict, UsageError
from projections import questions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.cli.desk import Desk

DAMAGED = 10


@click.command("why", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def why_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Say why something stands as it does: the entry, what it rests on, what followed, and every source.

    JSON: a tree of {entry, type, on, summary, subject, grade, vote, evidence, because: [...], followed_by: [...]};
    of a link, the root also tells link, standing, kind, flags, suspended_by, since, certainty, assumed.
    """
    from ledger import audit
    from ledger.cli.reader import entry_of

    with desk.views(when.recorded_by) as connection:
        found = things.find(connection, thing)
        known = questions.first_known(connection, found.tag)
    with desk.ledger(read_only=True) as ledger:
        reading = audit.Reading(ledger, audit.Horizon(when.as_of, when.known_by, when.recorded_by))
        if found.kind == "entry":
            tree: dict[str, Any] | None = audit.why_entry(reading, entry_of(ledger, found))
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
    branch = "" if root else ("└─ " if last else "├─ ")
    line = f"{lead}{branch}{word}{node['entry']} {node['type']} {node['subject']}"
    if node["entry"] in told:
        output.say(output.safe(f"{line} (above)"))
        return
    told.add(node["entry"])
    output.say(
        output.safe(": ".join(part for part in (f"{line} {node['on'] or ''}".rstrip(), node["summary"]) if part))
    )
    below = lead + ("" if root else ("   " if last else "│  "))
    children = [("because ", child) for child in node["because"]] + [
        ("followed by ", child) for child in node["followed_by"]
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
@click.option(
    "-f", "--format", "format_", type=click.Choice(output.FORMATS), help="Else a table on a terminal, jsonl in a pipe."
)
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
        tag = things.find(connection, link).tag if link else None
        if tag and not tag.startswith("link:"):
            raise UsageError(f"{link} is not a link", mend="diff compares links")
        changed = list(_changes(connection, tag, (first, second), known.known_by))
    if output.chosen(format_) == "table":
        if not desk.quiet:
            output.note(f"From {written(first)} to {written(second)} · {len(changed)} changed")
        flat = [
            {"link": row["link"], "field": field, "before": before, "after": after}
            for row in changed for field, (before, after) in row["changes"].items()
        ]  # fmt: skip
        output.rows(flat, "table", ("link", "field", "before", "after"))
    else:
        output.rows(changed, output.chosen(format_), ("link", "reference", "changes"))
    if exit_code and changed:
        raise click.exceptions.Exit(1)


_COMPARED = ("kind", "standing", "flags", "suspended_by", "since", "grade", "certainty", "possible")


def _changes(
    connection: sqlite3.Connection, tag: str | None, days: tuple[int, int], known_by: int
) -> Iterator[dict[str, Any]]:
    """What differs between two days, link by link, then the papers that concern the link."""
    before, after = (
        {str(row["link"]): row for row in questions.rows(connection, questions.BY_NAME["links"], day, known_by, tag)}
        for day in days
    )
    for link in sorted({*before, *after}):
        changes = _compared(before.get(link, {}), after.get(link, {}), _COMPARED)
        if changes:
            yield {"link": link, "changes": changes}
    if tag is None:
        return
    name = next(iter({**before, **after}), tag.removeprefix("link:"))
    for register in ("letters", "pledges"):
        was, now = (
            {
                str(row["reference"]): row
                for row in questions.rows(connection, questions.BY_NAME[register], day, known_by)
            }
            for day in days
        )
        for reference in sorted({*was, *now}):
            row = now.get(reference) or was[reference]
            if not _concerns(row, tag):
                continue
            changes = _compared(_told(was.get(reference)), _told(now.get(reference)), ("standing",))
            if changes:
                kind = register.removesuffix("s")
                yield {"link": name, "reference": reference, "changes": {f"{kind} {reference}": changes["standing"]}}


def _concerns(row: dict[str, object], tag: str) -> bool:
    named = [*(row.get("announces") or ()), *(row.get("about") or ())]  # type: ignore[misc]  # both hold lists
    return any(tag == "link:" + "--".join(sorted(str(name).rpartition(":")[2].split("--"))) for name in named)


def _told(row: dict[str, object] | None) -> dict[str, object]:
    return {"standing": phrase({**row, "on": None}).split(" since ")[0]} if row else {}


def _compared(before: dict[str, object], after: dict[str, object], fields: tuple[str, ...]) -> dict[str, list[object]]:
    nothing: dict[str, object] = {"standing": "none"}
    return {
        field: [before.get(field, nothing.get(field)), after.get(field, nothing.get(field))]
        for field in fields
        if before.get(field, nothing.get(field)) != after.get(field, nothing.get(field))
    }


@click.command("replay", cls=GlobalOptions)
@click.argument("link", required=False, shell_complete=complete_thing)
@asked_when
def replay_(desk: Desk, link: str | None, when: When, format_: str) -> None:
    """Tell the life of a link from the entries themselves, step by step; without LINK, of every link.

    Fields (JSON): link, entry, on, type, by, before, after, kind, flags, unexplained.
    """
    from ledger import audit

    with desk.views(when.recorded_by) as connection:
        tags = [things.find(connection, link).tag] if link else questions.subjects(connection)
    steps: list[dict[str, object]] = []
    with desk.ledger(read_only=True) as ledger:
        reading = audit.Reading(ledger, audit.Horizon(when.as_of, when.known_by, when.recorded_by))
        for tag in tags:
            if not tag.startswith("link:"):
                continue
            acts = reading.acts(tag)
            if acts:
                steps.extend(audit.replay(_spelled(acts), acts, when.as_of))
    if link and not steps:
        output.note(f"Nothing had happened to {link} by {written(when.as_of)}, as far as was known.")
    usual = ("entry", "on", "type", "by", "before", "after", "kind", "flags")
    output.rows(
        steps,
        format_,
        (usual if link else ("link", *usual)) if format_ == "table" else tuple(steps[0]) if steps else usual,
    )


def _spelled(acts: list[Any]) -> str:
    import json

    return str(json.loads(min(acts, key=lambda act: act.position).detail)["link"])


@click.command("export", cls=GlobalOptions)
@click.argument("format_", metavar="FORMAT", type=click.Choice(["jsonl"]))
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file, instead of standard output.",
)
@click.pass_obj
def export_(desk: Desk, format_: str, target: Path | None) -> None:
    """Write every entry in order, one JSON object a line, as `civic import` takes them.

    Fields (JSON): id, position, recorded_at, recorded_by, type, key, evidence, overrides, event.
    """
    from ledger.interchange.jsonl import line_of

    if target and target.exists():
        raise Conflict(f"{target} is there already", mend="choose another name, or move it away")
    with desk.ledger(read_only=True) as ledger:
        lines = (output.to_json(line_of(entry)) for entry in ledger.read())
        if target is None:
            for line in lines:
                output.say(line)
            return
        try:
            with target.open("x", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror}") from None


@click.command("doctor", cls=GlobalOptions)
@click.option("--deep", is_flag=True, help="Also rebuild the views in memory and compare every row.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(output.FORMATS), help="Else a table on a terminal, jsonl in a pipe."
)
@click.pass_obj
def doctor_(desk: Desk, *, deep: bool, format_: str | None) -> None:
    """Examine the ledger: schema and guards, pages, every entry, tags, positions, clock, views. Exit 10 when damaged.

    It finds accidents. It proves no history intact: whoever may write the folder may have rewritten it all.

    Fields (JSON): check, ok, found.
    """
    from ledger.doctor import Finding, examine

    findings = list(examine(desk.folder.entries))
    if all(finding.ok for finding in findings):
        findings.append(Finding("views", *_views_agree(desk, deep=deep)))
    output.rows((finding._asdict() for finding in findings), output.chosen(format_), Finding._fields)
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(DAMAGED)


def _views_agree(desk: Desk, *, deep: bool) -> tuple[bool, str]:
    """Whether the views follow the entries; deep: whether a rebuild gives the same rows."""
    from projections import projection, views

    with desk.views() as connection:
        mark = views.mark(connection)
        followed = mark.position if mark else 0
        if not deep:
            return True, f"follow all {followed} entries; --deep compares every row"
        with desk.ledger(read_only=True) as ledger, closing(views.connect(":memory:")) as fresh:
            projection.fill(fresh, Until(ledger, followed), mark or views.Mark(desk.folder.origin))
            same = list(views.dump(connection)) == list(views.dump(fresh))
    return (
        same,
        "every row is as a rebuild makes it" if same else "some rows differ from a rebuild: civic views rebuild",
    )


@click.group("views", cls=GlobalGroup)
def views_() -> None:
    """Look at the read models, or rebuild them; they can always be thrown away."""


@views_.command("status")
@click.pass_obj
def status_(desk: Desk) -> None:
    """Say how far the views follow the entries. Fields (JSON): position, head, current."""
    from ledger.cli.desk import views_mark
    from ledger.store import file

    with closing(file.connect(desk.folder.entries, read_only=True)) as entries:
        head = file.head(entries)
    mark = views_mark(desk.folder.views)
    position = mark.position if mark else None
    output.rows(
        [{"position": position, "head": head, "current": position == head}],
        output.chosen(None),
        ("position", "head", "current"),
    )


@views_.command("rebuild")
@click.pass_obj
def rebuild_(desk: Desk) -> None:
    """Make the views anew from the entries, and put them in place of the old ones."""
    position = desk.rebuild()
    output.note(f"rebuilt from {position} entries")


@views_.command("dump")
@click.pass_obj
def dump_(desk: Desk) -> None:
    """Write every table of the views, sorted by primary key, as canonical JSON Lines."""
    from projections import views

    with desk.views() as connection:
        for line in views.dump(connection):
            sys.stdout.write(line + "\n")
