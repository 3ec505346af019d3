"""Choices that live in the address."""

from streamlit.testing.v1 import AppTest


def test_the_address_names_the_option() -> None:
    assert a_page(size="large").selectbox[0].value == "large"


def test_without_an_address_the_first_option_is_chosen_and_nothing_is_written() -> None:
    page = a_page()

    assert page.selectbox[0].value == "small"
    assert "size" not in page.query_params


def test_an_option_that_does_not_exist_is_ignored() -> None:
    page = a_page(size="huge")

    assert not page.exception
    assert page.selectbox[0].value == "small"


def test_a_choice_is_written_and_the_usual_one_taken_away() -> None:
    page = a_page()

    page.selectbox[0].set_value("large").run()
    written = page.query_params.get("size")
    page.selectbox[0].set_value("small").run()

    assert written == "large"
    assert "size" not in page.query_params


def test_an_address_that_names_the_usual_option_is_left_as_it_is() -> None:
    assert a_page(size="small").query_params["size"] == "small"


def test_a_changed_address_is_obeyed() -> None:
    page = a_page(size="large")

    page.query_params["size"] = "middle"
    page.run()

    assert page.selectbox[0].value == "middle"


def test_an_address_that_names_nothing_any_more_leads_back_to_the_usual_option() -> None:
    page = a_page(size="large")

    del page.query_params["size"]
    page.run()

    assert page.selectbox[0].value == "small"


def test_a_number_in_the_address_is_on_the_slider_and_a_changed_one_is_written() -> None:
    def amounts() -> None:
        from ui.shared.choices import number_choice

        number_choice("Amount", "amount", 2, 9, 6)

    for asked, shown in (("4", 4), ("1", 6), ("x", 6), ("9" * 20, 6)):
        page = AppTest.from_function(amounts)
        page.query_params["amount"] = asked
        assert page.run().slider[0].value == shown

    page.slider[0].set_value(8).run()
    assert page.query_params["amount"] == "8"
    page.slider[0].set_value(6).run()
    assert "amount" not in page.query_params


def a_page(**address: str) -> AppTest:
    page = AppTest.from_function(_a_page_with_sizes)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def _a_page_with_sizes() -> None:
    import streamlit as st

    from ui.shared.filters import keep_in_address, take_from_address

    sizes = ["small", "middle", "large"]
    take_from_address("size", sizes)
    chosen = st.selectbox("Size", sizes, key="size", format_func=str.upper)
    keep_in_address("size", chosen, usual="small")
