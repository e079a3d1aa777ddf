"""Names of several words: which runs of tokens are one name.

FEEL names may hold spaces and signs (``first name``, ``a-b``), so only who knows the names can read them. Known are
the built-in functions, the names given to ``compile`` and the keys, parameters and variables of the expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import KEYWORDS, Token, tokenize
from engine.feel.types import Type

#: Properties with a space, right of a dot: of times, and of ranges.
PROPERTIES = ("time offset", "start included", "end included")


MAX_WORDS = 40


def words(name: str) -> list[str]:
    """Return the texts of the tokens that write this name, none if no expression can write it."""
    try:
        return [token.text for token in tokenize(name)[:-1]]
    except FeelSyntaxError:
        return []


class KnownNames:
    """The names of more than one token, the longest match first, on top of those of ``parent``: at last the built-ins.

    ``types`` are types that somebody else defines, by name: the item definitions of a decision model.
    """

    def __init__(
        self, names: Iterable[str] = (), parent: KnownNames | None = None, types: Mapping[str, Type] | None = None
    ) -> None:
        self._parent = parent
        self._types = {tuple(words(name)): kind for name, kind in (types or {}).items()}
        self._longest_type = max(map(len, self._types), default=0)
        self._names: dict[tuple[str, ...], str] = {}
        self._lengths: dict[str, list[int]] = {}
        for name in names:
            self.add(words(name), name)

    def add(self, written: list[str], name: str) -> None:
        """Make the name known that is written with these tokens."""
        if 1 < len(written) <= MAX_WORDS:
            self._names[tuple(written)] = name
            lengths = self._lengths.setdefault(written[0], [])
            if len(written) not in lengths:
                lengths.append(len(written))
                lengths.sort(reverse=True)

    def match(self, tokens: list[Token], position: int) -> tuple[str, int] | None:
        """Return the longest known name at this position and its number of tokens, or None for a plain name."""
        beneath = self._parent.match(tokens, position) if self._parent else None
        for length in self._lengths.get(tokens[position].text, ()):
            if beneath is not None and beneath[1] > length:
                return beneath
            written = tuple(token.text for token in tokens[position : position + length])
            if written in self._names and self._may_stand(written, tokens, position):
                return self._names[written], length
        return beneath

    def match_type(self, tokens: list[Token], position: int) -> tuple[Type, int] | None:
        """Return the defined type with the longest name at this position and its number of tokens, or None."""
        for length in range(self._longest_type, 0, -1):
            written = tuple(token.text for token in tokens[position : position + length])
            if written in self._types:
                return self._types[written], length
        return self._parent.match_type(tokens, position) if self._parent else None

    def _may_stand(self, written: tuple[str, ...], tokens: list[Token], position: int) -> bool:
        # `date and time` is also a conjunction of two variables: only a call of it is the built-in function.
        if self._parent is not None or KEYWORDS.isdisjoint(written):
            return True
        following = position + len(written)
        return following < len(tokens) and tokens[following].text == "("
