"""Hand email to an SMTP server, and report the outcome. The table is in docs/mail.md."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any

from mail.replies import CarefulReplies, CarefulRepliesOverTls, Gibberish
from mail.settings import MailServer
from mail.transport import Envelope, Outcome, ServerUnavailable

TO_CONNECT_SECONDS = 10.0
TO_TAKE_THE_MAIL_FACTOR = 4  # the server may check the content before it replies
LONGEST_REPLY = 500  # characters kept
CLOSING = "421"  # the server is closing the connection
DEAD_ADDRESS_CODES = (550, 551, 553)
DEAD_ADDRESS_STATUS = re.compile(r"^5\.(1\.\d+|2\.1)\b")  # RFC 3463: bad address; mailbox disabled
ENHANCED_STATUS = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
LINE_STARTS_WITH_DOT = re.compile(rb"(?m)^\.")

TROUBLE = (OSError, smtplib.SMTPException, Gibberish)


class SmtpTransport:
    """One connection, opened for the first email and again after it broke."""

    def __init__(self, server: MailServer, own_name: str) -> None:
        self._server = server
        self._own_name = own_name
        self._client: CarefulReplies | None = None

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        """Hand over one email. Raises ServerUnavailable if the server accepts none at all."""
        client = self._client or self._connected()
        try:
            outcome = self._offered(client, envelope)
        except TROUBLE as error:
            return self._broken(error)
        if outcome is None:
            outcome = self._completed(client, may_complete)
        if outcome.fate != "accepted":
            self._start_over(client, outcome)
        return outcome

    def close(self) -> None:
        """Close the connection."""
        if self._client:
            try:
                self._client.quit()
            except TROUBLE:
                self._drop()
            self._client = None

    def _connected(self) -> CarefulReplies:
        try:
            self._client = _opened(self._server, self._own_name)
        except smtplib.SMTPAuthenticationError as error:
            raise ServerUnavailable(
                "The mail server refused the user and password in SMTP_URL.", _reply(error)
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise ServerUnavailable("The mail server offers no encryption or no way to sign in.") from None
        except ssl.SSLCertVerificationError:
            raise ServerUnavailable("The mail server's certificate cannot be trusted.") from None
        except TROUBLE as error:
            raise ServerUnavailable(f"The mail server cannot be reached ({_name(error)}).", _reply(error)) from None
        return self._client

    def _offered(self, client: CarefulReplies, envelope: Envelope) -> Outcome | None:
        """Send everything except the end of the email; returns an outcome if the server refuses it."""
        code, reply = client.mail(envelope.return_address)
        if code // 100 == 5:
            self._drop()
            raise ServerUnavailable(
                "The mail server does not accept mail from the address in MAIL_FROM.", _words(code, reply)
            )
        if code // 100 != 2:
            return _not_taken(code, reply, "the sender")
        code, reply = client.rcpt(envelope.recipient)
        if code // 100 != 2:
            return _not_taken(code, reply, "the recipient")
        code, reply = client.docmd("data")
        if code != 354:
            return _not_taken(code, reply, "the mail")
        client.send(LINE_STARTS_WITH_DOT.sub(b"..", envelope.content))
        return None

    def _completed(self, client: CarefulReplies, may_complete: Callable[[], bool]) -> Outcome:
        """Send the end of the email. From here on, no reply means that its delivery is not confirmed."""
        try:
            is_allowed = may_complete()
        except BaseException:
            self._drop()  # without the final dot the server must discard the email
            raise
        if not is_allowed:
            self._drop()
            return Outcome("withdrawn")
        try:
            client.check_silence()
        except TROUBLE as error:
            return self._broken(error)
        try:
            client.reply_seconds *= TO_TAKE_THE_MAIL_FACTOR
            client.send(b".\r\n")
            code, reply = client.getreply()
            client.reply_seconds = self._server.reply_seconds
        except Exception as error:  # whatever went wrong: the email may have been accepted
            self._drop()
            return Outcome(
                "uncertain",
                f"The mail server did not confirm the email ({_name(error)}): it may have arrived.",
            )
        return _answered(code, reply)

    def _broken(self, error: BaseException) -> Outcome:
        self._drop()
        return Outcome("deferred", f"The connection broke before the email was complete ({_name(error)}).")

    def _start_over(self, client: CarefulReplies, outcome: Outcome) -> None:
        """Reset the connection for the next email, or close it."""
        if self._client is None:
            return
        try:
            is_fit = not (outcome.reply or "").startswith(CLOSING) and client.rset()[0] // 100 == 2
        except TROUBLE:
            is_fit = False
        if not is_fit:
            self._drop()

    def _drop(self) -> None:
        if self._client:
            self._client.close()
            self._client = None


def _opened(server: MailServer, own_name: str) -> CarefulReplies:
    """A connection, encrypted as required, and signed in."""
    trust = ssl.create_default_context()
    place: dict[str, Any] = {
        "reply_seconds": server.reply_seconds,
        "host": server.host,
        "port": server.port,
        "local_hostname": own_name,  # otherwise smtplib would look up its own name in the DNS
        "timeout": min(TO_CONNECT_SECONDS, server.reply_seconds),
    }
    client = CarefulRepliesOverTls(context=trust, **place) if server.is_encrypted_at_once else CarefulReplies(**place)
    try:
        _send_at_once(client)
        client.ehlo_or_helo_if_needed()
        if not server.is_encrypted_at_once and _wants_starttls(client, server):
            client.starttls(context=trust)
            client.ehlo()
        if server.user is not None:
            client.login(server.user, server.password or "")
    except BaseException:
        client.close()
        raise
    return client


def _send_at_once(client: CarefulReplies) -> None:
    """Otherwise the end of each email waits 40 ms for the server to acknowledge what came before it."""
    sock: Any = client.sock
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _wants_starttls(client: CarefulReplies, server: MailServer) -> bool:
    return server.starttls == "required" or (server.starttls == "opportunistic" and client.has_extn("starttls"))


def _not_taken(code: int, reply: bytes, what: str) -> Outcome:
    """The outcome if the server refuses the email before it is complete."""
    words = _words(code, reply)
    if code // 100 != 5:
        return Outcome("deferred", f"The mail server does not accept {what} at the moment.", words)
    is_dead = what == "the recipient" and _is_address_dead(code, _text(reply))
    reason = "The address does not exist." if is_dead else f"The mail server refused {what}."
    return Outcome("refused", reason, words, is_dead)


def _answered(code: int, reply: bytes) -> Outcome:
    """The outcome of the complete email."""
    words = _words(code, reply)
    if code // 100 == 2:
        return Outcome("accepted", None, words)
    if code // 100 == 4:
        return Outcome("deferred", "The mail server could not accept the email at the moment.", words)
    if code // 100 == 5:
        return Outcome("refused", "The mail server refused the email.", words)
    return Outcome("uncertain", "The mail server's reply could not be understood: the email may have arrived.", words)


def _is_address_dead(code: int, text: str) -> bool:
    """Whether the refusal is about this address, and not about us or a full mailbox."""
    if ENHANCED_STATUS.match(text):
        return bool(DEAD_ADDRESS_STATUS.match(text))
    return code in DEAD_ADDRESS_CODES


def _words(code: int, reply: bytes) -> str:
    return f"{code} {_text(reply)}"[:LONGEST_REPLY]


def _text(reply: bytes) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in reply.decode("utf-8", "replace"))


def _reply(error: BaseException) -> str | None:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _words(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return None


def _name(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it replied {error.smtp_code}"
    names: dict[type[BaseException], str] = {
        TimeoutError: "no reply in time",
        Gibberish: "a reply that is not SMTP",
        ConnectionRefusedError: "refused",
    }
    return names.get(type(error), "the connection was lost")
