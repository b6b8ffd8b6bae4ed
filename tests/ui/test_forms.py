"""One form: what was typed is kept, a refusal stands at its place, a second press is the same press."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from handsel.ui import fields
from handsel.ui.forms import Form
from handsel.ui.templatetags.fields import faults
from handsel.values.refusals import Refusal


class Call(Form):
    name = forms.CharField(label="The name of the business", max_length=5)
    mail = forms.EmailField(label="Mail")
    minutes = fields.CountField(label="Minutes", most=60, required=False)
    note = fields.TextField(label="Note", required=False, help_text="Ines reads this.")


GOOD = {"name": "Larks", "mail": "nora@example.com", "once": "abc"}


def shown(form: forms.Form) -> str:
    drawn = Template('{% cotton form :form="form" act="Save" cancel="/back/" %}{% endcotton %}')
    return drawn.render(Context({"form": form}))


def test_sound_answers_reach_the_action_without_the_key() -> None:
    form = Call(GOOD)
    seen: dict[str, Any] = {}
    assert form.carry_out(lambda answers: seen.update(answers) or "done")
    assert form.result == "done"
    assert seen == {"name": "Larks", "mail": "nora@example.com", "minutes": None, "note": ""}
    assert form.key == "abc"


def test_an_action_is_not_called_with_unsound_answers() -> None:
    assert not Call({"name": "Larks"}).carry_out(lambda answers: pytest.fail("called"))


def test_a_refusal_stands_at_its_field_with_the_way_to_mend_it() -> None:
    form = Call(GOOD)

    def refuse(answers: dict[str, Any]) -> None:
        raise Refusal("taken", "This address is taken.", mend="Log in instead.", place="mail")

    assert not form.carry_out(refuse)
    assert form.errors["mail"] == ["This address is taken. Log in instead."]
    assert faults(form) == [("id_mail", "This address is taken.")]


def test_a_refusal_of_no_field_stands_on_top_with_its_mend() -> None:
    form = Call(GOOD)
    form.is_valid()
    form.refuse(Refusal("paused", "The terms are paused.", mend="Resume them first.", place="elsewhere"))
    assert faults(form) == [("", "The terms are paused. Resume them first.")]


def test_each_rendering_has_its_own_key_and_a_repeated_one_keeps_it() -> None:
    first, second = Call(), Call()
    assert first["once"].value() != second["once"].value()
    assert first.key is None
    assert 'name="once" value="abc"' in shown(Call({**GOOD, "mail": "no"}))


def test_a_key_that_was_spent_on_other_words_gives_way_to_a_new_one() -> None:
    form = Call(GOOD)

    def spent(answers: dict[str, Any]) -> None:
        raise Refusal("key_used", "This form was already sent with other words.", mend="Reload the page.")

    assert not form.carry_out(spent)
    assert form.key and form.key != "abc" and f'name="once" value="{form.key}"' in shown(form)
    assert GOOD["once"] == "abc" and 'value="Larks"' in shown(form)
    assert "If you mean these too, send the form once more." in shown(form) and "Reload" not in shown(form)


def test_our_sentences_stand_in_for_the_frameworks() -> None:
    form = Call({"mail": "nora", "minutes": "99"})
    assert form.errors["name"] == ["The name of the business is missing."]
    assert form.errors["mail"] == ["Write the address like nora@example.com."]
    assert form.errors["minutes"] == ["Write at most 60."]
    assert Call({**GOOD, "name": "Larkspur"}).errors["name"] == ["At most 5 characters; these are 8."]
    assert Call({**GOOD, "minutes": "9" * 40}).errors["minutes"] == ["Write at most 60."]
    assert Call({**GOOD, "minutes": "x"}).errors["minutes"] == ["Write a whole number, such as 12."]


def test_a_sentence_written_for_one_field_wins() -> None:
    class Own(Form):
        work = forms.CharField(
            error_messages={"required": "Say what you worked on.", "max_length": "Shorter."}, max_length=2
        )

    assert Own({}).errors["work"] == ["Say what you worked on."]
    assert Own({"work": "abc"}).errors["work"] == ["Shorter."]


def test_what_was_typed_is_kept_and_label_hint_error_and_box_follow_each_other() -> None:
    page = shown(Call({"name": "Larkspur", "mail": "nora", "note": "<b>"}))
    assert 'value="Larkspur"' in page and "&lt;b&gt;" in page
    order = [page.index(mark) for mark in ("Note <span", "Ines reads this", "<textarea")]
    assert order == sorted(order)
    assert 'aria-describedby="id_mail_error"' in page and 'aria-invalid="true"' in page
    assert '<a href="#id_name">' in page and "Two things to mend" in page and "autofocus" in page


def test_only_what_may_stay_empty_is_marked() -> None:
    page = shown(Call())
    assert page.count("(optional)") == 2
    assert "errors" not in page


def test_a_browser_may_fill_in_what_it_knows() -> None:
    class Person(Form):
        name = forms.CharField()
        email = forms.EmailField()

    page = shown(Person())
    assert 'autocomplete="name"' in page and 'autocomplete="email"' in page


def test_forms_of_other_packages_are_drawn_alike() -> None:
    class Plain(forms.Form):
        login = forms.CharField()
        remember = forms.BooleanField(required=False)
        colour = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)

    page = shown(Plain({}))
    assert 'class="field-box"' in page and 'class="choice"' in page and "<fieldset" in page


def test_a_page_of_errors_needs_neither_context_nor_database() -> None:
    for name in ("404.html", "403.html", "403_csrf.html", "500.html"):
        page = render_to_string(name)
        assert "<h1>" in page and 'href="/"' in page
