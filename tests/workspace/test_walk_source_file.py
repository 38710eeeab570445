"""Source file: the bytes that are there, or a reason in a few words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import UnreadableSource
from lestockage.workspace import source_file
from lestockage.workspace.source_file import printable, read_source, reason
from tests.workspace.planting import plant

if TYPE_CHECKING:
    from pathlib import Path


def test_bytes_are_returned_as_they_are(tmp_path: Path) -> None:
    """Nothing is decoded, stripped or translated on the way."""
    content = b"\xef\xbb\xbfx = 1\r\n\x00\xff"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_bytes(content)
    assert read_source(str(tmp_path), "sub/a.py") == content


def test_a_name_that_is_no_utf8_is_readable(tmp_path: Path) -> None:
    """A path as the file system gave it opens the file it came from."""
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.py"), "wb") as file:
        file.write(b"pass")
    assert read_source(str(tmp_path), os.fsdecode(b"caf\xe9.py")) == b"pass"


def test_a_file_that_vanished(tmp_path: Path) -> None:
    """A file that is no longer there is refused with the path that was asked for, relative as it was given."""
    with pytest.raises(UnreadableSource) as caught:
        read_source(str(tmp_path), "gone/a.py")
    assert (caught.value.path, caught.value.reason) == ("gone/a.py", "it vanished before it could be read")


def test_a_file_whose_folder_became_a_file(tmp_path: Path) -> None:
    """A path that now goes through a file has vanished."""
    plant(tmp_path, "sub")
    with pytest.raises(UnreadableSource, match="vanished"):
        read_source(str(tmp_path), "sub/a.py")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing permission is said as such (the test may run as root, who has every permission)."""
    plant(tmp_path, "a.py")

    def refusing(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(UnreadableSource, match=r"a\.py cannot be read: permission denied"):
        read_source(str(tmp_path), "a.py")


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while reading, after the file was opened, is a reason like the others."""
    plant(tmp_path, "a.py")

    def failing(*_: object) -> os.stat_result:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:  # pytest itself uses `os.fstat` soon after
        patch.setattr(os, "fstat", failing)
        with pytest.raises(UnreadableSource, match="input/output error"):
            read_source(str(tmp_path), "a.py")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe that has taken a file's place is refused at once, though nobody writes to it."""
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(UnreadableSource, match="it is no regular file"):
        read_source(str(tmp_path), "a.py")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder that has taken a file's place is refused."""
    (tmp_path / "a.py").mkdir()
    with pytest.raises(UnreadableSource, match="it is no regular file"):
        read_source(str(tmp_path), "a.py")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    """A name longer than the file system allows is said to be so."""
    with pytest.raises(UnreadableSource, match="its name is too long"):
        read_source(str(tmp_path), "a" * 300 + ".py")


@pytest.mark.parametrize("path", ["a\0.py", "\ud800.py"])
def test_a_name_that_no_file_can_have(tmp_path: Path, path: str) -> None:
    """A NUL or a lone surrogate is a reason, not a crash, and can be printed."""
    with pytest.raises(UnreadableSource, match="cannot be that of a file") as caught:
        read_source(str(tmp_path), path)
    str(caught.value).encode()


def test_the_largest_file_is_read_and_a_larger_one_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is on what is read, so a file that grows meanwhile cannot pass it."""
    monkeypatch.setattr(source_file, "LARGEST", 1024 * 1024)
    (tmp_path / "a.py").write_bytes(b"#" * 1024 * 1024)
    (tmp_path / "b.py").write_bytes(b"#" * (1024 * 1024 + 1))
    assert len(read_source(str(tmp_path), "a.py")) == 1024 * 1024
    with pytest.raises(UnreadableSource, match="it is larger than 1 MiB"):
        read_source(str(tmp_path), "b.py")


def test_a_printable_path_is_left_alone() -> None:
    """Only bytes that are no UTF-8 are escaped."""
    assert [printable("né/a.py"), printable(os.fsdecode(b"\xffa/\xe9.py"))] == ["né/a.py", "\\xffa/\\xe9.py"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "no space left on device"),
        (OSError("odd"), "odd"),
        (OSError(), "oserror"),
    ],
)
def test_a_reason_is_never_empty(error: OSError, words: str) -> None:
    """An error that brings no text of its own is named by its class."""
    assert reason(error) == words
