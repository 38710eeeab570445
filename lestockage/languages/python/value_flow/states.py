"""States: what is known at a point of the code, kept for where control goes from there, and joined where it comes together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.value_flow.builder import NOTHING, Barrier, Loop
from lestockage.languages.python.value_flow.names import record

if TYPE_CHECKING:
    from lestockage.languages.python.value_flow.builder import Builder, Path, State


def snapshot(b: Builder) -> State:
    """Return a copy of what is known here."""
    return b.env.copy(), b.paths.copy() if b.paths else {}, b.dirty.copy() if b.dirty else {}


def current(b: Builder) -> State:
    """Return what is known here; the walk goes on elsewhere."""
    return b.env, b.paths, b.dirty


def restore(state: State, b: Builder) -> None:
    """Go on from a state, which nobody else needs."""
    b.env, b.paths, b.dirty = state
    b.live = True


def merge(states: list[State], b: Builder) -> None:
    """Go on from where several states come together; from none, nothing goes on.

    The states stay as they are, but for a single one.
    """
    if not states:
        b.live = False
        return
    first = states[0]
    if len(states) == 1:
        restore(first, b)
        return
    env, paths, dirty = first
    differing: dict[str, None] = {}
    paths_differ = False
    for other in states:
        if other[0] != env:
            differing.update([(name, None) for name, value in other[0].items() if env.get(name) != value])
            differing.update([(name, None) for name in env if name not in other[0]])
        if other[1] != paths:
            paths_differ = True
    if not (differing or paths_differ or b.tracks):
        restore(first, b)
        return
    env = dict(env)
    for name in differing:
        env[name] = _joined([state[0].get(name, NOTHING) for state in states], b)
    if b.tracks:
        dirty = _unseen(env, states, b)
    kept = dict(paths)
    if paths_differ:
        for path in paths:
            values = [state[1][path] for state in states if path in state[1]]
            if len(values) < len(states):
                del kept[path]
            else:
                kept[path] = _joined(values, b)
    restore((env, kept, dirty), b)


def _unseen(env: dict[str, int], states: list[State], b: Builder) -> dict[str, None]:
    """Return the names that nobody else has seen in any of the states; of the others, the value that they have now is seen."""
    unseen = dict(states[0][2])
    seen: dict[str, None] = {}
    for state in states[1:]:
        for name in [name for name in unseen if name not in state[2]]:
            del unseen[name]
            seen[name] = None
        seen.update([(name, None) for name in state[2] if name not in unseen])
    for name in seen:
        record(name, env.get(name, NOTHING), b)
    return unseen


def _joined(values: list[int], b: Builder) -> int:
    """Return the join of a name's values; parts of one value that was told apart by tests are that value again."""
    if b.origins and len(set(values)) > 1:
        values = [b.origins.get(value, value) for value in values]
    return b.either(values)


def note(b: Builder) -> None:
    """Keep the state before a statement that may raise, for the handlers around it."""
    states = b.catch
    if states is not None and (not states or states[-1][0] != b.env or states[-1][1] != b.paths):
        states.append(snapshot(b))


def refine(known: list[tuple[str | Path, int]], b: Builder) -> None:
    """Go on knowing what a test has told."""
    for place, value in known:
        if isinstance(place, str):
            b.env[place] = value
        else:
            b.paths[place] = value


def jump(kind: str, b: Builder) -> None:
    """Leave by `return`, `break` or `continue`: to the nearest `finally` around, or to where it is bound for."""
    b.live = False
    for frame in reversed(b.frames):
        if type(frame) is Barrier:
            frame.jumps.append((kind, current(b)))
            return
        if type(frame) is Loop and kind != "return":
            (frame.breaks if kind == "break" else frame.continues).append(current(b))
            return
