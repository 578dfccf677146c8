from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox.models import DeadAddress, ReturnReason
from participants.models.participation import Participation
from participants.models.unit import Unit
from parts.facts import by, who_and_when
from parts.history import HistoricalRecords
from parts.order import NameField
from parts.phone import PhoneLineField


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        return self.filter(ended_at__isnull=True)

    def with_dead_addresses(self) -> "ContactQuerySet":
        """Each with the reason why mail to them comes back, empty when it arrives: `mail_trouble` reads it."""
        return self.annotate(dead_reason=DeadAddress.objects.all().why("user__email"))

    def unreached(self) -> "ContactQuerySet":
        """Those who have a function now, and whose mail comes back."""
        dead = DeadAddress.objects.active().values("address")
        return self.current().filter(user__email__in=dead).with_dead_addresses()

    def visible_to(self, user: User) -> "ContactQuerySet":
        return self.filter(
            models.Q(participation__in=Participation.objects.visible_to(user))
            | models.Q(unit__in=Unit.objects.visible_to(user))
        )

    def editable_by(self, user: User) -> "ContactQuerySet":
        return self.current().filter(participation__in=Participation.objects.editable_by(user))

    def correctable_by(self, user: User) -> "ContactQuerySet":
        """Those of the municipalities that one answers for, and what is stored about oneself."""
        if not user.is_active:
            return self.none()
        editable = Participation.objects.editable_by(user)
        return self.current().filter(models.Q(participation__in=editable) | models.Q(user=user))

    def replaceable_by(self, user: User) -> "ContactQuerySet":
        """Those of the municipalities that one answers for, and one's own. Staff replace anybody."""
        if not user.is_active:
            return self.none()
        going_on = self.current().filter(participation__withdrawn_at__isnull=True)
        if user.has_perm("participants.change_contact"):
            return going_on
        return going_on.filter(
            models.Q(participation__in=Participation.objects.editable_by(user)) | models.Q(user=user)
        )


