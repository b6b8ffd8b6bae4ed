"""The words of a page: Markdown as safe HTML, and what changed between two versions, word by word.

Written by people of both sides, so nothing of it is trusted: the parser takes no HTML, and what it gives is cleaned.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "hr", "strong", "em", "a", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_parser = MarkdownIt("commonmark", {"html": False}).disable("image")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


def as_html(text: str) -> SafeString:
    """A page's Markdown as HTML. Its greatest headings stand one below the page's own title, whatever they were."""
    tokens = _parser.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    deeper = 2 - min((int(token.tag[1]) for token in headings), default=2)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + deeper, 6)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")
    return SafeString(clean)


def word_changes(old: str, new: str) -> SafeString:
    """Paragraphs of the new text with `del` and `ins` where words went or came; a paragraph that went stands struck."""
    before, after = _paragraphs(old), _paragraphs(new)
    shown: list[SafeString] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            shown += [format_html("{}", paragraph) for paragraph in after[c:d]]
            continue
        pairs = min(b - a, d - c)
        shown += [_changed(o, n) for o, n in zip(before[a : a + pairs], after[c : c + pairs], strict=True)]
        shown += [format_html("<del>{}</del>", paragraph) for paragraph in before[a + pairs : b]]
        shown += [format_html("<ins>{}</ins>", paragraph) for paragraph in after[c + pairs : d]]
    return format_html_join("\n", "<p>{}</p>", ((paragraph,) for paragraph in shown))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")) if part.strip()]


def _changed(old: str, new: str) -> SafeString:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.3:  # another paragraph rather than the same one changed
        return format_html("<del>{}</del> <ins>{}</ins>", old, new)
    return format_html_join("", "{}", ((part,) for part in _parts(matcher, before, after)))


def _parts(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> Iterator[SafeString]:
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield format_html("{}", "".join(after[c:d]))
            continue
        if gone := "".join(before[a:b]):
            yield format_html("<del>{}</del>", gone)
        if come := "".join(after[c:d]):
            yield format_html("<ins>{}</ins>", come)
