"""What a constraint cannot say, held by the database itself, on both engines.

A `Guard` refuses a row; `Kept` refuses that a row is ever changed or deleted; `Follows` keeps one status column in
step with the records beneath it. Each is a value; `triggers()` gives the statements of one engine, the condition
is the same text for both. Rooms register theirs when they are ready; `migrate` drops and installs them
around its work; `missing()` names those that do not stand as they should.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, models
from django.db.backends.base.base import BaseDatabaseWrapper

from handsel.values.refusals import Refusal

_PREFIX = "HANDSEL:"


@dataclass(frozen=True)
class Says:
    """The sentence for a code that a guard gives; the action that checks first says it better."""

    code: str
    sentence: str
    mend: str = "Reload the page to see where it stands."

    def refusal(self) -> Refusal:
        return Refusal(self.code, self.sentence, mend=self.mend)


NUMBERED = Says("changed_meanwhile", "Somebody was a moment faster.")
STATUS = Says("status_follows", "A status follows its records and is never set by hand.")


@dataclass(frozen=True)
class Trigger:
    """One trigger of one engine. `body` is compared with what stands in the database."""

    name: str
    table: str
    create: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Guard:
    """Refuses rows of `table` for which `refused_if` holds: SQL over NEW and OLD, one text for both engines.

    events: of INSERT, UPDATE, DELETE. reads: further tables that the condition names. locks: what PostgreSQL locks
    first (a whole SELECT), so that two sessions take turns; SQLite has one writer. proves nothing by itself: each
    guard has a test marked `proves(name)`.
    """

    name: str
    table: str
    refused_if: str
    says: Says
    events: tuple[str, ...] = ("INSERT", "UPDATE")
    reads: tuple[str, ...] = ()
    locks: str = ""

    @property
    def sayings(self) -> tuple[Says, ...]:
        return (self.says,)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.reads)

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        for event in self.events:
            yield refusing(vendor, f"{self.name}_{event.lower()}", self.table, event, self.refused_if, self.says.code,
                           self.locks)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """Rows of `table` are never changed or deleted: not by UPDATE, DELETE, REPLACE or TRUNCATE.

    Held by value, not by column named: all columns but `except_for` (held by a `Follows`) are compared. Texts in
    `strike` may be blanked, for the action that strikes personal data.
    """

    table: str
    says: Says = Says("kept", "What was signed, submitted, issued or sent stays as it was.", "Make a new version.")
    except_for: tuple[str, ...] = ()
    strike: tuple[str, ...] = ()
    once: str = ""  # SQL over OLD: kept only from then on (a line, once it was submitted)
    once_reads: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}_kept"

    @property
    def sayings(self) -> tuple[Says, ...]:
        return (self.says,)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.once_reads)

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        changed = self._changed_on_postgresql() if vendor == "postgresql" else self._changed(columns[self.table])
        when = self.once or "1 = 1"
        yield refusing(vendor, f"{self.name}_update", self.table, "UPDATE", f"({when}) AND ({changed})", self.says.code)
        yield refusing(vendor, f"{self.name}_delete", self.table, "DELETE", when, self.says.code)
        if vendor == "postgresql":
            yield _no_truncate(f"{self.name}_truncate", self.table, self.says.code)

    def _changed(self, columns: Sequence[str]) -> str:
        compared = [c for c in columns if c not in (*self.except_for, *self.strike)]
        return " OR ".join([f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in compared] + self._struck())

    def _changed_on_postgresql(self) -> str:
        left_out = "ARRAY[" + ", ".join(f"'{c}'" for c in (*self.except_for, *self.strike)) + "]::text[]"
        whole = f"(to_jsonb(OLD) - {left_out}) IS DISTINCT FROM (to_jsonb(NEW) - {left_out})"
        return " OR ".join([whole, *self._struck()])

    def _struck(self) -> list[str]:
        return [f'(OLD."{c}" IS DISTINCT FROM NEW."{c}" AND NEW."{c}" <> \'\')' for c in self.strike]


@dataclass(frozen=True)
class Follows:
    """`table.column` follows the newest of its records: `records` maps a record's table to (its column that names the
    thing, the status it gives). The records of one thing are numbered n = 1, 2, 3 … over all their tables.
    """

    table: str
    initial: str
    records: tuple[tuple[str, str, str], ...]  # (record table, column naming the thing, status)
    column: str = "status"

    @property
    def name(self) -> str:
        return f"{self.table}_follows"

    @property
    def sayings(self) -> tuple[Says, ...]:
        return (STATUS, NUMBERED)

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *(record for record, _, _ in self.records))

    def expression(self, thing: str) -> str:
        """SQL for the status of the thing whose key is the SQL `thing`: the one text that is used three times."""
        union = " UNION ALL ".join(
            f"SELECT n, '{status}' AS status FROM {record} WHERE {column} = {thing}"
            for record, column, status in self.records
        )
        return f"COALESCE((SELECT r.status FROM ({union}) r ORDER BY r.n DESC LIMIT 1), '{self.initial}')"

    def _newest(self, thing: str) -> str:
        union = " UNION ALL ".join(
            f"SELECT n FROM {record} WHERE {column} = {thing}" for record, column, _ in self.records
        )
        return f"COALESCE((SELECT MAX(r.n) FROM ({union}) r), 0)"

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        strays = f'NEW."{self.column}" IS DISTINCT FROM {self.expression("NEW.id")}'
        for event in ("INSERT", "UPDATE"):
            yield refusing(vendor, f"{self.name}_{event.lower()}", self.table, event, strays, STATUS.code)
        for record, column, _ in self.records:
            out_of_turn = f"NEW.n IS DISTINCT FROM 1 + {self._newest(f'NEW.{column}')}"
            lock = f"PERFORM 1 FROM {self.table} t WHERE t.id = NEW.{column} FOR NO KEY UPDATE;"
            yield refusing(vendor, f"{record}_in_turn", record, "INSERT", out_of_turn, NUMBERED.code, lock)
            yield self._after(vendor, record, column)

    def _after(self, vendor: str, record: str, column: str) -> Trigger:
        name = f"{record}_tells_{self.column}"
        update = (
            f'UPDATE {self.table} SET "{self.column}" = {self.expression(f"NEW.{column}")} WHERE id = NEW.{column};'
        )
        return _trigger(vendor, name, record, "AFTER INSERT", update)


@dataclass(frozen=True)
class Tells:
    """After each new row of `table` these statements run: they keep sums of it in step. `{key}` stands for a new key.

    told: the table that holds the sums. in_step: SQL that counts the rows of it that are not what they should be.
    """

    name: str
    table: str
    told: str
    statements: str
    in_step: str
    locks: str = ""

    @property
    def sayings(self) -> tuple[Says, ...]:
        return ()

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, self.told)

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        lock, key = (self.locks, "gen_random_uuid()") if vendor == "postgresql" else ("", "randomblob(16)")
        yield _trigger(vendor, self.name, self.table, "AFTER INSERT", lock + self.statements.replace("{key}", key))


@dataclass(frozen=True)
class Mirrors:
    """On SQLite: another table holds each row of `table` in a form of its own, put there and taken away by statements
    over NEW and OLD. refill: what makes it anew, run whenever the triggers did not stand for a while."""

    name: str
    table: str
    other: str
    put: str
    away: str
    refill: str

    @property
    def sayings(self) -> tuple[Says, ...]:
        return ()

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, self.other)

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        if vendor == "postgresql":
            return
        for event, statements in (("INSERT", self.put), ("UPDATE", f"{self.away} {self.put}"), ("DELETE", self.away)):
            yield _trigger(vendor, f"{self.name}_{event.lower()}", self.table, f"AFTER {event}", statements)


AnyGuard = Guard | Kept | Follows | Tells | Mirrors

_registered: dict[str, AnyGuard] = {}
_sayings: dict[str, Says] = {}


def register(guards: Iterable[AnyGuard]) -> None:
    """A room's guards, from its `apps.py`."""
    for guard in guards:
        _registered[guard.name] = guard
        _sayings.update({says.code: says for says in guard.sayings})


