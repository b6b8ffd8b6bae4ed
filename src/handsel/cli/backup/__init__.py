"""The whole installation in one file, and back: rows of every table as JSON, kept files, mail, the secret key."""
