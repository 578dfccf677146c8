"""What changes a supervisor's facts: it is stored with who did it, and whom it concerns is told by the mail plan."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance.models import Capacity, GroupMember, Leave, ProfileChange, ProjectLeader, Supervisor
from guidance.staffing import wording
from participants.models import Cohort
from parts.order import alphabetical

# A supervisor's own fields; "capacity" is by cohort.
FIELDS = ("name", "phone", "employer", "workplace", "knows_kindergarten", "knows_school", "wished")
PLACES = ("preferred_counties", "not_with")
CAPACITY = "capacity"


@transaction.atomic
def add(*, email: str, facts: Mapping[str, Any], by: User, now: datetime) -> Supervisor:
    """Let a person be a supervisor; one who has ended is one again.

    `facts` are those of FIELDS and PLACES, and "capacity": by cohort, how many municipalities. Raises ValidationError
    with the code "same" for one who is a supervisor already.
    """
    user = User.objects.for_email(email, name=facts["name"], by=by)
    known = Supervisor.objects.select_for_update(of=("self",)).filter(user=user).first()
    if known and known.is_working(today=timezone.localdate(now)):
        raise ValidationError(_("%(name)s er allerede veileder.") % {"name": known}, code="same")
    supervisor = known or Supervisor(user=user)
    for name in FIELDS:
        if name in facts:
            setattr(supervisor, name, facts[name])
    supervisor.ended_on = None
    supervisor.added_at, supervisor.added_by = now, by
    supervisor._history_user = by
    supervisor.save()
    for name in PLACES:
        if name in facts:
            getattr(supervisor, name).set(facts[name])
    for cohort, most in facts.get(CAPACITY, {}).items():
        _set_capacity(supervisor, cohort, most, by=by)
    return supervisor


@transaction.atomic
def change(supervisor: Supervisor, *, facts: Mapping[str, Any], by: User, now: datetime) -> ProfileChange | None:
    """Change those of the facts that are new. None when none is."""
    stored = Supervisor.objects.select_for_update(of=("self",)).select_related("user").get(pk=supervisor.pk)
    said: list[list[Any]] = []
    for name in FIELDS:
        if name in facts and facts[name] != getattr(stored, name):
            said.append([name, getattr(stored, name), facts[name]])
            setattr(stored, name, facts[name])
    for name in PLACES:
        if name in facts and (entry := _change_places(stored, name, facts[name])):
            said.append(entry)
    for cohort, most in facts.get(CAPACITY, {}).items():
        before = Capacity.objects.filter(supervisor=stored, cohort=cohort).values_list("most", flat=True).first()
        if most != before and most is not None:
            _set_capacity(stored, cohort, most, by=by)
            said.append([f"{CAPACITY}:{cohort.number}", before, most])
    if not said:
        return None
    stored._history_user = by
    stored.save()
    return _remember(stored, said, by=by, now=now)


def _change_places(supervisor: Supervisor, name: str, chosen: models.QuerySet | list) -> list[Any] | None:
    """What is new of the counties or municipalities, for the trace; None when nothing is."""
    places = getattr(supervisor, name)
    before, after = list(places.all()), list(chosen)
    if {place.pk for place in before} == {place.pk for place in after}:
        return None
    places.set(after)
    return [name, *(sorted(map(wording.place, places), key=alphabetical) for places in (before, after))]


def _set_capacity(supervisor: Supervisor, cohort: Cohort, most: int | None, *, by: User) -> None:
    if most is None:
        return
    capacity = Capacity.objects.filter(supervisor=supervisor, cohort=cohort).first()
    capacity = capacity or Capacity(supervisor=supervisor, cohort=cohort)
    capacity.most = most
    capacity._history_user = by
    capacity.save()


@transaction.atomic
def set_capacities(cohort: Cohort, chosen: Mapping[Supervisor, int], *, by: User, now: datetime) -> list[ProfileChange]:
    """How many municipalities each takes in a cohort. Return the changes; who has what is chosen already is in none."""
    found = [
        change(supervisor, facts={CAPACITY: {cohort: most}}, by=by, now=now) for supervisor, most in chosen.items()
    ]
    return [each for each in found if each]


@transaction.atomic
def take_leave(supervisor: Supervisor, *, first_on: date, last_on: date | None, by: User, now: datetime) -> Leave:
    """Raises ValidationError when it overlaps another leave of the same person."""
    Supervisor.objects.select_for_update(of=("self",)).get(pk=supervisor.pk)
    others = supervisor.leaves.filter(models.Q(last_on__isnull=True) | models.Q(last_on__gte=first_on))
    if last_on:
        others = others.filter(first_on__lte=last_on)
    if others.exists():
        raise ValidationError(_("Det er allerede registrert permisjon i denne tida. Fjern den først."), code="overlaps")
    leave = Leave(supervisor=supervisor, first_on=first_on, last_on=last_on)
    leave._history_user = by
    leave.save()
    _remember(supervisor, [["leave", None, _span(leave)]], by=by, now=now)
    return leave


@transaction.atomic
def drop_leave(leave: Leave, *, by: User, now: datetime) -> None:
    """It was a mistake, or comes to nothing."""
    _remember(leave.supervisor, [["leave", _span(leave), None]], by=by, now=now)
    leave._history_user = by
    leave.delete()


@transaction.atomic
def end(supervisor: Supervisor, *, ended_on: date, by: User, now: datetime) -> ProfileChange:
    """Let a person be no supervisor from a day on. They get no municipalities in the cohorts that go on.

    Raises ValidationError with the code "guides" while they are in a group: somebody is to take over there first.
    """
    stored = Supervisor.objects.select_for_update(of=("self",)).get(pk=supervisor.pk)
    if guides(stored, today=timezone.localdate(now)).exists():
        raise ValidationError(_("Personen er i en veiledergruppe. La en annen overta der først."), code="guides")
    before = stored.ended_on.isoformat() if stored.ended_on else None
    said: list[list[Any]] = [["ended_on", before, ended_on.isoformat()]]
    running = Cohort.objects.going_on(today=timezone.localdate(now))
    for capacity in Capacity.objects.filter(supervisor=stored, cohort__in=running, most__gt=0).select_related("cohort"):
        said.append([f"{CAPACITY}:{capacity.cohort.number}", capacity.most, 0])
        _set_capacity(stored, capacity.cohort, 0, by=by)
    stored.ended_on = ended_on
    stored._history_user = by
    stored.save(update_fields=["ended_on"])
    return _remember(stored, said, by=by, now=now)


def guides(supervisor: Supervisor, *, today: date) -> models.QuerySet[GroupMember]:
    """Where the person guides now, in the cohorts that go on."""
    return (
        GroupMember.objects.current()
        .filter(
            supervisor=supervisor,
            group__participation__withdrawn_at__isnull=True,
            group__participation__cohort__in=Cohort.objects.going_on(today=today),
        )
        .select_related("group__participation__municipality__county", "group__participation__cohort")
        .order_by("group__participation__cohort__number", "group__participation__municipality__name", "pk")
    )


@transaction.atomic
def begin_to_lead(leader: ProjectLeader, *, by: User, now: datetime) -> None:
    """Store who gave a project leader the access, and when: all project leaders are told."""
    leader.added_at, leader.added_by = now, by
    leader._history_user = by
    leader.save()


def _span(leave: Leave) -> list[str | None]:
    return [leave.first_on.isoformat(), leave.last_on.isoformat() if leave.last_on else None]


def _remember(supervisor: Supervisor, said: list[list[Any]], *, by: User, now: datetime) -> ProfileChange:
    return ProfileChange.objects.create(supervisor=supervisor, changed_at=now, changed_by=by, facts=said)
