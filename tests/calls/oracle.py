"""Oracle: the index's call edges inside a package, compared with what its own tests execute.

`python -m tests.calls.oracle [--json] [--rows N] [--package NAME] [--only PREFIX,...] [--tests PATH ...]`; paths are below the package.

Recall is exact: every executed call between two functions of the package should be an edge. Precision can only be bounded, since tests do
not execute everything: of the edges that have a site on a line that ran, the share that was executed is a lower bound, for a line may have
run without the call (`a or f()`). Other candidates of a site where one was executed (another class of object than in this run) are left
aside, and counted with it in a second figure. Edges without a site on such a line are not judged, nor are calls of classes, which leave no
frame: their constructors are.

Decorators split the truth in two: calling a decorated function runs the wrapper that stands in its place, and that runs the function. An
edge past the wrapper is true in effect, so it counts as executed for precision; for recall both are given, that of what ran frame by frame,
and that of the graph without the wrappers, in which the edges past them take their place.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import linecache
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lestockage.engine.garbage_pause import garbage_pause
from lestockage.languages.python.control_flow.statement_lines import decode_lines
from lestockage.languages.sites import decode_sites
from lestockage.queries.data_edges import statement_of
from lestockage.queries.rows import file_edges, file_nodes, positions
from tests.calls.package_trace import is_traced
from tests.queries.trees import Tree

if TYPE_CHECKING:
    from lestockage.queries.outline import Positions
    from tests.calls.programs import Edge

FAST = (
    *("algorithms/shortest_paths", "algorithms/traversal", "algorithms/components", "algorithms/operators", "algorithms/tests/test_dag.py"),
    *("classes/tests/test_reportviews.py", "classes/tests/test_function.py", "readwrite/json_graph", "utils"),
)
"""Tests of networkx that take little time and reach much of it."""


class Executed(NamedTuple):
    """What ran: call edges with the place where each was first seen, lines by path, edges past wrappers, and how wrappers' names begin."""

    edges: dict[Edge, tuple[str, int]]
    lines: dict[str, set[int]]
    through: set[Edge]
    wrappers: tuple[str, ...]

    def past_wrappers(self) -> set[Edge]:
        """The edges between units that are no wrapper's code, those past them included."""
        return {edge for edge in self.edges.keys() | self.through if not any(end.startswith(self.wrappers) for end in edge)}


class Indexed(NamedTuple):
    """What the index has: call edges with the places of their sites and the rules that found them, and the kind of every symbol."""

    edges: dict[Edge, set[tuple[str, int, int]]]  # path, line, and ordinal of the site within the caller
    rules: dict[Edge, str]
    certain: set[Edge]
    kinds: dict[str, str]


class Comparison(NamedTuple):
    """Executed edges that are found or missing, and found past wrappers; edges on lines that ran: executed, past one, others there, or not.

    `certain` are the judged edges that the index calls certain; `sites` says of each site of one whether a candidate ran.
    """

    found: set[Edge]
    missing: set[Edge]
    confirmed: set[Edge]
    through: set[Edge]
    others: set[Edge]
    unconfirmed: set[Edge]
    certain: set[Edge]
    sites: dict[tuple[str, int], bool]
    recall_past_wrappers: float

    @property
    def recall(self) -> float:
        """The share of the executed edges that are found."""
        return len(self.found) / (len(self.found) + len(self.missing))

    @property
    def precision(self) -> float:
        """The share of the judged edges that were executed, past a wrapper or directly, other candidates left aside: a lower bound."""
        return 1 - len(self.unconfirmed) / (self.judged - len(self.others))

    @property
    def precision_of_candidates(self) -> float:
        """The share of the judged edges that were executed, past a wrapper or directly, which polymorphic calls keep from being 1."""
        return (len(self.confirmed) + len(self.through)) / self.judged

    @property
    def precision_of_certain(self) -> float:
        """The share, of the judged edges that the index calls certain, that were executed, past a wrapper or directly: a lower bound."""
        return len(self.certain & (self.confirmed | self.through)) / len(self.certain)

    @property
    def precision_of_sites(self) -> float:
        """The share of the sites with a judged edge of which at least one candidate was executed: others may still name a true one."""
        return sum(self.sites.values()) / len(self.sites)

    @property
    def judged(self) -> int:
        """How many edges of the index have a site on a line that ran."""
        return len(self.confirmed) + len(self.through) + len(self.others) + len(self.unconfirmed)


