"""History: each commit's snapshot equals a cold index of its checkout, costs what changed, and touches nothing else."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from lestockage.errors import NoRepository, UnknownRevision
from lestockage.store.natural_rows import natural_rows
from lestockage.store.projects import list_projects
from lestockage.testing.source_editor import SourceEditor
from lestockage.workspace import history, source_file
from lestockage.workspace.history import record_history
from lestockage.workspace.past_state import past_state
from lestockage.workspace.workspace import Workspace
from tests.workspace.git_repository import Repository
from tests.workspace.snapshot_tables import State, labels, state_of, state_of_fresh
from tests.workspace.tables import everything, rows
from tests.workspace.zoo_tree import FILES

THIS = Path(__file__).parents[2]


def repository_of(folder: Path, files: dict[str, str]) -> Repository:
    """Return a repository with these files in its first commit."""
    repository = Repository(folder)
    for path, text in files.items():
        repository.write(path, text)
    repository.commit()
    return repository


def cold(repository: Path, commit: str, scratch: Path, within: str = "") -> State:
    """Return what a cold index holds of a folder of a commit that is checked out elsewhere."""
    shutil.rmtree(scratch, ignore_errors=True)
    packed = subprocess.run(["git", "-C", str(repository), "archive", commit], check=True, capture_output=True).stdout  # noqa: S607  # the git that is on the path
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(scratch / "tree", filter="data")
    (scratch / "tree" / ".git").mkdir()  # the root of a checkout: ignore files above it do not count
    with Workspace.open(scratch / "cold.db") as workspace:
        workspace.index(scratch / "tree" / within, project="p")
    return state_of_fresh(scratch / "cold.db")


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.parametrize("seed", [1, 2])
def test_each_commit_equals_a_cold_index_of_it(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edits, renames, deletions, moved files and syntax errors over many commits: no row differs, also when memory was given up between."""
    monkeypatch.setattr(history, "_KEPT", 9)
    repository = repository_of(tmp_path / "zoo", FILES)
    editor = SourceEditor(repository.folder / "zoo", seed)
    commits = [repository.git("rev-parse", "HEAD")]
    for _ in range(14):
        steps = [editor.step() for _ in range(2)]
        commits.append(repository.commit("; ".join(steps)))
    record_history(tmp_path / "h.db", repository.folder, "HEAD", project="p")
    for commit in commits:
        found, wanted = state_of(tmp_path / "h.db", "p", commit), cold(repository.folder, commit, tmp_path / "scratch")
        assert found == wanted, repository.git("log", "-1", "--format=%s", commit)


def test_what_a_commit_leaves_out_is_left_out(tmp_path: Path) -> None:
    """Ignore files above, within and of the commit, environments, hidden folders, packages around the folder: as if it was checked out."""
    repository = repository_of(
        tmp_path / "repo",
        {
            ".gitignore": "ignored_above.py\n/top/pkg/out/\n",
            "top/__init__.py": "",
            "top/pkg/__init__.py": "from top.pkg import kept, setup\n",
            "top/pkg/kept.py": "import top.pkg.own.deep\n",
            "top/pkg/own/.gitignore": "*\n!deep.py\n",
            "top/pkg/own/deep.py": "D = 1\n",
            "top/pkg/env/pyvenv.cfg": "",
            "top/pkg/env/lib.py": "",
            "top/pkg/.lestockage/x.py": "",
            "top/pkg/#a/setup.py": "",
            "top/pkg/#a/src/m.py": "import top\n",
            "top/pkg/.#lock.py": "",
            "top/pkg/data.txt": "",
        },
    )
    repository.write("top/pkg/ignored_above.py", "I = 1\n")
    repository.write("top/pkg/out/o.py", "O = 1\n")
    repository.write("top/pkg/own/shut.py", "S = 1\n")
    repository.git("add", "--force", "--all")
    first = repository.commit("with ignored files")
    repository.write(".gitignore", "top/pkg\n")
    (repository.folder / "top/__init__.py").unlink()
    repository.write("top/pkg/own/.gitignore", "")
    second = repository.commit("other rules")
    record_history(tmp_path / "h.db", repository.folder / "top" / "pkg", f"{first}..", project="p")
    for commit in (first, second):
        assert state_of(tmp_path / "h.db", "p", commit) == cold(repository.folder, commit, tmp_path / "scratch", "top/pkg")
    assert {file[0] for file in state_of(tmp_path / "h.db", "p", first).files} == {
        *("#a/setup.py", "#a/src/m.py", "__init__.py", "kept.py", "own/deep.py"),
    }
    assert "out/o.py" in {file[0] for file in state_of(tmp_path / "h.db", "p", second).files}


