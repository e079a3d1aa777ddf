"""Triggers that keep ``inbox_entry`` and ``waiting_task`` in line with tasks and cases, whoever writes those.

They stand in the database because so many commands move tasks, often many with one statement, and completing a step
has no statement to spare. All rows follow from other tables, so they can be made anew at any time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, inspect

#: The largest values of the three parts of ``urgency``: no deadline, the least important, the latest arrival.
NO_DUE = (1 << 32) - 1
LEAST = 127
#: 2020-01-01T00:00Z, in seconds; arrival counts minutes from here, as 24 bits of them last until 2051.
EPOCH = 1_577_836_800
LATEST = (1 << 24) - 1

_IMPRINT = ("imprint_0", "imprint_1", "imprint_2", "imprint_3")
_COLUMNS = ", ".join(
    ("list_no, subject_id, instance_id, process_no, level_no, unit_no, priority, urgency, arrived_at", *_IMPRINT)
)
_ROW = """
    SELECT o.id, {subject}, i.id, p.id, l.id, n.id, {priority}, {urgency}, {arrived}, {imprint}
    FROM {tables} LEFT JOIN org_unit u ON u.id = i.unit_id
    LEFT JOIN list_number o ON o.name = {owner} LEFT JOIN list_number p ON p.name = 'process:' || i.process_key
    LEFT JOIN list_number l ON l.name = 'level:' || u.level LEFT JOIN list_number n ON n.name = {unit}
    WHERE {where}
"""
_WAITING = """
    INSERT INTO waiting_task (task_id, unit_id, urgency)
    SELECT t.id, i.unit_id, {urgency} FROM user_task t JOIN process_instance i ON i.id = t.instance_id
    WHERE t.state = 'created' AND i.unit_id IS NOT NULL AND {condition} ON CONFLICT DO NOTHING
"""
_MOVED = """
    UPDATE inbox_entry SET process_no = (SELECT id FROM list_number WHERE name = 'process:' || NEW.process_key),
    unit_no = (SELECT id FROM list_number WHERE name = {unit}), level_no =
    (SELECT l.id FROM org_unit u JOIN list_number l ON l.name = 'level:' || u.level WHERE u.id = NEW.unit_id)
    WHERE instance_id = NEW.id
"""
_STAMPED = "UPDATE inbox_entry SET {imprint} WHERE instance_id = NEW.id"
_TAKEN = """
    DELETE FROM inbox_entry WHERE subject_id = {subject} AND list_no = (SELECT id FROM list_number WHERE name = {owner})
"""
#: Whoever looks first whether a name is there takes no number in vain; in one order, nobody waits crosswise.
_NUMBERED = """
    INSERT INTO list_number (name) SELECT DISTINCT x.name FROM ({names}) x WHERE x.name IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM list_number n WHERE n.name = x.name) ORDER BY x.name ON CONFLICT DO NOTHING
