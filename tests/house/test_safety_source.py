"""What the source itself must not do, and what strangers' words do not reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.core.processes import ROOT
from tests.house.source import PACKAGE, tree, where
from tests.stories import SubmittedWeek, log_in

# Where a template shows what is HTML already: the frame of a mail, which can do nothing (its words went through nh3).
SHOWN_AS_HTML = {"mail/templates/mail/shown.html"}
# Draws of the sample business and of its clocks, which nobody must be unable to guess.
PLAYS = {"sample"}
HOSTILE = ["' OR 1=1 --", '"; DROP TABLE people_person; --', "%' AND 1=1 AND '%'='", "\\'; SELECT 1", "{{ 7777*7777 }}", "../../etc/passwd",
           "<script>alert(1)</script>", "(a+)+$", "${jndi:ldap://x}", "\u202e", "a" * 3000]  # fmt: skip


def sources() -> list[Path]:
    return [file for file in PACKAGE.rglob("*.py") if not {"collected", "migrations"} & set(file.parts)]


def calls(file: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_nothing_that_somebody_wrote_is_run_as_code_or_unpacked_into_objects() -> None:
    odd = [
        where(file, node)
        for file in sources()
        for node, name in calls(file)
        if name in {"eval", "exec", "compile", "os.system", "os.popen", "__import__"}
        or name.partition(".")[0] in {"pickle", "marshal", "shelve", "yaml", "xml"}
        or any(word.arg == "shell" for word in node.keywords)
    ]
    assert odd == []
    imported = {name for file in sources() for name in re.findall(r"^(?:import|from) (\w+)", file.read_text(), re.M)}
    assert not imported & {"pickle", "marshal", "shelve", "yaml", "xml", "lxml"}


def test_no_template_is_made_of_words_that_somebody_wrote() -> None:
    odd = [
        where(f, n)
        for f in sources()
        for n, name in calls(f)
        if name in {"Template", "Engine", "from_string", "engine.from_string"}
    ]
    assert odd == []
    shown = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.html")
        if "collected" not in file.parts and re.search(r"\|safe\b|autoescape off", file.read_text())
    }
    assert shown == SHOWN_AS_HTML


def test_secrets_are_drawn_by_the_system_and_hashed_by_nothing_that_is_broken() -> None:
    for file in sources():
        if file.relative_to(PACKAGE).parts[0] in PLAYS:
            continue
        text = file.read_text()
        assert not re.search(r"^(?:import random|from random)", text, re.M), file
        assert not re.search(r"\b(md5|sha1|MD5PasswordHasher)\b", text), file
        assert not re.search(r"verify=False|CERT_NONE|check_hostname = False", text), file


def test_mail_and_webhooks_go_out_over_checked_tls() -> None:
    text = "".join(file.read_text() for file in sources() if "ssl" in file.read_text())
    assert "create_default_context" in text
    assert "_create_unverified_context" not in text


def test_every_library_is_listed_with_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-build.txt", "requirements-s3.txt"):
        entries = re.findall(
            r"^([\w.\[\],-]+)==[^\s\\]+ ?\\?\n((?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n)+)",
            (ROOT / name).read_text(),
            re.M,
        )
        pinned = re.findall(r"^[\w.\[\],-]+==", (ROOT / name).read_text(), re.M)
        assert len(entries) == len(pinned) > 0, name
    assert "--require-hashes" in (ROOT / "Makefile").read_text()


def test_no_secret_stands_in_the_source() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {secret}"
        for file in sources()
        for secret in re.findall(
            r"(?i)(?:secret|password|token|key)\w* ?= ?[\"']([A-Za-z0-9+/_-]{20,})[\"']", file.read_text()
        )
    ]
    assert [line for line in found if "wire.py" not in line] == []  # an example of a key of a row


def test_nothing_is_kept_in_the_browser_but_cookies() -> None:
    for file in (PACKAGE / "ui/static/source/js").glob("*.js"):
        text = file.read_text()
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|postMessage|WebSocket|document\.cookie|\beval\(", text
        ), file


def test_nobody_listens_to_postmessage_websockets_or_foreign_origins() -> None:
    text = (PACKAGE / "config/settings.py").read_text()
    assert "channels" not in text and "corsheaders" not in text
    assert "websockets=False" in (PACKAGE / "cli/serving.py").read_text()


def test_there_is_no_listing_of_a_folder_and_no_source_to_fetch(db: None) -> None:
    for path in (
        "/static/",
        "/static/built/",
        "/.git/config",
        "/static/../settings.py",
        "/files/",
        "/var/",
        "/static/%2e%2e/config/settings.py",
    ):
        assert Client().get(path).status_code == 404, path


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_a_search_or_a_filter_are_only_words(words: str, week: SubmittedWeek) -> None:
    client = log_in(Client(), week.owner)
    for path in (
        f"/b/{week.owner.slug}/search/",
        f"/b/{week.owner.slug}/work/",
        f"/b/{week.owner.slug}/agreements/",
    ):
        answer = client.get(path, {"q": words, "sort": words, "show": words, "page": words, "state": words})
        assert answer.status_code in {200, 404}, path
        page = answer.content.decode()
        assert "<script>alert" not in page and "60481729" not in page
    assert client.get(f"/b/{week.owner.slug}/").status_code == 200


def test_a_parameter_that_comes_twice_counts_once(week: SubmittedWeek) -> None:
    client = log_in(Client(), week.owner)
    answer = client.get(f"/b/{week.owner.slug}/search/?q=one&q=two")
    assert answer.status_code == 200
    assert 'value="two"' in answer.content.decode() and 'value="one"' not in answer.content.decode()


def test_a_field_that_no_form_has_changes_nothing(week: SubmittedWeek) -> None:
    client = log_in(Client(), week.provider)
    client.post(
        "/settings/", {"theme": "dark", "zone": "", "name": "Somebody Else", "mail": "else@x.example", "is_staff": "1"}
    )
    from handsel.people.models import Person

    person = Person.objects.get(pk=week.provider.person_id)
    assert (person.name, person.mail) == ("Ines Duarte", "ines@mare.example")
    assert person.login is not None and not person.login.is_staff
