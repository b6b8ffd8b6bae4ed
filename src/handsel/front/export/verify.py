"""Looks whether an export of Handsel is whole, without Handsel: `python3 -I verify.py EXPORT.zip [PAPER.pdf …]`.

Python 3.9 or newer and nothing else. Nothing is unpacked, nothing is written, nothing leaves this machine.
Ends with 0 where everything fits together, 1 where something was changed (each finding is named), 2 where the file
cannot be read at all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FORMAT, VERSION = "handsel-export", 1
FIRST = "0" * 64  # stands before the first link
MOST_NAMED = 20  # findings of one kind that are printed; the rest are counted
SEAL_DIGITS = 16  # of a row's SHA-256, as the manifest lists them

Row = dict[str, Any]
_PARTS = {"made_at", "business", "side", "provider", "trail", "balances", "beyond", "files", "tables"}
# What is looked at more closely than row by row.
_CLOSELY = {
    "agreements_terms", "agreements_signature", "agreements_inforce", "agreements_rateline", "agreements_feeline",
    "agreements_paper", "ledger_charge", "ledger_transfer", "work_timeentry", "payments_document",
    "payments_documentline", "payments_issue", "payments_payment", "payments_documentpaper", "core_storedfile",
    "mail_rawmail",
}  # fmt: skip
# Decimals of a currency other than two (ISO 4217).
_DECIMALS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
                     "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}  # fmt: skip


class Unreadable(Exception):
    """The file is no export, or only part of one: one sentence."""


class Export:
    """An export as it was read: its manifest, the rows that are looked at closely, the trail, and what was found."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = archive.namelist()
        self.findings: dict[str, list[str]] = defaultdict(list)
        self.manifest = self._manifest()
        self.hashes: dict[str, str] = {}
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.ids: dict[str, set[str]] = defaultdict(set)
        self.refers: dict[tuple[str, str], str] = {}  # (table, id) → where it is referred to first
        self.trail: list[Row] = []

    def found(self, kind: str, sentence: str) -> None:
        self.findings[kind].append(sentence)

    def bytes_of(self, path: str) -> Iterator[bytes]:
        with self.archive.open(path) as member:
            while chunk := member.read(1 << 20):
                yield chunk

    def lines_of(self, path: str) -> Iterator[tuple[int, bytes]]:
        """Numbered lines of a file; what cannot be read is named, and ends them."""
        try:
            with self.archive.open(path) as member:
                for number, line in enumerate(member, start=1):
                    yield number, line.rstrip(b"\r\n")
        except DAMAGE:
            return  # its hash says so already

    def _manifest(self) -> Row:
        if "manifest.json" not in self.names:
            raise Unreadable("There is no manifest.json in it: this is not an export of Handsel.")
        try:
            text = self.archive.read("manifest.json")
            manifest = json.loads(text)
            fits = manifest["format"] == FORMAT
        except (*DAMAGE, ValueError, KeyError, TypeError, RecursionError):
            raise Unreadable("Its manifest.json was damaged and cannot be read; nothing can be compared.") from None
        if not fits or manifest.get("version") != VERSION:
            raise Unreadable("It was made by another version of Handsel: use the verify.py that lies in it.")
        if lacking := sorted(_PARTS - set(manifest)):
            raise Unreadable(f"Its manifest.json was changed: it lacks “{lacking[0]}”.")
        self._check_manifest(text)
        return dict(manifest)

    def _check_manifest(self, text: bytes) -> None:
        stated = self.archive.read("manifest.sha256")[:64].decode("ascii", "replace") if (
            "manifest.sha256" in self.names) else ""  # fmt: skip
        if stated != hashlib.sha256(text).hexdigest():
            self.found("files", "manifest.json was changed, or manifest.sha256: they do not belong together.")


DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


# ---------------------------------------------------------------- files


