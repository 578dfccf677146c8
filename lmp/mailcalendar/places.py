"""The pulje or the municipality that a page or a planned mail is about."""

from lmp.mailcalendar.pausing import Place
from participants.models import Cohort, Participation
from parts.forms import number_from

PARTICIPATIONS = Participation.objects.select_related("municipality__county", "cohort")


def of_scope(scope: frozenset[str]) -> list[Participation]:
    """The municipalities that a planned mail is about."""
    keys = [number_from(each.rpartition(":")[2]) for each in scope if each.startswith("participation:")]
    return list(PARTICIPATIONS.filter(pk__in=[key for key in keys if key]).order_by("municipality__name", "pk"))


def named(text: str) -> Place | None:
    """What a choice of a form stands for: "pulje-9" or "kommune-51", by its key."""
    kind, _dash, key = text.partition("-")
    number = number_from(key) or 0
    if kind == "pulje":
        return Cohort.objects.filter(pk=number).first()
    return PARTICIPATIONS.filter(pk=number).first() if kind == "kommune" else None


def name_of(place: Place) -> str:
    return f"pulje-{place.pk}" if isinstance(place, Cohort) else f"kommune-{place.pk}"
