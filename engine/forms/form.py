"""A compiled form: binds what was sent, or typed values, to clean variables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from marshmallow import ValidationError

from engine import feel
from engine.errors import N_, InvalidVariables
from engine.expressions import HOST_FUNCTIONS
from engine.forms.bound import Bound, Raw
from engine.forms.checking import check
from engine.forms.fields import (
    Checkbox,
    Choice,
    Computed,
    Field,
    FileInput,
    Input,
    ListInput,
    Row,
    Table,
    walk,
    walk_as_written,
)
from engine.forms.layout import HIGHEST_ROWS, LONGEST_KEY, Layout, lay_out, template_path
from engine.forms.options import option_key
from engine.forms.sentences import Sentence
from engine.forms.settling import Given, Settled, settle
from engine.forms.terms import NO, Scope, look_up, show
from engine.forms.tree import read
from engine.forms.values import ValueField, value_field


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
    #: Its texts in English, by the texts as they stand in it; those that are missing are shown as they stand.
    english: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All fields with a value, in the order in which they stand; a list is one of them."""
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
        return any(map(_is_dynamic, walk_as_written(self.fields)))

    @cached_property
    def has_files(self) -> bool:
        """Whether files may be uploaded with it."""
        return any(isinstance(item, FileInput) for item in walk_as_written(self.fields))

    @cached_property
    def written(self) -> Mapping[str, Input]:
        """All fields with a value by their paths as they stand in the file, those in lists with ``[]``."""
        return {item.path: item for item in walk_as_written(self.fields) if isinstance(item, Input)}

    @cached_property
    def readers(self) -> Mapping[str, ValueField]:
        """The marshmallow field of every field that is read from what was sent, by its path as it is written."""
        items = self.written.items()
        return {path: value_field(item) for path, item in items if not isinstance(item, ListInput | Computed)}

    def lay_out(self, raw: Raw, context: Mapping[str, Any]) -> Layout:
        """The form with the rows that were sent, or that the case has for lists of which nothing was sent.

        A page sends a list's name once for each row, with the row's key as its value.
        """
        return lay_out(self.fields, lambda item: _sent_keys(item, raw, context))

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
        layout = self.lay_out(raw, context)
        sent = {item.path: _sent(item, raw, files) for item in layout.inputs}
        return check(self._settled(layout, sent, context, env), _as_typed(layout, raw), files)

    def load(
        self, values: Mapping[str, Any], context: Mapping[str, Any], env: feel.Environment = feel.DEFAULT
    ) -> dict[str, Any]:
        """Check values of a program (typed, or as text) by the same rules, and give them clean.

        Values of hidden, disabled and read-only fields are dropped. Raises InvalidVariables, with sentences by path.
        """
        layout = lay_out(
            self.fields, lambda item: _keys_of(look_up(values if item.may_change else context, item.path), item)
        )
        sent = {item.path: look_up(values, item.path) for item in layout.inputs}
        bound = check(self._settled(layout, sent, context, env), {}, {})
        errors: dict[str, list[str]] = {path: list(found) for path, found in bound.errors.items()}
        errors |= {path: [sentence] for path, sentence in _strangers(layout, values)}
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
        layout = self.lay_out({}, context)
        scope = Scope({}, context, env)
        stored = {item.path: stored_value(item, scope) for item in layout.inputs}
        raw = {item.path: as_raw(item, stored[item.path]) for item in layout.inputs}
        settled = self._settled(layout, stored, context, env)
        kept = {item.path: settled.given.typed[item.path] for item in layout.inputs if isinstance(item, FileInput)}
        return check(settled, _as_typed(layout, raw), kept).without_errors()

    def fresh_row(
        self, raw: Raw, path: str, key: str, context: Mapping[str, Any], env: feel.Environment
    ) -> dict[str, list[str]]:
        """What stands in a new row of a list before anybody fills it in, as a page would send it."""
        inside = f"{path}.{key}."

        def keys(item: ListInput) -> list[str]:
            if item.path.startswith(inside):
                return _keys_of(None, item)
            return [*_sent_keys(item, raw, context), *([key] if item.path == path else ())]

        layout, scope = lay_out(self.fields, keys), Scope({}, context, env)
        found = [item for item in layout.inputs if item.path.startswith(inside)]
        lists = [item for item in layout.lists if item.path.startswith(inside)]
        return {
            **{item.path: as_raw(item, stored_value(item, scope)) for item in found},
            **{item.path: [row.key for row in item.rows] for item in lists},
        }

    def _settled(
        self, layout: Layout, sent: Mapping[str, Any], context: Mapping[str, Any], env: feel.Environment
    ) -> Settled:
        scope = Scope({}, context, env)
        stored = {
            item.path: self._fitting(item, stored_value(item, scope)) for item in layout.inputs if may_be_locked(item)
        }
        return settle(layout, self._parsed(layout, sent, stored), context, env)

    def _fitting(self, item: Input, value: Any) -> Any:
        """A value of the case as the field's type has it: a variable may hold anything, a field may not."""
        try:
            found = self.readers[template_path(item.path)].deserialize(value)
        except ValidationError as error:
            found = error.valid_data
        return item.empty if found is None else found

    def _parsed(self, layout: Layout, sent: Mapping[str, Any], stored: Mapping[str, Any]) -> Given:
        typed: dict[str, Any] = {}
        problems: dict[str, list[Sentence]] = {}
        for item in layout.inputs:
            value = None
            if not isinstance(item, Computed):
                try:
                    value = self.readers[template_path(item.path)].deserialize(sent[item.path])
                except ValidationError as error:
                    value = error.valid_data
                    problems[item.path] = list(cast(list[Sentence], error.messages))
            typed[item.path] = item.empty if value is None else value
        return Given(typed, problems, dict(stored))


