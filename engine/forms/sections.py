"""Read-only sections: a group whose property ``readonly`` is set locks all that is inside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What a component shows or holds, and that has no value of its own to lock.
_AROUND = ("group", "dynamiclist")


def parts_of(group: Mapping[str, Any]) -> Any:
    """The components of a group as it is to be read: where it is read-only, so is each of them.

    ``properties.readonly`` is ``true``, or FEEL that says when. A list that is always read-only keeps its rows.
    """
    components, setting = group.get("components", []), (group.get("properties") or {}).get("readonly")
    if str(setting).strip().lower() == "true":
        setting = True
    if setting in (None, "", False) or str(setting).strip().lower() == "false" or not isinstance(components, list):
        return components
    return [_locked(item, setting) if isinstance(item, Mapping) else item for item in components]


def _locked(item: Mapping[str, Any], setting: Any) -> dict[str, Any]:
    if item.get("type") not in _AROUND:
        return {**item, "readonly": _either(item.get("readonly"), setting)}
    properties = dict(item.get("properties") or {})
    if item["type"] == "group":
        return {**item, "properties": {**properties, "readonly": _either(properties.get("readonly"), setting)}}
    inside = parts_of({**item, "properties": {"readonly": setting}})
    return {**item, "components": inside, "allowAddRemove": item.get("allowAddRemove", True) and setting is not True}


def _either(own: Any, around: Any) -> Any:
    """Locked when the component says so itself, or what is around it does."""
    if own in (None, "", False) or str(own).strip().lower() == "false":
        return around
    if around is True or own is True or str(own).strip().lower() == "true":
        return True
    first, second = (str(each).strip().removeprefix("=") for each in (own, around))
    return f"=({first}) or ({second})"
