"""Who an actor is: the student's id, as the creator's other sources would name them."""

from collections.abc import Set as AbstractSet

from database.mail_addresses import address_key
from sources.facts import Student
from sources.xapi.keys import Json, actor_name

LONGEST_NAME = 200


def student_id(agent: Json, own_home_pages: AbstractSet[str] = frozenset()) -> str:
    """The id of the student.

    An address, or the account's home page and name: names of two home pages are two people. On a home page that the
    creator has declared as theirs, an account's name alone is the id.
    """
    if "mbox" in agent:
        return address_key(str(agent["mbox"]).removeprefix("mailto:"))
    account = agent.get("account", {})
    if account and account["homePage"] in own_home_pages:
        return str(account["name"]).replace("\0", "")
    return str(actor_name(agent)).replace("\0", "")


def student(agent: Json, own_home_pages: AbstractSet[str] = frozenset()) -> Student:
    """The student with what the actor says about them."""
    email = address_key(str(agent["mbox"]).removeprefix("mailto:")) if "mbox" in agent else None
    name = " ".join(str(agent.get("name", "")).replace("\0", "").split())[:LONGEST_NAME] or None
    return Student(student_id(agent, own_home_pages), name=name, email=email)


def actor_names(external_id: str, email: str | None, home_pages: AbstractSet[str]) -> list[str]:
    """Every name under which statements may be about a student with this id and this address."""
    found = [external_id, f"mailto:{address_key(external_id)}"]
    found += [f"{page} {external_id}" for page in sorted(home_pages)]
    return [*found, f"mailto:{address_key(email)}"] if email else found
