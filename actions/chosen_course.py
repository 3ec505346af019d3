"""The course an account has chosen, kept for its next visit."""

from uuid import UUID

from sqlalchemy import text

from database.accounts import Account, may_write
from database.tenancy import tenant_tx

KEEP = text(
    """
    insert into chosen_courses (creator_id, account_id, course_id, run_id)
    values (:creator_id, :account_id, :course_id, :run_id)
    on conflict (creator_id, account_id) do update set
        course_id = excluded.course_id,
        run_id = excluded.run_id,
        chosen_at = excluded.chosen_at
    """
)
FORGET = text("delete from chosen_courses where creator_id = :creator_id and account_id = :account_id")


def keep_chosen_course(author: Account, creator_id: UUID, course_id: UUID | None, run_id: UUID | None) -> None:
    """Remember the course and the run for the account's next visit; both None: all courses.

    Raises InputError for staff, who have read-only access.
    """
    may_write(author, creator_id)
    of = {"creator_id": creator_id, "account_id": author.id}
    with tenant_tx(creator_id) as connection:
        if course_id is None and run_id is None:
            connection.execute(FORGET, of)
        else:
            connection.execute(KEEP, of | {"course_id": course_id, "run_id": run_id})
