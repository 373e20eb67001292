"""The house itself: its gates, its locks and the wheel that leaves it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
