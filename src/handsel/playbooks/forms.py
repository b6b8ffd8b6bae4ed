"""What is asked about playbooks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from handsel.ui import fields
from handsel.ui.forms import Form

EVERYBODY = "everybody"
NOWHERE = "no"


class PressForm(Form):
    """A button, with the version that it is about."""

    n = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)


class PageForm(Form):
    """A new page. Its first version always asks."""

    title = forms.CharField(label="Title", max_length=120, help_text="As you would say it: “Refunds”.")
    text = fields.TextField(
        label="How it is done", rows=16, max_length=100_000,
        help_text="Step by step, with an example. A line that begins with “- ” becomes a list, “## ” a heading, "
        "**two stars** make it bold.",
    )  # fmt: skip


class VersionForm(PageForm):
    """A new version of a page. n: the version that the writer began from."""

    asks = fields.CheckField(
        label="Ask everybody to read it again", required=False,
        help_text="Leave it out for a typing error.",
    )  # fmt: skip
    n = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)


class AssignForm(Form):
    """Who is asked to know the page, and by when."""

    person_id = fields.ChoiceField(label="Who should know it")
    due = fields.DayField(label="By", required=False)

    def __init__(self, *arguments: Any, people: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(EVERYBODY, "Everybody who works for you"), *((str(key), name) for key, name in people)]
        self.fields["person_id"].choices = choices  # type: ignore[attr-defined]  # our ChoiceField
        self.fields["person_id"].initial = EVERYBODY

    def clean_person_id(self) -> UUID | None:
        chosen = self.cleaned_data["person_id"]
        return None if chosen == EVERYBODY else UUID(chosen)


class QuestionForm(Form):
    """“I don't know”."""

    text = fields.TextField(label="What do you want to know?", rows=3, max_length=2000)


class AnswerForm(Form):
    """The answer, and the page that it becomes a line of."""

    text = fields.TextField(label="Your answer", rows=4, max_length=5000)
    add_to = fields.ChoiceField(
        label="Add it to a page", help_text="The question and your answer become its last lines, for whoever asks next."
    )
    asks = fields.CheckField(label="Ask everybody to read that page again", required=False)

    def __init__(self, *arguments: Any, pages: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(NOWHERE, "No page"), *((str(key), title) for key, title in pages)]
        self.fields["add_to"].choices = choices  # type: ignore[attr-defined]  # our ChoiceField
        self.fields["add_to"].initial = NOWHERE

    def clean_add_to(self) -> UUID | None:
        chosen = self.cleaned_data["add_to"]
        return None if chosen == NOWHERE else UUID(chosen)
