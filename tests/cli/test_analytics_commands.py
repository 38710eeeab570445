"""Analytics commands: sql, export, metrics and hotspots, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from lestockage.analytics.catalogue import VIEWS
from lestockage.store import IntelStore
from tests.analytics.shop import build_shop
from tests.cli.test_startup import HEAVY, imported_by
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of the shop, which is the one that commands work on."""
    path = tmp_path / "shop.db"
    build_shop(path)
    monkeypatch.setenv("LESTOCKAGE_DB", str(path))
    return path


def test_sql_for_people(run: Run, shop: Path) -> None:
    """Rows are a table; null is empty, fractions are short, and what cannot be printed is escaped."""
    ended = run("sql", "SELECT symbol_name, signature, complexity / 7 AS x FROM nodes WHERE symbol_name IN ('pay', 'bank') ORDER BY 1")
    assert ended == (
        0,
        'symbol_name  signature                        x\nbank\npay          def f(x: str = "=1") -> None,\\n  1.28571\n',
        "",
    )


def test_sql_for_programs(run: Run, shop: Path) -> None:
    """JSON has all rows, with every type that DuckDB has in a form that JSON has."""
    ended = run(
        "sql",
        "SELECT count(*) AS n, sum(complexity) AS s, 'a'::BLOB AS b, 'nan'::DOUBLE AS x, max(created_at) > '2020-01-01' AS t FROM nodes",
        "--json",
    )
    assert (ended.status, json.loads(ended.out)) == (0, [{"n": 9, "s": 21, "b": "61", "x": None, "t": True}])


def test_sql_limits_what_people_see(run: Run, shop: Path) -> None:
    """Lines beyond the limit are counted; JSON has them all."""
    ended = run("sql", "SELECT id FROM nodes", "--limit", "2")
    assert (ended.out.count("\n"), ended.err) == (3, "lestockage: 7 more rows: --limit N, or --json for all.\n")
    assert len(json.loads(run("sql", "SELECT id FROM nodes", "--limit", "2", "--json").out)) == 9


