"""Names: what a name may mean depends on which assignments reach its use."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import called

# Body of `run(c, d)`, and what its calls call, in order.
FLOWS = {
    "a rebinding replaces": ("x = f; x(); x = g; x()", ["f", "g"]),
    "a copy is the value": ("x = f; y = x; x = g; y()", ["f"]),
    "a chain of targets": ("x = y = f; x(); y()", ["f", "f"]),
    "a branch joins": ("x = f\nif c: x = g\nx()", ["f|g"]),
    "both branches replace": ("x = f\nif c: x = g\nelse: x = h\nx()", ["g|h"]),
    "elif": ("if c: x = f\nelif d: x = g\nelse: x = h\nx()", ["f|g|h"]),
    "within a branch, its own": ("x = f\nif c:\n x = g\n x()\nelse: x()", ["g", "f"]),
    "a branch that returns reaches nothing": ("x = f\nif c:\n x = g\n return\nx()", ["f"]),
    "a branch that raises reaches nothing": ("x = f\nif c:\n x = g\n raise d\nx()", ["f"]),
    "nothing after return": ("x = f\nreturn x\nx()", []),
    "nothing in if False": ("x = f\nif False: x = g; x()\nx()", ["f"]),
    "only the body of if True": ("if True: x = f\nelse: x = g\nx()", ["f"]),
    "nothing after an endless loop": ("x = f\nwhile True: x()\ng()", ["f"]),
    "numbers are nothing": ("x = 1\nif c: x = f\nx()", ["f"]),
    "an unbound local is no global": ("x()\nx = f", ["?"]),
    "deleted": ("x = f\ndel x\nx()", ["?"]),
    "a loop sees the round before": ("x = f\nfor i in c:\n x()\n x = g", ["f|g"]),
    "behind a loop": ("x = f\nfor i in c: x = g\nx()", ["f|g"]),
    "a loop that assigns first": ("x = f\nfor i in c:\n x = g\n x()", ["g"]),
    "break carries": ("x = f\nwhile True:\n x = g\n break\nx()", ["g"]),
    "continue skips": ("for i in c:\n x = f\n if i:\n  x = g\n  continue\n x()", ["f"]),
    "continue goes back": ("x = f\nfor i in c:\n x()\n if i:\n  x = g\n  continue", ["f|g"]),
    "else of a loop": ("x = f\nfor i in c: x = g\nelse: x()", ["f|g"]),
    "else of a loop sees no break": ("x = f\nfor i in c:\n if i:\n  x = g\n  break\nelse: x()", ["f"]),
    "behind break and else": ("for i in c:\n x = f\n if i: break\nelse: x = g\nx()", ["f|g"]),
    "nested loops": ("x = f\nfor i in c:\n for j in d:\n  x()\n  x = g\n x = h", ["f|g|h"]),
    "while tests in each round": ("x = f\nwhile x(): x = g", ["f|g"]),
    "swap in a loop": ("x, y = f, g\nfor i in c:\n x()\n x, y = y, x", ["f|g"]),
    "target of a loop": ("for x in c: x()", ["each of <c>"]),
    "behind a test for None": ("x = None\nif c: x = f\nif x is None: x = g\nx()", ["f|g"]),
    "in a test for None": ("if c is None: c()", ["?"]),
    "or": ("x = c or f\nx()", ["<c>|f"]),
    "and": ("x = c and f\nx()", ["<c>|f"]),
    "conditional": ("x = f if c else g\nx()", ["f|g"]),
    "conditional on a constant": ("x = f if True else g\nx()", ["f"]),
    "walrus": ("if (x := f): x()", ["f"]),
    "walrus that may not be evaluated": ("x = f\nif c and (x := g): pass\nx()", ["f|g"]),
    "walrus in a loop's test": ("while (x := c): x()\nx()", ["<c>", "<c>"]),
    "walrus out of a comprehension": ("[x := f for i in c]\nx()", ["f"]),
    "a comprehension's variable ends with it": ("x = f\n[x for x in c]\nx()", ["f"]),
    "a comprehension's variable in it": ("[x() for x in c]", ["each of <c>"]),
    "the condition of a comprehension": ("[x for x in c if d(x)]", ["<d>"]),
    "with always runs": ("x = f\nwith c: x = g\nx()", ["g"]),
    "assert": ("x = f\nassert c\nx()", ["f"]),
    "unpacked pairs": ("x, (y, z) = f, (g, h)\nx(); y(); z()", ["f", "g", "h"]),
    "unpacked from a name": ("p = (f, g)\nx, y = p\ny()", ["g"]),
    "unpacked from outside": ("x, y = c\ny()", ["<c><1/2>"]),
    "starred": ("x, *y, z = c\nx(); z(); y()", ["<c><0/-1>", "<c><-1/-1>", "<c><1..1>"]),
    "augmented": ("x = c\nx += d\nx()", ["(<c> iadd <d>)"]),
    "an import": ("import p.q\nimport p.q as r\nfrom ..s import t as u\np(); r(); u()", ["p.q:None", "p.q:", "..s:t"]),
    "an import of a relative package": ("from . import s\ns()", [".:s"]),
}


@pytest.mark.parametrize("case", FLOWS)
def test_values_reach_calls(case: str) -> None:
    """Exactly the assignments that may reach a call are in what it calls."""
    body, wanted = FLOWS[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    assert called(f"def run(c, d):\n{lines}\ndef f(): ...\ndef g(): ...\ndef h(): ...") == wanted


RAISING = {
    "a handler sees what was bound before the failure": ("x = f\ntry:\n c()\n x = g\nexcept E: x()", ["<c>", "f"]),
    "a handler sees each state that may fail": ("x = f\ntry:\n c()\n x = g\n d()\nexcept E: x()", ["<c>", "<d>", "f|g"]),
    "behind a try, both": ("x = f\ntry:\n c()\n x = g\nexcept E: pass\nx()", ["<c>", "f|g"]),
    "a handler that leaves": ("x = f\ntry:\n c()\n x = g\nexcept E: return\nx()", ["<c>", "g"]),
    "else runs behind the body": ("x = f\ntry: x = g\nexcept E: pass\nelse: x()", ["g"]),
    "finally sees both": ("x = f\ntry:\n c()\n x = g\nfinally: x()", ["<c>", "f|g"]),
    "behind finally, what completed": ("x = f\ntry:\n c()\n x = g\nfinally: d()\nx()", ["<c>", "<d>", "g"]),
    "what finally binds": ("x = f\ntry: c()\nfinally: x = g\nx()", ["<c>", "g"]),
    "a return through finally": ("x = f\ntry:\n if c:\n  x = g\n  return\nfinally: x()\nx()", ["f|g", "f"]),
    "a break through finally": ("x = f\nfor i in c:\n try:\n  x = g\n  break\n finally: d()\nx()", ["<d>", "f|g"]),
    "finally that returns": ("try: c()\nfinally: return\nf()", ["<c>"]),
    "the caught object": ("try: c()\nexcept E as e: e()", ["<c>", "caught E"]),
    "one of several": ("try: c()\nexcept (E, D) as e: e()", ["<c>", "caught D|caught E"]),
    "the name ends with the handler": ("e = f\ntry: c()\nexcept E as e: pass\ne()", ["<c>", "f"]),
    "a group": ("try: c()\nexcept* E as e: e()", ["<c>", "caught E"]),
    "nested: the outer sees what the inner does not catch": (
        "x = f\ntry:\n try:\n  c()\n  x = g\n  d()\n except E: return\nexcept D: x()",
        ["<c>", "<d>", "f|g"],
    ),
    "nested: what the inner catches all of": (
        "x = f\ntry:\n try:\n  x = g\n  c()\n except Exception: x = h\n d()\nexcept D: x()",
        ["<c>", "<d>", "g|h"],
    ),
    "raise ends": ("x = f\ntry:\n x = g\n raise c\nexcept E: x()", ["g"]),
}


@pytest.mark.parametrize("case", RAISING)
def test_exceptions(case: str) -> None:
    """Handlers and `finally` go on from the states in which something may have been raised, and from no other."""
    body, wanted = RAISING[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    found = called(f"def run(c, d):\n{lines}\ndef f(): ...\ndef g(): ...\ndef h(): ...")
    assert [set(each.split("|")) for each in found] == [set(each.split("|")) for each in wanted]
