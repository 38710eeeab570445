"""Killed: a process that dies at any moment leaves the last commit or the one before it, whole, with every answer right."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.crash import ledger

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from lestockage import Database
from tests.crash import ledger
with Database(sys.argv[1]) as db:
    for step in range(100_000):
        ledger.write(db, step)
        ledger.ledger(db)
        print("begun", step, flush=True)
        db.commit()
        print("done", step, flush=True)
"""


def test_a_commit_killed_at_any_statement_has_happened_or_not(tmp_path: Path) -> None:
    """Of processes killed before or after every statement of a commit, those before its end leave the old state, and no other is seen."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.killing", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    killed, before, after = map(int, done.stdout.split())
    assert killed > 10
    assert before >= killed - 2
    assert after <= 2


def test_a_process_killed_at_some_moment_loses_no_commit(tmp_path: Path) -> None:
    """What a killed process has said to be committed is in the file, or the commit that it was at; nothing else."""
    path = tmp_path / "ledger.db"
    moments = (0.01, 0.06, 0.13, 0.21)
    for moment in moments:
        path.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "begun 0\n"
        assert process.stdout.readline() == "done 0\n"
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        last = next((int(line.split()[1]) for line in reversed(said) if line.startswith("done")), 0)
        ledger.assert_sound(path, last, last + 1)
