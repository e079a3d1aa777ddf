"""Sentences about values that do not fit: the filled-in Chinese text, with what a translation needs beside it."""

from __future__ import annotations

from typing import Any, Self

from marshmallow import ValidationError


class Sentence(str):
    """A Chinese sentence that remembers its template and parameters, so that it can be said in another language.

    ``label`` is the parameter that names the field; it may be filled in later by :meth:`about`.
    """

    template: str
    params: dict[str, Any]

    __slots__ = ("params", "template")

    def __new__(cls, template: str, **params: Any) -> Self:
        """Fill the template in."""
        params.setdefault("label", "")
        sentence = super().__new__(cls, template.format(**params))
        sentence.template = template
        sentence.params = params
        return sentence

    def about(self, label: str) -> Sentence:
        """The same sentence about the field with this label."""
        return Sentence(self.template, **{**self.params, "label": label})


def fail(template: str, **params: Any) -> ValidationError:
    """The error that makes marshmallow report this one sentence."""
    return ValidationError([Sentence(template, **params)])
