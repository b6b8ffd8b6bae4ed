"""Stories of mail: a small mailbox that was read in, an assistant who may write, a reply that she handed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handsel.agreements.models import Engagement
from handsel.core import followers, jobs
from handsel.handover.actions import place_stage
from handsel.handover.rules import Stage
from handsel.mail import actions, queries
from handsel.mail.actions import Draft
from handsel.mail.importing import import_mbox
from handsel.mail.models import Conversation, Mailbox, Reply
from handsel.values.actors import Actor
from tests.mail import candle_shop
from tests.stories import SignedEngagement, signed_engagement

OURS = "hello@larkspurcandles.example"


def letter(sender: str, to: str, own_id: str, text: str, *, answers: str = "", subject: str = "Request",
           day: str = "Mon, 02 Mar 2026 09:00:00 +0000", headers: str = "") -> bytes:  # fmt: skip
    refers = f"In-Reply-To: {answers}\nReferences: {answers}\n" if answers else ""
    return (
        f"From: {sender}\nTo: {to}\n{f'Message-ID: {own_id}' if own_id else 'X-None: 1'}\n{refers}Date: {day}\n"
        f"Subject: {subject}\n{headers}\n{text}\n"
    ).encode()


def mbox(path: Path, *letters: bytes) -> Path:
    """A mailbox file of these mails."""
    path.write_bytes(b"".join(b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n" + one + b"\n" for one in letters))
    return path


def candle_letters() -> list[bytes]:
    """The candle shop's mail as letters: each request, and the answer where there was one."""
    found = []
    for pair in candle_shop.pairs():
        day = pair.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
        found.append(letter(f"{pair.customer_name} <{pair.customer}>", OURS, pair.key, pair.request_text,
                            subject=pair.request_text.split("\n")[0][:60], day=day))  # fmt: skip
        if pair.reply_text:
            found.append(letter(OURS, pair.customer, f"<a{pair.key[1:]}", pair.reply_text, answers=pair.key, day=day,
                                subject="Re: yours"))  # fmt: skip
    return found


@dataclass(frozen=True)
class Desk:
    """Nora's mailbox, Ines who is named for the work, and one customer who waits."""

    owner: Actor
    ines: Actor
    engagement: Engagement
    mailbox: Mailbox
    waiting: Conversation

    def draft(self, text: str = "Beeswax, and nothing else.", **changed: Any) -> Draft:
        seen = changed.pop("seen_through", None) or queries.newest_message_id(self.waiting.id)
        return Draft(text, changed.pop("to", (self.waiting.customer_address,)), seen, **changed)

    def submitted(self, text: str = "Beeswax, and nothing else.") -> Reply:
        return actions.submit(self.ines, self.waiting.id, self.draft(text))


def settle() -> None:
    """Let the background come to rest, whatever the clock of periodic jobs says."""
    jobs.find_jobs()
    while followers.follow_all() + jobs.run_once():
        pass


def desk(folder: Path, stage: Stage | None = Stage.SUPERVISED, story: SignedEngagement | None = None) -> Desk:
    story = story or signed_engagement()
    import_mbox(mbox(folder / "shop.mbox", *candle_letters()), story.owner.slug)
    settle()
    if stage:
        place_stage(story.owner, story.engagement.id, story.provider.person_id, "", stage)
    waiting = queries.needing_reply(story.owner).get()
    return Desk(story.owner, story.provider, story.engagement, queries.mailboxes(story.owner)[0], waiting)
