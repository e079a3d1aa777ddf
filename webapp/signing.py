"""A signature by somebody who can't draw one: the name, typed, with the word that it stands for the signature."""

from __future__ import annotations

from collections.abc import Mapping

from engine import files
from engine.errors import N_
from engine.forms import FileInput, Form, Sentence

_LONGEST_NAME = 40


class Unconfirmed(Exception):
    """A name was typed, but the box beside it is not ticked; ``sentence`` says what to do."""

    sentence = Sentence(N_("请勾选“以键入的姓名作为签名”，或者改为手写签名。"))


def signatures(form: Form) -> list[FileInput]:
    """The signatures that a form asks for."""
    return [item for item in form.written.values() if isinstance(item, FileInput) and item.signature]


def typed_signature(item: FileInput, raw: Mapping[str, list[str]]) -> files.Upload | None:
    """The file that a typed name becomes, None when none was typed. Raises Unconfirmed."""
    name = " ".join("".join(raw.get(item.typed_name, ())[:1]).split())[:_LONGEST_NAME]
    if not name:
        return None
    if "true" not in raw.get(item.typed_sure, ()):
        raise Unconfirmed
    text = N_("签名：{name}\n本人确认以键入的姓名作为签名。\n").format(name=name)
    return files.inspect("签名.txt", text.encode())  # zh: a file of the case
