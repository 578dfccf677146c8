"""A mail server in the same process that answers as told. `hears` runs while a message is in the air."""

import smtplib
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Server:
    def __init__(self) -> None:
        self.accepted: list = []
        self.reached: list[str] = []  # every address, as often as it got a mail
        self.opened = 0
        self.closed = 0
        self.down: Exception | None = None
        self.answers: dict[str, Exception] = {}
        self.hears: Callable[[str], None] = lambda to: None

    def refuse(self, to: str, code: int, text: str = "no") -> None:
        """Not take this recipient. The others of the same mail get it, as smtplib does."""
        self.answers[to] = smtplib.SMTPRecipientsRefused({to: (code, text.encode())})

    def hang_up_on(self, to: str) -> None:
        self.answers[to] = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    @property
    def recipients(self) -> list[str]:
        return [mail.to[0] for mail in self.accepted]

    def taken(self, mail: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Take it for all but these, or for nobody and raise."""
        refused: dict[str, tuple[int, bytes]] = {}
        for to in mail.to:
            match self.answers.get(to):
                case smtplib.SMTPRecipientsRefused(recipients=answer):
                    refused |= answer
                case Exception() as error:
                    raise error
        if len(refused) == len(mail.to):
            raise smtplib.SMTPRecipientsRefused(refused)
        self.accepted.append(mail)
        self.reached += [to for to in mail.to if to not in refused]
        return refused


class Backend(BaseEmailBackend):
    server = Server()

    def open(self) -> bool:
        if self.server.down:
            raise self.server.down
        self.server.opened += 1
        return True

    def close(self) -> None:
        self.server.closed += 1

    def send_messages(self, messages) -> int:
        for mail in messages:
            self.server.hears(mail.to[0])
            self.not_taken = self.server.taken(mail)
        return len(messages)
