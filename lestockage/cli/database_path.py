"""Database path: which file a command works on."""

from __future__ import annotations

import os

DEFAULT = ".lestockage/index.db"
"""Relative to the current folder."""
VARIABLE = "LESTOCKAGE_DB"


def database_path(given: str | None) -> str:
    """Return the file named on the command line, else by the environment, else the default; an empty variable names nothing."""
    return given or os.environ.get(VARIABLE) or DEFAULT
