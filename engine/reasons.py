"""What people have to give with an act: words such as a reason, and whatever else its form asks for."""

from __future__ import annotations

from types import TracebackType

from engine.errors import N_, InvalidVariables

LONGEST = 1_000


def written(text: str, field: str, missing: str, longest: int = LONGEST) -> str:
    """The text without spaces around it. Raises InvalidVariables, under ``field``, when it is empty or too long."""
    words = text.strip()
    if not words:
        raise InvalidVariables.at(field, missing)
    if len(words) > longest:
        template = N_("最多填写 {most} 个字，现在是 {count} 个字。")
        raise InvalidVariables.at(field, template, most=longest, count=len(words))
    if "\0" in words:
        raise InvalidVariables.at(field, N_("文字中有不能保存的字符，请重新填写。"))
    return words


class Faults:
    """Gathers what is wrong with the fields of a form, for nobody wants to hear it one by one.

    Each field is read in a ``with`` block of its own; ``settle`` raises InvalidVariables with all of them.
    """

    def __init__(self) -> None:
        self._found: list[InvalidVariables] = []

    def __enter__(self) -> None:
        """Begin with a field."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep what is wrong with it."""
        if not isinstance(error, InvalidVariables):
            return False
        self._found.append(error)
        return True

    def settle(self) -> None:
        """Go on if nothing was wrong."""
        if self._found:
            raise InvalidVariables.of_parts(self._found)
