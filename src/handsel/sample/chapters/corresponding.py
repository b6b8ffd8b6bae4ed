"""Mail: the owner's mailbox is read, kinds are named, and what comes in is answered, read, and sent."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from handsel.handover.rules import Word
from handsel.mail import queries as mail
from handsel.mail.actions import (
    close,
    discard,
    edit_template,
    judge_practice,
    release,
    rename_kind,
    send_back,
    submit,
    write,
)
from handsel.mail.actions.replies import Draft
from handsel.mail.importing import import_mbox
from handsel.mail.models import Conversation
from handsel.sample.calendar import CLOSED, Scene, on
from handsel.sample.cast import Part
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.letters import Letter, letters_of, mailbox
from handsel.values.actors import Actor

PRACTICE = 21  # until this day the provider writes for practice
ASSISTANT_FROM = 28
ASSISTANT_PRACTICES = (range(28, 35), range(62, 67))  # days on which the assistant is in the shadow stage
STILL_OPEN = 77  # what came in from this day on is not sent yet
REASONS = (
    "The last step is missing: say what happens next, and when they may write again.",
    "It stops half way. What shall they do now?",
)


class Corresponding(Chapter):
    """Letters come on some days; the next working day somebody answers, and in the evening the owner reads."""

    def scenes(self) -> Iterator[Scene]:
        letters = letters_of(self.cast)
        yield self.scene(on(0, "mon"), "9:40", partial(self.take_in, [x for x in letters if x.is_old], "mailbox.mbox"))
        yield self.scene(on(0, "tue"), "21:20", partial(self.name_the_kinds, letters))
        yield self.scene(on(0, "wed"), "20:50", partial(self.mend_a_draft, letters))
        for day, arrived in self._arrivals(letters).items():
            yield self.scene(day, "18:30", partial(self.take_in, arrived, f"new-{day:02}.mbox"))
        for k, letter in enumerate(x for x in letters if x.answer and not x.is_old):
            taken_in = self.calendar.day(self._taken_in(letter, letters))
            yield from self.answering(k, letter, self._working_day(taken_in))

    def _arrivals(self, letters: Sequence[Letter]) -> dict[int, list[Letter]]:
        """Day → the letters that are read in on it."""
        days: dict[int, list[Letter]] = {}
        for letter in letters:
            if not letter.is_old:
                days.setdefault(self._taken_in(letter, letters), []).append(letter)
        return days

    def _taken_in(self, letter: Letter, letters: Sequence[Letter]) -> int:
        """A week's letters come at once, on the day of its last one; those of the last week each on its own."""
        if letter.day >= STILL_OPEN:
            return letter.day
        return max(other.day for other in letters if other.day // 7 == letter.day // 7)

    # ---------------------------------------------------------------- the mailbox

    def take_in(self, letters: Sequence[Letter], name: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(mailbox(letters, self.cast, self.calendar))
            import_mbox(file, self.told.slug)

    def name_the_kinds(self, letters: Sequence[Letter]) -> None:
        """By her own word, each after a letter that asks for it."""
        named: set[UUID] = set()
        for letter in letters:
            kind = self._kind(letter) if letter.kind else None
            if kind and kind not in named:
                named.add(kind)
                rename_kind(self.told.owner, kind, letter.kind)

    def mend_a_draft(self, letters: Sequence[Letter]) -> None:
        first = next(letter for letter in letters if letter.kind)
        kind_id = self._kind(first)
        if kind_id is not None:
            (newest, *_) = mail.templates(self.told.owner, kind_id)
            edit_template(self.told.owner, kind_id, f"{newest.text}\n\nPS. {MENDED}", newest.n)

    def _kind(self, letter: Letter) -> UUID | None:
        conversation = self._conversation(self.told.owner, letter)
        return mail.kinds_of_conversations(conversation.mailbox_id).get(conversation.id)

    # ---------------------------------------------------------------- one letter

    def answering(self, k: int, letter: Letter, day: date) -> Iterator[Scene]:
        """k: which letter of the story it is. Some answers are right, some are changed, some go back once."""
        by_assistant = letter.day >= ASSISTANT_FROM and k % 3 == 1
        writer = self.cast.assistant if by_assistant else self.cast.provider
        practice = any(letter.day in days for days in ASSISTANT_PRACTICES) if by_assistant else letter.day < PRACTICE
        if practice:
            yield self.scene(day, "9:35", partial(self.write_and_submit, writer, letter))
            yield self.scene(day, "20:15", partial(self.judge, letter, k))
            yield self.scene(day, "20:25", partial(self.owner_writes, letter))
        elif letter.day >= STILL_OPEN:
            yield from self._still_open(letter, writer, day)
        elif k % 4 == 3:
            yield from self._returned_once(k, letter, writer, day)
        else:
            yield self.scene(day, "9:35", partial(self.write_and_submit, writer, letter))
            yield self.scene(day, "20:20", partial(self.send, letter, changed=k % 4 == 1))
        if k % 5 == 2 and letter.day < STILL_OPEN:
            yield self.scene(day + timedelta(days=6), "20:55", partial(self.close, letter))

    def _returned_once(self, k: int, letter: Letter, writer: Part, day: date) -> Iterator[Scene]:
        again = self._working_day(day)
        yield self.scene(day, "9:35", partial(self.write_and_submit, writer, letter, cut=True))
        yield self.scene(day, "20:20", partial(self.send_back, letter, REASONS[k % 2]))
        yield self.scene(again, "9:20", partial(self.write_and_submit, writer, letter))
        yield self.scene(again, "20:20", partial(self.send, letter))

    def _still_open(self, letter: Letter, writer: Part, day: date) -> Iterator[Scene]:
        """The first of them went back and waits for its writer, the second waits for the owner."""
        first = letter.day < STILL_OPEN + 2
        yield self.scene(day, "9:35", partial(self.write_and_submit, writer, letter, cut=first))
        if first:
            yield self.scene(day, "20:20", partial(self.send_back, letter, REASONS[0]))

    def write_and_submit(self, writer: Part, letter: Letter, *, cut: bool = False) -> None:
        """From the draft of its kind; now and then a first attempt is put away."""
        actor = self.told.actor(writer)
        conversation = self._conversation(actor, letter)
        draft = self._draft(actor, conversation, self._words(letter, writer, cut=cut))
        mine = [r.id for r in mail.replies_of(actor, conversation.id) if r.author_id == actor.person_id]
        if not mine and letter.has_photo:
            started = write(actor, conversation.id, self._draft(actor, conversation, "Thank you for the photo."))
            discard(actor, started.id)
        submit(actor, conversation.id, draft, mine[0] if mine else None)

    def judge(self, letter: Letter, k: int) -> None:
        (reply,) = mail.replies_of(self.told.owner, self._conversation(self.told.owner, letter).id)
        verdict, words = ((Word.OK, ""), (Word.REMARK, "Good. A little shorter, and it is perfect."))[k % 2]
        judge_practice(self.told.owner, reply.id, verdict, words)

    def owner_writes(self, letter: Letter) -> None:
        """Practice never goes out: she answers herself."""
        owner = self.told.owner
        conversation = self._conversation(owner, letter)
        release(owner, conversation.id, self._draft(owner, conversation, self._words(letter, self.cast.owner)))

    def send(self, letter: Letter, *, changed: bool = False) -> None:
        owner = self.told.owner
        conversation = self._conversation(owner, letter)
        (reply,) = mail.replies_of(owner, conversation.id)
        text = mail.versions(owner, reply.id)[-1].text
        more = f"{text}\n\nPS. There is a small tin in the parcel, with our thanks." if changed else text
        words = "I added a line, so that they do not feel like a number." if changed else ""
        release(owner, conversation.id, self._draft(owner, conversation, more), reply.id, words=words)

    def send_back(self, letter: Letter, reason: str) -> None:
        (reply,) = mail.replies_of(self.told.owner, self._conversation(self.told.owner, letter).id)
        send_back(self.told.owner, reply.id, reason)

    def close(self, letter: Letter) -> None:
        close(self.told.owner, self._conversation(self.told.owner, letter).id)

    # ---------------------------------------------------------------- what the scenes look up

    def _working_day(self, day: date) -> date:
        """The next day on which the provider works."""
        break_begins = self.calendar.day(on(CLOSED, "mon"))
        following = day + timedelta(days=1)
        while following.weekday() > 4 or 0 <= (following - break_begins).days < 7:
            following += timedelta(days=1)
        return following

    def _conversation(self, actor: Actor, letter: Letter) -> Conversation:
        return mail.conversations(actor).filter(customer_address=letter.mail, subject=letter.subject).get()

    def _draft(self, actor: Actor, conversation: Conversation, text: str) -> Draft:
        newest = mail.newest_message_id(conversation.id)
        assert newest is not None
        drafts = mail.drafts_for(actor, conversation.id)
        template_id = mail.templates(actor, drafts[0].kind_id)[0].id if drafts else None
        return Draft(text, (conversation.customer_address,), newest, template_id)

    def _words(self, letter: Letter, writer: Part, *, cut: bool = False) -> str:
        """cut: without its last paragraph."""
        answer = letter.answer.rpartition("\n\n")[0] if cut else letter.answer
        return f"{answer}\n\nWarm wishes,\n{writer.first_name}\n{self.cast.business}"


MENDED = "If you order again within a month, write “patience” in the box for remarks, and we put a small tin in."
