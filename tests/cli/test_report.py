"""Report: the command that writes a page for people."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from lestockage.report import packages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def shop(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an indexed project, which is the one that commands work on."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "cart.py").write_text("from shop.price import tax\n\n\ndef total(a):\n    return tax(a) if a else 0\n")
    (tmp_path / "shop" / "price.py").write_text("def tax(a):\n    return a * 2\n")
    (tmp_path / "shop" / "__init__.py").write_text("")
    monkeypatch.setenv("LESTOCKAGE_DB", str(tmp_path / "index.db"))
    assert run("index", str(tmp_path / "shop")).status == 0
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words", "start"),
    [("r.html", [], "<!DOCTYPE html>"), ("r.md", [], "# shop"), ("r.txt", ["--format", "md"], "# shop"), ("r.txt", [], "<!DOCTYPE html>")],
)
def test_the_format_is_that_of_the_name_or_the_one_asked_for(run: Run, shop: Path, name: str, words: list[str], start: str) -> None:
    """A file that ends in .md is Markdown, others are HTML, unless a format is named."""
    ended = run("report", "-o", str(shop / name), *words)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(str(shop / name))
    assert (shop / name).read_text(encoding="utf-8").startswith(start)


def test_without_an_output_the_report_is_the_answer(run: Run, shop: Path) -> None:
    """Markdown goes to standard output, with the hottest function in it."""
    assert "shop.cart.total" in run("report", "--format", "md").out


def test_json_is_what_the_report_says(run: Run, shop: Path) -> None:
    """As data: figures by label, and tables as rows by column."""
    said = json.loads(run("report", "--json").out)
    assert {each["label"]: each["value"] for each in said["figures"]}["functions"] == "2"
    tables = {table["key"]: table for section in said["sections"] for table in section["tables"]}
    assert [row["function"] for row in tables["complexity-table"]["rows"]] == ["shop.cart.total", "shop.price.tax"]


def test_json_with_an_output_is_its_size(run: Run, shop: Path) -> None:
    """The object tells where the report is, as what, and how large."""
    said = json.loads(run("report", "--json", "-o", str(shop / "r.md")).out)
    assert (said["format"], said["bytes"]) == ("md", (shop / "r.md").stat().st_size)


def test_an_output_that_cannot_be_written_is_told(run: Run, shop: Path) -> None:
    """The status is 2, and the message names the file."""
    ended = run("report", "--format", "md", "-o", str(shop / "missing" / "r.md"))
    assert ended.status == 2
    assert "missing" in ended.err


def test_a_missing_package_is_told_with_the_command(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the message says what to install."""
    monkeypatch.setattr(packages, "find_spec", lambda _name: None)
    ended = run("report")
    assert ended.status == 2
    assert "pip install 'lestockage[report]'" in ended.err


def test_several_projects_need_a_name(run: Run, shop: Path) -> None:
    """With two projects and none named, the names are listed; with one named, its report is written."""
    (shop / "other").mkdir()
    (shop / "other" / "one.py").write_text("def one(): pass\n")
    assert run("index", str(shop / "other")).status == 0
    ended = run("report", "--format", "md")
    assert ended.status == 2
    assert "other" in ended.err
    assert run("report", "--format", "md", "--project", "other").out.startswith("# other")


def test_since_tells_of_a_branch(run: Run, shop: Path) -> None:
    """With a revision the report is of what changed; without a repository that is refused."""
    ended = run("report", "--since", "HEAD", "--format", "md")
    assert ended.status == 2
    assert "git" in ended.err
    for words in (["init", "-q"], ["add", "shop"], ["-c", "user.name=N", "-c", "user.email=n@example.org", "commit", "-q", "-m", "first"]):
        subprocess.run(["git", "-C", str(shop), *words], check=True, capture_output=True)  # noqa: S607  # git is where it is
    assert "# shop: what changed since HEAD" in run("report", "--since", "HEAD", "--format", "md").out
