"""The choice of one's group: by the name of a place, or level by level; with htmx as one types, else by buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import people
from engine.database import Transaction
from engine.people import Unit
from engine.queries import places
from engine.queries.places import LONGEST_SOUGHT, Found, Step
from webapp.auth import current_actor, public
from webapp.platform import engine
from webapp.portal.blueprint import blueprint
from webapp.widgets import Widget

#: The fields for the chosen group, the text to look for, and the unit to step down from. No form has such keys.
GROUP, SEARCH, UNDER = "_group", "_place", "_under"


@dataclass(frozen=True)
class PlaceWidget(Widget):
    """The field that ``portal/_place.html`` shows."""

    search: str = ""
    found: tuple[Found, ...] = ()
    chosen: str = ""
    step: Step | None = None


@dataclass(frozen=True)
class PlaceChoice:
    """What was looked for, the groups to choose from, and the one that is chosen."""

    search: str
    found: tuple[Found, ...]
    chosen: Unit | None
    step: Step | None

    def widget(self) -> PlaceWidget:
        """The field of a form."""
        return PlaceWidget(
            kind="place",
            id=f"f-{GROUP}",
            name=GROUP,
            required=True,
            search=self.search,
            found=self.found,
            chosen=self.chosen.code if self.chosen else "",
            step=self.step,
            focus=UNDER in request.values,
        )


def choice_of(tx: Transaction, chosen: Unit | None, search: str, under: str | None) -> PlaceChoice:
    """What to show; the only group that fits what was typed counts as chosen.

    Whoever looks for another one, or steps down from a unit (``under``), chooses anew from what is shown.
    """
    search = search.strip()[:LONGEST_SOUGHT]
    step = places.step_down(tx, under) if under is not None else None
    found = tuple(places.find_groups(tx, search)) if step is None else step.groups
    if chosen is None and step is None and len(found) == 1:
        chosen = found[0].unit
    if chosen is not None and all(each.unit != chosen for each in found):
        found = (places.found_of(people.org_tree(tx), chosen), *found)
    return PlaceChoice(search, found, chosen, step)


@blueprint.get("/places")
@public
def find_place() -> ResponseReturnValue:
    """The part of the page with the groups to choose from, for htmx."""
    search, under = request.args.get(SEARCH, ""), request.args.get(UNDER)
    with engine().read(current_actor()) as tx:
        choice = choice_of(tx, None, search, under)
        # What was chosen just before the answer came stays chosen.
        kept = next((each.unit for each in choice.found if each.unit.code == request.args.get(GROUP)), choice.chosen)
        choice = replace(choice, chosen=kept)
    return render_template("portal/_places.html", w=choice.widget(), is_part=True)
