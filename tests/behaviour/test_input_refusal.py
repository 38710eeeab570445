"""A value that does not fit its annotation is refused when it is set, naming class, field, expected and got."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, Input, Key, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class File(Input):
    path: Key[str]
    size: int = 0
    lines: tuple[str, ...] = ()
    mode: int | None = None
    extra: dict[str, int] = {}  # noqa: RUF012  # a field's default, copied by nobody


@query
def size(db: Database, file: File) -> int:
    return file.size


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("size", "12", "File.size: expected int, got str ('12')"),
        ("size", True, "File.size: expected int, got bool (True)"),
        ("lines", ("a", 1), "File.lines: value[1]: expected str, got int"),
        ("lines", ["a"], "File.lines: value: expected tuple[str, ...], got list"),
        ("mode", "x", "File.mode: value: expected None | int, got str"),
        ("extra", {"a": "b"}, "File.extra: value['a']: expected int, got str"),
        ("path", "b", "File.path: it is a Key field"),
    ],
)
def test_setting_is_refused(db: Database, log: EventLog, field: str, value: Any, message: str) -> None:
    """The cell keeps its value, the revision its number, and no reader runs."""
    file = File(db, path="a", size=7)
    size(db, file)
    log.clear()
    revision = db.revision
    with pytest.raises(ArgumentError, match=re.escape(message)):
        setattr(file, field, value)
    assert (size(db, file), db.revision) == (7, revision)
    assert_executed(log)


def test_creation_is_refused_as_a_whole(db: Database) -> None:
    """Nothing is made, nothing is updated by half."""
    with pytest.raises(ArgumentError, match=re.escape("File.size: expected int, got float (1.5)")):
        File(db, path="a", size=1.5)  # type: ignore[arg-type]
    assert File.get(db, path="a") is None
    file = File(db, path="a", size=1)
    with pytest.raises(ArgumentError, match=re.escape("File.lines")):
        File(db, path="a", size=2, lines=3)  # type: ignore[arg-type]
    assert file.size == 1


def test_an_unknown_field_is_refused(db: Database) -> None:
    """In creation and by assignment."""
    with pytest.raises(ArgumentError, match="there is no such field; fields are extra, lines, mode, path, size"):
        File(db, path="a", colour="red")  # type: ignore[call-arg]
    file = File(db, path="a")
    with pytest.raises(AttributeError):
        file.colour = "red"  # type: ignore[attr-defined]
