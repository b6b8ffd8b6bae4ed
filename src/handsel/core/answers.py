"""A call of the API that is repeated with its key gets the answer that it got, to the letter.

The change itself is made once by the action's one-time key, in its transaction; the answer is kept beside it right
after, sealed, because it may name a link that lets somebody in. Where a process died between the two, the action gives its first result and the answer is made from that. So it is
too once the words of an answer are forgotten, after a week: what is done stays done once.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from handsel.core.models import OnceKey
from handsel.core.sealing import seal, unseal
from handsel.core.writes import transaction_in_turn
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    """What a call was answered."""

    status: int
    content: str


class AlreadyAnswered(Exception):
    """This call was made before: here is what it got."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def repeat(actor: Actor, digest: str) -> None:
    """Raise `AlreadyAnswered` for a call that was answered under this key; `Refusal` if that was another call."""
    known = OnceKey.objects.filter(scope_id=actor.person_id, key=actor.key).first()
    if known is None or not known.call_digest:
        return
    if known.call_digest != digest:
        raise Refusal("key_used", "This Idempotency-Key came with another call before.", mend="Send a new one.",
                      place="Idempotency-Key", status=422)  # fmt: skip
    if (content := unseal(known.answer)) is not None:
        raise AlreadyAnswered(Answer(known.answer_status, content))


def keep(actor: Actor, digest: str, answer: Answer) -> None:
    """Keep what the call under this key was answered."""
    with transaction_in_turn():
        OnceKey.objects.filter(scope_id=actor.person_id, key=actor.key).update(
            call_digest=digest, answer_status=answer.status, answer=seal(answer.content)
        )


def forget() -> int:
    """Blank the words of answers that are older than a week; gives how many."""
    old = OnceKey.objects.filter(at__lt=timezone.now() - KEPT_FOR).exclude(call_digest="")
    with transaction_in_turn():
        return old.update(call_digest="", answer_status=0, answer="")
