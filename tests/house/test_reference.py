"""docs/reference.md says what the code says: every event with its fields, every rule, every row of the life cycle.

To write it anew: UPDATE_DOCS=1 pytest tests/house/test_reference.py
"""

import os
from collections.abc import Iterator

from domain.catalogue import EVENTS
from domain.lifecycle import LIFE_CYCLE, WORSE
from domain.rules import RULES
from ledger.cli.fields import described
from ledger.cli.nouns import NOUNS
from ledger.interchange.roll_call_words import words
from tests.house import ROOT

REFERENCE = ROOT / "docs" / "reference.md"


def test_the_reference_says_what_the_code_says() -> None:
    """Every line of it is made from the code."""
    made = "\n".join(lines()) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        REFERENCE.write_text(made, encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == made


def lines() -> Iterator[str]:
    """The whole page."""
    yield "# Reference"
    yield ""
    yield "Made from the code. The same at hand: `civic schema`, `civic schema EVENT`, `civic record EVENT --help`,"
    yield "`civic schema rules`, `civic schema vote`, `civic schema lifecycle`."
    yield ""
    yield "## Events"
    yield ""
    yield "A field with a star is needed. Every event may have a `note`."
    for name, event in EVENTS.items():
        yield ""
        yield f"### {name}"
        yield ""
        yield f"{NOUNS[name]}"
        yield ""
        described_fields = described(event)
        for field, info in event.model_fields.items():
            if field != "note":
                star = "\\*" if info.is_required() else ""
                yield f"- `{info.alias or field}`{star} - {described_fields[field]}"
    yield ""
    yield "## Rules"
    yield ""
    yield "| rule | what it says | where it comes from |"
    yield "|---|---|---|"
    for rule in RULES.values():
        yield f"| `{rule.id}` | {rule.sentence} | {rule.source} |"
    yield ""
    yield "## Words of roll calls"
    yield ""
    yield "What cells and headings of a roll call may say, in any case (`civic schema vote`, `civic help votes`)."
    yield "Any other word in a cell is refused with its line."
    yield ""
    yield "| of | means | words |"
    yield "|---|---|---|"
    for word in words():
        yield f"| {word['of']} | {word['means']} | {', '.join(word['words'])} |"
    yield ""
    yield "## The life cycle of a link"
    yield ""
    yield "A side's act is about that side's own standing, a joint act about the link's: that of its worse side."
    yield ""
    yield "| event | moves | from | to | sets | clears |"
    yield "|---|---|---|---|---|---|"
    for row in LIFE_CYCLE:
        origins = "any" if row.origins == WORSE else ", ".join(row.origins)
        sets = ", ".join(flag for flag in (row.sets, row.another_kind) if flag)
        clears = "all" if row.afresh else ", ".join(sorted(row.clears))
        yield f"| `{row.event}` | {row.moves} | {origins} | {row.to} | {sets} | {clears} |"
