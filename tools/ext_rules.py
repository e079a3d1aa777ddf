"""Write docs/ext-rules.md from the rules themselves: which of them checks which numbered constraint of BPMN 2.0.

``make docs`` runs it. The numbers are those of BPMNspector; a rule names the ones that it checks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.bpmn.check import RULES
from tools import translations

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ext-rules.md"

_LAST = 152
_HEAD = """# EXT 编号与规则 · EXT numbers and rules

本页由 `make docs` 从检查器的代码生成，请不要手工修改。Generated from the checker by `make docs`; do not edit.

Geiger 等人（班贝格大学，BPMNspector）给 BPMN 2.0 里 XML Schema 表达不了的约束编了号：EXT.001 到 EXT.152。
下表是检查这些约束的规则；`wuji check` 不加 `--deploy` 就会应用它们。Schema 能表达的约束由 `schema.*` 检查，
引用由 `reference.*` 检查。
Geiger et al. (University of Bamberg, BPMNspector) numbered the constraints of BPMN 2.0 that its XML Schema cannot
express: EXT.001 to EXT.152. These are the rules that check them; `wuji check` applies them without `--deploy`. What the
schema does express is checked by `schema.*`, references by `reference.*`.

两处从宽，因为图没有错，只是不完整：协作里的其他参与方往往只画个大概，所以多流程文件中的流程可以没有开始事件（EXT.097）；
用扩展元素写明消息怎样传送的消息事件，不必再写操作（EXT.127、128）。用 Zeebe 方言写的文件，表达式都是 FEEL，
数据用映射传递，所以形式化表达式（EXT.012）、数据关联（EXT.091）和消息操作不再要求。
Two are applied with leniency, where a drawing is not wrong but incomplete: in a collaboration other parties are often
only sketched, so a process beside others may lack a start event (EXT.097); a message event whose extension elements
may say how the message travels needs no operation (EXT.127, 128). In files of the Zeebe dialect all expressions are
FEEL and data travel by mappings, so formal expressions (EXT.012), data associations (EXT.091) and operations are not
asked for.

| EXT | 规则 rule | 依据 reference | 说明 sentence |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page: one row for each number that a rule checks."""
    english = translations.load()
    numbers = sorted({number for rule in RULES.values() for number in rule.ext})
    rows = []
    for number in numbers:
        for rule in (each for each in RULES.values() if number in each.ext):
            sentence = f"{rule.template}<br>{english.get(rule.template, '')}".replace("|", "∣")
            rows.append(f"| {number:03} | `{rule.id}` | {rule.reference} | {sentence} |")
    rest = ", ".join(f"{number:03}" for number in range(1, _LAST + 1) if number not in numbers)
    return _HEAD + "\n".join(rows) + f"\n\n没有单列规则的编号 · Numbers without a rule of their own: {rest}.\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
