"""Evolution: what a project's snapshots say of its growth, complexity, coupling, churn and age, and how two of them differ."""

from lestockage.analytics.evolution.comparison import ComparedSymbol, Comparison, Measures, compare
from lestockage.analytics.evolution.coupling_steps import CouplingStep, coupling_steps
from lestockage.analytics.evolution.symbol_ages import SymbolAge, symbol_ages
from lestockage.analytics.evolution.timeline import Timeline
from lestockage.analytics.evolution.trend import TrendPoint, trend

__all__ = [
    "ComparedSymbol",
    "Comparison",
    "CouplingStep",
    "Measures",
    "SymbolAge",
    "Timeline",
    "TrendPoint",
    "compare",
    "coupling_steps",
    "symbol_ages",
    "trend",
]
