"""The way of one write (DESIGN.md): permission, turn, transaction, one-time key, records, the trail, commit.

    @action
    def decide(actor, timesheet_id, decisions): ...

An action called by another one joins that one's transaction, permission and key.
"""

import functools
import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar, overload
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, connection, models
from django.utils import timezone

from handsel.core import guards, trail, writes
from handsel.core.keys import as_stored, new_key
from handsel.core.models import OnceKey
from handsel.core.sealing import seal, unseal
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible, Refusal
from handsel.values.secrets import Secret

P = ParamSpec("P")
T = TypeVar("T")
Body = Callable[Concatenate[Actor, P], T]


class ActionRecordedNothing(AssertionError):
    """An action that changes shared rows recorded no event: a bug."""


@dataclass
class Run:
    """One action on its way: who acts, and what it recorded so far."""

    actor: Actor
    name: str
    events: list[trail.Recorded] = field(default_factory=list)


_run: ContextVar[Run | None] = ContextVar("action", default=None)
_actions: dict[str, Callable[..., Any]] = {}


def all_actions() -> dict[str, Callable[..., Any]]:
    """Every action, by its name `room.verb`."""
    return dict(_actions)


@overload
def action(body: Body[P, T]) -> Body[P, T]: ...
@overload
def action(*, own_rows: bool = False, only_inner: bool = False) -> Callable[[Body[P, T]], Body[P, T]]: ...
def action(body: Body[P, T] | None = None, *, own_rows: bool = False, only_inner: bool = False) -> Any:
    """Make a function of a room's `actions.py` the way that something changes.

    own_rows: touches a person's own rows only (timer, preferences) and records no event. only_inner: called by other
    actions alone (`ledger.owe`). Raises `Refusal` where it may not be, or a guard of the database says no.
    """

    def decorate(body: Body[P, T]) -> Body[P, T]:
        name = f"{body.__module__.split('.')[1]}.{body.__name__}"

        @functools.wraps(body)
        def act(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if _run.get() is not None:
                return body(actor, *args, **kwargs)
            if only_inner or name not in actor.grants:
                raise not_permitted(actor, name)
            return _outermost(Run(actor, name), body, own_rows, args, kwargs)

        act.own_rows = own_rows  # type: ignore[attr-defined]  # read by the house's tests
        act.only_inner = only_inner  # type: ignore[attr-defined]
        _actions[name] = act
        return act

    return decorate if body is None else decorate(body)


def _outermost(run: Run, body: Callable[..., T], own_rows: bool, args: Any, kwargs: Any) -> T:
    try:
        with writes.transaction_in_turn(), writes.allowed():
            digest = _digest(run.name, args, kwargs) if run.actor.key else ""
            if digest and not _is_first(run, digest):
                return _first_result(run.actor, digest)  # type: ignore[no-any-return]
            token = _run.set(run)
            try:
                result = body(run.actor, *args, **kwargs)
            finally:
                _run.reset(token)
            if not run.events and not own_rows:
                raise ActionRecordedNothing(run.name)
            if digest:
                _keep_result(run, result)
            trail.link(run.actor, run.events)
            return result
    except IntegrityError as error:
        if refusal := guards.refusal_for(error):
            raise refusal from error
        raise


def record(verb: "trail.Verb", thing: models.Model | UUID, *, kind: str = "", engagement_id: UUID | None = None,
           chain_id: UUID | None = None, **facts: Any) -> None:  # fmt: skip
    """Say in the trail what is being done to which thing. Facts are short: numbers, dates, codes, names of fields."""
    run = _run.get()
    assert run is not None, "record() stands in the body of an action"
    chain = chain_id or run.actor.business_id
    assert chain is not None, "an actor without a business names the chain"
    thing_id = thing if isinstance(thing, UUID) else thing.pk
    thing_kind = kind or (thing._meta.model_name if isinstance(thing, models.Model) else verb.name.split(".")[0])
    run.events.append(
        trail.Recorded(verb.name, str(thing_kind), thing_id, engagement_id or _engagement_of(thing), facts, chain)
    )


def recorded_verbs() -> list[str]:
    """Verbs recorded so far by the action under way."""
    run = _run.get()
    return [event.verb for event in run.events] if run else []


def _engagement_of(thing: models.Model | UUID) -> UUID | None:
    if isinstance(thing, models.Model):
        if thing._meta.model_name == "engagement":
            return UUID(str(thing.pk))
        found = getattr(thing, "engagement_id", None)
        return found if isinstance(found, UUID) else None
    return None


def not_permitted(actor: Actor, name: str) -> Refusal:
    """Why this role does not do this: what an action says, and a page that is there for it alone."""
    verb = name.partition(".")[2].replace("_", " ")
    return Refusal("not_permitted", f"As {actor.role} you may not {verb} here.",
                   mend="The page “Who may do what” shows who may.", status=403)  # fmt: skip


# ---------------------------------------------------------------- one-time keys


def _scope(actor: Actor) -> UUID:
    scope = actor.person_id or actor.business_id
    assert scope is not None
    return scope


_CLAIM = (
    'INSERT INTO core_oncekey (id, scope_id, "key", action, digest, "at", call_digest, answer_status, answer) '
    """VALUES (%s, %s, %s, %s, %s, %s, '', 0, '') ON CONFLICT (scope_id, "key") DO NOTHING"""
)


def _is_first(run: Run, digest: str) -> bool:
    """Write the key down before anything is done: whoever comes with the same one at the same moment waits here for our
    commit, and then gets our result."""
    vendor, now = connection.vendor, connection.ops.adapt_datetimefield_value(timezone.now())
    keys = [as_stored(key, vendor) for key in (new_key(), _scope(run.actor))]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [*keys, run.actor.key, run.name, digest, now])
        return bool(cursor.rowcount)


