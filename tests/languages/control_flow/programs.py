"""Programs: random functions with every construct that control flow knows, each step of which says that it is executed.

Names that begin with p, e or c and a number are *probes*: no program binds them, so reading one is a look-up in the builtins, which the
observer (`observing`) answers. Each is written once, so it names the point of the flow graph that reads it.
"""

from __future__ import annotations

import random

VARIABLES = ("x0", "x1", "x2", "x3")
UNBOUND = "x4"  # what handlers and `del` unbind: read like the others, but never before a probe of the same point


class Writer:
    """Writes one function."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # nothing secret: a program that can be written again
        self.lines: list[str] = []
        self.probes = 0
        self.kind = self.random.choice(["plain", "plain", "generator", "async"])
        self.loops = 0
        self.finals = 0

    def source(self) -> str:
        """Return the text of the function `program`."""
        self.lines = ["async def program():" if self.kind == "async" else "def program():"]
        self.put(1, " = ".join(VARIABLES) + " = None")
        if self.kind == "generator":
            self.put(1, f"yield {self.probe()}")
        self.block(1, 3)
        return "\n".join(self.lines) + "\n"

    def put(self, depth: int, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * depth + text)

    def probe(self, prefix: str = "p") -> str:
        """Return a new probe's name."""
        self.probes += 1
        return f"{prefix}{self.probes}"

    def value(self) -> str:
        """Return an expression that is evaluated at one point: a probe, which may be told what variables hold."""
        names = self.random.sample((*VARIABLES, UNBOUND), self.random.choice([0, 0, 1, 2]))
        return f"{self.probe()}({', '.join(f'{name}={name}' for name in names)})"

    def expression(self, depth: int = 2) -> str:
        """Return an expression that may fork."""
        choice = self.random.random() if depth else 0.0
        inner = depth - 1
        if choice < 0.55:
            return self.value()
        if choice < 0.65:
            return f"({self.expression(inner)} {self.random.choice(['and', 'or'])} {self.expression(inner)})"
        if choice < 0.70:
            return f"(not {self.expression(inner)})"
        if choice < 0.75:
            return f"({self.expression(inner)} if {self.expression(inner)} else {self.expression(inner)})"
        if choice < 0.80:
            return f"({self.value()} < {self.value()} < {self.value()})"
        if choice < 0.84:
            return f"({self.random.choice(VARIABLES)} := {self.value()})"
        if choice < 0.92:
            return self.comprehension(inner)
        if choice < 0.95:
            kind, self.kind = self.kind, "plain"  # nothing awaits in a lambda
            body = self.expression(inner)
            self.kind = kind
            return f"{self.probe()}().call(lambda: {body})"
        if choice < 0.97 and self.kind == "async":
            return f"(await {self.value()})"
        return f"[0, {self.expression(inner)}]"

    def comprehension(self, depth: int) -> str:
        """Return a comprehension; walruses are not allowed in its iterables."""
        first = self.value()
        clauses = f"for y in {first}"
        if self.random.random() < 0.5:
            clauses += f" if {self.expression(0)}"
        if self.random.random() < 0.3:
            clauses += f" for z in {self.value()} if {self.value()}"
        element = self.expression(0)
        shape = self.random.choice(["[{} {}]", "{{{} {}}}", "{{0: {} {}}}", "{2}.call(({0} {1}), {3})"])
        return shape.format(element, clauses, self.value(), self.probe()) if depth >= 0 else first

    def block(self, depth: int, size: int) -> None:
        """Write some statements."""
        for _ in range(self.random.randint(1, size)):
            self.statement(depth)

    def statement(self, depth: int) -> None:
        """Write one statement."""
        simple = [self.assign, self.assign, self.assign, self.expression_statement, self.augmented, self.delete, self.asserted, self.leave]
        compound = [self.if_, self.while_, self.for_, self.with_, self.try_, self.try_, self.match, self.endless]
        self.random.choice(simple if depth > 4 or self.random.random() < 0.45 else compound)(depth)

    def assign(self, depth: int) -> None:
        """Bind a variable."""
        value = self.value() if self.random.random() < 0.6 else f"{self.expression()} @ {self.probe()}"  # made where it is bound
        self.put(depth, f"{self.random.choice(VARIABLES)} = {value}")

    def augmented(self, depth: int) -> None:
        """Bind a variable to what it was, and more."""
        self.put(depth, f"{self.random.choice(VARIABLES)} += {self.value()}")

    def expression_statement(self, depth: int) -> None:
        """Evaluate something, or suspend."""
        if self.kind == "generator" and self.random.random() < 0.5:
            self.put(depth, f"yield {self.value()}" if self.random.random() < 0.7 else f"yield from {self.value()}")
        else:
            self.put(depth, self.expression())

    def delete(self, depth: int) -> None:
        """Unbind a variable, now and then."""
        self.put(depth, f"{UNBOUND} = {self.value()}" if self.random.random() < 0.5 else "pass")
        if self.random.random() < 0.2:
            self.put(depth, f"del {UNBOUND}")

    def asserted(self, depth: int) -> None:
        """Assert something."""
        self.put(depth, f"assert {self.expression(1)}, {self.value()}")

    def leave(self, depth: int) -> None:
        """Leave the block in some way."""
        choice = self.random.random()
        if choice < 0.3:
            self.put(depth, f"return {self.expression(1)}")
        elif choice < 0.5:
            self.put(depth, f"raise {self.probe('e')}")
        elif self.loops and choice < 0.95:
            self.put(depth, self.random.choice(["break", "continue"]))
        else:
            self.put(depth, "pass")

    def if_(self, depth: int) -> None:
        """Branch."""
        self.put(depth, f"if {self.expression()}:")
        self.block(depth + 1, 2)
        if self.random.random() < 0.4:
            self.put(depth, f"elif {self.expression()}:")
            self.block(depth + 1, 2)
        if self.random.random() < 0.5:
            self.put(depth, "else:")
            self.block(depth + 1, 2)

    def looped(self, depth: int, *, first: str | None = None) -> None:
        """Write a loop's body and perhaps its else."""
        self.loops += 1
        if first is not None:
            self.put(depth + 1, first)
        self.block(depth + 1, 3)
        self.loops -= 1
        if self.random.random() < 0.3:
            self.put(depth, "else:")
            self.block(depth + 1, 2)

    def while_(self, depth: int) -> None:
        """Loop on a condition."""
        self.put(depth, f"while {self.expression()}:")
        self.looped(depth)

    def endless(self, depth: int) -> None:
        """Loop until something inside ends it."""
        self.put(depth, f"while {self.random.choice(['True', '1'])}:")
        self.looped(depth, first=f"if {self.probe()}: {self.random.choice(['break', 'break', 'return'])}")

    def for_(self, depth: int) -> None:
        """Loop over items."""
        is_async = "async " if self.kind == "async" and self.random.random() < 0.5 else ""
        target = self.random.choice([*VARIABLES, "x0, x1"])
        self.put(depth, f"{is_async}for {target} in {self.value()}:")
        self.looped(depth)

    def with_(self, depth: int) -> None:
        """Enter one context or two."""
        is_async = "async " if self.kind == "async" and self.random.random() < 0.5 else ""
        items = [
            f"{self.value()}{self.random.choice(['', f' as {self.random.choice(VARIABLES)}'])}" for _ in range(self.random.randint(1, 2))
        ]
        self.put(depth, f"{is_async}with {', '.join(items)}:")
        self.block(depth + 1, 3)

    def try_(self, depth: int) -> None:
        """Catch, or clean up, or both."""
        self.put(depth, "try:")
        self.block(depth + 1, 3)
        shape = self.random.random()
        loops = self.loops
        if shape < 0.75:
            star = self.random.random() < 0.15
            if star:
                self.loops = -100  # no jump may leave such a handler
            for _ in range(self.random.randint(1, 2)):
                name = self.random.choice(["", f" as {UNBOUND}"])
                self.put(depth, f"except{'*' if star else ''} {self.probe('e')}{name}:")
                if star:
                    self.put(depth + 1, self.expression(1))
                else:
                    self.block(depth + 1, 2)
            self.loops = loops
            if not star and self.random.random() < 0.3:
                self.put(depth, "except:")
                self.block(depth + 1, 2)
            if self.random.random() < 0.4:
                self.put(depth, "else:")
                self.block(depth + 1, 2)
        if shape > 0.5:
            self.put(depth, "finally:")
            self.block(depth + 1, 2)

    def match(self, depth: int) -> None:
        """Match something."""
        self.put(depth, f"match {self.value()}:")
        for _ in range(self.random.randint(1, 2)):
            guard = f" if {self.expression(1)}" if self.random.random() < 0.4 else ""
            self.put(depth + 1, f"case {self.probe('c')}(){guard}:")
            self.block(depth + 2, 2)
        if self.random.random() < 0.5:
            self.put(depth + 1, self.random.choice(["case _:", "case m0:", f"case m0 if {self.probe()}:"]))
            self.block(depth + 2, 2)
