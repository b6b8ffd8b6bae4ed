"""One JSON API over the rooms' actions and queries."""