def test_sql_without_a_query_lists_the_views(run: Run, shop: Path) -> None:
    """Every view is there with its columns."""
    listed = {each["view"]: [column["name"] for column in each["columns"]] for each in json.loads(run("sql", "--json").out)}
    assert listed == {view.name: [column.name for column in view.columns] for view in VIEWS}
    text = run("sql").out
    assert all(f"{view.name}: {view.about}" in text for view in VIEWS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sql", "DROP TABLE nodes"), "it is not one SELECT statement"),
        (("sql", "SELECT x FROM nodes"), '"x" not found'),
        (("export", "nods"), "There is no view 'nods'. There are: projects, nodes"),
        (("export", "nodes", "--format", "parquet"), "name a file for it with -o"),
        (("export", "nodes", "-o", "/nowhere/at/all.csv"), "/nowhere/at/all.csv cannot be written"),
        (("metrics", "--sort", "size"), "There is no metric 'size' here. There are: complexity, in_degree"),
        (("metrics", "--by", "module", "--sort", "pagerank"), "There are: symbols"),
        (("hotspots", "--weights", "size=1"), "'size=1' is none of centrality=NUMBER"),
        (("hotspots", "--project", "mall"), "There is no project 'mall'"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, shop: Path, words: tuple[str, ...], said: str) -> None:
    """One line says why, the status is 2, and JSON has the same line."""
    ended = run(*words)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert said in ended.err
    assert said in json.loads(run(*words, "--json").out)["error"] or words[-1] == "parquet"


def test_export_to_standard_output(run: Run, shop: Path) -> None:
    """CSV unless another format is asked for; a path that looks like a formula is guarded."""
    rows = list(csv.DictReader(io.StringIO(run("export", "nodes", "--project", "shop").out)))
    assert len(rows) == 8
    assert {row["file_path"] for row in rows} == {"shop.py", "'=bank.py", ""}
    assert len(json.loads(run("export", "nodes", "--json").out)) == 9
    assert len(run("export", "edges", "--format", "ndjson").out.splitlines()) == 10


def test_export_to_a_file(run: Run, shop: Path, tmp_path: Path) -> None:
    """How many rows were written is said, for people and programs."""
    output = str(tmp_path / "edges.parquet")
    assert run("export", "edges", "--format", "parquet", "-o", output) == (0, f"{output}: 10 rows\n", "")
    assert json.loads(run("export", "edges", "--output", output, "--json").out) == {"output": output, "format": "csv", "rows": 10}


def test_metrics_of_symbols(run: Run, shop: Path) -> None:
    """The largest first, a pattern chooses, the graph as a whole is said; betweenness is there when it is asked for."""
    ended = run("metrics", "--project", "shop", "--sort", "in_degree", "--limit", "2")
    assert [line.split()[0] for line in ended.out.splitlines()] == ["in", "2", "2"]
    assert "7 symbols, 5 references, density 0.12, 3 components, 1 dependency circle\n" in ended.err
    assert "5 more" in ended.err
    found = json.loads(run("metrics", "pay*", "--sort", "betweenness", "--project", "shop", "--json").out)
    assert found["graph"] == {
        "symbols": 7,
        "references": 5,
        "density": 5 / 42,
        "components": 3,
        "circles": 1,
        "largest_circle": 2,
        "layers": 2,
    }
    assert [row["qualified_name"] for row in found["symbols"]] == ["shop.pay", "bank.pay_in"]
    assert found["symbols"][0]["betweenness"] == pytest.approx(1 / 30)
    assert run("metrics", "nothing").out == ""


def test_metrics_of_modules(run: Run, shop: Path) -> None:
    """Modules by what they have to do with each other; the end of a name chooses too."""
    ended = run("metrics", "--by", "module", "--project", "shop")
    assert [line.split()[-1] for line in ended.out.splitlines()] == ["name", "bank", "shop"]
    assert len(json.loads(run("metrics", "shop", "--by", "module", "--json").out)["modules"]) == 1


def test_hotspots(run: Run, shop: Path, tmp_path: Path) -> None:
    """Churn comes from the repository that the project lies in, and weights and commits say what counts."""
    ended = run("hotspots", "--project", "shop", "--limit", "2")
    assert [line.split()[-2] for line in ended.out.splitlines()] == ["symbol", "shop.pay", "bank.check"]
    assert "Churn does not count" in ended.err
    assert "3 more" in ended.err
    repository = Repository(tmp_path / "src")
    for text in ("a", "b", "c"):
        repository.write("=bank.py", text)
        repository.commit()
    repository.write("shop.py", "d")
    repository.commit()
    with IntelStore.open(shop) as store:
        store.upsert_project("shop", str(repository.folder))
    rows = json.loads(run("hotspots", "--project", "shop", "--weights", "churn=3,centrality=0,complexity=1", "--json").out)
    assert [(row["qualified_name"], row["commits"]) for row in rows][:2] == [("bank.check", 3), ("bank.pay_in", 3)]
    assert {row["commits"] for row in json.loads(run("hotspots", "--project", "shop", "--commits", "2", "--json").out)} == {1}
    assert {row["commits"] for row in json.loads(run("hotspots", "--project", "shop", "--commits", "0", "--json").out)} == {1, 3}
    assert " (3) " in run("hotspots", "--project", "shop").out


def test_hotspots_of_nothing(run: Run, tmp_path: Path) -> None:
    """A file without functions says so."""
    IntelStore.open(tmp_path / "new.db").close()
    assert run("hotspots", "--db", str(tmp_path / "new.db")) == (0, "", "lestockage: Nothing is measured: no function is indexed.\n")


def test_sql_over_symbols_imports_no_more_than_it_needs(shop: Path) -> None:
    """A plain query needs DuckDB and pyarrow, but neither Typer nor networkx nor Rich; where nothing watches there is no progress."""
    assert imported_by("sql", "SELECT count(*) FROM projects") & HEAVY & {"typer", "networkx", "rich", "click"} == set()


@pytest.mark.parametrize(
    ("words", "offered"),
    [("lestockage hots", {"hotspots"}), ("lestockage export hot", {"hotspots"}), ("lestockage export nodes --format n", {"ndjson"})],
)
def test_the_shell_completes(run: Run, monkeypatch: pytest.MonkeyPatch, words: str, offered: set[str]) -> None:
    """Commands, views and formats are completed by what `lestockage --install-completion` installs."""
    monkeypatch.setenv("_LESTOCKAGE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    assert set(run().out.split()) == offered


def test_a_line_that_is_not_plain_is_answered_too(run: Run, shop: Path) -> None:
    """What Typer reads means the same: of an option that is given twice, the last counts."""
    assert run("sql", "SELECT id FROM nodes", "--limit", "2", "--limit", "1").out.count("\n") == 2
