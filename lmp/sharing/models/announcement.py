"""A round of mails about a publication. `lmp/writing` shows it first, sends it, and keeps whom it went to."""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from lmp.sharing import audience, mails
from lmp.sharing.models.file import FileVersion
from lmp.sharing.models.publication import Publication
from lmp.sharing.models.reading import Reading
from lmp.writing.left_out import WhyLeftOut
from lmp.writing.occasion import Addressee
from outbox.texts import MailText, Values
from parts import names
from parts.facts import by


class Announcement(models.Model):
    """What is told of a publication: that it is there, that a file is new, or on a day that somebody has not read it.

    The key names that fact. Whoever has had a mail of it gets no other, whoever presses, and however often.
    """

    class Reason(models.TextChoices):
        NEWS = "news", gettext_lazy("Nytt innlegg")
        VERSION = "version", gettext_lazy("Ny versjon av en fil")
        UNREAD = "unread", gettext_lazy("Til dem som ikke har lest")

    TEXTS = {Reason.NEWS: mails.NEWS, Reason.VERSION: mails.VERSION, Reason.UNREAD: mails.UNREAD}

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="announcements")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    key = models.CharField(max_length=100, unique=True)
    begun_at = models.DateTimeField()
    begun_by = by()

    class Meta:
        verbose_name = gettext_lazy("beskjed om et innlegg")
        verbose_name_plural = gettext_lazy("beskjeder om innlegg")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.publication}"

    def get_absolute_url(self) -> str:
        return self.publication.get_absolute_url()

    @property
    def mail_thread(self) -> Publication:
        return self.publication

    @classmethod
    def begin(cls, publication: Publication, reason: str, *, by: User, now: datetime) -> "Announcement":
        """The one of this fact, made by whoever comes first."""
        key = f"sharing:{publication.pk}"
        if reason == cls.Reason.VERSION:
            newest = FileVersion.objects.filter(file__publication=publication, file__removed_at__isnull=True).first()
            key += f":file:{newest.pk if newest else 0}"
        elif reason == cls.Reason.UNREAD:
            key += f":unread:{timezone.localdate(now).isoformat()}"
        made = {"publication": publication, "reason": reason, "begun_at": now, "begun_by": by}
        return cls.objects.get_or_create(key=key, defaults=made)[0]

    @property
    def text(self) -> MailText:
        return self.TEXTS[self.Reason(self.reason)]

    def values(self, language: str) -> Values:
        names = mails.names_of_files(self.publication, only_replaced=self.reason == self.Reason.VERSION)
        return mails.values(self.publication, names=names, language=language)

    def addressees(self, people: Collection[int], *, now: datetime) -> dict[int, Addressee]:
        readers = audience.readers(self.publication, today=timezone.localdate(now))
        reminded = self.reason == self.Reason.UNREAD
        read = set(self._readings(people)) if reminded else set()
        return {person: self._addressee(readers.get(person, []), person in read, now=now) for person in people}

    def _readings(self, people: Collection[int]) -> models.QuerySet:
        return Reading.objects.filter(publication=self.publication, person__in=people).values_list("person", flat=True)

    def _addressee(self, roles: list[audience.ReaderRole], has_read: bool, *, now: datetime) -> Addressee:
        why = ""
        if self.publication.taken_back_at:
            why = "taken_back"
        elif not self.publication.is_shown(today=timezone.localdate(now)):
            why = "not_shown"
        elif not roles:
            why = "no_access"
        elif has_read:
            why = "has_read"
        name = roles[0].name if roles else ""
        functions = list(dict.fromkeys(role.in_words for role in roles))
        return Addressee(name, functions, names.joined(audience.places(roles)), WhyLeftOut(why) if why else None)
