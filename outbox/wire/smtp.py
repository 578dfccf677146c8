"""Django's mail backend, which also tells what Django forgets: whom the server did not take while it took others, and
whether it may have taken a mail without saying so."""

import selectors
import smtplib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

# Address, as it went on the wire, to the server's answer.
Answers = dict[str, tuple[int, bytes]]


class WentSilent(smtplib.SMTPServerDisconnected):
    """The whole mail was handed over, and the server went silent: it may have taken it."""


class Connection(smtplib.SMTP):
    not_taken: Answers = {}
    # Called once for a mail whose answer lets wait for itself.
    on_slow: Callable[[], None] = staticmethod(lambda: None)
    # The answers within DATA that are still to come; the last one is about the mail.
    _of_data: Iterator[bool] = iter(())

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Any,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> Answers:
        self.not_taken = {}
        self.ehlo_or_helo_if_needed()
        if self.has_extn("dsn"):
            # What comes back says why, without the text: it may hold a code.
            mail_options = [*mail_options, "RET=HDRS"]
        self.not_taken = super().sendmail(from_addr, to_addrs, msg, mail_options, rcpt_options)
        return self.not_taken

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._of_data = iter((False, True))
        try:
            return super().data(msg)
        finally:
            self._of_data = iter(())

    def getreply(self) -> tuple[int, bytes]:
        if not next(self._of_data, False):
            return super().getreply()
        try:
            return self._verdict()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise WentSilent(f"Perhaps taken: {error}") from error

    def _verdict(self) -> tuple[int, bytes]:
        """RFC 5321, 4.5.3.2.6: a server may look at a mail for minutes before it says that it has it."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("gone before it answered")
        with selectors.DefaultSelector() as readable:
            readable.register(self.sock, selectors.EVENT_READ)
            if not readable.select(settings.EMAIL_TIMEOUT):
                self.on_slow()
        self.sock.settimeout(settings.EMAIL_ANSWER_TIMEOUT)
        answer = super().getreply()
        # The server may have hung up with its answer.
        if self.sock is not None:
            self.sock.settimeout(settings.EMAIL_TIMEOUT)
        return answer


class ConnectionOverTLS(Connection, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    @property
    def connection_class(self) -> type[Connection]:
        return ConnectionOverTLS if self.use_ssl else Connection

    @property
    def not_taken(self) -> Answers:
        return self.connection.not_taken if isinstance(self.connection, Connection) else {}


def not_taken(server: BaseEmailBackend) -> Answers:
    """Of the mail that was sent last, by a backend that knows."""
    return getattr(server, "not_taken", {})


def when_slow(server: BaseEmailBackend, call: Callable[[], None]) -> None:
    """What to do, once, while this server thinks about the mail that it is handed next; other backends never do."""
    connection = getattr(server, "connection", None)
    if isinstance(connection, Connection):
        connection.on_slow = call  # type: ignore[method-assign]
