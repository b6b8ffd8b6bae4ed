"""What one area of work costs now and what it would cost handed over: ranges, not points. Pure; no clock, no I/O.

What reckons with numpy is imported when it is first asked for: a process that never draws does without it.
"""

from typing import TYPE_CHECKING, Any

from handsel.planning.model.area import Area, Said

if TYPE_CHECKING:
    from handsel.planning.model.answering import Answer, Row, forecast
    from handsel.planning.model.spans import Span

__all__ = ["Answer", "Area", "Row", "Said", "Span", "forecast"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from handsel.planning.model import answering

    return getattr(answering, name)
