"""Forms: ``.form`` files (form-js JSON) compiled to a tree of fields and readers of their values.

``compile(text)`` refuses what can't be honoured; ``Form.bind`` takes what a page sent, ``Form.load`` the values of a
program, both to the same clean variables. A condition is FEEL; what it hides has no value.
"""

from engine.forms.bound import Bound
from engine.forms.fields import (
    Block,
    Checkbox,
    Choice,
    Computed,
    Field,
    FieldType,
    FileInput,
    Group,
    Input,
    ListInput,
    MomentInput,
    NumberInput,
    Row,
    Table,
    TextInput,
    walk,
)
from engine.forms.fitting import misfits
from engine.forms.form import Form, compile
from engine.forms.layout import template_path
from engine.forms.options import Option, option_key
from engine.forms.sentences import Sentence
from engine.forms.terms import Phrase, Scope, look_up, show

__all__ = [
    "Block",
    "Bound",
    "Checkbox",
    "Choice",
    "Computed",
    "Field",
    "FieldType",
    "FileInput",
    "Form",
    "Group",
    "Input",
    "ListInput",
    "MomentInput",
    "NumberInput",
    "Option",
    "Phrase",
    "Row",
    "Scope",
    "Sentence",
    "Table",
    "TextInput",
    "compile",
    "look_up",
    "misfits",
    "option_key",
    "show",
    "template_path",
    "walk",
]