def registered() -> tuple[AnyGuard, ...]:
    return tuple(_registered.values())


def kept(*tables: str, **exceptions: tuple[str, ...]) -> list[Kept]:
    """`Kept` for each of several tables, with the same exceptions."""
    return [Kept(table, **exceptions) for table in tables]  # type: ignore[arg-type]  # only the two tuples are passed


def table_of(model: type[models.Model]) -> str:
    return str(model._meta.db_table)


# ---------------------------------------------------------------- in the database


def expected(connection: BaseDatabaseWrapper) -> dict[str, Trigger]:
    """The triggers that must stand: of each guard all of whose tables exist (during migrations some do not)."""
    columns = _columns(connection)
    return {
        trigger.name: trigger
        for guard in registered()
        if all(table in columns for table in guard.tables)
        for trigger in guard.triggers(connection.vendor, columns)
    }


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that do not stand as they should, in order."""
    standing = _standing(connection)
    return sorted(n for n, t in expected(connection).items() if standing.get(n) != _digest(t.body))


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every expected trigger stand; those of another day, of tables that went, are dropped."""
    wanted, standing = expected(connection), _standing(connection)
    with connection.cursor() as cursor:
        for name in set(standing) - set(wanted):
            _drop_one(connection, cursor, name)
        anew = [name for name, trigger in wanted.items() if standing.get(name) != _digest(trigger.body)]
        for name in anew:
            if connection.vendor != "postgresql":
                _drop_one(connection, cursor, name)
            for statement in wanted[name].create:
                cursor.execute(statement)
        for guard in registered():
            if isinstance(guard, Mirrors) and any(name.startswith(f"{guard.name}_") for name in anew):
                cursor.execute(guard.refill)


