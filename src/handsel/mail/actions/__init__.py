"""Every change about mail: what comes in, what is asked often, what is answered."""

from handsel.mail.actions.receiving import (
    begin_import,
    correct_addresses,
    end_import,
    open_mailbox,
    receive,
)

__all__ = ["begin_import", "correct_addresses", "end_import", "open_mailbox", "receive"]
