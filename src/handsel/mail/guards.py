"""Mail: what was received and sent stays; a conversation's status follows its records; what is open never goes out."""

from collections.abc import Iterator
from dataclasses import dataclass

from handsel.core.guards import STATUS, Follows, Guard, Kept, Says, Trigger, _trigger, kept, refusing

NOT_BY_ASSISTANT = Says("not_released", "Only the owner's side sends a reply.", "Submit it; it is read and then sent.")
SLOT_OPEN = Says("slot_open", "A place in this reply is still to be filled in.", "Put the words in its place.")

# The first that fits, as `rules.conversation_status` says it. A closure holds until the customer writes again.
_STATUS = """CASE
WHEN EXISTS (SELECT 1 FROM mail_closure c WHERE c.conversation_id = {thing} AND NOT EXISTS (SELECT 1 FROM mail_message m
  WHERE m.conversation_id = {thing} AND m.kind = 'person' AND NOT m.outgoing AND m.made_at > c.made_at)) THEN 'closed'
WHEN EXISTS (SELECT 1 FROM mail_reply r WHERE r.conversation_id = {thing} AND r.status = 'in review')
  THEN 'waiting for review'
ELSE COALESCE((SELECT CASE WHEN m.outgoing THEN 'waiting for customer' ELSE 'needs reply' END FROM mail_message m
  WHERE m.conversation_id = {thing} AND m.kind IN ('person', 'machine') ORDER BY m.at DESC, m.id DESC LIMIT 1), 'filed')
END"""
_LATEST = "(SELECT MAX(m.at) FROM mail_message m WHERE m.conversation_id = {thing})"


@dataclass(frozen=True)
class FollowsTime(Follows):
    """Like `Follows`, for columns whose records come in any order: an import brings an older mail after a newer one.

    texts: column → SQL for its value, over the key `{thing}`. sources: (table, its column naming the thing, event).
    """

    texts: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str, str], ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *dict.fromkeys(table for table, _, _ in self.sources))

    @property
    def sayings(self) -> tuple[Says, ...]:
        return (STATUS,)

    def expression(self, thing: str) -> str:
        return dict(self.texts)[self.column].replace("{thing}", thing)

    def triggers(self, vendor: str, columns: dict[str, list[str]]) -> Iterator[Trigger]:
        strays = " OR ".join(
            f'NEW."{column}" IS DISTINCT FROM ({text.replace("{thing}", "NEW.id")})' for column, text in self.texts
        )
        for event in ("INSERT", "UPDATE"):
            yield refusing(vendor, f"{self.name}_{event.lower()}", self.table, event, strays, STATUS.code)
        for table, column, event in self.sources:
            values = ", ".join(f'"{c}" = ({t.replace("{thing}", f"NEW.{column}")})' for c, t in self.texts)
            yield _trigger(
                vendor, f"{table}_moves_{self.table}_{event.lower()}", table, f"AFTER {event}",
                f"UPDATE {self.table} SET {values} WHERE id = NEW.{column};",
            )  # fmt: skip


GUARDS = [
    *kept(
        "mail_rawmail", "mail_sighting", "mail_parse", "mail_messagereference", "mail_party", "mail_attachment",
        "mail_placement", "mail_closure", "mail_replyversion", "mail_replytemplate", "mail_replysubmission",
        "mail_replyreturn", "mail_discard", "mail_send",
    ),
    Kept("mail_message", except_for=("outgoing",), strike=("text", "html")),
    Follows(
        "mail_reply",
        "draft",
        (
            ("mail_replysubmission", "reply_id", "in review"),
            ("mail_replyreturn", "reply_id", "returned"),
            ("mail_discard", "reply_id", "discarded"),
            ("mail_send", "reply_id", "sent"),
        ),
    ),
    FollowsTime(
        "mail_conversation",
        "filed",
        (),
        texts=(("status", _STATUS), ("latest_at", _LATEST)),
        sources=(
            ("mail_message", "conversation_id", "INSERT"),
            ("mail_message", "conversation_id", "UPDATE"),
            ("mail_reply", "conversation_id", "UPDATE"),
            ("mail_closure", "conversation_id", "INSERT"),
        ),
    ),
    Guard(
        "mail_send_by_owner_side",
        "mail_send",
        "NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.business_id = NEW.business_id "
        "AND m.person_id = NEW.person_id AND m.left_at IS NULL AND m.role IN ('owner', 'manager'))",
        NOT_BY_ASSISTANT,
        events=("INSERT",),
        reads=("people_membership",),
    ),
    Guard(
        "mail_send_whole",
        "mail_send",
        "EXISTS (SELECT 1 FROM mail_replyversion v WHERE v.id = NEW.version_id "
        "AND (v.waiting > 0 OR v.text LIKE '%{{%' OR v.text LIKE '%[[%' OR v.reply_id <> NEW.reply_id))",
        SLOT_OPEN,
        events=("INSERT",),
        reads=("mail_replyversion",),
    ),
]  # fmt: skip
