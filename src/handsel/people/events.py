"""The verbs of people for the trail."""

from handsel.core.trail import Verb

BUSINESS_OPENED = Verb("people.business_opened", "opened the business in Handsel")
PROVIDER_OPENED = Verb("people.provider_opened", "opened an account for {name}")
INVITED = Verb("people.invited", "invited somebody as {role}", told=("owner",))
INVITATION_REVOKED = Verb("people.invitation_revoked", "took an invitation back")
JOINED = Verb("people.joined", "joined as {role}", told=("owner", "provider"))
CAME_AGAIN = Verb("people.came_again", "followed an invitation, and was here already")
LEFT = Verb("people.left", "left", told=("owner", "provider"))
LINK_MADE = Verb("people.link_made", "made a one-time log-in link")
TOKEN_MADE = Verb("people.token_made", "let a program in, to {scopes}")
TOKEN_REVOKED = Verb("people.token_revoked", "shut a program out")
RATES_SHOWN = Verb("people.rates_shown", "let the firm’s assistants read what the work pays", seen_by=("provider",))
RATES_HIDDEN = Verb("people.rates_hidden", "kept from the firm’s assistants what the work pays", seen_by=("provider",))
EXPORTED = Verb("people.exported", "took a copy of everything that their side reads")
PERSON_STRUCK = Verb("people.person_struck", "struck what is personal of somebody who left")
LINK_USED = Verb("people.link_used", "came in by a one-time link")

EVENTS = (
    BUSINESS_OPENED, PROVIDER_OPENED, INVITED, INVITATION_REVOKED, JOINED, CAME_AGAIN, LEFT, LINK_MADE, LINK_USED,
    TOKEN_MADE, TOKEN_REVOKED, RATES_SHOWN, RATES_HIDDEN, EXPORTED, PERSON_STRUCK,
)  # fmt: skip
