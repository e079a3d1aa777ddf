"""Reading the parts that all components have: names, terms, phrases; and noting everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from engine import feel
from engine.bpmn.finding import Finding
from engine.errors import N_
from engine.forms.terms import Phrase, Term

_NAME = re.compile(r"[^\W\d_]\w*")
_RESERVED = {"csrf_token"}
T = TypeVar("T")


class Reader:
    """Reads one form. ``functions`` are the names of functions that the platform adds to FEEL's own."""

    def __init__(self, functions: Collection[str]) -> None:
        self.functions = frozenset(functions)
        self.findings: list[Finding] = []
        self._paths: set[str] = set()

    def refuse(self, element: str, rule: str, template: str, **params: Any) -> None:
        """Note an error about a component."""
        self.findings.append(Finding(element, rule, "error", template, params))

    def path(self, element: str, prefix: str, key: str) -> str:
        """The full path of a key; refuses names that FEEL or a page could not use."""
        names = key.split(".")
        if not all(_NAME.fullmatch(name) for name in names) or key in _RESERVED or len(key) > 120:
            template = N_("字段名“{key}”不能用：每一段要以文字或字母开头，只含文字、字母、数字和下划线。")
            self.refuse(element, "form.key", template, key=key)
        return f"{prefix}.{key}" if prefix else key

    def claim(self, element: str, path: str) -> None:
        """Take a path for one field; refuses a path that is taken, or that lies inside or around another."""
        for other in self._paths:
            if path == other or path.startswith(other + ".") or other.startswith(path + "."):
                template = N_("字段名“{key}”与另一个组件的“{other}”重复或互相包含。")
                self.refuse(element, "form.key", template, key=path, other=other)
        self._paths.add(path)

    def term(self, element: str, raw: Any) -> Term:
        """Read a setting that may be FEEL."""
        term = self._parsed(element, lambda: Term.parse(raw), Term())
        self._check_functions(element, term.expression)
        return term

    def phrase(self, element: str, raw: Any) -> Phrase:
        """Read a text that may hold FEEL."""
        phrase = self._parsed(element, lambda: Phrase.parse(str(raw or "")), Phrase())
        for part in phrase.parts:
            self._check_functions(element, None if isinstance(part, str) else part)
        return phrase

    def _parsed(self, element: str, parse: Callable[[], T], otherwise: T) -> T:
        try:
            return parse()
        except feel.FeelSyntaxError as error:
            self.refuse(element, "form.feel", N_("表达式有误：{reason}"), reason=error)
            return otherwise

    def _check_functions(self, element: str, expression: feel.Expression | None) -> None:
        for name in sorted(expression.functions - self.functions) if expression else ():
            self.refuse(element, "form.function", N_("表达式里的函数“{name}”不存在，请检查写法。"), name=name)
