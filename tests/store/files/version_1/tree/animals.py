"""Animals."""


class Animal:
    def __init__(self, name: str) -> None:
        self.name = name


class Lion(Animal):
    def roar(self) -> str:
        return f"{self.name} roars"
