"""Whether what was typed into one version of a form has a place in another."""

from __future__ import annotations

from engine.forms.bound import Bound, Raw
from engine.forms.fields import Checkbox, Choice, FileInput, Input, ListInput
from engine.forms.form import Form
from engine.forms.layout import template_path

_TICKED = frozenset({"true", "on"})


def misfits(bound: Bound, raw: Raw, old: Form | None) -> list[str]:
    """The paths of what was typed (``raw``) that the page of this form would not show, in their order.

    ``bound`` is the form bound to it, ``old`` the version that it was typed into, None when nobody knows. A wrong
    number or date is no misfit: pages show it as it was typed.
    """
    places: dict[str, Input] = {item.path: item for item in [*bound.layout.inputs, *bound.layout.lists]}
    names = _typed_signatures(bound)
    found = []
    for path, texts in raw.items():
        typed = [text for text in texts if text.strip()]
        before = old.written.get(template_path(path)) if old is not None else None
        if typed and path not in names and not _fits(places.get(path), before, typed, bound):
            found.append(path)
    return found


def _fits(item: Input | None, before: Input | None, typed: list[str], bound: Bound) -> bool:
    if item is None or _changed_kind(item, before):
        return False
    if isinstance(item, ListInput | FileInput):
        return True
    if bound.is_locked(item):
        return False
    if isinstance(item, Checkbox):
        return _TICKED.issuperset(typed)
    if isinstance(item, Choice) and not item.searchable and item.id in bound.visible:
        known = {option.key for option in bound.options(item)}
        return known.issuperset(typed) and (item.many or len(typed) == 1)
    return len(typed) == 1 or (isinstance(item, Choice) and item.many)


def _changed_kind(item: Input, before: Input | None) -> bool:
    """Whether ids of files or keys of rows would be read as text, or the other way round."""
    return before is not None and any(
        isinstance(item, kind) != isinstance(before, kind) for kind in (ListInput, FileInput)
    )


def _typed_signatures(bound: Bound) -> frozenset[str]:
    """Under which names a page sends what is typed instead of a signature."""
    signatures = [item for item in bound.layout.inputs if isinstance(item, FileInput) and item.signature]
    return frozenset(name for item in signatures for name in (item.typed_name, item.typed_sure))