"""
_TASK = "user_task t JOIN process_instance i ON i.id = t.instance_id"
_KINDS = ("waiting", "claimed", "claimed for", "done", "started", "helped", "watched")


@dataclass(frozen=True)
class _Kind:
    """The entries of some lists, each as expressions over the tables that they follow from."""

    owner: str
    subject: str
    priority: str
    urgency: str
    arrived: str
    tables: str
    where: str


class _Dialect:
    """How one database says it."""

    def __init__(self, name: str) -> None:
        self.is_sqlite = name == "sqlite"
        self.never = "NULL" if self.is_sqlite else "NULL::timestamptz"
        self.least, self.most = ("MIN", "MAX") if self.is_sqlite else ("LEAST", "GREATEST")

    def seconds(self, column: str) -> str:
        """A moment as whole seconds since 1970."""
        if self.is_sqlite:
            return f"CAST(strftime('%s', {column}) AS INTEGER)"
        return f"floor(extract(epoch FROM {column}))::bigint"

    def between(self, value: str, most: int) -> str:
        """A number, no less than 0 and no more than ``most``."""
        return f"{self.least}({self.most}({value}, 0), {most})"

    def named(self, kind: str, column: str) -> str:
        """The name of the list of one account, or of a unit."""
        hexadecimal = column if self.is_sqlite else f"replace({column}::text, '-', '')"
        return f"'{kind}:' || {hexadecimal}"

    def urgency(self, due: str, priority: str, arrived: str) -> str:
        """The three parts as one number of 63 bits."""
        until = f"CASE WHEN {due} IS NULL THEN {NO_DUE} ELSE {self.between(self.seconds(due), NO_DUE - 1)} END"
        importance = f"{LEAST} - {self.between(priority, LEAST)}"
        minutes = self.between(f"({self.seconds(arrived)} - {EPOCH}) / 60", LATEST)
        wide = "" if self.is_sqlite else "::bigint"
        return f"((({until}){wide} << 31) + (({importance}){wide} << 24) + ({minutes}))"

    def kind(self, kind: str) -> _Kind:
        """What stands in the lists of a kind, such as waiting or done.

        Whoever filed a case for a resident (``helped``) finds it among the cases that they started.
        """
        if kind in ("started", "helped"):
            column = f"i.{kind}_by"
            own = self.named("started", column)
            return self._of_cases(own, "i.started_at", "process_instance i", f"{column} IS NOT NULL")
        if kind == "watched":
            own, tables = self.named(kind, "w.account_id"), "watch w JOIN process_instance i ON i.id = w.instance_id"
            return self._of_cases(own, "w.watched_at", tables, "TRUE")
        if kind == "waiting":
            tables = f"{_TASK} JOIN task_candidate c ON c.task_id = t.id"
            return self._of_tasks("c.holder", "t.created_at", tables, "t.state = 'created' AND t.assignee IS NULL")
        column, state, arrived = {
            "claimed": ("t.assignee", "created", "t.created_at"),
            "claimed for": ("t.claimed_for", "created", "t.created_at"),
            "done": ("t.completed_by", "completed", "t.completed_at"),
        }[kind]
        own = self.named(kind.removesuffix(" for"), column)
        return self._of_tasks(own, arrived, _TASK, f"t.state = '{state}' AND {column} IS NOT NULL")

    def _of_tasks(self, owner: str, arrived: str, tables: str, where: str) -> _Kind:
        urgency = self.urgency("t.due_at", "t.priority", "t.created_at")
        return _Kind(owner, "t.id", "t.priority", urgency, arrived, tables, where)

    def _of_cases(self, owner: str, arrived: str, tables: str, where: str) -> _Kind:
        return _Kind(owner, "i.id", "50", self.urgency(self.never, "50", arrived), arrived, tables, where)

    def insert(self, kind: str, condition: str = "TRUE") -> str:
        """The statement that writes the entries of a kind under a further condition."""
        imprint = ", ".join(f"i.{name}" for name in _IMPRINT)
        rows = _ROW.format(imprint=imprint, unit=self.named("unit", "i.unit_id"), **asdict(self.kind(kind)))
        return f"INSERT INTO inbox_entry ({_COLUMNS}) {rows} AND {condition} ON CONFLICT DO NOTHING"

    def numbered(self, *queries: str) -> str:
        """The statement that gives a number to every name of some queries that has none yet."""
        return _NUMBERED.format(names=" UNION ".join(f"SELECT {each}" for each in queries))

    def all_names(self) -> list[str]:
        """Queries for everything that entries are selected by."""
        kinds = (self.kind(name) for name in _KINDS)
        return [
            *(f"{each.owner} AS name FROM {each.tables} WHERE {each.where}" for each in kinds),
            "'process:' || process_key FROM process_instance",
            f"{self.named('unit', 'unit_id')} FROM process_instance",
            "'level:' || level FROM org_unit",
        ]

    def waiting(self, condition: str = "TRUE") -> str:
        """The statement that writes what waits in units, under a further condition."""
        return _WAITING.format(urgency=self.urgency("t.due_at", "t.priority", "t.created_at"), condition=condition)

    def bodies(self) -> dict[str, tuple[str, str, list[str]]]:
        """By the trigger's name: when, on which table, and the statements that it runs."""
        moved = "state, assignee, claimed_for, completed_by, completed_at, due_at, priority"
        kinds = (("claimed", "assignee"), ("claimed", "claimed_for"), ("done", "completed_by"))
        of_people = [
            self.numbered(*(f"{self.named(kind, f'NEW.{column}')} AS name" for kind, column in kinds)),
            *(self.insert(kind, "t.id = NEW.id") for kind in ("claimed", "claimed for", "done")),
        ]
        of_candidate = [
            self.numbered("NEW.holder AS name"),
            self.insert("waiting", "t.id = NEW.task_id AND c.holder = NEW.holder"),
        ]
        taken = _TAKEN.format(subject="OLD.task_id", owner="OLD.holder")
        watched = [
            self.numbered(f"{self.named('watched', 'NEW.account_id')} AS name"),
            self.insert("watched", "w.account_id = NEW.account_id AND w.instance_id = NEW.instance_id"),
        ]
        left = _TAKEN.format(subject="OLD.instance_id", owner=self.named("watched", "OLD.account_id"))
        return {
            "entry_task_added": ("AFTER INSERT", "user_task", of_people),
            "entry_task_moved": (
                f"AFTER UPDATE OF {moved}",
                "user_task",
                [
                    "DELETE FROM inbox_entry WHERE subject_id = NEW.id",
                    self.insert("waiting", "t.id = NEW.id"),
                    *of_people,
                ],
            ),
            "entry_candidate_added": ("AFTER INSERT", "task_candidate", of_candidate),
            "entry_candidate_moved": ("AFTER UPDATE", "task_candidate", [taken, *of_candidate]),
            "entry_candidate_taken": ("AFTER DELETE", "task_candidate", [taken]),
            "entry_watch_added": ("AFTER INSERT", "watch", watched),
            "entry_watch_taken": ("AFTER DELETE", "watch", [left]),
            **self._bodies_of_cases(),
            **self._bodies_of_waiting(),
        }

    def _bodies_of_cases(self) -> dict[str, tuple[str, str, list[str]]]:
        unit, table = self.named("unit", "NEW.unit_id"), "process_instance"
        level = "'level:' || level AS name FROM org_unit WHERE id = NEW.unit_id"
        belongs = (level, unit, "'process:' || NEW.process_key")
        starters = (self.named("started", f"NEW.{kind}_by") for kind in ("started", "helped"))
        of_case = [self.insert(kind, "i.id = NEW.id") for kind in ("started", "helped")]
        imprint = ", ".join(f"{name} = NEW.{name}" for name in _IMPRINT)
        stamped = _STAMPED.format(imprint=imprint)
        return {
            "entry_case_added": ("AFTER INSERT", table, [self.numbered(*belongs, *starters), *of_case]),
            "entry_case_moved": (
                "AFTER UPDATE OF unit_id, process_key",
                table,
                [self.numbered(*belongs), _MOVED.format(unit=unit)],
            ),
            "entry_case_stamped": (f"AFTER UPDATE OF {', '.join(_IMPRINT)}", table, [stamped]),
        }

    def _bodies_of_waiting(self) -> dict[str, tuple[str, str, list[str]]]:
        of_task, of_case = self.waiting("t.id = NEW.id"), self.waiting("i.id = NEW.id")
        gone = "DELETE FROM waiting_task WHERE task_id IN (SELECT id FROM user_task WHERE instance_id = NEW.id)"
        return {
            "waiting_task_added": ("AFTER INSERT", "user_task", [of_task]),
            "waiting_task_moved": (
                "AFTER UPDATE OF state, due_at, priority",
                "user_task",
                ["DELETE FROM waiting_task WHERE task_id = NEW.id", of_task],
            ),
            "waiting_case_moved": ("AFTER UPDATE OF unit_id", "process_instance", [gone, of_case]),
        }


