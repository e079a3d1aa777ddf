"""A compiled form: binds what was sent, or typed values, to clean variables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from marshmallow import Schema, ValidationError

from engine import feel
from engine.errors import N_, InvalidVariables
from engine.expressions import HOST_FUNCTIONS
from engine.forms.bound import Bound, Raw
from engine.forms.checking import check
from engine.forms.fields import Checkbox, Choice, Field, FileInput, Input, look_up, option_key, walk
from engine.forms.sentences import Sentence
from engine.forms.settling import Given, Settled, settle
from engine.forms.terms import NO, Scope, show
from engine.forms.tree import read
from engine.forms.values import schema_of


def compile(form_json: str | bytes | Mapping[str, Any], functions: Collection[str] = HOST_FUNCTIONS) -> Form:
    """Compile a ``.form`` file (form-js JSON, schema 19). ``functions`` are what its FEEL may call besides FEEL's own.

    Raises InvalidDefinition, whose findings have rule ids ``form.…``, for anything that could not be honoured.
    """
    return Form(*read(form_json, functions))


@dataclass(frozen=True)
class Form:
    """One form, compiled; nothing in it changes, so threads may share it."""

    id: str
    title: str
    fields: tuple[Field, ...]

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All fields with a value, in the order in which they stand."""
        return tuple(item for item in walk(self.fields) if isinstance(item, Input))

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of the variables that the form may write."""
        return frozenset(item.variable for item in self.inputs if not item.disabled)

    @cached_property
    def personal(self) -> frozenset[str]:
        """The names of the variables that hold personal data."""
        return frozenset(item.variable for item in self.inputs if item.personal)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether what is shown depends on what is filled in: conditions, options, labels with expressions."""
        return any(
            item.hide is not None
            or item.label.is_dynamic
            or (isinstance(item, Input) and (item.description.is_dynamic or item.readonly.expression is not None))
            or (isinstance(item, Choice) and item.options.is_dynamic)
            for item in walk(self.fields)
        )

    @cached_property
    def schema(self) -> Schema:
        """The marshmallow schema of all fields."""
        return schema_of(self.inputs)

    def bind(
        self,
        raw: Raw,
        files: Mapping[str, list[dict[str, Any]]],
        context: Mapping[str, Any],
        env: feel.Environment = feel.DEFAULT,
    ) -> Bound:
        """Bind what a page sent: texts by path (``raw``) and uploaded files by path (``files``).

        Never raises for what was sent: errors are in the result, and so is everything as it was typed.
        """
        sent = {item.path: _sent(item, raw, files) for item in self.inputs}
        return check(self._settled(sent, context, env), _as_typed(self, raw), files)

    def load(
        self, values: Mapping[str, Any], context: Mapping[str, Any], env: feel.Environment = feel.DEFAULT
    ) -> dict[str, Any]:
        """Check values of a program (typed, or as text) by the same rules, and give them clean.

        Values of hidden, disabled and read-only fields are dropped. Raises InvalidVariables, with sentences by path.
        """
        sent = {item.path: look_up(values, item.path) for item in self.inputs}
        bound = check(self._settled(sent, context, env), {}, {})
        errors: dict[str, list[str]] = {path: list(found) for path, found in bound.errors.items()}
        for name in values.keys() - {item.variable for item in self.inputs}:
            errors[str(name)] = [Sentence(N_("表单里没有“{name}”这一项。"), name=name)]
        if errors:
            template = N_("提交有误，请改正 {count} 处：{first}")
            raise InvalidVariables(template, errors, count=len(errors), first=next(iter(errors.values()))[0])
        return bound.values

    def initial(
        self,
        context: Mapping[str, Any],
        env: feel.Environment = feel.DEFAULT,
        draft: Raw | None = None,
        files: Mapping[str, list[dict[str, Any]]] | None = None,
    ) -> Bound:
        """The form as it is first shown: a draft as it was typed, else the case's variables, else the defaults."""
        if draft is not None:
            bound = self.bind(draft, files or {}, context, env)
            return bound.without_errors()
        scope = Scope({}, context, env)
        stored = {item.path: stored_value(item, scope) for item in self.inputs}
        raw = {item.path: as_raw(item, stored[item.path]) for item in self.inputs}
        settled = self._settled(stored, context, env)
        kept = {item.path: settled.given.typed[item.path] for item in self.inputs if isinstance(item, FileInput)}
        return check(settled, raw, kept).without_errors()

    def _settled(self, sent: Mapping[str, Any], context: Mapping[str, Any], env: feel.Environment) -> Settled:
        scope = Scope({}, context, env)
        stored = {
            item.path: self._fitting(index, stored_value(item, scope))
            for index, item in enumerate(self.inputs)
            if may_be_locked(item)
        }
        return settle(self.fields, self.inputs, self._parsed(sent, stored), context, env)

    def _fitting(self, index: int, value: Any) -> Any:
        """A value of the case as the field's type has it: a variable may hold anything, a field may not."""
        try:
            found = self.schema.fields[f"f{index}"].deserialize(value)
        except ValidationError as error:
            found = error.valid_data
        return self.inputs[index].empty if found is None else found

    def _parsed(self, sent: Mapping[str, Any], stored: Mapping[str, Any]) -> Given:
        problems: dict[str, list[Sentence]] = {}
        try:
            loaded: Mapping[str, Any] = self.schema.load(sent)
        except ValidationError as error:
            loaded = error.valid_data if isinstance(error.valid_data, Mapping) else {}
            problems = {path: list(found) for path, found in dict(error.messages_dict).items()}
        values = {item.path: loaded.get(f"f{index}") for index, item in enumerate(self.inputs)}
        typed = {item.path: item.empty if values[item.path] is None else values[item.path] for item in self.inputs}
        return Given(typed, problems, dict(stored))


def may_be_locked(item: Input) -> bool:
    """Whether the field's value may come from the case instead of from what was sent."""
    return item.disabled or item.readonly != NO


def stored_value(item: Input, scope: Scope) -> Any:
    """The value that the case has for the field, else the field's default."""
    value = look_up(scope.context, item.path)
    if value is None:
        value = item.default.value(scope)
    return item.empty if value is None else value


def as_raw(item: Input, value: Any) -> list[str]:
    """A typed value as a page sends it."""
    if isinstance(item, FileInput) or value is None:
        return []
    if isinstance(item, Checkbox):
        return ["true"] if value is True else []
    if isinstance(item, Choice):
        return [option_key(one) for one in value] if isinstance(value, list) else [option_key(value)]
    return [show(value)] if not hasattr(value, "hour") or not hasattr(value, "year") else [_local(value)]


def _local(value: Any) -> str:
    return str(value.strftime("%Y-%m-%dT%H:%M"))


def _sent(item: Input, raw: Raw, files: Mapping[str, list[dict[str, Any]]]) -> Any:
    if isinstance(item, FileInput):
        return list(files.get(item.path, ()))
    sent = list(raw.get(item.path, ()))
    if isinstance(item, Choice) and item.many:
        return sent
    return sent[0] if sent else ""


def _as_typed(form: Form, raw: Raw) -> dict[str, list[str]]:
    return {item.path: list(raw.get(item.path, ())) for item in form.inputs}
