"""A zoo."""

from animals import Lion


def feed(lion: Lion) -> str:
    return lion.roar()


class Keeper:
    def rounds(self) -> list[str]:
        return [feed(Lion("Leo")), feed(Lion("Lea"))]
