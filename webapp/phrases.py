"""The words of a form in the reader's language."""

from __future__ import annotations

from engine.forms import Bound, Field, Phrase, Scope
from webapp.i18n import _


def spoken(phrase: Phrase, scope: Scope) -> str:
    """A label, hint or unit. Where expressions give parts of it, each text between them is translated by itself."""
    pieces = phrase.pieces(scope)
    if len(pieces) == 1:
        return _(pieces[0][0])
    return "".join(text if is_data else _(text) for text, is_data in pieces)


def label_of(bound: Bound, item: Field) -> str:
    """The label of a component under the present values."""
    return spoken(item.label, bound.scope_of(item))
