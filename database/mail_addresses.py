"""Valid email addresses, and when two of them are the same."""

import re

LONGEST, LONGEST_LOCAL_PART = 254, 64  # RFC 5321

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"(?P<local_part>{ATOM}(?:\.{ATOM})*)@{LABEL}(?:\.{LABEL})+")

UPPER = "".join(map(chr, range(ord("A"), ord("Z") + 1)))
ASCII_LOWER = str.maketrans(UPPER, UPPER.lower())

# The SQL counterpart of `address_key`; collation "C" folds only ASCII letters. "{}" is a text.
ADDRESS_KEY_SQL = 'lower(trim({}) collate "C")'


def is_mailable(address: str) -> bool:
    """Whether this is exactly one ASCII email address, without quotes or anything around it."""
    found = ADDRESS.fullmatch(address)
    return found is not None and len(address) <= LONGEST and len(found["local_part"]) <= LONGEST_LOCAL_PART


def address_key(address: str) -> str:
    """The address as it is compared: only ASCII letters are folded, so no other letter passes for one."""
    return address.strip(" ").translate(ASCII_LOWER)
