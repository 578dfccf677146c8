from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants import postal_address
from participants.models.cohort import Cohort, oldest_going_on
from participants.models.geography import GovernorContact, Municipality
from parts.dates import day_in_words
from parts.facts import ToldByField, by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField

# A municipality is visible to its contacts, and they have their functions in it and in its units: these three models
# know each other, so each late import of one of them is meant.
if TYPE_CHECKING:
    from participants.models.contact import Contact
    from participants.models.unit import Unit


Keys: TypeAlias = Collection[int] | models.QuerySet


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: User) -> "ParticipationQuerySet":
        """Staff see all; a county governor's people their counties; a contact their own municipality."""
        if not user.is_active:
            return self.none()
        if user.is_staff:
            return self
        governors = GovernorContact.objects.current().filter(user=user).values("governor")
        return self.visible_through(contact_of(user), governors)

    def visible_through(self, participations: Keys, governors: Keys) -> "ParticipationQuerySet":
        """These participations, and those in the counties of these governors."""
        return self.filter(models.Q(pk__in=participations) | models.Q(municipality__county__governor__in=governors))

    def editable_by(self, user: User, *, today: date | None = None) -> "ParticipationQuerySet":
        """The participations that this person answers for, while the municipality takes part and its cohort goes on."""
        if not user.is_active:
            return self.none()
        return self.answered_for(contact_of(user, editors=True), today=today or timezone.localdate())

    def followed_by(self, user: User, *, today: date | None = None) -> "ParticipationQuerySet":
        """Those this person answers for, or did until the municipality withdrew: to read, while its cohort goes on."""
        if not user.is_active:
            return self.none()
        oldest = oldest_going_on(today or timezone.localdate())
        return self.filter(pk__in=contact_of(user, editors=True), cohort__first_year__gte=oldest)

    def answered_for(self, keys: Keys, *, today: date) -> "ParticipationQuerySet":
        """Those of these participations in which whoever answers for them may still change something."""
        return self.taking_part().filter(pk__in=keys, cohort__first_year__gte=oldest_going_on(today))

    def taking_part(self) -> "ParticipationQuerySet":
        """Those that are in, or are asked: neither withdrawn nor declined."""
        return self.filter(withdrawn_at__isnull=True, declined_at__isnull=True)

    def withdrawn(self) -> "ParticipationQuerySet":
        return self.filter(withdrawn_at__isnull=False)

    def besides(self, cohort: Cohort, *, today: date) -> "ParticipationQuerySet":
        """Those that take part in another cohort that is not over: a municipality is seldom meant to be in two."""
        others = Cohort.objects.going_on(today=today).exclude(pk=cohort.pk)
        return (
            self.taking_part()
            .filter(cohort__in=others)
            .select_related("municipality__county", "cohort")
            .order_by("cohort")
        )


def contact_of(user: User, *, editors: bool = False) -> models.QuerySet:
    """The participations in which the person has a function for the whole municipality, or answers for it."""
    from participants.models.contact import Contact

    contacts = Contact.objects.current().filter(user=user, unit__isnull=True)
    if editors:
        contacts = contacts.filter(function__in=Contact.EDITORS)
    return contacts.values("participation")


