"""What the components `form` and `field` ask about a field; for any Django form, ours or another package's."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_SIDE_BY_SIDE = 36


@register.filter
def kind(field: BoundField) -> str:
    """How the field stands: box, check (one box to tick), choose (side by side), answers (one below the other)."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "answers"
    if isinstance(widget, forms.RadioSelect):
        letters = sum(len(str(word)) for _, word in widget.choices)
        return "choose" if letters <= _SIDE_BY_SIDE else "answers"
    return "box"


@register.filter
def drawn(field: BoundField) -> SafeString:
    """The input itself, with the class of a box where it is one."""
    boxed = kind(field) == "box" and "class" not in field.field.widget.attrs
    return field.as_widget(attrs={"class": "field-box"} if boxed else None)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the label says so: what may stay empty, apart from a box to tick."""
    return not field.field.required and kind(field) != "check"


@register.filter
def faults(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Each thing to mend: the id of its field, empty for what is about the whole, and the sentence without the way."""
    found = []
    wrong = form.errors.as_data()
    for name in [name for name in ("__all__", *form.fields) if name in wrong]:
        errors = wrong[name]
        target = "" if name == "__all__" or form[name].is_hidden else form[name].id_for_label or form[name].auto_id
        for error in errors:
            sentence = " ".join(str(message) for message in error)
            found.append((target, getattr(error, "short", sentence) if target else sentence))
    return found


@register.filter
def things_to_mend(number: int) -> str:
    """One thing to mend; Three things to mend."""
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} thing{'' if number == 1 else 's'} to mend"
