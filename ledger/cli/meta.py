"""For learners: the fields of an event, the life cycle, the rules, and help on any topic."""

from __future__ import annotations

from typing import Any

import click

from ledger.cli import output
from ledger.cli.main import COMMANDS, civic
from ledger.cli.nouns import NOUNS
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.topics import TOPIC_OF, TOPICS
from ledger.errors import NotFound, UsageError


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
    elif topic in TOPICS or topic in TOPIC_OF:
        output.say(TOPICS[TOPIC_OF.get(topic, topic)])
    elif topic in RULES:
        rule = RULES[topic]
        output.say(f"{rule.id}: {rule.sentence}\nSource: {rule.source}")
    elif topic in NOUNS:
        from ledger.cli.record import record_

        _say_help(record_, record_.made(topic))
    elif topic in COMMANDS:
        _say_help(civic.made(topic))
    else:
        raise NotFound(
            f"there is no help on {topic!r}", mend=f"topics: {', '.join(TOPICS)}; any command, event or rule"
        )


def _say_help(*commands: click.Command) -> None:
    """Say the help of the last command, which is called by way of those before it."""
    context = civic.make_context("civic", ["help"], resilient_parsing=True)
    for command in commands:
        context = click.Context(command, info_name=command.name, parent=context)
    output.say(context.get_help())


@click.command("schema", cls=GlobalOptions)
@click.argument("what", required=False, metavar="[EVENT|lifecycle|rules|import|vote]")
@asked_format
def schema_(what: str | None, format_: str | None) -> None:
    """Print the fields of an event (JSON Schema), the life cycle, the rules, an import line, or the words of votes.

    Without a name, the events. Fields (JSON): event, sentence; of the life cycle: event, moves, from, to, sets, clears;
    of the rules: id, sentence, source; of the words of roll calls: of (vote, mark or heading), means, words.
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
    elif what == "vote":
        from ledger.interchange import roll_call_words

        output.rows(roll_call_words.words(), form, ("of", "means", "words"))
    else:
        schema = _json_schema(what.split("/", 1)[0])
        if form in ("csv", "tsv", "md"):
            raise UsageError(f"a JSON Schema has no rows for {form}", mend="leave -f out, or write -f json")
        output.say(output.to_json(schema, indent=None if form == "jsonl" else 2))


def _lifecycle() -> list[dict[str, object]]:
    from domain.lifecycle import LIFE_CYCLE, WORSE

    return [
        {
            "event": row.event,
            "moves": row.moves,
            "from": ["any"] if row.origins == WORSE else list(row.origins),
            "to": row.to,
            "sets": [flag for flag in (row.sets, row.another_kind) if flag],
            "clears": ["all"] if row.afresh else sorted(row.clears),
        }
        for row in LIFE_CYCLE
    ]


def _json_schema(what: str) -> dict[str, Any]:
    from domain.catalogue import EVENTS
    from ledger.cli.fields import described
    from ledger.everyday import event_advice
    from ledger.interchange import jsonl

    if what == "import":
        return jsonl.schema()
    if what not in EVENTS:
        raise NotFound(f"there is no event {what!r}", mend=event_advice(what, EVENTS, "civic schema lists them"))
    event = EVENTS[what]
    found = event.model_json_schema(by_alias=True)
    words = described(event)
    for name, field in event.model_fields.items():
        if name in words:
            found["properties"][field.alias or name].setdefault("description", words[name])
    return found


@click.command("completion", cls=GlobalOptions)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_(shell: str) -> None:
    """Print a script that completes commands, events and names: eval "$(civic completion bash)"."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    complete = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    output.say(complete(civic, {}, "civic", "_CIVIC_COMPLETE").source())
