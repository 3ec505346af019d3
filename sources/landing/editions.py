"""The editions of questions after an undo: those that the imports that are left brought."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from sources.landing.refold import Refolded
from sources.landing.relations import Key
from sources.landing.tables import array

EDITIONS = text(
    """
    select
        question_id,
        edition,
        began_at,
        kind,
        prompt,
        options,
        correct_answer
    from question_editions
    where
        creator_id = :creator_id
        and question_id = any(cast(:ids as uuid[]))
        and not exists (
            select
            from markings
            where
                markings.creator_id = question_editions.creator_id
                and markings.question_id = question_editions.question_id
        )
    order by
        question_id,
        edition
    """
)
REMOVE = text(
    """
    delete from question_editions
    where
        creator_id = :creator_id
        and question_id = :question_id
    """
)
ADD = text(
    """
    insert into question_editions (creator_id, question_id, edition, began_at, kind, prompt, options, correct_answer)
    values (
        :creator_id,
        :question_id,
        :edition,
        :began_at,
        :kind,
        :prompt,
        cast(:options as jsonb),
        :correct_answer
    )
    """
)
NUMBER = text(
    """
    update quiz_questions
    set
        edition = :edition,
        edition_began_at = case when :edition > 1 then coalesce(:began_at, edition_began_at) end
    where
        creator_id = :creator_id
        and id = :question_id
    """
)

Content = tuple[str, str, tuple[str, ...], str | None]  # kind, prompt, options, correct answer


def settle(connection: Connection, creator_id: UUID, again: Mapping[Key, Refolded]) -> None:
    """Remove the editions that only the undone import brought, and count the others again."""
    told = [key[0] for key, one in again.items() if one.history]
    asked = {"creator_id": creator_id, "ids": array("uuid", told)}
    editions: dict[UUID, list[Any]] = {}
    for row in connection.execute(EDITIONS, asked):
        editions.setdefault(row.question_id, []).append(row)
    for question_id, known in editions.items():
        one = again[(question_id,)]
        earlier = {_content(values) for values in one.history} - {_content(one.values)}
        _write(connection, creator_id, question_id, known, [row for row in known if _of(row) in earlier], one)


def _write(
    connection: Connection,
    creator_id: UUID,
    question_id: UUID,
    known: Sequence[Any],
    kept: Sequence[Any],
    one: Refolded,
) -> None:
    asked = {"creator_id": creator_id, "question_id": question_id}
    connection.execute(REMOVE, asked)
    for edition, row in enumerate(kept, start=1):
        told = {"kind": row.kind, "prompt": row.prompt, "options": json.dumps(row.options)}
        began_at = row.began_at if edition > 1 else None
        connection.execute(
            ADD, {**asked, **told, "edition": edition, "began_at": began_at, "correct_answer": row.correct_answer}
        )
    began_at = next((row.began_at for row in known if _of(row) == _content(one.values)), None)
    connection.execute(NUMBER, {**asked, "edition": len(kept) + 1, "began_at": began_at})


def _content(values: Sequence[Any]) -> Content:
    return values[1], values[0], tuple(values[2]), values[3]


def _of(row: Any) -> Content:
    return row.kind, row.prompt, tuple(row.options), row.correct_answer
