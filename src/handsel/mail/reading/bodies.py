"""From the tree of parts to one text, one HTML, and the attachments. What cannot be decoded becomes an attachment."""

import html
import io
import re
import unicodedata
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32

from handsel.mail.reading import charsets
from handsel.mail.reading.headers import Headers, decoded, first, headers_of, parameters
from handsel.mail.reading.markup import LARGEST_HTML, text_from

LONGEST_TEXT = 2_000_000
"""Characters of a mail's text that are shown; what is longer is a file that somebody pasted in."""
MOST_PARTS = 500
DEEPEST_PART = 30

_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_NAMELESS = {"text/plain": "text.txt", "text/html": "page.html", "text/calendar": "invitation.ics"}


@dataclass(frozen=True)
class Attachment:
    """One file of a mail. name: safe to show and to store; content_id: without brackets, empty where there is none."""

    name: str
    declared_type: str
    content: bytes
    content_id: str
    inline: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


@dataclass
class Notes:
    """What is said about the reading of a mail, in plain words; damaged where something of it could not be read."""

    words: list[str] = field(default_factory=list)
    damaged: bool = False

    def say(self, words: str) -> None:
        if words not in self.words:
            self.words.append(words)

    def lost(self, words: str) -> None:
        self.damaged = True
        self.say(words)


@dataclass
class _Section:
    """A piece of the body that a person reads: as text, as HTML or as both."""

    text: str | None = None
    html: str | None = None


@dataclass
class Body:
    """text: plain, decoded; html: as sent, never yet cleaned, empty where there is none."""

    text: str
    html: str
    attachments: list[Attachment]


def body_of(message: Message, notes: Notes) -> Body:
    """Everything that a mail holds below its headers."""
    walk = _Walk(notes)
    sections = walk.sections(message, depth=0)
    texts = [charsets.clean_text(text_from(part.html or "") if part.text is None else part.text) for part in sections]
    text = "\n\n".join(piece.strip("\n") for piece in texts if piece.strip())
    if len(text) > LONGEST_TEXT:
        notes.lost("This mail is very long; you see its beginning. The original has all of it.")
        text = text[:LONGEST_TEXT]
    markup = ""
    if any(part.html for part in sections):
        markup = charsets.clean_text("\n".join(part.html or _as_html(part.text or "") for part in sections))
    if len(markup) > LARGEST_HTML:
        notes.say("The formatted version is too large to show; you see its text.")
        markup = ""
    return Body(text, markup, walk.attachments)


