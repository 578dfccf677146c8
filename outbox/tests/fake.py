"""A mail server in the same process that answers as told. `hears` runs while a message is in the air."""

import smtplib
from collections.abc import Callable

from django.core.mail.backends.base import BaseEmailBackend


class Server:
    def __init__(self) -> None:
        self.accepted: list = []
        self.opened = 0
        self.closed = 0
        self.down: Exception | None = None
        self.answers: dict[str, Exception] = {}
        self.hears: Callable[[str], None] = lambda to: None

    def refuse(self, to: str, code: int, text: str = "no") -> None:
        self.answers[to] = smtplib.SMTPRecipientsRefused({to: (code, text.encode())})

    def hang_up_on(self, to: str) -> None:
        self.answers[to] = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    @property
    def recipients(self) -> list[str]:
        return [mail.to[0] for mail in self.accepted]


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
            if error := self.server.answers.get(mail.to[0]):
                raise error
            self.server.accepted.append(mail)
        return len(messages)
