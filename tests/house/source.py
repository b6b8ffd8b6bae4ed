"""The house as source: its rooms, functions and calls, read with `ast`."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "handsel"


def room_names() -> list[str]:
    from django.conf import settings

    return list(settings.ROOMS)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def files_of(room: str, part: str) -> list[Path]:
    """`actions.py`, or every file of the folder `actions/`."""
    single, folder = PACKAGE / room / f"{part}.py", PACKAGE / room / part
    return [single] if single.exists() else sorted(folder.rglob("*.py")) if folder.is_dir() else []


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    """Every function at the top of a file."""
    return (node for node in tree(file).body if isinstance(node, ast.FunctionDef))


def decorators(function: ast.FunctionDef) -> set[str]:
    names = set()
    for node in function.decorator_list:
        called = node.func if isinstance(node, ast.Call) else node
        names.add(
            called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        )
    return names


def where(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"


def names_used(node: ast.AST) -> set[str]:
    """Every name and attribute that stands in the code below."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
        n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)
    }


def reachable(file: Path, function: ast.FunctionDef) -> set[str]:
    """Names used by the function, and by functions and classes of the same file that it uses."""
    own = {n.name: n for n in tree(file).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    seen: set[str] = set()
    names, queue = set[str](), [function.name]
    while queue:
        name = queue.pop()
        if name in seen or name not in own:
            continue
        seen.add(name)
        found = names_used(own[name])
        names |= found
        queue.extend(found)
    return names