def _first_result(actor: Actor, digest: str) -> Any:
    known = OnceKey.objects.get(scope_id=_scope(actor), key=actor.key)
    if known.digest != digest:
        raise Refusal("key_used", "This form was already sent with other words.", mend="Reload the page, then send it again.",
                      status=422)  # fmt: skip
    return _from_json(known.result)


def _keep_result(run: Run, result: Any) -> None:
    OnceKey.objects.filter(scope_id=_scope(run.actor), key=run.actor.key).update(result=_to_json(result))


def _digest(name: str, args: Any, kwargs: Any) -> str:
    return hashlib.sha256(trail.canonical([name, _plain(args), _plain(kwargs)])).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON can spell it, the same for the same meaning."""
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, models.Model):
        return [value._meta.label, str(value.pk)]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return str(value)


def _to_json(result: Any) -> Any:
    if isinstance(result, models.Model):
        return {"row": result._meta.label, "id": str(result.pk)}
    if isinstance(result, UUID):
        return {"id": str(result)}
    if isinstance(result, Secret):
        return {"sealed": seal(result)}
    if isinstance(result, (list, tuple)):
        return {"list": [_to_json(r) for r in result]}
    return {"value": _plain(result)}


def _from_json(stored: Any) -> Any:
    if "row" in stored:
        row = apps.get_model(stored["row"])._base_manager.filter(pk=UUID(stored["id"])).first()
        if row is None:  # it was made, and thrown away since
            raise NotVisible("page")
        return row
    if "id" in stored:
        return UUID(stored["id"])
    if "sealed" in stored:
        return _unsealed(stored["sealed"])
    if "list" in stored:
        return [_from_json(r) for r in stored["list"]]
    return stored["value"]


def _unsealed(sealed: str) -> Secret:
    if (text := unseal(sealed)) is None:  # the key was exchanged since
        raise NotVisible("page")
    return Secret(text)


def in_action() -> bool:
    return _run.get() is not None and connection.in_atomic_block