def check_files(export: Export) -> None:
    """Every file is there, once, with the SHA-256 that the manifest names; nothing lies beside them."""
    listed = {entry["path"]: entry for entry in export.manifest["files"]}
    for name, times in Counter(export.names).items():
        if times > 1:
            export.found("files", f"{name} is in it {times} times.")
        if name not in listed and name not in {"manifest.json", "manifest.sha256"}:
            export.found("files", f"{name} was added: the manifest does not know it.")
    for path, entry in listed.items():
        if path not in export.names:
            export.found("files", f"{path} is missing.")
            continue
        export.hashes[path] = digest = _hash_of(export, path)
        if digest != entry["sha256"]:
            export.found("files", f"{path} was changed: its SHA-256 is not the one in the manifest.")


def _hash_of(export: Export, path: str) -> str:
    total = hashlib.sha256()
    try:
        for chunk in export.bytes_of(path):
            total.update(chunk)
    except DAMAGE:
        return "damaged"
    return total.hexdigest()


def read_tables(export: Export) -> None:
    """Read every row once: its own hash, its key, and what it refers to."""
    for table, about in export.manifest["tables"].items():
        path = f"tables/{table}.jsonl"
        if path in export.names:
            _read_table(export, table, path, about)


def _read_table(export: Export, table: str, path: str, about: Row) -> None:
    seals = [about["seals"][n : n + SEAL_DIGITS] for n in range(0, len(about["seals"]), SEAL_DIGITS)]
    known, met = set(seals), set()
    for number, line in export.lines_of(path):
        seal = hashlib.sha256(line).hexdigest()[:SEAL_DIGITS]
        met.add(seal)
        if seal not in known:
            export.found("rows", f"{path}, row {number}: this row was changed or added.")
        _read_row(export, table, f"{path}, row {number}", line, about)
    for number, seal in enumerate(seals, start=1):
        if seal not in met:
            export.found("rows", f"{path}: what stood in row {number} is not there any more.")


