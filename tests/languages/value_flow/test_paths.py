"""Paths: what is known of attributes and items of objects, and when it is known no longer."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import called, effects

PATHS = {
    "an attribute is what was stored": ("c.x = f\nc.x()", ["f"]),
    "an attribute stored anew": ("c.x = f\nc.x = g\nc.x()", ["g"]),
    "under another name for the object": ("a = c\na.x = f\nc.x()", ["f"]),
    "of an object made here": ("a = K()\na.x = f\nd()\na.x()", ["K", "<d>", "f"]),
    "of an object that was passed on": ("a = K()\na.x = f\nd(a)\na.x()", ["K", "<d>", "K().x"]),
    "of an object that was kept": ("a = K()\nd.k = a\na.x = f\nd()\na.x()", ["K", "<d>", "K().x"]),
    "of an object whose method was called": ("a = K()\na.x = f\na.m()\na.x()", ["K", "K().m", "K().x"]),
    "of a parameter, behind a call": ("c.x = f\nd()\nc.x()", ["<d>", "<c>.x"]),
    "of a global, behind a call": ("h.x = f\nd()\nh.x()", ["<d>", "h.x"]),
    "another object that may be the same": ("c.x = f\nd.x = g\nc.x()", ["<c>.x"]),
    "another attribute": ("c.x = f\nd.y = g\nc.x()", ["f"]),
    "the name bound again": ("c.x = f\nc = d\nc.x()", ["<d>.x"]),
    "joined": ("if d: c.x = f\nelse: c.x = g\nc.x()", ["f|g"]),
    "stored in one branch only": ("if d: c.x = f\nc.x()", ["<c>.x"]),
    "changed in a loop": ("c.x = f\nfor i in d:\n c.x()\n c.x = g", ["<c>.x"]),
    "of one's own object changed in a loop": ("a = K()\na.x = f\nfor i in d:\n a.x()\n a.x = g", ["K", "f|g"]),
    "of one's own object passed on in a loop": ("a = K()\na.x = f\nfor i in d:\n a.x()\n d(a)", ["K", "K().x|f", "<d>"]),
    "a number": ("c.x = 1\nc.x()", ["?"]),
    "deleted": ("c.x = f\ndel c.x\nc.x()", ["<c>.x"]),
    "an item under a constant key": ("t = {'a': f, 'b': g}\nt['b']()", ["g"]),
    "an item stored anew": ("t = {'a': f}\nt['a'] = g\nt['a']()", ["g"]),
    "another key": ("t = {'a': f}\nt['b'] = g\nt['a']()", ["f"]),
    "an unknown key": ("t = {'a': f}\nt[c]()", ["dict0[<c>]"]),
    "behind a store under an unknown key": ("t = {'a': f}\nt[c] = g\nt['a']()", ["dict0['a']"]),
    "of a list": ("t = [f, g]\nt[1]()", ["g"]),
    "from the end": ("t = [f, g]\nt[-1]()", ["list0[-1]"]),
    "one and True are told apart": ("t = {1: f, True: g}\nt[1]()", ["f"]),
    "of a table in a table": ("t = {'a': {'x': f}}\nt['a']['x']()", ["f"]),
    "of one's own table, behind a call": ("t = {'a': f}\nd()\nt['a']()", ["<d>", "f"]),
    "of a table that was passed on": ("t = {'a': f}\nd(t)\nt['a']()", ["<d>", "dict0['a']"]),
    "of a table that a method was called on": ("t = {'a': f}\nt.update(d)\nt['a']()", ["dict0.update", "dict0['a']"]),
    "a later key of a display wins": ("t = {'a': f, 'a': g}\nt['a']()", ["g"]),
    "what is spread does not hide a later key": ("t = {**c, 'a': g}\nt['a']()", ["g"]),
    "what is spread may hide an earlier key": ("t = {'a': g, **c}\nt['a']()", ["dict0['a']"]),
    "setattr": ("setattr(c, 'x', f)\nc.x()", ["setattr", "f"]),
    "getattr": ("getattr(c, 'x')()", ["getattr", "<c>.x"]),
    "getattr with a default": ("getattr(c, 'x', f)()", ["getattr", "<c>.x|f"]),
    "getattr of one of several": ("for n in ('x', 'y'): getattr(c, n)()", ["getattr", "<c>.x|<c>.y"]),
    "getattr of a computed name": ("getattr(c, d)()", ["getattr", "getattr(<c>, <d>)"]),
}


@pytest.mark.parametrize("case", PATHS)
def test_what_is_known_of_paths(case: str) -> None:
    """What was stored is read again until somebody else may have stored something there."""
    body, wanted = PATHS[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    assert called(f"def run(c, d):\n{lines}\ndef f(): ...\ndef g(): ...\ndef h(): ...\nclass K: ...") == wanted


DROPPED = {
    "overwritten unseen": ("t = {'a': f}\nt['a'] = g\nreturn t", ["dict0['a'] = g"]),
    "overwritten twice": ("t = {}\nt['a'] = f\nt['a'] = g\nreturn t", ["dict0['a'] = g"]),
    "overwritten in a branch": ("t = {'a': f}\nif c is None: t['a'] = g\nreturn t", ["dict0['a'] <- f", "dict0['a'] = g"]),
    "seen before": ("t = {'a': f}\nc.t = t\nt['a'] = g", ["dict0['a'] <- f", "<c>.t = dict0", "dict0['a'] = g"]),
    "iterated before": ("t = {'a': f}\nfor i in t: pass\nt['a'] = g", ["dict0['a'] <- f", "dict0['a'] = g"]),
    "a handler may see it": ("t = {'a': f}\ntry:\n t['a'] = c.x\nexcept E: return t", ["dict0['a'] <- f", "dict0['a'] = <c>.x"]),
    "not in one's hands": ("c['a'] = f\nc['a'] = g", ["<c>['a'] = f", "<c>['a'] = g"]),
    "an attribute": ("c.a = f\nc.a = g", ["<c>.a = f", "<c>.a = g"]),
}


@pytest.mark.parametrize("case", DROPPED)
def test_what_others_may_find(case: str) -> None:
    """What was overwritten in a container before anybody could look was never in it."""
    body, wanted = DROPPED[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    assert effects(f"def run(c, d):\n{lines}\ndef f(): ...\ndef g(): ...") == wanted
