"""The house's own jobs that come round."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from handsel.core import answers, followers, remembering
from handsel.core.jobs import periodic
from handsel.core.models import Allowance, WorkerBeat


@periodic(every=timedelta(days=1))
def forget_finished_tasks() -> None:
    """What went well is forgotten after 30 days; workers that are long gone, and allowances that are over, after one."""
    now = timezone.now()
    DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - timedelta(days=30)).delete()
    WorkerBeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()
    Allowance.objects.filter(until__lt=(now - timedelta(days=1)).timestamp()).delete()


@periodic(every=timedelta(hours=1))
def forget_what_is_over() -> None:
    """Sessions that ended, tries at a log-in that count no more, the words of answers that nobody asks for again."""
    remembering.forget()
    answers.forget()
    SessionStore.clear_expired()


@periodic(every=timedelta(seconds=1))
def follow_the_trail() -> None:
    """Search, notices and papers come up to date."""
    followers.follow_all()
