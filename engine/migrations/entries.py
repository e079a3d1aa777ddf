"""Triggers that keep ``inbox_entry`` and ``waiting_task`` in line with tasks and cases, whoever writes those.

They stand in the database because so many commands move tasks, often many with one statement, and completing a step
has no statement to spare. All rows follow from other tables, so they can be made anew at any time.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

#: The largest values of the three parts of ``urgency``: no deadline, the least important, the latest arrival.
NO_DUE = (1 << 32) - 1
LEAST = 127
#: 2020-01-01T00:00Z, in seconds; arrival counts minutes from here, as 24 bits of them last until 2051.
EPOCH = 1_577_836_800
LATEST = (1 << 24) - 1

_IMPRINT = ("imprint_0", "imprint_1", "imprint_2", "imprint_3")
_COLUMNS = "owner, subject_id, instance_id, process_key, unit_id, level, priority, urgency, arrived_at"
_ROW = """
    SELECT {owner}, {subject}, i.id, i.process_key, i.unit_id, u.level, {priority}, {urgency}, {arrived}{more}
    FROM {tables} LEFT JOIN org_unit u ON u.id = i.unit_id WHERE {where}
"""
_WAITING = """
    INSERT INTO waiting_task (task_id, unit_id, urgency)
    SELECT t.id, i.unit_id, {urgency} FROM user_task t JOIN process_instance i ON i.id = t.instance_id
    WHERE t.state = 'created' AND i.unit_id IS NOT NULL{more} ON CONFLICT DO NOTHING
"""
_MOVED = """
    UPDATE inbox_entry SET level = (SELECT level FROM org_unit WHERE id = NEW.unit_id), unit_id = NEW.unit_id, {imprint}
    WHERE instance_id = NEW.id
