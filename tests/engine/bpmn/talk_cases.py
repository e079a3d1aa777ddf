"""What breaks the rules about collaborations, conversations and choreographies, checked as drawings."""

from __future__ import annotations

from tests.bpmn_xml import element
from tests.engine.bpmn.drawing_cases import Plain, case, refs, task


def _talk(inside: str, tag: str = "collaboration") -> Plain:
    parties = element("bpmn:participant", id="one") + element("bpmn:participant", id="two")
    return Plain(task(), element(f"bpmn:{tag}", parties + inside, id="talk"))


def _party(least: str, most: str) -> Plain:
    size = element("bpmn:participantMultiplicity", minimum=least, maximum=most)
    return Plain(task(), element("bpmn:collaboration", element("bpmn:participant", size, id="one"), id="talk"))


def _dance(tag: str) -> Plain:
    return Plain(task(), "<bpmn:choreography id='x'/>" + element(f"bpmn:{tag}", refs("choreographyRef", "x"), id="y"))


def _line(source: str, target: str) -> str:
    node_ = "<bpmn:conversation id='c'/>"
    return node_ + element("bpmn:conversationLink", id="line", sourceRef=source, targetRef=target)


CASES = (
    case("conversation.global", _talk("<bpmn:conversation id='c'/>", "globalConversation"), _talk(""), "talk"),
    case("conversation.link", _talk(_line("one", "two")), _talk(_line("one", "c")), "line"),
    case(
        "conversation.choreography",
        _dance("choreography"),
        _dance("collaboration"),
        "y",
    ),
    case("participant.multiplicity", _party("3", "2"), _party("2", "3"), "one"),
)
