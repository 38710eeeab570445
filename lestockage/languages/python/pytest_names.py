"""pytest names: what pytest, by its defaults, takes for a test, a fixture, or code that runs around tests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFTEST: Final = "conftest.py"
_AROUND: Final = ("setup", "teardown", "setUp", "tearDown", "asyncSetUp", "asyncTearDown", "pytest_")


class Fixture(NamedTuple):
    """How a fixture is asked for, and whether every test in its scope has it unasked."""

    name: str
    is_autouse: bool


def is_test_file(path: str) -> bool:
    """Tell whether pytest collects a file: `test_*.py` or `*_test.py`."""
    name = path.rpartition("/")[2]
    return name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py"))


def is_test_name(name: str) -> bool:
    """Tell whether a function of a test file, or a method of a test class, is a test."""
    return name.startswith("test")


def is_test_class(name: str, bases: Iterable[str]) -> bool:
    """Tell whether a class is collected: `Test...`, or a `TestCase` of unittest's under any name; `bases` are the names of all above it."""
    return name.startswith("Test") or any(base.rpartition(".")[2].endswith("TestCase") for base in bases)


def runs_around_tests(name: str) -> bool:
    """Tell whether a function of that name runs before or after the tests beside it."""
    return name.startswith(_AROUND)


def fixture(name: str, decorators: Iterable[str]) -> Fixture | None:
    """Return what fixture a function is by its rendered decorators, or None: `@pytest.fixture(name="x", autouse=True)` and its like."""
    for decorator in decorators:
        try:
            tree = ast.parse(decorator, mode="eval").body
        except SyntaxError:
            continue
        call = tree if isinstance(tree, ast.Call) else None
        if ast.unparse(call.func if call else tree).rpartition(".")[2] not in {"fixture", "yield_fixture"}:
            continue
        given = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
        own, autouse = given.get("name"), given.get("autouse")
        return Fixture(
            own.value if isinstance(own, ast.Constant) and isinstance(own.value, str) else name,
            autouse is not None and not (isinstance(autouse, ast.Constant) and not autouse.value),
        )
    return None