def test_links_of_a_commit_are_followed(tmp_path: Path) -> None:
    """To files that are not taken under their own names, once each, through linked folders too; not to folders, nowhere, or in circles."""
    repository = repository_of(
        tmp_path / "repo",
        {
            "shared/tool.py": "def tool():\n    return 1\n",
            "top/.gitignore": "made/\nhidden_link.py\n",
            "top/real.py": "import alias_of_tool\n\n\ndef real():\n    return alias_of_tool.tool()\n",
            "top/data.txt": "def data(): ...\n",
        },
    )
    repository.write("top/made/m.py", "M = 1\n")
    links = {
        "alias.py": "real.py",
        "alias_of_tool.py": "../shared/tool.py",
        "second_of_tool.py": "way/tool.py",
        "way": "../shared",
        "made_here.py": "./made/../made/m.py",
        "data.py": "data.txt",
        "folder.py": "../shared",
        "gone.py": "nothing.py",
        "round.py": "about.py",
        "about.py": "round.py",
        "hidden_link.py": "data.txt",
        "setup.cfg": "data.txt",
    }
    for path, target in links.items():
        (repository.folder / "top" / path).symlink_to(target)
    repository.git("add", "--force", "--all")
    first = repository.commit("links")
    (repository.folder / "top/alias_of_tool.py").unlink()
    repository.write("shared/tool.py", "def tool():\n    return 2\n")
    second = repository.commit("another link is the first now")
    record_history(tmp_path / "h.db", repository.folder / "top", f"{first}..", project="p")
    shown = {commit: {file[0] for file in state_of(tmp_path / "h.db", "p", commit).files} for commit in (first, second)}
    assert shown[first] == {"real.py", "alias_of_tool.py", "made_here.py", "data.py"}
    assert shown[second] == {"real.py", "second_of_tool.py", "made_here.py", "data.py"}
    for commit in (first, second):
        assert state_of(tmp_path / "h.db", "p", commit) == cold(repository.folder, commit, tmp_path / "scratch", "top")


def test_the_past_of_a_branch_has_its_links(tmp_path: Path) -> None:
    """What a report compares with is indexed from the commit with the files that links lead to."""
    repository = repository_of(tmp_path / "repo", {"shared/tool.py": "def tool(): ...\n", "top/real.py": "def real(): ...\n"})
    (repository.folder / "top/alias.py").symlink_to("../shared/tool.py")
    (repository.folder / "top/setup.cfg").symlink_to("../shared/tool.py")
    repository.commit("links")
    with Workspace.open(tmp_path / "now.db") as workspace:
        workspace.index(repository.folder / "top", project="p")
        (row,) = list_projects(workspace.file)
        wanted = natural_rows(workspace.file)
    assert {file[1] for file in wanted.files} == {"alias.py", "real.py"}
    with past_state(tmp_path / "now.db", row, "HEAD") as file:
        assert natural_rows(file) == wanted


def test_the_top_of_a_work_tree_may_be_a_package(tmp_path: Path) -> None:
    """Names begin with the folder that the work tree is, and with the packages that it lies in on the disk."""
    (tmp_path / "outer").mkdir()
    (tmp_path / "outer" / "__init__.py").touch()
    repository = repository_of(tmp_path / "outer" / "top", {"__init__.py": "", "sub/__init__.py": "def f(): ...\n"})
    record_history(tmp_path / "h.db", repository.folder / "sub", "HEAD", project="p")
    found = {node[1] for node in state_of(tmp_path / "h.db", "p", repository.git("rev-parse", "HEAD")).nodes}
    assert found == {"outer.top.sub", "outer.top.sub.f"}


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_own_history_equals_cold_indexes(tmp_path: Path) -> None:
    """The last commits of this project that changed its store: each snapshot equals a cold index of that commit."""
    listed = subprocess.run(
        ["git", "-C", str(THIS), "log", "--first-parent", "-4", "--format=%H", "--", "lestockage/store"],  # noqa: S607  # the git that is on the path
        check=False,
        capture_output=True,
        text=True,
    ).stdout.split()
    if len(listed) < 4:
        pytest.skip("no history of this project here: not a git checkout, or a shallow one")
    record_history(tmp_path / "h.db", THIS / "lestockage" / "store", f"{listed[-1]}..{listed[0]}", project="p")
    for commit in (listed[-1], listed[0]):
        assert state_of(tmp_path / "h.db", "p", commit) == cold(THIS, commit, tmp_path / "scratch", "lestockage/store")


