"""Bench: the command measures, writes what it is told to, and its check fails on a count that changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lestockage.cli import main
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("heap_aside")


def test_measure_then_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A result is written as JSON and page; the same edits again pass the check; one more execution there, and it fails and says which."""
    repository = Repository(tmp_path / "code")
    repository.write("a.py", "def f():\n    return 1\n")
    repository.commit()
    repository.write("a.py", "def f():\n    return len([])\n")
    repository.commit()
    kept, page = tmp_path / "kept.json", tmp_path / "page.html"
    words = ["bench", str(repository.folder), "--git", "HEAD~1..HEAD", "--edits", "1", "--json", str(kept), "--report", str(page)]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "commit         full rebuild" in text
    assert "all ways agreed with a full rebuild" in text
    assert page.read_text().startswith("<!doctype html>")

    check = ["bench", str(repository.folder), "--check", str(kept), "--margin", "1000"]
    assert main(check) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"lestockage: 0 regressions against {kept}, of {json.loads(kept.read_text())['date']}.\n")

    found = json.loads(kept.read_text())
    found["tables"][0]["kinds"][0]["ways"][1]["executed"][0] += 1
    kept.write_text(json.dumps(found))
    assert main(check) == 1
    said = capsys.readouterr()
    assert said.out.startswith("commit, in-process: executed ")
    assert "1 regression against" in said.err
    assert main([*check, "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["tree"] == "code"


def test_json_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json -` prints the result alone; a tree with nothing to edit has no rows; memoizers can be left out."""
    (tmp_path / "empty").mkdir()
    assert main(["bench", str(tmp_path / "empty"), "--json", "-", "--no-peers", "--no-memory", "--seed", "4"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["command"] == "lestockage bench empty --edits 5 --seed 4 --no-peers"
    assert [kind["kind"] for table in found["tables"] for kind in table["kinds"]] == []


def test_mistakes_are_told_before_anything_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report of no known kind, a file that cannot be written, a result that is not there, a tree that is not there."""
    (tmp_path / "tree").mkdir()
    tree = str(tmp_path / "tree")
    for words, said in (
        ([tree, "--report", "x.pdf"], "its name ends in none of .html, .md"),
        ([tree, "--json", str(tmp_path / "no" / "x.json")], "cannot be written: no such file or directory"),
        ([tree, "--check", str(tmp_path / "none.json")], "cannot be compared with: no such file or directory"),
        ([str(tmp_path / "nowhere")], "nowhere"),
        ([tree, "--git", "HEAD~1..HEAD"], "git"),
    ):
        assert main(["bench", *words]) == 2
        assert said in capsys.readouterr().err
