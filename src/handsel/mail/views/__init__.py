"""The pages of mail."""

from handsel.mail.views.boxes import mail_import, mailbox, mailboxes
from handsel.mail.views.conversations import closure, conversation, inbox, question
from handsel.mail.views.files import attachment, original, shown
from handsel.mail.views.kinds import kind, kind_name, kind_words, kinds
from handsel.mail.views.replies import decision, discarding, practice, reply, review, settlement

__all__ = [
    "attachment", "closure", "conversation", "decision", "discarding", "inbox", "kind", "kind_name", "kind_words",
    "kinds", "mail_import", "mailbox", "mailboxes", "original", "practice", "question", "reply", "review", "settlement", "shown",
]  # fmt: skip
