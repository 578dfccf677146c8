"""What waits for a county governor's office."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.todos import Todo
from participants.functions import Functions
from participants.models import Cohort, Participation


def of_office(mine: Functions, *, today: date) -> list[Todo]:
    """Each nomination without an answer, until its pulje is over. No query for whoever is with no office."""
    if not mine.governs:
        return []
    found = unanswered(today=today).filter(municipality__county__governor__in=mine.governs)
    return [
        Todo(
            title=_("Registrer svaret fra %(name)s") % {"name": each.municipality.name_told_apart},
            text=_("Nominert til %(cohort)s. Har kommunen svart, registrerer du hvem som svarte, og når.")
            % {"cohort": str(each.cohort).lower()},
            url=reverse("governor:accept", args=[each.pk]),
            button=_("Registrer"),
        )
        for each in found.order_by("municipality__name", "pk")
    ]


def unanswered(*, today: date) -> QuerySet[Participation]:
    """Nominated, and neither accepted, declined nor withdrawn, in cohorts that are not over."""
    found = Participation.objects.taking_part().filter(
        cohort__in=Cohort.objects.going_on(today=today), nominated_at__isnull=False, accepted_at__isnull=True
    )
    return found.select_related("municipality__county__governor", "cohort")