def _is_dynamic(item: Field) -> bool:
    if item.hide is not None or item.label.is_dynamic:
        return True
    if isinstance(item, Choice) and item.options.is_dynamic:
        return True
    if isinstance(item, Input) and (item.description.is_dynamic or item.readonly.expression is not None):
        return True
    return isinstance(item, Table) or (isinstance(item, Computed) and item.live)


def may_be_locked(item: Input) -> bool:
    """Whether the field's value may come from the case instead of from what was sent."""
    return not isinstance(item, Computed) and (item.disabled or item.readonly != NO)


def stored_value(item: Input, scope: Scope) -> Any:
    """The value that the case has for the field, else the field's default."""
    value = look_up(scope.context, item.path)
    if value is None:
        value = item.default.value(scope)
    return item.empty if value is None else value


def as_raw(item: Input, value: Any) -> list[str]:
    """A typed value as a page sends it."""
    if isinstance(item, FileInput | Computed) or value is None:
        return []
    if isinstance(item, Checkbox):
        return ["true"] if value is True else []
    if isinstance(item, Choice):
        return [option_key(one) for one in value] if isinstance(value, list) else [option_key(value)]
    return [show(value)] if not hasattr(value, "hour") or not hasattr(value, "year") else [_local(value)]


def _local(value: Any) -> str:
    return str(value.strftime("%Y-%m-%dT%H:%M"))


def _sent_keys(item: ListInput, raw: Raw, context: Mapping[str, Any]) -> list[str]:
    # A page that sent anything of the row around a list sent the list's rows, too, if it had any.
    if item.may_change and (item.path in raw or (item.at and raw)):
        sent = raw.get(item.path, ())
        keys = (key for key in sent if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY)
        return list(dict.fromkeys(keys))
    return _keys_of(look_up(context, item.path), item)


def _keys_of(values: Any, item: ListInput) -> list[str]:
    """A key for each row that the case has, or for as many as there are at first."""
    count = len(values) if isinstance(values, list) and values else max(item.repetitions, item.minimum)
    return [str(number) for number in range(min(count, HIGHEST_ROWS + 1))]


def _strangers(layout: Layout, values: Mapping[str, Any]) -> Iterator[tuple[str, Sentence]]:
    """What a program gave that has no place in the form."""
    for item in layout.lists:
        given = look_up(values, item.path)
        if not isinstance(given, list | None) or any(not isinstance(row, Mapping) for row in given or ()):
            yield item.path, Sentence(N_("“{name}”应为列表，每一行是一组值。"), name=item.path)
    known = {item.variable for item in layout.inputs if not item.at} | {item.variable for item in layout.lists}
    rows = {row.path: (row, look_up(values, row.path)) for item in layout.lists for row in item.rows}
    groups = [("", known, values), *((path, _names_in(row), found) for path, (row, found) in rows.items())]
    for path, names, found in groups:
        for name in found.keys() - names if isinstance(found, Mapping) else ():
            where = f"{path}.{name}" if path else str(name)
            yield where, Sentence(N_("表单里没有“{name}”这一项。"), name=name)


def _names_in(row: Row) -> frozenset[str]:
    inside = [item for item in walk(row.children) if isinstance(item, Input)]
    return frozenset(item.path.removeprefix(f"{row.path}.").partition(".")[0] for item in inside)


def _sent(item: Input, raw: Raw, files: Mapping[str, list[dict[str, Any]]]) -> Any:
    if isinstance(item, FileInput):
        return list(files.get(item.path, ()))
    sent = list(raw.get(item.path, ()))
    if isinstance(item, Choice) and item.many:
        return sent
    return sent[0] if sent else ""


def _as_typed(layout: Layout, raw: Raw) -> dict[str, list[str]]:
    signatures = [item for item in layout.inputs if isinstance(item, FileInput) and item.signature]
    names = [name for item in signatures for name in (item.typed_name, item.typed_sure)]
    typed = {name: list(raw[name]) for name in names if name in raw}
    rows = {item.path: [row.key for row in item.rows] for item in layout.lists}
    return {**{item.path: list(raw.get(item.path, ())) for item in layout.inputs}, **rows, **typed}
