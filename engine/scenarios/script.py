"""A scenario file as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine.clock import TIMEZONE
from engine.errors import N_, InvalidDefinition

Step = Mapping[str, Any]
_MISSING = N_("场景文件 {file} 缺少“{part}”，或者写法不对。")


@dataclass(frozen=True)
class Script:
    """What a scenario says: the process key, the name, when it begins, what is given, and the steps.

    ``file`` is for messages.
    """

    key: str
    file: str
    name: str
    at: datetime
    given: Mapping[str, Any]
    steps: tuple[Step, ...]

    @property
    def processes(self) -> frozenset[str]:
        """The keys of the processes that it speaks of: its own, and those of other cases."""
        named = (step[name] for step in self.steps for name in ("in", "start") if name in step)
        wanted = (step["expect"] for step in self.steps if isinstance(step.get("expect"), dict))
        inner = (name for each in wanted for name in (each.get("in"), *each.get("cases", ())) if name)
        return frozenset({self.key, *(str(name).partition("@")[0] for name in (*named, *inner))})


def read(path: Path) -> Script:
    """Read ``<key>/scenarios/<name>.yaml``. Raises InvalidDefinition, naming the file, for what is no scenario."""
    key = path.parent.parent.name
    return parse(path.read_text("utf-8"), key, f"{key}/scenarios/{path.name}")


def parse(text: str, key: str, file: str = "") -> Script:
    """Read the text of a scenario. Raises InvalidDefinition for what is none."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader that knows even less)
    except yaml.YAMLError as error:
        raise InvalidDefinition(N_("场景文件 {file} 不是有效的 YAML：{why}"), file=file, why=str(error)) from error
    if not isinstance(content, dict):
        raise InvalidDefinition(N_("场景文件 {file} 应当有 name、given 和 steps 三项。"), file=file)
    for part, kind in (("name", str), ("given", dict), ("steps", list)):
        if not isinstance(content.get(part), kind):
            raise InvalidDefinition(_MISSING, file=file, part=part)
    if not all(isinstance(step, dict) for step in content["steps"]):
        raise InvalidDefinition(N_("场景文件 {file} 的每一步都应写成“步骤: 内容”。"), file=file)
    given = content["given"]
    for part in ("at", "starter"):
        if not isinstance(given.get(part), str):
            raise InvalidDefinition(_MISSING, file=file, part=part)
    try:
        at = moment(given["at"])
    except ValueError as error:
        raise InvalidDefinition(N_("场景文件 {file} 的 at “{at}”不是时刻。"), file=file, at=given["at"]) from error
    return Script(key, file, content["name"], at, given, tuple(content["steps"]))


def moment(text: str) -> datetime:
    """An ISO 8601 moment, here in China when it names no zone. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=TIMEZONE)


#: The one written in C where the library was built with it: a library of processes has hundreds of scenarios.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc] # which of the two it is, is known only here
    """Leaves dates as they are written, since a form gets text from people, too; refuses a name that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """The mapping, unless a name in it would silently hide another."""
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"“{name}” ×2", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
