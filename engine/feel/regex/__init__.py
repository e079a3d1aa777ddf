"""Regular expressions in time proportional to the text: XML Schema's syntax as XPath extends it (DMN 1.5, 10.3.4.3).

Python's ``re`` backtracks, so a pattern from a diagram could keep the server busy for years. This one simulates all
ways to match at once; it has no back-references, since nobody knows how to match those quickly.
"""

from engine.feel.regex.machine import Match, Matcher, compile_pattern
from engine.feel.regex.syntax import PatternError

__all__ = ["Match", "Matcher", "PatternError", "compile_pattern"]
