"""Built-ins for contexts (DMN 1.5, 10.3.4.8), and for what may be missing."""

from __future__ import annotations

from typing import Any

from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.values import kind_name


@builtin("get value", "m: context, key: string")
@builtin("get value", "context: context, key: string")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    if key in context:
        return context[key]
    run.note(N_("上下文里没有“{name}”。"), name=key[:50])
    return None


@builtin("get value", "context: context, keys: list")
def get_nested_value(run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        if type(value) is not dict or type(key) is not str or key not in value:
            run.note(N_("上下文里没有“{name}”。"), name=key[:50] if type(key) is str else kind_name(key))
            return None
        value = value[key]
    if not keys:
        run.note(N_("get value() 的键列表是空的。"))
        return None
    return value


@builtin("get entries", "m: context")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    run.spend_items(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def context_of(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    """Make a context of entries with ``key`` and ``value``; null if one has none, or a key comes twice."""
    run.spend_items(len(entries))
    found: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry or type(entry.get("key")) is not str:
            run.note(N_("context() 的每一项应有 key（文本）和 value。"))
            return None
        if entry["key"] in found:
            run.note(N_("context() 里“{name}”出现了两次。"), name=entry["key"][:50])
            return None
        found[entry["key"]] = entry["value"]
    return found


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    run.spend_items(len(context) + 1)
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_nested(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    if not keys or type(keys[0]) is not str:
        run.note(N_("context put() 的键应为文本。"))
        return None
    run.spend_items(len(context) + 1)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if inner is not None and type(inner) is not dict:
        run.note(N_("“{name}”不是上下文，不能放入下一级。"), name=keys[0][:50])
        return None
    changed = context_put_nested(run, inner or {}, keys[1:], value)
    return None if changed is None else {**context, keys[0]: changed}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            run.note(N_("context merge() 的每一项应为上下文。"))
            return None
        run.spend_items(len(context))
        found.update(context)
    return found


@builtin("is defined", "value: any")
def is_defined(run: Run, value: Any) -> bool:
    """Say whether there is a value; calls with a name or path are compiled apart and tell null from missing."""
    return value is not None


@builtin("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Any, default: Any) -> Any:
    """Return the value, or the default for null (as in Camunda's FEEL; not in the specification)."""
    return default if value is None else value
