"""What is asked about mail."""

from typing import Any
from uuid import UUID

from django import forms

from handsel.handover.rules import Word
from handsel.mail.actions import Draft
from handsel.ui import fields
from handsel.ui.forms import Form

LARGEST_FILE = 4 * 2**30


class PressForm(Form):
    """A button and nothing else."""


class ImportForm(Form):
    """A mailbox file."""

    file = fields.FileField(
        label="Mailbox file", endings=[".mbox", ".mbx"], most=LARGEST_FILE,
        help_text="The mbox file that your mail program exports, of the inbox and the sent mail if you can.",
    )  # fmt: skip


class AddressesForm(Form):
    """Which addresses are ours, one a line."""

    addresses = fields.TextField(
        label="Your addresses", rows=3, max_length=4000,
        help_text="One a line. Mail from these addresses is yours; all other mail is a customer's.",
    )  # fmt: skip

    def listed(self, given: dict[str, Any]) -> list[str]:
        return [line.strip() for line in given["addresses"].replace(",", "\n").splitlines() if line.strip()]


class KindNameForm(Form):
    name = forms.CharField(label="What you call it", max_length=120)


class TemplateForm(Form):
    """The draft reply to a kind."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = fields.TextField(
        label="Draft reply", rows=10,
        help_text="Write {order_number} or {date} where each customer gets other words. A reply with an open place "
        "never goes out.",
    )  # fmt: skip


class ReplyForm(Form):
    """A reply: to whom, in which words, and what its writer had seen."""

    seen_through = forms.UUIDField(widget=forms.HiddenInput)
    template_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    to = forms.CharField(label="To", max_length=1000)
    text = fields.TextField(label="Reply", rows=12, max_length=100_000)

    def draft(self, given: dict[str, Any]) -> Draft:
        to = tuple(address.strip() for address in given["to"].split(",") if address.strip())
        return Draft(given["text"], to, given["seen_through"], given.get("template_id"))


class DecisionForm(ReplyForm):
    """The owner's word on a reply that was handed in: send it, perhaps in other words, or return it with a reason."""

    decision = fields.ChoiceField(label="Your word", choices=[("approve", "Send"), ("return", "Return")])
    verdict = fields.ChoiceField(
        label="If you change or return it", required=False,
        choices=[(Word.REMARK.value, "A matter of taste"), (Word.FAULT.value, "It should not go out like this")],
    )  # fmt: skip
    reason = fields.TextField(label="Why?", required=False, rows=3, max_length=1000)

    def word(self, given: dict[str, Any]) -> Word:
        return Word(given.get("verdict") or Word.REMARK.value)


class PracticeForm(Form):
    """What the reader says of a reply that is practice."""

    verdict = fields.ChoiceField(
        label="Could it have gone out?",
        choices=[(Word.OK.value, "Yes"), (Word.REMARK.value, "Yes, in other words"), (Word.FAULT.value, "No")],
    )
    words = fields.TextField(label="What to learn from it", required=False, rows=3, max_length=1000)


class QuestionForm(Form):
    """“I don't know”: what the assistant asks the owner."""

    text = fields.TextField(label="What do you want to know?", rows=3, max_length=4000)


class SettleForm(Form):
    """What becomes of a mail that may have been delivered."""

    decision = fields.ChoiceField(label="Decide", choices=[("again", "Send again"), ("leave", "Leave it")])


def key_of(text: str) -> UUID | None:
    """A key that stands in an address, None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
