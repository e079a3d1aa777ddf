"""One field of a form as the macros need it: plain texts and flags, no engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from engine.files import LARGEST
from engine.forms import Bound, Checkbox, Choice, FileInput, Input, MomentInput, NumberInput, TextInput
from webapp.i18n import _

_WIRE = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
}
# type=email would make the browser refuse first, in its own words and language.
_FORMATS = {"email": ("text", "email"), "phone": ("tel", "tel")}


@dataclass(frozen=True)
class Widget:
    """``kind`` chooses the macro: text, textarea, select, radio, checklist, checkbox, files, group, shown (a value that
    can't be changed), carried (a hidden field's text), text (a block), separator, spacer, options (in a select: some
    of its options under a common name).

    ``options`` are (value, label, whether chosen); ``files`` are the kept uploads; ``links`` (name, address) of files.
    """

    kind: str
    id: str
    name: str = ""
    label: str = ""
    hint: str = ""
    limit: str = ""
    errors: tuple[str, ...] = ()
    value: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    required: bool = False
    optional: bool = False
    input_type: str = "text"
    inputmode: str | None = None
    autocomplete: str | None = None
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    multiple: bool = False
    files: tuple[dict[str, Any], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    children: tuple[Widget, ...] = ()

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, for aria-describedby."""
        notes = {"hint": self.hint, "limit": self.limit, "error": self.errors, "unit": self.prefix or self.suffix}
        return " ".join(f"{self.id}-{name}" for name, note in notes.items() if note)


def widget_of(item: Input, bound: Bound, errors: tuple[str, ...]) -> Widget:
    """The widget of a field that is shown and may be filled in, with exactly what was typed."""
    texts = bound.raw.get(item.path, [])
    common: dict[str, Any] = {
        "id": f"f-{item.path}",
        "name": item.path,
        "label": bound.label(item),
        "hint": item.description.render(bound.scope),
        "errors": errors,
        "required": item.required,
        "optional": not item.required and not isinstance(item, Checkbox),
        "autocomplete": item.autocomplete,
    }
    if isinstance(item, Choice):
        chosen = set(texts)
        options = tuple((option.key, option.label, option.key in chosen) for option in bound.options(item))
        return Widget(kind=str(item.type), options=options, **common)
    if isinstance(item, FileInput):
        kept = tuple(bound.files.get(item.path, ()))
        common["limit"] = _("每个文件不超过 {limit} MB。", limit=LARGEST // 1024 // 1024)
        return Widget(kind="files", files=kept, accept=",".join(item.accept), multiple=item.multiple, **common)
    value = texts[0] if texts else ""
    if isinstance(item, Checkbox):
        return Widget(kind="checkbox", options=(("true", common["label"], value in ("true", "on")),), **common)
    return _line(item, bound, value, common)


def _line(item: Input, bound: Bound, value: str, common: dict[str, Any]) -> Widget:
    if isinstance(item, NumberInput):
        # type=number drops what it can't read; as text, it comes back as typed.
        mode = "numeric" if item.digits == 0 else "decimal"
        prefix, suffix = item.prefix.render(bound.scope), item.suffix.render(bound.scope)
        return Widget(kind="line", value=value, inputmode=mode, prefix=prefix, suffix=suffix, **common)
    if isinstance(item, MomentInput):
        return Widget(kind="line", value=value, input_type=_moment_type(item.subtype, value), **common)
    kind = "textarea" if item.type == "textarea" else "line"
    format_ = (item.format or "") if isinstance(item, TextInput) else ""
    input_type, inputmode = _FORMATS.get(format_, ("text", None))
    return Widget(kind=kind, value=value, inputmode=inputmode, input_type=input_type, **common)


def _moment_type(subtype: str, value: str) -> str:
    """The native input, unless it would swallow what was typed because it is no date that it can show."""
    if value and not _WIRE[subtype].fullmatch(value):
        return "text"
    return "datetime-local" if subtype == "datetime" else subtype
