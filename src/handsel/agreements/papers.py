"""Terms as a paper: the facts that the printer needs."""

from zoneinfo import ZoneInfo

from handsel.agreements import rules, wording
from handsel.agreements.models import Signature, Terms
from handsel.ui import papers
from handsel.values.days import day_in_words, day_of


def sealed(terms: Terms, business: str, number: int, head: str) -> bytes:
    """The PDF with both signatures, the certificate, and the head of the record of which it is part."""
    return _print(terms, business, f"Record of {business}, entry {number}, seal {_grouped(head)}", seal=head)


def draft(terms: Terms, business: str) -> bytes:
    """The PDF of a version that is not in force: the halves stay apart."""
    return _print(terms, business, f"Not in force. Fingerprint of this text: {_grouped(terms.hash)}", seal="")


def _print(terms: Terms, business: str, record: str, seal: str) -> bytes:
    provider = terms.engagement.provider.name
    signatures = {s.signed_side: s for s in terms.signatures.all()}
    agreed = rules.agreed_of(terms.document)
    day = max((day_of(s.made_at, terms.zone) for s in signatures.values()), default=day_of(terms.made_at, terms.zone))
    paper = papers.Terms(
        day=day,
        title=f"Terms, version {terms.n}",
        heading="Terms of engagement",
        owner=papers.Party(business),
        provider=papers.Party(provider),
        meta=(
            papers.Meta(f"Version {terms.n}", firm=True),
            papers.Meta(f"From {day_in_words(terms.valid_from, year=True)}"),
        ),
        record=record,
        between=f"between {business} and {provider}",
        parts=tuple(wording.parts(agreed, business, provider)),
        owner_signs=_signing(business, "owner", signatures.get("owner"), terms.zone),
        provider_signs=_signing(provider, "provider", signatures.get("provider"), terms.zone),
        fingerprint=_grouped(terms.hash),
        seal=tuple(_grouped(seal).split()) if seal else (),
        evidence=tuple(_evidence(s) for s in signatures.values()) if seal else (),
    )
    return papers.render(paper.template, paper.as_facts())


def _signing(party: str, side: str, signature: Signature | None, zone: str) -> papers.Signing:
    word = f"For {party}, {side}"
    if signature is None:
        return papers.Signing(word, f"Somebody of {party} signs here")
    local = signature.made_at.astimezone(ZoneInfo(zone))
    return papers.Signing(word, f"{local.day} {local:%b %Y, %H:%M}, {zone}", signature.name, signed=True)


def _evidence(signature: Signature) -> papers.Evidence:
    address, _, program = signature.origin.partition(" ")
    return papers.Evidence(
        side="owner" if signature.signed_side == "owner" else "provider",
        name=signature.name,
        word=f"For the {signature.signed_side}",
        mail=signature.mail,
        time_utc=signature.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        address=address or "not known",
        program=program or "not known",
        consent=rules.CONSENT,
        consent_hash=signature.consent_hash,
        document_hash=signature.document_hash,
    )


def _grouped(digest: str) -> str:
    """The first sixteen digits in four groups, as people compare them."""
    letters = digest[:16].upper()
    return " ".join(letters[n : n + 4] for n in range(0, 16, 4))
