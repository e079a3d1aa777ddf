"""From what was sent to typed values: one marshmallow field for each field of a form.

They take texts as a page sends them and typed values as a program does, and give None for nothing. What is wrong is
said as a :class:`Sentence` without its label. Settings that are FEEL are checked around the schema, by the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from engine.errors import N_
from engine.forms.fields import Checkbox, Choice, FileInput, Input, MomentInput, NumberInput, TextInput
from engine.forms.formats import check_format, normal
from engine.forms.moments import moment_reader
from engine.forms.patterns import LONGEST
from engine.forms.sentences import Sentence, fail

#: Reads one value; raises ValidationError, whose messages are sentences.
ValueField = fields.Field[Any]
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,24}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})")
# Unicode's categories Cc and Cs: control characters, and halves of surrogate pairs, which no database can store.
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_FILES = 20
_FILE_KEYS = {"id": str, "name": str, "size": int, "type": str}


def value_field(item: Input) -> ValueField:
    """The marshmallow field for one field of a form, with those of its rules that are literals."""
    make, check = _KINDS[type(item)]
    return _Value(make(item), check(item), allow_none=True, load_default=None)


class _Value(fields.Field[Any]):
    """Reads with one function and checks with another; both speak in sentences."""

    def __init__(self, read: Callable[[Any], Any], check: Callable[[Any], Iterator[Sentence]], **options: Any) -> None:
        super().__init__(**options)
        self.read = read
        self.check = check

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        result = self.read(value)
        problems = [] if result is None else list(self.check(result))
        if problems:
            raise ValidationError(list(problems), valid_data=result)
        return result


def check_length(value: str, low: Any, high: Any) -> Iterator[Sentence]:
    """Say when a text is shorter or longer than the (usable) bounds."""
    low, high, length = _number_or_none(low), _number_or_none(high), len(value)
    if high is not None and length > high:
        template = N_("{label}不能超过 {limit} 字，现在是 {length} 字。")
        yield Sentence(template, limit=format(high, "f"), length=length)
    if low is not None and length < low:
        yield Sentence(N_("{label}至少要 {limit} 字，现在是 {length} 字。"), limit=format(low, "f"), length=length)


def check_range(value: Decimal, low: Any, high: Any) -> Iterator[Sentence]:
    """Say when a number is outside of the (usable) bounds."""
    low, high = _number_or_none(low), _number_or_none(high)
    if low is not None and value < low:
        yield Sentence(N_("{label}不能小于 {limit}。"), limit=format(low, "f"))
    if high is not None and value > high:
        yield Sentence(N_("{label}不能大于 {limit}。"), limit=format(high, "f"))


def _number_or_none(value: Any) -> Decimal | None:
    usable = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return Decimal(value) if usable else None


def _text_reader(item: TextInput) -> Callable[[Any], str | None]:
    many_lines = item.type == "textarea"

    def read(value: Any) -> str | None:
        if not isinstance(value, str):
            raise fail(N_("{label}应为文本。"))
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if item.format:
            text = normal(item.format, text) if _is_clean(text, True) else text
        if not _is_clean(text, many_lines):
            raise fail(N_("{label}里有不能保存的字符（控制字符等），请删除后重新输入。"))
        return text or None

    return read


def _is_clean(text: str, many_lines: bool) -> bool:
    return not (_CONTROL if many_lines else _CONTROL_OR_BREAK).search(text)


def _text_checks(item: TextInput) -> Callable[[str], Iterator[Sentence]]:
    def check(value: str) -> Iterator[Sentence]:
        yield from check_length(value, item.min_length.literal, item.max_length.literal)
        if item.format:
            yield from check_format(item.format, value)
        if item.pattern and not (len(value) <= LONGEST and item.pattern.fullmatch(value)):
            yield (
                Sentence("{message}", message=item.pattern_message)
                if item.pattern_message
                else Sentence(N_("{label}的格式不对，请按说明填写。"))
            )

    return check


def _number_reader(item: NumberInput) -> Callable[[Any], Decimal | None]:
    def read(value: Any) -> Decimal | None:
        text = _number_text(value)
        if text == "":
            return None
        if text is None or not _NUMBER.fullmatch(text):
            raise fail(N_("{label}应为数字，请只填数字，不要带单位。"))
        # + 0 turns -0 into 0; the digits stay within the context's precision by the pattern.
        return Decimal(text) + 0 if Decimal(text) == 0 else Decimal(text)

    return read


def _number_text(value: Any) -> str | None:
    """The number as plain digits; None for what can't be a number or would be absurdly long."""
    if isinstance(value, str):
        return unicodedata.normalize("NFKC", value).strip()[:80]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > 200:
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return format(number, "f") if number.is_finite() and abs(number.adjusted()) < 40 else None


