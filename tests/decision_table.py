"""One decision table as a whole file, quickly: rows of cells. For other models see ``tests.dmn_xml``."""

from __future__ import annotations

from html import escape

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="{id}_file" name="{name}" '
    'namespace="http://wuji.example/dmn/{id}">\n'
)


def table(
    id: str,
    rules: list[tuple[str, ...]],
    *,
    name: str = "",
    inputs: tuple[str, ...] = ("金额",),
    outputs: tuple[str, ...] = ("级别",),
    hit_policy: str = "UNIQUE",
    more: str = "",
) -> str:
    """A file with one decision table; a rule has a cell for each input expression and each output.

    Every input is an input data element of that name, unless it is no plain name; ``more`` goes in as it is.
    """
    named = [each for each in inputs if each.isidentifier()]
    data = "".join(f'<inputData id="in{n}" name="{each}"/>\n' for n, each in enumerate(named))
    needs = "".join(
        f'<informationRequirement id="need{n}"><requiredInput href="#in{n}"/></informationRequirement>\n'
        for n, _ in enumerate(named)
    )
    columns = "".join(_input(n, each) for n, each in enumerate(inputs))
    columns += "".join(f'<output id="o{n}" name="{each}"/>\n' for n, each in enumerate(outputs))
    rows = "".join(_rule(id, number, cells, len(inputs)) for number, cells in enumerate(rules, 1))
    body = f'<decisionTable id="{id}_table" hitPolicy="{hit_policy}">\n{columns}{rows}</decisionTable>\n'
    decision = f'<decision id="{id}" name="{name or id}">\n{needs}{body}</decision>\n'
    return f"{_HEAD.format(id=id, name=name or id)}{data}{decision}{more}</definitions>\n"


def _input(number: int, expression: str) -> str:
    text = f"<text>{escape(expression)}</text>"
    return f'<input id="i{number}"><inputExpression id="e{number}">{text}</inputExpression></input>\n'


def _rule(id: str, number: int, cells: tuple[str, ...], inputs: int) -> str:
    parts = [
        f"<{tag}Entry id='{id}_{number}_{place}'><text>{escape(cell)}</text></{tag}Entry>"
        for place, cell in enumerate(cells)
        for tag in ["input" if place < inputs else "output"]
    ]
    return f'<rule id="{id}_rule{number}">{"".join(parts)}</rule>\n'
