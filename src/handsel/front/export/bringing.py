"""Bring the rows of an export in, in the order in which they were made, past every guard of the database.

Nothing is set aside for it: no hour comes in outside terms in force, no claim twice, no status that its records do not
give. Where a guard refuses a row because what it needs comes later (a draft that was moved to another day, say), the row
waits and is tried again; where it refuses for good, nothing comes in at all.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from handsel.core import followers, guards, trail
from handsel.core.jobs import find_jobs
from handsel.core.models import Chain, Event, StoredFile
from handsel.core.spelling import stored
from handsel.front.export.opening import Opened, Row
from handsel.front.export.writing import NEVER_LEAVES, tables
from handsel.people.models import Business, Membership, Person, Provider, ProviderMember
from handsel.values.actors import Role, Side
from handsel.values.refusals import Refusal

_AT_ONCE = 500  # rows
_NOWHERE = "elsewhere.invalid"  # RFC 2606: no mail ever goes there
_PEOPLE: list[type[models.Model]] = [Person, Provider, Business, ProviderMember]  # in this order
_OF_FILES = {"path"}  # columns of an export that no table has
_SEARCH = "front.search"
_NOTHING = "Nothing was changed here."
_NONSENSE = (
    DatabaseError, ValidationError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError,
)  # fmt: skip

Progress = Callable[[int, int], None]
Made = tuple[str, Row]  # a table's name and a row of it


@dataclass(frozen=True)
class Rows:
    """What is to come in. progress: called with how many rows are in, of how many."""

    export: Opened
    progress: Progress


@dataclass(frozen=True)
class Brought:
    """What came in. members: who may be let in by a link, the owners or the people who lead the provider."""

    business_id: UUID
    slug: str
    name: str
    rows: int
    events: int
    members: list[tuple[UUID, str]]


@contextmanager
def in_words() -> Iterator[None]:
    """Rows that make no sense, although every hash fits them: a sentence, and nothing comes in."""
    try:
        yield
    except _NONSENSE as fault:
        said = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
        raise Refusal("not_imported", f"The export could not come in: {said[:300]}.", mend=_NOTHING) from fault


@dataclass
class Bringing:
    """One import on its way, inside an action."""

    rows: Rows
    later: list[Made] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # a row's key → why it was refused last
    left_at: dict[str, Any] = field(default_factory=dict)
    done: int = 0

    def __post_init__(self) -> None:
        self.export = self.rows.export
        known: list[type[models.Model]] = [*tables(), *_PEOPLE, StoredFile]
        self.models = {model._meta.db_table: model for model in known}
        (self.business,) = self.export.rows("people_business")
        self.known: dict[type[models.Model], set[str]] = {
            model: {
                str(key) for key in model._base_manager.filter(pk__in=self._keys(model)).values_list("pk", flat=True)
            }
            for model in (Person, Provider)
        }
        self.initial = _initial_values()

    def bring(self) -> Brought:
        self._refuse_known()
        self._bring_people()
        self._bring_stand_ins()
        self._bring_rows()
        connection.check_constraints()
        self._refuse_other_status()
        self._bring_trail()
        return self._brought()

    # ------------------------------------------------------------ what is here already

    def _keys(self, model: type[models.Model]) -> list[UUID]:
        return [UUID(row["id"]) for row in self.export.rows(model._meta.db_table)]

    def _refuse_known(self) -> None:
        business = self.business
        if Business.objects.filter(models.Q(pk=business["id"]) | models.Q(slug=business["slug"])).exists():
            raise Refusal(
                "business_known", f"There is a business “{business['slug']}” here already.",
                mend="Import it into an installation of its own: HANDSEL_DATA=/path/to/folder handsel import FILE.",
            )  # fmt: skip
        if unknown := sorted(set(self.export.tables) - set(self.models)):
            raise _newer(f"it has a table {unknown[0]} that is not known here")
        for person in self.export.rows("people_person"):
            mail = person.get("mail")
            if mail and Person.objects.filter(mail=mail).exclude(pk=person["id"]).exists():
                raise Refusal("person_known", f"{mail} is somebody here already, under another key.",
                              mend="Import it into an installation of its own.")  # fmt: skip

    # ------------------------------------------------------------ people

    def _bring_people(self) -> None:
        for model in _PEOPLE:
            fresh = (
                row for row in self.export.rows(model._meta.db_table) if row["id"] not in self.known.get(model, ())
            )
            for some in _pieces(fresh):
                self._insert([(model._meta.db_table, self._with_mail(model, row)) for row in some])
        Chain.objects.create(id=self.business["id"], kind="business")
        for model, kind in ((Person, "person"), (Provider, "provider")):
            for key in self._keys(model):
                Chain.objects.get_or_create(id=key, defaults={"kind": kind})

    def _with_mail(self, model: type[models.Model], row: Row) -> Row:
        """A provider's export names nobody's address: such a person gets one at which nobody is reached."""
        return {"mail": f"{row['id']}@{_NOWHERE}", **row} if model is Person else row

    def _bring_stand_ins(self) -> None:
        """Rows that this side does not read, but that something which it reads refers to: their key, and nothing in it."""
        for table, keys in self.export.beyond().items():
            for key in keys:
                self._stand_in(apps.get_model(*_label_of(table)), key)

    def _stand_in(self, model: type[models.Model], key: UUID) -> None:
        if model._base_manager.filter(pk=key).exists():
            return
        given: Row = {"id": key, "business_id": self.business["id"], "mail": f"{key}@{_NOWHERE}"}
        names = {f.attname for f in model._meta.concrete_fields}
        row = {name: value for name, value in given.items() if name in names}
        for one in model._meta.concrete_fields:
            if isinstance(one, models.ForeignKey) and not one.null and one.attname not in row:
                row[one.attname] = self._any_of(one.related_model)
        self._insert([(model._meta.db_table, row)], {model._meta.db_table: model})

    def _any_of(self, model: type[models.Model]) -> UUID:
        """A row of this business to refer to, a stand-in where there is none."""
        found = model._base_manager.filter(business_id=self.business["id"]).values_list("pk", flat=True).first()
        if found is None:
            found = UUID(bytes=secrets.token_bytes(16))
            self._stand_in(model, found)
        return UUID(str(found))

    # ------------------------------------------------------------ rows

    def _bring_rows(self) -> None:
        own = [model._meta.db_table for model in tables() if model._meta.db_table in self.export.tables]
        most = self.export.count(*own, "core_storedfile") + self.export.manifest["trail"]["number"]
        self._note_departures()
        for some in _pieces(self.export.rows("core_storedfile")):
            self._insert([("core_storedfile", {**row, "business_id": self.business["id"]}) for row in some])
        for rows in _pieces(self.export.in_the_order_made(own)):
            self._take(rows)
            self._try_again()
            self.done += len(rows)
            self.rows.progress(self.done, most)
        while self.later:
            if not self._try_again():
                table, row = self.later[0]
                raise Refusal(
                    "row_refused", f"The database refuses row {row['id']} of {table}: {self.reasons[row['id']]}",
                    mend=_NOTHING,
                )  # fmt: skip
        for key, left_at in self.left_at.items():
            Membership.objects.filter(pk=key).update(left_at=left_at)

    def _note_departures(self) -> None:
        """Whoever has left was a member when she sent and signed: her newest membership ends last of all."""
        newest = {row["person_id"]: row for row in self.export.rows("people_membership")}
        self.left_at = {row["id"]: row["left_at"] for row in newest.values() if row["left_at"]}

    def _take(self, rows: list[Made]) -> None:
        try:
            with transaction.atomic():
                self._insert([self._as_it_began(*made) for made in rows])
        except IntegrityError:
            self.later += [made for made in rows if not self._takes(made)]

    def _takes(self, made: Made) -> bool:
        """Whether the database takes this row now, as it began or as it is by now."""
        for row in (self._as_it_began(*made), made):
            try:
                with transaction.atomic():
                    self._insert([row])
                return True
            except IntegrityError as error:
                refusal = guards.refusal_for(error)
                self.reasons[made[1]["id"]] = refusal.sentence if refusal else str(error).splitlines()[0]
        return False

    def _try_again(self) -> bool:
        """Whether some of the rows that wait came in."""
        waiting, self.later = self.later, []
        self.later = [made for made in waiting if not self._takes(made)]
        return len(self.later) < len(waiting)

    def _as_it_began(self, table: str, row: Row) -> Made:
        """A status begins as it began: its records, which come after it, move it to where it is."""
        began = {**row, **self.initial.get(table, {})}
        if row["id"] in self.left_at and table == "people_membership":
            began["left_at"] = None
        return table, began

    def _refuse_other_status(self) -> None:
        """What the records gave is what the export says."""
        for table in self.initial:
            for some in _pieces(self.export.rows(table)):
                self._compare(table, {UUID(row["id"]): row for row in some})

    def _compare(self, table: str, rows: dict[UUID, Row]) -> None:
        model, names = self.models[table], list(self.initial[table])
        fields = {f.name: f for f in model._meta.concrete_fields if f.name in names}
        for key, *values in model._base_manager.filter(pk__in=rows).values_list("pk", *fields):
            for (name, of), value in zip(fields.items(), values, strict=True):
                if value != of.to_python(rows[key][name]):
                    raise Refusal(
                        "row_refused", f"The {name} of row {key} of {table} is not what its records say.", mend=_NOTHING
                    )

    # ------------------------------------------------------------ the trail

    def _bring_trail(self) -> None:
        chain = UUID(self.business["id"])
        for some in _pieces(self.export.events()):
            Event.objects.bulk_create([_event(chain, event) for event in some])
        head = self.export.manifest["trail"]
        Chain.objects.filter(pk=chain).update(number=head["number"], head=head["head"])
        if faults := trail.broken_links(chain):
            raise Refusal("row_refused", f"The trail does not verify here: {faults[0]}", mend=_NOTHING)
        find_jobs()
        followers.begin_at(chain, head["number"], but={_SEARCH})

    def _brought(self) -> Brought:
        business = self.business
        owners = self.export.manifest["side"] == Side.OWNER_SIDE.value
        role = Role.OWNER if owners else Role.PROVIDER_ADMIN
        places = Membership.objects.filter(business_id=business["id"], role=role.value, left_at=None)
        if not owners:
            places = places.filter(provider_id=self.export.manifest["provider"]["id"])
        people = places.order_by("id").values_list("person_id", "person__name")
        count = self.export.count(*self.export.tables)
        return Brought(
            UUID(business["id"]), business["slug"], business["name"], count, self.export.manifest["trail"]["number"],
            list(people),
        )  # fmt: skip

    # ------------------------------------------------------------ one statement

    def _insert(self, rows: Iterable[Made], known: dict[str, type[models.Model]] | None = None) -> None:
        with connection.cursor() as cursor:
            for table, some in groupby(rows, key=lambda made: made[0]):
                model = (known or self.models)[table]
                columns = ", ".join(connection.ops.quote_name(str(f.column)) for f in model._meta.concrete_fields)
                places = ", ".join(["%s"] * len(model._meta.concrete_fields))
                insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own tables
                cursor.executemany(insert, [_values(model, row) for _, row in some])


def _newer(why: str) -> Refusal:
    return Refusal(
        "export_newer", f"The export was made by a newer Handsel: {why}.", mend="Bring this one up to date first."
    )


def _label_of(table: str) -> tuple[str, str]:
    label, _, name = table.partition("_")
    return label, name


def _initial_values() -> dict[str, Row]:
    """Each table with a column that follows its records: what that column is while there are none."""
    found: dict[str, Row] = {}
    with connection.cursor() as cursor:
        for guard in guards.registered():
            if isinstance(guard, guards.Follows):
                texts = dict(getattr(guard, "texts", ())) or {guard.column: guard.expression("NULL")}
                for column, text in texts.items():
                    cursor.execute(f"SELECT {text.replace('{thing}', 'NULL')}")
                    found.setdefault(guard.table, {})[column] = cursor.fetchone()[0]
    return found


def _values(model: type[models.Model], row: Row) -> list[Any]:
    fields = model._meta.concrete_fields
    if unknown := sorted(set(row) - {f.attname for f in fields} - _OF_FILES):
        raise _newer(f"a row of {model._meta.db_table} has a “{unknown[0]}” that is not known here")
    return [stored(f, row[f.attname]) if f.attname in row else stored(f, _unsaid(f)) for f in fields]


def _unsaid(of: models.Field[Any, Any]) -> Any:
    """What stands in a column that no export holds: a secret that opens nothing, or what the column begins with."""
    if of.null:
        return None
    if isinstance(of, models.CharField) and (of.unique or NEVER_LEAVES.search(of.name)):
        return secrets.token_hex(min(of.max_length or 64, 64) // 2)
    if of.has_default():
        value = of.get_default()
        return value.isoformat() if hasattr(value, "isoformat") else value
    if isinstance(of, models.DateField):
        return "1970-01-01" + ("T00:00:00+00:00" if isinstance(of, models.DateTimeField) else "")
    return 0 if isinstance(of, (models.IntegerField, models.BooleanField)) else ""


def _event(chain: UUID, event: Row) -> Event:
    """An event as it was, or of which only the seal came: that it happened, and nothing of what."""
    if "seal" in event:
        return Event(
            chain_id=chain, number=event["number"], verb=trail.SEALED, thing_id=chain, facts_hash=event["seal"],
            link=event["link"],
        )  # fmt: skip
    names = ("number", "at", "verb", "way", "side", "thing_kind", "facts", "salt", "facts_hash", "link")
    return Event(
        chain_id=chain, person_id=_key(event["person"]), thing_id=_key(event["thing"]),
        engagement_id=_key(event["engagement"]), **{name: event[name] for name in names},
    )  # fmt: skip


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _pieces(rows: Iterable[Any]) -> Iterator[list[Any]]:
    several = iter(rows)
    while piece := list(islice(several, _AT_ONCE)):
        yield piece
