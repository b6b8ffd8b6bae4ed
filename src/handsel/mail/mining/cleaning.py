"""What somebody actually said: without greeting, closing, signature and quoted mail."""

import re
from collections import Counter
from collections.abc import Iterable

from handsel.mail.reading.quotes import fold_offset

_GREETING = (
    r"(?:hi+|hello|hiya|hey|dear|good (?:morning|afternoon|evening|day)|greetings|liebe[rs]?|guten (?:tag|morgen|abend)|"
    r"hallo|sehr geehrte[rs]?|moin|grüß gott|bonjour|bonsoir|salut|cher|chère|hola|buenos días|buenas tardes|"
    r"estimad[oa]|ciao|buongiorno|gentile|beste|olá|prezad[oa]|hej|cześć|dzień dobry)"
)
_GREETING_LINE = re.compile(rf"^{_GREETING}\b[^.?]{{0,50}}$", re.IGNORECASE)
_GREETING_HEAD = re.compile(rf"^{_GREETING}\b(?:\s+[^\s,.!?:]+){{0,3}}\s*[,!:–-]+\s+(?=\S)", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(?i:many thanks|thanks(?: a million| again| in advance| so much| very much)?|thank you(?: so much| very much)?|"
    r"thx|ta|(?:kind|best|warm|warmest|kindest)(?: regards| wishes)?|regards|cheers|all the best|best|"
    r"yours(?: sincerely| faithfully| truly)?|sincerely|take care|bye(?: for now)?|talk soon|love|"
    r"(?:mit )?(?:freundlichen|lieben|besten|herzlichen) grü(?:ß|ss)en|"
    r"(?:viele|liebe|beste|herzliche|schöne) grü(?:ß|ss)e(?: aus)?|mfg|vg|lg|(?:vielen |besten )?dank|danke|cordialement|"
    r"(?:bien )?à vous|bien cordialement|merci(?: beaucoup| d'avance)?|saludos|un saludo|gracias|saluti|grazie|groeten|"
    r"met vriendelijke groet|mvh|obrigad[oa]|atenciosamente|pozdrawiam)"
    r"[\s,.!–-]*(?:[A-ZÀ-Þ][\w'’.-]*[\s,.!]*){0,4}$"
)
_DEVICE = re.compile(
    r"^(sent from|von meinem|envoyé de(puis)?|enviado desde|get outlook|gesendet (von|mit))\b", re.IGNORECASE
)
_FORWARDED = re.compile(
    r"^\s*(-{2,}\s*(forwarded message|weitergeleitete nachricht|message transféré)\b|begin forwarded message:)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(--|__+|—)\s*$")
_LONGEST = 100_000
"""Characters of a mail that are looked at."""
_TAIL = 8
"""Lines at the end of a mail in which a signature may stand."""


def said(text: str, signature: frozenset[str] = frozenset()) -> str:
    """The words of a mail that answer or ask. signature: lines that belong to the sender, not to this mail."""
    lines = _without_quotes(text[:_LONGEST])
    lines = _without_greeting(lines)
    lines = _without_closing(lines)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].strip() in signature or _DEVICE.match(lines[-1])):
        lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def signature_lines(texts: Iterable[str]) -> frozenset[str]:
    """The short lines that end a fifth or more of one sender's mails, three at least: a signature or a disclaimer."""
    seen: Counter[str] = Counter()
    mails = 0
    for text in texts:
        mails += 1
        lines = [line.strip() for line in _without_quotes(text[:_LONGEST]) if line.strip()]
        seen.update(set(lines[1:][-_TAIL:]))
    return frozenset(line for line, times in seen.items() if times >= max(3, mails / 5) and len(line) <= 160)


def _without_quotes(text: str) -> list[str]:
    offset = fold_offset(text)
    lines = (text if offset is None else text[:offset]).split("\n")
    for n, line in enumerate(lines):
        if n and (_SIGNATURE.match(line) or _FORWARDED.match(line)):
            lines = lines[:n]
            break
    return [line for line in lines if not line.startswith(">")]


def _without_greeting(lines: list[str]) -> list[str]:
    begun = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    rest = lines[begun:]
    if not rest:
        return []
    if _GREETING_LINE.match(rest[0].strip()) and any(line.strip() for line in rest[1:]):
        return rest[1:]
    return [_GREETING_HEAD.sub("", rest[0].strip()), *rest[1:]]


def _without_closing(lines: list[str]) -> list[str]:
    """Cut at the first closing near the end that has words above it."""
    filled = [n for n, line in enumerate(lines) if line.strip()]
    for n in filled[1:]:
        below = sum(1 for m in filled if m > n)
        if below <= 2 * _TAIL and _CLOSING.match(lines[n].strip()):
            return lines[:n]
    return lines