"""
_TAKEN = "DELETE FROM inbox_entry WHERE subject_id = {subject} AND owner = {owner}"
_TASK = "user_task t JOIN process_instance i ON i.id = t.instance_id"


class _Dialect:
    """How one database says it; ``is_first`` for the schema that knows no imprints yet."""

    def __init__(self, name: str, is_first: bool = False) -> None:
        self.is_sqlite = name == "sqlite"
        self.is_first = is_first
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

    def own(self, kind: str, column: str) -> str:
        """The list of one account."""
        hexadecimal = column if self.is_sqlite else f"replace({column}::text, '-', '')"
        return f"'{kind}:' || {hexadecimal}"

    def urgency(self, due: str, priority: str, arrived: str) -> str:
        """The three parts as one number of 63 bits."""
        until = f"CASE WHEN {due} IS NULL THEN {NO_DUE} ELSE {self.between(self.seconds(due), NO_DUE - 1)} END"
        importance = f"{LEAST} - {self.between(priority, LEAST)}"
        minutes = self.between(f"({self.seconds(arrived)} - {EPOCH}) / 60", LATEST)
        wide = "" if self.is_sqlite else "::bigint"
        return f"((({until}){wide} << 31) + (({importance}){wide} << 24) + ({minutes}))"

    def rows(self, kind: str) -> str:
        """The entries of a kind, such as waiting or done; conditions may be added.

        Whoever filed a case for a resident (``helped``) finds it among the cases that they started.
        """
        more = "" if self.is_first else "".join(f", i.{name}" for name in _IMPRINT)
        if kind in ("started", "helped"):
            column = f"i.{kind}_by"
            return _ROW.format(
                more=more,
                owner=self.own("started", column),
                subject="i.id",
                priority="50",
                urgency=self.urgency(self.never, "50", "i.started_at"),
                arrived="i.started_at",
                tables="process_instance i",
                where=f"{column} IS NOT NULL",
            )
        if kind == "watched":
            return _ROW.format(
                more=more,
                owner=self.own(kind, "w.account_id"),
                subject="i.id",
                priority="50",
                urgency=self.urgency(self.never, "50", "w.watched_at"),
                arrived="w.watched_at",
                tables="watch w JOIN process_instance i ON i.id = w.instance_id",
                where="TRUE",
            )
        owner, tables, arrived, where = {
            "waiting": (
                "c.holder",
                f"{_TASK} JOIN task_candidate c ON c.task_id = t.id",
                "t.created_at",
                "t.state = 'created' AND t.assignee IS NULL",
            ),
            "claimed": (
                self.own("claimed", "t.assignee"),
                _TASK,
                "t.created_at",
                "t.state = 'created' AND t.assignee IS NOT NULL",
            ),
            "claimed for": (
                self.own("claimed", "t.claimed_for"),
                _TASK,
                "t.created_at",
                "t.state = 'created' AND t.claimed_for IS NOT NULL",
            ),
            "done": (
                self.own("done", "t.completed_by"),
                _TASK,
                "t.completed_at",
                "t.state = 'completed' AND t.completed_by IS NOT NULL",
            ),
        }[kind]
        return _ROW.format(
            more=more,
            owner=owner,
            subject="t.id",
            priority="t.priority",
            urgency=self.urgency("t.due_at", "t.priority", "t.created_at"),
            arrived=arrived,
            tables=tables,
            where=where,
        )

    def insert(self, kind: str, condition: str = "") -> str:
        """The statement that writes the entries of a kind under a further condition."""
        more = f" AND {condition}" if condition else ""
        columns = _COLUMNS if self.is_first else ", ".join([_COLUMNS, *_IMPRINT])
        return f"INSERT INTO inbox_entry ({columns}) {self.rows(kind)}{more} ON CONFLICT DO NOTHING"

    def waiting(self, condition: str = "") -> str:
        """The statement that writes what waits in units, under a further condition."""
        more = f" AND {condition}" if condition else ""
        return _WAITING.format(urgency=self.urgency("t.due_at", "t.priority", "t.created_at"), more=more)

    def bodies(self) -> dict[str, tuple[str, str, list[str]]]:
        """By the trigger's name: when, on which table, and the statements that it runs."""
        of_task = [self.insert(kind, "t.id = NEW.id") for kind in ("waiting", "claimed", "claimed for", "done")]
        of_case = [self.insert(kind, "i.id = NEW.id") for kind in ("started", "helped")]
        moved = "state, assignee, claimed_for, completed_by, completed_at, due_at, priority"
        of_candidate = self.insert("waiting", "t.id = NEW.task_id AND c.holder = NEW.holder")
        taken = _TAKEN.format(subject="OLD.task_id", owner="OLD.holder")
        watched = self.insert("watched", "w.account_id = NEW.account_id AND w.instance_id = NEW.instance_id")
        left = _TAKEN.format(subject="OLD.instance_id", owner=self.own("watched", "OLD.account_id"))
        gone = "DELETE FROM waiting_task WHERE task_id IN (SELECT id FROM user_task WHERE instance_id = NEW.id)"
        imprint = ", ".join(f"{name} = NEW.{name}" for name in _IMPRINT)
        case = _MOVED.format(imprint=imprint)
        return {
            "entry_task_added": ("AFTER INSERT", "user_task", of_task[1:]),
            "entry_task_moved": (
                f"AFTER UPDATE OF {moved}",
                "user_task",
                ["DELETE FROM inbox_entry WHERE subject_id = NEW.id", *of_task],
            ),
            "waiting_task_added": ("AFTER INSERT", "user_task", [self.waiting("t.id = NEW.id")]),
            "waiting_task_moved": (
                "AFTER UPDATE OF state, due_at, priority",
                "user_task",
                ["DELETE FROM waiting_task WHERE task_id = NEW.id", self.waiting("t.id = NEW.id")],
            ),
            "waiting_case_moved": (
                "AFTER UPDATE OF unit_id",
                "process_instance",
                [gone, self.waiting("i.id = NEW.id")],
            ),
            "entry_candidate_added": ("AFTER INSERT", "task_candidate", [of_candidate]),
            "entry_candidate_moved": ("AFTER UPDATE", "task_candidate", [taken, of_candidate]),
            "entry_candidate_taken": ("AFTER DELETE", "task_candidate", [taken]),
            "entry_case_added": ("AFTER INSERT", "process_instance", of_case),
            "entry_case_moved": (f"AFTER UPDATE OF unit_id, {', '.join(_IMPRINT)}", "process_instance", [case]),
            "entry_watch_added": ("AFTER INSERT", "watch", [watched]),
            "entry_watch_taken": ("AFTER DELETE", "watch", [left]),
        }


def create_entry_triggers(connection: Connection) -> None:
    """Let the database keep the entries from now on, if its schema is new enough to have any."""
    known = inspect(connection)
    if not known.has_table("inbox_entry"):
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


def write_first_entries(connection: Connection) -> None:
    """Make all entries from a schema that knows no substitutes, nothing watched and nobody who was helped yet."""
    _write(connection, _Dialect(connection.dialect.name, is_first=True), "waiting", "claimed", "done", "started")


def write_all_entries(connection: Connection) -> None:
    """Make all entries anew from the tasks and cases that there are."""
    dialect = _Dialect(connection.dialect.name)
    _write(connection, dialect, "waiting", "claimed", "claimed for", "done", "started", "helped", "watched")
    connection.exec_driver_sql("DELETE FROM waiting_task")
    connection.exec_driver_sql(dialect.waiting())


def write_entries_of_helpers(connection: Connection) -> None:
    """Add the entries of those who filed cases for residents, to a schema that knows no imprints yet."""
    connection.exec_driver_sql(_Dialect(connection.dialect.name, is_first=True).insert("helped"))


def _write(connection: Connection, dialect: _Dialect, *kinds: str) -> None:
    connection.exec_driver_sql("DELETE FROM inbox_entry")
    for kind in kinds:
        connection.exec_driver_sql(dialect.insert(kind))