def create_entry_triggers(connection: Connection) -> None:
    """Let the database keep the entries from now on, if its schema is new enough to have any."""
    known = inspect(connection)
    if not known.has_table("list_number"):
        return
    dialect = _Dialect(connection.dialect.name)
    for name, (moment, table, statements) in dialect.bodies().items():
        if not known.has_table(table):
            continue
        body = ";\n".join(statements) + ";"
        condition = _SELDOM if name == "entry_task_added" else ""
        if dialect.is_sqlite:
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {moment} ON {table} {condition} BEGIN {body} END")
            continue
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {body} RETURN NULL; END $body$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
        )


#: A new task mostly waits for its candidates, which bring the entries.
_SELDOM = "WHEN (NEW.state <> 'created' OR NEW.assignee IS NOT NULL)"


def drop_entry_triggers(connection: Connection) -> None:
    """Take them away, as for changes of the schema. Repeatable."""
    dialect = _Dialect(connection.dialect.name)
    for name, (_moment, table, _statements) in dialect.bodies().items():
        if dialect.is_sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        elif inspect(connection).has_table(table):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")


def write_all_entries(connection: Connection) -> None:
    """Make all entries anew from the tasks and cases that there are."""
    dialect = _Dialect(connection.dialect.name)
    connection.exec_driver_sql(dialect.numbered(*dialect.all_names()))
    connection.exec_driver_sql("DELETE FROM inbox_entry")
    for kind in _KINDS:
        connection.exec_driver_sql(dialect.insert(kind))
    connection.exec_driver_sql("DELETE FROM waiting_task")
    connection.exec_driver_sql(dialect.waiting())
