"""Addresses as email servers know them, and as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.mail_addresses import deliverable, is_mailable, readable


@pytest.mark.parametrize(
    ("written", "sent_to"),
    [
        ("ada@example.org", "ada@example.org"),
        (" ada@example.org. ", "ada@example.org"),
        ("Ada@B\u00dcCHER.example", "Ada@xn--bcher-kva.example"),
        ("ada@\u4f8b\u3048.jp", "ada@xn--r8jz45g.jp"),
        ("ada@example\u3002org", "ada@example.org"),  # a full stop of another script
        ("\u00e4da@example.org", None),
        ("ada@b\u00fc cher.example", None),
        ("ada@\u2615.example", None),  # a sign, no letter
        ("ada@example.org..", None),
        ("ada@example.org\n", None),
        ("a@b@\u00fc.example", None),
        ("", None),
    ],
)
def test_where_an_email_to_an_address_goes(written, sent_to):
    assert deliverable(written) == sent_to


def test_a_domain_is_read_in_its_own_letters():
    assert readable("ada@xn--bcher-kva.example") == "ada@b\u00fccher.example"
    assert readable("ada@xn--zz--.example") == "ada@xn--zz--.example"
    assert readable("ada@example.org") == "ada@example.org"


@given(st.text(max_size=40), st.text(max_size=80))
def test_whatever_is_written_is_deliverable_as_ascii_or_not_at_all(local_part, domain):
    address = deliverable(f"{local_part}@{domain}")

    assert address is None or (is_mailable(address) and deliverable(address) == address)
    readable(f"{local_part}@xn--{domain}")
