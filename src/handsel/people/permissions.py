"""Who may do what: role × action, in one table, shown as a page.

A row names an action (`room.verb`) and the roles that may call it. What only other actions call stands here with no
role. `O` owner, `M` manager, `R` reviewer, `B` bookkeeper, `P` provider admin, `A` assistant, `H` Handsel itself,
`L` whoever comes by a mailed link. The auditor reads everything on the owner's side and does nothing.
"""

from functools import cache

from handsel.values.actors import Role

O, M, R, B, P, A = (  # noqa: E741 - the letters of the table
    Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.BOOKKEEPER, Role.PROVIDER_ADMIN, Role.ASSISTANT,
)  # fmt: skip
H, L = Role.SYSTEM, Role.BY_LINK
EVERYBODY = frozenset({O, M, R, B, Role.AUDITOR, P, A})
NOBODY: frozenset[Role] = frozenset()

# Rooms whose things a role does not read, although its side does: customers' mail, and what work may cost.
NOT_READ: dict[Role, tuple[str, ...]] = {B: ("mail", "planning", "proposals"), R: ("planning", "proposals")}

# room → verb → roles
TABLE: dict[str, dict[str, frozenset[Role]]] = {
    "people": {
        "sign_up": frozenset({H}),
        "create_owner": frozenset({H}),
        "invite": frozenset({O, M, P}),
        "revoke_invitation": frozenset({O, M, P}),
        "accept_invitation": frozenset({L}),
        "leave": EVERYBODY - {O},
        "remove_member": frozenset({O, P}),
        "strike_person": frozenset({O, P}),
        "show_rates": frozenset({P}),
        "hide_rates": frozenset({P}),
        "make_log_in_link": frozenset({H}),
        "use_log_in_link": frozenset({H}),
        "prefer": EVERYBODY,
        "see_notices": EVERYBODY,
        "sign_out_elsewhere": EVERYBODY,
        "create_token": EVERYBODY,
        "revoke_token": EVERYBODY,
        "note_token_use": EVERYBODY,
        "note_export": frozenset({O, M, B, Role.AUDITOR, P, H}),
        "open_provider": NOBODY,
        "join": NOBODY,
    },
    "playbooks": {
        "publish": frozenset({O, M}),
        "assign": frozenset({O, M}),
        "acknowledge": frozenset({P, A}),
        "ask": frozenset({P, A}),
        "answer": frozenset({O, M}),
    },
    "handover": {
        "place_stage": frozenset({O, M}),
        "plan_share": frozenset({O, M}),
        "submit_output": NOBODY,
        "give_verdict": NOBODY,
        "note_handled": NOBODY,
    },
    "planning": {
        "record_area": frozenset({O, M}),
        "estimate": frozenset({O, M}),
        "note_evidence": frozenset({O, M, H}),
        "place": frozenset({O, M}),
        "answer_plan": frozenset({O, M}),
        "complete_plan": frozenset({O, M}),
    },
    "proposals": {
        "make_version": frozenset({O, M}),
        "send": frozenset({O, M}),
        "revoke": frozenset({O, M}),
        "ask": frozenset({L}),
        "answer": frozenset({O, M}),
        "consent": frozenset({L}),
        "decline": frozenset({O, M, L}),
        "award": NOBODY,
        "close": frozenset({O, M}),
        "file_paper": frozenset({H}),
    },
    "agreements": {
        "draw_up": frozenset({O, M}),
        "amend": frozenset({O, M, P}),
        "invite_to_sign": frozenset({O, M}),
        "withdraw_terms": frozenset({O, M, P}),
        "note_seen": frozenset({O, P}),
        "sign": frozenset({O, P}),
        "decline": frozenset({O, P}),
        "pause": frozenset({O, P}),
        "resume": frozenset({O, P}),
        "call_off_pause": frozenset({O, P}),
        "end": frozenset({O, P}),
        "name_worker": frozenset({P}),
        "file_paper": frozenset({H}),
    },
    "ledger": {
        "owe": NOBODY,
        "unowe": NOBODY,
        "post": NOBODY,
    },
    "mail": {
        "open_mailbox": frozenset({O, M, H}),
        "correct_addresses": frozenset({O, M}),
        "begin_import": frozenset({O, M, H}),
        "receive": frozenset({O, M, H}),
        "end_import": frozenset({O, M, H}),
        "begin_mining": frozenset({O, M, H}),
        "note_kinds": frozenset({H}),
        "rename_kind": frozenset({O, M}),
        "edit_template": frozenset({O, M}),
        "write": frozenset({O, M, P, A}),
        "submit": frozenset({P, A}),
        "release": frozenset({O, M}),
        "send_back": frozenset({O, M, R}),
        "judge_practice": frozenset({O, M, R}),
        "discard": frozenset({O, M, P, A}),
        "close": frozenset({O, M, P, A}),
        "settle_send": frozenset({O, M}),
    },
    "work": {
        "start_timer": frozenset({P, A}),
        "stop_timer": frozenset({P, A}),
        "log": frozenset({P, A}),
        "change": frozenset({P, A}),
        "discard": frozenset({P, A}),
        "fill_week": frozenset({P, A}),
        "submit": frozenset({P, A}),
        "withdraw": frozenset({P, A}),
        "decide": frozenset({O, M}),
        "reopen": frozenset({O, M}),
        "deliver": frozenset({P, A}),
        "accept": frozenset({O, M, R}),
        "return_task": frozenset({O, M, R}),
    },
    "payments": {
        "draft": frozenset({P}),
        "discard_draft": frozenset({P}),
        "issue": frozenset({P}),
        "credit": frozenset({P}),
        "record_payment": frozenset({O, B}),
        "file_paper": frozenset({H}),
    },
    "front": {
        "import_side": frozenset({H}),
    },
    "talk": {
        "log_call": frozenset({O, M, R, P, A}),
        "hold_check_in": frozenset({O, M, P}),
        "comment": frozenset({O, M, R, B, P, A}),
        "subscribe": frozenset({O, P}),
        "pause_subscription": frozenset({O, P}),
        "resume_subscription": frozenset({O, P}),
        "remove_subscription": frozenset({O, P}),
        "send_again": frozenset({O, P}),
        "tell": frozenset({H}),
    },
}


@cache
def grants_of(role: Role) -> frozenset[str]:
    """The actions that a role may call."""
    return frozenset(
        f"{room}.{verb}" for room, verbs in TABLE.items() for verb, roles in verbs.items() if role in roles
    )
