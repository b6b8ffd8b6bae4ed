"""Walks every page that one person reaches from home, by its links alone, as a browser would without typing."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from selectolax.lexbor import LexborHTMLParser

# Pages of one address that differ in their keys alone, and in the names of what is asked with "?".
MOST_OF_A_KIND, MOST_ASKED = 5, 2
_HOST = "http://testserver"


@dataclass(frozen=True)
class Visit:
    """A page as it came: its address, the name of it in the map, its answer, and what it asked the database."""

    url: str
    name: str
    status: int
    text: str
    statements: tuple[str, ...]
    came_from: str
    is_page: bool


@dataclass
class Walk:
    """What a walk found: pages, addresses that forms send to, and links that lead nowhere."""

    visits: list[Visit] = field(default_factory=list)
    posts: dict[str, str] = field(default_factory=dict)  # name in the map → a page that has the form
    dead: list[str] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {visit.name for visit in self.visits}


def walk(client: Client, start: str) -> Walk:
    """Every page within reach, each kind of address so often."""
    found, queue, known = Walk(), deque([(start, "")]), {start}
    taken: Counter[tuple[str, frozenset[str]]] = Counter()
    while queue:
        url, came_from = queue.popleft()
        name = name_of(url)
        if name is None:
            found.dead.append(f"{url} on {came_from}")
            continue
        kind = name, frozenset(parse_qs(urlsplit(url).query, keep_blank_values=True))
        taken[kind] += 1
        if taken[kind] > (MOST_ASKED if kind[1] else MOST_OF_A_KIND) or name == "account_logout":
            continue
        visit = _visit(client, url, name, came_from)
        found.visits.append(visit)
        for link in _links(visit, found):
            if link not in known:
                known.add(link)
                queue.append((link, url))
    return found


def name_of(url: str) -> str | None:
    """The name of an address in the map; None where it leads nowhere."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None


def names_of_the_map() -> set[str]:
    """The names of all addresses."""
    return set(_names(get_resolver(), ""))


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}"


def _visit(client: Client, url: str, name: str, came_from: str) -> Visit:
    fragment = {"HX-Request": "true"} if came_from.startswith("hx:") else {}
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url, headers=fragment)
        text = _text(answer)
    statements = tuple(q["sql"] for q in asked.captured_queries)
    if answer.status_code in {301, 302}:
        text = f'<a href="{answer["Location"]}"></a>'
    is_page = "text/html" in answer.get("Content-Type", "")
    return Visit(url, name, answer.status_code, text, statements, came_from, is_page)


def _text(answer: HttpResponse) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace") if "text/" in answer.get("Content-Type", "") else ""


def _links(visit: Visit, found: Walk) -> Iterator[str]:
    """Addresses of this site that the page offers; those that it only posts to are noted beside."""
    if not visit.is_page:
        return
    page = LexborHTMLParser(visit.text)
    for attribute in ("href", "hx-get"):
        for node in page.css(f"a[{attribute}], [hx-get]" if attribute == "hx-get" else "a[href]"):
            if (link := _own(visit.url, node.attributes.get(attribute))) is not None:
                yield link
    for form in page.css("form"):
        yield from _form_links(visit, found, form)


def _form_links(visit: Visit, found: Walk, form: object) -> Iterator[str]:
    attributes = form.attributes  # type: ignore[attr-defined]  # selectolax's nodes have no public type
    buttons = [b.attributes.get("formaction") for b in form.css("button[formaction]")]  # type: ignore[attr-defined]
    targets = [attributes.get("hx-post") or attributes.get("action") or visit.url, *buttons]
    posts = attributes.get("method", "").lower() == "post" or "hx-post" in attributes
    for target in targets:
        link = _own(visit.url, target)
        if link is None:
            continue
        name = name_of(link)
        if name is None:
            found.dead.append(f"{link}, where a form of {visit.url} sends to")
        elif posts:
            found.posts.setdefault(name, visit.url)
        else:
            yield link


def _own(page: str, link: str | None) -> str | None:
    """A link as an address of this site without its fragment; None where it leads elsewhere."""
    if not link or link.startswith(("#", "mailto:", "tel:")):
        return None
    split = urlsplit(urljoin(f"{_HOST}{page}", link))
    if split.netloc != "testserver" or split.path.startswith("/static/"):
        return None
    return split.path + (f"?{split.query}" if split.query else "")


def words_of(text: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
