"""Perform: what ends a command, and how its end is told."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import pytest

from lestockage.cli import main, status
from lestockage.cli.perform import perform

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

SHELL = [sys.executable, "-m", "lestockage"]


def test_a_missing_index_says_what_to_do(run: Run, tmp_path: Path) -> None:
    """Asking a file that is not there is one line and status 2, and makes nothing."""
    ended = run("status", "--db", str(tmp_path / "sub" / "index.db"))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        f"lestockage: There is no index at {tmp_path}/sub/index.db. Make one (lestockage index PATH), or name another file with --db.\n"
    )
    assert not (tmp_path / "sub").exists()


@pytest.mark.parametrize("command", [["status"], ["symbols"], ["show", "x"], ["callers", "x"], ["callees", "x"]])
def test_what_is_no_database_is_refused(run: Run, tmp_path: Path, command: list[str]) -> None:
    """A file that is something else is one line, status 2, and untouched."""
    (tmp_path / "notes.txt").write_text("not a database\n" * 100)
    ended = run(*command, "--db", str(tmp_path / "notes.txt"))
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert "is not a lestockage database" in ended.err
    assert (tmp_path / "notes.txt").read_text() == "not a database\n" * 100


def test_a_database_of_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    """A SQLite file that another program made is left alone."""
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = (tmp_path / "other.db").read_bytes()
    assert run("status", "--db", str(tmp_path / "other.db")).status == 2
    assert (tmp_path / "other.db").read_bytes() == before


def test_an_error_is_an_object_too(run: Run, tmp_path: Path) -> None:
    """With `--json` the error is told on standard output as well, and nothing else is."""
    ended = run("status", "--json", "--db", str(tmp_path / "gone.db"))
    assert (ended.status, list(json.loads(ended.out))) == (2, ["error"])
    assert ended.err == f"lestockage: {json.loads(ended.out)['error']}\n"


def test_the_option_goes_before_the_variable(run: Run, zoo: Path, tmp_path: Path) -> None:
    """`--db` names the file whatever `LESTOCKAGE_DB` says."""
    assert str(tmp_path / "other.db") in run("status", "--db", str(tmp_path / "other.db")).err
    assert run("status").status == 0


def test_the_default_is_in_the_current_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without option and variable (an empty one names nothing) the file is `.lestockage/index.db` here."""
    monkeypatch.setenv("LESTOCKAGE_DB", "")
    monkeypatch.chdir(tmp_path)
    assert "no index at .lestockage/index.db" in run("status").err


def test_an_interrupt_is_status_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a command with one line and the status a shell expects."""

    def interrupted(**_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(status, "answer", interrupted)
    assert perform("status", {}) == 130
    assert capsys.readouterr() == ("", "lestockage: Interrupted: the last commit stands.\n")


def test_an_interrupt_before_the_command_is_status_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while the command line is still being read has no traceback either."""

    def interrupted(_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lestockage.cli.read_plain", interrupted)
    assert main(["status"]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_defect_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that is not ours is a defect, and keeps its traceback."""

    def broken(**_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(status, "answer", broken)
    with pytest.raises(ZeroDivisionError):
        perform("status", {})


def test_a_closed_pipe_is_no_error(zoo: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A reader that has seen enough (`head`) ends the command in silence, then and at the end of the process."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert perform("symbols", {}) == 128 + signal.SIGPIPE
        monkeypatch.undo()
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_told(zoo: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """An answer that cannot be written is status 2, not silence."""
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert perform("status", {}) == 2
        monkeypatch.undo()
    assert capfd.readouterr().err == "lestockage: The answer could not be written: no space left on device.\n"


def test_what_the_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name outside the terminal's encoding does not end the command."""
    terminal = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(status, "answer", lambda: "né → \udcff\n")
    assert perform("status", {}) == 0
    assert terminal.detach().getvalue() == b"n\\xe9 \\u2192 \\udcff\n"


def test_a_message_is_one_line(tmp_path: Path, run: Run) -> None:
    """A name with a line end in it does not break the one line an error has, nor do bytes that are no text."""
    assert len(run("status", "--db", str(tmp_path / "a\nb\udcff")).err.splitlines()) == 1


def test_nobody_listens_to_messages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A closed standard error does not change the status."""

    class Closed(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Closed())
    assert perform("status", {"db": str(tmp_path / "gone.db")}) == 2


def test_the_module_is_a_command(zoo: Path) -> None:
    """`python -m lestockage` is the same command line."""
    ended = subprocess.run([*SHELL, "show", "purr"], capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stdout.splitlines()[0], ended.stderr) == (0, "method zoo.cat.Cat.purr", "")


@pytest.mark.parametrize("words", [["--help"], ["index", "--help"], ["--version"]])
def test_help_and_version(run: Run, words: list[str]) -> None:
    """Help and version are answers: status 0, on standard output."""
    ended = run(*words)
    assert (ended.status, ended.err) == (0, "")
    assert "lestockage" in ended.out


@pytest.mark.parametrize(
    "words", [[], ["bogus"], ["index"], ["index", "a", "--jobs", "0"], ["show"], ["status", "--bogus"], ["show", "a", "b"]]
)
def test_bad_usage_is_status_2(run: Run, words: list[str]) -> None:
    """A line that means nothing is status 2, and says so on standard error."""
    ended = run(*words)
    assert (ended.status, ended.out) == (2, "")
    assert "Usage: lestockage" in ended.err


def test_the_arguments_are_the_process_s_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments `main` reads the process's command line."""
    monkeypatch.setattr(sys, "argv", ["lestockage", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("lestockage ")
