"""The front's own tables. It decides nothing: here stands only what was made for a person on her wish."""

from handsel.front.export.models import Export

__all__ = ["Export"]
