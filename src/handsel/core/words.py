"""The words by which search finds a thing: FTS5 on SQLite, a GIN index over a tsvector on PostgreSQL, the same words on both.

`SearchEntry.text` holds them, folded and parted by blanks, behind a word that names the business: so a rare word of a
large business is found without reading the rest, and a frequent one is read from its newest thing on. `place` orders
them by their instant.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from handsel.core.guards import Mirrors
from handsel.core.models import SearchEntry

TABLE = "core_searchwords"
_WORD = re.compile(r"[^\W_]{1,60}")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def folded(text: str) -> str:
    """Text as it is compared: no accents, no capitals, the same on both engines."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded, each once, in their order."""
    return list(dict.fromkeys(_WORD.findall(folded(text))))


def stored(business_id: UUID, text: str) -> str:
    """What an entry keeps of its text."""
    return " ".join([_of(business_id), *words(text)])


def place_at(at: datetime, thing_id: UUID | None = None) -> int:
    """A place for a thing of this instant: microseconds since 1970, one further where another thing has it."""
    place = (at - _BEGINNING) // timedelta(microseconds=1)
    while SearchEntry.objects.filter(place=place).exclude(thing_id=thing_id).exists():
        place += 1
    return place


def newest(business_id: UUID, wanted: Sequence[str], most: int) -> RawSQL:
    """The places of the newest things of a business that hold a word beginning with each of these, for `place__in`."""
    if connection.vendor == "postgresql":
        query = " & ".join([f"'{_of(business_id)}'", *(f"'{word}':*" for word in wanted)])
        text = ("SELECT place FROM core_searchentry WHERE business_id = %s AND "
                "array_to_tsvector(string_to_array(text, ' ')) @@ %s::tsquery ORDER BY place DESC LIMIT %s")  # fmt: skip
        return RawSQL(text, (business_id, query, most))  # noqa: S611 - all that is given are parameters
    query = " AND ".join([f'"{_of(business_id)}"', *(f'"{word}" *' for word in wanted)])
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s", (query, most))  # noqa: S608, S611


def _of(business_id: UUID) -> str:
    return f"b{business_id.hex}"


INDEXED = Mirrors(
    "core_searchentry_indexed",
    "core_searchentry",
    TABLE,
    put=f"INSERT INTO {TABLE} (rowid, text) VALUES (NEW.place, NEW.text);",  # noqa: S608 - a name of ours
    away=f"INSERT INTO {TABLE} ({TABLE}, rowid, text) VALUES ('delete', OLD.place, OLD.text);",  # noqa: S608
    refill=f"INSERT INTO {TABLE} ({TABLE}) VALUES ('rebuild')",  # noqa: S608
)
"""On SQLite the words follow the entries; on PostgreSQL the index does so by itself."""
