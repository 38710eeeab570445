"""The command watch: what it prints of each burst, the command that it runs, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.cli import main
from lestockage.workspace.walk import Failure
from lestockage.workspace.watching import Watcher
from tests.workspace.test_watching import TEST
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """The zoo with a test."""
    tree = ZooTree(tmp_path)
    tree.write("tests/test_keeper.py", TEST)
    return tree


def _louder(tree: ZooTree) -> None:
    tree.replace("zoo/animal.py", "text.strip()", "text.strip().upper()")


def _watch(tree: ZooTree, monkeypatch: pytest.MonkeyPatch, *options: str, edits: tuple[Callable[[ZooTree], None], ...] = (_louder,)) -> int:
    """Run the command over some edits, then Ctrl-C."""

    def saves(watcher: Watcher) -> Iterator[Any]:
        for edit in edits:
            edit(tree)
            yield watcher.look()
        yield Failure("src", "it is gone.")
        raise KeyboardInterrupt

    monkeypatch.setattr(Watcher, "saves", saves)
    return main(["watch", str(tree.root), "--project", "zoo", "--db", str(tree.db), *options])


def test_a_burst_is_spelled_for_people(tree: ZooTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Files, symbols, what ran and why, what is affected; a lost tree and the end are said on standard error."""
    assert _watch(tree, monkeypatch) == 0
    out, err = capsys.readouterr()
    assert "1 file saved: zoo/animal.py" in out
    assert "modified  function  zoo.animal.noise (body)" in out
    assert "facts 1" in out
    assert "can affect" in out
    assert "zoo.keeper.feed" in out
    assert "    tests/test_keeper.py::test_feed\n" in out
    assert "watching" in err
    assert "src cannot be read: it is gone. It is waited for." in err
    assert "Stopped" in err


def test_a_burst_is_one_object_a_line(tree: ZooTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, for programs."""

    def broken(tree: ZooTree) -> None:
        tree.write("zoo/cat.py", "def meow(:\n")

    assert _watch(tree, monkeypatch, "--json", edits=(_louder, broken)) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["files"] == ["zoo/animal.py"]
    assert [change["new"]["qualified_name"] for change in first["changes"] if not change["is_from_members"]] == ["zoo.animal.noise"]
    assert first["tests"] == ["tests/test_keeper.py::test_feed"]
    assert sum(each["queries"].get("facts", 0) for each in first["executed"]) == 1
    assert {each["qualified_name"] for each in first["affected"]} >= {"zoo.keeper.feed"}
    assert [each["path"] for each in second["failed"]] == ["zoo/cat.py"]


def test_the_command_is_run_with_what_changed(
    tree: ZooTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a shell, with the files, symbols and tests in its environment; a failing one is said and watching goes on."""
    program = "import os, sys; print([os.environ['LESTOCKAGE_' + name] for name in ('FILES', 'SYMBOLS', 'TESTS')]); sys.exit(3)"
    script = tmp_path / "run.py"
    script.write_text(program)
    assert _watch(tree, monkeypatch, "--exec", f"{sys.executable} {script}") == 0
    out, err = capfd.readouterr()
    assert "['zoo/animal.py', 'zoo.animal.noise', 'tests/test_keeper.py::test_feed']" in out
    assert "ended with status 3" in err


@pytest.mark.parametrize("command", ["'unclosed", " ", "/nowhere/at/all"])
def test_a_command_that_cannot_run_ends_with_a_message(
    tree: ZooTree, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    """One line that names it, and exit status 2."""
    assert _watch(tree, monkeypatch, "--exec", command) == 2
    assert "cannot be run" in capfd.readouterr().err


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And no database is made."""
    assert main(["watch", str(tmp_path / "nothing"), "--db", str(tmp_path / "x.db")]) == 2
    assert "nothing" in capsys.readouterr().err
    assert not (tmp_path / "x.db").exists()


def test_a_real_save_reaches_a_real_command(tree: ZooTree) -> None:
    """In a process of its own: a save is told at once, and Ctrl-C ends it with status 0."""
    command = [sys.executable, "-m", "lestockage", "watch", str(tree.root), "--project", "zoo", "--db", str(tree.db), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "watching" in process.stderr.readline()
        _louder(tree)
        assert json.loads(process.stdout.readline())["files"] == ["zoo/animal.py"]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