class Participation(ToldByField):
    """A municipality in a cohort. Its state follows from what has happened; see `participants/states.py`."""

    class PPT(models.TextChoices):
        UNDECIDED = "", gettext_lazy("Ikke avgjort")
        YES = "yes", gettext_lazy("Ja")
        NO = "no", gettext_lazy("Nei")

    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="participations", verbose_name=gettext_lazy("pulje")
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="participations", verbose_name=gettext_lazy("kommune")
    )
    nominated_at = models.DateTimeField(gettext_lazy("nominert"), null=True, blank=True)
    nominated_by = by(gettext_lazy("nominert av"), optional=True)
    accepted_at = models.DateTimeField(gettext_lazy("takket ja"), null=True, blank=True)
    accepted_by = by(gettext_lazy("takket ja, registrert av"), optional=True)
    accepted_on = models.DateField(gettext_lazy("takket ja, dag"), null=True, blank=True)
    accepted_said_by = OneLineField(gettext_lazy("hvem som takket ja"), max_length=200, blank=True)
    declined_at = models.DateTimeField(gettext_lazy("takket nei"), null=True, blank=True)
    declined_by = by(gettext_lazy("takket nei, registrert av"), optional=True)
    declined_on = models.DateField(gettext_lazy("takket nei, dag"), null=True, blank=True)
    declined_said_by = OneLineField(gettext_lazy("hvem som takket nei"), max_length=200, blank=True)
    declined_reason = models.TextField(gettext_lazy("hvorfor kommunen takket nei"), max_length=1000, blank=True)
    welcomed_at = models.DateTimeField(gettext_lazy("velkomstbrev sendt"), null=True, blank=True)
    welcomed_by = by(gettext_lazy("velkomstbrev sendt av"), optional=True)
    withdrawn_at = models.DateTimeField(gettext_lazy("trukket seg"), null=True, blank=True)
    withdrawn_by = by(gettext_lazy("trukket seg, registrert av"), optional=True)
    ppt = models.CharField(
        gettext_lazy("PP-tjenesten deltar"),
        max_length=3,
        choices=PPT.choices,
        blank=True,
        default=PPT.UNDECIDED,
    )
    political_informed_on = models.DateField(gettext_lazy("politisk nivå informert"), null=True, blank=True)
    political_body = OneLineField(gettext_lazy("politisk organ"), max_length=200, blank=True)
    case_number = OneLineField(gettext_lazy("saksnummer"), max_length=30, blank=True)
    their_reference = OneLineField(
        gettext_lazy("kommunens referanse"),
        max_length=30,
        blank=True,
        default="",
        db_default="",
        help_text=gettext_lazy("Kommunens eget saksnummer. Står som «Deres ref.» i velkomstbrevet."),
    )
    postal_address = models.TextField(
        gettext_lazy("kommunens postadresse"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[postal_address.validate],
        help_text=gettext_lazy("Høyst tre linjer, med postnummer og sted til slutt. Står i velkomstbrevet."),
    )

    objects = ParticipationQuerySet.as_manager()
    told_by: ClassVar = {
        "municipality_once_in_a_cohort": "municipality",
        "political_level_informed_names_the_body": "political_body",
    }

    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("kommune i pulje")
        verbose_name_plural = gettext_lazy("kommuner i pulje")
        ordering = ["-cohort__number", "municipality__name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "municipality"], name="municipality_once_in_a_cohort"),
            who_and_when("nominated"),
            who_and_when("accepted"),
            who_and_when("declined"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(declined_at__isnull=True),
                name="a_municipality_says_yes_or_no",
            ),
            who_and_when("welcomed"),
            who_and_when("withdrawn"),
            models.CheckConstraint(
                condition=models.Q(political_informed_on__isnull=True) | ~models.Q(political_body=""),
                name="political_level_informed_names_the_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} ({self.cohort})"

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        """Of the one that there is of several columns."""
        return ValidationError(_("Kommunen er med i pulja fra før."))

    def get_absolute_url(self) -> str:
        return reverse("overview:participation", args=[self.pk])

    def get_return_url(self) -> str:
        """The page where staff register that it is with us again."""
        return reverse("changes:come_back", args=[self.pk])

    @property
    def language(self) -> str:
        """The written language the municipality is addressed in: "nb" or "nn"."""
        return self.cohort.language_for(self.municipality)

    @property
    def open_confirmation(self):
        """The round to answer, a Confirmation, or None."""  # naming its type here would import it in a circle
        return self.confirmations.filter(answered_at__isnull=True).first()

    @property
    def withdrawal(self):
        """The time it has not taken part until now, a Withdrawal; None while it takes part."""
        return self.withdrawals.filter(returned_at__isnull=True).first()

    def language_for(self, user: User) -> str:
        return user.language or self.language

    def editors(self) -> "models.QuerySet[Contact]":
        """The contacts who answer for the whole municipality, one for each person even with several functions."""
        from participants.models.contact import Contact

        return (
            Contact.objects.current()
            .filter(participation=self, unit__isnull=True, function__in=Contact.EDITORS)
            .select_related("user")
            .order_by("pk")
        )

    @classmethod
    def nominate(cls, municipality: Municipality, cohort: Cohort, *, by: User, now: datetime) -> "Participation":
        """Put the municipality up for a cohort that has not begun. Raises ValidationError for one that is in it."""
        cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
        if not cohort.is_open_for_nominations(today=timezone.localdate(now)):
            raise ValidationError(
                _("%(cohort)s begynte %(day)s. Skriv til Utdanningsdirektoratet hvis kommunen skal være med.")
                % {"cohort": cohort, "day": day_in_words(cohort.starts_on)},
                code="begun",
            )
        try:
            with transaction.atomic():
                return cls.objects.create(cohort=cohort, municipality=municipality, nominated_at=now, nominated_by=by)
        except IntegrityError as error:  # by somebody else, maybe this very moment
            raise ValidationError(
                _("%(municipality)s er allerede ført opp i %(cohort)s.")
                % {"municipality": municipality, "cohort": str(cohort).lower()},
                code="already",
            ) from error

    def accept(self, *, by: User, now: datetime, on: date | None = None, said_by: str = "") -> bool:
        """Store that it takes part: the day it said so, and who did. False when it has answered already."""
        if self.accepted_at or self.declined_at:
            return False
        self.accepted_at, self.accepted_by = now, by
        self.accepted_on, self.accepted_said_by = on or timezone.localdate(now), said_by
        self._history_user = by
        self.save(update_fields=["accepted_at", "accepted_by", "accepted_on", "accepted_said_by"])
        return True

    @transaction.atomic
    def decline(self, *, on: date, said_by: str, reason: str = "", by: User, now: datetime) -> bool:
        """Store that it does not take part: the day it said so, who did, maybe why. False when it has answered."""
        stored = self._as_locked()
        if stored.accepted_at or stored.declined_at or stored.withdrawn_at:
            return False
        self._answers_no(now, by, on=on, said_by=said_by, reason=reason, history=by)
        return True

    @transaction.atomic
    def take_back_decline(self, *, by: User) -> bool:
        """It has not answered after all: the history keeps what was stored. False when nothing was."""
        if self._as_locked().declined_at is None:
            return False
        self._answers_no(None, None, on=None, said_by="", reason="", history=by)
        return True

    def _answers_no(
        self, at: datetime | None, by: User | None, *, on: date | None, said_by: str, reason: str, history: User
    ) -> None:
        self.declined_at, self.declined_by, self.declined_on = at, by, on
        self.declined_said_by, self.declined_reason = said_by, reason
        self._history_user = history
        fields = ["declined_at", "declined_by", "declined_on", "declined_said_by", "declined_reason"]
        self.save(update_fields=fields)

    def welcome(self, *, by: User, now: datetime) -> None:
        """Store that the welcome letter has been sent. Only the first time counts."""
        if self.welcomed_at is None:
            self.welcomed_at, self.welcomed_by = now, by
            self._history_user = by
            self.save(update_fields=["welcomed_at", "welcomed_by"])

    @transaction.atomic
    def withdraw(self, *, decided_on: date, reason: str, by: User, now: datetime) -> bool:
        """Store that it no longer takes part, since the day it decided so. False when it has withdrawn already.

        Raises ValidationError for a day to come, or one before it last came back, and without a reason. What else ends
        is for `lmp/changes/withdrawal` to end.
        """
        if self._as_locked().withdrawn_at:
            return False
        if decided_on > timezone.localdate(now):
            raise ValidationError(_("Datoen må være i dag eller tidligere."), code="future")
        if self.withdrawals.filter(returned_on__gt=decided_on).exists():
            raise ValidationError(_("Kommunen kom med igjen etter denne datoen."), code="earlier")
        if not reason.strip():
            raise ValidationError(_("Skriv en begrunnelse."), code="reason")
        self._is_withdrawn(now, by, history=by)
        self.withdrawals.create(decided_on=decided_on, reason=reason.strip(), withdrawn_at=now, withdrawn_by=by)
        return True

    @transaction.atomic
    def come_back(self, *, returned_on: date, reason: str, by: User, now: datetime) -> bool:
        """Store that it takes part again, and end the time that it did not. False when it takes part already.

        Raises ValidationError for a day to come, or one before it withdrew, and without a reason.
        """
        if self._as_locked().withdrawn_at is None:
            return False
        over = self.withdrawals.get(returned_at__isnull=True)
        if not over.decided_on <= returned_on <= timezone.localdate(now):
            raise ValidationError(
                _("Datoen må være fra %(first)s til i dag.") % {"first": day_in_words(over.decided_on)}, code="day"
            )
        if not reason.strip():
            raise ValidationError(_("Skriv en begrunnelse."), code="reason")
        over.returned_on, over.return_reason, over.returned_at, over.returned_by = returned_on, reason.strip(), now, by
        over.save(update_fields=["returned_on", "return_reason", "returned_at", "returned_by"])
        self._is_withdrawn(None, None, history=by)
        return True

    def _as_locked(self) -> "Participation":
        return Participation.objects.select_for_update(of=("self",)).get(pk=self.pk)

    def _is_withdrawn(self, at: datetime | None, by: User | None, *, history: User) -> None:
        self.withdrawn_at, self.withdrawn_by = at, by
        self._history_user = history
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])

    def decide(self, *, ppt: str, political_on: date | None, political_body: str, by: User) -> None:
        """Store what the municipality decides about itself: PPT, and the political level."""
        self.ppt = "" if ppt == "undecided" else ppt
        self.political_informed_on, self.political_body = political_on, political_body
        self._history_user = by
        self.save(update_fields=["ppt", "political_informed_on", "political_body"])

    def add_contact(
        self,
        *,
        function: str,
        unit: "Unit | None",
        email: str,
        name: str,
        phone: str = "",
        by: User,
        now: datetime,
        replaces: "Contact | None" = None,
    ) -> "Contact":
        from participants.models.contact import Contact

        added = Contact(
            participation=self,
            unit=unit,
            user=User.objects.for_email(email, name=name, by=by),
            function=function,
            name=name,
            phone=phone,
            started_at=now,
            started_by=by,
            replaces=replaces,
        )
        added._history_user = by
        added.save()
        return added
