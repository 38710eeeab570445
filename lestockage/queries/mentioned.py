"""Mentioned: which names a file's units say, found out once for equal content."""

from __future__ import annotations

from lestockage.engine.task import Content, task
from lestockage.languages.python.mentions import Mentions, mentions


@task
def mentioned(source: Content[bytes]) -> Mentions:
    """Return what the units of a file mention; nothing for one that is no Python."""
    return mentions(source.load())
