"""Loaded before the settings: every test process has a data folder of its own, and no mail server."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="handsel-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["HANDSEL_DATA"] = _folder
os.environ["HANDSEL_ADDRESS"] = "http://localhost"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
for _name in ("HANDSEL_SMTP", "HANDSEL_SECRET_KEY", "HANDSEL_HOSTS"):
    os.environ.pop(_name, None)