def _as_html(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


class _Walk:
    """Goes through the parts of one mail and keeps count."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.attachments: list[Attachment] = []
        self.parts = 0

    def sections(self, part: Message, depth: int) -> list[_Section]:
        """The readable pieces of a part, in order; its files go to `attachments`."""
        self.parts += 1
        if self.parts > MOST_PARTS or depth > DEEPEST_PART:
            self.notes.lost("This mail has more parts than can be shown. The original has all of them.")
            return []
        headers = headers_of(part)
        kind, details = parameters(first(headers, "content-type"))
        children = part.get_payload()
        if isinstance(children, list) and part.get_content_maintype() == "multipart":
            inner = [self.sections(child, depth + 1) for child in children if isinstance(child, Message)]
            return _one_of(inner) if kind == "multipart/alternative" else [piece for group in inner for piece in group]
        if kind.startswith("multipart/"):
            self.notes.lost("The parts of this mail are not separated as announced. You see it as one text.")
            kind = "text/plain"
        return self._leaf(part, headers, kind or "text/plain", details)

    def _leaf(self, part: Message, headers: Headers, kind: str, details: dict[str, str]) -> list[_Section]:
        disposition, said = parameters(first(headers, "content-disposition"))
        name = said.get("filename") or details.get("name", "")
        readable = kind in ("text/plain", "text/html") or "/" not in kind
        content = _content(part, self.notes)
        if readable and disposition != "attachment" and not name:
            return [self._text(content, kind, details)]
        content_id = first(headers, "content-id").strip("<> ")
        inline = disposition != "attachment" and bool(content_id)
        shown = file_name(name or _subject_inside(part) or _NAMELESS.get(kind, "attachment"))
        self.attachments.append(Attachment(shown, _safe_type(kind), content, decoded(content_id)[:250], inline))
        return []

    def _text(self, content: bytes, kind: str, details: dict[str, str]) -> _Section:
        declared = details.get("charset", "")
        text, as_declared = charsets.text_of(content, declared)
        if not as_declared and not content.isascii():
            said = f"says it is written in “{declared[:40]}”" if declared else "does not say how it is written"
            self.notes.say(f"This mail {said}; some letters may be wrong.")
        if kind == "text/html":
            return _Section(html=text)
        if details.get("format", "").lower() == "flowed":
            text = unflowed(text, deleting_space=details.get("delsp", "").lower() == "yes")
        return _Section(text=text)


def _one_of(versions: list[list[_Section]]) -> list[_Section]:
    """A multipart/alternative says one thing in several ways: its first text that is not blank, its last HTML."""
    pieces = [piece for version in versions for piece in version]
    texts = [piece.text for piece in pieces if piece.text is not None and piece.text.strip()]
    pages = [piece.html for piece in pieces if piece.html is not None and piece.html.strip()]
    if not texts and not pages:
        return pieces[:1]
    return [_Section(texts[0] if texts else None, pages[-1] if pages else None)]


def _content(part: Message, notes: Notes) -> bytes:
    """The bytes of a part, its transfer encoding undone as far as it goes."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(_written(child, notes) for child in payload if isinstance(child, Message))
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        content = None
    if any("Base64" in type(defect).__name__ for defect in part.defects):
        notes.lost("A part of this mail is damaged; what could be read of it is shown.")
    return content if isinstance(content, bytes) else str(payload or "").encode("utf-8", "surrogateescape")


def _written(message: Message, notes: Notes) -> bytes:
    """A mail inside a mail as bytes again."""
    out = io.BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        notes.lost("A mail inside this mail could not be unpacked. The original has it.")
    return out.getvalue()


def _subject_inside(part: Message) -> str:
    """A forwarded mail has its subject as name."""
    children = part.get_payload()
    if part.get_content_type() != "message/rfc822" or not isinstance(children, list) or not children:
        return ""
    inside = children[0]
    subject = decoded(first(headers_of(inside), "subject")) if isinstance(inside, Message) else ""
    return f"{subject or 'mail'}.eml"


def _safe_type(kind: str) -> str:
    return kind if re.fullmatch(r"[a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,80}", kind) else "application/octet-stream"


def file_name(name: str) -> str:
    """A name that is safe on every system: no path, at most 180 bytes, no device's name, never empty."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", charsets.clean_line(name)))[-1]
    bare = re.sub(r'[<>:"|?*]', "_", bare).strip(" .")
    if len(bare.encode()) > 180:
        stem, dot, ending = bare.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        kept = (stem if ending else bare).encode()[: 180 - len(ending.encode())]
        bare = kept.decode("utf-8", "ignore") + ending
    return f"_{bare}" if _RESERVED.match(bare) else bare or "attachment"


def unflowed(text: str, deleting_space: bool) -> str:
    """Lines of format=flowed joined again to paragraphs (RFC 3676, section 4)."""
    done: list[str] = []
    open_depth: int | None = None
    buffer: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if buffer and (depth != open_depth or words == "-- "):
            done.append(_quoted(open_depth or 0, buffer))
            buffer = []
        buffer.append(words[:-1] if flows and deleting_space else words)
        open_depth = depth
        if not flows:
            done.append(_quoted(depth, buffer))
            buffer = []
    if buffer:
        done.append(_quoted(open_depth or 0, buffer))
    return "\n".join(done)


def _quoted(depth: int, pieces: list[str]) -> str:
    words = "".join(pieces)
    return f"{'>' * depth} {words}" if depth else words
