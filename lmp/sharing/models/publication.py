"""What staff share with a pulje, a gathering or a county: short texts, and for whom each is.

Who may read is not stored: `audience.py` works it out from what people are today.
"""

import re
import uuid
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Gathering
from participants.models import Cohort, Contact, County, Strike
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField

TITLE_LENGTH, TEXT_LENGTH = 150, 5000


class ReaderKind(models.TextChoices):
    """The kinds of readers: the functions of contacts, and those who are with the project in other ways."""

    AUTHORITY = Contact.Function.AUTHORITY.value, gettext_lazy("barnehagemyndigheter")
    OWNER = Contact.Function.OWNER.value, gettext_lazy("eiere")
    KINDERGARTEN_LEAD = Contact.Function.KINDERGARTEN_LEAD.value, gettext_lazy("barnehagefaglig ansvarlige")
    SCHOOL_LEAD = Contact.Function.SCHOOL_LEAD.value, gettext_lazy("skolefaglig ansvarlige")
    HEAD = Contact.Function.HEAD.value, gettext_lazy("styrere og rektorer")
    PPT = Contact.Function.PPT.value, gettext_lazy("PP-tjenesten")
    PARTICIPANT = "participant", gettext_lazy("påmeldte til samlinger")
    SUPERVISOR = "supervisor", gettext_lazy("veiledere")
    LEADER = "leader", gettext_lazy("prosjektledere ved Læringsmiljøsenteret")
    GOVERNOR = "governor", gettext_lazy("statsforvaltere")


class PublicationQuerySet(models.QuerySet["Publication"]):
    def shown(self, *, today: date) -> "PublicationQuerySet":
        """Those that their readers see on this day."""
        return self.filter(published_at__isnull=False, taken_back_at__isnull=True).filter(
            models.Q(shown_until__isnull=True) | models.Q(shown_until__gte=today)
        )

    def drafts(self) -> "PublicationQuerySet":
        return self.filter(published_at__isnull=True)

    def taken_back(self) -> "PublicationQuerySet":
        return self.filter(taken_back_at__isnull=False)

    def expired(self, *, today: date) -> "PublicationQuerySet":
        return self.filter(published_at__isnull=False, taken_back_at__isnull=True, shown_until__lt=today)

    def with_words(self, text: str) -> "PublicationQuerySet":
        """Each word is in a title, a text or a file's name, in capitals or not, with æ, ø and å as well."""
        found = self
        for word in map(re.escape, text.split()):
            said = models.Q(files__removed_at__isnull=True, files__versions__name__iregex=word)
            for name in Publication.TEXTS:
                said |= models.Q(**{f"{name}__iregex": word})
            found = found.filter(pk__in=Publication.objects.filter(said).values("pk"))
        return found

    def in_words(self) -> "PublicationQuerySet":
        """With what their audience is called by."""
        return self.select_related("cohort", "county", "gathering__cohort", "published_by", "changed_by")


