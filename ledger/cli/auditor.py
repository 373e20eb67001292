"""For auditors: why a thing stands as it does, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli import output, things
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import absent, phrase
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when
from ledger.errors import UsageError
from projections import questions

if TYPE_CHECKING:
    from ledger.cli.desk import Desk

RELATIONS: Final = ("because", "preceded_by", "followed_by")
"""How the entries below one in the tree are related to it."""

_FLAT: Final = ("depth", "relation", "entry", "type", "subject", "on", "grade", "summary", "sources")
"""The columns of a tree in rows."""


@click.command("why", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def why_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Say why something stands as it does: the entry, what it rests on, what followed, and every source.

    JSON: a tree of {entry, type, on, summary, subject, grade, vote, evidence, because: [...], followed_by: [...]}, with
    preceded_by: [...] where something else surely came before; with corrected_by, corroborated_by, disputed_by,
    settled_by, redacted_by and noted_by where there are any, and with revisions and disputes, each with its changes: by
    field, as in vote.for, the value before and the value after. The root of a link also has link, standing, kind,
    flags, suspended_by, suspended_since (a day for each of those), since, certainty and assumed. In csv, tsv and md a
    row is an entry, with its depth in the tree and its relation to the one above.
    """
    from ledger import audit
    from ledger.reading import Horizon, Reading

    with desk.views(when.recorded_by) as connection:
        found = things.find(desk, connection, thing)
        known = questions.first_known(connection, found.tag)
    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        tree: dict[str, Any] | None = None
        if found.kind == "entry":
            entry = things.entry_of(ledger, found)
            known = reading.known_since(entry), entry.position
            told = reading.as_known(entry)
            tree = audit.why_entry(reading, told) if told else None
        elif found.kind == "link":
            tree = audit.why_link(reading, found.tag, found.name, when.as_of)
        else:
            tree = audit.why_paper(reading, found.tag, when.as_of)
    tree = tree and when.unsure(tree)
    if tree is None:
        output.note(absent(found.name, when, known))
    elif format_ == "table":
        _print_tree(tree)
    elif format_ in ("csv", "tsv", "md"):
        output.rows(_flat(tree, 0, "", set()), format_, _FLAT)
    else:
        output.say(output.to_json(tree, indent=2 if format_ == "json" else None))


def _flat(node: dict[str, Any], depth: int, relation: str, told: set[object]) -> Iterator[dict[str, Any]]:
    """A tree as rows; what hangs on an entry is told once."""
    sources = [source.get("source") or source["title"] for source in node["evidence"]]
    yield {**node, "depth": depth, "relation": relation, "sources": sources}
    if node["entry"] not in told:
        told.add(node["entry"])
        for below, child in _children(node):
            yield from _flat(child, depth + 1, below, told)


def _children(node: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The entries that hang on one, each with its relation to it."""
    return [(relation, child) for relation in RELATIONS for child in node.get(relation, ())]


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
    from domain.telling import records_in_words

    branch = "" if root else "└─ " if last else "├─ "
    line = f"{lead}{branch}{word}{node['entry']} {node['type']} {node['subject']}"
    if node["entry"] in told:
        output.say(output.safe(f"{line} (above)"))
        return
    told.add(node["entry"])
    dated = f"{line} {node['on'] or ''}".rstrip()
    output.say(output.safe(f"{dated}: {node['summary']}" if node["summary"] else dated))
    below = lead + ("" if root else "   " if last else "│  ")
    children = _children(node)
    bar = "│  " if children else "   "
    for source in node["evidence"]:
        output.say(output.safe(f"{below}{bar}source: {_source(source, told)}"))
    for record in records_in_words(node):
        output.say(output.safe(f"{below}{bar}{record}"))
    for override in node.get("overrides", ()):
        output.say(output.safe(f"{below}{bar}overrides {override['rule']}: {override['reason']}"))
    for place, (relation, child) in enumerate(children, 1):
        _print_node(child, below, f"{relation.replace('_', ' ')} ", told, last=place == len(children), root=False)


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


STEP_FIELDS: Final = (
    "link", "entry", "on", "type", "by", "before", "after", "row", "kind", "flags", "unexplained",
)  # fmt: skip


@click.command("replay", cls=GlobalOptions)
@click.argument("link", required=False, shell_complete=complete_thing)
@asked_when
def replay_(desk: Desk, link: str | None, when: When, format_: str) -> None:
    """Tell the life of a link from the entries themselves, step by step; without LINK, of every link.

    Fields (JSON): link, entry, on, type, by, before, after, row (of the life cycle), kind, flags, unexplained.
    """
    from ledger import audit
    from ledger.reading import Horizon, Reading

    with desk.views(when.recorded_by) as connection:
        tags = [things.find(desk, connection, link).tag] if link is not None else questions.subjects(connection)
        known = questions.first_known(connection, tags[0]) if link is not None else None
    if link is not None and not tags[0].startswith("link:"):
        raise UsageError(f"{link} is no link", mend=f"replay tells the life of a link; of others: civic history {link}")
    steps: list[dict[str, object]] = []
    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        for tag in tags:
            acts = reading.acts(tag) if tag.startswith("link:") else []
            if acts:
                steps.extend(audit.replay(acts, when.as_of))
    if link and not steps:
        output.note(absent(link, when, known))
    shown = [field for field in STEP_FIELDS if field != "unexplained" and (field != "link" or not link)]
    output.rows(steps, format_, shown if format_ == "table" else STEP_FIELDS)
