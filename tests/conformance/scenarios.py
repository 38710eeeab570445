"""Scenarios: programs and steps that were found, or written, to reach what random ones seldom do; run on the machines like any other."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.conformance.machine import Conformance
from tests.conformance.program import Rule

Step = tuple[Any, ...]


class Scenario(NamedTuple):
    """A program and what is done with it: changes (in one revision, if several), `ask`, `collect`, `capacity`, `commit`, `reopen`."""

    program: tuple[Rule, ...]
    steps: tuple[Step, ...]


CAUGHT = Scenario(
    (Rule("plain", "('catch', ('call', 1, ('arg',)))"), Rule("plain", "('raise', ('field', 0, 'x'))")),
    (("set", 0, "x", 4), ("ask", 0, 0), ("set", 0, "x", 1), ("ask", 0, 0), ("set", 0, "x", 3), ("ask", 0, 0)),
)
EVICTED = Scenario(
    (
        Rule("plain", "('add', ('call', 1, ('const', 0)), ('call', 1, ('const', 1)))"),
        Rule("evicting", "('add', ('arg',), ('field', 0, 'x'))"),
    ),
    (
        *(("set", 0, "x", 1), ("ask", 0, 0), ("capacity", 1), ("slot", 0, 1), ("ask", 0, 0), ("ask", 1, 0), ("ask", 1, 1)),
        *(("slot", 0, 2), ("ask", 1, 1), ("ask", 1, 0), ("set", 0, "x", 2), ("ask", 0, 0), ("set", 0, "x", 3), ("ask", 1, 0)),
    ),
)
EVICTED_THEN_CHANGED = EVICTED._replace(
    steps=(("set", 0, "x", 1), ("ask", 0, 0), ("capacity", 1), ("slot", 0, 1), ("ask", 0, 0), ("set", 0, "x", 2), ("ask", 0, 0))
)
REMADE = Scenario(
    (
        Rule("plain", "('parts', 'on', 1, ('const', 0))"),
        Rule("parts", "[(('field', 0, 'x'), ('const', 1), ('field', 0, 'y'), ('const', 2), None)]"),
    ),
    (
        *(("set", 0, "x", 1), ("ask", 0, 0), ("set", 0, "x", 0), ("ask", 0, 0), ("set", 0, "x", 1), ("ask", 0, 0)),
        *(("set", 0, "y", 3), ("ask", 0, 0)),
    ),
)
RATED_NO_MORE = Scenario(
    (
        Rule("plain", "('parts', 'rated', 1, ('const', 0))"),
        Rule("parts", "[(('const', 1), ('const', 1), ('const', 1), ('const', 0), ('field', 0, 'x'))]"),
    ),
    (
        ("set", 0, "x", 4),
        ("ask", 0, 0),
        ("set", 0, "x", 0),
        ("ask", 0, 0),
        ("set", 0, "x", 3),
        ("ask", 0, 0),
        ("set", 0, "x", 2),
        ("ask", 0, 0),
    ),
)
UNTRACKED = Scenario(
    (Rule("plain", "('add', ('slot', 0), ('field', 0, 'x'))"),),
    (("set", 0, "x", 1), ("ask", 0, 0), ("slot", 0, 1), ("ask", 0, 0), ("ask", 0, 0), ("slot", 0, 2), ("ask", 0, 0)),
)
TAKEN_BACK = Scenario(
    (Rule("plain", "('call', 1, ('arg',))"), Rule("plain", "('field', 0, 'x')")),
    (
        *(("set", 0, "x", 1), ("ask", 0, 0), ("set", 0, "x", 2), ("set", 0, "x", 1), ("ask", 0, 0)),
        *(("set", 0, "x", 2), ("ask", 0, 0), ("set", 0, "x", 1), ("ask", 0, 0)),
    ),
)
COLLECTED_ONCE = Scenario(
    (
        Rule("plain", "('parts', 'v', 1, ('const', 0))"),
        Rule(
            "parts",
            "[(('const', 1), ('const', 1), ('push', ('field', 0, 'x')), ('const', 0), None),"
            " (('const', 1), ('const', 2), ('const', 1), ('const', 0), None)]",
        ),
    ),
    (("set", 0, "x", 1), ("collect", 0, 0), ("set", 0, "x", 2), ("collect", 0, 0)),
)
CIRCLE = Scenario(
    (
        Rule("fix", "('max', ('call', 1, ('const', 0)), ('field', 0, 'x'))"),
        Rule("fix", "('max', ('call', 0, ('const', 0)), ('field', 1, 'x'))"),
        Rule("plain", "('add', ('call', 0, ('const', 0)), ('call', 1, ('const', 0)))"),
    ),
    (
        ("set", 0, "x", 3),
        ("ask", 2, 0),
        ("set", 1, "x", 4),
        ("ask", 1, 0),
        ("ask", 2, 0),
        ("set", 1, "x", 0),
        ("ask", 2, 0),
        ("delete", 0),
        ("ask", 0, 0),
    ),
)
VANISHED = Scenario(
    (Rule("fallback", "('call', 1, ('const', 0))"), Rule("fallback", "('call', 0, ('const', 0))")),
    (("ask", 0, 0), ("edit", 1, "('const', 0)"), ("ask", 1, 0), ("ask", 0, 0)),
)
"""Asked at the participant, verification runs the circle's former head, which calls the participant: that is no circle any more."""
REOPENED = Scenario(
    (Rule("plain", "('const', 0)"), Rule("plain", "('field', 2, 'y')")),
    (("collect", 1, 1), ("reopen",), ("collect", 1, 1), ("set", 2, "y", 1), ("reopen",), ("ask", 1, 1), ("reopen",), ("ask", 1, 1)),
)
IN_MEMORY = (UNTRACKED, CAUGHT, EVICTED, EVICTED_THEN_CHANGED, REMADE, RATED_NO_MORE, TAKEN_BACK, COLLECTED_ONCE, CIRCLE)


def play(scenario: Scenario, machine: type[Conformance] = Conformance) -> None:
    """Run a scenario; raises where the machine notices something."""
    state = machine()
    try:
        state.begin(program=scenario.program)
        state.is_consistent()
        for kind, *rest in scenario.steps:
            match kind:
                case "ask":
                    state._ask(*rest)
                case "collect":
                    state.collect(*rest)
                case "capacity":
                    state.capacity(*rest)
                case "commit" | "reopen" | "drop":
                    getattr(state, kind)()
                case _:
                    state._write([(kind, *rest)])
            state.is_consistent()
    finally:
        state.teardown()
