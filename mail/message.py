"""An email as content, and as the bytes sent over the wire."""

import re
from base64 import b64decode, b64encode
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime
from typing import Any

from database.mail_addresses import is_mailable
from rules.visible import visible, visible_line

LONGEST_SUBJECT, LONGEST_NAME = 200, 100  # characters
PNG = b"\x89PNG\r\n\x1a\n"
CONTENT_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 ]{1,60}")
PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[!-~](?:[ -~]{0,58}[!-~])?")
# Not allowed in a header, raw or decoded: control characters, halves of surrogate pairs, line and paragraph separators.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
# Not the newer policies: they parse our own headers again and fold the decoded text.
ACROSS_THE_WIRE = compat32.clone(cte_type="7bit", linesep="\r\n", max_line_length=78, mangle_from_=False)


class UnsafeMail(ValueError):
    """Something in the email could become a header, or cannot be written at all; nothing is sent."""


@dataclass(frozen=True)
class InlineImage:
    """A PNG inside the HTML, which shows it by `<img src="cid:NAME" alt="…">`."""

    name: str
    png: bytes

    def __post_init__(self) -> None:
        if not CONTENT_ID.fullmatch(self.name):
            raise UnsafeMail("An image's name is lower-case letters, digits, - and _ only.")
        if not self.png.startswith(PNG):
            raise UnsafeMail("An image inside a mail is a PNG.")


@dataclass(frozen=True)
class Attachment:
    """An attached file."""

    file_name: str
    content: bytes
    subtype: str = "pdf"  # of application/

    def __post_init__(self) -> None:
        if not FILE_NAME.fullmatch(self.file_name) or not re.fullmatch(r"[a-z0-9.+-]{1,80}", self.subtype):
            raise UnsafeMail("An attachment's name is ASCII letters, digits, dots, - and _ only.")


@dataclass(frozen=True)
class Mail:
    """The content of an email, stored before it is sent.

    `from_name` is the visible sender ("Mira Vale"), `reply_to` is where replies go.
    Raises UnsafeMail for a subject or name with control characters, raw or decoded, and
    for empty content. `one_line` makes any text safe for a subject.
    """

    subject: str
    text: str
    html: str
    images: tuple[InlineImage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    from_name: str | None = None
    reply_to: str | None = None

    def __post_init__(self) -> None:
        _check_line("subject", self.subject, LONGEST_SUBJECT)
        if self.from_name is not None:
            _check_line("sender's name", self.from_name, LONGEST_NAME)
        if self.reply_to is not None and not is_mailable(self.reply_to):
            raise UnsafeMail("The reply address is not valid.")
        if not self.text.strip() or not self.html.strip():
            raise UnsafeMail("A mail needs both a text and an HTML part.")

    def as_snapshot(self) -> dict[str, Any]:
        """As JSON, to be stored with the delivery."""
        return {
            "subject": self.subject,
            "text": visible(self.text),
            "html": visible(self.html),
            "images": [{"name": image.name, "png": _text_of(image.png)} for image in self.images],
            "attachments": [
                {"file_name": file.file_name, "content": _text_of(file.content), "subtype": file.subtype}
                for file in self.attachments
            ],
            "from_name": self.from_name,
            "reply_to": self.reply_to,
        }

    @classmethod
    def of_snapshot(cls, stored: Mapping[str, Any]) -> "Mail":
        """The email from its stored form."""
        images = tuple(InlineImage(image["name"], b64decode(image["png"])) for image in stored["images"])
        files = tuple(
            Attachment(file["file_name"], b64decode(file["content"]), file["subtype"]) for file in stored["attachments"]
        )
        return cls(
            stored["subject"],
            stored["text"],
            stored["html"],
            images,
            files,
            stored["from_name"],
            stored["reply_to"],
        )


@dataclass(frozen=True)
class Heading:
    """The headers: sender, recipient, list, how to unsubscribe."""

    from_name: str
    from_address: str
    recipient: str
    message_id: str  # with its angle brackets
    written_at: datetime
    list_name: str
    list_id: str
    unsubscribe_url: str


def as_email(mail: Mail, heading: Heading) -> bytes:
    """The email as ASCII bytes with CRLF line ends. The same email always has the same headers.

    Headers are exactly those of `_headed`. Texts with anything but plain ASCII, or that look like an
    encoded word, are encoded here once: a parser decodes exactly the given text.
    """
    return _headed(_body(mail), mail, heading).as_bytes(policy=ACROSS_THE_WIRE)


def one_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """The text on one line without control characters, cut with an ellipsis: safe for a subject or a name."""
    words = visible_line(text)
    safe = words if _is_safe(words) else words.replace("=?", "= ?")
    return safe if len(safe) <= longest else safe[: longest - 1].rstrip() + "…"


def _headed(message: Message, mail: Mail, heading: Heading) -> Message:
    name = mail.from_name or heading.from_name
    headers = {
        "Date": format_datetime(heading.written_at),
        "From": f"{_phrase(name)} <{heading.from_address}>",
        "To": heading.recipient,
        "Subject": _subject(mail.subject),
        "Message-ID": heading.message_id,
        "List-Id": f"{_phrase(heading.list_name)} <{heading.list_id}>",
        "List-Unsubscribe": f"<{heading.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    if mail.reply_to:
        headers["Reply-To"] = mail.reply_to
    for header, value in headers.items():
        message[header] = value
    return message


def _body(mail: Mail) -> Message:
    alternatives = MIMEMultipart("alternative")
    alternatives.attach(_text_part(mail.text, "plain"))
    alternatives.attach(_with_images(_text_part(mail.html, "html"), mail.images))
    if not mail.attachments:
        return alternatives
    mixed = MIMEMultipart("mixed")
    mixed.attach(alternatives)
    for file in mail.attachments:
        part = MIMEApplication(file.content, file.subtype)
        part.add_header("Content-Disposition", "attachment", filename=file.file_name)
        mixed.attach(part)
    return mixed


def _with_images(html: Message, images: tuple[InlineImage, ...]) -> Message:
    if not images:
        return html
    related = MIMEMultipart("related", type="text/html")
    related.attach(html)
    for image in images:
        part = MIMEImage(image.png, "png")
        part.add_header("Content-ID", f"<{image.name}>")
        part.add_header("Content-Disposition", "inline", filename=f"{image.name}.png")
        related.attach(part)
    return related


def _text_part(text: str, subtype: str) -> Message:
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(b2a_qp(visible(text).encode(), istext=True).decode("ascii"))
    return part


def _subject(text: str) -> str:
    return text if PLAIN_SUBJECT.fullmatch(text) else _encoded(text)


def _phrase(text: str) -> str:
    """A display name: encoded unless it is letters, digits and spaces, so that nothing in it counts as syntax."""
    return text if PLAIN_PHRASE.fullmatch(text) else _encoded(text)


def _encoded(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=60).encode(linesep="\r\n")  # 60: the header's name stands before it


def _check_line(what: str, text: str, longest: int) -> None:
    if not text.strip() or len(text) > longest:
        raise UnsafeMail(f"The {what} has {len(text)} characters; it needs 1 to {longest}.")
    if not _is_safe(text):
        raise UnsafeMail(f"The {what} holds a control character, as it stands or once it is decoded.")


def _is_safe(text: str) -> bool:
    """Whether the text has no control characters, even after an email program decodes it (RFC 2047)."""
    try:
        decoded = str(make_header(decode_header(text)))
    except (ValueError, LookupError):  # an encoded word of an unknown or broken encoding
        return False
    return not CONTROL.search(text + decoded)


def _text_of(content: bytes) -> str:
    return b64encode(content).decode("ascii")
