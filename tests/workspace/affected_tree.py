"""Affected tree: a small package with tests of every kind that a change can reach."""

from __future__ import annotations

FILES = {
    "app/__init__.py": """\
from app.core import Shape, area
""",
    "app/core.py": """\
LIMIT = 9
OTHER = 1


class Shape:
    def size(self):
        return 1


class Square(Shape):
    def size(self):
        return 2


def area(shape: Shape):
    return shape.size()


def limit():
    return LIMIT


def gone():
    return 3


def alone():
    return 4
""",
    "tests/conftest.py": """\
import pytest

from app.core import alone


@pytest.fixture(name='thing')
def _thing():
    return alone()


@pytest.fixture
def chained(thing):
    return thing
""",
    "tests/test_core.py": """\
import pytest

from app import core
from app.core import LIMIT, Square, area, gone, limit


def test_area():
    assert area(Square())


def test_limit():
    assert limit() == 9


def test_constant():
    assert LIMIT


def test_gone():
    assert gone()


def test_nothing():
    assert core


def test_fixture(thing):
    assert thing


def test_chained(chained):
    assert chained


@pytest.mark.usefixtures('thing')
def test_marked():
    pass
""",
    "tests/base.py": """\
from app.core import limit


class Base:
    def test_inherited(self):
        assert limit()
""",
    "tests/test_classes.py": """\
import unittest

from app.core import alone
from tests.base import Base


class TestHeir(Base):
    def test_own(self):
        pass


class Plain(unittest.TestCase):
    def setUp(self):
        alone()

    def test_case(self):
        pass
""",
}
"""Text by path."""
