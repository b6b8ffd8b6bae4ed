"""What `handsel check` walks: named checks that each give sentences, none where all is well."""

from collections.abc import Callable, Iterable

_checks: dict[str, Callable[[], Iterable[str]]] = {}


def register(name: str, check: Callable[[], Iterable[str]]) -> None:
    _checks[name] = check


def all_checks() -> dict[str, Callable[[], Iterable[str]]]:
    return dict(_checks)
