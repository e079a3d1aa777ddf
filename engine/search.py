"""Finding cases by words: every two characters that stand side by side are an entry of an index.

Chinese has no spaces, and people search by two characters (油烟), which no index of three characters finds. A run of
Chinese characters gives each pair in it, and its last character alone; a run of Latin letters and digits is one word;
where both meet (3号), the two characters at the border are a pair as well. The number 00017 is also found as 17.
The same Python makes the entries for both databases.

People are found by a whole name or telephone number only: one entry stands for it, from which nothing can be read, so
that nobody can guess it piece by piece.

The imprint of a text says in few bits what may be among its entries, so that a list can be walked without asking the
index for every line: what an imprint does not have is certainly not there, what it has must still be looked up.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, delete, event, insert
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import get_history

from engine.model.inbox import IMPRINT, SearchGram
from engine.model.process import ProcessInstance

#: A second character fits below the first; Unicode needs 21 bits for each.
_BITS = 21
_WORD = 1 << 62
_RUNS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_MOST_GRAMS = 400
_MOST_SOUGHT = 12
#: An imprint is kept as signed numbers of the database.
_IMPRINT_BITS = 63
_POSITIONS = _IMPRINT_BITS * len(IMPRINT)


def grams(text: str) -> frozenset[int]:
    """The entries under which a text is found; of a very long one, those of its beginning."""
    found: dict[int, None] = {}
    for piece in _pieces(text):
        found.update(dict.fromkeys(_indexed(piece)))
        if len(found) >= _MOST_GRAMS:
            break
    return frozenset(list(found)[:_MOST_GRAMS])


def sought(text: str) -> list[range]:
    """What a text must have among its entries to be found by this one, each as a range of entries.

    Mostly a range holds one entry; a single Chinese character stands for all pairs that begin with it. Empty when
    there is nothing to search for, such as for punctuation marks.
    """
    found: dict[range, None] = {}
    for piece in _pieces(text):
        found.update(dict.fromkeys(_wanted(piece)))
    return list(found)[:_MOST_SOUGHT]


def _pieces(text: str) -> Iterator[list[str]]:
    """Runs of letters and digits without anything between, as their Latin and their other parts."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    piece: list[str] = []
    end = -1
    for run in _RUNS.finditer(plain):
        if piece and run.start() != end:
            yield piece
            piece = []
        piece.append(run.group())
        end = run.end()
    if piece:
        yield piece


def _indexed(piece: list[str]) -> Iterator[int]:
    for run in piece:
        if _is_latin(run):
            yield _word(run)
            if run.isdigit() and run[0] == "0" and run.strip("0"):
                yield _word(run.lstrip("0"))
        else:
            yield from (_pair(*two) for two in pairwise(run))
            yield _pair(run[-1])
    yield from (_pair(before[-1], after[0]) for before, after in pairwise(piece))


def _wanted(piece: list[str]) -> Iterator[range]:
    for run in piece:
        if _is_latin(run):
            yield _only(_word(run))
        elif len(run) > 1:
            yield from (_only(_pair(*two)) for two in pairwise(run))
        elif len(piece) == 1:
            yield range(ord(run) << _BITS, (ord(run) + 1) << _BITS)
    yield from (_only(_pair(before[-1], after[0])) for before, after in pairwise(piece))


def _is_latin(run: str) -> bool:
    return run.isascii()


def _pair(first: str, second: str = "\0") -> int:
    return ord(first) << _BITS | ord(second)


def _word(run: str) -> int:
    return _WORD | int.from_bytes(hashlib.blake2b(run.encode(), digest_size=7).digest())


def _only(gram: int) -> range:
    return range(gram, gram + 1)


def character(wanted: range) -> str | None:
    """The single character that a range stands for; None when it holds one entry."""
    return chr(wanted.start >> _BITS) if len(wanted) > 1 else None


def imprint(entries: Iterable[int]) -> tuple[int, ...]:
    """The imprint of all these entries: three bits for each, two of which a pair has from its first character."""
    return _packed(place for entry in entries for place in _places(entry))


def sought_imprint(wanted: Iterable[range]) -> tuple[int, ...]:
    """What the imprint of a text must have to be found by these ranges."""
    return _packed(place for each in wanted for place in _places(each.start)[: 2 if len(each) > 1 else 3])


@lru_cache(maxsize=10_000)
def _places(entry: int) -> tuple[int, int, int]:
    """The bits of an entry; the first two of a pair follow from its first character."""
    shared = entry if entry & _WORD else entry >> _BITS
    return _place(shared, 1), _place(shared, 2), _place(entry, 3)


def _place(value: int, turn: int) -> int:
    mixed = (value ^ turn * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    mixed = (mixed ^ mixed >> 31) * 0x94D049BB133111EB & (1 << 64) - 1
    return (mixed >> 32) % _POSITIONS


def _packed(places: Iterable[int]) -> tuple[int, ...]:
    parts = [0] * len(IMPRINT)
    for place in places:
        parts[place // _IMPRINT_BITS] |= 1 << place % _IMPRINT_BITS
    return tuple(parts)


def text_of(case: ProcessInstance, values: Iterable[Any], people: Iterable[Any] = ()) -> str:
    """All that a case is found by: title, number, who filed it, whom it names, the values of its search variables."""
    return "\n".join([case.title, case.business_key, case.started_by_name, *map(_person, people), *map(str, values)])


def sought_person(text: str) -> range | None:
    """What a case that names this person has among its entries, by a whole name or number; None for no text."""
    return next(iter(sought(_person(text))), None)


def _person(value: Any) -> str:
    """A word that stands for a name or number, however it is spaced and punctuated; empty for none."""
    plain = "".join(_RUNS.findall(unicodedata.normalize("NFKC", str(value)).casefold()))
    return f"p{hashlib.blake2b(plain.encode(), digest_size=12).hexdigest()}" if plain else ""


def _stamp(_mapper: Mapper[Any], _connection: Connection, case: ProcessInstance) -> None:
    """Let the imprint follow the text of a case."""
    if get_history(case, "search_text").has_changes():
        for name, value in zip(IMPRINT, imprint(grams(case.search_text)), strict=True):
            setattr(case, name, value)


def _write(_mapper: Mapper[Any], connection: Connection, case: ProcessInstance) -> None:
    """Bring the index in line whenever the text of a case is written; costs nothing when it stayed the same."""
    history = get_history(case, "search_text")
    if not history.has_changes():
        return
    before = grams(next(iter(history.deleted or ()), None) or "")
    after = grams(case.search_text)
    if gone := before - after:
        connection.execute(delete(SearchGram).where(SearchGram.instance_id == case.id, SearchGram.gram.in_(gone)))
    if new := after - before:
        connection.execute(insert(SearchGram), [{"gram": gram, "instance_id": case.id} for gram in sorted(new)])


event.listen(ProcessInstance, "before_insert", _stamp)
event.listen(ProcessInstance, "before_update", _stamp)
event.listen(ProcessInstance, "after_insert", _write)
event.listen(ProcessInstance, "after_update", _write)
