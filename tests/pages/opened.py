"""The app as somebody sees it: opened without a browser, with an account that is signed in."""

from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from tests.builders import ACreator
from tests.pages.shown_tables import tables_in

ADD_ACCOUNT = text(
    """
    insert into dashboard_users (issuer, subject, name, role, creator_id)
    values ('tests', gen_random_uuid()::text, :name, :role, :creator_id)
    returning id
    """
)
SECONDS = 30


def an_account(creator: ACreator | None, name: str = "Ira Bloom") -> UUID:
    """An account of this creator or, without one, of the staff."""
    role = "creator" if creator else "staff"
    with platform_tx() as connection:
        added: UUID = connection.execute(
            ADD_ACCOUNT, {"name": name, "role": role, "creator_id": creator and creator.id}
        ).scalar_one()
        return added


def opened(account_id: UUID | None, page: str = "overview", /, **address: str) -> AppTest:
    """The page after its first run, with this account signed in and these parameters in the address."""
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=SECONDS)
    if account_id:
        app.session_state["account_id"] = account_id
    if page != "overview":
        app.run()
        app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py"))
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def words(app: AppTest) -> str:
    """Everything the page says outside the sidebar, in order."""
    return "\n".join(_said(element) for element in app.main)


def figures(app: AppTest) -> dict[str, str]:
    """The cards: title to figure."""
    return {metric.label: metric.value for metric in app.metric}


def _said(element: Any) -> str:
    value = getattr(element, "value", None)
    if element.type == "bidi_component":
        return "\n".join(shown.words() for shown in tables_in([element]))
    told = value.to_csv() if isinstance(value, pd.DataFrame) else value
    return " ".join(str(part) for part in (getattr(element, "label", ""), told) if part)
