"""What a participant needs in order to take part: asked for without a reason, seen by few, and soon deleted."""

from datetime import date, datetime, timedelta

from django.conf import settings

from gatherings.models import Gathering, Needs, Registration


def keep(registration: Registration, *, food: str, access: str, now: datetime) -> None:
    """What the person says now. Nothing said is nothing held."""
    if not (food or access):
        Needs.objects.filter(registration=registration).delete()
        return
    Needs.objects.update_or_create(
        registration=registration, defaults={"food": food, "access": access, "saved_at": now}
    )


def deleted_by(gathering: Gathering) -> date | None:
    """The first day on which the night's task deletes them."""
    return gathering.last_day + timedelta(days=settings.NEEDS_KEPT_DAYS + 1) if gathering.last_day else None
