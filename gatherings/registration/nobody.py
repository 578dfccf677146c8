"""The answer that nobody comes for a municipality or a unit: given, and taken back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.models import Gathering, NobodyComes, Registration
from gatherings.registration import covering
from gatherings.registration.registrar import Place, registrar_for
from participants.models import Contact
from parts.names import joined

IN_A_UNIT = (Contact.Function.HEAD, Gathering.STAFF)
IN_A_MUNICIPALITY = (*Contact.EDITORS, Contact.Function.PPT)


def may_be_answered(gathering: Gathering, *, now: datetime) -> bool:
    """From when registration opens until the gathering begins: after the deadline too, for the staff to know."""
    today = timezone.localdate(now)
    opened = gathering.opens_on is not None and gathering.opens_on <= today
    return gathering.is_settled and opened and gathering.starts_on is not None and today <= gathering.starts_on


@transaction.atomic
def answer(gathering: Gathering, chosen: Sequence[Place], *, note: str, by: User, now: datetime) -> list[NobodyComes]:
    """Store that nobody comes for these places, and return the new answers; what was answered before stays as it is.

    Raise ValidationError, and store nothing, when somebody is registered for one of them, or it is too late.
    """
    gathering = places.lock(gathering)
    if not may_be_answered(gathering, now=now):
        raise ValidationError(_("Det er ikke mulig å svare nå."), code="closed")
    coming = covering.coming([gathering.pk])[gathering.pk]
    if theirs := [place for place in chosen if place.pks in coming]:
        names = joined(place.label for place in theirs)
        raise ValidationError(
            _("Noen er påmeldt for %(places)s. Meld dem av først.") % {"places": names}, code="coming"
        )
    made = []
    for place in chosen:
        where = {"participation": place.participation, "unit": place.unit}
        if not gathering.nobody_comes.standing().filter(**where).exists():
            made.append(gathering.nobody_comes.create(note=note, answered_at=now, answered_by=by, **where))
    return made


def said(made: Sequence[NobodyComes]) -> str:
    text = _("Svaret er lagret: ingen kommer fra %(places)s. Dere får ingen flere påminnelser om det.")
    return text % {"places": joined(each.about for each in made)}


@transaction.atomic
def take_back(found: NobodyComes, *, by: User, now: datetime) -> bool:
    """Return whether it was there to take back."""
    places.lock(found.gathering)
    standing = NobodyComes.objects.standing().filter(pk=found.pk).first()
    if standing is None:
        return False
    standing.take_back(by=by, now=now)
    return True


def left_by(registration: Registration, user: User, *, now: datetime) -> list[Place]:
    """The places that nobody would come for if this person did not, of those that the user answers for."""
    gathering = registration.gathering
    mine = registrar_for(user, gathering, today=timezone.localdate(now))
    if mine.only_self or not mine.places:
        return []
    with_them = covering.coming([gathering.pk])[gathering.pk]
    without = covering.coming([gathering.pk], without=registration)[gathering.pk]
    return [place for place in mine.places if place.pks in with_them - without and asks(gathering, place)]


def lacking(gathering: Gathering, places: Sequence[Place], *, or_named: Collection[str] = ()) -> list[Place]:
    """Of these places, those that nobody has answered for, and those named by key."""
    covered = covering.covered([gathering.pk])[gathering.pk]
    wanted = [place for place in places if place.key in or_named or place.pks not in covered]
    return [place for place in wanted if asks(gathering, place)]


def asks(gathering: Gathering, place: Place) -> bool:
    """Whether the gathering is for the people of such a place: those of the units, or those of the municipalities."""
    return gathering.invites(IN_A_UNIT if place.unit else IN_A_MUNICIPALITY)


def answers_to(gathering: Gathering, user: User, *, today: date | None = None) -> list[NobodyComes]:
    """What has been answered and not taken back, as far as the person sees it. One query.

    `editable` on each: the person answers for the place, and may take it back.
    """
    mine = NobodyComes.objects.editable_by(user, today=today).filter(pk=OuterRef("pk"))
    visible = gathering.nobody_comes.standing().visible_to(user).annotate(editable=Exists(mine))
    related = ("unit", "participation__municipality__county", "answered_by")
    return list(visible.select_related(*related).prefetch_related("strikes__struck_by").order_by("pk"))
