"""A signature by somebody who can't draw one: the name, typed, with the word that it stands for the signature."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from engine import files
from engine.errors import N_
from engine.forms import FileInput, Sentence

#: The box beside the typed name.
SURE = "_sure."
_LONGEST_NAME = 40


def typed_signature(
    item: FileInput,
    fields: MultiDict[str, str],
    raw: dict[str, list[str]],
    accepted: dict[str, list[files.Upload]],
    refused: dict[str, list[Sentence]],
) -> None:
    """Turn a typed name into the file that is kept as the signature, once the box beside it is ticked."""
    name = " ".join(fields.get(item.typed_name, "").split())[:_LONGEST_NAME]
    if not name:
        return
    if fields.get(SURE + item.path) != "true":
        raw[item.typed_name] = [name]
        refused[item.path] = [Sentence(N_("请勾选“以键入的姓名作为签名”，或者改为手写签名。"))]
        return
    text = N_("签名：{name}\n本人确认以键入的姓名作为签名。\n").format(name=name)
    accepted[item.path] = [files.inspect("签名.txt", text.encode())]  # zh: a file of the case
