"""Statements: what is stored of the code within symbols, from an indexed tree, without a look at the tree."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import lestockage.graph
from lestockage.cli import main
from lestockage.errors import CorruptAnalysis, NotAnalysed
from lestockage.graph import control_flow_graph, program_dependence_graph
from lestockage.graph.complexity import complexity, file_complexity, project_complexity
from lestockage.languages.facts import is_anonymous
from lestockage.workspace.workspace import Workspace
from tests.languages.metrics.oracles import package_files, ruff_says

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = dedent(
    '''\
    """Numbers."""
    LIMIT = 3


    class Counter:
        def count(self, items):
            """Count."""
            total = 0

            for item in items:
                # odd ones only
                if item % 2:
                    total += item
            return total

        def stop(self):
            return None
            self.count(())


    def nested(flag):
        def inner(x):
            if x:
                return 1
            return 2
        if flag:
            return inner
        return None
    '''
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with one module."""
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "numbers.py").write_text(SOURCE)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, tree: Path) -> Iterator[Workspace]:
    """Return a database in which the folder is indexed."""
    with Workspace.open(tmp_path / "index.db") as opened:
        opened.index(tree, project="one")
        yield opened


def rows(workspace: Workspace) -> dict[bytes, tuple[object, ...]]:
    """Return the stored analyses by content hash."""
    return {row[0]: row for row in workspace.file.query("SELECT * FROM analysis_cache")}


def test_control_flow_has_the_lines_of_the_file(workspace: Workspace, tree: Path) -> None:
    """Each point stands on the line of its statement, and nothing is parsed for it: the tree may be gone."""
    shutil.rmtree(tree)
    graph = control_flow_graph(workspace, "Counter.count")
    points = {(facts["line"], facts["kind"]) for _, facts in graph.nodes(data=True)}
    assert points == {
        *((None, kind) for kind in ("entry", "exit", "raised")),
        *((8, "assign"), (10, "iterate"), (10, "for"), (12, "test"), (13, "assign"), (14, "return")),
    }
    lines = {(graph.nodes[a]["line"], graph.nodes[b]["line"], facts["kind"]) for a, b, facts in graph.edges(data=True) if facts["back"]}
    assert lines == {(12, 10, "false"), (13, 10, "next")}


def test_unreachable_code_is_marked(workspace: Workspace) -> None:
    """What follows a return is in the graph and not reachable."""
    graph = control_flow_graph(workspace, "Counter.stop")
    assert [facts["line"] for _, facts in graph.nodes(data=True) if not facts["reachable"] and facts["line"]] == [18]


def test_dependences_name_their_reason(workspace: Workspace) -> None:
    """A data dependence names the variable, a control dependence the way out."""
    graph = program_dependence_graph(workspace, "Counter.count")

    def between(a: int, b: int) -> set[tuple[str, str]]:
        return {
            (facts["dependence"], facts.get("name") or facts["kind"])
            for source, target, facts in graph.edges(data=True)
            if (graph.nodes[source]["line"], graph.nodes[target]["line"]) == (a, b)
        }

    assert between(8, 14) == {("data", "total")}
    assert between(12, 13) == {("control", "true")}
    assert between(10, 12) == {("control", "true"), ("data", "item")}


def test_a_comment_moves_lines_and_no_analysis(workspace: Workspace, tree: Path) -> None:
    """After a comment within a function its points stand lower; no unit was analysed and no analysis written."""
    before = rows(workspace)
    (tree / "numbers.py").write_text(SOURCE.replace("        total = 0\n", "        # start\n\n        total = 0\n"))
    executed = workspace.index(tree, project="one").executed
    assert "facts" not in executed
    assert rows(workspace) == before
    graph = control_flow_graph(workspace, "Counter.count")
    assert sorted({facts["line"] for _, facts in graph.nodes(data=True)} - {None}) == [10, 12, 14, 15, 16]


def test_an_edited_function_alone_is_analysed_again(workspace: Workspace, tree: Path) -> None:
    """One edit in one function is one analysis, and one new row; the others stay as they are."""
    before = rows(workspace)
    (tree / "numbers.py").write_text(SOURCE.replace("item % 2", "item % 3"))
    assert workspace.index(tree, project="one").executed["facts"] == 1
    after = rows(workspace)
    assert len(set(after) - set(before)) == 1
    assert all(after[key] == row for key, row in before.items())


