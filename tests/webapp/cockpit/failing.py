"""A process whose script fails until an administrator enters the days off of a year, and then goes through."""

from __future__ import annotations

from engine import calendars, definitions, instances, people
from engine.calendars import YearOfDays
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.bpmn_xml import Drawing, extension, properties

UNKNOWN_YEAR = 2029
STEP = "work_out_deadline"


def start_failing(engine: Engine) -> ProcessInstance:
    """A case that stands at its script with an open incident."""
    about = extension(properties(starters="public", numberPrefix="CS", title='="核算期限"'))
    drawing = Drawing("failing", name="核算期限", process_inner=about).start()
    expression = f'=工作日后(date and time("{UNKNOWN_YEAR}-01-03T10:00:00@Asia/Shanghai"), 5)'
    diagram = drawing.script(STEP, expression, "期限").end().xml().decode()
    with engine.begin(SYSTEM) as tx:
        definitions.deploy_file(tx, "failing", diagram, "")
    with engine.begin(SYSTEM) as tx:
        unit = people.org_tree(tx).by_code("jinxing-1")
        return instances.start(tx, "failing", {}, unit.id if unit else None).instance


def mend(engine: Engine) -> None:
    """Enter the year, so that the step can succeed."""
    with engine.begin(SYSTEM) as tx:
        calendars.set_year(tx, YearOfDays(UNKNOWN_YEAR, "测试用的放假安排", True, {}, {}))
