"""Stopping: what the caller identifies counts by that identity, and nothing behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage.engine.fingerprint import explain, fingerprint, forget

if TYPE_CHECKING:
    from tests.engine.fingerprint.conftest import Tree

APP = """
def query(f):
    def wrapper(db): return f(db)
    wrapper.name = f.__name__
    wrapper.function = f
    return wrapper
@query
def other(db): return {body}
def helper(db): return other(db)
@query
def ask(db): return helper(db)
"""


def stop(thing: Any) -> bytes | None:
    """Identify declared queries by name."""
    name = getattr(thing, "name", None) if callable(thing) else None
    return name.encode() if isinstance(name, str) else None


def test_a_query_counts_by_identity(tree: Tree) -> None:
    """Editing another query's body does not show; renaming what it is identified by does."""
    prints = {body: fingerprint(tree.write(APP.format(body=body)).function().function, stop_at=stop) for body in ("1", "2")}
    assert len(set(prints.values())) == 1
    renamed = APP.format(body="1").replace("wrapper.name = f.__name__", "wrapper.name = 'x' + f.__name__")
    assert fingerprint(tree.write(renamed).function().function, stop_at=stop) != prints["1"]
    unstopped = {fingerprint(tree.write(APP.format(body=body)).function().function) for body in ("1", "2")}
    assert len(unstopped) == 2


def test_the_function_itself_is_walked(tree: Tree) -> None:
    """The function that is asked about is taken apart, also when it refers back to what stands for it."""
    text = APP.format(body="ask(db)")
    first = fingerprint(tree.write(text).function().function, stop_at=stop)
    assert fingerprint(tree.write(text.replace("return helper(db)", "return helper(db) + 1")).function().function, stop_at=stop) != first


def test_explain_names_what_is_covered(tree: Tree) -> None:
    """The names of functions, classes, modules, libraries and stops are listed, nearest first."""
    files = {
        "app.py": (
            "import json, helpers, msgpack\nfrom threading import Lock\nclass A:\n  n = 1\nlock = Lock()\ndef near(): return far()\n"
            "def far(): return A, json.dumps, lock\ndef ask(db):\n  import third\n  return near(), helpers.f, msgpack.Packer, other\n"
            "def other(db): pass\nother.name = 'other'\n"
        ),
        "helpers.py": "def f(): return 1\ndef g(): return 2\n",
        "third.py": "",
    }
    names = explain(tree.write(files).function(), stop_at=stop)
    assert names[0] == "app.ask"
    assert names.index("app.near") < names.index("app.far")
    assert {"app.A", "helpers.f", "module third", "other (by identity)", "json.dumps (python)"} <= set(names)
    assert any(name.startswith("msgpack.") and "(msgpack " in name for name in names)
    assert "helpers.g" not in names


def test_a_version_stands_for_what_cannot_be_seen(tree: Tree) -> None:
    """Each version is another fingerprint, none is another still, and types tell."""
    function = tree.write("def ask(db): return open('x').read()").function()
    prints = [fingerprint(function, version=version) for version in (None, 1, 2, "1", b"1", "", "None")]
    assert len(set(prints)) == len(prints)
    assert all(len(one) == 32 for one in prints)


def test_the_first_look_is_kept_until_forgotten(tree: Tree) -> None:
    """A value that changes after the first look does not change the fingerprint of this process; after `forget` it does."""
    module = tree.write("N = [1]\ndef ask(db): return N").load()
    first = fingerprint(module.ask)
    module.N.append(2)
    assert fingerprint(module.ask) == first
    forget()
    assert fingerprint(module.ask) != first


@pytest.mark.parametrize(
    "thing",
    [len, str.upper, [].append, int, "text", 5, None, object()],
    ids=["function", "method", "bound method", "class", "text", "number", "nothing", "object"],
)
def test_anything_has_a_fingerprint(thing: Any) -> None:
    """What is no function of Python counts by what is known of it."""
    assert len(fingerprint(thing)) == 32
