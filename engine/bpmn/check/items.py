"""What data is made of: the item definitions behind data objects, inputs, outputs and messages."""

from __future__ import annotations

from engine.bpmn.check.context import Context
from engine.bpmn.element import Element

_REFERENCES = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}


def item_of(context: Context, element: Element) -> Element | None:
    """The item definition of anything that carries data; None where it is not said, or not in this file."""
    found = context.target(element.get("itemSubjectRef") or element.get("itemRef"))
    if found is None and (attribute := _REFERENCES.get(element.tag)):
        behind = context.target(element.get(attribute))
        return None if behind is None or behind.tag in _REFERENCES else item_of(context, behind)
    return found if found is not None and found.tag == "itemDefinition" else None


def same_item(one: Element | None, other: Element | None) -> bool:
    """Whether two item definitions mean the same structure; true where one of them is unknown."""
    if one is None or other is None or one is other:
        return True
    structure = one.get("structureRef")
    return (
        bool(structure)
        and structure == other.get("structureRef")
        and one.flag("isCollection") == other.flag("isCollection")
    )


def structure(item: Element | None) -> str:
    """What people read of an item definition."""
    return "" if item is None else item.get("structureRef") or item.id
