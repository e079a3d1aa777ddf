"""The BPMN elements of a file as a plain tree, for the rules about what stands where; foreign elements are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class Element:
    """One element: ``tag`` without prefix, its attributes that have no namespace, and its own text, stripped.

    ``type`` is the local name in ``xsi:type``, empty without one. ``extended`` says that foreign elements stand in it.
    """

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    line: int = 0
    type: str = ""
    extended: bool = False
    children: list[Element] = field(default_factory=list)
    parent: Element | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The element's id, empty without one."""
        return self.attributes.get("id", "")

    @property
    def owner(self) -> Element:
        """The nearest element around this one that has an id; itself if it has one; the root if none has."""
        return next((each for each in self.upwards() if each.id), self)

    def get(self, attribute: str, default: str = "") -> str:
        """An attribute's value, stripped."""
        return self.attributes.get(attribute, default).strip()

    def flag(self, attribute: str) -> bool:
        """Whether a boolean attribute is true; false without it."""
        return self.get(attribute) in ("true", "1")

    def all(self, *tags: str) -> list[Element]:
        """The children with one of these tags."""
        return [each for each in self.children if each.tag in tags]

    def one(self, tag: str) -> Element | None:
        """The first child with the tag."""
        return next((each for each in self.children if each.tag == tag), None)

    def texts(self, tag: str) -> list[str]:
        """The texts of all children with the tag: mostly ids of other elements, without a prefix."""
        return [each.text.rpartition(":")[2] for each in self.all(tag)]

    def upwards(self) -> Iterator[Element]:
        """The element itself, then what is around it."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent

    def walk(self) -> Iterator[Element]:
        """The element and everything in it, in document order."""
        waiting = [self]
        while waiting:
            at = waiting.pop()
            yield at
            waiting.extend(reversed(at.children))


@dataclass(frozen=True)
class Unknown:
    """An element that the reader met and does not know; the checker refuses what would change the run."""

    id: str
    tag: str
    line: int
    parent: str = ""


@dataclass(frozen=True)
class Reference:
    """One element naming another by its id.

    ``found`` is the tag that carries the id, None when nothing does, ``within`` the tag around that element.
    ``outside`` says that the id may stand in another file.
    """

    element: str
    tag: str
    attribute: str
    target: str
    found: str | None
    line: int
    within: str = ""
    outside: bool = False


@dataclass(frozen=True)
class MessageFlow:
    """A dashed line between two pools; a drawing only, messages are correlated by name and key."""

    id: str
    source: str
    target: str
    line: int
