"""Trees: real files are edited in every kind, by a seed or by a history, and every way of indexing them comes to the same rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import UnknownRevision
from lestockage.testing.benchmark import compare, tree_benchmark
from lestockage.testing.benchmark.file_outlines import file_outlines, outline_of
from lestockage.testing.benchmark.git_history import GitHistory, revisions
from lestockage.testing.benchmark.source_tree import SourceTree
from lestockage.testing.benchmark.tree_benchmark import Options, benchmark_tree
from tests.workspace.git_repository import Repository
from tests.workspace.zoo_tree import FILES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("heap_aside")

KINDS = [
    *("one symbol", "1 % of symbols", "10 % of symbols", "every symbol", "signature", "rename"),
    *("add file", "remove file", "whitespace", "branch switch"),
]


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """A package of four files with a file beside it that is no Python."""
    folder = tmp_path / "source"
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "notes.txt").write_text("not looked at")
    return folder


def test_every_kind_of_edit_is_made_and_measured(zoo: Path, tmp_path: Path) -> None:
    """Ten kinds over a small tree: all ways agree, less runs than in a rebuild, nothing where nothing changed; the source is untouched."""
    before = {path: path.read_bytes() for path in zoo.rglob("*") if path.is_file()}
    world = SourceTree("zoo", zoo, tmp_path, seed=3)
    table = compare(world, world.ways(), tmp_path / "index", edits=1, memory=False)
    assert [kind.kind for kind in table.kinds] == KINDS
    for kind in table.kinds:
        rebuild, in_process, reopened, unchanged = (way.executed[0] for way in kind.ways)
        assert unchanged == 0
        assert max(in_process, reopened) < rebuild, kind.kind
    assert table.facts == {"files": 4, "lines": 38, "functions": 7}
    assert {path: path.read_bytes() for path in zoo.rglob("*") if path.is_file()} == before
    assert world.digest() == table.digest


@pytest.mark.parametrize(("large", "rebuilds"), [(38, 1), (39, 3)])
def test_a_large_tree_is_measured_sparingly(zoo: Path, monkeypatch: pytest.MonkeyPatch, large: int, rebuilds: int) -> None:
    """From so many lines on, nothing but the state after a kind's last edit is built anew: by size, so that runs can be compared."""
    monkeypatch.setattr(tree_benchmark, "LARGE", large)
    monkeypatch.setattr(tree_benchmark, "compare", partial(compare, kinds=["whitespace"]))
    found = tree_benchmark.benchmark_tree(zoo, Options(edits=3, peers=False), memory=False)
    whitespace = found.tables[0].kind("whitespace")
    assert whitespace is not None
    assert len(whitespace.ways[0].seconds) == rebuilds
    assert rebuilds == 1 or len(whitespace.edits) == rebuilds


def test_equal_seeds_make_equal_trees(zoo: Path, tmp_path: Path) -> None:
    """Two worlds of one seed go through the same states, kind by kind; another seed through others."""
    states = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        world = SourceTree("zoo", zoo, tmp_path / name, seed=seed)
        made = []
        for edit in world.edits:
            world.reset()
            if edit.prepare is not None:
                edit.prepare()
                world.reset()
            made.append((edit.make(), world.digest()))
        states.append(made)
    assert states[0] == states[1]
    assert states[0] != states[2]
    assert len({digest for _, digest in states[0]}) == len(KINDS)


def test_places_are_those_of_the_text_as_it_is(zoo: Path, tmp_path: Path) -> None:
    """What is remembered of a file holds for its text alone, whoever writes it; one that is no text, or does not parse, has no places."""
    world = SourceTree("zoo", zoo, tmp_path)
    assert world.editor.count_functions() == world.editor.count_functions() == 7
    file = world.editor.files()[0]
    before = file.read_bytes()
    for content, more in ((before + b"\n\ndef f():\n    pass\n", 1), (before, 0)):
        file.write_bytes(content)
        assert world.editor.count_functions() == 7 + more
    for content in (b"def (", b"\xff"):
        file.write_bytes(content)
        broken = world.editor.count_functions()
        assert broken <= 7
        assert world.editor.edit_bodies(1) is not None
        assert file.read_bytes() == content


