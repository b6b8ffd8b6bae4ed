"""What a mail brought: its HTML in a frame that can do nothing, its files and its original as downloads."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from handsel.core.files import safe_name
from handsel.mail import originals, queries
from handsel.mail.models import RawMail
from handsel.mail.reading import read
from handsel.mail.reading.markup import clean_html
from handsel.mail.reading.mbox import without_from_quoting
from handsel.people.entrance import for_member
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible

_FRAME_POLICY = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"


@xframe_options_sameorigin
@for_member
def shown(request: HttpRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The HTML of a mail, made harmless, for the frame on the conversation's page; no picture is fetched."""
    cleaned = clean_html(queries.message(actor, message_id).html, lambda content_id: None)
    answer = render(request, "mail/shown.html", {"html": cleaned.html if cleaned else ""})
    answer["Content-Security-Policy"] = _FRAME_POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    return answer


@for_member
def original(request: HttpRequest, actor: Actor, message_id: UUID) -> HttpResponse:
    """The bytes of a mail exactly as they were received."""
    found = queries.message(actor, message_id)
    if found.raw is None:
        raise NotVisible("original")
    return _download(_bytes(found.raw), f"mail-{found.conversation.number}.eml", "message/rfc822")


@for_member
def attachment(request: HttpRequest, actor: Actor, attachment_id: UUID) -> HttpResponse:
    """A file of a mail, read from the original."""
    found = queries.attachment(actor, attachment_id)
    files = read(without_from_quoting(_bytes(found.message.raw))).attachments if found.message.raw else ()
    if found.position >= len(files):
        raise NotVisible("file")
    return _download(files[found.position].content, found.name, found.declared_type)


def _bytes(raw: RawMail) -> bytes:
    return originals.bytes_of(raw.pack, raw.offset, raw.length, raw.digest)


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """An answer that a browser saves and never runs."""
    answer = HttpResponse(content, content_type=media_type if media_type.isascii() else "application/octet-stream")
    plain = safe_name(name).encode("ascii", "replace").decode().replace("?", "_").replace('"', "")
    answer["Content-Disposition"] = f'attachment; filename="{plain}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
