from datetime import date, datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Cohort, County, Municipality
from parts.dates import day_in_words, moment_in_words
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.order import NameField
from parts.phone import PhoneLineField

MOST = 30  # municipalities that one supervisor can carry in a cohort


class SupervisorQuerySet(models.QuerySet["Supervisor"]):
    def working(self, *, today: date) -> "SupervisorQuerySet":
        """Those who have not ended, and can sign in."""
        going_on = models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=today)
        return self.filter(going_on, user__is_active=True)

    def added_between(self, start: datetime, end: datetime) -> "SupervisorQuerySet":
        return self.filter(added_at__gt=start, added_at__lte=end, user__is_active=True)


class Supervisor(models.Model):
    """Veileder: from Læringsmiljøsenteret, or an experienced practitioner."""

    class Employer(models.TextChoices):
        CENTRE = "centre", _("Læringsmiljøsenteret")
        PRACTICE = "practice", _("praksis")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="supervisor", verbose_name=_("person")
    )
    name = NameField(_("navn"), max_length=200)
    phone = PhoneLineField(_("telefon"), max_length=30, blank=True)
    employer = models.CharField(_("bakgrunn"), max_length=10, choices=Employer.choices)
    workplace = OneLineField(_("arbeidssted"), max_length=200, blank=True)
    knows_kindergarten = models.BooleanField(_("kjenner barnehage"), default=False)
    knows_school = models.BooleanField(_("kjenner skole"), default=False)
    preferred_counties = models.ManyToManyField(
        County,
        blank=True,
        related_name="+",
        verbose_name=_("fylker personen helst vil ha"),
        help_text=_("Velger du ingen, regnes alle fylker likt."),
    )
    not_with = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="+",
        verbose_name=_("ikke med disse kommunene"),
        help_text=_("Kommunen der personen er ansatt, og andre der personen ikke er habil."),
    )

    wished = models.PositiveSmallIntegerField(
        _("så mange kommuner ønsker personen høyst"), null=True, blank=True, validators=[MaxValueValidator(MOST)]
    )
    ended_on = models.DateField(
        _("sluttet"), null=True, blank=True, help_text=_("Den første dagen personen ikke lenger er veileder.")
    )
    added_at = models.DateTimeField(_("lagt til"), null=True, blank=True, editable=False)
    added_by = by(_("lagt til av"), optional=True)

    _history_user: User  # set before it is saved: who the history says it is by

    objects = SupervisorQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[preferred_counties, not_with])

    class Meta:
        verbose_name = _("veileder")
        verbose_name_plural = _("veiledere")
        ordering = ["name", "pk"]
        constraints = [who_and_when("added")]

    def __str__(self) -> str:
        return self.name

    def is_working(self, *, today: date) -> bool:
        return self.ended_on is None or self.ended_on > today

    @property
    def reach(self) -> str:
        """Who it is, and how they are reached, on one line."""
        phone = gettext("tlf. %(number)s") % {"number": self.phone} if self.phone else ""
        return ", ".join(part for part in (self.name, self.user.email, phone) if part)

    @property
    def knowledge(self) -> str:
        """What the person knows, in words; empty when nothing is said."""
        if self.knows_kindergarten and self.knows_school:
            return gettext("kjenner barnehage og skole")
        if self.knows_kindergarten:
            return gettext("kjenner barnehage")
        return gettext("kjenner skole") if self.knows_school else ""


class Capacity(models.Model):
    """How many municipalities a supervisor can carry in a cohort. Without a row, or with 0, they get none in it."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="capacities", verbose_name=_("veileder"))
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+", verbose_name=_("pulje"))
    most = models.PositiveSmallIntegerField(
        _("flest kommuner"),
        default=2,
        validators=[MaxValueValidator(MOST)],
        help_text=_("0 betyr at personen ikke får noen kommune i pulja."),
    )

    _history_user: User  # set before it is saved: who the history says it is by

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kapasitet i en pulje")
        verbose_name_plural = _("kapasitet i puljene")
        ordering = ["-cohort__number", "supervisor__name"]
        constraints = [models.UniqueConstraint(fields=["supervisor", "cohort"], name="capacity_once_in_a_cohort")]

    def __str__(self) -> str:
        return f"{self.supervisor}, {self.cohort}: {self.most}"


class Leave(models.Model):
    """A time in which a supervisor does not guide. Why is nobody's to know, so it is not asked."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="leaves", verbose_name=_("veileder"))
    first_on = models.DateField(_("fra og med"))
    last_on = models.DateField(_("til og med"), null=True, blank=True)

    _history_user: User  # set before it is saved: who the history says it is by

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("permisjon")
        verbose_name_plural = _("permisjoner")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__isnull=True) | models.Q(last_on__gte=models.F("first_on")),
                name="a_leave_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.supervisor}, {day_in_words(self.first_on)} – {day_in_words(self.last_on)}"


class ProfileChange(models.Model):
    """What was changed of a supervisor's facts, by whom: whom it concerns is told, and can look it up."""

    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="changes", verbose_name=_("veileder"))
    changed_at = models.DateTimeField(_("endret"))
    changed_by = by(_("endret av"))
    # [what, before, after], in no language: `guidance.staffing.wording` says them.
    facts = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("endring av en veileders opplysninger")
        verbose_name_plural = _("endringer av veilederes opplysninger")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.supervisor}, {moment_in_words(self.changed_at)}"

    @property
    def mail_thread(self) -> Supervisor:
        return self.supervisor

    @property
    def is_own(self) -> bool:
        """Whether the supervisor changed it: then the project leaders are told, else the supervisor is."""
        return self.changed_by_id == self.supervisor.user_id


class ProjectLeaderQuerySet(models.QuerySet["ProjectLeader"]):
    def current(self, *, today: date) -> "ProjectLeaderQuerySet":
        return self.filter(
            models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=today),
            started_on__lte=today,
            user__is_active=True,
        )

    def is_one(self, user: User, *, today: date) -> models.Exists:
        """For a condition: whether this person is one today. It costs no query of its own."""
        return models.Exists(self.current(today=today).filter(user=user))


class ProjectLeader(models.Model):
    """Læringsmiljøsenteret's own leader of the project: puts together the groups, and reads every log."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="project_leader", verbose_name=_("person")
    )
    name = NameField(_("navn"), max_length=200)
    started_on = models.DateField(_("fra"))
    ended_on = models.DateField(
        _("til"), null=True, blank=True, help_text=_("Den første dagen personen ikke lenger har tilgang.")
    )

    added_at = models.DateTimeField(_("lagt til"), null=True, blank=True, editable=False)
    added_by = by(_("lagt til av"), optional=True)

    _history_user: User  # set before it is saved: who the history says it is by

    objects = ProjectLeaderQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("prosjektleder ved Læringsmiljøsenteret")
        verbose_name_plural = _("prosjektledere ved Læringsmiljøsenteret")
        ordering = ["name", "pk"]
        constraints = [who_and_when("added")]

    def __str__(self) -> str:
        return self.name

    def has_ended(self, *, today: date) -> bool:
        return self.ended_on is not None and self.ended_on <= today
