"""The built-in functions (DMN 1.5, 10.3.4), by the kind of value they are about; importing registers them."""

from engine.feel.builtins import aggregates, contexts, conversions, dates, lists, numbers, patterns, ranges, strings

__all__ = ["aggregates", "contexts", "conversions", "dates", "lists", "numbers", "patterns", "ranges", "strings"]
