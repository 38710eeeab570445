"""Projects: what others cost: adding a project beside a million symbols, asking across projects there, switching versions.

Run: `python -m pytest benchmarks/test_projects.py -s -p no:cacheprovider`. Ratios are of interleaved runs; each prints what it asserts.
"""

# ruff: noqa: S101, S311, T201  # results are asserted, figures are printed; chance is to be the same every time

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from lestockage.projects import Catalogue, refs, resolve
from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

SYMBOLS = 1_000_000
PROJECTS = 100
ASKED = 500


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of 100 projects with 10,000 symbols each, every tenth of which another project uses."""
    path = tmp_path_factory.mktemp("million") / "index.db"
    each = SYMBOLS // PROJECTS
    with StoreFile.open(path) as store, store.transaction():
        for number in range(PROJECTS):
            name = f"synthetic{number}"
            project = ensure_project(store, name, f"/{name}").id
            store.execute("INSERT INTO project_distributions VALUES (?, ?, '1.0', 1, x'00', '[]')", (project, name))
            store.execute("INSERT INTO project_imports VALUES (?, ?, 1)", (project, name))
            first = project * SYMBOLS
            store.executemany(
                "INSERT INTO intel_nodes (id, project_id, file_path, symbol_name, qualified_name, node_type, visibility, start_line,"
                " start_column, end_line, end_column, content_hash, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?, 'public', 1, 0, 2, 0, ?, 0, 0)",
                (
                    (
                        *(first + k, project, f"{name}/m{k // 100}.py", f"f{k}" if k % 100 else f"m{k // 100}"),
                        *(f"{name}.m{k // 100}.f{k}" if k % 100 else f"{name}.m{k // 100}", "function" if k % 100 else "module"),
                        (first + k).to_bytes(32, "big"),
                    )
                    for k in range(each)
                ),
            )
            store.executemany(
                "INSERT INTO module_names VALUES (?, ?, ?, '{}', '[]', NULL, 0)",
                ((project, f"{name}/m{k}.py", f"{name}.m{k}") for k in range(each // 100)),
            )
        store.execute(
            "INSERT INTO global_symbols SELECT id, project_id, symbol_name, qualified_name, node_type, signature, visibility, file_path,"
            " ordinal, start_line, start_column, end_line, end_column, content_hash, NULL, NULL, NULL FROM intel_nodes"
        )
        _use(store, each)
    return path


def _use(store: StoreFile, each: int) -> None:
    """Let every project use some symbols of the next one."""
    ids = [row[0] for row in store.query("SELECT id FROM projects ORDER BY id")]
    external = 10 * SYMBOLS * PROJECTS
    for place, project in enumerate(ids):
        target = ids[(place + 1) % len(ids)]
        name = f"synthetic{(place + 1) % len(ids)}"
        for k in range(1, each, 10):
            external += 1
            used = f"{name}.m{k // 100}.f{k}"
            store.execute(
                "INSERT INTO intel_nodes (id, project_id, symbol_name, qualified_name, node_type, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, 'external', 0, 0)",
                (external, project, f"f{k}", used),
            )
            store.execute("INSERT INTO intel_edges VALUES (?, ?, 'call', 0, 0, 1.0, 'name')", (project * SYMBOLS + k, external))
            store.execute(
                "INSERT INTO external_refs VALUES (?, ?, ?, ?, ?, 'linked', 0, NULL, NULL, NULL)",
                (external, project, target, target * SYMBOLS + k, used),
            )
            store.execute("INSERT INTO external_steps VALUES (?, ?)", (used, external))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of 40 files that uses the synthetic ones."""
    root = tmp_path_factory.mktemp("added") / "added"
    for number in range(40):
        path = root / "added" / f"m{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        uses = "".join(f"    synthetic{k}.m{number}.f{number * 100 + k + 1}()\n" for k in range(10))
        imports = "".join(f"import synthetic{k}.m{number}\n" for k in range(10))
        body = "".join(
            f"def f{k}(x, y=2):\n    if x:\n        return [f{(k * 7) % 40}(z) for z in y]\n    return x + y\n" for k in range(40)
        )
        path.write_text(f"{imports}{body}def g():\n{uses}")
    return root


def test_adding_a_project_beside_a_million_symbols(million: Path, tree: Path, tmp_path: Path) -> None:
    """It costs within 1.2 times of adding it to an empty database (the median of three pairs), and connects what it uses."""
    ratios = []
    for number in range(3):
        times = []
        for path in (tmp_path / f"empty{number}.db", million):
            with Workspace.open(path) as workspace:
                started = time.process_time()
                report = workspace.index(tree, project=f"added{number}")
                times.append(time.process_time() - started)
        ratios.append(times[1] / times[0])
        beside = f"beside {SYMBOLS:,} symbols {times[1]:.2f} s, {times[1] / times[0]:.2f} x"
        print(f"\nempty {times[0]:.2f} s, {beside}; connected {report.connected}")
        assert report.connected >= 400
    assert sorted(ratios)[1] <= 1.2


def percentile(seconds: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    return sorted(seconds)[int(len(seconds) * share)] * 1000


def test_questions_beside_a_million_symbols(million: Path) -> None:
    """`resolve` and `refs` through the library: 10 ms of CPU at the 95th percentile, each name asked for the first time.

    CPU, since on a busy machine the slowest calls by the clock are those in which something else ran; the clock's figures are printed.
    """
    chance = random.Random(7)
    asked = [(p, k) for p, k in ((chance.randrange(PROJECTS), chance.randrange(0, 1000) * 10 + 1) for _ in range(ASKED)) if k % 100]
    with StoreFile.open(million, read_only=True) as store:
        for title, ask in (
            ("resolve", lambda name, user: resolve(store, name, project=user, catalogue=Catalogue(store))[0].node),
            ("refs", lambda name, _: refs(store, name, all_projects=True)[0].symbol),
        ):
            times = []
            clock = []
            for project, k in asked:
                name = f"synthetic{project}.m{k // 100}.f{k}"
                started, began = time.thread_time(), time.perf_counter()
                found = ask(name, f"synthetic{(project - 1) % PROJECTS}")
                times.append(time.thread_time() - started)
                clock.append(time.perf_counter() - began)
                assert found is not None
                assert found.qualified_name == name
            figures = [f"{percentile(each, 0.5):.2f} and {percentile(each, 0.95):.2f} ms" for each in (times, clock)]
            print(f"\n{title} beside {SYMBOLS:,} symbols, median and 95th percentile: CPU {figures[0]}, clock {figures[1]}")
            assert percentile(times, 0.95) <= 10


def test_switching_versions(tmp_path: Path) -> None:
    """A library from version 1 to 2 and back, as a project for each: zero executions on the way back."""
    from lestockage.workspace.libraries import index_library  # noqa: PLC0415  # brings importlib.metadata

    with Workspace.open(tmp_path / "index.db") as workspace:
        runs = []
        for version in ("1", "2", "1"):
            root = tmp_path / version
            (root / "lib").mkdir(parents=True, exist_ok=True)
            (root / "pyproject.toml").write_text(f'[project]\nname = "lib"\nversion = "{version}"\n')
            (root / "lib" / "__init__.py").write_text(f"def f(x):\n    return x + {version}\n")
            runs.append(sum(index_library(workspace, str(root)).executed.values()))
    print(f"\nexecutions for versions 1, 2 and 1 again: {runs}")
    assert runs[0] > 0
    assert runs[2] == 0
