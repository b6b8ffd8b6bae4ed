"""Signing people out, for whoever runs an installation."""

import click

from handsel.cli import ground
from handsel.cli.saying import answer, json_option, say
from handsel.values.refusals import Refusal


@click.command("sign-out")
@click.argument("mail", required=False)
@json_option
def sign_out(mail: str | None) -> None:
    """Sign a person out everywhere at once, or everybody where no MAIL is named."""
    ground.set_up()
    ground.check_database()
    ground.check_guards()
    from handsel.core import sessions
    from handsel.people.adapter import login_by_mail

    login_id = login_by_mail(mail) if mail else None
    if mail and login_id is None:
        raise Refusal("mail_unknown", f"Nobody logs in with {mail} here.", mend="Look at the spelling.")
    ended = sessions.end_all(login_id)
    say(f"{ended} session{'' if ended == 1 else 's'} ended.")
    answer(ended=ended)
