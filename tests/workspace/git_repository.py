"""Git repository: a repository of a test's own, with commits that depend on nothing of the machine."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IDENTITY = {
    **{f"GIT_{role}_{fact}": value for role in ("AUTHOR", "COMMITTER") for fact, value in (("NAME", "A"), ("EMAIL", "a@b.c"))},
    "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Repository:
    """A repository at a folder, made with its first commit by `commit`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        """Run git and return what it printed."""
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("GIT_")}, **_IDENTITY}
        ended = subprocess.run(["git", *words], cwd=self.folder, env=environment, check=True, capture_output=True, text=True)  # noqa: S607  # the git that is on the path
        return ended.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file of the work tree."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message: str = "a commit") -> str:
        """Commit everything and return the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD")