def test_equal_code_elsewhere_is_analysed_once(workspace: Workspace, tmp_path: Path) -> None:
    """A second project with the same class in another file, laid out otherwise, analyses its module only."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.py").write_text("import os\n\n\n" + SOURCE[SOURCE.index("class") :].replace("# odd ones only", "# here\n"))
    before = rows(workspace)
    executed = workspace.index(other, project="two").executed
    assert executed["facts"] == 1
    assert len(set(rows(workspace)) - set(before)) == 1
    graph = control_flow_graph(workspace, "Counter.count", project="two")
    assert sorted({facts["line"] for _, facts in graph.nodes(data=True)} - {None}) == [7, 9, 12, 13, 14]


def test_an_unchanged_run_writes_nothing(workspace: Workspace, tree: Path) -> None:
    """What is stored already is not written again."""
    before = workspace.file.total_changes
    workspace.index(tree, project="one")
    assert workspace.file.total_changes == before


def test_lines_leave_with_their_file(workspace: Workspace, tree: Path) -> None:
    """A deleted file takes its lines with it; analyses stay for whoever comes next."""
    kept = len(rows(workspace))
    (tree / "numbers.py").unlink()
    workspace.index(tree, project="one")
    assert workspace.file.query("SELECT count(*) FROM statement_lines") == [(0,)]
    assert len(rows(workspace)) == kept


def test_what_is_no_code_has_no_flow(workspace: Workspace) -> None:
    """A variable has no flow, and the error says why."""
    with pytest.raises(NotAnalysed, match="it is a variable"):
        control_flow_graph(workspace, "LIMIT")


def test_a_missing_analysis_is_told(workspace: Workspace) -> None:
    """Rows of an older release are not there: the error says what to do."""
    workspace.file.execute("DELETE FROM analysis_cache")
    with pytest.raises(NotAnalysed, match="index the project again"):
        control_flow_graph(workspace, "nested")


def test_a_damaged_analysis_is_told(workspace: Workspace) -> None:
    """Bytes that are none of ours are refused."""
    workspace.file.execute("UPDATE analysis_cache SET cfg_data = x'00'")
    with pytest.raises(CorruptAnalysis):
        control_flow_graph(workspace, "nested")


def test_symbols_have_the_complexity_of_what_is_nested_in_them(workspace: Workspace) -> None:
    """McCabe and cognitive complexity count the functions inside a function; cyclomatic is a function's own."""
    found = {each.node.qualified_name: each.metrics for each in complexity(workspace)}
    assert (found["numbers.nested"].cyclomatic, found["numbers.nested"].mccabe, found["numbers.nested"].cognitive) == (2, 4, 3)
    assert found["numbers.Counter.count"].nesting == 2
    assert found["numbers.Counter.count"].lines == 9


def test_files_and_projects_have_metrics(workspace: Workspace) -> None:
    """A project of one file measures what the file does."""
    ((_, of_file),) = file_complexity(workspace).items()
    (of_project,) = project_complexity(workspace, "one").values()
    assert of_file == of_project
    assert (of_file.functions, of_file.unreachable, of_file.worst_cyclomatic) == (4, 1, 3)


def test_the_stored_complexity_is_that_of_ruff(tmp_path: Path) -> None:
    """On every function of a real package, what the database says is what ruff says."""
    paths = package_files("typer")
    root = paths[0].parent
    with Workspace.open(tmp_path / "typer.db") as opened:
        opened.index(root)
        found = {
            (each.node.file_path, each.node.qualified_name.rpartition(".")[2], each.metrics.mccabe)
            for each in complexity(opened)
            if each.node.node_type in {"function", "method"} and not is_anonymous(each.node.qualified_name)
        }
    said = set()
    for (path, line, column), number in ruff_says(paths).items():
        text = Path(path).read_text(encoding="utf-8").splitlines()[line - 1][column - 1 :]
        said.add((str(path).removeprefix(f"{root}/"), text.partition("(")[0].partition("[")[0].strip(), number))
    assert found == said


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("flow", "Counter.count"), "13 assign total"),
        (("flow", "Counter.stop"), "(unreachable)"),
        (("flow", "Counter.stop", "--format", "dot"), "fontcolor=grey"),
        (("flow", "Counter.count", "--format", "mermaid"), "flowchart TD"),
        (("flow", "Counter.count", "--pdg", "--format", "dot"), "style=dashed"),
        (("flow", "Counter.count", "--format", "dot"), "style=bold"),
        (("complexity",), "numbers.nested"),
        (("complexity", "count"), "numbers.Counter.count"),
        (("complexity", "C*.count*", "--sort", "maintainability"), ""),
        (("complexity", "--by", "file"), "numbers.py"),
        (("complexity", "--by", "project", "--sort", "nesting"), "one"),
        (("complexity", "--limit", "1"), "numbers.Counter.count"),
    ],
)
def test_the_command_line_shows_it(workspace: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], wanted: str) -> None:
    """Each command answers from the file."""
    assert main([*words, "--db", str(workspace.file.path)]) == 0
    assert wanted in capsys.readouterr().out


def test_the_command_line_answers_programs(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds every point and edge, and every metric."""
    main(["flow", "Counter.count", "--json", "--db", str(workspace.file.path)])
    found = json.loads(capsys.readouterr().out)
    assert found["points"][4] == {
        "id": 4,
        "kind": "iterate",
        "statement": 1,
        "line": 10,
        "defines": [],
        "uses": ["items"],
        "suspends": False,
        "reachable": True,
    }
    assert {"source": 4, "target": 5, "kind": "next", "back": False} in found["edges"]
    main(["complexity", "nested", "--json", "--db", str(workspace.file.path)])
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["mccabe"], row["where"]) == ("numbers.nested", 4, "numbers.py:21")


def test_the_package_has_no_other_names() -> None:
    """Names that are loaded late do not make others exist."""
    with pytest.raises(AttributeError, match="no attribute 'control_flow'"):
        lestockage.graph.control_flow  # noqa: B018  # the look-up is what is tested
