"""How a value of a row is spelled outside the database, in exports and backups, and read back on either engine."""

import base64
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.validators import validate_slug
from django.db import connection, models
from django.utils.duration import duration_iso_string


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
    if isinstance(field, models.JSONField):
        none = spelled is None and field.null
        return None if none else connection.ops.adapt_json_value(spelled, field.encoder)
    if isinstance(field, models.BinaryField) and spelled is not None:
        return base64.b64decode(spelled)
    if isinstance(field, models.ForeignKey):
        return stored(field.target_field, spelled)
    if isinstance(field, (models.CharField, models.TextField)) and not isinstance(spelled, (str, type(None))):
        raise ValueError(f"{field.name} is no text")
    if isinstance(field, models.SlugField) and spelled is not None:
        validate_slug(spelled)
    return field.get_db_prep_save(field.to_python(spelled), connection)
