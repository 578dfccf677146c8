from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Cohort
from parts.history import HistoricalRecords

MIN_SUPERVISORS, MAX_SUPERVISORS = 2, 4  # supervisors of a municipality, by the letter of welcome
MOST_UNITS = 999  # more than any municipality has


class GuidanceSettingsQuerySet(models.QuerySet["GuidanceSettings"]):
    def of(self, cohort: Cohort) -> "GuidanceSettings":
        """The cohort's own, else the usual ones: they are not stored by being read.

        No query for a cohort that is loaded with its `guidance_settings`.
        """
        found = getattr(
            cohort, "guidance_settings", None
        )  # the reverse side of a OneToOneField: an error without a row
        return found or GuidanceSettings(cohort=cohort)


class GuidanceSettings(models.Model):
    """What a cohort chooses about its guidance. None of these numbers is known from a rule, so all can be changed."""

    cohort = models.OneToOneField(
        Cohort, models.PROTECT, related_name="guidance_settings", verbose_name=_("pulje"), primary_key=True
    )
    units_for_two = models.PositiveSmallIntegerField(
        _("to veiledere til og med så mange enheter"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UNITS)],
    )
    units_for_three = models.PositiveSmallIntegerField(
        _("tre veiledere til og med så mange enheter"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_UNITS)],
        help_text=_("Kommuner med flere enheter får fire."),
    )
    sessions_per_semester = models.PositiveSmallIntegerField(
        _("veiledningsmøter i hver kommune per semester"), default=3, validators=[MaxValueValidator(50)]
    )
    silent_after_days = models.PositiveSmallIntegerField(
        _("dager uten møte før en kommune skal følges opp"),
        default=60,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
    )
    remind_days_before = models.PositiveSmallIntegerField(
        _("dager før et møte det minnes om"), default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    log_missing_after_days = models.PositiveSmallIntegerField(
        _("dager etter et møte før det minnes om loggen"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    measure_due_days_before = models.PositiveSmallIntegerField(
        _("dager før et tiltak skal være ferdig det minnes om"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    own_themes = models.TextField(
        _("egne temaer"),
        blank=True,
        max_length=2000,
        help_text=_("Ett tema på hver linje. De kommer i tillegg til de fire faste i veiledningsloggen."),
    )

    _history_user: User  # set before it is saved: who the history says it is by

    objects = GuidanceSettingsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("innstillinger for veiledningen")
        verbose_name_plural = _("innstillinger for veiledningen")
        ordering = ["-cohort__number"]

    def __str__(self) -> str:
        return str(self.cohort)

    def clean(self) -> None:
        super().clean()
        if None not in (self.units_for_two, self.units_for_three) and self.units_for_three < self.units_for_two:
            raise ValidationError(
                {"units_for_three": _("Tre veiledere må gjelde minst like mange enheter som to veiledere.")}
            )

    @property
    def themes(self) -> list[str]:
        """The cohort's own, in the order in which they were written, each once."""
        return list(dict.fromkeys(line.strip() for line in self.own_themes.splitlines() if line.strip()))

    def group_size(self, units: int) -> int:
        """How many supervisors a municipality with so many units has."""
        if units <= self.units_for_two:
            return MIN_SUPERVISORS
        return MIN_SUPERVISORS + 1 if units <= self.units_for_three else MAX_SUPERVISORS
