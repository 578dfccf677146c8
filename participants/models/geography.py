from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants import organisation_number
from parts.addresses import AddressField
from parts.history import HistoricalRecords
from parts.names import OneLineField
from parts.order import NameField

# Until 2020 the office was called fylkesmann.
RENAMED_ON = date(2021, 1, 1)
# Of two municipalities each, in the list that the project ships.
SHARED_NAMES = frozenset({"Herøy", "Våler"})


class CountyGovernorQuerySet(models.QuerySet["CountyGovernor"]):
    def unreachable(self) -> "CountyGovernorQuerySet":
        """Offices that no mail can be sent to: nobody is registered there, and the office has no address."""
        people = GovernorContact.objects.reached().filter(governor=models.OuterRef("pk"))
        return self.filter(~models.Exists(people), email="")


class CountyGovernor(models.Model):
    """Statsforvalter: one office, serving one or several counties. Its official name may be nynorsk."""

    organisation_number = OneLineField(
        _("organisasjonsnummer"), max_length=9, unique=True, validators=[organisation_number.validate]
    )
    name = NameField(_("navn"), max_length=200)
    email = AddressField(
        _("embetets e-postadresse"),
        blank=True,
        help_text=_("Får kopi av velkomstbrevene når ingen personer er registrert hos embetet."),
    )

    objects = CountyGovernorQuerySet.as_manager()

    class Meta:
        verbose_name = _("statsforvalter")
        verbose_name_plural = _("statsforvaltere")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_people_url(self) -> str:
        """The page where its people are let in, put right and seen off."""
        return reverse("governor:people", args=[self.pk])

    @property
    def language(self) -> str:
        """The written language the office is addressed in, "nb" or "nn": the one that its name is in."""
        return "nn" if self.name.startswith("Statsforvaltaren") else "nb"

    def language_for(self, user: User) -> str:
        return user.language or self.language

    def people(self) -> "GovernorContactQuerySet":
        """Those who are with the office now, by name."""
        return self.contacts.current().select_related("user", "governor").order_by("user__name", "user__email", "pk")

    def add_person(self, *, email: str, name: str, on: date, by: User) -> "GovernorContact":
        """Let this person follow the counties' municipalities. Raises ValidationError for one who does already.

        Whoever has the address in the portal is the one: what is stored about them is not changed.
        """
        user = User.objects.for_email(email, name=name, by=by)
        CountyGovernor.objects.select_for_update().get(pk=self.pk)
        if self.contacts.current().filter(user=user).exists():
            raise ValidationError(gettext("Personen med denne adressen er registrert hos embetet."), code="already")
        contact = GovernorContact(governor=self, user=user, name=name, started_on=on)
        contact._history_user = by
        contact.save()
        return contact


class GovernorContactQuerySet(models.QuerySet["GovernorContact"]):
    def current(self) -> "GovernorContactQuerySet":
        return self.filter(ended_on__isnull=True)

    def reached(self) -> "GovernorContactQuerySet":
        """Those who get the office's mails."""
        return self.current().filter(user__is_active=True)


class GovernorContact(models.Model):
    """A person who nominates and follows the municipalities of a county governor's counties."""

    governor = models.ForeignKey(
        CountyGovernor, models.PROTECT, related_name="contacts", verbose_name=_("statsforvalter")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="governor_contacts", verbose_name=_("person")
    )
    name = NameField(_("navn"), max_length=200, blank=True)
    started_on = models.DateField(_("fra"))
    ended_on = models.DateField(_("til"), null=True, blank=True)

    objects = GovernorContactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kontaktperson hos statsforvalteren")
        verbose_name_plural = _("kontaktpersoner hos statsforvalterne")
        ordering = ["governor__name", "user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["governor", "user"],
                condition=models.Q(ended_on__isnull=True),
                name="governor_contact_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.called} ({self.governor})"

    @property
    def called(self) -> str:
        return self.name or str(self.user)

    @property
    def is_last(self) -> bool:
        """Whether nobody else who can sign in is with the office."""
        return not self.governor.contacts.reached().exclude(pk=self.pk).exists()

    def correct(self, *, name: str, by: User) -> bool:
        """Correct what the person is called here, and return whether anything changed."""
        if name == self.called:
            return False
        self.name = name
        self._history_user = by
        self.save(update_fields=["name"])
        return True

    def end(self, *, on: date, by: User) -> bool:
        """End the access, from this day on. False when it has ended already."""
        if self.ended_on is not None:
            return False
        self.ended_on = on
        self._history_user = by
        self.save(update_fields=["ended_on"])
        return True


class County(models.Model):
    number = OneLineField(_("fylkesnummer"), max_length=2, unique=True)
    name = NameField(_("navn"), max_length=100)
    governor = models.ForeignKey(
        CountyGovernor, models.PROTECT, related_name="counties", verbose_name=_("statsforvalter")
    )

    class Meta:
        verbose_name = _("fylke")
        verbose_name_plural = _("fylker")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


HERADS = {"4620", "4621", "4622"}  # Ulvik, Voss and Kvam


class Municipality(models.Model):
    """A municipality as it is today. Its number is text: Oslo's is "0301"."""

    class Language(models.TextChoices):
        NB = "nb", _("bokmål")
        NN = "nn", _("nynorsk")
        NEUTRAL = "neutral", _("nøytral")

    number = OneLineField(_("kommunenummer"), max_length=4, unique=True)
    name = NameField(_("navn"), max_length=100)
    name_official = NameField(_("offisielt navn"), max_length=200)
    county = models.ForeignKey(County, models.PROTECT, related_name="municipalities", verbose_name=_("fylke"))
    language = models.CharField(_("målform"), max_length=7, choices=Language.choices)
    organisation_number = OneLineField(_("organisasjonsnummer"), max_length=9, blank=True)
    number_2020 = OneLineField(_("kommunenummer i 2020"), max_length=4, blank=True)
    governor_2020 = OneLineField(_("fylkesmann i 2020"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering = ["name", "number"]

    def __str__(self) -> str:
        """Whoever reads of Herøy must know which, wherever it stands."""
        return self.name_told_apart

    @property
    def name_told_apart(self) -> str:
        """The name alone, unless another municipality has it too."""
        return self.name_and_county if self.name in SHARED_NAMES else self.name

    @property
    def name_and_county(self) -> str:
        """Herøy and Våler exist twice, so a list shows the county."""
        return f"{self.name} ({self.county.name})"

    @property
    def designation(self) -> str:
        """What it calls itself, as Enhetsregisteret has it: Voss herad, Bergen kommune."""
        return "herad" if self.number in HERADS else "kommune"

    @property
    def as_addressed(self) -> str:
        """As a letter is addressed to it: Porsanger – Porsáŋgu – Porsanki kommune."""
        return f"{self.name_official or self.name} {self.designation}".replace(" - ", " – ")

    def governor_name(self, *, on: date) -> str:
        """What the office that follows this municipality was called on that day."""
        if on < RENAMED_ON and self.governor_2020:
            return self.governor_2020
        return self.county.governor.name
