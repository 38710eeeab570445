"""Models: what builtin and library functions do with functions and containers that they are given, by dotted name."""

from lestockage.languages.python.linker.models import builtin_containers, coroutines, decorators, iterating, library, special_methods
from lestockage.languages.python.linker.models.registry import MODELS

__all__ = ["MODELS", "builtin_containers", "coroutines", "decorators", "iterating", "library", "special_methods"]
