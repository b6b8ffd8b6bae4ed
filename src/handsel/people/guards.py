"""What happened with an invitation or a token stays."""

from handsel.core.guards import kept

GUARDS = kept("people_invitationanswer", "people_tokenrevocation")
