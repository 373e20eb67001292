"""Draws docs/session.svg from a real session: `make picture`. Plain SVG, without fonts or links from elsewhere."""

import os
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
CIVIC = Path(sys.executable).with_name("civic")
SESSION = (
    ("links", "--columns", "link,kind,standing,since,grade,flags"),
    ("why", "coventry--volgograd"),
)
COLUMNS, LINE, LETTER, MARGIN = 118, 18, 7.6, 22


def lines() -> list[str]:
    """What a terminal shows of the session, each command before its answer."""
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        ledger = f"{folder}/town.ledger"
        environment = {**os.environ, "CIVIC_LEDGER": ledger, "NO_COLOR": "1"}

        def civic(*arguments: str) -> str:
            done = subprocess.run(
                [CIVIC, *arguments], cwd=ROOT, env=environment, check=True, text=True, capture_output=True
            )
            return done.stdout

        civic("init", ledger)
        for story in ("coventry", "manchester"):
            civic("import", f"examples/{story}.jsonl", "--yes")
        for words in SESSION:
            shown += [f"$ civic {' '.join(words)}", *civic(*words, "--format", "table").splitlines(), ""]
    return [line if len(line) <= COLUMNS else f"{line[: COLUMNS - 1]}…" for line in shown[:-1]]


def svg(shown: list[str]) -> str:
    """The lines as a picture."""
    width, height = int(COLUMNS * LETTER + 2 * MARGIN), len(shown) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + 13 + number * LINE}"'
        f' fill="{"#9ece6a" if line.startswith("$") else "#d8dee9"}" textLength="{len(line) * LETTER:.1f}"'
        f' xml:space="preserve">{escape(line)}</text>'
        for number, line in enumerate(shown)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="A session of civic" font-family="monospace" font-size="12.5">\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#1b2028"/>\n{rows}\n</svg>\n'
    )


if __name__ == "__main__":
    (ROOT / "docs" / "session.svg").write_text(svg(lines()), encoding="utf-8")
