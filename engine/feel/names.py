"""Names of several words: which runs of tokens are one name.

FEEL names may hold spaces and signs (``first name``, ``a-b``), so only who knows the names can read them. Known are
the built-in functions, the names given to ``compile`` and the keys, parameters and variables of the expression.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import KEYWORDS, Token, tokenize

#: Properties with a space, right of a dot: of times, and of ranges.
PROPERTIES = ("time offset", "start included", "end included")


def words(name: str) -> list[str]:
    """Return the texts of the tokens that write this name, none if no expression can write it."""
    try:
        return [token.text for token in tokenize(name)[:-1]]
    except FeelSyntaxError:
        return []


class KnownNames:
    """The names of more than one token, found by their first token, the longest first; ``parent`` are built-ins."""

    def __init__(self, names: Iterable[str] = (), parent: KnownNames | None = None) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._calls: set[tuple[str, ...]] = set()
        if parent:
            self._by_first = {first: list(known) for first, known in parent._by_first.items()}
            # `date and time` is also a conjunction of two variables: only a call of it is the built-in function.
            self._calls = {
                written for known in self._by_first.values() for written, _ in known if not KEYWORDS.isdisjoint(written)
            }
        for name in names:
            self.add(words(name), name)

    def add(self, written: list[str], name: str) -> None:
        """Make the name known that is written with these tokens."""
        if len(written) < 2:
            return
        known = self._by_first.setdefault(written[0], [])
        known.append((tuple(written), name))
        known.sort(key=lambda entry: -len(entry[0]))

    def match(self, tokens: list[Token], position: int) -> tuple[str, int] | None:
        """Return the longest known name at this position and its number of tokens, or None for a plain name."""
        for written, name in self._by_first.get(tokens[position].text, ()):
            found = tokens[position : position + len(written)]
            if tuple(token.text for token in found) == written and self._may_stand(written, tokens, position):
                return name, len(written)
        return None

    def _may_stand(self, written: tuple[str, ...], tokens: list[Token], position: int) -> bool:
        following = position + len(written)
        return written not in self._calls or (following < len(tokens) and tokens[following].text == "(")
