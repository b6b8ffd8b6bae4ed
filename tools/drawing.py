"""Draw the house from its code: rooms on their floors, and an arrow for each import of one room by another.

`python tools/drawing.py` writes `docs/house.svg`; a test holds it equal to what the code says today.
"""

import ast
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "handsel"
DRAWING = ROOT / "docs" / "house.svg"
FLOORS = (  # from the ground up, as the import contracts in pyproject.toml have them
    ("values",), ("core", "ui"), ("people",), ("playbooks", "planning", "proposals", "agreements"),
    ("handover", "ledger"), ("mail", "work"), ("payments",), ("talk", "figures"), ("sample",), ("front", "api", "cli"),
)  # fmt: skip
EVERYWHERE = frozenset({"values", "core", "ui", "people"})  # everybody stands on them: drawn as ground, without arrows
BOX, GAP, FLOOR, EDGE = 128, 40, 84, 28


@dataclass(frozen=True)
class Room:
    name: str
    x: int
    y: int


def imports() -> dict[str, set[str]]:
    """Room → the rooms that it imports."""
    rooms = [name for floor in FLOORS for name in floor]
    return {name: _imported_by(name) & set(rooms) - {name} for name in rooms}


def _imported_by(room: str) -> set[str]:
    found = set()
    for file in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("handsel."):
                found.add(str(node.module).split(".")[1])
            elif isinstance(node, ast.ImportFrom) and node.module == "handsel":
                found |= {alias.name for alias in node.names}
    return found


def drawing() -> str:
    """The house as SVG."""
    widest = max(map(len, FLOORS))
    width, height = 2 * EDGE + widest * BOX + (widest - 1) * GAP, 2 * EDGE + len(FLOORS) * FLOOR
    rooms = {room.name: room for room in _rooms(width, height)}
    arrows = [
        _arrow(rooms[name], rooms[other])
        for name, others in imports().items()
        for other in sorted(others - EVERYWHERE)
    ]  # fmt: skip
    boxes = [_box(room) for room in rooms.values()]
    style = (
        "text{font-family:sans-serif;font-size:15px;text-anchor:middle;fill:#1d2a26}"
        "rect{fill:#fff;stroke:#2e5f52;stroke-width:1.5}path{fill:none;stroke:#2e5f52;stroke-opacity:.28;stroke-width:1.5}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="The rooms of Handsel by floor, and which imports which">\n<style>{style}</style>\n'
        f'<rect width="{width}" height="{height}" style="fill:#eef4f1;stroke:none"/>\n'
        + "\n".join([*arrows, *boxes])
        + "\n</svg>\n"
    )


def _rooms(width: int, height: int) -> list[Room]:
    placed = []
    for level, floor in enumerate(FLOORS):
        left = (width - len(floor) * BOX - (len(floor) - 1) * GAP) // 2
        y = height - EDGE - (level + 1) * FLOOR + (FLOOR - 46) // 2
        for place, name in enumerate(floor):
            placed.append(Room(name, left + place * (BOX + GAP), y))
    return placed


def _box(room: Room) -> str:
    middle = room.x + BOX // 2
    return (
        f'<rect x="{room.x}" y="{room.y}" width="{BOX}" height="46" rx="6"/>'
        f'<text x="{middle}" y="{room.y + 28}">{escape(room.name)}</text>'
    )


def _arrow(upper: Room, lower: Room) -> str:
    """From the foot of the room that imports to the roof of the one imported; beside each other, an arc."""
    x1, y1, x2, y2 = upper.x + BOX // 2, upper.y + 46, lower.x + BOX // 2, lower.y
    if upper.y == lower.y:
        return f'<path d="M{x1} {y1} C{x1} {y1 + 30} {x2} {y1 + 30} {x2} {y1}"/>'
    bend = (y2 - y1) // 2
    return f'<path d="M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}"/>'


def main() -> None:
    DRAWING.write_text(drawing(), encoding="utf-8")
    sys.stdout.write(f"{DRAWING.relative_to(ROOT)} is drawn.\n")


if __name__ == "__main__":
    main()