def _number_checks(item: NumberInput) -> Callable[[Decimal], Iterator[Sentence]]:
    def check(value: Decimal) -> Iterator[Sentence]:
        if item.digits is not None and value != round(value, item.digits):
            if item.digits == 0:
                yield Sentence(N_("{label}应为整数。"))
            else:
                yield Sentence(N_("{label}最多保留 {digits} 位小数。"), digits=item.digits)
        yield from check_range(value, item.minimum.literal, item.maximum.literal)

    return check


def _checkbox_reader(item: Checkbox) -> Callable[[Any], bool]:
    def read(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("true", "on"):
            return True
        if value in ("", "false"):
            return False
        raise fail(N_("{label}只能勾选或者不勾选。"))

    return read


def _choice_reader(item: Choice) -> Callable[[Any], Any]:
    """Only the shape; which options there are is known once the conditions are settled."""

    def read(value: Any) -> Any:
        if item.many:
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list | tuple) or any(isinstance(one, list | tuple | Mapping) for one in values):
                raise fail(N_("{label}里有不存在的选项，请重新选择。"))
            return [one for one in values if one not in ("", None)]
        if isinstance(value, list | tuple | Mapping):
            raise fail(N_("{label}只能选一项。"))
        return None if value == "" else value

    return read


def _files_reader(item: FileInput) -> Callable[[Any], list[dict[str, Any]]]:
    def read(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list | tuple) or not all(_is_file(one) for one in value):
            raise fail(N_("{label}里有无法识别的文件，请重新上传。"))
        return [{key: one[key] for key in _FILE_KEYS} for one in value]

    return read


def _is_file(value: Any) -> bool:
    return isinstance(value, Mapping) and all(type(value.get(key)) is kind for key, kind in _FILE_KEYS.items())


def _files_checks(item: FileInput) -> Callable[[list[dict[str, Any]]], Iterator[Sentence]]:
    most = _MOST_FILES if item.multiple else 1

    def check(value: list[dict[str, Any]]) -> Iterator[Sentence]:
        if len(value) > most:
            yield Sentence(N_("{label}最多上传 {limit} 个文件，现在是 {count} 个。"), limit=most, count=len(value))
        for one in value:
            if not accepts(item.accept, one["name"], one["type"]):
                template = N_("{label}不接受“{name}”这样的文件，请上传 {accept} 格式的文件。")
                yield Sentence(template, name=one["name"], accept="、".join(item.accept))

    return check


def accepts(accept: tuple[str, ...], name: str, media_type: str) -> bool:
    """Whether a file fits a list of endings (``.pdf``) and media types (``image/*``); an empty list takes all."""
    ending = "." + name.rpartition(".")[2].lower()
    wanted = {media_type, media_type.partition("/")[0] + "/*", ending}
    return not accept or any(one.lower() in wanted for one in accept)


def _no_checks(item: Input) -> Callable[[Any], Iterator[Sentence]]:
    return lambda value: iter(())


_KINDS: dict[type[Input], tuple[Callable[[Any], Callable[[Any], Any]], Callable[[Any], Callable[[Any], Any]]]] = {
    TextInput: (_text_reader, _text_checks),
    NumberInput: (_number_reader, _number_checks),
    MomentInput: (moment_reader, _no_checks),
    Checkbox: (_checkbox_reader, _no_checks),
    Choice: (_choice_reader, _no_checks),
    FileInput: (_files_reader, _files_checks),
}