class Publication(models.Model):
    """A title, a short text and files, for those of a pulje, of a gathering, or of a county in a pulje.

    Written in bokmål, in nynorsk, or in both.
    """

    TEXTS = ("title_nb", "text_nb", "title_nn", "text_nn")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="publications", verbose_name=gettext_lazy("pulje"))
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("fylke")
    )
    # One of the cohort's: a gathering never moves to another.
    gathering = models.ForeignKey(
        Gathering, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("samling")
    )
    # Values of ReaderKind. None: everybody, and of a gathering those who are invited and those who are registered.
    kinds = models.JSONField(gettext_lazy("for hvem"), default=list, blank=True)
    title_nb = OneLineField(gettext_lazy("tittel, bokmål"), max_length=TITLE_LENGTH, blank=True)
    text_nb = models.TextField(gettext_lazy("tekst, bokmål"), max_length=TEXT_LENGTH, blank=True)
    title_nn = OneLineField(gettext_lazy("tittel, nynorsk"), max_length=TITLE_LENGTH, blank=True)
    text_nn = models.TextField(gettext_lazy("tekst, nynorsk"), max_length=TEXT_LENGTH, blank=True)
    shown_until = models.DateField(gettext_lazy("vises til og med"), null=True, blank=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # a form sent twice is one publication
    created_at = models.DateTimeField(gettext_lazy("opprettet"))
    created_by = by(gettext_lazy("opprettet av"))
    changed_at = models.DateTimeField(gettext_lazy("endret"))
    changed_by = by(gettext_lazy("endret av"))
    published_at = models.DateTimeField(gettext_lazy("lagt ut"), null=True, blank=True)
    published_by = by(gettext_lazy("lagt ut av"), optional=True)
    taken_back_at = models.DateTimeField(gettext_lazy("tatt tilbake"), null=True, blank=True)
    taken_back_by = by(gettext_lazy("tatt tilbake av"), optional=True)
    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")

    _history_user: User  # set before it is saved: who the history says it is by

    objects = PublicationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("innlegg")
        verbose_name_plural = gettext_lazy("innlegg")
        ordering = ["-published_at", "-pk"]
        constraints = [
            who_and_when("published"),
            who_and_when("taken_back"),
            models.CheckConstraint(
                condition=models.Q(county__isnull=True) | models.Q(gathering__isnull=True),
                name="a_publication_is_for_a_county_or_a_gathering",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True) | models.Q(published_at__isnull=False),
                name="only_what_is_published_is_taken_back",
            ),
        ]

    def __str__(self) -> str:
        """In the language of the page, where it has a title in that."""
        return self.title_in(get_language() or "")[0]

    def get_absolute_url(self) -> str:
        return reverse("sharing:publication", args=[self.pk])

    def wording(self, language: str) -> tuple[str, str, str]:
        """(title, text, the language they are in): the reader's own, or the one that it is written in."""
        title, found = self.title_in(language)
        return title, self.text_nn if found == User.Language.NN else self.text_nb, found

    def title_in(self, language: str) -> tuple[str, str]:
        """(title, its language), as `wording` has it: what a list needs, which has not loaded the texts."""
        if self.title_nn and (language == User.Language.NN or not self.title_nb):
            return self.title_nn, User.Language.NN
        return self.title_nb or _("Uten tittel"), User.Language.NB

    @property
    def languages(self) -> list[str]:
        """Those that it is written in."""
        titles = {User.Language.NB: self.title_nb, User.Language.NN: self.title_nn}
        return [str(language) for language, title in titles.items() if title]

    @property
    def concerns(self) -> str:
        """What it is for, by name: the gathering, the county, or the whole pulje."""
        cohort = str(self.cohort)
        if self.gathering:
            return _("%(gathering)s, %(cohort)s") % {"gathering": self.gathering.title, "cohort": cohort.lower()}
        if self.county:
            return _("%(county)s, %(cohort)s") % {"county": self.county, "cohort": cohort.lower()}
        return cohort

    @property
    def in_a_sentence(self) -> str:
        """The same, after a preposition."""
        cohort = str(self.cohort).lower()
        if self.gathering:
            return self.gathering.in_its_cohort
        if self.county:
            return _("kommunene i %(county)s i %(cohort)s") % {"county": self.county, "cohort": cohort}
        return cohort

    @property
    def readers_in_words(self) -> str:
        if self.kinds:
            return ", ".join(str(kind.label) for kind in ReaderKind if kind in self.kinds)
        if self.gathering_id:
            return _("de som er invitert eller påmeldt")
        return _("alle")

    def is_shown(self, *, today: date) -> bool:
        """The same as `shown`, for one that is loaded."""
        in_time = self.shown_until is None or self.shown_until >= today
        return self.published_at is not None and self.taken_back_at is None and in_time

    def state(self, *, today: date) -> str:
        if self.published_at is None:
            return _("Utkast")
        if self.taken_back_at:
            return _("Tatt tilbake")
        return _("Vises") if self.is_shown(today=today) else _("Vises ikke lenger")

    @classmethod
    def write(cls, *, facts: dict[str, Any], token: uuid.UUID, by: User, now: datetime) -> "Publication":
        """A draft. The same form, sent twice, is one."""
        made = {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
        with transaction.atomic():
            found, _is_new = cls.objects.get_or_create(token=token, defaults=facts | made)
        return found

    def change(self, *, facts: dict[str, Any], by: User, now: datetime) -> bool:
        """Call it with the row locked. Whether anything changed."""
        changed = [name for name, value in facts.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, facts[name])
        if changed:
            self.touch(*changed, by=by, now=now)
        return bool(changed)

    def touch(self, *fields: str, by: User, now: datetime) -> None:
        self.changed_at, self.changed_by = now, by
        self._history_user = by
        self.save(update_fields=[*fields, "changed_at", "changed_by"])

    def publish(self, *, by: User, now: datetime) -> bool:
        """Let its readers see it: a draft, or one that was taken back. Call it with the row locked."""
        if self.published_at and not self.taken_back_at:
            return False
        if not self.published_at:
            self.published_at, self.published_by = now, by
        self.taken_back_at = self.taken_back_by = None
        self._history_user = by
        self.save(update_fields=["published_at", "published_by", "taken_back_at", "taken_back_by"])
        return True

    def take_back(self, *, by: User, now: datetime) -> bool:
        """Nobody but staff sees it from now on. Call it with the row locked."""
        if not self.published_at or self.taken_back_at:
            return False
        self.taken_back_at, self.taken_back_by = now, by
        self._history_user = by
        self.save(update_fields=["taken_back_at", "taken_back_by"])
        return True
