"""FEEL as the platform offers it: the language, and the names of the functions that are ours."""

from __future__ import annotations

from engine import feel

#: What the calendar (engine.workdays), the organisation (engine.people.functions) and votes (engine.voting) add to
#: FEEL's own functions. Names of several words can only be read by a parser that knows them.
HOST_FUNCTIONS = frozenset(
    {
        *("工作日后", "working days after"),
        *("是工作日", "is working day"),
        *("工作日数", "working days between"),
        *("下级单位", "children"),
        *("上级单位", "ancestor"),
        *("单位名称", "unit name"),
        *("按代码查单位", "unit by code"),
        *("单位名录", "units"),
        *("岗位名录", "posts"),
        *("任职人员", "people of post"),
        *("表决结果", "vote outcome"),
    }
)


def compile_expression(text: str) -> feel.Expression:
    """Compile a text without its leading ``=``. Raises FeelSyntaxError, which knows line and column."""
    return feel.compile(text, HOST_FUNCTIONS)


def context_entries(text: str) -> dict[str, frozenset[str]] | None:
    """The keys of a context literal in order, each with the variables that it may read; None for what is no context.

    Raises FeelSyntaxError.
    """
    return feel.context_entries(text, HOST_FUNCTIONS)