def folder_of(package: str) -> Path:
    """Return where an installed package lies."""
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def execute(folder: Path, prefixes: list[str], tests: list[str]) -> Executed:
    """Run tests of a package in a process of their own, traced; raises RuntimeError when pytest could not run them or nothing was seen."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "seen.json"
        command = [sys.executable, "-m", "tests.calls.package_trace", str(out), ",".join(prefixes), *(str(folder / test) for test in tests)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST_"))}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode or not out.exists():
            message = f"the traced tests ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise RuntimeError(message)
        seen = json.loads(out.read_text())
    edges = {(caller, callee): (path, line) for caller, callee, path, line in seen["edges"]}
    lines_run = {path: set(lines) for path, lines in seen["lines"].items()}
    return Executed(edges, lines_run, {(caller, callee) for caller, callee in seen["through"]}, tuple(seen["wrappers"]))


def index(folder: Path, prefixes: list[str]) -> Indexed:
    """Index a whole package and return the call edges between its modules with one of the prefixes, which are those that are traced.

    Its tests are indexed too, since values come from there: what calls a parameter runs is known from who fills it.
    """
    top = folder.parent
    files: dict[str, str | bytes] = {}
    traced: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(top)
        files[place.as_posix()] = path.read_bytes()
        if is_traced(".".join(place.with_suffix("").parts).removesuffix(".__init__"), prefixes):
            traced.add(place.as_posix())
    tree = Tree(files)
    with garbage_pause(len(files) * 1_000):
        tree.ask()
    edges: dict[Edge, set[tuple[str, int, int]]] = defaultdict(set)
    rules: dict[Edge, str] = {}
    certain: set[Edge] = set()
    kinds: dict[str, str] = {}
    for file_name in sorted(traced):
        file = tree.file(file_name)
        where = positions(tree.db, file)
        for node in file_nodes(tree.db, file):
            if kinds.get(node.qualified_name) != "class":  # of several definitions a class decides: a call of it may leave no frame
                kinds[node.qualified_name] = node.node_type
        for unit in file_edges(tree.db, file):
            for edge in unit.edges:
                if edge.edge_type == "call" and edge.path in traced:
                    key = (unit.qualified_name, edge.qualified_name)
                    line = where.spans[unit.index].line + _line(edge.site, where, unit.index)
                    edges[key].add((str(top / file_name), line, edge.site))
                    rules.setdefault(key, edge.provenance)
                    if edge.confidence == 1:
                        certain.add(key)
    return Indexed(dict(edges), rules, certain, kinds)


def _line(site: int, where: Positions, place: int) -> int:
    """Return how many lines into its unit an edge's site is."""
    if site >= 0:
        return decode_sites(where.sites[place])[site].line
    statement = statement_of(site)
    lines = decode_lines(where.lines[place], 0)
    return lines[statement] if statement is not None and statement < len(lines) else 0


def compare(executed: Executed, indexed: Indexed) -> Comparison:
    """Compare the two; only edges between units that the index knows count, so that code made by `exec` does not."""
    known = {edge for edge in executed.edges if edge[0] in indexed.kinds}
    past = {edge for edge in executed.past_wrappers() if edge[0] in indexed.kinds}
    judged = {
        edge
        for edge, sites in indexed.edges.items()
        if indexed.kinds.get(edge[1]) != "class" and any(line in executed.lines.get(path, ()) for path, line, _ in sites)
    }
    found = known & indexed.edges.keys()
    rest = judged - known
    through = rest & executed.through
    seen = {(edge[0], ordinal) for edge in found | through for _, _, ordinal in indexed.edges[edge]}
    sites = {
        (edge[0], ordinal): False for edge in judged for path, line, ordinal in indexed.edges[edge] if line in executed.lines.get(path, ())
    }
    sites |= {site: True for site in sites if site in seen}
    others = {edge for edge in rest - through if any((edge[0], ordinal) in seen for _, _, ordinal in indexed.edges[edge])}
    recall_past_wrappers = len(past & indexed.edges.keys()) / len(past)
    return Comparison(
        found,
        known - found,
        judged & known,
        through,
        others,
        rest - through - others,
        judged & indexed.certain,
        sites,
        recall_past_wrappers,
    )


def cause(edge: Edge, indexed: Indexed, line: str) -> str:
    """Say in a few words what it would take to find a missing edge, judging by its ends and the source line where it was seen."""
    caller, callee = edge
    last = callee.rpartition(".")[2]
    if last.startswith("<lambda"):
        return "a lambda is called"
    if last.startswith("__") and last.endswith("__"):
        return "constructor" if last in ("__init__", "__new__") and "(" in line else f"operator or protocol: {last}"
    if indexed.kinds.get(callee) is None:
        return "the callee is no symbol of the index"
    if caller.rpartition(".")[2].startswith("<lambda"):
        return "a lambda calls"
    if f".{last}(" in line or f".{last}" in line:
        return "attribute of an object of unknown class" if indexed.kinds.get(callee) == "method" else "attribute that holds a function"
    if f"{last}(" in line:
        return "by its own name"
    return "by another name: parameter, variable, decorator, callback"


