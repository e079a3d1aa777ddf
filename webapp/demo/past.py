"""The last quarter of the demo district: made by running the real processes on a virtual clock, when all is new."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

import yaml

from engine.database import Engine
from engine.district import Habits, Life
from engine.people import SYSTEM
from engine.queries.newest import is_untouched
from engine.scenarios import VirtualClock, read
from webapp import library
from webapp.demo import load_demo

_FILE = Path(__file__).parent / "district.yaml"
#: About a quarter.
QUARTER = timedelta(days=91)
#: The same life every time: pictures and guides show what everybody sees.
_SEED = 3716


def is_wanted(engine: Engine) -> bool:
    """Whether nobody has used this database yet: nothing is ever made up among real cases."""
    with engine.read(SYSTEM) as tx:
        return is_untouched(tx)


def live_through(engine: Engine, var: Path, until: datetime, length: timedelta = QUARTER) -> Life:
    """Load the organisation and the processes as of then, and let people work up to ``until``."""
    clock = VirtualClock(until - length)
    with Engine(engine.url, clock=clock, durable=False) as then:
        load_demo(then, var)
        library.deploy(then)
        life = Life(then, clock, habits(length / QUARTER), _SEED)
        life.live(until)
    return life


def habits(part: float = 1) -> Habits:
    """What people of the district do in a part of a quarter, from the scenarios of all processes and district.yaml."""
    paths = sorted(library.folder("processes").glob("*/scenarios/*.yaml"))
    notes = yaml.safe_load(_FILE.read_text("utf-8"))
    notes["shares"] = {key: ceil(share * part) for key, share in notes["shares"].items()}
    return Habits.learn(map(read, paths), notes)
