"""Reading mail: mbox files, bytes to fields, quotes, threads. Knows no database; reading a mail never raises."""

from handsel.mail.reading.reader import Outcome, Reading, read

__all__ = ["Outcome", "Reading", "read"]
