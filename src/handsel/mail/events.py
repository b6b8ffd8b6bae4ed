"""The verbs of mail for the trail. No fact holds words of a mail or the name of a customer."""

from handsel.core.trail import Verb

_OWNER = ("owner",)

MAILBOX_OPENED = Verb("mail.mailbox_opened", "opened a mailbox", seen_by=_OWNER)
ADDRESSES_CORRECTED = Verb("mail.addresses_corrected", "said which addresses are ours", seen_by=_OWNER)
IMPORT_BEGUN = Verb("mail.import_begun", "began to read a mailbox file", seen_by=_OWNER)
MAIL_RECEIVED = Verb("mail.received", "read {new:new mail,new mails}", seen_by=_OWNER)
IMPORT_ENDED = Verb("mail.import_ended", "read {new:new mail,new mails} in {conversations:conversation,conversations}",
                    seen_by=_OWNER)  # fmt: skip
MINING_BEGUN = Verb("mail.mining_begun", "began to look for kinds of request", seen_by=_OWNER)
KINDS_MINED = Verb("mail.kinds_mined", "found {kinds:kind,kinds} of request", seen_by=_OWNER)
KIND_RENAMED = Verb("mail.kind_renamed", "renamed a kind of request")
TEMPLATE_EDITED = Verb("mail.template_edited", "wrote version {n} of a draft reply", told=("provider",))
CONVERSATION_CLOSED = Verb("mail.conversation_closed", "closed a conversation")
REPLY_WRITTEN = Verb("mail.reply_written", "wrote version {n} of a reply")
REPLY_SUBMITTED = Verb("mail.reply_submitted", "submitted a reply", told=("owner",))
REPLY_RETURNED = Verb("mail.reply_returned", "returned a reply with a reason", contact=True, told=("provider",))
PRACTICE_READ = Verb("mail.practice_read", "read a reply written for practice", contact=True, told=("provider",))
REPLY_RELEASED = Verb("mail.reply_released", "sent a reply", told=("provider",))
REPLY_DISCARDED = Verb("mail.reply_discarded", "put a reply away")
SEND_SETTLED = Verb("mail.send_settled", "decided about a mail whose fate was unknown: {decision}", seen_by=_OWNER)

EVENTS = (
    MAILBOX_OPENED, ADDRESSES_CORRECTED, IMPORT_BEGUN, MAIL_RECEIVED, IMPORT_ENDED, MINING_BEGUN, KINDS_MINED,
    KIND_RENAMED, TEMPLATE_EDITED, CONVERSATION_CLOSED, REPLY_WRITTEN, REPLY_SUBMITTED, REPLY_RETURNED, PRACTICE_READ,
    REPLY_RELEASED, REPLY_DISCARDED, SEND_SETTLED,
)  # fmt: skip
