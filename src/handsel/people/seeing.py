"""Who may do what, and what the other side sees, as pages say it: from the table that is enforced."""

from dataclasses import dataclass
from importlib import import_module

from handsel.core.actions import all_actions
from handsel.people.permissions import TABLE
from handsel.values.actors import Actor, Role, Side

ROLES = (
    Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.BOOKKEEPER, Role.AUDITOR, Role.PROVIDER_ADMIN, Role.ASSISTANT,
)  # fmt: skip
ROOM_WORDS = {
    "people": "People", "playbooks": "Playbooks", "planning": "Plan", "proposals": "Proposals",
    "agreements": "Agreements", "handover": "Hand-over", "ledger": "What is owed", "mail": "Mail", "work": "Work",
    "payments": "Payments", "talk": "Talk", "figures": "Figures",
}  # fmt: skip
_NOBODY = {Role.SYSTEM: "Handsel itself", Role.BY_LINK: "whoever holds a mailed link"}

# What each side reads of the other; the rule itself stands in `models.Row.seen_by`, the tests hold both together.
OF_THE_OWNER = (
    "Your name and your part in this business; never your password, your theme or your other businesses.",
    "Terms, timesheets, approvals, invoices and payments of the engagement with them, with who decided what and when.",
    "Customers' mail only where you hand it over: by a stage for everything or for a kind of request, to that person alone, "
    "while the agreement is in force.",
    "Never your plans, cost models and budgets, nor anything of another provider.",
)
OF_THE_PROVIDER = (
    "Your name, your part, and who of your people works for this business.",
    "The time that you log here, with its notes, from the moment you write it; deliveries, replies and questions.",
    "When you read terms, a playbook or a reason, where the page asks you to confirm it.",
    "Never your other clients, what you earn there, or the timer while it runs for somebody else.",
)


@dataclass(frozen=True)
class Act:
    """One act: what it does in a sentence, who may call it, and the same in words."""

    sentence: str
    roles: frozenset[Role]
    who: str


def table() -> list[tuple[str, list[Act]]]:
    """Each room's word with its acts; left out is what only other acts call, or Handsel alone: no person may or may not."""
    for room in TABLE:
        import_module(f"handsel.{room}.actions")
    acts = all_actions()
    rooms = []
    for room, verbs in TABLE.items():
        rows = [_act(acts[f"{room}.{verb}"].__doc__ or verb, roles) for verb, roles in verbs.items()
                if roles - {Role.SYSTEM} and f"{room}.{verb}" in acts]  # fmt: skip
        if rows:
            rooms.append((ROOM_WORDS.get(room, room.capitalize()), rows))
    return rooms


def _act(docstring: str, roles: frozenset[Role]) -> Act:
    words = [role.value for role in ROLES if role in roles] + [word for role, word in _NOBODY.items() if role in roles]
    who = "everybody" if roles.issuperset(ROLES) else ", ".join(words)
    return Act(first_sentence(docstring), roles, who[0].upper() + who[1:])


def first_sentence(docstring: str) -> str:
    """The first sentence of a docstring, on one line."""
    words = " ".join(docstring.split())
    end = words.find(". ")
    return words[: end + 1] if end >= 0 else words


def of(actor: Actor) -> tuple[str, ...]:
    """What the other side sees of this person's side."""
    return OF_THE_OWNER if actor.side is Side.OWNER_SIDE else OF_THE_PROVIDER
