from datetime import date, datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.models.also_for import AlsoFor
from gatherings.models.gathering import Gathering
from outbox.models import DeadAddress, ReturnReason
from participants.models import Contact, Participation, Strike, Unit, Withdrawal
from parts import names
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.order import NameField

# Of these a person has at most one at a gathering.
ACTIVE = models.Q(cancelled_at__isnull=True, expired_at__isnull=True)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User) -> "RegistrationQuerySet":
        """Staff see all; one's own; and those who come for the units and municipalities that one answers for.

        Of a person who comes for these as well as for the place they were registered for, no more is shown than that
        they come: see `in_full_to`.
        """
        if not user.is_active:
            return self.none()
        if user.is_staff:
            return self
        also = AlsoFor.objects.current().filter(self._answered_for(user)).values("registration")
        return self.filter(self._answered_for(user) | models.Q(user=user) | models.Q(pk__in=also))

    def in_full_to(self, user: User) -> "RegistrationQuerySet":
        """Of those visible, the ones whose address, nights, journey and expenses the person sees."""
        if not user.is_active:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(self._answered_for(user) | models.Q(user=user))

    def editable_by(self, user: User, *, today: date | None = None) -> "RegistrationQuerySet":
        """One's own, and those of the units and municipalities that one answers for today.

        The cancelled ones too, so that pressing a button twice meets the same page. What the day allows is the
        gathering's rule: `Gathering.is_open`.
        """
        if not user.is_active:
            return self.none()
        answered_for = self._answered_for(user, today=today or timezone.localdate())
        return self.filter(answered_for | models.Q(user=user))

    @staticmethod
    def _answered_for(user: User, *, today: date | None = None) -> models.Q:
        """Without a day: to read, which they still may when the municipality has withdrawn."""
        if today is None:
            read = Participation.objects.followed_by(user)
            return models.Q(participation__in=read) | models.Q(unit__in=Unit.objects.led_by(user))
        return models.Q(participation__in=Participation.objects.editable_by(user, today=today)) | models.Q(
            unit__in=Unit.objects.editable_by(user, today=today)
        )

    def with_places(self) -> "RegistrationQuerySet":
        """With all that each person comes for, in one more query: what `represents` and `municipalities` read."""
        also = AlsoFor.objects.current().select_related("unit", "participation__municipality__county")
        related = ("unit", "participation__municipality__county", "participation__cohort")
        return self.select_related(*related).prefetch_related(models.Prefetch("also_for", also))

    def with_dead_addresses(self, *, to: User) -> "RegistrationQuerySet":
        """Each with the reason why mail to the person comes back, for whoever sees the address: see `mail_trouble`."""
        theirs = Registration.objects.in_full_to(to).values("pk")
        why = models.When(pk__in=theirs, then=DeadAddress.objects.all().why("user__email"))
        return self.annotate(dead_reason=models.Case(why, output_field=models.CharField()))

    def active(self) -> "RegistrationQuerySet":
        """Not cancelled, and no offer that ran out."""
        return self.filter(ACTIVE)

    def in_state(self, state: str) -> "RegistrationQuerySet":
        """Filter by `Registration.state`."""
        return self.filter(Registration.is_in_state(state))

    def placed(self) -> "RegistrationQuerySet":
        return self.in_state(Registration.State.PLACED)

    def offered(self) -> "RegistrationQuerySet":
        return self.in_state(Registration.State.OFFERED)

    def waiting(self) -> "RegistrationQuerySet":
        """In the order of the list: rows are written with the gathering locked, so the key is the order."""
        return self.in_state(Registration.State.WAITING).order_by("pk")


