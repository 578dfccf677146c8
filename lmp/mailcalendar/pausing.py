"""A reminder is switched off, and on again: what that does to the plan, and the change itself."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.mailcalendar.models import MailPause
from outbox import plan
from outbox.effects import AHEAD
from outbox.plan import LeftOut
from participants.models import Cohort, Participation

Place = Cohort | Participation


@transaction.atomic
def pause(
    place: Place, *, rule: str, reason: str, begins_at: datetime, ends_at: datetime | None, by: User, now: datetime
) -> MailPause:
    """Pressed twice it is one. Raises ValidationError while the same rule is off there at the same time already."""
    if not reason:
        raise ValueError("nobody is kept from a reminder without a reason")
    of = _place(place)
    # Two who do it at once take turns.
    type(place)._default_manager.select_for_update(of=("self",)).get(pk=place.pk)
    same = MailPause.objects.filter(**of, rule=rule).not_over(now)
    if ends_at:
        same = same.filter(begins_at__lt=ends_at)
    if other := same.filter(Q(ends_at=None) | Q(ends_at__gt=begins_at)).with_places().first():
        if other.paused_by_id == by.pk and other.reason == reason and other.ends_at == ends_at:
            return other
        raise ValidationError(
            _("%(rule)s er allerede slått av der i den tida, av %(name)s: %(reason)s")
            % {"rule": other.title, "name": other.paused_by, "reason": other.why}
        )
    return MailPause.objects.create(
        **of, rule=rule, reason=reason, begins_at=begins_at, ends_at=ends_at, paused_at=now, paused_by=by
    )


def passed(pause: MailPause, *, now: datetime) -> list[LeftOut]:
    """What fell due while it was off, and would have gone. It never goes."""
    found = plan.with_left_out(max(pause.begins_at, now - plan.LOOK_BACK), now)[1]
    mine = [each for each in found if each.pause == pause.pause]
    written = plan.posted_keys([each.mail.key for each in mine])
    return [each for each in mine if each.mail.key not in written]


def shortened(pause: MailPause, *, now: datetime) -> list[LeftOut]:
    """What goes in the year to come without the part that is off: mails about other places too."""
    found = plan.with_left_out(now, now + AHEAD)[1]
    return [each for each in found if each.pause == pause.pause and each.rest]


def _place(place: Place) -> dict[str, Place]:
    return {"cohort": place} if isinstance(place, Cohort) else {"participation": place}


def concerning(rule: str, participations: Iterable[Participation], *, now: datetime) -> list[MailPause]:
    """Those in force by which one of these is not reminded."""
    places = Q()
    for each in participations:
        places |= Q(participation=each.pk) | Q(cohort=each.cohort_id)
    if not places:
        return []
    return list(MailPause.objects.in_force(now).filter(places, rule=rule).with_places())


def still_off(pause: MailPause, *, now: datetime) -> MailPause | None:
    """Another one in force by which the same rule is off in all of the place."""
    same = MailPause.objects.in_force(now).filter(rule=pause.rule).exclude(pk=pause.pk)
    over_it = same.filter(cohort=pause.in_cohort)
    if pause.participation:
        over_it = same.at(pause.participation)
    return over_it.with_places().first()
