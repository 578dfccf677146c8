"""Django's mail backend, which also tells whom the server did not take while it took others: Django forgets that."""

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

# Address, as it went on the wire, to the server's answer.
Answers = dict[str, tuple[int, bytes]]


class Connection(smtplib.SMTP):
    not_taken: Answers = {}

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Any,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> Answers:
        self.not_taken = {}
        self.not_taken = super().sendmail(from_addr, to_addrs, msg, mail_options, rcpt_options)
        return self.not_taken


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
