"""Reads reports about bounced email (RFC 3464)."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Literal

from mail.return_address import returned_delivery

ADDRESSED_BY = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
DEAD_ADDRESS = re.compile(r"5\.(1\.\d+|2\.1)")


@dataclass(frozen=True)
class Bounce:
    """`return_address` identifies the email; a full mailbox or a filter does not make the address a dead one."""

    return_address: str
    reason: Literal["bounced", "complained"]
    status: str
    is_address_dead: bool

    @classmethod
    def told(cls, return_address: str, kind: str, status: str) -> "Bounce | None":
        """From a service's notice; None for a delay, which is not a bounce yet."""
        if kind == "complained":
            return cls(return_address, "complained", status, True)
        if status and not status.startswith("5"):
            return None
        return cls(return_address, "bounced", status, not status or bool(DEAD_ADDRESS.fullmatch(status)))


def bounce_in_report(report: bytes) -> Bounce | None:
    """The bounce in a report; None for anything else, such as an out-of-office reply or a delay."""
    message = message_from_bytes(report)
    address = next(filter(returned_delivery, _addressees(message)), None)
    failed = next((fields for fields in _recipients(message) if str(fields.get("Action")).lower() == "failed"), None)
    if address is None or failed is None:
        return None
    found = STATUS.search(str(failed.get("Status")))
    return Bounce.told(address, "bounced", found[0] if found else "5.0.0")


def _addressees(message: Message) -> list[str]:
    return [address for _, address in getaddresses([str(v) for h in ADDRESSED_BY for v in message.get_all(h, [])])]


def _recipients(message: Message) -> list[Message]:
    """The fields of each recipient: all parts of message/delivery-status except the first."""
    statuses = (part for part in message.walk() if part.get_content_type() == "message/delivery-status")
    return [fields for part in statuses for fields in list(part.walk())[1:]]
