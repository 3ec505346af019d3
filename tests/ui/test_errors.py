"""A page that fails says so in the dashboard's own words, with a reference and without the error's."""

from streamlit.testing.v1 import AppTest


def test_a_failure_is_told_with_a_reference_and_without_the_words_of_the_error() -> None:
    def page() -> None:
        from database.logs import about
        from ui.shared.errors import script_failed

        about.set({"requestId": "0123abcd"})
        assert script_failed(ValueError("ada@example.com"))

    shown = AppTest.from_function(page).run()

    assert "report this reference: 0123abcd" in shown.error[0].value
    assert "ada@example.com" not in shown.error[0].value
    assert [button.label for button in shown.button] == ["Try again"]
