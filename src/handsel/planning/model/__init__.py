"""What one area of work costs now and what it would cost handed over: ranges, not points. Pure; no clock, no I/O."""

from handsel.planning.model.answering import Answer, Row, forecast
from handsel.planning.model.area import Area, Said
from handsel.planning.model.spans import Span

__all__ = ["Answer", "Area", "Row", "Said", "Span", "forecast"]
