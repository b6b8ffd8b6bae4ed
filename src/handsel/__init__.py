"""Handsel: outsourced work from the first thought to the last payment.

The SQLite that Debian 12 ships (3.40.1) can corrupt a write-ahead log when two connections checkpoint it at once
(fixed in 3.51.3), so the bundled one takes its place before Django is imported.

The linear algebra of mining runs in one thread: several that wait for one another in a loop take the cores from the
pages, and on small mailboxes they are three times slower (51 against 15 seconds for the sample business). It reads the
variable when numpy is first imported.
"""

import os
import sys

import pysqlite3

__version__ = "0.1.0"

sys.modules["sqlite3"] = pysqlite3
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
