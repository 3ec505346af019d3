"""Valid email addresses, and when two of them are the same."""

import re

import idna

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


def deliverable(address: str) -> str | None:
    """The address as email servers know it; None if no email can go there.

    A domain with international letters is written in ASCII (IDNA 2008), spaces around it and a dot at its end go.
    """
    local_part, at, domain = address.strip(" ").rpartition("@")
    written = f"{local_part}{at}{_in_ascii(domain.removesuffix('.'))}"
    return written if is_mailable(written) else None


def readable(address: str) -> str:
    """The address as people write it: the domain in its own letters."""
    local_part, at, domain = address.rpartition("@")
    try:
        return f"{local_part}{at}{idna.decode(domain)}" if "xn--" in domain.lower() else address
    except UnicodeError:  # IDNAError among them
        return address


def address_key(address: str) -> str:
    """The address as it is compared: only ASCII letters are folded, so no other letter passes for one."""
    return address.strip(" ").translate(ASCII_LOWER)


def _in_ascii(domain: str) -> str:
    """The domain in ASCII; one that cannot be written so is left as it is, and is then no address."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:  # IDNAError among them
        return domain
