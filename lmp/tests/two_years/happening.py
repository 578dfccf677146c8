"""An event of a day: it happens at its moment, and what it posts itself must be what its kind may post."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction

from lmp.changes.tests.acting import Acting
from lmp.tests.two_years import rules, threads
from lmp.tests.two_years.cast import Cast
from lmp.tests.two_years.entries import Entries
from lmp.tests.two_years.relations import Event, Subject
from outbox.models import Message
from participants.models import Participation


class Happening(Acting):
    pulje: Cast

    def __init__(self, cast: Cast) -> None:
        self.pulje = cast
        self.chance = cast.chance
        self.events: list[Event] = []  # of today
        self.newest = 0  # message
        self.entries = Entries()

    @contextmanager
    def happening(self, name: str, **subject) -> Iterator[None]:
        """A step that is refused, as a person's would be, has changed nothing."""
        event = Event(name, self.pulje.now, Subject(**subject))
        event.look()
        try:
            with transaction.atomic():
                yield
        except ValidationError:
            return
        event.look()
        self.events.append(event)
        for mail in self.new_mails():
            self.check(mail)
            assert (mail.text_name, mail.recipient_id) in event.at_once, (
                f"{name} at {self.pulje.now}: no {mail.text_name} to {mail.to}"
            )

    def new_mails(self) -> list[Message]:
        found = list(Message.objects.filter(pk__gt=self.newest).select_related("recipient").order_by("pk"))
        self.newest = max((mail.pk for mail in found), default=self.newest)
        return found

    def check(self, mail: Message) -> None:
        wrong = rules.wrong_with(mail) or threads.wrong_with(mail) or self.entries.wrong_with(mail)
        assert not wrong, f"{mail.text_name} to {mail.to} at {self.pulje.now}: {wrong} ({mail.key})"

    def a_number(self) -> int:
        return self.chance.randrange(12)

    def a_participation(self, **which) -> Participation | None:
        return self.pick(Participation.objects.filter(**which), self.a_number())
