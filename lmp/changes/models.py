from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from guidance.models import GroupMember, ProjectLeader
from participants.models import Contact
from parts.facts import by, who_and_when
from parts.order import NameField
from parts.phone import PhoneLineField

WHAT = ("contact", "member", "leader", "staff")


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def coming(self) -> "SuccessionQuerySet":
        """Agreed, and neither carried out nor called off. Who has left a group or the centre hands nothing over."""
        return self.filter(
            Q(member__isnull=True) | Q(member__ended_on__isnull=True),
            Q(leader__isnull=True) | Q(leader__ended_on__isnull=True),
            carried_out_at__isnull=True,
            called_off_at__isnull=True,
        )

    def due(self, *, today: date) -> "SuccessionQuerySet":
        """Those that are to be carried out."""
        return self._in_operation(on=today).filter(starts_on__lte=today)

    def expected(self) -> "SuccessionQuerySet":
        """Those that will be carried out when their day comes, as things are now."""
        return self._in_operation(on=F("starts_on"))

    def _in_operation(self, *, on: date | F) -> "SuccessionQuerySet":
        """A municipality that has withdrawn, or a closed unit, has no successors."""
        return self.coming().filter(
            Q(contact__isnull=True) | Q(contact__participation__withdrawn_at__isnull=True),
            Q(contact__unit__isnull=True)
            | Q(contact__unit__closed_on__isnull=True)
            | Q(contact__unit__closed_on__gt=on),
            Q(member__isnull=True) | Q(member__group__participation__withdrawn_at__isnull=True),
        )

    def erasable(self, cohorts: list[int]) -> "SuccessionQuerySet":
        """Those about a function in these cohorts."""
        return self.filter(
            Q(contact__participation__cohort__in=cohorts) | Q(member__group__participation__cohort__in=cohorts)
        )

    def involving(self, user: User) -> "SuccessionQuerySet":
        """Those in which the person takes over or hands over."""
        return self.filter(
            Q(successor=user)
            | Q(contact__user=user)
            | Q(member__supervisor__user=user)
            | Q(leader__user=user)
            | Q(staff=user)
        )

    def editable_by(self, user: User, *, today: date) -> "SuccessionQuerySet":
        """Those that this person could have agreed: as for replacing the one who hands over."""
        found = Q(contact__in=Contact.objects.replaceable_by(user))
        if user.is_active and (user.is_staff or ProjectLeader.objects.current(today=today).filter(user=user).exists()):
            found |= Q(member__isnull=False) | Q(leader__isnull=False)
        if user.is_active and user.is_superuser:
            found |= Q(staff__isnull=False)
        return self.filter(found)

    def in_words(self) -> "SuccessionQuerySet":
        """With all that a row is described by."""
        return self.select_related(
            "successor__merged_into",
            "staff",
            "leader__user",
            "contact__user",
            "contact__unit",
            "contact__participation__municipality__county",
            "contact__participation__cohort",
            "member__supervisor__user",
            "member__group__participation__municipality__county",
            "member__group__participation__cohort",
        )


class Succession(models.Model):
    """Somebody takes over a function from a day on: at once when that day has come, else by a task on the day."""

    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="successions")
    member = models.ForeignKey(GroupMember, models.CASCADE, null=True, related_name="successions")
    leader = models.ForeignKey(ProjectLeader, models.CASCADE, null=True, related_name="successions")
    staff = models.ForeignKey(User, models.CASCADE, null=True, related_name="successions")
    successor = models.ForeignKey(
        User, models.PROTECT, related_name="takes_over", verbose_name=gettext_lazy("den som overtar")
    )
    name = NameField(gettext_lazy("navn"), max_length=200)
    phone = PhoneLineField(gettext_lazy("telefon"), max_length=30, blank=True)
    starts_on = models.DateField(gettext_lazy("fra"))
    # The keys of what is not handed over: see accounts.todos. What comes to the person until the day is.
    kept = models.JSONField(default=list)
    note = models.TextField(gettext_lazy("notat til den som overtar"), blank=True, max_length=4000)
    agreed_at = models.DateTimeField(gettext_lazy("avtalt"))
    agreed_by = by(gettext_lazy("avtalt av"))
    carried_out_at = models.DateTimeField(gettext_lazy("gjennomført"), null=True, blank=True)
    called_off_at = models.DateTimeField(gettext_lazy("avlyst"), null=True, blank=True)
    called_off_by = by(gettext_lazy("avlyst av"), optional=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("bytte av person i en funksjon")
        verbose_name_plural = gettext_lazy("bytter av person i en funksjon")
        ordering = ["starts_on", "pk"]
        constraints = [
            who_and_when("called_off"),
            models.CheckConstraint(
                condition=Q(carried_out_at__isnull=True) | Q(called_off_at__isnull=True),
                name="a_succession_is_carried_out_or_called_off",
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{other}__isnull": other != what for other in WHAT}) for what in WHAT),
                    _connector=Q.OR,
                ),
                name="a_succession_is_about_one_function",
            ),
            *(
                models.UniqueConstraint(
                    fields=[what],
                    condition=Q(carried_out_at__isnull=True, called_off_at__isnull=True),
                    name=f"one_coming_succession_of_a_{what}",
                )
                for what in WHAT
            ),
        ]

    def __str__(self) -> str:
        return _("%(new)s overtar etter %(old)s") % {"new": self.name, "old": self.hands_over}

    @property
    def new_person(self) -> User:
        """The person who takes over, also when the row that was chosen has turned out to be somebody else's."""
        return self.successor.merged_into or self.successor

    @property
    def holder(self) -> User:
        """The person who hands over."""
        if self.contact:
            return self.contact.user
        if self.member:
            return self.member.supervisor.user
        return self.leader.user if self.leader else self._staff

    @property
    def _staff(self) -> User:
        if self.staff is None:
            raise ValueError("a succession is about one function")
        return self.staff

    @property
    def hands_over(self) -> str:
        """The name of the person who hands over, as it is in the function."""
        if self.contact:
            return self.contact.name
        if self.member:
            return self.member.supervisor.name
        return self.leader.name if self.leader else str(self._staff)

    def hands_over_to_reader(self, reader: User) -> str:
        """The same within a sentence to somebody, who may be that person."""
        return _("deg") if self.holder == reader else self.hands_over

    @property
    def function(self) -> str:
        """What is handed over, in words."""
        if self.contact:
            return self.contact.function_in_words
        if self.member:
            return _("veileder i %(place)s") % {"place": self.member.group.participation.municipality}
        if self.leader:
            return _("prosjektleder ved Læringsmiljøsenteret")
        return _("ansatt i Utdanningsdirektoratet")

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.starts_on, time.min))

    @property
    def is_coming(self) -> bool:
        return self.carried_out_at is None and self.called_off_at is None

    def language_for(self, user: User) -> str:
        """The written language that a person is mailed in about it: a municipality's is not its supervisors'."""
        if self.contact:
            return self.contact.participation.language_for(user)
        return user.language or User.Language.NB

    def call_off(self, *, by: User, now: datetime) -> bool:
        """False when it is called off already. Raise ValidationError when it is carried out."""
        if self.carried_out_at:
            raise ValidationError(_("Byttet er allerede gjennomført."), code="done")
        if self.called_off_at:
            return False
        self.called_off_at, self.called_off_by = now, by
        self.save(update_fields=["called_off_at", "called_off_by"])
        return True

    def is_done(self, *, now: datetime) -> None:
        self.carried_out_at = now
        self.save(update_fields=["carried_out_at"])
