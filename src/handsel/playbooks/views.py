"""The pages of playbooks: the list, a page to read, a page to write, questions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from handsel.people.entrance import for_act, for_member
from handsel.playbooks import actions, lists, prose, queries
from handsel.playbooks.forms import AnswerForm, AssignForm, PageForm, PressForm, QuestionForm, VersionForm
from handsel.playbooks.models import PlaybookVersion
from handsel.playbooks.queries import Reader
from handsel.ui.tables import table_response
from handsel.values.actors import Actor, Side


@for_member
def pages(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The owner: every page, and who knows it. The provider: what to read, then every page."""
    context = {
        "open_questions": queries.open_questions(actor)[:100].count() if actor.may("playbooks.answer") else 0,
        "unread": queries.unread(actor, actor.person_id) if _learns(actor) and actor.person_id else [],
        "learns": _learns(actor),
    }
    return table_response(request, lists.pages_table(actor), "playbooks/pages.html", context)


@for_member
def page(request: HttpRequest, actor: Actor, page_id: UUID) -> HttpResponse:
    return render(request, "playbooks/page.html", _page_context(actor, page_id))


@for_member
@for_act("playbooks.publish")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = PageForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda d: actions.publish(actor, d["title"], _plain(d["text"]))):
        messages.success(request, f"“{form.result.title}” is published. Now say who should know it.")
        return redirect("playbooks:page", actor.slug, form.result.playbook_id)
    return render(request, "playbooks/new.html", {"form": form}, status=422 if form.is_bound else 200)


@for_member
@for_act("playbooks.publish")
def edit(request: HttpRequest, actor: Actor, page_id: UUID) -> HttpResponse:
    """A new version, beneath it the versions so far and what the last one changed."""
    newest = queries.page(actor, page_id)
    initial = {"title": newest.title, "text": newest.text, "n": newest.n, "asks": True}
    form = VersionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda d: actions.publish(actor, d["title"], _plain(d["text"]), d["asks"], page_id, d["n"])
    ):
        messages.success(request, f"Version {form.result.n} is published.")
        return redirect("playbooks:page", actor.slug, page_id)
    versions = list(queries.versions(actor, page_id))
    changes = prose.word_changes(versions[1].text, versions[0].text) if len(versions) > 1 else ""
    context = {"form": form, "newest": newest, "versions": versions, "changes": changes}
    return render(request, "playbooks/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_member
def assignment(request: HttpRequest, actor: Actor, page_id: UUID) -> HttpResponse:
    form = AssignForm(request.POST, people=queries.people_to_ask(actor))
    if form.carry_out(lambda d: actions.assign(actor, page_id, d["person_id"], d["due"])):
        messages.success(request, "Assigned. You see here who has read it.")
        return redirect("playbooks:page", actor.slug, page_id)
    return render(request, "playbooks/page.html", {**_page_context(actor, page_id), "assign_form": form}, status=422)


@require_POST
@for_member
def acknowledgement(request: HttpRequest, actor: Actor, page_id: UUID) -> HttpResponse:
    form = PressForm(request.POST)
    if form.carry_out(lambda d: actions.acknowledge(actor, page_id, d["n"])):
        messages.success(request, "Noted: you know this page.")
        return redirect("playbooks:pages", actor.slug)
    return render(request, "playbooks/page.html", {**_page_context(actor, page_id), "press": form}, status=422)


@require_POST
@for_member
def ask(request: HttpRequest, actor: Actor, page_id: UUID) -> HttpResponse:
    url = reverse("playbooks:page", args=[actor.slug, page_id])
    form = QuestionForm(request.POST)
    if form.carry_out(lambda d: actions.ask(actor, d["text"], "page", page_id, about_url=url)):
        messages.success(request, "Asked. The answer will stand here.")
        return redirect("playbooks:page", actor.slug, page_id)
    return render(request, "playbooks/page.html", {**_page_context(actor, page_id), "ask_form": form}, status=422)


@for_member
def questions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    table = lists.questions_table(actor)
    waiting = queries.open_questions(actor)[:100].count()
    return table_response(request, table, "playbooks/questions.html", {"waiting": waiting})


@for_member
def question(request: HttpRequest, actor: Actor, question_id: UUID) -> HttpResponse:
    """One question with its answer, or the form for it."""
    asked = queries.question(actor, question_id)
    choices = [(v.playbook_id, v.title) for v in queries.pages(actor)] if actor.may("playbooks.answer") else []
    about_page = str(asked.about_id) if asked.about_kind == "page" else "no"
    form = AnswerForm(request.POST or None, pages=choices, initial={"add_to": about_page})
    if request.method == "POST" and form.carry_out(
        lambda d: actions.answer(actor, question_id, d["text"], d["add_to"], d["asks"])
    ):
        name = asked.person.name.split()[0]
        messages.success(request, f"Answered. {name} reads it" + (", and the page has it too." if form.result.version else "."))  # fmt: skip
        return redirect("playbooks:question", actor.slug, question_id)
    context = {"question": asked, "answer": getattr(asked, "answer", None), "form": form}
    return render(request, "playbooks/question.html", context, status=422 if form.is_bound else 200)


def _page_context(actor: Actor, page_id: UUID) -> dict[str, Any]:
    newest = queries.page(actor, page_id)
    context = {"page": newest, "html": prose.as_html(newest.text), "learns": _learns(actor),
               "questions": list(queries.questions_about(actor, page_id)[:50])}  # fmt: skip
    (read,) = queries.pages_with_readers(actor, page_id)
    readers = read.readers
    if _learns(actor):
        return {**context, **_reading(actor, newest, readers)}
    asked = {"assign_form": AssignForm(people=queries.people_to_ask(actor))} if actor.may("playbooks.assign") else {}
    return {**context, **asked, "readers": readers, "known": sum(r.knows for r in readers)}


def _reading(actor: Actor, newest: PlaybookVersion, readers: Sequence[Reader]) -> dict[str, Any]:
    """How the page stands for whoever learns it: asked or not, known or not, and what changed since she read it."""
    mine = next((r for r in readers if r.person_id == actor.person_id), None)
    context: dict[str, Any] = {"mine": mine, "ask_form": QuestionForm(), "press": PressForm(initial={"n": newest.n})}
    if mine and not mine.knows and mine.n:
        read = queries.versions(actor, newest.playbook_id).filter(n=mine.n).first()
        context["changes"] = prose.word_changes(read.text, newest.text) if read else ""
    return context


def _learns(actor: Actor) -> bool:
    return actor.side is Side.PROVIDER_SIDE


def _plain(text: str) -> str:
    """Line ends as everybody else has them: a browser sends two characters."""
    return text.replace("\r\n", "\n")
