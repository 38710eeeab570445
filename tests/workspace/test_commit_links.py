"""Commit links: a path leads to a regular file of the commit or to nothing."""

from __future__ import annotations

import pytest

from lestockage.workspace.commit_links import CommitLinks

FILES = {"a.py": "1", "lib/b.py": "2", "lib/sub/c.py": "3"}
LINKS = {
    "to_a.py": "a.py",
    "lib/up.py": "../a.py",
    "way": "lib/./sub//",
    "twice.py": "way/../b.py",
    "far.py": "../../a.py",
    "absolute.py": "/etc/passwd",
    "round.py": "round.py",
    "folder.py": "lib",
    "gone.py": "lib/gone.py",
    "under_a_file.py": "a.py/b.py",
    **{f"chain{number}.py": f"chain{number + 1}.py" for number in range(60)},
    "chain60.py": "a.py",
}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("a.py", "a.py"),
        ("to_a.py", "a.py"),
        ("lib/up.py", "a.py"),
        ("way/c.py", "lib/sub/c.py"),
        ("twice.py", "lib/b.py"),  # `..` of a linked folder is above what it leads to
        ("chain21.py", "a.py"),
        ("chain20.py", None),
        *((path, None) for path in ("far.py", "absolute.py", "round.py", "folder.py", "gone.py", "under_a_file.py", "nothing.py")),
    ],
)
def test_where_a_path_leads(path: str, target: str | None) -> None:
    """Through links of files and folders, upwards too; never out of the commit, and not for ever."""
    links = CommitLinks(FILES, {link: link for link in LINKS}, lambda link: LINKS[link].encode())
    assert links.target(path) == target
    assert target is None or links.content_id(target) == FILES[target]
