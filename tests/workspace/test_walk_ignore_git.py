"""Agreement with git: our reading of `.gitignore` against `git check-ignore`, the definition of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lestockage.workspace.ignore import NO_RULES, is_ignored

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")

FOLDERS = ["a", "b", "a/b", "a/b/a", "ab", "a-b", "A", "b/]", "b/!c"]
NAMES = ["a.py", "b.py", "ab.py", "a b.py", "!c.py", "#d.py", "[.py", "a*.py", "aab.py", "A.py", "a\\.py", "-.py", "5.pyi", "^.py", " .py"]
FILES = [f"{folder}/{name}" for folder in FOLDERS for name in NAMES] + NAMES

PIECES = [
    *("a", "b", "ab", "c", "5", "py", "i", ".py", "*", "**", "?", "/", "**/", "/**", "\\", "!", "#", " ", "-", "\\ ", "[", "]"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[c-a]", "[]]", "[\\]a]", "[a-\\c]", "[a/b]", "[.-]", "[!-~]"),
    *("[[:alpha:]]", "[[:digit:]]", "[[:none:]]", "[[:]"),
]
# By its manual, stars that touch other characters are ordinary ones; git itself forgets what precedes them when that is a plain name.
pattern = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join).filter(lambda text: not re.search(r"[^/*]\*\*+(/|$)", text))
)


@pytest.fixture(scope="module")
def checkout() -> object:
    """Return an empty git checkout: `git check-ignore` tells files and folders apart by their slash, so none need exist."""
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "--quiet", folder], check=True)  # noqa: S607  # git is whichever the path has
        for name in FOLDERS:
            os.makedirs(os.path.join(folder, name))
        yield Path(folder)


def left_out_by_git(checkout: Path, content: str) -> set[str]:
    """Return which of `FILES` git would leave out under one ignore file."""
    (checkout / ".gitignore").write_bytes(content.encode())
    run = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"],  # noqa: S607
        cwd=checkout,
        input="\0".join(FILES).encode(),
        capture_output=True,
        check=False,
    )
    assert run.returncode in {0, 1}, run.stderr
    return set(run.stdout.decode().split("\0")) - {""}


def left_out_by_us(content: str) -> set[str]:
    """Return which of `FILES` a walk would leave out: by a rule of their own, or because a folder above them is not entered."""
    rules = NO_RULES.with_file(content.encode(), 0)
    found = set()
    for path in FILES:
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        if any(is_ignored(rules.folders, folder, folder.rpartition("/")[2]) for folder in above) or is_ignored(
            rules.files, path, parts[-1]
        ):
            found.add(path)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(st.tuples(st.sampled_from(["", "", "", "!", "/"]), pattern).map("".join), min_size=1, max_size=4))
@example(lines=["a/**/b"])
@example(lines=["**"])
@example(lines=["a/**", "!a/b"])
@example(lines=["*b*.p?"])
@example(lines=["a.py "])
@example(lines=["a\\ b.py"])
@example(lines=[" .py\\ "])
@example(lines=["\\!c.py", "\\#d.py"])
@example(lines=["[[].py"])
@example(lines=["[!]a-z].py"])
@example(lines=["/*", "!/a", "a/*", "!/a/b"])
@example(lines=["***/b.py"])
@example(lines=["a**b.py"])
@example(lines=["[a-"])
@example(lines=["[\\"])
@example(lines=["[[:alpha"])
@example(lines=["[[:none:]].py"])
@example(lines=["[a-\\"])
@example(lines=["*.p[y]", "a*", "!ab*"])
@example(lines=["[-a].py"])
@example(lines=["[a-].py"])
@example(lines=["a\\"])
def test_the_same_files_are_left_out(checkout: Path, lines: list[str]) -> None:
    """Whatever an ignore file says, we leave out exactly the files that git would."""
    content = "\n".join(lines) + "\n"
    assert left_out_by_us(content) == left_out_by_git(checkout, content)
