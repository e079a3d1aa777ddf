"""What somebody wishes to see of the lists of an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement

from engine.model.people import Level

PAGE_SIZE = 20
USUAL_PRIORITY = 50


class Tab(StrEnum):
    """The lists of an inbox."""

    #: Claimed by me.
    MINE = "mine"
    #: Waiting for one of my posts, claimed by nobody.
    OPEN = "open"
    #: Completed by me.
    DONE = "done"
    #: Cases that I started.
    STARTED = "started"
    #: Cases that I watch.
    WATCHED = "watched"


#: The lists of what is over, or of others: the newest line is the most interesting.
_LOOKING_BACK = (Tab.DONE, Tab.STARTED, Tab.WATCHED)


class Due(StrEnum):
    """Deadlines that people ask for. This week ends on Sunday and begins now."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NONE = "none"


class Sort(StrEnum):
    """Orders of a list."""

    URGENT = "urgent"
    NEWEST = "newest"
    OLDEST = "oldest"


class Acting(StrEnum):
    """Whose work it is: that of the own posts, or of those that the reader stands in for."""

    OWN = "own"
    FOR_OTHERS = "others"


@dataclass(frozen=True)
class Wish:
    """What a list is narrowed to, its order (None for the usual one), and the line after or before which to go on.

    ``important`` leaves what has more than the usual priority. ``unit_id`` takes everything below that unit along.
    """

    tab: Tab
    search: str = ""
    process_key: str = ""
    level: Level | None = None
    unit_id: UUID | None = None
    due: Due | None = None
    important: bool = False
    acting: Acting | None = None
    sort: Sort | None = None
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Sort:
        """The order that counts."""
        return self.sort or (Sort.NEWEST if self.tab in _LOOKING_BACK else Sort.URGENT)

    @property
    def place(self) -> str:
        """The line to go on from, in whichever direction."""
        return self.before if self.is_backward else self.after

    @property
    def is_backward(self) -> bool:
        """Whether the page before a line is wanted."""
        return bool(self.before and not self.after)


@dataclass(frozen=True)
class Source:
    """The entries of one list, as far as they fulfil the conditions."""

    list_no: int
    conditions: tuple[ColumnElement[bool], ...] = ()
