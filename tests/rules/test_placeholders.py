"""Words in braces: filled in once, unknown ones left alone."""

from rules.placeholders import filled, filled_html, has_placeholders, unknown_placeholders

ADA = {"first name": "Ada", "name": "Ada <b>{progress}</b>", "progress": "40%"}


def test_each_placeholder_is_filled_in_whatever_its_letters_and_spaces():
    assert filled("{first name} {First Name} { name } {PROGRESS}", ADA) == "Ada Ada Ada <b>{progress}</b> 40%"


def test_in_html_what_is_known_is_text():
    assert filled_html("<p>{name}</p>", ADA) == "<p>Ada &lt;b&gt;{progress}&lt;/b&gt;</p>"


def test_where_nothing_is_known_it_still_reads_well():
    assert filled("Hi {first name}, {progress}", {"first name": ""}) == "Hi there, -"


def test_other_words_in_braces_stay_and_are_told():
    text = "{frist name} {name} { x: 1 } {frist name}"

    assert filled(text, {"name": "Ada"}) == "{frist name} Ada { x: 1 } {frist name}"
    assert unknown_placeholders(text) == ["{frist name}", "{ x: 1 }"]
    assert (has_placeholders(text), has_placeholders("{frist name}")) == (True, False)