class Contact(models.Model):
    """A person's function in a participation, for one unit or for the whole municipality.

    The address belongs to the person (``contact.user.email``): `lmp/changes/address.py` changes it.
    """

    class Function(models.TextChoices):
        AUTHORITY = "authority", gettext_lazy("barnehagemyndighet")
        OWNER = "owner", gettext_lazy("eier")
        KINDERGARTEN_LEAD = "kindergarten_lead", gettext_lazy("barnehagefaglig ansvarlig")
        SCHOOL_LEAD = "school_lead", gettext_lazy("skolefaglig ansvarlig")
        HEAD = "head", gettext_lazy("styrer eller rektor")
        PPT = "ppt", gettext_lazy("PP-tjenesten")

    # They answer for the municipality: they confirm, and keep its contacts up to date.
    EDITORS = (Function.AUTHORITY, Function.OWNER, Function.KINDERGARTEN_LEAD, Function.SCHOOL_LEAD)

    participation = models.ForeignKey(
        Participation, models.PROTECT, related_name="contacts", verbose_name=gettext_lazy("kommune i pulje")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=gettext_lazy("enhet"),
        help_text=gettext_lazy("La feltet stå tomt hvis personen har funksjonen for hele kommunen."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="contacts", verbose_name=gettext_lazy("person")
    )
    function = models.CharField(gettext_lazy("funksjon"), max_length=20, choices=Function.choices)
    name = NameField(gettext_lazy("navn"), max_length=200)
    phone = PhoneLineField(gettext_lazy("telefon"), max_length=30, blank=True)
    started_at = models.DateTimeField(gettext_lazy("fra"))
    started_by = by(gettext_lazy("lagt til av"))
    ended_at = models.DateTimeField(gettext_lazy("til"), null=True, blank=True)
    ended_by = by(gettext_lazy("avsluttet av"), optional=True)
    replaces = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=gettext_lazy("erstatter"),
    )

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = gettext_lazy("kontaktperson")
        verbose_name_plural = gettext_lazy("kontaktpersoner")
        ordering = ["participation", models.F("unit").asc(nulls_first=True), "function", "pk"]
        constraints = [
            who_and_when("ended"),
            models.UniqueConstraint(
                fields=["unit", "user", "function"],
                condition=models.Q(ended_at__isnull=True, unit__isnull=False),
                name="contact_once_in_a_unit",
                violation_error_message=gettext_lazy("Personen har allerede denne funksjonen for enheten."),
            ),
            models.UniqueConstraint(
                fields=["participation", "user", "function"],
                condition=models.Q(ended_at__isnull=True, unit__isnull=True),
                name="contact_once_in_a_municipality",
                violation_error_message=gettext_lazy("Personen har allerede denne funksjonen i kommunen."),
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) | models.Q(function="head"),
                name="only_a_head_is_for_one_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False) | ~models.Q(function="head"), name="a_head_has_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"

    @property
    def mail_trouble(self) -> str:
        """Why mail to the person comes back, in words. Load the contact through `with_dead_addresses`."""
        return ReturnReason.in_words(getattr(self, "dead_reason", None))

    @property
    def title(self) -> str:
        """The function as it is called for this unit: a kindergarten's head is styrer, a school's rektor."""
        if self.function == self.Function.HEAD and self.unit:
            return self.unit.head_title
        return str(self.get_function_display())

    @property
    def function_in_words(self) -> str:
        """What the person is, and where, within a sentence."""
        if self.unit:
            return _("%(title)s ved %(unit)s") % {"title": self.title, "unit": self.unit}
        if self.function == self.Function.PPT:
            return _("kontaktperson for PP-tjenesten i %(place)s") % {"place": self.place}
        return _("%(title)s i %(place)s") % {"title": self.title, "place": self.place}

    @property
    def place(self) -> str:
        """What the function is for: the unit, else the municipality."""
        return self.unit.name if self.unit else str(self.participation.municipality)

    @property
    def gives_more(self) -> bool:
        """Whether the person sees more with this function than with their other ones."""
        others = Contact.objects.current().filter(user=self.user_id, participation=self.participation_id)
        others = others.exclude(pk=self.pk)
        covered = models.Q(function__in=self.EDITORS)
        if self.function == self.Function.HEAD:
            covered |= models.Q(unit=self.unit_id)
        elif not self.is_editor:
            covered |= models.Q(unit__isnull=True)
        return not others.filter(covered).exists()

    @property
    def is_editor(self) -> bool:
        """Whether it is a function that answers for the municipality: the welcome letter goes to these."""
        return self.function in self.EDITORS

    @property
    def is_last_editor(self) -> bool:
        return self.is_editor and not self.participation.editors().exclude(pk=self.pk).exists()

    def correct(self, *, name: str, phone: str, by: User) -> bool:
        """Correct what is stored about the same person, and return whether anything changed."""
        if (self.name, self.phone) == (name, phone):
            return False
        self.name, self.phone = name, phone
        self._history_user = by
        self.save(update_fields=["name", "phone"])
        return True

    def replace(
        self, *, name: str, email: str, phone: str = "", by: User, now: datetime, with_drafts: bool = True
    ) -> "Contact":
        """Hand over to a successor, with the drafts unless others see to these. The old access ends; history stays."""
        with transaction.atomic():
            successor = self.participation.add_contact(
                function=self.function,
                unit=self.unit,
                email=email,
                name=name,
                phone=phone,
                by=by,
                now=now,
                replaces=self,
            )
            drafts = self.user.confirmation_drafts.filter(
                confirmation__participation=self.participation, confirmation__answered_at__isnull=True
            )
            for draft in drafts if with_drafts else ():
                draft.hand_over(to=successor.user)
            self.ended_at, self.ended_by = now, by
            self._history_user = by
            self.save(update_fields=["ended_at", "ended_by"])
        return successor

    def end(self, *, by: User, now: datetime) -> None:
        """End the function, and with it the access. Raises ValidationError for the municipality's last editor."""
        if self.ended_at is not None:
            return
        if self.is_last_editor:
            raise ValidationError(
                _("Kommunen må ha minst én kontaktperson. Erstatt kontaktpersonen med en annen i stedet."), code="last"
            )
        self.ended_at, self.ended_by = now, by
        self._history_user = by
        self.save(update_fields=["ended_at", "ended_by"])
