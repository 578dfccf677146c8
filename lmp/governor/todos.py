"""What waits for a county governor's office, and what its nominations ask of Udir's staff."""

from collections import defaultdict
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.todos import Todo
from participants.functions import Functions
from participants.models import Cohort, GovernorContact, Participation
from parts.dates import date_in_words
from parts.names import joined

NAMED = 5


def of_office(mine: Functions, *, today: date) -> list[Todo]:
    """Each nomination without an answer, until its pulje is over. No query for whoever is with no office."""
    if not mine.governs:
        return []
    found = unanswered(today=today).filter(municipality__county__governor__in=mine.governs)
    return [
        Todo(
            title=_("Registrer svaret fra %(name)s") % {"name": each.municipality.name_told_apart},
            text=_("Nominert til %(cohort)s. Har kommunen takket ja, registrerer du hvem som svarte, og når.")
            % {"cohort": str(each.cohort).lower()},
            url=reverse("governor:accept", args=[each.pk]),
            button=_("Registrer"),
        )
        for each in found.order_by("municipality__name", "pk")
    ]


def unanswered(*, today: date):
    """Nominated, and neither accepted nor withdrawn, in cohorts that are not over."""
    found = Participation.objects.taking_part().filter(
        cohort__in=Cohort.objects.going_on(today=today), nominated_at__isnull=False, accepted_at__isnull=True
    )
    return found.select_related("municipality__county__governor", "cohort")


def of_staff(*, today: date) -> list[Todo]:
    """The offices' nominations by cohort, until each has had its letter or its pulje has begun."""
    officers = GovernorContact.objects.filter(
        user=OuterRef("nominated_by"), governor=OuterRef("municipality__county__governor")
    )
    nominated = Participation.objects.taking_part().filter(
        Exists(officers), cohort__in=Cohort.objects.open_for_nominations(today=today), welcomed_at__isnull=True
    )
    by_cohort: dict[Cohort, list[Participation]] = defaultdict(list)
    rows = nominated.select_related("municipality__county__governor", "cohort")
    for each in rows.order_by("cohort__number", "municipality__name", "pk"):
        by_cohort[each.cohort].append(each)
    return [_nominated(cohort, found) for cohort, found in by_cohort.items()]


def _nominated(cohort: Cohort, found: list[Participation]) -> Todo:
    first = found[0]
    title = ngettext(
        "%(name)s er nominert av %(governor)s",
        "%(count)s kommuner er nominert til %(cohort)s av statsforvalterne",
        len(found),
    ) % {
        "name": first.municipality.name_told_apart,
        "governor": first.municipality.county.governor,
        "count": len(found),
        "cohort": str(cohort).lower(),
    }
    return Todo(
        title=title,
        text=_answer(first) if len(found) == 1 else _answers(found),
        url=first.get_absolute_url() if len(found) == 1 else reverse("overview:participations") + f"?pulje={cohort.pk}",
        button=_("Se kommunen") if len(found) == 1 else _("Se kommunene"),
    )


def _answer(participation: Participation) -> str:
    if participation.accepted_on:
        said = _("%(cohort)s. Takket ja %(day)s, og har ikke fått velkomstbrevet.")
        return said % {"cohort": participation.cohort, "day": date_in_words(participation.accepted_on)}
    return _("%(cohort)s. Har ikke svart ennå.") % {"cohort": participation.cohort}


def _answers(found: list[Participation]) -> str:
    accepted = [each for each in found if each.accepted_at]
    names = [each.municipality.name_told_apart for each in found]
    shown = joined(names) if len(names) <= NAMED else ", ".join([*names[:NAMED], "…"])
    counted = ngettext(
        "%(count)s har takket ja og ikke fått velkomstbrevet.",
        "%(count)s har takket ja og ikke fått velkomstbrevet.",
        len(accepted),
    ) % {"count": len(accepted)}
    return f"{shown}. {counted}" if accepted else f"{shown}."
