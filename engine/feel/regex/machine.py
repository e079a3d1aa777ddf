"""Tree → program, and a machine that runs all threads of it side by side (Pike's way, after Thompson)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.feel.regex import syntax
from engine.feel.regex.classes import CharacterSet, is_word
from engine.feel.regex.syntax import PatternError, PatternParser, Piece

MAX_PROGRAM = 3000
FLAGS = frozenset("smixq")

CHARACTER, SPLIT, SAVE, ANCHOR, DONE = range(5)
Instruction = tuple[int, Any, Any]
Saved = tuple[int | None, ...]
Spend = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched; ``groups`` are its captures, None for one that took no part."""

    start: int
    end: int
    groups: tuple[str | None, ...]


class Builder:
    """Writes the program of a tree."""

    def __init__(self) -> None:
        self.program: list[Instruction] = []
        self._work = 0

    def add(self, kind: int, one: Any = None, other: Any = None) -> int:
        """Append an instruction and return its place."""
        self.program.append((kind, one, other))
        return len(self.program) - 1

    def write(self, piece: Piece) -> None:
        """Append the program of a piece; raise PatternError when the whole gets too long."""
        self._work += 1
        if max(self._work, len(self.program)) > MAX_PROGRAM:
            raise PatternError
        if isinstance(piece, syntax.Character):
            self.add(CHARACTER, piece.matches)
        elif isinstance(piece, syntax.Anchor):
            self.add(ANCHOR, piece.kind)
        elif isinstance(piece, syntax.Sequence):
            for part in piece.pieces:
                self.write(part)
        elif isinstance(piece, syntax.Group):
            self.add(SAVE, piece.number * 2)
            self.write(piece.piece)
            self.add(SAVE, piece.number * 2 + 1)
        elif isinstance(piece, syntax.Choice):
            self._choice(piece.branches)
        elif isinstance(piece, syntax.Repeat):
            self._repeat(piece)

    def _choice(self, branches: tuple[Piece, ...]) -> None:
        ends: list[int] = []
        for branch in branches[:-1]:
            split = self.add(SPLIT)
            self.write(branch)
            ends.append(self.add(SPLIT))
            self.program[split] = (SPLIT, split + 1, len(self.program))
        self.write(branches[-1])
        for end in ends:
            self.program[end] = (SPLIT, len(self.program), None)

    def _repeat(self, piece: syntax.Repeat) -> None:
        if piece.most is None:
            self._repeat_without_end(piece)
            return
        for _ in range(piece.least):
            self.write(piece.piece)
        splits = []
        for _ in range(piece.most - piece.least):
            splits.append(self.add(SPLIT))
            self.write(piece.piece)
        for split in splits:
            self._branch(split, piece.lazy)

    def _repeat_without_end(self, piece: syntax.Repeat) -> None:
        """The way on is asked for behind the piece: when that found nothing to read, what follows comes next."""
        for _ in range(piece.least - 1):
            self.write(piece.piece)
        skip = None if piece.least else self.add(SPLIT)
        begin = len(self.program)
        self.write(piece.piece)
        split = self.add(SPLIT)
        past = len(self.program)
        self.program[split] = (SPLIT, past, begin) if piece.lazy else (SPLIT, begin, past)
        if skip is not None:
            self._branch(skip, piece.lazy)

    def _branch(self, split: int, lazy: bool) -> None:
        into, past = split + 1, len(self.program)
        self.program[split] = (SPLIT, past, into) if lazy else (SPLIT, into, past)


class Matcher:
    """A compiled pattern. ``spend`` is told the steps that a search takes, and may raise to end it."""

    def __init__(self, program: list[Instruction], groups: int, lines: bool) -> None:
        self._program = program
        self._slots = (groups + 1) * 2
        self._lines = lines

    def search(self, text: str, start: int, spend: Spend) -> Match | None:
        """Return the first match at or after ``start``; of several there, the one that the pattern prefers."""
        threads: list[tuple[int, Saved]] = []
        best: Saved | None = None
        fresh: Saved = (None,) * self._slots
        for position in range(start, len(text) + 1):
            seen: set[int] = set()
            ready: list[tuple[CharacterSet | None, int, Saved]] = []
            for place, saved in threads:
                self._follow(place, saved, text, position, seen, ready)
            if best is None:
                self._follow(0, (position, *fresh[1:]), text, position, seen, ready)
            spend(1 + len(seen))
            threads = []
            for matches, place, saved in ready:
                if matches is None:
                    best = (saved[0], position, *saved[2:])
                    break  # threads after this one are less preferred
                if position < len(text) and matches(text[position]):
                    threads.append((place + 1, saved))
            if best is not None and not threads:
                break
        return None if best is None else _match(text, best)

    def _follow(
        self,
        place: int,
        saved: Saved,
        text: str,
        position: int,
        seen: set[int],
        ready: list[tuple[CharacterSet | None, int, Saved]],
    ) -> None:
        """Add what a thread can reach without reading a character, in the order of preference."""
        stack: list[tuple[int, Saved]] = [(place, saved)]
        while stack:
            place, saved = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            kind, one, other = self._program[place]
            if kind == CHARACTER:
                ready.append((one, place, saved))
            elif kind == SPLIT:
                if other is not None:
                    stack.append((other, saved))
                stack.append((one, saved))
            elif kind == SAVE:
                stack.append((place + 1, (*saved[:one], position, *saved[one + 1 :])))
            elif kind == DONE:
                ready.append((None, place, saved))
            elif self._holds(one, text, position):
                stack.append((place + 1, saved))

    def _holds(self, anchor: str, text: str, position: int) -> bool:
        if anchor == "^":
            return position == 0 or (self._lines and text[position - 1] == "\n")
        if anchor == "$":
            return position == len(text) or (self._lines and text[position] == "\n")
        before = position > 0 and is_word(text[position - 1])
        after = position < len(text) and is_word(text[position])
        return (before != after) == (anchor == "b")

    def find_all(self, text: str, spend: Spend) -> Iterator[Match]:
        """Yield the matches from left to right that do not overlap; they must not be empty."""
        position = 0
        while position <= len(text):
            found = self.search(text, position, spend)
            if found is None:
                return
            yield found
            position = max(found.end, position + 1)


def _match(text: str, saved: Saved) -> Match:
    groups = [
        None if low is None or high is None else text[low:high]
        for low, high in zip(saved[2::2], saved[3::2], strict=True)
    ]
    return Match(saved[0] or 0, saved[1] or 0, tuple(groups))


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str = "") -> Matcher:
    """Return the matcher for a pattern with XPath's flags; raise PatternError."""
    if not FLAGS.issuperset(flags):
        raise PatternError
    parser = PatternParser(pattern, flags)
    tree = parser.parse()
    builder = Builder()
    builder.write(tree)
    builder.add(DONE)
    return Matcher(builder.program, parser.groups, "m" in flags)
