"""Every change about mail: what comes in, what is asked often, what is answered."""

from handsel.mail.actions.kinds import begin_mining, edit_template, note_kinds, rename_kind
from handsel.mail.actions.receiving import begin_import, correct_addresses, end_import, open_mailbox, receive
from handsel.mail.actions.replies import (
    Draft,
    close,
    discard,
    judge_practice,
    release,
    send_back,
    settle_send,
    submit,
    write,
)

__all__ = [
    "Draft", "begin_import", "begin_mining", "close", "correct_addresses", "discard", "edit_template", "end_import",
    "judge_practice", "note_kinds", "open_mailbox", "receive", "release", "rename_kind", "send_back", "settle_send",
    "submit", "write",
]  # fmt: skip
