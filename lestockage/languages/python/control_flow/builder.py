"""Builder: the flow graph of one unit while its code is walked.

Control arrives over the *frontier*: edges whose target is the next point. An empty frontier means that nothing leads here: what follows is
unreachable. Exceptions are the same with a delay: points that may raise gather in `raisers` until it is known where that leads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.control_flow.kinds import NEXT, ON_BREAK, ON_RETURN

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

Frontier = list[tuple[int, int]]  # (source, kind of edge)


class Loop:
    """A loop that is being walked: where `continue` leads, and the edges that leave it by `break`."""

    __slots__ = ("breaks", "head")

    def __init__(self, head: int) -> None:
        self.head = head
        self.breaks: Frontier = []


class Barrier:
    """What every way out of a block passes through: a `finally`, or the exit of a `with`.

    `jumps` holds the edges that arrive by a jump, by its kind: behind the barrier each goes on to where it was bound for.
    """

    __slots__ = ("jumps", "raisers")

    def __init__(self) -> None:
        self.jumps: dict[int, Frontier] = {}
        self.raisers: list[int] = []


class Numbers(dict[str, int]):
    """Names, numbered in the order in which points first have them, each with the statement of that point in `firsts`."""

    __slots__ = ("_statements", "firsts")

    def __init__(self, statements: list[int]) -> None:
        super().__init__()
        self.firsts: list[int] = []
        self._statements = statements

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self.firsts)
        self.firsts.append(self._statements[-1])
        return number


class Builder:
    """The points and edges so far, and where the walk stands."""

    __slots__ = (
        *(
            "accesses",
            "annotates",
            "cognitive",
            "deepest",
            "defined",
            "defines",
            "definitions",
            "edges",
            "frames",
            "frontier",
            "globals",
            "hidden",
        ),
        *("kinds", "later", "mccabe", "names", "nesting", "pending_defines", "pending_suspends", "pending_uses", "raisers", "read"),
        *("returns", "scopes", "statement", "statement_count", "statements", "structural", "suspending", "uncaught", "unreached", "uses"),
    )

    def __init__(self, *, annotates: bool) -> None:
        self.annotates = annotates  # whether annotations of variables are evaluated: not in functions
        self.kinds = bytearray()
        self.statements: list[int] = []
        self.names = Numbers(self.statements)
        self.defined: set[str] = set()
        self.suspending: list[int] = []
        self.defines: list[int] = []
        self.uses: list[int] = []
        self.edges: list[int] = []
        self.uncaught: list[int] = []
        self.frontier: Frontier = []
        self.returns: Frontier = []
        self.raisers = self.uncaught
        self.frames: list[Loop | Barrier] = []
        self.statement = -1
        self.statement_count = 0
        self.globals: dict[str, None] = {}
        self.pending_uses: list[str] = []
        self.read: Callable[[str], None] = self.pending_uses.append  # notes that the point to come reads a variable
        self.pending_defines: list[str] = []
        self.pending_suspends = False
        self.hidden: list[dict[str, str]] = []  # names of the comprehensions around, outermost first
        self.scopes = 0
        self.later: dict[int, int] = {}  # first point of each body that runs later -> the point behind it
        self.accesses: dict[tuple[str, str], list[int]] = {}  # (name, dotted attributes) -> the first statements that read and write, or -1
        # What the metrics count on the way (`metrics.measures`).
        self.mccabe = 1
        self.cognitive = 0
        self.structural = 0
        self.nesting = 0
        self.deepest = 0
        self.unreached = 0  # points to which nothing led when they were added
        self.definitions: dict[ast.AST, int] = {}  # definitions and lambdas: at which level each stands

    def point(self, kind: int, *, is_raising: bool = True) -> int:
        """Add a point that has the pending uses and definitions; the frontier leads to it, and from it to what comes next."""
        index = len(self.statements)
        self.kinds.append(kind)
        self.statements.append(self.statement)
        frontier = self.frontier
        if frontier:
            edges = self.edges
            for source, how in frontier:
                edges += (source, index, how)
        else:
            self.unreached += 1
        self.frontier = [(index, NEXT)]
        if is_raising:
            self.raisers.append(index)
        pending = self.pending_uses
        if pending:
            self._number(pending, index, self.uses)
        pending = self.pending_defines
        if pending:
            self.defined.update(pending)
            self._number(pending, index, self.defines)
        if self.pending_suspends:
            self.suspending.append(index)
            self.pending_suspends = False
        return index

    def _number(self, pending: list[str], index: int, flat: list[int]) -> None:
        """Give the names that a point has, each once, to a flat list as numbers; none is pending then."""
        if len(pending) == 1:
            flat += (index, 1, self.names[pending.pop()])
            return
        once = dict.fromkeys(pending)
        flat += (index, len(once))
        flat += map(self.names.__getitem__, once)
        pending.clear()

    def lead(self, frontier: Frontier, target: int, kind: int) -> None:
        """Lead edges to a point that exists already: those that come by falling through get a kind of their own."""
        for source, how in frontier:
            self.edges += (source, target, kind if how == NEXT else how)

    def jump(self, kind: int) -> None:
        """End the frontier in a jump (`ON_RETURN`, `ON_BREAK`, `ON_CONTINUE`): to the nearest barrier, or else to where it is bound for."""
        frontier = [(source, kind if how == NEXT else how) for source, how in self.frontier]
        self.frontier = []
        for frame in reversed(self.frames):
            if isinstance(frame, Barrier):
                frame.jumps.setdefault(kind, []).extend(frontier)
                return
            if kind != ON_RETURN:
                if kind == ON_BREAK:
                    frame.breaks += frontier
                else:
                    self.lead(frontier, frame.head, kind)
                return
        self.returns += frontier

    # -- names

    def _read_scoped(self, name: str) -> None:
        """Note that the point to come reads a variable, which a comprehension around may have bound."""
        self.pending_uses.append(self.scoped(name))

    def write(self, name: str) -> None:
        """Note that the point to come binds a variable, or unbinds it."""
        self.pending_defines.append(self.scoped(name) if self.hidden else name)

    def scoped(self, name: str) -> str:
        """Return a name as it is known here: that of the innermost comprehension which binds it, or itself."""
        for scope in reversed(self.hidden):
            if name in scope:
                return scope[name]
        return name

    def access(self, name: str, path: str, mode: int) -> None:
        """Note that an attribute is read (0) or written (1), with the first statement that does so."""
        if self.hidden and self.scoped(name) != name:
            return
        found = self.accesses.get((name, path))
        if found is None:
            found = self.accesses[name, path] = [-1, -1]
        if found[mode] < 0:
            found[mode] = self.statement

    def open_scope(self, names: list[str]) -> None:
        """Begin a comprehension that binds these names."""
        self.scopes += 1
        self.hidden.append({name: f"{name}@{self.scopes}" for name in names})
        self.read = self._read_scoped

    def close_scope(self) -> None:
        """End the innermost of them."""
        self.hidden.pop()
        if not self.hidden:
            self.read = self.pending_uses.append
