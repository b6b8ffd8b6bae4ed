"""An action cannot forget: what DESIGN asks of every action, read off the source and the register."""

import ast
import inspect
from importlib import import_module

import pytest
from django.apps import apps

from handsel.core.actions import all_actions
from handsel.core.rooms import RoomConfig
from handsel.people import permissions
from tests.house import source

ROOMS = source.room_names()


def action_names() -> set[str]:
    for room in [*ROOMS, "front"]:
        for file in source.files_of(room, "actions"):
            dotted = ".".join(file.relative_to(source.PACKAGE).with_suffix("").parts)
            import_module(f"handsel.{dotted.removesuffix('.__init__')}")
    return set(all_actions())


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_of_actions_is_an_action(room: str) -> None:
    strays = [
        source.where(file, f)
        for file in source.files_of(room, "actions")
        for f in source.functions(file)
        if not f.name.startswith("_") and "action" not in source.decorators(f)
    ]
    assert strays == []


def test_every_action_has_a_row_in_the_permission_table() -> None:
    rows = {f"{room}.{verb}" for room, verbs in permissions.TABLE.items() for verb in verbs}
    assert action_names() - rows == set()


def test_every_row_of_the_permission_table_has_an_action() -> None:
    rows = {f"{room}.{verb}" for room, verbs in permissions.TABLE.items() for verb in verbs}
    assert rows - action_names() == set()


def test_what_only_actions_call_stands_in_the_table_with_no_role() -> None:
    action_names()
    inner = {name for name, act in all_actions().items() if act.only_inner}
    nobody = {f"{r}.{v}" for r, verbs in permissions.TABLE.items() for v, roles in verbs.items() if not roles}
    assert inner == nobody


def test_every_action_says_what_it_does() -> None:
    action_names()
    assert [name for name, act in all_actions().items() if not inspect.getdoc(act)] == []


@pytest.mark.parametrize("room", [*ROOMS, "front"])
def test_every_write_route_reaches_an_action(room: str) -> None:
    """A view that takes a POST calls an action of its room (or of a room below), itself or through its own functions."""
    verbs = {name.partition(".")[2] for name in action_names()} | {"actions"}
    strays = [
        source.where(file, view)
        for file in source.files_of(room, "views")
        for view in source.functions(file)
        if _takes_post(view) and not verbs & source.reachable(file, view)
    ]
    assert strays == []


def _takes_post(view: ast.FunctionDef) -> bool:
    return "require_POST" in source.decorators(view) or any(
        isinstance(node, ast.Constant) and node.value == "POST" for node in ast.walk(view)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_only_actions_write(room: str) -> None:
    """No view, query, form or rule saves, creates, updates or deletes."""
    writes = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    strays = [
        source.where(file, node)
        for part in ("views", "queries", "forms", "rules", "room", "tasks", "entrance")
        for file in source.files_of(room, part)
        for node in ast.walk(source.tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes
        and "objects" in ast.unparse(node.func)
    ]  # fmt: skip
    assert strays == []


@pytest.mark.parametrize("room", ROOMS)
def test_views_read_through_queries_or_what_is_visible(room: str) -> None:
    """In a view, `objects` leads to `visible_to` or `get_visible`."""
    strays = [
        source.where(file, node)
        for part in ("views", "forms")
        for file in source.files_of(room, part)
        for node in _chains(source.tree(file))
        if _rooms_model(node) and not {"visible_to", "get_visible"} & source.names_used(node)
    ]
    assert strays == []


def _rooms_model(chain: ast.Call) -> bool:
    """Whether the chain begins with a table of a room; the log-in is no room's table."""
    names = {m.__name__ for c in apps.get_app_configs() if isinstance(c, RoomConfig) for m in c.get_models()}
    return ast.unparse(chain).partition(".objects")[0].rpartition(".")[2] in names


def _chains(tree: ast.Module) -> list[ast.Call]:
    """The outermost call of each chain that begins with `X.objects`."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ".objects" in ast.unparse(n.func)]
    inner = {id(sub) for call in calls for sub in ast.walk(call.func) if isinstance(sub, ast.Call)}
    return [call for call in calls if id(call) not in inner]
