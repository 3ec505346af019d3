"""The numbers below a list follow the address, and Streamlit has nothing to warn of."""

from typing import Any

import pytest
from streamlit import runtime
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize(("address", "page"), [("", 1), ("1", 1), ("3", 3), ("4", 1), ("x", 1)])
def test_the_page_in_the_address_is_shown(address: str, page: int) -> None:
    assert shown(a_list(address)) == (page, 3)


def test_a_step_back_is_followed_without_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runtime, "exists", lambda: True)  # as in a server: Streamlit warns nowhere else
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    app = a_list("2")

    for address in ("", "3", "2", "3"):
        app.query_params["page"] = address
        app.run()
        assert not app.exception
        assert shown(app) == (int(address or 1), 3)

    assert [record.message for record in caplog.records if "default value" in record.message] == []


def a_list(page: str) -> AppTest:
    app = AppTest.from_function(_a_list)
    app.query_params["page"] = page
    return app.run()


def shown(app: AppTest) -> tuple[int, int]:
    numbers: Any = app.get("pagination")[0]
    return numbers.value, numbers.proto.num_pages


def _a_list() -> None:
    from ui.shared.paging import page_choice

    page_choice("page", 120, 50)