def _read_row(export: Export, table: str, place: str, line: bytes, about: Row) -> None:
    try:
        row = json.loads(line)
        key = str(row["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        export.found("rows", f"{place}: this row cannot be read.")
        return
    row["_place"] = place
    if key in export.ids[table]:
        export.found("rows", f"{place}: a row with this key was there before.")
    export.ids[table].add(key)
    for field, target in about["refers"].items():
        if row.get(field):
            export.refers.setdefault((target, str(row[field])), f"{place}: {field}")
    if table in _CLOSELY:
        export.rows[table].append(row)


def check_references(export: Export) -> None:
    """What a row refers to is there too, or the manifest says that this side does not read it."""
    beyond = {(table, key) for table, keys in export.manifest["beyond"].items() for key in keys}
    for (table, key), place in export.refers.items():
        if key not in export.ids[table] and (table, key) not in beyond:
            export.found("rows", f"{place} names a row of {table} that is missing.")


def check_papers(export: Export) -> None:
    """Each kept paper is the one whose SHA-256 its row names."""
    for row in export.rows["core_storedfile"]:
        path = row.get("path")
        if not path:
            export.found("lost", f"{row.get('name')} was missing already when the export was made.")
        elif path not in export.names:
            export.found("papers", f"{path} is missing ({row['_place']} names it).")
        elif path in export.hashes and export.hashes[path] != row.get("digest"):
            export.found("papers", f"{path} is not the paper that {row['_place']} names.")
    listed = {entry["path"] for entry in export.manifest["files"]}
    for row in export.rows["mail_rawmail"] if export.manifest["side"] == "owner" else ():
        path = f"papers/mail/{row.get('digest')}.eml"
        if path not in export.names:
            export.found("papers" if path in listed else "lost", f"{path} is missing ({row['_place']} names it).")
        elif row.get("whole") and export.hashes.get(path, row["digest"]) != row["digest"]:
            export.found("papers", f"{path} is not the mail that {row['_place']} names.")


# ---------------------------------------------------------------- the trail


def canonical(value: Any) -> bytes:
    """One spelling for one value, as Handsel hashes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_trail(export: Export) -> None:
    for number, line in export.lines_of("trail.jsonl") if "trail.jsonl" in export.names else ():
        try:
            event = json.loads(line)
            event["number"], event["link"]
        except (ValueError, KeyError, TypeError, RecursionError):
            export.found("trail", f"trail.jsonl, line {number}: this event cannot be read.")
            continue
        export.trail.append(event)


def check_trail(export: Export) -> None:
    """Each event is the next one, its facts have their hash, and its link covers it and the link before."""
    before, expected = FIRST, 1
    for event in export.trail:
        number = event["number"]
        if number != expected:
            export.found("trail", f"Event {number} stands where event {expected} belongs.")
        if event.get("salt") and _facts_hash(event) != event.get("facts_hash"):
            export.found("trail", f"The facts of event {number} were changed.")
        if _link_of(export, before, event) != event["link"]:
            export.found("trail", f"Event {number} was changed, or what stands before it.")
        before, expected = event["link"], number + 1 if isinstance(number, int) else expected + 1
    _check_head(export)


def _facts_hash(event: Row) -> str:
    return hashlib.sha256(str(event["salt"]).encode() + canonical(event.get("facts"))).hexdigest()


def _link_of(export: Export, before: str, event: Row) -> str:
    names = ("at", "verb", "person", "way", "side", "thing_kind", "thing", "engagement", "facts_hash")
    if "seal" in event:  # an event that this side does not read
        return hashlib.sha256(canonical([before, event["seal"]])).hexdigest()
    parts = [export.manifest["trail"]["chain"], event["number"], *(event.get(name) for name in names)]
    seal = hashlib.sha256(canonical(parts)).hexdigest()
    return hashlib.sha256(canonical([before, seal])).hexdigest()


def _check_head(export: Export) -> None:
    last = export.trail[-1] if export.trail else {"number": 0, "link": ""}
    head = export.manifest["trail"]
    if last["number"] != head["number"]:
        export.found("trail", f"The trail ends with event {last['number']}; the manifest says {head['number']}.")
    elif last["link"] != head["head"]:
        export.found("trail", f"The seal of event {last['number']} is not the one that the manifest names.")


def check_seals(export: Export) -> None:
    """The entry and seal that stand on each paper are those of the trail."""
    links = {event["number"]: event["link"] for event in export.trail}
    for table in ("agreements_paper", "payments_documentpaper"):
        for row in export.rows[table]:
            if links.get(row.get("head_number")) != row.get("head"):
                export.found("trail", f"{row['_place']}: entry {row.get('head_number')} of the trail has another seal "
                             "than the paper.")  # fmt: skip


# ---------------------------------------------------------------- terms and signatures


def check_terms(export: Export) -> None:
    """Each text has its hash; each signature names the hash of the text; what is in force, both have signed."""
    signatures = defaultdict(list)
    for signature in export.rows["agreements_signature"]:
        signatures[signature.get("terms_id")].append(signature)
    in_force = {row.get("terms_id") for row in export.rows["agreements_inforce"]}
    for terms in export.rows["agreements_terms"]:
        real = hashlib.sha256(canonical(terms.get("document"))).hexdigest()
        if real != terms.get("hash"):
            export.found("terms", f"{terms['_place']}: the text of version {terms.get('n')} was changed.")
        for signature in signatures[terms["id"]]:
            if signature.get("document_hash") != real:
                export.found("terms", f"{signature['_place']}: the signature of {signature.get('name')} is over "
                             f"another text than version {terms.get('n')}.")  # fmt: skip
        sides = {signature.get("signed_side") for signature in signatures[terms["id"]]}
        if terms["id"] in in_force and sides != {"owner", "provider"}:
            export.found("terms", f"{terms['_place']}: version {terms.get('n')} is in force without both signatures.")
        _check_prices(export, terms)


def _check_prices(export: Export, terms: Row) -> None:
    """The prices that charges use are those of the text."""
    try:
        document = terms["document"]
        rates = {rate["kind"]: Decimal(rate["price"]) * 10000 for rate in document["rates"]}
        units = 10 ** _DECIMALS.get(document["currency"], 2)
        fees = {fee["name"]: Decimal(fee["amount"]) * units for fee in document["fees"]}
    except (KeyError, TypeError, ArithmeticError):
        return  # the hash of the text says so already
    for line in _of(export, "agreements_rateline", "terms_id", terms["id"]):
        if rates.get(line.get("kind")) != line.get("price_e4"):
            export.found("terms", f"{line['_place']}: the price of “{line.get('kind')}” is not the one in the text.")
    for line in _of(export, "agreements_feeline", "terms_id", terms["id"]):
        if fees.get(line.get("name")) != line.get("amount"):
            export.found("terms", f"{line['_place']}: the fee “{line.get('name')}” is not the one in the text.")


def _of(export: Export, table: str, field: str, key: Any) -> list[Row]:
    return [row for row in export.rows[table] if row.get(field) == key]


# ---------------------------------------------------------------- money


def check_charges(export: Export) -> None:
    """Quantity × price = amount, rounded once; the price is that of the terms, the time that of the entry."""
    prices = {row["id"]: row.get("price_e4") for row in export.rows["agreements_rateline"]}
    seconds = {row["id"]: row.get("seconds") for row in export.rows["work_timeentry"]}
    for charge in export.rows["ledger_charge"]:
        place, words = charge["_place"], charge.get("words")
        if _product(charge, charge["exponent"]) != charge["amount"]:
            export.found("money", f"{place}: the charge “{words}” does not multiply out.")
        if charge.get("rate_line_id") and prices.get(charge["rate_line_id"]) != charge["price_e4"]:
            export.found("money", f"{place}: the charge “{words}” has another price than its terms.")
        counted = seconds.get(charge.get("evidence_id"))
        if charge["kind"] == "time" and counted is not None and counted != charge["explanation"].get("seconds"):
            export.found("money", f"{place}: “{words}” counts other time than the entry that it is for.")
    _check_document_lines(export)


def _product(row: Row, exponent: int) -> int:
    """Hundredths × 1/10,000 of the currency in minor units, half away from zero."""
    exact = Decimal(row["quantity_e2"]) * Decimal(row["price_e4"]) / 1_000_000
    return int((exact * 10**exponent).quantize(Decimal(1), ROUND_HALF_UP))


def _check_document_lines(export: Export) -> None:
    sums: Counter[str] = Counter()
    exponents = {charge["id"]: charge["exponent"] for charge in export.rows["ledger_charge"]}
    kinds = {row["id"]: row.get("kind") for row in export.rows["payments_document"]}
    for line in export.rows["payments_documentline"]:
        sums[line["document_id"]] += line["amount"]
        exponent = exponents.get(line.get("charge_id"))
        whole = kinds.get(line["document_id"]) == "invoice" and exponent is not None
        if whole and abs(_product(line, exponent or 0) - line["amount"]) > 1:  # what a credit note left may round
            export.found("money", f"{line['_place']}: the line “{line.get('words')}” does not multiply out.")
    for issue in export.rows["payments_issue"]:
        if sums[issue["document_id"]] != issue["amount"]:
            export.found("money", f"{issue['_place']}: the lines of {issue.get('number')} add up to another sum.")


def check_ledger(export: Export) -> None:
    """Each account adds up to what the manifest says, each charge to its amount, and no more is moved than is there."""
    accounts: Counter[tuple[str, str, str]] = Counter()
    owed: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for transfer in export.rows["ledger_transfer"]:
        engagement, amount, currency = transfer["engagement_id"], transfer["amount"], transfer["currency"]
        for account, change in ((transfer["debit"], amount), (transfer["credit"], -amount)):
            accounts[engagement, account, currency] += change
            if account == "payable":
                documents[transfer["document_id"]] += change
        if (transfer["debit"], transfer["credit"]) == ("unbilled", "work"):
            owed[transfer["charge_id"]] += amount
    _check_accounts(export, accounts)
    for charge in export.rows["ledger_charge"]:
        if owed[charge["id"]] != charge["amount"]:
            export.found("money", f"{charge['_place']}: the ledger owes another sum for “{charge.get('words')}”.")
    for issue in export.rows["payments_issue"]:
        if documents[issue["document_id"]] < 0:
            export.found("money", f"{issue['_place']}: more was paid for {issue.get('number')} than it asks for.")


def _check_accounts(export: Export, accounts: Counter[tuple[str, str, str]]) -> None:
    stated = {(b["engagement"], b["account"], b["currency"]): b["amount"] for b in export.manifest["balances"]}
    for key in sorted({*stated, *accounts}):
        if accounts[key] != stated.get(key, 0):
            engagement, account, currency = key
            export.found("money", f"tables/ledger_transfer.jsonl: the account “{account}” of engagement {engagement} adds "
                         f"up to {accounts[key]} ({currency}, smallest unit); the manifest says {stated.get(key, 0)}.")  # fmt: skip


def check_money_in_trail(export: Export) -> None:
    """The sums that the trail names are those of the rows."""
    moved: Counter[str] = Counter()
    for transfer in export.rows["ledger_transfer"]:
        moved[transfer["posting_id"]] += transfer["amount"]
    issues = {row["document_id"]: row["amount"] for row in export.rows["payments_issue"]}
    paid: dict[str, set[int]] = defaultdict(set)
    for payment in export.rows["payments_payment"]:
        paid[payment["document_id"]].add(payment["amount"])
    for event in export.trail:
        sums: set[int] | None = {
            "ledger.owed": {moved[event.get("thing") or ""]},
            "payments.issued": {issues.get(event.get("thing") or "", -1)},
            "payments.credited": {issues.get(event.get("thing") or "", -1)},
            "payments.paid": paid.get(event.get("thing") or "", set()),
        }.get(event.get("verb") or "")
        if sums is not None and event.get("facts") and _minor(str(event["facts"].get("amount", ""))) not in sums:
            export.found("money", f"Event {event['number']} ({event['verb']}) names {event['facts'].get('amount')}; the "
                         "rows say otherwise.")  # fmt: skip


def _minor(written: str) -> int:
    """€1,351.50 → 135150: an amount is always written to the smallest unit."""
    return int(re.sub(r"[^0-9]", "", written) or -1)


# ---------------------------------------------------------------- papers and seals that somebody kept


def check_kept_papers(export: Export, papers: Sequence[str]) -> list[str]:
    """Compare papers that were kept elsewhere with those of the export, byte for byte; gives sentences."""
    by_hash = {row.get("digest"): row for row in export.rows["core_storedfile"]}
    seals = {row.get("file_id"): row for table in ("agreements_paper", "payments_documentpaper")
             for row in export.rows[table]}  # fmt: skip
    said = []
    for paper in papers:
        try:
            with open(paper, "rb") as file:  # noqa: PTH123 - no library but the standard one, and few of those
                row = by_hash.get(hashlib.sha256(file.read()).hexdigest())
        except OSError as trouble:
            raise Unreadable(f"{paper} cannot be read: {trouble.strerror}.") from None
        if row is None:
            export.found("kept", f"{paper} is none of the papers in this export: one of the two was changed.")
            continue
        seal = seals.get(row["id"])
        entry = f", sealed at entry {seal['head_number']} ({grouped(seal['head'])})" if seal else ""
        said.append(f"{paper} is {row['path']}{entry}.")
    return said


def check_entry(export: Export, number: int, seal: str) -> str:
    """Compare "entry 118, seal AB12 …" from a paper; gives the sentence for where it fits."""
    digits = re.sub(r"[^0-9a-f]", "", seal.lower())
    link = next((event["link"] for event in export.trail if event["number"] == number), None)
    if link is None:
        export.found("kept", f"There is no entry {number} in this trail: it was cut, or the paper is of another one.")
    elif not link.startswith(digits):
        export.found("kept", f"Entry {number} has the seal {grouped(link)}, not {grouped(digits)}: the record was "
                     "rewritten after your paper was printed.")  # fmt: skip
    return f"Entry {number} has the seal {grouped(digits)}, as on your paper."


def grouped(digest: str) -> str:
    """The first sixteen digits in four groups, as papers print them."""
    letters = digest[:16].upper()
    return " ".join(letters[n : n + 4] for n in range(0, len(letters), 4))


# ---------------------------------------------------------------- what is said


def verify(archive: zipfile.ZipFile) -> Export:
    """Look at everything in the archive; what was found stands in `findings`."""
    export = Export(archive)
    try:
        check_files(export)
        read_tables(export)
        read_trail(export)
        checks = (check_references, check_papers, check_trail, check_seals, check_terms)
        for check in (*checks, check_charges, check_ledger, check_money_in_trail):
            _try(check, export)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError):
        raise Unreadable("Its manifest.json lacks something that every export has: it was changed.") from None
    return export


def _try(check: Any, export: Export) -> None:
    """A check that stumbles over a row that makes no sense says so."""
    try:
        check(export)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as trouble:
        what = check.__name__.replace("check_", "").replace("_", " ")
        export.found("rows", f"While looking at the {what}, a row made no sense: {trouble!r}.")


def _report(export: Export, said: Sequence[str]) -> int:
    manifest = export.manifest
    head = manifest["trail"]
    for_whom = f"provider’s side ({manifest['provider']['name']})" if manifest["provider"] else "owner’s side"
    made = manifest["made_at"][:16].replace("T", " ")
    _say(f"Export of {manifest['business']['name']}, {for_whom}, made {made} UTC.")
    rows = sum(len(keys) for keys in export.ids.values())
    _say(f"Looked at {len(manifest['files'])} files, {rows} rows, {len(export.trail)} events, "
         f"{len(export.rows['agreements_signature'])} signatures, {len(export.rows['ledger_charge'])} charges.")  # fmt: skip
    for sentence in said:
        _say(sentence)
    found = sum(len(sentences) for sentences in export.findings.values())
    if not found:
        _say(f"Everything fits together. The trail ends with entry {head['number']}, seal {grouped(head['head'])}.")
        _say("Whoever runs a server could rewrite a whole record. So compare with a paper that you kept: add its file, or "
             f"--entry and --seal as printed on it ({head['hidden']} events are sealed, without what they say).")  # fmt: skip
        return 0
    _say(f"{found} {'thing does' if found == 1 else 'things do'} not fit:")
    for sentences in export.findings.values():
        for sentence in sentences[:MOST_NAMED]:
            _say(f"- {sentence}")
        if len(sentences) > MOST_NAMED:
            _say(f"- and {len(sentences) - MOST_NAMED} more like this.")
    return 1


def _say(sentence: str) -> None:
    sys.stdout.write(sentence.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"))
    sys.stdout.write("\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="verify.py", description="Look whether an export of Handsel is whole.")
    parser.add_argument("export", help="the export, a .zip file")
    parser.add_argument("papers", nargs="*", help="papers that you kept, to compare")
    parser.add_argument("--entry", type=int, help="the entry that is printed on a paper")
    parser.add_argument("--seal", default="", help="the seal that is printed beside it")
    given = parser.parse_args(argv)
    if (given.entry is None) != (not given.seal):
        parser.error("--entry and --seal belong together, as on the paper.")
    if given.seal and len(re.sub(r"[^0-9a-fA-F]", "", given.seal)) < 8:
        parser.error("the seal needs at least eight of its digits.")
    return given


def main(argv: Sequence[str] | None = None) -> int:
    """Verify as the command line says; gives the exit code."""
    given = _arguments(argv)
    try:
        with zipfile.ZipFile(given.export) as archive:
            export = verify(archive)
            said = check_kept_papers(export, given.papers)
            if given.entry is not None:
                sentence = check_entry(export, given.entry, given.seal)
                said += [] if export.findings["kept"] else [sentence]
            return _report(export, said)
    except Unreadable as trouble:
        _say(f"{given.export}: {trouble}")
    except (KeyError, TypeError, ValueError, AttributeError):
        _say(f"{given.export}: Its manifest.json was changed: something in it makes no sense.")
    except FileNotFoundError:
        _say(f"There is no file {given.export}.")
    except IsADirectoryError:
        _say(f"{given.export} is a folder. Name the .zip file.")
    except OSError as trouble:
        _say(f"{given.export} cannot be read: {trouble.strerror or trouble}.")
    except DAMAGE:
        _say(f"{given.export} is not a whole zip file. If it was downloaded or copied, do that again.")
    return 2


if __name__ == "__main__":
    sys.exit(main())
