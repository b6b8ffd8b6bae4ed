"""How a value of a row is spelled outside the database, in exports and backups, and read back on either engine."""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.validators import validate_slug
from django.db import connection, models
from django.utils.duration import duration_iso_string

from handsel.core.keys import Key, as_stored


def plain(value: Any) -> Any:
    """A value as JSON spells it for ever: keys, decimals, days and instants (UTC) as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value


def stored(field: models.Field[Any, Any], spelled: Any) -> Any:
    """The value for a column, as a statement of this engine takes it. Raises ValueError or ValidationError where what is
    spelled is none."""
    return reader(field)(spelled)


def reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """`stored` for one column and many rows."""
    if isinstance(field, models.ForeignKey):
        return reader(field.target_field)
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda spelled: (
            None if spelled is None and field.null else connection.ops.adapt_json_value(spelled, encoder)
        )
    if isinstance(field, models.BinaryField):
        return lambda spelled: None if spelled is None else base64.b64decode(spelled)
    if isinstance(field, Key):
        vendor = connection.vendor
        return lambda spelled: None if spelled is None else as_stored(UUID(str(spelled)), vendor)
    if isinstance(field, (models.CharField, models.TextField)):
        return _reader_of_text(field)
    return lambda spelled: field.get_db_prep_save(field.to_python(spelled), connection)


def _reader_of_text(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    is_slug = isinstance(field, models.SlugField)

    def read(spelled: Any) -> Any:
        if not isinstance(spelled, (str, type(None))):
            raise ValueError(f"{field.name} is no text")
        if is_slug and spelled is not None:
            validate_slug(spelled)
        return spelled

    return read
