"""What is kept of xAPI about one person: found by every name that statements may have for them."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from sources.xapi.keys import key
from sources.xapi.people import actor_names
from sources.xapi.storing import use_bytes

# Who stores or understands statements is waited for, and waits: nothing about the person comes back behind this.
WAIT = text(
    """
    select
        pg_advisory_xact_lock(hashtextextended('xapi understanding ' || cast(:creator_id as text), 0)),
        pg_advisory_xact_lock(hashtextextended('xapi ' || cast(:creator_id as text), 0))
    """
)
HOME_PAGES = text("select home_page from xapi_home_pages where creator_id = :creator_id")
ABOUT = """
        xapi_statements.creator_id = :creator_id
        and (
            xapi_statements.actor_key = any(cast(:agent_keys as uuid[]))
            or xapi_statements.object_key = any(cast(:agent_keys as uuid[]))
            or xapi_statements.id in (
                select statement_id
                from xapi_mentions
                where
                    xapi_mentions.creator_id = :creator_id
                    and xapi_mentions.agent_key = any(cast(:agent_keys as uuid[]))
            )
        )
"""
# Statements that only mention the person are about somebody else, and are not handed over.
STATEMENTS = text(
    """
    select statement
    from xapi_statements
    where
        creator_id = :creator_id
        and (actor_key = any(cast(:agent_keys as uuid[])) or object_key = any(cast(:agent_keys as uuid[])))
    order by stored_at asc
    """
)
DOCUMENTS = text(
    """
    select
        jsonb_build_object(
            'kind', kind,
            'id', document_id,
            'content_type', content_type,
            'content_base64', encode(content, 'base64'),
            'updated_at', updated_at
        )
    from xapi_documents
    where
        creator_id = :creator_id
        and agent_key = any(cast(:agent_keys as uuid[]))
    order by updated_at asc
    """
)
# In this order. Mentions and attachments are deleted with their statements.
SIZES = (
    text(
        f"""
        select coalesce(sum(length(xapi_statements.statement)), 0)
        from xapi_statements
        where {ABOUT}
        """
    ),
    text(
        f"""
        select coalesce(sum(length(xapi_attachments.content)), 0)
        from xapi_attachments
        join xapi_statements
            on xapi_statements.creator_id = xapi_attachments.creator_id
            and xapi_statements.id = xapi_attachments.statement_id
        where {ABOUT}
        """
    ),
    text(
        """
        select coalesce(sum(length(content)), 0)
        from xapi_documents
        where
            creator_id = :creator_id
            and agent_key = any(cast(:agent_keys as uuid[]))
        """
    ),
)
REMOVED = {
    "xapi_groups": text(
        "delete from xapi_groups where creator_id = :creator_id and actor_key = any(cast(:agent_keys as uuid[]))"
    ),
    "xapi_documents": text(
        "delete from xapi_documents where creator_id = :creator_id and agent_key = any(cast(:agent_keys as uuid[]))"
    ),
    "xapi_statements": text(f"delete from xapi_statements where {ABOUT}"),
}


def erase_statements(
    connection: Connection, creator_id: UUID, external_id: str, email: str | None
) -> Mapping[str, int]:
    """Remove every statement and document about a person, those that only mention them too; rows by table."""
    connection.execute(WAIT, {"creator_id": creator_id})
    asked = _asked(connection, creator_id, external_id, email)
    size = sum(int(connection.execute(statement, asked).scalar_one()) for statement in SIZES)
    removed = {table: connection.execute(statement, asked).rowcount for table, statement in REMOVED.items()}
    if size:
        use_bytes(connection, creator_id, -size)
    return removed


def statements_about(
    connection: Connection, creator_id: UUID, external_id: str, email: str | None
) -> Mapping[str, list[Any]]:
    """Every statement and document about a person, to hand over to them."""
    asked = _asked(connection, creator_id, external_id, email)
    return {
        "xapi_statements": [json.loads(told) for told in connection.execute(STATEMENTS, asked).scalars()],
        "xapi_documents": list(connection.execute(DOCUMENTS, asked).scalars()),
    }


def _asked(connection: Connection, creator_id: UUID, external_id: str, email: str | None) -> dict[str, Any]:
    home_pages = frozenset(connection.execute(HOME_PAGES, {"creator_id": creator_id}).scalars())
    names = actor_names(external_id, email, home_pages)
    return {"creator_id": creator_id, "agent_keys": [str(key("agent", name)) for name in names]}