def drop(connection: BaseDatabaseWrapper, only: str | None = None) -> None:
    """Drop all triggers, or those of the guard named."""
    names = set(_standing(connection))
    if only is not None:
        guard = _registered[only]
        names &= {trigger.name for trigger in guard.triggers(connection.vendor, _columns(connection))}
    with connection.cursor() as cursor:
        for name in names:
            _drop_one(connection, cursor, name)


@contextmanager
def aside(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """No guard stands inside; all stand again after, whatever happened. For migrations on SQLite and test clean-up."""
    drop(connection)
    try:
        yield
    finally:
        install(connection)


def refusal_for(error: IntegrityError) -> Refusal | None:
    """What a guard, or a constraint that says so itself, refused; None where the error is a bug."""
    text = str(error)
    if _PREFIX in text:
        code = text.split(_PREFIX, 1)[1].split()[0].strip("'\"")
        return _sayings[code].refusal() if code in _sayings else None
    return _refusal_of_constraint(error)


def _refusal_of_constraint(error: IntegrityError) -> Refusal | None:
    from django.apps import apps

    cause = error.__cause__
    named = getattr(getattr(cause, "diag", None), "constraint_name", None)
    text = str(error)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if not constraint.violation_error_code:
                continue
            if constraint.name == named or _names_columns(text, model, constraint):
                return Refusal(constraint.violation_error_code, str(constraint.violation_error_message),
                               mend="Reload the page to see where it stands.")  # fmt: skip
    return None


def _names_columns(text: str, model: type[models.Model], constraint: models.BaseConstraint) -> bool:
    if f"constraint failed: {constraint.name}" in text or f"index '{constraint.name}'" in text:
        return True
    if not isinstance(constraint, models.UniqueConstraint) or not text.startswith("UNIQUE constraint failed:"):
        return False
    columns = [f"{table_of(model)}.{_column(model, name)}" for name in constraint.fields]
    return text.removeprefix("UNIQUE constraint failed: ").split(", ") == columns


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    return str(getattr(field, "column", name))


# ---------------------------------------------------------------- the two dialects


def refusing(vendor: str, name: str, table: str, event: str, condition: str, code: str, locks: str = "") -> Trigger:
    """A trigger that refuses the row where the condition holds."""
    if vendor == "postgresql":
        result = "OLD" if event == "DELETE" else "NEW"
        body = (
            f"\nBEGIN\n{locks}\nIF {condition} THEN RAISE EXCEPTION '{_PREFIX}{code}' USING ERRCODE = "
            f"'integrity_constraint_violation', CONSTRAINT = '{name}'; END IF;\nRETURN {result};\nEND\n"
        )
        return _postgresql(name, table, f"BEFORE {event}", body, "FOR EACH ROW")
    return _sqlite(name, table, f"BEFORE {event}", f"SELECT RAISE(ABORT, '{_PREFIX}{code}');", condition)


def _trigger(vendor: str, name: str, table: str, when: str, statement: str) -> Trigger:
    if vendor == "postgresql":
        return _postgresql(name, table, when, f"\nBEGIN\n{statement}\nRETURN NULL;\nEND\n", "FOR EACH ROW")
    return _sqlite(name, table, when, statement, None)


def _no_truncate(name: str, table: str, code: str) -> Trigger:
    body = (
        f"\nBEGIN\nRAISE EXCEPTION '{_PREFIX}{code}' USING ERRCODE = 'integrity_constraint_violation', "
        f"CONSTRAINT = '{name}';\nEND\n"
    )
    return _postgresql(name, table, "BEFORE TRUNCATE", body, "FOR EACH STATEMENT")


def _postgresql(name: str, table: str, when: str, body: str, each: str) -> Trigger:
    function = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$"
    create = f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} {each} EXECUTE FUNCTION {name}()"
    return Trigger(name, table, (function, create), body)


def _sqlite(name: str, table: str, when: str, statement: str, condition: str | None) -> Trigger:
    guard = f" WHEN {condition}" if condition else ""
    sql = f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW{guard} BEGIN {statement} END"
    return Trigger(name, table, (sql,), sql)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _standing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Our triggers as they stand: name → digest of the body; a disabled one counts as absent."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgname = p.proname "
            "AND s.nspname = current_schema()"
        )
    else:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: _digest(body) for name, body in cursor.fetchall()}


def _columns(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Every table that stands, with its columns."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "ORDER BY table_name, ordinal_position"
        )
    else:
        query = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
    tables: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for table, column in cursor.fetchall():
            tables.setdefault(table, []).append(column)
    return tables


def _drop_one(connection: BaseDatabaseWrapper, cursor: object, name: str) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]  # Django's cursor wrapper has no public type
    if connection.vendor == "postgresql":
        execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    else:
        execute(f"DROP TRIGGER IF EXISTS {name}")
