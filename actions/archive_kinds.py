"""The statements that archive and restore each kind of rows."""

from dataclasses import dataclass

from sqlalchemy import TextClause, text

from database.statements import sql


@dataclass(frozen=True)
class Kind:
    """In the order of use. `found` gives ids of old rows of some students, `locked` keeps them from changing, and
    `lines` gives each of them as JSON, with how many rows it is and from when to when."""

    found: TextClause
    locked: TextClause
    lines: TextClause
    closed: tuple[TextClause, ...]
    removed: tuple[TextClause, ...]
    reopened: TextClause  # closed rows are deleted, those that hang on them too
    restored: tuple[TextClause, ...]


CHAT = Kind(
    found=text(sql("actions/archive_chat_found")),
    locked=text(
        """
        select id
        from chat_sessions
        where
            creator_id = :creator_id
            and id = any(:ids)
        order by id
        for update
        """
    ),
    lines=text(sql("actions/archive_chat_lines")),
    closed=(text(sql("actions/archive_chat_close_sessions")), text(sql("actions/archive_chat_close_messages"))),
    removed=(
        text("delete from chat_messages where creator_id = :creator_id and session_id = any(:ids)"),
        text("delete from chat_sessions where creator_id = :creator_id and id = any(:ids)"),
    ),
    reopened=text("delete from closed_chat_sessions where creator_id = :creator_id and archive_id = :archive_id"),
    restored=(text(sql("actions/archive_chat_restore_sessions")), text(sql("actions/archive_chat_restore_messages"))),
)
ACTIVITY = Kind(
    found=text(sql("actions/archive_activity_found")),
    locked=text(
        """
        select id
        from activity_events
        where
            creator_id = :creator_id
            and id = any(:ids)
        order by id
        for update
        """
    ),
    lines=text(sql("actions/archive_activity_lines")),
    closed=(text(sql("actions/archive_activity_close")),),
    removed=(text("delete from activity_events where creator_id = :creator_id and id = any(:ids)"),),
    reopened=text("delete from closed_events where creator_id = :creator_id and archive_id = :archive_id"),
    restored=(text(sql("actions/archive_activity_restore")),),
)
KINDS = {"chat": CHAT, "activity": ACTIVITY}
