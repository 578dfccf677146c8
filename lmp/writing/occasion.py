"""What a writing may be about: a row of another room, which says whom it concerns and what its mail begins with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lmp.writing.left_out import WhyLeftOut
from outbox.texts import MailText, Values


@dataclass(frozen=True)
class Addressee:
    """What somebody is to the occasion, or why they are not written to about it after all."""

    name: str = ""
    functions: list[str] = field(default_factory=list)
    places: str = ""
    left_out: WhyLeftOut | None = None


class Occasion(Protocol):
    """Of one occasion nobody gets two mails, in whichever writing: its key is a part of theirs."""

    pk: int

    @property
    def key(self) -> str: ...

    @property
    def text(self) -> MailText: ...

    def values(self, language: str) -> Values:
        """For the placeholders of its text, without the recipient's name and the writer's."""

    def addressees(self, people: Collection[int], *, now: datetime) -> Mapping[int, Addressee]:
        """Each of these people, by key, in a fixed number of queries."""

    def get_absolute_url(self) -> str: ...
