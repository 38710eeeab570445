"""Leases: work in flight is done once by all processes on a file, and nobody waits for the dead."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lestockage import Database, task
from lestockage.store.connection import StoreFile
from lestockage.store.leases import Leases
from tests.durable.slow_work import HANGS, KEYS, Settings, slow

ROOT = Path(__file__).parents[2]
MOST = KEYS + 30
"""Bodies that four processes may run: some run while nobody knows yet that they are slow."""


def run(path: Path, *arguments: list[str]) -> None:
    """Run the program in several processes, started together."""
    command = [sys.executable, "-c", "import sys; from tests.durable.slow_work import main; main(*sys.argv[1:])", str(path)]
    processes = [
        subprocess.Popen([*command, *given], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for given in arguments
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60) for process in processes]
    for given, process, (_, errors) in zip(arguments, processes, told, strict=True):
        assert process.returncode == (-9 if "die" in given else 0), errors


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with the settings in it."""
    with Database(tmp_path / "memo.db") as db:
        Settings(db, marks=f"{tmp_path / 'memo.db'}.marks", seconds=0.02)
    return tmp_path / "memo.db"


def bodies(path: Path) -> int:
    """How many bodies ran."""
    return (path.parent / f"{path.name}.marks").read_bytes().count(b"\n")


@pytest.mark.parametrize(("kind", "seeds"), [("slow", "0000"), ("through", "0012"), ("task", "0123"), ("prefetch", "0123")])
def test_four_processes_run_each_body_once(path: Path, kind: str, seeds: str) -> None:
    """Asked the same keys (300 in `make processes`) in any orders, they run at most 30 more bodies than there are keys."""
    run(path, *([kind, seed] for seed in seeds))
    assert KEYS <= bodies(path) <= MOST


def test_a_killed_process_takes_no_work_with_it(path: Path) -> None:
    """Two of four are killed on the way: the others finish, and what the dead had finished is not done again."""
    run(path, ["slow", "0"], ["slow", "1", "die"], ["slow", "2", "die"], ["slow", "3"])
    assert KEYS <= bodies(path) <= MOST


def test_a_process_killed_inside_a_body_leaves_the_work_to_others(path: Path) -> None:
    """Whoever waits for the result of a process that is killed while its body runs does the work itself, at once."""
    marks = Path(f"{path}.marks")
    code = "import sys; from tests.durable.slow_work import hang; hang(sys.argv[1])"
    with Database(path) as db:
        for number in range(3):
            slow(db, number)
        with subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT) as holder, StoreFile.open(path, read_only=True) as reader:
            while not marks.read_bytes().endswith(b"%d\n" % HANGS):
                assert holder.poll() is None
                time.sleep(0.01)
            assert reader.query("SELECT count(*) FROM leases") == [(1,)]
            threading.Timer(0.2, holder.kill).start()
            assert slow(db, HANGS) == HANGS * HANGS
        assert marks.read_bytes().count(b"%d\n" % HANGS) == 2
        assert db.check() == []


def test_a_lease_goes_with_its_holder(path: Path) -> None:
    """A lease whose process was killed is free at once, before its time is over."""
    code = (
        "import sys, os; from lestockage.store.connection import StoreFile; from lestockage.store.leases import Leases\n"
        "leases = Leases(StoreFile.open(sys.argv[1]), bound=1000); assert leases.take(b'work'); print('held', flush=True); sys.stdin.read()"
    )
    with StoreFile.open(path) as file:
        leases = Leases(file)
        with subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            assert leases.has_others()
            assert not leases.take(b"work")
            holder.kill()
            holder.wait()
        assert leases.take(b"work")
        leases.close()


def test_a_lease_without_a_word_from_its_holder_ends(path: Path) -> None:
    """A holder that is alive and does not renew its lease loses it when its time is over; one that renews keeps it."""
    with StoreFile.open(path) as file, StoreFile.open(path) as other:
        silent, lively, waiting = Leases(file, bound=0.2), Leases(file, bound=0.2), Leases(other)
        assert silent.take(b"silent")
        silent._stop.set()
        assert lively.take(b"lively")
        time.sleep(0.4)
        assert waiting.take(b"silent")
        assert not waiting.take(b"lively")
        for leases in (silent, lively, waiting):
            leases.close()
        assert file.query("SELECT * FROM lease_holders") == []


def test_a_single_process_takes_no_lease(path: Path) -> None:
    """With nobody else at work on the file, slow bodies are not written before the commit."""
    with Database(path) as db, StoreFile.open(path, read_only=True) as reader:
        Settings(db, seconds=0.002)  # type: ignore[call-arg]  # an update
        for number in range(20):
            slow(db, number)
        assert reader.query("SELECT count(*) FROM leases") == [(0,)]
        assert reader.query("SELECT count(*) FROM memo_nodes n JOIN memo_names m ON m.id = n.name WHERE m.name LIKE '%slow'") == [(0,)]


def test_two_threads_with_a_database_each_share_their_work(path: Path) -> None:
    """Two databases in one process are as two processes."""

    def ask() -> None:
        with Database(path) as db:
            ready.wait()
            for number in range(60):
                assert slow(db, number) == number * number

    ready = threading.Barrier(3)
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 60 <= bodies(path) <= 66


@task
def inverse(number: int) -> float:
    """A task that fails for 0."""
    return 1 / number


def test_a_prefetch_that_fails_keeps_no_lease(path: Path) -> None:
    """What was found before is in the file at once, where others find it; what failed is free for them."""
    with Database(path) as other, Database(path) as db:
        other.store.sharing.leases.has_others()  # known from here
        with pytest.raises(ZeroDivisionError):
            db.prefetch(inverse, [4, 0, 2])
        assert db.file.query("SELECT count(*) FROM leases") == [(0,)]
        assert other.knows(inverse, 4)
        assert not other.knows(inverse, 0)
        time.sleep(0.06)  # for so long what was found out about others is believed
        assert other.prefetch(inverse, [4, 2]) == 1


def test_a_prefetch_waits_for_the_result_of_another(path: Path) -> None:
    """An argument whose lease another holds is left until the end, and computed here when nothing came of it."""
    with Database(path) as other, Database(path) as db:
        leases = other.store.sharing.leases
        leases.has_others()
        what = other.store.sharing.task_work(inverse.declaration, inverse.key(5))
        assert leases.take(what)

        def give_up() -> None:
            with other.file.transaction():
                leases.drop(what)

        threading.Timer(0.1, give_up).start()
        done: list[int] = []
        assert db.prefetch(inverse, [5, 8], progress=done.append) == 2
        assert done == [8, 5]
