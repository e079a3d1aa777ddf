"""Forms: ``.form`` files (form-js JSON) compiled to a tree of fields and a marshmallow schema.

``compile(text)`` refuses what can't be honoured; ``Form.bind`` takes what a page sent, ``Form.load`` the values of a
program, both to the same clean variables. A condition is FEEL; what it hides has no value.
"""

from engine.forms.bound import Bound
from engine.forms.fields import (
    Block,
    Checkbox,
    Choice,
    Field,
    FieldType,
    FileInput,
    Group,
    Input,
    MomentInput,
    NumberInput,
    Option,
    TextInput,
    look_up,
    option_key,
)
from engine.forms.form import Form, compile
from engine.forms.sentences import Sentence
from engine.forms.terms import show

__all__ = [
    "Block",
    "Bound",
    "Checkbox",
    "Choice",
    "Field",
    "FieldType",
    "FileInput",
    "Form",
    "Group",
    "Input",
    "MomentInput",
    "NumberInput",
    "Option",
    "Sentence",
    "TextInput",
    "compile",
    "look_up",
    "option_key",
    "show",
]
