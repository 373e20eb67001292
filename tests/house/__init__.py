"""The house itself: its gates, its locks and the wheel that leaves it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def absent(folder: Path, *libraries: str) -> None:
    """Lay modules into a folder of PYTHONPATH that stand for libraries which are not installed."""
    for name in libraries:
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})\n")
