from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.geography import Municipality
from parts.history import HistoricalRecords

NEW_SCHOOL_YEAR = (8, 1)  # opplæringslova lets a school year end on 31 July


def validate_days(text: str) -> None:
    try:
        days = [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        days = [-1]
    if any(day < 1 or day > 60 for day in days):
        raise ValidationError(_("Skriv hele dager mellom 1 og 60, med komma mellom, for eksempel 14, 3."))


class CohortQuerySet(models.QuerySet["Cohort"]):
    def going_on(self, *, today: date, years_after: int = 0) -> "CohortQuerySet":
        """Cohorts until their second school year ends (31 July), or some years longer; those to come are among them."""
        return self.filter(first_year__gte=oldest_going_on(today) - years_after)

    def open_for_nominations(self, *, today: date) -> "CohortQuerySet":
        """Many rows' `is_open_for_nominations`."""
        return self.filter(starts_on__gt=today)


def oldest_going_on(today: date) -> int:
    """The first year of the oldest cohort that is not over."""
    newest_school_year = today.year if (today.month, today.day) >= NEW_SCHOOL_YEAR else today.year - 1
    return newest_school_year - 1


class Cohort(models.Model):
    """Pulje: the municipalities that go through the project together, for two school years."""

    class GatheringLabel(models.TextChoices):
        GATHERING = "gathering", _("samling")
        NATIONAL_DAY = "national_day", _("nasjonal fagdag")

    number = models.PositiveSmallIntegerField(_("nummer"), unique=True, validators=[MinValueValidator(1)])
    first_year = models.PositiveSmallIntegerField(
        _("første skoleår begynner i"),
        validators=[MinValueValidator(2013), MaxValueValidator(2100)],
        help_text=_("Årstallet. Prosjektet har pågått siden 2013."),
    )
    starts_on = models.DateField(_("formell oppstart"))
    confirm_by = models.DateField(_("frist for å bekrefte opplysningene"))
    neutral_language = models.CharField(
        _("målform til nøytrale kommuner"),
        max_length=2,
        choices=[("nb", _("bokmål")), ("nn", _("nynorsk"))],
        default="nb",
    )
    gathering_label = models.CharField(
        _("samlingene kalles"),
        max_length=20,
        choices=GatheringLabel.choices,
        default=GatheringLabel.GATHERING,
    )
    remind_days_before = models.CharField(
        _("påminnelser, dager før fristen"),
        max_length=40,
        default="14, 3",
        blank=True,
        validators=[validate_days],
    )
    remind_overdue_every = models.PositiveSmallIntegerField(
        _("dager mellom påminnelser etter fristen"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    remind_overdue_times = models.PositiveSmallIntegerField(
        _("antall påminnelser etter fristen"),
        default=4,
        validators=[MaxValueValidator(20)],
        help_text=_("Etter dette følger en ansatt opp."),
    )

    objects = CohortQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("pulje")
        verbose_name_plural = _("puljer")
        ordering = ["-number"]

    def __str__(self) -> str:
        return _("Pulje %(number)s") % {"number": self.number}

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.first_year and self.starts_on.year != self.first_year:
            raise ValidationError(
                {
                    "starts_on": _("Formell oppstart må være i %(year)s, året første skoleår begynner.")
                    % {"year": self.first_year}
                }
            )

    def is_open_for_nominations(self, *, today: date) -> bool:
        """Until the day before it begins."""
        return today < self.starts_on

    @property
    def ends_on(self) -> date:
        """The last day of the second school year."""
        return date(self.first_year + 2, 7, 31)

    @property
    def school_years(self) -> tuple[str, str]:
        year = self.first_year
        return f"{year}/{year + 1}", f"{year + 1}/{year + 2}"

    @property
    def reminder_days(self) -> list[int]:
        """Days before the deadline, the furthest first."""
        return sorted({int(part) for part in self.remind_days_before.split(",") if part.strip()}, reverse=True)

    def language_for(self, municipality: Municipality) -> str:
        """Språklova § 15: a municipality's own målform; where it is neutral, the sender chooses."""
        if municipality.language == Municipality.Language.NEUTRAL:
            return self.neutral_language
        return municipality.language