def test_a_file_that_is_too_large_is_in_the_snapshot_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a cold index: it has no symbols while it is too large, and has them when it is smaller again."""
    monkeypatch.setattr(source_file, "LARGEST", 200)
    small, large = "def f():\n    return 1\n", "def f():\n    return 1\n" + "#" * 200 + "\n"
    repository = repository_of(tmp_path / "zoo", {"a.py": small, "b.py": "import a\n\na.f()\n"})
    commits = [repository.git("rev-parse", "HEAD")]
    for text in (large, small):
        repository.write("a.py", text)
        commits.append(repository.commit())
    record_history(tmp_path / "h.db", repository.folder, "HEAD", project="p")
    for commit in commits:
        assert state_of(tmp_path / "h.db", "p", commit) == cold(repository.folder, commit, tmp_path / "scratch")
    assert ("a.py", None, "it is larger than 0 MiB") in state_of(tmp_path / "h.db", "p", commits[1]).files


def test_only_files_that_differ_are_read(tmp_path: Path) -> None:
    """A commit that changes one file has one read, and one that changes no Python file none, executes nothing and writes its own row."""
    repository = repository_of(tmp_path / "zoo", FILES)
    first = repository.git("rev-parse", "HEAD")
    repository.write("zoo/cat.py", FILES["zoo/cat.py"].replace("miau", "meow").replace("LIVES = 9", "LIVES = 7"))
    repository.commit()
    repository.write("notes.txt", "no code")
    repository.commit()
    report = record_history(tmp_path / "h.db", repository.folder, f"{first}..HEAD")
    assert [record.read for record in report.commits] == [4, 1, 0]
    assert (report.commits[2].executed, report.commits[2].rows) == (0, 0)


def test_recorded_commits_are_not_recorded_again(tmp_path: Path) -> None:
    """A second call over a longer range records what is new, and nothing is written for the rest."""
    repository = repository_of(tmp_path / "zoo", FILES)
    first = record_history(tmp_path / "h.db", repository.folder, "HEAD").commits[0].snapshot
    repository.write("zoo/cat.py", "")
    repository.commit()
    again = record_history(tmp_path / "h.db", repository.folder, f"{first.label}..HEAD").commits
    assert [(record.snapshot.id, record.read) for record in again] == [(first.id, None), (first.id + 1, 4)]


def test_the_work_tree_and_the_present_state_are_untouched(tmp_path: Path) -> None:
    """The index of the work tree, with what is not committed in it, holds what it held, and the next run has nothing to do."""
    repository = repository_of(tmp_path / "zoo", FILES)
    repository.write("zoo/cat.py", "EDITED = 1\n")
    with Workspace.open(tmp_path / "h.db") as workspace:
        workspace.index(repository.folder)
    before = everything(tmp_path / "h.db")
    status = repository.git("status", "--porcelain")
    record_history(tmp_path / "h.db", repository.folder, "HEAD")
    assert (everything(tmp_path / "h.db"), repository.git("status", "--porcelain")) == (before, status)
    with Workspace.open(tmp_path / "h.db") as workspace:
        assert workspace.index(repository.folder).executed == {}


@pytest.mark.parametrize(("every", "kept"), [(1, [0, 1, 2, 3, 4, 5]), (2, [0, 2, 4, 5]), (5, [0, 5]), (9, [0, 5])])
def test_every_so_many_th_commit_is_taken_and_the_last(tmp_path: Path, every: int, kept: list[int]) -> None:
    """The first commit of the range begins the count."""
    repository = Repository(tmp_path / "zoo")
    commits = [repository.commit(str(number)) for number in range(6)]
    record_history(tmp_path / "h.db", repository.folder, "HEAD", every=every, project="p")
    assert labels(tmp_path / "h.db", "p") == [commits[number] for number in kept]


def test_a_range_without_commits_is_refused(tmp_path: Path) -> None:
    """Ends in the wrong order, an unknown name, no repository: refused, and no project is made."""
    repository = Repository(tmp_path / "zoo")
    older = repository.commit()
    newer = repository.commit()
    for revisions in (f"{newer}..{older}", "nowhere..HEAD", "HEAD..nowhere", "nowhere"):
        with pytest.raises(UnknownRevision):
            record_history(tmp_path / "h.db", repository.folder, revisions)
    (tmp_path / "bare").mkdir()
    with pytest.raises(NoRepository):
        record_history(tmp_path / "h.db", tmp_path / "bare", "HEAD")
    assert not (tmp_path / "h.db").exists()


def test_many_files_may_be_read_by_other_processes(tmp_path: Path) -> None:
    """With two jobs the first commit's files are read elsewhere; the rows are the same."""
    repository = repository_of(tmp_path / "zoo", {f"m{number}.py": f"def f{number}():\n    return f{number}\n" for number in range(20)})
    for name, jobs in (("one", 1), ("two", 2)):
        record_history(tmp_path / "h.db", repository.folder, "HEAD", project=name, jobs=jobs)
    commit = repository.git("rev-parse", "HEAD")
    assert state_of(tmp_path / "h.db", "one", commit) == state_of(tmp_path / "h.db", "two", commit)
    assert rows(tmp_path / "h.db", "SELECT count(*) FROM snapshot_nodes") == [(80,)]
