"""What stands below a sentence of the story: reasons, conclusions, and what was filled in, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.agendas import DECISION
from engine.clock import TIMEZONE
from engine.errors import N_
from engine.forms import Choice, Computed, FileInput, Form, Input, ListInput, NumberInput, look_up, walk
from engine.forms.terms import Phrase, show, tell
from engine.model.history import HistoryEvent
from engine.people import OrgTree
from engine.queries.story_words import DECIDED, NOTES
from engine.queries.wording import changed_deadlines
from engine.release import Release
from engine.values import decode
from engine.voting import CHOICES


def notes_of(release: Release, tree: OrgTree, event: HistoryEvent, data: dict[str, Any]) -> list[tuple[str, Any]]:
    if event.type in NOTES:
        label, place = NOTES[event.type]
        return [(label, data[place])] if data.get(place) else []
    if event.type == "decision_evaluated":
        return _conclusions(tree, data["variables"])
    if event.type == "agenda_item_decided" or (event.type, data.get("name")) == ("message_received", DECISION):
        return _decided(data["variables"])
    if event.type == "vote_counted":
        return [(N_("票数"), _counts(data["tally"]["counts"]))]
    if event.type == "deadline_changed":
        return [(N_("期限"), text) for text in changed_deadlines(data, release, "task")]
    if event.type in ("extension_requested", "extension_granted"):
        return [(N_("新期限"), _local(data["until"])), (N_("原因"), data["reason"])]
    form = _form_of(release, event)
    return _answers(form, data.get("variables", {})) if form else []


def notes_for_applicant(release: Release, event: HistoryEvent, data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What the form of a step that was done tells the applicant: what was decided, and what is meant to be read."""
    form = _form_of(release, event)
    return _answers(form, data.get("variables", {}), lambda item: item.for_applicant) if form else []


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(TIMEZONE)


def _conclusions(tree: OrgTree, recorded: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a decision came to, entry by entry where it has several outputs; nothing personal."""
    (value,) = (None if _is_commitment(each) else decode(each) for each in recorded.values())
    named = value if isinstance(value, dict) else {N_("结论"): value}
    return [(name, text) for name, each in named.items() if (text := _read(tree, each))]


def _counts(counts: Mapping[str, int]) -> str:
    """For, against, abstained in this order; other options by their votes."""
    places = {choice: place for place, choice in enumerate(CHOICES)}
    ordered = sorted(counts.items(), key=lambda each: (places.get(each[0], len(places)), -each[1], each[0]))
    return N_("，").join(f"{choice} {count}" for choice, count in ordered)


def _decided(recorded: Mapping[str, Any]) -> list[tuple[str, Any]]:
    values = {name: decode(value) for name, value in recorded.items() if not _is_commitment(value)}
    return [(label, str(values[name])) for name, label in DECIDED.items() if values.get(name)]


def _read(tree: OrgTree, value: Any) -> str:
    """A conclusion as people read it; decisions name units and levels by their codes."""
    if isinstance(value, dict):
        return "，".join(f"{name} {_read(tree, each)}" for name, each in value.items() if each is not None)
    if isinstance(value, list):
        mark = "；" if any(isinstance(each, dict) for each in value) else "、"
        return mark.join(text for each in value if (text := _read(tree, each)))
    return show(tree.called(value))


def _form_of(release: Release, event: HistoryEvent) -> Form | None:
    if event.type == "instance_started":
        return release.start_form()
    is_task = event.type == "user_task_completed" and event.element_id in release.nodes
    return release.form_of(event.element_id or "") if is_task else None


def _answers(
    form: Form, recorded: Mapping[str, Any], is_read: Callable[[Input], bool] = lambda item: True
) -> list[tuple[str, Any]]:
    """Label and answer of every field that was filled in, is read and is not personal."""
    values = {name: decode(value) for name, value in recorded.items() if not _is_commitment(value)}
    found = []
    for item in form.inputs:
        is_told = is_read(item) and not item.personal and "." not in item.path
        text = _answer(item, values.get(item.variable)) if is_told else ""
        if text:
            found.append((_fixed(item.label) or item.variable, text))
    return found


def _fixed(phrase: Phrase) -> str:
    """A text as far as it is fixed."""
    return "".join(part for part in phrase.parts if isinstance(part, str))


def _answer(item: Input, value: Any) -> Any:
    """A value as people read it: the option's label, the files' names, a number with its unit, a date, the text."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(item, FileInput):
        return "、".join(str(file.get("name", "")) for file in value)
    if isinstance(item, ListInput):
        return "；".join(_row(item, row) for row in value)
    if isinstance(item, Computed):
        return f"{show(value)} {item.suffix}".strip()
    if isinstance(item, Choice):
        labels = {option.key: option.label for option in item.options.static}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(labels.get(show(one), show(one)) for one in chosen)
    if isinstance(item, NumberInput):
        return f"{_fixed(item.prefix)} {show(value)} {_fixed(item.suffix)}".strip()
    return value if isinstance(value, date) else show(value)


def _row(item: ListInput, row: Mapping[str, Any]) -> str:
    """One row of a list: what stands in it, in the order of its fields."""
    inside = [each for each in walk(item.children) if isinstance(each, Input)]
    answers = ((each, _answer(each, look_up(row, each.path.removeprefix(f"{item.path}[].")))) for each in inside)
    told = [
        f"{_fixed(each.label)} {tell(answer)}" if each.label else tell(answer) for each, answer in answers if answer
    ]
    return "，".join(told)


def _is_commitment(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"commitment"}
