"""The rooms by floor, from the ground up; `front`, `api` and `cli` walk this list."""

NAMES = (
    "people", "playbooks", "planning", "proposals", "agreements", "handover", "ledger", "mail", "work", "payments",
    "talk", "figures",
)  # fmt: skip
