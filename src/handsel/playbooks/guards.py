"""What was published, assigned, acknowledged, asked and answered stays as it was."""

from handsel.core.guards import AnyGuard, kept

GUARDS: list[AnyGuard] = [
    *kept(
        "playbooks_playbookversion", "playbooks_assignment", "playbooks_acknowledgement", "playbooks_question",
        "playbooks_answer",
    )
]  # fmt: skip
