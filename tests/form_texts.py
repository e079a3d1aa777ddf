"""What readers of a form see, as it stands in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.forms import Choice, Computed, Form, Input, ListInput, NumberInput, Phrase, Table, TextInput
from engine.forms.fields import Field, walk_as_written

#: Of Chinese and of the marks in full width.
CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def texts(form: Form) -> set[str]:
    """All of it; of a text around expressions, the pieces."""
    return {text for item in walk_as_written(form.fields) for text in _texts(item) if text.strip()}


def _texts(item: Field) -> Iterator[str]:
    yield from _pieces(item.label)
    if isinstance(item, Input):
        yield from _pieces(item.description)
        yield item.help
    if isinstance(item, NumberInput):
        yield from (*_pieces(item.prefix), *_pieces(item.suffix))
    if isinstance(item, TextInput) and item.pattern_message:
        yield item.pattern_message
    if isinstance(item, Computed):
        yield item.suffix
    if isinstance(item, Table):
        for _key, label in item.columns:
            yield from _pieces(label)
    if isinstance(item, ListInput):
        yield from (item.row_label, item.add_label)
    if isinstance(item, Choice):
        yield from (option.label for option in item.options.static)


def _pieces(phrase: Phrase) -> Iterator[str]:
    return (part for part in phrase.parts if isinstance(part, str))
