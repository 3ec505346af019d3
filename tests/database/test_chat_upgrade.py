"""Messages that existed before they were numbered: their order, and the keys of their questions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import URL, text

from database.engine import engine
from database.migrate import migrate
from database.refresh import refresh_stale
from tests import oracle, oracle_chat
from tests.database.snapshots import assert_same_rows, shown_rows
from tests.oracle import rows_of

AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
CREATOR, STUDENT, CHAT, OTHER_CHAT = (UUID(int=number) for number in (1, 2, 3, 4))
MINUTE = timedelta(minutes=1)
# id, conversation, role, content, at: within an instant the question comes first, whichever id is smaller.
MESSAGES = (
    (UUID(int=19), CHAT, "user", "What is C#?", AT),
    (UUID(int=11), CHAT, "assistant", "A language.", AT),
    (UUID(int=12), CHAT, "user", "What is C?", AT + MINUTE),
    (UUID(int=10), CHAT, "user", "Thanks", AT + 2 * MINUTE),
    (UUID(int=13), OTHER_CHAT, "user", "c", AT),
)


def test_messages_are_numbered_and_questions_told_apart_anew(empty_database: URL):
    migrate("0012")
    with engine().begin() as connection:
        connection.execute(
            text("insert into creators (id, name, timezone) values (:id, 'Mira Vale', 'UTC')"), {"id": CREATOR}
        )
        connection.execute(
            text("insert into students (creator_id, id, name, created_at) values (:creator, :id, 'Ada', :at)"),
            {"creator": CREATOR, "id": STUDENT, "at": AT},
        )
        connection.execute(
            text(
                "insert into chat_sessions (creator_id, id, student_id, started_at) values (:creator, :id, :who, :at)"
            ),
            [{"creator": CREATOR, "id": chat, "who": STUDENT, "at": AT} for chat in (CHAT, OTHER_CHAT)],
        )
        connection.execute(
            text(
                "insert into chat_messages (creator_id, id, session_id, student_id, role, content, created_at)"
                " values (:creator, :id, :chat, :who, :role, :content, :at)"
            ),
            [
                {"creator": CREATOR, "id": of, "chat": chat, "who": STUDENT, "role": role, "content": content, "at": at}
                for of, chat, role, content, at in sorted(MESSAGES, key=lambda message: message[0])
            ],
        )

    migrate()

    with engine().begin() as connection:  # everything is rebuilt, so no message has to report that its key has changed
        assert set(connection.execute(text("select kind from changes")).scalars()) == {"moved"}
    rows = {row["id"]: row for row in rows_of(CREATOR, "chat_messages")}
    assert [rows[of]["sequence"] for of, *_ in MESSAGES] == [1, 2, 3, 4, 1]
    c_sharp, answer, c, thanks, same_c = (rows[of]["question_key"] for of, *_ in MESSAGES)
    assert answer is None
    assert thanks is None
    assert c == same_c != c_sharp

    refresh_stale()
    for relation in ("asked_questions", "conversations", "question_totals"):
        wanted = getattr(oracle_chat, relation)(oracle.source(CREATOR), AT + 9 * MINUTE)
        assert_same_rows(relation, shown_rows(CREATOR, relation), wanted)
