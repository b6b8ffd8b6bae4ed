"""The two processes that do the work: the web server and the worker."""

import ctypes
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import Any

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PARENT = "HANDSEL_PARENT"
_WEB = "HANDSEL_WEB"
_held = ExitStack()  # for as long as the process lives


def stay_with(parent: str, sent: signal.Signals) -> None:
    """Ask the kernel for a signal when the process named in the variable `parent` ends, however it ends; without the
    variable nobody is waited for. Whoever comes too late ends at once."""
    wanted = os.environ.get(parent)
    if not wanted or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(sent))
    if os.getppid() != int(wanted):
        sys.exit(1)


def as_parent() -> dict[str, str]:
    """The environment of a child that is to stay with this process."""
    return {**os.environ, _PARENT: str(os.getpid())}


def has_parent() -> bool:
    """Whether a `handsel run` started this process, and speaks for it."""
    return _PARENT in os.environ


def serve_web(host: str, port: int) -> None:
    """Serve until told to stop: one process, four threads (a second process gains nothing on SQLite)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    stay_with(_PARENT, signal.SIGTERM)
    os.environ[_WEB] = str(os.getpid())
    server = Granian(
        "handsel.cli.serving:web_application", host, port, interface=Interfaces.WSGI, factory=True, workers=1,
        blocking_threads=4, websockets=False, log_level=LogLevels.warning, workers_kill_timeout=10,
    )  # fmt: skip
    server.serve()


def web_application() -> Callable[..., Any]:
    """Called in granian's own process, which ends with the one that started it."""
    stay_with(_WEB, signal.SIGKILL)
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from handsel.core.locks import serving_lock

    _held.enter_context(serving_lock())
    return application


def serve_jobs() -> None:
    """Work until told to stop; what is under way is finished first."""
    from handsel.core.jobs import run_worker

    stay_with(_PARENT, signal.SIGTERM)
    stop = threading.Event()

    def finish(number: int, frame: FrameType | None) -> None:
        stop.set()

    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, finish)
    logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
    run_worker(stop)