def test_the_branch_switch_goes_there_and_back(zoo: Path, tmp_path: Path) -> None:
    """Two states take turns; without another branch there is nothing to switch to."""
    world = SourceTree("zoo", zoo, tmp_path)
    switch = world.edits[-1]
    assert switch.make() is None
    world.make_branch()
    other = world.digest()
    world.reset()
    base = world.digest()
    assert switch.make() == "to the other branch"
    assert world.digest() == other
    assert switch.make() == "to the first branch"
    assert world.digest() == base


def test_memoizers_outline_the_files(zoo: Path, tmp_path: Path) -> None:
    """The outlines of files, which need no other file: one edited file is one outline for all who remember; broken files have none."""
    world = SourceTree("zoo", zoo, tmp_path)
    graph = file_outlines(world)
    table = compare(
        graph, graph.ways(), tmp_path / "outlines", edits=1, kinds=["one symbol", "remove input", "branch switch"], memory=False
    )
    assert [kind.kind for kind in table.kinds] == ["branch switch", "remove input", "one symbol"]
    one = table.kind("one symbol")
    assert one is not None
    assert {way.way: way.executed for way in one.ways}["plain rebuild"] == (4,)
    assert {way.executed for way in one.ways if way.way in {"in-process", "reopened", "functools.cache", "diskcache", "joblib.Memory"}} == {
        (1,)
    }
    assert outline_of(b"def broken(:") == ()
    ((name, lines, _),) = outline_of(b"def f():\n    pass\n")
    assert (name, lines) == ("f", 2)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Three commits of a file, one of them of something that no index looks at, and one that takes it away."""
    repository = Repository(tmp_path / "repository")
    repository.write("code/a.py", "def f():\n    return 1\n")
    repository.commit()
    repository.write("code/a.py", "def f():\n    return g()\n\n\ndef g():\n    return 2\n")
    repository.commit()
    repository.write("code/notes.txt", "x")
    repository.commit()
    repository.write("code/b.py", "from a import g\n\n\ndef h():\n    return g()\n")
    repository.commit()
    return repository


def test_commits_of_a_history_are_the_edits(repository: Repository) -> None:
    """Each commit that the index can see is one edit, the ends of the history are two branches; the work tree is untouched."""
    repository.write("code/a.py", "uncommitted = 1\n")
    found = benchmark_tree(repository.folder / "code", Options(edits=3, git="HEAD~3..HEAD"), name="small", memory=False)
    (table,) = found.tables
    commits = [repository.git("rev-parse", f"HEAD{back}")[:12] for back in ("~2", "")]
    assert [(kind.kind, len(kind.edits)) for kind in table.kinds] == [("commit", 2), ("branch switch", 3)]
    assert table.kinds[0].edits == tuple(f"commit {commit}" for commit in commits)
    assert table.facts == {"files": 1, "lines": 2, "commits": 3}
    assert found.git == f"{repository.git('rev-parse', 'HEAD~3')}..{repository.git('rev-parse', 'HEAD')}"
    assert found.command == f"lestockage bench small --edits 3 --git {found.git}"
    assert str(repository.folder) not in found.model_dump_json()
    assert (repository.folder / "code/a.py").read_text() == "uncommitted = 1\n"


def test_a_history_needs_two_ends(repository: Repository, tmp_path: Path) -> None:
    """One revision is no history; from a commit to itself there is nothing to go through."""
    with pytest.raises(UnknownRevision, match=r"REV1\.\.REV2"):
        revisions("HEAD", repository.folder)
    head = repository.git("rev-parse", "HEAD")
    assert revisions("..", repository.folder) == (head, head)
    world = GitHistory("small", repository.folder, tmp_path / "world", head, head)
    assert [edit.make() for edit in world.edits] == [None, None]
