"""Home, search, notices, a person's own page, and the engagement page."""
