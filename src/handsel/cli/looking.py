"""Commands that look at what is kept, or find it anew: the trail, the ledger, the search index, kinds of request."""

from typing import Any
from uuid import UUID

import click

from handsel.cli import ground
from handsel.cli.saying import answer, bar, end_with, json_option, say
from handsel.values.refusals import Refusal

_OF_MONEY = ("gate", "claims", "ledger", "documents")  # the checks, in the way of the money
_business = click.option(
    "--business", required=True, help="The short name of the business, as it stands in its addresses."
)


# ---------------------------------------------------------------- the trail


@click.group()
def trail() -> None:
    """The trail: who did what, sealed entry by entry."""


@trail.command("verify")
@click.option("--business", default="", help="The short name of one business; without it, every trail there is.")
@json_option
def verify_trail(business: str) -> None:
    """Follow each trail from its first entry, and say with which seal it ends.

    Whoever runs the server could rewrite all of it. So compare an entry and its seal with a paper that somebody kept.
    """
    ready()
    from handsel.core.models import Chain
    from handsel.core.trail import broken_links

    names = _names_of_trails(business)
    findings: list[str] = []
    heads: list[dict[str, Any]] = []
    with bar("Following the trail") as progress:
        for done, chain in enumerate(Chain.objects.filter(pk__in=names).order_by("kind", "pk")):
            progress(done, len(names))
            name = names[chain.pk]
            findings += [f"{name}: {fault}" for fault in broken_links(chain.pk)]
            heads.append({"trail": name, "kind": chain.kind, "number": chain.number, "head": chain.head})
    for head in heads:
        if head["kind"] == "business":
            say(f"{head['trail']}: {head['number']} entries, the last with the seal {_grouped(head['head'])}.")
    end_with(findings, "Every trail verifies.", trails=heads)


def _names_of_trails(slug: str) -> dict[UUID, str]:
    """Each trail with what it is the trail of; of one business only that one."""
    from handsel.core.models import Chain
    from handsel.people import queries
    from handsel.people.models import Business

    if slug:
        return {queries.business_by_slug(slug).pk: slug}
    slugs: dict[UUID, str] = dict(Business._base_manager.values_list("pk", "slug"))
    return {key: slugs.get(key, f"{kind} {key}") for key, kind in Chain.objects.values_list("pk", "kind")}


def _grouped(head: str) -> str:
    letters = head[:16].upper()
    return " ".join(letters[n : n + 4] for n in range(0, len(letters), 4))


# ---------------------------------------------------------------- the ledger


@click.group()
def ledger() -> None:
    """The ledger: what is owed and why, in double entry."""


@ledger.command("verify")
@json_option
def verify_ledger() -> None:
    """Add the ledger up: work under terms, claims, charges, accounts, invoices and what was paid of them."""
    ready()
    from handsel.core.checks import all_checks

    known = all_checks()
    findings: list[str] = []
    wanted = [name for name in _OF_MONEY if name in known]
    with bar("Adding up") as progress:
        for done, name in enumerate(wanted):
            progress(done, len(wanted))
            findings += [f"{name}: {sentence}" for sentence in known[name]()]
    accounts = _accounts()
    for (currency, account), amount in accounts.items():
        say(f"{account} {amount} {currency}")
    listed = [{"currency": c, "account": a, "amount": str(amount)} for (c, a), amount in accounts.items()]
    end_with(findings, "The ledger adds up.", accounts=listed)


def _accounts() -> dict[tuple[str, str], Any]:
    """Each account over all engagements, debit less credit; currencies and accounts in order."""
    from django.db.models import Sum

    from handsel.ledger.models import Transfer
    from handsel.values.money import Money

    sums: dict[tuple[str, str], Any] = {}
    for account, sign in (("debit", 1), ("credit", -1)):
        for row in Transfer._base_manager.values("currency", account).annotate(sum=Sum("amount")):
            key = (row["currency"], row[account])
            sums[key] = sums.get(key, 0) + sign * row["sum"]
    return {key: Money.from_minor(int(sums[key]), key[0]).amount for key in sorted(sums)}


# ---------------------------------------------------------------- found anew


@click.command()
@json_option
def reindex() -> None:
    """Build the search index anew. Until it is done, search finds less."""
    ready()
    from django.core.management import call_command

    counted: list[int] = []
    with bar("Looking at everything") as progress:
        call_command("reindex", progress=progress, answer=counted.append)
    say(f"Search finds {counted[0]} things.")
    answer(things=counted[0])


@click.command()
@_business
@json_option
def mine(business: str) -> None:
    """Look for the kinds of request in the mail of a business again. What the owner named and wrote stays."""
    ready()
    from handsel.mail import queries, tasks
    from handsel.people.queries import business_by_slug, system_actor
    from handsel.values.actors import Way

    actor = system_actor(business_by_slug(business).pk, Way.COMMAND)
    mailboxes = list(queries.mailboxes(actor))
    if not mailboxes:
        raise Refusal(
            "no_mailbox", f"There is no mailbox in “{business}” yet.", mend="Read one in: handsel import-mail."
        )
    found = []
    with bar("Looking for kinds of request") as progress:
        for done, mailbox in enumerate(mailboxes):
            progress(done, len(mailboxes))
            tasks.mine_mailbox.call(str(actor.business_id), str(mailbox.pk))
            newest = mailbox.minings.latest("n")
            found.append({"mailbox": mailbox.name, "requests": newest.requests, "kinds": newest.counts.count()})
    for one in found:
        say(f"{one['mailbox']}: {one['kinds']} kinds of request in {one['requests']} requests.")
    answer(mailboxes=found)


def ready() -> None:
    """What looks at a database needs one of this version, with its guards."""
    ground.set_up()
    ground.check_database()
    ground.check_guards()