def main() -> None:
    """Print the comparison, and what is missing and unconfirmed, most frequent cause first; with --json as one object."""
    parser = argparse.ArgumentParser(prog="python -m tests.calls.oracle")
    parser.add_argument("--package", default="networkx")
    parser.add_argument("--only", help="module prefixes, separated by commas: nothing else is traced or judged")
    parser.add_argument("--tests", nargs="*", default=list(FAST))
    parser.add_argument("--rows", type=int, default=6, help="edges shown of each cause")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    prefixes = arguments.only.split(",") if arguments.only else [arguments.package]
    folder = folder_of(arguments.package)
    executed = execute(folder, prefixes, arguments.tests)
    indexed = index(folder, prefixes)
    compared = compare(executed, indexed)
    print(_json(compared, executed, indexed) if arguments.json else _report(compared, executed, indexed, arguments.rows))  # noqa: T201  # a command


def _by_cause(compared: Comparison, executed: Executed, indexed: Indexed) -> list[tuple[str, list[Edge]]]:
    causes: dict[str, list[Edge]] = defaultdict(list)
    for edge in sorted(compared.missing):
        causes[cause(edge, indexed, linecache.getline(*executed.edges[edge]))].append(edge)
    return sorted(causes.items(), key=lambda item: (-len(item[1]), item[0]))


def _by_rule(compared: Comparison, indexed: Indexed) -> list[tuple[str, int, int, int, int]]:
    """Return for every rule how many of its judged edges were executed, past a wrapper, others at their site were, not seen."""
    counts = [
        Counter(indexed.rules[edge] for edge in edges)
        for edges in (compared.confirmed, compared.through, compared.others, compared.unconfirmed)
    ]
    right, past, others, wrong = counts
    rows = [(rule, right[rule], past[rule], others[rule], wrong[rule]) for rule in set().union(*counts)]
    return sorted(rows, key=lambda row: (-row[4], -row[3], row[0]))


def _report(compared: Comparison, executed: Executed, indexed: Indexed, rows: int) -> str:
    lines = [
        f"recall     {compared.recall:.3f}   {len(compared.found)} executed edges are found, {len(compared.missing)} are not",
        f"           {compared.recall_past_wrappers:.3f}   past the wrappers that decorators put in place",
        f"precision  {compared.precision:.3f}   at least: {compared.judged} edges have a site on a line that ran,",
        f"                   {len(compared.confirmed)} were executed, {len(compared.through)} past a wrapper,",
        f"                   {len(compared.others)} are other candidates of a site where one was executed, and left aside",
        f"           {compared.precision_of_candidates:.3f}   with these other candidates",
        f"           {compared.precision_of_certain:.3f}   of the {len(compared.certain)} that the index calls certain",
        f"           {compared.precision_of_sites:.3f}   of the {len(compared.sites)} sites of these edges have a candidate that ran",
        f"{len(indexed.edges)} call edges inside the package in all",
        "",
        "judged edges by rule: executed, executed past a wrapper, other candidates of such sites, not seen",
    ]
    lines += [f"  {rule:14} {right:6} {past:6} {others:6} {wrong:6}" for rule, right, past, others, wrong in _by_rule(compared, indexed)]
    lines += ["", "missing, by cause; where the call was seen"]
    for why, edges in _by_cause(compared, executed, indexed):
        lines.append(f"  {len(edges):5}  {why}")
        # evenly spread over the list, so that one module does not fill it
        for edge in edges[:: max(1, len(edges) // rows)][:rows]:
            path, line = executed.edges[edge]
            lines.append(f"           {edge[0]} -> {edge[1]}")
            lines.append(f"             {Path(path).name}:{line}: {linecache.getline(path, line).strip()[:100]}")
    lines += ["", "unconfirmed: the line ran, the call was not seen"]
    unconfirmed = sorted(compared.unconfirmed)
    for edge in unconfirmed[:: max(1, len(unconfirmed) // (4 * rows))][: 4 * rows]:
        path, line, _ = min(indexed.edges[edge])
        lines.append(f"         {edge[0]} -> {edge[1]}  [{indexed.rules[edge]}]")
        lines.append(f"             {Path(path).name}:{line}: {linecache.getline(path, line).strip()[:100]}")
    return "\n".join(lines)


def _json(compared: Comparison, executed: Executed, indexed: Indexed) -> str:
    return json.dumps(
        {
            "recall": compared.recall,
            "recall_past_wrappers": compared.recall_past_wrappers,
            "precision_at_least": compared.precision,
            "executed": len(compared.found) + len(compared.missing),
            "precision_of_candidates_at_least": compared.precision_of_candidates,
            "precision_of_certain_at_least": compared.precision_of_certain,
            "precision_of_sites_at_least": compared.precision_of_sites,
            "judged": compared.judged,
            "edges": len(indexed.edges),
            "missing": {why: [[*edge, *executed.edges[edge]] for edge in edges] for why, edges in _by_cause(compared, executed, indexed)},
            "unconfirmed": [[*edge, indexed.rules[edge]] for edge in sorted(compared.unconfirmed)],
        },
        indent=1,
    )


if __name__ == "__main__":
    main()
