"""For learners: the fields of an event, the life cycle, the rules, and help on any topic."""

from __future__ import annotations

from typing import Any

import click

from ledger.cli import output
from ledger.cli.main import COMMANDS, GlobalOptions, civic
from ledger.cli.nouns import NOUNS
from ledger.errors import NotFound

TOPICS = {
    "dates": (
        "Dates are kept as the source gives them (EDTF): 2022-03-22, 2022-03, 2022; 1944~ about, '2022-02-26?' uncertain,\n"
        "1941% both (keep the quotes: shells eat ? and brackets); 199X, 19XX; 2022-03-23..2022-04-04 some day between the\n"
        "two (in a file: [2022-03-23..2022-04-04]), ..2022-02-24 that day or before. ? and ~ widen by one unit of the\n"
        "precision written, % by two. A term is an interval: 1962/1991, 1962/.. when it has no end.\n"
        "03/04/2022 is refused: it is two dates."
    ),
    "grades": (
        "The grade of evidence follows the speaker, not the site: official (minutes, a decision record, a signed agreement),\n"
        "council (the body's own statement, draft minutes, the partner's own page), press (also a leader quoted in a paper),\n"
        "third-party (somebody about somebody else). A standing has the best grade of the entry that gave it."
    ),
    "sources": (
        "Name a source once: --source minutes-0322 --source-title TITLE --source-grade official --source-published DATE.\n"
        "Afterwards --source minutes-0322 is enough, and --source minutes-0322:'item 12' says where in it.\n"
        "CIVIC_SOURCE names the source of a whole script. A URL is kept, never fetched."
    ),
    "clocks": (
        "Every question looks by three clocks. --as-of DATE: the world at the end of that day. --known-by DATE: what the\n"
        "public could know by then, from the dates on which sources were published (without one, from the day of recording).\n"
        "--recorded-by POSITION|DATE: what this ledger held by then. Answers are yes, possibly or no; where dates leave it\n"
        "open, `possible` lists every standing."
    ),
    "references": (
        "A reference is body/when/name: coventry/2022-03-22/ukraine. `when` is a label, fixed at first use and never read as\n"
        "a date. #2 names the second limb of a resolution. An event that introduces a paper takes the bare name, and puts\n"
        "the ledger's keeper and the date before it. For reading, any unique ending will do: civic show ukraine."
    ),
    "overrides": (
        "Some rules can be overridden, when only a date in doubt (? ~ %) stands against an entry:\n"
        "--override RULE:REASON. The rule and the reason are stored in the entry for ever and shown with it."
    ),
    "exit-codes": (
        " 0  done\n 1  a bug of ours\n 2  not understood, or a confirmation is needed and nobody can be asked\n"
        " 3  not found\n 4  refused by a rule, nothing written\n 5  something else is there already\n"
        " 6  busy or unreachable, nothing written: try again\n 7  not known whether it was written\n"
        "10  the ledger disagrees with itself\n130  interrupted, nothing written"
    ),
    "damage": (
        "The ledger's files are not as they were written. Keep the folder as it is, make a copy of it, and compare with the\n"
        "last good copy. civic doctor says what it finds. views.sqlite may be deleted at any time; nothing else may."
    ),
}

_SLUGS = {
    "usage": "exit-codes", "not-found": "exit-codes", "refused": "exit-codes", "conflict": "exit-codes",
    "unavailable": "exit-codes", "outcome-unknown": "exit-codes",
}  # fmt: skip


@click.command("help", cls=GlobalOptions)
@click.argument("topic", required=False)
@click.pass_context
def help_(context: click.Context, topic: str | None) -> None:
    """Explain a topic, a command, an event, a rule or an error."""
    from domain.rules import RULES

    if topic is None:
        root = context.find_root()
        output.say(root.get_help())
        output.say(f"\nTopics: {', '.join(TOPICS)}, any command, event or rule.")
    elif topic in TOPICS or topic in _SLUGS:
        output.say(TOPICS[_SLUGS.get(topic, topic)])
    elif topic in RULES:
        rule = RULES[topic]
        output.say(f"{rule.id}: {rule.sentence}\nSource: {rule.source}")
    elif topic in NOUNS:
        _help_of(["record", topic])
    elif topic in COMMANDS:
        _help_of([topic])
    else:
        raise NotFound(
            f"there is no help on {topic!r}", mend=f"topics: {', '.join(TOPICS)}; any command, event or rule"
        )


def _help_of(names: list[str]) -> None:
    context = civic.make_context("civic", ["help"], resilient_parsing=True)
    command: click.Command | None = civic
    for name in names:
        assert isinstance(command, click.Group)  # noqa: S101 - for the type checker: only groups have names below
        command = command.get_command(context, name)
        assert command is not None  # noqa: S101 - for the type checker: the name is one of its own
        context = click.Context(command, info_name=name, parent=context)
    output.say(context.get_help())


@click.command("schema", cls=GlobalOptions)
@click.argument("what", required=False, metavar="[EVENT|lifecycle|rules|import]")
@click.option(
    "-f", "--format", "format_", type=click.Choice(output.FORMATS), help="Else a table on a terminal, jsonl in a pipe."
)
def schema_(what: str | None, format_: str | None) -> None:
    """Print the fields of an event (JSON Schema), the life cycle of links, the rules, or the form of an import line.

    Without a name, the events. Fields (JSON): event, sentence; of the life cycle: event, moves, from, to, sets, clears;
    of the rules: id, sentence, source.
    """
    form = output.chosen(format_)
    if what is None:
        output.rows(
            ({"event": name, "sentence": sentence} for name, sentence in NOUNS.items()), form, ("event", "sentence")
        )
    elif what == "lifecycle":
        output.rows(_lifecycle(), form, ("event", "moves", "from", "to", "sets", "clears"))
    elif what == "rules":
        from domain.rules import RULES

        columns = ("id", "sentence", "source")
        output.rows(({"id": r.id, "sentence": r.sentence, "source": r.source} for r in RULES.values()), form, columns)
    else:
        output.say(output.to_json(_json_schema(what.split("/", 1)[0]), indent=2))


def _lifecycle() -> list[dict[str, object]]:
    from domain.lifecycle import LIFE_CYCLE, WORSE

    return [
        {
            "event": row.event, "moves": row.moves, "from": ["any"] if row.origins == WORSE else list(row.origins),
            "to": row.to, "sets": [flag for flag in (row.sets, row.another_kind) if flag],
            "clears": ["all"] if row.afresh else sorted(row.clears),
        }
        for row in LIFE_CYCLE
    ]  # fmt: skip


def _json_schema(what: str) -> dict[str, Any]:
    from domain.catalogue import EVENTS
    from ledger.interchange import jsonl

    if what == "import":
        return jsonl.schema()
    if what not in EVENTS:
        raise NotFound(f"there is no event {what!r}", mend="civic schema lists them")
    return EVENTS[what].model_json_schema(by_alias=True)


@click.command("completion", cls=GlobalOptions)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_(shell: str) -> None:
    """Print a script that completes commands, events and names: eval "$(civic completion bash)"."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - for the type checker: click knows these three
    output.say(found(civic, {}, "civic", "_CIVIC_COMPLETE").source())
