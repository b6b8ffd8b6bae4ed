"""What happened with an invitation stays."""

from handsel.core.guards import kept

GUARDS = kept("people_invitationanswer")
