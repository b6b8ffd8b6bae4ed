"""Handsel: outsourced work from the first thought to the last payment.

The SQLite that Debian 12 ships (3.40.1) can corrupt a write-ahead log when two connections checkpoint it at once
(fixed in 3.51.3), so the bundled one takes its place before Django is imported.
"""

import sys

import pysqlite3

__version__ = "0.1.0"

sys.modules["sqlite3"] = pysqlite3
