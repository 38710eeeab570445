"""Pages: every example of the documents runs, and prints what it says."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.analytics.shop import build_shop
from tests.docs.page import ROOT, examples, program, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCS = ROOT / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if examples(path.read_text(encoding="utf-8"))]


def _small_shop(folder: Path) -> None:
    """The tree that the page about graphs speaks of."""
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").touch()
    (folder / "shop" / "price.py").write_text("def tax(n):\n    return n * 0.2\n")
    (folder / "shop" / "cart.py").write_text("from shop.price import tax\n\n\ndef total(items):\n    return sum(items) + tax(sum(items))\n")


def _history(folder: Path) -> None:
    """The repository that the page about snapshots speaks of: a release, and what came after."""
    tree = folder / "tree"
    tree.mkdir()
    git = ["git", "-C", str(tree), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for tag, body in (("v1.0", "return 1"), ("v1.1", "return 2"), ("v1.2", "return 3")):
        (tree / "price.py").write_text(f"def tax():\n    {body}\n")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-q", "-m", tag], check=True)
        subprocess.run([*git, "tag", tag], check=True)


PREPARED: dict[str, Callable[[Path], object]] = {
    "analysis.md": _small_shop,
    "analytics.md": lambda folder: build_shop(folder / "index.db"),
    "evolution.md": _history,
    "graph.md": _small_shop,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_examples_do_what_they_say(page: Path, tmp_path: Path) -> None:
    """Programs, files and sessions of a page, in order, in an empty folder (or the one it speaks of)."""
    PREPARED.get(page.name, lambda _folder: None)(tmp_path)
    for ended in run(page.read_text(encoding="utf-8"), tmp_path):
        assert (ended.printed, ended.status) == (ended.expected, 0), ended.command


def test_forty_lines_are_forty() -> None:
    """The toy is at most forty lines of code, and comes before its use."""
    toy = program((DOCS / "forty-lines.md").read_text(encoding="utf-8")).split("\ndb = Db()")[0]
    assert len([line for line in toy.splitlines() if line.strip()]) <= 40


def test_a_page_that_is_wrong_is_told(tmp_path: Path) -> None:
    """A line that prints something else than its comment says, and a command that fails, are found."""
    (wrong,) = run("```python\nprint(1 + 1)  # 3\n```\n", tmp_path)
    assert wrong.printed != wrong.expected
    (failed,) = run("```console\n$ exit 3\n```\n", tmp_path)
    assert failed.status == 3
