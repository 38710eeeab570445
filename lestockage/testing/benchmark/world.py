"""World: what is edited and asked about: a state outside every database, the kinds of edits that people make to it, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Edit(NamedTuple):
    """One kind of edit of a world.

    `make` edits and says what it did, or returns None when there is nothing (more) to edit in this way. `share` is how much of the world
    one such edit changes, from 0 to 1, where that is known: the break-even point is found along it. `prepare` takes the world to a
    state that every way is to have seen before the first edit (another branch), after which the world is reset.
    """

    name: str
    make: Callable[[], str | None]
    share: float | None = None
    prepare: Callable[[], None] | None = None


class World(Protocol):
    """A state that is edited in seeded, repeatable ways; two worlds made alike go through the same states."""

    @property
    def name(self) -> str:
        """What the world is called in reports: no path."""

    @property
    def edits(self) -> Sequence[Edit]:
        """The kinds of edits, in the order in which they are measured."""

    def reset(self) -> None:
        """Go back to the first state."""

    def digest(self) -> str:
        """Tell states apart: equal for equal states, on every machine."""

    def facts(self) -> dict[str, int]:
        """How much of what the state has, for people: files, lines, inputs."""