class Registration(models.Model):
    """A person at a gathering, for a unit or for the municipality. Its state follows from what has happened.

    At most one row per person and gathering is active. A person who registers again after cancelling, or after an
    offer that ran out, gets a new row, last in the list.
    """

    class Travel(models.TextChoices):
        NONE = "none", gettext_lazy("Trenger ikke reise")
        ORDERS = "orders", gettext_lazy("Bestiller reise etter framgangsmåten")
        OWN_CAR = "own_car", gettext_lazy("Kjører egen bil")

    class State(models.TextChoices):
        PLACED = "placed", gettext_lazy("Påmeldt")
        OFFERED = "offered", gettext_lazy("Tilbud om plass")
        WAITING = "waiting", gettext_lazy("På venteliste")
        EXPIRED = "expired", gettext_lazy("Svarte ikke på tilbudet")
        CANCELLED = "cancelled", gettext_lazy("Meldt av")

    # The first of these that has happened decides the state; where none has, the person waits.
    STATE_BY_FACT = {
        "cancelled_at": State.CANCELLED,
        "placed_at": State.PLACED,
        "expired_at": State.EXPIRED,
        "offered_at": State.OFFERED,
    }

    class Decision(models.TextChoices):
        BY_RULE = "", gettext_lazy("Følger regelen")
        COVERED = "covered", gettext_lazy("Dekkes likevel")
        NOT_COVERED = "not_covered", gettext_lazy("Dekkes ikke")

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="registrations", verbose_name=gettext_lazy("samling")
    )
    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="registrations", verbose_name=gettext_lazy("kommune i pulje")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=gettext_lazy("enhet"),
        help_text=gettext_lazy("La feltet stå tomt hvis personen kommer for kommunen."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations", verbose_name=gettext_lazy("person")
    )
    name = NameField(gettext_lazy("navn"), max_length=200)
    function = models.CharField(gettext_lazy("funksjon"), max_length=20, choices=Gathering.AUDIENCE)
    days = models.JSONField(gettext_lazy("dager"), default=list, help_text=gettext_lazy("Datoer, åååå-mm-dd."))
    nights = models.JSONField(
        gettext_lazy("netter"), default=list, blank=True, help_text=gettext_lazy("Datoen natta begynner.")
    )
    travel = models.CharField(gettext_lazy("reise"), max_length=10, choices=Travel.choices, default=Travel.ORDERS)
    travel_ordered_on = models.DateField(gettext_lazy("reisen er bestilt"), null=True, blank=True)
    calendar_version = models.PositiveIntegerField(default=0, editable=False)
    # The person's calendar said no, and they have not said yet what they mean by it.
    calendar_declined_at = models.DateTimeField(gettext_lazy("nei i kalenderen"), null=True, blank=True)
    registered_at = models.DateTimeField(gettext_lazy("påmeldt"))
    registered_by = by(gettext_lazy("påmeldt av"))
    placed_at = models.DateTimeField(gettext_lazy("fikk plass"), null=True, blank=True)
    offered_at = models.DateTimeField(gettext_lazy("fikk tilbud"), null=True, blank=True)
    offered_until = models.DateTimeField(gettext_lazy("tilbudet gjelder til"), null=True, blank=True)
    expired_at = models.DateTimeField(gettext_lazy("tilbudet gikk ut"), null=True, blank=True)
    cancelled_at = models.DateTimeField(gettext_lazy("meldt av"), null=True, blank=True)
    cancelled_by = by(gettext_lazy("meldt av, av"), optional=True)
    withdrawal = models.ForeignKey(
        Withdrawal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signed_off",
        verbose_name=gettext_lazy("meldt av da kommunen trakk seg"),
    )
    reimbursement = models.CharField(
        gettext_lazy("dekning"), max_length=11, choices=Decision.choices, blank=True, default=Decision.BY_RULE
    )
    reimbursement_reason = OneLineField(gettext_lazy("begrunnelse"), max_length=500, blank=True)
    reimbursement_decided_at = models.DateTimeField(gettext_lazy("avgjort"), null=True, blank=True)
    reimbursement_decided_by = by(gettext_lazy("avgjort av"), optional=True)

    strikes = GenericRelation(Strike, content_type_field="about_type", object_id_field="about_id")
    objects = RegistrationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("påmelding")
        verbose_name_plural = gettext_lazy("påmeldinger")
        ordering = ["gathering", "name", "pk"]
        constraints = [
            who_and_when("cancelled"),
            who_and_when("reimbursement_decided"),
            models.UniqueConstraint(
                fields=["gathering", "user"],
                condition=ACTIVE,
                name="registered_once_at_a_gathering",
                violation_error_message=gettext_lazy("Personen er allerede påmeldt denne samlingen."),
            ),
            models.CheckConstraint(
                condition=models.Q(offered_at__isnull=True, offered_until__isnull=True)
                | models.Q(offered_at__isnull=False, offered_until__isnull=False),
                name="an_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(expired_at__isnull=True)
                | models.Q(offered_at__isnull=False, placed_at__isnull=True),
                name="only_an_offer_expires",
            ),
            models.CheckConstraint(
                condition=models.Q(reimbursement="", reimbursement_reason="", reimbursement_decided_at__isnull=True)
                | (
                    ~models.Q(reimbursement="")
                    & ~models.Q(reimbursement_reason="")
                    & models.Q(reimbursement_decided_at__isnull=False)
                ),
                name="a_decision_on_reimbursement_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawal__isnull=True) | models.Q(cancelled_at__isnull=False),
                name="a_withdrawal_cancels_a_registration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.gathering}"

    def get_absolute_url(self) -> str:
        return reverse("gatherings:registration", args=[self.pk])

    @property
    def mail_thread(self) -> Gathering:
        """What befalls a registration, with what all are told of the gathering."""
        return self.gathering

    @property
    def state(self) -> "Registration.State":
        happened = (state for fact, state in self.STATE_BY_FACT.items() if getattr(self, fact))
        return next(happened, self.State.WAITING)

    @classmethod
    def is_in_state(cls, state: str) -> models.Q:
        """The condition on the database that `state` is this one."""
        facts = {}
        for fact, decided in cls.STATE_BY_FACT.items():
            facts[f"{fact}__isnull"] = decided != state
            if decided == state:
                break
        return models.Q(**facts)

    @classmethod
    def state_place(cls) -> models.Case:
        """The place of `state` in the order of `State`, to sort by."""
        whens = [models.When(cls.is_in_state(state), then=place) for place, state in enumerate(cls.State)]
        return models.Case(*whens, output_field=models.IntegerField())

    @property
    def is_active(self) -> bool:
        return self.cancelled_at is None and self.expired_at is None

    def asks_about_calendar(self, *, today: date) -> bool:
        """Whether the person has said no in the calendar, and is asked what they mean."""
        return self.calendar_declined_at is not None and self.is_active and not self.gathering.is_past(today=today)

    @property
    def place_in_line(self) -> int | None:
        """1 for who is next; None for who does not wait."""
        if self.state != self.State.WAITING:
            return None
        return self.gathering.registrations.waiting().filter(pk__lte=self.pk).count()

    @property
    def also(self) -> list[AlsoFor]:
        """What else the person comes for than the unit or municipality they were registered for first."""
        return [each for each in self.also_for.all() if each.removed_at is None]

    @property
    def represents(self) -> str:
        """All that the person comes for: Myrvoll barnehage og Nordlia barnehage."""
        first = self.unit.name if self.unit else self.participation.municipality.name_told_apart
        return names.joined([first, *(each.represents for each in self.also)])

    @property
    def municipalities(self) -> str:
        """The municipalities of all that the person comes for."""
        found = [self.participation, *(each.participation for each in self.also)]
        return names.joined(dict.fromkeys(each.municipality.name_told_apart for each in found))

    def comes_for(self, participation: Participation, unit: Unit | None) -> bool:
        """Whether the person comes for just this: the unit, or the municipality as such when `unit` is None."""
        found = [(self.participation_id, self.unit_id), *((each.participation_id, each.unit_id) for each in self.also)]
        return (participation.pk, unit.pk if unit else None) in found

    @property
    def function_title(self) -> str:
        """The function as it is called for this unit: a kindergarten's head is styrer, a school's rektor."""
        if self.function == Contact.Function.HEAD and self.unit:
            return self.unit.head_title
        return str(self.get_function_display())

    @property
    def mail_trouble(self) -> str:
        """Why mail to the person comes back, in words. Load the registration through `with_dead_addresses`."""
        return ReturnReason.in_words(getattr(self, "dead_reason", None))

    @property
    def dates(self) -> list[date]:
        """The days the person comes, of those the gathering has now. A person with none of them left comes to all."""
        chosen = [day for day in self.gathering.days if day.isoformat() in self.days]
        return chosen or self.gathering.days

    @property
    def night_dates(self) -> list[date]:
        return [night for night in self.gathering.nights if night.isoformat() in self.nights]

    @property
    def language(self) -> str:
        """The written language the person is addressed in: their own choice, else the municipality's."""
        return self.participation.language_for(self.user)

    def change(
        self, *, name: str, function: str, days: list[str], nights: list[str], travel: str, by: User, now: datetime
    ) -> bool:
        """Store what the person comes as and for, and return whether anything changed.

        Other days are another version of the calendar entry.
        """
        if not self.is_active:
            raise ValidationError(_("Påmeldingen gjelder ikke lenger."))
        new = {"name": name, "function": function, "days": days, "nights": nights, "travel": travel}
        if all(getattr(self, field) == value for field, value in new.items()):
            return False
        if self.days != days:
            self.calendar_version += 1
        for field, value in new.items():
            setattr(self, field, value)
        self._history_user = by
        self.save(update_fields=[*new, "calendar_version"])
        return True

    def has_live_offer(self, *, now: datetime) -> bool:
        return self.state == self.State.OFFERED and self.offered_until is not None and self.offered_until > now

    def pass_to(self, user: User, *, name: str, function: str, by: User) -> None:
        """Another person comes instead. What was the first person's own does not follow: see `places.swap`."""
        self.user, self.name, self.function = user, name, function
        self.travel_ordered_on = self.calendar_declined_at = None
        self.reimbursement, self.reimbursement_reason = self.Decision.BY_RULE, ""
        self.reimbursement_decided_at = self.reimbursement_decided_by = None
        self.calendar_version += 1
        self._history_user = by
        self.save(
            update_fields=[
                *("user", "name", "function", "travel_ordered_on", "calendar_declined_at", "calendar_version"),
                *("reimbursement", "reimbursement_reason", "reimbursement_decided_at", "reimbursement_decided_by"),
            ]
        )

    def follow(self, before: Gathering, after: Gathering, *, by: User) -> None:
        """Come to the same days and nights of the gathering as before it moved: the first stays the first."""
        days, nights = self.after_move(before, after)
        if (days, nights) != (self.days, self.nights):
            self.days, self.nights = days, nights
            self._history_user = by
            self.save(update_fields=["days", "nights"])

    def after_move(self, before: Gathering, after: Gathering) -> tuple[list[str], list[str]]:
        """Days and nights by their place in the gathering. While a date is not known, they stay as they are."""
        if not before.days or not after.days:
            return self.days, self.nights
        days = {old.isoformat(): new.isoformat() for old, new in zip(before.days, after.days, strict=False)}
        nights = {old.isoformat(): new.isoformat() for old, new in zip(before.nights, after.nights, strict=False)}
        return (
            [days[day] for day in self.days if day in days],
            [nights[night] for night in self.nights if night in nights],
        )

    def sign_off(self, withdrawal: Withdrawal, *, by: User, now: datetime) -> None:
        """Cancel it because the municipality has withdrawn."""
        self.cancelled_at, self.cancelled_by, self.withdrawal = now, by, withdrawal
        self.calendar_version += 1
        self._history_user = by
        self.save(update_fields=["cancelled_at", "cancelled_by", "withdrawal", "calendar_version"])

    def come_for(self, unit: Unit, *, by: User) -> None:
        """Come for this unit instead, with the same place."""
        self.unit = unit
        self._history_user = by
        self.save(update_fields=["unit"])

    def order_travel(self, *, on: date | None, by: User) -> None:
        """The person says that the journey is ordered, or takes it back."""
        self.travel_ordered_on = on
        self._history_user = by
        self.save(update_fields=["travel_ordered_on"])

    def readdress(self, *, by: User) -> None:
        """The calendar entry goes to another address. Two versions: one leaves the old calendar, the next one comes.

        Both may be one calendar, which then keeps the later.
        """
        self.calendar_version += 2
        self._history_user = by
        self.save(update_fields=["calendar_version"])

    def decide_reimbursement(self, *, reimbursement: str, reason: str, by: User, now: datetime) -> None:
        """Decide otherwise than the rule, with a reason that is kept; back to the rule takes none."""
        if reimbursement and not reason.strip():
            raise ValidationError(_("Skriv en begrunnelse."))
        self.reimbursement, self.reimbursement_reason = reimbursement, reason.strip() if reimbursement else ""
        self.reimbursement_decided_at, self.reimbursement_decided_by = (now, by) if reimbursement else (None, None)
        self._history_user = by
        facts = ("reimbursement", "reimbursement_reason", "reimbursement_decided_at", "reimbursement_decided_by")
        self.save(update_fields=facts)

    def may_be_changed(self, *, today: date | None = None) -> bool:
        return self.is_active and self.gathering.is_open(today=today or timezone.localdate())
