"""Other servers are told what happens: signed, tried again, never twice unnoticed, and never a machine of ours."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handsel.core import followers, jobs
from handsel.core.models import Event, OutboxItem
from handsel.people.actions import leave
from handsel.people.models import Membership
from handsel.talk import queries, webhooks
from handsel.talk.actions import (
    comment,
    log_call,
    pause_subscription,
    remove_subscription,
    resume_subscription,
    send_again,
    subscribe,
)
from handsel.talk.models import Subscription
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible, Refusal
from tests.api.conftest import problem, program
from tests.stories import SignedEngagement, drawn_up, log_in, owner_of, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db


class Receiver:
    """A server on loopback that keeps what it is told, and answers as it is asked to."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], str]] = []
        self.answer, self.location = 200, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.answer)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *words: Any) -> None:
                """Quietly."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?from=handsel"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.told]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def story(db: None, settings: Any) -> SignedEngagement:
    settings.WEBHOOKS_TO_PRIVATE = True
    return signed_engagement()


def call_held(story: SignedEngagement, actor: Actor | None = None) -> None:
    log_call(actor or story.owner, story.engagement.id, timezone.now() - timedelta(hours=2), 15, "Ines")


def settle() -> None:
    jobs.find_jobs()
    while followers.follow_all() + jobs.run_once():
        pass


# ---------------------------------------------------------------- what arrives


def test_an_event_arrives_signed_with_what_its_side_sees(story: SignedEngagement, receiver: Receiver) -> None:
    subscription = subscribe(story.owner, receiver.url, ["talk"])
    call_held(story)
    settle()
    headers, body = next(x for x in receiver.told if json.loads(x[1])["type"] == "talk.call_logged")
    said = json.loads(body)
    event = Event.objects.get(verb="talk.call_logged")
    assert said["data"]["sentence"] == "noted a call of 15 min" and said["data"]["person"]["name"] == "Nora Whitfield"
    assert headers["webhook-id"] == f"msg_{event.id}" and said["data"]["number"] == event.number
    key = base64.b64decode(webhooks.secret_of(subscription.id).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    wanted = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's reference library."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", '{"test": 2432232314}'
    found = webhooks.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_happened_before_and_other_rooms_are_not_told(story: SignedEngagement, receiver: Receiver) -> None:
    call_held(story)
    subscribe(story.owner, receiver.url, ["talk.commented"])
    call_held(story)
    comment(story.owner, story.engagement.id, "terms", story.terms.id, "Good")
    settle()
    assert receiver.types == ["talk.commented"]


def test_an_event_is_told_once_however_often_it_is_followed(story: SignedEngagement, receiver: Receiver) -> None:
    subscribe(story.owner, receiver.url, ["talk.call_logged"])
    call_held(story)
    settle()
    followers.forget("talk.webhooks")
    settle()
    assert len(receiver.told) == 1


def test_a_provider_hears_of_its_own_engagements_alone(story: SignedEngagement, receiver: Receiver) -> None:
    other = signed_engagement(story.owner, usual_terms(), mail="piet@other.example", name="Piet")
    subscribe(story.provider, receiver.url, ["talk.call_logged"])
    call_held(other)
    settle()
    assert receiver.told == []
    call_held(story)
    settle()
    assert receiver.types == ["talk.call_logged"]


def test_what_only_one_side_sees_is_not_told_to_the_other(story: SignedEngagement, receiver: Receiver) -> None:
    from tests.planning.story import planned_area

    subscribe(story.provider, receiver.url)
    planned_area(story.owner)
    settle()
    assert [name for name in receiver.types if name.startswith(("planning", "proposals"))] == []


def test_whoever_left_hears_nothing_more(story: SignedEngagement, receiver: Receiver) -> None:
    subscribe(story.provider, receiver.url, ["talk.call_logged"])
    leave(story.provider)
    call_held(story)
    settle()
    assert receiver.told == []


# ---------------------------------------------------------------- when it does not arrive


def test_an_event_that_is_not_taken_is_tried_again_with_the_same_id(
    story: SignedEngagement, receiver: Receiver
) -> None:
    subscribe(story.owner, receiver.url, ["talk.call_logged"])
    receiver.answer = 503
    call_held(story)
    settle()
    item = OutboxItem.objects.get(kind="webhook")
    assert (item.state, item.words) == ("queued", "The other server answered 503.")
    receiver.answer = 204
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        settle()
    item.refresh_from_db()
    ids = [headers["webhook-id"] for headers, _ in receiver.told]
    assert item.state == "sent" and len(ids) == 2 and ids[0] == ids[1]


def test_a_server_that_sends_elsewhere_is_not_followed(story: SignedEngagement, receiver: Receiver) -> None:
    other = Receiver()
    receiver.answer, receiver.location = 307, other.url
    subscribe(story.owner, receiver.url, ["talk.call_logged"])
    call_held(story)
    settle()
    assert other.told == [] and OutboxItem.objects.get(kind="webhook").state == "queued"
    other.server.server_close()


def test_a_server_that_is_gone_is_tried_no_more(story: SignedEngagement, receiver: Receiver) -> None:
    receiver.answer = 410
    subscribe(story.owner, receiver.url, ["talk.call_logged"])
    call_held(story)
    settle()
    assert OutboxItem.objects.get(kind="webhook").state == "failed"


def test_one_that_cannot_be_reached_waits_and_holds_up_no_other(story: SignedEngagement, receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
    subscribe(story.owner, closed, ["talk.call_logged"])
    subscribe(story.owner, receiver.url, ["talk.call_logged"])
    call_held(story)
    settle()
    states = dict(OutboxItem.objects.filter(kind="webhook").values_list("payload__url", "state"))
    assert states == {closed: "queued", receiver.url: "sent"}


# ---------------------------------------------------------------- no machine of ours


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "198.18.0.1", "240.0.0.1"],
)  # fmt: skip
def test_no_private_address_is_public_however_it_is_written(address: str) -> None:
    assert not webhooks.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert webhooks.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "inside.example"])
def test_a_name_that_leads_inside_is_never_spoken_to(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    real = socket.getaddrinfo
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda h, *a, **k: inside if h == "inside.example" else real(h, *a, **k))
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("a connection was opened"))
    item = OutboxItem(
        kind="webhook", about_id=Event().id, payload={"url": f"https://{host}/", "event": "e", "body": "{}"}
    )
    (answer,) = webhooks.deliver(item, lambda _: None)
    assert (answer.state, answer.words) == ("failed", "This address leads into a private network, and is not told.")


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://example.com/", "not_https"), ("ftp://example.com/", "not_https"), ("https://", "strange_url"),
     ("https://user:word@example.com/", "strange_url"), ("https://example.com/#part", "strange_url"),
     ("https://exämple.com/", "strange_url"), ("https://example.com:99999/", "strange_url"), ("nonsense", "strange_url")],
)  # fmt: skip
def test_an_address_that_cannot_be_told_is_refused(db: None, url: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        subscribe(owner_of(), url)
    assert refused.value.code == code


# ---------------------------------------------------------------- who may, and how it stands


def test_paused_it_hears_nothing_and_resumed_only_what_follows(story: SignedEngagement, receiver: Receiver) -> None:
    subscription = subscribe(story.owner, receiver.url, ["talk.call_logged"])
    pause_subscription(story.owner, subscription.id)
    call_held(story)
    settle()
    resume_subscription(story.owner, subscription.id)
    settle()
    assert receiver.told == []
    call_held(story)
    settle()
    assert len(receiver.told) == 1


def test_removed_it_hears_nothing_and_is_shown_nowhere(story: SignedEngagement, receiver: Receiver) -> None:
    subscription = subscribe(story.owner, receiver.url)
    remove_subscription(story.owner, subscription.id)
    call_held(story)
    settle()
    assert receiver.told == [] and not queries.subscriptions(story.owner)


def test_an_event_is_sent_again_with_the_same_id(story: SignedEngagement, receiver: Receiver) -> None:
    subscription = subscribe(story.owner, receiver.url, ["talk.call_logged"])
    call_held(story)
    settle()
    send_again(story.owner, subscription.id, OutboxItem.objects.get(kind="webhook").id)
    settle()
    first, second = (headers["webhook-id"] for headers, _ in receiver.told)
    assert first == second


def test_neither_side_sees_whom_the_other_tells(story: SignedEngagement, receiver: Receiver) -> None:
    subscription = subscribe(story.owner, receiver.url)
    assert not queries.subscriptions(story.provider)
    with pytest.raises(NotVisible):
        pause_subscription(story.provider, subscription.id)


def test_only_the_owner_and_who_leads_the_provider_let_others_be_told(story: SignedEngagement) -> None:
    from handsel.values.actors import Role
    from tests.people.test_members import joined

    for helper in (joined(story.owner, Role.MANAGER), joined(story.provider, Role.ASSISTANT, "ana@mare.example")):
        with pytest.raises(Refusal, match="you may not"):
            subscribe(helper, "https://example.com/")


def test_the_secret_lies_nowhere_and_differs_by_subscription(story: SignedEngagement, receiver: Receiver) -> None:
    from django.apps import apps

    first, second = subscribe(story.owner, receiver.url), subscribe(story.owner, receiver.url)
    secret = webhooks.secret_of(first.id)
    assert secret == webhooks.secret_of(first.id) != webhooks.secret_of(second.id)
    assert all(secret not in str(row) for model in apps.get_models() for row in model._base_manager.all().values())


# ---------------------------------------------------------------- pages and the API


@pytest.mark.reaches("strange_url", "not_https")
def test_the_page_adds_pauses_resumes_replays_and_removes(
    client: Client, story: SignedEngagement, receiver: Receiver, settings: Any
) -> None:
    base = f"/b/{story.owner.slug}/webhooks/"
    log_in(client, story.owner)
    assert client.post(base, {"url": "nonsense"}).status_code == 422
    settings.WEBHOOKS_TO_PRIVATE = False
    assert client.post(base, {"url": receiver.url}).status_code == 422
    settings.WEBHOOKS_TO_PRIVATE = True
    page = client.post(base, {"url": receiver.url, "verbs": ["talk"]}, follow=True).content.decode()
    key = Subscription.objects.get().id
    assert webhooks.secret_of(key) in page and "Nothing was told yet" in page
    call_held(story)
    settle()
    page = client.get(f"{base}{key}/").content.decode()
    assert "Sent, 200" in page and "Nora Whitfield noted a call of 15 min" in page
    item = OutboxItem.objects.filter(kind="webhook").latest("id")
    client.post(f"{base}{key}/deliveries/{item.id}/replay/")
    settle()
    assert len(receiver.told) > 1
    assert "Paused" in client.post(f"{base}{key}/pause/", follow=True).content.decode()
    assert "told again" in client.post(f"{base}{key}/resumption/", follow=True).content.decode()
    assert "No other server" in client.post(f"{base}{key}/removal/", follow=True).content.decode()
    assert client.get(f"{base}{key}/").status_code == 404


@pytest.mark.reaches("subscription_stands_so")
def test_what_is_paused_is_paused_once(client: Client, story: SignedEngagement, receiver: Receiver) -> None:
    key = subscribe(story.owner, receiver.url).id
    log_in(client, story.owner)
    client.post(f"/b/{story.owner.slug}/webhooks/{key}/pause/")
    assert client.post(f"/b/{story.owner.slug}/webhooks/{key}/pause/").status_code == 409


def test_a_program_lets_another_be_told(story: SignedEngagement, receiver: Receiver) -> None:
    script = program(story.owner, "talk")
    made = script.done("/webhooks", {"url": receiver.url, "verbs": ["talk.call_logged"]})
    key = script.read(f"/webhooks/{made['id']}/signing-key")["signing_key"]
    assert key == webhooks.secret_of(Subscription.objects.get().id)
    call_held(story)
    settle()
    (delivery,) = script.read(f"/webhooks/{made['id']}/deliveries")["items"]
    assert (delivery["state"], delivery["status"]) == ("sent", 200)
    script.done(f"/webhooks/{made['id']}/replays", {"delivery_id": delivery["id"]})
    settle()
    assert len(receiver.told) == 2
    problem(program(story.owner, "read").get(f"/webhooks/{made['id']}/signing-key"), 403, "out_of_scope")
    problem(program(story.provider).get(f"/webhooks/{made['id']}"), 404, "not_found")


@pytest.mark.reaches("unknown_verb")
def test_a_verb_that_nothing_is_called_by_is_refused(story: SignedEngagement) -> None:
    answer = program(story.owner).post("/webhooks", {"url": "https://example.com/", "verbs": ["talk.sung"]})
    problem(answer, 422, "unknown_verb")


def test_events_are_read_in_order_as_each_side_sees_them(story: SignedEngagement) -> None:
    call_held(story)
    owner, provider = program(story.owner), program(story.provider)
    everything = owner.read("/events", limit=100)
    numbers = [event["number"] for event in everything["items"]]
    assert numbers == sorted(numbers) and everything["after"] == numbers[-1]
    assert owner.read("/events", after=everything["after"])["items"] == []
    call_held(story, story.provider)
    (new,) = owner.read("/events", after=everything["after"])["items"]
    assert new["verb"] == "talk.call_logged" and new["side"] == "provider"
    stranger = drawn_up(story.owner, mail="piet@other.example", name="Piet")
    seen = program(stranger.provider).read("/events", limit=100)["items"]
    assert not any(event["engagement_id"] == str(story.engagement.id) for event in seen)
    assert any(
        event["engagement_id"] == str(story.engagement.id) for event in provider.read("/events", limit=100)["items"]
    )
    assert Membership.objects.count() == 3
